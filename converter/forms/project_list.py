"""One table for all projects, or all units, of a department: their columns stand before those of the indicators.

Names and objectives are merged down over the rows of their project. A name alone in its row is a heading: the unit
whose projects follow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from budgetgraph.converter.budget import Indicator, Objective, Project
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.indicators import read_indicators
from budgetgraph.converter.forms.levels import Levels
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell, Row
from budgetgraph.converter.forms.sections import Section, is_caption
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.forms.wide_list import level_columns, read_classes, wide_header
from budgetgraph.converter.privacy import personal_kind, redact

_HEAD_ROWS = 6
_NAMES = frozenset(["project-name", "department-name"])


@dataclass(slots=True)
class _Group:
    """The rows of a project or unit: its name, cells of its columns by their header, and its indicators."""

    name: FormCell
    facts: list[tuple[FormCell, FormCell]] = field(default_factory=list)
    rows: list[tuple[FormCell, ...]] = field(default_factory=list)


def header_row(rows: Sequence[tuple[tuple[int, str], ...]], words: Vocabulary) -> int | None:
    """Return which of the first rows names a project or unit, then level 1 and a value; rows are (column, word)."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        levels = [column for column, word in row if words.column(word) == "level1"]
        before = [word for column, word in row if levels and column < levels[0]]
        has_value = any(words.column(word) in {"value", "grade"} for _, word in row)
        if has_value and any(words.heads(word) & _NAMES for word in before):
            return number
    return None


def read_project_list(
    rows: Sequence[Row], order: int, words: Vocabulary, booking: Booking
) -> tuple[list[Project], list[Objective]]:
    """Return the projects of a table, the first with this order; or the objectives of the units that it names."""
    found = _header(rows, words)
    if found is None:
        return [], []
    start, end, heads, read = found
    for row in rows[:start]:
        if all(is_caption(cell.text, words) for cell in row.cells):
            booking.header(*row.cells)
    booking.header(*heads.values())
    body = [row for row in rows[end:] if not _repeats(row, rows[start].cells, booking)]
    groups = _groups(body, heads, words, booking)
    made = [(group, read(group.rows, booking)) for group in groups]
    if not any("project-name" in words.heads(cell.key) for cell in heads.values()):
        return [], [o for n, (group, found) in enumerate(made, start=1) for o in _unit(group, found, n, words, booking)]
    return [_project(group, found, order + n, words, booking) for n, (group, found) in enumerate(made)], []


_Read = Callable[[Sequence[tuple[FormCell, ...]], Booking], tuple[Indicator, ...]]


def _header(rows: Sequence[Row], words: Vocabulary) -> tuple[int, int, dict[int, FormCell], _Read] | None:
    """Return first and end of the header, the heads of a project's or unit's columns, and how indicators are read."""
    compared = [tuple((c.column, c.key) for c in row.cells) for row in rows]
    start = header_row(compared, words)
    if start is not None:
        header = rows[start].cells
        first = next(cell.column for cell in header if words.column(cell.key) == "level1")
        columns = tuple(cell for cell in header if cell.column >= first)

        def by_rows(body: Sequence[tuple[FormCell, ...]], booking: Booking) -> tuple[Indicator, ...]:
            (found,) = read_indicators(
                Section("indicators", headers=[columns], rows=list(body)), Levels(), words, booking
            )
            return found

        return start, start + 1, {cell.column: cell for cell in header if cell.column < first}, by_rows
    wide = wide_header(compared, words, _NAMES, _HEAD_ROWS)
    if wide is None:
        return None
    start, end = wide
    upper, lower = (compared[start], compared[end - 1]) if end - start > 1 else ((), compared[start])
    classes = level_columns(upper, lower, words)
    named = {cell.column: cell for cell in rows[end - 1].cells if cell.column in classes}
    others = [cell for row in rows[start:end] for cell in row.cells if cell.column not in named]

    def by_classes(body: Sequence[tuple[FormCell, ...]], booking: Booking) -> tuple[Indicator, ...]:
        booking.header(*(cell for row in rows[start:end] for cell in row.cells))
        return read_classes(body, classes, named, words, booking)

    return start, end, {cell.column: cell for cell in others}, by_classes


def is_project_list(rows: Sequence[tuple[tuple[int, str], ...]], words: Vocabulary) -> bool:
    """Tell whether rows of (column, compared word) are a table for all projects or units."""
    return header_row(rows, words) is not None or wide_header(rows, words, _NAMES, _HEAD_ROWS) is not None


def _repeats(row: Row, header: Sequence[FormCell], booking: Booking) -> bool:
    """Tell whether a row is the header printed again after a page turn; it is booked as one."""
    if [(c.column, c.key) for c in row.cells] != [(c.column, c.key) for c in header]:
        return False
    booking.header(*row.cells)
    return True


def _groups(rows: Sequence[Row], heads: dict[int, FormCell], words: Vocabulary, booking: Booking) -> list[_Group]:
    named = {role: column for column, cell in reversed(heads.items()) for role in words.heads(cell.key) & _NAMES}
    name_column = named.get("project-name", named.get("department-name"))
    groups: list[_Group] = []
    for row in rows:
        own = [cell for cell in row.cells if cell.column in heads]
        rest = tuple(cell for cell in row.cells if cell.column not in heads)
        name = next((cell for cell in own if cell.column == name_column), None)
        if name is not None and len(row.cells) == 1:
            booking.label(name)
            continue
        if any(cell.key in words.total_labels for cell in own):
            booking.not_understood(row.cells, "a total over the projects or units", "form-row-unknown")
            continue
        if name is not None and not (groups and groups[-1].name.key == name.key):
            groups.append(_Group(name))
        if not groups:
            booking.not_understood(row.cells, "indicators before the name of a project", "indicator-unknown")
            continue
        known = {cell.key for _, cell in groups[-1].facts} | {groups[-1].name.key}
        for cell in own:
            if cell.key not in known and cell is not groups[-1].name:
                groups[-1].facts.append((heads[cell.column], cell))
            elif cell is not groups[-1].name:
                booking.label(cell)  # printed again, on each row or after a page turn
        if rest:
            groups[-1].rows.append(rest)
    return groups


def _unit(
    group: _Group, indicators: tuple[Indicator, ...], number: int, words: Vocabulary, booking: Booking
) -> list[Objective]:
    """Return the objectives of a unit."""
    booking.convert(group.name, "organisation name", "text", redact(group.name.text.strip())[0])
    stated = _stated(group, words, booking)
    identity = f"{booking.table}-unit-{number}"
    found = _objectives(stated, indicators, group.name, identity, number, "department", booking)
    return [replace(each, unit=label(group.name.text)) for each in found]


def _project(
    group: _Group, indicators: tuple[Indicator, ...], order: int, words: Vocabulary, booking: Booking
) -> Project:
    booking.convert(group.name, "project", "text", redact(group.name.text.strip())[0])
    objectives = _stated(group, words, booking)
    statements: dict[str, str] = {}
    for head, cell in group.facts:
        if not booking.is_booked(cell):
            statements[label(head.text)] = redact(cell.text.strip())[0]
            booking.convert(cell, "statement", "text", statements[label(head.text)])
    return Project(
        order,
        redact(label(group.name.text))[0],
        booking.place(group.name),
        statements=statements,
        objectives=_objectives(objectives, indicators, group.name, f"project-{order}", order, "project", booking),
    )


def _stated(group: _Group, words: Vocabulary, booking: Booking) -> list[tuple[str, FormCell]]:
    """Return horizon and cell of the objectives that a group states; what is personal is withheld."""
    objectives = []
    for head, cell in group.facts:
        if personal_kind(head.text) is not None:
            booking.withhold(cell, "person_name", (cell.text.strip(),))
        elif "objective" in words.heads(head.key) or words.horizon(head.key):
            objectives.append((words.horizon_of(head.key) or "annual", cell))
            booking.convert(cell, "objective", "text", redact(cell.text.strip())[0])
        elif head.key == "序号":
            booking.label(cell)
    return objectives


def _objectives(
    stated: Sequence[tuple[str, FormCell]], indicators: tuple[Indicator, ...], name: FormCell, stem: str, order: int,
    scope: str, booking: Booking,
) -> tuple[Objective, ...]:  # fmt: skip
    """Return the objectives of a project or unit; its indicators are those of the last, the year's."""
    texts: list[tuple[str, FormCell | None]] = [*stated] or [("annual", None)]
    found = []
    for n, (horizon, cell) in enumerate(texts):
        is_last = n == len(texts) - 1
        identity = stem if is_last else f"{stem}-{n + 1}"
        text = redact(label(cell.text))[0] if cell else ""
        place = booking.place(cell or name)
        found.append(Objective(identity, scope, horizon, order, text, place, indicators if is_last else ()))
    return tuple(found)
