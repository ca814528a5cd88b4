"""Lattice and runs -> grid: which characters stand in which cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.readers.pdf.geometry import Box, rounded
from budgetgraph.converter.readers.pdf.lattice import Area, Lattice
from budgetgraph.converter.readers.pdf.lines import Line, join, lines_of
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

_NUMERAL = frozenset("0123456789.,-%")


def cut(run: Run, borders: Sequence[float]) -> list[Run]:
    """Return the parts of an upright run between the upright borders that it crosses.

    A border cuts between two characters only, where there is a gap; a word or number that is printed over a border
    stays whole.
    """
    if run.turn or not borders:
        return [run]
    low = bisect_right(borders, run.left + OVERHANG * run.height)
    high = bisect_left(borders, run.right - OVERHANG * run.height)
    if low >= high:
        return [run]
    size = run.height
    at = []
    for border in borders[low:high]:
        index = next((i for i, (_, right) in enumerate(run.edges) if right > border), len(run.edges))
        # The border may lie in a character's margin: look at the gap before and the gap behind it.
        for place in (index, index + 1):
            if not 0 < place < len(run.edges):
                continue
            before, after = run.edges[place - 1][1], run.edges[place][0]
            a, b = run.text[place - 1], run.text[place]
            blank = a.isspace() or b.isspace()
            need = TOUCHING_DIGITS if a in _NUMERAL and b in _NUMERAL else TOUCHING
            near = before - OVERHANG * size <= border <= after + OVERHANG * size
            if near and (blank or after - before >= need * size):
                at.append(place)
                break
    parts, start = [], 0
    for end in [*sorted(set(at)), len(run.edges)]:
        edges = run.edges[start:end]
        text = run.text[start:end]
        if not text.isspace():
            parts.append(Run(text, edges[0][0], run.top, edges[-1][1], run.bottom, edges))
        start = end
    return parts


def middle(run: Run) -> tuple[float, float]:
    """Return the point by which a run belongs to a cell: the middle of its ink, without outer spaces."""
    if run.turn:
        return (run.left + run.right) / 2, (run.top + run.bottom) / 2
    first = len(run.text) - len(run.text.lstrip())
    last = len(run.text.rstrip()) - 1
    return (run.edges[first][0] + run.edges[last][1]) / 2, (run.top + run.bottom) / 2


def fill(lattice: Lattice, runs: Iterable[Run]) -> dict[Area, list[Run]]:
    """Return the runs of each cell."""
    areas = {
        (row, column): area
        for area in lattice.areas
        for row in range(area.row, area.row + area.rowspan)
        for column in range(area.column, area.column + area.colspan)
    }
    filled: dict[Area, list[Run]] = {area: [] for area in lattice.areas}
    for run in runs:
        row = lattice.slot(run.left, (run.top + run.bottom) / 2)[0]
        borders = [
            lattice.xs[column]
            for column in range(1, len(lattice.xs) - 1)
            if areas[row, column - 1] is not areas[row, column]
        ]
        for part in cut(run, borders):
            filled[areas[lattice.slot(*middle(part))]].append(part)
    return filled


def _padding(lattice: Lattice, lines: dict[Area, list[Line]]) -> float:
    """Return how much of a cell's width its text leaves free on both sides together, as the table prints it."""
    left, right = [], []
    for area, printed in lines.items():
        box = lattice.area_box(area)
        for line in printed:
            left.append(line.left - box[0])
            right.append(box[2] - line.right)
    return max(0.0, min(left, default=0.0)) + max(0.0, min(right, default=0.0))


def _over(box: Box, lines: list[Line]) -> bool:
    return any(
        line.left < box[0] - OVERHANG * line.height or line.right > box[2] + OVERHANG * line.height for line in lines
    )


def grid_of(lattice: Lattice, runs: Iterable[Run], page: int) -> Grid:
    """Return the grid of a lattice with the text of its cells."""
    lines = {area: lines_of(inside) for area, inside in fill(lattice, runs).items()}
    padding = _padding(lattice, lines)
    columns = len(lattice.xs) - 1
    rows = [
        [
            Cell("", row, column, locator=Locator(page=page, box=rounded(lattice.slot_box(row, column))))
            for column in range(columns)
        ]
        for row in range(len(lattice.ys) - 1)
    ]
    for area in lattice.areas:
        box = lattice.area_box(area)
        text = join(lines[area], box[2] - box[0] - padding)
        confidence = min(area.confidence, OVERRUN) if _over(box, lines[area]) else area.confidence
        rows[area.row][area.column] = Cell(
            text,
            area.row,
            area.column,
            area.rowspan,
            area.colspan,
            Locator(page=page, box=rounded(box)),
            confidence,
        )
    return Grid(tuple(map(tuple, rows)), Locator(page=page, box=rounded(lattice.box)))
