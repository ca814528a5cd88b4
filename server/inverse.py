"""What refers to a resource by one property, page by page: `/doc/...?inverse=PROPERTY`, with `after` or `before`.

A page begins behind a resource and not at a number, so it says the same whatever comes before it. Links lead to the
next and the former page, in the page and as `Link` headers (RFC 8288), for the machine forms too.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Response, request

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.backend import backend
from budgetgraph.server.delivery import render_page
from budgetgraph.server.exceptions import NotFoundError, RequestError
from budgetgraph.server.formats import HTML, Format
from budgetgraph.server.languages import best_label
from budgetgraph.server.syntaxes import SYNTAXES
from budgetgraph.server.terms import Row, Term

#: Resources of a page; the queries ask for one more. What the pages before the first one begin behind: no IRI is less.
PAGE = 100
_LEAST = "A:"
#: References that are counted; there may be more.
COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many resources a property leads from; `is_least` when not all were counted."""

    property: Term
    label: Term | None
    number: int
    is_least: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Resources with their names, and where the next and the former page begin."""

    subjects: Sequence[tuple[Term, Term | None]]
    after: str | None
    before: str | None

    def links(self, path: str, property_iri: str) -> Mapping[str, str]:
        """Return the addresses "next" and "prev", those that there are."""
        kept = {name: request.args[name] for name in ("lang", "release") if name in request.args}
        found = {}
        for relation, name, value in (("next", "after", self.after), ("prev", "before", self.before)):
            if value is not None:
                found[relation] = f"{path}?{urlencode({'inverse': property_iri, name: value, **kept})}"
        return found


def count_references(iri: str) -> list[Count]:
    """Return the properties that lead to a resource, with how many resources each leads from."""
    labels: dict[Term, set[Term]] = {}
    numbers: dict[Term, int] = {}
    for row in backend().select("count-inverse", this=iri):
        numbers[row["property"]] = int(row["count"].value)
        labels.setdefault(row["property"], set()).update([row["label"]] if "label" in row else [])
    is_least = sum(numbers.values()) > COUNTED
    return [Count(name, best_label(labels[name]), number, is_least) for name, number in numbers.items()]


def respond_inverse(iri: str, path: str, title: str, chosen: Format) -> Response:
    """Return a page of what refers to a resource by the property that the request asks for, in the format.

    path  of the document about the resource, as its links have it. Raises RequestError when a parameter is no
    IRI, NotFoundError when nothing refers to the resource by the property.
    """
    property_iri, after, before = (_iri(name) for name in ("inverse", "after", "before"))
    page = _read(iri, property_iri, after, before)
    if not (page.subjects or after or before):
        raise NotFoundError(f"Nothing leads to {iri} by <{property_iri[:200]}>. Take the address from its page.")
    links = page.links(path if chosen is HTML else f"{path}.{chosen.extension}", property_iri)
    if chosen is HTML:
        label = next((each.label for each in count_references(iri) if each.property.value == property_iri), None)
        response = render_page(
            "inverse.html", title=title, iri=iri, path=path, property=Term("uri", property_iri), label=label,
            page=page, links=links,
        )  # fmt: skip
    else:
        response = Response(_serialized(iri, property_iri, page, chosen), content_type=chosen.content_type)
    for relation, address in links.items():
        response.headers.add("Link", f'<{address}>; rel="{relation}"')
    return response


def _read(iri: str, property_iri: str, after: str, before: str) -> Page:
    if before:
        rows = backend().select("list-inverse-before", this=iri, property=property_iri, other=before)
        found = _labelled(rows)
        if len(found) > PAGE:
            shown = found[PAGE - 1 :: -1]
            return Page(shown, shown[-1][0].value, shown[0][0].value)
        after = ""  # what is before is the first page, and perhaps not a full one: begin at the beginning
    found = _labelled(backend().select("list-inverse-after", this=iri, property=property_iri, other=after or _LEAST))
    shown = found[:PAGE]
    following = shown[-1][0].value if len(found) > PAGE else None
    return Page(shown, following, shown[0][0].value if after and shown else None)


def _labelled(rows: Sequence[Row]) -> list[tuple[Term, Term | None]]:
    labels: dict[Term, set[Term]] = {}
    for row in rows:
        labels.setdefault(row["subject"], set()).update([row["label"]] if "label" in row else [])
    return [(subject, best_label(found)) for subject, found in labels.items()]


def _serialized(iri: str, property_iri: str, page: Page, chosen: Format) -> bytes:
    this, predicate = ox.NamedNode(iri), ox.NamedNode(property_iri)
    triples = [ox.Triple(ox.NamedNode(subject.value), predicate, this) for subject, _ in page.subjects]
    output = io.BytesIO()
    ox.serialize(triples, output, SYNTAXES[chosen.name], prefixes=PREFIXES)
    return output.getvalue()


def _iri(name: str) -> str:
    """Return a parameter that is an IRI, "" when it is not given."""
    value = request.args.get(name, "")
    if value:
        try:
            ox.NamedNode(value)
        except ValueError:
            raise RequestError(f"{name}={value[:80]} is no IRI. Take it from a link of the resource's page.") from None
    return value
