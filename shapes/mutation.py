"""How much of a document the rules watch: figures are changed, and the report has to change.

A cell that can be changed without any rule noticing is a cell whose errors nobody will find. This measures rules and
structure of the tables, not the extraction: it begins with the graph.

One validation for each changed cell would take hours. Cells that take part in no common equation are changed
together, and a finding is put down to the one changed cell among the figures of its equation; a cell that is not
found so is changed alone and the whole set of rules asked again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE, engine
from budgetgraph.shapes.explanations import Members, members_of, solutions_as_text
from budgetgraph.shapes.families import Family, families
from budgetgraph.shapes.results import Cell, Severity

#: Added to each cell, in the unit of its table (0.01 万元 ...).
DELTAS = tuple(map(Decimal, ("0.01", "0.02", "0.05", "1.00")))
#: From this change on, a cell that is not found among others is changed alone too.
ALONE_FROM = Decimal("0.05")
#: Equations of more figures than this do not keep their cells from being changed together; their findings point at
#: one cell only when no other of them is changed.
_LARGE = 40

_AMOUNT = ox.NamedNode(BUD.amount)
_PRINTED = ox.NamedNode(BUD.sourceValue)
_DATA_SET = f"{PREFIXES['qb']}dataSet"
_HEAD = re.compile(r"SELECT \$this ")
_DECIMAL = ox.NamedNode(f"{PREFIXES['xsd']}decimal")

Group = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AmountCell:
    """An observation with an amount: `amount` in 元, `unit` how many 元 the unit of its table is."""

    node: str
    data_set: str
    amount: Decimal
    unit: Decimal
    label: str
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve: of `cells` changed by `delta`, how many gave a violation, and a violation or warning.

    missed  the cells that gave neither
    """

    delta: Decimal
    cells: int
    violation: int
    noticed: int
    missed: tuple[AmountCell, ...]

    @property
    def share(self) -> Decimal:
        """Return the share of cells that were noticed, in percent, to one digit; 0 where there are no cells."""
        return (Decimal(1000 * self.noticed) / self.cells).to_integral_value() / 10 if self.cells else Decimal(0)


def amount_cells(document: Document) -> list[AmountCell]:
    """Return all observations with a decimal amount, in the order of their IRIs."""
    units: dict[str, Decimal] = {}
    found = []
    for quad in document.store.quads_for_pattern(None, _AMOUNT, None):
        amount = quad.object
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(amount, ox.Literal):
            continue
        data_set = next(document.texts(quad.subject.value, _DATA_SET), None)
        if data_set is None or amount.datatype != _DECIMAL:
            continue
        if data_set not in units:
            power = next(document.texts(data_set, BUD.sourceUnitMultiplier), "0")
            units[data_set] = Decimal(10) ** int(power)
        node = quad.subject.value
        label = next(document.texts(node, BUD.sourceLabel), "")
        place = next(iter(document.cells(node)), None)
        found.append(AmountCell(node, data_set, Decimal(amount.value), units[data_set], label, place))
    return sorted(found, key=lambda cell: cell.node)


@contextmanager
def changed(document: Document, removed: Sequence[ox.Quad], added: Sequence[ox.Quad]) -> Iterator[None]:
    """Change a document, and change it back."""
    there = [quad for quad in removed if quad in document.store]
    fresh = [quad for quad in added if quad not in document.store or quad in there]
    document.change(there, fresh)
    try:
        yield
    finally:
        document.change(fresh, there)


def with_amounts(
    document: Document, amounts: Mapping[AmountCell, Decimal | str], *, printed: bool = True
) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return the statements to remove and to add so that cells have other amounts, or text in their place.

    printed  the cells print the other amounts too, as a publication would that has the fault
    """
    removed: list[ox.Quad] = []
    added: list[ox.Quad] = []
    for cell, amount in amounts.items():
        node = ox.NamedNode(cell.node)
        text = amount if isinstance(amount, str) else f"{amount / cell.unit:f}"
        values = {_AMOUNT: ox.Literal(amount) if isinstance(amount, str) else decimal(amount)}
        if printed:
            values[_PRINTED] = ox.Literal(text)
        for predicate, value in values.items():
            removed += document.store.quads_for_pattern(node, predicate, None)
            added.append(ox.Quad(node, predicate, value))
    return removed, added


def decimal(value: Decimal) -> ox.Literal:
    """Return an amount as it is written in a graph."""
    return ox.Literal(f"{value:f}", datatype=_DECIMAL)


class Watch:
    """The rules over one document that is changed and changed back."""

    def __init__(self, document: Document, shapes: Shapes) -> None:
        self.document, self.shapes = document, shapes
        self._asked = [(f, m) for f in families(shapes) if f.failing and (m := members_of(f.rules[0], shapes.prologue))]
        self._figures = self._groups()
        self._before = set(self._failing())
        self._all_before = self.findings()

    def _groups(self) -> dict[Group, set[str]]:
        """Return the figures of each equation."""
        found: dict[Group, set[str]] = defaultdict(set)
        for number, (_, members) in enumerate(self._asked):
            for row in solutions_as_text(self.document, members.figures):
                key = tuple(row.get(name, "") for name in ("this", *members.keys))
                found[number, key].add(row.get("o", ""))
        return found

    def _failing(self) -> Iterator[tuple[Group, Severity, str]]:
        """Yield what fails now: the equation, the severity, and what tells it from the same equation failing else."""
        for number, (family, members) in enumerate(self._asked):
            for row in solutions_as_text(self.document, _with_keys(family, members)):
                key = tuple(row.get(name, "") for name in ("this", *members.keys))
                for rule, failing in zip(family.rules, family.failing or (), strict=True):
                    if rule.severity is not Severity.INFO and all(row.get(name) == "true" for name in failing):
                        words = "|".join(row.get(name, "") for name in ("amount", "sum"))
                        yield (number, key), rule.severity, words

    def batches(self, cells: Sequence[AmountCell]) -> list[list[AmountCell]]:
        """Return the cells in batches whose members take part in no common equation, but for large ones."""
        groups_of: dict[str, list[Group]] = defaultdict(list)
        for group, nodes in self._figures.items():
            if len(nodes) <= _LARGE:
                for node in nodes:
                    groups_of[node].append(group)
        found: list[tuple[list[AmountCell], set[Group]]] = []
        for cell in cells:
            own = groups_of[cell.node]
            batch = next((each for each in found if each[1].isdisjoint(own)), None)
            if batch is None:
                batch = ([], set())
                found.append(batch)
            batch[0].append(cell)
            batch[1].update(own)
        return [batch for batch, _ in found]

    def together(self, batch: Sequence[AmountCell], delta: Decimal) -> dict[str, Severity]:
        """Return which cells of a batch are found when all are changed, and how severely."""
        nodes = {cell.node for cell in batch}
        amounts: dict[AmountCell, Decimal | str] = {cell: cell.amount + delta * cell.unit for cell in batch}
        found: dict[str, Severity] = {}
        with changed(self.document, *with_amounts(self.document, amounts)):
            for group, severity, words in self._failing():
                if (group, severity, words) in self._before:
                    continue
                suspects = self._figures.get(group, set()) & nodes
                if len(suspects) == 1:
                    (node,) = suspects
                    found[node] = min(severity, found.get(node, severity), key=lambda each: each.rank)
        return found

    def alone(self, cell: AmountCell, delta: Decimal) -> Severity | None:
        """Return how severely a cell is found that alone is changed; None when it is not."""
        amount: dict[AmountCell, Decimal | str] = {cell: cell.amount + delta * cell.unit}
        with changed(self.document, *with_amounts(self.document, amount)):
            return self.worst()

    def worst(self) -> Severity | None:
        """Return the worst severity of what is found now and was not before: violation or warning, else None."""
        new = self.findings() - self._all_before
        severities = {severity for severity, *_ in new if severity is not Severity.INFO}
        return min(severities, key=lambda severity: severity.rank, default=None)

    def findings(self) -> set[tuple[Severity, str, str, str]]:
        """Return all that the whole set of rules finds now."""
        rules = self.shapes.rules
        return {
            (rules[f.rule].severity, f.rule, f.focus, f.messages.get("en", "") + (f.value.text if f.value else ""))
            for f in engine(DEFAULT_ENGINE)(self.document, self.shapes).findings
        }


def _with_keys(family: Family, members: Members) -> str:
    """Return the query of a family with the keys of its equations among what it selects."""
    match = _HEAD.search(family.query)
    assert match  # noqa: S101  # so are the queries written
    head = family.query[match.start() : family.query.index("WHERE", match.start())]
    keys = " ".join(f"?{key}" for key in members.keys if not re.search(rf"\?{key}\b", head))
    return f"{family.query[: match.end()]}{keys} {family.query[match.end() :]}"


def curve(watch: Watch, deltas: Iterable[Decimal] = DELTAS) -> list[Point]:
    """Return how many cells are found for each change; below ALONE_FROM no cell is tried alone."""
    cells = amount_cells(watch.document)
    batches = watch.batches(cells)
    points = []
    for delta in deltas:
        found: dict[str, Severity] = {}
        for batch in batches:
            found |= watch.together(batch, delta)
        if delta >= ALONE_FROM:
            for cell in cells:
                if cell.node not in found and (severity := watch.alone(cell, delta)):
                    found[cell.node] = severity
        counts = Counter(found.values())
        missed = tuple(cell for cell in cells if cell.node not in found)
        points.append(Point(delta, len(cells), counts[Severity.VIOLATION], len(found), missed))
    return points
