"""Totals of the three public expenses: of these alone, or with 会议费 and 培训费 beside them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up, parse_number
from budgetgraph.converter.budget import STRUCTURES
from budgetgraph.converter.extraction.reconciliation import Sum, sums
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.problems import Severity

_KIND, _BESIDE, _ALL = "three-public", "conference-training", "three-public-conference-training"
_STRUCTURE, _DIMENSION = "expenditure", "threePublic"
#: Section of the totals with 会议费 and 培训费.
_SECTION = "all"


def settle_three_public(work: Extraction) -> None:
    """Say of totals that hold more than the three expenses what they hold, or list them.

    They are those with 会议费 and 培训费 where these make up the rest, and not certain where something else beside the
    three is not read.
    """
    for panel in [panel for panel in work.figures if work.kinds[panel.section] == _KIND]:
        for each in _open(work, panel):
            beside = list(_beside(work, panel, each))
            if beside and adds_up(each.total.value, [*(f.value for f in each.parts), *beside], work.step_of(panel)):
                _move(work, panel, each)
            elif beside or work.unread.get(panel.section) or _has_unknown_column(work):
                cell = work.take_back([each.total], Reason.UNKNOWN_ROW)
                work.problem(
                    "unknown-row",
                    Severity.ERROR,
                    f"{each.total.text!r} is more than the three public expenses beside it, and what else it holds is "
                    "not certain; it is not converted. Compare it with the publication.",
                    cell,
                )


def _open(work: Extraction, panel: Panel) -> Iterator[Sum]:
    """Yield the totals that are more than the expenses that they stand over."""
    place = STRUCTURES[_STRUCTURE].index(_DIMENSION)
    for each in sums(work.figures[panel], _STRUCTURE, work.year):
        if each.position == place and _DIMENSION not in each.total.dimensions:
            rest = each.total.value - sum(part.value for part in each.parts)
            if rest > 0 and not each.closes(work.step_of(panel)):
                yield each


def _beside(work: Extraction, panel: Panel, found: Sum) -> Iterator[Decimal]:
    """Yield the amounts of conferences and training of the same fund, year, phase and unit."""
    fund = found.total.dimensions.get("fund")
    for other, figures in work.figures.items():
        if work.kinds[other.section] == _BESIDE and replace(other, section=panel.section) == panel:
            yield from (figure.value for figure in figures if figure.dimensions.get("fund") == fund)


def _move(work: Extraction, panel: Panel, found: Sum) -> None:
    work.structures[_SECTION], work.kinds[_SECTION] = _STRUCTURE, _ALL
    work.figures[panel] = [figure for figure in work.figures[panel] if figure is not found.total]
    work.figures.setdefault(replace(panel, section=_SECTION), []).append(found.total)
    work.numbers[replace(panel, section=_SECTION)] = work.numbers.get(panel, [])


def _has_unknown_column(work: Extraction) -> bool:
    rows = work.table.grid.rows[work.depth :]
    return any(parse_number(row[index].text) for row in rows for index in work.match.unknown_columns)
