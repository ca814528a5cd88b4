"""Pictures of the places of a PDF that results are about: the cell, with what stands around it."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from budgetgraph.shapes.png import to_png
from budgetgraph.shapes.results import Cell, Report

#: Points above and below a cell that are shown too, beside its whole row; pixels for each point.
_ABOVE, _SCALE = 18.0, 1.5
#: So many pictures keep a report small enough to mail.
MOST = 60


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG as data URI, its size in pixels, and where the cell is on it: left, top, width, height in pixels."""

    uri: str
    width: int
    height: int
    box: tuple[float, float, float, float]


def pictures(report: Report, pdf: Path) -> dict[Cell, Picture]:
    """Return the pictures of the first MOST cells that a report names; none when the PDF cannot be drawn.

    Only cells of official tables are shown: these hold amounts, while forms hold names and telephone numbers too.
    """
    named = (cell for result in report.results for cell in result.cells)
    cells = list(dict.fromkeys(cell for cell in named if cell.box and cell.official and cell.page))[:MOST]
    found: dict[Cell, Picture] = {}
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number in sorted({cell.page for cell in cells if cell.page and cell.page <= len(document)}):
                found |= _on_page(document[number - 1], (cell for cell in cells if cell.page == number))
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        return found
    return found


def _on_page(page: pypdfium2.PdfPage, cells: Iterable[Cell]) -> dict[Cell, Picture]:
    width, height = page.get_size()
    found = {}
    for cell in cells:
        if cell.box is None:
            continue
        left, top, across, down = cell.box
        if not (0 <= left < left + across <= width + 1 and 0 <= top < top + down <= height + 1):
            continue
        above, below = min(_ABOVE, top), min(_ABOVE, max(0.0, height - top - down))
        # How much is cut away at the left, bottom, right and top.
        cut = (0.0, max(0.0, height - top - down - below), 0.0, top - above)
        bitmap = page.render(scale=_SCALE, grayscale=True, crop=cut)
        place = (left * _SCALE, above * _SCALE, across * _SCALE, down * _SCALE)
        encoded = base64.b64encode(_encoded(bitmap)).decode()
        found[cell] = Picture(f"data:image/png;base64,{encoded}", bitmap.width, bitmap.height, place)
    return found


def _encoded(bitmap: pypdfium2.PdfBitmap) -> bytes:
    return to_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
