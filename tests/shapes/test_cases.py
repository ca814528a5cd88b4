"""Every rule passes its valid cases and faults its invalid ones, in the words that were approved."""

import os
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.engines import ENGINES
from budgetgraph.shapes.report import to_text
from budgetgraph.shapes.results import Report, Result, Value
from budgetgraph.shapes.rules import ROUNDING
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, case_id, cases, document, rule_of

#: With this set, the reports are written instead of compared; then read what `git diff` shows.
APPROVE = "BUDGETGRAPH_APPROVE"


def findings(report: Report) -> str:
    """Return what a report finds, in both languages, without its first line: that counts all rules there are."""
    return "\n".join(to_text(report, language).partition("\n")[2].strip() for language in ("zh", "en")) + "\n"


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    rules = set(shipped_shapes().rules)
    assert {rule_of(path) for path in cases("valid*")} == rules
    assert {rule_of(path) for path in cases("invalid*")} == rules


def test_every_approved_report_belongs_to_a_case() -> None:
    reports = {path.with_name(path.name.replace(".report.txt", ".ttl")) for path in CASES.glob("*/*.report.txt")}
    assert reports == set(cases("invalid*"))


@pytest.mark.parametrize("path", cases("valid*"), ids=case_id)
def test_a_valid_document_is_found_sound(path: Path) -> None:
    assert findings(validate(document(path), source=case_id(path))).strip() == ""


@pytest.mark.parametrize("rule", [rule for rule in shipped_shapes().rules if not rule.endswith(ROUNDING)])
def test_a_rule_looks_at_its_valid_document(rule: str) -> None:
    report = validate(document(CASES / rule / "valid.ttl"), source=rule)
    assert report.checked[rule] > 0


@pytest.mark.parametrize("path", cases("invalid*"), ids=case_id)
def test_an_invalid_document_is_reported_as_approved(path: Path) -> None:
    report = validate(document(path), source=case_id(path))
    assert rule_of(path) in {result.rule for result in report.results}
    approved = path.with_suffix(".report.txt")
    if os.environ.get(APPROVE):
        approved.write_text(findings(report), encoding="utf-8")
    assert findings(report) == approved.read_text(encoding="utf-8")


def by_value(report: Report) -> list[Result]:
    """Return the results with numbers as values: engines write the same number in different ways."""
    return [replace(result, value=result.value and _by_value(result.value)) for result in report.results]


def _by_value(value: Value) -> Value:
    try:
        return replace(value, text=str(Decimal(value.text).normalize()))
    except InvalidOperation:
        return value


@pytest.mark.parametrize("path", cases("invalid*"), ids=case_id)
def test_all_engines_give_the_same_report(path: Path) -> None:
    data = document(path)
    native, *others = [validate(data, source=case_id(path), engine_name=name) for name in sorted(ENGINES)]
    for other in others:
        assert by_value(other) == by_value(native)
        assert other.checked == native.checked
