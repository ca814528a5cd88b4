"""Tables of one kind in one file that contradict each other, while no title says that they are of several bodies.

A file may hold the tables of a department and then, under the same titles, those of its units. What is printed decides
whose they are: the department's table of its units, the department's total as the sum of all others, the totals that
its text states. What nothing decides is nobody's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from budgetgraph.converter.budget import NEEDED, TOTAL, Figure
from budgetgraph.converter.extraction.steps import Extracted
from budgetgraph.converter.sources.repeats import compare

#: Why a table is not converted that is the department's as well as another's.
NOBODY = (
    "it contradicts another table of its kind in this file, or stands among tables that do, and nothing says which of "
    "them is the publication's: no title, no line above them, no total"
)
#: Kinds of tables whose total is that of the whole budget.
_OF_ALL = frozenset(("balance", "revenue", "expenditure"))
_DEPARTMENT, _ONE_UNIT = "部门", "单位"
#: The sum of the others is that of several: one other table has the same total by itself.
_FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table that may be the department's.

    index   which table of the file it is
    number  the number that it prints, None without one
    named   whether its title or the line above it names the department
    title   as printed, folded
    """

    index: int
    made: Extracted
    number: int | None = None
    named: bool = False
    title: str = ""

    @property
    def kind(self) -> tuple[str, str]:
        """Return kind and fund: what tables of one kind have in common."""
        return self.made.table.kind, next((d.fund for d in self.made.data_sets), "")

    @property
    def total(self) -> Decimal | None:
        """Return the amount of the row of the total, None where it prints none."""
        return next((f.value for d in self.made.data_sets if d.unit is None for f in d.figures if _is_total(f)), None)


def is_of_all(kind: str) -> bool:
    """Tell whether the total of a kind of tables is that of the whole budget."""
    return kind in _OF_ALL


def _is_total(figure: Figure) -> bool:
    return all(value == TOTAL for value in figure.dimensions.values())


def _is_most(figure: Figure) -> bool:
    """Tell whether nothing is above a figure: a total, or one of a structure without (posts, and people in them)."""
    return all(value == TOTAL or name in NEEDED.values() for name, value in figure.dimensions.items())


def contradict(first: Candidate, second: Candidate) -> bool:
    """Tell whether two tables of one kind cannot be of one body and year: their totals differ, or most figures."""
    if first.kind != second.kind or (found := compare(first.made, second.made)) is None:
        return False
    totals = any(_is_most(a) and _is_most(b) for a, b in found.differing)
    return totals or 2 * len(found.differing) > found.shared


def owners(tables: Sequence[Candidate], stated: Collection[Decimal]) -> dict[int, str | None]:
    """Return whose the tables are that contradict others or stand among those: a unit's name, "" for the department.

    None for a table of which nothing says whose it is; tables that are the department's in any case are left out.

    stated  the amounts in 元 that the department's text prints
    """
    pairs = [(a, b) for i, a in enumerate(tables) for b in tables[i + 1 :] if contradict(a, b)]
    if not pairs:
        return {}
    rivals = {each.index for pair in pairs for each in pair}
    runs = whole = _runs(tables)
    one_kind = len({a.kind for a, _ in pairs}) == 1
    if one_kind:
        runs = [[t for t in run if t.index in rivals or _is_of(t, run, runs[0])] for run in runs]
    opening = [t for t in tables if t.index < min(rivals) and t.kind[0] in _OF_ALL]
    units = dict(_unit_totals(tables))
    department = _department(runs, stated, units, opening)
    result: dict[int, str | None] = {}
    for run in runs:
        whose = "" if run is department else _unit(run, runs, units) if department else None
        for each in run:
            known = whose is None or not department or each.kind in {other.kind for other in department}
            result[each.index] = whose if known else None
    if one_kind and not _is_one_series(tables):
        place = next((i for i, run in enumerate(runs) if run is department), None)
        result |= {t.index: None for t in _of_nobody(tables, whole, place, rivals, stated) if t.index not in result}
    if department is None:
        kept = {t.index for t in opening} if one_kind else set()
        return {index: None for index in result if index not in kept}
    return {index: whose for index, whose in result.items() if whose != ""}


def _is_one_series(tables: Sequence[Candidate]) -> bool:
    """Tell whether the tables are numbered on from the first to the last: they are of one body, but for some."""
    return all(a.number is not None and b.number is not None and a.number < b.number for a, b in pairwise(tables))


def _of_nobody(
    tables: Sequence[Candidate],
    runs: Sequence[Sequence[Candidate]],
    department: int | None,
    rivals: Collection[int],
    stated: Collection[Decimal],
) -> Iterator[Candidate]:
    """Yield the tables among and behind those that contradict each other which nothing says to be the department's.

    They are the department's in its own run, or where their total is stated in its text or printed in a table of its
    run, or above all these, and not in the others.

    department  which of the runs is the department's
    """
    opening = [t for t in tables if t.index < min(rivals)]
    own = [*opening, *(runs[department] if department is not None else ())]
    for place, run in enumerate(runs):
        others = [t for t in run if t not in own]
        for each in others if place != department else ():
            values = _values(t for t in own) | set(stated)
            tied = each.total and each.total in values and each.total not in _values(t for t in others if t is not each)
            if each.index not in rivals and not tied:
                yield each


def _values(tables: Iterable[Candidate]) -> set[Decimal]:
    return {f.value for t in tables for d in t.made.data_sets if d.unit is None for f in d.figures}


def _runs(tables: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the tables in runs that contradict nothing within; what a run ends in may open the next one."""
    runs: list[list[Candidate]] = [[]]
    for table in tables:
        if any(contradict(other, table) for other in runs[-1]):
            runs.append([])
        runs[-1].append(table)
    for run, following in pairwise(runs):
        while len(run) > 1 and _opens(run[-1], run[:-1], following):
            following.insert(0, run.pop())
    return _joined(runs)


def _joined(runs: Sequence[list[Candidate]]) -> list[list[Candidate]]:
    """Return the runs, those of one body as one: they contradict in nothing and have a table with the same total."""
    joined: list[list[Candidate]] = []
    for run in runs:
        same = next((other for other in joined if _is_one_body(run, other)), None)
        if same is None:
            joined.append(list(run))
        else:
            same.extend(run)
    return joined


def _is_one_body(run: Sequence[Candidate], other: Sequence[Candidate]) -> bool:
    pairs = [(a, b) for a in run for b in other if a.kind == b.kind]
    return not any(contradict(a, b) for a, b in pairs) and any(a.total and a.total == b.total for a, b in pairs)


def _opens(table: Candidate, before: Sequence[Candidate], behind: Sequence[Candidate]) -> bool:
    """Tell whether the last table of a run is the first of the next one: by its number, or by its total."""
    numbers = table.number, before[-1].number, behind[0].number
    if None not in numbers and numbers[0] < numbers[2] and numbers[0] <= numbers[1]:  # type: ignore[operator]  # none is None
        return True
    return _is_of(table, behind, before)


def _is_of(table: Candidate, run: Sequence[Candidate], other: Sequence[Candidate]) -> bool:
    """Tell whether the total of a table is one of a run, and none of another."""
    total = table.total if table.kind[0] in _OF_ALL else None
    mine, theirs = (
        {t.total for t in each if t.kind[0] in _OF_ALL and t is not table} - {None} for each in (run, other)
    )
    return bool(total) and total in mine and total not in theirs


def _unit_totals(tables: Sequence[Candidate]) -> Iterator[tuple[str, Decimal]]:
    """Yield the units, and "" for the department, with the totals that one table prints of all of them."""
    for table in tables:
        found = {
            data_set.unit or "": figure.value
            for data_set in table.made.data_sets
            for figure in data_set.figures
            if _is_total(figure) and table.kind[0] in _OF_ALL
        }
        if len(found) > 1 and "" in found:
            yield from found.items()


def _department(
    runs: Sequence[Sequence[Candidate]],
    stated: Collection[Decimal],
    units: Mapping[str, Decimal],
    opening: Sequence[Candidate],
) -> Sequence[Candidate] | None:
    """Return the run that the evidence says is the department's, None where it says none or several."""
    totals = [_totals(run) for run in runs]
    known = {t.total for t in opening if all(t not in run for run in runs)}
    shared = [set().union(*(other for other in totals if other is not each)) for each in totals]
    found = [
        [i for i, each in enumerate(totals) if units.get("") in each],
        [i for i, each in enumerate(totals) if each & known],
        [i for i, each in enumerate(totals) if each & set(stated) - shared[i]],
        [i for i, run in enumerate(runs) if any(table.named for table in run)],
        [i for i in range(len(runs)) if _is_sum(runs, i)],
        _says_department(runs),
    ]
    says = {each[0] for each in found if len(each) == 1}
    return runs[says.pop()] if len(says) == 1 else None


def _says_department(runs: Sequence[Sequence[Candidate]]) -> list[int]:
    """Return the runs whose titles say 部门, where those of all other runs say 单位: 部门收支总表, 单位收支总表."""
    said = [{word for table in run for word in (_DEPARTMENT, _ONE_UNIT) if word in table.title} for run in runs]
    if all(len(words) == 1 for words in said) and {_ONE_UNIT} in said:
        return [index for index, words in enumerate(said) if words == {_DEPARTMENT}]
    return []


def _totals(run: Sequence[Candidate]) -> set[Decimal]:
    return {table.total for table in run if table.total}


def _is_sum(runs: Sequence[Sequence[Candidate]], index: int) -> bool:
    """Tell whether the totals of a run are the sums of those of all the others, kind by kind."""
    others = [run for place, run in enumerate(runs) if place != index]
    found = []
    for table in runs[index]:
        same = [other.total for run in others for other in run if other.kind == table.kind]
        if table.total and len(same) == len(others) >= _FEWEST_PARTS and None not in same:
            found.append(sum(filter(None, same)) == table.total)
    return bool(found) and all(found)


def _unit(run: Sequence[Candidate], runs: Sequence[Sequence[Candidate]], units: Mapping[str, Decimal]) -> str | None:
    """Return the unit whose total a run has, where no other unit and no other run has it; else None."""
    totals = {t.total for t in run if t.kind[0] in _OF_ALL and t.total}
    found = [name for name, total in units.items() if name and total in totals]
    if len(found) != 1 or len(totals) != 1:
        return None
    others = (t.total for other in runs if other is not run for t in other if t.kind[0] in _OF_ALL)
    return None if totals & set(others) else found[0]
