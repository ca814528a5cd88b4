"""Rows of a table without level lines whose columns are known: which printed lines are of one row.

A text goes on in the next line where it fills its cell and the next line is as near as lines of one text are. All
cells of a row have their texts at one height: in the middle, or at the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from budgetgraph.converter.readers.pdf.chunks import Chunk

#: A line is full when this part of its height more does not find its place in it.
FULL = 1.1
#: Lines of one text are no further apart than this many times their usual distance.
SAME_PITCH = 1.1
#: Texts of one row stand at one height, to this part of their height.
SAME_HEIGHT = 0.3
#: Lines of one text have less than this part of their height between them.
WRAPPED = 1.0


@dataclass(slots=True)
class _Text:
    """The lines of one cell, by the numbers of the lines of the table."""

    lines: list[int]
    chunks: list[Chunk]

    @property
    def top(self) -> float:
        return _level(self.chunks[0])

    @property
    def middle(self) -> float:
        return (_level(self.chunks[0]) + _level(self.chunks[-1])) / 2


def _level(chunk: Chunk) -> float:
    return (chunk.top + chunk.bottom) / 2


def rows_of(
    lines: Sequence[Sequence[tuple[int, Chunk]]],
    edges: Sequence[tuple[float, float]],
    padding: float,
    pitch: float | None,
) -> list[list[int]] | None:
    """Return the numbers of the lines of each row, or None where the print does not tell them.

    lines    the texts of each line with their columns
    edges    left and right of each column, padding: the blank at both sides in it, in points
    pitch    the distance of two lines of one text, where it is known
    """
    by_column: dict[int, list[_Text]] = {}
    for number, line in enumerate(lines):
        for column, chunk in line:
            texts = by_column.setdefault(column, [])
            if texts and texts[-1].lines[-1] == number:
                texts[-1].chunks[-1] = replace(texts[-1].chunks[-1], right=chunk.right)
            else:
                texts.append(_Text([number], [chunk]))
    near: list[tuple[float, bool]] = []  # how far lines of one column are apart, and whether the upper one is full
    for column, texts in by_column.items():
        room = edges[column][1] - edges[column][0] - 2 * padding
        near += [(b.top - a.top, _is_full(a, room)) for a, b in pairwise(texts) if _is_near(a, b)]
    if pitch is None:
        pitch = min((distance for distance, is_full in near if is_full), default=0.0)
        if pitch >= _step(lines) - SAME_HEIGHT:
            return [[number] for number in range(len(lines))]  # as far apart as rows are: no text goes on
    if any(distance <= SAME_PITCH * pitch and not is_full for distance, is_full in near):
        return None
    cells: list[_Text] = []
    for texts in by_column.values():
        for before, text in pairwise([None, *texts]):
            if before and text and _is_near(before, text) and text.top - before.top <= SAME_PITCH * pitch:
                cells[-1].lines += text.lines
                cells[-1].chunks += text.chunks
            elif text:
                cells.append(_Text(list(text.lines), list(text.chunks)))
    found = [rows for edge in ("middle", "top") if (rows := _grouped(cells, edge, len(lines))) is not None]
    return min(found, key=len, default=None)


def _is_near(above: _Text, below: _Text) -> bool:
    a, b = above.chunks[-1], below.chunks[0]
    return b.top - a.bottom < WRAPPED * a.height


def _is_full(text: _Text, room: float) -> bool:
    chunk = text.chunks[-1]
    return room - (chunk.right - chunk.left) < FULL * chunk.height


def _step(lines: Sequence[Sequence[tuple[int, Chunk]]]) -> float:
    tops = [line[0][1].top for line in lines if any(chunk.is_number for _, chunk in line)]
    return min((b - a for a, b in pairwise(tops)), default=inf)


def _grouped(cells: Sequence[_Text], edge: str, count: int) -> list[list[int]] | None:
    """Return the lines of each row when the cells of a row share their middle or top, or None when they do not."""
    order = sorted(cells, key=lambda cell: getattr(cell, edge))
    groups: list[list[_Text]] = []
    for cell in order:
        slack = SAME_HEIGHT * cell.chunks[0].height
        if groups and getattr(cell, edge) - getattr(groups[-1][-1], edge) <= slack:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    of_line: dict[int, int] = {}
    for number, group in enumerate(groups):
        for line in (line for cell in group for line in cell.lines):
            if of_line.setdefault(line, number) != number:
                return None
    rows = [of_line[line] for line in range(count)]
    if rows != sorted(rows):
        return None
    return [[line for line in range(count) if rows[line] == number] for number in range(len(groups))]
