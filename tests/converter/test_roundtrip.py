"""The official tables, written as a workbook from the graph and read again, give the same figures."""

from pathlib import Path

import pytest

from budgetgraph.converter.pipeline import Conversion, convert
from budgetgraph.converter.reprint import load, read_tables, to_xlsx


def figures(conversion: Conversion) -> dict[str, list[tuple[object, ...]]]:
    return {
        d.id: [(tuple(sorted(f.dimensions.items())), f.value, f.text, f.label, f.code) for f in d.figures]
        for d in conversion.budget.data_sets
        if d.table and d.table.startswith("t")
    }


def test_a_workbook_of_the_tables_has_the_same_figures(converted: Path, conversion: Conversion, tmp_path: Path):
    path = tmp_path / "tables.xlsx"
    path.write_bytes(to_xlsx(read_tables(load(converted), "x")))
    again = convert(path)
    assert figures(again) == figures(conversion)
    assert again.coverage.unexplained == 0


def test_places_in_a_workbook_are_cells(converted: Path, tmp_path: Path):
    path = tmp_path / "tables.xlsx"
    path.write_bytes(to_xlsx(read_tables(load(converted), "x")))
    (t2,) = (d for d in convert(path).budget.data_sets if d.id == "t2")
    assert {(f.place.locator.sheet, f.place.locator.ref) for f in t2.figures} >= {("t2", "C5"), ("t2", "E9")}


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name", ["template-shanghai-department-budget-blank.xlsx", "template-shanghai-unit-budget-blank.xls"]
)
def test_blank_templates_have_tables_and_no_figures(corpus: Path, name: str):
    conversion = convert(corpus / name)
    assert sum(len(d.figures) for d in conversion.budget.data_sets) == 0
    assert conversion.coverage.unexplained == 0
