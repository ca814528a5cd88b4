"""How the server and a worker talk over a pair of pipes: frames of a kind, a length and a body.

The server sends one REQUEST; the worker answers any number of DATA, then END or FAIL. RESTART takes back the DATA
sent before it. READY comes once, when a worker has started. Bodies are JSON in UTF-8, except for DATA; behind the JSON
of a REQUEST stands the query as it is: all else is the same for many requests, and read once.

Behind a REQUEST, in the same write, may come RIDERs: requests that waited for a worker too. They are answered in turn,
as long as the answers before them are plain (small and whole, or a fault) and their time has not passed; else the
worker gives each of them BACK.
"""

import json
import os
import struct
from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

_HEAD = struct.Struct(">BI")
_UNTIL = struct.Struct(">d")
#: Bytes that are read at once: what a pipe holds.
_READ = 1 << 16


class FrameKind(IntEnum):
    """What a frame carries."""

    READY = 1
    REQUEST = 2
    DATA = 3
    END = 4
    FAIL = 5
    RESTART = 6
    RIDER = 7
    BACK = 8


class Request(NamedTuple):
    """A query for a worker.

    quads          directory of the release
    format         a name in `formats.FORMATS`; must suit what the query gives
    bindings       variable -> IRI it stands for; the variable must be in the query's projection
    default_graphs, named_graphs   dataset of the protocol (SPARQL 1.1 Protocol, 2.1.4); None when not stated
    base_iri       what relative IRIs in the query are resolved against (SPARQL 1.1 Query, 4.1.1.2)
    rows           solutions to give at most; more are announced, not given
    size           bytes of the answer at most; an answer over it is given with fewer solutions, which is announced
    stable         solutions come in an order that is the same for ever
    """

    quads: str
    query: str
    format: str
    bindings: Mapping[str, str] | None = None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base_iri: str | None = None
    rows: int | None = None
    size: int | None = None
    stable: bool = False

    def encode(self) -> bytes:
        """Return the body of the frame: what differs from the defaults, and the query behind it."""
        rest = self._replace(query="")
        told = _tell(rest) if self.bindings is None else _tell.__wrapped__(rest)
        return told + _BEFORE_QUERY + self.query.encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, body: bytes) -> "Request":
        """Return the request in a frame's body."""
        told, _, query = body.partition(_BEFORE_QUERY)
        return _read(told)._replace(query=query.decode("utf-8", "surrogatepass"))


#: No JSON has this byte.
_BEFORE_QUERY = b"\0"


@lru_cache(256)
def _tell(request: Request) -> bytes:
    told = request._asdict()
    return encode({name: value for name, value in told.items() if value is not None and value is not False})


@lru_cache(256)
def _read(told: bytes) -> Request:
    values = json.loads(told)
    for name in ("default_graphs", "named_graphs"):
        if name in values:
            values[name] = tuple(values[name])
    return Request(**values)


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as the body of a frame."""
    return json.dumps(message, ensure_ascii=False).encode()


#: The end of an answer that is whole, from a worker that goes on.
WHOLE = encode({"cut": None, "full": False})


def frame(kind: FrameKind, body: bytes) -> bytes:
    """Return a frame as it is written."""
    return _HEAD.pack(kind, len(body)) + body


#: The same as a frame.
WHOLE_END = frame(FrameKind.END, WHOLE)


def rider(body: bytes, until: float) -> bytes:
    """Return the frame of a request that is not begun after `until`, of the monotonic clock, which processes share."""
    return frame(FrameKind.RIDER, _UNTIL.pack(until) + body)


def read_rider(body: bytes) -> tuple[bytes, float]:
    """Return the request, and the time, in the body of such a frame."""
    return body[_UNTIL.size :], float(_UNTIL.unpack_from(body)[0])


def write_frame(descriptor: int, kind: FrameKind, body: bytes) -> None:
    """Write a whole frame. Raises BrokenPipeError when nobody reads any more."""
    write_all(descriptor, frame(kind, body))


def write_all(descriptor: int, frames: bytes) -> None:
    """Write frames. Raises BrokenPipeError when nobody reads any more."""
    view = memoryview(frames)
    while view:
        view = view[os.write(descriptor, view) :]


class FrameReader:
    """Puts frames together from what arrives on a pipe. `read` blocks unless the caller knows of data."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._buffer = bytearray()

    def pop(self) -> tuple[FrameKind, bytes] | None:
        """Return the next frame if all of it has arrived."""
        if len(self._buffer) < _HEAD.size:
            return None
        kind, length = _HEAD.unpack_from(self._buffer)
        end = _HEAD.size + length
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[_HEAD.size : end])
        del self._buffer[:end]
        return FrameKind(kind), body

    def pop_answer(self) -> tuple[FrameKind, bytes] | None:
        """Return the next answer if it has arrived and is plain: as DATA, FAIL or BACK. Else leave all as it is."""
        buffer = self._buffer
        if len(buffer) < _HEAD.size:
            return None
        kind, length = _HEAD.unpack_from(buffer)
        end = _HEAD.size + length
        if kind == FrameKind.DATA and buffer.startswith(WHOLE_END, end):
            body = bytes(buffer[_HEAD.size : end])
            del buffer[: end + len(WHOLE_END)]
            return FrameKind.DATA, body
        if buffer.startswith(WHOLE_END):
            del buffer[: len(WHOLE_END)]
            return FrameKind.DATA, b""
        if kind == FrameKind.BACK or (kind == FrameKind.FAIL and len(buffer) >= end and not self._tells_full(end)):
            return self.pop()
        return None

    @property
    def is_long(self) -> bool:
        """Tell whether the next answer is not plain, as far as it has arrived."""
        buffer = self._buffer
        if len(buffer) < _HEAD.size:
            return False
        kind, length = _HEAD.unpack_from(buffer)
        end = _HEAD.size + length
        rest = bytes(buffer[end : end + len(WHOLE_END)]) if kind == FrameKind.DATA else bytes(buffer[: len(WHOLE_END)])
        if kind == FrameKind.FAIL:
            return len(buffer) >= end and self._tells_full(end)
        return kind != FrameKind.BACK and not WHOLE_END.startswith(rest)

    def _tells_full(self, end: int) -> bool:
        return bool(json.loads(self._buffer[_HEAD.size : end])["full"])

    def fill(self) -> bool:
        """Read what there is, at least one byte; return False at the end of the pipe."""
        data = os.read(self.descriptor, _READ)
        self._buffer += data
        return bool(data)

    def read(self) -> tuple[FrameKind, bytes] | None:
        """Wait for a whole frame and return it; None at the end of the pipe."""
        while (frame := self.pop()) is None:
            if not self.fill():
                return None
        return frame
