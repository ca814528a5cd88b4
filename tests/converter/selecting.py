"""Queries over the graph of a converted publication, with the prefixes of the project."""

import pyoxigraph

from budgetgraph.ontology.namespaces import PREFIXES

_PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


def select(store: pyoxigraph.Store, query: str) -> list[tuple[str, ...]]:
    """Return the solutions over all graphs; "" for what is not bound."""
    solutions = store.query(_PROLOGUE + query, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [tuple(getattr(value, "value", "") for value in solution) for solution in solutions]
