"""The native engine: the shapes' own queries (`queries.py`), each run once, most as functions; core by lookup.

pySHACL runs a query once for each focus node. A query of plain patterns that groups by `$this` gives the same
solutions when it is run once with `?this` unbound, beside the pattern of its target class; the shapes keep to that
form. What this engine does not know it hands on to pySHACL, names it in the report, and never skips it.
"""

from collections.abc import Sequence
from functools import lru_cache

import pyoxigraph as ox

from budgetgraph.ontology.collecting import collector_paused
from budgetgraph.shapes import paths, results
from budgetgraph.shapes.catalogue import DESCRIPTIVE, Shapes
from budgetgraph.shapes.constraints import Check, check
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import Examination, Finding
from budgetgraph.shapes.equations import count, focus_nodes
from budgetgraph.shapes.exceptions import EngineError
from budgetgraph.shapes.families import Family, families
from budgetgraph.shapes.paths import SH, object_of, value_nodes
from budgetgraph.shapes.queries import Solutions, solutions
from budgetgraph.shapes.rules import Rule, fill
from budgetgraph.shapes.sparql_terms import Tagged, Value, datatype_of, text_of


def find(document: Document, shapes: Shapes) -> Examination:
    """Return the findings of all rules."""
    findings: list[Finding] = []
    checked: dict[str, int] = {}
    with collector_paused():
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
        return _findings(document, rule, family.query), {rule.id: count(rule, document, shapes) for rule in counted}
    findings: list[Finding] = []
    if family.totals is not None:
        totals = _solutions(document, family.rules[0], family.totals)
        (numbers,) = (dict(zip(totals.variables, row, strict=True)) for row in totals.rows)
        for place, rule in enumerate(family.rules):
            if numbers[f"f{place}"]:
                findings += _findings(document, rule, family.worded[place])
        return findings, {rule.id: numbers["n"] for rule in counted}
    number = 0
    found = _solutions(document, family.rules[0], family.query)
    places = [[found.variables.index(name) for name in failing] for failing in family.failing]
    for row in found.rows:
        number += 1
        for rule, own in zip(family.rules, places, strict=True):
            if all(row[place] is True for place in own):
                findings.append(_finding(rule, found.variables, row))
    return findings, {rule.id: number for rule in counted}


def _findings(document: Document, rule: Rule, query: str) -> list[Finding]:
    """Return what a query finds whose solutions are all failures."""
    found = _solutions(document, rule, query)
    return [_finding(rule, found.variables, row) for row in found.rows]


def _solutions(document: Document, rule: Rule, query: str) -> Solutions:
    try:
        return solutions(document, query)
    except EngineError as error:
        raise EngineError(f"{rule.id}: {error}") from error


def _finding(rule: Rule, names: Sequence[str], row: Sequence[Value]) -> Finding:
    bound = {name: value for name, value in zip(names, row, strict=True) if value is not None}
    path, value = bound.get("path"), bound.get("value", bound["this"])
    return Finding(
        rule=rule.id,
        focus=text_of(bound["this"]),
        path=text_of(path) if isinstance(path, str) and path[0] == "<" else None,
        value=_value(value),
        component=f"{SH}SPARQLConstraintComponent",
        messages=fill(rule.messages, {name: text_of(value) for name, value in bound.items()}),
    )


def _looked_up(document: Document, rule: Rule, shapes: Shapes) -> tuple[list[Finding], int]:
    path = object_of(shapes.store, ox.NamedNode(rule.iri), f"{SH}path")
    if path is None:
        raise EngineError(f"shape {rule.id} has neither a query nor a path")
    constraints = _constraints(shapes, rule.id)
    shown = path.value if isinstance(path, ox.NamedNode) else None
    findings = []
    focuses = focus_nodes(document, rule, shapes)
    of = value_nodes(document.steps, shapes.store, path)
    for focus in focuses:
        values = of(focus)
        if len(values) > 1:
            values = list(dict.fromkeys(values))
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
        known = check(name, paths.text_of(quad.object))
        if known is None:
            raise EngineError(f"shape {rule_id} states sh:{name}, which this engine does not know; use pyshacl")
        found.append((f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent", known))
    return tuple(found)


def _value(value: Value) -> results.Value:
    if isinstance(value, str) and value[0] != '"':
        return results.Value(text_of(value))
    language = value.language if isinstance(value, Tagged) else None
    return results.Value(text_of(value), False, datatype_of(value), language)
