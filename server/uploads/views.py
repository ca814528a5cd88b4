"""`/validate`: a page to bring a publication to, and the report on it, for people and for programs."""

import base64
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import FileStorage

from budgetgraph.server.backend import backend
from budgetgraph.server.config import UploadLimits
from budgetgraph.server.exceptions import (
    ForbiddenQueryError,
    NotFoundError,
    RequestError,
    ServerError,
    TooLargeError,
    UnprocessableError,
    UnsupportedMediaTypeError,
)
from budgetgraph.server.formats import CSV, HTML, TURTLE, Format
from budgetgraph.server.languages import language, word
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.uploads.running import FORMS, Uploads, Validated

uploads = Blueprint("uploads", __name__)

#: Endings of the files that are taken. What they are is told by their content.
ENDINGS = (".pdf", ".xlsx", ".xls", ".docx", ".doc", ".html", ".htm", ".csv", ".tsv", ".txt", ".zip")
#: Findings that the page shows.
FINDINGS = 1000
#: Bytes of a report that the page carries for download.
_MOST_CARRIED = 2 << 20
#: Bytes of a request besides the file.
_HEADS = 64 << 10

_JSON = Format("json", "application/json", "json")
_TEXT = Format("text", "text/plain", "txt", charset=True)
_OFFERED = (HTML, _JSON, TURTLE, CSV, _TEXT)


@uploads.get("/validate")
def form() -> Response:
    """Return the page with the form."""
    _running()
    response = _page()
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@uploads.post("/validate")
def check() -> Response:
    """Validate the file that the form or a program sends, and return the report; nothing of it is kept."""
    running = _running()
    chosen = choose_format(request.headers.get("Accept"), request.args.get("format"), _OFFERED)
    try:
        _refuse_other_sites()
        validated = _validate(running, _sent(backend().config.uploads))
    except ServerError as error:
        if chosen is not HTML:
            raise
        response = _page(fault=str(error), status=error.status)
        response.headers.update(error.headers)
    else:
        if chosen is HTML:
            response = _page(validated)
        else:
            response = Response(validated.reports[chosen.name], content_type=chosen.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept", "Accept-Language"])
    return response


def _running() -> Uploads:
    running = backend().uploads
    if running is None:
        raise NotFoundError(word("check-off"))
    return running


def _refuse_other_sites() -> None:
    """Raise ForbiddenQueryError when the page of another site makes a browser send this. Programs say nothing of it.

    See Fetch Metadata Request Headers (Sec-Fetch-Site), and RFC 6454, 7 (Origin).
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin", "none"} or (origin is not None and urlsplit(origin).netloc != request.host):
        raise ForbiddenQueryError(word("check-elsewhere"))


def _sent(limits: UploadLimits) -> FileStorage:
    """Return the file. Raises RequestError, TooLargeError, UnsupportedMediaTypeError."""
    if (request.content_length or 0) > limits.body + _HEADS:
        raise TooLargeError(word("check-large").format(limits.body >> 20))
    file = request.files.get("file")
    if file is None or not file.filename:
        raise RequestError(word("check-no-file"))
    ending = Path(file.filename).suffix.lower()
    if ending not in ENDINGS:
        raise UnsupportedMediaTypeError(word("check-kind").format(ending[:20] or "-", ", ".join(ENDINGS)))
    return file


def _validate(running: Uploads, file: FileStorage) -> Validated:
    server = backend()
    client = server.client()
    try:
        server.budget.require(client.key)
        validated, seconds = running.validate(file.save, safe_name(file.filename or ""), language(), client)
    except UnprocessableError as error:
        server.budget.charge(client.key, error.seconds)
        raise
    finally:
        file.close()
    server.budget.charge(client.key, seconds)
    return validated


def safe_name(given: str) -> str:
    """Return the name of a file without what a path, a command line or a terminal would make something of.

    >>> safe_name("../-某局 2024.PDF")
    '某局 2024.pdf'
    """
    path = Path(given.replace("\\", "/"))
    stem = re.sub(r"[^\w .()（）-]", "", path.stem).strip(" .-")
    return f"{stem[:60] or 'file'}{path.suffix.lower()}"


def _page(validated: Validated | None = None, fault: str | None = None, status: HTTPStatus = HTTPStatus.OK) -> Response:
    limits = backend().config.uploads
    page = render_template(
        "upload.html",
        endings=ENDINGS,
        most=limits.body >> 20,
        seconds=f"{limits.time:g}",
        address=request.base_url,
        fault=fault,
        failures=validated.failures if validated else [],
        sources=_sources(validated) if validated else None,
        downloads=_downloads(validated) if validated else [],
        limit=FINDINGS,
    )
    return Response(page, status=status, content_type=HTML.content_type)


def _sources(validated: Validated) -> list[Mapping[str, Any]]:
    """Return the reports of the JSON form, one for each publication."""
    found: list[Mapping[str, Any]] = json.loads(validated.reports["json"])["sources"]
    return found


def _downloads(validated: Validated) -> list[tuple[str, str | None]]:
    """Return the files of the report as data URIs by name, None for too large ones: nothing is kept to link to."""
    types = {each.name: each.content_type for each in _OFFERED}
    return [
        (
            f"report.{ending}",
            f"data:{types[form].replace(' ', '')};base64,{base64.b64encode(report).decode()}"
            if len(report := validated.reports[form]) <= _MOST_CARRIED
            else None,
        )
        for form, ending in FORMS.items()
    ]
