"""Data sets -> RDF Data Cube: one `qb:DataSet` for each printed panel, one `qb:Observation` for each figure."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from budgetgraph.converter.budget import (
    LINES,
    STRUCTURES,
    TOTAL,
    DataSet,
    DepartmentBudget,
    Figure,
    Place,
)
from budgetgraph.converter.budget.hierarchy import ancestors, key_text, leaves
from budgetgraph.converter.identifiers import SCHEMES, Identifiers, concept
from budgetgraph.converter.rdf.emission import Rows, Slot
from budgetgraph.converter.rdf.terms import (
    XSD,
    Pair,
    Resource,
    boolean,
    day,
    decimal,
    integer,
    iri,
    resource,
    string,
    zh,
)
from budgetgraph.converter.rdf.vocabulary import term

_MEASURES = {
    "staff": "bud:headcount",
    "asset-quantity": "bud:quantity",
    "activity-quantity": "bud:quantity",
}
_FORMS_OF_ZERO = frozenset(("-", "—", "——", "–", "－"))


def _key(data_set: DataSet, figure: Figure) -> tuple[str, ...]:
    """Return the values that tell a figure from the others of its data set, in the structure's order.

    A fund that no column states is the data set's, which in the key counts as the total.
    """
    return tuple(figure.dimensions.get(name, TOTAL) for name in STRUCTURES[data_set.structure])


def observation_iris(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> list[str]:
    """Return the IRI of each figure's observation."""
    several_years = any(f.year not in {None, budget.fiscal_year} for f in data_set.figures)
    stem = ids.data_set(data_set.id)
    return [f"{stem}/{_local_key(data_set, f, budget, several_years)}" for f in data_set.figures]


def _local_key(data_set: DataSet, figure: Figure, budget: DepartmentBudget, several_years: bool) -> str:
    key = _key(data_set, figure)
    text = ".".join(key) if data_set.structure == "project-item" else key_text(key)
    return f"{figure.year or budget.fiscal_year}.{text}" if several_years else text


def leaf_flags(data_set: DataSet, budget: DepartmentBudget) -> list[bool]:
    """Return for each figure whether nothing of the data set stands below it."""
    over = ancestors(data_set.structure, budget.fiscal_year)

    def above(position: int, notation: str) -> frozenset[str]:
        return over(position - 1, notation) if position else frozenset()

    years = [str(f.year or budget.fiscal_year) for f in data_set.figures]
    keys = [(year, *_key(data_set, f)) for year, f in zip(years, data_set.figures, strict=True)]
    return leaves(keys, above)


def data_set_resource(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers, absence: str | None) -> Resource:
    """Return the description of a data set; `absence` is the IRI of the claim that states it is empty."""
    pairs: list[Pair | None] = [
        (term("rdf:type"), term("qb:DataSet")),
        (term("rdf:type"), term("dcat:Dataset")),
        (term("qb:structure"), term(f"bud:dsd-{data_set.structure}")),
        (term("dcterms:title"), zh(data_set.title)),
        (term("rdfs:label"), zh(data_set.title)),
        (term("bud:sourceTable"), string(data_set.table_number)) if data_set.table_number else None,
        (term("bud:tableKind"), iri(concept("table-kind", data_set.table_kind or "statement"))),
        (term("bud:coversFund"), iri(concept("fund", data_set.fund))),
        (term("bud:sourceUnitMultiplier"), integer(data_set.multiplier)),
        (term("bud:sourceStep"), decimal(data_set.step, 2)),
        (term("bud:recipientText"), zh(data_set.recipient)) if data_set.recipient else None,
        (term("bud:canonical"), boolean(data_set.canonical)),
        (term("bud:declaredEmpty"), boolean(True)) if data_set.declared_empty else None,
        (term("bud:emptyStatedBy"), iri(absence)) if absence else None,
        (term("bud:unconvertedAmounts"), integer(data_set.unconverted)) if data_set.unconverted else None,
        (term("bud:referenceDate"), day(data_set.reference_date)) if data_set.reference_date else None,
        (term("bud:reportingUnit"), iri(ids.organisation(budget.body(data_set)))),
        (term("bud:fiscalYear"), iri(concept("fiscal-year", str(data_set.year or budget.fiscal_year)))),
        (term("bud:budgetPhase"), iri(concept("phase", data_set.phase or budget.phase))),
        (term("dcterms:isPartOf"), iri(ids.data_set(data_set.part_of) if data_set.part_of else ids.series)),
        (term("prov:wasDerivedFrom"), iri(ids.table(data_set.table) if data_set.table else ids.document)),
    ]
    pairs += [(term("bud:hasGap"), iri(_gap_iri(data_set, number, ids))) for number in range(len(data_set.gaps))]
    if data_set.structure not in _MEASURES:
        currency = "<http://publications.europa.eu/resource/authority/currency/CNY>"
        pairs.append((term("sdmx-attribute:currency"), currency))
    return resource(ids.data_set(data_set.id), pairs)


def gap_resources(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    """Yield the rows and columns of a data set that lack amounts which are not converted."""
    for number, gap in enumerate(data_set.gaps):
        pairs = [(term("rdf:type"), term("bud:TableGap"))]
        pairs += [(term("bud:gapAlong"), term(f"bud:{name}")) for name in gap.along]
        for name, value in gap.at:
            notation = value or (data_set.fund if name == "fund" else TOTAL)
            if name == LINES.get(data_set.structure):
                pairs.append((term("bud:gapAt"), iri(ids.line(data_set.id, notation))))
            else:
                pairs.append((term("bud:gapAt"), iri(concept(SCHEMES[name], notation, budget.fiscal_year))))
        yield resource(_gap_iri(data_set, number, ids), pairs)


def _gap_iri(data_set: DataSet, number: int, ids: Identifiers) -> str:
    return f"{ids.data_set(data_set.id)}/gap-{number + 1}"


def place_iri(place: Place, ids: Identifiers) -> str:
    """Return the IRI of the cell or text where something is printed; of the document where no place is known."""
    if place.table and place.row and place.column:
        return ids.cell(place.table, place.row, place.column)
    if place.locator.start is None or place.locator.end is None:
        return ids.file(place.locator.part)
    return ids.text(place.locator.start, place.locator.end, place.locator.part)


def observation_rows(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> Iterator[Rows]:
    """Yield the observations of a data set as rows, one set of rows for each combination of optional parts."""
    stem = f"{ids.data_set(data_set.id)}/"
    several_years = any(f.year not in {None, budget.fiscal_year} for f in data_set.figures)
    constants = (
        (term("rdf:type"), term("qb:Observation")),
        (term("qb:dataSet"), iri(ids.data_set(data_set.id))),
        (term("bud:reportingUnit"), iri(ids.organisation(budget.body(data_set)))),
        (term("bud:budgetPhase"), iri(concept("phase", data_set.phase or budget.phase))),
    )
    columns = list(_columns(data_set, budget, ids))
    flags = leaf_flags(data_set, budget)
    shapes: dict[tuple[bool, ...], list[tuple[str, ...]]] = {}
    for figure, leaf in zip(data_set.figures, flags, strict=True):
        values = [value(figure, leaf) for _, value in columns]
        key = _local_key(data_set, figure, budget, several_years)
        shape = tuple(value is not None for value in values)
        shapes.setdefault(shape, []).append((key, *(v for v in values if v is not None)))
    for shape, rows in shapes.items():
        slots = tuple(slot for (slot, _), present in zip(columns, shape, strict=True) if present)
        yield Rows(stem, constants, slots, rows)


_Column = tuple[Slot, Callable[[Figure, bool], str | None]]


def _columns(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> Iterable[_Column]:
    """Yield the changing parts of an observation: where the value goes, and how a figure gives it."""
    year = budget.fiscal_year
    yield _concept_slot("fiscalYear", year), lambda f, _: str(f.year or data_set.year or year)
    for name in STRUCTURES[data_set.structure]:
        if name == "project":
            yield (
                Slot(term("bud:project"), f"<{ids.series}/project/", ">"),
                lambda f, _: f.dimensions["project"],
            )
        elif name == "projectItem":
            slot = Slot(term("bud:projectItem"), f"<{ids.series}/project/", ">")
            yield (
                slot,
                lambda f, _: f"{f.dimensions['project']}/item/{f.dimensions.get('projectItem', TOTAL)}",
            )
        elif name == LINES.get(data_set.structure):
            slot = Slot(term(f"bud:{name}"), f"<{ids.line(data_set.id, '')}", ">")
            yield slot, partial(_value_of, name, TOTAL)
        else:
            default = data_set.fund if name == "fund" else TOTAL
            yield _concept_slot(name, year), partial(_value_of, name, default)
    if measure := _MEASURES.get(data_set.structure):
        yield Slot(term(measure), '"', f'"^^<{XSD}integer>'), lambda f, _: str(int(f.value))
    else:
        yield Slot(term("bud:amount"), '"', f'"^^<{XSD}decimal>'), lambda f, _: f"{f.value:f}"
    yield Slot(term("bud:sourceValue"), "", "", is_text=True), lambda f, _: f.text
    yield Slot(term("bud:isLeaf"), '"', f'"^^<{XSD}boolean>'), lambda _, leaf: "true" if leaf else "false"
    yield _concept_slot_of("bud:cellState", "cell-state"), lambda f, _: cell_state(f)
    yield Slot(term("bud:sourceLabel"), "", "@zh", is_text=True), lambda f, _: f.label or None
    yield Slot(term("bud:sourceCode"), "", "", is_text=True), lambda f, _: f.code or None
    government = _concept_slot("govEconomicClass", year)
    yield government, lambda f, _: f.government_class
    yield Slot(term("bud:countingUnit"), "", "@zh", is_text=True), lambda f, _: f.unit or None
    yield Slot(term("prov:wasDerivedFrom"), "<", ">"), lambda f, _: place_iri(f.place, ids)


def _value_of(name: str, default: str, figure: Figure, _: bool) -> str:
    return figure.dimensions.get(name, default)


def _concept_slot(dimension: str, year: int) -> Slot:
    return Slot(term(f"bud:{dimension}"), f"<{concept(SCHEMES[dimension], '', year)}", ">")


def _concept_slot_of(predicate: str, scheme: str) -> Slot:
    return Slot(term(predicate), f"<{concept(scheme, '')}", ">")


def cell_state(figure: Figure) -> str:
    """Return how the figure is printed: "number", "zero" (0, 0.00) or "dash"."""
    if figure.text in _FORMS_OF_ZERO:
        return "dash"
    return "zero" if figure.value == 0 else "number"
