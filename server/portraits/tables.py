"""A printed table, as it stands in the publication, every figure linked to its observation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from budgetgraph.server.backend import backend
from budgetgraph.server.terms import Row, Term

#: Cells that a page shows at the most.
MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a printed table. `observation` is the figure it gives, None for words."""

    text: str
    role: str
    rowspan: int
    colspan: int
    cell: Term
    observation: Term | None


def portray_table(iri: str) -> Mapping[str, Any]:
    """Return where a printed table stands, and its rows: in each, its cells from left to right, blank ones as None."""
    found = backend().select("list-cells", this=iri)
    stands = backend().select("find-table", this=iri)
    return {
        "stands": stands[0] if stands else None,
        "printed": grid(found[:MOST_CELLS]),
        "printed_cut": len(found) > MOST_CELLS,
    }


def grid(rows: Iterable[Row]) -> list[list[Cell | None]]:
    """Return rows of cells from left to right, blank ones as None."""
    placed: dict[tuple[int, int], Cell] = {}
    for row in rows:
        place = int(row["row"].value), int(row["column"].value)
        placed.setdefault(
            place,
            Cell(
                row["text"].value if "text" in row else "",
                row["role"].value,
                int(row["rowspan"].value),
                int(row["colspan"].value),
                row["cell"],
                row.get("observation"),
            ),
        )
    covered = {
        (row + down, column + right)
        for (row, column), cell in placed.items()
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
        if down or right
    }
    height = max((row + cell.rowspan - 1 for (row, _), cell in placed.items()), default=0)
    width = max((column + cell.colspan - 1 for (_, column), cell in placed.items()), default=0)
    return [
        [placed.get((row, column)) for column in range(1, width + 1) if (row, column) not in covered]
        for row in range(1, height + 1)
    ]
