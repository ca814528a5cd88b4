"""What the rules found in the current documents of a release."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from budgetgraph.server.backend import backend
from budgetgraph.server.catalogue.records import Record, read_records
from budgetgraph.server.terms import Row, Term
from budgetgraph.shapes.across import GRAPH
from budgetgraph.shapes.rules import SHAPE_BASE

SEVERITIES = ("Violation", "Warning", "Info")
#: Findings that a rule's page shows; the query asks for one more.
MOST = 500


@dataclass(slots=True)
class Standing:
    """A rule in the league: how often it found something, and in which documents (by `Record.sha`)."""

    rule: str
    severity: str
    findings: int = 0
    documents: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the findings is counted; None means all."""

    severity: str | None = None
    year: str | None = None
    place: str | None = None

    def takes(self, record: Record) -> bool:
        """Tell whether a document counts."""
        return self.year in {None, record.year} and self.place in {None, record.place_code}


def across_graph() -> str:
    """Return the name of the graph that holds the report on the documents together."""
    return backend().release().metadata.base + GRAPH


def by_result(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the results of a report, each once, the worst first, with their messages in all languages."""
    found: dict[Term, dict[str, Any]] = {}
    for row in rows:
        name = row["severity"].value.rpartition("#")[2]
        rank = name if name in SEVERITIES else SEVERITIES[-1]
        entry = found.setdefault(row["result"], {**row, "messages": set(), "rank": rank})
        if "message" in row:
            entry["messages"].add(row["message"])
    return sorted(found.values(), key=lambda finding: SEVERITIES.index(finding["rank"]))


def reports_by_graph(records: Iterable[Record]) -> dict[str, Record]:
    """Return the current documents by the graph of their report."""
    base = backend().release().metadata.base
    return {f"{base}graph/doc/{record.sha}/report": record for record in records}


def read_league(chosen: Chosen, records: Iterable[Record]) -> list[Standing]:
    """Return the rules that found something, those with the most findings first."""
    taken = [record for record in records if chosen.takes(record)]
    reports, budgets = reports_by_graph(taken), {record.series: record for record in taken}
    found: dict[str, Standing] = {}
    counted = [(reports.get(row["graph"].value), row) for row in backend().select("count-findings-by-rule")]
    together = backend().select("count-findings-by-focus", graph=across_graph())
    for record, row in (*counted, *((budgets.get(row["focus"].value), row) for row in together)):
        severity = row["severity"].value.rpartition("#")[2]
        if record is None or chosen.severity not in {None, severity}:
            continue
        rule = row["shape"].value.removeprefix(SHAPE_BASE)
        standing = found.setdefault(rule, Standing(rule, severity))
        standing.findings += int(row["count"].value)
        standing.documents.add(record.sha)
    return sorted(found.values(), key=lambda each: (-each.findings, -len(each.documents), each.rule))


def read_findings(iri: str) -> tuple[list[dict[str, Any]], bool]:
    """Return what a rule found, by document, each with its messages; and whether there is more than that."""
    records = read_records()
    reports, budgets = reports_by_graph(records), {record.series: record for record in records}
    together = across_graph()
    found: dict[Term, dict[str, Any]] = {}
    results = set()
    for row in backend().select("list-findings-of-rule", this=iri):
        results.add(row["result"])
        graph, focus = row["graph"].value, row["focus"].value
        record = budgets.get(focus) if graph == together else reports.get(graph)
        if record is None:
            continue
        entry = found.setdefault(row["result"], {**row, "record": record, "messages": set()})
        if "message" in row:
            entry["messages"].add(row["message"])
    return list(found.values())[:MOST], len(results) > MOST
