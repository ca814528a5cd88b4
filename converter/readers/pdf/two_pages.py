"""Two pages that are printed side by side on one sheet."""

from collections.abc import Sequence
from itertools import pairwise

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.readers.pdf.geometry import Box
from budgetgraph.converter.readers.pdf.lines import Line, lines_of
from budgetgraph.converter.readers.pdf.page import Page, Run

#: They leave this much free on both sides of the middle of the sheet, in points.
MARGIN = 12.0
#: Running text has at least as many lines that take this part of the page's width.
FEWEST_LINES = 3
LONG = 0.6


def are_two(page: Page, tables: Sequence[Box], outside: Sequence[Run]) -> bool:
    """Tell whether a sheet is two pages, left and right of its middle.

    Both have running text, or tables under a text of their own. Two blocks of one table have its title over both, or
    one title and one unit between them; columns of numbers are no running text.

    tables   boxes of the ruled tables
    outside  the runs that stand in none
    """
    if page.width <= page.height:
        return False
    middle = page.width / 2
    if any(box[0] < middle + MARGIN and box[2] > middle - MARGIN for box in (*tables, *(run.box for run in outside))):
        return False
    return all(
        _is_page(
            [box for box in tables if (box[0] > middle) == is_right],
            [run for run in outside if (run.left > middle) == is_right],
            middle,
        )
        for is_right in (False, True)
    )


def _is_page(tables: Sequence[Box], outside: Sequence[Run], width: float) -> bool:
    if tables:
        top = min(box[1] for box in tables)
        if any(run.bottom <= top and not parse_unit(run.text) for run in outside):
            return True
    return sum(_is_running(line, LONG * width) for line in lines_of(outside)) >= FEWEST_LINES


def _is_running(line: Line, width: float) -> bool:
    """Tell whether a line is at least so wide and has no gap wider than a character: rows of a table have gaps."""
    gaps = (after.left - before.right for before, after in pairwise(line.runs))
    return line.right - line.left >= width and all(gap <= line.height for gap in gaps)
