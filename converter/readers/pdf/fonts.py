"""A stand-in for Chinese fonts that a PDF names but does not hold, on a machine that has none either.

PDFium leaves out text whose font it finds nowhere: without a glyph a character has no extent. Which machine a
publication is read on must not decide what is read, so a font takes the place in which every character is a square
(`stand-in.ttf`). It says where characters are, never what they are: that stands in the file. Fonts that the
machine has come first.
"""

from ctypes import CFUNCTYPE, Structure, c_char_p, c_int, c_uint, c_ulong, c_void_p, cast, memmove
from functools import cache
from pathlib import Path
from typing import Any

from budgetgraph.converter.readers.pdf.library import function, pointer

#: Charsets of PDFium whose characters are Chinese, Japanese or Korean (fpdf_sysfontinfo.h).
_GB2312 = 134
_CHARSETS = frozenset((128, 129, _GB2312, 136))
_NAME = b"Budgetgraph Stand-in\0"
#: PDFium names fonts by addresses; this one belongs to no font of its own.
_STAND_IN = 1


class _Interface(Structure):
    """FPDF_SYSFONTINFO: the functions by which PDFium asks for the machine's fonts (fpdf_sysfontinfo.h)."""

    _fields_ = (
        ("version", c_int),
        ("Release", c_void_p),
        ("EnumFonts", c_void_p),
        ("MapFont", c_void_p),
        ("GetFont", c_void_p),
        ("GetFontData", c_void_p),
        ("GetFaceName", c_void_p),
        ("GetFontCharset", c_void_p),
        ("DeleteFont", c_void_p),
    )


_MapFont = CFUNCTYPE(c_void_p, c_void_p, c_int, c_int, c_int, c_int, c_char_p, c_void_p)
_GetFontData = CFUNCTYPE(c_ulong, c_void_p, c_void_p, c_uint, c_void_p, c_ulong)
_GetFaceName = CFUNCTYPE(c_ulong, c_void_p, c_void_p, c_void_p, c_ulong)
_GetFontCharset = CFUNCTYPE(c_int, c_void_p, c_void_p)
_DeleteFont = CFUNCTYPE(None, c_void_p, c_void_p)


class _Fonts:
    """The machine's fonts, with the stand-in behind them.

    machine_font  finds one of the machine's for what a PDF names; None or 0 for none
    """

    def __init__(self, interface: _Interface) -> None:
        """Put functions of this object in the place of PDFium's own, which they ask first."""
        self._data = Path(__file__).with_name("stand-in.ttf").read_bytes()
        self.machine_font = _MapFont(interface.MapFont)
        self._get_data = _GetFontData(interface.GetFontData)
        self._get_name = _GetFaceName(interface.GetFaceName)
        self._get_charset = _GetFontCharset(interface.GetFontCharset)
        self._delete = _DeleteFont(interface.DeleteFont)
        self._kept = {
            "MapFont": _MapFont(self._mapped),
            "GetFontData": _GetFontData(self._font_data),
            "GetFaceName": _GetFaceName(self._face_name),
            "GetFontCharset": _GetFontCharset(self._charset),
            "DeleteFont": _DeleteFont(self._deleted),
        }
        for name, called in self._kept.items():
            setattr(interface, name, cast(called, c_void_p).value)

    def _mapped(self, this: int, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int:
        found: int | None = self.machine_font(this, weight, italic, charset, pitch, face, exact)
        return found or (_STAND_IN if charset in _CHARSETS else 0)

    def _font_data(self, this: int, font: int, table: int, buffer: int | None, size: int) -> int:
        if font != _STAND_IN:
            length: int = self._get_data(this, font, table, buffer, size)
            return length
        return _copy(b"" if table else self._data, buffer, size)  # 0 asks for the whole file

    def _face_name(self, this: int, font: int, buffer: int | None, size: int) -> int:
        if font != _STAND_IN:
            length: int = self._get_name(this, font, buffer, size)
            return length
        return _copy(_NAME, buffer, size)

    def _charset(self, this: int, font: int) -> int:
        return _GB2312 if font == _STAND_IN else int(self._get_charset(this, font))

    def _deleted(self, this: int, font: int) -> None:
        if font != _STAND_IN:
            self._delete(this, font)


def _copy(data: bytes, buffer: int | None, size: int) -> int:
    if buffer and size >= len(data):
        memmove(buffer, data, len(data))
    return len(data)


@cache
def install() -> _Fonts | None:
    """Put the stand-in behind the machine's fonts, once for the process; None where PDFium finds no fonts at all."""
    address = function("FPDF_GetDefaultSystemFontInfo", c_void_p)()
    if not address:
        return None
    fonts = _Fonts(_Interface.from_address(address))  # kept by the cache, as long as PDFium may call it
    function("FPDF_SetSystemFontInfo", None)(pointer(address))
    return fonts
