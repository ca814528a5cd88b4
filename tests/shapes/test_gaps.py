"""Rules are silent where amounts of a table are not converted, and in no other place."""

import re

import pytest

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.engines import DEFAULT_ENGINE, ENGINES
from budgetgraph.shapes.rules import ROUNDING
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

GUARDED = [
    rule.id
    for rule in shipped_shapes().rules.values()
    if "bud:hasGap" in (rule.query or "") and rule.id != "PV-4" and not rule.id.endswith(ROUNDING)
]
#: One of each form of condition, for which the engine of reference is asked too.
FORMS = {"WT-1", "WT-13", "GP-1-lines", "XT-1", "XT-total", "CL-4"}
BUDGET = "https://example.org/id/budget/shifan/2021/budget"
CODE = "https://w3id.org/budgetgraph/id/code/"
CUBE = "http://purl.org/linked-data/cube#"
DIMENSIONS = (
    *("functionalClass", "expenditureNature", "economicClass", "threePublic"),
    *("revenueSource", "procurementKind", "procurementLine", "govEconomicClass", "projectLine", "fund"),
)


def gaps(turtle: str, at: str) -> str:
    """Return gaps in all data sets of a case, over every dimension."""
    prefixes = re.findall(r"@prefix .*", turtle)
    along = ", ".join(f"bud:{name}" for name in DIMENSIONS)
    sets = {*re.findall(r"^(\S+) a qb:DataSet", turtle, re.MULTILINE), *re.findall(r"qb:dataSet (\S+)", turtle)}
    sets = {name for name in sets if ":" in name}
    gap = f"<https://example.org/gap> a bud:TableGap ; bud:gapAlong {along} {at} ."
    # A table that is not read at all.
    lost = f"""<{BUDGET}/lost> a <{CUBE}DataSet> ; <{CUBE}structure> bud:dsd-expenditure ;
        bud:tableKind <{CODE}table-kind/general-expenditure> ; <http://purl.org/dc/terms/isPartOf> <{BUDGET}> ."""
    names = [f"<{BUDGET}/lost>", *sorted(sets)]
    return "\n".join([*prefixes, gap, lost, *(f"{name} bud:hasGap <https://example.org/gap> ." for name in names)])


def test_the_rules_that_add_up_and_compare_are_guarded() -> None:
    assert {"WT-1", "WT-2", "WT-3", "WT-4", "WT-13", "XT-1", "XT-3", "XT-blank", "GP-1", "CL-4"} <= set(GUARDED)


@pytest.mark.parametrize("rule", GUARDED)
def test_a_rule_says_nothing_where_amounts_are_not_converted(rule: str) -> None:
    path = CASES / rule / "invalid.ttl"
    turtle = path.read_text(encoding="utf-8")
    for engine in sorted(ENGINES) if rule in FORMS else [DEFAULT_ENGINE]:
        report = validate(document(path, gaps(turtle, "")), engine_name=engine)
        assert rule not in {result.rule for result in report.results}, engine


@pytest.mark.parametrize(
    "rule", [r for r in GUARDED if r not in {"WT-4", "XT-13", "CL-4", "WT-14", "NR-9", "DR-2", "DR-3"}]
)
def test_a_rule_is_asked_beside_the_gap(rule: str) -> None:
    path = CASES / rule / "invalid.ttl"
    turtle = path.read_text(encoding="utf-8")
    elsewhere = f"; bud:gapAt <{CODE}functional/2021/999>, <{CODE}expenditure-nature/x>, <{CODE}procurement-kind/x>"
    report = validate(document(path, gaps(turtle, elsewhere)))
    assert rule in {result.rule for result in report.results}
