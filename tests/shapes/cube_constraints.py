"""The integrity constraints of the W3C Data Cube vocabulary, each with how much it looked at.

A constraint is a query in `integrity/` that lists what is wrong; without its lines marked "fails" it lists what it
looks at, since a constraint that looks at nothing passes every cube.
"""

from pathlib import Path

import pyoxigraph

INTEGRITY = Path(__file__).parent / "integrity"
FAILS = "# fails"
_PARENT_CHILD = "<urn:parent-child>"
_PROPERTIES = """PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
    SELECT DISTINCT ?p { ?list qb:parentChildProperty/owl:inverseOf? ?p . FILTER (isIRI(?p)) }"""


def constraints() -> dict[str, str]:
    """Return the queries by name: "ic-01" ... "ic-21"."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(INTEGRITY.glob("*.rq"))}


def check(store: pyoxigraph.Store) -> dict[str, tuple[int, int]]:
    """Return for each constraint how much it looked at, and how many violations it found.

    The store is brought into the normal form that the constraints read.
    """
    store.update((INTEGRITY / "normalise.ru").read_text(encoding="utf-8"))
    return {name: _counts(store, query) for name, query in constraints().items()}


def _counts(store: pyoxigraph.Store, query: str) -> tuple[int, int]:
    everything = "\n".join(line for line in query.splitlines() if not line.endswith(FAILS))
    return _count(store, everything), _count(store, query)


def _count(store: pyoxigraph.Store, query: str) -> int:
    if _PARENT_CHILD not in query:
        return len(_solutions(store, query))
    properties = [str(solution[0]) for solution in _solutions(store, _PROPERTIES)]
    return sum(len(_solutions(store, query.replace(_PARENT_CHILD, each))) for each in properties)


def _solutions(store: pyoxigraph.Store, query: str) -> list[pyoxigraph.QuerySolution]:
    solutions = store.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return list(solutions)
