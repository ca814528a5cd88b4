"""Subselects that several rules have in common: their rows are found once for a document."""

from collections import Counter
from collections.abc import Callable

from budgetgraph.shapes.facts import Facts
from budgetgraph.shapes.sparql_parser import Select
from budgetgraph.shapes.sparql_terms import Value

Rows = list[tuple[Value, ...]]

#: The subselects of all functions that were made, by number, and how many functions ask for each.
_NUMBERS: dict[str, int] = {}
_TIMES: Counter[int] = Counter()


def number_of(select: Select) -> int:
    """Return the number of a subselect that a function is going to ask for."""
    number = _NUMBERS.setdefault(repr(select), len(_NUMBERS))
    _TIMES[number] += 1
    return number


def rows_of(facts: Facts, number: int, function: Callable[[], Rows]) -> Rows:
    """Return the rows of a subselect; of one that several functions ask for they are kept as long as the facts."""
    if _TIMES[number] == 1:
        return function()
    if number not in facts.rows:
        facts.rows[number] = function()
    return facts.rows[number]
