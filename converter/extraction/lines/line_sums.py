"""The sums of tables of lines: which lines are surely parts of others, and which columns make up their sum."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.budget import LINES, TOTAL, Figure
from budgetgraph.converter.budget.hierarchy import ancestors_in, lines_above
from budgetgraph.converter.extraction.classes.revenue_sources import OF_WHICH
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import ColumnSpec

_KIND, _SOURCE, _TRANSFER = "procurementKind", "revenueSource", "transferKind"
#: What columns say beside the kind.
_COLUMNS = (_SOURCE, "balanceItem", _TRANSFER)
#: 货物, 工程, 服务.
_KINDS = 3


def check_sums(
    work: Extraction, sections: Sequence[str | None], columns: Sequence[ColumnSpec], by_order: Collection[str]
) -> None:
    """List the lines that do not add up to the row above them, and all lines where they are more than the total.

    sections  of the amounts; then of parts of them, which are listed where the lines are
    by_order  lines that nothing but their order puts below a row; others are what they say
    """
    kinds_in_rows = not any(_KIND in column.dimensions for column in columns)
    unsure: set[str] = set()
    for panel in [panel for section in sections for panel in _panels(work, section)]:
        figures, step = work.figures[panel], work.step_of(panel)
        doubtful = {
            _number(part)
            for group, parts in _groups(figures, kinds_in_rows)
            if not _adds_up(group.value, parts, step)
            for part in parts
        }
        doubtful = doubtful.intersection(by_order) | _more_than_all(figures, step)
        if panel.section == sections[0]:
            unsure |= doubtful
        else:
            doubtful |= unsure
        refused = [figure for figure in figures if not doubtful.isdisjoint((n := _number(figure), *lines_above(n)))]
        if refused:
            _refuse(work, refused)


def move_parts(work: Extraction, section: str | None, columns: Sequence[ColumnSpec]) -> None:
    """Move columns that are parts of a printed sum and do not make it up into data sets of their own.

    There they are counted once, and the sums stay leaves: 金额, of which 财政拨款.
    """
    for name in (_SOURCE, _KIND, _TRANSFER):
        if not any(name in column.dimensions for column in columns):
            continue
        for panel in _panels(work, section):
            if _is_partial(work.figures[panel], name, work.year, work.step_of(panel)):
                _move(work, panel, name)


def move_kinds(work: Extraction, section: str | None) -> None:
    """Move kinds of purchases of which some are not printed, and which do not make up their sum, likewise."""
    for panel in _panels(work, section):
        figures = work.figures[panel]
        kinds = {figure.dimensions[_KIND] for figure in figures if _KIND in figure.dimensions}
        if len(kinds) < _KINDS and _is_partial(figures, _KIND, work.year, work.step_of(panel)):
            _move(work, panel, _KIND)


def take_back_kinds(work: Extraction, sections: Sequence[str | None], again: Collection[Mapping[str, str]]) -> None:
    """List the amounts of kinds of purchases that several rows name: each may be a part of its kind."""
    kinds = {kind[_KIND] for kind in again}
    figures = [figure for section in sections for panel in _panels(work, section) for figure in work.figures[panel]]
    taken = [figure for figure in figures if _number(figure) == TOTAL and figure.dimensions.get(_KIND) in kinds]
    if taken:
        first = work.take_back(taken, Reason.UNKNOWN_ROW)
        why = "other rows name the same kind, so that none of them is all of it. Compare them with the publication."
        work.problem("unknown-row", Severity.ERROR, f"row {taken[0].label!r} is not converted: {why}", first)


def _move(work: Extraction, panel: Panel, name: str) -> None:
    """Move the figures that a dimension tells apart into a data set of their own."""
    apart = "-".join(filter(None, (panel.section, OF_WHICH)))
    for known in (work.structures, work.kinds):
        known[apart] = known[panel.section]
    work.lines[apart] = work.lines.get(panel.section, [])
    target, figures = replace(panel, section=apart), work.figures[panel]
    work.figures[panel] = [figure for figure in figures if name not in figure.dimensions]
    work.figures.setdefault(target, []).extend(figure for figure in figures if name in figure.dimensions)
    work.numbers.setdefault(target, []).extend(work.numbers.get(panel, []))


def _panels(work: Extraction, section: str | None) -> list[Panel]:
    return [panel for panel in work.figures if panel.section == section]


def _number(figure: Figure) -> str:
    return next((figure.dimensions[name] for name in LINES.values() if name in figure.dimensions), TOTAL)


def _column(figure: Figure) -> tuple[str | None, ...]:
    return tuple(figure.dimensions.get(name) for name in _COLUMNS)


def _groups(figures: Sequence[Figure], kinds_in_rows: bool) -> Iterator[tuple[Figure, Sequence[Figure]]]:
    """Yield each figure of a group or kind with those of the lines right below it, in the same column."""
    below: dict[tuple[str, tuple[str | None, ...], str | None], list[Figure]] = defaultdict(list)
    for figure in figures:
        if (number := _number(figure)) != TOTAL:
            below[number.rpartition(".")[0], _column(figure), figure.dimensions.get(_KIND)].append(figure)
    for figure in figures:
        number, kind = _number(figure), figure.dimensions.get(_KIND)
        if number == TOTAL and not (kind and kinds_in_rows):
            continue
        if parts := below.get(("" if number == TOTAL else number, _column(figure), kind)):
            yield figure, parts


def _more_than_all(figures: Sequence[Figure], step: Decimal) -> set[str]:
    """Return all lines where they are more than the total: some are parts of others, and nothing says which."""
    lines = [figure for figure in figures if _number(figure) != TOTAL]
    first = [figure for figure in lines if "." not in _number(figure)]
    for total in (figure for figure in figures if _number(figure) == TOTAL):
        kind = total.dimensions.get(_KIND)
        parts = [f for f in first if _column(f) == _column(total)]
        parts = [f for f in parts if kind is None or f.dimensions.get(_KIND) == kind]
        without = [f for f in parts if _KIND not in f.dimensions]
        if kind is None and without:
            parts = without  # kinds in columns beside their sum
        if sum(part.value for part in parts) > total.value and not _adds_up(total.value, parts, step):
            return {_number(figure) for figure in lines}
    return set()


def _refuse(work: Extraction, refused: Sequence[Figure]) -> None:
    first = work.take_back(refused, Reason.UNKNOWN_ROW)
    work.problem(
        "unknown-row",
        Severity.ERROR,
        f"{len(refused)} amounts are not converted: their lines do not add up to the row that they stand below, so it "
        f"is not certain which lines are parts of others (the first is {refused[0].label!r}). Compare them with the "
        "publication.",
        first,
    )


def _is_partial(figures: Sequence[Figure], name: str, year: int, step: Decimal) -> bool:
    """Tell whether the values of a dimension leave some sum that is printed beside them open."""
    rows: dict[frozenset[tuple[str, str]], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        key = frozenset((each, value) for each, value in figure.dimensions.items() if each != name)
        rows[key][figure.dimensions.get(name, TOTAL)] = figure
    for row in rows.values():
        named = row.keys() - {TOTAL}
        parts = [row[value] for value in named if not ancestors_in(SCHEMES[name], year, value) & named]
        if TOTAL in row and parts and not _adds_up(row[TOTAL].value, parts, step):
            return True
    return False


def _adds_up(whole: Decimal, parts: Sequence[Figure], step: Decimal) -> bool:
    return adds_up(whole, [part.value for part in parts], step)
