"""A release in memory, once for all workers: what is in it, who is forked from it, and what happens when it is lost."""

import gzip
import logging
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.server import copies
from budgetgraph.server.copying import _Forks, load_copy
from budgetgraph.server.dumps import EVERYTHING, FOLDER
from budgetgraph.server.exceptions import StoreError, WorkerDiedError
from budgetgraph.server.frames import Request
from budgetgraph.server.opened import Copy
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import Release, ReleaseMetadata, current
from budgetgraph.server.workers import PoolLimits, WorkerPool
from tests.server.waiting import are_forked, hold, wait_until

BASE = "https://data.example.org/"
SOURCE = f"""
<urn:a> <urn:p> "tells <urn:b> <urn:c> .\\n\\"and\\" \\\\ more"@zh <{BASE}graph/doc/1/data> .
<urn:a> <urn:p> <urn:b> <{BASE}graph/doc/1/data> .
<urn:a> <urn:p> <urn:b> <{BASE}graph/doc/2/data> .
<urn:old> <urn:p> <urn:b> <{BASE}graph/doc/2/data> .
<urn:a> <urn:p> <urn:b> <{BASE}graph/codes> .
""".encode()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release of two documents, one of which is superseded."""
    return build_release(
        tmp_path_factory.mktemp("copies"), [SOURCE], ReleaseMetadata(BASE, ("1", "2"), "0", superseded=("2",))
    )


@pytest.fixture
def own(tmp_path: Path) -> Release:
    """Return such a release that a test may damage."""
    return build_release(tmp_path / "own", [SOURCE], ReleaseMetadata(BASE, ("1", "2"), "0", superseded=("2",)))


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(PoolLimits(workers=2, heavy=1, light=30, time=60))
    yield pool
    pool.close()


def ask(pool: WorkerPool, release: Release, query: str = "ASK {}") -> str:
    return b"".join(pool.evaluate(Request(str(release.quads_path), query, "csv"))).decode()


def processes(pool: WorkerPool) -> set[int]:
    return {worker._process.pid for worker in pool._workers if worker._process is not None}


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    return False


def copier(pool: WorkerPool) -> int:
    assert pool._copy is not None
    wait_until(lambda: pool._copy is not None and pool._copy._process is not None)
    assert pool._copy._process is not None
    return pool._copy._process.pid


def test_a_copy_is_what_the_disk_has(release: Release) -> None:
    """Literals that look like the end of a statement, and what only superseded documents say, are as they were."""
    copy, disk = load_copy(release), ox.Store.read_only(str(release.quads_path))
    assert set(copy) == set(disk)
    assert ox.Quad(ox.NamedNode("urn:old"), ox.NamedNode("urn:p"), ox.NamedNode("urn:b")) not in copy


def test_blank_nodes_of_a_copy_are_the_same_in_all_its_graphs(tmp_path: Path) -> None:
    source = f"<urn:a> <urn:p> _:b <{BASE}graph/doc/1/data> .\n_:b <urn:q> <urn:c> <{BASE}graph/doc/1/data> .\n"
    built = build_release(tmp_path, [source.encode()], ReleaseMetadata(BASE, ("1",), "0"))
    query = "ASK { ?s <urn:p> ?b GRAPH ?g { ?b <urn:q> <urn:c> } }"
    assert bool(load_copy(built).query(query))


@pytest.mark.parametrize("damage", ["gone", "cut", "no gzip", "bad line", "other statements"])
def test_a_dump_that_is_not_the_release_gives_no_copy(own: Release, damage: str) -> None:
    path = own.path / FOLDER / EVERYTHING
    whole = path.read_bytes()
    other = gzip.compress(gzip.decompress(whole).replace(b"<urn:old>", b"<urn:a>"))
    path.unlink()
    if damage != "gone":
        broken = {"cut": whole[:-20], "no gzip": b"x" + whole, "bad line": gzip.compress(b"no <statement .\n")}
        path.write_bytes(broken.get(damage, other))
    with pytest.raises(StoreError, match=re.escape(str(path))):
        load_copy(own)


def test_workers_go_over_to_the_copy_without_being_asked(pool: WorkerPool, release: Release) -> None:
    assert ask(pool, release) == "true"
    before = processes(pool)
    assert not pool.is_in_memory
    hold(pool, release.path)
    assert pool.is_in_memory
    assert not before & processes(pool)
    assert not any(map(is_running, before))
    assert ask(pool, release, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == f"n\r\n{release.triples}\r\n"


def test_forked_workers_answer_from_memory(pool: WorkerPool, own: Release) -> None:
    """With the store on the disk taken away, what is not to be in a lasting order is answered."""
    hold(pool, own.path)
    own.quads_path.rename(own.path / "away")
    assert ask(pool, own, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == f"n\r\n{own.triples}\r\n"
    with pytest.raises(StoreError):
        pool.evaluate(Request(str(own.quads_path), "ASK {}", "csv", stable=True))


def test_forked_workers_have_random_numbers_of_their_own(release: Release) -> None:
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, time=60))
    try:
        hold(pool, release.path)
        told = set()
        for _ in range(3):
            told.add(ask(pool, release, "SELECT (UUID() AS ?u) (RAND() AS ?r) (BNODE() AS ?b) {}"))
            next(iter(pool._workers)).end()
        assert len(told) == 3
        for column in range(3):
            assert len({line.split("\r\n")[1].split(",")[column] for line in told}) == 3
    finally:
        pool.close()


def test_a_forked_worker_is_confined_as_any_other(release: Release) -> None:
    """It has its pipes and no other descriptor, a group of its own, and its limit of memory beside the copy."""
    pool = WorkerPool(PoolLimits(workers=1, heavy=0, time=60))
    try:
        confined = []
        for held in (None, release.path):
            if held is not None:
                hold(pool, held)
            ask(pool, release)
            worker = next(iter(pool._workers))
            assert worker._process is not None
            pid = worker._process.pid
            opened = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
            others = sorted(each for each in opened if not each.startswith(("pipe:", f"{release.quads_path}/")))
            pipes = len({each for each in opened if each.startswith("pipe:")})
            is_inside = Path(f"/proc/{pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink()
            soft, _ = resource.prlimit(pid, resource.RLIMIT_AS)
            core, _ = resource.prlimit(pid, resource.RLIMIT_CORE)
            score = Path(f"/proc/{pid}/oom_score_adj").read_text()
            told = [each.replace(str(pid), "N") for each in others]
            confined.append((told, pipes, is_inside, core, score, os.getpgid(pid) == pid, worker.without_network))
            limit = pool.limits.memory
            assert soft == limit if held is None else limit <= soft < limit + (256 << 20)
        assert confined[0] == confined[1]
        assert confined[0][:2] == (["/dev/null"] * 2 + ["/proc/N/statm"], 2)
    finally:
        pool.close()


def test_a_worker_that_is_killed_is_forked_again(pool: WorkerPool, release: Release) -> None:
    hold(pool, release.path)
    for _ in range(5):
        for pid in filter(is_running, processes(pool)):
            os.kill(pid, signal.SIGKILL)
        assert ask(pool, release) == "true"
    assert are_forked(pool)


def test_when_the_copy_is_lost_the_disk_answers_and_it_is_made_again(
    pool: WorkerPool, release: Release, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(copies, "_PAUSE", 0.0)
    hold(pool, release.path)
    lost, forked = copier(pool), processes(pool)
    with caplog.at_level(logging.WARNING, "budgetgraph.server"):
        os.kill(lost, signal.SIGKILL)
        wait_until(lambda: bool(caplog.messages))
    assert ask(pool, release) == "true"
    wait_until(lambda: are_forked(pool) and copier(pool) != lost)
    assert not forked & processes(pool)
    assert ask(pool, release) == "true"
    assert caplog.messages == ["the copy of the release in memory was lost"]


def test_workers_of_a_lost_copy_can_be_killed_and_end_with_the_pool(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_PAUSE", 3600.0)
    pool = WorkerPool(PoolLimits(workers=2, heavy=1, light=30, time=60))
    try:
        hold(pool, release.path)
        ask(pool, release)
        forked = processes(pool)
        os.kill(copier(pool), signal.SIGKILL)
        wait_until(lambda: not pool.is_in_memory)
        assert ask(pool, release) == "true"
        worker = next(iter(pool._workers))
        worker.end()
        assert worker.is_killed
        assert ask(pool, release) == "true"
    finally:
        pool.close()
    assert not any(map(is_running, forked))


def test_what_cannot_be_copied_is_read_from_the_disk(
    pool: WorkerPool, own: Release, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(copies, "_PAUSE", 0.0)
    (own.path / FOLDER / EVERYTHING).unlink()
    with caplog.at_level(logging.WARNING, "budgetgraph.server"):
        pool.hold(own.path)
        assert pool._copy is not None
        pool._copy.wait()
    assert caplog.messages == ["the release is read from the disk"]
    assert EVERYTHING in caplog.records[0].__dict__["fields"]["reason"]
    assert ask(pool, own) == "true"


def test_where_there_is_no_room_for_another_process_the_server_is_told(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    server, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told, telling = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with server, theirs, told:
        with telling:
            socket.send_fds(server, [b"fork"], [telling.fileno()] * 3)
        copy = Copy(str(release.quads_path), ox.Store(), 0)
        _Forks(theirs, 1 << 30, copy, without_network=False).run()
        assert (server.recv(1), told.recv(1)) == (b"", b"")


def test_where_processes_have_no_descriptors_the_disk_is_read(
    pool: WorkerPool, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    pool.hold(release.path)
    assert pool._copy is None
    assert ask(pool, release) == "true"


def test_a_crash_in_a_forked_worker_is_told_as_what_it_is(pool: WorkerPool, release: Release) -> None:
    hold(pool, release.path)
    with pytest.raises(WorkerDiedError, match=r"SIGSEGV|SIGABRT"):
        ask(pool, release, "SELECT * " + "{" * 50_000)
    assert ask(pool, release) == "true"


@pytest.mark.parametrize("has_next", [True, False], ids=["another release", "none"])
def test_a_copy_that_is_wanted_no_more_ends_with_its_workers(
    pool: WorkerPool, release: Release, own: Release, has_next: bool
) -> None:
    hold(pool, own.path)
    before = {*processes(pool), copier(pool)}
    following = release.path if has_next else None
    pool.hold(following)
    if following is not None:
        hold(pool, following)
    wait_until(lambda: not any(map(is_running, before)))
    assert ask(pool, release) == "true"
    assert pool.is_in_memory is has_next


def test_nothing_is_left_when_the_server_is_killed(release: Release) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.server.test_copies import *\n"
        "pool = WorkerPool(PoolLimits(workers=2, heavy=0, time=60))\n"
        "hold(pool, Path(sys.argv[1]))\nprint(copier(pool), *processes(pool), flush=True)\nsys.stdin.read()"
    )
    root = Path(__file__).resolve().parents[2]
    server = subprocess.Popen(
        [sys.executable, "-c", program, str(release.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    with server:
        assert server.stdout is not None
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 3
        assert all(map(is_running, pids))
        server.kill()
    wait_until(lambda: not any(map(is_running, pids)))


def test_the_shared_store_has_one_thread(release: Release, pool: WorkerPool) -> None:
    """A fork has neither the other threads of its parent nor what they were about to unlock."""
    hold(pool, release.path)
    assert len(list(Path(f"/proc/{copier(pool)}/task").iterdir())) == 1


def test_the_store_of_tests_can_be_copied(store: Path) -> None:
    live = current(store)
    assert len(load_copy(live)) == live.quads + live.triples
