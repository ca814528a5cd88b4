"""The native engine: the shapes' own queries, each run once by Oxigraph; simple core constraints by lookup.

pySHACL runs a query once for each focus node. A query of plain patterns that groups by `$this` gives the same
solutions when it is run once with `?this` unbound, beside the pattern of its target class; the shapes keep to that
form. What this engine does not know it hands on to pySHACL, names it in the report, and never skips it.
"""

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph as ox

from budgetgraph.shapes.catalogue import DESCRIPTIVE, Shapes
from budgetgraph.shapes.constraints import Check, check
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import Examination, Finding
from budgetgraph.shapes.equations import count, focus_nodes
from budgetgraph.shapes.exceptions import EngineError
from budgetgraph.shapes.families import Family, families
from budgetgraph.shapes.needs import relevant
from budgetgraph.shapes.paths import SH, Node, object_of, text_of, value_nodes
from budgetgraph.shapes.results import Value
from budgetgraph.shapes.rules import Rule, fill

_TRUE = ox.Literal(True)


def find(document: Document, shapes: Shapes) -> Examination:
    """Return the findings of all rules."""
    findings: list[Finding] = []
    checked: dict[str, int] = {}
    for family in families(shapes):
        found, looked_at = ask(document, family, shapes)
        findings += found
        checked |= looked_at
    handed_on = []
    for rule in shapes.rules.values():
        if rule.unknown:
            handed_on.append(rule.id)
            checked[rule.id] = count(rule, document, shapes)
        elif rule.query is None:
            found, checked[rule.id] = _looked_up(document, rule, shapes)
            findings += found
    if handed_on:
        from budgetgraph.shapes import pyshacl_engine

        findings += pyshacl_engine.find(document, shapes, frozenset(handed_on)).findings
    return Examination(findings, checked, tuple(handed_on))


def ask(document: Document, family: Family, shapes: Shapes) -> tuple[list[Finding], dict[str, int]]:
    """Return what fails in a family of rules, and the number of equations its rules look at."""
    counted = [rule for rule in family.rules if not rule.is_rounding]
    if not document.names(family.needs):
        return [], {rule.id: 0 for rule in counted}
    if family.failing is None:
        (rule,) = family.rules
        return list(_findings(document, rule, family.query)), {
            rule.id: count(rule, document, shapes) for rule in counted
        }
    findings: list[Finding] = []
    if family.totals is not None:
        totals = next(_solutions(document, family.rules[0], family.totals))
        for place, rule in enumerate(family.rules):
            if _whole(totals[f"f{place}"]):
                findings += _findings(document, rule, family.worded[place])
        return findings, {rule.id: _whole(totals["n"]) for rule in counted}
    number = 0
    solutions = _solutions(document, family.rules[0], family.query)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        number += 1
        for rule, failing in zip(family.rules, family.failing, strict=True):
            if all(solution[name] == _TRUE for name in failing):
                findings.append(_finding(rule, solution, names))
    return findings, {rule.id: number for rule in counted}


def _whole(number: object) -> int:
    return int(number.value) if isinstance(number, ox.Literal) else 0


def _findings(document: Document, rule: Rule, query: str) -> Iterator[Finding]:
    """Yield what a query finds whose solutions are all failures."""
    solutions = _solutions(document, rule, query)
    names = [variable.value for variable in solutions.variables]
    return (_finding(rule, solution, names) for solution in solutions)


def _solutions(document: Document, rule: Rule, query: str) -> ox.QuerySolutions:
    try:
        # A document has its default graph only; asked so, Oxigraph does not compare graphs.
        solutions = document.store.query(relevant(query, document.names), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise EngineError(f"{document.name}: the query of {rule.id} is not SPARQL: {error}") from error
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # sh:select is a SELECT
    return solutions


def _finding(rule: Rule, solution: ox.QuerySolution, names: list[str]) -> Finding:
    bound = {name: solution[name] for name in names if solution[name] is not None}
    path, value = bound.get("path"), bound.get("value", bound["this"])
    return Finding(
        rule=rule.id,
        focus=text_of(bound["this"]),
        path=path.value if isinstance(path, ox.NamedNode) else None,
        value=_value(value),
        component=f"{SH}SPARQLConstraintComponent",
        messages=fill(rule.messages, {name: text_of(term) for name, term in bound.items()}),
    )


def _looked_up(document: Document, rule: Rule, shapes: Shapes) -> tuple[list[Finding], int]:
    path = object_of(shapes.store, ox.NamedNode(rule.iri), f"{SH}path")
    if path is None:
        raise EngineError(f"shape {rule.id} has neither a query nor a path")
    constraints = _constraints(shapes, rule.id)
    shown = path.value if isinstance(path, ox.NamedNode) else None
    findings = []
    focuses = focus_nodes(document, rule, shapes)
    of = value_nodes(document.store, shapes.store, path)
    for focus in focuses:
        values = list(dict.fromkeys(of(focus)))
        for component, failing in constraints:
            for value in failing(values):
                stated = None if value is None else _value(value)
                findings.append(Finding(rule.id, text_of(focus), shown, stated, component, rule.messages))
    return findings, len(focuses)


@lru_cache(maxsize=512)
def _constraints(shapes: Shapes, rule_id: str) -> tuple[tuple[str, Check], ...]:
    """Return IRI of the component and check of each constraint of a property shape (SHACL, 4)."""
    found = []
    for quad in shapes.store.quads_for_pattern(ox.NamedNode(shapes.rules[rule_id].iri), None, None):
        name = quad.predicate.value.removeprefix(SH)
        if not quad.predicate.value.startswith(SH) or name in DESCRIPTIVE:
            continue
        known = check(name, text_of(quad.object))
        if known is None:
            raise EngineError(f"shape {rule_id} states sh:{name}, which this engine does not know; use pyshacl")
        found.append((f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent", known))
    return tuple(found)


def _value(term: Node) -> Value:
    if isinstance(term, ox.Literal):
        return Value(term.value, False, None if term.language else term.datatype.value, term.language)
    return Value(text_of(term))
