"""Queries that ride: told to a worker together with another one, answered in turn, and never lost with it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Collection, Iterator
from pathlib import Path

import pytest
from flask import Flask

from budgetgraph.server import processes, short
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.clients import Client
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.exceptions import QueryError
from budgetgraph.server.frames import WHOLE_END, FrameKind, FrameReader, Request, encode, frame, read_rider, rider
from budgetgraph.server.lanes import Lane, Ticket
from budgetgraph.server.places import Places
from budgetgraph.server.processes import WorkerProcess
from budgetgraph.server.releases import current
from budgetgraph.server.short import ShortWay
from budgetgraph.server.workers import PoolLimits
from tests.server.exchanges import Exchange, backend_of, environ_of, in_a_loop, sent
from tests.server.waiting import stop

LONG = "SELECT * { " + " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(50)))} }}" for name in "abc") + " }"
SMALL = "ASK {}"
WRONG = "SELECT * {"


def reading(*frames: bytes) -> FrameReader:
    """Return a reader that has read frames."""
    there, here = os.pipe()
    os.write(here, b"".join(frames))
    os.close(here)
    reader = FrameReader(there)
    reader.fill()
    os.close(there)
    return reader


def test_plain_answers_are_read_one_by_one() -> None:
    fault = frame(FrameKind.FAIL, encode({"kind": "query", "message": 'no "full": true', "full": False}))
    answer = frame(FrameKind.DATA, b"a") + WHOLE_END
    reader = reading(answer, WHOLE_END, frame(FrameKind.BACK, b""), fault, answer, answer[:-1])
    found = [reader.pop_answer() for _ in range(6)]
    assert found[:3] == [(FrameKind.DATA, b"a"), (FrameKind.DATA, b""), (FrameKind.BACK, b"")]
    assert found[3] == (FrameKind.FAIL, fault[5:])
    assert found[4:] == [(FrameKind.DATA, b"a"), None]
    assert not reader.is_long


PART = frame(FrameKind.DATA, b"a" * 10)
NOT_PLAIN = [
    PART + PART,
    PART + PART[:1],
    PART + frame(FrameKind.END, encode({"cut": 3, "full": False})),
    frame(FrameKind.END, encode({"cut": None, "full": True})),
    frame(FrameKind.RESTART, b""),
    frame(FrameKind.FAIL, encode({"kind": "memory", "message": "", "full": True})),
]


@pytest.mark.parametrize("arrived", NOT_PLAIN, ids=range(len(NOT_PLAIN)))
def test_what_is_not_plain_is_left(arrived: bytes) -> None:
    reader = reading(arrived)
    assert reader.pop_answer() is None
    assert reader.is_long
    assert reader.pop() is not None


def test_nothing_is_said_of_what_has_not_arrived() -> None:
    whole = PART + WHOLE_END
    for size in range(1, len(whole)):
        reader = reading(whole[:size])
        assert (reader.pop_answer(), reader.is_long) == (None, False)


def test_a_rider_arrives_as_it_was_sent() -> None:
    kind, body = reading(rider(b"asked", 1.5)).pop() or (None, b"")
    assert (kind, read_rider(body)) == (FrameKind.RIDER, (b"asked", 1.5))


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    process = WorkerProcess(2 << 30)
    process.spawn()
    process.start()
    yield process
    process.discard()


def load(store: Path, query: str, **more: object) -> bytes:
    asked = Request(str(current(store).quads_path), query, "csv")
    return asked._replace(**more).encode()  # type: ignore[arg-type]  # fields of a request


def kinds(process: WorkerProcess, number: int) -> list[FrameKind]:
    """Return how so many requests ended."""
    found: list[FrameKind] = []
    while len(found) < number:
        while (popped := process.reader.pop()) is None:
            assert process.reader.fill()
        if popped[0] in {FrameKind.END, FrameKind.FAIL, FrameKind.BACK}:
            found.append(popped[0])
    return found


@pytest.mark.parametrize(
    ("first", "ended"),
    [
        ((SMALL, {}), FrameKind.END),
        ((WRONG, {}), FrameKind.FAIL),
        ((LONG, {}), FrameKind.BACK),
        ((LONG, {"rows": 2}), FrameKind.BACK),
    ],
    ids=["small", "fault", "long", "cut"],
)
def test_riders_are_answered_behind_what_is_plain(
    store: Path,
    worker: WorkerProcess,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[str, dict[str, int]],
    ended: FrameKind,
) -> None:
    monkeypatch.setattr(processes, "RIDE", 60.0)
    query, more = first
    worker.send_all(load(store, query, **more), [load(store, SMALL)] * 2)
    told = kinds(worker, 3)
    assert told[1:] == [ended if ended is FrameKind.BACK else FrameKind.END] * 2
    worker.send_all(load(store, SMALL), [load(store, SMALL)])
    assert kinds(worker, 2) == [FrameKind.END] * 2, "what comes later is not held against anybody"


def test_riders_are_not_begun_when_their_time_has_passed(
    store: Path, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RIDE", -1.0)
    worker.send_all(load(store, SMALL), [load(store, SMALL)] * 2)
    assert kinds(worker, 3) == [FrameKind.END, FrameKind.BACK, FrameKind.BACK]


def test_a_lane_gives_each_worker_its_share_of_riders() -> None:
    lane: Lane[str] = Lane("test", ["one", "two"], 20, 30)
    first, second = (lane.enter(Client(name), load=b"1") for name in ("a", "b"))
    waiting = [lane.enter(Client("a"), load=b"1234") for _ in range(6)]
    assert (first.worker, second.worker, lane.waiting) == ("two", "one", 6)
    riders = lane.ride("two", 7, 100)
    assert riders == waiting[:3], "the other worker has a share as large"
    assert all(each.is_over and each.rides and each.worker == "two" for each in riders)
    assert lane.ride("two", 7, 7) == waiting[3:4], "one of three is its share"
    assert lane.ride("two", 7, 3) == [], "what they are told is too long"
    assert (lane.waiting, lane.busy) == (2, 2)
    alone: Ticket[str] = lane.enter(Client("c"))
    assert lane.ride("two", 7, 100) == [], "it comes next, and nobody passes it"
    for each in (*riders, waiting[3]):
        lane.get_off(each.client)
    lane.put_back(riders[2])
    assert riders[2].worker is None
    lane.release(Client("b"), lambda: "one")
    assert (alone.worker, lane.waiting) == ("one", 3)
    lane.release(Client("c"), lambda: "one")
    assert riders[2].worker == "one", "it comes before others of its client"
    assert not riders[2].rides
    lane.release(Client("a"), lambda: "one")
    lane.close()
    lane.put_back(riders[1])
    assert riders[1].is_over
    assert riders[1].worker is None


@pytest.fixture
def app(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return an application with one worker that keeps no answer, and in which everything is in time."""
    monkeypatch.setattr(short, "_SOON", 60.0)
    monkeypatch.setattr(processes, "RIDE", 60.0)
    web = WebLimits(seconds=None, cache=0)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, heavy=0, light=60, time=60, copied=0), web=web))
    app.test_client().get("/readyz")  # the worker is awake from now on
    yield app
    close_app(app)


def process_of(app: Flask) -> WorkerProcess:
    process: WorkerProcess
    [process] = backend_of(app).engine.pool._workers  # type: ignore[attr-defined]  # the embedded engine
    return process


#: Queries, what they give as CSV, and who answers: the short way "s", or the views "v", or one of both.
Asked = list[tuple[str, str, str]]


def asked(number: int) -> Asked:
    """Return queries that each give something else."""
    return [(f"SELECT ?x {{ BIND({n} AS ?x) }}", f"x\r\n{n}\r\n", "s") for n in range(number)]


def ask_all(app: Flask, queries: Asked, meanwhile: Callable[[ShortWay], Awaitable[None]] | None = None) -> None:
    """Ask all at once, each over a connection of its own, and see that each gets its answer, from the views if need be.

    The first one gets the worker alone; the second one has riders.
    """

    async def run() -> None:
        made = [Exchange(app) for _ in queries]
        way = ShortWay(backend_of(app), Places(len(queries)), made[0].threads)
        try:
            for each, (query, *_) in zip(made, queries, strict=True):
                each.connection._way = way
                each.connection.data_received(sent(environ_of(query, headers={"Accept": "text/csv"})))
            if meanwhile is not None:
                await meanwhile(way)
            await asyncio.gather(*(finish(each, query) for each, (query, *_) in zip(made, queries, strict=True)))
        finally:
            way.close()
            for each in made:
                each.close()
        for each, (query, answer, who) in zip(made, queries, strict=True):
            assert ("v" if each.handed else "s") in who, query
            assert each.handed or each.transport.written.endswith(f"\r\n\r\n{answer}".encode()), query

    in_a_loop(run())
    process = process_of(app)
    assert (process._recalled, backend_of(app).engine.pool.light.busy) == (0, 0)  # type: ignore[attr-defined]


async def finish(made: Exchange, query: str) -> None:
    """Wait until a query is answered or handed on, and let it go on then."""
    await made.has_ended()
    if made.handed:
        await asyncio.to_thread(go_on, made, query)


def go_on(made: Exchange, query: str) -> None:
    """Do what the views do with a query that was begun."""
    [(_, client)] = made.handed
    assert client is not None
    assert client.begun is not None
    assert client.begun.request.query == query
    try:
        client.begun.run().close()
    except QueryError:
        assert query == WRONG


def test_those_who_wait_ride_and_get_their_own_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    riders: list[int] = []
    send_all = WorkerProcess.send_all

    def note(process: WorkerProcess, load: bytes, others: Collection[bytes]) -> None:
        riders.append(len(others))
        send_all(process, load, others)

    monkeypatch.setattr(WorkerProcess, "send_all", note)
    ask_all(app, asked(10))
    assert riders == [0, 7, 0]


def test_a_fault_is_of_its_query_alone(app: Flask) -> None:
    queries = asked(6)
    queries[2] = queries[5] = WRONG, "", "v"
    ask_all(app, queries)


@pytest.mark.parametrize("place", [1, 2, 5])
def test_who_rides_with_a_long_answer_is_asked_again(app: Flask, place: int) -> None:
    queries = asked(6)
    queries[place] = LONG, "", "v"
    ask_all(app, queries)
    ask_all(app, asked(3))


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the worker stop before it is told of riders; returns its number then."""
    numbers: list[int] = []
    send_all = WorkerProcess.send_all

    def stop_before(process: WorkerProcess, load: bytes, others: Collection[bytes]) -> None:
        if others:
            assert process._process is not None
            numbers.append(process._process.pid)
            stop(numbers[0])
        send_all(process, load, others)

    monkeypatch.setattr(WorkerProcess, "send_all", stop_before)
    return numbers


async def until_told(numbers: list[int]) -> None:
    async with asyncio.timeout(30):
        while not numbers:
            await asyncio.sleep(0.001)


def test_who_rides_with_a_query_whose_worker_dies_is_asked_again(app: Flask, stopped: list[int]) -> None:
    """A worker that begins is waited for in a thread."""
    queries = [
        (query, answer, who) for (query, answer, _), who in zip(asked(5), ("s", "v", "sv", "sv", "sv"), strict=True)
    ]

    async def kill(_way: ShortWay) -> None:
        await until_told(stopped)
        os.kill(stopped[0], signal.SIGKILL)

    ask_all(app, queries, kill)


def test_who_rides_with_a_slow_query_does_not_wait_for_it(
    app: Flask, stopped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for a worker again, and the one that has them gives them back."""
    monkeypatch.setattr(processes, "RIDE", 0.0)
    waiting: list[int] = []

    async def watch(way: ShortWay) -> None:
        await until_told(stopped)
        way._watch()
        waiting.append(backend_of(app).engine.pool.light.waiting)  # type: ignore[attr-defined]
        os.kill(stopped[0], signal.SIGCONT)

    ask_all(app, asked(5), watch)
    assert waiting == [3]
    assert len(stopped) == 1, "who was recalled does not ride again"


def test_who_rides_with_a_query_that_is_handed_on_is_handed_on_too(
    app: Flask, stopped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RIDE", 0.0)

    async def watch(way: ShortWay) -> None:
        await until_told(stopped)
        monkeypatch.setattr(short, "_SOON", 0.0)
        way._watch()
        os.kill(stopped[0], signal.SIGCONT)

    ask_all(app, [(query, answer, who) for (query, answer, _), who in zip(asked(5), "svvvv", strict=True)], watch)


def test_nobody_is_taken_off_before_the_time_has_passed(app: Flask, stopped: list[int]) -> None:
    """Till then the worker may begin a query, and nobody else does."""
    seen: list[tuple[int, int]] = []

    async def watch(way: ShortWay) -> None:
        await until_told(stopped)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(short, "_SOON", 0.0)
            way._watch()
        lane = backend_of(app).engine.pool.light  # type: ignore[attr-defined]
        seen.append((lane.waiting, len(way._at_work)))
        os.kill(stopped[0], signal.SIGCONT)

    ask_all(app, asked(5), watch)
    assert seen == [(0, 4)]
