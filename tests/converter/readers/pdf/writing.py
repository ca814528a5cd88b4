"""Writes small PDF files for the tests: tables with and without lines, in Chinese."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
A4 = (595.0, 842.0)
#: Amounts stand at the right; codes are labels.
NUMBER = re.compile(r"-|-?[\d,]*[.,]\d+%?|\d{1,2}%?")
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

#: row, column, rowspan, colspan
Span = tuple[int, int, int, int]


def width_of(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


class Sheet:
    """A page to write on, in points from the upper left corner."""

    def __init__(self, canvas: Canvas, size: tuple[float, float]) -> None:
        self.canvas = canvas
        self.width, self.height = size

    def text(self, x: float, y: float, text: str, size: float = 10, align: str = "left") -> None:
        """Write a line whose foot is at y."""
        self.canvas.setFont(FONT, size)
        x -= {"left": 0.0, "right": 1.0, "centre": 0.5}[align] * width_of(text, size)
        self.canvas.drawString(x, self.height - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float) -> None:
        self.canvas.setFillGray(grey)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillGray(0)


def pdf(*draw: Callable[[Sheet], object], size: tuple[float, float] = A4, rotate: int = 0) -> bytes:
    """Return a file with one page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=True)
    for function in draw:
        canvas.setLineWidth(0.5)
        if rotate:
            canvas.setPageRotation(rotate)
        function(Sheet(canvas, size))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@dataclass(frozen=True)
class TableStyle:
    left: float = 60
    top: float = 120
    row_height: float = 22
    size: float = 10
    padding: float = 3
    centred: int = 0  #: rows at the head whose texts stand in the middle of their cells


def covered(spans: Sequence[Span]) -> dict[tuple[int, int], Span]:
    return {(r, c): s for s in spans for r in range(s[0], s[0] + s[2]) for c in range(s[1], s[1] + s[3])}


def table(
    sheet: Sheet,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    spans: Sequence[Span] = (),
    style: TableStyle | None = None,
    lines: bool = True,
    missing: Callable[[str, int, int], bool] | None = None,
) -> None:
    """Draw a table; numbers to the right, labels to the left, spanning cells in the middle.

    missing(kind, row, column) tells which line left of ("upright") or above ("level") a slot is not drawn
    """
    style = style or TableStyle()
    xs = [style.left + sum(widths[:i]) for i in range(len(widths) + 1)]
    ys = [style.top + style.row_height * i for i in range(len(rows) + 1)]
    inside = covered(spans)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = inside.get((r, c), (r, c, 1, 1))
            if span[:2] == (r, c) and text:
                x0, x1 = xs[c], xs[c + span[3]]
                foot = (ys[r] + ys[r + span[2]]) / 2 + style.size * 0.35
                parts = text.split("\n")
                for number, part in enumerate(parts):
                    at = foot + (number - (len(parts) - 1) / 2) * style.size * 1.2
                    if span[2:] != (1, 1) or r < style.centred:
                        sheet.text((x0 + x1) / 2, at, part, style.size, "centre")
                    elif NUMBER.fullmatch(part):
                        sheet.text(x1 - style.padding, at, part, style.size, "right")
                    else:
                        sheet.text(x0 + style.padding, at, part, style.size)
    if not lines:
        return
    for r in range(len(rows)):
        for c in range(len(widths) + 1):
            same = c and c < len(widths) and inside.get((r, c)) and inside.get((r, c)) == inside.get((r, c - 1))
            if not same and not (missing and missing("upright", r, c)):
                sheet.line(xs[c], ys[r], xs[c], ys[r + 1])
    for r in range(len(rows) + 1):
        for c in range(len(widths)):
            same = r and r < len(rows) and inside.get((r, c)) and inside.get((r, c)) == inside.get((r - 1, c))
            if not same and not (missing and missing("level", r, c)):
                sheet.line(xs[c], ys[r], xs[c + 1], ys[r])
