"""Joins the pieces into which page turns cut a table.

Two grids are pieces of one table when nothing but blank lines stands between them, no sheet of another name begins,
and the second either repeats the first one's header or goes on with the same width. Titles, unit lines and notes are
paragraphs, so they end a table; where they stand in rows of the grid itself they are lifted out of it first.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from budgetgraph.converter.amounts import parse_number, parse_unit
from budgetgraph.converter.blocks import Block, Cell, Grid, Paragraph
from budgetgraph.converter.labels import fold, repeats
from budgetgraph.converter.layouts.columns_over_pages import Sides, beside
from budgetgraph.converter.layouts.headers import TOTALS, is_column_number_row
from budgetgraph.converter.layouts.table_labels import is_attachment, is_label, names_body, names_body_by_code

_TITLE = re.compile(r"\D.{2,58}表(?:\([^()]*\))?\Z|20\d{2}年.{2,54}表(?:\([^()]*\))?\Z")
#: Words that the title of a table in the middle of a grid has.
_ABOUT = re.compile(r"预算|决算|收入|支出|收支|经费|资产占[用有]|政府采购")
_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}\Z", re.ASCII)
_WORD = re.compile(r"\S+")
#: What stands above the rest of a table on its next page.
_CONTINUED = re.compile(r"\(?(?:续表?|(?:续|接)上表|续前表)\)?\d{0,2}:?\Z")
#: What counts the sheets that one table is spread over: 支出表1, 支出表（续）, Page 2.
_NUMBER_OF_SHEET = re.compile(r"[\d()_.-]|[一二三四五六七八九十]|续表?")
_NOTE = re.compile(r"(?:注|备注|说明)[:0-9]")


@dataclass(frozen=True, slots=True)
class Stitched:
    """A table made whole: `grid` without repeated headers, which are kept apart; `pieces` as they stood.

    lifted  cells of the pieces that are title, unit line or note, and stand as paragraphs now
    cut     why its columns, which go on on the next page or from the one before, cannot be joined; "" else
    is_recognised  whether a piece of it stands on a page that is a picture, so that its text may be misread
    """

    grid: Grid
    pieces: tuple[Grid, ...]
    repeated: tuple[Cell, ...] = ()
    lifted: tuple[Cell, ...] = ()
    is_recognised: bool = False
    cut: str = ""


@dataclass(frozen=True, slots=True)
class _Lifted:
    """A grid without the rows above its header and the notes below, which are paragraphs, and repeated headers."""

    grid: Grid
    above: tuple[Paragraph, ...] = ()
    below: tuple[Paragraph, ...] = ()
    cells: tuple[Cell, ...] = ()
    repeated: tuple[Cell, ...] = ()

    @property
    def words(self) -> list[str]:
        """Return what stood above, for comparison."""
        return [fold(paragraph.text) for paragraph in self.above]


def _is_caption(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row above the header names table, body or unit, and nothing else."""
    filled = [cell for cell in row if not cell.is_blank]
    if len(filled) == 1 and _TITLE.match(fold(filled[0].text)):
        return True
    has_unit = any(parse_unit(cell.text) for cell in filled)
    return bool(filled) and all(
        parse_unit(cell.text)
        or is_label(cell.text)
        or names_body(cell.text)
        or (has_unit and names_body_by_code(cell.text))
        for cell in filled
    )


def _opens_table(grid: Grid, index: int) -> bool:
    """Tell whether a row is a title above a unit line and a header: 机关运行经费 / 单位：万元 / 项目 | 预算数."""
    if index + 2 >= len(grid.rows):
        return False
    title, unit, header = ([cell.text for cell in row if not cell.is_blank] for row in grid.rows[index : index + 3])
    has_title = len(title) == 1 and _ABOUT.search(title[0]) and not parse_number(title[0])
    has_unit = bool(unit) and all(parse_unit(text) or names_body(text) for text in unit)
    return bool(has_title and has_unit and len(header) > 1 and not any(map(parse_number, header)))


def _is_note(row: tuple[Cell, ...]) -> bool:
    filled = [cell for cell in row if not cell.is_blank]
    return len(filled) == 1 and _NOTE.match(fold(filled[0].text)) is not None


def _paragraph(row: tuple[Cell, ...]) -> Paragraph:
    filled = [cell for cell in row if not cell.is_blank]
    return Paragraph(" ".join(cell.text.strip() for cell in filled), filled[0].locator)


def _is_above(grid: Grid, index: int) -> bool:
    """Tell whether a row, below others above the header, is one of those."""
    if _is_caption(grid.rows[index]) or _opens_table(grid, index):
        return True
    return _is_attachment(grid.rows[index]) and index + 1 < len(grid.rows) and _is_above(grid, index + 1)


def _is_attachment(row: tuple[Cell, ...]) -> bool:
    filled = [cell for cell in row if not cell.is_blank]
    return len(filled) == 1 and is_attachment(filled[0].text)


def _lift(grid: Grid) -> _Lifted:
    """Return the grid without caption rows above and note rows below; a grid of nothing else stays whole."""
    first, end = 0, len(grid.rows)
    while first < end and _is_above(grid, first):
        first += 1
    while end > first and _is_note(grid.rows[end - 1]):
        end -= 1
    if first == end or (first, end) == (0, len(grid.rows)):
        return _Lifted(grid)
    rows = tuple(tuple(replace(cell, row=cell.row - first) for cell in row) for row in grid.rows[first:end])
    outside = (*grid.rows[:first], *grid.rows[end:])
    return _Lifted(
        Grid(rows, grid.locator),
        tuple(map(_paragraph, grid.rows[:first])),
        tuple(map(_paragraph, grid.rows[end:])),
        tuple(cell for row in outside for cell in row if not cell.is_blank),
    )


def _without_repeats(lifted: _Lifted, header_depth: Callable[[Grid], int]) -> _Lifted:
    """Return a grid without the headers that are printed in it again, as on each page of a sheet."""
    rows = lifted.grid.rows
    depth = header_depth(lifted.grid)
    words = [cell for row in rows[:1] for cell in row if not cell.is_blank]
    if not depth or len(words) < 2:
        return lifted
    column, text = words[0].column, words[0].text
    header = [[cell.text for cell in row] for row in rows[:depth]]
    gone: set[int] = set()
    for index in [index for index, row in enumerate(rows) if index >= depth and row[column].text == text]:
        if [[cell.text for cell in row] for row in rows[index : index + depth]] == header:
            gone.update(range(index, index + depth))
    if not gone:
        return lifted
    kept = [row for index, row in enumerate(rows) if index not in gone]
    grid = Grid(tuple(tuple(replace(c, row=n) for c in row) for n, row in enumerate(kept)), lifted.grid.locator)
    return replace(lifted, grid=grid, repeated=tuple(cell for index in sorted(gone) for cell in rows[index]))


def _folded(row: tuple[Cell, ...]) -> tuple[str, ...]:
    texts = [fold(cell.text) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _common_rows(first: Grid, second: Grid, depth: int) -> int:
    """Return how many leading rows of both grids are the same: up to `depth`, and rows of codes and totals below.

    A program that repeats rows on each page may have been told one too many.
    """
    count = 0
    for a, b in zip(first.rows, second.rows, strict=False):
        if not repeats(_folded(a), _folded(b)) or (count >= depth and not (depth and _is_single(a))):
            break
        count += 1
    return count


def _is_single(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row is one that a table has once: of a code or the total, with an amount."""
    texts = [text for text in _folded(row) if text]
    opens = bool(texts) and (_CODE.match(texts[0]) or texts[0] in TOTALS)
    return bool(opens) and any(map(parse_number, texts[1:]))


def _append(first: Grid, second: Grid, skip: int) -> Grid:
    width = max(first.width, second.width)
    rows = list(first.rows) if first.width == width else [_padded(row, width) for row in first.rows]
    for row in second.rows[skip:]:
        rows.append(tuple(replace(cell, row=len(rows)) for cell in _padded(row, width)))
    return Grid(tuple(rows), first.locator)


def _padded(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    end = row[-1]
    place = replace(end.locator, start=end.locator.end)
    return (
        *row,
        *(Cell("", end.row, n, locator=replace(place, field=n + 1)) for n in range(len(row), width)),
    )


def _tables_of(grid: Grid) -> list[Grid]:
    """Return the tables that a grid holds: one, or more where a title stands in a row between others."""
    starts = [0]
    for index in range(1, len(grid.rows) - 1):
        filled = [cell for cell in grid.rows[index] if not cell.is_blank]
        title = len(filled) == 1 and _TITLE.match(fold(filled[0].text)) and _ABOUT.search(filled[0].text)
        if (title or _opens_table(grid, index)) and not _is_caption(grid.rows[index - 1]):
            start = index - _is_attachment(grid.rows[index - 1])
            starts += [start] if start else []
    return [_rows_of(grid, start, end) for start, end in pairwise([*starts, len(grid.rows)])]


def _narrowed(grid: Grid) -> Grid:
    """Return a grid without the columns that are merged into the one at their left in each row with text there."""
    merged = [
        {c for cell in row if 1 < cell.colspan < grid.width for c in range(cell.column + 1, cell.column + cell.colspan)}
        for row in grid.rows
    ]
    rows = list(zip(grid.rows, merged, strict=True))
    gone = {
        column
        for column in set().union(*merged)
        if all(row[column].is_blank and (column in inside or row[column - 1].is_blank) for row, inside in rows)
        and sum(column in inside for inside in merged) > 1
    }
    if not gone:
        return grid
    kept = [column for column in range(grid.width) if column not in gone]

    def moved(cell: Cell, place: int) -> Cell:
        span = range(cell.column, cell.column + cell.colspan)
        return replace(cell, column=place, colspan=sum(column not in gone for column in span))

    return Grid(
        tuple(tuple(moved(row[column], place) for place, column in enumerate(kept)) for row in grid.rows), grid.locator
    )


def _rows_of(grid: Grid, start: int, end: int) -> Grid:
    if (start, end) == (0, len(grid.rows)):
        return grid
    rows = tuple(tuple(replace(cell, row=cell.row - start) for cell in row) for row in grid.rows[start:end])
    return Grid(rows, grid.rows[start][0].locator if start else grid.locator)


def _as_row(line: Paragraph, grid: Grid) -> Grid | None:
    """Return a line that fell out between two pieces as a row of the table, where it has a word for each column."""
    words = list(_WORD.finditer(line.text))
    texts = [word.group() for word in words]
    if len(texts) != grid.width or not _CODE.match(texts[0]) or parse_number(texts[1]):
        return None
    if not all(parse_number(text) for text in texts[2:]):
        return None
    cells = (Cell(w.group(), 0, i, locator=line.locator.span(w.start(), w.end())) for i, w in enumerate(words))
    return Grid((tuple(cells),), line.locator)


def stitch(blocks: Iterable[Block], header_depth: Callable[[Grid], int]) -> list[Paragraph | Stitched]:
    """Return the paragraphs and whole tables in reading order.

    header_depth  tells how many leading rows of a grid are its header
    """
    result: list[Paragraph | Stitched] = []
    words: list[str] = []  # what stood in the caption rows of the last table
    for block in blocks:
        if isinstance(block, Paragraph):
            result.append(block)
            continue
        for part in _tables_of(block):
            lifted = _without_repeats(_lift(part), header_depth)
            _take_in_line(result, lifted.grid, header_depth)
            marks = _marks_of_continuation(result)
            last = result[-1 - marks] if len(result) > marks else None
            if isinstance(last, Stitched) and lifted.words in ([], words) and _may_go_on(last.pieces[-1], block):
                joined = _join(last, block, lifted, header_depth)
                if joined is not None:
                    result[-1 - marks :] = [joined, *lifted.below]
                    continue
            words = lifted.words
            result += [*lifted.above, Stitched(lifted.grid, (block,), lifted.repeated, lifted.cells), *lifted.below]
    result = _with_columns(result, header_depth)
    return [replace(each, grid=_narrowed(each.grid)) if isinstance(each, Stitched) else each for each in result]


def _with_columns(
    blocks: Sequence[Paragraph | Stitched], header_depth: Callable[[Grid], int]
) -> list[Paragraph | Stitched]:
    """Return the blocks, tables whose columns go on on further pages made one; see `columns_over_pages`."""
    result: list[Paragraph | Stitched] = []
    for block in blocks:
        if not isinstance(block, Stitched):  # of most lines nothing is looked up
            result.append(block)
            continue
        place = next((i for i in reversed(range(len(result))) if isinstance(result[i], Stitched)), None)
        last = result[place] if place is not None else None
        if place is None or not isinstance(last, Stitched):
            result.append(block)
            continue
        between = [each for each in result[place + 1 :] if isinstance(each, Paragraph)]
        found = beside(last.grid, block.grid, between, header_depth)
        if isinstance(found, Sides) and not last.cut:
            made = _united(last, block, found.grid, found.repeated)
            above = result[place - 1] if place else None
            if isinstance(above, Stitched) and not between and not above.cut:
                skip = _common_rows(above.grid, made.grid, header_depth(above.grid))
                if skip and above.grid.width == made.grid.width:  # over, then down
                    rows = [cell for row in made.grid.rows[:skip] for cell in row]
                    made = _united(above, made, _append(above.grid, made.grid, skip), rows)
                    place -= 1
            result[place:] = [*between, made]
        elif found:
            why = last.cut or (found if isinstance(found, str) else "")
            result[place] = replace(last, cut=why)
            result.append(replace(block, cut=why))
        else:
            result.append(block)
    return result


def _united(first: Stitched, second: Stitched, grid: Grid, repeated: Iterable[Cell]) -> Stitched:
    """Return two pieces of a table as one."""
    cells = (*first.repeated, *second.repeated, *repeated)
    return Stitched(grid, (*first.pieces, *second.pieces), cells, (*first.lifted, *second.lifted))


def _may_go_on(first: Grid, second: Grid) -> bool:
    """Tell whether a table may go on in a grid: on the same sheet, or on one whose name differs in its number alone."""
    before, after = (_NUMBER_OF_SHEET.sub("", fold(grid.locator.sheet or "")) for grid in (first, second))
    return before == after


def _marks_of_continuation(result: Sequence[Paragraph | Stitched]) -> int:
    """Return how many lines above a table say that it goes on, with its unit: 续表."""
    texts: list[str] = []
    for line in reversed(result[-2:]):
        if not isinstance(line, Paragraph):
            break
        texts.append(fold(line.text))
    others = [text for text in texts if not _CONTINUED.match(text)]
    return len(texts) if len(others) < len(texts) and all(map(parse_unit, others)) else 0


def _take_in_line(result: list[Paragraph | Stitched], following: Grid, header_depth: Callable[[Grid], int]) -> None:
    """Put a line between a table and its next piece back into the table, where it is a row of it."""
    if len(result) < 2 or not isinstance(result[-1], Paragraph) or not isinstance(result[-2], Stitched):
        return
    line, table = result[-1], result[-2]
    row = _as_row(line, table.grid)
    if row and following.width == table.grid.width and header_depth(following) == 0:
        result[-2:] = [replace(table, grid=_append(table.grid, row, 0))]


def _join(last: Stitched, block: Grid, lifted: _Lifted, header_depth: Callable[[Grid], int]) -> Stitched | None:
    """Return the table with the next grid as its last piece, or None when that is no piece of it."""
    skip = _common_rows(last.grid, lifted.grid, header_depth(last.grid))
    if not skip and (last.grid.width != lifted.grid.width or not _goes_on(last.grid, lifted.grid, header_depth)):
        return None
    return Stitched(
        _append(last.grid, lifted.grid, skip),
        (*last.pieces, block),
        (*last.repeated, *(cell for row in lifted.grid.rows[:skip] for cell in row), *lifted.repeated),
        last.lifted + lifted.cells,
    )


def _goes_on(first: Grid, second: Grid, header_depth: Callable[[Grid], int]) -> bool:
    """Tell whether a grid opens as the rest of another: with data, or where that is a header, with the rest of it."""
    depth = header_depth(first)
    if depth == len(first.rows) and any(cell.colspan > 1 or cell.is_blank for cell in first.rows[-1]):
        return True  # its last row has names over several columns
    opening = next((row for row in second.rows if not all(cell.is_blank for cell in row)), second.rows[0])
    if is_column_number_row(opening):
        return depth == len(first.rows)
    rows = second.rows[: header_depth(second)]
    return all(map(_has_labels, rows)) and (not rows or (depth > 0 and not _has_labels(first.rows[0])))


def _has_labels(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row has labels alone, each with no word beside it: 工程, without amounts."""
    filled = [cell for cell in row if not cell.is_blank]
    return all(cell.colspan == cell.rowspan == 1 for cell in filled) and not any(
        a.column + 1 == b.column for a, b in pairwise(filled)
    )
