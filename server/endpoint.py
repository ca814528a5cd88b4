"""One request to a SPARQL endpoint elsewhere, through SPARQLWrapper; whatever keeps the answer from us is one error."""

import ast
import base64
from collections.abc import Iterable
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, POSTDIRECTLY, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from budgetgraph.server.config import RemoteSettings
from budgetgraph.server.exceptions import QueryError, RemoteError
from budgetgraph.server.formats import Format
from budgetgraph.server.guard import QueryForm

_CHUNK = 1 << 16


def ask(
    remote: RemoteSettings,
    text: str,
    form: QueryForm,
    written: Format,
    timeout: float | None,
    default_graphs: Iterable[str] = (),
    named_graphs: Iterable[str] = (),
) -> Any:
    """Return the open HTTP response to a query, of the format that was asked for. Close it.

    Raises QueryError when the endpoint does not take the query; RemoteError when it is not reached, refuses, or
    answers with something else.
    """
    wrapper = _wrapper(remote.query, remote, timeout)
    wrapper.setQuery(text)
    wrapper.queryType = form.value  # it guesses by pattern, and may be wrong
    wrapper.setMethod(POST)
    wrapper.addCustomHttpHeader("Accept", written.media_type)
    for name, graphs in (("default-graph-uri", default_graphs), ("named-graph-uri", named_graphs)):
        for graph in graphs:
            wrapper.addParameter(name, graph)
    response = _send(wrapper, remote.query)
    found = response.headers.get_content_type()
    if found not in {written.media_type, *written.aliases}:
        response.close()
        raise RemoteError(
            f"{remote.query}: answered with {found} where {written.media_type} was asked for. "
            "Check that this is the address of the SPARQL endpoint itself."
        )
    return response


def update(remote: RemoteSettings, text: str, timeout: float | None) -> None:
    """Send an update. Raises QueryError, RemoteError."""
    if remote.update is None:
        raise RemoteError(f"{remote.query}: no address for updates is set. Set BUDGETGRAPH_REMOTE_UPDATE.")
    wrapper = _wrapper(remote.update, remote, timeout)
    wrapper.setQuery(text)
    wrapper.queryType = "INSERT"  # any update will do: it only chooses how the text is sent
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(POSTDIRECTLY)
    _send(wrapper, remote.update).close()


def read(response: Any, address: str) -> bytes:
    """Return the next chunk of an open response, nothing at its end. Raises RemoteError when it breaks off."""
    try:
        return bytes(response.read(_CHUNK))
    except (OSError, HTTPException) as error:
        raise RemoteError(f"{address}: broke off its answer, which is not whole: {error}") from None


def authorization(remote: RemoteSettings) -> str | None:
    """Return the Authorization header for a remote store, None when it needs none."""
    if remote.token is not None:
        return f"Bearer {remote.token}"
    if remote.user is None:
        return None
    return "Basic " + base64.b64encode(f"{remote.user}:{remote.password or ''}".encode()).decode("ascii")


def _wrapper(address: str, remote: RemoteSettings, timeout: float | None) -> SPARQLWrapper:
    if not address.startswith(("http://", "https://")):
        raise RemoteError(f"{address}: is no address of an endpoint. Give one that begins with http:// or https://.")
    wrapper = SPARQLWrapper(address)
    wrapper.setOnlyConneg(True)
    if (header := authorization(remote)) is not None:
        wrapper.addCustomHttpHeader("Authorization", header)
    if timeout is not None:
        wrapper.setTimeout(max(1, round(timeout)))
    return wrapper


def _send(wrapper: SPARQLWrapper, address: str) -> Any:
    """Return the open HTTP response; whatever keeps it from us becomes a RemoteError or QueryError."""
    try:
        return wrapper.query().response
    except QueryBadFormed as error:
        raise QueryError(f"{address}: does not take the query: {_told(error)}") from None
    except SPARQLWrapperException as error:
        raise RemoteError(f"{address}: refused the query: {error.msg}: {_told(error)}") from None
    except HTTPError as error:
        with error:
            detail = error.read(500).decode("utf-8", "replace").strip()
        raise RemoteError(f"{address}: refused the query: {error.code} {error.reason} {detail}") from None
    except URLError as error:
        raise RemoteError(f"{address}: cannot be reached: {error.reason}. Check the address.") from None
    except (OSError, ValueError, HTTPException) as error:
        raise RemoteError(f"{address}: cannot be reached: {error}. Check the address.") from None


def _told(error: SPARQLWrapperException) -> str:
    """Return what the endpoint said, which SPARQLWrapper puts into its message as the text of a bytes literal."""
    _, _, body = str(error).partition("Response:\n")
    try:
        return str(ast.literal_eval(body), "utf-8", "replace").strip()[:500]
    except (SyntaxError, ValueError, TypeError):
        return body.strip()[:500]
