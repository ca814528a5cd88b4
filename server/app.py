"""The Flask application: blueprints, error handlers, and the headers that every response has."""

from pathlib import Path

from flask import Flask, Response, request

from budgetgraph.server.backend import Backend
from budgetgraph.server.catalogue.views import catalogue
from budgetgraph.server.codes.views import codes
from budgetgraph.server.compression import compress
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.editor import editor
from budgetgraph.server.errors import register_error_handlers
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


def create_app(config: ServerConfig) -> Flask:
    """Return the application over a store, with query workers of its own.

    Create it in the process that serves it: its workers are children of that process. `close_app` ends them.
    """
    # Both paths are given because Flask cannot find them for a part of a namespace package.
    app = Flask(__name__, root_path=str(_FOLDER), instance_path=str(_FOLDER))
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


def _add_headers(response: Response) -> Response:
    """Add what holds for all responses, where the view has not said otherwise."""
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
