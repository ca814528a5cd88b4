"""The header of a table without ruled lines: which words are one name, and over which columns it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.readers.pdf.chunks import ALIGNED, Chunk
from budgetgraph.converter.readers.pdf.columns import Column, Row, place
from budgetgraph.converter.readers.pdf.lines import is_wide

#: Lines of one name have less than this part of their height between them.
WRAPPED = 0.6
#: Words stand below each other when they share this part of the narrower one's width.
BELOW = 0.5


@dataclass(slots=True, eq=False)
class Name:
    """A column's name, or the name over several columns, in one or more printed lines."""

    chunks: list[Chunk]
    columns: list[int] = field(default_factory=list)
    row: int = 0
    rowspan: int = 1

    @property
    def left(self) -> float:
        """Return the left edge."""
        return min(chunk.left for chunk in self.chunks)

    @property
    def right(self) -> float:
        """Return the right edge."""
        return max(chunk.right for chunk in self.chunks)

    @property
    def top(self) -> float:
        """Return the upper edge."""
        return self.chunks[0].top

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.chunks[-1].bottom

    @property
    def middle(self) -> float:
        """Return the middle between left and right edge."""
        return (self.left + self.right) / 2

    @property
    def text(self) -> str:
        """Return the printed text."""
        return text_of(self.chunks)


def text_of(chunks: Sequence[Chunk]) -> str:
    """Return the chunks of one cell as one text, lines joined as in ruled cells."""
    text = ""
    for chunk in chunks:
        direct = not text or is_wide(text[-1]) or is_wide(chunk.text[0])
        text += chunk.text if direct else "\n" + chunk.text
    return text


def _names(lines: Sequence[Row]) -> list[Name]:
    """Return the names, lines that follow each other closely as one."""
    names: list[Name] = []
    for line in lines:
        begun = len(names)
        for chunk in line:
            above = [name for name in names[:begun] if _goes_on(name, chunk)]
            rivals = [other for other in line if other is not chunk and above and _goes_on(above[-1], other)]
            if len(above) == 1 and not rivals:
                above[0].chunks.append(chunk)
            else:
                names.append(Name([chunk]))
    return names


def _goes_on(name: Name, chunk: Chunk) -> bool:
    shared = min(name.right, chunk.right) - max(name.left, chunk.left)
    narrower = min(name.right - name.left, chunk.right - chunk.left)
    gap = chunk.top - name.bottom
    return gap < WRAPPED * chunk.height and shared >= BELOW * narrower and chunk.top > name.chunks[-1].top


def _touched(name: Name, columns: Sequence[Column]) -> list[int]:
    """Return the columns below a name, at least the nearest."""
    touched = [
        index
        for index, (left, right) in enumerate(columns)
        if min(name.right, right) - max(name.left, left) >= BELOW * min(right - left, name.right - name.left)
    ]
    if touched:
        return touched
    distance = [max(left - name.right, name.left - right) for left, right in columns]
    return [distance.index(min(distance))]


def _range(name: Name, touched: list[int], leaves: Sequence[Name | None], columns: Sequence[Column]) -> list[int]:
    """Return the columns over which an upper name is centred: all named below it, and in one piece."""

    def edges(index: int) -> Column:
        leaf = leaves[index]
        left, right = columns[index]
        return (min(left, leaf.left), max(right, leaf.right)) if leaf else (left, right)

    def below(index: int) -> bool:
        leaf = leaves[index]
        return leaf is not None and leaf.top >= name.bottom - ALIGNED

    best: tuple[float, int, int] | None = None
    for first in range(touched[0], -1, -1):
        if not below(first):
            break
        for last in range(touched[-1], len(columns)):
            if not below(last):
                break
            off = abs((edges(first)[0] + edges(last)[1]) / 2 - name.middle)
            if best is None or off < best[0] - ALIGNED:
                best = (off, first, last)
    return list(range(best[1], best[2] + 1)) if best else touched


def _assign(names: Sequence[Name], columns: Sequence[Column]) -> bool:
    """Give each name its columns, from the lowest up. Return False when a column has two names side by side."""
    leaves: list[Name | None] = [None] * len(columns)
    for name in sorted(names, key=lambda n: -n.bottom):
        touched = _touched(name, columns)
        free = [index for index in touched if leaves[index] is None]
        if free:
            name.columns = list(range(free[0], free[-1] + 1))
            if any(leaves[index] is not None for index in name.columns):
                return False
            for index in name.columns:
                leaves[index] = name
        else:
            name.columns = _range(name, touched, leaves, columns)
    return True


def _level(names: Sequence[Name], count: int) -> int | None:
    """Give each name its row and rowspan; return the number of rows, or None when names collide."""
    stacks = [sorted((n for n in names if column in n.columns), key=lambda n: n.top) for column in range(count)]
    depth = max(map(len, stacks), default=0)
    for name in names:
        rows = {stacks[column].index(name) for column in name.columns}
        if len(rows) != 1:
            return None
        name.row = rows.pop()
        last = all(stacks[column][-1] is name for column in name.columns)
        if not last and any(stacks[column][-1] is name for column in name.columns):
            return None
        name.rowspan = depth - name.row if last else 1
    return depth


def heading(lines: Sequence[Row], columns: Sequence[Column]) -> tuple[list[Name], int]:
    """Return the names of a header with their columns and rows, and the number of its rows.

    Where the print does not tell how names stand over each other, each line is a row of its own.
    """
    names = _names(lines)
    if _assign(names, columns):
        depth = _level(names, len(columns))
        if depth is not None:
            return names, depth
    plain: list[Name] = []
    for row, line in enumerate(lines):
        placed: dict[int, Name] = {}
        for column, chunk in zip(place(line, columns), line, strict=True):
            placed.setdefault(column, Name([], [column], row)).chunks.append(chunk)
        plain += placed.values()
    return plain, len(lines)
