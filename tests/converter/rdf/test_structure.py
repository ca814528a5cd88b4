"""Headings, contents and gaps of the text as RDF."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import ContentsEntry, Place, TextGap, TextSection
from budgetgraph.converter.rdf.claims import claim_resources, text_resources
from budgetgraph.converter.rdf.graphs import ObservationFinder
from budgetgraph.converter.rdf.structure import structure_resources
from tests.converter.rdf.test_claims import graph, ref

if TYPE_CHECKING:
    from budgetgraph.converter.pipeline import Conversion


@pytest.fixture
def found(conversion: "Conversion") -> Graph:
    place = Place(Locator(start=3, end=9))
    budget = replace(
        conversion.budget,
        sections=(TextSection(2, "statement", "三、支出说明", 2, place, "expenditure"),),
        contents=(ContentsEntry(1, "三、支出说明", place),),
        gaps=(TextGap(1, "missing-reason", "主要原因是", place, 2),),
        claims=(replace(conversion.budget.claims[0], section=2, table="t5"),),
        duties=(), tasks=(), glossary=(), data_sets=(),
    )  # fmt: skip
    resources = structure_resources(budget, conversion.ids)
    resources += claim_resources(budget, conversion.ids, ObservationFinder(budget, conversion.ids))
    return graph([*resources, *text_resources(budget, conversion.ids)])


def test_a_section(found: Graph, conversion: "Conversion") -> None:
    section = URIRef(f"{conversion.ids.document}/section/2")
    assert found.value(section, RDF.type) == ref("bud:Section")
    assert found.value(section, ref("dcterms:title")) == Literal("三、支出说明", "zh")
    assert found.value(section, ref("bud:sectionKind")) == Literal("statement")
    assert str(found.value(section, ref("bud:restatesTableKind"))).endswith("/table-kind/expenditure")
    assert found.value(section, ref("prov:wasDerivedFrom")) == URIRef(conversion.ids.text(3, 9))
    assert URIRef(conversion.ids.text(3, 9)) in set(found.subjects(RDF.type, ref("oa:SpecificResource")))


def test_claims_and_gaps_stand_in_a_section(found: Graph, conversion: "Conversion") -> None:
    section = URIRef(f"{conversion.ids.document}/section/2")
    gap = URIRef(f"{conversion.ids.document}/gap/1")
    assert found.value(gap, ref("bud:gapKind")) == Literal("missing-reason")
    assert found.value(gap, ref("bud:sourceText")) == Literal("主要原因是", "zh")
    claim = URIRef(conversion.ids.claim(1))
    assert {gap, claim} == set(found.subjects(ref("bud:inSection"), section))
    assert found.value(claim, ref("bud:aboutTable")) == URIRef(conversion.ids.table("t5"))


def test_a_contents_entry(found: Graph, conversion: "Conversion") -> None:
    (entry,) = found.subjects(RDF.type, ref("bud:ContentsEntry"))
    assert found.value(entry, ref("dcterms:title")) == Literal("三、支出说明", "zh")
