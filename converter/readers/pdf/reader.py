"""PDF file -> blocks in reading order."""

import io
from dataclasses import replace

from budgetgraph.converter.blocks import Block, Grid, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers import offsets
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.continuation import link
from budgetgraph.converter.readers.pdf.furniture import remove_furniture
from budgetgraph.converter.readers.pdf.geometry import Box, holds_point, turned
from budgetgraph.converter.readers.pdf.layout import Layout, layout_of
from budgetgraph.converter.readers.pdf.lines import join, lines_of
from budgetgraph.converter.readers.pdf.page import read_page
from budgetgraph.converter.readers.pdf.paragraphs import Paragraphs, margins
from budgetgraph.converter.readers.pdf.tables import Table, cut, middle
from budgetgraph.converter.readers.reading import Reading

#: The signature stands within this many bytes of the file's beginning.
SIGNATURE_WITHIN = 1024


def _layouts(data: bytes, name: str) -> tuple[list[Layout], list[int]]:
    """Return the layouts of all pages and the numbers of the pages that are pictures."""
    layouts, pictures = [], []
    with pdfium.opened(data, name) as document:
        for number in range(1, len(document) + 1):
            with pdfium.opened_page(document, number, name) as opened:
                page = read_page(opened, number, name)
            if not page.runs and not page.is_blank:
                pictures.append(number)
            layouts.append(layout_of(page, f"{name}: page {number}"))
    return layouts, pictures


def _shown(grid: Grid, layout: Layout) -> Grid:
    """Return a grid with its places on the page as it is shown."""
    if not layout.turn:
        return grid
    rows = [[replace(cell, locator=layout.shown(cell.locator)) for cell in row] for row in grid.rows]
    return Grid(tuple(map(tuple, rows)), layout.shown(grid.locator))


def _blocks(layouts: list[Layout]) -> list[Block]:
    blocks: list[Block] = []
    paragraphs = Paragraphs(margins(layouts))
    for layout in layouts:
        for item in layout.items:
            if isinstance(item, Table):
                blocks += paragraphs.end()
                blocks.append(_shown(item.grid, layout))
            else:
                blocks += paragraphs.add(item, layout)
    return blocks + paragraphs.end()


class PdfReader:
    """Reads PDF files that hold characters; a file of pictures is refused."""

    media_type = "application/pdf"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes begin as a PDF."""
        return b"%PDF-" in data[:SIGNATURE_WITHIN]

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of a PDF in reading order, with page, box and offsets; pages that are pictures as problems.

        Raises SourceError when the file is encrypted, damaged, empty, beyond the limits, or pictures only.
        """
        layouts, pictures = _layouts(data, name)
        if pictures and not any(layout.items for layout in layouts):
            raise SourceError(
                f"{name}: the publication is a picture: {len(pictures)} scanned pages, no text. "
                "Pictures are not read; give the file that was printed or scanned."
            )
        if not any(layout.items for layout in layouts):
            raise SourceError(f"{name}: all pages are blank; fetch the publication again.")
        remove_furniture(layouts)
        link(layouts)
        return Reading(offsets.number(_blocks(layouts)), map(_unread_page, pictures))


def _unread_page(number: int) -> Problem:
    message = "the page is a picture without text, so it is not read. Give the file that was printed or scanned"
    return Problem("unread-page", Severity.ERROR, message, Locator(page=number))


def picture_pages(data: bytes, name: str) -> list[int]:
    """Return the numbers of the pages that are pictures without text: what `read` cannot read of a mixed file."""
    return _layouts(data, name)[1]


def text_in_box(data: bytes, page: int, box: Box, name: str = "PDF") -> str:
    """Return the text that is printed on a page within a box (points from the upper left of the shown page).

    A character belongs to the box in which its word's middle lies, as in the cells of a grid.
    """
    with pdfium.opened(data, name) as document, pdfium.opened_page(document, page, name) as opened:
        found = read_page(opened, page, name)
        width, height = opened.get_size()
    box = turned(box, width, height, -found.turn)
    parts = [part for run in found.runs for part in cut(run, (box[0], box[2]))]
    return join(lines_of(part for part in parts if holds_point(box, *middle(part))), box[2] - box[0])


def render(data: bytes, page: int, scale: float = 2.0, name: str = "PDF") -> bytes:
    """Return a page as a PNG picture; `scale` 1.0 is 72 dots per inch."""
    with pdfium.opened(data, name) as document, pdfium.opened_page(document, page, name) as opened:
        bitmap = opened.render(scale=scale)
        try:
            buffer = io.BytesIO()
            bitmap.to_pil().save(buffer, format="PNG")
        finally:
            bitmap.close()
    return buffer.getvalue()
