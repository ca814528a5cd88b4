"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, a form for people, and the service's description."""

import json
from typing import Any

from flask import Blueprint, Response, render_template, request

from budgetgraph.server.backend import Backend, backend, respond
from budgetgraph.server.caching import add_validator, entity_tag, is_known
from budgetgraph.server.examples import read_examples
from budgetgraph.server.exceptions import ClientLeftError, RequestError, ServerError, TooLargeError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, PAGE_GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.guard import Inspection, inspect_query
from budgetgraph.server.headers import EDITOR_POLICY
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.protocol import QueryOperation, read_operation
from budgetgraph.server.service_description import describe_service
from budgetgraph.server.terms import rows_of
from budgetgraph.server.workers import Answer

sparql = Blueprint("sparql", __name__)

#: Solutions shown on a page; all of them come in the other formats.
PAGE_ROWS = 500
#: Bytes of an answer shown on a page.
PAGE_BYTES = 2 << 20


@sparql.route("/sparql", methods=["GET", "HEAD", "POST", "OPTIONS"], provide_automatic_options=False)
def endpoint() -> Response:
    """Answer a query; without one, give the form to a browser and the service description to a machine."""
    if request.method == "OPTIONS":
        response = Response(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        del response.headers["Content-Type"]
        return response
    operation = read_operation(request)
    if operation.is_bare:
        return _describe(operation)
    if operation.query is None:
        raise RequestError("The request has no query.")
    server = backend()
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
    tag = entity_tag(server.release().id, query, operation.default_graphs, operation.named_graphs, chosen.name)
    if is_known(tag) and not found.volatile:
        response = Response(status=304)
    else:
        response = respond(_evaluate(server, operation, query, chosen.name), chosen.content_type)
    response.vary.add("Accept")
    if found.volatile:
        response.headers["Cache-Control"] = "no-store"
        return response
    return add_validator(response, tag)


def _evaluate(
    server: Backend, operation: QueryOperation, query: str, format_name: str, max_rows: int | None = None
) -> Answer:
    return server.evaluate(
        query,
        format_name,
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        max_rows=max_rows,
    )


def _page(server: Backend, operation: QueryOperation, query: str, found: Inspection) -> Response:
    """Return the form with the query and the beginning of its answer below."""
    if found.form.gives_graph:
        text, is_cut = _read_text(_evaluate(server, operation, query, "turtle"))
        return _form(query, found, graph=text, is_cut=is_cut)
    answer = _evaluate(server, operation, query, "json", PAGE_ROWS)
    text, is_cut = _read_text(answer)
    if is_cut:
        raise TooLargeError("The answer is too large for a page. Ask for it as CSV or JSON.")
    told = json.loads(text)
    if "boolean" in told:
        return _form(query, found, boolean=told["boolean"])
    return _form(query, found, names=told["head"]["vars"], rows=rows_of(told), is_cut=answer.truncated)


def _read_text(answer: Answer) -> tuple[str, bool]:
    """Return an answer as text, and whether it was cut at PAGE_BYTES."""
    try:
        kept = bytearray()
        for chunk in answer:
            kept += chunk
            if len(kept) > PAGE_BYTES:
                return kept[:PAGE_BYTES].decode("utf-8", "ignore"), True
        return kept.decode(), False
    finally:
        answer.close()


def _describe(operation: QueryOperation) -> Response:
    """Return the service description, or the empty form to whoever rather has HTML."""
    chosen = choose_format(request.headers.get("Accept"), operation.format, [*PAGE_GRAPH_FORMATS, HTML])
    if chosen is HTML:
        return _form("")
    try:
        body = describe_service(request.base_url, backend().release(), chosen)
    except ValueError as error:
        raise RequestError(f"The address {request.base_url} is no IRI: {error}.") from None
    response = Response(body, content_type=chosen.content_type)
    response.vary.add("Accept")
    return response


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
    return response
