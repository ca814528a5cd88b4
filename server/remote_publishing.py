"""Publishing into a SPARQL 1.1 store elsewhere, over its Graph Store and update addresses.

The protocol has no way to switch all graphs in one step. So each graph is replaced by itself, the default graph last
but one, and the graph that says which release this is at the very end: while it names the old release, readers may
meet a mixture; a publication that broke off is mended by publishing again.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server import remote_graphs
from budgetgraph.server.config import RemoteSettings, WriteLimits
from budgetgraph.server.endpoint import update
from budgetgraph.server.exceptions import ReleaseCheckError, RemoteError
from budgetgraph.server.loading import parse_source
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.remote import count_graphs
from budgetgraph.server.writes import Write

_DCTERMS, _VOID, _XSD = PREFIXES["dcterms"], PREFIXES["void"], PREFIXES["xsd"]


def publish_remote(
    remote: RemoteSettings, graphs: Iterable[Path | bytes], metadata: ReleaseMetadata
) -> tuple[str, int]:
    """Make the store hold these graphs and no other document; return the release's name and how many quads it has.

    Raises RemoteError when the store does not take them, ReleaseCheckError when it holds another number of statements.
    """
    require_addresses(remote)
    limits, counts, digest = WriteLimits(), dict[str, int](), hashlib.sha256()
    for number, source in enumerate(graphs, start=1):
        for name, triples in _by_graph(source, f"graphs {number}").items():
            body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
            digest.update(hashlib.sha256(body).digest())
            # Documents share some graphs, which grow with each.
            kind = "post" if name in counts else "put"
            remote_graphs.write(remote, limits, Write(kind, name, "ntriples"), body)
            counts[name] = counts.get(name, 0) + len(triples)
    own = f"{metadata.base}graph/release"
    found = count_graphs(remote)
    for name in set(found) - set(counts) - {own}:
        if name.startswith(f"{metadata.base}graph/"):
            remote_graphs.write(remote, limits, Write("delete", name), b"")
    for name in metadata.documents:
        graph = metadata.data_graph(name)
        if found.get(graph) != counts.get(graph):
            raise ReleaseCheckError(
                f"{remote.query}: graph <{graph}> holds {found.get(graph, 0)} statements where "
                f"{counts.get(graph, 0)} were sent. Publish again; if this comes back, the store does not keep "
                "what it is given."
            )
    if not remote.union:
        hidden = " ".join([f'"{own}"', *(f'"{metadata.base}graph/doc/{each}/"' for each in metadata.superseded)])
        update(remote, read_query("fill-default").replace("# hidden", hidden), limits.time)
    now = datetime.now(UTC)
    identity = f"{now:%Y%m%dT%H%M%S.%fZ}-{digest.hexdigest()[:8]}"
    quads = sum(counts.values())
    body = ox.serialize(_description(metadata, identity, now, quads), format=ox.RdfFormat.N_TRIPLES) or b""
    remote_graphs.write(remote, limits, Write("put", own, "ntriples"), body)
    return identity, quads


def require_addresses(remote: RemoteSettings) -> None:
    """Raise RemoteError unless a store can be published into."""
    if remote.graphs is None or remote.update is None:
        raise RemoteError(
            f"{remote.query}: publishing needs its other addresses too. "
            "Set BUDGETGRAPH_REMOTE_GRAPHS (Graph Store) and BUDGETGRAPH_REMOTE_UPDATE."
        )


def _by_graph(source: Path | bytes, name: str) -> dict[str, list[ox.Triple]]:
    found: dict[str, set[ox.Triple]] = {}
    for quad in parse_source(source, name):
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise RemoteError(f"{name}: has a statement outside a named graph: {quad}. Give N-Quads or TriG.")
        found.setdefault(quad.graph_name.value, set()).add(quad.triple)
    return {graph: sorted(triples, key=str) for graph, triples in found.items()}


def _description(metadata: ReleaseMetadata, identity: str, now: datetime, quads: int) -> list[ox.Triple]:
    release = ox.NamedNode(f"{metadata.base}id/release")
    literals = {
        f"{_DCTERMS}identifier": ox.Literal(identity),
        f"{_DCTERMS}created": ox.Literal(now.isoformat(timespec="seconds"), datatype=ox.NamedNode(f"{_XSD}dateTime")),
        f"{_DCTERMS}hasVersion": ox.Literal(metadata.converter_version),
        f"{_VOID}triples": ox.Literal(quads),
    }
    triples = [ox.Triple(release, ox.NamedNode(name), value) for name, value in literals.items()]
    for property_name, documents in (("hasPart", metadata.documents), ("replaces", metadata.superseded)):
        for document in documents:
            node = ox.NamedNode(f"{metadata.base}id/doc/{document}")
            triples.append(ox.Triple(release, ox.NamedNode(_DCTERMS + property_name), node))
    return triples
