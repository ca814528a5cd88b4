"""Rows of an indicator table, read by their words: half of a published table may stand beside its header.

A row is read by columns where it stands under its header. Where it does not, level names are told by
vocabulary, and what remains is name, value, standard in this order.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.budget import Indicator, Target
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.columns import Header, read_header
from budgetgraph.converter.forms.indicator_rows import RowParts, by_columns, take_apart
from budgetgraph.converter.forms.levels import Levels
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.targets import comparator_of
from budgetgraph.converter.forms.values import check_nature, read_values, targets_of
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity


def read_indicators(
    section: Section, levels: Levels, words: Vocabulary, booking: Booking, panes: int = 1
) -> list[tuple[Indicator, ...]]:
    """Return the indicators of a section; `order` counts from 1, `levels` are brought up to date.

    One tuple for each of the tables that stand side by side under the header; `panes` is how many the caller can tell
    apart. More of them are not read, and listed.
    """
    booking.label(*section.head)
    for row in section.headers:
        booking.header(*row)
    header = read_header(section.headers, words)
    if header.panes > 1:
        if header.panes == panes:
            return _side_by_side(section, header, levels, words, booking)
        for row in section.rows:
            booking.not_understood(row, "two tables side by side under one header are not read", "indicator-columns")
        return [()]
    found: list[Indicator] = []
    for index, row in enumerate(section.rows):
        parts = take_apart(row, header, words)
        found += _row(parts, header, levels, section.rows[index + 1 :], len(found) + 1, words, booking)
        booking.not_understood(row, "no indicator can be read from these cells", "indicator-unknown")
    has_columns = header.column("level1") is not None or header.column("level2") is not None
    if not has_columns and section.rows and not all(indicator.level1 for indicator in found):
        message = f"{booking.table}: the table of indicators has no levels; its indicators are in no class"
        booking.problem("level-unknown", Severity.INFO, message, section.headers[0][0])
    return [tuple(found)]


def _side_by_side(
    section: Section, header: Header, levels: Levels, words: Vocabulary, booking: Booking
) -> list[tuple[Indicator, ...]]:
    """Read tables that share the column of level 1; every cell must stand under its header."""
    found: list[list[Indicator]] = [[] for _ in range(header.panes)]
    seconds: list[FormCell | None] = [None] * header.panes
    for row in section.rows:
        first = next((cell for cell in row if header.role(cell.column) == "level1"), None)
        if first is not None:
            levels.first, seconds = first, [None] * header.panes
            booking.label(first)
        for pane in range(header.panes):
            cells = [c for c in row if c is not first and c.column in header.columns and _pane(c, header) == pane]
            parts = by_columns(cells, header, words)
            if parts is None:
                continue
            if parts.levels:
                seconds[pane] = parts.levels[0]
            levels.second = seconds[pane]
            booking.label(*parts.levels)
            indicator = _indicator(parts, header, levels, len(found[pane]) + 1, words, booking)
            if indicator is not None:
                found[pane].append(indicator)
        booking.not_understood(row, "no indicator can be read from these cells", "indicator-unknown")
    return [tuple(indicators) for indicators in found]


def _pane(cell: FormCell, header: Header) -> int:
    return header.columns[cell.column].pane


def _row(
    parts: RowParts, header: Header, levels: Levels, below: Sequence[Sequence[FormCell]], order: int,
    words: Vocabulary, booking: Booking,
) -> list[Indicator]:  # fmt: skip
    if not parts.levels and parts.rest:
        levels.pass_over(parts.rest, header.column("level1"), words)
        return []
    levels.update(parts.levels, parts.level_role, below, words)
    levels.weights |= parts.level_weights
    booking.label(*parts.levels)
    uncertain = levels.forget_second(parts.levels, below, words)
    indicator = _indicator(parts, header, levels, order, words, booking)
    if uncertain and indicator is not None:
        message = f"{booking.table}: labels stand in the middle of their rows; the level 2 of this one is not certain"
        booking.problem("level-uncertain", Severity.WARNING, message, parts.parts["name"])
    return [indicator] if indicator is not None else []


def _indicator(
    parts: RowParts, header: Header, levels: Levels, order: int, words: Vocabulary, booking: Booking
) -> Indicator | None:
    name = parts.parts.get("name")
    if name is None or parts.rest:
        return None
    if not parts.values and not parts.grades and not words.is_execution(name.key):
        if len(parts.parts) == 1:
            booking.not_understood((name,), "an indicator without a value", "indicator-without-value")
        return None
    comparator, unit = parts.parts.get("comparator"), parts.parts.get("unit")
    nature = parts.parts.get("nature")
    if nature is not None and comparator_of(nature.text) and not (comparator and comparator_of(comparator.text)):
        nature, comparator = comparator, nature  # their headers are the other way round
    if comparator is not None and nature is None and comparator.key in words.natures:
        nature, comparator = comparator, None
    targets = _targets(parts, header, name, comparator, unit, words, booking)
    printed_unit = unit.text.strip() if unit else ""
    earlier, graded, achieved = (
        [found for cell in cells for found in targets_of(cell, "", printed_unit, booking, header.columns[cell.column])]
        for cells in (parts.earlier, parts.grades, parts.achieved)
    )
    if nature is not None and targets:
        check_nature(nature.text.strip(), targets[0], parts.values[0], booking)
    _book(parts, booking)
    first, second, level1, level2 = levels.notations(words)
    if level1 == "" and (header.column("level1") or header.column("level2")):
        booking.problem("level-unknown", Severity.WARNING, f"{booking.table}: indicator without a level 1", name)
    standard, weight, score = (parts.parts.get(role) for role in ("standard", "weight", "score"))
    return Indicator(
        order, redact(label(name.text))[0], level1, level2, first, second, tuple(targets), booking.place(name),
        redact(label(standard.text))[0] if standard else None, parts.shifted,
        earlier=tuple(earlier),
        graded=tuple(graded),
        achieved=tuple(achieved),
        weight=_weight(weight, booking),
        weight_text=weight.text.strip() if weight else None,
        score=_weight(score, booking),
        score_text=score.text.strip() if score else None,
        level1_weight=levels.weight(1),
        level2_weight=levels.weight(2),
        nature=nature.text.strip() if nature else None,
        remarks=tuple(f"{header.columns[c.column].header}：{redact(label(c.text))[0]}" for c in parts.remarks),
    )  # fmt: skip


def _targets(
    parts: RowParts, header: Header, name: FormCell, comparator: FormCell | None, unit: FormCell | None,
    words: Vocabulary, booking: Booking,
) -> list[Target]:  # fmt: skip
    """Return the targets of all columns of values; which column one stands in is said where there are several."""
    found = []
    for cell in parts.values:
        targets = read_values(name, cell, comparator, unit, words, booking)
        if header.several and header.panes == 1:
            column = header.columns[cell.column]
            targets = [replace(t, column=column.header, period=column.period, year=column.year) for t in targets]
        found += targets
    return found


def _weight(cell: FormCell | None, booking: Booking) -> Decimal | None:
    if cell is None:
        return None
    number = parse_number(cell.text.strip().rstrip("分%％"))
    if number is None:
        message = f"{booking.table}: {redact(cell.text.strip())[0]!r} is no number of points; it is kept as text"
        booking.problem("unparsable-number", Severity.WARNING, message, cell)
    return number.value if number else None


def _book(parts: RowParts, booking: Booking) -> None:
    weights = ("weight", "value")
    roles = {"name": ("indicator", "label"), "standard": ("target", "note"), "weight": weights, "score": weights}
    for role, cell in (parts.parts | parts.level_weights).items():
        what, printed = roles.get(role, ("target", "value"))
        booking.convert(cell, what, printed, redact(cell.text.strip())[0])
    for cell in (*parts.values, *parts.earlier, *parts.grades, *parts.achieved):
        booking.convert(cell, "target", "value", redact(cell.text.strip())[0])
    for cell in parts.remarks:
        booking.convert(cell, "target", "note", redact(cell.text.strip())[0])
    booking.not_understood(
        tuple(parts.extras), "columns of the indicator table that are not in the data", "unknown-column"
    )
