"""What is said of a resource that is not there: it never was (404), or was published and is no more (410)."""

import re
from pathlib import Path

from budgetgraph.server.backend import backend
from budgetgraph.server.exceptions import GoneError, NotFoundError, RequestError, StoreError
from budgetgraph.server.releases import kept_releases, read_release

_DOCUMENT = re.compile(r"id/doc/([0-9a-f]{16})(?:/|\Z)")


def missing(iri: str) -> RequestError:
    """Return the exception for a resource of which the release says nothing."""
    base = backend().release().metadata.base
    match = _DOCUMENT.match(iri.removeprefix(base))
    document = match[1] if match else None
    if document in backend().release().metadata.documents:
        return NotFoundError(f"There is nothing about {iri}. Its document is here: follow a link from there.")
    kept = _kept_in(document) if document else None
    if kept is not None or is_withdrawn(iri):
        hint = f"It is in release {kept}, which is kept: add ?release={kept}." if kept else "The catalogue tells more."
        return GoneError(f"{iri} was published in a former release and is not any more. {hint}")
    return NotFoundError(f"There is nothing about {iri}. Follow a link, or ask /sparql.")


def is_withdrawn(iri: str) -> bool:
    """Tell whether a resource is a document or a budget that was withdrawn, or a part of one."""
    gone = {term.value for row in backend().select("list-withdrawn") for term in row.values()}
    return any(iri == each or iri.startswith(f"{each}/") for each in gone)


def _kept_in(document: str) -> str | None:
    """Return the newest release that is kept and holds a document."""
    store = backend().config.store
    if not isinstance(store, Path):
        return None
    for name in kept_releases(store):
        try:
            if document in read_release(store / "releases" / name).metadata.documents:
                return name
        except StoreError:  # pruned since it was listed
            continue
    return None
