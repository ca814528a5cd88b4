"""No two observations of a data set have one key (RDF Data Cube, integrity constraint IC-12).

Readers list rows and columns that say the same where they see them (`figures.py`). This looks at what all of them made
of a publication, the last time before figures become observations: what slips through would be two amounts of one
observation, or an amount that is counted twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.budget import STRUCTURES, TOTAL, DataSet, DepartmentBudget, Figure, TableGap
from budgetgraph.converter.problems import Problem, Severity

_Key = tuple[object, ...]


def with_unique_keys(budget: DepartmentBudget, ledger: Ledger) -> tuple[DepartmentBudget, tuple[Problem, ...]]:
    """Return the budget with one figure for each key, and the report of the others, which the ledger books.

    Of figures with one value the first counts; where values differ, nobody knows which is right, and none does.
    """
    found: dict[_Key, list[Figure]] = defaultdict(list)
    for data_set in budget.data_sets:
        for key, figure in _keys(data_set, budget):
            found[key].append(figure)
    gone, problems = dict[int, bool](), list[Problem]()  # figures (`id`), and whether others state another value
    for first, *others in found.values():
        differs = any(figure.value != first.value for figure in others)
        for figure in (first, *others) if differs else others:
            gone[id(figure)] = differs
            ledger.withdraw(figure.place.locator, Reason.REPEATED_ROW if differs else Reason.DUPLICATE)
        problems += [_problem(first, figure, differs) for figure in others]
    if not gone:
        return budget, ()
    return replace(budget, data_sets=tuple(_without(each, gone) for each in budget.data_sets)), tuple(problems)


def _keys(data_set: DataSet, budget: DepartmentBudget) -> Iterator[tuple[_Key, Figure]]:
    """Yield what tells the observations of a data set apart, as they state it, with the figures."""
    names = [(name, data_set.fund if name == "fund" else TOTAL) for name in STRUCTURES[data_set.structure]]
    for figure in data_set.figures:
        values = (figure.dimensions.get(name, default) for name, default in names)
        yield (data_set.id, figure.year or data_set.year or budget.fiscal_year, *values), figure


def _problem(first: Figure, second: Figure, differs: bool) -> Problem:
    what = f"{second.text!r} of {second.label!r} says the same as {first.text!r} at {first.place.locator}"
    then = "neither is converted, as they differ. Compare both with the publication." if differs else "it counts once."
    severity = Severity.ERROR if differs else Severity.INFO
    return Problem("duplicate-key", severity, f"{what} (same data set, same dimensions); {then}", second.place.locator)


def _without(data_set: DataSet, gone: Mapping[int, bool]) -> DataSet:
    """Return a data set without some figures; what differs leaves a gap, so that no rule asks for its sums."""
    kept = tuple(figure for figure in data_set.figures if id(figure) not in gone)
    lost = sum(gone.get(id(figure), False) for figure in data_set.figures)
    gaps = tuple(dict.fromkeys((*data_set.gaps, TableGap((), ())))) if lost else data_set.gaps
    return replace(data_set, figures=kept, unconverted=data_set.unconverted + lost, gaps=gaps)
