"""The Flask application: blueprints, error handlers, and the headers that every response has."""

from pathlib import Path

from flask import Flask, Response

from budgetgraph.server.backend import Backend
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.editor import editor
from budgetgraph.server.errors import register_error_handlers
from budgetgraph.server.headers import CONTENT_SECURITY_POLICY
from budgetgraph.server.health import health
from budgetgraph.server.pages import pages
from budgetgraph.server.questions.views import questions
from budgetgraph.server.resources import resources
from budgetgraph.server.search.views import search
from budgetgraph.server.sparql import sparql
from budgetgraph.server.templating import register_template_helpers

_FOLDER = Path(__file__).resolve().parent


def create_app(config: ServerConfig) -> Flask:
    """Return the application over a store directory, with query workers of its own.

    Create it in the process that serves it: its workers are children of that process. `close_app` ends them.
    """
    # Both paths are given because Flask cannot find them for a part of a namespace package.
    app = Flask(__name__, root_path=str(_FOLDER), instance_path=str(_FOLDER))
    app.config["MAX_CONTENT_LENGTH"] = config.body
    app.config["MAX_FORM_MEMORY_SIZE"] = config.body
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["budgetgraph"] = Backend(config)
    app.after_request(_add_headers)
    register_error_handlers(app)
    register_template_helpers(app)
    for blueprint in (health, sparql, editor, questions, search, resources, pages):
        app.register_blueprint(blueprint)
    return app


def close_app(app: Flask) -> None:
    """End the query workers of an application."""
    app.extensions["budgetgraph"].pool.close()


def _add_headers(response: Response) -> Response:
    """Add what holds for all responses. The data is public and no request has a session: any site may read it."""
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "Content-Location, ETag, Link, Retry-After"
    response.headers["Access-Control-Max-Age"] = "86400"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
