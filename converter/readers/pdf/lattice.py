"""A net of ruled lines -> slots -> cells with spans.

The net's lines cut its area into rows and columns of slots; slots between which no line runs are one cell.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf.geometry import Box
from budgetgraph.converter.readers.pdf.objects import Rule
from budgetgraph.converter.readers.pdf.rules import SNAP, Net

#: A line that runs along this part of a slot's side closes it.
CLOSES = 0.6
#: Level lines that reach this far, in points, beyond the outermost upright one have an open column there.
OPEN_SIDE = 12.0
#: The most slots of one page's table.
MAXIMUM_SLOTS = 200_000
#: How sure the borders of a cell are that an incomplete line leaves open.
IRREGULAR = 0.8


@dataclass(slots=True, eq=False)  # areas are keys of dictionaries, each by itself; made often, so not frozen
class Area:
    """A cell of the lattice: first row and column, spans, and how sure its borders are."""

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    confidence: float = 1.0


class Lattice(NamedTuple):
    """Rows and columns by their borders, and the cells they are cut into."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    areas: tuple[Area, ...]

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return len(self.xs) - 1

    @property
    def box(self) -> Box:
        """Return the box around the lattice."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def area_box(self, area: Area) -> Box:
        """Return the box of one cell."""
        return (
            self.xs[area.column],
            self.ys[area.row],
            self.xs[area.column + area.colspan],
            self.ys[area.row + area.rowspan],
        )

    def slot_box(self, row: int, column: int) -> Box:
        """Return the box of one slot."""
        return self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1]

    def row(self, y: float) -> int:
        """Return the row at a height; beyond the outermost borders the one beside them."""
        return bisect_right(self.ys, y, 1, len(self.ys) - 1) - 1

    def column(self, x: float) -> int:
        """Return the column at a place; beyond the outermost borders the one beside them."""
        return bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1

    def rounded(self) -> "Lattice":
        """Return the lattice in hundredths of a point, as locators give places."""
        return Lattice(tuple(round(x, 2) for x in self.xs), tuple(round(y, 2) for y in self.ys), self.areas)


def _distinct(positions: list[float]) -> list[float]:
    result: list[float] = []
    for position in sorted(positions):
        if not result or position - result[-1] > SNAP:
            result.append(position)
    return result


def _open_sides(net: Net, xs: list[float]) -> list[float]:
    """Return where level lines end outside the outermost upright ones: borders that are not drawn."""
    left = [start for _, start, _ in net.level if xs[0] - start >= OPEN_SIDE]
    right = [end for _, _, end in net.level if end - xs[-1] >= OPEN_SIDE]
    return [
        sum(ends) / len(ends)
        for ends in (left, right)
        if len(ends) >= 2 and len(ends) * 2 > len(net.level) and max(ends) - min(ends) <= 2 * SNAP
    ]


def _closed(rules: tuple[Rule, ...], across: list[float], along: list[float]) -> list[list[bool]]:
    """Return for each border position and each band along it whether a line closes the band there."""
    result = [[False] * (len(along) - 1) for _ in across]
    for position, start, end in rules:
        # Positions are distinct by more than SNAP, and each line's own is among them or a little before it.
        border = result[max(0, bisect_right(across, position) - 1)]
        for band in range(max(0, bisect_right(along, start) - 1), len(along) - 1):
            low, high = along[band], along[band + 1]
            if low >= end:
                break
            if (start <= low and high <= end) or min(high, end) - max(low, start) >= CLOSES * (high - low):
                border[band] = True
    return result


def lattice(net: Net, where: str) -> Lattice | None:
    """Return the lattice of a net; None when it has but one cell (a frame). Raises SourceError beyond the limit."""
    xs = _distinct([x for x, _, _ in net.upright])
    ys = _distinct([y for y, _, _ in net.level])
    sides = _open_sides(net, xs)
    xs = _distinct(xs + sides)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns == 1:
        return None
    if rows * columns > MAXIMUM_SLOTS:
        raise SourceError(
            f"{where}: a table of {rows} x {columns} cells; at most {MAXIMUM_SLOTS} are read. Split the file."
        )
    upright = _closed(net.upright, xs, ys)
    level = _closed(net.level, ys, xs)
    return Lattice(tuple(xs), tuple(ys), tuple(_areas(rows, columns, upright, level)))


def _areas(rows: int, columns: int, upright: list[list[bool]], level: list[list[bool]]) -> list[Area]:
    """Return the cells: in each row the stretches that no upright line cuts, joined downwards where equal."""
    region = _regions(rows, columns, upright, level)
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for row in range(rows):
        start = 0
        for column in range(1, columns + 1):
            if column == columns or upright[column][row]:
                stretches.setdefault(region[row * columns + start], []).append((row, start, column))
                start = column
    result = []
    for parts in stretches.values():
        if len(parts) == 1:
            ((row, start, end),) = parts
            result.append(Area(row, start, 1, end - start))
            continue
        merged: list[list[int]] = []
        growing: dict[tuple[int, int], list[int]] = {}
        for row, start, end in parts:
            above = growing.get((start, end))
            if above is not None and above[1] == row and not any(level[row][start:end]):
                above[1] = row + 1
            else:
                growing[start, end] = area = [row, row + 1, start, end]
                merged.append(area)
        sure = 1.0 if len(merged) == 1 else IRREGULAR
        result += [Area(top, left, bottom - top, right - left, sure) for top, bottom, left, right in merged]
    result.sort(key=lambda area: (area.row, area.column))
    return result


def _regions(rows: int, columns: int, upright: list[list[bool]], level: list[list[bool]]) -> list[int]:
    """Return for each slot, row by row, the number of the region of slots that no line parts from it."""
    parents = list(range(rows * columns))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for column, closed in enumerate(upright[1:-1]):
        for row in range(rows):
            if not closed[row]:
                here = row * columns + column
                parents[root(here + 1)] = root(here)
    for row, closed in enumerate(level[1:-1]):
        for column in range(columns):
            if not closed[column]:
                here = row * columns + column
                parents[root(here + columns)] = root(here)
    return [parent if parent == index else root(index) for index, parent in enumerate(parents)]
