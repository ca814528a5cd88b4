"""Work spread over processes, and temporary files, that end with the program."""

import multiprocessing
import os
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from budgetgraph.converter.readers.isolation import signals_kept_back

T = TypeVar("T")
#: Priority of what is done at exit: multiprocessing has ended its processes, and removed its own folder at -100.
_AFTER_ITS_OWN = -200


@contextmanager
def temporary_files() -> Iterator[None]:
    """Have temporary files of this process, and of those that it starts, in a folder that goes with the program.

    A signal may end the program between the making of a file and the statement that sees to its removal. The folder
    is made where no signal comes between, and removed when nothing else is left to do.
    """
    try:
        with signals_kept_back(signal.SIGINT, signal.SIGTERM):
            folder = tempfile.mkdtemp(prefix="budgetgraph-")
            Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, _AFTER_ITS_OWN)
            tempfile.tempdir = os.environ["TMPDIR"] = folder
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def map_in_processes(function: Callable[..., T], most: int, *arguments: Iterable[Any]) -> Iterator[T]:
    """Yield what a function gives for each row of arguments, in their order, from so many processes.

    When the program is interrupted they end at once.
    """
    # Not forked: each process has helpers of its own that read the documents.
    with ProcessPoolExecutor(most, multiprocessing.get_context("spawn")) as pool:
        try:
            with signals_kept_back(signal.SIGINT):  # the program takes Ctrl-C, and ends them without a word of theirs
                begun = deque(pool.submit(function, *row) for row in zip(*arguments, strict=True))
            # Not the pool's `map`: it cancels what is left, at which the pool of Python 3.11 fails when processes end.
            while begun:
                yield begun.popleft().result()
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
