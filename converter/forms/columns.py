"""What the columns of an indicator table hold, from its header rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.vocabulary import Vocabulary

_LEVELS = frozenset(["level1", "level2", "name"])
#: A weight beside a level is that level's.
_WEIGHTS = {"level1": "level1-weight", "level2": "level2-weight"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an indicator table.

    role    a key of `columns` in performance.yaml, "level1-weight", "level2-weight", or "unknown"
    header  as printed
    period  notation of the scheme target-period, and
    year    fiscal year, where the header says so
    pane    number of the table, from 0, where one header names tables side by side
    """

    role: str
    header: str
    period: str | None = None
    year: int | None = None
    pane: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of an indicator table by their number, from 1."""

    columns: dict[int, Column]

    @property
    def panes(self) -> int:
        """Return how many tables stand side by side under the header."""
        return 1 + max((column.pane for column in self.columns.values()), default=0)

    @property
    def behind_name(self) -> tuple[str, ...]:
        """Return the roles of the columns that are no levels, each once, in printed order."""
        ordered = [self.columns[number].role for number in sorted(self.columns)]
        return tuple(dict.fromkeys(role for role in ordered if role not in _LEVELS))

    @property
    def detached(self) -> bool:
        """Tell whether comparator or unit have columns of their own."""
        return "comparator" in self.behind_name or "unit" in self.behind_name

    @property
    def is_strict(self) -> bool:
        """Tell whether a cell must stand under its header to be read: several columns hold values, or other numbers."""
        roles = [column.role for column in self.columns.values()]
        return roles.count("value") > 1 or not {"grade", "achieved", "score"}.isdisjoint(roles)

    @property
    def several(self) -> bool:
        """Tell whether several columns hold values."""
        return sum(column.role == "value" for column in self.columns.values()) > 1

    def role(self, column: int) -> str | None:
        """Return the role of a column."""
        found = self.columns.get(column)
        return found.role if found else None

    def column(self, role: str) -> int | None:
        """Return the first column with this role."""
        return next((number for number in sorted(self.columns) if self.columns[number].role == role), None)


def read_header(rows: Sequence[Sequence[FormCell]], words: Vocabulary) -> Header:
    """Return the columns; a lower row says more of what the upper one names: 指标值 over 半年 and 全年."""
    columns: dict[int, Column] = {}
    for depth, row in enumerate(rows):
        named = [(cell, words.column(cell.key) or (words.subcolumn(cell.key) if depth else None)) for cell in row]
        if depth and not any(role for _, role in named):  # names of those the values are for
            named = [(cell, "value") for cell in row]
        if depth and any(role == "value" for _, role in named):
            columns = {number: column for number, column in columns.items() if column.role != "value"}
        has_comparator = any(role == "comparator" for _, role in named)
        for cell, role in named:
            if role == "nature" and not has_comparator:  # the first of them, where no column is a comparator's
                role, has_comparator = "comparator", True
            header = "".join(cell.text.split())
            columns[cell.column] = Column(
                role or "unknown", header, words.column_period(cell.key), words.column_year(cell.key)
            )
    earlier = [number for number, column in columns.items() if column.role == "earlier"]
    has_value = any(column.role == "value" for column in columns.values())
    if not has_value and len(earlier) == 1 and columns[earlier[0]].header.endswith("指标值"):
        columns[earlier[0]] = replace(columns[earlier[0]], role="value")  # "2022年指标值" alone is the form's year
    return Header(_with_weights(_with_panes(_with_remarks(columns))))


def _with_remarks(columns: dict[int, Column]) -> dict[int, Column]:
    """Take a second column of names for a text beside the value, where no value follows it: 指标值 | 指标内容."""
    values = [number for number, column in columns.items() if column.role == "value"]
    names = sorted(number for number, column in columns.items() if column.role == "name")
    remarks = {number for number in names[1:] if not any(value > number for value in values)}
    return {n: replace(column, role="standard") if n in remarks else column for n, column in columns.items()}


def _with_panes(columns: dict[int, Column]) -> dict[int, Column]:
    """Number the tables side by side: a second column of level 2, or of names, begins the next one."""
    result: dict[int, Column] = {}
    pane, seen = 0, set[str]()
    for number in sorted(columns):
        role = columns[number].role
        if role in _LEVELS and role in seen:
            pane, seen = pane + 1, set()
        seen.add(role)
        result[number] = replace(columns[number], pane=pane)
    return result


def _with_weights(columns: dict[int, Column]) -> dict[int, Column]:
    result: dict[int, Column] = {}
    beside = ""
    for number in sorted(columns):
        column = columns[number]
        if column.role == "weight":
            column = replace(column, role=_WEIGHTS.get(beside, "weight"))
        else:
            beside = column.role
        result[number] = column
    return result


def names_value_columns(cells: Sequence[FormCell], header: Sequence[FormCell], words: Vocabulary) -> bool:
    """Tell whether a row under a header names several columns of values: 半年 | 全年, or those the values are for.

    All its cells stand under the one value header, between its column and the next header's.
    """
    value = next((cell for cell in header if words.column(cell.key) == "value"), None)
    if value is None or len(cells) < 2:
        return False
    following = [cell.column for cell in header if cell.column > value.column]
    end = min(following, default=max(value.column + value.pieces[0].colspan, cells[-1].column + 1))
    if not all(value.column <= cell.column < end for cell in cells):
        return False
    return not any(words.is_level(cell.key) or any(c.isdigit() or c in "≥≤<>=%" for c in cell.key) for cell in cells)
