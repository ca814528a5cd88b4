"""What is above a resource, for the way to its page."""

from collections.abc import Mapping
from typing import Any

from budgetgraph.server.backend import backend


def above(query: str, iri: str) -> list[dict[str, Any]]:
    """Return what a query (?above ?label ?broader) finds above a resource, the highest first: terms and labels."""
    found: dict[str, dict[str, Any]] = {}
    for row in backend().select(query, this=iri):
        entry = found.setdefault(row["above"].value, {"term": row["above"], "labels": set(), "broader": None})
        if "label" in row:
            entry["labels"].add(row["label"])
        if "broader" in row:
            entry["broader"] = row["broader"].value
    height = {name: _height(name, found) for name in found}
    return sorted(found.values(), key=lambda entry: height[entry["term"].value])


def _height(name: str, found: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how much is above a resource; a circle of the data ends the count."""
    met: set[str] = set()
    while name in found and name not in met:
        met.add(name)
        name = found[name]["broader"] or ""
    return len(met)
