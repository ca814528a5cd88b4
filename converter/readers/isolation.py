"""Reading in a process of its own, so that a file can neither stop nor swell the program that reads it.

The process comes from multiprocessing's fork server: a clean, single-threaded process that has imported the
readers that the first file needs and forks in milliseconds, where a new interpreter would import them each time
(as long as reading a PDF). A fork of the program itself would be as fast, but is not safe where it has threads.

The answer comes as JSON in a file. So a process that is killed half way leaves no reader waiting on a pipe, and
what it says is data and nothing else.
"""

import math
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import Document, modules_for, read_document
from budgetgraph.converter.readers.limits import granted, limit_process
from budgetgraph.converter.readers.transport import from_json, to_json

#: Seconds that reading one source may take.
TIMEOUT = 120.0

#: Bytes of memory that reading one source may take, beside what the program itself needs.
MEMORY = 1024**3

#: The largest answer that is taken back, in bytes: 500,000 cells have some 60 MiB.
MAXIMUM_ANSWER = 512 * 1024 * 1024

#: So many bytes of a file tell which readers may be meant.
_BEGINNING = 4096

#: Exit codes of the process, besides 0 for an answer.
_NO_MEMORY, _REFUSED, _UNWRITTEN = 3, 4, 5


def read_isolated(
    path: Path, timeout: float = TIMEOUT, memory: int = MEMORY, *, name: str | None = None, keep: Path | None = None
) -> Document:
    """Read a source file as `read_document` does, in a process with limits.

    timeout  seconds, of the clock as well as of the processor; for pages to recognise the reader is granted more
    memory   bytes that the process may take beside what it begins with
    name     what messages and the document call the file; the path by default
    keep     a file that keeps the answer, which `read_kept` reads again

    Raises SourceError when the source cannot be read, and when reading takes too long or too much memory or ends
    the process.
    """
    name = name or str(path)
    with tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder:
        answer = keep or Path(folder, "answer")
        note = Path(folder, "note")
        exitcode = run_isolated(_work, (str(path), name, str(answer)), timeout, memory, note, _modules(path))
        if exitcode is None or exitcode == -signal.SIGXCPU:
            seconds = timeout + granted(note)
            raise SourceError(f"{name}: reading took more than {seconds:g} seconds, so it was ended. Split the file.")
        return _document(path, name, exitcode, answer, memory)


def run_isolated(
    work: Callable[..., None],
    arguments: tuple[object, ...],
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    note: Path | None = None,
    modules: Sequence[str] = (),
) -> int | None:
    """Call a function of a module in a process with limits; return its exit code, None when it was ended for its time.

    timeout  seconds, of the clock as well as of the processor
    memory   bytes that the process may take beside what it begins with
    note     a file through which the process is granted more time, see `limits.ask_time`
    modules  what the work imports; the first call says it for all that follow
    """
    bound = (str(Path.cwd()), memory, math.ceil(timeout), note, work, arguments)
    process = _context(modules).Process(target=_bounded, args=bound, daemon=True)
    # Ctrl-C does not reach it: the program takes it, and ends the process without a word of its own.
    with signals_kept_back(signal.SIGINT):
        process.start()
    _join(process, timeout, note)
    if process.exitcode is None:
        _kill(process)
        return None
    return process.exitcode


@contextmanager
def signals_kept_back(*numbers: int) -> Iterator[None]:
    """Have signals wait until the block ends. Processes that it starts never get them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def read_kept(path: Path, name: str, keep: Path) -> Document:
    """Return what `read_isolated` has kept. Raises SourceError when the file has changed since."""
    return _taken_over(path, name, keep.read_bytes())


def _context(modules: Sequence[str]) -> ForkServerContext | SpawnContext:
    try:
        context = multiprocessing.get_context("forkserver")
    except ValueError:  # the system has no fork
        return multiprocessing.get_context("spawn")
    context.set_forkserver_preload([__name__, *modules])  # without effect once the server runs
    return context


def _modules(path: Path) -> list[str]:
    """Return the modules that reading a file begins with, none where it is none or cannot be opened."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return modules_for(file.read(_BEGINNING))
    except OSError:
        pass  # reading says what is wrong
    return []


def _join(process: BaseProcess, timeout: float, note: Path | None) -> None:
    """Wait until the process ends or its time and what it was granted is over."""
    start, limit = time.monotonic(), 0.0
    while process.exitcode is None and (now := timeout + (granted(note) if note else 0)) > limit:
        limit = now
        process.join(max(0.0, start + limit - time.monotonic()))


def _kill(process: BaseProcess) -> None:
    """End the process and what it has started."""
    if process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _document(path: Path, name: str, exitcode: int, answer: Path, memory: int) -> Document:
    """Return the document that the process has read, or raise what kept it from that."""
    if exitcode == _NO_MEMORY:
        raise SourceError(f"{name}: reading needs more than {memory // 1024**2} MiB of memory. Split the file.")
    if exitcode == _UNWRITTEN:
        raise SourceError(
            f"{name}: what was read cannot be written to {answer.parent}. Make room there, or set TMPDIR to a folder "
            "with more."
        )
    if exitcode not in {0, _REFUSED} or not answer.is_file() or answer.stat().st_size > MAXIMUM_ANSWER:
        end = signal.Signals(-exitcode).name if exitcode < 0 else f"exit {exitcode}"
        raise SourceError(f"{name}: reading ended the process ({end}). The file may be damaged; fetch it again.")
    content = answer.read_bytes()
    if exitcode == _REFUSED:
        raise SourceError(content.decode("utf-8", "replace"))
    return _taken_over(path, name, content)


def _taken_over(path: Path, name: str, content: bytes) -> Document:
    try:
        return from_json(content, name, path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise SourceError(f"{name}: what was read cannot be taken over ({error}). Try again.") from None


def _bounded(
    folder: str,
    memory: int,
    seconds: int,
    note: Path | None,
    work: Callable[..., None],
    arguments: tuple[object, ...],
) -> None:
    """Do the work within the limits; runs in the process of its own."""
    os.setsid()
    os.chdir(folder)
    limit_process(memory, seconds, note)
    work(*arguments)


def _work(path: str, name: str, answer: str) -> None:
    """Read a file and leave the answer."""
    try:
        content, code = to_json(read_document(Path(path), name)), 0
    except SourceError as error:
        content, code = str(error).encode("utf-8", "replace"), _REFUSED
    except MemoryError:
        os._exit(_NO_MEMORY)
    except RecursionError:
        content, code = f"{name}: is nested too deep. Save it again with its program.".encode(), _REFUSED
    except Exception as error:  # noqa: BLE001 - a fault of a reader must not end the batch
        content = f"{name}: the reader failed ({type(error).__name__}: {error}). Please report this.".encode()
        code = _REFUSED
    try:
        Path(answer).write_bytes(content)
    except OSError:
        code = _UNWRITTEN
    sys.exit(code)
