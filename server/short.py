"""The short way of a plain query: from request to answer on the event loop, without Flask, a thread or a task.

Plain is GET /sparql with a short query, no dataset and no page, whose answer comes soon, is small, whole and sent as it
is. Everything else, and every refusal, is for the views: they go on with what was begun here. What is answered here has
the same headers, cache, share of workers, measures and log as there; tests compare the two.
"""

import asyncio
import binascii
import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from uvicorn.server import ServerState

from budgetgraph.server.backend import Backend
from budgetgraph.server.caching import query_tag
from budgetgraph.server.clients import Client
from budgetgraph.server.compression import LEAST
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.evaluation import Evaluation
from budgetgraph.server.exceptions import ServerError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from budgetgraph.server.frames import Request
from budgetgraph.server.guard import inspect_query
from budgetgraph.server.heads import Head
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.places import Places
from budgetgraph.server.plain import Channel, Plain, Query, Short
from budgetgraph.server.processes import WorkerProcess
from budgetgraph.server.protocol import read_parameters

#: Bytes of an address that are read here: the loop must not stand still for a long one.
_LONGEST = 8192
#: Seconds after which a query goes on in a thread, which sees when its client leaves and the light lane ends.
_SOON = 0.1
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
#: Kinds of requests that are remembered.
_MOST = 256


class ShortWay:
    """All plain queries that are at work. Belongs to one event loop; `threads` finish what nobody waits for."""

    def __init__(self, server: Backend, places: Places, threads: Executor) -> None:
        self.server, self.places = server, places
        self._threads = threads
        self._engine = server.engine if isinstance(server.engine, EmbeddedEngine) else None
        self._asked: dict[tuple[str, str, str], tuple[Request, bytes]] = {}
        self._channels: dict[WorkerProcess, Channel] = {}
        self._at_work: dict[Query, None] = {}
        self._turns: deque[Query] = deque()
        self.is_reading = self._is_taking = self._is_watching = False
        self.loop: asyncio.AbstractEventLoop
        self._thread = 0
        self._defaults: list[tuple[bytes, bytes]] | None = None
        self._default_fields = b""

    def ask(self, encoded: bytes, head: Head, client: Client, done: Callable[[Short | None], None]) -> bool:
        """Answer the query in the part of an address behind its `?`, unless the views must do that at once.

        Returns False then. Else `done` is or will be called with the answer, or with None when the views must go on
        with what was begun, `client.begun`; the place that the request has is theirs then.
        """
        if self._engine is None:
            return False
        if not self._thread:
            self.loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        began = time.monotonic()
        try:
            plain = self._read(encoded, head)
            if plain is None:
                return False
            kept = self.server.cache.whole(plain.tag)
            if kept is None:
                self.server.budget.require(client.key)
        except ServerError:
            return False
        query = Query(self, plain, client, began, done, is_coded=head.is_coded)
        if kept is None:
            self.places.enter(query.begin)
        elif len(kept) >= LEAST and head.is_coded:
            return False
        else:
            done(query.respond(kept, hit=True))
        return True

    def default_fields(self, state: ServerState) -> bytes:
        """Return what uvicorn adds to each response, the date say: once a second another list."""
        if state.default_headers is not self._defaults:
            self._defaults = state.default_headers
            self._default_fields = b"".join(b"%b: %b\r\n" % each for each in self._defaults)
        return self._default_fields

    def finish(self, client: Client) -> None:
        """Let a query end whose client has left, as the views would, and give its place back."""
        evaluation, client.begun = client.begun, None
        if evaluation is None:
            self.places.leave()
            return
        client.has_left = lambda: True
        loop = self.loop

        def run() -> None:
            with suppress(ServerError):
                evaluation.run().close()
            loop.call_soon_threadsafe(self.places.leave)

        self._threads.submit(run)

    def close(self) -> None:
        """Forget the workers; the loop has ended."""
        for channel in self._channels.values():
            os.close(channel.descriptor)
        self._channels.clear()

    def evaluation(self, plain: Plain, client: Client) -> Evaluation:
        """Return the evaluation of a query, not begun yet. All but the query is the same for many."""
        assert self._engine is not None  # noqa: S101  # nothing is asked of another engine
        key = plain.release.id, plain.chosen.name, plain.base
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= _MOST:
                self._asked.clear()
            told = Request(str(plain.release.quads_path), "", plain.chosen.name, base_iri=plain.base)
            request = self._engine.pool.evaluation(told, client).request
            asked = self._asked[key] = request, request.encode()
        request, load = asked
        return Evaluation(self._engine.pool, request._replace(query=plain.query), client, load + plain.query.encode())

    def add(self, query: Query) -> None:
        """Watch how long a query takes."""
        self._at_work[query] = None
        if not self._is_watching:
            self._is_watching = True
            self.loop.call_later(self._soon() / 2, self._watch)

    def remove(self, query: Query) -> None:
        """Forget a query."""
        self._at_work.pop(query, None)

    def channel(self, worker: WorkerProcess) -> Channel:
        """Return what tells that a worker has something to say."""
        channel = self._channels.get(worker)
        if channel is None or channel.reader is not worker.reader:
            if channel is not None:
                channel.close()
            channel = self._channels[worker] = Channel(self, worker)
        return channel

    def forget(self, worker: WorkerProcess) -> None:
        """Forget a worker that somebody else reads from, or that has died."""
        self._channels.pop(worker).close()

    def note_turn(self, query: Query) -> None:
        """Let a query that waited for a worker go on soon. Called from any thread."""
        self._turns.append(query)
        if not (self.is_reading or self._is_taking) or threading.get_ident() != self._thread:
            self.loop.call_soon_threadsafe(self.take_turns)

    def take_turns(self) -> None:
        """Let the queries go on whose turn it is."""
        if self._is_taking:
            return
        self._is_taking = True
        try:
            while self._turns:
                self._turns.popleft().turn()
        finally:
            self._is_taking = False

    def _watch(self) -> None:
        """Hand on what has not come soon; what rides with something slow is asked again before."""
        soon, now = self._soon(), time.monotonic()
        for channel in list(self._channels.values()):
            channel.settle(now)
        for query in list(self._at_work):
            if now - query.began < soon:
                break
            if not query.rides:
                query.hand_on()
        self._is_watching = bool(self._at_work)
        if self._is_watching:
            self.loop.call_later(soon / 2, self._watch)

    def _soon(self) -> float:
        limits = self.server.config.queries
        return min(_SOON, limits.light, limits.time or _SOON)

    def _read(self, encoded: bytes, head: Head) -> Plain | None:
        """Return the query of a request if it is plain. Raises ServerError for one that is refused."""
        if len(encoded) > _LONGEST or self._engine is None:
            return None
        asked = None
        if encoded.startswith(b"query=") and b"&" not in encoded:
            try:
                query: str | None = unquote(encoded[6:].replace(b"+", b" ")).decode()
            except UnicodeDecodeError:
                return None
        else:
            parameters = read_parameters(encoded, "address")
            told = dict(parameters)
            query, asked = told.pop("query", None), told.pop("format", None)
            if told or len(parameters) > (1 if asked is None else 2):
                return None
        if query is None:
            return None
        found = inspect_query(query, self.server.config.guard)
        chosen = _choose(head.accept, asked, found.form.gives_graph)
        if found.volatile or chosen is HTML:
            return None
        release = self._engine.release(None)
        return Plain(query, chosen, release, query_tag(release.id, query, head.base, chosen.name), head.base)


def unquote(encoded: bytes) -> bytes:
    """Return what percent signs encode, as `urllib.parse.unquote_to_bytes` does, in a third of its time.

    Quoted-printable (RFC 2045, 6.7) is the same with another sign, if all of them stand before two digits.
    """
    if _NO_ESCAPE.search(encoded) is not None:
        return unquote_to_bytes(encoded)
    return binascii.a2b_qp(encoded.replace(b"=", b"%3D").replace(b"%", b"="))


@lru_cache(256)
def _choose(accept: str | None, asked: str | None, gives_graph: bool) -> Format:
    return choose_format(accept, asked, [*(GRAPH_FORMATS if gives_graph else RESULT_FORMATS), HTML])
