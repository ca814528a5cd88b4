"""One place where what went wrong becomes a response: a page, problem details (RFC 9457), or a line of text."""

import json
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotImplemented as NotImplemented_

from budgetgraph.server.environ import is_host
from budgetgraph.server.exceptions import RequestError, ServerError
from budgetgraph.server.formats import HTML
from budgetgraph.server.negotiation import choose_type

_PROBLEM = "application/problem+json"
_TEXT = "text/plain"


def register_error_handlers(app: Flask) -> None:
    """Make the application answer every exception that has a status, and hide those that have none."""

    @app.before_request
    def _refuse_what_is_no_text() -> None:
        try:
            unquote_to_bytes(request.query_string).decode()
        except UnicodeDecodeError:
            raise RequestError("The address is not UTF-8 behind its percent signs. Encode it as UTF-8.") from None
        host = request.environ.get("HTTP_HOST")
        if host is None and request.environ["SERVER_PROTOCOL"] == "HTTP/1.1":
            raise RequestError("The request has no Host header. Name the host that you ask.")
        try:
            if host is not None and not is_host(host):
                raise UnicodeError
            request.base_url  # noqa: B018  # raises
        except UnicodeError:
            raise RequestError("The Host header is no name of a host. Write it as it is registered.") from None
        coding = request.environ.get("HTTP_TRANSFER_ENCODING")
        if coding is not None:
            raise NotImplemented_(f"Transfer-Encoding {coding[:40]} is not taken. Send the body as it is, or chunked.")

    @app.errorhandler(ServerError)
    def _answer_server_error(error: ServerError) -> Response:
        response = problem(error.status, str(error))
        response.headers.update(error.headers)
        return response

    @app.errorhandler(HTTPException)
    def _answer_http_exception(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        response = problem(status, error.description or status.description)
        kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Location", "Retry-After"}}
        response.headers.update(kept)
        return response


def problem(status: HTTPStatus, detail: str) -> Response:
    """Return a response that says what went wrong, in the form the client accepts; plain text if it accepts none."""
    header = request.headers.get("Accept")
    chosen = choose_type(header, (_TEXT, _PROBLEM, "application/json", HTML.media_type)) or _TEXT
    if chosen == HTML.media_type:
        response = Response(render_template("error.html", status=status, detail=detail), content_type=HTML.content_type)
    elif chosen == _TEXT:
        response = Response(f"{detail}\n", content_type="text/plain; charset=utf-8")
    else:
        told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        response = Response(json.dumps(told, ensure_ascii=False) + "\n", content_type=_PROBLEM)
    response.status_code = status
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response
