"""Published cubes pass the integrity constraints of the Data Cube vocabulary, and not because nothing was looked at."""

from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.shapes.documents import Document
from tests.shapes.cube_constraints import FAILS, INTEGRITY, check, constraints

CUBE = (INTEGRITY / "cube.ttl").read_text(encoding="utf-8")

#: What makes the sound cube break a constraint: a passage of it, and what stands there instead.
FAULTS = {
    "ic-01": (":s1 a qb:Observation ; qb:dataSet :staff ;", ":s1 a qb:Observation ; qb:dataSet :staff, :budget ;"),
    "ic-02": ("qb:structure :staffing .", "qb:structure :staffing, :spending ."),
    "ic-03": ("[ qb:measure :amount ], [ qb:attribute :note", "[ qb:attribute :note"),
    "ic-04": (":year a qb:DimensionProperty ; rdfs:range xsd:gYear .", ":year a qb:DimensionProperty ."),
    "ic-05": ("rdfs:range skos:Concept ; qb:codeList :areas .", "rdfs:range skos:Concept ."),
    "ic-06": ("[ qb:dimension :area ]", "[ qb:dimension :area ; qb:componentRequired false ]"),
    "ic-07": ("qb:DataStructureDefinition ; qb:sliceKey :by-year ;", "qb:DataStructureDefinition ;"),
    "ic-08": ("qb:SliceKey ; qb:componentProperty :year .", "qb:SliceKey ; qb:componentProperty :year, :month ."),
    "ic-09": ("qb:Slice ; qb:sliceStructure :by-year ;", "qb:Slice ;"),
    "ic-10": ('qb:sliceStructure :by-year ; :year "2021"^^xsd:gYear ;', "qb:sliceStructure :by-year ;"),
    "ic-11": (":area :south ; :kind :travel ;", ":kind :travel ;"),
    "ic-12": (":area :south ; :kind :travel ;\n    :place :province ; :unit :bureau ; :amount 2.50",
              ":area :north ; :kind :salary ;\n    :place :city ; :unit :office ; :amount 2.50"),
    "ic-13": (':status "final" ; qb:slice', "qb:slice"),
    "ic-14": (":unit :office ; :amount 1.50 .", ":unit :office ."),
    "ic-15": ("qb:measureType :heads ; :heads 12 .", "qb:measureType :heads ."),
    "ic-16": ("qb:measureType :heads ; :heads 12 .", "qb:measureType :heads ; :heads 12 ; :amount 1.00 ."),
    "ic-17": ('"2021"^^xsd:gYear ; qb:measureType :amount', '"2020"^^xsd:gYear ; qb:measureType :amount'),
    "ic-18": ("qb:observation :o1 .", "qb:observation :s1 ."),
    "ic-19a": (":south a skos:Concept ; skos:inScheme :areas .", ":south a skos:Concept ."),
    "ic-19b": ("skos:Collection ; skos:member :travel .", "skos:Collection ."),
    "ic-20": (":province :contains :city .", ""),
    "ic-21": (":office :partOf :bureau .", ""),
}  # fmt: skip

#: Constraints that a published budget has to give something to look at. It has no slices, no measure dimension, no
#: collections and no hierarchical code lists.
LOOKED_AT = {"ic-01", "ic-02", "ic-03", "ic-04", "ic-05", "ic-11", "ic-12", "ic-13", "ic-14", "ic-19a"}


def cube(turtle: str) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def test_there_is_a_query_for_each_constraint() -> None:
    numbers = [f"ic-{number:02}" for number in range(1, 22) if number != 19]
    assert set(constraints()) == {*numbers, "ic-19a", "ic-19b"} == set(FAULTS)
    for query in constraints().values():
        assert any(line.endswith(FAILS) for line in query.splitlines())


def test_a_sound_cube_passes_and_everything_is_looked_at() -> None:
    for name, (looked_at, violations) in check(cube(CUBE)).items():
        assert looked_at > 0, f"{name} looked at nothing"
        assert violations == 0, name


@pytest.mark.parametrize("name", FAULTS)
def test_a_constraint_finds_the_fault_it_is_about(name: str) -> None:
    passage, instead = FAULTS[name]
    assert CUBE.count(passage) == 1
    looked_at, violations = check(cube(CUBE.replace(passage, instead)))[name]
    assert violations > 0
    assert looked_at >= violations


def test_a_published_budget_passes_not_vacuously(converted: Path) -> None:
    found = check(Document(converted, "published").store)
    assert {name: violations for name, (_, violations) in found.items() if violations} == {}
    assert {name for name, (looked_at, _) in found.items() if looked_at} >= LOOKED_AT
    observations = found["ic-01"][0]
    assert observations > 300
    assert found["ic-12"][0] == observations
    assert found["ic-11"][0] > 5 * observations
    assert found["ic-14"][0] == observations
