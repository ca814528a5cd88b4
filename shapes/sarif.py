"""A report in SARIF 2.1.0 (OASIS), which code hosts and editors show beside the files."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.history import History
from budgetgraph.shapes.results import Cell, Report, Result, Severity
from budgetgraph.shapes.rules import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def to_sarif(reports: Iterable[Report], version: str, history: History | None = None) -> str:
    """Return the reports as one SARIF log with one run; `version` is that of the program."""
    reports, history = list(reports), history or History()
    rules = shipped_shapes().rules
    used = list(dict.fromkeys(result.rule for report in reports for result in report.results if result.rule in rules))
    driver = {
        "name": "budgetgraph",
        "version": version,
        "rules": [_rule(rules[rule]) for rule in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report) for report in reports],
        "results": [
            _result(result, number, used, history) for number, report in enumerate(reports) for result in report.results
        ],
        "properties": {"checked": {report.source: report.looked_at for report in reports}},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.names.get("en", rule.id)},
        "fullDescription": {"text": rule.descriptions.get("en", rule.names.get("en", rule.id))},
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"name_zh": rule.names.get("zh", rule.id), "description_zh": rule.descriptions.get("zh", "")},
    }


def _artifact(report: Report) -> dict[str, Any]:
    hashes = {"hashes": {"sha-256": report.sha256}} if report.sha256 else {}
    return {"location": {"uri": _uri(report.source)}, **hashes}


def _uri(source: str) -> str:
    from urllib.parse import quote

    return quote(source)


def _result(result: Result, artifact: int, used: list[str], history: History) -> dict[str, Any]:
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"index": artifact}}}
    locations = [{**place, "logicalLocations": [_logical(cell)]} for cell in result.cells] or [place]
    record: dict[str, Any] = {
        "ruleId": result.rule,
        "level": _LEVELS[result.severity],
        "message": {"text": result.message.en},
        "locations": locations,
        "partialFingerprints": {"budgetgraph/v1": result.fingerprint},
        "properties": {"message_zh": result.message.zh, "focus": result.focus},
    }
    if result.rule in used:
        record["ruleIndex"] = used.index(result.rule)
    if state := history.state(result.fingerprint):
        record["baselineState"] = state
    if (said := history.statuses.get(result.fingerprint)) and said.status == "accepted":
        record["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said.reason}]
    return record


def _logical(cell: Cell) -> Mapping[str, str]:
    places = [("page", cell.page), ("row", cell.row), ("column", cell.column)]
    words = ", ".join(f"{name} {number}" for name, number in places if number is not None)
    return {"fullyQualifiedName": f"{cell.table}, {words}" if words else cell.table, "kind": "element"}
