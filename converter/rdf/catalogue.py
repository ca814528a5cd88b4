"""What the document is: the budget as a series, this version of it, and the conversion that read it."""

from collections.abc import Iterator
from importlib.metadata import version

from budgetgraph.converter.budget import DepartmentBudget
from budgetgraph.converter.identifiers import Identifiers, concept
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.profiles import profile_hash
from budgetgraph.converter.rdf.terms import Pair, Resource, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term

SOFTWARE = "budgetgraph"


def catalogue_resources(budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    """Yield the series, the version and its files where it has several: who, which year, which bytes."""
    subject_pairs: list[Pair] = [
        (term("bud:reportingUnit"), iri(ids.organisation(budget.department.id))),
        (term("bud:fiscalYear"), iri(concept("fiscal-year", str(budget.fiscal_year)))),
        (term("bud:budgetPhase"), iri(concept("phase", budget.phase))),
        (term("dcterms:publisher"), iri(ids.organisation(budget.department.id))),
        (term("dcterms:language"), "<http://publications.europa.eu/resource/authority/language/ZHO>"),
    ]
    yield resource(
        ids.series,
        [
            (term("rdf:type"), term("bud:BudgetDocument")),
            (term("rdf:type"), term("dcat:DatasetSeries")),
            (term("dcterms:title"), zh(budget.title)),
            (term("rdfs:label"), zh(budget.title)),
            *subject_pairs,
        ],
    )
    optional: list[Pair | None] = [
        (term("bud:declaredSubordinateUnits"), integer(budget.declared_units))
        if budget.declared_units is not None
        else None,
        (term("bud:declaredProjectCount"), integer(budget.declared_projects))
        if budget.declared_projects is not None
        else None,
    ]
    yield resource(
        ids.document,
        [
            (term("rdf:type"), term("bud:DocumentVersion")),
            (term("rdf:type"), term("prov:Entity")),
            (term("rdf:type"), term("dcat:Dataset")),
            (term("dcterms:title"), zh(budget.title)),
            (term("rdfs:label"), zh(budget.title)),
            (term("dcterms:isVersionOf"), iri(ids.series)),
            (term("dcat:inSeries"), iri(ids.series)),
            (term("dcterms:identifier"), string(budget.source.short_hash)),
            (term("bud:sha256"), string(budget.source.sha256)),
            (term("dcterms:format"), string(budget.source.media_type)),
            (term("bud:documentKind"), string(budget.kind)),
            *subject_pairs,
            *optional,
            *(
                (term("bud:unconvertedTableKind"), iri(concept("table-kind", kind)))
                for kind in budget.unconverted_kinds
            ),
            *((term("dcterms:hasPart"), iri(ids.data_set(d.id))) for d in budget.data_sets),
            (term("rdf:type"), term("prov:Collection")) if budget.source.files else None,
            *((term("prov:hadMember"), iri(ids.file(file.name))) for file in budget.source.files),
        ],
    )
    for order, file in enumerate(budget.source.files, start=1):
        yield resource(
            ids.file(file.name),
            [
                (term("rdf:type"), term("bud:SourceFile")),
                (term("rdf:type"), term("prov:Entity")),
                (term("rdfs:label"), string(redact(file.name)[0])),
                (term("bud:order"), integer(order)),
                (term("bud:sha256"), string(file.sha256)),
                (term("dcterms:format"), string(file.media_type)),
                (term("dcterms:isPartOf"), iri(ids.document)),
            ],
        )


def conversion_resources(ids: Identifiers) -> Iterator[Resource]:
    """Yield the activity and the graphs that it made. It has no time: the same input gives the same bytes."""
    yield resource(
        f"{ids.document}/conversion",
        [
            (term("rdf:type"), term("prov:Activity")),
            (term("prov:used"), iri(ids.document)),
            (term("prov:generated"), iri(ids.graph("data"))),
            (term("prov:generated"), iri(ids.graph("prov"))),
            (term("prov:wasAssociatedWith"), iri(_software(ids))),
            (term("bud:profileHash"), string(profile_hash())),
        ],
    )
    for name in ("data", "prov"):
        yield resource(
            ids.graph(name),
            [
                (term("rdf:type"), term("prov:Entity")),
                (term("prov:wasGeneratedBy"), iri(f"{ids.document}/conversion")),
                (term("prov:wasDerivedFrom"), iri(ids.document)),
            ],
        )


def software_resource(ids: Identifiers) -> Resource:
    """Return the software, which the graphs of all documents share."""
    release = version(SOFTWARE)
    return resource(
        _software(ids),
        [
            (term("rdf:type"), term("prov:SoftwareAgent")),
            (term("rdfs:label"), string(f"{SOFTWARE} {release}")),
            (term("bud:softwareVersion"), string(release)),
        ],
    )


def _software(ids: Identifiers) -> str:
    return f"{ids.base}id/converter/{version(SOFTWARE)}"
