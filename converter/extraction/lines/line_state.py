"""What a list of projects or purchases has said so far, and what one row of it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.profiles import ColumnSpec


@dataclass(frozen=True, slots=True)
class Group:
    """A row that lines stand below; `code` where it is a function's. `kinds` stand below a unit's that heads some."""

    number: str
    code: str = ""
    kinds: bool = False


@dataclass(slots=True)
class State:
    """What the rows read so far say of the next.

    kinds        the kinds of purchases that were read as kinds of the whole table
    kinds_again  those of them that further rows name: none is all of its kind
    units        numbers of the rows of units
    by_order     numbers of lines that nothing but their order puts below a group or kind
    """

    groups: list[Group] = field(default_factory=list)
    kind: Mapping[str, str] = field(default_factory=dict)
    kinds: list[Mapping[str, str]] = field(default_factory=list)
    kinds_again: list[Mapping[str, str]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    unit: str = ""
    unit_code: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    by_order: set[str] = field(default_factory=set)

    def below(self, above: str) -> str:
        """Return the next number below a line ("" for the lines of the first level)."""
        self.numbers[above] = self.numbers.get(above, 0) + 1
        return f"{above}.{self.numbers[above]}" if above else str(self.numbers[above])


@dataclass(frozen=True, slots=True)
class Row:
    """The words and amounts of a row. `own` are the roles that it prints itself, not by a cell merged down."""

    texts: Mapping[str, str]
    own: frozenset[str]
    code: str
    amounts: Sequence[tuple[ColumnSpec, Cell]]
    cells: Sequence[Cell]
