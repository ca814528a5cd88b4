"""Bodies -> RDF: those the registry knows in graph/orgs, the others in the data graph of the document.

No statement stands in both, nor in the graphs of two documents: an endpoint shows the union of all graphs, and a
name that stands in it twice makes two rows of every answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from budgetgraph.converter.bodies.organisations import Entry, Registry, Years
from budgetgraph.converter.budget import DepartmentBudget, Organisation
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.terms import Pair, Resource, en, iri, resource, string, typed, zh
from budgetgraph.converter.rdf.vocabulary import term

_CLASSES = {
    "department": ("cv:PublicOrganisation", "bud:BudgetDepartment"),
    "headquarters": ("org:OrganizationalUnit",),
    "unit": ("cv:PublicOrganisation", "bud:SubordinateUnit"),
}

_SKOS_XL = "http://www.w3.org/2008/05/skos-xl#"
_LABEL, _ALT_LABEL, _LITERAL_FORM = (iri(f"{_SKOS_XL}{name}") for name in ("Label", "altLabel", "literalForm"))


def organisation_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return the bodies of the document that no registry knows, with the names that it gives them."""
    unknown = [each for each in (budget.department, *budget.units) if not each.registered]
    found = [_organisation(each, unknown, ids) for each in unknown]
    parts = [(unit.id, unit.kind) for unit in unknown if unit.parent == budget.department.id]
    if budget.department.registered and parts:
        pairs = _position(budget.department.kind, None, parts, ids)
        found.append(resource(ids.organisation(budget.department.id), pairs))
    return found


def _organisation(organisation: Organisation, units: Sequence[Organisation], ids: Identifiers) -> Resource:
    official, *others = organisation.names
    parts = [(unit.id, unit.kind) for unit in units if unit.parent == organisation.id]
    return resource(
        ids.organisation(organisation.id),
        [
            *_kind(organisation.kind),
            *_names(official, others),
            *_position(organisation.kind, organisation.parent, parts, ids),
            *_place(organisation.level, organisation.division),
        ],
    )


def registry_resources(budget: DepartmentBudget, ids: Identifiers, registry: Registry) -> list[Resource]:
    """Return what the registry knows of the department, of the bodies above it, of its parts, and of their reforms.

    Nothing for a department that is not registered: its identity holds for one document.
    """
    family = registry.family(budget.department.id)
    changes = list(_changes(family))
    return [
        *(_entry(entry, family, changes, ids) for entry in family),
        *(each for entry in family for each in _former_names(entry, ids)),
        *(_change(each, ids) for each in changes),
    ]


@dataclass(frozen=True, slots=True)
class _Change:
    """A reform: bodies that became others in a year."""

    year: int
    originals: frozenset[str]
    resulting: tuple[str, ...]

    def iri(self, ids: Identifiers) -> str:
        return f"{ids.organisation(self.resulting[0])}#formed-{self.year}"


def _changes(family: Sequence[Entry]) -> Iterator[_Change]:
    """Yield the reforms in which bodies were made; of the same bodies in the same year, they are one."""
    made: dict[tuple[int, frozenset[str]], list[str]] = defaultdict(list)
    for entry in family:
        for year in dict.fromkeys(entry.predecessors.values()):
            originals = frozenset(each for each, when in entry.predecessors.items() if when == year)
            made[year, originals].append(entry.id)
    for (year, originals), resulting in made.items():
        yield _Change(year, originals, tuple(resulting))


def _change(change: _Change, ids: Identifiers) -> Resource:
    """Return the reform as a change event of the Organization Ontology (W3C, section 5.6)."""
    return resource(
        change.iri(ids),
        [
            (term("rdf:type"), term("org:ChangeEvent")),
            (term("rdfs:label"), zh(f"{change.year}年机构改革")),
            (term("rdfs:label"), en(f"Reform of {change.year}")),
            (term("dcterms:date"), typed(str(change.year), "gYear")),
            *((term("org:originalOrganization"), iri(ids.organisation(each))) for each in sorted(change.originals)),
            *((term("org:resultingOrganization"), iri(ids.organisation(each))) for each in change.resulting),
        ],
    )


def _history(entry: Entry, changes: Iterable[_Change], ids: Identifiers) -> Iterator[Pair]:
    """Yield the reforms of a body, and directly what it was before and what it became."""
    for change in changes:
        if entry.id in change.resulting:
            yield term("org:resultedFrom"), iri(change.iri(ids))
            yield from ((term("dcterms:replaces"), iri(ids.organisation(each))) for each in sorted(change.originals))
        if entry.id in change.originals:
            yield term("org:changedBy"), iri(change.iri(ids))
            yield from ((term("dcterms:isReplacedBy"), iri(ids.organisation(each))) for each in change.resulting)


def _entry(entry: Entry, family: Sequence[Entry], changes: Iterable[_Change], ids: Identifiers) -> Resource:
    parts = [(part.id, part.kind) for part in family if part.parent == entry.id]
    official, *others = dict.fromkeys((*entry.names, *entry.short_names))
    return resource(
        ids.organisation(entry.id),
        [
            *_kind(entry.kind),
            *_names(official, others),
            (term("skos:prefLabel"), en(entry.name_en)) if entry.name_en else None,
            (term("dcterms:identifier"), string(entry.id)),
            (term("org:identifier"), string(entry.uscc)) if entry.uscc else None,
            *_position(entry.kind, entry.parent, parts, ids),
            *_place(entry.level, entry.division),
            *_validity((entry.valid_from, entry.valid_to)),
            *((_ALT_LABEL, iri(name)) for name, _ in _name_nodes(entry, ids)),
            *_history(entry, changes, ids),
        ],
    )


def _former_names(entry: Entry, ids: Identifiers) -> Iterator[Resource]:
    """Yield a node for each name with years: a label of SKOS-XL, so that something can be said of it."""
    for node, name in _name_nodes(entry, ids):
        pairs = [(term("rdf:type"), _LABEL), (_LITERAL_FORM, zh(name)), *_validity(entry.dated[name])]
        yield resource(node, pairs)


def _name_nodes(entry: Entry, ids: Identifiers) -> list[tuple[str, str]]:
    return [(f"{ids.organisation(entry.id)}#name-{n}", name) for n, name in enumerate(entry.dated, start=1)]


def _validity(years: Years) -> Iterator[Pair]:
    for name, year in zip(("schema:validFrom", "schema:validThrough"), years, strict=True):
        if year is not None:
            yield term(name), typed(str(year), "gYear")


def _kind(kind: str) -> Iterator[Pair]:
    yield from ((term("rdf:type"), term(name)) for name in _CLASSES[kind])


def _names(official: str, others: Sequence[str]) -> Iterator[Pair]:
    yield term("skos:prefLabel"), zh(official)
    yield term("rdfs:label"), zh(official)
    yield from ((term("skos:altLabel"), zh(name)) for name in others if name != official)


def _position(kind: str, parent: str | None, parts: Sequence[tuple[str, str]], ids: Identifiers) -> Iterator[Pair]:
    if parent:
        upwards = "org:unitOf" if kind == "headquarters" else "org:subOrganizationOf"
        yield term(upwards), iri(ids.organisation(parent))
    for identity, part in parts:
        downwards = "org:hasUnit" if part == "headquarters" else "org:hasSubOrganization"
        yield term(downwards), iri(ids.organisation(identity))


def _place(level: str | None, division: str | None) -> Iterator[Pair]:
    if level:
        yield term("bud:governmentLevel"), iri(concept("level", level))
    if division:
        yield term("dcterms:spatial"), iri(concept("division", division))
