"""Lattice and runs -> table: which characters stand in which cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.readers.pdf.chunks import is_number
from budgetgraph.converter.readers.pdf.geometry import Box
from budgetgraph.converter.readers.pdf.lattice import Area, Lattice
from budgetgraph.converter.readers.pdf.lines import Line, is_wide, join, lines_of
from budgetgraph.converter.readers.pdf.mending import mended
from budgetgraph.converter.readers.pdf.page import Run

#: A character may reach over a border by this part of its height and still belong to its side of it.
OVERHANG = 0.2
#: Characters on both sides of a border with less than this part of their height between them are one word that
#: runs over the border ...
TOUCHING = 0.05
#: ... and digits need more, lest a number be cut.
TOUCHING_DIGITS = 0.2
#: How sure the place of a text is that runs over its cell's border.
OVERRUN = 0.9
#: How sure a number is that the width of its cell breaks over several lines: the table's sums have to agree.
BROKEN = 0.9
#: As many rows at a table's head may be repeated on the next page.
HEAD_ROWS = 8

_NUMERAL = frozenset("0123456789.,-%")


@dataclass(frozen=True, slots=True)
class Table:
    """A grid with the borders of its columns and rows, outermost included.

    heads  for each of the first rows: column -> width of the first character in the cell
    tail   for the last row: column -> what the last line of the cell leaves free of the cell's width
    glued  cells in which an amount stands so near a label that its column is not known
    bare   for a table without lines and header: from where to where the texts of each column stand
    """

    grid: Grid
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    heads: tuple[dict[int, float], ...] = ()
    tail: dict[int, float] | None = None
    glued: tuple[Cell, ...] = ()
    bare: tuple[tuple[float, float], ...] = ()

    @property
    def box(self) -> Box:
        """Return the box around the table."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def cut(run: Run, borders: Sequence[float]) -> list[Run]:
    """Return the parts of an upright run between the upright borders that it crosses.

    A border cuts between two characters only, where there is a gap; a word or number that is printed over a border
    stays whole.
    """
    if run.turn or not borders:
        return [run]
    reach = OVERHANG * run.height
    low, high = bisect_right(borders, run.left + reach), bisect_left(borders, run.right - reach)
    if low >= high:
        return [run]
    places = sorted({place for border in borders[low:high] if (place := _cut_place(run, border))})
    parts = []
    for start, end in zip([0, *places], [*places, len(run.text)], strict=True):
        text, starts, ends = run.text[start:end], run.starts[start:end], run.ends[start:end]
        if not text.isspace():
            box = starts[0], run.top, ends[-1], run.bottom
            parts.append(Run(text, *box, starts, ends, confidence=run.confidence))
    return parts


def _cut_place(run: Run, border: float) -> int | None:
    """Return before which character a border cuts a run, or None when the run stays whole there."""
    reach = OVERHANG * run.height
    index = next((i for i, right in enumerate(run.ends) if right > border), len(run.ends))
    for place in (index, index + 1):  # the border may lie in the margin of a character's box
        if not 0 < place < len(run.text):
            continue
        before, after = run.ends[place - 1], run.starts[place]
        a, b = run.text[place - 1], run.text[place]
        digits = a in _NUMERAL and b in _NUMERAL
        apart = after - before >= (TOUCHING_DIGITS if digits else TOUCHING) * run.height
        if before - reach <= border <= after + reach and (apart or a.isspace() or b.isspace()):
            return place
    return None


def middle(run: Run) -> tuple[float, float]:
    """Return the point by which a run belongs to a cell: the middle of its ink, without outer spaces."""
    y = (run.top + run.bottom) / 2
    if run.turn:
        return (run.left + run.right) / 2, y
    text, first, last = run.text, 0, -1
    if text[0].isspace() or text[-1].isspace():
        first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    return (run.starts[first] + run.ends[last]) / 2, y


def fill(lattice: Lattice, runs: Iterable[Run]) -> dict[Area, list[Run]]:
    """Return the runs of each cell."""
    areas: list[list[Area]] = [[lattice.areas[0]] * lattice.columns for _ in range(lattice.rows)]
    for area in lattice.areas:
        for slots in areas[area.row : area.row + area.rowspan]:
            slots[area.column : area.column + area.colspan] = [area] * area.colspan
    borders = [[x for x, a, b in zip(lattice.xs[1:], row, row[1:], strict=False) if a is not b] for row in areas]
    filled: dict[Area, list[Run]] = {area: [] for area in lattice.areas}
    for run in runs:
        row = lattice.row((run.top + run.bottom) / 2)  # the parts of a run stand where it stands
        for part in cut(run, borders[row]):
            filled[areas[row][lattice.column(middle(part)[0])]].append(part)
    return filled


def _lines(lattice: Lattice, runs: Iterable[Run]) -> dict[Area, list[Line]]:
    """Return the lines of each cell."""
    return {area: lines_of(inside) if inside else [] for area, inside in fill(lattice, runs).items()}


def _padding(lattice: Lattice, lines: dict[Area, list[Line]]) -> float:
    """Return how much of a cell's width its text leaves free on both sides together, as the table prints it.

    A line of one wide character alone may reach into the margins: there is no narrower line.
    """
    left, right, xs = [], [], lattice.xs
    for area, lines_of_cell in lines.items():
        printed = [line for line in lines_of_cell if len(line.text) > 1 or not is_wide(line.text)]
        if not printed:
            continue
        start, end = xs[area.column], xs[area.column + area.colspan]
        left += [line.left - start for line in printed]
        right += [end - line.right for line in printed]
    return max(0.0, min(left, default=0.0)) + max(0.0, min(right, default=0.0))


def _over(left: float, right: float, lines: list[Line]) -> bool:
    """Tell whether a line reaches over the sides of its cell."""
    for line in lines:
        reach = OVERHANG * (line.bottom - line.top)
        if line.left < left - reach or line.right > right + reach:
            return True
    return False


def _aligned(lines: list[Line]) -> bool:
    """Tell whether lines end below each other, or have one middle, as those of a broken number do."""
    first = lines[0]
    reach = OVERHANG * (first.bottom - first.top)
    return all(
        abs(line.right - first.right) <= reach or abs(line.left + line.right - first.left - first.right) <= 2 * reach
        for line in lines[1:]
    )


def _begin_alike(area: Area, lattice: Lattice, lines: dict[Area, list[Line]]) -> bool:
    """Tell whether all numbers of a column begin below each other, as those of a cell that is broken do."""
    column = [a for a in lattice.areas if (a.column, a.colspan) == (area.column, area.colspan)]
    printed = [line for a in column for line in lines[a] if _NUMERAL.issuperset(line.text)]
    return max(line.left for line in printed) - min(line.left for line in printed) <= OVERHANG * printed[0].height


def table_of(lattice: Lattice, runs: Iterable[Run], page: int) -> Table:
    """Return the table of a lattice with the text of its cells."""
    runs = list(runs)
    lines = _lines(lattice, runs)
    while (better := mended(lattice, lines)) is not None:
        lattice = better
        lines = _lines(lattice, runs)
    padding, places = _padding(lattice, lines), lattice.rounded()
    rows: list[list[Cell | None]] = [[None] * lattice.columns for _ in range(lattice.rows)]
    heads: list[dict[int, float]] = [{} for _ in range(min(HEAD_ROWS, lattice.rows))]
    tail: dict[int, float] = {}
    height = lattice.rows
    for area in lattice.areas:
        printed, row, column, text, sure = lines[area], area.row, area.column, "", area.confidence
        if printed:
            start, end = lattice.xs[column], lattice.xs[column + area.colspan]
            room = end - start - padding
            text = join(printed, room)
            sure = min(sure, OVERRUN) if _over(start, end, printed) else sure
            if len(printed) > 1 and is_number(text):
                belong = _aligned(printed) or _begin_alike(area, lattice, lines)
                text, sure = (text, min(sure, BROKEN)) if belong else (join(printed), sure)
            for line in printed:
                sure = min(sure, line.confidence)
            if row < HEAD_ROWS:
                first = printed[0].runs[0]
                heads[row][column] = first.ends[0] - first.starts[0]
            if row + area.rowspan == height:
                tail[column] = room - (printed[-1].right - printed[-1].left)
        place = Locator(None, None, None, None, page, places.area_box(area))
        rows[row][column] = Cell(text, row, column, area.rowspan, area.colspan, place, sure)
    whole = tuple(
        tuple(
            cell or Cell("", r, c, locator=Locator(page=page, box=places.slot_box(r, c))) for c, cell in enumerate(row)
        )
        for r, row in enumerate(rows)
    )
    grid = Grid(whole, Locator(page=page, box=places.box))
    return Table(grid, lattice.xs, lattice.ys, tuple(heads), tail)
