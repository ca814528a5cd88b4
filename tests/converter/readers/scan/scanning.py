"""Draws pages as a scanner gives them: pictures at 200 dots per inch, a little askew and grainy, without text.

The font is Noto Sans CJK, which the package fonts-noto-cjk of the system brings.
"""

import io
import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import cast

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.checks import skip_check
from tests.converter.readers import golden
from tests.converter.readers.pdf import goldens
from tests.converter.readers.pdf.writing import A4, Sheet

DOTS = 200
SCALE = DOTS / 72
#: Grey of paper and of ink, and how much either differs from dot to dot.
PAPER, INK, GRAIN = 246, 24, 7


FONT_NAME = "NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2  # its face with the forms of the mainland


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(FONT_NAME, round(size * SCALE), SIMPLIFIED)
    except OSError:
        skip_check("no Chinese font to draw scans with; install fonts-noto-cjk")


class Picture:
    """A page to draw on as on a `writing.Sheet`: in points, from the upper left corner."""

    def __init__(self, size: tuple[float, float]) -> None:
        self.width, self.height = size
        self.image = Image.new("L", (round(self.width * SCALE), round(self.height * SCALE)), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, size: float = 10, align: str = "left") -> None:
        """Write a line whose foot is at y."""
        anchor = {"left": "ls", "right": "rs", "centre": "ms"}[align]
        self._draw.text((x * SCALE, y * SCALE), text, INK, _font(size), anchor)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._draw.line([(x0 * SCALE, y0 * SCALE), (x1 * SCALE, y1 * SCALE)], INK, 2)


def scanned(
    draw: Callable[[Sheet], object], askew: float = 0.0, turn: int = 0, size: tuple[float, float] = A4
) -> Image.Image:
    """Return the picture of one page.

    askew  degrees counter-clockwise by which the paper lay askew
    turn   quarter turns clockwise by which it lay turned
    """
    picture = Picture(size)
    draw(cast("Sheet", picture))
    image = picture.image.rotate(askew, Image.Resampling.BICUBIC, fillcolor=PAPER)
    image = image.rotate(-90 * turn, expand=True).filter(ImageFilter.GaussianBlur(0.6))
    source = random.Random(7)  # noqa: S311 - grain of paper, the same in every run
    grain = Image.frombytes("L", (256, 256), bytes(128 + source.randrange(-GRAIN, GRAIN + 1) for _ in range(65536)))
    dust = Image.new("L", image.size)
    for left in range(0, image.width, 256):
        for top in range(0, image.height, 256):
            dust.paste(grain, (left, top))
    return Image.blend(image, dust, 0.06).point(lambda grey: min(255, max(0, round((grey - 128 * 0.06) / 0.94))))


def as_pdf(images: Sequence[Image.Image]) -> bytes:
    """Return a PDF of one picture a page, pressed as scanners do."""
    file = io.BytesIO()
    images[0].save(file, "PDF", resolution=DOTS, save_all=True, append_images=images[1:], quality=85)
    return file.getvalue()


def written(tables: Sequence[golden.Table], lines: bool = True, askew: float = 0.0, turn: int = 0) -> bytes:
    """Return a scan with one table a page."""

    def page(shown: golden.Table) -> Callable[[Sheet], None]:
        return lambda sheet: goldens.draw(sheet, shown, lines)

    return as_pdf([scanned(page(table), askew, turn) for table in tables])
