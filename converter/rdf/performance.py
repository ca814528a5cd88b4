"""Performance objectives, indicators and targets as RDF."""

from collections.abc import Iterator

from budgetgraph.converter.budget import DepartmentBudget, Indicator, Objective, Target
from budgetgraph.converter.forms.units import units
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, boolean, decimal, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term

_CLASSES = {
    "quantitative": "bud:QuantitativeTarget",
    "qualitative": "bud:QualitativeTarget",
    "completeness": "bud:CompletenessTarget",
}


def performance_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return the objectives of the department and of its projects, each followed by its indicators and targets."""
    department = ids.organisation(budget.department.id)
    owned = [(objective, department) for objective in budget.objectives]
    owned += [(o, ids.project(project.order)) for project in budget.projects for o in project.objectives]
    return [found for objective, owner in owned for found in _objective(objective, owner, ids)]


def _objective(objective: Objective, owner: str, ids: Identifiers) -> Iterator[Resource]:
    yield resource(
        ids.objective(objective.id),
        [
            (term("rdf:type"), term("bud:PerformanceObjective")),
            (term("rdfs:label"), zh(objective.label)) if objective.label else None,
            (term("bud:scope"), string(objective.scope)),
            (term("bud:horizon"), iri(concept("horizon", objective.horizon))),
            (term("bud:order"), integer(objective.order)),
            (term("bud:objectiveOf"), iri(owner)),
            *(
                (term("bud:hasIndicator"), iri(ids.indicator(objective.id, indicator.order)))
                for indicator in objective.indicators
            ),
            (term("prov:wasDerivedFrom"), iri(place_iri(objective.place, ids))),
        ],
    )
    for indicator in objective.indicators:
        name = ids.indicator(objective.id, indicator.order)
        yield _indicator(indicator, name, ids)
        yield _target(indicator.target, f"{name}/target", ids)


def _indicator(indicator: Indicator, name: str, ids: Identifiers) -> Resource:
    level1, level2 = indicator.level1, indicator.level2
    return resource(
        name,
        [
            (term("rdf:type"), term("bud:PerformanceIndicator")),
            (term("rdfs:label"), zh(indicator.label)),
            (term("bud:order"), integer(indicator.order)),
            (term("bud:indicatorLevel1"), iri(concept("indicator", level1))) if level1 else None,
            (term("bud:indicatorLevel2"), iri(concept("indicator", level2))) if level2 else None,
            (term("bud:sourceLevel1"), zh(indicator.level1_label)) if indicator.level1_label else None,
            (term("bud:sourceLevel2"), zh(indicator.level2_label)) if indicator.level2_label else None,
            (term("bud:hasTarget"), iri(f"{name}/target")),
            (term("bud:standardText"), zh(indicator.standard)) if indicator.standard else None,
            (term("bud:recoveredByVocabulary"), boolean(indicator.shifted)),
            (term("prov:wasDerivedFrom"), iri(place_iri(indicator.place, ids))),
        ],
    )


def _target(target: Target, name: str, ids: Identifiers) -> Resource:
    """Return a target: bounds in the base unit stand beside the printed number in the printed unit."""
    unit = units().find(target.unit) if target.unit else None
    pairs: list[Pair | None] = [
        (term("rdf:type"), term(_CLASSES[target.kind])),
        (term("bud:sourceValue"), string(target.text)),
    ]
    if target.comparator is not None and target.value is not None:
        pairs += [
            (term("bud:comparator"), iri(concept("comparator", target.comparator))),
            (term("bud:comparatorImplied"), boolean(target.implied)),
            (term("bud:targetValue"), decimal(target.value)),
            (term("bud:targetUpperValue"), decimal(target.upper_value)) if target.upper_value is not None else None,
            (term("bud:targetUnit"), iri(unit.iri)) if unit and unit.iri else None,
            (term("schema:minValue"), decimal(target.minimum)) if target.minimum is not None else None,
            (term("schema:maxValue"), decimal(target.maximum)) if target.maximum is not None else None,
            (term("bud:normalisedUnit"), iri(unit.base)) if unit else None,
        ]
    pairs.append((term("prov:wasDerivedFrom"), iri(place_iri(target.place, ids))))
    return resource(name, pairs)
