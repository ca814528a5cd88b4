"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, a form for people, and the service's description."""

import json
from typing import Any
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, g, render_template, request

from budgetgraph.server.answers import Answer
from budgetgraph.server.backend import Backend, backend
from budgetgraph.server.caching import add_validator, entity_tag, is_known, query_tag
from budgetgraph.server.continuations import add_link
from budgetgraph.server.examples import read_examples
from budgetgraph.server.exceptions import ClientLeftError, RequestError, ServerError, TooLargeError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, PAGE_GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.guard import Inspection, inspect_query
from budgetgraph.server.headers import EDITOR_POLICY
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.protocol import QueryOperation, read_operation
from budgetgraph.server.responses import respond
from budgetgraph.server.service_description import Service, describe_service
from budgetgraph.server.slicing import following
from budgetgraph.server.terms import rows_of

sparql = Blueprint("sparql", __name__)

#: Solutions shown on a page; all of them come in the other formats.
PAGE_ROWS = 500
#: Bytes of an answer shown on a page.
PAGE_BYTES = 2 << 20
#: Characters of a link to the next part; servers and proxies read no longer headers.
_LONGEST_LINK = 6000


@sparql.route("/sparql", methods=["GET", "HEAD", "POST", "OPTIONS"], provide_automatic_options=False)
def endpoint() -> Response:
    """Answer a query; without one, give the form to a browser and the service description to a machine."""
    if request.method == "OPTIONS":
        response = Response(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        del response.headers["Content-Type"]
        return response
    server = backend()
    operation = read_operation(request, server.config.web.body)
    if operation.is_bare:
        return _describe(operation)
    if operation.query is None:
        raise RequestError("The request has no query.")
    g.query, g.pinned = operation.query, operation.release
    try:
        found = inspect_query(operation.query, server.config.guard)
        chosen = _choose(operation, found)
        if chosen is HTML:
            return _page(server, operation, operation.query, found)
        return _answer(server, operation, operation.query, found, chosen)
    except ClientLeftError:
        raise
    except ServerError as error:
        if _wants_page():
            return _form(operation.query, error=error)
        raise


def _choose(operation: QueryOperation, found: Inspection) -> Format:
    offered = GRAPH_FORMATS if found.form.gives_graph else RESULT_FORMATS
    return choose_format(request.headers.get("Accept"), operation.format, [*offered, HTML])


def _wants_page() -> bool:
    """Tell whether a person in a browser asks, who rather gets the form again than a bare message."""
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and "format" not in request.args


def _answer(server: Backend, operation: QueryOperation, query: str, found: Inspection, chosen: Format) -> Response:
    """Return the answer of a query as the worker writes it, or 304 when the client has it."""
    tag = query_tag(
        server.release().id,
        query,
        request.base_url,
        chosen.name,
        operation.default_graphs,
        operation.named_graphs,
        is_pinned=server.pinned() is not None,
    )
    if found.volatile:
        response = _respond(server, operation, query, chosen, _evaluate(server, operation, query, chosen.name))
        response.headers["Cache-Control"] = "no-store"
    elif is_known(tag):
        response = add_validator(Response(status=304), tag)
    else:
        answer = server.cache.get(tag)
        server.metrics.count_cache(hit=answer is not None)
        if answer is None:
            answer = server.cache.keep(tag, _evaluate(server, operation, query, chosen.name))
        response = add_validator(_respond(server, operation, query, chosen, answer), tag)
    response.vary.add("Accept")
    response.headers["X-Release"] = server.release().id
    return response


def _respond(server: Backend, operation: QueryOperation, query: str, chosen: Format, answer: Answer) -> Response:
    """Return the answer as a response, which says whether it was cut, and where it goes on."""
    limits = server.config.queries
    if answer.cut is None:
        response = respond(answer, chosen.content_type)
    else:
        server.metrics.count_cut()
        rows, link = answer.cut, _next(server, operation, query, chosen, answer.cut)
        if link is not None:
            answer = add_link(answer, chosen, link, limits.bytes)
        response = respond(answer, chosen.content_type)
        response.headers["X-Result-Truncated"] = f"rows={rows}"
        if link is not None:
            response.headers["Link"] = f'<{link}>; rel="next"'
    if limits.rows is not None:
        response.headers["X-Result-Limit"] = str(limits.rows)
    return response


def _next(server: Backend, operation: QueryOperation, query: str, chosen: Format, cut: int) -> str | None:
    """Return the address of what follows the first `cut` solutions; None when it is too long to be asked."""
    told: list[tuple[str, str]] = [("query", following(query, cut)), ("format", chosen.name)]
    told += [("release", server.release().id)]
    told += [("default-graph-uri", graph) for graph in operation.default_graphs or ()]
    told += [("named-graph-uri", graph) for graph in operation.named_graphs or ()]
    link = f"{request.base_url}?{urlencode(told)}"
    return link if len(link) <= _LONGEST_LINK else None


def _evaluate(
    server: Backend, operation: QueryOperation, query: str, format_name: str, rows: int | None = None
) -> Answer:
    return server.evaluate(
        query,
        format_name,
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        rows=rows,
        base_iri=request.base_url,
    )


def _page(server: Backend, operation: QueryOperation, query: str, found: Inspection) -> Response:
    """Return the form with the query and the beginning of its answer below."""
    if found.form.gives_graph:
        text, is_cut = _read_text(_evaluate(server, operation, query, "turtle"))
        return _form(query, found, graph=text, is_cut=is_cut)
    answer = _evaluate(server, operation, query, "json", PAGE_ROWS)
    text, _ = _read_text(answer)
    if answer.size > PAGE_BYTES:
        raise TooLargeError("The answer is too large for a page. Ask for it as CSV or JSON.")
    told = json.loads(text)
    if "boolean" in told:
        return _form(query, found, boolean=told["boolean"])
    return _form(query, found, names=told["head"]["vars"], rows=rows_of(told), is_cut=answer.cut is not None)


def _read_text(answer: Answer) -> tuple[str, bool]:
    """Return an answer as text, and whether it was cut at PAGE_BYTES or before."""
    with answer.file as file:
        text = file.read(PAGE_BYTES).decode("utf-8", "ignore")
        return text, answer.size > PAGE_BYTES or answer.cut is not None


def _describe(operation: QueryOperation) -> Response:
    """Return the service description, or the empty form to whoever rather has HTML."""
    chosen = choose_format(request.headers.get("Accept"), operation.format, [*PAGE_GRAPH_FORMATS, HTML])
    if chosen is HTML:
        return _form("")
    server, release = backend(), backend().release()
    limits = (repr(server.config.queries), repr(server.config.guard), server.is_writable)
    tag = entity_tag(release.id, "description", request.url_root, chosen.name, *limits)
    if is_known(tag):
        response = Response(status=304)
    else:
        body = server.cache.whole(tag)
        if body is None:
            try:
                body = describe_service(service(), release, chosen)
            except ValueError as error:
                raise RequestError(f"The address {request.base_url} is no IRI: {error}.") from None
            server.cache.put(tag, body, None)
        response = Response(body, content_type=chosen.content_type)
    response.vary.add("Accept")
    return add_validator(response, tag)


def service() -> Service:
    """Return what this endpoint is."""
    server = backend()
    endpoint, void = (urljoin(request.url_root, path) for path in ("sparql", ".well-known/void"))
    update = urljoin(request.url_root, "update") if server.is_writable else None
    graphs = [row["graph"].value for row in server.select("list-graphs")]
    return Service(endpoint, void, server.config.queries, server.config.guard, graphs, update)


def _form(query: str, found: Inspection | None = None, error: ServerError | None = None, **shown: Any) -> Response:
    """Return the page with the form, and below it what is shown of an answer or of an error."""
    formats = [] if found is None else GRAPH_FORMATS if found.form.gives_graph else RESULT_FORMATS
    page = render_template(
        "sparql.html",
        query=query,
        error=error,
        formats=formats,
        examples=read_examples(),
        limit=PAGE_ROWS,
        table_formats=RESULT_FORMATS,
        graph_formats=GRAPH_FORMATS,
        gives_graph=found is not None and found.form.gives_graph,
        **shown,
    )
    response = Response(page, content_type=HTML.content_type)
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    response.vary.update(["Accept", "Accept-Language"])
    if error is not None:
        response.status_code = error.status
        response.headers.update(error.headers)
        response.headers["Cache-Control"] = "no-store"
    return response
