"""Tables without ruled lines in which every text begins at the left of its cell, the header's names too: lanes.

A lane goes from where a name of the header begins to where the next one does. Amounts stand anywhere in it, mostly at
its right. Where names are centred, lanes do not fit: labels begin left of their names, and of several names above each
other the upper one begins elsewhere.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from budgetgraph.converter.readers.pdf.chunks import (
    APART_IN_TABLE,
    SAME_START,
    Chunk,
    aligned,
    chunks_of,
    decimals,
    is_numbering,
    is_torn,
    usual_decimals,
)
from budgetgraph.converter.readers.pdf.columns import BELOW_NAMES, DOUBTFUL, FEWEST, STRAIGHT, Row
from budgetgraph.converter.readers.pdf.heading import SAME_LEVEL, Name, leveled
from budgetgraph.converter.readers.pdf.lines import Line, lines_of
from budgetgraph.converter.readers.pdf.page import Run

#: Lanes are wider than this many heights.
NARROWEST = 1.5
#: A line is full when this part of its height more does not find its place in it.
FULL = 1.1
#: Runs of one line differ in their levels by no more than this part of their height; else they are of several cells.
OFFSET = 0.3
#: Lines of one name have less than this part of their height between them.
WRAPPED = 1.0
#: Amounts at the right of their lanes end this many heights before the next lane, or nearer ...
ROOM = 2.5
#: ... and all at the same distance, to this many points.
SAME_ROOM = 2.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns of a table, the names above them, and the texts of each line of its body with their columns.

    head    the number of lines that are the header
    edges   left and right of each column
    depth   the number of rows of the header
    broken  the lines with the rests of numbers that begin on the line before
    joined  the lines with the rests of texts that begin on the line before, those of numbers included
    rows    the numbers of the lines of each row, where they are told; None: by their distances
    """

    head: int
    edges: list[tuple[float, float]]
    names: list[Name]
    depth: int
    sure: float
    placed: list[list[tuple[int, Chunk]]]
    broken: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    rows: list[list[int]] | None = None


def straight(line: Line) -> list[Line]:
    """Return the lines in a line: cells that stand a little lower than others are lines of their own."""
    levels: list[list[Run]] = []
    for run in sorted(line.runs, key=lambda run: run.top + run.bottom):
        first = levels[-1][0] if levels else run
        if not levels or run.top + run.bottom - first.top - first.bottom > 2 * OFFSET * run.height:
            levels.append([run])
        else:
            levels[-1].append(run)
    return [line] if len(levels) == 1 else [each for runs in levels for each in lines_of(runs)]


def _starts(header: Sequence[Line], numbering: Row, body: Sequence[Row]) -> list[float]:
    """Return where the names of a header begin, from left to right."""
    found = [chunk.left for chunk in numbering]
    entries = [chunk for row in body for chunk in row]
    for line in header:
        whole = chunks_of(line, APART_IN_TABLE)
        found += [chunk.left for chunk in whole]
        # Single characters are one word spread out (收 入), unless entries begin below each of them (类 款 项).
        for word in chunks_of(line, APART_IN_TABLE, spread=True):
            begins = any(abs(entry.left - word.left) <= SAME_START for entry in entries)
            crossed = any(e.left < word.left - SAME_START and e.right > word.left for e in entries)
            found += [word.left] if begins and not crossed else []
    result: list[float] = []
    for left in sorted(found):
        if not result or left - result[-1] > SAME_START:
            result.append(left)
    return result


def _placed(row: Iterable[Chunk], starts: Sequence[float]) -> list[tuple[int, Chunk]]:
    return [(bisect_right(starts, chunk.left + SAME_START) - 1, chunk) for chunk in row]


def _stacks(header: Sequence[Line], starts: Sequence[float]) -> list[list[Name]] | None:
    """Return the names in each lane from top to bottom, or None where it is not certain which lines are one name."""
    lanes: list[list[Name]] = [[] for _ in starts]
    ends = [*starts[1:], max(line.right for line in header)]
    for line in header:
        placed = _placed(chunks_of(line, APART_IN_TABLE, starts=starts), starts)
        begun = any(not lanes[lane] for lane, _ in placed)
        for lane, chunk in placed:
            above = lanes[lane][-1] if lanes[lane] else None
            if above is None or chunk.top - above.bottom >= WRAPPED * chunk.height or above.right > ends[lane]:
                lanes[lane].append(Name([chunk]))
                continue
            full = above.chunks[-1].right + chunk.height > ends[lane] - ROOM * chunk.height
            if full == begun:
                return None
            if full:
                above.chunks.append(chunk)
            else:
                lanes[lane].append(Name([chunk]))
    return lanes


def _spread(stacks: Sequence[list[Name]], starts: Sequence[float], numbering: Row) -> list[Name] | None:
    """Give each name its lanes and return all, or None where the print does not tell them."""
    names = [(name, lane) for lane, stack in enumerate(stacks) for name in stack]
    middle = (min(name.level for name, _ in names) + max(name.level for name, _ in names)) / 2
    tops = [stack[0] if stack else None for stack in stacks]  # of the names above each lane the topmost
    words = {lane for lane, chunk in _placed(numbering, starts) if not chunk.is_number}
    for name, lane in sorted(names, key=lambda each: -each[0].top):
        below = stacks[lane][stacks[lane].index(name) + 1 :]
        end: int | None = lane + 1
        if below:
            end = _reach(name, below[0], tops, lane)
        elif lane in words:
            end = next((e for e in range(lane + 1, len(tops)) if tops[e] or e not in words), len(tops))
        if end is None or (end < len(starts) and name.right > starts[end]):
            return None
        name.columns = list(range(lane, end))
        for other in name.columns[1:]:
            tops[other] = name
    if any(top is None or _is_below(middle, top) for top in tops):
        return None
    return [name for name, _ in names]


def _is_below(level: float, name: Name) -> bool:
    """Tell whether a name stands below a level."""
    return name.level > level + SAME_LEVEL * name.chunks[0].height


def _reach(name: Name, below: Name, tops: Sequence[Name | None], lane: int) -> int | None:
    """Return before which lane a name ends that begins in a lane and has others below it, or None."""
    slack = SAME_LEVEL * name.chunks[0].height
    for end in range(lane + len(below.columns), len(tops)):
        top = tops[end]
        if top is None or top.top < name.bottom:
            return end
        if top.columns and end != top.columns[0]:
            continue  # inside a name that is below this one
        beside = abs(top.top - below.top) <= slack or abs(top.level - below.level) <= slack
        if not beside:
            return end if _is_below(top.level, below) else None
    return len(tops)


def _are_told(numbers: dict[int, list[Chunk]], stacks: Sequence[list[Name]], starts: Sequence[float]) -> bool:
    """Tell whether the numbers of each lane stand below its name, or all at the right of their lanes."""
    rooms = []
    for lane, chunks in numbers.items():
        name = stacks[lane][-1] if stacks[lane] else None
        if name is not None and all(chunk.left < name.right for chunk in chunks):
            continue
        if len(chunks) > 1 and not aligned(chunks):
            return False
        if lane + 1 < len(starts):
            room = starts[lane + 1] - max(chunk.right for chunk in chunks)
            if room > ROOM * chunks[0].height:
                return False
            rooms.append(room)
    return not rooms or max(rooms) - min(rooms) <= SAME_ROOM


def lanes(above: Sequence[Line], body: Sequence[Line]) -> Frame | None:
    """Return the columns of a table by the lanes of its header, or None where the print does not show them.

    above  the lines above the first one with numbers: the header, and rows without an amount
    """
    frames = (_frame(above[:head], [*above[head:], *body]) for head in range(len(above), 0, -1))
    return next((frame for frame in frames if frame is not None), None)


def _frame(header: Sequence[Line], body: Sequence[Line]) -> Frame | None:
    lines = [each for line in header for each in straight(line)]
    rows = [chunks_of(line, APART_IN_TABLE) for line in body]
    numbering = rows[0] if is_numbering(rows[0]) else []
    starts = _starts(lines, numbering, rows)
    height = max(line.height for line in lines)
    if len(starts) < 2 or any(b - a < NARROWEST * height for a, b in pairwise(starts)):
        return None
    placed = [_placed(chunks_of(line, APART_IN_TABLE, starts=starts), starts) for line in body]
    entries = placed[1:] if numbering else placed
    if any(lane < 0 for row in placed for lane, _ in row) or any(_collide(row, starts) for row in placed):
        return None
    stacks = _stacks(lines, starts)
    if stacks is None:
        return None
    numbers: dict[int, list[Chunk]] = {}
    for lane, chunk in (each for row in entries for each in row if each[1].is_number):
        numbers.setdefault(lane, []).append(chunk)
    names = _spread(stacks, starts, numbering)
    if names is None or not _are_told(numbers, stacks, starts):
        return None
    depth = leveled(names, len(starts))
    if depth is None or any(a.columns == b.columns for stack in stacks for a, b in pairwise(stack)):
        return None  # a name right below one of the same column alone is a label
    full = [chunks for chunks in numbers.values() if len(chunks) >= FEWEST]
    sure = STRAIGHT if full and all(map(aligned, full)) else BELOW_NAMES
    right = max(line.right for line in (*header, *body))
    edges = [(a, b) for a, b in pairwise([*starts, right])]
    frame = Frame(len(header), edges, names, depth, sure, placed)
    return with_rests(frame, body, [chunk.right for name in names for chunk in name.chunks])


def _collide(row: Sequence[tuple[int, Chunk]], starts: Sequence[float]) -> bool:
    """Tell whether two texts of a line stand in one lane and one is a number, or a number reaches over its lane."""
    for lane, chunk in row:
        if chunk.is_number and lane + 1 < len(starts) and chunk.right > starts[lane + 1]:
            return True
    return any(a == b and (x.is_number or y.is_number) for (a, x), (b, y) in pairwise(row))


def with_rests(frame: Frame, lines: Sequence[Line], rights: Sequence[float]) -> Frame | None:
    """Return the frame with what its narrow columns break over several lines, or None where that is not certain.

    rights  where the lines of the header's names end
    """
    entries = [chunk for row in frame.placed for _, chunk in row]
    rights = [*rights, *(chunk.right for chunk in entries)]
    inner = sorted(b - max((r for r in rights if a < r <= b), default=b) for a, b in frame.edges[:-1])
    room = inner[len(inner) // 2] if inner else 0.0  # between what fills a lane and the next one
    room = min(room, ROOM * max(line.height for line in lines))
    usual = usual_decimals(entries)
    broken, joined, placed = set(), set(), [list(row) for row in frame.placed]
    over: dict[int, tuple[int, Chunk]] = {}  # the last line with a text in each lane

    def goes_on(lane: int, chunk: Chunk) -> Chunk | None:
        """Return the text above that fills its lane, so that one may go on in another."""
        first = over[lane][1] if lane in over else None
        if first is None or chunk.top - first.bottom >= WRAPPED * chunk.height:
            return None
        left, right = frame.edges[lane]
        return first if right - left - room - (first.right - first.left) < FULL * chunk.height else None

    for number, row in enumerate(frame.placed):
        figures = [(lane, chunk) for lane, chunk in row if decimals(chunk.text) is not None or chunk.text[0] in ".,"]
        above = {lane: first for lane, chunk in row if (first := goes_on(lane, chunk)) is not None}
        torn = [
            is_torn(over[lane][1].text, c.text, usual)
            for lane, c in figures
            if lane in over and _is_near(over[lane][1], c)
        ]
        if figures and all(lane in above and _breaks(above[lane].text, c.text, usual) for lane, c in figures):
            broken.add(number)
            for at, lane in [(number, lane) for lane, _ in figures] + [(over[lane][0], lane) for lane, _ in figures]:
                placed[at] = [(a, replace(c, confidence=DOUBTFUL) if a == lane else c) for a, c in placed[at]]
        elif any(torn):
            return None
        wraps = not figures and above and all(lane in above or lane not in over for lane, _ in row)
        if number in broken or wraps:
            joined.add(number)
        over |= {lane: (number, chunk) for lane, chunk in row}
    return replace(frame, placed=placed, broken=frozenset(broken), joined=frozenset(joined))


def _is_near(above: Chunk, below: Chunk) -> bool:
    return below.top - above.bottom < WRAPPED * below.height


def _breaks(above: str, below: str, usual: int) -> bool:
    """Tell whether a number that fills its column may go on in another below it."""
    if is_torn(above, below, usual):
        return True
    return above.isdecimal() and below.isdecimal() and len(below) < len(above)
