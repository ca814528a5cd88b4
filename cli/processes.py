"""Work spread over processes that end with the program."""

import multiprocessing
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from budgetgraph.converter.readers.isolation import interrupts_kept_back

T = TypeVar("T")


def map_in_processes(function: Callable[..., T], most: int, *arguments: Iterable[Any]) -> Iterator[T]:
    """Yield what a function gives for each row of arguments, in their order, from so many processes.

    When the program is interrupted they end at once. What they keep in temporary files goes with them.
    """
    # Not forked: each process has helpers of its own that read the documents.
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder,
        ProcessPoolExecutor(most, context, _use_folder, (folder,)) as pool,
    ):
        try:
            with interrupts_kept_back():
                begun = deque(pool.submit(function, *row) for row in zip(*arguments, strict=True))
            # Not the pool's `map`: it cancels what is left, at which the pool of Python 3.11 fails when processes end.
            while begun:
                yield begun.popleft().result()
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _use_folder(folder: str) -> None:
    """Have temporary files of this process, and of those that it starts, in a folder."""
    tempfile.tempdir = os.environ["TMPDIR"] = folder
