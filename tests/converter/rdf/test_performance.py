"""Objectives, indicators and targets in the graph of a converted publication."""

import pyoxigraph
import pytest

from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.rdf.performance import performance_resources
from budgetgraph.ontology import codelists
from budgetgraph.ontology.namespaces import CODE_BASE
from tests.converter.selecting import select


def test_sixty_indicators_each_with_one_target_and_a_cell(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?i ?t WHERE { ?o bud:hasIndicator ?i . ?i a bud:PerformanceIndicator ; bud:hasTarget ?t ;
        bud:indicatorLevel1/skos:notation ?l1 ; bud:indicatorLevel2/skos:notation ?l2 ; bud:sourceLevel1 ?p1 ;
        prov:wasDerivedFrom/bud:cellText ?name . ?t a ?class ; bud:sourceValue ?v ; prov:wasDerivedFrom ?cell .
        ?cell a bud:TableCell .
        FILTER(?class IN (bud:QuantitativeTarget, bud:QualitativeTarget, bud:CompletenessTarget)) }""",
    )
    assert len(rows) == len(set(rows)) == 60


def test_targets_of_an_hour(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT DISTINCT ?name ?max ?v WHERE { ?i rdfs:label ?name ; bud:hasTarget ?t .
        ?t bud:normalisedUnit unit:SEC ;
        schema:maxValue ?max ; bud:targetUnit unit:HR ; bud:targetValue ?v FILTER(?max <= 3600) }""",
    )
    assert rows == [("特提电报", "3600", "1")]


@pytest.mark.parametrize(
    ("printed", "bound", "value", "implied"),
    [
        ("≥98%", "schema:minValue", "0.98", "false"),
        ("80%以上", "schema:minValue", "0.8", "false"),
        ("100%", "schema:maxValue", "1", "true"),
    ],
)
def test_shares(store: pyoxigraph.Store, printed: str, bound: str, value: str, implied: str) -> None:
    rows = select(
        store,
        f"""SELECT DISTINCT ?b ?implied WHERE {{ ?t bud:sourceValue "{printed}" ; {bound} ?b ;
        bud:normalisedUnit unit:UNITLESS ; bud:targetUnit unit:PERCENT ; bud:comparatorImplied ?implied }}""",
    )
    assert rows == [(value, implied)]


def test_target_without_unit_has_bounds_and_no_unit(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT DISTINCT ?min ?unit WHERE { ?t bud:sourceValue "≥3" ; schema:minValue ?min
        OPTIONAL { ?t bud:targetUnit ?unit } }""",
    )
    assert rows == [("3", "")]


def test_text_targets_have_no_number(store: pyoxigraph.Store) -> None:
    kinds = select(
        store,
        """SELECT ?class (COUNT(*) AS ?n) WHERE { ?t a ?class ; bud:sourceValue ?v .
        FILTER(?class IN (bud:QualitativeTarget, bud:CompletenessTarget))
        FILTER NOT EXISTS { ?t bud:comparator ?c } FILTER NOT EXISTS { ?t schema:minValue ?m } } GROUP BY ?class""",
    )
    assert {name.rpartition("#")[2]: number for name, number in kinds} == {
        "QualitativeTarget": "12",
        "CompletenessTarget": "4",
    }


def test_rows_read_by_vocabulary_are_marked(store: pyoxigraph.Store) -> None:
    assert select(store, "SELECT (COUNT(*) AS ?n) WHERE { ?i bud:recoveredByVocabulary true }") == [("28",)]


def test_objectives_belong_to_the_department_or_a_project(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?scope ?class (COUNT(DISTINCT ?o) AS ?n) WHERE { ?o a bud:PerformanceObjective ; bud:scope ?scope ;
        bud:objectiveOf ?owner ; bud:horizon ?h . ?owner a ?class
        FILTER(?class IN (bud:Project, bud:BudgetDepartment)) } GROUP BY ?scope ?class ORDER BY ?scope""",
    )
    assert [(scope, of.rpartition("#")[2], n) for scope, of, n in rows] == [
        ("department", "BudgetDepartment", "6"),
        ("project", "Project", "3"),
    ]


def test_every_concept_named_is_in_its_list(conversion: Conversion) -> None:
    named = {value for each in performance_resources(conversion.budget, conversion.ids) for _, value in each.pairs}
    concepts = [iri[1:-1].removeprefix(CODE_BASE).split("/") for iri in named if iri.startswith(f"<{CODE_BASE}")]
    assert {"comparator", "horizon", "indicator", "target-unit"} <= {path[0] for path in concepts}
    for scheme, notation in concepts:
        assert notation in codelists.scheme(scheme)
