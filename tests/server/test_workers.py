"""The pool under what kills others: runaway queries, crashes, clients that leave, releases that change."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from budgetgraph.server.exceptions import (
    ClientLeftError,
    OverloadedError,
    QueryError,
    QueryTimeoutError,
    StoreError,
    WorkerDiedError,
)
from budgetgraph.server.frames import Request
from budgetgraph.server.releases import ReleaseMetadata, build_release, current
from budgetgraph.server.workers import READ_AHEAD, PoolLimits, WorkerPool
from tests.checks import skip_check

MANY = " ".join(f"({n})" for n in range(2000))
#: 2,000 to the third power solutions, all to be counted before the first answer.
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a) {{ {MANY} }} VALUES (?b) {{ {MANY} }} VALUES (?c) {{ {MANY} }} }}"
#: The same, but its answer begins at once and has no end that anybody waits for.
ENDLESS = RUNAWAY.replace("(COUNT(*) AS ?n)", "*")
CRASH = "SELECT * " + "{" * 50_000


@pytest.fixture(scope="module")
def quads(store: Path) -> str:
    return str(current(store).quads_path)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(PoolLimits(workers=1, time=20))
    yield pool
    pool.close()


def ask(pool: WorkerPool, quads: str, query: str = "ASK {}", written: str = "csv") -> bytes:
    return b"".join(pool.evaluate(Request(quads, query, written)))


def test_a_runaway_query_is_stopped_and_the_next_one_answered(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, time=1))
    try:
        for _ in range(2):
            with pytest.raises(QueryTimeoutError, match="took too long"):
                ask(pool, quads, RUNAWAY)
            assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_an_answer_that_does_not_end_breaks_off(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, time=1))
    try:
        answer = pool.evaluate(Request(quads, ENDLESS, "csv"))
        with pytest.raises(QueryTimeoutError):
            for _ in answer:
                pass
        assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_query_that_kills_its_worker_kills_nothing_else(pool: WorkerPool, quads: str) -> None:
    for _ in range(2):
        with pytest.raises(WorkerDiedError, match=r"SIGSEGV|SIGABRT"):
            ask(pool, quads, CRASH)
        assert ask(pool, quads) == b"true"


def test_a_query_that_eats_memory_ends_with_its_worker(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, time=60, memory=768 << 20))
    try:
        with pytest.raises(WorkerDiedError, match="768 MiB"):
            ask(pool, quads, f"{ENDLESS} ORDER BY DESC(?c)")
        assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_worker_that_died_while_idle_is_replaced_unseen(pool: WorkerPool, quads: str) -> None:
    assert ask(pool, quads) == b"true"
    process = pool._workers[0]._process
    assert process is not None
    process.kill()
    process.wait()
    assert ask(pool, quads) == b"true"


def test_memory_of_the_server_stays_bounded(pool: WorkerPool, quads: str) -> None:
    answer = pool.evaluate(Request(quads, ENDLESS, "csv"))
    taken = sum(len(next(answer)) for _ in range(100))
    assert taken > 4 * READ_AHEAD
    assert sum(map(len, answer._ahead)) <= 2 * READ_AHEAD
    answer.close()
    assert ask(pool, quads) == b"true"


def test_a_small_answer_frees_its_worker_before_it_is_read(pool: WorkerPool, quads: str) -> None:
    first = pool.evaluate(Request(quads, "ASK {}", "csv"))
    second = pool.evaluate(Request(quads, "ASK {}", "csv"))
    assert first.is_complete
    assert b"".join(second) == b"".join(first) == b"true"


def test_a_client_that_leaves_ends_its_query(pool: WorkerPool, quads: str) -> None:
    here, there = socket.socketpair()
    leaving = threading.Thread(target=there.close)
    with here:
        leaving.start()
        with pytest.raises(ClientLeftError):
            pool.evaluate(Request(quads, RUNAWAY, "csv"), here)
    leaving.join()
    assert ask(pool, quads) == b"true"


def test_what_a_client_sends_early_does_not_end_its_query(pool: WorkerPool, quads: str) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.send(b"GET /next HTTP/1.1")
        assert b"".join(pool.evaluate(Request(quads, "ASK {}", "csv"), here)) == b"true"


def test_too_many_queries_are_turned_away(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, waiting=0))
    try:
        busy = pool.evaluate(Request(quads, ENDLESS, "csv"))
        with pytest.raises(OverloadedError) as refused:
            ask(pool, quads)
        assert refused.value.headers == {"Retry-After": "10"}
        busy.close()
        assert ask(pool, quads) == b"true"
    finally:
        pool.close()


def test_a_query_waits_only_so_long_for_a_worker(quads: str) -> None:
    pool = WorkerPool(PoolLimits(workers=1, patience=0.05))
    try:
        busy = pool.evaluate(Request(quads, ENDLESS, "csv"))
        with pytest.raises(OverloadedError, match="busy"):
            ask(pool, quads)
        busy.close()
    finally:
        pool.close()


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
    with pytest.raises(StoreError):
        ask(pool, str(tmp_path / "gone"))
    assert ask(pool, quads) == b"true"


@pytest.mark.parametrize(
    ("query", "said"),
    [("SELECT * {", "1:11"), ("SELECT (<urn:f>(1) AS ?x) {}", "custom function"), ("CONSTRUCT WHERE {}", "as csv")],
)
def test_what_is_wrong_with_a_query_is_told(pool: WorkerPool, quads: str, query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        ask(pool, quads, query)
    assert ask(pool, quads) == b"true"


def test_rows_over_the_bound_are_announced(pool: WorkerPool, quads: str) -> None:
    for most, truncated in ((1, True), (2, False), (3, False)):
        answer = pool.evaluate(Request(quads, "SELECT * { VALUES ?x { 1 2 } }", "json", max_rows=most))
        assert b"".join(answer).count(b'"value"') == min(most, 2)
        assert answer.truncated is truncated


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
    busy = pool.evaluate(Request(quads, ENDLESS, "csv"))
    pool.close()
    assert all(process is not None and process.returncode is not None for process in processes)
    with pytest.raises(WorkerDiedError):
        for _ in busy:
            pass
    with pytest.raises(OverloadedError):
        ask(pool, quads)
