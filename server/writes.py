"""A write over HTTP: a process of its own builds the next release from the live one and the change.

What the client sent is parsed there, under a bound of memory and time and without network; whatever happens to that
process, the live release is whole.
"""

import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from budgetgraph.server.config import WriteLimits
from budgetgraph.server.exceptions import (
    ConflictError,
    ForbiddenQueryError,
    NotFoundError,
    PreconditionError,
    QueryError,
    QueryTimeoutError,
    ServerError,
    StoreBusyError,
    StoreError,
    WorkerDiedError,
)

#: Seconds that a write waits for the one before it.
_PATIENCE = 30.0
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Write:
    """What a write does; its text or graph is handed over apart.

    kind      "update" | "put" (replace a graph) | "post" (add to it) | "delete"
    graph     the graph; None for the default graph, and of an update
    format    name of the format of the graph that is handed over, in `formats`
    base_iri  what relative IRIs are resolved against
    release   the release that must be live; None for any
    """

    kind: str
    graph: str | None = None
    format: str | None = None
    base_iri: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a write did: the release it made, and whether the graph is new."""

    release: str
    created: bool


def write(store: Path, limits: WriteLimits, change: Write, body: bytes) -> Done:
    """Make the next release of a store directory, with a change, and return what became of it.

    Raises QueryError for what does not parse, ForbiddenQueryError for a DTD, NotFoundError, ConflictError,
    PreconditionError, StoreBusyError, StoreError, QueryTimeoutError, WorkerDiedError. Whatever is raised, nothing has
    changed.
    """
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise StoreBusyError("Another write is under way. Try again later.")
    try:
        with tempfile.NamedTemporaryFile(prefix="budgetgraph-") as file:
            file.write(body)
            file.flush()
            task = {"store": str(store), "body": file.name, "memory": limits.memory, **asdict(change)}
            told = _run(json.dumps(task).encode(), limits)
    finally:
        _one_at_a_time.release()
    if "error" in told:
        raise _ERRORS.get(told["error"], StoreError)(told["message"])
    return Done(told["release"], told["created"])


def _run(task: bytes, limits: WriteLimits) -> dict[str, Any]:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "budgetgraph.server.writer"],
            input=task,
            stdout=subprocess.PIPE,
            timeout=limits.time,
            check=False,
            process_group=0,
        )
    except subprocess.TimeoutExpired:
        raise QueryTimeoutError(
            f"The write took more than {limits.time:g} seconds and was stopped. Nothing has changed."
        ) from None
    if ended.returncode != 0:
        raise WorkerDiedError(
            "The process that wrote died: what was sent nests too deep, or needs more memory than a write has "
            f"({limits.memory >> 20} MiB). Nothing has changed. Send it in parts."
        )
    return dict(json.loads(ended.stdout))


_ERRORS: dict[str, type[ServerError]] = {
    each.__name__: each
    for each in (
        ConflictError,
        ForbiddenQueryError,
        NotFoundError,
        PreconditionError,
        QueryError,
        StoreBusyError,
        StoreError,
    )
}
