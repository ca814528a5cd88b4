"""How much a validation looks at: a report without findings is worth nothing if nothing was compared.

A query of the shapes lists, without its lines marked "fails", every equation that it compares; these are counted
here, in the same way whichever engine looks for failures. Shapes of SHACL Core look at their focus nodes.
"""

from pyoxigraph import Literal, QuerySolutions

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.rules import Rule, Shapes


def looked_at(document: Document, shapes: Shapes) -> dict[str, int]:
    """Return for each rule the number of equations or values it compares.

    A rule that reports what rounding can explain is left out: it looks at the equations of the rule it belongs to.
    """
    return {rule.id: _count(rule, document, shapes.prologue) for rule in shapes.rules.values() if not rule.is_rounding}


def _count(rule: Rule, document: Document, prologue: str) -> int:
    solutions = document.store.query(prologue + _query(rule))
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # a SELECT
    count = next(solutions)["n"]
    return int(count.value) if isinstance(count, Literal) else 0


def _query(rule: Rule) -> str:
    members = f"?this a <{rule.target}>"
    if rule.looks_at is not None:
        return f"SELECT (COUNT(*) AS ?n) WHERE {{ {members} . {{ {rule.looks_at} }} }}"
    if rule.on_observations:
        return f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {members} . ?o <{PREFIXES['qb']}dataSet> ?this }}"
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ {members} }}"
