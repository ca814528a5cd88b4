"""Pages and files that depend on nothing but the release, the address and the language: made once, then kept."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, render_template, request

from budgetgraph.server.backend import backend
from budgetgraph.server.caching import add_validator, entity_tag, is_known
from budgetgraph.server.formats import HTML, Format
from budgetgraph.server.languages import language


def deliver(chosen: Format, make: Callable[[], Response]) -> Response:
    """Return the response with its validator, or 304 when the client has it. Pages for people are kept.

    They are kept by the whole address: a page may tell its own, and a client may call this host as it likes.
    """
    server = backend()
    tag = entity_tag(server.release().id, request.url, chosen.name, language())
    if is_known(tag):
        response = Response(status=304)
    elif chosen is HTML:
        response = server.pages.page(tag, make)
    else:
        response = make()
    response.vary.update(["Accept", "Accept-Language"])
    return add_validator(response, tag) if response.status_code < HTTPStatus.BAD_REQUEST else response


def render_page(template: str, **context: object) -> Response:
    """Return a page for people made from a template."""
    page = render_template(template, release=backend().release(), **context)
    return Response(page, content_type=HTML.content_type)
