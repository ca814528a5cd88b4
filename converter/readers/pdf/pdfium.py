"""PDFium: opening a file, walking its pages, and the calls that are made for every character or object.

pypdfium2's own prototypes turn every handle into a typed pointer object. A page needs thousands of calls, so
those that run in loops are declared again here with plain integers for handles, which halves their cost.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_float, c_int, c_uint, c_void_p
from typing import Any

import pypdfium2
from pypdfium2 import raw

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import fonts

#: The most pages of one file that are read.
MAXIMUM_PAGES = 2_000


def _prototype(function: object, result: object, *arguments: object) -> Callable[..., Any]:
    address = ctypes.cast(function, c_void_p).value  # type: ignore[arg-type]
    return ctypes.CFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


_OBJECT = c_void_p
char_unicode = _prototype(raw.FPDFText_GetUnicode, c_uint, _OBJECT, c_int)
char_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, c_int, _OBJECT, c_int, c_void_p)
char_tight_box = _prototype(raw.FPDFText_GetCharBox, c_int, _OBJECT, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
char_angle = _prototype(raw.FPDFText_GetCharAngle, c_float, _OBJECT, c_int)
char_is_generated = _prototype(raw.FPDFText_IsGenerated, c_int, _OBJECT, c_int)
char_is_unmapped = _prototype(raw.FPDFText_HasUnicodeMapError, c_int, _OBJECT, c_int)
char_object = _prototype(raw.FPDFText_GetTextObject, _OBJECT, _OBJECT, c_int)
page_object = _prototype(raw.FPDFPage_GetObject, _OBJECT, _OBJECT, c_int)
form_object = _prototype(raw.FPDFFormObj_GetObject, _OBJECT, _OBJECT, ctypes.c_ulong)
form_objects = _prototype(raw.FPDFFormObj_CountObjects, c_int, _OBJECT)
object_type = _prototype(raw.FPDFPageObj_GetType, c_int, _OBJECT)
object_bounds = _prototype(raw.FPDFPageObj_GetBounds, c_int, _OBJECT, c_void_p, c_void_p, c_void_p, c_void_p)
object_matrix = _prototype(raw.FPDFPageObj_GetMatrix, c_int, _OBJECT, c_void_p)
object_clip = _prototype(raw.FPDFPageObj_GetClipPath, _OBJECT, _OBJECT)
object_fill = _prototype(raw.FPDFPageObj_GetFillColor, c_int, _OBJECT, c_void_p, c_void_p, c_void_p, c_void_p)
object_stroke = _prototype(raw.FPDFPageObj_GetStrokeColor, c_int, _OBJECT, c_void_p, c_void_p, c_void_p, c_void_p)
object_is_transparent = _prototype(raw.FPDFPageObj_HasTransparency, c_int, _OBJECT)
text_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, c_int, _OBJECT)
clip_paths = _prototype(raw.FPDFClipPath_CountPaths, c_int, _OBJECT)
clip_segments = _prototype(raw.FPDFClipPath_CountPathSegments, c_int, _OBJECT, c_int)
clip_segment = _prototype(raw.FPDFClipPath_GetPathSegment, _OBJECT, _OBJECT, c_int, c_int)
path_segments = _prototype(raw.FPDFPath_CountSegments, c_int, _OBJECT)
path_segment = _prototype(raw.FPDFPath_GetPathSegment, _OBJECT, _OBJECT, c_int)
path_mode = _prototype(raw.FPDFPath_GetDrawMode, c_int, _OBJECT, c_void_p, c_void_p)
segment_point = _prototype(raw.FPDFPathSegment_GetPoint, c_int, _OBJECT, c_void_p, c_void_p)
segment_type = _prototype(raw.FPDFPathSegment_GetType, c_int, _OBJECT)
segment_closes = _prototype(raw.FPDFPathSegment_GetClose, c_int, _OBJECT)


def address(handle: object) -> int:
    """Return a handle of pypdfium2 as the plain integer that the calls above take."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]


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
