"""Tables that are printed again, as a workbook: a title page, then one sheet for each table."""

import re
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from budgetgraph.converter.reprint.tables import ReprintedCell, ReprintedPublication, ReprintedTable

#: Name of the sheet with the title page.
COVER = "封面"
#: Row of a sheet, from 0, in which its table begins: number, title and unit stand above.
FIRST_ROW = 3
#: Numbers with more digits are not exact in a spreadsheet and are written there as text.
SPREADSHEET_DIGITS = 15

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_NARROWEST, _WIDEST, _WIDEST_HEAD = 8, 44, 14
#: Sizes of letters and height of a line in points.
_SIZE, _TITLE_SIZE, _COVER_SIZE, _LINE = 11, 14, 16, 15.0
_PAPER_A4 = 9
_HEADS = frozenset(("header", "column-number"))
_CENTRED = _HEADS | {"line-number", "unit-code", "unit"}


def number_format(text: str) -> str | None:
    """Return the spreadsheet format under which a number shows as printed, or None when no format does.

    >>> number_format("1,465.28"), number_format("841.5700"), number_format("212"), number_format("-")
    ('#,##0.00', '0.0000', '0', None)
    >>> number_format("−1.20"), number_format("1,46.28"), number_format("-0.00")
    (None, None, None)
    """
    found = _NUMBER.fullmatch(text)
    if not found or len(re.sub(r"\D", "", text)) > SPREADSHEET_DIGITS or (text[0] == "-" and not text.strip("-0.,")):
        return None
    whole = "#,##0" if "," in text else "0"
    return f"{whole}.{'0' * len(found[1])}" if found[1] else whole


def to_xlsx(publication: ReprintedPublication) -> bytes:
    """Return a workbook with one sheet for each table; numbers are numbers that show as printed."""
    import xlsxwriter  # 0.4 s that only this format pays

    output = BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    book.set_properties({"title": publication.title})
    workbook = _Workbook(book)
    workbook.cover(publication)
    for table in publication.tables:
        workbook.table(table)
    book.close()
    return output.getvalue()


class _Workbook:
    """Writes the sheets; equal formats are one."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def cover(self, publication: ReprintedPublication) -> None:
        """Write the title page."""
        sheet = self._book.add_worksheet(COVER)
        sheet.set_column(0, 0, 2 * _WIDEST)
        title, *rest = publication.front()
        sheet.write_string(0, 0, title, self._format(bold=True, font_size=_COVER_SIZE))
        for row, line in enumerate(rest, start=1):
            sheet.write_string(row, 0, line)
        _on_paper(sheet)

    def table(self, table: ReprintedTable) -> None:
        """Write a table with the lines above and below it."""
        sheet = self._book.add_worksheet(table.id)
        number, title, unit = table.heading()
        last = table.columns - 1
        styles: tuple[tuple[str, dict[str, object]], ...] = (
            (number, {}),
            (title, {"bold": True, "font_size": _TITLE_SIZE, "align": "center"}),
            (unit, {"align": "right"}),
        )
        for row, (line, style) in enumerate(styles):
            if line and style and last:
                sheet.merge_range(row, 0, row, last, line, self._format(**style))
            elif line:
                sheet.write_string(row, 0, line, self._format(**style))
        for row in range(table.rows):
            for column in range(table.columns):
                sheet.write_blank(FIRST_ROW + row, column, None, self._format(border=1))
        for cell in table.cells:
            self._cell(sheet, cell)
        for row, note in enumerate(table.notes, start=FIRST_ROW + table.rows):
            sheet.write_string(row, 0, note)
        widths = _widths(table)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, height in _heights(table, widths).items():
            sheet.set_row(FIRST_ROW + row - 1, height)
        heads = max((c.row + c.rowspan - 1 for c in table.cells if c.role in _HEADS), default=0)
        sheet.freeze_panes(FIRST_ROW + heads, 0)
        if heads:
            sheet.repeat_rows(FIRST_ROW, FIRST_ROW + heads - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        _on_paper(sheet)

    def _cell(self, sheet: Any, cell: ReprintedCell) -> None:
        row, column = cell.row + FIRST_ROW - 1, cell.column - 1
        shape = number_format(cell.text) if cell.role in {"amount", "derived"} else None
        style: dict[str, object] = {"border": 1, "valign": "vcenter"}
        if cell.role in {"amount", "derived", "value"}:
            style["align"] = "right"
        else:
            style["text_wrap"] = True
        if cell.role in _CENTRED:
            style["align"] = "center"
        if cell.role == "header":
            style |= {"bold": True, "bg_color": "#EEEEEE"}
        if shape:
            style["num_format"] = shape
        written = self._format(**style)
        if cell.rowspan > 1 or cell.colspan > 1:
            sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", written)
        if shape:
            sheet.write_number(row, column, float(cell.text.replace(",", "")), written)
        else:
            sheet.write_string(row, column, cell.text, written)

    def _format(self, **style: object) -> Any:
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]


def _on_paper(sheet: Any) -> None:
    """Have a sheet printed over the width of one page."""
    sheet.set_paper(_PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _widths(table: ReprintedTable) -> list[float]:
    """Return the widths of the columns in characters, as their cells and the title need them; long texts wrap."""
    widths = [float(_NARROWEST)] * table.columns
    for cell in table.cells:
        if cell.colspan == 1:
            longest = max(map(_width, cell.text.splitlines()), default=0)
            most = _WIDEST_HEAD if cell.role in _HEADS else _WIDEST
            widths[cell.column - 1] = max(widths[cell.column - 1], min(longest + 2, most))
    _, title, unit = table.heading()
    short = max(_width(title) * _TITLE_SIZE / _SIZE, _width(unit)) + 2 - sum(widths)
    return [width + max(short, 0) / table.columns for width in widths]


def _heights(table: ReprintedTable, widths: Sequence[float]) -> dict[int, float]:
    """Return the heights in points of the rows, from 1, whose heads need several lines: merged cells do not grow."""
    heights: dict[int, float] = {}
    for cell in table.cells:
        if cell.role == "header":
            room = sum(widths[cell.column - 1 : cell.column - 1 + cell.colspan]) - 1
            lines = sum(ceil(_width(line) / room) or 1 for line in cell.text.splitlines())
            height = _LINE * lines / cell.rowspan
            for row in range(cell.row, cell.row + cell.rowspan):
                if height > max(heights.get(row, 0), _LINE):
                    heights[row] = height
    return heights


def _width(text: str) -> float:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
