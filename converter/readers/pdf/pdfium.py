"""PDFium: opening a file, walking its pages, and the calls that are made for every character or object.

pypdfium2's own prototypes make a typed pointer of every handle and convert every argument in Python. A page needs
thousands of calls, so those that run in loops are declared again here, without argument types and without giving up
the interpreter's lock, in less than half of the time. ctypes then passes an `int` as a C int and a `Handle` or
`c_void_p` as a pointer: **every pointer must be one of these two, never a plain number.**
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_float, c_int, c_uint, c_ulong, c_void_p
from typing import Any

import pypdfium2
from pypdfium2 import raw

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import fonts

#: The most pages of one file that are read.
MAXIMUM_PAGES = 2_000


class Handle(c_void_p):
    """A page, object, clip or segment of PDFium; false when it is none. `value` is its address, None for none."""


def _prototype(function: object, result: object, *arguments: object) -> Callable[..., Any]:
    address = ctypes.cast(function, c_void_p).value  # type: ignore[arg-type]
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


char_unicode = _prototype(raw.FPDFText_GetUnicode, c_uint)
char_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, None)
char_tight_box = _prototype(raw.FPDFText_GetCharBox, c_int)
char_angle = _prototype(raw.FPDFText_GetCharAngle, c_float)
char_is_generated = _prototype(raw.FPDFText_IsGenerated, c_int)
char_is_unmapped = _prototype(raw.FPDFText_HasUnicodeMapError, c_int)
#: Returns the address of the text object, None for none: most characters share theirs with others.
char_object = _prototype(raw.FPDFText_GetTextObject, c_void_p)
page_object = _prototype(raw.FPDFPage_GetObject, Handle)
form_object = _prototype(raw.FPDFFormObj_GetObject, Handle, c_void_p, c_ulong)
form_objects = _prototype(raw.FPDFFormObj_CountObjects, c_int)
object_type = _prototype(raw.FPDFPageObj_GetType, c_int)
object_bounds = _prototype(raw.FPDFPageObj_GetBounds, c_int)
object_matrix = _prototype(raw.FPDFPageObj_GetMatrix, c_int)
object_clip = _prototype(raw.FPDFPageObj_GetClipPath, Handle)
object_fill = _prototype(raw.FPDFPageObj_GetFillColor, c_int)
object_stroke = _prototype(raw.FPDFPageObj_GetStrokeColor, c_int)
object_is_transparent = _prototype(raw.FPDFPageObj_HasTransparency, c_int)
text_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, c_int)
clip_paths = _prototype(raw.FPDFClipPath_CountPaths, c_int)
clip_segments = _prototype(raw.FPDFClipPath_CountPathSegments, c_int)
clip_segment = _prototype(raw.FPDFClipPath_GetPathSegment, Handle)
#: Returns the address of the first segment of a path of a clip, by which shared paths are known.
clip_address = _prototype(raw.FPDFClipPath_GetPathSegment, c_void_p)
path_segments = _prototype(raw.FPDFPath_CountSegments, c_int)
path_segment = _prototype(raw.FPDFPath_GetPathSegment, Handle)
path_mode = _prototype(raw.FPDFPath_GetDrawMode, c_int)
segment_point = _prototype(raw.FPDFPathSegment_GetPoint, c_int)
segment_type = _prototype(raw.FPDFPathSegment_GetType, c_int)
segment_closes = _prototype(raw.FPDFPathSegment_GetClose, c_int)


def handle_of(pointer: object) -> Handle:
    """Return a pointer of pypdfium2 as the calls above take it."""
    return Handle(ctypes.cast(pointer, c_void_p).value)  # type: ignore[arg-type]


_ADVICE = {
    raw.FPDF_ERR_PASSWORD: "is encrypted with a password; save it without one",
    raw.FPDF_ERR_SECURITY: "is encrypted in a way that is not supported; save it without encryption",
    raw.FPDF_ERR_FORMAT: "is damaged or cut short; fetch the publication again",
}


@contextmanager
def opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """Open a file for the length of a `with` block.

    Raises SourceError when it is encrypted or damaged, or has no page or more than MAXIMUM_PAGES.
    """
    fonts.install()
    handle = raw.FPDF_LoadMemDocument64(data, len(data), None)  # PDFium reads from `data` while it is open
    if not handle:
        code = raw.FPDF_GetLastError()
        raise SourceError(f"{name}: {_ADVICE.get(code, _ADVICE[raw.FPDF_ERR_FORMAT])}.")
    document = pypdfium2.PdfDocument(handle)
    try:
        count = len(document)
        if count < 1:
            raise SourceError(f"{name}: the PDF has no page that can be read; fetch the publication again.")
        if count > MAXIMUM_PAGES:
            raise SourceError(f"{name}: {count} pages; at most {MAXIMUM_PAGES} are read. Split the file.")
        yield document
    finally:
        document.close()


@contextmanager
def opened_page(document: pypdfium2.PdfDocument, number: int, name: str) -> Iterator[pypdfium2.PdfPage]:
    """Open page `number` (from 1) for the length of a `with` block. Raises SourceError when it is damaged."""
    try:
        page = document[number - 1]
    except (pypdfium2.PdfiumError, IndexError):
        raise SourceError(f"{name}: page {number} is damaged; fetch the publication again.") from None
    try:
        yield page
    finally:
        page.close()
