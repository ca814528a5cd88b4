"""Tables that go on over a page turn: the pieces stay apart, but speak of the same columns and whole rows.

On a page where only the last row of a table is left, the borders that this row does not draw are missing; they are
taken from the piece before. A row that a page end cuts is made whole when the print leaves no doubt.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.labels import fold
from budgetgraph.converter.readers.pdf.geometry import rounded
from budgetgraph.converter.readers.pdf.layout import Layout
from budgetgraph.converter.readers.pdf.lines import is_wide
from budgetgraph.converter.readers.pdf.tables import BROKEN, HEAD_ROWS, Table

#: Borders of two pieces no further apart than this, in points, are the same border.
SAME_BORDER = 2.5

_ENDS = "。；;：:！？"
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+", re.ASCII)
_WHOLE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


def _nearest(xs: Sequence[float], x: float) -> int | None:
    """Return the index of the border at a position, or None."""
    place = bisect_left(xs, x)
    near = [index for index in (place - 1, place) if 0 <= index < len(xs) and abs(xs[index] - x) <= SAME_BORDER]
    return min(near, key=lambda index: abs(xs[index] - x), default=None)


def widened(table: Table, xs: tuple[float, ...]) -> Table:
    """Return a piece with all the columns of the piece before, where its own borders are some of those.

    The outermost borders must be the same. Cells that reach over a border of `xs` span it.
    """
    places = [_nearest(xs, x) for x in table.xs]
    if len(table.xs) >= len(xs) or places[0] != 0 or places[-1] != len(xs) - 1:
        return table
    known = [place for place in places if place is not None]
    if len(set(known)) < len(places):
        return table
    page = table.grid.locator.page
    rows: list[tuple[Cell, ...]] = []
    for number, row in enumerate(table.grid.rows):
        top, bottom = table.ys[number], table.ys[number + 1]
        boxes = [rounded((left, top, right, bottom)) for left, right in pairwise(xs)]
        cells = [Cell("", number, column, locator=Locator(page=page, box=box)) for column, box in enumerate(boxes)]
        for cell in row:
            column = known[cell.column]
            span = known[cell.column + cell.colspan] - column
            cells[column] = replace(cell, column=column, colspan=span)
        rows.append(tuple(cells))
    heads = tuple({known[column]: width for column, width in head.items()} for head in table.heads)
    tail = {known[column]: room for column, room in (table.tail or {}).items()}
    return Table(replace(table.grid, rows=tuple(rows)), xs, table.ys, heads, tail)


def _repeated_rows(first: Grid, second: Grid) -> int:
    """Return how many leading rows of the second piece repeat the first one's header."""
    count = 0
    for a, b in zip(first.rows[:HEAD_ROWS], second.rows[:HEAD_ROWS], strict=False):
        if [fold(cell.text) for cell in a] != [fold(cell.text) for cell in b]:
            break
        count += 1
    return count


def _wraps(above: Cell, below: Cell) -> bool:
    """Tell whether the words of one cell may go on in the other."""
    a, b = above.text[-1], below.text[0]
    return is_wide(a) and is_wide(b) and a not in _ENDS


def _is_torn(above: Cell, below: Cell) -> bool:
    """Tell whether both parts make an amount, and one of them alone is none: 280. and 87, 2,250,1 and 42.00."""
    whole = _WHOLE.fullmatch(above.text) and _WHOLE.fullmatch(below.text)
    return whole is None and _AMOUNT.fullmatch(above.text + below.text) is not None


def _may_be_torn(above: Cell, below: Cell) -> bool:
    """Tell whether both parts make an amount or a code, though each may be one alone."""
    text = re.sub(r"\s", "", above.text + below.text)
    return (_AMOUNT.fullmatch(text) or _DIGITS.fullmatch(text)) is not None


def _is_cut(first: Table, second: Table, row: int) -> bool:
    """Tell whether the first piece's last row goes on in row `row` of the second.

    Of each column one part is blank, or the text breaks off at the full width of its cell; the latter at least once.
    Parts that may be whole amounts or codes are taken for torn ones where an amount beside them surely is torn.
    """
    if row >= min(len(second.grid.rows), len(second.heads)):
        return False
    above, below = first.grid.rows[-1], second.grid.rows[row]
    if any(cell.rowspan > 1 for cell in below) or [c.colspan for c in above] != [c.colspan for c in below]:
        return False
    both = [(a, b) for a, b in zip(above, below, strict=True) if not a.is_blank and not b.is_blank]
    tail, head = first.tail or {}, second.heads[row]
    if not both or any(tail.get(a.column, inf) >= head.get(b.column, 0.0) for a, b in both):
        return False
    if any(_is_torn(a, b) for a, b in both):
        return all(_wraps(a, b) or _may_be_torn(a, b) for a, b in both)
    return all(_wraps(a, b) for a, b in both)


def _join_cells(a: Cell, b: Cell, after: Layout) -> Cell:
    """Return the cell whose text begins in `a` and goes on in `b` on the next page, with both places."""
    place = after.shown(b.locator)
    if b.is_blank or place.page is None or place.box is None:
        return replace(a, text=a.text + b.text)
    sure = min(a.confidence, b.confidence)
    sure = min(sure, BROKEN) if _AMOUNT.fullmatch(a.text + b.text) else sure
    return replace(
        a,
        text=a.text + b.text,
        confidence=sure,
        locator=replace(a.locator, more=((place.page, place.box), *place.more)),
    )


def _join_rows(first: Table, second: Table, row: int, after: Layout) -> tuple[Table, Table | None]:
    """Return the pieces with row `row` of the second, on the page `after`, made part of the first one's last row."""
    last = len(first.grid.rows) - 1
    cells = []
    for a, b in zip(first.grid.rows[-1], second.grid.rows[row], strict=True):
        if a.is_blank and not b.is_blank:
            cells.append(replace(b, row=last))
        else:
            cells.append(_join_cells(a, b, after))
    whole = replace(first.grid, rows=(*first.grid.rows[:-1], tuple(cells)))
    rest = [r for number, r in enumerate(second.grid.rows) if number != row]
    rows = tuple(tuple(replace(cell, row=number) for cell in r) for number, r in enumerate(rest))
    heads = second.heads[:row] + second.heads[row + 1 :]
    ys = second.ys[: row + 1] + second.ys[row + 2 :]
    remaining = Table(replace(second.grid, rows=rows), second.xs, ys, heads, second.tail) if rows else None
    return replace(first, grid=whole), remaining


def link(layouts: Sequence[Layout]) -> None:
    """Give the pieces of each table the same columns, and rejoin rows that a page end cuts, in place."""
    for before, after in pairwise(layouts):
        if not before.items or not after.items or before.size != after.size:
            continue
        first, second = before.items[-1], after.items[0]
        if not isinstance(first, Table) or not isinstance(second, Table):
            continue
        second = widened(second, first.xs)
        after.items[0] = second
        if len(first.xs) != len(second.xs):
            continue
        row = _repeated_rows(first.grid, second.grid)
        if _is_cut(first, second, row):
            before.items[-1], rest = _join_rows(first, second, row, after)
            after.items[:1] = [rest] if rest else []
