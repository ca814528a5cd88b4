"""The Graph Store of a store elsewhere: one graph put, added to or deleted (SPARQL 1.1 Graph Store HTTP Protocol)."""

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from budgetgraph.server.config import RemoteSettings, WriteLimits
from budgetgraph.server.endpoint import authorization
from budgetgraph.server.exceptions import NotFoundError, QueryError, RemoteError
from budgetgraph.server.formats import format_named
from budgetgraph.server.writes import Done, Write


def write(remote: RemoteSettings, limits: WriteLimits, change: Write, body: bytes) -> Done:
    """Send a change of one graph. Raises RemoteError, QueryError for a graph it does not take, NotFoundError."""
    if remote.graphs is None:
        raise RemoteError(f"{remote.query}: no address of a Graph Store is set. Set BUDGETGRAPH_REMOTE_GRAPHS.")
    if not remote.graphs.startswith(("http://", "https://")):
        raise RemoteError(f"{remote.graphs}: is no address. Give one that begins with http:// or https://.")
    named = "default" if change.graph is None else f"graph={quote(change.graph, safe='')}"
    request = Request(f"{remote.graphs}?{named}", method=change.kind.upper())  # noqa: S310  # checked above
    if change.format is not None:
        request.data = body
        request.add_header("Content-Type", format_named(change.format).media_type)
    if (header := authorization(remote)) is not None:
        request.add_header("Authorization", header)
    try:
        with urlopen(request, timeout=limits.time) as response:  # noqa: S310
            return Done("", response.status == 201)
    except HTTPError as error:
        with error:
            detail = error.read(500).decode("utf-8", "replace").strip()
        if error.code == 404:
            raise NotFoundError(f"There is no graph {change.graph}.") from None
        kind = QueryError if error.code == 400 else RemoteError
        raise kind(f"{remote.graphs}: refused the graph: {error.code} {error.reason} {detail}") from None
    except (URLError, OSError, ValueError, HTTPException) as error:
        raise RemoteError(f"{remote.graphs}: cannot be reached: {error}. Check the address.") from None
