"""The short way of a plain query: from request to answer on the event loop, without Flask, a thread or a task.

Plain is GET /sparql with a short query, no dataset and no page, whose answer comes soon, is small, whole and sent as it
is. Everything else, and every refusal, is for the views: they go on with what was begun here. What is answered here has
the same headers, cache, share of workers, measures and log as there; tests compare the two.
"""

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from uvicorn.server import ServerState

from budgetgraph.server.backend import Backend
from budgetgraph.server.caching import REVALIDATE, query_tag
from budgetgraph.server.clients import Client
from budgetgraph.server.compression import LEAST
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.exceptions import OverloadedError, ServerError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from budgetgraph.server.frames import FrameReader, Request
from budgetgraph.server.guard import inspect_query
from budgetgraph.server.headers import COMMON
from budgetgraph.server.heads import PATH, Head
from budgetgraph.server.logs import note
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.places import Places
from budgetgraph.server.processes import WorkerProcess
from budgetgraph.server.protocol import read_parameters
from budgetgraph.server.releases import Release
from budgetgraph.server.workers import Evaluation

#: Bytes of an address that are read here: the loop must not stand still for a long one.
_LONGEST = 8192
#: Seconds after which a query goes on in a thread, which sees when its client leaves and the light lane ends.
_SOON = 0.1
#: Kinds of requests that are remembered.
_MOST = 256


class Short(NamedTuple):
    """An answer that is ready to be sent: the status is 200. `fields` are lines, each with its end."""

    fields: bytes
    body: bytes


class _Plain(NamedTuple):
    query: str
    chosen: Format
    release: Release
    tag: str
    base: str


class ShortWay:
    """All plain queries that are at work. Belongs to one event loop; `threads` finish what nobody waits for."""

    def __init__(self, server: Backend, places: Places, threads: Executor) -> None:
        self.server, self.places = server, places
        self._threads = threads
        self._engine = server.engine if isinstance(server.engine, EmbeddedEngine) else None
        self._asked: dict[tuple[str, str, str], Request] = {}
        self._channels: dict[WorkerProcess, _Channel] = {}
        self._at_work: dict[_Query, None] = {}
        self._turns: deque[_Query] = deque()
        self._is_watching = self._is_reading = False
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
        query = _Query(self, plain, client, began, done, is_coded=head.is_coded)
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
        loop = asyncio.get_running_loop()

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

    def evaluation(self, plain: _Plain, client: Client) -> Evaluation:
        """Return the evaluation of a query, not begun yet. All but the query is the same for many."""
        assert self._engine is not None  # noqa: S101  # nothing is asked of another engine
        key = plain.release.id, plain.chosen.name, plain.base
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= _MOST:
                self._asked.clear()
            told = Request(str(plain.release.quads_path), "", plain.chosen.name, base_iri=plain.base)
            asked = self._asked[key] = self._engine.evaluation(told, client, plain.release).request
        return Evaluation(self._engine.pool, asked._replace(query=plain.query), client)

    def add(self, query: "_Query") -> None:
        """Watch how long a query takes."""
        self._at_work[query] = None
        if not self._is_watching:
            self._is_watching, self._thread = True, threading.get_ident()
            query.loop.call_later(self._soon() / 2, self._watch, query.loop)

    def remove(self, query: "_Query") -> None:
        """Forget a query."""
        self._at_work.pop(query, None)

    def channel(self, worker: WorkerProcess) -> "_Channel":
        """Return what tells that a worker has something to say."""
        channel = self._channels.get(worker)
        if channel is None or channel.reader is not worker.reader:
            if channel is not None:
                channel.close()
            channel = self._channels[worker] = _Channel(self, worker)
        return channel

    def forget(self, worker: WorkerProcess) -> None:
        """Forget a worker that somebody else reads from, or that has died."""
        self._channels.pop(worker).close()

    def read(self, query: "_Query") -> bytes | None:
        """Return the answer of a query if it has come; then its worker goes to the next one first."""
        self._is_reading = True
        try:
            body = query.evaluation.answer()
        finally:
            self._is_reading = False
        if self._turns:
            self._take_turns()
        return body

    def note_turn(self, query: "_Query") -> None:
        """Let a query that waited for a worker go on soon. Called from any thread."""
        self._turns.append(query)
        if not self._is_reading or threading.get_ident() != self._thread:
            query.loop.call_soon_threadsafe(self._take_turns)

    def _take_turns(self) -> None:
        while self._turns:
            self._turns.popleft().turn()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand on what has not come soon."""
        soon, now = self._soon(), time.monotonic()
        for query in list(self._at_work):
            if now - query.began < soon:
                break
            query.hand_on()
        self._is_watching = bool(self._at_work)
        if self._is_watching:
            loop.call_later(soon / 2, self._watch, loop)

    def _soon(self) -> float:
        limits = self.server.config.queries
        return min(_SOON, limits.light, limits.time or _SOON)

    def _read(self, encoded: bytes, head: Head) -> _Plain | None:
        """Return the query of a request if it is plain. Raises ServerError for one that is refused."""
        if len(encoded) > _LONGEST or self._engine is None:
            return None
        asked = None
        if encoded.startswith(b"query=") and b"&" not in encoded:
            try:
                query: str | None = unquote_to_bytes(encoded[6:].replace(b"+", b" ")).decode()
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
        return _Plain(query, chosen, release, query_tag(release.id, query, head.base, chosen.name), head.base)


class _Channel:
    """The end of a worker's pipe, watched by the event loop for as long as plain queries alone use the worker.

    The descriptor is the loop's own: the worker's is closed by whoever replaces the process, from any thread.
    """

    def __init__(self, way: ShortWay, worker: WorkerProcess) -> None:
        self._way, self._worker = way, worker
        self._loop = asyncio.get_running_loop()
        self.reader: FrameReader = worker.reader
        self.query: _Query | None = None
        self.descriptor = os.dup(worker.output)
        self._loop.add_reader(self.descriptor, self._come)

    def close(self) -> None:
        """Watch no longer."""
        self._loop.remove_reader(self.descriptor)
        os.close(self.descriptor)

    def _come(self) -> None:
        query, self.query = self.query, None
        if query is None:
            self._way.forget(self._worker)
        else:
            query.come()


class _Query:
    """One plain query on its way."""

    __slots__ = (
        "_channel",
        "_client",
        "_done",
        "_has_ended",
        "_is_coded",
        "_plain",
        "_way",
        "began",
        "evaluation",
        "loop",
    )

    evaluation: Evaluation

    def __init__(
        self,
        way: ShortWay,
        plain: _Plain,
        client: Client,
        began: float,
        done: Callable[[Short | None], None],
        *,
        is_coded: bool,
    ) -> None:
        self._way, self._plain, self._client, self._done, self._is_coded = way, plain, client, done, is_coded
        self.began = began
        self.loop = asyncio.get_running_loop()
        self._channel: _Channel | None = None
        self._has_ended = False

    def begin(self) -> None:
        """Ask a worker, or wait for one. The query has its place."""
        self.evaluation = self._client.begun = self._way.evaluation(self._plain, self._client)
        self._way.add(self)
        self.turn()

    def turn(self) -> None:
        """Ask the worker that is there now."""
        if self._has_ended:
            return
        try:
            has_begun = self.evaluation.begin(self._tell)
        except OverloadedError:
            self.hand_on()
            return
        if has_begun:
            worker = self.evaluation.worker
            assert worker is not None  # noqa: S101  # it was asked
            self._channel = self._way.channel(worker)
            self._channel.query = self
        elif self.evaluation.has_worker:
            self.hand_on()

    def come(self) -> None:
        """Read what has come."""
        self._channel = None
        body = self._way.read(self)
        if body is None or (len(body) >= LEAST and self._is_coded):
            self.hand_on()
            return
        self._end()
        self._client.begun = None
        self._way.server.budget.charge(self._client.key, self._client.seconds)
        self._way.server.cache.put(self._plain.tag, body, None)
        self._done(self.respond(body, hit=False))
        self._way.places.leave()

    def hand_on(self) -> None:
        """Let the views go on."""
        self._end()
        self._done(None)

    def respond(self, body: bytes, *, hit: bool) -> Short:
        """Return an answer as it is sent, and count it."""
        server, plain = self._way.server, self._plain
        server.metrics.count_cache(hit=hit)
        note(server, PATH, "GET", 200, time.monotonic() - self.began, len(body), plain.query)
        same = _fields(plain.chosen.content_type, plain.release.id, server.config.queries.rows, len(body) >= LEAST)
        return Short(b'content-length: %d\r\netag: W/"%b"\r\n%b' % (len(body), plain.tag.encode(), same), body)

    def _end(self) -> None:
        self._has_ended = True
        self._way.remove(self)
        if self._channel is not None:
            self._channel.query = None

    def _tell(self) -> None:
        self._way.note_turn(self)


@lru_cache(256)
def _choose(accept: str | None, asked: str | None, gives_graph: bool) -> Format:
    return choose_format(accept, asked, [*(GRAPH_FORMATS if gives_graph else RESULT_FORMATS), HTML])


@lru_cache(256)
def _fields(content_type: str, release: str, rows: int | None, is_long: bool) -> bytes:
    """Return what is the same for many answers."""
    told = {
        "Content-Type": content_type,
        "Vary": "Accept, Accept-Encoding" if is_long else "Accept",
        "X-Release": release,
        **({"X-Result-Limit": str(rows)} if rows is not None else {}),
        "Cache-Control": REVALIDATE,
        **COMMON,
    }
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in told.items()).encode("latin-1")
