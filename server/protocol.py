"""A query as the SPARQL 1.1 Protocol brings it: by GET, by a posted form, or directly posted (2.1).

Strict: what the protocol does not allow is refused with its reason, never guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request

from budgetgraph.server.exceptions import ForbiddenQueryError, RequestError, UnsupportedMediaTypeError

#: Parameters of one request; each graph of a dataset is one.
MAX_PARAMETERS = 1000

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A query operation.

    query     None when a GET brings none
    default_graphs, named_graphs   the dataset it states; None when it states none
    format    the `format` parameter
    """

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    format: str | None

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing is asked of the data: then the endpoint describes itself."""
        return self.query is None and self.default_graphs is None and self.named_graphs is None


def read_operation(request: Request) -> QueryOperation:
    """Return the query operation of an HTTP request.

    Raises RequestError (400), ForbiddenQueryError for updates (403), UnsupportedMediaTypeError (415); Werkzeug's
    413 when the body is larger than the application reads.
    """
    parameters = _parameters(request.query_string, "address")
    if request.method == "POST":
        parameters += _posted(request)
    _refuse_update(name for name, _ in parameters)
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
    )


def _posted(request: Request) -> list[tuple[str, str]]:
    """Return the parameters in the body; a query posted directly counts as the parameter `query`."""
    if request.mimetype == _UPDATE:
        raise ForbiddenQueryError("This endpoint is read-only: it takes no updates.")
    if request.mimetype not in {FORM, DIRECT}:
        raise UnsupportedMediaTypeError(
            f"Content-Type {request.mimetype or '(none)'!r} is not taken. Post a form ({FORM}) or a query ({DIRECT})."
        )
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaTypeError(f"charset {charset!r} is not taken. Send UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("A body with Content-Encoding is not taken. Send it as it is.")
    body = request.get_data(cache=False)
    if request.mimetype == FORM:
        return _parameters(body, "form")
    return [("query", _decode(body, "query"))]


def _parameters(encoded: bytes, where: str) -> list[tuple[str, str]]:
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


def _refuse_update(names: Iterable[str]) -> None:
    updates = {"update", "using-graph-uri", "using-named-graph-uri"}
    if found := updates.intersection(names):
        raise ForbiddenQueryError(f"Parameter `{min(found)}`: this endpoint is read-only, it takes no updates.")


def _all(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _one(parameters: Sequence[tuple[str, str]], name: str) -> str | None:
    values = _all(parameters, name)
    if len(values) > 1:
        raise RequestError(f"Parameter `{name}` is given {len(values)} times. Give it once.")
    return values[0] if values else None
