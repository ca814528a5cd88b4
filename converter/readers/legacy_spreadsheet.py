"""XLS workbooks (Excel 97 to 2003, and WPS .et), through xlrd, which knows values, formats and merged ranges."""

import io
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet as StoredSheet

from budgetgraph.converter.blocks import Block, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.characters import raised, visible
from budgetgraph.converter.readers.compound import root_streams
from budgetgraph.converter.readers.number_formats import BUILT_IN, NumberFormat, compile_format, exact
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.sheet_columns import column_name
from budgetgraph.converter.readers.sheets import MAXIMUM_CELLS, Sheet, SheetLayout, hidden_content, hidden_sheet
from budgetgraph.converter.readers.workbook_cells import FORMULA
from budgetgraph.ontology.collecting import collector_paused

#: The largest workbook that is read, in bytes. The reader makes objects for all of it, some 20 times as large.
MAXIMUM_SIZE = 16 * 1024 * 1024

#: Formats that depend on the reader's country; xlrd gives the American form.
_LOCAL_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

_FORMULA_RECORD, _STRING_RECORD = 0x0006, 0x0207
_BEGIN_RECORD, _END_RECORD = 0x0809, 0x000A
_CALCULATE_ON_LOAD = 0x2
_NO_RESULT = frozenset((bytes(8), b"\x00\x00\x00\x00\x00\x00\xff\xff", b"\x03\x00\x00\x00\x00\x00\xff\xff"))


class LegacyWorkbookReader:
    """Reads .xls and .et files."""

    media_type = "application/vnd.ms-excel"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a workbook at its root."""
        return not root_streams(data).isdisjoint(("Workbook", "Book"))

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of the sheets that are shown, in order.

        Raises SourceError when the file is damaged, protected by a password, or larger than MAXIMUM_SIZE.
        """
        if len(data) > MAXIMUM_SIZE:
            raise SourceError(
                f"{name}: {len(data)} bytes; workbooks of at most {MAXIMUM_SIZE // 1024**2} MiB are read. "
                "Save it as .xlsx, or split it."
            )
        with collector_paused():
            try:
                with xlrd.open_workbook(
                    file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
                ) as book:
                    return _Workbook(book, name).read()
            except SourceError:
                raise
            except Exception as error:  # noqa: BLE001 - xlrd lets out whatever a damaged record leads to
                reason = str(error) or type(error).__name__
                advice = "Give it without a password" if "encrypted" in reason else "Open it and save it as .xlsx"
                raise SourceError(f"{name}: the workbook cannot be read ({reason}). {advice}.") from None


class _Workbook:
    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self._name = name
        self._formats = [self._format(xf.format_key) for xf in book.xf_list]
        self._numbers = [each.quick(each.show) for each in self._formats]
        self._bordered = [_has_border(xf.border) for xf in book.xf_list]
        self._problems: list[Problem] = []

    def read(self) -> Reading:
        layout = SheetLayout(self._name)
        blocks: list[Block] = []
        for index, name in enumerate(self._book.sheet_names()):
            stored = self._book.sheet_by_index(index)
            if stored.visibility:
                self._problems.append(hidden_sheet(name))
            else:
                sheet = self._sheet(stored, set(_uncalculated(self._book, index)))
                self._problems += hidden_content(sheet)
                blocks += layout.blocks(sheet)
            self._book.unload_sheet(index)
        return Reading(blocks, self._problems)

    def _format(self, key: int) -> NumberFormat:
        known = self._book.format_map.get(key)
        local = key in _LOCAL_FORMATS or known is None
        code = BUILT_IN.get(key, "General") if local or known is None else known.format_str
        return compile_format(code, self._book.datemode == 1)

    def _sheet(self, stored: StoredSheet, uncalculated: set[tuple[int, int]]) -> Sheet:
        sheet = Sheet(stored.name)
        count = 0
        for row in range(stored.nrows):
            cells: dict[int, str] = {}
            for column in range(stored.row_len(row)):
                if self._bordered[stored.cell_xf_index(row, column)]:
                    sheet.bordered.add(row)
                if (row, column) in uncalculated:
                    cells[column] = self._formula(sheet.name, row, column)
                elif text := self._text(stored, row, column):
                    cells[column] = text
            sheet.rows[row] = cells
            count += len(cells)
            if count > MAXIMUM_CELLS:
                raise SourceError(
                    f"{self._name}: sheet {sheet.name!r} has more than {MAXIMUM_CELLS} cells. Split the file."
                )
        sheet.merged = [(top, left, below - 1, behind - 1) for top, below, left, behind in stored.merged_cells]
        rows, columns = stored.rowinfo_map.items(), stored.colinfo_map.items()
        sheet.hidden_rows = sorted(row for row, info in rows if info.hidden or info.height == 0)
        sheet.hidden_columns = sorted(column for column, info in columns if info.hidden or info.width == 0)
        return sheet

    def _text(self, stored: StoredSheet, row: int, column: int) -> str:
        kind = stored.cell_type(row, column)
        value: Any = stored.cell_value(row, column)  # str or float, by kind
        if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
            return ""
        style = stored.cell_xf_index(row, column)
        if kind == xlrd.XL_CELL_TEXT:
            text = self._with_raised(str(value), stored.rich_text_runlist_map.get((row, column), ()))
            return self._formats[style].show_text(visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip())
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(value, "#ERROR!"))
        return self._numbers[style](exact(value))

    def _with_raised(self, text: str, runs: Sequence[tuple[int, int]]) -> str:
        """Return a text with the runs that are superscript as such; runs say where a font begins."""
        ends = [*(start for start, _ in runs), len(text)]
        parts = [
            raised(text[a:b]) if self._book.font_list[font].escapement == 1 else text[a:b]
            for (a, font), b in zip(runs, ends[1:], strict=True)
        ]
        return text[: ends[0]] + "".join(parts)

    def _formula(self, sheet: str, row: int, column: int) -> str:
        place = Locator(sheet=sheet, ref=f"{column_name(column)}{row + 1}")
        message = "the formula was never calculated; open and save the file with the spreadsheet program"
        self._problems.append(Problem("formula-without-value", Severity.ERROR, message, place))
        return FORMULA


def _has_border(border: object) -> bool:
    return any(getattr(border, f"{side}_line_style", 0) for side in ("left", "right", "top", "bottom"))


def _uncalculated(book: Book, index: int) -> Iterator[tuple[int, int]]:
    """Yield row and column of formulas that store 0 or no text and ask to be calculated when the file is opened.

    Programs that write formulas without calculating them leave this; xlrd gives it as a value.
    """
    stream = book.mem or b""
    place: int = book._sh_abs_posn[index]  # type: ignore[attr-defined]
    depth = 0
    while place + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, place)
        depth += (code == _BEGIN_RECORD) - (code == _END_RECORD)  # a chart in a sheet has records of its own
        if depth <= 0:
            return
        if code == _FORMULA_RECORD and length >= 16:
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", stream, place + 4)
            (follows,) = struct.unpack_from("<H", stream, place + 4 + length)
            if flags & _CALCULATE_ON_LOAD and result in _NO_RESULT and follows != _STRING_RECORD:
                yield row, column
        place += 4 + length
