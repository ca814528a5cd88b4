"""Tables without ruled lines: columns inferred from aligned numbers and from where the header's words stand.

Only lines with good evidence become a table: several rows whose numbers stand below each other. Everything else
stays text. What is inferred says so by its confidence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.readers.pdf.centred import centred
from budgetgraph.converter.readers.pdf.chunks import (
    APART,
    APART_IN_TABLE,
    SAME_START,
    Chunk,
    chunks_of,
    may_hold_number,
)
from budgetgraph.converter.readers.pdf.columns import (
    DOUBTFUL,
    Column,
    Row,
    columns_of,
    confidence,
    is_contents,
    place,
)
from budgetgraph.converter.readers.pdf.geometry import rounded
from budgetgraph.converter.readers.pdf.heading import Name, heading, text_of
from budgetgraph.converter.readers.pdf.lanes import Frame, lanes
from budgetgraph.converter.readers.pdf.lines import Line
from budgetgraph.converter.readers.pdf.objects import Rule
from budgetgraph.converter.readers.pdf.tables import Table

#: How sure it is over which columns a header's word stands.
HEADER_SPANS = 0.7
#: Lines of a table have no more than this many heights between them.
WIDEST_GAP = 3.5
#: Lines nearer than this part of the least distance of rows are lines of one row.
SAME_ROW = 0.72
#: Lines of one row differ in their distances by no more than this factor.
SAME_PITCH = 1.3
#: The distance of a further row of labels differs from that by no more than this part.
SAME_STEP = 0.2
#: A label is indented by no more than this many heights against the row before or after it.
INDENT = 3.0
#: Characters of a table differ in height by no more than this part.
SAME_SIZE = 0.15
#: The most lines of a header.
DEEPEST_HEADER = 8
#: The most lines above the first row with numbers: a header, and rows without an amount.
MOST_ABOVE = 40
#: A line with more chunks than this is no table's.
MOST_CHUNKS = 100
#: A rule within this many points of the gap between two lines parts them.
RULE_SLACK = 2.0

_SENTENCE = frozenset("。；")
_LABELLED = re.compile("(?<!其中)[：:]")


class _Printed:
    """A line with its chunks, which are looked for when they are asked for: most lines show that they are no row.

    is_row  whether the line can only be a table's: several chunks, a number among them
    """

    def __init__(self, line: Line, apart: float = APART) -> None:
        self.line = line
        self._apart = apart
        self._chunks: Row | None = None
        self.is_row = self._is_row()

    @property
    def chunks(self) -> Row:
        """Return the chunks from left to right."""
        if self._chunks is None:
            self._chunks = chunks_of(self.line, self._apart)
        return self._chunks

    @property
    def numbers(self) -> int:
        return sum(chunk.is_number for chunk in self.chunks)

    def _is_row(self) -> bool:
        if not may_hold_number(self.line.text) or not _SENTENCE.isdisjoint(self.line.text):
            return False
        return len(self.chunks) > 1 and self.numbers > 0 and not self.is_text

    @property
    def is_text(self) -> bool:
        """Tell whether the line is no table's: a sentence, or department and unit ("部门：... 单位：...")."""
        if not _SENTENCE.isdisjoint(self.line.text) or len(self.chunks) > MOST_CHUNKS:
            return True
        return not self.numbers and any(_LABELLED.search(chunk.text) for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class Found:
    """A table, and the lines of which it is made by their first and end."""

    table: Table
    first: int
    end: int


def _near(a: _Printed, b: _Printed) -> bool:
    return b.line.top - a.line.bottom <= WIDEST_GAP * max(a.line.height, b.line.height)


def _fits(item: _Printed, row: _Printed) -> bool:
    """Tell whether a line between rows is a row's label without an amount, or a part of a row."""
    a, b = item.line, row.line
    if item.is_text or abs(a.height - b.height) > SAME_SIZE * b.height:
        return False
    if len(item.chunks) > 1 or item.numbers:
        return True
    label = item.chunks[0]
    return any(abs(label.left - other.left) <= INDENT * b.height for other in row.chunks if not other.is_number)


def _is_beside(a: _Printed, b: _Printed) -> bool:
    """Tell whether a line reaches down beside the next one: both are of one row."""
    return not (a.is_text or b.is_text) and a.line.bottom - b.line.top > SAME_SIZE * b.line.height


def _is_below(item: _Printed, lines: Sequence[_Printed]) -> bool:
    """Tell whether a text alone in its line begins where a label of other lines does."""
    label, height = item.chunks[0], item.line.height
    if len(item.chunks) > 1 or item.is_text or any(abs(p.line.height - height) > SAME_SIZE * height for p in lines):
        return False
    return any(abs(label.left - c.left) <= SAME_START for p in lines for c in p.chunks if not c.is_number)


def _stretches(printed: Sequence[_Printed]) -> list[tuple[int, int]]:
    """Return first and end of the stretches of lines that begin and end with a row of numbers."""
    result: list[tuple[int, int]] = []
    for index, item in enumerate(printed):
        if not item.is_row:
            continue
        if result:
            first, end = result[-1]
            lines = printed[end - 1 : index + 1]
            fit = all(
                _fits(line, item)
                or _fits(line, lines[0])
                or _is_below(line, printed[first:end])
                or _is_beside(above, line)
                or _is_beside(line, below)
                for above, line, below in zip(lines, lines[1:-1], lines[2:], strict=False)
            )
            if fit and all(_near(a, b) for a, b in pairwise(lines)):
                result[-1] = (first, index + 1)
                continue
        result.append((index, index + 1))
    return result


def _header_start(printed: Sequence[_Printed], first: int, floor: int, deepest: int) -> int:
    """Return the first line of the header above the first row of numbers; a title above it is none of it."""
    start = index = first
    while index > max(floor, first - deepest) and not printed[index - 1].is_text:
        if not _near(printed[index - 1], printed[index]):
            break
        index -= 1
        if len(printed[index].chunks) > 1:
            start = index
    while start > floor and start < first and _is_beside(printed[start - 1], printed[start]):
        start -= 1
    below = printed[start].line if start < first else None
    if below is None or start == floor:
        return start
    above = printed[start - 1]
    size = max(run.height for run in below.runs)  # cells that stand a little lower make a line higher than its texts
    same = not above.is_text and abs(above.line.height - size) <= SAME_SIZE * size
    centre = (min(p.line.left for p in printed[start:first]) + max(p.line.right for p in printed[start:first])) / 2
    title = abs((above.line.left + above.line.right) / 2 - centre) < above.line.height
    return start - 1 if same and not title and _near(above, printed[start]) else start


def _step(rows: Sequence[Line]) -> float:
    """Return the least distance between two rows of numbers, 0 when there is but one."""
    return min((b.top - a.top for a, b in pairwise(rows)), default=0.0)


def _body(printed: Sequence[_Printed], first: int, end: int, floor: int) -> tuple[int, int]:
    """Return first and end of a body with what its first and last rows have outside the lines of their numbers.

    That is, parts of labels nearer than rows are, and below it labels without an amount at the distance of rows.
    """
    rows = [item for item in printed[first:end] if item.is_row]
    step = _step([row.line for row in rows])
    while end < len(printed) and not printed[end].is_row and _is_beside(printed[end - 1], printed[end]):
        end += 1
    while first > floor and len(printed[first - 1].chunks) == 1 and any(_fits(printed[first - 1], r) for r in rows):
        if printed[first].line.top - printed[first - 1].line.top >= SAME_ROW * step:
            break
        first -= 1
    while end < len(printed) and not printed[end].is_row and any(_fits(printed[end], r) for r in rows):
        distance = printed[end].line.top - printed[end - 1].line.top
        if distance >= SAME_ROW * step and abs(distance - step) > SAME_STEP * step:
            break
        end += 1
    return first, end


def _parted(a: Line, b: Line, rules: Sequence[Rule]) -> bool:
    """Tell whether a level rule runs between two lines."""
    left, right = min(a.left, b.left), max(a.right, b.right)
    low, high = a.bottom - RULE_SLACK, b.top + RULE_SLACK
    return any(low <= y <= high and start < right and end > left for y, start, end in rules)


def _rows(printed: Sequence[_Printed], rules: Sequence[Rule], frame: Frame) -> list[list[int]] | None:
    """Return the numbers of the lines of each row: by rules where most rows have one, else by the distance of rows.

    None where two lines with numbers would be one row.
    """
    ruled = [_parted(a.line, b.line, rules) for a, b in pairwise(printed)]
    starts = [
        number not in frame.broken and any(chunk.is_number for _, chunk in row)
        for number, row in enumerate(frame.placed)
    ]
    distances = [b.line.top - a.line.top for a, b in pairwise(printed)]
    step = _step([item.line for item, start in zip(printed, starts, strict=True) if start])
    mostly = sum(ruled) * 2 > len(printed)
    near = min(SAME_ROW * step, SAME_PITCH * min(distances, default=0.0))
    result = [[0]]
    for number, (distance, rule) in enumerate(zip(distances, ruled, strict=True), start=1):
        apart = rule or (starts[number - 1] and starts[number])
        joined = number in frame.broken or (number in frame.joined and (not step or distance < (1 - SAME_STEP) * step))
        beside = distance < (1 - SAME_ROW / 2) * printed[number - 1].line.height  # of rows one is below the other
        if joined or (not rule and beside) or (not apart and (mostly or distance < near)):
            result[-1].append(number)
        else:
            result.append([number])
    return None if any(sum(starts[number] for number in row) > 1 for row in result) else result


def _borders(edges: Sequence[Column]) -> tuple[float, ...]:
    """Return the borders between stretches that follow each other, halfway in the blank between them."""
    return edges[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(edges)), edges[-1][1]


def _levels(names: Sequence[Name], depth: int) -> list[Column]:
    """Return top and bottom of each row of a header."""
    top, bottom = min(n.top for n in names), max(n.bottom for n in names)
    ends = [
        max((n.bottom for n in names if n.row <= r and n.row + n.rowspan <= r + 1), default=0.0) for r in range(depth)
    ]
    starts = [min((n.top for n in names if n.row == r and n.columns), default=0.0) for r in range(depth)]
    inner = [(ends[r] + starts[r + 1]) / 2 for r in range(depth - 1)]
    ys = [top, *inner, bottom]
    if any(a >= b for a, b in pairwise(ys)):
        ys = [top + (bottom - top) * row / depth for row in range(depth + 1)]
    return list(pairwise(ys))


class _Builder:
    """The cells of a table by row and column, with their boxes."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], page: int, sure: float) -> None:
        self.xs, self.ys, self.page, self.sure = tuple(xs), tuple(ys), page, sure
        self.glued: list[tuple[int, int]] = []
        self.rows = [[self._cell(r, c, (), 1, 1) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]

    def _cell(self, row: int, column: int, chunks: Sequence[Chunk], rowspan: int, colspan: int) -> Cell:
        # A label that reaches over its column's border is printed there too.
        left = min([self.xs[column], *(chunk.left for chunk in chunks)])
        right = max([self.xs[column + colspan], *(chunk.right for chunk in chunks)])
        box = rounded((left, self.ys[row], right, self.ys[row + rowspan]))
        sure = min([self.sure, *([HEADER_SPANS] if colspan > 1 else []), *(chunk.confidence for chunk in chunks)])
        return Cell(text_of(chunks), row, column, rowspan, colspan, Locator(page=self.page, box=box), sure)

    def put(self, row: int, column: int, chunks: Sequence[Chunk], rowspan: int = 1, colspan: int = 1) -> None:
        self.rows[row][column] = self._cell(row, column, chunks, rowspan, colspan)

    def table(self) -> Table:
        box = rounded((self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]))
        glued = tuple(self.rows[row][column] for row, column in self.glued)
        grid = Grid(tuple(map(tuple, self.rows)), Locator(page=self.page, box=box))
        return Table(grid, self.xs, self.ys, glued=glued)


def _by_alignment(header: Sequence[_Printed], body: Sequence[_Printed]) -> Frame | None:
    """Return the columns of a table by where its numbers stand and the names over them, or None."""
    lines = [item.chunks for item in body]
    columns = columns_of(lines, header[-1].chunks if header else ())
    if len(columns) < 2:
        return None
    names, depth, told = heading([item.chunks for item in header], columns)
    single = sorted((name for name in names if len(name.columns) == 1), key=lambda name: name.row)
    named = {name.columns[0]: (name.left, name.right) for name in single}
    sure = confidence(lines, columns, named, {column for name in names for column in name.columns}, told)
    if not sure:
        return None
    edges = list(columns)
    edges[0] = min(edges[0][0], *(p.line.left for p in (*header, *body))), edges[0][1]
    edges[-1] = edges[-1][0], max(edges[-1][1], *(p.line.right for p in (*header, *body)))
    placed = [list(zip(place(row, columns), row, strict=True)) for row in lines]
    return Frame(len(header), edges, names, depth, sure, placed)


def _table(frame: Frame, lines: Sequence[_Printed], rules: Sequence[Rule], page: int) -> Table | None:
    """Return the table of the lines of header and body, or None where they do not tell its rows."""
    body = lines[frame.head :]
    rows = frame.rows or _rows(body, rules, frame)
    if rows is None:
        return None
    bands = [(min(body[n].line.top for n in row), max(body[n].line.bottom for n in row)) for row in rows]
    names, depth = frame.names, frame.depth
    ys = _borders([*(_levels(names, depth) if depth else []), *bands])
    builder = _Builder(_borders(frame.edges), ys, page, frame.sure)
    for name in names:
        builder.put(name.row, name.columns[0], name.chunks, name.rowspan, len(name.columns))
    for number, row in enumerate(rows, start=depth):
        placed: dict[int, list[Chunk]] = {}
        for column, chunk in (each for line in row for each in frame.placed[line]):
            placed.setdefault(column, []).append(chunk)
        glued = [column for column, chunks in placed.items() if any(chunk.holds_amount for chunk in chunks)]
        for column, chunks in placed.items():
            builder.put(number, column, [replace(c, confidence=DOUBTFUL) for c in chunks] if glued else chunks)
        builder.glued += [(number, column) for column in glued]
    table = builder.table()
    return table if frame.head else replace(table, bare=tuple(frame.edges))


def find_tables(lines: Sequence[Line], rules: Sequence[Rule], page: int) -> list[Found]:
    """Return the tables among lines that stand outside ruled tables, from top to bottom.

    rules  level lines of the page that belong to no ruled table
    """
    printed = list(map(_Printed, lines))
    found: list[Found] = []
    for first, end in _stretches(printed):
        floor = found[-1].end if found else 0
        first, end = _body(printed, first, end, floor)
        if is_contents([item.chunks for item in printed[first:end]]):
            continue
        for start, frame in _frames(printed, first, end, floor):
            table = _table(frame, printed[start:end], rules, page) if frame is not None else None
            if table is not None:
                found.append(Found(table, start, end))
                break
    return found


def _frames(printed: Sequence[_Printed], first: int, end: int, floor: int) -> Iterator[tuple[int, Frame | None]]:
    """Yield the first line and the columns of a table by each way to tell them, the surest first."""
    start = _header_start(printed, first, floor, MOST_ABOVE)
    above, body = [item.line for item in printed[start:first]], [item.line for item in printed[first:end]]
    yield start, lanes(above, body)
    yield start, centred(above, body)
    start = _header_start(printed, first, floor, DEEPEST_HEADER)
    coarse = printed[start:end]
    fine = [_Printed(item.line, APART_IN_TABLE) for item in coarse]
    for cut in (fine, coarse):
        yield start, _by_alignment(cut[: first - start], cut[first - start :])
