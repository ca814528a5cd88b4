"""A row of an indicator table, taken apart by its columns or by its words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.forms.columns import Header
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.targets import comparator_of, parse_target
from budgetgraph.converter.forms.units import units
from budgetgraph.converter.forms.vocabulary import Vocabulary, weight_in

_SIGNS = frozenset("≥≤≧≦<>=")
#: Columns that a row has one cell of.
_SINGLE = frozenset(["name", "standard", "comparator", "nature", "unit", "weight", "score"])
_LEVEL_WEIGHTS = frozenset(["level1-weight", "level2-weight"])


@dataclass(slots=True)
class RowParts:
    """A row taken apart.

    levels    level cells; `level_role` is the role of the column of a single one, in a row under its header
    parts     cells by role, one each; `values` those of the columns of values, `earlier` of earlier years, `grades` of
              grades, `achieved` of what was reached
    remarks   cells of further columns of notes, and of why something was not reached
    extras    cells of columns that are not modelled
    rest      cells that nothing is known of
    """

    levels: tuple[FormCell, ...] = ()
    level_role: str | None = None
    parts: dict[str, FormCell] = field(default_factory=dict)
    values: list[FormCell] = field(default_factory=list)
    earlier: list[FormCell] = field(default_factory=list)
    grades: list[FormCell] = field(default_factory=list)
    achieved: list[FormCell] = field(default_factory=list)
    remarks: list[FormCell] = field(default_factory=list)
    level_weights: dict[str, FormCell] = field(default_factory=dict)
    extras: list[FormCell] = field(default_factory=list)
    rest: tuple[FormCell, ...] = ()
    shifted: bool = False


def take_apart(row: Sequence[FormCell], header: Header, words: Vocabulary) -> RowParts:
    """Return a row taken apart by its columns or, where it does not stand under them, by its words."""
    by_column = of_execution(row, header, words) or by_columns(row, header, words)
    if by_column is not None:
        return by_column
    if words.is_total(row[0].key):
        return RowParts(rest=tuple(row))
    taken = _leading_levels(row, header, words)
    result = RowParts(tuple(row[:taken]), shifted=True)
    rest = row[taken:]
    if rest and (header.is_strict or _is_unknown_level(rest, header) or _is_field(row, header)):
        result.rest = tuple(rest)
    elif rest:
        result.parts = {"name": rest[0]} | _assign(rest[1:], header, words)
        result.rest = tuple(c for c in rest if c not in result.parts.values())
        if value := result.parts.pop("value", None):
            result.values = [value]
    return result


def of_execution(row: Sequence[FormCell], header: Header, words: Vocabulary) -> RowParts | None:
    """Return a row of 预算执行率, which is a level 1 and the name of its indicator; None for other rows.

    Such a row may print a weight alone.
    """
    if header.role(row[0].column) != "level1" or not words.is_execution(row[0].key):
        return None
    same = [cell for cell in row if words.is_execution(cell.key)]
    result = RowParts(levels=tuple(same[:-1][:2]) or (row[0],), level_role="level1")
    for cell in row:
        role = header.role(cell.column)
        if words.is_execution(cell.key):
            result.parts["name"] = cell
        elif role == "value":
            result.values.append(cell)
        elif role == "achieved":
            result.achieved.append(cell)
        elif role == "deviation":
            result.remarks.append(cell)
        elif role in _LEVEL_WEIGHTS:
            result.level_weights[role] = cell
        elif role in _SINGLE and role not in {"name", *result.parts}:
            result.parts[role] = cell
        else:
            return None
    has_weight = "weight" in result.parts or result.level_weights or weight_in(row[0].key) is not None
    return result if result.values or has_weight else None


def _is_field(row: Sequence[FormCell], header: Header) -> bool:
    """Tell whether a row is a head with its text: left of all columns, or over those of the levels and the name.

    The text stands over the column of values and others.
    """
    if len(row) != 2:
        return False
    under, over = (
        [header.role(column) for column in range(cell.column, cell.column + cell.pieces[0].colspan)] for cell in row
    )
    if row[0].column < min(header.columns):
        return {"name", "value"} <= set(over)
    return {"level1", "name"} <= set(under) and "value" in over and len(over) > 1


def _is_unknown_level(cells: Sequence[FormCell], header: Header) -> bool:
    """Tell whether the first cell is a level that is not known: name and value stand under their headers."""
    by_role = {header.role(cell.column): cell for cell in cells}
    name, value = by_role.get("name"), by_role.get("value")
    return (
        header.role(cells[0].column) in {"level1", "level2"}
        and name is not None
        and value is not None
        and parse_target(value.text).kind == "quantitative"
        and parse_target(name.text).kind != "quantitative"
    )


def by_columns(row: Sequence[FormCell], header: Header, words: Vocabulary) -> RowParts | None:
    """Return the row by its columns, or None when name and value do not stand under their headers."""
    result = RowParts()
    levels: list[FormCell] = []
    unknown_first = False
    for cell in row:
        role = header.role(cell.column)
        if role in {"level1", "level2"} or (role is None and words.is_level(cell.key)):
            levels.append(cell)
            unknown_first |= role == "level1" and not words.level1(cell.key)
            if role == "level2" and words.level1(cell.key) and not words.level2(cell.key, None):
                return None
        elif role is None and _is_beside(cell, header):
            result.extras.append(cell)
        elif role is None:
            return None
        elif role == "value":
            result.values.append(cell)
        elif role == "earlier":
            result.earlier.append(cell)
        elif role == "grade":
            result.grades.append(cell)
        elif role == "achieved":
            result.achieved.append(cell)
        elif role in _LEVEL_WEIGHTS:
            result.level_weights[role] = cell
        elif role == "deviation" or (role == "standard" and role in result.parts):
            result.remarks.append(cell)
        elif role in _SINGLE:
            result.parts[role] = cell
        else:
            result.extras.append(cell)
    name = result.parts.get("name")
    values = result.values or result.grades
    if name is None or not values or len(levels) > 2:
        return None
    merged = bool(levels) and levels[0].pieces[0].rowspan > 1  # over its rows, so it is a level whatever its name
    if unknown_first and not (len(levels) == 2 and (merged or words.level2(levels[1].key, None))):
        return None
    if name.key[0] in _SIGNS:
        return None  # the cells stand beside their headers
    if words.is_level(name.key) and not any(words.level2(c.key, None) for c in levels):
        return None
    if parse_target(name.text).kind != "qualitative" and parse_target(values[0].text).kind == "qualitative":
        return None
    result.levels = tuple(sorted(levels, key=lambda cell: header.role(cell.column) or ""))  # level 1 may stand behind
    result.level_role = header.role(levels[0].column) if len(levels) == 1 else None
    return result


def _is_beside(cell: FormCell, header: Header) -> bool:
    """Tell whether a cell is of the rows together: it spans them, left of all columns of the table."""
    levels = [number for role in ("level1", "level2", "name") if (number := header.column(role)) is not None]
    return cell.pieces[0].rowspan > 1 and bool(levels) and cell.column < min(levels)


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


def _assign(cells: Sequence[FormCell], header: Header, words: Vocabulary) -> dict[str, FormCell]:
    """Return the cells behind the name by role, or nothing when it is not certain which is which."""
    full = header.behind_name or ("value", "standard")
    if {"unknown", "grade", "amount"} & set(full):
        return {}
    if len(cells) == len(full) and "earlier" not in full:
        return dict(zip(full, cells, strict=True))
    if header.detached:
        return _by_content(cells, words)
    if len(cells) == 1 and "weight" not in full:
        return {"value": cells[0]}
    if len(cells) != 2 or set(full) - {"value", "standard", "earlier"}:
        return {}
    first, second = (parse_target(cell.text).kind == "quantitative" for cell in cells)
    if first and second and len(full) > 2:
        return {}
    plain = ("standard", "value") if full[0] == "standard" else ("value", "standard")
    return dict(zip(plain, cells, strict=True))


def _by_content(cells: Sequence[FormCell], words: Vocabulary) -> dict[str, FormCell]:
    """Return comparator, value and unit told by what they are, when each is found at most once."""
    parts: dict[str, FormCell] = {}
    for cell in cells:
        if comparator_of(cell.text) or cell.key in words.natures:
            role = "comparator"
        else:
            role = "unit" if units().find(cell.key) else "value"
        if role in parts:
            return {}
        parts[role] = cell
    return parts
