"""Borders that a table's print leaves out, found again from how its numbers are aligned.

Some tables draw no upright line in their total row, or no level lines between their rows at all. A cell that would
hold the texts of several columns or rows is cut where the print leaves no doubt; the parts say that their borders
are inferred.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from budgetgraph.converter.readers.pdf.chunks import ALIGNED, Chunk, chunks_of, is_number
from budgetgraph.converter.readers.pdf.lattice import Area, Lattice
from budgetgraph.converter.readers.pdf.lines import Line

#: How sure an inferred border is.
INFERRED = 0.8
#: Lines of one row differ in height on the page by no more than this part of their own height.
SAME_ROW = 0.4

#: The margins of a cell, both together, in points, and the width of a digit as part of its line's height.
MARGINS, DIGIT = 12.0, 0.6

Lines = Mapping[Area, list[Line]]


def _number_of(lines: list[Line]) -> Chunk | None:
    """Return the number of a cell that holds just one."""
    if len(lines) != 1:
        return None
    chunks = chunks_of(lines[0])
    return chunks[0] if len(chunks) == 1 and chunks[0].is_number else None


def _agrees(chunk: Chunk, numbers: list[Chunk]) -> bool:
    """Tell whether a number is aligned with the other numbers of a column."""
    edges = ("right", "middle", "left")
    near = (abs(getattr(chunk, edge) - getattr(n, edge)) <= ALIGNED for edge in edges for n in numbers)
    return any(near)


def _column_cuts(line: Line, lattice: Lattice, numbers: list[list[Chunk]]) -> list[int]:
    """Return the borders (as column indices) at which a cell of one line is to be cut; none when in doubt.

    Every chunk but the first, which may be a label over several columns, stands within a column of its own, and
    each number is aligned with others of its column.
    """
    chunks = chunks_of(line)
    columns = [lattice.column(chunk.middle) for chunk in chunks]
    if len(chunks) < 2 or len(set(columns)) < len(columns):
        return []
    placed = list(zip(chunks, columns, strict=True))
    if any(c.left < lattice.xs[i] or c.right > lattice.xs[i + 1] for c, i in placed[1:]):
        return []
    if any(before.right > lattice.xs[i] for before, i in zip(chunks, columns[1:], strict=False)):
        return []
    found = [(chunk, column) for chunk, column in placed if chunk.is_number]
    if not found or not all(_agrees(chunk, numbers[column]) for chunk, column in found):
        return []
    return columns[1:]


def _cut_columns(lattice: Lattice, lines: Lines) -> list[Area] | None:
    """Return the cells with missing upright borders put back; None when none is missing."""
    wide = [a for a in lattice.areas if a.colspan > 1 and a.rowspan == 1 and len(lines[a]) == 1]
    if not any(len(chunks_of(lines[area][0])) > 1 for area in wide):
        return None
    numbers: list[list[Chunk]] = [[] for _ in range(lattice.columns)]
    for area in lattice.areas:
        if area.colspan == 1 and (number := _number_of(lines[area])) is not None:
            numbers[area.column].append(number)
    cuts = {area: _column_cuts(lines[area][0], lattice, numbers) for area in wide}
    if not any(cuts.values()):
        return None
    result = []
    for area in lattice.areas:
        starts = [area.column, *cuts.get(area, [])]
        ends = [*starts[1:], area.column + area.colspan]
        sure = area.confidence if len(starts) == 1 else min(area.confidence, INFERRED)
        for start, end in zip(starts, ends, strict=True):
            result.append(replace(area, column=start, colspan=end - start, confidence=sure))
    return result


def _row_cuts(areas: list[Area], lines: Lines, lattice: Lattice) -> list[float]:
    """Return where level lines are missing in a row: between the numbers that stand below each other.

    All lines of all cells must stand on the lines of the column with the most numbers, and none may be a number
    that a narrow column has broken.
    """
    if sum(len(lines[area]) > 1 for area in areas) < 2 or any(_is_broken(a, lines[a], lattice) for a in areas):
        return []
    columns = []
    for area in areas:
        numbers = [chunks_of(line) for line in lines[area]] if len(lines[area]) > 1 else []
        if numbers and all(len(n) == 1 and n[0].is_number for n in numbers):
            columns.append(lines[area])
    if not columns:
        return []
    anchors = max(columns, key=len)
    for area in areas:
        for line in lines[area]:
            at = (line.top + line.bottom) / 2
            if not any(abs(at - (a.top + a.bottom) / 2) <= SAME_ROW * a.height for a in anchors):
                return []
    return [(a.bottom + b.top) / 2 for a, b in pairwise(anchors)]


def _is_broken(area: Area, lines: list[Line], lattice: Lattice) -> bool:
    """Tell whether a number may have been broken for want of room: 480,900.0 and 0, where both lines are one number."""
    width = lattice.xs[area.column + area.colspan] - lattice.xs[area.column]
    return any(
        width - (above.right - above.left) <= MARGINS + DIGIT * above.height and is_number(above.text + below.text)
        for above, below in pairwise(lines)
    )


def _cut_rows(lattice: Lattice, lines: Lines) -> Lattice | None:
    """Return the lattice with missing level lines put back; None when none is missing."""
    cuts: dict[int, list[float]] = {}
    by_row: list[list[Area]] = [[] for _ in range(lattice.rows)]
    for area in lattice.areas:
        for row in range(area.row, area.row + area.rowspan):
            by_row[row].append(area)
    for row, areas in enumerate(by_row):
        if all(area.rowspan == 1 for area in areas) and (found := _row_cuts(areas, lines, lattice)):
            cuts[row] = found
    if not cuts:
        return None
    shift, firsts, ys = 0, [], []
    for row in range(lattice.rows):
        firsts.append(row + shift)
        ys += [lattice.ys[row], *cuts.get(row, [])]
        shift += len(cuts.get(row, []))
    firsts.append(lattice.rows + shift)
    cut: list[Area] = []
    for area in lattice.areas:
        first, end = firsts[area.row], firsts[area.row + area.rowspan]
        if area.row in cuts:
            cut += [replace(area, row=row, confidence=INFERRED) for row in range(first, end)]
        else:
            cut.append(replace(area, row=first, rowspan=end - first))
    cut.sort(key=lambda area: (area.row, area.column))
    return Lattice(lattice.xs, (*ys, lattice.ys[-1]), tuple(cut))


def mended(lattice: Lattice, lines: Lines) -> Lattice | None:
    """Return the lattice with the borders put back that its print leaves out; None when nothing is missing."""
    areas = _cut_columns(lattice, lines)
    if areas is not None:
        return lattice._replace(areas=tuple(areas))
    return _cut_rows(lattice, lines)
