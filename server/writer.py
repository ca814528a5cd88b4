"""The process that writes: `python -m budgetgraph.server.writer`, with a task on standard input (see `writes.py`).

It copies the live release, applies the change to the copy, and builds the next release from the named graphs of
the result, as a publisher does. The default graph is their union; what a client writes into the default graph is
kept in the graph `{base}graph/default`, which is one of them.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from budgetgraph.server.exceptions import (
    ConflictError,
    ForbiddenQueryError,
    NotFoundError,
    PreconditionError,
    QueryError,
    ServerError,
)
from budgetgraph.server.isolation import leave_network, limit_memory, offer_to_the_oom_killer
from budgetgraph.server.publishing import build, publishing
from budgetgraph.server.releases import Release, ReleaseMetadata, current
from budgetgraph.server.syntaxes import SYNTAXES

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_DEFAULT = ox.DefaultGraph()


def apply(task: dict[str, Any]) -> dict[str, Any]:
    """Carry out a task and return what to answer. Raises ServerError; then the live release is as it was."""
    store, body = Path(task["store"]).resolve(), Path(task["body"]).read_bytes()
    with publishing(store):
        live = current(store)
        if task["release"] not in {None, live.id}:
            raise PreconditionError(
                "The store was written meanwhile. Get the graph again, and send the change to that."
            )
        working = store / "releases" / ".working"
        try:
            created = _change(_copy(live.quads_path, working), live, task, body)
            changed = ox.Store.read_only(str(working))
            metadata = _metadata(changed, live)
            pages = {name: path for name, path in live.page_pictures.items() if name in metadata.documents}
            release = build(store, [changed], metadata, pages=pages)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return {"release": release.id, "created": created}


def _copy(quads: Path, working: Path) -> Path:
    """Copy a RocksDB directory: its tables, which never change, as hard links."""
    working.mkdir()
    for file in quads.iterdir():
        if file.suffix == ".sst":
            os.link(file, working / file.name)
        elif file.name != "LOCK":
            shutil.copyfile(file, working / file.name)
    return working


def _change(working: Path, live: Release, task: dict[str, Any], body: bytes) -> bool:
    """Apply the change to the copy; return whether the graph of a Graph Store operation is new."""
    store = ox.Store(working)
    own = ox.NamedNode(f"{live.metadata.base}graph/default")
    try:
        if task["kind"] == "update":
            store.update(body.decode(), base_iri=task["base_iri"])
            _keep_default(store, ox.Store.read_only(str(live.quads_path)), own)
            return False
        graph = own if task["graph"] is None else ox.NamedNode(task["graph"])
        existed = store.contains_named_graph(graph)
        if task["kind"] == "delete" and not existed:
            raise NotFoundError(f"There is no graph {graph}.")
        if task["kind"] in {"put", "delete"}:
            store.remove_graph(graph)
        if task["kind"] in {"put", "post"}:
            store.add_graph(graph)
            store.extend(_parse(body, task, graph))
        return not existed
    except (SyntaxError, ValueError) as error:
        raise QueryError(" ".join(str(error).split())[:300]) from None
    except RuntimeError as error:
        raise QueryError(f"the update cannot be evaluated: {error}") from None
    finally:
        store.flush()


def _parse(body: bytes, task: dict[str, Any], graph: ox.NamedNode) -> list[ox.Quad]:
    """Return what was sent as statements of a graph; its blank nodes are new ones."""
    if task["format"] == "rdfxml" and _DTD.search(body):
        raise ForbiddenQueryError("RDF/XML with a document type definition is not taken. Send it without.")
    parsed = ox.parse(body, SYNTAXES[task["format"]], base_iri=task["base_iri"], rename_blank_nodes=True)
    quads = []
    for quad in parsed:
        if quad.graph_name != _DEFAULT:
            raise QueryError(f"{quad.graph_name}: what is sent to a graph is one graph, without named ones.")
        quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    return quads


def _keep_default(store: ox.Store, before: ox.Store, own: ox.NamedNode) -> None:
    """Carry over to `own` what an update has changed in the default graph.

    Raises ConflictError when a statement was taken from the default graph that a named graph still has.
    """
    for quad in store.quads_for_pattern(None, None, None, _DEFAULT):
        if quad not in before:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, own))
    for quad in before.quads_for_pattern(None, None, None, _DEFAULT):
        if quad in store:
            continue
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, own))
        held = next(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None), None)
        if held is not None:
            raise ConflictError(
                f"The update deletes a statement from the default graph that is in the graph {held.graph_name} too. "
                "The default graph is the union of the named ones: delete it there."
            )


def _metadata(store: ox.Store, live: Release) -> ReleaseMetadata:
    """Return what the next release holds: a document is there as long as its figures are.

    Reports stay as they were made; the release says when that was.
    """
    before = live.metadata
    prefix = f"{before.base}graph/doc/"
    names = [graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]
    found = {
        name.removeprefix(prefix).removesuffix("/data")
        for name in names
        if name.startswith(prefix)
        and name.endswith("/data")
        and next(store.quads_for_pattern(None, None, None, ox.NamedNode(name)), None) is not None
    }
    kept = [document for document in before.documents if document in found]
    documents = (*kept, *sorted(found.difference(kept)))
    superseded = tuple(document for document in before.superseded if document in found)
    reported = before.reported or live.created
    return ReleaseMetadata(before.base, documents, before.converter_version, superseded, reported)


def main() -> None:
    """Carry out the task on standard input, and answer on standard output."""
    task = json.load(sys.stdin)
    leave_network()
    limit_memory(task["memory"])
    offer_to_the_oom_killer()
    try:
        told = apply(task)
    except ServerError as error:
        told = {"error": type(error).__name__, "message": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
