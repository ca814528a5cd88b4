"""How much a validation looks at: a report without findings is worth nothing if nothing was compared.

A query of the shapes lists, without its lines marked "fails", every equation that it compares; these are counted
here, in the same way whichever engine looks for failures. Shapes of SHACL Core look at their focus nodes.
"""

import pyoxigraph as ox

from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.paths import SH, object_of, value_nodes
from budgetgraph.shapes.queries import solutions
from budgetgraph.shapes.rules import Rule
from budgetgraph.shapes.sparql_terms import Value


def looked_at(document: Document, shapes: Shapes) -> dict[str, int]:
    """Return for each rule the number of equations or values it compares.

    A rule that reports what rounding can explain is left out: it looks at the equations of the rule it belongs to.
    """
    return {rule.id: count(rule, document, shapes) for rule in shapes.rules.values() if not rule.is_rounding}


def count(rule: Rule, document: Document, shapes: Shapes) -> int:
    """Return the number of equations or values that a rule compares."""
    if rule.unknown:
        return len(document.members(rule.target))
    if rule.counts is None:
        return len(focus_nodes(document, rule, shapes))
    members = f"?this a <{rule.target}>"
    query = f"{shapes.prologue}SELECT (COUNT(*) AS ?n) WHERE {{ {members} . {{ {rule.counts} }} }}"
    ((number,),) = solutions(document, query).rows
    return int(number)


def focus_nodes(document: Document, rule: Rule, shapes: Shapes) -> list[Value]:
    """Return the focus nodes of a rule: the members of its target class, or what the paths around it lead to."""
    key = (shapes.hash, rule.target, rule.outer)
    if key not in document.focus_nodes:
        found = document.members(rule.target)
        for shape in rule.outer:
            path = object_of(shapes.store, ox.NamedNode(shape), f"{SH}path")
            assert path is not None  # noqa: S101  # a property shape
            of = value_nodes(document.steps, shapes.store, path)
            found = list(dict.fromkeys(node for focus in found for node in of(focus)))
        document.focus_nodes[key] = found
    return document.focus_nodes[key]
