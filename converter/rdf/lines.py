"""The lines of tables of procurement and projects as RDF. Their amounts are observations, see rdf/cube.py."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.budget import LINES, TOTAL, DataSet, DepartmentBudget, Project, TableLine
from budgetgraph.converter.identifiers import SCHEMES, Identifiers, concept
from budgetgraph.converter.labels import fold
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term

#: Structure -> class of its lines, and the property that leads to the line above.
_TERMS = {
    "procurement": ("bud:ProcurementLine", "bud:partOfProcurementLine"),
    "procurement-by-supplier": ("bud:ProcurementLine", "bud:partOfProcurementLine"),
    "project-expenditure": ("bud:ProjectLine", "bud:partOfProjectLine"),
    "project-balance": ("bud:ProjectLine", "bud:partOfProjectLine"),
    "transfer": ("bud:ProjectLine", "bud:partOfProjectLine"),
}

#: The form and the line both name a unit.
_BOTH = 2


def table_lines(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    """Yield the lines of a data set that has lines, `_T` first; nothing for other data sets."""
    if data_set.structure not in LINES:
        return
    kind, part_of = _TERMS[data_set.structure]
    forms = _forms(budget) if kind == "bud:ProjectLine" else {}
    source = ids.table(data_set.table) if data_set.table else ids.document
    yield resource(
        ids.line(data_set.id, TOTAL),
        [
            (term("rdf:type"), term(kind)),
            (term("rdfs:label"), zh("合计")),
            (term("skos:notation"), string(TOTAL)),
            (term("prov:wasDerivedFrom"), iri(source)),
        ],
    )
    for line in data_set.lines:
        above, _, _ = line.number.rpartition(".")
        pairs: list[Pair | None] = [
            (term("rdf:type"), term(kind)),
            (term("rdfs:label"), zh(line.label)),
            (term("skos:notation"), string(line.number)),
            (term(part_of), iri(ids.line(data_set.id, above or TOTAL))),
            (term("bud:programmeText"), zh(line.programme)) if line.programme else None,
            (term("bud:economicText"), zh(line.economic)) if line.economic else None,
            (term("bud:catalogueText"), zh(line.catalogue)) if line.catalogue else None,
            (term("bud:categoryText"), zh(line.category)) if line.category else None,
            (term("bud:executingUnitText"), zh(line.unit)) if line.unit else None,
            (term("bud:economicClass"), iri(concept(SCHEMES["economicClass"], line.economic_class, budget.fiscal_year)))
            if line.economic_class
            else None,
            (term("bud:procurementForm"), iri(concept("procurement-form", line.form))) if line.form else None,
            *((term("bud:lineOfProject"), iri(ids.project(order))) for order in _form(line, forms)),
            (term("prov:wasDerivedFrom"), iri(place_iri(line.place, ids))),
        ]
        yield resource(ids.line(data_set.id, line.number), pairs)


def _forms(budget: DepartmentBudget) -> dict[str, list[Project]]:
    forms: dict[str, list[Project]] = defaultdict(list)
    for project in budget.projects:
        forms[fold(project.label)].append(project)
    return forms


def _form(line: TableLine, forms: Mapping[str, Sequence[Project]]) -> list[int]:
    """Return the order of the project form that a line is of: the only one of its name whose unit may be the line's."""
    found = [project for project in forms.get(fold(line.label), ()) if _may_be_of(project, line)]
    return [found[0].order] if len(found) == 1 else []


def _may_be_of(project: Project, line: TableLine) -> bool:
    units = [fold_name(unit) for unit in (project.executing_unit, line.unit) if unit]
    return len(units) < _BOTH or units[0] == units[1]
