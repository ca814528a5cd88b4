"""Pictures of the pages of a PDF that tables stand on, in which nothing can be read but what the graph states too.

A page may print names and telephone numbers, which are withheld everywhere. So a picture begins as a grey page, and
only cells are copied onto it whose text is known: those that the graph gives with their text, and in whose box PDFium
reads no other character. Running text, withheld cells, and cells that hold more than the graph states stay covered.
Photographs, stamps and annotations are not drawn at all.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_double
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from budgetgraph.shapes.page_files import DrawnPage, write_page_file
from budgetgraph.shapes.png import to_png

#: Bytes that the pictures of one document may take; further pages are left out.
MOST = 16 << 20

#: Pixels for each point; the largest page that is drawn, in pixels.
_SCALE, _MOST_PIXELS = 1.4, 8_000_000
_COVER, _PAPER, _RULE = 0xC9, 0xFF, 0x8C
#: Points of a box that are left out on each side when its text is read: characters of the next cell may touch it.
_MARGIN = 1.2
#: Parts of a point that device coordinates are counted in.
_FINE = 100
#: 16 shades are enough for text, and take half the bytes of 256.
_SHADES = bytes(round(shade / 17) * 17 for shade in range(256))

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a printed table: page from 1, left, top, right, bottom in points from the page's upper left corner.

    text  what the graph states of it; "" for a blank cell, None for a withheld one
    """

    table: str
    page: int
    box: Box
    text: str | None


def write_pages(files: Sequence[tuple[Path, Sequence[PageCell]]], target: Path, most: int = MOST) -> int:
    """Draw the pages of the PDF files of a document into one file; return how many pages `most` bytes left out.

    A page with no cell to show is not drawn. Raises PdfiumError when PDFium cannot open a file.
    """
    drawn = (page for number, (path, cells) in enumerate(files, start=1) for page in draw_pages(path, number, cells))
    return write_page_file(drawn, target, most)


def draw_pages(pdf: Path, file: int, cells: Iterable[PageCell]) -> Iterator[DrawnPage]:
    """Yield the pages of file number `file` that have a cell to show; the file is not opened where none has.

    Raises PdfiumError when PDFium cannot open the file or a page.
    """
    cells = sorted(cells, key=lambda cell: cell.page)
    if not cells:
        return
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, on_page in groupby(cells, key=lambda cell: cell.page):
            if 1 <= number <= len(document):
                page = document[number - 1]
                try:
                    drawn = _drawn(page, list(on_page))
                finally:
                    page.close()
                if drawn is not None:
                    yield DrawnPage(file, number, *drawn)
    finally:
        document.close()


def _drawn(page: pypdfium2.PdfPage, cells: list[PageCell]) -> tuple[bytes, float, float] | None:
    width, height = page.get_size()
    if width * height * _SCALE * _SCALE > _MOST_PIXELS:
        return None
    shown = _readable(page, cells)
    if not shown:
        return None
    _remove_images(page)
    bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False, draw_annots=False)
    printed = bytes(bitmap.buffer).translate(_SHADES)
    canvas = _Canvas(bitmap.width, bitmap.height)
    for _, of_table in groupby(sorted(cells, key=lambda cell: cell.table), key=lambda cell: cell.table):
        boxes = [cell.box for cell in of_table]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        canvas.fill((min(lefts), min(tops), max(rights), max(bottoms)), _PAPER)
    for cell in cells:
        if cell in shown:
            canvas.copy(cell.box, printed, bitmap.stride)
        elif cell.text != "":
            canvas.fill(cell.box, _COVER)
    for cell in cells:
        canvas.frame(cell.box)
    return to_png(bytes(canvas.pixels), canvas.width, canvas.height, canvas.width), round(width, 2), round(height, 2)


def _readable(page: pypdfium2.PdfPage, cells: Iterable[PageCell]) -> set[PageCell]:
    """Return the cells in whose boxes PDFium reads characters, and none that the graph does not state."""
    text = page.get_textpage()
    try:
        return {cell for cell in cells if cell.text and _holds_no_more(text, _on_paper(page, cell.box), cell.text)}
    finally:
        text.close()


def _holds_no_more(page: pypdfium2.PdfTextPage, box: Box, stated: str) -> bool:
    left, bottom, right, top = box
    found = Counter(_characters(page.get_text_bounded(left, bottom, right, top)))
    return bool(found) and not found - Counter(_characters(stated))


def _characters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _on_paper(page: pypdfium2.PdfPage, box: Box) -> Box:
    """Return left, bottom, right, top of a box in the page's own coordinates, whatever its rotation, less a margin."""
    width, height = (round(size * _FINE) for size in page.get_size())
    left, top, right, bottom = box
    across, down = min(_MARGIN, (right - left) / 4), min(_MARGIN, (bottom - top) / 4)
    corners = []
    for x, y in ((left + across, top + down), (right - across, bottom - down)):
        found_x, found_y = c_double(), c_double()
        place = (round(x * _FINE), round(y * _FINE))
        raw.FPDF_DeviceToPage(page, 0, 0, width, height, 0, *place, byref(found_x), byref(found_y))
        corners.append((found_x.value, found_y.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _remove_images(page: pypdfium2.PdfPage) -> None:
    """Take photographs and stamps off the page as it is held in memory, those in groups of objects too."""
    for image in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])):
        page.remove_obj(image)


class _Canvas:
    """A grey page that boxes are painted on; boxes in points."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = bytearray([_COVER]) * (width * height)

    def _rows(self, box: Box) -> tuple[int, int, range]:
        left, top, right, bottom = (round(place * _SCALE) for place in box)
        left, right = max(0, left), min(self.width, right)
        return left, max(left, right), range(max(0, top), min(self.height, bottom))

    def fill(self, box: Box, shade: int) -> None:
        """Paint a box in one shade."""
        left, right, rows = self._rows(box)
        line = bytes([shade]) * (right - left)
        for row in rows:
            self.pixels[row * self.width + left : row * self.width + right] = line

    def copy(self, box: Box, printed: bytes, stride: int) -> None:
        """Copy a box from the printed page."""
        left, right, rows = self._rows(box)
        for row in rows:
            self.pixels[row * self.width + left : row * self.width + right] = printed[
                row * stride + left : row * stride + right
            ]

    def frame(self, box: Box) -> None:
        """Rule the edges of a box."""
        left, top, right, bottom = box
        thin = 1 / _SCALE
        for edge in (
            (left, top, right, top + thin),
            (left, bottom - thin, right, bottom),
            (left, top, left + thin, bottom),
            (right - thin, top, right, bottom),
        ):
            self.fill(edge, _RULE)
