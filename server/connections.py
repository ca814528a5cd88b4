"""Connections of clients, as uvicorn keeps them, with bounds of their own: how long a head may be, and how long nothing
may move.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of a request's head. A query in an address is at most as long; longer ones are posted.
HEAD = 32 << 10
#: Bytes that chunked transfer may add to each byte of a body: the least chunk is six bytes long.
_FRAMING = 8
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(HttpToolsProtocol):
    """A connection that ends when more than a body arrives, or when nothing has moved for some time."""

    _received = _body = 0
    moved = 0.0
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Begin to watch whether something moves."""
        self.moved = self.loop.time()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Read what has arrived; break off when the head, the trailer or the frames of chunks have no end."""
        self.moved = self.loop.time()
        self._received += len(data)
        super().data_received(data)
        if self._received > HEAD + _FRAMING * self._body + len(data) and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._received = self._body = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Refuse a head that is too long, and has come at once."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD:
            raise ValueError("the head of a request is too long")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop counting: what comes next is another request."""
        self._received = self._body = 0
        super().on_message_complete()

    def close_if_still(self, seconds: float) -> None:
        """Close the connection if nothing was received or sent for so long, unless an answer is being made."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self._unsent or self._is_answering(unsent):
            self.moved, self._unsent = now, unsent
        elif now - self.moved > seconds:
            self.transport.abort()

    def _is_answering(self, unsent: int) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.more_body and not cycle.response_complete and not unsent

    def _refuse(self) -> None:
        self.transport.write(_TOO_LARGE)
        self.transport.close()


async def close_still_ones(connections: Iterable[Any], seconds: float) -> None:
    """Close connections on which nothing moves, for ever."""
    while True:
        await asyncio.sleep(min(10.0, seconds / 2))
        for each in list(connections):
            each.close_if_still(seconds)
