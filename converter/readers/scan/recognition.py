"""Recognising a line of text: RapidOCR (PP-OCR models inside its wheel, nothing is fetched), the extra `ocr`."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from budgetgraph.converter.exceptions import SourceError

if TYPE_CHECKING:
    from budgetgraph.converter.readers.scan.bitmap import Grey

INSTALL = "install the extra: pip install 'budgetgraph[ocr]'"
#: The most pages of one file that are recognised, and the seconds that each may take.
MAXIMUM_PAGES = 60
PAGE_SECONDS = 30
#: The problem that a page's text comes from recognition.
RECOGNISED_PAGE = "recognised-page"
#: Stands for ink that was not recognised, so that it is listed and not lost.
UNREADABLE = "\ufffd"


def is_installed() -> bool:
    """Tell whether the extra `ocr` is there."""
    try:
        import cv2  # noqa: F401
        import PIL.Image
        import rapidocr  # noqa: F401
    except ImportError:
        return False
    return PIL.Image is not None


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.use_det": False, "Global.use_cls": False})


def recognise(line: "Grey") -> tuple[str, float]:
    """Return the text of a picture of one line and how sure its least sure character is (0 to 1).

    Raises SourceError when the extra is not installed.
    """
    if not is_installed():
        raise SourceError(f"pictures of text cannot be read; {INSTALL}.")
    import numpy as np

    found = _engine()(np.stack([line] * 3, axis=-1), use_det=False, use_cls=False, use_rec=True, return_word_box=True)
    texts: Sequence[str] = found.txts or ()
    text = "".join(texts).strip()
    if not text:
        return UNREADABLE, 0.0
    sure = min((float(c) for word in found.word_results if word is not None for c in word.confs), default=0.0)
    return text, min(sure, 0.9999)
