"""What the endpoint says of itself is what it does and holds."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, VOID, Graph, Namespace, URIRef
from rdflib.term import Node

from budgetgraph.server.formats import PAGE_GRAPH_FORMATS, TURTLE, Format
from budgetgraph.server.releases import current
from budgetgraph.server.service_description import Service, describe_service

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
