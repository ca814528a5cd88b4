"""The forms a report is given in."""

import json

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.report import report_graph, to_json, to_quads, to_text, to_turtle
from budgetgraph.shapes.results import Report
from budgetgraph.shapes.rules import SHAPE_BASE
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document


@pytest.fixture(scope="module")
def faulty() -> Report:
    return validate(document(CASES / "WT-1" / "invalid.ttl"), source="shifan-2021.trig")


@pytest.fixture(scope="module")
def sound() -> Report:
    return validate(document(CASES / "WT-1" / "valid.ttl"), source="sound.trig")


def test_json_keeps_its_contract(faulty: Report, sound: Report) -> None:
    record = json.loads(to_json([faulty, sound]))
    assert list(record) == ["engine", "shapes", "sources"]
    assert record["shapes"] == shipped_shapes().hash
    first, second = record["sources"]
    assert list(first) == ["source", "conforms", "checked", "results", "causes"]
    assert (first["source"], first["conforms"], second["conforms"]) == ("shifan-2021.trig", False, True)
    assert second["results"] == []
    assert second["checked"] == sound.looked_at > 0
    located = first["results"][1]
    assert list(located) == ["rule", "severity", "focus", "path", "value", "message", "cells", "fingerprint"]
    assert located["rule"] == "WT-1"
    assert located["severity"] == "Violation"
    assert located["focus"].endswith("/budget/t2")
    assert located["value"].endswith("/budget/t2/20131.basic")
    assert set(located["message"]) == {"zh", "en"}
    assert located["cells"] == [{"table": "表二", "row": 5, "column": 4, "page": 7}]


def test_json_of_nothing_is_still_json() -> None:
    assert json.loads(to_json([]))["sources"] == []


def test_text_says_how_much_was_looked_at(faulty: Report, sound: Report) -> None:
    assert to_text(faulty, "en").startswith(
        f"shifan-2021.trig: does not conform; {faulty.looked_at} equations and values checked; 2 Violation\n"
    )
    assert "不相符" in to_text(faulty, "zh")
    assert to_text(sound, "en").endswith("nothing found\n")


def test_turtle_is_a_w3c_report_without_blank_nodes(faulty: Report) -> None:
    graph = rdflib.Graph().parse(data=to_turtle([faulty]), format="turtle")
    assert not [node for triple in graph for node in triple if isinstance(node, rdflib.BNode)]
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is False  # type: ignore[union-attr]
    results = list(graph.objects(report, SH.result))
    assert len(results) == len(faulty.results) == 2
    for result in results:
        assert graph.value(result, SH.resultSeverity) == SH.Violation
        assert str(graph.value(result, SH.sourceShape)) == f"{SHAPE_BASE}WT-1"
        assert graph.value(result, SH.sourceConstraintComponent) == SH.SPARQLConstraintComponent
        assert graph.value(result, SH.focusNode) is not None
        assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"zh", "en"}  # type: ignore[attr-defined]


def test_w3c_conformance_is_stricter_than_that_of_the_report() -> None:
    """`sh:conforms` is false with any result, a warning too (SHACL, 3.6.1.2)."""
    report = validate(document(CASES / "CL-2" / "invalid.ttl"))
    assert report.conforms
    graph = rdflib.Graph().parse(data=to_turtle([report]), format="turtle")
    assert [value.toPython() for value in graph.objects(None, SH.conforms)] == [False]  # type: ignore[attr-defined]


def test_a_sound_report_conforms_in_turtle(sound: Report) -> None:
    graph = rdflib.Graph().parse(data=to_turtle([sound]), format="turtle")
    assert [value.toPython() for value in graph.objects(None, SH.conforms)] == [True]  # type: ignore[attr-defined]


def test_the_same_data_gives_the_same_bytes(faulty: Report) -> None:
    again = validate(document(CASES / "WT-1" / "invalid.ttl"), source="shifan-2021.trig")
    assert to_turtle([again]) == to_turtle([faulty])
    assert to_json([again]) == to_json([faulty])


def test_a_report_is_published_in_a_graph_beside_the_data(faulty: Report) -> None:
    graph = report_graph(faulty)
    assert graph == "https://example.org/graph/doc/0123456789abcdef/report"
    quads = to_quads(faulty, graph)
    assert {quad.graph_name for quad in quads} == {pyoxigraph.NamedNode(graph)}
    written = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    assert len(set(written.splitlines())) == len(quads)


def test_literal_values_keep_their_datatype() -> None:
    report = validate(document(CASES / "QB-X8" / "invalid-ill-typed.ttl"))
    (quad,) = (q for q in to_quads(report, "https://example.org/g") if q.predicate.value == str(SH.value))
    assert quad.object == pyoxigraph.Literal(
        "8万", datatype=pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    )
