"""Opening a file, walking its pages, and the calls that are made for every character or object of a page."""

from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from itertools import repeat
from typing import Any, Literal

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import fonts
from budgetgraph.converter.readers.pdf.geometry import Point
from budgetgraph.converter.readers.pdf.library import Pointer, function, pointer

#: The most pages of one file that are read.
MAXIMUM_PAGES = 2_000

#: The most characters of one page that are read.
MAXIMUM_CHARACTERS = 200_000

#: So many characters or objects are asked about at once: room for what PDFium tells of a whole page would have to be
#: made for each page.
AT_ONCE = 128

# fpdfview.h, fpdf_edit.h
_ERROR_FORMAT, _ERROR_PASSWORD, _ERROR_SECURITY = 3, 4, 5
OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_FORM = 1, 2, 3, 5
SEGMENT_LINE, SEGMENT_MOVE = 0, 2
FILL_NONE = 0
ANNOTATION_TEXT, ANNOTATION_FIELD = 3, 20
MODE_STROKE, MODE_INVISIBLE, MODE_CLIP = 1, 3, 7

load_file = function("FPDF_LoadMemDocument64", c_void_p)
close_file = function("FPDF_CloseDocument", None)
last_error = function("FPDF_GetLastError", c_ulong)
count_pages = function("FPDF_GetPageCount", c_int)
load_page = function("FPDF_LoadPage", c_void_p)
close_page = function("FPDF_ClosePage", None)
page_width = function("FPDF_GetPageWidthF", c_float)
page_height = function("FPDF_GetPageHeightF", c_float)
page_box = function("FPDF_GetPageBoundingBox", c_int)
page_rotation = function("FPDFPage_GetRotation", c_int)
set_page_rotation = function("FPDFPage_SetRotation", None)
count_annotations = function("FPDFPage_GetAnnotCount", c_int)
open_annotation = function("FPDFPage_GetAnnot", c_void_p)
close_annotation = function("FPDFPage_CloseAnnot", None)
remove_annotation = function("FPDFPage_RemoveAnnot", c_int)
annotation_kind = function("FPDFAnnot_GetSubtype", c_int)
annotation_has = function("FPDFAnnot_HasKey", c_int)
flatten_page = function("FPDFPage_Flatten", c_int)
page_objects = function("FPDFPage_CountObjects", c_int)
load_text = function("FPDFText_LoadPage", c_void_p)
close_text = function("FPDFText_ClosePage", None)
count_characters = function("FPDFText_CountChars", c_int)
get_text = function("FPDFText_GetText", c_int)
char_unicode = function("FPDFText_GetUnicode", c_uint)
char_loose_box = function("FPDFText_GetLooseCharBox", None)
char_tight_box = function("FPDFText_GetCharBox", c_int)
char_angle = function("FPDFText_GetCharAngle", c_float)
char_matrix = function("FPDFText_GetMatrix", c_int)
char_is_generated = function("FPDFText_IsGenerated", c_int)
char_is_unmapped = function("FPDFText_HasUnicodeMapError", c_int)
#: Most characters share their text object with others.
char_object = function("FPDFText_GetTextObject", c_void_p)
page_object = function("FPDFPage_GetObject", c_void_p)
form_object = function("FPDFFormObj_GetObject", c_void_p, c_void_p, c_ulong)
form_objects = function("FPDFFormObj_CountObjects", c_int)
remove_object = function("FPDFPage_RemoveObject", c_int)
free_object = function("FPDFPageObj_Destroy", None)
object_type = function("FPDFPageObj_GetType", c_int)
object_bounds = function("FPDFPageObj_GetBounds", c_int)
object_matrix = function("FPDFPageObj_GetMatrix", c_int)
object_clip = function("FPDFPageObj_GetClipPath", c_void_p)
object_fill = function("FPDFPageObj_GetFillColor", c_int)
object_stroke = function("FPDFPageObj_GetStrokeColor", c_int)
object_is_transparent = function("FPDFPageObj_HasTransparency", c_int)
text_mode = function("FPDFTextObj_GetTextRenderMode", c_int)
clip_paths = function("FPDFClipPath_CountPaths", c_int)
clip_segments = function("FPDFClipPath_CountPathSegments", c_int)
clip_segment = function("FPDFClipPath_GetPathSegment", c_void_p)
path_segments = function("FPDFPath_CountSegments", c_int)
path_segment = function("FPDFPath_GetPathSegment", c_void_p)
path_mode = function("FPDFPath_GetDrawMode", c_int)
segment_point = function("FPDFPathSegment_GetPoint", c_int)
segment_type = function("FPDFPathSegment_GetType", c_int)
segment_closes = function("FPDFPathSegment_GetClose", c_int)


class Room:
    """Room for the numbers that PDFium writes: of AT_ONCE characters or objects, as many of each."""

    def __init__(self, code: Literal["f", "I", "i"], each: int, apart: bool) -> None:
        """Take the type of the numbers as in `array`, and how many of them one character or object has.

        apart  whether PDFium takes an address for each of them; else the first one's is enough
        """
        self._numbers = array(code, bytes(4 * each * AT_ONCE))
        self._each = each
        base, size = self._numbers.buffer_info()[0], self._numbers.itemsize
        #: The addresses of the first number of each, of the second, and so on.
        self.at = tuple(
            tuple(map(pointer, range(base + size * n, base + size * each * AT_ONCE, size * each)))
            for n in range(each if apart else 1)
        )

    def numbers(self, count: int) -> list[Any]:
        """Return the numbers of the first `count` characters or objects, those of each together."""
        return self._numbers[: self._each * count].tolist()


class Rooms:
    """What an open file has of them: boxes, points and matrices, colours, and fill and stroke modes."""

    def __init__(self) -> None:
        self.boxes = Room("f", 4, apart=False)
        self.points = Room("f", 2, apart=True)
        self.matrices = Room("f", 6, apart=False)
        self.colours = Room("I", 4, apart=True)
        self.modes = Room("i", 2, apart=True)

    def ends(self, segments: Sequence[Pointer]) -> list[Point]:
        """Return where segments of paths end, in the file's coordinates."""
        result: list[Point] = []
        for start in range(0, len(segments), AT_ONCE):
            some = segments[start : start + AT_ONCE]
            deque(map(segment_point, some, *self.points.at), maxlen=0)  # calls it for each
            flat = iter(self.points.numbers(len(some)))
            result += zip(flat, flat, strict=True)
        return result


def loose_boxes(text: Pointer, count: int, room: Room) -> tuple[list[float], ...]:
    """Return the left, top, right and bottom edges of characters in the file's coordinates."""
    flat: list[float] = []
    for start in range(0, count, AT_ONCE):
        behind = min(start + AT_ONCE, count)
        deque(map(char_loose_box, repeat(text), range(start, behind), room.at[0]), maxlen=0)  # calls them all
        flat += room.numbers(behind - start)
    return flat[::4], flat[1::4], flat[2::4], flat[3::4]


def remove_objects(page: Pointer, things: Sequence[Pointer]) -> None:
    """Take objects off an open page, not in the file; what was loaded of the page before knows nothing of it."""
    for thing in things:
        if remove_object(page, thing):
            free_object(thing)


class File:
    """An open file.

    handle  PDFium's
    pages   how many it has
    """

    def __init__(self, handle: Pointer, pages: int) -> None:
        self.handle = handle
        self.pages = pages
        self.rooms = Rooms()


class OpenPage:
    """An open page of a file."""

    def __init__(self, handle: Pointer, rooms: Rooms, undrawn: int) -> None:
        """Take how many annotations with text do not say how it is drawn."""
        self.handle = handle
        self.rooms = rooms
        self.undrawn = undrawn

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in points, as the page is shown."""
        return page_width(self.handle), page_height(self.handle)


_ADVICE = {
    _ERROR_PASSWORD: "is encrypted with a password; save it without one",
    _ERROR_SECURITY: "is encrypted in a way that is not supported; save it without encryption",
    _ERROR_FORMAT: "is damaged or cut short; fetch the publication again",
}


@contextmanager
def opened(data: bytes, name: str) -> Iterator[File]:
    """Open a file for the length of a `with` block.

    Raises SourceError when it is encrypted or damaged, or has no page or more than MAXIMUM_PAGES.
    """
    fonts.install()
    address = load_file(data, c_size_t(len(data)), None)  # PDFium reads from `data` while it is open
    if not address:
        raise SourceError(f"{name}: {_ADVICE.get(last_error(), _ADVICE[_ERROR_FORMAT])}.")
    handle = pointer(address)
    try:
        count = count_pages(handle)
        if count < 1:
            raise SourceError(f"{name}: the PDF has no page that can be read; fetch the publication again.")
        if count > MAXIMUM_PAGES:
            raise SourceError(f"{name}: {count} pages; at most {MAXIMUM_PAGES} are read. Split the file.")
        yield File(handle, count)
    finally:
        close_file(handle)


@contextmanager
def opened_page(file: File, number: int, name: str) -> Iterator[OpenPage]:
    """Open page `number` (from 1) for the length of a `with` block. Raises SourceError when it is damaged.

    What fields of forms and notes in free text show is part of the page.
    """
    handle = _loaded(file, number, name)
    try:
        undrawn = _merge_annotations(handle)
        if undrawn is not None:  # PDFium reads what it has merged when it loads the page again
            close_page(handle)
            handle = _loaded(file, number, name)
        yield OpenPage(handle, file.rooms, undrawn or 0)
    finally:
        close_page(handle)


def _loaded(file: File, number: int, name: str) -> Pointer:
    address = load_page(file.handle, number - 1)
    if not address:
        raise SourceError(f"{name}: page {number} is damaged; fetch the publication again.")
    return pointer(address)


def _merge_annotations(page: Pointer) -> int | None:
    """Make the fields and free texts of a page part of it; return how many do not say how their text is drawn.

    None where the page has none. Other annotations (links, comments, marks of reviewers) are left out.
    """
    undrawn = kept = 0
    for index in reversed(range(max(0, count_annotations(page)))):
        annotation = pointer(open_annotation(page, index))
        kind = annotation_kind(annotation)
        has_text = any(annotation_has(annotation, key) for key in (b"V", b"Contents"))
        is_drawn = annotation_has(annotation, b"AP")
        close_annotation(annotation)
        if kind not in {ANNOTATION_TEXT, ANNOTATION_FIELD}:
            remove_annotation(page, index)
            continue
        kept += 1
        undrawn += bool(has_text and not is_drawn)
    if kept:
        flatten_page(page, 0)
    return undrawn if kept else None
