"""Validators of responses: what is made of the same release by the same software is the same (RFC 9110, 8.8.3)."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from functools import cache, lru_cache
from http import HTTPStatus
from importlib.metadata import version
from threading import Lock

from flask import Response, request

#: Anyone may keep a response, and asks whether it still holds before using it.
REVALIDATE = "public, no-cache"


def entity_tag(release: str, *parts: object) -> str:
    """Return what names a response: the release, the software, and all that chose the response."""
    told = json.dumps([_version(), release, *parts]).encode()
    return hashlib.sha256(told).hexdigest()[:32]


def query_tag(
    release: str,
    query: str,
    base: str,
    written: str,
    default_graphs: tuple[str, ...] | None = None,
    named_graphs: tuple[str, ...] | None = None,
    *,
    is_pinned: bool = False,
) -> str:
    """Return what names the answer of a query; see `entity_tag`. Quick where queries alone differ."""
    told = _begin(release, base, written, default_graphs, named_graphs, is_pinned).copy()
    told.update(query.encode("utf-8", "surrogatepass"))
    return told.hexdigest()[:32]


def is_known(tag: str) -> bool:
    """Tell whether the client has the response already."""
    return request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag)


def add_validator(response: Response, tag: str) -> Response:
    """Return the response with its entity tag; weak, because a proxy may compress it."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = REVALIDATE
    return response


class PageCache:
    """Pages that were made, by their entity tags: a page of a release never changes. Safe for threads.

    most  bytes that are kept; the page that was not asked for longest goes first
    """

    def __init__(self, most: int = 32 << 20) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def page(self, tag: str, make: Callable[[], Response]) -> Response:
        """Return the page with a tag, made only when it is not kept."""
        with self._lock:
            kept = self._pages.get(tag)
            if kept is not None:
                self._pages.move_to_end(tag)
        if kept is not None:
            return Response(kept, content_type="text/html; charset=utf-8")
        response = make()
        if response.status_code == HTTPStatus.OK:
            self._keep(tag, response.get_data())
        return response

    def _keep(self, tag: str, body: bytes) -> None:
        with self._lock:
            if len(body) > self._most or tag in self._pages:
                return
            self._pages[tag] = body
            self._size += len(body)
            while self._size > self._most:
                _, dropped = self._pages.popitem(last=False)
                self._size -= len(dropped)


@lru_cache(256)
def _begin(*parts: object) -> "hashlib._Hash":
    return hashlib.sha256(json.dumps([_version(), *parts]).encode() + b"\0")


@cache
def _version() -> str:
    return version("budgetgraph")
