"""`/update`: the update operation of the SPARQL 1.1 Protocol (2.2), for whoever has the token."""

from flask import Blueprint, Response, request

from budgetgraph.server.authorization import require_token
from budgetgraph.server.backend import backend
from budgetgraph.server.config import RemoteSettings
from budgetgraph.server.endpoint import update as update_remote
from budgetgraph.server.guard import inspect_update
from budgetgraph.server.protocol import read_update
from budgetgraph.server.usings import with_dataset
from budgetgraph.server.writes import Write, write

update = Blueprint("update", __name__)


@update.post("/update")
def endpoint() -> Response:
    """Apply an update: all of it or nothing. The release that holds the result is live when this answers 204."""
    require_token()
    server = backend()
    operation = read_update(request, server.config.writes.body)
    inspect_update(operation.update, server.config.guard, server.config.writes.body)
    text = with_dataset(operation.update, operation.using, operation.using_named)
    store = server.config.store
    if isinstance(store, RemoteSettings):
        update_remote(store, text, server.config.writes.time)
        return Response(status=204)
    done = write(store, server.config.writes, Write("update", base_iri=request.base_url), text.encode())
    return Response(status=204, headers={"X-Release": done.release})
