"""What figures must agree with: a total is the sum of what stands right below it, wages are no operating cost.

Where a reader is not sure of its cells (a scan, columns without lines) an open sum refutes them, and so does a class
under the wrong nature. Sound tables leave sums open too ("其中" names a part only), so nothing here speaks of what is
surely read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.blocks import Cell, Locator
from budgetgraph.converter.budget import STRUCTURES, TOTAL, Figure
from budgetgraph.converter.budget.hierarchy import ancestors
from budgetgraph.converter.extraction.classes.nature_rows import CLASS, NATURE
from budgetgraph.converter.extraction.table_state import Extraction
from budgetgraph.converter.problems import Severity

#: Economic class (类) of departments -> its nature in basic expenditure, 人员经费 or 公用经费.
_NATURES = {**dict.fromkeys(("301", "303"), "personnel"), **dict.fromkeys(("302", "307", "309", "310"), "public")}
#: In a table with fewer rows of figures than this an open sum speaks against all of them: columns may be shifted.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure and the figures right below it in one dimension, which is the structure's at `position`."""

    total: Figure
    parts: tuple[Figure, ...]
    position: int

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return total and parts."""
        return (self.total, *self.parts)

    def closes(self, step: Decimal) -> bool:
        """Tell whether the parts add up to the total, but for what rounding can do; to the digit for a step of 0."""
        return adds_up(self.total.value, [part.value for part in self.parts], step)


def sums(figures: Sequence[Figure], structure: str, year: int) -> Iterator[Sum]:
    """Yield the sums that the figures of one data set must close."""
    names = STRUCTURES[structure]
    above = ancestors(structure, year)
    for position in range(len(names)):
        groups: dict[tuple[str, ...], dict[str, Figure]] = defaultdict(dict)
        for figure in figures:
            key = [figure.dimensions.get(each, TOTAL) for each in names]
            groups[(*key[:position], *key[position + 1 :])][key[position]] = figure
        for group in groups.values():
            over = {value: {other for other in above(position, value) if other in group} for value in group}
            for total, figure in group.items():
                parts = _parts(total, over)
                if parts:
                    yield Sum(figure, tuple(group[value] for value in parts), position)


def _parts(total: str, over: Mapping[str, AbstractSet[str]]) -> list[str]:
    """Return the values right below one that add up to it; `over` has for each value those above it.

    An aggregate ("财政拨款") stands beside the classes whose members it holds: of two that share a member, the one
    with fewer members is no part.
    """
    below = [value for value, up in over.items() if total in up and not any(total in over[other] for other in up)]
    members = {value: {other for other, up in over.items() if value in up} for value in below}
    return [
        value
        for value in below
        if not any(
            members[value] & members[other] and (len(members[value]), value) < (len(members[other]), other)
            for other in below
            if other != value
        )
    ]


def refute(work: Extraction) -> None:
    """Take back the figures of a table whose reader was not sure of them where they cannot be right as they stand."""
    cells = {cell.locator: cell for cell in work.table.grid.cells() if cell.confidence < 1}
    _refute_years(work, cells)
    _refute_natures(work, cells)
    _refute_sums(work, cells)


def _refute_years(work: Extraction, cells: Mapping[Locator, Cell]) -> None:
    """Take back recognised figures whose header may print another year: neither the document's nor the one before.

    A table prints figures of the document's year, so that where it has none, its years are misread as well.
    """
    if not work.table.is_recognised:
        return
    filled = {panel: figures for panel, figures in work.figures.items() if figures}
    has_own = any(panel.year is None for panel in filled)
    wrong = [
        figure
        for panel, figures in filled.items()
        if not has_own or panel.year not in {None, work.year - 1}
        for figure in figures
        if figure.place.locator in cells
    ]
    if wrong:
        first = work.take_back(wrong, Reason.LOW_CONFIDENCE)
        work.problem(
            "low-confidence",
            Severity.ERROR,
            f"{len(wrong)} amounts are not converted: the year over their column is not sure (the first is "
            f"{first.text.strip()!r}). Compare it with the publication.",
            first,
        )


def _refute_natures(work: Extraction, cells: Mapping[Locator, Cell]) -> None:
    """Take back figures of 人员经费 and 公用经费 where some are of classes of the other: their columns are mixed up."""
    for figures in work.figures.values():
        split = [f for f in figures if f.dimensions.get(NATURE) in _NATURES.values() and f.place.locator in cells]
        wrong = [
            f
            for f in split
            if _NATURES.get(f.dimensions.get(CLASS, "")[:3], f.dimensions[NATURE]) != f.dimensions[NATURE]
        ]
        if not wrong:
            continue
        work.take_back(split, Reason.LOW_CONFIDENCE)
        work.problem(
            "low-confidence",
            Severity.ERROR,
            f"{len(split)} amounts are not converted: whether they are of 人员经费 or 公用经费 is not certain, as "
            f"{wrong[0].text!r} of {wrong[0].label!r} cannot be. Compare them with the publication.",
            cells[wrong[0].place.locator],
        )


def _refute_sums(work: Extraction, cells: Mapping[Locator, Cell]) -> None:
    for panel, figures in work.figures.items():
        if not any(figure.place.locator in cells for figure in figures):
            continue
        # Rounding can hide a misread last digit, so that recognised figures must add up to the digit.
        step = Decimal(0) if work.table.is_recognised else work.step_of(panel)
        found = list(sums(figures, work.structures[panel.section], panel.year or work.year))
        open_sums = [each for each in found if not each.closes(step)]
        closed = [each for each in found if each.closes(step)] if work.table.is_recognised else []
        kept = {(id(figure), each.position) for each in closed for figure in each.figures}
        refuted = {
            id(figure)
            for each in open_sums
            for figure in each.figures
            if figure.place.locator in cells and (id(figure), each.position) not in kept
        }
        unsure = [f for f in _unconfirmed(figures, closed, work.awaited) if id(f) not in refuted]
        if unsure:
            work.unsure += [cells[figure.place.locator] for figure in unsure]
            work.take_back(unsure, Reason.LOW_CONFIDENCE)
        if not refuted:
            continue
        if len({figure.place.row for figure in figures}) < _FEW:
            refuted = {id(figure) for figure in figures if figure.place.locator in cells}
        work.take_back([figure for figure in figures if id(figure) in refuted], Reason.LOW_CONFIDENCE)
        total = open_sums[0].total
        work.problem(
            "open-sum",
            Severity.ERROR,
            f"{len(refuted)} amounts are not converted: they were not surely read, and {len(open_sums)} of their "
            f"{len(found)} sums do not close (the first total is {total.text!r} of {total.label!r}). "
            "Compare them with the publication.",
            cells.get(total.place.locator, work.table.grid.rows[0][0]),
        )


def _unconfirmed(figures: Sequence[Figure], closed: Sequence[Sum], awaited: Collection[Locator]) -> list[Figure]:
    """Return the figures that count only where a sum confirms them, and that are in none with sure ones alone."""
    doubted = {id(figure): figure for figure in figures if figure.place.locator in awaited}
    while confirmed := [id(in_doubt[0]) for each in closed if len(in_doubt := _within(each, doubted)) == 1]:
        for found in confirmed:
            doubted.pop(found, None)
    return list(doubted.values())


def _within(each: Sum, doubted: Mapping[int, Figure]) -> list[Figure]:
    return [figure for figure in each.figures if id(figure) in doubted]
