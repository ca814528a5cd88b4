"""PDFium itself, as it comes in the wheel of pypdfium2.

The Python modules of that package are not loaded to read a file: they declare 450 functions, which takes as long as
reading several pages, and make a typed pointer of every handle. A page needs thousands of calls, so those that are
used are declared here, without argument types and without giving up the interpreter's lock, in less than half of the
time. ctypes then passes an `int` as a C int and a `Handle` or `c_void_p` as a pointer: **every pointer must be one of
these two, never a plain number.**
"""

import sys
from collections.abc import Callable
from ctypes import PyDLL, c_void_p
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class Handle(c_void_p):
    """A file, page, object, clip or segment of PDFium; false when it is none. `value` is its address, None for none."""


def _loaded() -> PyDLL:
    """Return PDFium, ready for use. Raises ImportError when it is not installed."""
    spec = find_spec("pypdfium2_raw")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("PDFium is not installed; install the package pypdfium2", name="pypdfium2_raw")
    file = {"win32": "pdfium.dll", "darwin": "libpdfium.dylib"}.get(sys.platform, "libpdfium.so")
    library = PyDLL(str(Path(spec.submodule_search_locations[0], file)))
    library.FPDF_InitLibrary()  # without effect where pypdfium2 has done so
    return library


_LIBRARY = _loaded()


def function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of PDFium by its name and the ctypes of its result and, where they need it, its arguments."""
    found = _LIBRARY[name]
    found.restype = result
    if arguments:
        found.argtypes = arguments
    return found
