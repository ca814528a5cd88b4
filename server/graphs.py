"""The SPARQL 1.1 Graph Store HTTP Protocol: `/graphs?graph=IRI`, `/graphs?default`, and `/graph/...` directly.

A graph of this store has the IRI `{base}graph/...`, so `/graph/...` is its address on whatever host the store is
(4.1). Reading is open; writing needs the token. `POST /graphs` makes a graph and names it.
"""

import uuid
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from budgetgraph.server import remote_graphs
from budgetgraph.server.authorization import require_token
from budgetgraph.server.backend import backend
from budgetgraph.server.caching import add_validator, entity_tag, is_known
from budgetgraph.server.config import RemoteSettings
from budgetgraph.server.exceptions import (
    NotFoundError,
    PreconditionError,
    RequestError,
    TooLargeError,
    UnsupportedMediaTypeError,
)
from budgetgraph.server.formats import GRAPH_FORMATS, JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.protocol import read_body
from budgetgraph.server.query_files import read_query
from budgetgraph.server.responses import respond
from budgetgraph.server.terms import encode_path
from budgetgraph.server.writes import Done, Write, write

graphs = Blueprint("graphs", __name__)

#: Formats in which a graph is taken, by the media types that name them.
_TAKEN: dict[str, Format] = {each.media_type: each for each in (TURTLE, NTRIPLES, RDFXML, JSONLD)}
_METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]
_READING = ["GET", "HEAD", "OPTIONS"]


@graphs.route("/graphs", methods=_METHODS, provide_automatic_options=False)
def store() -> Response:
    """Operate on the graph that `graph` or `default` names (4.2); a POST without either makes a new graph (5.5)."""
    if request.method == "OPTIONS":
        return _options()
    is_default, names = "default" in request.args, request.args.getlist("graph")
    if is_default + len(names) > 1:
        raise RequestError("Name one graph: `?default`, or `?graph=IRI` once.")
    if is_default:
        return _operate(None)
    if names:
        return _operate(_checked(names[0]))
    if request.method == "POST":
        require_token()
        path = f"graph/new/{uuid.uuid4()}"
        _write("post", backend().release().metadata.base + path)
        return Response(status=201, headers={"Location": f"/{path}"})
    raise RequestError("Name a graph: `?default` for the default graph, or `?graph=IRI`.")


@graphs.route("/graph/<path:path>", methods=_METHODS, provide_automatic_options=False)
def direct(path: str) -> Response:
    """Operate on the graph that the address itself names (4.1)."""
    if request.method == "OPTIONS":
        return _options()
    return _operate(_checked(f"{backend().release().metadata.base}graph/{encode_path(path)}"))


def _operate(graph: str | None) -> Response:
    if request.method in {"GET", "HEAD"}:
        return _read(graph)
    require_token()
    if request.method == "DELETE":
        _write("delete", graph)
        return Response(status=204)
    done = _write(request.method.lower(), graph)
    response = Response(status=201 if done.created else 204, headers={"X-Release": done.release})
    if done.created and graph is not None:
        response.headers["Location"] = f"/graphs?graph={quote(graph, safe='')}"
    return response


def _read(graph: str | None) -> Response:
    server = backend()
    chosen = choose_format(request.headers.get("Accept"), request.args.get("format"), GRAPH_FORMATS)
    tag = _tag(graph, chosen)
    bindings = {} if graph is None else {"graph": graph}
    if is_known(tag):
        response = Response(status=304)
    else:
        if not _exists(graph):
            raise NotFoundError(f"There is no graph {graph}.")
        query = read_query("construct-graph" if graph is not None else "construct-default")
        answer = server.evaluate(query, chosen.name, bindings)
        if answer.cut is not None:
            answer.close()
            raise TooLargeError("The graph is larger than an answer may be. Take a dump, or ask /sparql for a part.")
        response = respond(answer, chosen.content_type)
    response.vary.add("Accept")
    return add_validator(response, tag)


def _write(kind: str, graph: str | None) -> Done:
    """Make a write with what the request brings, and return what became of it."""
    server = backend()
    target, limits = server.config.store, server.config.writes
    release = _required(graph)
    if kind == "delete":
        change, body = Write("delete", graph, release=release), b""
    else:
        written, body = _sent(limits.body)
        change = Write(kind, graph, written.name, graph or request.base_url, release)
    if isinstance(target, RemoteSettings):
        return remote_graphs.write(target, limits, change, body)
    return write(target, limits, change, body)


def _required(graph: str | None) -> str | None:
    """Return the release for which the conditions of a write hold; None when it has none (RFC 9110, 13.1).

    Tags are compared weakly: each names one release and syntax. Raises PreconditionError when a condition fails.
    """
    wanted, unwanted = request.if_match, request.if_none_match
    if not wanted and not unwanted:
        return None
    release = backend().release()
    tags = {_tag(graph, each) for each in GRAPH_FORMATS} if _exists(graph) else set()
    for found, condition in ((wanted, True), (unwanted, False)):
        holds = bool(tags) if found.star_tag else not tags.isdisjoint(found.as_set(include_weak=True))
        if found and holds is not condition:
            raise PreconditionError(
                "The graph is not as the request demands. Get it again, and send the change to that."
            )
    return release.id


def _tag(graph: str | None, written: Format) -> str:
    return entity_tag(backend().release().id, "graph", graph, written.name)


def _exists(graph: str | None) -> bool:
    return graph is None or b"true" in b"".join(backend().evaluate(read_query("is-graph"), "csv", {"graph": graph}))


def _sent(most: int) -> tuple[Format, bytes]:
    """Return the graph that the request brings, in the body or as the one file of a form (5.5)."""
    if request.mimetype == "multipart/form-data":
        files = [file for _, file in request.files.items(multi=True)]
        if len(files) != 1:
            raise RequestError(f"The form has {len(files)} files. Send one graph.")
        return _format(files[0].mimetype), _read_file(files[0], most)
    return _format(request.mimetype), read_body(request, most)


def _read_file(file: FileStorage, most: int) -> bytes:
    body = file.stream.read(most + 1)
    if len(body) > most:
        raise TooLargeError(f"The file is larger than the {most:,} bytes that are read here. Send it in parts.")
    return body


def _format(media_type: str) -> Format:
    for candidate in _TAKEN.values():
        if media_type in {candidate.media_type, *candidate.aliases} - {"text/plain", "application/xml", "text/xml"}:
            return candidate
    raise UnsupportedMediaTypeError(
        f"Content-Type {media_type or '(none)'!r} is not taken. Send a graph as {', '.join(_TAKEN)}."
    )


def _options() -> Response:
    allowed = _METHODS if backend().is_writable else _READING
    response = Response(status=204, headers={"Allow": ", ".join(allowed)})
    del response.headers["Content-Type"]
    return response


def _checked(iri: str) -> str:
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise RequestError(f"{iri[:200]!r} is no IRI of a graph: {error}. Give an absolute IRI.") from None
