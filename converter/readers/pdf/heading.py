"""The header of a table without ruled lines: which words are one name, and over which columns it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from budgetgraph.converter.readers.pdf.chunks import ALIGNED, Chunk
from budgetgraph.converter.readers.pdf.columns import Column, Row, place
from budgetgraph.converter.readers.pdf.lines import is_wide

#: Lines of one name have less than this part of their height between them.
WRAPPED = 0.6
#: Words stand below each other when they share this part of the narrower one's width.
BELOW = 0.5
#: A name over several columns is centred over them, to this part of the distance of columns.
CENTRED = 0.3
#: Names over the same rows have their middles on one level, to this part of their height.
SAME_LEVEL = 0.5


@dataclass(slots=True, eq=False)
class Name:
    """A column's name, or the name over several columns, in one or more printed lines.

    deepest  the middle of the lowest name below this one
    """

    chunks: list[Chunk]
    columns: list[int] = field(default_factory=list)
    row: int = 0
    rowspan: int = 1
    deepest: float = 0.0

    @property
    def level(self) -> float:
        """Return the middle between upper and lower edge."""
        return (self.top + self.bottom) / 2

    @property
    def weight(self) -> float:
        """Return the middle of this name and all below it: names over the same rows share it."""
        return (self.level + (self.deepest or self.level)) / 2

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
    """Return the chunks of one cell as one text: lines joined as in ruled cells, blanks in a line as spaces."""
    text, bottom = "", 0.0
    for chunk in chunks:
        if text and chunk.top < bottom - chunk.height / 2:
            text += " "
        elif text and not is_wide(text[-1]) and not is_wide(chunk.text[0]):
            text += "\n"
        text += chunk.text
        bottom = chunk.bottom
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
    if chunk.top - name.bottom >= WRAPPED * chunk.height or chunk.top <= name.chunks[-1].top:
        return False
    left, right = name.left, name.right
    shared = min(right, chunk.right) - max(left, chunk.left)
    return shared >= BELOW * min(right - left, chunk.right - chunk.left)


def _touched(name: Name, columns: Sequence[Column]) -> list[int]:
    """Return the columns below a name, at least the nearest."""
    start, end = name.left, name.right
    touched = [
        index
        for index, (left, right) in enumerate(columns)
        if min(end, right) - max(start, left) >= BELOW * min(right - left, end - start)
    ]
    if touched:
        return touched
    distance = [max(left - end, start - right) for left, right in columns]
    return [distance.index(min(distance))]


def _range(name: Name, touched: list[int], tops: Sequence[Name], columns: Sequence[Column]) -> list[int] | None:
    """Return the columns over which an upper name is centred, or None when the print does not tell.

    tops  the topmost name below it over each column; those under one name have their middles on one level. One
          without columns of its own stands for a column that has no name
    """
    borders = [(min(c[0], n.left), max(c[1], n.right)) if n.columns else c for c, n in zip(columns, tops, strict=True)]
    pitch = min(((b[0] + b[1] - a[0] - a[1]) / 2 for a, b in pairwise(columns)), default=0.0)
    found = []
    for first in range(touched[0], -1, -1):
        for last in range(touched[-1], len(columns)):
            below = tops[first : last + 1]
            if any(not n.columns or n.top < name.bottom - ALIGNED for n in below):
                break
            whole = all(first <= n.columns[0] and n.columns[-1] <= last for n in below)
            weights = [n.weight for n in below]
            off = abs((borders[first][0] + borders[last][1]) / 2 - name.middle)
            if whole and off <= CENTRED * pitch and max(weights) - min(weights) <= SAME_LEVEL * name.chunks[0].height:
                found.append((last - first, first, last))
    if not found:
        return None
    levels = {round(n.level) for n in tops}
    if len(found) > 1 and len(levels) == 1 and len(columns) > found[-1][0] + 1:
        return None  # all names stand on one line: nothing tells how far this one reaches
    _, first, last = max(found)
    return list(range(first, last + 1))


def _assign(names: Sequence[Name], columns: Sequence[Column]) -> bool:
    """Give each name its columns, from the lowest up. Return False when the print does not tell them."""
    tops: list[Name | None] = [None] * len(columns)
    waiting = []
    for name in sorted(names, key=lambda n: -n.bottom):
        touched = _touched(name, columns)
        free = [index for index in touched if tops[index] is None]
        if not free:
            waiting.append((name, touched))
            continue
        name.columns = list(range(free[0], free[-1] + 1))
        if any(tops[index] is not None for index in name.columns):
            return False
        for index in name.columns:
            tops[index] = name
    unnamed = Name([Chunk("", 0.0, 0.0, 0.0, 0.0)])  # has no columns, so no name reaches over it
    covered = [top or unnamed for top in tops]
    for name, touched in waiting:
        found = _range(name, touched, covered, columns)
        if found is None:
            return False
        name.columns = found
        name.deepest = max(covered[index].deepest or covered[index].level for index in found)
        for index in found:
            covered[index] = name
    return True


def leveled(names: Sequence[Name], count: int) -> int | None:
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


def _hangs(names: Sequence[Name], depth: int) -> bool:
    """Tell whether a name over all rows stands in the lowest one: what is above it may be blank, and the name not."""
    lowest = [name for name in names if name.row == depth - 1 and name.row]
    return any(
        name.rowspan == depth > 1
        and any(name.level > other.level - SAME_LEVEL / 2 * other.chunks[0].height for other in lowest)
        for name in names
    )


def heading(lines: Sequence[Row], columns: Sequence[Column]) -> tuple[list[Name], int, bool]:
    """Return the names of a header with their columns and rows, the number of its rows, and whether the print tells so.

    Where it does not tell how names stand over each other, each line is a row of its own.
    """
    names = _names(lines)
    if _assign(names, columns):
        depth = leveled(names, len(columns))
        if depth is not None and not _hangs(names, depth):
            return names, depth, True
    plain: list[Name] = []
    for row, line in enumerate(lines):
        placed: dict[int, Name] = {}
        for column, chunk in zip(place(line, columns), line, strict=True):
            placed.setdefault(column, Name([], [column], row)).chunks.append(chunk)
        plain += placed.values()
    return plain, len(lines), False
