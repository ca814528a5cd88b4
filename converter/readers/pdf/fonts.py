"""A stand-in for Chinese fonts that a PDF names but does not hold, on a machine that has none either.

PDFium leaves out text whose font it finds nowhere: without a glyph a character has no extent. Which machine a
publication is read on must not decide what is read, so a font takes the place in which every character is a square
(`stand-in.ttf`). It says where characters are, never what they are: that stands in the file. Fonts that the
machine has come first.
"""

from ctypes import memmove
from functools import cache
from importlib import resources
from typing import Any

from pypdfium2 import PdfSysfontBase, raw

#: Charsets of PDFium whose characters are Chinese, Japanese or Korean.
_CHARSETS = frozenset(
    (raw.FXFONT_SHIFTJIS_CHARSET, raw.FXFONT_HANGEUL_CHARSET, raw.FXFONT_GB2312_CHARSET, raw.FXFONT_CHINESEBIG5_CHARSET)
)
_NAME = b"Budgetgraph Stand-in\0"
#: PDFium names fonts by addresses; this one belongs to no font of its own.
_STAND_IN = 1


class _Fonts(PdfSysfontBase):  # type: ignore[misc]  # pypdfium2 has no types
    """The machine's fonts, with the stand-in behind them. Method names are PDFium's (fpdf_sysfontinfo.h)."""

    def __init__(self) -> None:
        super().__init__()
        self._data = resources.files(__package__).joinpath("stand-in.ttf").read_bytes()

    def MapFont(  # noqa: N802
        self, this: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        found: int | None = super().MapFont(this, weight, italic, charset, pitch, face, exact)
        return found or (_STAND_IN if charset in _CHARSETS else None)

    def GetFontData(self, this: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _STAND_IN:
            length: int = super().GetFontData(this, font, table, buffer, size)
            return length
        return _copy(b"" if table else self._data, buffer, size)  # 0 asks for the whole file

    def GetFaceName(self, this: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _STAND_IN:
            length: int = super().GetFaceName(this, font, buffer, size)
            return length
        return _copy(_NAME, buffer, size)

    def GetFontCharset(self, this: Any, font: int) -> int:  # noqa: N802
        if font != _STAND_IN:
            charset: int = super().GetFontCharset(this, font)
            return charset
        return int(raw.FXFONT_GB2312_CHARSET)

    def DeleteFont(self, this: Any, font: int) -> None:  # noqa: N802
        if font != _STAND_IN:
            super().DeleteFont(this, font)


def _copy(data: bytes, buffer: Any, size: int) -> int:
    if buffer and size >= len(data):
        memmove(buffer, data, len(data))
    return len(data)


@cache
def install() -> None:
    """Put the stand-in behind the machine's fonts, once for the process."""
    _Fonts().setup()
