"""Joins tables whose columns go on on further pages, as a wide sheet is printed: down, then over; or over, then down.

The next page repeats the columns of labels, or has columns of amounts alone, which are no table by themselves. Rows
belong together by their order, so both have the same number of them, with the same labels or at the same heights. Where
that is not certain, or where words or a header that is cut stand between, the pieces are marked: none of them is read.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.amounts import is_nothing, parse_number, parse_unit
from budgetgraph.converter.blocks import Cell, Grid, Paragraph
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.headers import is_column_number_row

#: A word over several columns that may be one half of it: 基本 | 支出, 项 | 目支出.
_SHORTEST_GROUP = 3
#: Rows stand at one height where that differs by no more than so many points.
_LEVEL = 4
_REST = re.compile("(?:支出|收入|预算|资金|经费|拨款|安排|来源|结转|结余)+")


@dataclass(frozen=True, slots=True)
class Sides:
    """Two grids side by side: the whole, and the cells of the second that repeat columns of the first."""

    grid: Grid
    repeated: tuple[Cell, ...]


def beside(first: Grid, second: Grid, between: Sequence[Paragraph], header_depth: Callable[[Grid], int]) -> Sides | str:
    """Return the table of two grids whose columns go on from one to the other; "" where these are two tables.

    Else why they cannot be joined, though the second is no table of its own.

    between  what is printed between them
    """
    if not _is_on_later_page(first, second):
        return ""
    depth = header_depth(first)
    same = _repeated_columns(first, second, depth)
    opening = _rows_above_amounts(second)
    if not same and not opening:
        return ""
    heads = len(second.rows) - len(first.rows) + depth  # header rows, where all others are those of the first
    is_level = bool(same) or (1 <= heads <= depth and _is_level(first, second, depth, heads, opening))
    if not all(parse_unit(line.text) for line in between):
        return "words stand between its columns and those on the next page" if is_level and not same else ""
    if not is_level:
        alone = len(second.rows) <= opening + 1
        return "" if alone else "the rows of its columns on the next page are not known to be the same"
    whole = second if same else _with_header(second, heads, depth)
    if _cuts_group(first, whole, depth, same):
        return "a header over several columns may be cut between its columns and those on the next page"
    return Sides(_joined(first, whole, same), tuple(cell for row in second.rows for cell in row[:same]))


def _is_on_later_page(first: Grid, second: Grid) -> bool:
    before, after = (grid.rows[0][0].locator.page or grid.locator.page for grid in (first, second))
    last = first.rows[-1][-1].locator.page or before
    return before is not None and after is not None and last is not None and last < after


def _repeated_columns(first: Grid, second: Grid, depth: int) -> int:
    """Return how many columns of labels the second grid repeats at its left, 0 where rows or columns are others."""
    if len(first.rows) != len(second.rows) or depth in {0, len(first.rows)}:
        return 0
    count = 0
    for a, b in zip(_columns(first), _columns(second), strict=False):
        if a != b:
            break
        count += 1
    labels = [any(text and not parse_number(text) for text in column[depth:]) for column in _columns(second)[:count]]
    rest = {column[:depth] for column in _columns(second)[count:]}
    is_other = bool(rest) and rest.isdisjoint(column[:depth] for column in _columns(first)[count:])
    return count if any(labels) and is_other else 0


def _columns(grid: Grid) -> list[tuple[str, ...]]:
    return list(zip(*([fold(cell.text) for cell in row] for row in grid.rows), strict=True))


def _rows_above_amounts(grid: Grid) -> int:
    """Return how many rows, words or blank, stand above the first amount, where nothing but amounts stands below them.

    0 for other grids, and where a column has no words.
    """
    numbers = [any(parse_number(cell.text) for cell in row) and not _numbers_columns(row) for row in grid.rows]
    opening = numbers.index(True) if any(numbers) else 0
    texts = (cell.text for row in grid.rows[opening:] for cell in row if not cell.is_blank)
    named = all(any(not row[column].is_blank for row in grid.rows[:opening]) for column in range(grid.width))
    return opening if named and all(is_nothing(text) or parse_number(text) for text in texts) else 0


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """Tell whether a row counts the columns, perhaps on from another page: 4 | 5 | 6."""
    texts = [fold(cell.text) for cell in row]
    if len(texts) == 1 or not all(text.isdecimal() for text in texts):
        return is_column_number_row(row)
    return [int(text) for text in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))


def _is_level(first: Grid, second: Grid, depth: int, heads: int, opening: int) -> bool:
    """Tell whether each row of a grid stands as high on its page as that of the other: one offset for a pair of pages.

    Rows between the header and the first amount have to be blank.
    """
    if not all(cell.is_blank for row in second.rows[heads:opening] for cell in row):
        return False
    offsets: dict[tuple[int | None, int | None], list[float]] = defaultdict(list)
    for left, right in zip(first.rows[depth:], second.rows[heads:], strict=True):
        a, b = (next((c.locator for c in row if not c.is_blank and c.rowspan == 1), None) for row in (left, right))
        if a and b and a.box and b.box:
            offsets[a.page, b.page].append((a.box[1] + a.box[3] - b.box[1] - b.box[3]) / 2)
    return bool(offsets) and all(max(found) - min(found) <= _LEVEL for found in offsets.values())


def _with_header(grid: Grid, heads: int, depth: int) -> Grid:
    """Return a grid with blank rows below the words of its header, so that this is as deep as another."""
    blank = tuple(Cell("", 0, cell.column, locator=cell.locator) for cell in grid.rows[0])
    end = heads - _numbers_columns(grid.rows[heads - 1])
    return Grid((*grid.rows[:end], *[blank] * (depth - heads), *grid.rows[end:]), grid.locator)


def _cuts_group(first: Grid, second: Grid, depth: int, same: int) -> bool:
    """Tell whether the words over the last columns of a grid and the first ones of the next may be halves of one."""
    depth -= is_column_number_row(first.rows[depth - 1])
    for level in range(depth - 1):
        left = next((cell for cell in reversed(first.rows[level]) if not cell.is_blank), None)
        right = second.rows[level][same]
        below = any(not row[same].is_blank for row in second.rows[level + 1 : depth])
        if left is None or right.is_blank or not below or not _is_over(first, left, level, depth):
            continue
        text = fold(right.text)
        if len(text) < _SHORTEST_GROUP or len(fold(left.text)) < _SHORTEST_GROUP or _REST.fullmatch(text):
            return True
    return False


def _is_over(grid: Grid, cell: Cell, level: int, depth: int) -> bool:
    """Tell whether a header cell stands over other words of the last column."""
    return any(not row[-1].is_blank for row in grid.rows[level + 1 : depth]) and cell.rowspan == 1


def _joined(first: Grid, second: Grid, same: int) -> Grid:
    rows = (
        (*left, *(replace(cell, row=left[0].row, column=len(left) + cell.column - same) for cell in right[same:]))
        for left, right in zip(first.rows, second.rows, strict=True)
    )
    return Grid(tuple(rows), first.locator)
