"""Pages and RDF of every resource: `/id/...` leads by 303 to `/doc/...`, which is HTML or RDF by request.

The data stands under the base of the release; pages link by path.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Protocol

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from budgetgraph.ontology.namespaces import BASE, CODE_BASE
from budgetgraph.server.exceptions import NotFoundError
from budgetgraph.server.languages import best_label, language, word
from budgetgraph.server.negotiation import choose
from budgetgraph.server.releases import Release
from budgetgraph.server.terms import Row, Term, local_path, read_results, resource_iri

pages = Blueprint("pages", __name__)

#: File ending -> media type, in the order in which they are offered.
FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_ENDINGS = {media_type: ending for ending, media_type in FORMATS.items()}

#: References from elsewhere that a page shows.
REFERENCES = 100

_DOCUMENT = re.compile(r"[0-9a-f]{16}\Z")
_RESULTS = "application/sparql-results+json"


class Endpoint(Protocol):
    """What the pages ask for data: the live release, through the query workers."""

    def release(self) -> Release:
        """Return the live release."""

    def evaluate(self, query: str, substitutions: Mapping[str, Any], media_type: str) -> Iterable[bytes]:
        """Return the serialised answer of a query whose variables are replaced by terms."""


def endpoint() -> Endpoint:
    """Return the endpoint of this application."""
    found: Endpoint = current_app.extensions["budgetgraph"]
    return found


@cache
def _query(name: str) -> str:
    return (resources.files("budgetgraph.server") / "queries" / f"{name}.rq").read_text("utf-8")


def _rows(name: str, **terms: ox.NamedNode) -> list[Row]:
    return read_results(endpoint().evaluate(_query(name), terms, _RESULTS))


@pages.app_context_processor
def helpers() -> dict[str, Any]:
    """Return what all templates use."""
    return {"word": word, "language": language(), "href": _href, "best": best_label, "money": _money}


def _href(term: Term) -> str | None:
    """Return the address a term is linked to, or None when it may not be linked."""
    if not term.is_link:
        return None
    return local_path(term.value, endpoint().release().metadata.base) or term.value


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
    for row in _rows("count-findings"):
        report = counts.setdefault(row["graph"].value, {})
        if "severity" in row:
            report[row["severity"].value.rpartition("#")[2]] = int(row["count"].value)
    base = endpoint().release().metadata.base
    documents = []
    seen = set()
    for row in _rows("list-publications"):
        if row["document"] in seen:
            continue
        seen.add(row["document"])
        sha = row["sha"].value
        documents.append({**row, "findings": counts.get(f"{base}graph/doc/{sha}/report")})
    return render_template("home.html", documents=documents, release=endpoint().release())


@pages.get("/id/<path:path>")
def identify(path: str) -> BaseResponse:
    """Redirect from a thing to the document about it (Cool URIs for the Semantic Web, 4.2: 303)."""
    media_type = choose(request.accept_mimetypes, list(FORMATS.values()))
    ending = _ENDINGS[media_type]
    target = path if ending == "html" else f"{path}.{ending}"
    response = redirect(url_for("pages.document", path=target), code=303)
    response.vary.add("Accept")
    return response


@pages.get("/doc/<path:path>")
def document(path: str) -> Response | str:
    """Return the document about a resource, in the form its ending or the Accept header asks for."""
    stem, _, ending = path.rpartition(".")
    if stem and ending in FORMATS:
        media_type = FORMATS[ending]
    else:
        stem, media_type = path, choose(request.accept_mimetypes, list(FORMATS.values()))
    iri = resource_iri(stem, endpoint().release().metadata.base)
    if not _is_iri(iri):
        raise NotFoundError(f"{iri} is no IRI. Follow a link, or ask /sparql.")
    if media_type != "text/html":
        return _rdf("construct-resource", iri, media_type)
    rows = _rows("describe-resource", this=ox.NamedNode(iri))
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
    media_type = _media_type(ending)
    if media_type != "text/html":
        return _graph_file("budgetgraph.ontology", ("budget.ttl", "structure.ttl"), media_type)
    found: dict[str, dict[str, Any]] = {}
    for row in _rows("list-terms"):
        entry = found.setdefault(row["term"].value, {"term": row["term"], "types": set(), "labels": set(), "comments": set()})
        entry["types"].add(row["type"].value)
        for key, name in (("labels", "label"), ("comments", "comment")):
            if name in row:
                entry[key].add(row[name])
        for name in ("domain", "range", "above"):
            if name in row:
                entry[name] = row[name]
    kinds: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": [], "individuals": []}
    for entry in found.values():
        kind = next((k for end, k in (("Class", "classes"), ("Property", "properties")) if _typed(entry, end)), "individuals")
        kinds[kind].append(entry)
    return _varied(render_template("definitions.html", kinds=kinds, base=f"{BASE}def#"))


def _typed(entry: dict[str, Any], ending: str) -> bool:
    return any(kind.endswith(ending) for kind in entry["types"])


@pages.get("/shapes")
@pages.get("/shapes.<ending>")
def shapes(ending: str | None = None) -> Response:
    """Return the SHACL shapes."""
    media_type = _media_type(ending)
    names = sorted(f.name for f in resources.files("budgetgraph.shapes").iterdir() if f.name.endswith(".ttl"))
    return _graph_file("budgetgraph.shapes", tuple(names), "text/turtle" if media_type == "text/html" else media_type)


@pages.get("/validation/<sha>")
@pages.get("/validation/<sha>.<ending>")
def validation(sha: str, ending: str | None = None) -> Response | str:
    """Return the validation report of a document version."""
    release = endpoint().release()
    if not _DOCUMENT.match(sha) or sha not in release.metadata.documents:
        raise NotFoundError(f"There is no document {sha}. The home page lists those that are published.")
    graph = ox.NamedNode(f"{release.metadata.base}graph/doc/{sha}/report")
    media_type = _media_type(ending)
    if media_type != "text/html":
        text = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
        return Response(endpoint().evaluate(text, {"graph": graph}, media_type), content_type=media_type)
    results: dict[str, dict[str, Any]] = {}
    for row in _rows("list-findings", graph=graph):
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
    rows = _rows("find-references", this=ox.NamedNode(iri))
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


def _rdf(name: str, iri: str, media_type: str) -> Response:
    body = b"".join(endpoint().evaluate(_query(name), {"this": ox.NamedNode(iri)}, media_type))
    if not _has_statements(body, media_type):
        raise NotFoundError(f"There is nothing about {iri}. Follow a link, or ask /sparql.")
    response = Response(body, content_type=media_type)
    response.vary.add("Accept")
    return response


def _has_statements(body: bytes, media_type: str) -> bool:
    found = ox.parse(body, ox.RdfFormat.from_media_type(media_type), base_iri=BASE)
    return next(iter(found), None) is not None


def _graph_file(package: str, names: tuple[str, ...], media_type: str) -> Response:
    texts = (resources.files(package) / name for name in names)
    quads = [q for text in texts for q in ox.parse(text.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)]
    body = ox.serialize(quads, format=ox.RdfFormat.from_media_type(media_type))
    response = Response(body, content_type=media_type)
    response.vary.add("Accept")
    return response


def _media_type(ending: str | None) -> str:
    if ending is None:
        return choose(request.accept_mimetypes, list(FORMATS.values()))
    if ending not in FORMATS:
        raise NotFoundError(f"there is no form .{ending}; there are {', '.join(FORMATS)}")
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
