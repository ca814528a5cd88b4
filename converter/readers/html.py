"""HTML pages: texts and tables as a browser shows them, as far as the page itself says.

Styles in other files and scripts are not looked at. What the page hides by `hidden` or by a style of its own, and
what is no text (scripts, forms' lists), is left out.
"""

import re
from collections.abc import Iterator

from lxml import etree

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.flow import MAXIMUM_COLSPAN, Node, Table, TableCell, Text, to_blocks
from budgetgraph.converter.readers.markup import local_name
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.superscript import raised
from budgetgraph.converter.readers.text import decode

#: The largest page, in bytes: the tree takes some 20 times as much memory.
MAXIMUM_SIZE = 8 * 1024 * 1024

_BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|meta|title|base|link|style|script|body|table|div|p|h[1-6]|center|font|span|"
    r"form|section|article|header|main)\b[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)
_BIG5 = re.compile(rb"charset\s*=\s*[\"']?\s*big5", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")

_NOT_SHOWN = frozenset(
    ("head", "script", "style", "template", "noscript", "iframe", "object", "svg", "canvas", "select", "textarea",
     "button", "audio", "video", "map", "datalist")
)  # fmt: skip
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "nobr", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
     "u", "var", "wbr", "img", "input")
)  # fmt: skip


class HtmlReader:
    """Reads HTML and XHTML in UTF-8, UTF-16, GB 18030 (also where it calls itself GB2312 or GBK) and Big5."""

    media_type = "text/html"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes begin as a page, or part of one, does."""
        start = data[:4096]
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = start.decode("utf-16", "replace")
        else:
            text = start.decode("utf-8-sig", "replace")
        return _BEGINNING.match(text) is not None

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks in reading order.

        Raises SourceError when the page is too large, nested too deep, or its bytes are in no known encoding.
        """
        if len(data) > MAXIMUM_SIZE:
            raise SourceError(
                f"{name}: {len(data)} bytes; pages of at most {MAXIMUM_SIZE // 1024**2} MiB are read. Split the page."
            )
        root = _parsed(_decoded(data, name), name)
        flow = _Flow()
        if root is not None:
            flow.add(root)
        return Reading(to_blocks(flow.finished(), name))


def _decoded(data: bytes, name: str) -> str:
    """Return the text. What a page says of its encoding is often wrong, what the bytes say is not, save for Big5."""
    if _BIG5.search(data[:4096]):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("big5hkscs", "replace")
    try:
        return decode(data, name)
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: {error.reason} at byte {error.start}. Save the page as UTF-8.") from None


def _parsed(text: str, name: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{name}: is no readable page ({error}). Fetch it again.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SourceError(f"{name}: the page is nested more than 256 levels deep. Save it anew from a browser.")
    return root


class _Flow:
    """Collects the texts and tables of an element. A line ends where a block begins or ends."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._line: list[str] = []
        self._is_raised = False

    def finished(self) -> list[Node]:
        """Return what was collected."""
        self._end_line()
        return self._nodes

    def add(self, element: etree._Element) -> None:
        """Add an element with all that it holds; its tail is not part of it."""
        name = local_name(element)
        if name in _NOT_SHOWN or _is_hidden(element):
            return
        if name == "table":
            self._end_line()
            self._nodes += _table(element)
        elif name == "br":
            self._end_line()
        elif name == "input":
            self._line.append(_checkbox(element))
        elif name == "pre":
            for line in "".join(_strings(element)).splitlines():
                self._line.append(line)
                self._end_line()
        elif name == "sup":
            before, self._is_raised = self._is_raised, True
            self._add_content(element)
            self._is_raised = before
        elif name in _INLINE:
            self._add_content(element)
        else:
            self._end_line()
            self._add_content(element)
            self._end_line()

    def _add_content(self, element: etree._Element) -> None:
        self.add_text(element.text)
        for child in element:
            self.add(child)
            self.add_text(child.tail)

    def add_text(self, text: str | None) -> None:
        """Add a run of text to the line."""
        if text:
            self._line.append(raised(text) if self._is_raised else text)

    def _end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).replace("\xa0", " ").replace("\xad", "").strip()
        self._line.clear()
        if line:
            self._nodes.append(Text(line))


def _table(element: etree._Element) -> list[Node]:
    """Return the table, before it what stands in it outside of any cell (its caption; forms; strays)."""
    strays = _Flow()
    groups: dict[str, list[list[TableCell]]] = {"thead": [], "tbody": [], "tfoot": []}
    for group, row in _rows(element, "tbody", strays):
        cells = [_cell(cell) for cell in _cells(row, strays)]
        if cells:
            groups[group].append(cells)
    return [*strays.finished(), Table(groups["thead"] + groups["tbody"] + groups["tfoot"])]


def _rows(element: etree._Element, group: str, strays: _Flow) -> Iterator[tuple[str, etree._Element]]:
    """Yield the rows below an element, also inside forms and the like, with the group they belong to."""
    strays.add_text(element.text)
    for child in list(element):
        name, tail = local_name(child), child.tail
        if name == "tr":
            if not _is_hidden(child):
                yield group, child
        elif name in {"td", "th"}:  # a cell without row has one of its own
            child.tail = None
            row = etree.Element("tr")
            row.append(child)
            yield group, row
        elif name in {"table", "caption"} or name in _NOT_SHOWN or _is_hidden(child):
            strays.add(child)
        else:
            yield from _rows(child, name if name in {"thead", "tbody", "tfoot"} else group, strays)
        strays.add_text(tail)


def _cells(row: etree._Element, strays: _Flow) -> Iterator[etree._Element]:
    strays.add_text(row.text)
    for child in row:
        name = local_name(child)
        if name in {"td", "th"}:
            if not _is_hidden(child):
                yield child
        elif name == "table" or name in _NOT_SHOWN or _is_hidden(child):
            strays.add(child)
        else:
            yield from _cells(child, strays)
        strays.add_text(child.tail)


def _cell(element: etree._Element) -> TableCell:
    flow = _Flow()
    flow.add(element)
    colspan = min(_whole(element.get("colspan"), 1) or 1, MAXIMUM_COLSPAN)
    return TableCell(flow.finished(), _whole(element.get("rowspan"), 1), colspan)


def _whole(text: str | None, default: int) -> int:
    match = re.match(r"\s*([0-9]{1,5})", text or "")
    return int(match.group(1)) if match else default


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


def _checkbox(element: etree._Element) -> str:
    if (element.get("type") or "").lower() not in {"checkbox", "radio"}:
        return ""
    return "☑" if element.get("checked") is not None else "□"


def _strings(element: etree._Element) -> Iterator[str]:
    for child in element.iter():
        if local_name(child) not in _NOT_SHOWN:
            yield child.text or ""
        if child is not element:
            yield child.tail or ""
