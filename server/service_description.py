"""What the endpoint says of itself: SPARQL 1.1 Service Description, with what it does and nothing else."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.guard import GuardLimits
from budgetgraph.server.releases import Release
from budgetgraph.server.syntaxes import SYNTAXES
from budgetgraph.server.workers import PoolLimits

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
#: Named graphs in a description at most: clients fetch it before their first query.
LISTED = 200
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nquads": "N-Quads",
}


@dataclass(frozen=True, slots=True)
class Service:
    """What the endpoint is.

    endpoint   its address
    void       address of the VoID description of what it holds
    graphs     names of its named graphs, in order; of those only the first LISTED are told
    update     address for writing, where it is written
    """

    endpoint: str
    void: str
    queries: PoolLimits
    guard: GuardLimits
    graphs: Sequence[str] = ()
    update: str | None = None


def describe_service(told: Service, release: Release, written: Format) -> bytes:
    """Return the description of an endpoint, in one of the page formats for graphs.

    It names update only where it is taken, and never federation. Its default graph is the union of the named ones, and
    is the data set that the VoID description is about. All named graphs may be chosen by FROM and the parameters of the
    protocol, so they are its `sd:availableGraphs`. Raises ValueError when an address is no IRI.
    """
    endpoint = told.endpoint
    service, dataset = ox.BlankNode("service"), ox.BlankNode("dataset")
    graph = ox.NamedNode(release.metadata.data_set)
    offered = [ox.NamedNode(_FORMATS + _FORMAT_NAMES[f.name]) for f in (*RESULT_FORMATS, *GRAPH_FORMATS)]
    triples = [
        _triple(service, f"{PREFIXES['rdf']}type", _sd("Service")),
        _triple(service, f"{_SD}endpoint", ox.NamedNode(endpoint)),
        _triple(service, f"{_SD}supportedLanguage", _sd("SPARQL11Query")),
        _triple(service, f"{_SD}feature", _sd("UnionDefaultGraph")),
        *(_triple(service, f"{_SD}resultFormat", name) for name in offered),
        _triple(service, f"{_SD}defaultDataset", dataset),
        _triple(dataset, f"{PREFIXES['rdf']}type", _sd("Dataset")),
        _triple(dataset, f"{_SD}defaultGraph", graph),
        _triple(graph, f"{PREFIXES['rdf']}type", _sd("Graph")),
        _triple(graph, f"{PREFIXES['rdf']}type", ox.NamedNode(f"{PREFIXES['void']}Dataset")),
        _triple(graph, f"{PREFIXES['rdfs']}seeAlso", ox.NamedNode(told.void)),
        _triple(graph, f"{PREFIXES['void']}sparqlEndpoint", ox.NamedNode(endpoint)),
        _triple(dataset, f"{PREFIXES['dcterms']}identifier", ox.Literal(release.id)),
        *(_triple(service, BUD_BASE + name, ox.Literal(value)) for name, value in _limits(told)),
        *_named_graphs(service, dataset, told.graphs),
    ]
    if release.is_counted:
        triples.append(_triple(graph, f"{PREFIXES['void']}triples", ox.Literal(release.triples)))
    if told.update is not None:
        writing = ox.BlankNode("update")
        triples += [
            _triple(writing, f"{PREFIXES['rdf']}type", _sd("Service")),
            _triple(writing, f"{_SD}endpoint", ox.NamedNode(told.update)),
            _triple(writing, f"{_SD}supportedLanguage", _sd("SPARQL11Update")),
            _triple(writing, f"{_SD}defaultDataset", dataset),
        ]
    prefixes = {
        "sd": _SD,
        "bud": BUD_BASE,
        "formats": _FORMATS,
        "void": PREFIXES["void"],
        "rdfs": PREFIXES["rdfs"],
        "dcterms": PREFIXES["dcterms"],
    }
    output = io.BytesIO()
    ox.serialize(triples, output, SYNTAXES[written.name], prefixes=prefixes)
    return output.getvalue()


def _named_graphs(service: ox.BlankNode, dataset: ox.BlankNode, names: Sequence[str]) -> Iterator[ox.Triple]:
    """Yield the named graphs; where there are too many to be listed, a comment says how to get all."""
    yield _triple(service, f"{_SD}availableGraphs", dataset)
    yield _triple(dataset, f"{PREFIXES['rdf']}type", _sd("GraphCollection"))
    for number, name in enumerate(names[:LISTED]):
        graph = ox.BlankNode(f"graph{number}")
        yield _triple(dataset, f"{_SD}namedGraph", graph)
        yield _triple(graph, f"{PREFIXES['rdf']}type", _sd("NamedGraph"))
        yield _triple(graph, f"{_SD}name", ox.NamedNode(name))
    if len(names) > LISTED:
        rest = "SELECT ?graph { GRAPH ?graph {} }"
        for text, language in (
            (f"The first {LISTED} named graphs. This lists all: {rest}", "en"),
            (f"仅列出前 {LISTED} 个命名图。列出全部:{rest}", "zh"),
        ):
            yield _triple(dataset, f"{PREFIXES['rdfs']}comment", ox.Literal(text, language=language))


def _limits(told: Service) -> Iterator[tuple[str, int | float]]:
    """Yield the limits of a query, by the names that the ontology has for them."""
    queries, guard = told.queries, told.guard
    limits = {
        "queryTimeLimit": queries.time,
        "solutionLimit": queries.rows,
        "answerSizeLimit": queries.bytes,
        "queryLengthLimit": guard.length,
        "queryDepthLimit": guard.depth,
        "queryOperatorLimit": guard.operators,
    }
    yield from ((name, value) for name, value in limits.items() if value is not None)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _triple(
    subject: ox.NamedNode | ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
