"""The ledger as published: how many numeric cells, how many converted, and why the others are not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from budgetgraph.converter.accounting.ledger import Ledger, is_numeric
from budgetgraph.converter.blocks import Cell, Grid
from budgetgraph.converter.budget import DepartmentBudget
from budgetgraph.converter.problems import Problem


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of numeric cells. `converted` + sum of `explained` + `unexplained` = `numeric_cells`."""

    numeric_cells: int
    converted: int
    explained: Mapping[str, int]
    unexplained: int
    label_cells: int
    unexplained_labels: int

    @property
    def is_complete(self) -> bool:
        """Tell whether every cell with text is accounted for."""
        return self.unexplained == 0 and self.unexplained_labels == 0


@dataclass(slots=True)
class _Count:
    converted: int = 0
    unexplained: int = 0
    explained: Counter[str] = field(default_factory=Counter)

    def add(self, cell: Cell, ledger: Ledger) -> None:
        if cell.locator in ledger.converted:
            self.converted += 1
        elif cell.locator in ledger.explained:
            self.explained[ledger.explained[cell.locator].value] += 1
        else:
            self.unexplained += 1


def measure(grids: Sequence[Grid], ledger: Ledger) -> Coverage:
    """Return the counts over all grids of a source."""
    numeric, other = _Count(), _Count()
    for grid in grids:
        for cell in grid.cells():
            if not cell.is_blank:
                (numeric if is_numeric(cell.text) else other).add(cell, ledger)
    explained = dict(sorted(numeric.explained.items()))
    return Coverage(
        numeric.converted + sum(explained.values()) + numeric.unexplained,
        numeric.converted,
        explained,
        numeric.unexplained,
        other.converted + sum(other.explained.values()) + other.unexplained,
        other.unexplained,
    )


def ledger_record(
    budget: DepartmentBudget, ledger: Ledger, coverage: Coverage, problems: Sequence[Problem]
) -> dict[str, Any]:
    """Return the ledger as the JSON object that `convert --ledger` writes."""
    tables = []
    for table in budget.tables:
        numeric = [cell for cell in table.cells if cell.role != "withheld" and is_numeric(cell.text)]
        tables.append(
            {
                "id": table.id,
                "title": table.title,
                "kind": table.kind,
                "profile": table.profile,
                "unit": table.unit,
                "file": table.locator.part,
                "page": table.locator.page,
                "rows": table.rows,
                "numeric_cells": len(numeric),
                "converted": sum(cell.locator in ledger.converted for cell in numeric),
            }
        )
    return {
        "source": budget.source.name,
        "sha256": budget.source.sha256,
        "files": [
            {"name": file.name, "sha256": file.sha256, "media_type": file.media_type, "size": file.size}
            for file in budget.source.files or (budget.source,)
        ],
        "department": budget.department.names[0],
        "fiscal_year": budget.fiscal_year,
        "document_kind": budget.kind,
        "tables": tables,
        "coverage": {
            "numeric_cells": coverage.numeric_cells,
            "converted": coverage.converted,
            "explained": dict(coverage.explained),
            "unexplained": coverage.unexplained,
            "label_cells": coverage.label_cells,
            "unexplained_labels": coverage.unexplained_labels,
        },
        "withheld": {"person_name": 0, "phone": 0, **dict(sorted(ledger.withheld.items()))},
        "problems": [
            {
                "code": problem.code,
                "severity": problem.severity.value,
                "message": problem.message,
                "location": str(problem.location) or None,
            }
            for problem in problems
        ],
    }
