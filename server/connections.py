"""Connections of clients, as uvicorn keeps them, with bounds of their own: how long a head may be, and how long nothing
may move. Plain queries go by uvicorn: see `short.py`.

A client that has ended its side of a connection may have left, or may wait for its answer (RFC 9293, 3.6): that looks
the same. So it is told `100 Continue` again and again, which clients read over (RFC 9110, 15.2.1); the system of one
that has left answers with a reset.
"""

import asyncio
import re
import select
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_from_bytes

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from budgetgraph.server.backend import CLIENT
from budgetgraph.server.clients import Client, client_key
from budgetgraph.server.heads import PATH, HeadReader
from budgetgraph.server.plain import Short
from budgetgraph.server.short import ShortWay

#: Bytes of a request's head. A query in an address is at most as long; longer ones are posted.
HEAD = 32 << 10
#: Bytes that chunked transfer may add to each byte of a body: the least chunk is six bytes long.
_FRAMING = 8
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_END = b"connection: close\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
#: Seconds after which it is looked again whether a client that has ended its side is still there.
_LOOK = 0.25
_QUERY = re.compile(rb"GET %b\?([!\"$-~]++) HTTP/1\.1\r\n" % PATH.encode())
_NO_ASCII = re.compile(rb"[\x80-\xff]++")


class Connection(HttpToolsProtocol):
    """A connection that ends when more than a body arrives, or when nothing has moved for some time."""

    _received = _body = 0
    moved = 0.0
    _unsent = 0
    #: The parser is within a message; within its first line.
    _is_within = _is_in_line = False
    #: The plain query that is being answered, as it came, and whose it is; the client wants the connection to end then.
    _asked: bytes | None = None
    _client = Client()
    _is_lost = _is_last = _ends = False
    #: The client sends nothing more; it has sent a head that is too long.
    _is_silent = _is_head_too_long = False

    def __init__(self, way: ShortWay, heads: HeadReader, *uvicorns: Any, **more: Any) -> None:
        super().__init__(*uvicorns, **more)
        self._way, self._heads = way, heads
        self._later = bytearray()
        #: Uvicorn's requests that came before their forerunners were answered; it knows the last one only.
        self._cycles: list[Any] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Begin to watch whether something moves."""
        self.moved = self.loop.time()
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody waits for an answer any more."""
        self._is_lost = True
        super().connection_lost(exc)
        for each in self._owed():
            each.disconnected = True
            each.message_event.set()

    def eof_received(self) -> bool:  # type: ignore[override]  # as in asyncio
        """Keep the connection of a client that sends nothing more, as long as answers are made for it.

        One of HTTP/1.0 must not be told to go on (RFC 9110, 15.2), so that it is taken to have left.
        """
        is_old = any(each.scope["http_version"] != "1.1" for each in self._owed())
        if self._is_within or is_old or not self._is_awaited:
            return False
        self._is_silent = True
        self.loop.call_later(_LOOK, self._look)
        return True

    def on_response_complete(self) -> None:
        """Go on with the next request; behind the answer to the last one, close the connection of a silent client."""
        super().on_response_complete()
        if self._is_silent and not self._is_awaited and not self._later:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Answer a plain query, or let uvicorn read what has arrived; what comes before an answer waits."""
        self.moved = self.loop.time()
        if self._asked is not None:
            self._later += data
            if len(self._later) > HEAD:
                self.flow.pause_reading()
            return
        if not self._is_within or self._is_in_line:
            data = self._encode(data)
        if not self._ask(data):
            self._feed(data)

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._received = self._body = 0
        self._is_within = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Refuse a head that is too long, and has come at once."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD:
            self._is_head_too_long = True
            raise ValueError("the head of a request is too long")
        super().on_headers_complete()
        self._cycles = [*self._owed(), self.cycle]

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop counting: what comes next is another request."""
        self._received = self._body = 0
        self._is_within = False
        super().on_message_complete()

    def shutdown(self) -> None:
        """Close the connection once the answer that is being made is sent."""
        if self._asked is not None:
            self._is_last = True
        else:
            super().shutdown()

    def close_if_still(self, seconds: float) -> None:
        """Close the connection if nothing was received or sent for so long, unless an answer is being made."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self._unsent or self._is_answering(unsent):
            self.moved, self._unsent = now, unsent
        elif now - self.moved > seconds:
            self.transport.abort()

    def _is_answering(self, unsent: int) -> bool:
        cycle = self.cycle
        is_at_work = cycle is not None and not cycle.more_body and not cycle.response_complete
        return (is_at_work or self._asked is not None) and not unsent

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or has too long a head, once what came before is answered."""
        if self._is_head_too_long:
            self._refuse()
        elif not self._is_owing():
            super().send_400_response(msg)

    @property
    def _is_awaited(self) -> bool:
        return self._asked is not None or bool(self._owed())

    def _look(self) -> None:
        """Close the connection when a silent client has left."""
        if self.transport.is_closing() or not self._is_awaited:
            return
        if _is_reset(self.transport):
            self.transport.abort()
            return
        if self._asked is not None or not self._owed()[0].response_started:
            self.transport.write(_CONTINUE)
        self.loop.call_later(_LOOK, self._look)

    def _owed(self) -> list[Any]:
        return [each for each in self._cycles if not each.response_complete]

    def _is_owing(self) -> bool:
        """Tell whether a refusal now would be taken for the answer to an earlier request.

        Then nothing more is read, and the connection ends behind the answer to the last request that came whole.
        """
        whole = [each for each in self._owed() if not each.more_body]
        if whole:
            whole[-1].keep_alive = False
            self.flow.pause_reading()
        return bool(whole)

    def _refuse(self) -> None:
        if not self._is_owing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def _encode(self, data: bytes) -> bytes:
        """Return what arrived with an address in ASCII: other characters percent-encoded (RFC 3987, 3.1)."""
        line, end, rest = data.partition(b"\n")
        self._is_in_line = not end
        if line.isascii():
            return data
        return _NO_ASCII.sub(lambda found: quote_from_bytes(found[0]).encode(), line) + end + rest

    def _feed(self, data: bytes) -> None:
        """Let uvicorn read; break off when the head, the trailer or the frames of chunks have no end."""
        self._received += len(data)
        super().data_received(data)
        if self._received > HEAD + _FRAMING * self._body + len(data) and not self.transport.is_closing():
            self._refuse()

    def _ask(self, data: bytes) -> bool:
        """Ask a query if that is all that has arrived, and plain."""
        found = _QUERY.match(data)
        # A client that does not read is not answered here, because uvicorn waits for it.
        is_free = (
            not self._is_within and not self.flow.write_paused and (self.cycle is None or self.cycle.response_complete)
        )
        if found is None or not is_free or self.transport.is_closing() or self._is_full():
            return False
        peer = self.client[0] if self.client is not None else ""
        head = self._heads.read(data[found.end() :], peer)
        if head is None:
            return False
        self._unset_keepalive_if_required()
        self._asked, self._client, self._ends = data, Client(client_key(head.client or peer)), head.is_last
        if self._way.ask(found[1], head, self._client, self._answer):
            return True
        self._asked = None
        return False

    def _is_full(self) -> bool:
        most = self.limit_concurrency
        return most is not None and len(self.connections) >= most

    def _answer(self, short: Short | None) -> None:
        """Send the answer of the plain query that was asked, or let the views go on with it."""
        asked, self._asked = self._asked, None
        if short is None and (self._is_lost or self.transport.is_closing()):
            self._way.finish(self._client)
        elif short is None:
            assert asked is not None  # noqa: S101  # what was asked is answered once
            self._hand_on(asked)
        elif not self._is_lost:
            self.moved = self.loop.time()
            is_last = self._is_last or self._ends or (self._is_silent and not self._later)
            told = self._way.default_fields(self.server_state), short.fields, _END if is_last else b"", short.body
            self.transport.write(b"HTTP/1.1 200 OK\r\n%b%b%b\r\n%b" % told)
            self.server_state.total_requests += 1
            if is_last:
                self.transport.close()
        if self._later and not self.transport.is_closing():
            later, self._later = bytes(self._later), bytearray()
            self.flow.resume_reading()
            self.data_received(later)

    def _hand_on(self, asked: bytes) -> None:
        """Let the application answer a request whose query was begun, and which has its place already."""
        state, most = self.app_state, self.limit_concurrency
        self.app_state, self.limit_concurrency = {**state, CLIENT: self._client}, None
        try:
            self._feed(asked)
        finally:
            self.app_state, self.limit_concurrency = state, most
        if self.transport.is_closing():  # uvicorn did not take it
            self._way.finish(self._client)
        elif self._is_last:
            super().shutdown()


def _is_reset(transport: asyncio.Transport) -> bool:
    """Tell whether the other side has reset a connection: POLLERR and POLLHUP of poll(2), which are always told."""
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), 0)
    return bool(poll.poll(0))


async def close_still_ones(connections: Iterable[Any], seconds: float) -> None:
    """Close connections on which nothing moves, for ever."""
    while True:
        await asyncio.sleep(min(10.0, seconds / 2))
        for each in list(connections):
            each.close_if_still(seconds)
