"""Limits of a file that is brought: time, place in the queue, no secret, no process and no folder that stays."""

import fcntl
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from budgetgraph.server.clients import Client
from budgetgraph.server.config import UploadLimits
from budgetgraph.server.exceptions import BudgetSpentError, OverloadedError, UnprocessableError
from budgetgraph.server.uploads.running import Uploads, Validated
from budgetgraph.server.uploads.supervisor import TOO_LONG

#: A command with a process in a session of its own: it says that one's number, and both wait for ever.
TWO = """
import os, signal
child = os.fork()
if not child:
    os.setsid()
    signal.pause()
print(child, flush=True)
signal.pause()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    made = Uploads(UploadLimits(enabled=True, time=60, waiting=0))
    yield made
    made.close()


def _save(path: Path) -> None:
    path.write_bytes(b"hello")


def test_a_file_that_takes_too_long_is_ended_and_nothing_stays(folder: Path) -> None:
    uploads = Uploads(UploadLimits(enabled=True, time=0.05))
    for language, words in (("en", r"took more than 0\.05 seconds"), ("zh", r"超过 0\.05 秒")):
        with pytest.raises(UnprocessableError, match=words):
            uploads.validate(_save, "a.txt", language, Client("a"))
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["lock"]
    uploads.close()
    assert list(folder.iterdir()) == []


def test_a_file_that_needs_too_much_memory_is_refused() -> None:
    uploads = Uploads(UploadLimits(enabled=True, memory=64 << 20))
    with pytest.raises(UnprocessableError, match="the process that read it ended"):
        uploads.validate(_save, "a.txt", "en", Client("a"))
    uploads.close()


def test_a_client_has_one_file_at_a_time_and_the_queue_is_bounded(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def run(*_: Any) -> Validated:
        began.set()
        assert go_on.wait(60)
        return Validated({}, [])

    monkeypatch.setattr(uploads, "_run", run)
    thread = threading.Thread(target=uploads.validate, args=(_save, "a.txt", "en", Client("a")))
    thread.start()
    assert began.wait(60)
    with pytest.raises(BudgetSpentError, match="A file of yours is at work"):
        uploads.validate(_save, "a.txt", "en", Client("a"))
    with pytest.raises(OverloadedError, match="Too many files"):
        uploads.validate(_save, "a.txt", "en", Client("b"))
    go_on.set()
    thread.join()
    assert uploads.validate(_save, "a.txt", "en", Client("a"))[0].failures == []


def test_the_process_gets_no_secret(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}
    popen = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> Any:
        given.update(options["env"])
        return popen(*arguments, **options)

    monkeypatch.setenv("BUDGETGRAPH_WRITES_TOKEN", "a token of this test alone")
    monkeypatch.setattr("budgetgraph.server.uploads.running.subprocess.Popen", noted)
    with pytest.raises(UnprocessableError):
        uploads.validate(_save, "a.txt", "en", Client("a"))
    assert given["TMPDIR"].startswith(str(uploads._folder.path))
    assert [name for name in given if name.startswith("BUDGETGRAPH_")] == []


def _supervised(folder: Path, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "budgetgraph.server.uploads.supervisor", str(folder), str(seconds), str(1 << 32)]
    return subprocess.Popen(
        [*command, sys.executable, "-c", TWO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    )


def _is_gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_processes_that_left_their_session_end_with_their_time(folder: Path) -> None:
    task = folder / "task"
    task.mkdir()
    with _supervised(task, 2) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert process.wait(60) == TOO_LONG
    assert _is_gone(child)
    assert task.is_dir(), "the server removes it"


def test_when_the_server_is_killed_its_files_are_removed(folder: Path) -> None:
    task = folder / "budgetgraph-uploads-x" / "task"
    task.mkdir(parents=True)
    (task.parent / "lock").touch()
    for number in range(2000):  # removing them takes longer than the command needs to end
        (task / f"{number}.pdf").touch()
    with _supervised(task, 600) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.stdin.close()  # as the system does for a process that is killed
        assert process.wait(60) != 0
    assert _is_gone(child)
    assert list(folder.iterdir()) == []


def test_what_a_killed_server_left_is_removed_by_the_next(folder: Path) -> None:
    dead, alive, young, old = (folder / f"budgetgraph-uploads-{name}" for name in ("dead", "alive", "young", "old"))
    for each in (dead, alive, young, old):
        (each / "task").mkdir(parents=True)
    for each in (dead, alive):
        (each / "lock").touch()
    os.utime(old, (time.time() - 3600,) * 2)
    with (alive / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        uploads = Uploads(UploadLimits(enabled=True))
        assert [each.name for each in (dead, alive, young, old) if each.exists()] == [alive.name, young.name]
        uploads.close()
