"""The short way of a plain query: from request to answer on the event loop, without Flask and without a thread.

Plain is GET /sparql with a short query, no dataset and no page, whose answer comes soon, is small, whole and sent as it
is. Everything else, and every refusal, is for the views: they go on with what was begun here. What is answered here has
the same headers, cache, share of workers, measures and log as there; tests compare the two.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from werkzeug.wrappers import Request as HttpRequest

from budgetgraph.server.backend import Backend
from budgetgraph.server.caching import REVALIDATE, entity_tag
from budgetgraph.server.clients import Client
from budgetgraph.server.compression import LEAST, choose_coding
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.exceptions import ServerError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from budgetgraph.server.frames import Request
from budgetgraph.server.guard import inspect_query
from budgetgraph.server.headers import COMMON
from budgetgraph.server.logs import note
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.protocol import read_parameters
from budgetgraph.server.releases import Release
from budgetgraph.server.workers import Evaluation

PATH = "/sparql"
#: Bytes of an address that are read here: the loop must not stand still for a long one.
_LONGEST = 8192
#: Seconds after which a query goes on in a thread, which sees when its client leaves and the light lane ends.
_SOON = 0.1


class Short(NamedTuple):
    """An answer that is ready to be sent: the status is 200."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class _Plain(NamedTuple):
    query: str
    chosen: Format
    release: Release
    tag: str
    asked: Request


async def answer_soon(server: Backend, environ: Mapping[str, Any], client: Client) -> Short | None:
    """Return the answer of a plain query; None when the views must answer, with what was begun in `client.begun`."""
    engine, began = server.engine, time.monotonic()
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET" or not isinstance(engine, EmbeddedEngine):
        return None
    try:
        plain = _read(server, engine, environ)
        if plain is None:
            return None
        body = kept = server.cache.whole(plain.tag)
        if body is None:
            server.budget.require(client.key)
            client.begun = engine.evaluation(plain.asked, client, plain.release)
            limits = engine.pool.limits
            body = await _evaluate(client.begun, min(_SOON, limits.light, limits.time or _SOON))
    except ServerError:
        return None
    if body is None:
        return None
    is_long = len(body) >= LEAST
    if is_long and _coding(environ.get("HTTP_ACCEPT_ENCODING")) is not None:
        return None
    if client.begun is not None:
        client.begun = None
        server.budget.charge(client.key, client.seconds)
        server.cache.put(plain.tag, body, None)
    server.metrics.count_cache(hit=kept is not None)
    note(server, PATH, "GET", 200, time.monotonic() - began, len(body), plain.query)
    vary = b"Accept, Accept-Encoding" if is_long else b"Accept"
    rows = engine.pool.limits.rows
    headers = [
        (b"content-type", plain.chosen.content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"etag", b'W/"%s"' % plain.tag.encode()),
        (b"vary", vary),
        (b"x-release", plain.release.id.encode()),
        *([(b"x-result-limit", b"%d" % rows)] if rows is not None else []),
        *_SAME,
    ]
    return Short(headers, body)


def _read(server: Backend, engine: EmbeddedEngine, environ: Mapping[str, Any]) -> _Plain | None:
    """Return the query of a request if it is plain. Raises ServerError for one that is refused."""
    encoded = environ["QUERY_STRING"]
    if len(encoded) > _LONGEST or "HTTP_IF_NONE_MATCH" in environ:
        return None
    parameters = read_parameters(encoded.encode("latin-1"), "address")
    told = dict(parameters)
    query = told.pop("query", None)
    asked = told.pop("format", None)
    if query is None or told or len(parameters) > (1 if asked is None else 2):
        return None
    found = inspect_query(query, server.config.guard)
    chosen = _choose(environ.get("HTTP_ACCEPT"), asked, found.form.gives_graph)
    if found.volatile or chosen is HTML:
        return None
    base = _address(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ["SCRIPT_NAME"],
        environ["SERVER_NAME"],
        environ["SERVER_PORT"],
    )
    release = engine.release(None)
    tag = entity_tag(release.id, False, query, None, None, base, chosen.name)
    return _Plain(query, chosen, release, tag, Request(str(release.quads_path), query, chosen.name, base_iri=base))


async def _evaluate(evaluation: Evaluation, seconds: float) -> bytes | None:
    """Return the answer if it comes within so many seconds; else the evaluation may go on."""
    loop = asyncio.get_running_loop()
    has_come: asyncio.Future[bool] = loop.create_future()

    def come(value: bool) -> None:
        if not has_come.done():
            has_come.set_result(value)

    def tell() -> None:
        loop.call_soon_threadsafe(come, True)

    timer = loop.call_later(seconds, come, False)
    try:
        if not evaluation.begin(tell):
            if evaluation.has_worker or not await has_come or not evaluation.begin(_nobody):
                return None
            has_come = loop.create_future()
        output = evaluation.output
        loop.add_reader(output, come, True)
        try:
            return evaluation.answer() if await has_come else None
        finally:
            loop.remove_reader(output)
    finally:
        timer.cancel()


def _nobody() -> None:
    """Wake nobody up: the query does not wait again."""


@lru_cache(256)
def _choose(accept: str | None, asked: str | None, gives_graph: bool) -> Format:
    return choose_format(accept, asked, [*(GRAPH_FORMATS if gives_graph else RESULT_FORMATS), HTML])


@lru_cache(256)
def _address(scheme: str, host: str | None, script: str, name: str, port: str) -> str:
    """Return the address of the endpoint as the views see it."""
    environ = {"wsgi.url_scheme": scheme, "SCRIPT_NAME": script, "PATH_INFO": PATH, "SERVER_NAME": name}
    environ |= {"SERVER_PORT": port, "REQUEST_METHOD": "GET"} | ({"HTTP_HOST": host} if host is not None else {})
    return HttpRequest(environ).base_url


@lru_cache(256)
def _coding(header: str | None) -> str | None:
    return choose_coding(header)


#: What is the same for all of them.
_SAME = [(name.lower().encode(), value.encode()) for name, value in {"Cache-Control": REVALIDATE, **COMMON}.items()]
