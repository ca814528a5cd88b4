"""Claims, statements and texts of the shipped publication as RDF, read back by an RDF library."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import Claim, DataSet, DepartmentBudget, Place, Restated
from budgetgraph.converter.identifiers import Identifiers
from budgetgraph.converter.privacy import MARK
from budgetgraph.converter.rdf.claims import claim_resources, statement_resources, text_resources
from budgetgraph.converter.rdf.graphs import ObservationFinder
from budgetgraph.converter.rdf.terms import Resource
from budgetgraph.converter.rdf.vocabulary import term
from tests.conftest import PUBLICATION

if TYPE_CHECKING:
    from budgetgraph.converter.pipeline import Conversion


def graph(resources: list[Resource]) -> Graph:
    lines = [f"{each.subject} {predicate} {value} ." for each in resources for predicate, value in each.pairs]
    assert len(lines) == len(set(lines))
    return Graph().parse(data="\n".join(lines), format="nt")


def ref(name: str) -> URIRef:
    return URIRef(term(name)[1:-1])


@pytest.fixture(scope="module")
def budget(conversion: "Conversion") -> DepartmentBudget:
    return conversion.budget


@pytest.fixture(scope="module")
def ids(conversion: "Conversion") -> Identifiers:
    return conversion.ids


class Figures:
    """Finds the same observation and data set for every key."""

    def __init__(self, found: str | None = None, data_set: DataSet | None = None) -> None:
        self._found, self._data_set = found, data_set

    def observation(self, restated: Restated | Claim, year: int | None, phase: str | None) -> str | None:  # noqa: ARG002
        return self._found

    def data_set(self, restated: Restated | Claim) -> DataSet | None:  # noqa: ARG002
        return self._data_set


NOTHING = Figures()


class OfPhase(Figures):
    """A document that prints a figure in some phases."""

    def __init__(self, observations: dict[str, str]) -> None:
        super().__init__(None)
        self.observations = observations

    def observation(self, restated: Restated | Claim, year: int | None, phase: str | None) -> str | None:  # noqa: ARG002
        return self.observations.get(phase or "")


def one(budget: DepartmentBudget, ids: Identifiers, claim: Claim, observation: str | None = None) -> Graph:
    return graph(claim_resources(replace(budget, claims=(claim,)), ids, Figures(observation)))


def test_every_claim_has_its_words_and_its_place(budget: DepartmentBudget, ids: Identifiers) -> None:
    found = graph(claim_resources(budget, ids, NOTHING))
    for claim in budget.claims:
        subject = URIRef(ids.claim(claim.order))
        assert found.value(subject, ref("bud:sourceText")) == Literal(claim.quote, "zh")
        assert found.value(subject, ref("bud:statedIn")) == URIRef(ids.document)
        assert len(set(found.objects(subject, ref("prov:wasDerivedFrom")))) == 1


def test_a_change(budget: DepartmentBudget, ids: Identifiers) -> None:
    claim = next(c for c in budget.claims if c.kind == "change" and c.percent == 55)
    observation = "https://example.org/observation"
    found, subject = one(budget, ids, claim, observation), URIRef(ids.claim(claim.order))
    code = "https://w3id.org/budgetgraph/id/code/fiscal-year/"
    assert found.value(subject, RDF.type) == ref("bud:ChangeClaim")
    assert found.value(subject, ref("bud:claimedAmount")).toPython() == Decimal("17627700.00")  # type: ignore[union-attr]
    assert found.value(subject, ref("bud:claimedPercent")).toPython() == Decimal(55)  # type: ignore[union-attr]
    assert found.value(subject, ref("bud:claimDirection")) == Literal("decrease")
    assert found.value(subject, ref("bud:fiscalYear")) == URIRef(f"{code}2021")
    assert found.value(subject, ref("bud:comparedWithYear")) == URIRef(f"{code}2019")
    assert found.value(subject, ref("bud:aboutObservation")) == URIRef(observation)


def test_the_key_of_a_claim_is_there_though_no_figure_is_printed(budget: DepartmentBudget, ids: Identifiers) -> None:
    data_set = next(d for d in budget.data_sets if d.table_kind == "three-public")
    claim = Claim(
        3, "level", "接待费0元", "接待费", Place(Locator(start=3, end=8)),
        structure="expenditure", table_kind="three-public", dimensions={"threePublic": "reception"}, amount=Decimal(0),
    )  # fmt: skip
    found = graph(claim_resources(replace(budget, claims=(claim,)), ids, Figures(None, data_set)))
    subject = URIRef(ids.claim(3))
    assert found.value(subject, ref("bud:aboutObservation")) is None
    assert found.value(subject, ref("bud:aboutDataSet")) == URIRef(ids.data_set(data_set.id))
    key = {
        name: str(found.value(subject, ref(f"bud:{name}"))).rpartition("/")[2]
        for name in ("tableKind", "functionalClass", "expenditureNature", "economicClass", "threePublic", "fund")
    }
    assert key == {
        "tableKind": "three-public", "functionalClass": "_T", "expenditureNature": "_T", "economicClass": "_T",
        "threePublic": "reception", "fund": "general",
    }  # fmt: skip


def test_a_claim_without_key_has_no_dimensions(budget: DepartmentBudget, ids: Identifiers) -> None:
    claim = Claim(3, "level", "印刷费1元", "印刷费", Place(Locator(start=3, end=8)), amount=Decimal(1))
    found = one(budget, ids, claim)
    subject = URIRef(ids.claim(3))
    assert all(found.value(subject, ref(f"bud:{name}")) is None for name in ("tableKind", "functionalClass", "fund"))


def test_what_a_share_and_a_rate_of_completion_are_measured_against(budget: DepartmentBudget, ids: Identifiers) -> None:
    share = Claim(
        3, "share", "占总费用的25%", "印刷费", Place(Locator(start=3, end=8)), percent=Decimal(25),
        whole=Restated("总费用"), of_level=2, against_level=1,
    )  # fmt: skip
    found, subject = one(budget, ids, share, "https://example.org/whole"), URIRef(ids.claim(3))
    assert found.value(subject, ref("bud:wholeLabel")) == Literal("总费用", "zh")
    assert found.value(subject, ref("bud:wholeObservation")) == URIRef("https://example.org/whole")
    assert found.value(subject, ref("bud:ofLevel")) == URIRef(ids.claim(2))
    assert found.value(subject, ref("bud:againstLevel")) == URIRef(ids.claim(1))
    rate = replace(share, kind="completion", whole=None, base_phase="budget")
    found = one(budget, ids, rate)
    assert found.value(subject, RDF.type) == ref("bud:CompletionClaim")
    assert str(found.value(subject, ref("bud:comparedWithPhase"))).endswith("/phase/budget")
    found = graph(claim_resources(replace(budget, claims=(rate,)), ids, OfPhase({"budget": "https://example.org/8"})))
    assert found.value(subject, ref("bud:wholeObservation")) == URIRef("https://example.org/8"), (
        "the budget of the table"
    )
    assert found.value(subject, ref("bud:aboutObservation")) is None


def test_a_figure_of_another_phase_is_about_no_observation_here(budget: DepartmentBudget, ids: Identifiers) -> None:
    level = next(c for c in budget.claims if c.kind == "level" and c.dimensions is not None)
    claim = replace(level, phase="executed", year=2020)
    figures = ObservationFinder(budget, ids)
    assert figures.observation(level, level.year, level.phase) is not None
    found = graph(claim_resources(replace(budget, claims=(claim,)), ids, figures))
    assert found.value(predicate=ref("bud:aboutObservation"), object=None) is None
    assert str(found.value(URIRef(ids.claim(claim.order)), ref("bud:budgetPhase"))).endswith("/phase/executed")


def test_factors_are_a_list_without_blank_nodes(budget: DepartmentBudget, ids: Identifiers) -> None:
    factors = (Decimal(500), Decimal(3), Decimal(600))
    claim = Claim(
        7,
        "arithmetic",
        "500*3*600=90万",
        "",
        Place(Locator(start=3, end=15)),
        factors=factors,
        computed=Decimal(900000),
        project=2,
    )
    found, subject = one(budget, ids, claim), URIRef(ids.claim(7))
    head = found.value(subject, ref("bud:factors"))
    assert head is not None
    assert [item.toPython() for item in found.collection(head)] == list(factors)  # type: ignore[attr-defined]
    assert found.value(subject, ref("bud:about")) == URIRef(ids.project(2))
    assert all(isinstance(node, URIRef) for node in found.subjects())


def test_statements(budget: DepartmentBudget, ids: Identifiers) -> None:
    found = graph(statement_resources(budget, ids))
    assert len(set(found.subjects(RDF.type, ref("bud:DutyStatement")))) == len(budget.duties) == 13
    assert len(set(found.subjects(RDF.type, ref("bud:GlossaryEntry")))) == len(budget.glossary) == 19
    first_class = URIRef(f"{ids.document}/glossary/5")
    assert str(found.value(first_class, ref("bud:about"))).endswith("/id/code/functional/2021/2013102")
    assert found.value(first_class, ref("skos:notation")) == Literal("1")


def test_texts_are_the_characters_of_the_source(budget: DepartmentBudget, ids: Identifiers) -> None:
    source = PUBLICATION.read_text("utf-8")
    found = graph(text_resources(budget, ids))
    texts = set(found.subjects(RDF.type, ref("oa:SpecificResource")))
    assert len(texts) > 60
    for text in texts:
        position, quote = URIRef(f"{text}#position"), URIRef(f"{text}#quote")
        assert position in set(found.objects(text, ref("oa:hasSelector")))
        start = int(str(found.value(position, ref("oa:start"))))
        end = int(str(found.value(position, ref("oa:end"))))
        assert str(text) == ids.text(start, end)
        exact = found.value(quote, ref("oa:exact"))
        assert exact is None or str(exact) == source[start:end]
        assert found.value(text, ref("bud:sourceLine")).toPython() == source.count("\n", 0, start) + 1  # type: ignore[union-attr]
    figures = [f.place for d in budget.data_sets for f in d.figures if f.place.table is None]
    for place in (*figures, *(duty.place for duty in budget.duties)):
        quote = URIRef(f"{ids.text(place.locator.start or 0, place.locator.end or 0)}#quote")
        assert found.value(quote, ref("oa:exact")) is not None


def test_every_claim_of_the_text_leads_to_a_text(budget: DepartmentBudget, ids: Identifiers) -> None:
    claims = graph(claim_resources(budget, ids, NOTHING))
    texts = set(graph(text_resources(budget, ids)).subjects(RDF.type, ref("oa:SpecificResource")))
    for claim in budget.claims:
        if claim.place.table is None:
            assert claims.value(URIRef(ids.claim(claim.order)), ref("prov:wasDerivedFrom")) in texts


def test_a_text_that_a_page_end_cuts_has_both_places(budget: DepartmentBudget, ids: Identifiers) -> None:
    place = Place(
        Locator(start=3, end=9, page=6, box=(10.0, 700.0, 90.0, 720.0), more=((7, (10.0, 70.0, 50.0, 85.5)),))
    )
    claim = replace(budget.claims[0], place=place)
    bare = replace(budget, claims=(claim,), data_sets=(), duties=(), glossary=(), tasks=(), sections=(), contents=())
    found = graph(text_resources(bare, ids))
    text = ids.text(3, 9)
    values = {name: found.value(URIRef(f"{text}#{name}"), ref("rdf:value")) for name in ("box", "box-2")}
    assert values == {
        "box": Literal("page=6&viewrect=10,700,80.00,20.00"),
        "box-2": Literal("page=7&viewrect=10,70,40.00,15.50"),
    }
    selectors = set(found.objects(URIRef(text), ref("oa:hasSelector")))
    assert {URIRef(f"{text}#box"), URIRef(f"{text}#box-2")} <= selectors


def test_words_that_were_withheld_have_no_quote(budget: DepartmentBudget, ids: Identifiers) -> None:
    claim = replace(budget.claims[0], quote=f"电话{MARK}")
    found = graph(
        text_resources(
            replace(budget, claims=(claim,), data_sets=(), duties=(), glossary=(), tasks=(), sections=(), contents=()),
            ids,
        )
    )
    assert list(found.objects(None, ref("oa:exact"))) == []
    assert len(list(found.subjects(ref("oa:start")))) == 1


def test_a_source_without_offsets_is_the_document(budget: DepartmentBudget, ids: Identifiers) -> None:
    claim = replace(budget.claims[0], place=Place(Locator(page=3, line=2)))
    found = one(budget, ids, claim)
    assert found.value(URIRef(ids.claim(claim.order)), ref("prov:wasDerivedFrom")) == URIRef(ids.document)
    assert (
        text_resources(
            replace(budget, claims=(claim,), data_sets=(), duties=(), glossary=(), tasks=(), sections=(), contents=()),
            ids,
        )
        == []
    )
