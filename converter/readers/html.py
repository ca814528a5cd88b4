"""HTML pages: texts and tables as a browser shows them, as far as the page itself says.

Styles in other files and scripts are not looked at. What the page hides by `hidden` or by a style of its own (see
`html_styles`), and what is no text (scripts, forms' lists), is left out. What its styles lay out as rows and cells is
a table, whatever its elements are called.
"""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.characters import raised, struck, visible
from budgetgraph.converter.readers.flow import MAXIMUM_COLSPAN, Node, Table, TableCell, Text, to_blocks
from budgetgraph.converter.readers.html_styles import Styles
from budgetgraph.converter.readers.markup import local_name
from budgetgraph.converter.readers.reading import Reading
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
_LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_AMOUNT = re.compile(r"\d\.\d", re.ASCII)
#: Elements whose text is printed with a mark, and what it is then.
_MARKS = {"sup": raised, "s": struck, "strike": struck, "del": struck}


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
        if root is None:
            return Reading()
        styles = Styles(root)
        flow = _Flow(styles)
        flow.add(root)
        blocks = to_blocks(flow.finished(), name)
        has_table = any(isinstance(block, Grid) for block in blocks)
        return Reading(blocks, [*_hidden_amounts(root, styles), *([] if has_table else _elsewhere(root))])


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


def _hidden_amounts(root: etree._Element, styles: Styles) -> Iterator[Problem]:
    """Yield that elements with amounts are hidden: a script of the page may show them."""
    hidden = [e for e in root.iter(etree.Element) if local_name(e) not in _NOT_SHOWN and styles.hides(e)]
    count = len([element for element in hidden if _AMOUNT.search("".join(_strings(element)))])
    if count:
        message = f"the page hides parts with amounts ({count}), which are not read; compare with what a browser shows"
        yield Problem("hidden-content", Severity.WARNING, message)


def _elsewhere(root: etree._Element) -> Iterator[Problem]:
    """Yield where the tables may be of a page that has none."""
    frames = sum(1 for each in root.iter("iframe", "frame", "embed", "object") if each.get("src") or each.get("data"))
    scripts = sum("<table" in (each.text or "").lower() for each in root.iter("script", "template", "textarea"))
    pictures = sum(not any(_is_small(each.get(side)) for side in ("width", "height")) for each in root.iter("img"))
    if frames or scripts or pictures:
        message = (
            f"the page has no table; what it shows in frames ({frames}) and pictures ({pictures}) or makes by scripts "
            f"({scripts}) is not read. Save the page with its tables from a browser, or give the page of the frame, or "
            "the picture"
        )
        yield Problem("unread-part", Severity.WARNING, message)


def _is_small(size: str | None) -> bool:
    """Tell whether a size in pixels is that of a sign or a logo."""
    return bool(size and size.isdecimal() and len(size) < 3)


class _Flow:
    """Collects the texts and tables of an element. A line ends where a block begins or ends."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._nodes: list[Node] = []
        self._line: list[str] = []
        self._marks: list[Callable[[str], str]] = []

    def finished(self) -> list[Node]:
        """Return what was collected."""
        self._end_line()
        return self._nodes

    def add(self, element: etree._Element) -> None:
        """Add an element with all that it holds; its tail is not part of it."""
        name = self._styles.role(element)
        if name in _NOT_SHOWN or self._styles.hides(element):
            return
        if name == "table":
            self._end_line()
            self._nodes += _Rows(self._styles).table(element)
        elif name == "br":
            self._end_line()
        elif name == "input":
            self._line.append(_field(element))
        elif name == "pre":
            for line in "".join(_strings(element)).splitlines():
                self._line.append(line)
                self._end_line()
        elif mark := _mark(element, name):
            self._marks.append(mark)
            self._add_content(element)
            self._marks.pop()
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
            for mark in self._marks:
                text = mark(text)
            self._line.append(text)

    def _end_line(self) -> None:
        line = visible(_SPACES.sub(" ", "".join(self._line)).replace("\xa0", " ")).strip()
        self._line.clear()
        if line:
            self._nodes.append(Text(line))


class _Rows:
    """Takes tables apart into rows and cells, by what its elements are called or laid out as."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def table(self, element: etree._Element) -> list[Node]:
        """Return the table, before it what stands in it outside of any cell (its caption; forms; strays)."""
        strays = _Flow(self._styles)
        groups: dict[str, list[list[TableCell]]] = {"thead": [], "tbody": [], "tfoot": []}
        for group, row in self._rows(element, "tbody", strays):
            cells = [self._cell(cell) for cell in self._cells(row, strays)]
            if cells:
                groups[group].append(cells)
        return [*strays.finished(), Table(groups["thead"] + groups["tbody"] + groups["tfoot"])]

    def _rows(self, element: etree._Element, group: str, strays: _Flow) -> Iterator[tuple[str, etree._Element]]:
        """Yield the rows below an element, also inside forms and the like, with the group they belong to."""
        strays.add_text(element.text)
        for child in list(element):
            name, tail = self._styles.role(child), child.tail
            if name == "tr":
                if not self._styles.hides(child):
                    yield group, child
            elif name in {"td", "th"}:  # a cell without row has one of its own
                child.tail = None
                row = etree.Element("tr")
                row.append(child)
                yield group, row
            elif name in {"table", "caption"} or name in _NOT_SHOWN or self._styles.hides(child):
                strays.add(child)
            else:
                yield from self._rows(child, name if name in {"thead", "tbody", "tfoot"} else group, strays)
            strays.add_text(tail)

    def _cells(self, row: etree._Element, strays: _Flow) -> Iterator[etree._Element]:
        strays.add_text(row.text)
        for child in row:
            name = self._styles.role(child)
            if name in {"td", "th"}:
                if not self._styles.hides(child):
                    yield child
            elif name == "table" or name in _NOT_SHOWN or self._styles.hides(child):
                strays.add(child)
            else:
                yield from self._cells(child, strays)
            strays.add_text(child.tail)

    def _cell(self, element: etree._Element) -> TableCell:
        flow = _Flow(self._styles)
        flow.add(element)
        colspan = min(_whole(element.get("colspan"), 1) or 1, MAXIMUM_COLSPAN)
        return TableCell(flow.finished(), _whole(element.get("rowspan"), 1), colspan)


def _whole(text: str | None, default: int) -> int:
    match = re.match(r"\s*([0-9]{1,5})", text or "")
    return int(match.group(1)) if match else default


def _mark(element: etree._Element, name: str) -> Callable[[str], str] | None:
    """Return what makes the text of an element what it is printed as, None where it is printed as it stands."""
    is_struck = name in _INLINE and _LINE_THROUGH.search(element.get("style") or "")
    return struck if is_struck else _MARKS.get(name)


def _field(element: etree._Element) -> str:
    """Return what a field of a form shows: a tick, or the text that is filled in."""
    kind = (element.get("type") or "text").lower()
    if kind in {"text", "number"}:
        return element.get("value") or ""
    if kind not in {"checkbox", "radio"}:
        return ""
    return "☑" if element.get("checked") is not None else "□"


def _strings(element: etree._Element) -> Iterator[str]:
    for child in element.iter():
        if local_name(child) not in _NOT_SHOWN:
            yield child.text or ""
        if child is not element:
            yield child.tail or ""
