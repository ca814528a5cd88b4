"""`/search`: a page for people, JSON for programs."""

from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from budgetgraph.server.backend import backend
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.exceptions import RequestError, TooLargeError
from budgetgraph.server.formats import HTML
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.questions.views import JSON_DATA
from budgetgraph.server.search.index import KINDS, Found, Index
from budgetgraph.server.terms import Row, read_results

search = Blueprint("search", __name__)

#: Hits of a page; the longest text that is looked for.
PAGE_HITS = 20
LONGEST = 200
_FACETS = ("kind", "year", "place")


def _index() -> Index:
    """Return the index of the release of this request; over a store elsewhere, from what that answers."""
    server = backend()
    if isinstance(server.engine, EmbeddedEngine):
        return server.indexes.get(server.release())
    return server.indexes.get(server.release(), lambda: Index.of(_rows))


def _rows(query: str) -> list[Row]:
    answer = backend().evaluate(query, "json")
    if answer.cut is not None:
        answer.close()
        raise TooLargeError("There is more to be found than the server reads at once. Raise `queries.rows`.")
    return read_results(answer)


@search.get("/search")
def find() -> Response:
    """Return what the text `q` finds, with facets; `kind`, `year` and `place` narrow it down."""
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST:
        raise RequestError(f"The text has {len(text)} characters; at most {LONGEST} are looked for.")
    chosen = {facet: value for facet in _FACETS if (value := request.args.get(facet))}
    if chosen.get("kind", KINDS[0]) not in KINDS:
        raise RequestError(f"kind={chosen['kind'][:40]} is none of {', '.join(KINDS)}.")
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= 1000):
        raise RequestError(f"page={number[:20]} is no whole number from 1 to 1000.")
    found = _index().find(text, chosen, int(number), PAGE_HITS) if text else Found((), 0, {})
    following = _address(page=str(int(number) + 1)) if int(number) * PAGE_HITS < found.total else None
    wanted = choose_format(request.headers.get("Accept"), request.args.get("format"), (HTML, JSON_DATA))
    if wanted is JSON_DATA:
        response = jsonify(
            text=text,
            total=found.total,
            facets=found.facets,
            hits=[
                {"iri": h.iri, "kind": h.kind, "label": h.label, "text": h.text, "year": h.year, "place": h.place}
                for h in found.hits
            ],
            next=following,
            release=backend().release().id,
        )
    else:
        page = render_template(
            "search.html",
            release=backend().release(),
            text=text,
            found=found,
            chosen=chosen,
            following=following,
            narrowed=_narrowed,
            widened=_widened,
        )
        response = Response(page, content_type=HTML.content_type)
    response.vary.update(["Accept", "Accept-Language"])
    return response


def _address(**changed: str) -> str:
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    return f"/search?{urlencode([*asked, *changed.items()])}"


def _narrowed(facet: str, value: str) -> str:
    """Return the address of this search with one value of a facet chosen."""
    asked = [(name, each) for name, each in request.args.items(multi=True) if name not in {facet, "page"}]
    return f"/search?{urlencode([*asked, (facet, value)])}"


def _widened(facet: str) -> str:
    """Return the address of this search without a facet."""
    asked = [(name, each) for name, each in request.args.items(multi=True) if name not in {facet, "page"}]
    return f"/search?{urlencode(asked)}"
