"""A query or an update as the SPARQL 1.1 Protocol brings it: by GET, by a posted form, or directly posted (2.1, 2.2).

Strict: what the protocol does not allow is refused with its reason, never guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request

from budgetgraph.server.exceptions import (
    ForbiddenQueryError,
    RequestError,
    TooLargeError,
    UnsupportedMediaTypeError,
)

#: Parameters of one request; each graph of a dataset is one.
MAX_PARAMETERS = 1000

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
DIRECT_UPDATE = "application/sparql-update"
_UPDATE_PARAMETERS = {"update", "using-graph-uri", "using-named-graph-uri"}
_QUERY_PARAMETERS = {"query", "default-graph-uri", "named-graph-uri"}


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A query operation.

    query     None when a GET brings none
    default_graphs, named_graphs   the dataset it states; None when it states none
    format    the `format` parameter
    release   the `release` parameter: the release that it is asked of
    """

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    format: str | None
    release: str | None

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing is asked of the data: then the endpoint describes itself."""
        return self.query is None and self.default_graphs is None and self.named_graphs is None


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """An update operation, and the dataset that its WHERE clauses see (empty when it states none)."""

    update: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


def read_operation(request: Request, most: int) -> QueryOperation:
    """Return the query operation of an HTTP request whose body has at most `most` bytes.

    Raises RequestError (400), ForbiddenQueryError for updates (403), TooLargeError (413),
    UnsupportedMediaTypeError (415).
    """
    parameters = read_parameters(request.query_string, "address")
    if request.method == "POST":
        if request.mimetype == DIRECT_UPDATE:
            raise ForbiddenQueryError("This address takes queries. Updates go to /update, if they are taken at all.")
        parameters += _posted(request, DIRECT, "query", most)
    if found := _UPDATE_PARAMETERS.intersection(name for name, _ in parameters):
        raise ForbiddenQueryError(
            f"Parameter `{min(found)}`: this address takes queries. Updates go to /update, if they are taken at all."
        )
    default_graphs = _all(parameters, "default-graph-uri")
    named_graphs = _all(parameters, "named-graph-uri")
    stated = bool(default_graphs or named_graphs)
    query = _one(parameters, "query")
    if query is None and (request.method == "POST" or stated):
        raise RequestError("The request has no query. Give it as the parameter `query`, or post it.")
    return QueryOperation(
        query=query,
        default_graphs=default_graphs if stated else None,
        named_graphs=named_graphs if stated else None,
        format=_one(parameters, "format"),
        release=_one(parameters, "release"),
    )


def read_update(request: Request, most: int) -> UpdateOperation:
    """Return the update operation of a POST whose body has at most `most` bytes.

    Raises RequestError (400), TooLargeError (413), UnsupportedMediaTypeError (415).
    """
    parameters = read_parameters(request.query_string, "address")
    if "update" in dict(parameters):
        raise RequestError("An update stands in the body of a POST, never in the address.")
    parameters += _posted(request, DIRECT_UPDATE, "update", most)
    if found := _QUERY_PARAMETERS.intersection(name for name, _ in parameters):
        raise RequestError(f"Parameter `{min(found)}` is of queries, which go to /sparql.")
    update = _one(parameters, "update")
    if update is None:
        raise RequestError("The request has no update. Give it as the parameter `update`, or post it.")
    return UpdateOperation(update, _all(parameters, "using-graph-uri"), _all(parameters, "using-named-graph-uri"))


def read_body(request: Request, most: int, *, keep: bool = False) -> bytes:
    """Return the body of a request, which is kept for who reads its form, or not.

    Raises TooLargeError, UnsupportedMediaTypeError for one that is encoded.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("A body with Content-Encoding is not taken. Send it as it is.")
    body = request.get_data(cache=keep)
    if len(body) > most:
        raise TooLargeError(f"The body has {len(body):,} bytes; {most:,} are read here. Send it in parts.")
    return body


def _posted(request: Request, direct: str, name: str, most: int) -> list[tuple[str, str]]:
    """Return the parameters in the body; an operation posted directly counts as the parameter of its name."""
    if request.mimetype not in {FORM, direct}:
        raise UnsupportedMediaTypeError(
            f"Content-Type {request.mimetype or '(none)'!r} is not taken. "
            f"Post a form ({FORM}) or the {name} ({direct})."
        )
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaTypeError(f"charset {charset!r} is not taken. Send UTF-8.")
    body = read_body(request, most)
    if request.mimetype == FORM:
        return read_parameters(body, "form")
    return [(name, _decode(body, name))]


def read_text(request: Request, most: int) -> str:
    """Return the body of a request as text. Raises as `read_body` does, RequestError when it is not UTF-8."""
    return _decode(read_body(request, most), "body")


def require_utf8(request: Request, most: int) -> None:
    """Let a posted form pass that is UTF-8, which the framework does not require. Raises as `read_text` does."""
    if request.mimetype == FORM:
        read_parameters(read_body(request, most, keep=True), "form")
    else:
        _decode(read_body(request, most, keep=True), "form")


def read_parameters(encoded: bytes, where: str) -> list[tuple[str, str]]:
    """Return the parameters of an address or a form. Raises RequestError."""
    text = _decode(encoded, where)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise RequestError(f"The {where} is not UTF-8 behind its percent signs. Encode it as UTF-8.") from None
    except ValueError:
        raise RequestError(f"The {where} has more than {MAX_PARAMETERS} parameters.") from None


def _decode(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"The {where} is not UTF-8: byte {error.start} is wrong. Encode it as UTF-8.") from None


def _all(parameters: Iterable[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _one(parameters: Sequence[tuple[str, str]], name: str) -> str | None:
    values = _all(parameters, name)
    if len(values) > 1:
        raise RequestError(f"Parameter `{name}` is given {len(values)} times. Give it once.")
    return values[0] if values else None
