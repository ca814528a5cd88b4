"""Where a value is printed."""

from dataclasses import dataclass

from budgetgraph.converter.blocks import Locator


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is printed: its place in the source and, in a table, the row and column (from 1)."""

    locator: Locator
    table: str | None = None
    row: int | None = None
    column: int | None = None
