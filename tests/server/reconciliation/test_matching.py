"""Names against entities: exact by any name of the year, else by likeness, never certain where two fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.server.reconciliation.entities import Entity, fold_name
from budgetgraph.server.reconciliation.matching import ALIKE, EXACT, Asked, match


def entity(identity: str, *names: str, years: str = "", kind: str = "organisation", about: str = "") -> Entity:
    held = {fold_name(name): set(years.split()) for name in names}
    return Entity(identity, f"https://data.example.org/id/{identity}", kind, names[0], about, held)


BODIES = [
    entity("org/a", "甲市财政局", "财政局", about="甲市"),
    entity("org/b", "乙市财政局", "财政局", about="乙市"),
    entity("org/c", "甲市（区委）办公室", "区委办"),
]
CODES = [
    entity("code/functional/210", "医疗卫生与计划生育支出", "210", years="2017 2018", kind="functional"),
    entity("code/functional/211", "节能环保支出", "211", years="2017 2018 2021", kind="functional"),
]


@pytest.mark.parametrize(
    ("asked", "first", "certain"),
    [
        (Asked(["甲市财政局"]), "org/a", True),
        (Asked(["甲市(区委) 办公室"]), "org/c", True),
        (Asked(["区委办"]), "org/c", True),
        (Asked(["财政局"]), "org/a", False),  # two bodies have this name
        (Asked(["财政局"], conditions=["乙市"]), "org/b", True),
        (Asked(["甲市财政厅"]), "org/a", False),
        (Asked(["211"]), "code/functional/211", True),
        (Asked(["医疗卫生与计划生育支出"], as_of="2017"), "code/functional/210", True),
    ],
)
def test_the_best_candidate(asked: Asked, first: str, certain: bool) -> None:
    found = match(asked, [*BODIES, *CODES])
    assert (found[0].entity.id, found[0].certain) == (first, certain)


def test_a_name_of_another_year_is_no_match() -> None:
    assert match(Asked(["医疗卫生与计划生育支出"], as_of="2021"), CODES) == []


def test_codes_are_the_same_or_not() -> None:
    assert match(Asked(["2111"]), CODES) == []


def test_only_entities_of_the_type_asked_for() -> None:
    assert match(Asked(["甲市财政局"], type="functional"), [*BODIES, *CODES]) == []


@given(name=st.text(max_size=30), limit=st.integers(-5, 500))
def test_scores_are_standardised_and_fall(name: str, limit: int) -> None:
    found = match(Asked([name], limit=limit), [*BODIES, *CODES])
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= EXACT for score in scores)
    assert all(score == EXACT or score <= ALIKE for score in scores)
    assert sum(candidate.certain for candidate in found) <= 1
