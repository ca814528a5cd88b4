"""Where a cell is printed, as selectors."""

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import DepartmentBudget, Organisation, PrintedCell, PrintedTable, Source
from budgetgraph.converter.identifiers import DEFAULT_BASE, Identifiers
from budgetgraph.converter.rdf.provenance import cell_rows
from budgetgraph.converter.rdf.serialization import NamedGraph, serialize

SOURCE = Source("a.pdf", "0" * 64, "application/pdf", 1)


def statements(*places: Locator) -> list[str]:
    return statements_of(
        tuple(PrintedCell("行政运行", row, 1, "label", place) for row, place in enumerate(places, start=1))
    )


def statements_of(cells: tuple[PrintedCell, ...]) -> list[str]:
    table = PrintedTable("t1", None, "表", "revenue", None, "p", 1, len(cells), cells, Locator())
    body = Organisation("x", "department", ("某局",))
    budget = DepartmentBudget(SOURCE, "某局预算", "budget", "budget", 2021, body, tables=(table,))
    ids = Identifiers(DEFAULT_BASE, "x", 2021, "budget", SOURCE.short_hash)
    graph = NamedGraph(ids.graph("prov"), rows=list(cell_rows(budget, ids)))
    return "".join(serialize([graph], "nquads")).splitlines()


def fragments(lines: list[str]) -> dict[str, str]:
    found = [line.split(" ", 3) for line in lines if "rdf-syntax-ns#value" in line]
    return {subject.rpartition("/")[2].rstrip(">"): value.split('"')[1] for subject, _, value, *_ in found}


def test_a_label_that_a_page_end_cuts_has_a_box_on_each_page():
    one = Locator(page=1, box=(1.0, 2.0, 4.0, 3.0))
    cut = Locator(page=1, box=(1.0, 3.0, 4.0, 5.0), more=((2, (1.0, 0.0, 4.0, 1.0)),))
    lines = statements(one, cut)
    assert fragments(lines) == {
        "r1c1#box": "page=1&viewrect=1,2,3.00,1.00",
        "r2c1#box": "page=1&viewrect=1,3,3.00,2.00",
        "r2c1#box-2": "page=2&viewrect=1,0,3.00,1.00",
    }
    assert sum("hasSelector" in line and "#box" in line for line in lines) == 3


def test_only_cells_that_are_not_surely_read_say_how_sure_they_are():
    cells = tuple(
        PrintedCell("1.00", row, 1, "amount", Locator(), confidence=sure) for row, sure in ((1, 1.0), (2, 0.8))
    )
    lines = [line for line in statements_of(cells) if "readingConfidence" in line]
    assert len(lines) == 1
    assert "/r2c1>" in lines[0]
    assert '"0.80"^^<http://www.w3.org/2001/XMLSchema#decimal>' in lines[0]
