"""The pages that are no description of one resource: home, validation reports."""

from flask import Blueprint, Response, request

from budgetgraph.server.backend import backend
from budgetgraph.server.catalogue.records import read_records
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.examples import read_examples
from budgetgraph.server.exceptions import NotFoundError
from budgetgraph.server.formats import HTML, PAGE_GRAPH_FORMATS, Format
from budgetgraph.server.gone import missing
from budgetgraph.server.languages import word
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.query_files import read_query
from budgetgraph.server.resources import OFFERED
from budgetgraph.server.responses import respond
from budgetgraph.server.rules.across import found_about, is_reported, outdated, read_across
from budgetgraph.server.rules.findings import across_graph, by_result
from budgetgraph.server.structured_data import website
from budgetgraph.server.terms import Term

pages = Blueprint("pages", __name__)

#: Findings that a report's page shows; the query asks for one more.
FINDINGS = 1000


@pages.get("/")
def home() -> Response:
    """Return the list of published documents."""
    return deliver(
        HTML,
        lambda: render_page(
            "home.html",
            documents=_documents(),
            across=is_reported(),
            examples=read_examples(),
            structured=[website(word("site"), word("about"))],
        ),
    )


@pages.get("/validation/<document>", defaults={"extension": None})
@pages.get("/validation/<document>.<extension>")
def validation(document: str, extension: str | None) -> Response:
    """Return the validation report of a document version."""
    server = backend()
    metadata = server.release().metadata
    if document not in metadata.documents:
        raise missing(f"{metadata.base}id/doc/{document}")
    graph = f"{metadata.base}graph/doc/{document}/report"
    reports = server.select("find-report", graph=graph)
    if not reports:
        raise NotFoundError(f"Document {document} was published without a validation report.")
    chosen = _choose(extension, OFFERED)
    if chosen is not HTML:
        return deliver(chosen, lambda: _graph(graph, chosen))
    findings = by_result(server.select("list-findings", graph=graph))
    titles = server.select("find-document", this=f"{metadata.base}id/doc/{document}")
    return deliver(
        HTML,
        lambda: render_page(
            "validation.html",
            document=Term("uri", f"{metadata.base}id/doc/{document}"),
            title=titles[0]["title"].value if titles else document,
            sha=document,
            conforms=reports[0]["conforms"].value == "true",
            findings=findings[:FINDINGS],
            is_cut=len(findings) > FINDINGS,
            limit=FINDINGS,
            across=found_about(document),
            outdated=outdated(),
        ),
    )


@pages.get("/validation/across", defaults={"extension": None})
@pages.get("/validation/across.<extension>")
def validation_across(extension: str | None) -> Response:
    """Return the report on the documents of the release together."""
    if not is_reported():
        raise NotFoundError("No document of this release has to do with another, so that none were compared.")
    chosen = _choose(extension, OFFERED)
    if chosen is not HTML:
        return deliver(chosen, lambda: _graph(across_graph(), chosen))
    findings = read_across()
    return deliver(
        HTML,
        lambda: render_page(
            "rules/across.html",
            findings=findings[:FINDINGS],
            is_cut=len(findings) > FINDINGS,
            limit=FINDINGS,
            documents=len(read_records()),
            outdated=outdated(),
            formats=PAGE_GRAPH_FORMATS,
        ),
    )


def _choose(extension: str | None, offered: tuple[Format, ...]) -> Format:
    return choose_format(request.headers.get("Accept"), extension, offered)


def _graph(name: str, chosen: Format) -> Response:
    answer = backend().evaluate(read_query("construct-graph"), chosen.name, {"graph": name})
    return respond(answer, chosen.content_type)


def _documents() -> list[dict[str, object]]:
    """Return the documents with their labels in the language of the request, and what validation found."""
    counts: dict[str, dict[str, int]] = {}
    for row in backend().select("count-findings"):
        report = counts.setdefault(row["graph"].value, {})
        if "severity" in row:
            report[row["severity"].value.rpartition("#")[2]] = int(row["count"].value)
    base = backend().release().metadata.base
    found: dict[Term, dict[str, object]] = {}
    for row in backend().select("list-publications"):
        entry = found.setdefault(row["document"], {**row, "titles": set(), "body_labels": set()})
        for key, name in (("titles", "title"), ("body_labels", "bodyLabel")):
            labels = entry[key]
            if name in row and isinstance(labels, set):
                labels.add(row[name])
        entry["findings"] = counts.get(f"{base}graph/doc/{row['sha'].value}/report")
    return list(found.values())
