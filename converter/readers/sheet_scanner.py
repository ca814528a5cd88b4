"""The cells of an XLSX sheet, read in one pass over its text.

A sheet of 240,000 cells is 10 MB of XML with half a million elements: a parser that makes an object or a call
for each takes longer than everything else together. Between <sheetData> and </sheetData> the form is narrow (rows
of cells, a cell's attributes, at most a value and a formula). So a regular expression splits a row at its cells, all
at once; where anything is left between them, the row is taken apart token by token, and what is none of the known
tokens stops the reading: nothing is skipped unseen. All the rest of the sheet goes through the XML parser.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from operator import call
from typing import Any, NamedTuple, Protocol, TypeVar

from lxml import etree

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.markup import local_name, parse_xml
from budgetgraph.converter.readers.sheet_columns import MAXIMUM_COLUMNS, column_number
from budgetgraph.converter.readers.sheets import MAXIMUM_CELLS, Sheet

#: The largest part of a sheet, in bytes when inflated: about a million cells.
MAXIMUM_SHEET = 40 * 1024 * 1024

#: The last row that a sheet can have.
_MAXIMUM_ROWS = 1_048_576

_SHEET_DATA = re.compile(r"<sheetData(?:\s[^>]*)?(?:/>|>(.*)</sheetData\s*>)", re.DOTALL)
#: A cell as nearly all are written, with nothing, one value (of a formula, its result) or one plain text: letters of
#: the column, other attributes (and the "/" of one with nothing), the value, the text. One negated character is passed
#: over at twice the speed of several.
_PLAIN_CELL = re.compile(
    r'<c r="([A-Z]++)[0-9]++"([^>]*+)>'
    r"(?:(?<=/>)|(?:<v>|<f(?:[^<>]*+/>|[^<>]*+>[^<]*+</f>)<v>)([^<]++)</v></c>"
    r'|<is><t(?: xml:space="preserve")?>([^<]*+)</t></is></c>)'
)
#: The start of a row behind the one before: its number where it states that first and is not hidden or of no height,
#: else all its attributes.
_PLAIN_ROW = re.compile(r'</row><row (?:r="([0-9]{1,7})"(?![^>]*(?:hidden| ht="0))[^<>/]*+|([^<>/]*+))>\Z')
#: Rows without cells: many sheets have ten thousands, with a height and nothing else.
_BLANK_ROWS = re.compile(r'(?:<row( r="[0-9]{1,7}")(?:(?!hidden)[^<>/])*+/>)++')
#: Any other row, token by token.
_TOKEN = re.compile(r"</row>|<c\b[^>]*?(?:/>|>.*?</c\s*>)|<[^>]*>|[^<]+", re.DOTALL)
_ROW_END = "</row>"
#: Rows are taken at once up to about so many characters.
_AT_ONCE = 16 * 1024
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*)</c\s*>)\Z", re.DOTALL)
_VALUE = re.compile(r"<v>([^<&]*)</v>\Z")
_ROW = re.compile(r"<row(?:\s([^<>]*?))?(/?)>\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
#: Height or width of what is not seen.
NOTHING = re.compile(r"0+(?:\.0*)?\Z")
_LETTERS = re.compile(r"[A-Z]{1,3}\Z")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([^\"']*)[\"']")


class _Columns(dict[str, int]):
    """Letters of a column -> its number from 0, worked out once. Raises KeyError when no sheet has such a column."""

    def __missing__(self, letters: str) -> int:
        if _LETTERS.match(letters) and (column := column_number(letters)) < MAXIMUM_COLUMNS:
            self[letters] = column
            return column
        raise KeyError(letters)


_COLUMNS = _Columns()

#: How many values a `Filled` keeps.
_KEPT = 2_000

_K = TypeVar("_K")
_V = TypeVar("_V")


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


class Filled(dict[_K, _V]):
    """A dictionary that makes the value of a key that it does not have, beginning with what is known.

    It keeps the first _KEPT values: amounts hardly repeat, and a dictionary of all would be slower than making them.
    """

    def __init__(self, make: Callable[[_K], _V], known: Mapping[_K, _V] | None = None) -> None:
        super().__init__(known or {})
        self._make = make

    def __missing__(self, key: _K) -> _V:
        value = self._make(key)
        if len(self) < _KEPT:
            self[key] = value
        return value


class CellTexts(Protocol):
    """What a workbook knows of its cells, for `scan_cells`. Attributes are those of `StoredCell`.

    shown     attributes -> what gives what a cell shows for what it stores, as written in XML, "" for nothing
    bordered  attributes -> whether such cells have a border
    """

    shown: Filled[str, Callable[[str], str]]
    bordered: Filled[str, bool]

    def show(self, cell: StoredCell) -> str:
        """Return what a cell shows that holds more than one value or plain text."""


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
    if found is None or ("!" in text and "<!" in text):  # one character alone is looked for ten times as fast
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
    rows = _Rows(texts, sheet, where)
    start, last = 0, text.rfind(_ROW_END)
    while start <= last:
        end = text.find(_ROW_END, min(start + _AT_ONCE, last)) + len(_ROW_END)
        rows.take(text[start:end])
        start = end
    rows.take_tokens(text[start:])


class _Rows:
    """Fills the rows of a sheet from pieces of its text, one behind the other."""

    def __init__(self, texts: CellTexts, sheet: Sheet, where: str) -> None:
        self._texts, self._sheet, self._where = texts, sheet, where
        self._row, self._count = -1, 0

    def take(self, text: str) -> None:
        """Take whole rows, all at once where they are plain, else one by one."""
        before = self._row
        is_one = text.count(_ROW_END) == 1
        try:
            if self._take_plain(text):
                return
        except (KeyError, IndexError, ValueError) as error:
            if is_one:
                raise self._refusal(error) from None
        self._row = before
        if is_one:
            self.take_tokens(text)
            return
        for row in text.split(_ROW_END)[:-1]:
            self.take(row + _ROW_END)

    def take_tokens(self, text: str) -> None:
        """Take any rows, token by token."""
        try:
            self._row, more = _scan_tokens(text, self._row, self._texts, self._sheet)
        except (KeyError, IndexError, ValueError) as error:
            raise self._refusal(error) from None
        self._add(more)

    def _take_plain(self, text: str) -> bool:
        """Take rows all at once; return False when one is not plain, with none taken."""
        parts: list[Any] = _PLAIN_CELL.split(_ROW_END + text)
        between, kinds = parts[::5], parts[2::5]
        known = set(kinds)
        if between[-1] != _ROW_END:
            return False
        starts = [index for index, written in enumerate(between) if written]
        begun = self._begun([between[index] for index in starts[:-1]])
        if begun is None:
            return False
        rows, hidden = begun
        stored: list[str] = parts[3::5]
        if None in stored:
            stored = [value or text or "" for value, text in zip(stored, parts[4::5], strict=True)]
        # All goes through map(): the same in a loop takes twice as long.
        shown = list(map(call, map(self._texts.shown.__getitem__, kinds), stored))
        columns = list(map(_COLUMNS.__getitem__, parts[1::5]))
        bordered = {kind for kind in known if self._texts.bordered[kind]}
        count = 0
        for row, first, behind in zip(rows, starts, starts[1:], strict=False):
            texts = shown[first:behind]
            cells = zip(columns[first:behind], texts, strict=True)
            self._sheet.rows[row] = found = dict(compress(cells, texts) if "" in texts else cells)
            count += len(found)
            if bordered and (bordered == known or not bordered.isdisjoint(kinds[first:behind])):
                self._sheet.bordered.add(row)
        self._sheet.hidden_rows += hidden
        self._add(count)
        return True

    def _begun(self, starts: list[str]) -> tuple[Sequence[int], list[int]] | None:
        """Return the numbers of rows by what stands before their first cells, and of the hidden ones.

        None where one is not plain.
        """
        rows: list[int] = []
        hidden: list[int] = []
        for start in starts:
            begun = _PLAIN_ROW.match(start)
            if begun is None:
                return None
            if begun.group(1):
                self._row = _placed(int(begun.group(1)) - 1, self._row)
            else:
                self._row, is_hidden = _row_of(begun.group(2), self._row)
                hidden += [self._row] if is_hidden else []
            if not rows and begun.group(1):  # mostly the others are written as the first and follow each other
                alike = range(self._row, min(self._row + len(starts), _MAXIMUM_ROWS))
                rest = start[begun.end(1) :]
                if starts == [f'{_ROW_END}<row r="{row + 1}{rest}' for row in alike]:
                    self._row = alike[-1]
                    return alike, []
            rows.append(self._row)
        return rows, hidden

    def _add(self, count: int) -> None:
        self._count += count
        if self._count > MAXIMUM_CELLS:
            raise SourceError(f"{self._where} has more than {MAXIMUM_CELLS} cells. Split the file.")

    def _refusal(self, error: Exception) -> SourceError:
        return SourceError(f"{self._where}: row {self._row + 1}: {error} is not defined. Save the file again.")


def _scan_tokens(written: str, row: int, texts: CellTexts, sheet: Sheet) -> tuple[int, int]:
    """Fill rows of the sheet from any text behind `row`; return the last row and the number of cells with a text."""
    count, column = 0, -1
    is_open = False
    if blank := _BLANK_ROWS.match(written):
        written = written[blank.end() :]
        row = _open_row(blank.group(1), row, sheet)
    for token in _TOKEN.findall(written):
        if token == _ROW_END:
            is_open = False
        elif found := _ROW.match(token):
            row = _open_row(found.group(1) or "", row, sheet)
            cells = sheet.rows.setdefault(row, {})
            column, is_open = -1, not found.group(2)
        elif not token.isspace():
            if not is_open:
                raise ValueError(f"{token[:40]!r} between the rows")
            cell = _stored(token, column, row)
            column = cell.column
            if texts.bordered[cell.attributes]:
                sheet.bordered.add(row)
            if shown := texts.show(cell) if cell.body else "":
                cells[column] = shown
                count += 1
    return row, count


def _open_row(written: str, before: int, sheet: Sheet) -> int:
    """Return the number of the row with these attributes, and note where it is hidden."""
    row, is_hidden = _row_of(written, before)
    if is_hidden:
        sheet.hidden_rows.append(row)
    return row


def _row_of(written: str, before: int) -> tuple[int, bool]:
    """Return number and "is hidden" of a row by its attributes. Raises ValueError unless it follows the row before."""
    attributes = attributes_of(written)
    row = _placed(int(attributes["r"]) - 1 if "r" in attributes else before + 1, before)
    return row, attributes.get("hidden") in {"1", "true"} or NOTHING.match(attributes.get("ht", "")) is not None


def _placed(row: int, before: int) -> int:
    """Return the number of a row. Raises ValueError unless it follows the row before, within a sheet's bounds."""
    if not before < row < _MAXIMUM_ROWS:
        raise ValueError(f"row {row + 1} after row {before + 1}")
    return row


def _stored(token: str, before: int, row: int) -> StoredCell:
    """Return any cell; one without place follows the one before. Raises ValueError when it is no cell."""
    match = _CELL.match(token)
    if match is None:
        raise ValueError(f"{token[:40]!r} between the cells")
    letters = attributes_of(match.group(1)).get("r", "").rstrip("0123456789")
    column = _COLUMNS[letters] if letters else before + 1
    if column >= MAXIMUM_COLUMNS:
        raise ValueError(f"column {column + 1}")
    return StoredCell(row, column, match.group(1), match.group(2) or "")


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a start tag."""
    return dict(_ATTRIBUTE.findall(text))
