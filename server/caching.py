"""Validators of responses: what is made of the same release by the same software is the same (RFC 9110, 8.8.3)."""

import hashlib
import json
from importlib.metadata import version

from flask import Response, request

#: Anyone may keep a response, and asks whether it still holds before using it.
REVALIDATE = "public, no-cache"


def entity_tag(release: str, *parts: object) -> str:
    """Return what names a response: the release, the software, and all that chose the response."""
    told = json.dumps([version("budgetgraph"), release, *parts]).encode()
    return hashlib.sha256(told).hexdigest()[:32]


def is_known(tag: str) -> bool:
    """Tell whether the client has the response already."""
    return request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag)


def add_validator(response: Response, tag: str) -> Response:
    """Return the response with its entity tag; weak, because a proxy may compress it."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = REVALIDATE
    return response
