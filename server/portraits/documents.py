"""A document version: what validation says of it, its official tables, projects and performance targets."""

import re
from collections.abc import Mapping
from typing import Any

from budgetgraph.server.backend import backend
from budgetgraph.server.languages import language
from budgetgraph.server.terms import Row, Term

#: Indicators and items that a page shows; the queries ask for one more.
MOST_INDICATORS = 1000
MOST_ITEMS = 2000


def portray_document(iri: str) -> Mapping[str, Any]:
    """Return the tables, findings, projects and indicators of a document version."""
    server = backend()
    document = iri.rpartition("/")[2]
    report = f"{server.release().metadata.base}graph/doc/{document}/report"
    findings = {
        row["severity"].value.rpartition("#")[2]: int(row["count"].value)
        for row in server.select("count-findings")
        if row["graph"].value == report and "severity" in row
    }
    indicators = server.select("list-indicators", this=iri)
    items = server.select("list-projects", this=iri)
    return {
        "sha": document,
        "validated": any(row["graph"].value == report for row in server.select("count-findings")),
        "findings": findings,
        "about": _about(server.select("find-document", this=iri)),
        "tables": server.select("list-tables", this=iri),
        "projects": _projects(items[:MOST_ITEMS]),
        "indicators": indicators[:MOST_INDICATORS],
        "lists_cut": len(indicators) > MOST_INDICATORS or len(items) > MOST_ITEMS,
    }


def _about(rows: list[Row]) -> Row | None:
    """Return body, year and phase of the document, the phase in the language of the page where it has a name in it."""
    named = [row for row in rows if "phaseLabel" in row and row["phaseLabel"].language == language()]
    return next(iter([*named, *rows]), None)


def _projects(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the projects with their items: number, name and amount as terms."""
    found: dict[Term, dict[str, Any]] = {}
    for row in rows:
        project = found.setdefault(
            row["project"], {"project": row["project"], "label": row["label"], "budget": row.get("budget"), "items": []}
        )
        if "item" in row:
            project["items"].append(row)
    for project in found.values():
        project["items"].sort(key=lambda item: [int(part) for part in re.findall(r"\d+", item["number"].value)])
    return list(found.values())
