"""A page as a person sees it: runs of characters and ruled lines, in the coordinates of the shown page."""

import math
from collections import deque
from ctypes import addressof, byref, c_double, c_float, c_ushort, c_void_p
from dataclasses import dataclass, field
from itertools import repeat

import pypdfium2
from pypdfium2 import raw

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.geometry import Box, View
from budgetgraph.converter.readers.pdf.objects import OPEN, Painting, Rule

#: The most characters of one page that are read.
MAXIMUM_CHARACTERS = 200_000
#: Characters further apart than this part of their height do not belong to one run.
RUN_GAP = 0.25
#: Characters whose feet differ by more than this part of their height do not stand on one line.
RUN_DRIFT = 0.25
#: A box lower than this, in points, says nothing of the character's height.
LOWEST_BOX = 0.5

#: So many boxes are taken from PDFium at once: room for a page's would have to be made for each page.
BOXES_AT_ONCE = 128

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


def _texts(text_page: object, handle: pdfium.Handle, count: int) -> list[str]:
    """Return one string for each of PDFium's character positions; U+FFFD where the file does not tell which it is."""
    buffer = (c_ushort * (count + 1))()
    result: list[str] = []
    if count and raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        result = list(bytes(buffer)[: 2 * count].decode("utf-16-le", "replace"))
    if len(result) != count:  # characters beyond the basic plane take two places
        codes = (pdfium.char_unicode(handle, index) for index in range(count))
        result = [chr(c) if c < 0x110000 and not 0xD800 <= c < 0xE000 else REPLACEMENT for c in codes]
    for index, is_unmapped in enumerate(map(pdfium.char_is_unmapped, repeat(handle), range(count))):
        if is_unmapped == 1:
            result[index] = REPLACEMENT
    return result


def _tight_box(handle: pdfium.Handle, index: int, view: View) -> Box:
    """Return the box of a character's ink, for fonts that do not tell their height."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium.char_tight_box(handle, index, byref(left), byref(right), byref(bottom), byref(top))
    return view.shown(left.value, bottom.value, right.value, top.value)


def _turn(handle: pdfium.Handle, index: int, view: View) -> int:
    """Return by how many quarters a character is turned against the shown page."""
    angle: float = pdfium.char_angle(handle, index)
    return (round(angle / (math.pi / 2)) + view.turns) % 4


def _along(turn: int, box: Box) -> Box:
    """Return where the box of a character turned by quarters begins and ends along its run, and across it."""
    left, top, right, bottom = box
    if turn == 1:
        return top, -right, bottom, -left
    if turn == 2:
        return -right, top, -left, bottom
    return (-bottom, -right, -top, -left) if turn else box


def _on_page(turn: int, box: Box) -> Box:
    """Return the box on the page of a box that `_along` has made."""
    start, head, end, foot = box
    if turn == 1:
        return -foot, start, -head, end
    if turn == 2:
        return -end, head, -start, foot
    return (-foot, -end, -head, -start) if turn else box


@dataclass(frozen=True, slots=True)
class _Characters:
    """The characters of an open page: PDFium's handle, and in its order what they are, and their boxes one by one."""

    handle: pdfium.Handle
    texts: list[str]
    boxes: list[float]


def _gather(page: _Characters, view: View, painting: Painting | None, some: range | None = None) -> list[Run]:
    """Return the runs of a page's characters.

    painting  tells of every character whether it is hidden; None: only what lies beyond the page is left out
    some      positions of the characters that are looked at; None: all
    """
    handle, texts, some = page.handle, page.texts, some or range(len(page.texts))
    a, b, c, d, e, f = view.a, view.b, view.c, view.d, view.e, view.f
    upright_view = b == 0
    width, height = view.width, view.height
    runs: list[Run] = []
    flat = iter(page.boxes[4 * some.start : 4 * some.stop])
    # What is known of the last run. A call or an object for each character would take most of the time.
    goes_on = False
    found: list[str] = []
    edges: list[tuple[float, float]] = []
    turn = first = last = 0
    thing, veil = -1, OPEN
    run_start = run_head = run_end = run_foot = 0.0
    for index, x0, y0, x1, y1 in zip(some, flat, flat, flat, flat, strict=True):
        character = texts[index]
        if character in "\r\n\0":
            goes_on = False
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
        if not (0 <= left <= right <= width and 0 <= top <= bottom <= height):
            x, y = (left + right) / 2, (top + bottom) / 2
            if not (0 <= x <= width and 0 <= y <= height):
                goes_on = False
                continue
        if character == " " and pdfium.char_is_generated(handle, index):
            continue
        if painting is not None:
            if (owner := pdfium.char_object(handle, index)) != thing:
                thing, veil = owner, painting.veil(owner)
            if not veil.shows((left + right) / 2, (top + bottom) / 2):
                goes_on = False
                continue
        if goes_on:
            start, head, end, foot = _along(turn, (left, top, right, bottom)) if turn else (left, top, right, bottom)
            size, drift = foot - head, foot - run_foot
            goes_on = -size < start - run_end < RUN_GAP * size and -RUN_DRIFT * size < drift < RUN_DRIFT * size
        if goes_on:
            found.append(character)
            edges.append((top, bottom) if turn % 2 else (left, right))
            last = index
            if start < run_start:
                run_start = start
            if end > run_end:
                run_end = end
            if head < run_head:
                run_head = head
            if foot > run_foot:
                run_foot = foot
            continue
        if found:
            box = _on_page(turn, (run_start, run_head, run_end, run_foot))
            runs.append(Run("".join(found), *box, edges, turn, first, last))
        turn = _turn(handle, index, view)
        run_start, run_head, run_end, run_foot = _along(turn, (left, top, right, bottom))
        found, edges = [character], [(top, bottom) if turn % 2 else (left, right)]
        first = last = index
        goes_on = True
    if found:
        box = _on_page(turn, (run_start, run_head, run_end, run_foot))
        runs.append(Run("".join(found), *box, edges, turn, first, last))
    return runs


def _all_show(runs: list[Run], page: _Characters, view: View, painting: Painting) -> bool:
    """Tell whether every run is wholly to be seen, by the objects of its first and last characters."""
    firsts = map(pdfium.char_object, repeat(page.handle), [run.first for run in runs])
    lasts = map(pdfium.char_object, repeat(page.handle), [run.last for run in runs])
    for run, first, last in zip(runs, firsts, lasts, strict=True):
        for text in (first, last) if last != first else (first,):
            veil = painting.veil(text)
            left, top, right, bottom = veil.clip
            inside = left <= run.left and top <= run.top and run.right <= right and run.bottom <= bottom
            if veil.covers or not inside:  # characters may reach a little over their clip
                if _gather(page, view, painting, range(run.first, run.last + 1)) != [run]:
                    return False
                break
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
        count = max(0, raw.FPDFText_CountChars(text_page)) if text_page else 0
        if count > MAXIMUM_CHARACTERS:
            raise SourceError(f"{where}: {count} characters; at most {MAXIMUM_CHARACTERS} are read.")
        handle = pdfium.handle_of(text_page)
        characters = _Characters(handle, _texts(text_page, handle, count), _boxes(handle, count))
        runs = _gather(characters, view, None)
        turn = _read_view(runs)
        if turn:
            view = view.turned(-turn)
            runs = _gather(characters, view, None)
        painting = Painting(page, view, where)
        if not _all_show(runs, characters, view, painting):
            runs = _gather(characters, view, painting)
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


def _boxes(handle: pdfium.Handle, count: int) -> list[float]:
    """Return left, top, right and bottom of each character in the file's coordinates, one after the other."""
    boxes = (c_float * (4 * BOXES_AT_ONCE))()
    base, numbers = addressof(boxes), memoryview(boxes).cast("B").cast("f")
    places = list(map(c_void_p, range(base, base + 16 * BOXES_AT_ONCE, 16)))
    result: list[float] = []
    for start in range(0, count, BOXES_AT_ONCE):
        behind = min(start + BOXES_AT_ONCE, count)
        deque(map(pdfium.char_loose_box, repeat(handle), range(start, behind), places), maxlen=0)  # calls them all
        result += numbers[: 4 * (behind - start)].tolist()
    return result
