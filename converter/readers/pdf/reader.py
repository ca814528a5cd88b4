"""PDF file -> blocks in reading order."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from budgetgraph.converter.blocks import Block, Grid, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers import offsets
from budgetgraph.converter.readers.limits import ask_time
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.continuation import link
from budgetgraph.converter.readers.pdf.furniture import remove_furniture
from budgetgraph.converter.readers.pdf.geometry import Box, holds_point, turned
from budgetgraph.converter.readers.pdf.layout import Layout, layout_of
from budgetgraph.converter.readers.pdf.lines import join, lines_of
from budgetgraph.converter.readers.pdf.page import REPLACEMENT, Page, read_page
from budgetgraph.converter.readers.pdf.paragraphs import Paragraphs, margins
from budgetgraph.converter.readers.pdf.tables import Table, cut, middle
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.scan.recognition import (
    INSTALL,
    MAXIMUM_PAGES,
    PAGE_SECONDS,
    RECOGNISED_PAGE,
    is_installed,
)
from budgetgraph.ontology.collecting import collector_paused

#: The signature stands within this many bytes of the file's beginning.
SIGNATURE_WITHIN = 1024


#: Of more characters than this share, the fonts of a page must say which they are.
UNMAPPED_PART = 0.05

#: A page is a picture when pictures take this part of it and it has no more characters than a running head.
PICTURE_PART = 0.4
HEAD_CHARACTERS = 40


@dataclass(slots=True)
class _Pages:
    """The pages of a file.

    pictures  numbers of the pages that are pictures
    covered   of these, the ones with text that lies unseen over the picture
    unmapped  of the others, the share of characters of which the fonts do not say which they are, by page
    undrawn   how many fields and notes do not say how their text is drawn, by page
    """

    layouts: list[Layout] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    unmapped: dict[int, float] = field(default_factory=dict)
    undrawn: dict[int, int] = field(default_factory=dict)


def _unmapped(page: Page) -> float:
    """Return the share of the page's characters of which the file does not say which they are."""
    text = "".join(run.text for run in page.runs)
    return text.count(REPLACEMENT) / len(text) if text else 0.0


def _is_picture(page: Page) -> bool:
    characters = sum(len(run.text) for run in page.runs)
    has_head_alone = page.pictures >= PICTURE_PART and characters <= HEAD_CHARACTERS
    return not page.is_blank and (not characters or has_head_alone or _unmapped(page) > 0.5)


def _read_pages(data: bytes, name: str, read_pictures: bool) -> _Pages:
    """Return the pages of a file. At most MAXIMUM_PAGES pictures are recognised, from the first on."""
    found = _Pages()
    with pdfium.opened(data, name) as document:
        for number in range(1, document.pages + 1):
            where = f"{name}: page {number}"
            with pdfium.opened_page(document, number, name) as opened:
                with collector_paused():
                    page = read_page(opened, number, name)
                if opened.undrawn:
                    found.undrawn[number] = opened.undrawn
                if _is_picture(page):
                    found.pictures.append(number)
                    if page.is_text_unseen:
                        found.covered.add(number)
                    page.runs = [run for run in page.runs if REPLACEMENT not in run.text]
                    if read_pictures and len(found.pictures) <= MAXIMUM_PAGES and is_installed():
                        ask_time(PAGE_SECONDS)
                        page = _recognised(data, opened, number, where)
                elif (share := _unmapped(page)) > UNMAPPED_PART:
                    found.unmapped[number] = share
            with collector_paused():
                found.layouts.append(layout_of(page, where))
    return found


def _recognised(data: bytes, opened: pdfium.OpenPage, number: int, where: str) -> Page:
    """Return an open page as recognition reads its picture. The libraries of the extra are loaded here only."""
    from budgetgraph.converter.readers.scan.bitmap import MAXIMUM_DOTS, SCALE
    from budgetgraph.converter.readers.scan.page import read_picture

    width, height = opened.size
    if width * height * SCALE**2 > MAXIMUM_DOTS:
        size = f"{width / 72:.0f} x {height / 72:.0f} inches"
        raise SourceError(f"{where}: a picture of {size}; print the file to pages no larger than A2.")
    with _picture(data, number, scale=SCALE, grayscale=True) as bitmap:
        picture = bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy()
    return read_picture(picture, number, where)


@contextmanager
def _picture(data: bytes, page: int, **form: Any) -> Iterator[Any]:
    """Draw a page for the length of a `with` block. pypdfium2's own modules are loaded here only."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        bitmap = document[page - 1].render(**form)
        try:
            yield bitmap
        finally:
            bitmap.close()


def _shown(grid: Grid, layout: Layout) -> Grid:
    """Return a grid with its places on the page as it is shown."""
    if not (layout.turn or layout.skew):
        return grid
    rows = [[replace(cell, locator=layout.shown(cell.locator)) for cell in row] for row in grid.rows]
    return Grid(tuple(map(tuple, rows)), layout.shown(grid.locator))


def blocks_of(layouts: list[Layout]) -> list[Block]:
    """Return the blocks of the pages of a document in reading order."""
    remove_furniture(layouts)
    link(layouts)
    blocks: list[Block] = []
    paragraphs = Paragraphs(margins(layouts))
    for layout in layouts:
        for item in layout.items:
            if isinstance(item, Table):
                blocks += paragraphs.end()
                blocks.append(_shown(item.grid, layout))
            else:
                blocks += paragraphs.add(item, layout)
    blocks += paragraphs.end()
    return offsets.number(blocks)


class PdfReader:
    """Reads PDF files; pages that are pictures through recognition, where the extra `ocr` is installed."""

    media_type = "application/pdf"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes begin as a PDF."""
        return b"%PDF-" in data[:SIGNATURE_WITHIN]

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of a PDF in reading order, with page, box and offsets; pages that are pictures as problems.

        Raises SourceError when the file is encrypted, damaged, empty, beyond the limits, or pictures only and the
        extra is not installed.
        """
        pages = _read_pages(data, name, read_pictures=True)
        layouts, pictures = pages.layouts, pages.pictures
        installed = bool(pictures) and is_installed()  # asked for pictures only: it loads the libraries of the extra
        if not any(layout.items for layout in layouts):
            if not pictures:
                raise SourceError(f"{name}: all pages are blank; fetch the publication again.")
            advice = "No text is seen in them." if installed else f"To read it, {INSTALL}."
            raise SourceError(
                f"{name}: the publication is a picture: {len(pictures)} scanned pages, or pages whose fonts do not say "
                f"which characters they print. {advice}"
            )
        problems = [
            picture_page(number, installed, index >= MAXIMUM_PAGES, number in pages.covered)
            for index, number in enumerate(pictures)
        ]
        with collector_paused():
            blocks = blocks_of(layouts)
        rest = [layout for layout in layouts if layout.number not in pictures]
        others = (*_glued_amounts(layouts), *_watermarks(layouts), *_unread_pictures(rest), *_unread_text(pages))
        return Reading(blocks, [*problems, *others])


def _glued_amounts(layouts: list[Layout]) -> Iterator[Problem]:
    """Yield the amounts whose column a table without lines does not tell."""
    for layout in layouts:
        for table in (item for item in layout.items if isinstance(item, Table)):
            for cell in table.glued:
                message = (
                    f"in {cell.text!r} an amount stands too near its label to tell its column, so neither it nor the "
                    "other amounts of the row are converted"
                )
                yield Problem("glued-amount", Severity.WARNING, message, layout.shown(cell.locator))


def _watermarks(layouts: list[Layout]) -> Iterator[Problem]:
    """Yield each text that is taken for a watermark, at the first page that has it."""
    pages: dict[str, list[int]] = {}
    for layout in layouts:
        for text in dict.fromkeys(layout.marks):
            pages.setdefault(text, []).append(layout.number)
    for text, numbers in pages.items():
        more = f" (pages: {len(numbers)})" if len(numbers) > 1 else ""
        message = (
            f"{text!r} runs aslant, or large over lines or other text{more}; it is taken for a watermark and left out"
        )
        yield Problem("watermark", Severity.INFO, message, Locator(page=numbers[0]))


def _unread_pictures(layouts: list[Layout]) -> Iterator[Problem]:
    """Yield the first page of text that has a large picture besides, and how many there are."""
    numbers = [layout.number for layout in layouts if layout.pictures >= PICTURE_PART]
    if numbers:
        more = f" (pages: {len(numbers)})" if len(numbers) > 1 else ""
        message = f"a picture takes much of the page{more}; text that stands in it is not read"
        yield Problem("unread-picture", Severity.WARNING, message, Locator(page=numbers[0]))


def _unread_text(pages: _Pages) -> Iterator[Problem]:
    """Yield that text is not read: the first page that has such text, and how many there are."""
    if pages.unmapped:
        page, share = next(iter(pages.unmapped.items()))
        message = (
            f"of {share:.0%} of the page's characters the fonts do not say which they are (pages: "
            f"{len(pages.unmapped)}), so they are not read. Print the file to a new PDF with the program that made it"
        )
        yield Problem("unmapped-text", Severity.ERROR, message, Locator(page=page))
    if pages.undrawn:
        count = sum(pages.undrawn.values())
        message = (
            f"{count} fields or notes hold text and do not say how it is drawn, so it is not read. Print the file to a "
            "new PDF"
        )
        yield Problem("undrawn-text", Severity.ERROR, message, Locator(page=min(pages.undrawn)))


def picture_page(number: int, installed: bool, beyond: bool = False, hides_text: bool = False) -> Problem:
    """Return the problem that a page is a picture: recognised where the extra `ocr` is installed, else not read.

    beyond      whether the page stands behind MAXIMUM_PAGES others and was left unread for that
    hides_text  whether text lies unseen over the picture, as scanners with recognition of their own write it
    """
    place = Locator(page=number)
    if installed and beyond:
        message = f"the page is a picture and was left unread: at most {MAXIMUM_PAGES} are recognised. Split the file"
        return Problem("unread-page", Severity.ERROR, message, place)
    if installed:
        message = "the page is a picture; its text is recognised, not read. Compare its figures with the publication"
        if hides_text:
            message += ". The text that lies unseen over it, which some scanner has recognised, is not used"
        return Problem(RECOGNISED_PAGE, Severity.WARNING, message, place)
    message = (
        "the page is a picture without text, or its fonts do not say which characters they print, so it is not read. "
        f"To read it, {INSTALL}"
    )
    return Problem("unread-page", Severity.ERROR, message, place)


def picture_pages(data: bytes, name: str) -> list[int]:
    """Return the numbers of the pages that are pictures without text: what `read` cannot read of a mixed file."""
    return _read_pages(data, name, read_pictures=False).pictures


def text_in_box(data: bytes, page: int, box: Box, name: str = "PDF") -> str:
    """Return the text that is printed on a page within a box (points from the upper left of the shown page).

    A character belongs to the box in which its word's middle lies, as in the cells of a grid.
    """
    with pdfium.opened(data, name) as document, pdfium.opened_page(document, page, name) as opened:
        found = read_page(opened, page, name)
        width, height = opened.size
    box = turned(box, width, height, -found.turn)
    parts = [part for run in found.runs for part in cut(run, (box[0], box[2]))]
    return join(lines_of(part for part in parts if holds_point(box, *middle(part))), box[2] - box[0])


def render(data: bytes, page: int, scale: float = 2.0, name: str = "PDF") -> bytes:
    """Return a page as a PNG picture; `scale` 1.0 is 72 dots per inch."""
    with (
        pdfium.opened(data, name) as document,
        pdfium.opened_page(document, page, name),
        _picture(data, page, scale=scale) as bitmap,
    ):
        buffer = io.BytesIO()
        bitmap.to_pil().save(buffer, format="PNG")
    return buffer.getvalue()
