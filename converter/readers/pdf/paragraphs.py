"""Lines -> paragraphs: lines that the width of the page wraps are one text; headings and entries stand apart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.readers.pdf.geometry import Box, rounded
from budgetgraph.converter.readers.pdf.layout import Layout, TextLine
from budgetgraph.converter.readers.pdf.lines import is_wide

#: A line that ends within this many heights of the right margin is full.
FULL = 2.0
#: A line that begins within this part of its height from the left margin is not indented.
INDENT = 0.8
#: Lines of one paragraph differ in height by no more than this part.
SAME_SIZE = 0.15
#: Lines of one paragraph have no more than this many heights between them.
LEADING = 1.6
#: Lines wider than this part of the page tell where its right margin is.
LONG = 0.5
#: As many of them make a page's own margins known.
ENOUGH = 4
#: A first line is indented by less than this many heights.
DEEPEST_INDENT = 3.5

_LEADER = re.compile(r"[.．·…•⋯]{4,}|…{2,}|(?:[.．·…] ){4,}")
_ENTRY = re.compile(
    r"第[一二三四五六七八九十]{1,3}[部章节]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．]"
    r"|[(（]?\d{1,2}[)）、]|\d{1,2}[.．](?!\d)"
)


class Margins(NamedTuple):
    """The left and right edge of the running text."""

    left: float
    right: float


def _right(boxes: Sequence[Box]) -> float:
    """Return where justified lines end: beyond it stand but a few hanging marks."""
    rights = sorted(box[2] for box in boxes)
    return rights[len(rights) * 9 // 10]


def _left(boxes: Sequence[Box]) -> float | None:
    """Return where lines begin, when some of them are seen to be indented against it; else None."""
    left = min(box[0] for box in boxes)
    heights = ((box[0] - left) / (box[3] - box[1]) for box in boxes if box[3] > box[1])
    return left if any(INDENT < indent < DEEPEST_INDENT for indent in heights) else None


def margins(layouts: Sequence[Layout]) -> dict[int, Margins]:
    """Return the margins of the running text of each page: its own, where it shows them, or its size's."""
    long: dict[int, list[Box]] = {}
    by_size: dict[tuple[int, int], list[Box]] = {}
    every: dict[tuple[int, int], list[Box]] = {}
    for layout in layouts:
        boxes = [item.box for item in layout.items if isinstance(item, TextLine)]
        long[layout.number] = [box for box in boxes if box[2] - box[0] > LONG * layout.width]
        by_size.setdefault(layout.size, []).extend(long[layout.number])
        every.setdefault(layout.size, []).extend(boxes)
    result = {}
    for layout in layouts:
        own, common = long[layout.number], by_size[layout.size]
        left = _left(own) if len(own) >= ENOUGH else None
        if left is None:
            left = min((box[0] for box in common or every[layout.size]), default=0.0)
        right = layout.width - left
        if len(own) >= ENOUGH or len(common) >= ENOUGH:
            right = _right(own if len(own) >= ENOUGH else common)
        result[layout.number] = Margins(left, right)
    return result


def _full(line: TextLine, edge: Margins) -> bool:
    return line.box[2] > edge.right - FULL * line.height and not _LEADER.search(line.text)


def goes_on(line: TextLine, following: TextLine, edge: Margins, following_edge: Margins, gap: float) -> bool:
    """Tell whether a line goes on in the following one.

    gap  the blank between them in points; 0 where a page turns between them
    """
    height = line.height
    return (
        _full(line, edge)
        and abs(following.height - height) <= SAME_SIZE * max(height, following.height)
        and gap <= LEADING * height
        and following.box[0] - following_edge.left < INDENT * following.height
        and not (_ENTRY.match(following.text) and (line.text[-1] in "。；;：:！？" or _ENTRY.match(line.text)))
    )


def blank(before: str, after: str) -> str:
    """Return what stands between two lines of a paragraph: a space between words, nothing in Chinese or numbers.

    >>> blank("比上年增", "长17.31%"), blank("支出3,1", "21.42万元"), blank("open", "data")
    ('', '', ' ')
    """
    a, b = before[-1:], after[:1]
    return " " if a.isalpha() and b.isalpha() and not (is_wide(a) or is_wide(b)) else ""


class Paragraphs:
    """Gathers lines into paragraphs, over page turns."""

    def __init__(self, edges: dict[int, Margins]) -> None:
        self._edges = edges
        self._parts: list[str] = []
        self._sure = 1.0
        self._line: TextLine | None = None
        self._layout: Layout | None = None
        self._pieces: list[tuple[Layout, Box]] = []  # one for each page

    def add(self, line: TextLine, layout: Layout) -> list[Paragraph]:
        """Take the next line; return the paragraph that it ends, if it begins a new one."""
        last, page = self._line, self._layout
        if last is not None and page is not None:
            same = page.number == layout.number
            gap = line.box[1] - last.box[3] if same else 0.0
            if goes_on(last, line, self._edges[page.number], self._edges[layout.number], gap):
                self._parts += [blank(last.text, line.text), line.text]
                self._sure = min(self._sure, line.confidence)
                if same:
                    left, top, right, bottom = self._pieces[-1][1]
                    box = min(left, line.box[0]), top, max(right, line.box[2]), max(bottom, line.box[3])
                    self._pieces[-1] = layout, box
                else:
                    self._pieces.append((layout, line.box))
                self._line, self._layout = line, layout
                return []
        finished = self.end()
        self._parts, self._line, self._layout = [line.text], line, layout
        self._pieces = [(layout, line.box)]
        self._sure = line.confidence
        return finished

    def end(self) -> list[Paragraph]:
        """Return the paragraph that was being gathered, if any."""
        finished = []
        if self._parts:
            place, *others = (each.shown(Locator(page=each.number, box=rounded(box))) for each, box in self._pieces)
            if others:
                more = tuple((other.page, other.box) for other in others if other.page and other.box)
                place = replace(place, more=more)
            finished.append(Paragraph("".join(self._parts), place, self._sure))
        self._parts, self._line = [], None
        return finished
