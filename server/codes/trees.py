"""The concepts of a release as trees, cut to the levels that a page can hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from budgetgraph.server.backend import backend
from budgetgraph.server.terms import Term

#: Concepts that a page shows at most, as long as its first level is not longer; and those of a tree that stands open.
MOST, OPEN = 350, 60


@dataclass(slots=True)
class Node:
    """A concept in its tree.

    uses    observations that have this very concept
    hidden  concepts below it that the page leaves out; the concept's own page has them
    """

    term: Term
    notation: str
    labels: set[Term] = field(default_factory=set)
    is_observed: bool = False
    uses: int = 0
    children: list["Node"] = field(default_factory=list)
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Tree:
    """What is below a list or a concept. `size` counts all of it, `observed` what a publication prints."""

    roots: list[Node]
    size: int
    observed: int
    is_open: bool


def read_tree(iri: str) -> Tree:
    """Return the tree of a code list, or the one below a concept."""
    nodes: dict[Term, Node] = {}
    above: dict[Term, Term] = {}
    for row in backend().select("list-concepts", this=iri):
        if "notation" not in row:  # a level of the classification, which is no code
            continue
        node = nodes.setdefault(row["concept"], Node(row["concept"], row["notation"].value))
        if "label" in row:
            node.labels.add(row["label"])
        if "broader" in row:
            above[node.term] = row["broader"]
        node.is_observed |= "status" in row and row["status"].value == "observed"
    for row in backend().select("count-uses", this=iri):
        if row["concept"] in nodes:
            nodes[row["concept"]].uses = int(row["uses"].value)
    roots: list[Node] = []
    for node in sorted(nodes.values(), key=_order):
        parent = nodes.get(above.get(node.term, node.term))
        (roots if parent is None or parent is node else parent.children).append(node)
    _cut(roots)
    return Tree(roots, len(nodes), sum(node.is_observed for node in nodes.values()), len(nodes) <= OPEN)


def _order(node: Node) -> tuple[bool, str]:
    """Sort by code, the total and "not applicable" first."""
    return (not node.notation.startswith("_"), node.notation)


def _cut(roots: list[Node]) -> None:
    """Leave out the lowest levels until what is left can stand on a page; the first level of several stays."""
    level, shown = _below_total(roots), 0
    while level:
        following = [child for node in level for child in node.children]
        shown += len(level)
        if shown + len(following) > MOST:
            for node in level:
                node.hidden, node.children = sum(1 for _ in _all(node.children)), []
        level = following


def _below_total(roots: list[Node]) -> list[Node]:
    """Return the roots; under a single total, what it is the sum of."""
    totals = [node for node in roots if node.children]
    return totals[0].children if len(totals) == 1 and totals[0].notation == "_T" else roots


def _all(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.children)
