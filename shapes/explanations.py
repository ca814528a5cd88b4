"""The equation behind a result, written out: each figure that takes part, as printed, and what may have gone wrong.

A query of the shapes sums figures (`?o` with its amount `?v`; `?isOwn` tells the sum from its parts) in a subselect,
and compares `?amount` with `?sum` outside of it. Here the same subselect is asked for its figures instead of their
sum. A rule whose query has another form has no equation; its message says all there is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.causes import likely_causes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.families import same_length_blank
from budgetgraph.shapes.queries import solutions
from budgetgraph.shapes.results import Equation, Result, Severity, Term
from budgetgraph.shapes.rules import Rule
from budgetgraph.shapes.sparql_terms import text_of

_SUBSELECT = re.compile(r"SELECT\s+\$this\s")
_GROUPED = re.compile(r"\s*GROUP\s+BY\s+\$this((?:\s+\?\w+)*)")
_HEAD = re.compile(r"SELECT\s+\$this\s[^{]*?\bWHERE\b")
_QB_DATA_SET = f"{PREFIXES['qb']}dataSet"


@dataclass(frozen=True, slots=True)
class Members:
    """How to ask a rule for its equations and for the figures in them.

    keys       variables that tell the equations of a focus node apart
    figures    SELECT ?this, the keys, ?o, ?v and, where `has_own`, ?isOwn
    equations  SELECT ?this, ?value, the keys, ?amount, ?sum, ?difference, ?tolerance
    linear     the equation is: figures that are own, less those that are not
    """

    keys: tuple[str, ...]
    figures: str
    equations: str
    has_own: bool
    linear: bool


def members_of(rule: Rule, prologue: str) -> Members | None:
    """Return how to ask for the figures of a rule's equations; None where its query does not sum `?o` and `?v`."""
    return _members(rule.looks_at, rule.target, prologue) if rule.looks_at else None


@lru_cache(maxsize=1024)
def _members(text: str, target_class: str, prologue: str) -> Members | None:
    blank = same_length_blank(text)
    for start in [match.start() for match in _SUBSELECT.finditer(blank)][1:]:
        opening = blank.index("{", start)
        closing = _closing(blank, opening)
        head, body, behind = text[start:opening], text[opening : closing + 1], blank[closing + 1 :]
        grouped = _GROUPED.match(behind)
        if grouped is None or not re.search(r"\?v\b", body) or not re.search(r"\?o\b", body):
            continue
        if "?amount" not in head and not ("AS ?total)" in head and "AS ?sum)" in head):
            continue
        keys = tuple(re.findall(r"\?(\w+)", grouped.group(1)))
        target = f"?this a <{target_class}> . "
        shown = " ".join(f"?{key}" for key in keys)
        has_own = "?isOwn" in body
        figures = f"{prologue}SELECT ?this {shown} ?o ?v {'?isOwn' if has_own else ''} WHERE {{ {target}{body} }}"
        outer = _HEAD.sub(
            f"SELECT $this ?value {shown} ?amount ?sum ?difference ?tolerance WHERE", text.lstrip(), count=1
        )
        equations = f"{prologue}SELECT * WHERE {{ {target}{{ {outer} }} }}"
        linear = bool(
            re.search(r"SUM\(IF\(\?isOwn(?: && !\?isYear)?, \?v, 0\)\) AS \?(?:amount|total)\)", head)
            and re.search(r"SUM\(IF\(\?isOwn, 0, \?v\)\) AS \?sum\)", head)
        )
        return Members(keys, figures, equations, has_own, linear)
    return None


def _closing(blank: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(blank)):
        depth += (blank[position] == "{") - (blank[position] == "}")
        if depth == 0:
            return position
    raise ValueError("a group of a query is not closed")


def explained(document: Document, shapes: Shapes, results: Iterable[Result]) -> tuple[Result, ...]:
    """Return the results with their equations where they have one; the figure that several share is marked."""
    results = tuple(results)
    found: dict[Result, Equation] = {}
    for rule_id in dict.fromkeys(result.rule for result in results):
        rule = shapes.rules[rule_id]
        members = members_of(rule, shapes.prologue)
        if members is not None:
            own = [result for result in results if result.rule == rule_id]
            found |= dict(_equations(document, members, own))
    # What rounding explains points at no figure.
    beyond = {result: equation for result, equation in found.items() if result.severity is Severity.VIOLATION}
    failing = Counter(node for equation in beyond.values() for node in {term.node for term in equation.terms})
    shared = {node for node, times in failing.items() if times > 1}
    for result, equation in beyond.items():
        terms = tuple(replace(term, shared=term.node in shared) for term in equation.terms)
        found[result] = replace(equation, terms=terms)
    return tuple(replace(result, equation=found.get(result)) for result in results)


def _equations(document: Document, members: Members, results: list[Result]) -> Iterator[tuple[Result, Equation]]:
    wanted = {(result.focus, result.value.text if result.value else ""): result for result in results}
    rows = []
    for row in solutions_as_text(document, members.equations):
        result = wanted.get((row.get("this", ""), row.get("value", "")))
        if result is not None and str(row.get("difference", "")) in result.message.en:
            rows.append((result, row))
    if not rows:
        return
    figures: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for row in solutions_as_text(document, members.figures):
        figures.setdefault(_key(row, members.keys), []).append(row)
    for result, row in rows:
        amounts = [decimal_of(row.get(name, "")) for name in ("amount", "sum", "difference", "tolerance")]
        if amounts[0] is None or amounts[1] is None:
            continue
        taking_part = figures.get(_key(row, members.keys), [])
        terms = tuple(
            sorted((_term(document, each, members.has_own) for each in taking_part), key=lambda t: (not t.own, t.node))
        )
        if members.linear and sum(term.own for term in terms) > 1:  # 本年支出合计 and 合计: one of them is compared
            terms = tuple(term for term in terms if not term.own or (result.value and term.node == result.value.text))
        difference = amounts[2] if amounts[2] is not None else amounts[0] - amounts[1]
        equation = Equation(
            amounts[0], amounts[1], difference, amounts[3], multiplier_of(document, terms), members.linear, terms
        )
        if members.linear:
            equation = replace(equation, causes=likely_causes(equation, _elsewhere(document, equation)))
        yield result, equation


def _elsewhere(document: Document, equation: Equation) -> tuple[Term, ...]:
    """Return figures as large as the difference whose codes are below the sum's and among none of its parts."""
    own = next((term for term in equation.terms if term.own), None)
    if own is None or equation.difference <= 0:
        return ()
    above = _first(document, own.node, BUD.sourceCode)
    present = {term.node.rpartition("/")[2] for term in equation.terms}
    present |= {term.label for term in equation.terms}
    amounts = document.steps(f"<{BUD.amount}>")
    found: dict[str, Term] = {}
    for node in (text_of(figure) for figure, values in amounts.items() if equation.difference in values):
        code = _first(document, node, BUD.sourceCode)
        term = term_of(document, node, equation.difference)
        if above and code.startswith(above) and code != above and term.label not in present:
            found.setdefault(term.label, term)
    return tuple(found.values())


def solutions_as_text(document: Document, query: str) -> Iterator[dict[str, str]]:
    """Yield the solutions of a query: the text of what has a value in them."""
    found = solutions(document, query)
    for row in found.rows:
        yield {name: text_of(value) for name, value in zip(found.variables, row, strict=True) if value is not None}


def _key(row: Mapping[str, str], keys: tuple[str, ...]) -> tuple[str, ...]:
    return (row.get("this", ""), *(row.get(key, "") for key in keys))


def decimal_of(text: str) -> Decimal | None:
    """Return the number that a literal states; None for what cannot be added up (INF and NaN of xsd:double too)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def term_of(document: Document, node: str, value: Decimal, *, own: bool = False) -> Term:
    """Return a figure as it takes part in an equation: its name, code, printed text and place."""
    label, code, printed = (_first(document, node, name) for name in (BUD.sourceLabel, BUD.sourceCode, BUD.sourceValue))
    words = label if label.startswith(code) else f"{code} {label}"
    name = words.strip() or node.rpartition("/")[2]
    return Term(node, name, value, printed, own, next(iter(document.cells(node)), None))


def _term(document: Document, row: Mapping[str, str], has_own: bool) -> Term:
    own = has_own and row.get("isOwn") == "true"
    return term_of(document, row["o"], decimal_of(row["v"]) or Decimal(0), own=own)


def _first(document: Document, node: str, name: str) -> str:
    return next(document.texts(node, name), "")


def multiplier_of(document: Document, terms: tuple[Term, ...]) -> int:
    """Return the power of ten of the unit that the first figure is printed in: 4 for 万元, 0 for 元."""
    for term in terms:
        for data_set in document.texts(term.node, _QB_DATA_SET):
            text = _first(document, data_set, BUD.sourceUnitMultiplier)
            if text.isdecimal():
                return int(text)
    return 0
