"""Picture files (PNG, JPEG, TIFF): each frame is a page."""

import io
import warnings
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.limits import ask_time
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.scan.recognition import INSTALL, MAXIMUM_PAGES, PAGE_SECONDS, is_installed

if TYPE_CHECKING:
    from PIL import Image

    from budgetgraph.converter.readers.pdf.layout import Layout
    from budgetgraph.converter.readers.scan.bitmap import Grey

#: First bytes -> media type.
_FORMS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"II*\0": "image/tiff", b"MM\0*": "image/tiff"}
#: The most pages of one file that are read.
MAXIMUM_FRAMES = 200
#: The most dots that a picture may have before it is brought to `bitmap.DOTS`.
MAXIMUM_STORED = 120_000_000
#: Dots per inch that a file may state; another is not believed.
BELIEVED = (72, 1_200)
#: The tag that tells how a camera was held.
_ORIENTATION = 0x0112
#: The short side of A4, in inches.
A4_SHORT = 210 / 25.4


class ImageReader:
    """Reads pictures of pages through recognition (the extra `ocr`). Boxes are in points, as of a page."""

    media_type = "image/png"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes begin as PNG, JPEG or TIFF, and take its media type."""
        self.media_type = next((form for magic, form in _FORMS.items() if data.startswith(magic)), "")
        return bool(self.media_type)

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of the pages in order, and for each page the problem that it was recognised.

        Raises SourceError when the extra is not installed, the file is damaged or beyond the limits, or no text is
        seen in it.
        """
        if not is_installed():
            raise SourceError(f"{name}: the publication is a picture. To read it, {INSTALL}.")
        from budgetgraph.converter.readers.pdf.layout import layout_of
        from budgetgraph.converter.readers.pdf.reader import blocks_of, picture_page
        from budgetgraph.converter.readers.scan.page import read_picture

        layouts: list[Layout] = []
        unread = []
        for number, picture in enumerate(_pictures(data, name), start=1):
            if number > MAXIMUM_PAGES:
                unread.append(picture_page(number, installed=True, beyond=True))
                continue
            where = f"{name}: page {number}"
            ask_time(PAGE_SECONDS)
            layouts.append(layout_of(read_picture(picture, number, where), where))
        if not any(layout.items for layout in layouts):
            raise SourceError(f"{name}: no text is seen in the picture. Give the file that was printed or scanned.")
        read = [picture_page(layout.number, installed=True) for layout in layouts]
        return Reading(blocks_of(layouts), [*read, *unread])


def _pictures(data: bytes, name: str) -> Iterator["Grey"]:
    """Yield the frames of a file, each brought to `bitmap.DOTS` dots per inch. Between two, nothing of them is kept."""
    from PIL import Image

    try:
        for number in count(1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the limits below are narrower than Pillow's
                picture, frames = _frame(data, number, f"{name}: page {number}")
            yield picture
            if number == frames:
                return
    except SourceError:
        raise
    except Image.DecompressionBombError:
        raise SourceError(f"{name}: more than {Image.MAX_IMAGE_PIXELS} dots; save it with fewer.") from None
    except Exception as error:  # noqa: BLE001 - Pillow lets out whatever a damaged picture leads to
        reason = f"{type(error).__name__}: {error}"
        raise SourceError(f"{name}: the picture cannot be read ({reason}). Fetch the publication again.") from None


def _frame(data: bytes, number: int, where: str) -> tuple["Grey", int]:
    """Return a frame by its number from 1, and how many there are."""
    import numpy as np
    from PIL import Image, ImageOps

    from budgetgraph.converter.readers.scan.bitmap import DOTS, MAXIMUM_DOTS

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as image:
        if number > MAXIMUM_FRAMES:
            raise SourceError(f"{where}: at most {MAXIMUM_FRAMES} pages are read. Split the file.")
        image.seek(number - 1)
        scale = _scale(image, DOTS)
        size = round(image.width * scale), round(image.height * scale)
        if image.width * image.height > MAXIMUM_STORED or not 0 < size[0] * size[1] <= MAXIMUM_DOTS:
            raise SourceError(
                f"{where}: {image.width} x {image.height} dots; save it with fewer, and no larger than A2."
            )
        image.draft("L", size)  # a JPEG is opened no larger than needed, and without its colours
        orientation = image.getexif().get(_ORIENTATION, 1)
        small = _on_paper(image).resize(size, Image.Resampling.LANCZOS)
        small.getexif()[_ORIENTATION] = orientation  # turned when it is small: a picture in colours may take 140 MB
        return np.asarray(ImageOps.exif_transpose(small), np.uint8), getattr(image, "n_frames", 1)


def _on_paper(image: "Image.Image") -> "Image.Image":
    """Return a picture as brightness; what is transparent in it is white."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("L")
    from PIL import Image

    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("L")


def _scale(image: "Image.Image", dots: int) -> float:
    """Return by how much a picture is enlarged; one that states no believable size is an A4 page."""
    stated = image.info.get("dpi", (0, 0))[0]
    if BELIEVED[0] < stated <= BELIEVED[1]:
        return dots / float(stated)
    return A4_SHORT * dots / min(image.size)
