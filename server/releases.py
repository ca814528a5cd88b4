"""Releases of a store directory: built beside the live one, checked, then switched on in one step.

    store/
      current -> releases/20260314T090502.123456Z-1f2e3d4c   the live release; replaced by one rename(2)
      releases/{id}/release.json                        what is in it
      releases/{id}/quads/                              RocksDB directory of Oxigraph, never written again
      .publish.lock                                     held by the one publisher

A kill at any moment leaves the old release or the new one live: the link is switched only after everything it
leads to is on the disk. What a killed publisher leaves behind has a name that begins with a dot, and the next
publisher removes it.

The default graph of a release is the union of its named graphs, stored as such. Oxigraph's own union (an option
of a query) gives a solution once for each graph a triple stands in, which would count figures twice.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.server.exceptions import NoReleaseError, ReleaseCheckError, StoreBusyError, StoreError

#: Old releases that stay in the store beside the live one.
KEEP = 3
#: Version of the layout above, written into release.json.
LAYOUT = 1

#: Form of the time that the name of a release begins with, in UTC; such names sort by time.
_TIME = "%Y%m%dT%H%M%S.%fZ"

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}

#: A file of N-Quads (.nq) or TriG (.trig), or the bytes of an N-Quads document.
GraphSource = Path | bytes


@dataclass(frozen=True, slots=True)
class ReleaseMetadata:
    """What a publisher knows of the graphs it hands over.

    base               what the IRIs of the data begin with; ends in "/"
    documents          identities (16 hexadecimal digits) of the document versions
    converter_version  what made the graphs
    superseded         those of `documents` that a newer version replaces: reached by GRAPH, not by default
    """

    base: str
    documents: tuple[str, ...]
    converter_version: str
    superseded: tuple[str, ...] = ()

    def data_graph(self, document: str) -> str:
        """Return the name of the graph that has a document's figures."""
        return f"{self.base}graph/doc/{document}/data"


@dataclass(frozen=True, slots=True)
class Release:
    """A release on the disk. `quads` counts the quads in named graphs, `triples` those of the default graph."""

    id: str
    path: Path
    created: str
    quads: int
    triples: int
    metadata: ReleaseMetadata

    @property
    def quads_path(self) -> Path:
        """Return the directory that Oxigraph opens."""
        return self.path / "quads"


def build_release(store: Path, graphs: Iterable[GraphSource], metadata: ReleaseMetadata, keep: int = KEEP) -> Release:
    """Build a release from converted graphs, check it, and make it the live one.

    The graphs are all that the release will hold. `keep` old releases stay beside it.
    Raises StoreBusyError while another publisher works, ReleaseCheckError when the release is not what was given
    (the live one stays), StoreError when a graph does not parse or the disk refuses.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        with _publishing(store):
            releases = store / "releases"
            releases.mkdir(exist_ok=True)
            _remove_leftovers(store)
            building = releases / ".building"
            building.mkdir()
            try:
                tally = _load(building / "quads", graphs, metadata)
                _check(building / "quads", tally, metadata)
                release = _finish(building, releases, tally, metadata)
            finally:
                shutil.rmtree(building, ignore_errors=True)
            _switch(store, release)
            _prune(store, keep)
            return release
    except OSError as error:
        raise StoreError(f"{store}: cannot publish: {error}. Check that the disk has room and is writable.") from error


def current(store: Path) -> Release:
    """Return the live release of a store directory.

    Raises NoReleaseError when there is none, StoreError when what is there cannot be read.
    """
    try:
        target = (store / "current").readlink()
    except FileNotFoundError:
        raise NoReleaseError(
            f"{store}: nothing is published here. Run `budgetgraph publish SOURCE... --store {store}` first."
        ) from None
    except OSError as error:
        raise StoreError(f"{store}/current: is no link to a release ({error}). Publish again.") from error
    return read_release(store / target)


def read_release(path: Path) -> Release:
    """Return the release in a directory by its release.json. Raises StoreError when it is not readable."""
    file = path / "release.json"
    try:
        told = json.loads(file.read_text("utf-8"))
        metadata = ReleaseMetadata(
            base=told["base"],
            documents=tuple(told["documents"]),
            converter_version=told["converter_version"],
            superseded=tuple(told["superseded"]),
        )
        return Release(told["id"], path, told["created"], told["quads"], told["triples"], metadata)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: is not readable ({error!r}). Publish again.") from error


@contextmanager
def _publishing(store: Path) -> Iterator[None]:
    """Hold the lock of the store; the system lets go of it when the process ends, however it ends."""
    with (store / ".publish.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusyError(
                f"{store}: another process is publishing into this store. Wait until it has ended, then publish again."
            ) from None
        yield


@dataclass(slots=True)
class _Tally:
    """What was read from the sources, counted apart from the store that it is compared with."""

    graphs: dict[str, int]
    triples: int
    digest: str

    @property
    def quads(self) -> int:
        return sum(self.graphs.values())


def _load(directory: Path, graphs: Iterable[GraphSource], metadata: ReleaseMetadata) -> _Tally:
    """Load all sources into a new store in one pass, and return what they held."""
    hidden = tuple(f"{metadata.base}graph/doc/{document}/" for document in metadata.superseded)
    counts: dict[str, int] = {}
    seen: dict[str, set[int]] = {}
    closed: dict[str, str] = {}
    default: set[int] = set()
    digests: list[bytes] = []

    def quads() -> Iterator[ox.Quad]:
        for number, source in enumerate(graphs, start=1):
            name = str(source) if isinstance(source, Path) else f"graphs {number}"
            if isinstance(source, Path) and source.suffix not in _FORMATS:
                raise StoreError(f"{name}: is neither .nq nor .trig. Convert it to one of these first.")
            digests.append(_digest(source, name))
            for quad in _parse(source, name):
                graph = quad.graph_name
                if not isinstance(graph, ox.NamedNode):
                    raise StoreError(f"{name}: has a statement outside a named graph: {quad}. Give N-Quads or TriG.")
                if graph.value in closed:
                    raise StoreError(
                        f"{name}: graph <{graph.value}> is already in {closed[graph.value]}. "
                        "Give every document version once."
                    )
                seen.setdefault(graph.value, set()).add(hash(quad))
                yield quad
                if not graph.value.startswith(hidden):
                    triple = ox.Quad(quad.subject, quad.predicate, quad.object)
                    default.add(hash(triple))
                    yield triple
            # Documents share the registry and the code lists; a graph of one document comes from one source.
            for graph_name in [g for g in seen if g.startswith(f"{metadata.base}graph/doc/")]:
                closed[graph_name] = name
                counts[graph_name] = len(seen.pop(graph_name))

    store = ox.Store(directory)
    store.bulk_extend(quads())
    store.flush()
    counts |= {graph: len(hashes) for graph, hashes in seen.items()}
    return _Tally(counts, len(default), hashlib.sha256(b"".join(sorted(digests))).hexdigest())


def _parse(source: GraphSource, name: str) -> Iterator[ox.Quad]:
    try:
        if isinstance(source, bytes):
            yield from ox.parse(source, ox.RdfFormat.N_QUADS, rename_blank_nodes=True)
            return
        yield from ox.parse(path=source, format=_FORMATS[source.suffix], rename_blank_nodes=True)
    except SyntaxError as error:
        raise StoreError(f"{name}: is not well-formed: {error}. Convert the source again.") from error


def _digest(source: GraphSource, name: str) -> bytes:
    """Return the hash of a source. Raises StoreError when it cannot be read."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).digest()
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise StoreError(f"{name}: cannot be read: {error.strerror}. Convert the source again.") from error


def _check(directory: Path, tally: _Tally, metadata: ReleaseMetadata) -> None:
    """Compare the store, opened again from the disk, with what was read. Raises ReleaseCheckError."""
    if tally.quads == 0:
        raise ReleaseCheckError("the release would be empty: nothing was given to publish. The live release stays.")
    stored = len(ox.Store.read_only(str(directory)))
    if stored != tally.quads + tally.triples:
        raise ReleaseCheckError(
            f"the release holds {stored} statements where {tally.quads + tally.triples} were loaded. "
            "The live release stays. Publish again; if this comes back, check the disk."
        )
    for document in metadata.documents:
        if metadata.data_graph(document) not in tally.graphs:
            raise ReleaseCheckError(
                f"document {document} has no graph <{metadata.data_graph(document)}>. The live release stays. "
                "Convert the document again, with the base that the release is published under."
            )
    named = {f"{metadata.base}graph/doc/{document}/data" for document in metadata.documents}
    for graph in tally.graphs:
        if graph.startswith(f"{metadata.base}graph/doc/") and graph.endswith("/data") and graph not in named:
            raise ReleaseCheckError(
                f"graph <{graph}> belongs to no document of the release. The live release stays. "
                "Name its document, or leave the graph out."
            )


def _finish(building: Path, releases: Path, tally: _Tally, metadata: ReleaseMetadata) -> Release:
    """Write release.json, put everything on the disk, and give the directory its name."""
    now = _after_newest(releases, datetime.now(UTC))
    identity = f"{now:{_TIME}}-{tally.digest[:8]}"
    told = {
        "layout": LAYOUT,
        "id": identity,
        "created": now.isoformat(timespec="seconds"),
        "quads": tally.quads,
        "triples": tally.triples,
        "sources_sha256": tally.digest,
        **asdict(metadata),
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (building / "release.json").write_text(text, "utf-8")
    for path in building.rglob("*"):
        _sync(path)
    _sync(building)
    building.rename(releases / identity)
    _sync(releases)
    return read_release(releases / identity)


def _after_newest(releases: Path, now: datetime) -> datetime:
    """Return `now`, or the moment after the newest release where the clock does not say so.

    Names sort by time and are never used twice while a release that had one is kept, even when a clock was set
    back or two releases are built within its step.
    """
    times = [time for path in releases.glob("[!.]*") if (time := _time_of(path.name))]
    return max([now, *(time + timedelta(microseconds=1) for time in times)])


def _time_of(identity: str) -> datetime | None:
    """Return the time in the name of a release, None when the name has none."""
    try:
        return datetime.strptime(identity.partition("-")[0], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _switch(store: Path, release: Release) -> None:
    """Make `current` lead to the release: a new link over the old one, in one step of the file system."""
    link = store / ".current"
    link.symlink_to(release.path.relative_to(store), target_is_directory=True)
    link.replace(store / "current")
    _sync(store)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(store: Path) -> None:
    """Remove what a publisher that was killed has left."""
    (store / ".current").unlink(missing_ok=True)
    for path in (store / "releases").glob(".*"):
        shutil.rmtree(path)


def _prune(store: Path, keep: int) -> None:
    """Remove all but the live release and the `keep` newest others."""
    live = current(store).path.name
    old = sorted(p.name for p in (store / "releases").iterdir() if p.name != live)
    for name in old[: max(0, len(old) - keep)]:
        # Renamed first, so that a kill leaves no release that is half there.
        doomed = store / "releases" / f".removing-{name}"
        (store / "releases" / name).rename(doomed)
        shutil.rmtree(doomed)
