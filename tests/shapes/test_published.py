"""The shapes over a real publication: its true faults are found, nothing else is, and changed figures are noticed."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.ontology.namespaces import BUD
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.results import Report, Severity
from budgetgraph.shapes.validation import validate

#: Rules about what this publication does not print: groups of items with an amount of their own, revenue by functional
#: class, conferences and training, lines of procurement, classes of governments, stated amounts of two years, rates of
#: completion, notes below empty tables, tables that other places add, an earlier year beside this one, codes in the
#: text, purchases set apart for small firms, stated amounts that a table of public expenses leaves blank.
ELSEWHERE = {
    *("PJ-1-group", "WT-1-government", "WT-1-revenue", "WT-2-revenue", "WT-3-conference", "GP-1-lines", "GP-3"),
    *(
        "YY-1",
        "YY-1-table",
        "YY-3",
        "PC-3",
        "TP-1",
        "TP-2",
        "TP-3",
        "TP-4",
        "TX-7",
        "TX-11",
        "ST-1-family",
        "CL-5",
        "GP-4",
        "GP-6",
        "WT-3-bodies",
        "WT-3-carried",
        "NR-9-public",
        "NR-12",
        "WT-3-bodies",
        "WT-3-carried",
        "GP-6",
        "AS-3",
        "AS-4",
        "YY-9",
        "YY-10",
        "YY-11",
        "WT-15",
        "WT-16",
    ),
}

#: What is wrong with this publication, each looked up in its text: how often each rule finds something.
FAULTS = {
    Severity.VIOLATION: {"AR-1": 1},
    Severity.WARNING: {
        "AR-2": 1,
        "CL-2": 2,
        "CL-3": 2,
        "CL-3-siblings": 1,
        "NR-5": 4,
        "PJ-3-missing": 1,
        "PJ-5": 2,
        "PF-1": 1,
        "PF-2": 1,
        "PF-3": 2,
        "PF-4": 2,
        "PF-6": 1,
        "PF-7": 3,
        "PF-8": 2,
    },
    Severity.INFO: {
        "CL-2-minor": 8,
        "DR-3": 1,
        "GL-1": 6,
        "GL-2": 4,
        "GL-3": 1,
        "NR-11": 1,
        "OR-6": 1,
        "OR-7": 3,
        "PJ-7": 3,
        "PF-9": 1,
        "PF-10": 1,
        "PR-1": 1,
        "ST-9": 2,
        "TX-1": 1,
        "TX-2": 3,
        "YY-5": 3,
    },
}

XSD_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


@pytest.fixture(scope="module")
def report(converted: Path) -> Report:
    return validate(converted)


def messages(report: Report, rule: str) -> list[str]:
    return [result.message.zh for result in report.results if result.rule == rule]


def test_every_fault_is_found_and_nothing_else(report: Report) -> None:
    for severity, expected in FAULTS.items():
        assert Counter(result.rule for result in report.results if result.severity is severity) == expected


def test_the_sums_of_the_tables_hold(report: Report) -> None:
    assert not [result for result in report.results if result.rule.endswith("-rounding")]


def test_a_calculation_that_does_not_compute_is_reported(report: Report) -> None:
    (message,) = messages(report, "AR-1")
    assert "63000 元" in message
    assert "630000 元" in message


def test_names_that_disagree_are_reported(report: Report) -> None:
    assert {message[:3] for message in messages(report, "CL-3")} == {"210", "234"}
    (siblings,) = messages(report, "CL-3-siblings")
    assert "233 与 234" in siblings
    assert {message[:3] for message in messages(report, "CL-2")} == {"210"}
    assert {message[:3] for message in messages(report, "CL-2-minor")} == {"201", "302", "303"}


def test_findings_in_tables_name_their_cells(report: Report) -> None:
    for result in report.results:
        if result.rule.startswith("CL"):
            assert all(cell.table.startswith("表") and cell.row and cell.column for cell in result.cells)
            assert result.cells


def test_every_rule_looks_at_something(report: Report) -> None:
    """What other kinds of publication print stands in `ELSEWHERE`; every other rule has something to compare."""
    assert {rule for rule, number in report.checked.items() if not number} == ELSEWHERE
    assert report.looked_at > 5000
    assert report.data_sets > 15


def test_both_engines_agree(report: Report, converted: Path) -> None:
    reference = validate(converted, engine_name="pyshacl")
    assert Counter(reference.results) == Counter(report.results)
    assert reference.checked == report.checked


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("t2/_T", {"WT-2", "WT-3"}),
        ("t2/2013101.basic", {"WT-1", "WT-3"}),
        ("t1-functional/201", {"WT-2", "XT-3"}),
        ("t1-nature/_T.project", {"WT-3", "XT-3"}),
        ("t3/_T.basic", {"WT-2-economic", "WT-3", "XT-same"}),
        ("t3/_T.personnel.30101", {"WT-3"}),
        ("t4/2013101._T._T.abroad", {"WT-1", "WT-3-public"}),
        ("t8/_T.basic.301", {"WT-2", "WT-3-economic", "XT-1"}),
        ("t8/2080501", {"WT-1", "WT-3"}),
        ("t8/2013102.departmental", {"WT-1", "WT-3"}),
        ("items/2021.2.1", {"PJ-1"}),
        ("t1-revenue/general", {"WT-13", "XT-16"}),
        ("t6-economic/_T._T.302", {"WT-4", "XT-1"}),
        ("t7/_T", {"WT-13", "XT-16", "XT-17"}),
        ("assets-value/vehicles", {"AS-1"}),
    ],
)
def test_a_changed_figure_is_noticed_where_it_stands(converted: Path, key: str, expected: set[str]) -> None:
    """One amount is made 500 yuan (0.05 in the tables' unit) larger, and nothing else is touched."""
    nquads = changed(converted, key, Decimal(500 if not key.startswith("items") else 20_000))
    found = {result.rule for result in validate(nquads).results if result.severity is Severity.VIOLATION}
    assert expected <= found


def changed(converted: Path, key: str, by: Decimal) -> bytes:
    """Return the document as N-Quads with one amount larger."""
    text = "\n".join(str(quad) + " ." for quad in Document(converted, "published").store)
    pattern = rf'(/budget/{re.escape(key)}> <{re.escape(BUD.amount)}> ")([^"]+)("\^\^<{re.escape(XSD_DECIMAL)}>)'
    text, count = re.subn(pattern, lambda match: f"{match[1]}{Decimal(match[2]) + by}{match[3]}", text)
    assert count == 1, f"{key} is no observation of the document"
    return text.encode()
