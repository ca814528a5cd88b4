"""What the endpoint says of itself is what it does and holds."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, VOID, Graph, Namespace, URIRef
from rdflib.term import Node

from budgetgraph.server.formats import PAGE_GRAPH_FORMATS, TURTLE, Format
from budgetgraph.server.releases import current
from budgetgraph.server.service_description import LISTED, Service, describe_service

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SITE = "http://localhost"


def described(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": TURTLE.media_type}).text, format="turtle")


def default_graph(graph: Graph) -> Node:
    service = graph.value(predicate=SD.endpoint, object=URIRef(f"{SITE}/sparql"))
    dataset = graph.value(service, SD.defaultDataset)
    found = graph.value(dataset, SD.defaultGraph)
    assert found is not None
    return found


def test_the_default_graph_is_the_data_set_of_void(client: FlaskClient) -> None:
    graph = described(client)
    whole = default_graph(graph)
    assert {SD.Graph, VOID.Dataset} <= set(graph.objects(whole, RDF.type))
    address = str(graph.value(whole, RDFS.seeAlso))
    assert address == f"{SITE}/.well-known/void"
    void = Graph().parse(data=client.get(address.removeprefix(SITE)).text, format="turtle")
    assert (whole, RDF.type, VOID.Dataset) in void
    for each in (graph, void):
        assert each.value(whole, VOID.sparqlEndpoint) == URIRef(f"{SITE}/sparql")
    counted = client.get("/sparql?format=csv&query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
    assert [str(each.value(whole, VOID.triples)) for each in (graph, void)] == [counted, counted]


def test_the_data_set_is_in_the_catalogue(shipped: FlaskClient) -> None:
    whole = default_graph(described(shipped))
    catalogue = Graph().parse(data=shipped.get("/catalog.ttl").text, format="turtle")
    dcat = Namespace("http://www.w3.org/ns/dcat#")
    assert (whole, RDF.type, dcat.Dataset) in catalogue
    assert list(catalogue.objects(whole, dcat.distribution))


def test_what_nobody_counted_has_no_count(app: Flask) -> None:
    server = app.extensions["budgetgraph"]
    told = Service(f"{SITE}/sparql", f"{SITE}/.well-known/void", server.config.queries, server.config.guard)
    release = current(server.config.store)
    for created, said in ((release.created, True), ("", False)):
        text = describe_service(told, replace(release, created=created), TURTLE).decode()
        assert ("void:triples" in text) is said


@pytest.mark.parametrize("written", PAGE_GRAPH_FORMATS, ids=str)
def test_it_offers_no_writing_and_no_federation(client: FlaskClient, written: Format) -> None:
    text = client.get("/sparql", query_string={"format": written.name}).text
    assert "SPARQL11Query" in text
    assert "SPARQL11Update" not in text
    assert "BasicFederatedQuery" not in text


def test_the_named_graphs_are_those_that_a_query_finds(client: FlaskClient) -> None:
    graph = described(client)
    service = graph.value(predicate=SD.endpoint, object=URIRef(f"{SITE}/sparql"))
    dataset = graph.value(service, SD.defaultDataset)
    assert graph.value(service, SD.availableGraphs) == dataset
    assert (dataset, RDF.type, SD.GraphCollection) in graph
    told = {str(graph.value(each, SD.name)) for each in graph.objects(dataset, SD.namedGraph)}
    found = client.get("/sparql?format=csv&query=SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").text.split()[1:]
    assert told == set(found) != set()
    for name in told:
        assert client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", "default-graph-uri": name}).json == {
            "head": {},
            "boolean": True,
        }


@pytest.mark.parametrize("more", [0, 1])
def test_too_many_named_graphs_are_not_listed_and_it_says_so(app: Flask, more: int) -> None:
    server = app.extensions["budgetgraph"]
    names = [f"urn:g{n:04}" for n in range(LISTED + more)]
    told = Service(f"{SITE}/sparql", f"{SITE}/void", server.config.queries, server.config.guard, names)
    graph = Graph().parse(data=describe_service(told, current(server.config.store), TURTLE), format="turtle")
    assert {str(name) for name in graph.objects(None, SD.name)} == set(names[:LISTED])
    dataset = graph.value(predicate=RDF.type, object=SD.Dataset)
    comments = {comment.language for comment in graph.objects(dataset, RDFS.comment)}  # type: ignore[attr-defined]
    assert comments == ({"en", "zh"} if more else set())


def test_a_description_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/sparql", headers={"Accept": TURTLE.media_type})
    tag = first.headers["ETag"]
    again = client.get("/sparql", headers={"Accept": TURTLE.media_type, "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    other = client.get("/sparql", headers={"Accept": "application/n-triples", "If-None-Match": tag})
    assert other.status_code == 200
