"""What the endpoint says of itself: SPARQL 1.1 Service Description, with what it does and nothing else."""

import io

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.releases import Release

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
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
_SYNTAXES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def describe_service(endpoint: str, release: Release, written: Format) -> bytes:
    """Return the description of the endpoint at an address, in one of the page formats for graphs.

    It supports no update and no federation, so it names neither. Its default graph is the union of the named ones.
    Raises ValueError when the address is no IRI.
    """
    service, dataset, graph = ox.BlankNode("service"), ox.BlankNode("dataset"), ox.BlankNode("graph")
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
        _triple(graph, f"{PREFIXES['void']}triples", ox.Literal(release.triples)),
        _triple(dataset, f"{PREFIXES['dcterms']}identifier", ox.Literal(release.id)),
    ]
    prefixes = {"sd": _SD, "formats": _FORMATS, "void": PREFIXES["void"], "dcterms": PREFIXES["dcterms"]}
    output = io.BytesIO()
    ox.serialize(triples, output, _SYNTAXES[written.name], prefixes=prefixes)
    return output.getvalue()


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _triple(
    subject: ox.NamedNode | ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
