"""What compiled queries call for property paths. https://www.w3.org/TR/sparql11-query/#propertypaths"""

from collections.abc import Callable, Sequence

from budgetgraph.shapes.sparql_terms import Steps, Value

#: Node -> the nodes that a path leads to.
Path = Callable[[Value], Sequence[Value]]

NOTHING: Sequence[Value] = ()


def one_after_other(first: Path, second: Path) -> Path:
    """Return the path a/b."""
    return lambda node: [end for middle in first(node) for end in second(middle)]


def either(one: Path, other: Path) -> Path:
    """Return the path a|b."""
    return lambda node: [*one(node), *other(node)]


def stepping(steps: Steps) -> Path:
    """Return the path that is one property."""
    return lambda node: steps.get(node, NOTHING)


def repeated(path: Path, modifier: str) -> Path:
    """Return a path that may be left out ("?"), is taken once or more ("+"), or as often as one likes ("*")."""
    known: dict[Value, list[Value]] = {}

    def ends_of(node: Value) -> list[Value]:
        if node not in known:
            found = dict.fromkeys([node] if modifier != "+" else [])
            ahead = list(path(node))
            while ahead:
                end = ahead.pop()
                if end not in found:
                    found[end] = None
                    if modifier != "?":
                        ahead += path(end)
            known[node] = list(found)
        return known[node]

    return ends_of
