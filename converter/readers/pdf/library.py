"""PDFium itself, as it comes in the wheel of pypdfium2.

The Python modules of that package are not loaded to read a file: they declare 450 functions, which takes as long as
reading several pages, and make a typed pointer of every handle. A page needs thousands of calls, so those that are
used are declared here, without argument types and without giving up the interpreter's lock, in less than half of the
time. They return addresses as `int`, None for none. ctypes then passes an `int` as a C int and what `pointer` has made
of an address as a pointer: **every pointer must be made so, never be a plain number.**
"""

import sys
from collections.abc import Callable
from ctypes import PyDLL, c_void_p
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NewType, cast

#: An address as PDFium's functions take it: of a file, page, object, clip or segment, or of room for numbers.
Pointer = NewType("Pointer", object)
#: Makes a pointer of an address, ready to be passed: a `c_void_p` would be made ready at each call.
pointer = cast(Callable[[int | None], Pointer], c_void_p.from_param)


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
