"""A sheet of cells -> paragraphs and grids.

A sheet does not say where its tables are. Rows that follow each other are one band; a band is cut into the lines
around a table (titles, units, notes) and the table itself, by how many cells a row fills and by the borders
drawn around them. What is hidden is left out, as on paper.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise, repeat
from operator import add, itemgetter

from budgetgraph.converter.blocks import Block, Cell, Grid, Locator, Paragraph, value
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.sheet_columns import MAXIMUM_COLUMNS, column_name
from budgetgraph.ontology.collecting import collector_paused

#: The most cells that the grids of one document may have, blank ones included.
MAXIMUM_CELLS = 500_000

#: The most cells in rows of merged ranges, counted again for each range: ranges can lie over one another.
MAXIMUM_MERGED = 2_000_000

_BLANKS, _NONES, _ONES = repeat(""), repeat(None), repeat(1)
_NUMBER = re.compile(r"[-−+(]?[\d,]*\.?\d+%?\)?\Z", re.ASCII)
_NOTE = re.compile(r"\s*[（(]?(?:注|备注|附注|说明)\d*[:：]")
_TITLE = re.compile(r".{3,}表(?:[（(].*[）)])?\s*\Z")
_NAMED_VALUE = re.compile(r"[^:：]{2,10}[:：]")

#: First row, first column, last row, last column, from 0.
Range = tuple[int, int, int, int]

#: The merged ranges by the first row and column of each that is shown.
Spans = dict[tuple[int, int], Range]


@dataclass(slots=True)
class Sheet:
    """What a sheet shows, positions from 0.

    rows            row -> column -> text of the cells that show one
    bordered        rows in which a cell has a border
    merged          ranges that show the text of their first cell and nothing else
    hidden_rows     in ascending order
    hidden_columns  in ascending order
    lines           line on which each row begins, where the source is a text; a place is then a line and a field
    """

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    bordered: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    lines: list[int] | None = None


@value
class SheetRows:
    """The rows of a grid in a sheet: texts alone, as the places of the cells follow from their rows and columns.

    sheet         its name
    columns, numbers  columns of the sheet and numbers of its rows that the grid has, from 0
    lines         line of each row, where the source is a text
    texts         of each row, of each of its columns
    start         offset of the first text
    spans         row and column in the grid, rowspan and colspan of each merged range
    """

    sheet: str
    columns: Sequence[int]
    numbers: Sequence[int]
    lines: Sequence[int] | None
    texts: Sequence[Sequence[str]]
    start: int
    spans: Sequence[Range]
    _unplaced: list[tuple[tuple[Cell, ...], ...]] = field(default_factory=list, init=False, repr=False, compare=False)

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows of cells, which get their places when one is first asked for."""
        with collector_paused():
            result = [Cell.row_of(texts, row, self) for row, texts in enumerate(self.texts)]
        for index, position, rowspan, colspan in self.spans:
            object.__setattr__(result[index][position], "rowspan", rowspan)
            object.__setattr__(result[index][position], "colspan", colspan)
        self._unplaced.append(tuple(result))
        return self._unplaced[-1]

    def place(self) -> None:
        """Give all cells that were made their places: one by one they would take three times as long."""
        with collector_paused():
            while self._unplaced:
                for row, places in zip(self._unplaced.pop(), self._places(), strict=True):
                    for cell, place in zip(row, places, strict=True):
                        object.__setattr__(cell, "locator", place)

    def _places(self) -> Iterator[tuple[Locator, ...]]:
        names = [column_name(column) for column in self.columns]
        offset = self.start
        for index, texts in enumerate(self.texts):
            lengths = list(map(len, texts))
            *starts, offset = accumulate(map(add, lengths, _ONES), initial=offset)
            ends = map(add, starts, lengths)
            if self.lines is None:
                number = str(self.numbers[index] + 1)
                refs = [name + number for name in names]
                yield tuple(map(Locator, _NONES, _NONES, starts, ends, _NONES, _NONES, repeat(self.sheet), refs))
            else:
                fields = (column + 1 for column in self.columns)
                yield tuple(map(Locator, repeat(self.lines[index]), fields, starts, ends))


class SheetLayout:
    """Makes blocks of the sheets of one document, in order; offsets run on from sheet to sheet.

    Offsets are those of `readers.offsets.number`, counted here: making a cell twice would take half of the reading.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._offset = 0
        self._cells = 0

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        """Yield the blocks of a sheet. Raises SourceError when the document has more than MAXIMUM_CELLS."""
        spans = _apply_merges(sheet, self._name)
        _drop_hidden(sheet)
        for band in _bands(sheet, spans, self._name):
            for part in _side_by_side(sheet, band, spans):
                yield from self._of_band(part, band, spans)

    def _of_band(self, sheet: Sheet, band: Sequence[int], spans: Spans) -> Iterator[Block]:
        for is_table, pairs in groupby(_roles(sheet, band, spans), key=itemgetter(1)):
            rows = [row for row, _ in pairs]
            filled = [row for row in rows if sheet.rows.get(row)]
            if is_table and filled:
                yield self._grid(sheet, rows[rows.index(filled[0]) : rows.index(filled[-1]) + 1], spans)
            else:
                yield from self._paragraphs(sheet, filled)

    def _paragraphs(self, sheet: Sheet, rows: Sequence[int]) -> Iterator[Paragraph]:
        for row in rows:
            for column, text in sorted(sheet.rows[row].items()):
                for line in text.splitlines():
                    if printed := line.strip():
                        start, self._offset = self._offset, self._offset + len(printed) + 1
                        yield Paragraph(printed, _place(sheet, row, column, start, self._offset - 1))

    def _grid(self, sheet: Sheet, rows: Sequence[int], spans: Spans) -> Grid:
        columns = self._columns(sheet, rows)
        texts = [_row_texts(sheet.rows.get(row, {}), columns) for row in rows]
        lines = None if sheet.lines is None else [sheet.lines[row] for row in rows]
        stored = SheetRows(sheet.name, columns, rows, lines, texts, self._offset, _placed(rows, columns, spans))
        length = sum(map(len, map("".join, texts))) + len(rows) * len(columns)  # each text is ended by a newline
        first, self._offset = self._offset, self._offset + length
        return Grid.of(stored, _place(sheet, rows[0], columns[0], first, self._offset - 1))

    def _columns(self, sheet: Sheet, rows: Sequence[int]) -> list[int]:
        """Return the columns from the first to the last that has text in these rows, and count the cells."""
        hidden = set(sheet.hidden_columns)
        first, last = _extent(sheet, rows)
        shown = [column for column in range(first, last + 1) if column not in hidden]
        self._cells += len(rows) * len(shown)
        if self._cells > MAXIMUM_CELLS:
            raise SourceError(
                f"{self._name}: {f'sheet {sheet.name!r}, ' if sheet.name else ''}row {rows[0] + 1}: the tables "
                f"have more than {MAXIMUM_CELLS} cells. Split the file, or clear what lies far from the tables."
            )
        return shown


def _placed(rows: Sequence[int], columns: Sequence[int], spans: Spans) -> list[Range]:
    """Return row and column in the grid, rowspan and colspan of each merged range that begins in it."""
    found = []
    for (row, column), (_, _, bottom, right) in spans.items():
        index, position = bisect_left(rows, row), bisect_left(columns, column)
        if index < len(rows) and rows[index] == row and position < len(columns) and columns[position] == column:
            rowspan, colspan = bisect_right(rows, bottom) - index, bisect_right(columns, right) - position
            found.append((index, position, rowspan, colspan))
    return found


def _row_texts(cells: dict[int, str], columns: list[int]) -> list[str]:
    """Return the text in each column. A loop over the cells would take as long again as reading the file."""
    return list(cells.values()) if list(cells) == columns else list(map(cells.get, columns, _BLANKS))


def _place(sheet: Sheet, row: int, column: int, start: int, end: int) -> Locator:
    if sheet.lines is None:
        return Locator(start=start, end=end, sheet=sheet.name, ref=f"{column_name(column)}{row + 1}")
    return Locator(sheet.lines[row], column + 1, start, end)


def _apply_merges(sheet: Sheet, name: str) -> Spans:
    """Drop what merged ranges cover; return the ranges by the first place of each that is not hidden."""
    spans: Spans = {}
    stored = sorted(sheet.rows) if sheet.merged else []
    last_row = stored[-1] if stored else -1
    steps = 0
    for top, left, bottom, right in sheet.merged:
        bottom = min(bottom, last_row)
        text = sheet.rows.get(top, {}).get(left, "")
        for row in stored[bisect_left(stored, top) : bisect_right(stored, bottom)]:
            columns = sheet.rows[row]
            steps += 1 + len(columns)
            for column in [column for column in columns if left <= column <= right]:
                del columns[column]
        if steps > MAXIMUM_MERGED:
            raise SourceError(
                f"{name}: merged ranges of sheet {sheet.name!r} cover more than {MAXIMUM_MERGED} cells, one over "
                "another. Undo merges that lie far from the tables."
            )
        row, column = _first_shown(top, sheet.hidden_rows), _first_shown(left, sheet.hidden_columns)
        if text and row <= bottom and column <= right:
            sheet.rows.setdefault(row, {})[column] = text
            spans[row, column] = (row, column, bottom, right)
    return spans


def _first_shown(position: int, hidden: Sequence[int]) -> int:
    index = bisect_left(hidden, position)
    while index < len(hidden) and hidden[index] == position:
        position, index = position + 1, index + 1
    return position


def hidden_sheet(name: str) -> Problem:
    """Return the problem that a whole sheet is hidden."""
    return Problem("hidden-content", Severity.WARNING, "the sheet is hidden, so it is not read", Locator(sheet=name))


def hidden_content(sheet: Sheet) -> Iterator[Problem]:
    """Yield what the hidden rows and columns of a sheet keep from being read."""
    if not (sheet.hidden_rows or sheet.hidden_columns):
        return
    rows = [str(row + 1) for row in sheet.hidden_rows if sheet.rows.get(row)]
    hidden = set(sheet.hidden_columns)
    found = {c for columns in sheet.rows.values() for c in columns if c in hidden} if hidden else set()
    for kind, names in (("rows", rows), ("columns", [column_name(column) for column in sorted(found)])):
        if names:
            more = f" and {len(names) - 20} more" if len(names) > 20 else ""
            message = f"hidden {kind} with text are not read: {', '.join(names[:20])}{more}"
            yield Problem("hidden-content", Severity.WARNING, message, Locator(sheet=sheet.name))


def _drop_hidden(sheet: Sheet) -> None:
    for row in sheet.hidden_rows:
        sheet.rows.pop(row, None)
        sheet.bordered.discard(row)
    if sheet.hidden_columns:
        hidden = set(sheet.hidden_columns)
        for row, columns in sheet.rows.items():
            sheet.rows[row] = {column: text for column, text in columns.items() if column not in hidden}


def _bands(sheet: Sheet, spans: Spans, name: str) -> Iterator[list[int]]:
    """Yield the runs of rows that follow each other without a blank row and hold a text.

    A row with a border is not blank.
    """
    filled = {row for row, columns in sheet.rows.items() if columns}
    used = set(filled)
    end = max(used, default=-1)
    used |= {row for row in sheet.bordered if row < end}
    used.update(_covered(sheet, spans, name))
    hidden = sheet.hidden_rows
    rows = sorted(used.difference(hidden))
    if filled and rows[-1] - rows[0] == len(rows) - 1:  # of most sheets no row is blank
        yield rows
        return
    band: list[int] = []
    for row in rows:
        between = row - band[-1] - 1 if band else 0
        if between and between > bisect_left(hidden, row) - bisect_left(hidden, band[-1]):
            if not filled.isdisjoint(band):
                yield band
            band = []
        band.append(row)
    if not filled.isdisjoint(band):
        yield band


def _side_by_side(sheet: Sheet, band: Sequence[int], spans: Spans) -> Iterator[Sheet]:
    """Yield the tables of a band that stand beside each other, each as a sheet: blank columns part their titles."""
    first_row = sheet.rows.get(band[0], {})
    titles = sorted(column for column, text in first_row.items() if "表" in text and _TITLE.search(text))
    if len(titles) < 2 or len(titles) < len(first_row):
        yield sheet
        return
    used = {c for row in band for first in sheet.rows.get(row, ()) for c in range(first, _right(spans, row, first) + 1)}
    starts = [column for column in sorted(used) if column - 1 not in used]
    parts = [0, *(max(start for start in starts if start <= title) for title in titles[1:])]
    if parts != sorted(set(parts)) or parts[1] <= titles[0]:
        yield sheet
        return
    for first, behind in pairwise([*parts, MAXIMUM_COLUMNS]):
        rows = {row: {c: t for c, t in sheet.rows.get(row, {}).items() if first <= c < behind} for row in band}
        yield replace(sheet, rows=rows)


def _right(spans: Spans, row: int, column: int) -> int:
    """Return the last column over which the text at a place reaches."""
    return spans.get((row, column), (row, column, row, column))[3]


def _covered(sheet: Sheet, spans: Spans, name: str) -> Iterator[int]:
    """Yield the rows over which merged ranges reach, each once. Raises SourceError beyond MAXIMUM_CELLS rows."""
    behind = count = 0
    for top, bottom in sorted((top, bottom) for top, _, bottom, _ in spans.values()):
        rows = range(max(top, behind), bottom + 1)
        behind = max(behind, bottom + 1)
        count += len(rows)
        if count > MAXIMUM_CELLS:
            raise SourceError(
                f"{name}: sheet {sheet.name!r}, row {top + 1}: a merged range reaches to row {bottom + 1}; at most "
                f"{MAXIMUM_CELLS} rows are read. Undo the merge, or clear what lies far from the tables."
            )
        yield from rows


def _roles(sheet: Sheet, band: Sequence[int], spans: Spans) -> list[tuple[int, bool]]:
    """Return for each row of a band whether it is of a table; the others are lines around it."""
    framed = list(map(sheet.bordered.__contains__, band))
    first, behind = 0, _notes(sheet, band)
    extent: tuple[int, int] | None = None
    while first < behind:
        spans_all = framed[first] and len(sheet.rows.get(band[first], ())) == 1
        if spans_all:
            extent = extent or _extent(sheet, band)
            spans_all = _spans_all(sheet, band[first], spans, *extent)
        if not _is_heading(_texts(sheet, band[first]), framed[first] and not spans_all):
            break
        first += 1
    table = [True] * (behind - first)
    if True in framed:
        pairs = zip(framed[first:behind], band[first:behind], strict=True)
        table = [in_frame or _has_number(_texts(sheet, row)) for in_frame, row in pairs]
    elif len(band) == 1:
        first, behind, table = 0, 1, [_has_number(_texts(sheet, band[0]))]
    return list(zip(band, [*[False] * first, *table, *[False] * (len(band) - behind)], strict=True))


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [text for _, text in sorted(sheet.rows.get(row, {}).items())]


def _has_number(texts: Sequence[str]) -> bool:
    return any(_NUMBER.match(text) for text in texts)


def _is_heading(texts: Sequence[str], in_frame: bool) -> bool:
    """Tell whether a row above a table is a line: a title, or named values ("单位：万元")."""
    if len(texts) < 2:
        return not in_frame
    return all(_NAMED_VALUE.match(text) for text in texts)


def _extent(sheet: Sheet, rows: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last column that has text in these rows."""
    columns: set[int] = set().union(*filter(None, map(sheet.rows.get, rows)))
    return min(columns), max(columns)


def _spans_all(sheet: Sheet, row: int, spans: Spans, left: int, right: int) -> bool:
    """Tell whether the only text of a row reaches over these columns."""
    (column,) = sheet.rows[row]
    return column <= left and _right(spans, row, column) >= right


def _notes(sheet: Sheet, band: Sequence[int]) -> int:
    """Return the index of the first note below a table: from there on no row has two texts."""
    first = len(band)
    while first and len(sheet.rows.get(band[first - 1], {})) < 2:
        first -= 1
    notes = (i for i in range(first, len(band)) if any(map(_NOTE.match, _texts(sheet, band[i]))))
    return next(notes, len(band))
