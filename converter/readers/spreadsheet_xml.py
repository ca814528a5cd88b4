"""XML workbooks of Excel 2002 and 2003 (SpreadsheetML), which programs write into files that end with .xls or .xml."""

from collections.abc import Iterator

from lxml import etree

from budgetgraph.converter.blocks import Block, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.characters import raised, struck, visible
from budgetgraph.converter.readers.markup import attribute, local_name, parse_xml
from budgetgraph.converter.readers.number_formats import NumberFormat, compile_format
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.sheet_columns import MAXIMUM_COLUMNS, column_name
from budgetgraph.converter.readers.sheet_scanner import NOTHING
from budgetgraph.converter.readers.sheets import MAXIMUM_CELLS, Sheet, SheetLayout, hidden_content, hidden_sheet
from budgetgraph.converter.readers.workbook_cells import FORMULA
from budgetgraph.ontology.collecting import collector_paused

#: The namespace that the root declares, near the beginning of the file.
MARK = b"urn:schemas-microsoft-com:office:spreadsheet"

_BEGINNING = 4096
_MAXIMUM_ROWS = 1_048_576
#: Formats that are stored by name.
_NAMED_FORMATS = {
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": '"¥"#,##0.00',
    "Percent": "0.00%",
    "Short Date": "yyyy/m/d",
    "General Number": "General",
}
_MARKS = {"Sup": raised, "S": struck}


class XmlWorkbookReader:
    """Reads SpreadsheetML."""

    media_type = "application/vnd.ms-excel"

    def handles(self, data: bytes) -> bool:
        """Tell whether the beginning of the bytes names the format."""
        return MARK in data[:_BEGINNING] and b"<Workbook" in data[:_BEGINNING]

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of the sheets that are shown, in order.

        Raises SourceError when the file is no well-formed XML or beyond the limits of the modules of this folder.
        """
        with collector_paused():
            return _Workbook(parse_xml(data, name, "the workbook"), name).read()


class _Workbook:
    def __init__(self, root: etree._Element, name: str) -> None:
        self._root = root
        self._name = name
        self._formats: dict[str, NumberFormat] = {}
        self._bordered: set[str] = set()
        self._problems: list[Problem] = []
        for style in root.iterfind("{*}Styles/{*}Style"):
            self._add_style(style)

    def _add_style(self, style: etree._Element) -> None:
        """Take note of a style; those that it builds on stand before it."""
        identity, parent = attribute(style, "ID") or "", attribute(style, "Parent") or ""
        number = style.find("{*}NumberFormat")
        if number is not None:
            code = attribute(number, "Format") or "General"
            self._formats[identity] = compile_format(_NAMED_FORMATS.get(code, code))
        elif parent in self._formats:
            self._formats[identity] = self._formats[parent]
        sides = style.iterfind("{*}Borders/{*}Border")
        if parent in self._bordered or any(attribute(side, "LineStyle") not in {None, "None"} for side in sides):
            self._bordered.add(identity)

    def read(self) -> Reading:
        layout = SheetLayout(self._name)
        blocks: list[Block] = []
        for stored in self._root.iterfind("{*}Worksheet"):
            name = attribute(stored, "Name") or ""
            if stored.find("{*}WorksheetOptions/{*}Visible") is not None:  # only hidden ones say it
                self._problems.append(hidden_sheet(name))
                continue
            sheet = self._sheet(stored, name)
            self._problems += hidden_content(sheet)
            blocks += layout.blocks(sheet)
        return Reading(blocks, self._problems)

    def _sheet(self, stored: etree._Element, name: str) -> Sheet:
        sheet = Sheet(name)
        styles: dict[int, str] = {}  # of the columns
        count = 0
        for first, columns in self._placed(stored.iterfind("{*}Table/{*}Column"), MAXIMUM_COLUMNS):
            places = range(first, min(first + _whole(columns, "Span") + 1, MAXIMUM_COLUMNS))
            styles.update(dict.fromkeys(places, attribute(columns, "StyleID") or ""))
            if _is_hidden(columns, "Width"):
                sheet.hidden_columns += places
        for row, written in self._placed(stored.iterfind("{*}Table/{*}Row"), _MAXIMUM_ROWS):
            if _is_hidden(written, "Height"):
                sheet.hidden_rows += range(row, min(row + _whole(written, "Span") + 1, _MAXIMUM_ROWS))
            cells = sheet.rows[row] = {}
            for column, cell in self._placed(written.iterfind("{*}Cell"), MAXIMUM_COLUMNS):
                style = attribute(cell, "StyleID") or attribute(written, "StyleID") or styles.get(column, "")
                if style in self._bordered:
                    sheet.bordered.add(row)
                right, down = _whole(cell, "MergeAcross"), _whole(cell, "MergeDown")
                if right or down:
                    below, last = min(row + down, _MAXIMUM_ROWS - 1), min(column + right, MAXIMUM_COLUMNS - 1)
                    sheet.merged.append((row, column, below, last))
                if text := self._text(cell, style, Locator(sheet=name, ref=f"{column_name(column)}{row + 1}")):
                    cells[column] = text
            count += len(cells)
            if count > MAXIMUM_CELLS:
                raise SourceError(f"{self._name}: sheet {name!r} has more than {MAXIMUM_CELLS} cells. Split the file.")
        return sheet

    def _placed(self, elements: Iterator[etree._Element], behind: int) -> Iterator[tuple[int, etree._Element]]:
        """Yield elements with their places from 0: those that state none follow the one before and what it covers."""
        place = 0
        for element in elements:
            place = _whole(element, "Index") - 1 if _whole(element, "Index") else place
            if not 0 <= place < behind:
                raise SourceError(f"{self._name}: a row or column of number {place + 1}. Save the file as .xlsx.")
            yield place, element
            place += 1 + max(_whole(element, "MergeAcross"), _whole(element, "Span"))

    def _text(self, cell: etree._Element, style: str, place: Locator) -> str:
        data = cell.find("{*}Data")
        stored = "" if data is None else _content(data)
        if not stored and attribute(cell, "Formula"):
            message = "the formula has no value in the file; open and save it with the spreadsheet program"
            self._problems.append(Problem("formula-without-value", Severity.ERROR, message, place))
            return FORMULA
        shown = self._formats.get(style) or compile_format("General")
        kind = attribute(data, "Type") if data is not None else ""
        if kind == "Number":
            return shown.show(stored)
        if kind == "Boolean":
            return "TRUE" if stored == "1" else "FALSE"
        return shown.show_text(stored.partition("T")[0] if kind == "DateTime" else stored)


def _content(element: etree._Element) -> str:
    """Return the text of a cell, which may have pieces in other fonts."""

    def pieces(piece: etree._Element) -> Iterator[str]:
        mark = _MARKS.get(local_name(piece), str)
        yield mark(piece.text or "")
        for child in piece:
            yield from map(mark, pieces(child))
            yield mark(child.tail or "")

    return visible("".join(pieces(element))).strip()


def _whole(element: etree._Element, name: str) -> int:
    """Return a whole number that an element states, 0 when it states none."""
    text = attribute(element, name) or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _is_hidden(element: etree._Element, size: str) -> bool:
    return attribute(element, "Hidden") == "1" or NOTHING.match(attribute(element, size) or "") is not None
