"""Publications prepared on a Dask cluster. Its workers share no disk with this machine: files go to them."""

import multiprocessing
import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar

from budgetgraph.cli.errors import fail
from budgetgraph.converter.sources.search import Publication

#: Seconds in which the scheduler answers.
TIMEOUT = 5

#: Publications that are on their way at once, for each thread of the cluster: more would only fill its memory.
AHEAD = 2


class Outcome(Protocol):
    """What preparing one publication gives: a file with N-Quads, where it went well, and one with page pictures."""

    @property
    def path(self) -> Path | None:
        """The file of N-Quads, where there is one."""

    @property
    def pages(self) -> Path | None:
        """The file of page pictures, where there is one."""


T = TypeVar("T", bound=Outcome)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A publication with the bytes of its files, in their order."""

    publication: Publication
    contents: tuple[bytes, ...]
    version: str


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give a client of the scheduler at an address such as `tcp://127.0.0.1:8786`, or end the program."""
    try:
        distributed: Any = import_module("distributed")  # has no types
    except ImportError:
        fail("--cluster needs the package distributed. Install the extra: budgetgraph[cluster].")
    if not re.fullmatch(r"[a-z]+://[^/\s]+:\d+", address):
        fail(f"--cluster {address}: not the address of a Dask scheduler. Give one such as tcp://127.0.0.1:8786.")
    try:
        client = distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        fail(
            f"--cluster {address}: no Dask scheduler answers there ({error}). Start one with "
            "`dask scheduler`, and give the address that it prints."
        )
    with client:
        if not client.ncores():
            fail(f"--cluster {address}: the scheduler has no worker. Start one: `dask worker {address} --no-nanny`.")
        yield client


def prepare_on(
    client: Any,
    prepare: Callable[[Publication, Path], T],
    failed: Callable[[str, str], T],
    publications: list[Publication],
    paths: list[Path],
) -> Iterator[T]:
    """Yield what `prepare` gives for each publication, in their order; the N-Quads come into the files `paths`, page
    pictures into ZIP files beside them.

    failed  makes an outcome of the name of a publication and an error, for what goes wrong on the way
    """
    most = AHEAD * sum(client.ncores().values())
    waiting = deque(zip(publications, paths, strict=True))
    sent: deque[tuple[Path, str, Any]] = deque()
    while waiting or sent:
        while waiting and len(sent) < most:
            publication, path = waiting.popleft()
            sent.append((path, publication.name, _sent(client, prepare, publication)))
        path, name, future = sent.popleft()
        try:
            outcome, data, pictures = future.result()
        except Exception as error:  # noqa: BLE001  # the end of a worker, the network: costs this publication only
            yield failed(name, f"{name}: not prepared on the cluster ({type(error).__name__}: {error}).")
            continue
        if outcome.path is not None:
            path.write_bytes(data)
            outcome = replace(outcome, path=path)
        if pictures is not None:
            beside = path.with_suffix(".zip")
            beside.write_bytes(pictures)
            outcome = replace(outcome, pages=beside)
        yield outcome


def _sent(client: Any, prepare: Callable[[Publication, Path], T], publication: Publication) -> Any:
    """Return the future of a publication, or of what kept it from being sent."""
    try:
        return client.submit(_unpacked, prepare, _parcel(publication), pure=False)
    except OSError as error:
        unsent: Future[Any] = Future()
        unsent.set_exception(error)
        return unsent


def _parcel(publication: Publication) -> Parcel:
    contents = () if publication.refusal else tuple(file.path.read_bytes() for file in publication.files)
    return Parcel(publication, contents, version("budgetgraph"))


def _unpacked(prepare: Callable[[Publication, Path], T], parcel: Parcel) -> tuple[T, bytes, bytes | None]:
    """Prepare a publication on a worker. Raises RuntimeError where the worker is not fit for it."""
    if parcel.version != version("budgetgraph"):
        raise RuntimeError(f"the worker has budgetgraph {version('budgetgraph')}, this machine {parcel.version}")
    if multiprocessing.current_process().daemon:
        raise RuntimeError(
            "the worker runs as a daemon, which may not read files in processes of their own. Start it with "
            "`dask worker --no-nanny`, or set DASK_DISTRIBUTED__WORKER__DAEMON=False before"
        )
    with tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder:
        files = []
        for number, (file, content) in enumerate(zip(parcel.publication.files, parcel.contents, strict=False)):
            path = Path(folder, str(number), file.path.name)
            path.parent.mkdir()
            path.write_bytes(content)
            files.append(replace(file, path=path, kept=None))
        publication = replace(parcel.publication, files=tuple(files) or parcel.publication.files)
        outcome = prepare(publication, Path(folder, "prepared.nq"))
        data = outcome.path.read_bytes() if outcome.path else b""
        return outcome, data, outcome.pages.read_bytes() if outcome.pages else None
