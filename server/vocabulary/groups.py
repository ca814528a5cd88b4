"""The terms by subject: what a reader meets together, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.vocabulary.definitions import Definition, read_vocabulary

#: Group -> the classes in it, as prefixed names. Classes of other vocabularies stand here for the properties that
#: ours adds to them. A property stands in the first group that has a class of its domain.
_CLASSES: Mapping[str, Sequence[str]] = {
    "documents": (
        "bud:BudgetDocument",
        "bud:DocumentVersion",
        "bud:SourceFile",
        "prov:Entity",
        "bud:BudgetDepartment",
        "bud:SubordinateUnit",
        "org:Organization",
    ),
    "tables": ("bud:BudgetTable", "bud:TableCell"),
    "cube": ("qb:DataSet", "qb:Observation", "bud:TableGap"),
    "codes": ("skos:Concept",),
    "projects": ("bud:Project", "bud:ProjectItem", "bud:FundingSourceLine", "bud:ProcurementLine", "bud:ProjectLine"),
    "performance": (
        "bud:PerformanceObjective",
        "bud:PerformanceIndicator",
        "bud:IndicatorValue",
        "bud:IndicatorTarget",
        "bud:QuantitativeTarget",
        "bud:QualitativeTarget",
        "bud:DatedTarget",
        "bud:CompletenessTarget",
        "bud:EarlierValue",
        "bud:GradedValue",
        "bud:AchievedValue",
        "bud:AnnualTask",
    ),
    "claims": (
        "bud:Claim",
        "bud:LevelClaim",
        "bud:ChangeClaim",
        "bud:ShareClaim",
        "bud:CompletionClaim",
        "bud:ArithmeticClaim",
        "bud:ListClaim",
        "bud:AbsenceClaim",
    ),
    "text": ("bud:Section", "bud:ContentsEntry", "bud:GlossaryEntry", "bud:DutyStatement", "bud:TextGap"),
    "software": ("prov:Activity", "prov:SoftwareAgent", "http://www.w3.org/ns/sparql-service-description#Service"),
}
#: Where terms without domain go: the dimensions of the cube, its structures.
_REST = "cube"


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that belong together.

    key         "documents"; its name is the word `group-{key}` of the interface
    class_iris  all classes of the group, also those that other vocabularies define
    """

    key: str
    class_iris: tuple[str, ...]
    classes: tuple[Definition, ...]
    properties: tuple[Definition, ...]
    structures: tuple[Definition, ...]


@cache
def read_groups() -> tuple[Group, ...]:
    """Return all terms of the vocabulary, each in one group."""
    terms = read_vocabulary().terms
    iris = {key: tuple(map(_iri, names)) for key, names in _CLASSES.items()}
    group_of = {iri: key for key, found in iris.items() for iri in found}
    members: dict[str, list[Definition]] = {key: [] for key in _CLASSES}
    for each in terms.values():
        of_domain = [group_of[term.value] for term in each.domain if term.value in group_of]
        own = group_of.get(each.term.value)
        members[own or min(of_domain, key=list(_CLASSES).index, default=_REST)].append(each)
    return tuple(
        Group(
            key,
            iris[key],
            tuple(sorted((d for d in found if d.role == "class"), key=lambda d: iris[key].index(d.term.value))),
            tuple(d for d in found if d.role not in {"class", "structure"}),
            tuple(d for d in found if d.role == "structure"),
        )
        for key, found in members.items()
    )


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return name if prefix == "http" else (BUD_BASE if prefix == "bud" else PREFIXES[prefix]) + local
