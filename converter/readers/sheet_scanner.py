"""The cells of an XLSX sheet, read in one pass over its text.

A sheet of 240,000 cells is 10 MB of XML with half a million elements: a parser that makes an object or a call
for each takes longer than everything else together. Between <sheetData> and </sheetData> the form is narrow (rows
of cells, a cell's attributes, at most a value and a formula), so a regular expression takes it apart token by
token. It matches every character: what is none of the known tokens stops the reading, so nothing is skipped
unseen. All the rest of the sheet goes through the XML parser.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from lxml import etree

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.markup import local_name, parse_xml
from budgetgraph.converter.readers.sheets import MAXIMUM_CELLS, MAXIMUM_COLUMNS, Sheet, column_name

#: The largest part of a sheet, in bytes when inflated: about a million cells.
MAXIMUM_SHEET = 40 * 1024 * 1024

#: The last row that a sheet can have.
_MAXIMUM_ROWS = 1_048_576

_SHEET_DATA = re.compile(r"<sheetData(?:\s[^>]*)?(?:/>|>(.*)</sheetData\s*>)", re.DOTALL)
#: The first alternative is what nearly all cells are: place, other attributes, and the whole and fraction of a
#: number of at most 15 digits (of a shared string, its index).
_TOKEN = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^<>]*)><v>(0|[1-9][0-9]{0,10})(?:\.([0-9]{1,4}))?</v></c>'
    r"|(</row>|<c\b[^>]*?(?:/>|>.*?</c\s*>)|<[^>]*>|[^<]+)",
    re.DOTALL,
)
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*)</c\s*>)\Z", re.DOTALL)
_VALUE = re.compile(r"<v>([^<&]*)</v>\Z")
_ROW = re.compile(r"<row(?:\s([^>]*?))?(/?)>\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([^\"']*)[\"']")


#: Letters of a column -> its number from 0.
COLUMNS = {column_name(column): column for column in range(MAXIMUM_COLUMNS)}


class StoredCell(NamedTuple):
    """A cell as stored.

    row, column  from 0
    attributes   its other attributes, as written: style (s) and kind of value (t)
    body         everything inside <c>
    """

    row: int
    column: int
    attributes: str
    body: str

    @property
    def value(self) -> str | None:
        """Return the text of <v> where the cell has nothing else, not even a character to decode."""
        match = _VALUE.match(self.body)
        return match.group(1) if match else None


class CellTexts(Protocol):
    """What a workbook knows of its cells, for `scan_cells`. Attributes are those of `StoredCell`."""

    def digits(self, attributes: str) -> Callable[[str, str], str]:
        """Return a function of whole and fraction digits ("" for none) that returns what such cells show."""

    def has_border(self, attributes: str) -> bool:
        """Tell whether such cells have a border."""

    def show(self, cell: StoredCell) -> str:
        """Return what a cell shows that holds anything but digits."""


def split_sheet(data: bytes, name: str, part: str) -> tuple[etree._Element, str]:
    """Return the sheet's tree without its cells, and the text between <sheetData> and </sheetData>.

    Comments, CDATA, namespace prefixes and other encodings than UTF-8 are legal but rarely written: such a sheet
    is rewritten by the XML parser first. Raises SourceError when the sheet is too large or not well-formed.
    """
    if len(data) > MAXIMUM_SHEET:
        raise SourceError(
            f"{name}: {part} has {len(data)} bytes; at most {MAXIMUM_SHEET // 1024**2} MiB are read. Split the file."
        )
    encoding = _ENCODING.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (encoding and encoding.group(1).lower() != b"utf-8"):
        data = _rewritten(data, name, part)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: {part} is not UTF-8 at byte {error.start}. Fetch the file again.") from None
    found = _SHEET_DATA.search(text)
    if found is None or "<!" in text:
        text = _rewritten(data, name, part).decode()
        found = _SHEET_DATA.search(text)
    if found is None:
        return parse_xml(data, name, part), ""
    frame = f"{text[: found.start()]}<sheetData/>{text[found.end() :]}"
    return parse_xml(frame.encode(), name, part), found.group(1) or ""


def _rewritten(data: bytes, name: str, part: str) -> bytes:
    """Return the sheet as plain UTF-8: no prefixes, comments or CDATA."""
    root = parse_xml(data, name, part)
    for element in root.iter():
        element.tag = local_name(element)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8")


def scan_cells(text: str, texts: CellTexts, sheet: Sheet, where: str) -> None:
    """Fill the rows of `sheet` from the text of <sheetData>.

    where  file and sheet, for messages

    Raises SourceError at anything that is neither row nor cell, at a place outside a sheet's bounds, at a style or
    string that is not defined, and at more than MAXIMUM_CELLS cells with text.
    """
    digits: dict[str, Callable[[str, str], str]] = {}
    bordered: set[str] = set()
    row, column, count = -1, -1, 0
    has_border = False
    cells: dict[int, str] = {}
    try:
        for token in _TOKEN.finditer(text):
            letters, attributes, whole, fraction, other = token.groups("")
            if not other:
                column = COLUMNS[letters]
                if attributes not in digits:
                    digits[attributes] = texts.digits(attributes)
                    if texts.has_border(attributes):
                        bordered.add(attributes)
                shown = digits[attributes](whole, fraction)
            elif other == "</row>" or other.isspace():
                continue
            elif found := _ROW.match(other):
                if has_border:
                    sheet.bordered.add(row)
                count += len(cells)
                if count > MAXIMUM_CELLS:
                    raise SourceError(f"{where} has more than {MAXIMUM_CELLS} cells. Split the file.")
                row = _open_row(attributes_of(found.group(1) or ""), row, sheet)
                column, has_border, cells = -1, False, sheet.rows.setdefault(row, {})
                continue
            else:
                cell = _stored(other, column, row)
                column, attributes = cell.column, cell.attributes
                shown = texts.show(cell) if cell.body else ""
                has_border = has_border or texts.has_border(attributes)
            if not has_border and attributes in bordered:
                has_border = True
            if shown:
                cells[column] = shown
    except (KeyError, IndexError, ValueError) as error:
        raise SourceError(f"{where}: row {row + 1}: {error} is not defined. Save the file again.") from None
    if has_border:
        sheet.bordered.add(row)
    if row < 0 and not text.isspace() and text:
        raise SourceError(f"{where}: {text[:40]!r} stands where rows should. Save the file again.")


def _open_row(attributes: dict[str, str], before: int, sheet: Sheet) -> int:
    """Return the number of the row. Raises ValueError unless it follows the row before."""
    row = int(attributes["r"]) - 1 if "r" in attributes else before + 1
    if not before < row < _MAXIMUM_ROWS:
        raise ValueError(f"row {row + 1} after row {before + 1}")
    if attributes.get("hidden") in {"1", "true"}:
        sheet.hidden_rows.append(row)
    return row


def _stored(token: str, before: int, row: int) -> StoredCell:
    """Return any cell; one without place follows the one before. Raises ValueError when it is no cell."""
    match = _CELL.match(token)
    if match is None:
        raise ValueError(f"{token[:40]!r} between the cells")
    letters = attributes_of(match.group(1)).get("r", "").rstrip("0123456789")
    column = COLUMNS[letters] if letters else before + 1
    if column >= MAXIMUM_COLUMNS:
        raise ValueError(f"column {column + 1}")
    return StoredCell(row, column, match.group(1), match.group(2) or "")


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a start tag."""
    return dict(_ATTRIBUTE.findall(text))
