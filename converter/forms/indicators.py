"""Rows of an indicator table, read by their words: half of a published table may stand beside its header.

A row is read by columns where it stands under its header. Where it does not, level names are told by
vocabulary, and what remains is name, value, standard in this order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.budget import Indicator, Target
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.several import parse_targets
from budgetgraph.converter.forms.targets import comparator_of, parse_target
from budgetgraph.converter.forms.units import units
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity

#: What an indicator of the model has beside its levels.
_MODELLED = ("name", "value", "standard", "comparator", "unit")

_NATURES = frozenset(["定性", "定量", "正向", "反向"])


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of an indicator table.

    roles        column (from 1) -> role
    behind_name  roles behind the name, in printed order
    repeated     the header names two tables side by side
    """

    roles: dict[int, str]
    behind_name: tuple[str, ...]
    repeated: bool

    @property
    def detached(self) -> bool:
        """Tell whether comparator or unit have columns of their own."""
        return "comparator" in self.behind_name or "unit" in self.behind_name

    def column(self, role: str) -> int | None:
        """Return the column with this role."""
        return next((column for column, each in self.roles.items() if each == role), None)


@dataclass(slots=True)
class Levels:
    """The level cells that are in force; labels merged downwards are printed once."""

    first: FormCell | None = None
    second: FormCell | None = None


@dataclass(slots=True)
class _RowParts:
    """A row taken apart: level cells, modelled cells by role, cells of columns that are not modelled, and the rest.

    under_first  the level cell stands under the header of level 1, in a row that stands under its header
    """

    levels: tuple[FormCell, ...]
    parts: dict[str, FormCell] = field(default_factory=dict)
    extras: tuple[FormCell, ...] = ()
    rest: tuple[FormCell, ...] = ()
    shifted: bool = False
    under_first: bool = False


def read_header(rows: Sequence[Sequence[FormCell]], words: Vocabulary) -> Header:
    """Return what the columns of a table hold; a value column named in a lower row is the value's."""
    roles: dict[int, str] = {}
    order: dict[str, int] = {}
    repeated = False
    for depth, row in enumerate(rows):
        named = [(cell.column, words.column(cell.key)) for cell in row]
        has_comparator = any(role == "comparator" for _, role in named)
        for column, role in named:
            if role is None:
                continue
            if role == "nature" and not has_comparator:
                role = "comparator"
            if role in order and role in {"name", "level2"}:
                repeated = True
            if role == "value" and depth > 0:
                roles = {c: r for c, r in roles.items() if r != "value"}
            roles[column] = role
            order.setdefault(role, column)
    behind = sorted((r for r in order if r not in {"level1", "level2", "name"}), key=order.__getitem__)
    return Header(roles, tuple(behind), repeated)


def read_indicators(section: Section, levels: Levels, words: Vocabulary, booking: Booking) -> tuple[Indicator, ...]:
    """Return the indicators of a section; `order` counts from 1, `levels` are brought up to date."""
    booking.label(*section.head)
    for row in section.headers:
        booking.header(*row)
    header = read_header(section.headers, words)
    if header.repeated:
        for row in section.rows:
            booking.not_understood(row, "two tables side by side under one header are not read", "indicator-columns")
        return ()
    found: list[Indicator] = []
    for index, row in enumerate(section.rows):
        parts = _take_apart(row, header, words)
        _set_levels(parts, levels, section.rows[index + 1 :], words)
        booking.label(*parts.levels)
        indicator = _indicator(parts, levels, len(found) + 1, words, booking)
        if indicator is not None:
            found.append(indicator)
        booking.not_understood(row, "no indicator can be read from these cells", "indicator-unknown")
    return tuple(found)


def _take_apart(row: Sequence[FormCell], header: Header, words: Vocabulary) -> _RowParts:
    by_column = _by_columns(row, header, words)
    if by_column is not None:
        return by_column
    taken = _leading_levels(row, header, words)
    result = _RowParts(tuple(row[:taken]), shifted=True)
    rest = row[taken:]
    if rest:
        result.parts = {"name": rest[0]} | _assign(rest[1:], header)
        result.extras = tuple(cell for role, cell in result.parts.items() if role not in _MODELLED)
        result.rest = tuple(c for c in rest if c not in result.parts.values())
    return result


def _by_columns(row: Sequence[FormCell], header: Header, words: Vocabulary) -> _RowParts | None:
    """Return the row by its columns, or None when name and value do not stand under their headers."""
    placed: dict[str, FormCell] = {}
    levels: list[FormCell] = []
    extras: list[FormCell] = []
    for cell in row:
        role = header.roles.get(cell.column)
        if role in {"level1", "level2"} or (role is None and words.is_level(cell.key)):
            levels.append(cell)
            if (role == "level1" and not words.level1(cell.key)) or (
                role == "level2" and words.level1(cell.key) and not words.level2(cell.key, None)
            ):
                return None
        elif role in _MODELLED:
            placed[role] = cell
        elif role is not None:
            extras.append(cell)
        else:
            return None
    name, value = placed.get("name"), placed.get("value")
    if name is None or value is None or len(levels) > 2:
        return None
    if words.is_level(name.key) and not any(words.level2(c.key, None) for c in levels):
        return None
    if parse_target(name.text).kind != "qualitative" and parse_target(value.text).kind == "qualitative":
        return None
    under_first = bool(levels) and header.roles.get(levels[0].column) == "level1"
    return _RowParts(tuple(levels), placed, tuple(extras), under_first=under_first)


def _leading_levels(row: Sequence[FormCell], header: Header, words: Vocabulary) -> int:
    """Return how many cells at the start of a row are level names: at most two, the second below the first."""
    taken = 0
    for cell in row[:2]:
        left = len(row) - taken
        under_name = cell.column == header.column("name") and left == 2
        if not words.is_level(cell.key) or (under_name and parse_target(row[-1].text).kind != "qualitative"):
            break
        if taken and words.level2(cell.key, None) is None:
            break
        taken += 1
    return taken


def _assign(cells: Sequence[FormCell], header: Header) -> dict[str, FormCell]:
    """Return the cells behind the name by role, or nothing when it is not certain which is which."""
    full = header.behind_name or ("value", "standard")
    if len(cells) == len(full) and not {"baseline", "period"} & set(full):
        return dict(zip(full, cells, strict=True))
    if header.detached:
        return _by_content(cells)
    if len(cells) == 1 and "weight" not in full:
        return {"value": cells[0]}
    if len(cells) != 2 or set(full) - {"value", "standard", "baseline", "period"}:
        return {}
    first, second = (parse_target(cell.text).kind == "quantitative" for cell in cells)
    if first and second and len(full) > 2:
        return {}
    plain = ("standard", "value") if full[0] == "standard" else ("value", "standard")
    return dict(zip(plain, cells, strict=True))


def _by_content(cells: Sequence[FormCell]) -> dict[str, FormCell]:
    """Return comparator, value and unit told by what they are, when each is found at most once."""
    parts: dict[str, FormCell] = {}
    for cell in cells:
        if comparator_of(cell.text) or cell.key in _NATURES:
            role = "comparator"
        else:
            role = "unit" if units().find(cell.key) else "value"
        if role in parts:
            return {}
        parts[role] = cell
    return parts


def _set_levels(parts: _RowParts, levels: Levels, below: Sequence[Sequence[FormCell]], words: Vocabulary) -> None:
    """Bring the levels in force up to date with those that the row prints."""
    cells = parts.levels
    if len(cells) == 2:
        levels.first, levels.second = cells
        return
    if not cells:
        if levels.first is None:
            levels.first = _next_first(below, words)
        return
    (cell,) = cells
    under = words.level1(levels.first.key) if levels.first else None
    notation = words.level2(cell.key, under)
    if notation is None or parts.under_first or (under and _is_first(cell, under, notation, words)):
        levels.first, levels.second = cell, None
        return
    if under is None or not words.belongs(notation, under):
        following = _next_first(below, words)
        if following and words.belongs(notation, words.level1(following.key) or "output"):
            levels.first = following
    levels.second = cell


def _is_first(cell: FormCell, under: str, notation: str, words: Vocabulary) -> bool:
    """Tell whether a name of both levels is level 1 here: it does not belong under the one in force."""
    return words.level1(cell.key) is not None and not words.belongs(notation, under)


def _next_first(below: Sequence[Sequence[FormCell]], words: Vocabulary) -> FormCell | None:
    """Return the next printed level-1 name: a merged label may be printed in the middle of its rows."""
    return next((c for row in below for c in row[:2] if words.level1(c.key) and len(row) > 2), None)


def _indicator(parts: _RowParts, levels: Levels, order: int, words: Vocabulary, booking: Booking) -> Indicator | None:
    name, value = parts.parts.get("name"), parts.parts.get("value")
    if name is None or parts.rest:
        return None
    if value is None:
        if len(parts.parts) == 1:
            booking.not_understood((name,), "an indicator without a value", "indicator-without-value")
        return None
    unit = parts.parts.get("unit")
    comparator = parts.parts.get("comparator")
    sign = comparator.text.strip() if comparator and comparator_of(comparator.text) else ""
    target, *further = targets_of(value, sign, unit.text.strip() if unit else "", booking)
    first, second, level1, level2 = _notations(levels, words)
    _book(parts, booking)
    if level1 == "":
        booking.problem("level-unknown", Severity.WARNING, f"{booking.table}: indicator without a level 1", name)
    standard = parts.parts.get("standard")
    return Indicator(
        order, redact(label(name.text))[0], level1, level2, first, second, target, booking.place(name),
        redact(label(standard.text))[0] if standard else None, parts.shifted, tuple(further),
    )  # fmt: skip


def targets_of(value: FormCell, sign: str, unit: str, booking: Booking) -> list[Target]:
    """Return the targets a cell states; `sign` and `unit` are those of columns of their own."""
    found = parse_targets(value.text, unit, sign)
    place = booking.place(value)
    return [
        Target(
            parsed.kind, redact(sign + printed + unit)[0], place, parsed.comparator, parsed.implied, parsed.value,
            parsed.upper_value, parsed.unit, parsed.minimum, parsed.maximum, parsed.normalised_unit,
            redact(parsed.subject)[0], parsed.start, parsed.end,
        )
        for printed, parsed in found
    ]  # fmt: skip


def _notations(levels: Levels, words: Vocabulary) -> tuple[str, str, str, str | None]:
    """Return the labels of level 1 and 2 as printed and their notations; "" where level 1 is not known."""
    first, second = levels.first, levels.second
    level1 = words.level1(first.key) if first else None
    level2 = words.level2(second.key, level1) if second else None
    return label(first.text) if first else "", label(second.text) if second else "", level1 or "", level2


def _book(parts: _RowParts, booking: Booking) -> None:
    roles = {"name": ("indicator", "label"), "standard": ("target", "note")}
    for role, cell in parts.parts.items():
        if role in _MODELLED:
            what, printed = roles.get(role, ("target", "value"))
            booking.convert(cell, what, printed, redact(cell.text.strip())[0])
    booking.not_understood(parts.extras, "columns of the indicator table that are not in the data", "unknown-column")
