"""A page -> its tables and lines in reading order, light enough to be kept for all pages of a file."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.readers.pdf.borderless import find_tables
from budgetgraph.converter.readers.pdf.geometry import Box, holds_point, rounded, tilted, turned
from budgetgraph.converter.readers.pdf.lattice import Lattice, lattice
from budgetgraph.converter.readers.pdf.lines import Line, lines_of
from budgetgraph.converter.readers.pdf.objects import Rule
from budgetgraph.converter.readers.pdf.page import Page, Run
from budgetgraph.converter.readers.pdf.rules import nets, snapped
from budgetgraph.converter.readers.pdf.tables import Table, middle, table_of
from budgetgraph.converter.readers.pdf.two_pages import are_two

#: Text this many times as high as most of a page's tables that stands over the lines between rows is a watermark; so is
#: text this many times as high as most around them that is printed over other text.
STAMP_HEIGHT = 1.6


class TextLine(NamedTuple):
    """A printed line outside tables."""

    text: str
    box: Box
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Return the height of the line."""
        return self.box[3] - self.box[1]


Item = TextLine | Table


@dataclass(slots=True)
class Layout:
    """What stands on a page, from top to bottom in the direction in which it is read.

    turn      quarter turns clockwise by which the page as it is shown is turned against that
    skew      degrees counter-clockwise by which it lies askew besides
    marks     texts of watermarks, which are no items
    pictures  the share of the page that pictures take
    """

    number: int
    width: float
    height: float
    items: list[Item]
    turn: int = 0
    skew: float = 0.0
    marks: tuple[str, ...] = ()
    pictures: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Return the size of the page in whole points: pages of one size share their margins."""
        return round(self.width), round(self.height)

    def shown(self, place: Locator) -> Locator:
        """Return a place on the page as it is shown."""
        if place.box is None or not (self.turn or self.skew):
            return place
        box = tilted(place.box, self.width, self.height, self.skew)
        return replace(place, box=rounded(turned(box, self.width, self.height, self.turn)))


def _text_line(line: Line) -> TextLine:
    return TextLine(line.text, line.box, line.confidence)


def _order(item: Item) -> tuple[float, float]:
    return item.box[1], item.box[0]


def _claim(lattices: Sequence[Lattice], runs: Sequence[Run]) -> tuple[list[list[Run]], list[Run]]:
    """Return the runs inside each lattice, the smallest one that holds them first, and those outside all."""
    if not lattices:
        return [], list(runs)
    inside: list[list[Run]] = [[] for _ in lattices]
    outside = []
    boxes = [found.box for found in lattices]
    smallest = sorted(range(len(boxes)), key=lambda i: (boxes[i][2] - boxes[i][0]) * (boxes[i][3] - boxes[i][1]))
    for run in runs:
        x, y = middle(run)
        for index in smallest:
            if holds_point(boxes[index], x, y):
                inside[index].append(run)
                break
        else:
            outside.append(run)
    return inside, outside


def _is_inside(run: Run, made: Lattice) -> bool:
    """Tell whether the middle half of a run's height lies within the cell in which its middle lies."""
    x, y = middle(run)
    quarter = run.height / 4
    for area in made.areas:
        box = made.area_box(area)
        if holds_point(box, x, y):
            return box[1] <= run.top + quarter and run.bottom - quarter <= box[3]
    return True


def _marks(lattices: Sequence[Lattice], inside: Sequence[Sequence[Run]]) -> list[Run]:
    """Return the runs inside lattices that are watermarks: high ones that stand over the lines between rows."""
    heights = sorted([run.height for runs in inside for run in runs])
    highest = STAMP_HEIGHT * heights[len(heights) // 2] if heights else 0.0
    return [
        run
        for made, runs in zip(lattices, inside, strict=True)
        for run in runs
        if run.height > highest and not run.turn and not _is_inside(run, made)
    ]


def _over_text(runs: Sequence[Run]) -> list[Run]:
    """Return the runs outside tables that are watermarks: high ones that are printed over others."""
    heights = sorted([run.height for run in runs])
    highest = STAMP_HEIGHT * heights[len(heights) // 2] if heights else 0.0
    high = [run for run in runs if run.height > highest and not run.turn]
    return [run for run in high if any(_is_over(run, other) for other in runs if other.height <= highest)]


def _is_over(run: Run, other: Run) -> bool:
    """Tell whether two runs share half the height of the other one, and as much of their width."""
    least = other.height / 2
    across = min(run.right, other.right) - max(run.left, other.left)
    return across > least and min(run.bottom, other.bottom) - max(run.top, other.top) > least


def layout_of(page: Page, where: str) -> Layout:
    """Return the tables and lines of a page. Raises SourceError when a table is beyond the limits."""
    level = snapped(page.level)
    found: list[Lattice] = []
    used: set[Rule] = set()
    for net in nets(level, snapped(page.upright), where):
        made = lattice(net, where)
        if made is not None:
            found.append(made)
            used.update(net.level)
    inside, outside = _claim(found, page.runs)
    marks = _marks(found, inside)
    if marks:
        inside = [[run for run in runs if run not in marks] for runs in inside]
    over = _over_text(outside)
    if over:
        outside = [run for run in outside if run not in over]
    items: list[Item] = [table_of(made, runs, page.number) for made, runs in zip(found, inside, strict=True)]
    free = [rule for rule in level if rule not in used]
    if not are_two(page, [made.box for made in found], outside):
        items += _without_borders(lines_of(outside), items, free, page.number)
        items.sort(key=_order)
    else:
        items = [item for is_right in (False, True) for item in _side(page, is_right, items, outside, free)]
    texts = (page.aslant, *(run.text.strip() for run in (*marks, *over)))
    return Layout(
        page.number, page.width, page.height, items, page.turn, page.skew, tuple(filter(None, texts)), page.pictures
    )


def _side(page: Page, is_right: bool, tables: list[Item], outside: list[Run], level: list[Rule]) -> list[Item]:
    """Return what stands left or right of the middle of a sheet of two pages."""
    middle_of_sheet = page.width / 2
    items = [item for item in tables if (item.box[0] > middle_of_sheet) == is_right]
    lines = lines_of(run for run in outside if (run.left > middle_of_sheet) == is_right)
    rules = [rule for rule in level if (rule[1] > middle_of_sheet) == is_right]
    return sorted([*items, *_without_borders(lines, items, rules, page.number)], key=_order)


def _without_borders(lines: list[Line], ruled: Sequence[Item], level: list[Rule], page: int) -> list[Item]:
    """Return the lines outside ruled tables, those that are tables without borders as such."""
    items: list[Item] = []
    edges = sorted(item.box[1] for item in ruled)
    for _, group in groupby(lines, key=lambda line: bisect_left(edges, line.top)):
        between = list(group)
        start = 0
        for found in find_tables(between, level, page):
            items += [_text_line(line) for line in between[start : found.first]]
            items.append(found.table)
            start = found.end
        items += [_text_line(line) for line in between[start:]]
    return items
