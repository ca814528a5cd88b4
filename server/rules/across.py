"""The report on the documents of a release together, which stands beside the reports of the documents."""

from typing import Any

from budgetgraph.server.backend import backend
from budgetgraph.server.catalogue.records import read_records
from budgetgraph.server.rules.findings import across_graph, by_result


def is_reported() -> bool:
    """Tell whether documents of the release were held against each other."""
    return bool(backend().select("find-report", graph=across_graph()))


def read_across() -> list[dict[str, Any]]:
    """Return what was found between documents, the worst first; `record` is the document that a finding is about."""
    records = {record.series: record for record in read_records()}
    findings = by_result(backend().select("list-findings", graph=across_graph()))
    return [{**each, "record": records.get(each["focus"].value)} for each in findings]


def outdated() -> tuple[str, str] | None:
    """Return when the report was made, and when the data was changed last, where that was later (ISO 8601)."""
    release = backend().release()
    return (release.metadata.reported, release.created) if release.metadata.reported else None


def found_about(document: str) -> list[dict[str, Any]]:
    """Return what was found between a document (by `Record.sha`) and others."""
    return [each for each in read_across() if each["record"] is not None and each["record"].sha == document]


def concerned() -> set[str] | None:
    """Return the budgets that something was found about between documents; None where there is no such report."""
    if not is_reported():
        return None
    return {row["focus"].value for row in backend().select("count-findings-by-focus", graph=across_graph())}
