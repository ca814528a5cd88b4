"""rdflib, on which pySHACL stands for others, evaluates every query of the shapes, also where it finds nothing."""

import pyoxigraph as ox
import pytest
import rdflib

from budgetgraph.shapes.across import shapes_across
from budgetgraph.shapes.catalogue import Shapes, shipped_shapes
from tests.shapes.case_files import CASES, document


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    quads = ox.parse(document(CASES / "WT-1" / "invalid.ttl"), format=ox.RdfFormat.N_QUADS)
    turtle = ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.TURTLE) or b""
    return rdflib.Graph().parse(data=turtle, format="turtle")


@pytest.mark.parametrize("shapes", [shipped_shapes(), shapes_across()], ids=["of a document", "across"])
def test_rdflib_evaluates_every_query(graph: rdflib.Graph, shapes: Shapes) -> None:
    failed = {}
    for rule in shapes.rules.values():
        if rule.query is not None:
            try:
                list(graph.query(shapes.prologue + rule.query))
            except AttributeError as error:  # rdflib does not catch its own errors in aggregates
                failed[rule.id] = str(error)
    assert not failed
