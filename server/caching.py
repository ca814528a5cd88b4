"""Validators of responses: what is made of the same release by the same software is the same (RFC 9110, 8.8.3)."""

import hashlib
import json
from functools import cache, lru_cache
from importlib.metadata import version

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


@lru_cache(256)
def _begin(*parts: object) -> "hashlib._Hash":
    return hashlib.sha256(json.dumps([_version(), *parts]).encode() + b"\0")


@cache
def _version() -> str:
    return version("budgetgraph")
