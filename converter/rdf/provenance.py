"""Printed tables and cells: where every figure stands in the source. A graph of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from budgetgraph.converter.blocks import Box, Locator
from budgetgraph.converter.budget import DepartmentBudget, PrintedCell, PrintedTable
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.rdf.emission import Rows, Slot
from budgetgraph.converter.rdf.terms import XSD, Pair, Resource, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term

#: What a fragment of page and rectangle conforms to.
FRAGMENT_SYNTAX = "<https://www.rfc-editor.org/rfc/rfc8118>"


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
            (term("prov:wasDerivedFrom"), iri(ids.file(table.locator.part))) if ids.files else None,
            *((term("bud:noteText"), zh(redact(note)[0])) for note in table.notes),
            (term("bud:emptyNote"), zh(redact(table.empty_note)[0])) if table.empty_note else None,
        ]
        yield resource(ids.table(table.id), pairs)


def cell_rows(budget: DepartmentBudget, ids: Identifiers) -> Iterator[Rows]:
    """Yield the cells of all printed tables.

    The text of an official table's amount stands only once, as `bud:sourceValue` of its observation. A withheld
    cell has neither text nor selectors.
    """
    for table in budget.tables:
        shapes: dict[tuple[bool, ...], list[PrintedCell]] = {}
        for cell in table.cells:
            shapes.setdefault(tuple(part.is_there(table, cell) for part in _PARTS), []).append(cell)
        for shape, cells in shapes.items():
            parts = [part for part, there in zip(_PARTS, shape, strict=True) if there]
            yield _cells(table, cells, parts, ids)
        yield from _selectors(table, ids)


@dataclass(frozen=True, slots=True)
class _Part:
    """A property that not every cell has: where its value goes, when it is there, what it is."""

    slot: Slot
    is_there: Callable[[PrintedTable, PrintedCell], bool]
    value: Callable[[PrintedCell], str]


def _number(predicate: str) -> Slot:
    return Slot(term(predicate), '"', f'"^^<{XSD}integer>')


def _is_open(cell: PrintedCell) -> bool:
    return cell.role != "withheld"


_PARTS = (
    _Part(
        Slot(term("bud:readingConfidence"), '"', f'"^^<{XSD}decimal>'),
        lambda _, c: c.confidence < 1,
        lambda c: f"{c.confidence:.2f}",
    ),
    _Part(_number("bud:sourceLine"), lambda _, c: c.locator.line is not None, lambda c: str(c.locator.line)),
    _Part(_number("bud:sourcePage"), lambda _, c: c.locator.page is not None, lambda c: str(c.locator.page)),
    _Part(
        Slot(term("bud:cellText"), "", "@zh", is_text=True),
        lambda table, c: _is_open(c) and not (c.role == "amount" and table.official),
        lambda c: c.text,
    ),
)


def _name(cell: PrintedCell) -> str:
    return f"r{cell.row}c{cell.column}"


def _cells(table: PrintedTable, cells: list[PrintedCell], parts: list[_Part], ids: Identifiers) -> Rows:
    constants = (
        (term("rdf:type"), term("bud:TableCell")),
        (term("rdf:type"), term("oa:SpecificResource")),
        (term("oa:hasSource"), iri(ids.file(table.locator.part))),
        (term("bud:inTable"), iri(ids.table(table.id))),
    )
    slots = (
        _number("bud:rowNumber"),
        _number("bud:columnNumber"),
        Slot(term("bud:cellRole"), '"', '"'),
        _number("bud:rowSpan"),
        _number("bud:columnSpan"),
        *(part.slot for part in parts),
    )
    values = [
        (_name(c), str(c.row), str(c.column), c.role, str(c.rowspan), str(c.colspan), *(p.value(c) for p in parts))
        for c in cells
    ]
    return Rows(f"{ids.table(table.id)}/", constants, slots, values)


def _selectors(table: PrintedTable, ids: Identifiers) -> Iterator[Rows]:
    """Yield how the cells are found again: by offsets in the text, by the words, by the place on a page."""
    stem = f"{ids.table(table.id)}/"
    quoted_cells = [cell for cell in table.cells if _is_open(cell)]
    placed = [cell for cell in quoted_cells if cell.locator.start is not None]
    integer_pair = (_number("oa:start"), _number("oa:end"))
    offsets = [(str(c.locator.start), str(c.locator.end)) for c in placed]
    yield from _selector(stem, "position", "oa:TextPositionSelector", (), integer_pair, placed, offsets)
    exact = (Slot(term("oa:exact"), "", "", is_text=True),)
    words = [(c.text,) for c in quoted_cells]
    yield from _selector(stem, "quote", "oa:TextQuoteSelector", (), exact, quoted_cells, words)
    conforms = ((term("dcterms:conformsTo"), FRAGMENT_SYNTAX),)
    value = (Slot(term("rdf:value"), '"', '"'),)
    boxed = [(cell, pieces) for cell in quoted_cells if (pieces := box_pieces(cell.locator))]
    for position in range(max((len(pieces) for _, pieces in boxed), default=0)):
        there = [(cell, pieces[position]) for cell, pieces in boxed if position < len(pieces)]
        name = f"box-{position + 1}" if position else "box"
        boxes = [(box_fragment(*piece),) for _, piece in there]
        yield from _selector(stem, name, "oa:FragmentSelector", conforms, value, [c for c, _ in there], boxes)


def box_pieces(locator: Locator) -> tuple[tuple[int | None, Box], ...]:
    """Return the places on pages; several where page ends cut a text."""
    return () if locator.box is None else ((locator.page, locator.box), *locator.more)


def box_fragment(page: int | None, box: Box) -> str:
    """Return page and rectangle as PDF viewers understand them behind "#" (RFC 8118, viewrect in points)."""
    left, top, right, bottom = box
    return f"page={page}&viewrect={left:g},{top:g},{right - left:.2f},{bottom - top:.2f}"


def _selector(
    stem: str,
    name: str,
    kind: str,
    constants: tuple[Pair, ...],
    slots: tuple[Slot, ...],
    cells: list[PrintedCell],
    values: Sequence[tuple[str, ...]],
) -> Iterator[Rows]:
    if not cells:
        return
    yield Rows(
        stem, (), (Slot(term("oa:hasSelector"), f"<{stem}", f"#{name}>"),), [(_name(c), _name(c)) for c in cells]
    )
    typed = ((term("rdf:type"), term(kind)), *constants)
    yield Rows(stem, typed, slots, [(f"{_name(c)}#{name}", *v) for c, v in zip(cells, values, strict=True)])
