"""Tables that go on over a page turn: the pieces stay apart, but speak of the same columns and whole rows.

On a page where only the last row of a table is left, the borders that this row does not draw are missing; they are
taken from the piece before. A row that a page end cuts is made whole when the print leaves no doubt.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.labels import fold, repeats
from budgetgraph.converter.readers.pdf.geometry import rounded
from budgetgraph.converter.readers.pdf.layout import Layout
from budgetgraph.converter.readers.pdf.lines import is_wide
from budgetgraph.converter.readers.pdf.tables import BROKEN, HEAD_ROWS, Table

#: Borders of two pieces no further apart than this, in points, are the same border.
SAME_BORDER = 2.5
#: How sure a row is that may be a part of one, or that may have other columns: not sure enough for amounts.
DOUBTFUL = 0.5

_ENDS = "。；;：:！？"
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+", re.ASCII)
_WHOLE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_PART = re.compile(r"-?\d[\d,]*(?:\.\d*)?|[\d,]*\.?\d+", re.ASCII)
#: Marks that stand within an amount only.
_INSIDE = frozenset(",.")
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


def below(table: Table, above: Table) -> Table:
    """Return a piece without lines and header with the columns of the piece before, in which its texts stand.

    Where they do not stand in one each, its columns are doubtful: those before may be others.
    """
    found = [_holding(above.xs, left, right) for left, right in table.bare]
    known = [column for column in found if column is not None]
    told = len(set(known)) == len(found)
    sure = max(cell.confidence for cell in above.grid.cells()) if told else DOUBTFUL
    xs, columns = (above.xs, known) if told else (table.xs, list(range(len(found))))
    page = table.grid.locator.page
    rows: list[tuple[Cell, ...]] = []
    for number, (row, top, bottom) in enumerate(zip(table.grid.rows, table.ys, table.ys[1:], strict=False)):
        boxes = [rounded((left, top, right, bottom)) for left, right in pairwise(xs)]
        cells = [Cell("", number, column, locator=Locator(page=page, box=box)) for column, box in enumerate(boxes)]
        for column, cell in zip(columns, row, strict=True):
            cells[column] = replace(cell, column=column, confidence=min(cell.confidence, sure))
        rows.append(tuple(cells))
    return replace(table, grid=replace(table.grid, rows=tuple(rows)), xs=xs, bare=())


def _holding(xs: Sequence[float], left: float, right: float) -> int | None:
    """Return the column between whose borders something stands, or None."""
    column = bisect_right(xs, left + SAME_BORDER) - 1
    inside = 0 <= column < len(xs) - 1 and right <= xs[column + 1] + SAME_BORDER
    return column if inside else None


def _repeated_rows(first: Grid, second: Grid) -> int:
    """Return how many leading rows of the second piece repeat the first one's header."""
    count = 0
    for a, b in zip(first.rows[:HEAD_ROWS], second.rows[:HEAD_ROWS], strict=False):
        if not repeats([fold(cell.text) for cell in a], [fold(cell.text) for cell in b]):
            break
        count += 1
    return count


def _wraps(above: Cell, below: Cell) -> bool:
    """Tell whether the words of one cell may go on in the other."""
    a, b = above.text[-1], below.text[0]
    return is_wide(a) and is_wide(b) and a not in _ENDS


def _joined(above: Cell, below: Cell) -> str:
    """Return the text of both parts; the lines of an amount that a narrow column breaks as one."""
    text = above.text + below.text
    bare = "".join(text.split())
    return bare if _AMOUNT.fullmatch(bare) else text


def _is_torn(above: Cell, below: Cell, places: int) -> bool:
    """Tell whether both parts make an amount, and one of them alone is none: 280. and 87, 2,250,1 and 42.00.

    places  digits after the point that all other amounts have, 0 where they differ: 646.3 is none where 646.38 is one
    """
    amount = _AMOUNT.fullmatch(_joined(above, below))
    if amount is None:
        return False
    a, b = ("".join(cell.text.split()) for cell in (above, below))
    if not (_WHOLE.fullmatch(a) and _WHOLE.fullmatch(b)):
        return True
    return 0 < places == _places(amount.group()) and "." not in b and _places(a) < places


def _places(number: str) -> int:
    return len(number.partition(".")[2])


def _common_places(table: Table) -> int:
    """Return how many digits all amounts above the last row have after the point, 0 where they differ."""
    texts = (cell.text for row in table.grid.rows[:-1] for cell in row)
    found = {_places(text) for text in texts if _AMOUNT.fullmatch(text)}
    return found.pop() if len(found) == 1 else 0


def _may_be_torn(above: Cell, below: Cell) -> bool:
    """Tell whether both parts make an amount or a code, though each may be one alone."""
    text = "".join(_joined(above, below).split())
    return (_AMOUNT.fullmatch(text) or _DIGITS.fullmatch(text)) is not None


def _suits(above: Cell, below: Cell, places: int) -> bool:
    """Tell whether both parts make no amount, or one with as many digits after the point as all others have."""
    amount = _AMOUNT.fullmatch(_joined(above, below))
    return not (amount and places) or _places(amount.group()) == places


def _is_part(text: str) -> bool:
    """Tell whether a text can only be a part of an amount: 280. and 2,250,1 and .87."""
    return not {",", "."}.isdisjoint(text) and _PART.fullmatch(text) is not None and not _WHOLE.fullmatch(text)


def _is_cut(first: Table, second: Table, row: int) -> bool | None:
    """Tell whether the first piece's last row goes on in row `row` of the second; None where it may.

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
    if both and all(_breaks_off(a, b, tail.get(a.column, inf), head.get(b.column, 0.0)) for a, b in both):
        if sum(not cell.is_blank for cell in below) == 1 and _DIGITS.fullmatch("".join(both[0][1].text.split())):
            return _may_be_torn(*both[0])  # the rest of a code: no row has a number alone
        words = [(a, b) for a, b in both if not _wraps(a, b)]
        if all(_may_be_torn(a, b) for a, b in words):
            places = _common_places(first)
            torn = any(_is_torn(a, b, places) for a, b in words)
            return True if not words or (torn and all(_suits(a, b, places) for a, b in words)) else None
    return None if any(_is_part(a.text) or _is_part(b.text) for a, b in both) else False


def _breaks_off(above: Cell, below: Cell, room: float, needed: float) -> bool:
    """Tell whether a text had no room to go on in the line above, or begins or ends with what does neither."""
    return room < needed or above.text[-1] in _INSIDE or below.text[0] in _INSIDE


def _join_cells(a: Cell, b: Cell, after: Layout) -> Cell:
    """Return the cell whose text begins in `a` and goes on in `b` on the next page, with both places."""
    place = after.shown(b.locator)
    if b.is_blank or place.page is None or place.box is None:
        return replace(a, text=a.text + b.text)
    text = _joined(a, b)
    sure = min(a.confidence, b.confidence)
    sure = min(sure, BROKEN) if _AMOUNT.fullmatch(text) else sure
    return replace(
        a,
        text=text,
        confidence=sure,
        locator=replace(a.locator, more=(*a.locator.more, (place.page, place.box), *place.more)),
    )


def _join_rows(first: Table, second: Table, row: int, after: Layout) -> tuple[Table, Table | None]:
    """Return the pieces with row `row` of the second, on the page `after`, made part of the first one's last row."""
    last = len(first.grid.rows) - 1
    cells = []
    tail = {cell.column: inf for cell in first.grid.rows[-1]} | (second.tail or {})
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
    return replace(first, grid=whole, tail=tail), remaining


def _is_head(table: Table) -> bool:
    """Tell whether a piece has words alone: the upper rows of a header that a page end cuts."""
    cells = [cell.text for cell in table.grid.cells() if not cell.is_blank]
    return len(table.grid.rows) <= HEAD_ROWS and bool(cells) and not any(map(str.isdecimal, "".join(cells)))


def _join_heads(first: Table, second: Table, after: Layout) -> tuple[Table, Table]:
    """Return the pieces of a cut header with each name whole in the first: 机关工资福 above 利支出."""
    above, below = list(first.grid.rows[-1]), list(second.grid.rows[0])
    tail, head = first.tail or {}, second.heads[0] if second.heads else {}
    both = [(a, b) for a, b in zip(above, below, strict=True) if not a.is_blank and not b.is_blank]
    names = [(a, b) for a, b in both if a.colspan == b.colspan]
    if not all(_wraps(a, b) and _breaks_off(a, b, tail.get(a.column, inf), head.get(b.column, 0.0)) for a, b in names):
        return first, second
    for a, b in names:
        above[a.column], below[b.column] = _join_cells(a, b, after), replace(b, text="")
    upper, lower = (*first.grid.rows[:-1], tuple(above)), (tuple(below), *second.grid.rows[1:])
    return replace(first, grid=replace(first.grid, rows=upper)), replace(second, grid=replace(second.grid, rows=lower))


def _names_repeat(first: Grid, second: Grid) -> bool:
    """Tell whether two pieces without lines have the same names but other columns: those of one are not right."""
    names, again = ([cell.text for cell in grid.rows[0] if not cell.is_blank] for grid in (first, second))
    inferred = all(cell.confidence < 1 for grid in (first, second) for cell in grid.rows[0])
    return inferred and len(names) > 1 and names == again


def _doubted(table: Table, *doubtful: int) -> Table:
    """Return a piece with rows that are not surely its own: they may be parts of rows, or have other columns."""
    rows = list(table.grid.rows)
    for row in doubtful:
        rows[row] = tuple(replace(cell, confidence=min(cell.confidence, DOUBTFUL)) for cell in rows[row])
    return replace(table, grid=replace(table.grid, rows=tuple(rows)))


def link(layouts: Sequence[Layout]) -> None:
    """Give the pieces of each table the same columns, and rejoin rows that page ends cut, in place."""
    held: Layout | None = None  # has the row that all of the page before was the rest of
    for previous, after in pairwise(layouts):
        before, held = held or previous, None
        if not before.items or not after.items or before.size != after.size:
            continue
        first, second = before.items[-1], after.items[0]
        if not isinstance(first, Table) or not isinstance(second, Table):
            continue
        second = below(second, first) if second.bare else widened(second, first.xs)
        after.items[0] = second
        if _is_head(first) and not _repeated_rows(first.grid, second.grid):
            first = widened(first, second.xs)
            if len(first.xs) == len(second.xs):
                before.items[-1], after.items[0] = _join_heads(first, second, after)
            continue
        if len(first.xs) != len(second.xs):
            if _names_repeat(first.grid, second.grid):
                after.items[0] = _doubted(second, *range(len(second.grid.rows)))
            continue
        row = _repeated_rows(first.grid, second.grid)
        is_cut = _is_cut(first, second, row)
        if is_cut:
            before.items[-1], rest = _join_rows(first, second, row, after)
            after.items[:1] = [rest] if rest else []
            is_all = len(second.grid.rows) == row + 1 and len(after.items) <= 1
            held = before if is_all else None
        elif is_cut is None:
            before.items[-1] = _doubted(first, len(first.grid.rows) - 1)
            after.items[0] = _doubted(second, row)
