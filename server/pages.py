"""Pages and RDF of every resource: `/id/...` leads by 303 to `/doc/...`, which is HTML or RDF by request.

The data stands under the base of the release; pages link by path.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from budgetgraph.ontology.namespaces import BASE, CODE_BASE
from budgetgraph.server.backend import backend, read_query
from budgetgraph.server.exceptions import NotFoundError
from budgetgraph.server.formats import HTML, PAGE_GRAPH_FORMATS, TURTLE, Format
from budgetgraph.server.languages import best_label, language, word
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.terms import Row, Term, local_path, resource_iri

pages = Blueprint("pages", __name__)

#: What a resource is offered as, by file ending.
FORMATS = {each.extension: each for each in (HTML, *PAGE_GRAPH_FORMATS)}

#: References from elsewhere that a page shows.
REFERENCES = 100

_DOCUMENT = re.compile(r"[0-9a-f]{16}\Z")


@pages.app_context_processor
def helpers() -> dict[str, Any]:
    """Return what all templates use."""
    return {"word": word, "language": language(), "href": _href, "best": best_label, "money": _money}


def _href(term: Term) -> str | None:
    """Return the address a term is linked to, or None when it may not be linked."""
    if not term.is_link:
        return None
    return local_path(term.value, backend().release().metadata.base) or term.value


def _money(text: str) -> str:
    """Return a decimal with thousands separators, digits unchanged.

    >>> _money("14652800.5")
    '14,652,800.50'
    """
    whole, _, fraction = text.partition(".")
    return f"{int(whole):,}.{fraction.ljust(2, '0')}"


@pages.get("/")
def home() -> str:
    """Return the list of published documents."""
    counts: dict[str, dict[str, int]] = {}
    for row in backend().select("count-findings"):
        report = counts.setdefault(row["graph"].value, {})
        if "severity" in row:
            report[row["severity"].value.rpartition("#")[2]] = int(row["count"].value)
    base = backend().release().metadata.base
    documents = []
    seen = set()
    for row in backend().select("list-publications"):
        if row["document"] in seen:
            continue
        seen.add(row["document"])
        sha = row["sha"].value
        documents.append({**row, "findings": counts.get(f"{base}graph/doc/{sha}/report")})
    return render_template("home.html", documents=documents, release=backend().release())


@pages.get("/id/<path:path>")
def identify(path: str) -> BaseResponse:
    """Redirect from a thing to the document about it (Cool URIs for the Semantic Web, 4.2: 303)."""
    form = _form(None)
    target = path if form is HTML else f"{path}.{form.extension}"
    response = redirect(url_for("pages.document", path=target), code=303)
    response.vary.add("Accept")
    return response


@pages.get("/doc/<path:path>")
def document(path: str) -> Response | str:
    """Return the document about a resource, in the form its ending or the Accept header asks for."""
    stem, _, ending = path.rpartition(".")
    if stem and ending in FORMATS:
        form = FORMATS[ending]
    else:
        stem, form = path, _form(None)
    iri = resource_iri(stem, backend().release().metadata.base)
    if not _is_iri(iri):
        raise NotFoundError(f"{iri} is no IRI. Follow a link, or ask /sparql.")
    if form is not HTML:
        return _rdf("construct-resource", "this", iri, form)
    rows = backend().select("describe-resource", this=iri)
    references = _references(iri)
    if not rows and not references.rows:
        raise NotFoundError(f"There is nothing about {iri}. Follow a link, or ask /sparql.")
    page = render_template(
        "resource.html",
        iri=iri,
        path=stem,
        title=_title(rows) or Term("uri", iri).short(),
        properties=_group(rows, "object"),
        references=references,
        formats=[ending for ending in FORMATS if ending != "html"],
    )
    return _varied(page)


@pages.get("/def")
@pages.get("/def.<ending>")
def definitions(ending: str | None = None) -> Response | str:
    """Return the vocabulary for people and for machines."""
    form = _form(ending)
    if form is not HTML:
        return _graph_file("budgetgraph.ontology", ("budget.ttl", "structure.ttl"), form)
    found: dict[str, dict[str, Any]] = {}
    for row in backend().select("list-terms"):
        entry = found.setdefault(
            row["term"].value, {"term": row["term"], "types": set(), "labels": set(), "comments": set()}
        )
        entry["types"].add(row["type"].value)
        for key, name in (("labels", "label"), ("comments", "comment")):
            if name in row:
                entry[key].add(row[name])
        for name in ("domain", "range", "above"):
            if name in row:
                entry[name] = row[name]
    kinds: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": [], "individuals": []}
    for entry in found.values():
        kind = next(
            (k for end, k in (("Class", "classes"), ("Property", "properties")) if _typed(entry, end)), "individuals"
        )
        kinds[kind].append(entry)
    return _varied(render_template("definitions.html", kinds=kinds, base=f"{BASE}def#"))


def _typed(entry: dict[str, Any], ending: str) -> bool:
    return any(kind.endswith(ending) for kind in entry["types"])


@pages.get("/shapes")
@pages.get("/shapes.<ending>")
def shapes(ending: str | None = None) -> Response:
    """Return the SHACL shapes."""
    form = _form(ending)
    names = sorted(f.name for f in resources.files("budgetgraph.shapes").iterdir() if f.name.endswith(".ttl"))
    return _graph_file("budgetgraph.shapes", tuple(names), TURTLE if form is HTML else form)


@pages.get("/validation/<sha>")
@pages.get("/validation/<sha>.<ending>")
def validation(sha: str, ending: str | None = None) -> Response | str:
    """Return the validation report of a document version."""
    release = backend().release()
    if not _DOCUMENT.match(sha) or sha not in release.metadata.documents:
        raise NotFoundError(f"There is no document {sha}. The home page lists those that are published.")
    graph = f"{release.metadata.base}graph/doc/{sha}/report"
    form = _form(ending)
    if form is not HTML:
        return _rdf("construct-graph", "graph", graph, form)
    results: dict[str, dict[str, Any]] = {}
    for row in backend().select("list-findings", graph=graph):
        entry = results.setdefault(row["result"].value, {**row, "messages": set()})
        if "message" in row:
            entry["messages"].add(row["message"])
    return _varied(render_template("validation.html", sha=sha, results=list(results.values())))


@dataclass(frozen=True, slots=True)
class References:
    """What refers to a resource: as many as are shown, and whether there are more."""

    rows: list[tuple[Term, Term | None, list[tuple[Term, Term | None]]]]
    is_cut: bool
    limit: int = REFERENCES


def _references(iri: str) -> References:
    rows = backend().select("find-references", this=iri)
    distinct = {(row["predicate"], row["subject"]) for row in rows}
    return References(_group(rows, "subject"), len(distinct) > REFERENCES)


def _group(rows: Iterable[Row], node: str) -> list[tuple[Term, Term | None, list[tuple[Term, Term | None]]]]:
    """Return predicate, its label, and the nodes with theirs, each in the language of the request."""
    predicate_labels: dict[Term, set[Term]] = {}
    nodes: dict[Term, dict[Term, set[Term]]] = {}
    for row in rows:
        predicate, value = row["predicate"], row[node]
        labels = nodes.setdefault(predicate, {}).setdefault(value, set())
        if f"{node}Label" in row:
            labels.add(row[f"{node}Label"])
        if "predicateLabel" in row:
            predicate_labels.setdefault(predicate, set()).add(row["predicateLabel"])
    return [
        (predicate, best_label(predicate_labels.get(predicate, ())), [(v, best_label(ls)) for v, ls in values.items()])
        for predicate, values in nodes.items()
    ]


def _title(rows: Iterable[Row]) -> str | None:
    for name in ("prefLabel", "label", "title"):
        labels = [row["object"] for row in rows if re.split("[/#]", row["predicate"].value)[-1] == name]
        if found := best_label(labels):
            return found.value
    return None


def _rdf(name: str, variable: str, iri: str, form: Format) -> Response:
    body = b"".join(backend().evaluate(read_query(name), form.name, {variable: iri}))
    if not _has_statements(body, form):
        raise NotFoundError(f"There is nothing about {iri}. Follow a link, or ask /sparql.")
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _has_statements(body: bytes, form: Format) -> bool:
    found = ox.parse(body, ox.RdfFormat.from_media_type(form.media_type), base_iri=BASE)
    return next(iter(found), None) is not None


def _graph_file(package: str, names: tuple[str, ...], form: Format) -> Response:
    texts = (resources.files(package) / name for name in names)
    quads = [q for text in texts for q in ox.parse(text.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)]
    body = ox.serialize(quads, format=ox.RdfFormat.from_media_type(form.media_type))
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _form(ending: str | None) -> Format:
    """Return the form a client asks for: by ending, by `?format=`, by Accept. Raises NotAcceptableError."""
    if ending is None:
        return choose_format(request.headers.get("Accept"), request.args.get("format"), list(FORMATS.values()))
    if ending not in FORMATS:
        raise NotFoundError(f"There is no form .{ending}; there are {', '.join(FORMATS)}.")
    return FORMATS[ending]


def _varied(page: str) -> Response:
    response = Response(page, content_type="text/html; charset=utf-8")
    response.vary.update(["Accept", "Accept-Language"])
    return response


def _is_iri(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return iri.startswith(("http://", "https://", CODE_BASE))
