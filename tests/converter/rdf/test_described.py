"""The graphs of a publication describe all that they name: nothing of our own is named and never said what it is."""

from functools import cache

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from budgetgraph.converter.pipeline import convert
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.ontology.files import ontology_files
from tests.conftest import ROOT

PROV = "http://www.w3.org/ns/prov#"
OURS = "https://w3id.org/budgetgraph/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PUBLICATIONS = ROOT / "data" / "publications"
SOURCES = {
    "Wuhan": PUBLICATIONS / "wuhan-jingkai-party-office-2021" / "document.txt",
    "Jiangsu": PUBLICATIONS / "jiangsu-party-office-2019" / "tables.html",
    "Shanghai": PUBLICATIONS / "putuo-finance-bureau-2025" / "tables.html",
}


@cache
def quads(name: str) -> list[Quad]:
    graphs = convert(SOURCES[name]).graphs
    return list(pyoxigraph.parse(b"".join(encode(graphs, "nquads")), format=RdfFormat.N_QUADS))


@cache
def vocabulary() -> set[str]:
    """Return the terms that the ontology describes."""
    parsed = (pyoxigraph.parse(path=path, format=RdfFormat.TURTLE) for path in ontology_files())
    return {str(triple.subject) for file in parsed for triple in file}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_named_is_described_and_has_a_class(name):
    found = quads(name)
    named = {str(term) for q in found for term in (q.subject, q.predicate, q.object)}
    typed = {str(q.subject) for q in found if q.predicate == TYPE} | vocabulary()
    assert {iri for iri in named if iri.startswith(f"<{OURS}")} - typed == set()


@pytest.mark.parametrize("name", SOURCES)
def test_there_is_no_blank_node_and_no_statement_stands_twice(name):
    found = quads(name)
    assert not [q for q in found if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)]
    assert len({(q.subject, q.predicate, q.object) for q in found}) == len(found)


@pytest.mark.parametrize("name", SOURCES)
def test_graphs_come_from_the_conversion_of_the_document(name):
    found = {(str(q.subject), q.predicate.value): str(q.object) for q in quads(name)}
    graphs = {str(q.graph_name) for q in quads(name) if "/doc/" in str(q.graph_name)}
    assert len(graphs) == 2
    for graph in graphs:
        document = found[graph, f"{PROV}wasDerivedFrom"]
        assert found[found[graph, f"{PROV}wasGeneratedBy"], f"{PROV}used"] == document
