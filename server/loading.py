"""Loading graphs into a new store, counting on the way, and comparing what is stored with what was counted."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.server.exceptions import ReleaseCheckError, StoreError
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.totals import Adder, Totals, stored_totals

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}

#: A file of N-Quads (.nq) or TriG (.trig), the bytes of an N-Quads document, or a store whose named graphs are taken.
GraphSource = Path | bytes | ox.Store


@dataclass(slots=True)
class Tally:
    """What was read from the sources, counted apart from the store that it is compared with."""

    graphs: dict[str, int]
    triples: int
    digest: str
    totals: dict[str, Decimal]
    checked_totals: Totals

    @property
    def quads(self) -> int:
        """Return how many quads are in named graphs."""
        return sum(self.graphs.values())


def load(directory: Path, graphs: Iterable[GraphSource], metadata: ReleaseMetadata) -> Tally:
    """Load all sources into a new store in one pass, and return what they held."""
    hidden = tuple(f"{metadata.base}graph/doc/{document}/" for document in metadata.superseded)
    counts: dict[str, int] = {}
    seen: dict[str, set[int]] = {}
    closed: dict[str, str] = {}
    default: set[int] = set()
    digests: list[bytes] = []
    empty: list[ox.NamedNode] = []
    adder = Adder()

    def quads() -> Iterator[ox.Quad]:
        for number, source in enumerate(graphs, start=1):
            name = str(source) if isinstance(source, Path) else f"graphs {number}"
            if isinstance(source, Path) and source.suffix not in _FORMATS:
                raise StoreError(f"{name}: is neither .nq nor .trig. Convert it to one of these first.")
            if isinstance(source, ox.Store):
                empty.extend(graph for graph in source.named_graphs() if isinstance(graph, ox.NamedNode))
            digest = _digest(source, name)
            for quad in parse_source(source, name):
                graph = quad.graph_name
                if not isinstance(graph, ox.NamedNode):
                    raise StoreError(f"{name}: has a statement outside a named graph: {quad}. Give N-Quads or TriG.")
                if graph.value in closed:
                    raise StoreError(
                        f"{name}: graph <{graph.value}> is already in {closed[graph.value]}. "
                        "Give every document version once."
                    )
                seen.setdefault(graph.value, set()).add(hash(quad))
                adder.add(quad)
                if isinstance(source, ox.Store):
                    digest.update(str(quad).encode())
                yield quad
                if not graph.value.startswith(hidden):
                    triple = ox.Quad(quad.subject, quad.predicate, quad.object)
                    default.add(hash(triple))
                    yield triple
            digests.append(digest.digest())
            # Documents share the registry and the code lists; a graph of one document comes from one source.
            for graph_name in [g for g in seen if g.startswith(f"{metadata.base}graph/doc/")]:
                closed[graph_name] = name
                counts[graph_name] = len(seen.pop(graph_name))

    store = ox.Store(directory)
    store.bulk_extend(quads())
    for graph in empty:
        store.add_graph(graph)
    store.flush()
    counts |= {graph: len(hashes) for graph, hashes in seen.items()}
    totals = adder.totals()
    current = {data_set: total for (graph, data_set), total in totals.items() if not graph.startswith(hidden)}
    return Tally(counts, len(default), hashlib.sha256(b"".join(sorted(digests))).hexdigest(), current, totals)


def parse_source(source: GraphSource, name: str) -> Iterator[ox.Quad]:
    """Yield the statements of a source; `name` is what a StoreError calls it."""
    if isinstance(source, ox.Store):
        yield from (quad for quad in source if not isinstance(quad.graph_name, ox.DefaultGraph))
        return
    try:
        if isinstance(source, bytes):
            yield from ox.parse(source, ox.RdfFormat.N_QUADS, rename_blank_nodes=True)
            return
        yield from ox.parse(path=source, format=_FORMATS[source.suffix], rename_blank_nodes=True)
    except SyntaxError as error:
        raise StoreError(f"{name}: is not well-formed: {error}. Convert the source again.") from error


def _digest(source: GraphSource, name: str) -> "hashlib._Hash":
    """Return the hash of a source; of a store, whose statements are added when they are read, its beginning.

    Raises StoreError when the source cannot be read.
    """
    if isinstance(source, ox.Store):
        return hashlib.sha256()
    if isinstance(source, bytes):
        return hashlib.sha256(source)
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, "sha256")
    except OSError as error:
        raise StoreError(f"{name}: cannot be read: {error.strerror}. Convert the source again.") from error


def check(directory: Path, tally: Tally, metadata: ReleaseMetadata) -> None:
    """Compare the store, opened again from the disk, with what was read. Raises ReleaseCheckError."""
    if tally.quads == 0:
        raise ReleaseCheckError("the release would be empty: nothing was given to publish. The live release stays.")
    opened = ox.Store.read_only(str(directory))
    stored = len(opened)
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
    found = stored_totals(opened, read_query("canonical-totals"))
    for (graph, data_set), total in tally.checked_totals.items():
        if found.get((graph, data_set)) != total:
            raise ReleaseCheckError(
                f"the leaves of {data_set} add up to {found.get((graph, data_set))} 元 in the release, and to "
                f"{total} in what was given (graph <{graph}>). The live release stays. Publish again; check the disk."
            )
