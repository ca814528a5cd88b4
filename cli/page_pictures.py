"""Pictures of the pages that tables stand on, drawn while a PDF is published; see `shapes.page_pictures`."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.rdf.provenance import box_pieces
from budgetgraph.converter.readers.isolation import run_isolated
from budgetgraph.converter.sources.search import Publication
from budgetgraph.shapes.page_pictures import MOST, PageCell, write_pages

_PDF = "application/pdf"
#: Exit codes of the process: the number of pages left out, this at the most; and a file that PDFium does not open.
_MOST_TOLD, _FAILED = 100, 101


def draw(publication: Publication, conversion: Conversion, target: Path) -> str | None:
    """Write the page pictures of a publication into a ZIP file, in a process of its own; tell what is missing, if any.

    Without a PDF among the files there is no picture and no file.
    """
    source = conversion.budget.source
    parts: tuple[str | None, ...] = conversion.ids.files or (None,)
    kinds = [file.media_type for file in source.files or (source,)]
    files = [
        (file.path, list(_cells(conversion, part)) if kind == _PDF else [])
        for part, kind, file in zip(parts, kinds, publication.files, strict=True)
    ]
    if not any(found for _, found in files):
        return None
    exitcode = run_isolated(_draw, (files, target))
    if exitcode is None or exitcode not in range(_MOST_TOLD + 1):
        target.unlink(missing_ok=True)
        return "the pages could not be drawn; their cells are shown as tables alone"
    return f"{exitcode} pages have no picture, because all would take more than {MOST >> 20} MiB" if exitcode else None


def _draw(files: list[tuple[Path, list[PageCell]]], target: Path) -> None:
    """Draw, and end with the number of pages left out; runs in the process of its own."""
    try:
        left_out = write_pages([(path, found) for path, found in files], target)
    except pypdfium2.PdfiumError:
        raise SystemExit(_FAILED) from None
    raise SystemExit(min(left_out, _MOST_TOLD))


def _cells(conversion: Conversion, part: str | None) -> Iterator[PageCell]:
    """Yield the cells of one file that have a place on a page."""
    for table in conversion.budget.tables:
        if table.locator.part == part:
            for cell in table.cells:
                for page, box in box_pieces(cell.locator):
                    if page is not None:
                        yield PageCell(table.id, page, box, None if cell.role == "withheld" else cell.text)
