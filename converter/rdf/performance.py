"""Performance objectives, indicators and targets as RDF."""

from collections.abc import Iterator

from budgetgraph.converter.budget import DepartmentBudget, Indicator, Objective, Target
from budgetgraph.converter.forms.dates import datatype
from budgetgraph.converter.forms.units import units
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, boolean, decimal, integer, iri, resource, string, typed, zh
from budgetgraph.converter.rdf.vocabulary import term

_CLASSES = {
    "quantitative": "bud:QuantitativeTarget",
    "qualitative": "bud:QualitativeTarget",
    "completeness": "bud:CompletenessTarget",
    "dated": "bud:DatedTarget",
}


def performance_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return the objectives of the department and of its projects, each followed by its indicators and targets."""
    owned = [
        (o, ids.organisation(budget.unit_ids[o.unit] if o.unit else budget.department.id)) for o in budget.objectives
    ]
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
        targets = {_further(f"{name}/target", n): target for n, target in enumerate(indicator.targets, start=1)}
        earlier = {f"{name}/earlier/{n}": value for n, value in enumerate(indicator.earlier, start=1)}
        graded = {f"{name}/grade/{n}": value for n, value in enumerate(indicator.graded, start=1)}
        achieved = {f"{name}/achieved/{n}": value for n, value in enumerate(indicator.achieved, start=1)}
        yield _indicator(indicator, name, (list(targets), list(earlier), list(graded), list(achieved)), ids)
        for target_iri, target in targets.items():
            yield _target(target, target_iri, _CLASSES[target.kind], ids)
        for value_iri, value in earlier.items():
            yield _target(value, value_iri, "bud:EarlierValue", ids)
        for value_iri, value in graded.items():
            yield _target(value, value_iri, "bud:GradedValue", ids)
        for value_iri, value in achieved.items():
            yield _target(value, value_iri, "bud:AchievedValue", ids)


def _further(stem: str, number: int) -> str:
    """Return the IRI of a target: the first has none of the further ones' numbers."""
    return stem if number == 1 else f"{stem}/{number}"


def _indicator(
    indicator: Indicator, name: str, values: tuple[list[str], list[str], list[str], list[str]], ids: Identifiers
) -> Resource:
    """Return an indicator; `values` are the IRIs of its targets, and of its earlier, graded and achieved values."""
    targets, earlier, graded, achieved = values
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
            *((term("bud:hasTarget"), iri(target)) for target in targets),
            *((term("bud:hasEarlierValue"), iri(value)) for value in earlier),
            *((term("bud:hasGradedValue"), iri(value)) for value in graded),
            *((term("bud:hasAchievedValue"), iri(value)) for value in achieved),
            (term("bud:standardText"), zh(indicator.standard)) if indicator.standard else None,
            *((term("bud:standardText"), zh(remark)) for remark in indicator.remarks),
            (term("bud:weight"), decimal(indicator.weight)) if indicator.weight is not None else None,
            (term("bud:sourceWeight"), string(indicator.weight_text)) if indicator.weight_text else None,
            (term("bud:score"), decimal(indicator.score)) if indicator.score is not None else None,
            (term("bud:sourceScore"), string(indicator.score_text)) if indicator.score_text else None,
            (term("bud:weightOfLevel1"), decimal(indicator.level1_weight))
            if indicator.level1_weight is not None
            else None,
            (term("bud:weightOfLevel2"), decimal(indicator.level2_weight))
            if indicator.level2_weight is not None
            else None,
            (term("bud:natureText"), zh(indicator.nature)) if indicator.nature else None,
            (term("bud:recoveredByVocabulary"), boolean(indicator.shifted)),
            (term("prov:wasDerivedFrom"), iri(place_iri(indicator.place, ids))),
        ],
    )


def _target(target: Target, name: str, kind: str, ids: Identifiers) -> Resource:
    """Return a value: bounds in the base unit stand beside the printed number in the printed unit."""
    unit = units().find(target.unit) if target.unit else None
    pairs: list[Pair | None] = [
        (term("rdf:type"), term(kind)),
        (term("bud:sourceValue"), string(target.text)),
        (term("bud:subjectText"), zh(target.subject)) if target.subject else None,
        (term("bud:valueColumn"), zh(target.column)) if target.column else None,
        (term("bud:targetPeriod"), iri(concept("target-period", target.period))) if target.period else None,
        (term("bud:fiscalYear"), iri(concept("fiscal-year", str(target.year)))) if target.year else None,
    ]
    if target.comparator is not None:
        pairs += [
            (term("bud:comparator"), iri(concept("comparator", target.comparator))),
            (term("bud:comparatorImplied"), boolean(target.implied)),
            (term("bud:targetFrom"), typed(target.start, datatype(target.start))) if target.start else None,
            (term("bud:targetUntil"), typed(target.end, datatype(target.end))) if target.end else None,
        ]
    if target.value is not None:
        pairs += [
            (term("bud:targetValue"), decimal(target.value)),
            (term("bud:targetUpperValue"), decimal(target.upper_value)) if target.upper_value is not None else None,
            (term("bud:targetUnit"), iri(unit.iri)) if unit and unit.iri else None,
            (term("bud:targetUnitText"), zh(target.unit)) if target.unit else None,
            (term("schema:minValue"), decimal(target.minimum)) if target.minimum is not None else None,
            (term("schema:maxValue"), decimal(target.maximum)) if target.maximum is not None else None,
            (term("bud:normalisedUnit"), iri(unit.base)) if unit else None,
        ]
    pairs.append((term("prov:wasDerivedFrom"), iri(place_iri(target.place, ids))))
    return resource(name, pairs)
