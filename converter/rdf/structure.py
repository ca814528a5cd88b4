"""How the text is built -> RDF: headings, lines of the table of contents, and what a template left open."""

from budgetgraph.converter.budget import ContentsEntry, DepartmentBudget, TextGap, TextSection
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Resource, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term


def section_iri(order: int, ids: Identifiers) -> str:
    """Return the IRI of a section of this version's text."""
    return f"{ids.document}/section/{order}"


def structure_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return sections, contents entries and gaps of the data graph."""
    return [
        *(_section(each, ids) for each in budget.sections),
        *(_entry(each, ids) for each in budget.contents),
        *(_gap(each, ids) for each in budget.gaps),
    ]


def _section(section: TextSection, ids: Identifiers) -> Resource:
    kind = section.table_kind
    return resource(
        section_iri(section.order, ids),
        [
            (term("rdf:type"), term("bud:Section")),
            (term("bud:order"), integer(section.order)),
            (term("dcterms:title"), zh(section.title)),
            (term("rdfs:label"), zh(section.title)),
            (term("bud:sectionKind"), string(section.kind)),
            (term("bud:headingDepth"), integer(section.depth)),
            (term("bud:restatesTableKind"), iri(concept("table-kind", kind))) if kind else None,
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(section.place, ids))),
        ],
    )


def _entry(entry: ContentsEntry, ids: Identifiers) -> Resource:
    return resource(
        f"{ids.document}/contents/{entry.order}",
        [
            (term("rdf:type"), term("bud:ContentsEntry")),
            (term("bud:order"), integer(entry.order)),
            (term("dcterms:title"), zh(entry.title)),
            (term("rdfs:label"), zh(entry.title)),
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(entry.place, ids))),
        ],
    )


def _gap(gap: TextGap, ids: Identifiers) -> Resource:
    return resource(
        f"{ids.document}/gap/{gap.order}",
        [
            (term("rdf:type"), term("bud:TextGap")),
            (term("bud:order"), integer(gap.order)),
            (term("bud:gapKind"), string(gap.kind)),
            (term("bud:sourceText"), zh(gap.quote)),
            (term("bud:inSection"), iri(section_iri(gap.section, ids))) if gap.section else None,
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(gap.place, ids))),
        ],
    )
