"""Printed tables and cells: where every figure stands in the source. A graph of its own."""

from collections.abc import Iterator

from budgetgraph.converter.budget import DepartmentBudget, PrintedCell, PrintedTable
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.emission import Rows, Slot
from budgetgraph.converter.rdf.terms import XSD, Pair, Resource, integer, iri, quoted, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term


def table_resources(budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    """Yield the printed tables of the document."""
    for order, table in enumerate(budget.tables, start=1):
        pairs: list[Pair | None] = [
            (term("rdf:type"), term("bud:BudgetTable")),
            (term("dcterms:title"), zh(table.title)),
            (term("rdfs:label"), zh(table.title)),
            (term("bud:tableNumber"), string(table.number)) if table.number else None,
            (term("bud:tableKind"), iri(concept("table-kind", table.kind))),
            (term("bud:unitText"), string(table.unit)) if table.unit else None,
            (term("bud:layoutProfile"), string(table.profile)),
            (term("bud:official"), f'"{str(table.official).lower()}"^^<{XSD}boolean>'),
            (term("bud:order"), integer(order)),
            (term("bud:rowCount"), integer(table.rows)),
            (term("bud:columnCount"), integer(table.columns)),
            (term("bud:sourceLine"), integer(table.locator.line)) if table.locator.line else None,
            (term("oa:hasSource"), iri(ids.document)),
            *((term("bud:noteText"), zh(note)) for note in table.notes),
        ]
        yield resource(ids.table(table.id), pairs)


def cell_rows(budget: DepartmentBudget, ids: Identifiers) -> Iterator[Rows]:
    """Yield the cells of all printed tables.

    The text of an official table's amount stands only once, as `bud:sourceValue` of its observation. A withheld
    cell has neither text nor offsets.
    """
    for table in budget.tables:
        shapes: dict[tuple[bool, bool, bool], list[PrintedCell]] = {}
        for cell in table.cells:
            open_cell = cell.role != "withheld"
            located = open_cell and cell.locator.start is not None
            keeps_text = open_cell and not (cell.role == "amount" and table.official)
            shapes.setdefault((located, keeps_text, cell.locator.line is not None), []).append(cell)
        for (located, keeps_text, has_line), cells in shapes.items():
            yield from _rows(table, cells, ids, located, keeps_text, has_line)


def _rows(
    table: PrintedTable,
    cells: list[PrintedCell],
    ids: Identifiers,
    located: bool,
    keeps_text: bool,
    has_line: bool,
) -> Iterator[Rows]:
    stem = f"{ids.table(table.id)}/"
    names = [f"r{cell.row}c{cell.column}" for cell in cells]
    constants = (
        (term("rdf:type"), term("bud:TableCell")),
        (term("rdf:type"), term("oa:SpecificResource")),
        (term("oa:hasSource"), iri(ids.document)),
        (term("bud:inTable"), iri(ids.table(table.id))),
    )
    slots = [_number("bud:rowNumber"), _number("bud:columnNumber"), Slot(term("bud:cellRole"), '"', '"')]
    slots += [_number("bud:rowSpan"), _number("bud:columnSpan")]
    values = [
        [n, str(c.row), str(c.column), c.role, str(c.rowspan), str(c.colspan)]
        for n, c in zip(names, cells, strict=True)
    ]
    if has_line:
        slots.append(_number("bud:sourceLine"))
        for row, cell in zip(values, cells, strict=True):
            row.append(str(cell.locator.line))
    if keeps_text:
        slots.append(Slot(term("bud:cellText"), "", "@zh"))
        for row, cell in zip(values, cells, strict=True):
            row.append(quoted(cell.text))
    if located:
        slots.append(Slot(term("oa:hasSelector"), f"<{stem}", "#position>"))
        slots.append(Slot(term("oa:hasSelector"), f"<{stem}", "#quote>"))
        for row, name in zip(values, names, strict=True):
            row += [name, name]
    yield Rows(stem, constants, tuple(slots), [tuple(row) for row in values])
    if located:
        yield Rows(
            stem,
            ((term("rdf:type"), term("oa:TextPositionSelector")),),
            (_number("oa:start"), _number("oa:end")),
            [
                (f"{name}#position", str(cell.locator.start), str(cell.locator.end))
                for name, cell in zip(names, cells, strict=True)
            ],
        )
        yield Rows(
            stem,
            ((term("rdf:type"), term("oa:TextQuoteSelector")),),
            (Slot(term("oa:exact"), "", ""),),
            [(f"{name}#quote", quoted(cell.text)) for name, cell in zip(names, cells, strict=True)],
        )


def _number(predicate: str) -> Slot:
    return Slot(term(predicate), '"', f'"^^<{XSD}integer>')
