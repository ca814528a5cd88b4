"""Pages and RDF of every resource: `/id/...` leads by 303 to `/doc/...`, which is HTML or RDF by request.

`/doc/{path}` describes the resource `{base}id/{path}` (concepts: the vocabulary's base), in the form of its ending
(.ttl, .nt, .rdf, .jsonld, .html) or else of the Accept header.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from budgetgraph.ontology.namespaces import CODE_BASE, PREFIXES
from budgetgraph.server import structured_data
from budgetgraph.server.backend import backend
from budgetgraph.server.caching import add_validator, entity_tag, is_known
from budgetgraph.server.distinctions import distinctions
from budgetgraph.server.exceptions import NotFoundError, TooLargeError
from budgetgraph.server.formats import HTML, PAGE_GRAPH_FORMATS, Format
from budgetgraph.server.gone import is_withdrawn, missing
from budgetgraph.server.inverse import count_references, respond_inverse
from budgetgraph.server.languages import best_label, language
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.portraits import portrait_of
from budgetgraph.server.portraits.places import find_places
from budgetgraph.server.query_files import read_query
from budgetgraph.server.responses import respond
from budgetgraph.server.templating import local
from budgetgraph.server.terms import Row, Term, encode_path, resource_iri

resources = Blueprint("resources", __name__)

#: Statements and references that a page shows; the queries ask for one more, so that a cut can be told.
STATEMENTS = 500
REFERENCES = 100

#: What a description is offered as, the server's own preference first.
OFFERED: tuple[Format, ...] = (HTML, *PAGE_GRAPH_FORMATS)
_BY_EXTENSION = {each.extension: each for each in OFFERED}

_FIRST = f"{PREFIXES['rdf']}first"
_REST = f"{PREFIXES['rdf']}rest"
_STATES = f"{CODE_BASE}publication-state/"
_SKOS_XL = "http://www.w3.org/2008/05/skos-xl#"
_NUMBER, _DIGITS = re.compile("[0-9]+"), 12
#: Properties that name a resource, the best first.
_LABELS = ("prefLabel", "label", "title", "sourceLabel", "cellText")


@dataclass(frozen=True, slots=True)
class Property:
    """A predicate of a page with its label, and the nodes it leads to with theirs."""

    predicate: Term
    label: Term | None
    nodes: list[tuple[Term, Term | None]]


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that held in some years: "2010–2018", "–2018" or "2019–"."""

    name: str
    years: str


@resources.get("/id/<path:path>")
def identify(path: str) -> BaseResponse:
    """Redirect from a thing to the document about it (Cool URIs for the Semantic Web, 4.2: 303)."""
    chosen = choose_format(request.headers.get("Accept"), None, OFFERED)
    target = path if chosen is HTML else f"{path}.{chosen.extension}"
    response = redirect(local(f"/doc/{encode_path(target)}"), code=303)
    response.vary.add("Accept")
    return response


@resources.get("/doc/<path:path>")
def describe(path: str) -> Response:
    """Return the document about a resource; 404 when nothing speaks of it, 410 when it was published and is gone."""
    stem, chosen = split_extension(path)
    server = backend()
    iri = resource_iri(stem, server.release().metadata.base)
    if not _is_iri(iri):
        raise NotFoundError(f"{iri} is no IRI. Follow a link, or ask /sparql.")
    if "inverse" in request.args:
        tag = entity_tag(server.release().id, iri, chosen.name, language(), request.query_string.decode("latin-1"))
        response = Response(status=304) if is_known(tag) else _inverse(iri, stem, chosen)
    elif chosen is HTML:
        tag = entity_tag(server.release().id, iri, chosen.name, language(), request.query_string.decode("latin-1"))
        response = Response(status=304) if is_known(tag) else server.pages.page(tag, lambda: _page(iri, stem))
    else:
        tag = entity_tag(server.release().id, iri, chosen.name)
        response = Response(status=304) if is_known(tag) else _rdf(iri, chosen)
    if response.status_code == HTTPStatus.OK and _may_be_gone(iri) and is_withdrawn(iri):
        response.status_code = HTTPStatus.GONE
    response.vary.update(["Accept", "Accept-Language"])
    response.headers["Content-Location"] = f"/doc/{encode_path(stem)}.{chosen.extension}"
    response.headers.add("Link", f'<{iri}>; rel="describes"')
    return add_validator(response, tag)


def _may_be_gone(iri: str) -> bool:
    """Tell whether a resource is a document that this release does not hold, though it may say why."""
    metadata = backend().release().metadata
    beginning, _, document = iri.rpartition("/")
    return beginning == f"{metadata.base}id/doc" and document not in metadata.documents


def split_extension(path: str) -> tuple[str, Format]:
    """Return a path without the ending that names a format, and the format it or the Accept header asks for.

    Raises NotAcceptableError when there is no such ending and no format is accepted.
    """
    stem, _, extension = path.rpartition(".")
    if stem and extension in _BY_EXTENSION:
        return stem, _BY_EXTENSION[extension]
    return path, choose_format(request.headers.get("Accept"), None, OFFERED)


def _page(iri: str, path: str) -> Response:
    server = backend()
    rows = server.select("describe-resource", this=iri)
    references = server.select("find-references", this=iri)
    observations = _distinct(server.select("list-observations", this=iri), "observation")
    if not (rows or references or observations):
        raise missing(iri)
    sources = server.select("find-source", this=iri)
    counts = count_references(iri)
    parts, lists = _parts(server.select("describe-parts", this=iri))
    former = [name for part in parts.values() if (name := _former_name(part))]
    portrait, places = portrait_of(rows), find_places(iri)
    is_cell = any(place.own for place in places)
    painted = portrait.paint(iri) if portrait else {}
    title = _title(rows) or (places[0].printed if is_cell else "") or Term("uri", iri).short()
    address = f"/doc/{encode_path(path)}"
    page = render_template(
        portrait.template if portrait else "resource.html",
        structured=[
            structured_data.describe(iri, address, title, rows, PAGE_GRAPH_FORMATS),
            structured_data.breadcrumbs(structured_data.crumbs(painted.get("crumbs", ()))),
        ],
        portrayed=is_cell or (portrait is not None and portrait.folds),
        **painted,
        release=server.release(),
        iri=iri,
        path=encode_path(path),
        title=title,
        properties=_group(rows, "object"),
        parts=parts,
        lists=lists,
        source=sources[0] if sources else None,
        places=places,
        references=_group(references, "subject"),
        observations=observations[:REFERENCES],
        distinctions=distinctions(iri) if observations else {},
        is_cut=_count(rows, "object") > STATEMENTS,
        references_cut=any(each.is_least for each in counts)
        or _count(references, "subject") > REFERENCES
        or len(observations) > REFERENCES,
        counts=counts,
        former=sorted(former, key=lambda name: name.years),
        refusal=_refusal(rows),
        statements=STATEMENTS,
        limit=REFERENCES,
        formats=PAGE_GRAPH_FORMATS,
    )
    return Response(page, content_type=HTML.content_type)


def _inverse(iri: str, path: str, chosen: Format) -> Response:
    rows = backend().select("describe-resource", this=iri)
    return respond_inverse(iri, f"/doc/{encode_path(path)}", _title(rows) or Term("uri", iri).short(), chosen)


def _rdf(iri: str, chosen: Format) -> Response:
    server = backend()
    if b"false" in b"".join(server.evaluate(read_query("is-known"), "csv", {"this": iri})):
        raise missing(iri)
    answer = server.evaluate(read_query("construct-resource"), chosen.name, {"this": iri})
    if answer.cut is not None:
        answer.close()
        raise TooLargeError("The description is larger than an answer may be. Ask /sparql for a part.")
    return respond(answer, chosen.content_type)


def _group(rows: Iterable[Row], node: str) -> list[Property]:
    """Return the rows by predicate, each node once, with labels in the language of the request."""
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
        Property(
            predicate,
            best_label(predicate_labels.get(predicate, ())),
            [(value, best_label(labels)) for value, labels in sorted(values.items(), key=_by_number)],
        )
        for predicate, values in nodes.items()
    ]


def _by_number(item: tuple[Term, object]) -> str:
    """Return what sorts resources by the numbers in their IRIs, 2 before 10; all else stays in its order."""
    return _NUMBER.sub(lambda found: found.group().zfill(_DIGITS), item[0].value) if item[0].kind == "uri" else ""


def _refusal(rows: Iterable[Row]) -> str | None:
    """Return state and reason of a publication that the release does not hold, None for all other resources."""
    said: dict[str, list[Term]] = {"type": [], "description": []}
    for row in rows:
        name = row["predicate"].value.removeprefix(PREFIXES["dcterms"])
        if name == "description":
            said[name].append(row["object"])
        elif name == "type" and row["object"].value.startswith(_STATES) and "objectLabel" in row:
            said[name].append(row["objectLabel"])
    state, reason = best_label(said["type"]), best_label(said["description"])
    return f"{state.value}: {reason.value}" if state and reason else None


def _former_name(part: Sequence[Property]) -> FormerName | None:
    """Return the name that a label of SKOS-XL gives, with its years; None when a node is no such label."""
    values = {each.predicate.value: each.nodes[0][0].value for each in part if each.nodes}
    name = values.get(f"{_SKOS_XL}literalForm")
    first, last = (values.get(f"{PREFIXES['schema']}{key}", "") for key in ("validFrom", "validThrough"))
    return FormerName(name, f"{first}–{last}") if name else None


def _parts(rows: Iterable[Row]) -> tuple[dict[Term, list[Property]], dict[Term, list[Term]]]:
    """Return the nodes that a page shows in place: descriptions by node, and lists of items by their first cell."""
    by_part: dict[Term, list[Row]] = {}
    first: dict[Term, Term] = {}
    rest: dict[Term, Term] = {}
    for row in rows:
        by_part.setdefault(row["part"], []).append(row)
        if row["predicate"].value == _FIRST:
            first[row["part"]] = row["object"]
        elif row["predicate"].value == _REST:
            rest[row["part"]] = row["object"]
    described = {part: _group(said, "object") for part, said in by_part.items() if part not in first}
    return described, {head: list(_items(head, first, rest)) for head in first}


def _items(cell: Term, first: Mapping[Term, Term], rest: Mapping[Term, Term]) -> Iterator[Term]:
    """Yield the items of a list in its order; each cell once, so that a list that bites its tail ends."""
    met = set()
    while cell in first and cell not in met:
        met.add(cell)
        yield first[cell]
        cell = rest.get(cell, cell)


def _distinct(rows: Iterable[Row], name: str) -> list[Row]:
    return list({row[name]: row for row in rows}.values())


def _count(rows: Iterable[Row], node: str) -> int:
    return len({(row["predicate"], row[node]) for row in rows})


def _title(rows: Iterable[Row]) -> str | None:
    """Return the best label among what is said of a resource, in the language of the request."""
    labels: dict[str, list[Term]] = {}
    for row in rows:
        name = row["predicate"].value.replace("#", "/").rpartition("/")[2]
        labels.setdefault(name, []).append(row["object"])
    found = next((best_label(labels[name]) for name in _LABELS if name in labels), None)
    return found.value if found else None


def _is_iri(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True
