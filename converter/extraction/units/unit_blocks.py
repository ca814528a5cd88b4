"""Rows of classes that nothing but their order puts below a unit: below its own row, in one column of codes.

The layouts: 编码 | 名称 with rows of units (101002 云岭市测绘中心) above the rows of their classes, which each unit
repeats; columns of units that are blank beside the classes. Such rows are the unit's where they add up to its own
row in every column; else they are listed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.budget import Figure
from budgetgraph.converter.extraction.reconciliation import sums
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.problems import Severity

#: Dimensions of the classes below a unit.
_CLASSES = frozenset(("functionalClass", "economicClass", "govEconomicClass"))


def prove(work: Extraction) -> None:
    """List the classes that stand below a unit by their order, where they do not add up to the unit's own row."""
    _list_units_below_classes(work)
    for panel, figures in list(work.figures.items()):
        rows = work.order.get(panel.unit or "", set())
        below = [figure for figure in figures if (figure.place.row or 0) - 1 in rows]
        if not below or _adds_up(work, panel, figures, below):
            continue
        whole = replace(panel, unit=None)
        of_all = [*work.figures.get(whole, ()), *below]
        if len({frozenset(f.dimensions.items()) for f in of_all}) == len(of_all) and _adds_up(
            work, whole, of_all, below
        ):
            _leave_to_department(work, panel, of_all, below)
            continue
        first = work.take_back(below, Reason.UNKNOWN_ROW)
        work.problem(
            "unknown-unit",
            Severity.ERROR,
            f"{len(below)} amounts are not converted: they stand below the row of {panel.unit!r} and do not add up to "
            f"it, so whose they are is not certain (the first is {below[0].label!r}). Compare them with the "
            "publication.",
            first,
        )


def _list_units_below_classes(work: Extraction) -> None:
    """List rows of units that stand below classes: a unit that has several is none of them as a whole.

    What stands below such rows by its order is the department's, where it adds up to the department's total.
    """
    rows = {row for found in work.units.rows.values() for row in found}
    apart = (unit for unit, own in work.units.rows.items() if not rows.issuperset(range(min(own), max(own))))
    again = next(apart, None)  # not 021 and 021001 of one body
    has_classes = any(_CLASSES & f.dimensions.keys() for figures in work.figures.values() for f in figures)
    if again is None or not has_classes:
        return
    own: list[Figure] = []
    for panel, figures in list(work.figures.items()):
        if panel.unit in work.units.rows:
            own += [figure for figure in figures if (figure.place.row or 0) - 1 in rows]
    if own:
        first = work.take_back(own, Reason.UNKNOWN_ROW)
        work.problem(
            "unknown-unit",
            Severity.ERROR,
            f"rows of units stand below those of classes ({again!r} has several), so they are not of the units as a "
            f"whole; {len(own)} amounts are not converted. Compare them with the publication.",
            first,
        )
    for panel in [panel for panel in work.figures if panel.unit in work.units.rows]:
        whole, below = replace(panel, unit=None), work.figures[panel]
        of_all = [*work.figures.get(whole, ()), *below]
        if below and _adds_up(work, whole, of_all, below):
            _leave_to_department(work, panel, of_all, below)


def _leave_to_department(work: Extraction, panel: Panel, of_all: list[Figure], below: Collection[Figure]) -> None:
    """Give the department classes that add up to its total; the row above them is that of another body, and listed."""
    others = [figure for figure in work.figures.pop(panel) if figure not in below]
    whole = replace(panel, unit=None)
    work.figures[whole] = of_all
    work.numbers.setdefault(whole, []).extend(work.numbers.pop(panel, []))
    if others:
        first = work.take_back(others, Reason.UNKNOWN_ROW)
        work.problem(
            "unknown-row",
            Severity.ERROR,
            f"row {panel.unit!r} names another body, and the rows below add up to the total of all; its "
            f"{len(others)} amounts are not converted. Compare it with the publication.",
            first,
        )


def _adds_up(work: Extraction, panel: Panel, figures: Sequence[Figure], below: Collection[Figure]) -> bool:
    """Tell whether every column of the classes has the unit's own amount, and all sums of classes close."""
    own = {_column(figure) for figure in figures if not _CLASSES & figure.dimensions.keys()}
    if not all(_column(figure) in own for figure in below):
        return False
    step = work.step_of(panel)
    found = sums(figures, work.structures[panel.section], panel.year or work.year)
    of_classes = [each for each in found if _column(each.total) == _column(each.parts[0])]
    summed = {_column(each.total) for each in of_classes if not _CLASSES & each.total.dimensions.keys()}
    return summed == own and all(each.closes(step) for each in of_classes)


def is_sum_of_units(work: Extraction, panel: Panel) -> bool:
    """Tell whether the figures of a row are the sums of what all other units print there."""
    others = [p for p in work.figures if p.unit not in {None, panel.unit} and replace(p, unit=panel.unit) == panel]
    sums_of = defaultdict[frozenset[tuple[str, str]], Decimal](Decimal)
    for figure in (figure for other in others for figure in work.figures[other]):
        sums_of[frozenset(figure.dimensions.items())] += figure.value
    own = {frozenset(figure.dimensions.items()): figure.value for figure in work.figures[panel]}
    return len(others) > 1 and bool(own) and all(sums_of.get(key) == value for key, value in own.items())


def share_with_department(work: Extraction) -> None:
    """Give the department the classes below its only unit, where the unit's own row is all of the department's.

    A department that has such classes itself keeps them, and the unit its own.
    """
    panels = [panel for panel, figures in work.figures.items() if panel.unit and figures]
    if len({panel.unit for panel in panels}) != 1:
        return
    for panel in panels:
        whole, rows = replace(panel, unit=None), work.order.get(panel.unit or "", set())
        printed = {_column(f): f.value for f in work.figures.get(whole, ()) if not _CLASSES & f.dimensions.keys()}
        own = {_column(f): f.value for f in work.figures[panel] if not _CLASSES & f.dimensions.keys()}
        below = [figure for figure in work.figures[panel] if (figure.place.row or 0) - 1 in rows]
        known = {frozenset(figure.dimensions.items()) for figure in work.figures.get(whole, ())}
        is_new = known.isdisjoint(frozenset(figure.dimensions.items()) for figure in below)
        if below and own and own == printed and is_new:
            work.figures[whole].extend(below)
            work.numbers.setdefault(whole, []).extend(work.numbers.get(panel, []))
            work.figures[panel] = [figure for figure in work.figures[panel] if figure not in below]


def _column(figure: Figure) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in figure.dimensions.items() if name not in _CLASSES)
