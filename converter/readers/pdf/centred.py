"""Tables without ruled lines whose names stand in the middle of their cells, above numbers that stand otherwise.

Word processors and spreadsheets print them so: names centred, amounts at the right, labels at the left. The borders of
the cells are not printed, but they can be reckoned: a column ends as far behind its amounts as those of any other, and
its name has the same blank at both sides. Columns that hold are those in which every name, every amount and every
label stands where it would; where more than one way holds, or none, the print does not tell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from math import inf, prod

from budgetgraph.converter.readers.pdf.chunks import APART_IN_TABLE, Chunk
from budgetgraph.converter.readers.pdf.columns import BELOW_NAMES, FEWEST, STRAIGHT, Column, Row
from budgetgraph.converter.readers.pdf.heading import Name, leveled
from budgetgraph.converter.readers.pdf.lanes import Frame, straight
from budgetgraph.converter.readers.pdf.lines import Line
from budgetgraph.converter.readers.pdf.rows import rows_of
from budgetgraph.converter.readers.pdf.strips import NEAR, Body, Strip, body_of, parts

#: The blank beside the texts of a cell, in points: from 0 to this, in steps.
MOST_PADDING, STEP = 12.0, 0.5
#: Names over the same rows have their middles, or their upper edges, on one level, to this part of their height.
LEVEL = 0.25
#: Lines of one name have less than this part of their height between them.
WRAPPED = 1.0
#: As many lines, names, and names of which the print does not tell at once whether others stand below them.
MOST_LINES, MOST_WORDS, MOST_OPEN = 16, 200, 4
#: The edges by which numbers may stand below each other in their columns.
SIDES = ("last", "first", "middle")
#: As many ways for the names above others to reach over columns are looked at.
MOST_WAYS = 64
#: So many of the labels of a column begin behind its left border.
MOST = 0.8

_LEVELS = re.compile("类 款(?: 项)?|款 项")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns by their borders, the blank at both sides in them, and the names above them with the rows of the header.

    held    the column of each strip of numbers
    misfit  how far what is printed stands from where it would, in points
    """

    borders: list[float]
    padding: float
    names: list[Name]
    depth: int
    held: tuple[int | None, ...]
    misfit: float


def _words(lines: Sequence[Line], strips: Sequence[Strip]) -> Iterator[list[list[Chunk]]]:
    """Yield the words of each line of a header.

    Single characters are one word (收 入), unless others stand right above or below them or numbers of each. The levels
    of codes (类 款 项) may be one word or the names of columns.
    """
    apart = [parts(line, spread=True) for line in lines]
    single = [chunk for row in apart for chunk in row]
    whole: list[list[Chunk]] = []
    cut: list[list[Chunk]] = []
    for line, letters in zip(lines, apart, strict=True):
        whole.append([])
        cut.append([])
        for chunk in parts(line):
            inside = [letter for letter in letters if chunk.left <= letter.left < chunk.right]
            stacked = any(_is_stacked(a, b) or _is_stacked(b, a) for a in inside for b in single)
            under = {s.left for letter in inside for s in strips if s.left <= letter.middle <= s.right}
            is_cut = len(inside) > 1 and (stacked or len(under) > 1)
            whole[-1] += inside if is_cut else [chunk]
            cut[-1] += inside if is_cut or _LEVELS.fullmatch(chunk.text) else [chunk]
    yield whole
    if any(len(a) < len(b) for a, b in zip(whole, cut, strict=True)):
        yield cut


def _is_stacked(above: Chunk, below: Chunk) -> bool:
    """Tell whether a word stands in the middle below another, near enough to go on."""
    gap = below.top - above.bottom
    return abs(above.middle - below.middle) <= NEAR and -below.height / 2 < gap < WRAPPED * below.height


def _readings(words: Sequence[Sequence[Chunk]]) -> Iterator[list[Name]]:
    """Yield the names for each distance up to which the print may have lines of one name."""
    chunks = [chunk for row in words for chunk in row]
    above = {id(b): a for b in chunks for a in chunks if a.top < b.top and _is_stacked(a, b)}
    gaps = sorted(b.top - above[id(b)].bottom for b in chunks if id(b) in above)
    limits = [-inf, *((a + b) / 2 for a, b in pairwise(gaps) if b - a > NEAR), *([inf] if gaps else [])]
    for limit in reversed(limits):
        names: dict[int, Name] = {}
        for chunk in sorted(chunks, key=lambda c: c.top):
            over = above.get(id(chunk))
            if over is not None and chunk.top - over.bottom <= limit:
                name = names[id(over)]
                name.chunks.append(chunk)
            else:
                name = Name([chunk])
            names[id(chunk)] = name
        yield list({id(name): name for name in names.values()}.values())


def _leaves(names: Sequence[Name]) -> Iterator[tuple[list[Name], list[Name]]]:
    """Yield the names that may be those of single columns, from left to right, and the others."""
    lowest, upper, unsure = [], [], []
    for name in names:
        below = [other for other in names if other.top > name.bottom - NEAR]
        if any(other.left < name.right and name.left < other.right for other in below):
            upper.append(name)
        elif any(o.middle < name.left for o in below) and any(o.middle > name.right for o in below):
            unsure.append(name)
        else:
            lowest.append(name)
    if len(unsure) > MOST_OPEN:
        return
    for count in range(len(unsure) + 1):
        for chosen in combinations(unsure, count):
            rest = [name for name in unsure if name not in chosen]
            yield sorted([*lowest, *rest], key=lambda n: n.middle), [*upper, *chosen]


def _fits(leaves: Sequence[Name], body: Body, side: str) -> Iterator[tuple[list[float], float]]:
    """Yield borders with leaves in the middle and strips at one side or in the middle, and the blank beside texts."""
    anchors = [s for s in body.strips if s.holds_amount]
    if not anchors or any(getattr(s, side) is None for s in anchors):
        return
    begin = min([*(c.left for c in body.labels), *(s.left for s in body.strips)])
    middles = [leaf.middle for leaf in leaves]
    for step in range(int(MOST_PADDING / STEP) + 1):
        padding = step * STEP
        ways: list[list[float] | None] = []
        if side == "middle":
            borders = [begin - padding]
            for middle in middles:
                borders.append(2 * middle - borders[-1])
            ways.append(borders)
        else:
            fixed = [s.right + padding if side == "last" else s.left - padding for s in anchors]
            ways += [_chain(middles, fixed, first, side == "last") for first in range(len(leaves))]
        for found in ways:
            if found is not None and _stands(found, leaves, body.strips, body.labels, padding):
                yield found, padding


def _chain(middles: Sequence[float], fixed: Sequence[float], first: int, at_end: bool) -> list[float] | None:
    """Return the borders of columns by their middles, and those borders that are known, from left to right.

    first  the first column of which a border is known; at_end: whether its right one
    """
    start = first + 1 if at_end else first
    borders = [0.0] * (len(middles) + 1)
    borders[start] = fixed[0]
    for column in range(start - 1, -1, -1):
        borders[column] = 2 * middles[column] - borders[column + 1]
    waiting, slack = 1, NEAR
    for column in range(start, len(middles)):
        end = 2 * middles[column] - borders[column]
        last = column + 1 == len(middles) and not at_end
        if waiting < len(fixed) and abs(fixed[waiting] - end) <= slack and not last:
            end, slack, waiting = fixed[waiting], NEAR, waiting + 1
        else:
            slack += NEAR / 2
        borders[column + 1] = end
    return borders if waiting == len(fixed) else None


def _stands(
    borders: Sequence[float], leaves: Sequence[Name], strips: Sequence[Strip], labels: Sequence[Chunk], padding: float
) -> bool:
    """Tell whether names, numbers and labels stand where they would stand in columns with these borders."""
    columns = list(pairwise(borders))
    for (left, right), leaf in zip(columns, leaves, strict=True):
        if right - left < leaf.chunks[0].height or leaf.left < left - NEAR or leaf.right > right + NEAR:
            return False
    taken = set()
    for strip in strips:
        column = _holding(columns, strip.left, strip.right)
        if column is None or (column in taken and strip.holds_amount):
            return False
        taken |= {column} if strip.holds_amount else set()
        left, right = columns[column]
        told = [strip.first, strip.last, strip.middle]
        wanted = [left + padding, right - padding, leaves[column].middle]
        near = [abs(a - b) <= 2 * NEAR for a, b in zip(told, wanted, strict=True) if a is not None]
        if near and not any(near):
            return False
    begun: dict[int, list[Chunk]] = {}
    for label in labels:
        column = next((i for i, (a, b) in enumerate(columns) if a - NEAR <= label.left < b - NEAR), None)
        if column is None:
            return False
        begun.setdefault(column, []).append(label)
    for column, chunks in begun.items():
        inside = sum(c.left >= columns[column][0] + padding - 2 * NEAR for c in chunks)
        if inside < MOST * len(chunks):
            return False
    return True


def _holding(columns: Sequence[Column], left: float, right: float) -> int | None:
    return next((i for i, (a, b) in enumerate(columns) if a - NEAR <= left and right <= b + NEAR), None)


def _spread(leaves: Sequence[Name], upper: Sequence[Name], borders: Sequence[float]) -> list[list[list[int]]]:
    """Return for each upper name the columns over the middle of which it stands."""
    result = []
    for name in upper:
        ranges = []
        for a in range(len(leaves)):
            for b in range(a + 1, len(leaves)):
                centred = abs((borders[a] + borders[b + 1]) / 2 - name.middle) <= 2 * NEAR
                inside = borders[a] - NEAR <= name.left and name.right <= borders[b + 1] + NEAR
                if centred and inside and all(leaf.top > name.bottom - NEAR for leaf in leaves[a : b + 1]):
                    ranges.append(list(range(a, b + 1)))
        result.append(ranges)
    return result


def _is_level(names: Sequence[Name], depth: int) -> bool:
    """Tell whether names over the same rows stand on one level, by their middles or by their upper edges."""
    groups: dict[tuple[int, int], list[Name]] = {}
    for name in names:
        groups.setdefault((name.row, name.rowspan), []).append(name)
    slack = LEVEL * names[0].chunks[0].height

    def alike(edge: str) -> bool:
        sets = [[getattr(name, edge) for name in group] for group in groups.values()]
        return all(max(values) - min(values) <= slack for values in sets)

    if alike("level"):
        order = {key: group[0].level for key, group in groups.items()}
        single = {row: level for (row, span), level in order.items() if span == 1}
        over = [
            (level, [single[r] for r in range(row, row + span) if r in single])
            for (row, span), level in order.items()
            if span > 1
        ]
        if all(not rows or len(rows) < 2 or rows[0] + slack < level < rows[-1] - slack for level, rows in over):
            return True
    if not alike("top"):
        return False
    tops = [{round(name.top) for name in names if name.row == row} for row in range(depth)]
    return all(max(row) - min(row) <= slack + 1 for row in tops if row)


def _ways(leaves: Sequence[Name], upper: Sequence[Name], borders: Sequence[float]) -> Iterator[tuple[int, list[Name]]]:
    """Yield how the names can stand above each other: the number of rows, and the names with columns and rows."""
    spreads = _spread(leaves, upper, borders)
    if not 0 < prod(map(len, spreads)) <= MOST_WAYS:
        return
    for chosen in product(*spreads):
        names = [Name(leaf.chunks, [column]) for column, leaf in enumerate(leaves)]
        names += [Name(name.chunks, columns) for name, columns in zip(upper, chosen, strict=True)]
        if len({tuple(name.columns) for name in names}) < len(names):
            continue  # a name right below one of the same columns alone is a label
        depth = leveled(names, len(leaves))
        if depth is not None and _is_level(names, depth):
            yield depth, names


def centred(above: Sequence[Line], body: Sequence[Line]) -> Frame | None:
    """Return the columns of a table whose names stand in the middle of their cells, or None.

    above  the lines above the first one with numbers: the header, and rows without an amount
    """
    found = []
    for head in range(min(len(above), MOST_LINES), 0, -1):
        header, rest = above[:head], [*above[head:], *body]
        frame = _frame(header, rest)
        if frame is not None:
            found.append((rest[0].top - max(line.bottom for line in header), frame))
    found.sort(key=lambda each: each[0])
    if len(found) > 1 and found[-1][0] - found[-2][0] < NEAR:
        return None
    return found[-1][1] if found else None


def _frame(header: Sequence[Line], lines: Sequence[Line]) -> Frame | None:
    body = body_of(lines)
    ways = list(_words([each for line in header for each in straight(line)], body.strips))
    if any(sum(map(len, words)) > MOST_WORDS for words in ways):
        return None
    found: dict[object, _Columns] = {}
    for each in (each for words in ways for each in _columns(words, body)):
        key = each.held, frozenset((n.text, tuple(n.columns), n.row, n.rowspan) for n in each.names)
        if key not in found or each.misfit < found[key].misfit:
            found[key] = each
    if len(found) != 1:
        return None
    (told,) = found.values()
    edges = list(pairwise(told.borders))
    placed = [_placed(line, chunks, edges) for line, chunks in zip(lines, body.lines, strict=True)]
    if not all(map(_is_apart, placed)):
        return None
    rows = rows_of(placed, edges, told.padding, _pitch(told.names))
    if rows is None:
        return None
    many = sum(any(chunk.is_number for chunk in row) for row in body.lines) >= FEWEST
    return Frame(len(header), edges, told.names, told.depth, STRAIGHT if many else BELOW_NAMES, placed, rows=rows)


def _columns(words: Sequence[Sequence[Chunk]], body: Body) -> Iterator[_Columns]:
    """Yield the columns in which the words of a header, and all that stands below it, stand where they would."""
    for names in _readings(words):
        for leaves, upper in _leaves(names):
            for side in SIDES if len(leaves) > 1 else ():
                for borders, padding in _fits(leaves, body, side):
                    edges = list(pairwise(borders))
                    held = tuple(_holding(edges, strip.left, strip.right) for strip in body.strips)
                    misfit = _misfit(edges, padding, leaves, body, side)
                    for depth, told in _ways(leaves, upper, borders):
                        yield _Columns(borders, padding, told, depth, held, misfit)


def _misfit(edges: Sequence[Column], padding: float, leaves: Sequence[Name], body: Body, side: str) -> float:
    """Return how far names, numbers and labels stand from where they would, in points, all together."""
    total = sum(abs((a + b) / 2 - leaf.middle) for (a, b), leaf in zip(edges, leaves, strict=True))
    for strip in body.strips if side != "middle" else ():
        column = _holding(edges, strip.left, strip.right)
        at = getattr(strip, side)
        if column is not None and at is not None:
            total += abs(at - (edges[column][1] - padding if side == "last" else edges[column][0] + padding))
    for left, right in edges:
        begun = [c.left for c in body.labels if left - NEAR <= c.left < right - NEAR]
        total += min(2 * NEAR, abs(min(begun) - left - padding)) if begun else 0.0
    return total


def _pitch(names: Sequence[Name]) -> float | None:
    """Return the distance of the lines of one name, None where no name has several."""
    return min((b.top - a.top for name in names for a, b in pairwise(name.chunks)), default=None)


def _placed(line: Line, chunks: Row, edges: Sequence[Column]) -> list[tuple[int, Chunk]]:
    """Return the texts of a line with their columns."""
    starts = [b.left for a, b in pairwise(chunks) if _column(a, edges) != _column(b, edges)]
    return [(_column(chunk, edges), chunk) for chunk in parts(line, APART_IN_TABLE, starts)]


def _is_apart(row: Sequence[tuple[int, Chunk]]) -> bool:
    """Tell whether each number of a line stands alone in its column."""
    return not any(a == b and (x.is_number or y.is_number) for (a, x), (b, y) in pairwise(row))


def _column(chunk: Chunk, edges: Sequence[Column]) -> int:
    at = chunk.middle if chunk.is_number else chunk.left + NEAR
    return next((i for i, (_, right) in enumerate(edges) if at < right), len(edges) - 1)
