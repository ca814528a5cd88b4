"""Draws the stand-in font: `python tests/converter/readers/pdf/stand_in_font.py converter/readers/pdf/stand-in.ttf`."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

ASCENT, DESCENT, EM = 880, -120, 1000
#: Ink of letters and digits of the Latin alphabet: inside the width of the narrowest of them, a point.
NARROW = (50, 200)


def _bar(left: int, right: int) -> Any:
    pen = TTGlyphPen(None)
    for step, point in enumerate([(left, DESCENT), (left, ASCENT), (right, ASCENT), (right, DESCENT)]):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    return pen.glyph()


def draw() -> bytes:
    """Return a TrueType font with a bar for every Latin character and a square for every other one."""
    glyphs = {".notdef": _bar(0, EM), "space": TTGlyphPen(None).glyph(), "bar": _bar(*NARROW), "square": _bar(0, EM)}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (EM, glyph.xMin if name != "space" else 0) for name, glyph in glyphs.items()})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupCharacterMap({0x20: "space"})
    # Format 13 maps ranges of characters to one glyph each, which keeps the file small.
    table = CmapSubtable.newSubtable(13)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {code: "bar" if code < 0x250 else "square" for code in range(0x21, 0x110000)} | {0x20: "space"}
    builder.font["cmap"].tables = [table]
    builder.setupNameTable({"familyName": "Budgetgraph Stand-in", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(draw())
