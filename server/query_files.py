"""The server's own queries: `queries/{name}.rq`."""

from functools import cache
from importlib import resources


@cache
def read_query(name: str) -> str:
    """Return the text of `queries/{name}.rq`."""
    return (resources.files("budgetgraph.server") / "queries" / f"{name}.rq").read_text("utf-8")
