"""The Flask application: blueprints, error handlers, and the headers that every response has."""

from pathlib import Path

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from budgetgraph.server.backend import Backend, backend
from budgetgraph.server.catalogue.views import catalogue
from budgetgraph.server.codes.views import codes
from budgetgraph.server.compression import compress
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.editor import editor
from budgetgraph.server.errors import register_error_handlers
from budgetgraph.server.exceptions import ServerError
from budgetgraph.server.graphs import graphs
from budgetgraph.server.headers import COMMON
from budgetgraph.server.health import health
from budgetgraph.server.logs import register_logs
from budgetgraph.server.page_images import page_images
from budgetgraph.server.pages import pages
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.questions.views import questions
from budgetgraph.server.reconciliation.views import reconciliation
from budgetgraph.server.resources import resources
from budgetgraph.server.rules.views import rules
from budgetgraph.server.search.views import search
from budgetgraph.server.sparql import sparql
from budgetgraph.server.templating import register_template_helpers
from budgetgraph.server.update import update
from budgetgraph.server.uploads.views import uploads
from budgetgraph.server.vocabulary.views import vocabulary

_FOLDER = Path(__file__).resolve().parent
#: Times that a request is answered anew because its release went away.
_AGAIN = 3


class _Application(Flask):
    """Answers a request over one release from its beginning to its end."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer a request; anew, when its release was removed meanwhile because another one is live."""
        if request.environ.get("PATH_INFO") == "*":
            return _tell_methods()
        for _ in range(_AGAIN):
            try:
                return super().dispatch_request()
            except ServerError:
                if not backend().has_lost_release():
                    raise
                del g.release
        return super().dispatch_request()


def create_app(config: ServerConfig) -> Flask:
    """Return the application over a store, with query workers of its own.

    Create it in the process that serves it: its workers are children of that process. `close_app` ends them.
    """
    # Both paths are given because Flask cannot find them for a part of a namespace package.
    app = _Application(__name__, root_path=str(_FOLDER), instance_path=str(_FOLDER))
    # Twice what a file may have: the page tells of one that is too large, and not a closed connection.
    uploaded = 2 * config.uploads.body if config.uploads.enabled else 0
    written = config.writes.body if config.writes.token else 0
    app.config["MAX_CONTENT_LENGTH"] = max(config.web.body, written, uploaded)
    app.config["MAX_FORM_MEMORY_SIZE"] = config.web.body
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["budgetgraph"] = Backend(config)
    # Run in the reverse order: compressed last, so that the log tells what was sent.
    register_logs(app)
    app.after_request(compress)
    app.after_request(_add_headers)
    register_error_handlers(app)
    register_template_helpers(app)
    for blueprint in (
        health,
        sparql,
        editor,
        questions,
        search,
        reconciliation,
        catalogue,
        update,
        graphs,
        vocabulary,
        codes,
        rules,
        resources,
        page_images,
        uploads,
        pages,
    ):
        app.register_blueprint(blueprint)
    app.wsgi_app = TrustedProxies(app.wsgi_app, config.web.proxies)  # type: ignore[method-assign]
    return app


def close_app(app: Flask) -> None:
    """End the query workers of an application, and what else belongs to it."""
    app.extensions["budgetgraph"].close()


def _tell_methods() -> Response:
    """Answer `OPTIONS *`, which asks for the server and for no resource (RFC 9110, 9.3.7)."""
    if request.method != "OPTIONS":
        raise BadRequest("Only OPTIONS can ask for *. Name a path.")
    response = Response(status=204)
    response.allow.update(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
    return response


def _add_headers(response: Response) -> Response:
    """Add what holds for all responses, where the view has not said otherwise."""
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
