"""The pool under what kills others: runaway queries, crashes, clients that leave, releases that change."""

import io
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from budgetgraph.server.answers import IN_MEMORY
from budgetgraph.server.clients import Client
from budgetgraph.server.copies import SharedCopy
from budgetgraph.server.exceptions import (
    ClientLeftError,
    OverloadedError,
    QueryError,
    QueryTimeoutError,
    ServerError,
    StoreError,
    WorkerDiedError,
)
from budgetgraph.server.frames import Request
from budgetgraph.server.lanes import Lane
from budgetgraph.server.processes import WorkerProcess
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata, current
from budgetgraph.server.slicing import following
from budgetgraph.server.workers import PoolLimits, WorkerPool
from tests.checks import skip_check
from tests.server.waiting import hold, stop, wait_until

MANY = " ".join(f"({n})" for n in range(2000))
#: 2,000 to the third power solutions, all to be counted before the first answer.
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a) {{ {MANY} }} VALUES (?b) {{ {MANY} }} VALUES (?c) {{ {MANY} }} }}"
#: The same, but its answer begins at once and has no end that anybody waits for.
ENDLESS = RUNAWAY.replace("(COUNT(*) AS ?n)", "*")
CRASH = "SELECT * " + "{" * 50_000


@pytest.fixture(scope="module")
def quads(store: Path) -> str:
    return str(current(store).quads_path)


@pytest.fixture(params=["disk", "memory"])
def pool(quads: str, request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    """Return a pool whose workers read the disk, or are forked from a copy in memory: all else must be the same."""
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, time=20))
    if request.param == "memory":
        hold(pool, Path(quads).parent)
    yield pool
    pool.close()


def ask(pool: WorkerPool, quads: str, query: str = "ASK {}", written: str = "csv") -> bytes:
    return b"".join(pool.evaluate(Request(quads, query, written)))


def test_a_runaway_query_is_stopped_and_the_next_one_answered(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, time=2))
    try:
        for _ in range(2):
            with pytest.raises(QueryTimeoutError, match="took too long"):
                ask(pool, quads, RUNAWAY)
            assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_query_that_kills_its_worker_kills_nothing_else(pool: WorkerPool, quads: str) -> None:
    for _ in range(2):
        with pytest.raises(WorkerDiedError, match=r"SIGSEGV|SIGABRT"):
            ask(pool, quads, CRASH)
        assert ask(pool, quads) == b"true"


def test_a_query_that_eats_memory_ends_with_its_worker(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, time=600, memory=768 << 20))
    try:
        with pytest.raises(WorkerDiedError, match="768 MiB"):
            ask(pool, quads, f"{ENDLESS} ORDER BY DESC(?c)")
        assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_worker_starts_in_little_memory(quads: str) -> None:
    """Its limit is for the data, not for address space that the allocator keeps for each thread."""
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, time=60, memory=384 << 20))
    try:
        for _ in range(3):
            assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_worker_that_died_while_idle_is_replaced_unseen(pool: WorkerPool, quads: str) -> None:
    assert ask(pool, quads) == b"true"
    process = next(iter(pool._workers))._process
    assert process is not None
    process.kill()
    process.wait()
    assert ask(pool, quads) == b"true"


@pytest.mark.parametrize(("number", "is_answered"), [(1, True), (100, False)], ids=["once", "always"])
def test_a_query_whose_worker_is_killed_from_outside_is_asked_again(
    pool: WorkerPool, quads: str, monkeypatch: pytest.MonkeyPatch, number: int, is_answered: bool
) -> None:
    """Each worker is a new one; a query that makes a new worker end by itself is not asked again (see above)."""
    send, killed = WorkerProcess.send, list[int]()

    def send_and_kill(worker: WorkerProcess, request: Request) -> None:
        process = worker._process
        assert process is not None
        if len(killed) == number:
            send(worker, request)
            return
        stop(process.pid)
        send(worker, request)
        process.kill()
        killed.append(process.pid)

    monkeypatch.setattr(WorkerProcess, "send", send_and_kill)
    if is_answered:
        assert ask(pool, quads) == b"true"
    else:
        with pytest.raises(OverloadedError, match="were killed"):
            ask(pool, quads)
    assert len(set(killed)) == min(number, 2)


@pytest.mark.parametrize(("number", "is_answered"), [(5, True), (10_000, False)], ids=["some times", "always"])
def test_a_query_waits_for_a_worker_while_those_that_begin_are_killed(
    quads: str, monkeypatch: pytest.MonkeyPatch, number: int, is_answered: bool
) -> None:
    spawn, killed = WorkerProcess.spawn, list[int]()

    def spawn_and_kill(worker: WorkerProcess, copy: SharedCopy | None = None) -> None:
        spawn(worker, copy)
        if len(killed) < number and worker._process is not None:
            worker._process.kill()
            killed.append(worker._process.pid)

    monkeypatch.setattr(WorkerProcess, "spawn", spawn_and_kill)
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, time=60, patience=60 if is_answered else 0.1))
    try:
        if is_answered:
            assert ask(pool, quads) == b"true"
        else:
            with pytest.raises(OverloadedError, match="were killed"):
                ask(pool, quads)
    finally:
        pool.close()


def test_a_large_answer_is_held_in_a_file(pool: WorkerPool, quads: str) -> None:
    answer = pool.evaluate(Request(quads, f"{ENDLESS} LIMIT 50000", "csv"))
    assert answer.size > 2 * IN_MEMORY
    assert not isinstance(answer.file, io.BytesIO)
    assert sum(map(len, answer)) == answer.size
    assert ask(pool, quads) == b"true"


def test_an_answer_frees_its_worker_before_it_is_read(pool: WorkerPool, quads: str) -> None:
    first = pool.evaluate(Request(quads, f"{ENDLESS} LIMIT 50000", "csv"))
    second = pool.evaluate(Request(quads, "ASK {}", "csv"))
    assert b"".join(second) == b"true"
    assert b"".join(first).count(b"\r\n") == 50001


def test_a_client_that_leaves_ends_its_query(pool: WorkerPool, quads: str) -> None:
    left = threading.Event()
    leaving = threading.Timer(0.3, left.set)
    leaving.start()
    with pytest.raises(ClientLeftError):
        pool.evaluate(Request(quads, RUNAWAY, "csv"), Client("a", left.is_set))
    leaving.join()
    assert ask(pool, quads) == b"true"


def test_a_short_query_whose_client_leaves_does_not_cost_its_worker(quads: str) -> None:
    """A new worker would have to copy the release into its memory again."""
    pool = WorkerPool(PoolLimits(workers=1, heavy=1, light=60, time=60))
    try:
        ask(pool, quads)
        before = {each._process for each in pool._workers}
        some = RUNAWAY.replace(f"VALUES (?c) {{ {MANY} }}", "")
        assert b"4000000" in b"".join(pool.evaluate(Request(quads, some, "csv"), Client("a", lambda: True)))
        assert {each._process for each in pool._workers} == before
    finally:
        pool.close()


def test_a_long_query_of_a_client_that_left_takes_no_place_in_the_heavy_lane(quads: str) -> None:
    events: list[str] = []
    pool = WorkerPool(PoolLimits(workers=1, heavy=1, light=0.2, time=60), events.append)
    try:
        with pytest.raises(ClientLeftError):
            pool.evaluate(Request(quads, RUNAWAY, "csv"), Client("a", lambda: True))
        assert events == ["left"]
        assert ask(pool, quads) == b"true"
    finally:
        pool.close()


class Busy:
    """A runaway query in a thread, which ends when it is told to."""

    def __init__(self, pool: WorkerPool, quads: str, key: str = "busy") -> None:
        self.left = threading.Event()
        self.error: ServerError | None = None
        self.thread = threading.Thread(target=self._ask, args=(pool, quads, Client(key, self.left.is_set)))
        self.thread.start()
        self.pool = pool

    def _ask(self, pool: WorkerPool, quads: str, client: Client) -> None:
        try:
            pool.evaluate(Request(quads, RUNAWAY, "csv"), client)
        except ServerError as error:
            self.error = error

    def end(self) -> None:
        self.left.set()
        self.thread.join()


def test_too_many_queries_are_turned_away(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, waiting=0))
    busy = Busy(pool, quads)
    try:
        wait_until(lambda: pool.light.busy == 1)
        with pytest.raises(OverloadedError) as refused:
            ask(pool, quads)
        assert refused.value.headers == {"Retry-After": "10"}
        busy.end()
        assert ask(pool, quads) == b"true"
    finally:
        busy.end()
        pool.close()


def test_a_query_waits_only_so_long_for_a_worker(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, patience=0.05))
    busy = Busy(pool, quads)
    try:
        wait_until(lambda: pool.light.busy == 1)
        with pytest.raises(OverloadedError, match="busy"):
            ask(pool, quads)
    finally:
        busy.end()
        pool.close()


def test_heavy_queries_leave_the_light_lane(quads: str) -> None:
    """Three runaway queries on one light and one heavy worker: a light one is answered all the while."""
    events: Counter[str] = Counter()
    pool = WorkerPool(PoolLimits(workers=1, heavy=1, light=1, time=60, patience=60), lambda e: events.update([e]))
    busy = [Busy(pool, quads, f"client {number}") for number in range(3)]
    try:
        wait_until(lambda: pool.heavy.busy == 1 and pool.heavy.waiting == 2)
        assert ask(pool, quads) == b"true"
        assert events == {"heavy": 1, "restarted": 2}
    finally:
        for each in busy:
            each.end()
        pool.close()
    assert all(isinstance(each.error, ClientLeftError) for each in busy)


def test_a_client_with_many_queries_waits_behind_one_with_none(quads: str) -> None:
    lane: Lane[str] = Lane("test", ["worker"], 10, 30)
    worker, order = lane.acquire(Client("many")), list[str]()

    def wait(name: str) -> None:
        taken = lane.acquire(Client(name))
        order.append(name)
        lane.release(Client(name), lambda: taken)

    threads = [threading.Thread(target=wait, args=("many",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: lane.waiting == 2)
    threads.append(threading.Thread(target=wait, args=("few",)))
    threads[-1].start()
    wait_until(lambda: lane.waiting == 3)
    lane._at_work["many"] += 1  # another query of that client is at work
    lane.release(Client("many"), lambda: worker)
    for thread in threads:
        thread.join()
    assert order == ["few", "many", "many"]


def test_threads_share_the_workers(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=2, time=30, patience=30))
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(pool, quads))) for _ in range(20)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        pool.close()
    assert answers == [b"true"] * 20


def test_workers_go_over_to_a_new_release(pool: WorkerPool, tmp_path: Path) -> None:
    base = "https://data.example.org/"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    for size in (1, 2):
        source = "".join(f"<urn:{n}> <urn:p> <urn:o> <{base}graph/doc/1/data> .\n" for n in range(size)).encode()
        release = build_release(tmp_path, [source], ReleaseMetadata(base, ("1",), "0"))
        assert ask(pool, str(release.quads_path), count) == f"n\r\n{size}\r\n".encode()


def test_a_missing_release_is_an_error_not_a_death(pool: WorkerPool, quads: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read") as told:
        ask(pool, str(tmp_path / "gone"))
    assert tmp_path.name not in str(told.value), "clients are told no folder of the server"
    assert ask(pool, quads) == b"true"


@pytest.mark.parametrize(
    ("query", "said"),
    [("SELECT * {", "1:11"), ("SELECT (<urn:f>(1) AS ?x) {}", "custom function"), ("CONSTRUCT WHERE {}", "as csv")],
)
def test_what_is_wrong_with_a_query_is_told(pool: WorkerPool, quads: str, query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        ask(pool, quads, query)
    assert ask(pool, quads) == b"true"


@pytest.mark.parametrize("written", ["json", "xml", "csv", "tsv"])
def test_rows_over_the_bound_are_announced(pool: WorkerPool, quads: str, written: str) -> None:
    for most, cut in ((1, 1), (2, None), (3, None)):
        answer = pool.evaluate(Request(quads, "SELECT * { VALUES ?x { 'one' 'two' } } # no LIMIT", written, rows=most))
        text = b"".join(answer)
        assert text.count(b"one") + text.count(b"two") == min(most, 2)
        assert answer.cut == cut


def test_a_cut_answer_goes_on_where_it_was_cut(pool: WorkerPool, quads: str) -> None:
    """All pages together are the whole answer, also when the release is in memory: those that follow are pinned."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    whole = b"".join(pool.evaluate(Request(quads, query, "csv", stable=True))).splitlines()
    pages, rest = [], query
    while True:
        answer = pool.evaluate(Request(quads, rest, "csv", rows=40, stable=rest != query))
        pages += b"".join(answer).splitlines()[1:]
        if answer.cut is None:
            break
        rest = following(rest, answer.cut)
    assert len(whole) > 41
    assert pages == whole[1:]


def test_an_answer_over_the_bytes_is_cut_at_a_solution(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, bytes=10_000))
    try:
        answer = pool.evaluate(Request(quads, "SELECT ?s ?p ?o { ?s ?p ?o }", "json"))
        assert answer.size <= 10_000
        told = json.loads(b"".join(answer))
        assert len(told["results"]["bindings"]) == answer.cut
        with pytest.raises(QueryError, match="one solution alone"):
            ask(pool, quads, f"SELECT ('{'x' * 20_000}' AS ?x) {{}}")
    finally:
        pool.close()


def test_workers_reach_no_network(pool: WorkerPool, quads: str) -> None:
    if not pool.without_network():
        skip_check("this system lets no process leave its network")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(StoreError, match="unreachable"):
            ask(pool, quads, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_workers_end_with_the_pool(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=2))
    processes = [worker._process for worker in pool._workers]
    busy = Busy(pool, quads)
    wait_until(lambda: pool.light.busy == 1)
    pool.close()
    busy.thread.join()
    assert all(process is not None and process.returncode is not None for process in processes)
    assert isinstance(busy.error, WorkerDiedError)
    with pytest.raises(OverloadedError):
        ask(pool, quads)
