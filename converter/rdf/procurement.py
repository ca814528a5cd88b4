"""The lines of procurement tables as RDF. Their amounts are observations, see rdf/cube.py."""

from collections.abc import Iterator

from budgetgraph.converter.budget import TOTAL, DataSet, DepartmentBudget
from budgetgraph.converter.identifiers import SCHEMES, Identifiers, concept
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term


def procurement_lines(data_set: DataSet, budget: DepartmentBudget, ids: Identifiers) -> Iterator[Resource]:
    """Yield the lines of a data set of procurement, `_T` first; nothing for other data sets."""
    if data_set.structure != "procurement":
        return
    source = ids.table(data_set.table) if data_set.table else ids.document
    yield resource(
        ids.line(data_set.id, TOTAL),
        [
            (term("rdf:type"), term("bud:ProcurementLine")),
            (term("rdfs:label"), zh("合计")),
            (term("skos:notation"), string(TOTAL)),
            (term("prov:wasDerivedFrom"), iri(source)),
        ],
    )
    for line in data_set.lines:
        above, _, _ = line.number.rpartition(".")
        pairs: list[Pair | None] = [
            (term("rdf:type"), term("bud:ProcurementLine")),
            (term("rdfs:label"), zh(line.label)),
            (term("skos:notation"), string(line.number)),
            (term("bud:partOfProcurementLine"), iri(ids.line(data_set.id, above or TOTAL))),
            (term("bud:programmeText"), zh(line.programme)) if line.programme else None,
            (term("bud:economicText"), zh(line.economic)) if line.economic else None,
            (term("bud:economicClass"), iri(concept(SCHEMES["economicClass"], line.economic_class, budget.fiscal_year)))
            if line.economic_class
            else None,
            (term("bud:procurementForm"), iri(concept("procurement-form", line.form))) if line.form else None,
            (term("prov:wasDerivedFrom"), iri(place_iri(line.place, ids))),
        ]
        yield resource(ids.line(data_set.id, line.number), pairs)
