"""Faults as they happen in publications and extractions, made on purpose in a document's graph.

Each operator gives mutants: the statements to remove and to add. They are spread evenly over a document, always the
same for the same document.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BUD
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.mutation import AmountCell, Watch, amount_cells, changed, decimal, with_amounts
from budgetgraph.shapes.results import Severity

#: So many mutants of each operator are tried.
SAMPLES = 8

Mutant = tuple[str, list[ox.Quad], list[ox.Quad]]
Row = tuple[str, str, int]

_YEAR = ox.NamedNode(BUD.fiscalYear)
_STEP = ox.NamedNode(BUD.sourceStep)
_POWER = ox.NamedNode(BUD.sourceUnitMultiplier)
_CLASSES = tuple(map(ox.NamedNode, (BUD.functionalClass, BUD.economicClass, BUD.sourceCode, BUD.sourceLabel)))


@dataclass(frozen=True, slots=True)
class Trial:
    """An operator, and what became of its mutants: how many were found, and where those were that were not."""

    name: str
    tried: int
    violation: int
    caught: int
    missed: tuple[str, ...]


def trials(watch: Watch, samples: int = SAMPLES) -> list[Trial]:
    """Return what becomes of the mutants of each operator; one that finds no place in the document has none."""
    table = _Tables(watch.document)
    found = []
    for name, operator in OPERATORS.items():
        mutants = _spread(list(operator(table)), samples)
        severities, missed = [], []
        for place, removed, added in mutants:
            with changed(watch.document, removed, added):
                severity = watch.worst()
            severities.append(severity)
            if severity is None:
                missed.append(place)
        violations = severities.count(Severity.VIOLATION)
        found.append(Trial(name, len(mutants), violations, len(mutants) - len(missed), tuple(missed)))
    return found


def _spread(mutants: list[Mutant], number: int) -> list[Mutant]:
    if len(mutants) <= number:
        return mutants
    return [mutants[len(mutants) * place // number] for place in range(number)]


class _Tables:
    """The amounts of a document by row and by data set."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.cells = amount_cells(document)
        self.rows: dict[Row, list[AmountCell]] = defaultdict(list)
        self.sets: dict[str, list[AmountCell]] = defaultdict(list)
        for cell in self.cells:
            self.sets[cell.data_set].append(cell)
            if cell.cell and cell.cell.row is not None:
                self.rows[cell.data_set, cell.cell.table, cell.cell.row].append(cell)

    def statements(self, node: str) -> list[ox.Quad]:
        return list(self.document.store.quads_for_pattern(ox.NamedNode(node), None, None))

    def rows_of(self, data_set: str) -> list[list[AmountCell]]:
        """Return the rows of a data set from top to bottom."""
        return [cells for row, cells in sorted(self.rows.items()) if row[0] == data_set]

    def amounts(self, place: str, amounts: Mapping[AmountCell, Decimal | str]) -> Mutant:
        return (place, *with_amounts(self.document, amounts))

    def in_other_unit(self, place: str, data_sets: Iterable[str]) -> Mutant:
        """Read 元 as 万元: amounts and step grow, what the cells print stays."""
        sets = list(data_sets)
        amounts: dict[AmountCell, Decimal | str] = {c: c.amount * 10_000 for name in sets for c in self.sets[name]}
        removed, added = with_amounts(self.document, amounts, printed=False)
        for data_set in sets:
            for quad in self.statements(data_set):
                if quad.predicate == _STEP and isinstance(quad.object, ox.Literal):
                    removed.append(quad)
                    added.append(ox.Quad(quad.subject, _STEP, decimal(Decimal(quad.object.value) * 10_000)))
                elif quad.predicate == _POWER and isinstance(quad.object, ox.Literal):
                    removed.append(quad)
                    added.append(ox.Quad(quad.subject, _POWER, ox.Literal(int(quad.object.value) + 4)))
        return place, removed, added

    def moved(self, place: str, changes: Mapping[ox.Quad, ox.Quad]) -> Mutant:
        return place, list(changes), list(changes.values())


def _name(cell: AmountCell) -> str:
    return cell.node.rpartition("/budget/")[2] or cell.node


def _shifted_point(tables: _Tables) -> Iterator[Mutant]:
    for cell in tables.cells:
        if cell.amount:
            yield tables.amounts(_name(cell), {cell: cell.amount * 10})


def _swapped_digits(tables: _Tables) -> Iterator[Mutant]:
    for cell in tables.cells:
        digits = f"{cell.amount / cell.unit:.2f}"
        for place, (one, other) in enumerate(pairwise(digits)):
            if one.isdecimal() and other.isdecimal() and one != other:
                swapped = digits[:place] + other + one + digits[place + 2 :]
                yield tables.amounts(_name(cell), {cell: Decimal(swapped) * cell.unit})
                break


def _other_sign(tables: _Tables) -> Iterator[Mutant]:
    for cell in tables.cells:
        if cell.amount:
            yield tables.amounts(_name(cell), {cell: -cell.amount})


def _text_in_cell(tables: _Tables) -> Iterator[Mutant]:
    for cell in tables.cells:
        yield tables.amounts(_name(cell), {cell: "待定"})


def _lost_cell(tables: _Tables) -> Iterator[Mutant]:
    for cell in tables.cells:
        if cell.amount:
            yield _name(cell), tables.statements(cell.node), []


def _columns_of_row(tables: _Tables) -> Iterator[Mutant]:
    for cells in tables.rows.values():
        for one, other in pairwise(sorted(cells, key=lambda cell: cell.node)):
            if one.amount != other.amount:
                yield tables.amounts(_name(one), {one: other.amount, other: one.amount})
                break


def _columns_of_table(tables: _Tables) -> Iterator[Mutant]:
    """Swap the two columns of a table that stand side by side most often, and differ."""
    for data_set in tables.sets:
        rows = [
            {cell.cell.column: cell for cell in row if cell.cell and cell.cell.column}
            for row in tables.rows_of(data_set)
        ]
        together = Counter(pair for row in rows for pair in pairwise(sorted(row)))
        for (one, other), _ in together.most_common():
            pairs = [(row[one], row[other]) for row in rows if one in row and other in row]
            amounts: dict[AmountCell, Decimal | str] = {}
            for a, b in pairs:
                amounts |= {a: b.amount, b: a.amount}
            if sum(a.amount != b.amount for a, b in pairs) > 1:
                yield tables.amounts(f"{data_set.rpartition('/')[2]}: columns {one} and {other}", amounts)
                break


def _lost_row(tables: _Tables) -> Iterator[Mutant]:
    for cells in tables.rows.values():
        if any(cell.amount for cell in cells):
            yield _name(cells[0]), [quad for cell in cells for quad in tables.statements(cell.node)], []


def _row_twice(tables: _Tables) -> Iterator[Mutant]:
    for cells in tables.rows.values():
        if any(cell.amount for cell in cells):
            copies = [
                ox.Quad(ox.NamedNode(f"{cell.node}-again"), quad.predicate, quad.object)
                for cell in cells
                for quad in tables.statements(cell.node)
            ]
            yield _name(cells[0]), [], copies


def _shifted_labels(tables: _Tables) -> Iterator[Mutant]:
    """Give each row of a table the code and name of the next."""
    for data_set in tables.sets:
        rows = tables.rows_of(data_set)
        labels = [
            {p: [q.object for q in tables.statements(row[0].node) if q.predicate == p] for p in _CLASSES}
            for row in rows
        ]
        changes: tuple[list[ox.Quad], list[ox.Quad]] = ([], [])
        for row, label in zip(rows, [*labels[1:], *labels[:1]], strict=False):
            for cell in row:
                for predicate, objects in label.items():
                    changes[0].extend(q for q in tables.statements(cell.node) if q.predicate == predicate)
                    changes[1].extend(ox.Quad(ox.NamedNode(cell.node), predicate, each) for each in objects)
        if len(rows) > 2 and set(changes[0]) != set(changes[1]):
            yield data_set.rpartition("/")[2], *changes


def _unit_of_table(tables: _Tables) -> Iterator[Mutant]:
    for data_set, cells in tables.sets.items():
        if any(cell.amount for cell in cells):
            yield tables.in_other_unit(data_set.rpartition("/")[2], [data_set])


def _unit_of_all(tables: _Tables) -> Iterator[Mutant]:
    yield tables.in_other_unit("all tables", tables.sets)


def _cut_table(tables: _Tables) -> Iterator[Mutant]:
    for data_set in tables.sets:
        rows = tables.rows_of(data_set)
        lost = [cell for row in rows[len(rows) * 2 // 3 :] for cell in row]
        if len(rows) > 2 and any(cell.amount for cell in lost):
            yield data_set.rpartition("/")[2], [quad for cell in lost for quad in tables.statements(cell.node)], []


def _other_year(tables: _Tables) -> Iterator[Mutant]:
    for data_set, cells in tables.sets.items():
        changes = {}
        for node in (data_set, *(cell.node for cell in cells)):
            for quad in tables.document.store.quads_for_pattern(ox.NamedNode(node), _YEAR, None):
                head, _, year = (
                    quad.object.value.rpartition("/") if isinstance(quad.object, ox.NamedNode) else ("", "", "")
                )
                if year.isdecimal():
                    changes[quad] = ox.Quad(quad.subject, _YEAR, ox.NamedNode(f"{head}/{int(year) - 1}"))
        if changes:
            yield tables.moved(data_set.rpartition("/")[2], changes)


#: What is done -> how.
OPERATORS: Mapping[str, Callable[[_Tables], Iterator[Mutant]]] = {
    "小数点移位 decimal point moved": _shifted_point,
    "相邻数字对调 neighbouring digits swapped": _swapped_digits,
    "正负号相反 sign turned": _other_sign,
    "金额格中是文字 text in an amount cell": _text_in_cell,
    "漏一格 cell lost": _lost_cell,
    "一行中两栏对调 columns of a row swapped": _columns_of_row,
    "整表两栏对调 columns of a table swapped": _columns_of_table,
    "漏一行 row lost": _lost_row,
    "重复一行 row twice": _row_twice,
    "科目错行 labels shifted by a row": _shifted_labels,
    "一表单位错 unit of one table changed": _unit_of_table,
    "各表单位皆错 unit of all tables changed": _unit_of_all,
    "表被截断 table cut off": _cut_table,
    "年份错 wrong year": _other_year,
}
