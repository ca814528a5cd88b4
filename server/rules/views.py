"""`/shapes`: the rules, a page for each; `/validation`: which of them found the most."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, jsonify, request

from budgetgraph.ontology.namespaces import BASE
from budgetgraph.server.backend import backend
from budgetgraph.server.catalogue.records import read_records
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.exceptions import NotFoundError, RequestError
from budgetgraph.server.formats import CSV, HTML, TURTLE, Format
from budgetgraph.server.languages import language, word
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.questions.views import JSON_DATA
from budgetgraph.server.rules.across import is_reported
from budgetgraph.server.rules.findings import MOST, SEVERITIES, Chosen, Standing, read_findings, read_league
from budgetgraph.server.rules.reading import (
    is_across,
    read_examples,
    read_rules,
    shacl_of,
    standard_of,
    turtle_of,
    twins_of,
)
from budgetgraph.server.structured_data import breadcrumbs, defined_term
from budgetgraph.shapes.catalogue import ACROSS, FOLDER, shape_files
from budgetgraph.shapes.rules import Rule

rules = Blueprint("rules", __name__)

_COLUMNS = ("rule", "severity", "name_zh", "name_en", "findings", "documents")


@rules.get("/shapes", defaults={"extension": None})
@rules.get("/shapes.<extension>")
def shapes(extension: str | None) -> Response:
    """Return the rules for people, or the SHACL shapes of a document as one Turtle document."""
    if _choose(extension, (TURTLE, HTML)) is HTML:
        return deliver(HTML, _list)
    text = "\n".join(f"# {path.name}\n\n{path.read_text('utf-8')}" for path in shape_files())
    return deliver(TURTLE, lambda: Response(text, content_type=TURTLE.content_type))


@rules.get("/shapes/across-documents.ttl")
def shapes_across_documents() -> Response:
    """Return the shapes over several documents, a set of its own, for the graph that the query beside it makes."""
    text = f"{(FOLDER / ACROSS).read_text('utf-8')}\n{(FOLDER / 'prefixes.ttl').read_text('utf-8')}"
    return deliver(TURTLE, lambda: Response(text, content_type=TURTLE.content_type))


@rules.get("/shapes/across-documents.rq")
def query_across_documents() -> Response:
    """Return the query that makes, of each document, what the shapes over several documents look at."""
    text = (FOLDER / "across-documents.rq").read_text("utf-8")
    return deliver(TURTLE, lambda: Response(text, content_type="application/sparql-query; charset=utf-8"))


@rules.get("/shapes/<name>", defaults={"extension": None})
@rules.get("/shapes/<name>.<extension>")
def describe_rule(name: str, extension: str | None) -> Response:
    """Return the page of a rule, or its shape as Turtle."""
    rule = read_rules().get(name)
    if rule is None:
        raise NotFoundError(f"There is no rule {name[:40]!r}. /shapes lists all.")
    if _choose(extension, (HTML, TURTLE)) is TURTLE:
        return deliver(TURTLE, lambda: Response(turtle_of(rule), content_type=TURTLE.content_type))

    def page() -> Response:
        findings, is_cut = read_findings(rule.iri)
        return render_page(
            "rules/rule.html",
            structured=[
                defined_term(rule.iri, f"/shapes/{rule.id}", rule.id, *_texts(rule), "/shapes"),
                breadcrumbs([(word("shapes"), "/shapes")]),
            ],
            rule=rule,
            across=is_across(rule),
            shacl=shacl_of(rule),
            standard=standard_of(rule),
            twins=twins_of(rule),
            example=read_examples().get(rule.id),
            findings=findings,
            is_cut=is_cut,
            limit=MOST,
        )

    return deliver(HTML, page)


@rules.get("/validation", defaults={"extension": None})
@rules.get("/validation.<extension>")
def league(extension: str | None) -> Response:
    """Return the rules by what they found; `severity`, `year` and `place` narrow it down."""
    asked = extension or request.args.get("format")
    wanted = choose_format(request.headers.get("Accept"), asked, (HTML, JSON_DATA, CSV))
    chosen = Chosen(*(request.args.get(name) or None for name in ("severity", "year", "place")))
    if chosen.severity not in {None, *SEVERITIES}:
        raise RequestError(f"severity={str(chosen.severity)[:40]} is none of {', '.join(SEVERITIES)}.")
    make = {HTML.name: _league_page, JSON_DATA.name: _league_json, CSV.name: _league_csv}[wanted.name]
    return deliver(wanted, lambda: make(chosen))


def _texts(rule: Rule) -> tuple[str, str]:
    """Return name and description of a rule in the language of the request."""
    name, description = (texts.get(language(), texts["zh"]) for texts in (rule.names, rule.descriptions))
    return name, description


def _list() -> Response:
    standings = {each.rule: each for each in read_league(Chosen(), read_records())}
    return render_page(
        "rules/list.html",
        rules=read_rules().values(),
        severities=SEVERITIES,
        across=is_across,
        standings=standings,
    )


def _league_page(chosen: Chosen) -> Response:
    records = read_records()
    return render_page(
        "rules/league.html",
        chosen=chosen,
        standings=read_league(chosen, records),
        across=is_reported(),
        rules=read_rules(),
        documents=sum(chosen.takes(record) for record in records),
        years=sorted({record.year for record in records}, reverse=True),
        places={record.place_code: record.place_labels for record in records if record.place_code},
        severities=SEVERITIES,
        query=request.query_string.decode("latin-1"),
    )


def _league_json(chosen: Chosen) -> Response:
    return jsonify(
        release=backend().release().id,
        severity=chosen.severity,
        year=chosen.year,
        place=chosen.place,
        rules=[{"iri": f"{BASE}shape#{row['rule']}", **row} for row in _rows(chosen)],
    )


def _league_csv(chosen: Chosen) -> Response:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    writer.writerows(_rows(chosen))
    return Response(text.getvalue(), content_type=CSV.content_type)


def _rows(chosen: Chosen) -> list[dict[str, Any]]:
    return [_row(each) for each in read_league(chosen, read_records())]


def _row(standing: Standing) -> dict[str, Any]:
    rule = read_rules().get(standing.rule)
    names = rule.names if rule else {}
    values = (standing.rule, standing.severity, names.get("zh", ""), names.get("en", ""))
    return dict(zip(_COLUMNS, (*values, standing.findings, len(standing.documents)), strict=True))


def _choose(extension: str | None, offered: tuple[Format, ...]) -> Format:
    return choose_format(request.headers.get("Accept"), extension, offered)
