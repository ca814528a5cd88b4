"""rdflib, on which pySHACL stands for others, evaluates every query of the shapes, also where it finds nothing."""

import pyoxigraph as ox
import pytest
import rdflib

from budgetgraph.shapes.across import shapes_across
from budgetgraph.shapes.catalogue import Shapes, shipped_shapes
from budgetgraph.shapes.rules import Rule
from tests.shapes.case_files import CASES, document


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    quads = ox.parse(document(CASES / "WT-1" / "invalid.ttl"), format=ox.RdfFormat.N_QUADS)
    turtle = ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.TURTLE) or b""
    return rdflib.Graph().parse(data=turtle, format="turtle")


QUERIES = [
    pytest.param(shapes, rule, id=rule.id)
    for shapes in (shipped_shapes(), shapes_across())
    for rule in shapes.rules.values()
    if rule.query is not None
]


@pytest.mark.parametrize(("shapes", "rule"), QUERIES)
def test_rdflib_evaluates_every_query(graph: rdflib.Graph, shapes: Shapes, rule: Rule) -> None:
    list(graph.query(f"{shapes.prologue}{rule.query}"))  # rdflib does not catch its own errors in aggregates
