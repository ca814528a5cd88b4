"""What the engine writes an answer into: sent on in pieces, bounded, and looked at where the engine errs."""

import re
from collections.abc import Callable

from budgetgraph.server.frames import FrameKind

#: Bytes that are written at once. A whole answer up to this size is known to be good before its head is sent on.
CHUNK = 1 << 16

#: What the engine makes of a property or class for which RDF/XML has no name, and of characters that XML does not have.
_NO_NAME = b"<oxprefix: "
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|" + _NO_NAME)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))

_Send = Callable[[FrameKind, bytes], None]


class TooLongError(Exception):
    """Raised if an answer has more bytes than it may have."""


class Output:
    """A binary file that sends what is written to it as DATA of CHUNK bytes, and keeps the `rest`.

    is_too_long, fault  why it took no more, whatever the engine makes of that
    is_torn             it cannot be read as what was written
    """

    is_torn = False

    def __init__(self, send: _Send, most: int | None) -> None:
        self.size = 0
        self.is_too_long = False
        self.fault: str | None = None
        self._most = most
        self._send = send
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes. Raises TooLongError."""
        self.size += len(data)
        if self._most is not None and self.size > self._most:
            self.is_too_long = True
            raise TooLongError
        self._buffer += data
        if len(self._buffer) >= CHUNK:
            self._send(FrameKind.DATA, self.rest())
        return len(data)

    def flush(self) -> None:
        """Do nothing: the engine flushes at the end of what it writes, which a fault may still follow."""

    def rest(self) -> bytes:
        """Take what was not sent."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest


class _XmlOutput(Output):
    """XML, some characters of which the engine writes as no parser reads them (XML 1.0, 2.2 and 2.11)."""

    _last = b""

    def write(self, data: bytes) -> int:
        """Keep carriage returns, which parsers read as line feeds. Raises ValueError for what is no XML."""
        text = self._last + data
        self._last = text[-len(_NO_NAME) :]
        # Seldom there, and found in a tenth of the time that the pattern takes.
        is_suspect = len(text.translate(None, _CONTROLS)) < len(text) or b"\xef\xbf" in text or _NO_NAME in text
        if is_suspect and (found := _NO_XML.search(text)) is not None:
            what = "a name that ends in no XML name" if found[0] == _NO_NAME else f"U+{ord(found[0].decode()):04X}"
            self.fault = f"the answer has {what}, which XML cannot hold; ask for another format"
            raise ValueError(self.fault)
        super().write(data.replace(b"\r", b"&#13;"))
        return len(data)


class _CsvOutput(Output):
    """CSV, in which the engine puts no quotes around IRIs that have commas. All rows have as many as the first."""

    _first: int | None = None
    _commas = _lines = 0
    _is_quoted = False

    def write(self, data: bytes) -> int:
        """Count commas and lines outside quotes."""
        parts = data.split(b'"')
        for part in parts[self._is_quoted :: 2]:
            if self._first is None and b"\n" in part:
                self._first = self._commas + part[: part.index(b"\n")].count(b",")
            self._commas += part.count(b",")
            self._lines += part.count(b"\n")
        self._is_quoted ^= len(parts) % 2 == 0
        return super().write(data)

    @property
    def is_torn(self) -> bool:  # type: ignore[override]  # known at the end only
        """Tell whether a row has more fields than there are variables."""
        return self._commas != self._lines * (self._first or 0)


_KINDS: dict[str, type[Output]] = {"xml": _XmlOutput, "rdfxml": _XmlOutput, "csv": _CsvOutput}


def new_output(written: str, send: _Send, most: int | None) -> Output:
    """Return what an answer in a format of that name is written into; `most` is how many bytes it may have."""
    return _KINDS.get(written, Output)(send, most)
