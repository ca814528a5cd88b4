"""Plain queries on their way: from a worker's lane to its answer, watched by the event loop. See `short.py`."""

import os
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from budgetgraph.server.caching import REVALIDATE
from budgetgraph.server.clients import Client
from budgetgraph.server.compression import LEAST
from budgetgraph.server.evaluation import Evaluation
from budgetgraph.server.exceptions import OverloadedError
from budgetgraph.server.formats import Format
from budgetgraph.server.frames import FrameKind, FrameReader
from budgetgraph.server.headers import COMMON
from budgetgraph.server.heads import PATH
from budgetgraph.server.logs import note
from budgetgraph.server.processes import WorkerProcess
from budgetgraph.server.releases import Release

if TYPE_CHECKING:
    from budgetgraph.server.short import ShortWay


class Short(NamedTuple):
    """An answer that is ready to be sent: the status is 200. `fields` are lines, each with its end."""

    fields: bytes
    body: bytes


class Plain(NamedTuple):
    """What is asked; `tag` names the answer, `base` is the address of the endpoint."""

    query: str
    chosen: Format
    release: Release
    tag: str
    base: str


class Channel:
    """The end of a worker's pipe, watched by the event loop for as long as plain queries alone use the worker.

    `queries` are those that the worker was told, in turn; it is at the first. The descriptor is the loop's own: the
    worker's is closed by whoever replaces the process, from any thread.
    """

    def __init__(self, way: "ShortWay", worker: WorkerProcess) -> None:
        self._way, self._worker = way, worker
        self._loop = way.loop
        self.reader: FrameReader = worker.reader
        self.queries: deque[Query] = deque()
        self.descriptor = os.dup(worker.output)
        self._loop.add_reader(self.descriptor, self._come)

    def close(self) -> None:
        """Watch no longer."""
        self._loop.remove_reader(self.descriptor)
        os.close(self.descriptor)

    def settle(self, now: float) -> None:
        """Recall the queries that the worker does not begin any more, because the first of them took too long.

        What has been answered by then is read before: the worker looks at the same clock before it begins one.
        """
        if now <= self._worker.until:
            return
        while len(self.queries) > 1 and self._worker.has_answered:
            self._come()
        if len(self.queries) > 1:
            self._recall()

    def _come(self) -> None:
        """Read what has come; the worker goes to those that wait before clients get their answers."""
        queries = self.queries
        if not queries:
            self._way.forget(self._worker)
            return
        has_more = self.reader.fill()
        answered: list[tuple[Query, bytes | None]] = []
        self._way.is_reading = True
        try:
            while queries and (found := self._worker.pop_answer()) is not None:
                query, is_last = queries.popleft(), len(queries) == 0
                query.channel = None
                if found[0] is FrameKind.BACK:
                    query.evaluation.recall(is_last=is_last)
                else:
                    answered.append((query, query.evaluation.take(*found, is_last=is_last)))
                if queries:
                    queries[0].evaluation.inherit()
            is_over = bool(queries) and (not has_more or self.reader.is_long)
            if is_over:
                self._recall()
        finally:
            self._way.is_reading = False
        self._way.take_turns()
        if is_over:
            queries[0].hand_on()
        for query, body in answered:
            query.answer(body)

    def _recall(self) -> None:
        """Let all but the first query wait for a worker again."""
        first, *others = self.queries
        self.queries = deque([first])
        self._worker.recall(len(others))
        for query in reversed(others):
            query.channel = None
            query.evaluation.recall(is_last=False)


class Query:
    """One plain query on its way. `channel` is that of the worker which was told of it."""

    __slots__ = (
        "_client",
        "_done",
        "_has_ended",
        "_is_coded",
        "_plain",
        "_way",
        "began",
        "channel",
        "evaluation",
    )

    evaluation: Evaluation

    def __init__(
        self,
        way: "ShortWay",
        plain: Plain,
        client: Client,
        began: float,
        done: Callable[[Short | None], None],
        *,
        is_coded: bool,
    ) -> None:
        self._way, self._plain, self._client, self._done, self._is_coded = way, plain, client, done, is_coded
        self.began = began
        self.channel: Channel | None = None
        self._has_ended = False

    @property
    def rides(self) -> bool:
        """Tell whether the worker was told of others with this query, which it may still begin."""
        return self.channel is not None and len(self.channel.queries) > 1

    def begin(self) -> None:
        """Ask a worker, or wait for one. The query has its place."""
        self.evaluation = self._client.begun = self._way.evaluation(self._plain, self._client)
        self._way.add(self)
        self.turn()

    def turn(self) -> None:
        """Ask the worker that is there now, or go along with the query that has asked it."""
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
            self.channel = self._way.channel(worker)
            self.channel.queries.append(self)
            # Those that ride come behind it, before anything else.
            self._way.take_turns()
        elif self.evaluation.has_worker:
            self.hand_on()

    def answer(self, body: bytes | None) -> None:
        """Send the answer; without one, the views say why."""
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
        if self.channel is not None:
            self.channel.queries.clear()

    def _tell(self) -> None:
        self._way.note_turn(self)


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
