"""Projects, their items and their funding as RDF. The amounts of items are observations, see rdf/cube.py."""

from collections.abc import Iterator

from budgetgraph.converter.budget import TOTAL, DepartmentBudget, FundingLine, Project, ProjectItem
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, day, decimal, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term


def project_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return the projects of a budget, each followed by its items (`_T` first) and funding lines."""
    return [found for project in budget.projects for found in _project(project, budget, ids)]


def funding_line(project: int, order: int, ids: Identifiers) -> str:
    """Return the IRI of a project's funding line."""
    return f"{ids.project(project)}/funding/{order}"


def _project(project: Project, budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    name = ids.project(project.order)
    items = [TOTAL, *(item.number for item in project.items)]
    places = [project.place, project.total_budget_place, project.current_budget_place]
    sources = dict.fromkeys(place_iri(place, ids) for place in places if place is not None)
    pairs: list[Pair | None] = [
        (term("rdf:type"), term("bud:Project")),
        (term("rdfs:label"), zh(project.label)) if project.label else None,
        (term("bud:order"), integer(project.order)),
        (term("skos:notation"), string(project.code)) if project.code else None,
        (term("bud:projectKind"), iri(concept("project-kind", project.kind))) if project.kind else None,
        (term("bud:projectNature"), iri(concept("project-nature", project.nature))) if project.nature else None,
        (term("bud:projectCategory"), iri(concept("project-category", project.category))) if project.category else None,
        (term("schema:startDate"), day(project.start)) if project.start else None,
        (term("schema:endDate"), day(project.end)) if project.end else None,
        (term("bud:responsibleDepartment"), iri(ids.organisation(budget.department.id))),
        (term("bud:executingUnitText"), zh(project.executing_unit)) if project.executing_unit else None,
        (term("bud:totalBudget"), decimal(project.total_budget, 2)) if project.total_budget is not None else None,
        (term("bud:currentBudget"), decimal(project.current_budget, 2)) if project.current_budget is not None else None,
        *((term("bud:hasItem"), iri(ids.item(project.order, number))) for number in items),
        *((term("bud:hasFundingLine"), iri(funding_line(project.order, line.order, ids))) for line in project.funding),
        *((term("bud:hasObjective"), iri(ids.objective(o.id))) for o in project.objectives),
        *((term("bud:statesText"), zh(f"{head}：{text}")) for head, text in project.statements.items() if text),
        *((term("prov:wasDerivedFrom"), iri(source)) for source in sources),
    ]
    yield resource(name, pairs)
    yield _total(project, ids)
    for item in project.items:
        yield _item(item, project, ids)
    for line in project.funding:
        yield _funding(line, project, ids)


def _total(project: Project, ids: Identifiers) -> Resource:
    """Return the item that is all of the project; earlier years and the printed 合计 are its observations."""
    total = project.items_total
    return resource(
        ids.item(project.order, TOTAL),
        [
            (term("rdf:type"), term("bud:ProjectItem")),
            (term("rdfs:label"), zh(total.label if total else "合计")),
            (term("skos:notation"), string(TOTAL)),
            (term("bud:ofProject"), iri(ids.project(project.order))),
            (term("prov:wasDerivedFrom"), iri(place_iri(total.place if total else project.place, ids))),
        ],
    )


def _item(item: ProjectItem, project: Project, ids: Identifiers) -> Resource:
    return resource(
        ids.item(project.order, item.number),
        [
            (term("rdf:type"), term("bud:ProjectItem")),
            (term("rdfs:label"), zh(item.label)),
            (term("skos:notation"), string(item.number)),
            (term("bud:ofProject"), iri(ids.project(project.order))),
            (term("bud:partOfItem"), iri(ids.item(project.order, item.parent or TOTAL))),
            (term("prov:wasDerivedFrom"), iri(place_iri(item.place, ids))),
        ],
    )


def _funding(line: FundingLine, project: Project, ids: Identifiers) -> Resource:
    parent = funding_line(project.order, line.parent, ids) if line.parent is not None else None
    return funding_line_resource(line, funding_line(project.order, line.order, ids), parent, ids)


def funding_line_resource(line: FundingLine, name: str, parent: str | None, ids: Identifiers) -> Resource:
    """Return a funding line of a project or task; `name` and `parent` are IRIs, of it and of the line it is part of."""
    return resource(
        name,
        [
            (term("rdf:type"), term("bud:FundingSourceLine")),
            (term("rdfs:label"), zh(line.label)),
            (term("bud:order"), integer(line.order)),
            (term("bud:lineAmount"), decimal(line.amount, 2)),
            (term("bud:sourceValue"), string(line.text)),
            (term("bud:partOfLine"), iri(parent)) if parent else None,
            (term("prov:wasDerivedFrom"), iri(place_iri(line.place, ids))),
        ],
    )
