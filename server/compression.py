"""Compressed responses: zstd (RFC 8878), br (RFC 7932) or gzip, whichever the client accepts and likes best."""

import re
import sys
import zlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import brotli
from flask import Response, request
from werkzeug.wsgi import wrap_file

from budgetgraph.server.answers import IN_MEMORY, new_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Shorter bodies are sent as they are: the saving is less than a packet.
LEAST = 1024
_CHUNK = 1 << 16
_TYPES = re.compile(r"text/|application/(?:.+\+)?(?:json|xml)|application/(?:n-triples|n-quads|trig|sparql)|image/svg")
_CODING = re.compile(r"\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?\Z")


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Brotli:
    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=4)

    def compress(self, data: bytes, /) -> bytes:
        return bytes(self._compressor.process(data))

    def flush(self) -> bytes:
        return bytes(self._compressor.finish())


#: The server's own preference first.
CODINGS: dict[str, Callable[[], _Compressor]] = {
    "zstd": lambda: zstd.ZstdCompressor(level=3),
    "br": _Brotli,
    "gzip": lambda: zlib.compressobj(6, zlib.DEFLATED, 31),
}


def choose_coding(header: str | None) -> str | None:
    """Return the coding that an Accept-Encoding header likes best, None to send it as it is (RFC 9110, 12.5.3).

    >>> choose_coding("gzip;q=0.5, br;q=0.8, *;q=0"), choose_coding("identity, gzip;q=0.5")
    ('br', None)
    """
    weights: dict[str, float] = {}
    for element in (header or "").split(","):
        match = _CODING.match(element)
        if match is not None:
            weights["gzip" if match[1].lower() == "x-gzip" else match[1].lower()] = float(match[2] or 1)
    offered = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in CODINGS}
    best = max(offered, key=lambda coding: offered[coding])
    return best if offered[best] > 0 and offered[best] >= weights.get("identity", 0.0) else None


def compress(response: Response) -> Response:
    """Return the response in the coding that its client likes best, if that is worth it."""
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        # A cache takes over these fields: without this one, it would give a coded response to whoever asks.
        response.vary.add("Accept-Encoding")
    length = response.content_length or 0
    if response.status_code != HTTPStatus.OK or length < LEAST or not _TYPES.match(response.mimetype or ""):
        return response
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.headers.get("Accept-Encoding"))
    if coding is None or "Content-Encoding" in response.headers:
        return response
    if request.method == "HEAD":
        # How long it would be is not known without making it, and another length must not be told (RFC 9110, 8.6).
        response.headers["Content-Encoding"] = coding
        del response.headers["Content-Length"]
        response.automatically_set_content_length = False
        return response
    file = new_file()
    compressor = CODINGS[coding]()
    for chunk in response.iter_encoded():
        for start in range(0, len(chunk), _CHUNK):
            file.write(compressor.compress(chunk[start : start + _CHUNK]))
    file.write(compressor.flush())
    response.close()  # what it was made of is not sent any more
    size = file.tell()
    file.seek(0)
    response.headers["Content-Encoding"] = coding
    if size <= IN_MEMORY:
        response.direct_passthrough = False
        response.set_data(file.read())
        file.close()
    else:
        response.response = wrap_file(request.environ, file)
        response.direct_passthrough = True
        response.call_on_close(file.close)
    response.content_length = size
    return response
