"""DOCX documents: text and tables as they are printed (ECMA-376 part 1, 17).

Left out is what Word does not print: deleted and moved text, hidden text, white text on white, field codes, the cells
that a merged one covers. Page headers and footers repeat on each page and are left out too. A text box stands where
it is anchored.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.characters import raised, struck, visible
from budgetgraph.converter.readers.flow import MAXIMUM_COLSPAN, Node, Table, TableCell, lines, to_blocks
from budgetgraph.converter.readers.markup import attribute, local_name
from budgetgraph.converter.readers.ooxml import Package, package_form
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.word_numbering import Numbering

_NOT_PRINTED = frozenset(
    ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "rt", "tblPr", "tblGrid", "sdtPr")
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Boxes and ticks that documents take from symbol fonts, by the last two digits of their code.
_SYMBOLS = {
    "wingdings": {"FC": "✓", "FE": "☑", "FD": "☒", "A8": "□", "6F": "□", "D2": "☑"},
    "wingdings 2": {"50": "✓", "52": "☑", "54": "☒", "A3": "□", "2A": "□", "30": "☒"},
}
_WHITE = "FFFFFF"
_NO_GROUND = frozenset(("", "AUTO", _WHITE))
_PROPERTIES = frozenset(("rPr", "pPr", "tcPr", "trPr", "tblPr", "background"))
_FALSE = frozenset(("0", "false", "off"))
#: Width and height of a picture that may be a table, in English Metric Units: 200 by 100 points.
_LARGE = (200 * 12_700, 100 * 12_700)
#: Columns of less than two points, in twentieths of a point: the margins of a cell alone are wider.
HAIR = 40


class WordReader:
    """Reads .docx, .docm and .dotx files."""

    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are a package whose main part is a text document."""
        return package_form(data) == "docx"

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks in reading order, footnotes at the end.

        Raises SourceError when the file is damaged or beyond the limits named in the modules of this folder.
        """
        package = Package(data, name)
        story = _Story(_styles(package), Numbering(_related(package, "numbering")))
        body = package.tree(package.main_part)
        nodes = list(story.nodes(body))
        notes = _related(package, "footnotes")
        for note in notes if notes is not None else ():
            if attribute(note, "type") is None:  # others are the lines that separate notes from the text
                nodes += story.nodes(note)
        return Reading(to_blocks(nodes, name), list(_large_pictures(body)))


def _large_pictures(body: etree._Element) -> Iterator[Problem]:
    """Yield that pictures are as large as a table may be, and how many there are."""
    drawings = (e for e in body.iter(etree.Element) if local_name(e) in {"inline", "anchor"})
    pictures = (e for e in drawings if any(local_name(each) == "blip" for each in e.iter(etree.Element)))
    count = sum(_is_large(_find(each, "extent")) for each in pictures)
    if count:
        message = f"pictures ({count}) take much of a page; text that stands in them is not read"
        yield Problem("unread-picture", Severity.WARNING, message)


def _is_large(extent: etree._Element | None) -> bool:
    sizes = (attribute(extent, name) or "" for name in ("cx", "cy")) if extent is not None else ("", "")
    return all(size.isdecimal() and int(size) >= least for size, least in zip(sizes, _LARGE, strict=True))


def _related(package: Package, kind: str) -> etree._Element | None:
    part = package.related(package.main_part, kind)
    return package.tree(part) if part else None


class _Styles:
    """What styles say about hidden text and numbering, their ancestors included."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {
            attribute(e, "styleId") or "": e for e in (root if root is not None else ()) if local_name(e) == "style"
        }

    def _chain(self, name: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name and name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = _value(self._styles[name], "basedOn")

    def hides(self, name: str | None) -> bool:
        """Tell whether text of a style is hidden."""
        for style in self._chain(name):
            vanish = _find(_find(style, "rPr"), "vanish")
            if vanish is not None:
                return attribute(vanish, "val") not in _FALSE
        return False

    def shades(self, name: str | None) -> bool:
        """Tell whether a style gives anything a ground of its own."""
        return any(_is_shaded(style) for style in self._chain(name))

    def numbering(self, name: str | None) -> etree._Element | None:
        """Return the numbering that a paragraph style has, if any."""
        found = (_find(_find(style, "pPr"), "numPr") for style in self._chain(name))
        return next((each for each in found if each is not None), None)


def _styles(package: Package) -> _Styles:
    return _Styles(_related(package, "styles"))


class _Story:
    """Reads the running text of one document, whose lists are counted from part to part."""

    def __init__(self, styles: _Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._fields: list[bool] = []  # the open fields, outermost first: whether their code, not their result, is read

    def nodes(self, container: etree._Element) -> Iterator[Node]:
        """Yield what stands in a body, a cell, a text box or a note."""
        for element in container:
            name = local_name(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield self._table(element)
            elif name == "AlternateContent":
                yield from self.nodes(_chosen(element))
            elif name not in _NOT_PRINTED:
                yield from self.nodes(element)

    def _paragraph(self, element: etree._Element) -> list[Node]:
        boxes: list[Node] = []
        self._fields.clear()  # the code of a field stands in one paragraph, or the file is damaged
        properties = _find(element, "pPr")
        style = _value(properties, "pStyle")
        text = "".join(self._texts(element, boxes, self._styles.hides(style)))
        own = _find(properties, "numPr")
        numbering = self._styles.numbering(style) if own is None else own
        level = _value(numbering, "ilvl") or "0"
        number = self._numbering.next(_value(numbering, "numId") or "", int(level) if level.isdecimal() else 0)
        return [*(lines(number + text.lstrip() if number else text) if text.strip() else []), *boxes]

    def _texts(self, element: etree._Element, boxes: list[Node], is_hidden: bool) -> Iterator[str]:
        """Yield the printed pieces below an element; the content of text boxes goes into `boxes`."""
        for child in element:
            name = local_name(child)
            if name == "t" or name in _CHARACTERS or name == "sym":
                yield "" if is_hidden or any(self._fields) else _printed(child)
            elif name == "fldChar":
                self._enter_field(attribute(child, "fldCharType"))
            elif name == "txbxContent":
                boxes += self.nodes(child)
            elif name == "r":
                properties = _find(child, "rPr")
                texts = self._texts(child, boxes, self._run_is_hidden(child, is_hidden))
                if _value(properties, "vertAlign") == "superscript":
                    texts = map(raised, texts)
                if _is_on(_find(properties, "strike")) or _is_on(_find(properties, "dstrike")):
                    texts = map(struck, texts)
                yield from texts
            elif name == "AlternateContent":
                yield from self._texts(_chosen(child), boxes, is_hidden)
            elif name not in _NOT_PRINTED:
                yield from self._texts(child, boxes, is_hidden)

    def _run_is_hidden(self, run: etree._Element, default: bool) -> bool:
        properties = _find(run, "rPr")
        vanish = _find(properties, "vanish")
        if vanish is not None:
            return attribute(vanish, "val") not in _FALSE
        return default or self._styles.hides(_value(properties, "rStyle")) or self._is_white_on_white(run)

    def _is_white_on_white(self, run: etree._Element) -> bool:
        """Tell whether a run is white and nothing around it, nor the style of its table, can have another ground."""
        properties = _find(run, "rPr")
        if (_value(properties, "color") or "").upper() != _WHITE or _find(properties, "highlight") is not None:
            return False
        for element in (run, *run.iterancestors()):
            name = local_name(element)
            style = _value(_find(element, f"{name}Pr"), {"p": "pStyle", "tbl": "tblStyle"}.get(name, "none"))
            own = (each for each in element if local_name(each) in _PROPERTIES)
            if name == "txbxContent" or any(map(_is_shaded, own)) or self._styles.shades(style):
                return False
        return True

    def _enter_field(self, kind: str | None) -> None:
        """Follow a field: its code stands between its begin and the mark that separates it from its result."""
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields:
            self._fields.pop()

    def _table(self, element: etree._Element) -> Table:
        table = Table()
        columns = _columns(element)
        open_cells: dict[int, TableCell] = {}  # column -> cell that goes on below
        for row in _below(element, "tr"):
            properties = _find(row, "trPr")
            if _find(properties, "del") is not None or _is_on(_find(properties, "hidden")):
                continue
            cells: list[TableCell] = []
            before = columns(_span(properties, "gridBefore", 0))
            if before:
                cells.append(TableCell(colspan=before))
            for start, end, cell in _cells(row):
                if columns(start) < columns(end):
                    self._add_cell(cell, columns(start), columns(end) - columns(start), cells, open_cells)
            table.rows.append(cells)
        return table

    def _add_cell(
        self, element: etree._Element, column: int, span: int, cells: list[TableCell], open_cells: dict[int, TableCell]
    ) -> None:
        """Add a cell to its row, or to the one that it continues."""
        properties = _find(element, "tcPr")
        merged_down, merged_right = _find(properties, "vMerge"), _find(properties, "hMerge")
        if merged_right is not None and attribute(merged_right, "val") != "restart" and cells:
            cells[-1].colspan += span
            return
        above = open_cells.get(column)
        if merged_down is not None and attribute(merged_down, "val") != "restart" and above is not None:
            above.rowspan += 1
            return
        is_deleted = _find(properties, "cellDel") is not None
        cell = TableCell([] if is_deleted else list(self.nodes(element)), colspan=span)
        cells.append(cell)
        for place in range(column, column + span):
            open_cells.pop(place, None)
        if merged_down is not None:
            open_cells[column] = cell


def _is_shaded(element: etree._Element) -> bool:
    """Tell whether a ground is given to anything below an element, or a page (background)."""
    found = (each for each in element.iter() if local_name(each) in {"shd", "background"})
    return any((attribute(each, "fill") or attribute(each, "color") or "").upper() not in _NO_GROUND for each in found)


def _printed(element: etree._Element) -> str:
    """Return what an element of a run prints: a text, a character, a symbol."""
    name = local_name(element)
    if name == "t":
        return visible(element.text or "")
    return _symbol(element) if name == "sym" else _CHARACTERS[name]


def _below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls and insertions."""
    for child in element:
        found = local_name(child)
        if found == name:
            yield child
        elif found in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _below(child, name)


def _columns(table: etree._Element) -> Callable[[int], int]:
    """Return what tells how many columns of a table's grid lie before one, those too narrow for any text left out.

    Programs write such a column where edges of cells that are drawn as one line differ by a hair.
    """
    grid = _find(table, "tblGrid")
    widths = [attribute(each, "w") or "" for each in grid if local_name(each) == "gridCol"] if grid is not None else []
    hairs = [column for column, width in enumerate(widths) if width.isdecimal() and int(width) < HAIR]
    if not hairs or any(_holds_text(*cell, hairs) for row in _below(table, "tr") for cell in _cells(row)):
        return int
    return lambda column: column - bisect_left(hairs, column)


def _cells(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Yield the first column of each cell of a row in the table's grid, the one behind its last, and the cell."""
    start = _span(_find(row, "trPr"), "gridBefore", 0)
    for cell in _below(row, "tc"):
        end = start + _span(_find(cell, "tcPr"), "gridSpan", 1)
        yield start, end, cell
        start = end


def _holds_text(start: int, end: int, cell: etree._Element, hairs: Sequence[int]) -> bool:
    """Tell whether a cell stands in some columns alone and has text."""
    alone = bisect_left(hairs, end) - bisect_left(hairs, start) == end - start
    return alone and any(local_name(e) == "t" and (e.text or "").strip() for e in cell.iter())


def _chosen(alternatives: etree._Element) -> etree._Element:
    """Return the alternative that is printed: the same text box is written in a new and an old way."""
    with_text = (each for each in alternatives if any(local_name(e) == "t" for e in each.iter()))
    return next(with_text, etree.Element("none"))


def _find(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((e for e in element if local_name(e) == name), None) if element is not None else None


def _value(element: etree._Element | None, name: str) -> str | None:
    found = _find(element, name)
    return attribute(found, "val") if found is not None else None


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and attribute(element, "val") not in _FALSE


def _span(properties: etree._Element | None, name: str, default: int) -> int:
    text = _value(properties, name) or ""
    return min(int(text), MAXIMUM_COLSPAN) if text.isdecimal() and len(text) < 6 and int(text) else default


def _symbol(element: etree._Element) -> str:
    font = (attribute(element, "font") or "").lower()
    code = (attribute(element, "char") or "").upper()[-2:]
    return _SYMBOLS.get(font, {}).get(code, "\ufffd")
