"""What the cells of an XLSX workbook show: shared strings, styles, and the kinds of values a cell can store."""

import re
from collections.abc import Callable
from itertools import count

from lxml import etree

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.characters import raised, visible
from budgetgraph.converter.readers.markup import MAXIMUM_TREE, local_name, parse_xml
from budgetgraph.converter.readers.number_formats import BUILT_IN, NumberFormat, compile_format
from budgetgraph.converter.readers.sheet_columns import column_name
from budgetgraph.converter.readers.sheet_scanner import Filled, StoredCell, attributes_of

#: What stands in a cell whose formula has no value in the file: it parses as no number, so it is listed.
FORMULA = "#formula"

#: Kinds of cells that hold no number: string by its index, string, date as text, truth value, error.
_OTHER_KINDS = frozenset(("s", "str", "inlineStr", "d", "b", "e"))

#: Characters by number that are surely legal (Chinese ones), and any text without other references.
_BY_NUMBER = re.compile(r"&#([1-4][0-9]{4}|65[0-4][0-9]{2});")
_PLAIN = re.compile(r"(?:[^&]|&#(?:[1-4][0-9]{4}|65[0-4][0-9]{2});)*+\Z")
#: A shared string as nearly all are written, with its text, and what stands before the first one in UTF-8.
_PLAIN_STRING = re.compile(
    '<si><t(?: xml:space="preserve")?>([^<&\0-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]*+)</t>(?:<phoneticPr [^<>]*+/>)?</si>'
)
_STRINGS_START = re.compile(
    r'(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")?\s*\?>)?\s*<sst(?: [^<>]*)?>\s*\Z'
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WorkbookCells:
    """Knows what each style and string shows; see `sheet_scanner.CellTexts`.

    styles    root of the styles part, None when the workbook has none
    strings   the shared strings, see `shared_strings`
    shown     attributes of a cell -> what gives what it shows for what it stores
    bordered  attributes of a cell -> whether it has a border
    sheet     name of the sheet that is being read
    problems  formulas without a value that were met
    """

    def __init__(self, name: str, styles: etree._Element | None, strings: list[str], epoch_1904: bool) -> None:
        self._name = name
        formats, bordered = _read_styles(styles, epoch_1904)
        self._formats = {str(index): each for index, each in enumerate(formats)}
        with_border = {str(index) for index, has in enumerate(bordered) if has}
        self._strings = strings
        by_index = dict(zip(map(str, count()), self._strings, strict=False))
        by_index[""] = ""
        self._shared = Filled(lambda index: self._string_at(self._decoded(index)), by_index)
        self.shown = Filled(self._shown_by_value)
        self.bordered: Filled[str, bool] = Filled(lambda attributes: _style_and_kind(attributes)[0] in with_border)
        self.sheet = ""
        self.problems: list[Problem] = []

    def _shown_by_value(self, attributes: str) -> Callable[[str], str]:
        """Return what gives what is shown for a stored value, for the cells with these attributes."""
        style, kind = _style_and_kind(attributes)
        number_format = self._formats.get(style)
        if number_format is not None and kind not in _OTHER_KINDS:
            show_number = number_format.show

            def number(stored: str) -> str:
                return show_number(self._decoded(stored).strip())

            return number_format.quick(number)

        def show(stored: str) -> str:
            if not stored:
                return ""
            if number_format is None:
                raise KeyError(style)
            return self._shown(kind, self._decoded(stored), number_format)

        is_shared = kind == "s" and number_format is not None and not number_format.hides_text
        return (self._shared if is_shared else Filled(show)).__getitem__

    def _string_at(self, index: str) -> str:
        """Return a shared string. Raises IndexError when there is none of this index."""
        if not index.isdecimal():
            raise IndexError(f"string {index!r}")
        return self._strings[int(index)]

    def _decoded(self, text: str) -> str:
        """Return the text that a piece of XML without tags stands for."""
        if "&" not in text:
            return text
        if _PLAIN.match(text):
            return _BY_NUMBER.sub(lambda found: chr(int(found.group(1))), text)
        return parse_xml(f"<t>{text}</t>".encode(), self._name, f"sheet {self.sheet!r}").text or ""

    def show(self, cell: StoredCell) -> str:
        """Return what a cell shows.

        Raises KeyError or IndexError for a style or string that is not defined, SourceError for broken XML.
        """
        style, kind = _style_and_kind(cell.attributes)
        number_format = self._formats[style]
        value = cell.value
        has_formula = False
        if value is None and cell.body:
            tree = parse_xml(f"<c>{cell.body}</c>".encode(), self._name, f"sheet {self.sheet!r}")
            parts = {local_name(element): element for element in tree}
            if "is" in parts:
                return number_format.show_text(_string(parts["is"]))
            has_formula = "f" in parts
            value = (parts["v"].text or "") if "v" in parts else None
        if has_formula and not value and kind != "str":
            self._report_formula(cell)
            return FORMULA
        return self._shown(kind, value, number_format) if value else ""

    def _shown(self, kind: str, value: str, number_format: NumberFormat) -> str:
        if kind not in _OTHER_KINDS:
            return number_format.show(value.strip())
        if kind == "s":
            return number_format.show_text(self._string_at(value))
        if kind in {"str", "inlineStr", "d"}:
            return number_format.show_text(_clean(value))
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return value.strip()

    def _report_formula(self, cell: StoredCell) -> None:
        place = Locator(sheet=self.sheet, ref=f"{column_name(cell.column)}{cell.row + 1}")
        message = "the formula has no value in the file; open and save it with the spreadsheet program"
        self.problems.append(Problem("formula-without-value", Severity.ERROR, message, place))


def _style_and_kind(attributes: str) -> tuple[str, str]:
    found = attributes_of(attributes)
    return found.get("s", "0"), found.get("t", "n")


def _read_styles(root: etree._Element | None, epoch_1904: bool) -> tuple[list[NumberFormat], list[bool]]:
    """Return number format and whether there is a border, for each style a cell can have."""
    groups = {local_name(group): group for group in root} if root is not None else {}
    codes = dict(BUILT_IN)
    for element in groups.get("numFmts", ()):
        codes[number_attribute(element, "numFmtId")] = element.get("formatCode") or "General"
    drawn = [any(side.get("style") not in {None, "none"} for side in b) for b in groups.get("borders", ())]
    formats, bordered = [], []
    for style in groups.get("cellXfs", ()):
        formats.append(compile_format(codes.get(number_attribute(style, "numFmtId"), "General"), epoch_1904))
        border = number_attribute(style, "borderId")
        bordered.append(border < len(drawn) and drawn[border])
    return (formats, bordered) if formats else ([compile_format("General", epoch_1904)], [False])


def number_attribute(element: etree._Element, name: str) -> int:
    """Return a whole number that an element states, 0 when it states none."""
    text = element.get(name) or ""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def shared_strings(data: bytes, name: str, part: str) -> list[str]:
    """Return the strings of a shared strings part.

    A tree is made only where one has runs of its own or needs decoding: it would take four times as long.
    Raises SourceError when the part is too large or not well-formed.
    """
    text = data.decode("utf-8", "replace") if len(data) <= MAXIMUM_TREE else ""
    start, *parts = _PLAIN_STRING.split(text)
    if _STRINGS_START.match(start) and parts and parts[-1].strip() == "</sst>" and not any(parts[1:-1:2]):
        return list(map(_clean if "_x" in text or "\r" in text else str.strip, parts[::2]))
    items = parse_xml(data, name, part).iterchildren("{*}si")
    return [
        _clean(item[0].text or "") if len(item) == 1 and local_name(item[0]) == "t" else _string(item) for item in items
    ]


def _string(element: etree._Element) -> str:
    """Return the text of a plain or rich string, without phonetic hints."""
    texts = (each for each in element.iter() if local_name(each) == "t")
    shown = (e for e in texts if not any(local_name(a) == "rPh" for a in e.iterancestors()))
    return _clean("".join(raised(e.text or "") if _is_raised(e) else e.text or "" for e in shown))


def _is_raised(element: etree._Element) -> bool:
    """Tell whether a text stands in a run of superscript."""
    run = element.getparent()
    return run is not None and any(each.get("val") == "superscript" for each in run.iterfind("{*}rPr/{*}vertAlign"))


def _clean(text: str) -> str:
    """Return the text without outer white space; _x000D_ stands for a character that XML cannot hold."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return visible(text).strip()
