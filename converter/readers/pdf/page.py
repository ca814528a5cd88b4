"""A page as a person sees it: runs of characters and ruled lines, in the coordinates of the shown page."""

import math
from collections import deque
from ctypes import addressof, c_double, c_float, c_ushort
from dataclasses import dataclass, field
from itertools import repeat

import pypdfium2
from pypdfium2 import raw

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.geometry import Box, View
from budgetgraph.converter.readers.pdf.objects import Painting, Rule

#: The most characters of one page that are read.
MAXIMUM_CHARACTERS = 200_000
#: Characters further apart than this part of their height do not belong to one run.
RUN_GAP = 0.25
#: Characters whose feet differ by more than this part of their height do not stand on one line.
RUN_DRIFT = 0.25
#: A box lower than this, in points, says nothing of the character's height.
LOWEST_BOX = 0.5

#: Stands for a character of which the file does not tell which it is.
REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class Run:
    """Characters that follow each other without a gap, as they are painted.

    edges  left edge of each character and right edge of the last (top to bottom where `turn` is not 0)
    turn   quarter turns clockwise by which the characters are turned against the shown page
    first, last  PDFium's positions of the first and last character
    confidence   how sure the least sure character is; below 1 where it was recognised in a picture
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    edges: list[tuple[float, float]]
    turn: int = 0

    first: int = 0
    last: int = 0
    confidence: float = 1.0

    def takes(self, character: str, left: float, top: float, right: float, bottom: float, index: int) -> bool:
        """Append a character in a box if it goes on with this run; tell whether it does."""
        if self.turn % 2 == 0:
            size, drift = bottom - top, bottom - self.bottom
            gap = left - self.right if self.turn == 0 else self.left - right
        else:
            size, drift = right - left, left - self.left
            gap = top - self.bottom if self.turn == 1 else self.top - bottom
        if not (-size < gap < RUN_GAP * size and -RUN_DRIFT * size < drift < RUN_DRIFT * size):
            return False
        self.text += character
        self.edges.append((top, bottom) if self.turn % 2 else (left, right))
        self.last = index
        if left < self.left:
            self.left = left
        if right > self.right:
            self.right = right
        if top < self.top:
            self.top = top
        if bottom > self.bottom:
            self.bottom = bottom
        return True

    @property
    def box(self) -> Box:
        """Return the box around the run."""
        return self.left, self.top, self.right, self.bottom

    @property
    def height(self) -> float:
        """Return the height of the characters."""
        return self.bottom - self.top if self.turn % 2 == 0 else self.right - self.left


@dataclass(slots=True)
class Page:
    """What a page shows, in the direction in which it is read.

    number           page, counted from 1
    width, height    of the page as it is read, in points
    turn             quarter turns clockwise by which the page as it is shown is turned against that
    runs             in the order in which they are painted
    level, upright   ruled lines
    pictures         the share of the page that pictures take
    is_blank         whether nothing is painted on it
    skew             degrees counter-clockwise by which the page as it is shown lies askew
    """

    number: int
    width: float
    height: float
    turn: int = 0
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: float = 0.0
    is_blank: bool = True
    runs: list[Run] = field(default_factory=list)
    skew: float = 0.0


def view_of(page: pypdfium2.PdfPage) -> View:
    """Return how an open page is shown: its crop box inside its media box, turned as the page says."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        return View.of(0, 0, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page), 0)
    return View.of(box.left, box.bottom, box.right, box.top, raw.FPDFPage_GetRotation(page) % 4)


def _characters(text_page: object, handle: int, count: int) -> list[str]:
    """Return one string for each of PDFium's character positions; U+FFFD where the file does not tell which it is."""
    buffer = (c_ushort * (count + 1))()
    result: list[str] = []
    if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        result = list(bytes(buffer)[: 2 * count].decode("utf-16-le", "replace"))
    if len(result) != count:  # characters beyond the basic plane take two places
        codes = (pdfium.char_unicode(handle, index) for index in range(count))
        result = [chr(c) if c < 0x110000 and not 0xD800 <= c < 0xE000 else REPLACEMENT for c in codes]
    for index, is_unmapped in enumerate(map(pdfium.char_is_unmapped, repeat(handle), range(count))):
        if is_unmapped == 1:
            result[index] = REPLACEMENT
    return result


def _tight_box(handle: int, index: int, view: View) -> Box:
    """Return the box of a character's ink, for fonts that do not tell their height."""
    numbers = (c_double * 4)()
    base = addressof(numbers)
    pdfium.char_tight_box(handle, index, base, base + 8, base + 16, base + 24)
    left, right, bottom, top = numbers
    return view.shown(left, bottom, right, top)


def _turn(handle: int, index: int, view: View) -> int:
    """Return by how many quarters a character is turned against the shown page."""
    angle: float = pdfium.char_angle(handle, index)
    return (round(angle / (math.pi / 2)) + view.turns) % 4


def _gather(handle: int, boxes: list[float], text: list[str], view: View, painting: Painting | None) -> list[Run]:
    """Return the runs of a page's characters.

    painting  tells of every character whether it is hidden; None: only what lies beyond the page is left out
    """
    a, b, c, d, e, f = view.a, view.b, view.c, view.d, view.e, view.f
    upright_view = b == 0
    width, height = view.width, view.height
    runs: list[Run] = []
    run: Run | None = None
    flat = iter(boxes)
    for index, (character, x0, y0, x1, y1) in enumerate(zip(text, flat, flat, flat, flat, strict=True)):
        if character in "\r\n\0":
            run = None
            continue
        if upright_view:
            left, top, right, bottom = a * x0 + e, d * y0 + f, a * x1 + e, d * y1 + f
        else:
            left, top, right, bottom = c * y0 + e, b * x0 + f, c * y1 + e, b * x1 + f
        if left > right:
            left, right = right, left
        if top > bottom:
            top, bottom = bottom, top
        if bottom - top < LOWEST_BOX and not character.isspace():
            left, top, right, bottom = _tight_box(handle, index, view)
        x, y = (left + right) / 2, (top + bottom) / 2
        if not (0 <= x <= width and 0 <= y <= height):
            run = None
            continue
        if character == " " and pdfium.char_is_generated(handle, index):
            continue
        if painting is not None and not painting.veil(pdfium.char_object(handle, index)).shows(x, y):
            run = None
            continue
        if run is not None and run.takes(character, left, top, right, bottom, index):
            continue
        turn = _turn(handle, index, view)
        edge = (top, bottom) if turn % 2 else (left, right)
        run = Run(character, left, top, right, bottom, [edge], turn, index, index)
        runs.append(run)
    return runs


def _all_show(runs: list[Run], handle: int, painting: Painting) -> bool:
    """Tell whether every run is wholly to be seen, by the objects of its first and last characters."""
    for run in runs:
        first = pdfium.char_object(handle, run.first)
        last = pdfium.char_object(handle, run.last) if run.last != run.first else first
        for text in (first, last) if last != first else (first,):
            veil = painting.veil(text)
            left, top, right, bottom = veil.clip
            inside = left <= run.left and top <= run.top and run.right <= right and run.bottom <= bottom
            if veil.covers or not inside:
                return False
    return True


def _read_view(runs: list[Run]) -> int:
    """Return by how many quarters most characters are turned against the shown page."""
    counts = [0, 0, 0, 0]
    for run in runs:
        counts[run.turn] += len(run.text)
    return counts.index(max(counts))


def read_page(page: pypdfium2.PdfPage, number: int, name: str) -> Page:
    """Return what an open page shows. Raises SourceError when it holds more than can be read.

    A page whose characters stand sideways is turned until they are upright.
    """
    view = view_of(page)
    where = f"{name}: page {number}"
    text_page = raw.FPDFText_LoadPage(page)
    try:
        count = raw.FPDFText_CountChars(text_page) if text_page else 0
        if count > MAXIMUM_CHARACTERS:
            raise SourceError(f"{where}: {count} characters; at most {MAXIMUM_CHARACTERS} are read.")
        handle = pdfium.address(text_page)
        text = _characters(text_page, handle, count) if count > 0 else []
        boxes = _boxes(handle, count) if count > 0 else []
        runs = _gather(handle, boxes, text, view, None)
        turn = _read_view(runs)
        if turn:
            view = view.turned(-turn)
            runs = _gather(handle, boxes, text, view, None)
        painting = Painting(page, view, where)
        if not _all_show(runs, handle, painting):
            runs = _gather(handle, boxes, text, view, painting)
    finally:
        if text_page:
            raw.FPDFText_ClosePage(text_page)
    runs = [run for run in runs if not run.text.isspace()]
    return Page(
        number,
        view.width,
        view.height,
        turn,
        painting.level,
        painting.upright,
        painting.pictures,
        painting.is_blank,
        runs,
    )


def _boxes(handle: int, count: int) -> list[float]:
    """Return left, top, right and bottom of each character in the file's coordinates, one after the other."""
    boxes = (c_float * (4 * count))()
    base = addressof(boxes)
    places = range(base, base + 16 * count, 16)
    deque(map(pdfium.char_loose_box, repeat(handle), range(count), places), maxlen=0)  # calls them all
    return boxes[:]
