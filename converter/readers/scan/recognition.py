"""Recognising a line of text: the PP-OCR model inside RapidOCR's wheel (nothing is fetched), the extra `ocr`.

ONNX Runtime runs the model here, as RapidOCR's pipeline would, whose own libraries take 30 MiB more.
"""

import ctypes
import math
import sys
from functools import cache
from pathlib import Path
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
#: Height of a line as the model takes it, and the least width, in dots.
HEIGHT, LEAST_WIDTH = 48, 320
#: A picture with a side shorter than SMALL is first enlarged to it, in steps of so many dots. That is RapidOCR's way;
#: without it, commas of grey pictures become full stops.
SMALL, STEP = 30, 32

# malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def is_installed() -> bool:
    """Tell whether the extra `ocr` is there."""
    try:
        import cv2  # noqa: F401
        import onnxruntime  # noqa: F401
        import PIL.Image
        import rapidocr  # noqa: F401
    except ImportError:
        return False
    return PIL.Image is not None


@cache
def _model() -> tuple[Any, list[str]]:
    """Return the session of the model, and the characters that it tells apart; the first stands for none."""
    import rapidocr
    from onnxruntime import InferenceSession, SessionOptions

    _give_back_memory()
    options = SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # which would keep what the longest line has taken
    (model,) = Path(rapidocr.__file__).with_name("models").glob("*_rec_*.onnx")
    session = InferenceSession(str(model), options, ["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *characters, " "]


def _give_back_memory() -> None:
    """Have glibc give back what a line took: kept in pieces it is 60 MiB after some pages. See mallopt(3)."""
    if sys.platform == "linux" and hasattr(program := ctypes.CDLL(None), "mallopt"):
        program.mallopt(_M_MMAP_THRESHOLD, 1024**2)
        program.mallopt(_M_TRIM_THRESHOLD, 8 * 1024**2)
        program.mallopt(_M_ARENA_MAX, 1)


def recognise(line: "Grey") -> tuple[str, float]:
    """Return the text of a picture of one line and how sure its least sure character is (0 to 1).

    Raises SourceError when the extra is not installed.
    """
    if not is_installed():
        raise SourceError(f"pictures of text cannot be read; {INSTALL}.")
    import cv2
    import numpy as np

    session, characters = _model()
    if (short := min(line.shape)) < SMALL:
        rows, columns = (max(1, round(int(side * SMALL / short) / STEP)) * STEP for side in line.shape)
        line = np.asarray(cv2.resize(line, (columns, rows)), np.uint8)
    width = line.shape[1] * HEIGHT / line.shape[0]
    width = int(width) if width > LEAST_WIDTH else math.ceil(width)
    shown = np.zeros((HEIGHT, max(LEAST_WIDTH, width)), np.float32)
    shown[:, :width] = cv2.resize(line, (width, HEIGHT)) / 127.5 - 1
    given = np.broadcast_to(shown, (1, 3, *shown.shape))
    (scores,) = session.run(None, {session.get_inputs()[0].name: given})
    best = scores[0].argmax(axis=1)
    kept = (best != 0) & (best != np.concatenate(([0], best[:-1])))
    text = "".join(characters[index] for index in best[kept])
    if not text.strip():
        return UNREADABLE, 0.0
    return text.strip(), min(float(scores[0].max(axis=1)[kept].min()), 0.9999)
