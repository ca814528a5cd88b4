"""A department's budget -> its graphs, in a fixed order."""

from collections.abc import Mapping

from budgetgraph.converter.bodies.organisations import Registry
from budgetgraph.converter.budget import Claim, DataSet, DepartmentBudget, Restated
from budgetgraph.converter.identifiers import Identifiers
from budgetgraph.converter.rdf.catalogue import catalogue_resources, conversion_resources, software_resource
from budgetgraph.converter.rdf.claims import claim_resources, statement_resources, text_resources
from budgetgraph.converter.rdf.codes import code_graphs, unlisted_concepts
from budgetgraph.converter.rdf.cube import data_set_resource, gap_resources, observation_iris, observation_rows
from budgetgraph.converter.rdf.lines import table_lines
from budgetgraph.converter.rdf.organisations import organisation_resources, registry_resources
from budgetgraph.converter.rdf.performance import performance_resources
from budgetgraph.converter.rdf.projects import project_resources
from budgetgraph.converter.rdf.provenance import cell_rows, table_resources
from budgetgraph.converter.rdf.serialization import NamedGraph
from budgetgraph.converter.rdf.structure import structure_resources


def build_graphs(budget: DepartmentBudget, ids: Identifiers, registry: Registry) -> list[NamedGraph]:
    """Return the graphs of a document version: data, provenance, catalogue, organisations, codes used."""
    data = NamedGraph(ids.graph("data"))
    absences = {c.table_kind: ids.claim(c.order) for c in budget.claims if c.kind == "absence" and c.table_kind}
    data.resources += unlisted_concepts(budget)
    for data_set in budget.data_sets:
        absence = absences.get(data_set.table_kind or "") if data_set.declared_empty else None
        data.resources.append(data_set_resource(data_set, budget, ids, absence))
        data.resources += gap_resources(data_set, budget, ids)
        data.rows += observation_rows(data_set, budget, ids)
        data.resources += table_lines(data_set, budget, ids)
    data.resources += organisation_resources(budget, ids)
    data.resources += project_resources(budget, ids)
    data.resources += performance_resources(budget, ids)
    data.resources += claim_resources(budget, ids, ObservationFinder(budget, ids))
    data.resources += statement_resources(budget, ids)
    data.resources += structure_resources(budget, ids)

    prov = NamedGraph(ids.graph("prov"))
    prov.resources += conversion_resources(ids)
    prov.resources += table_resources(budget, ids)
    prov.rows += cell_rows(budget, ids)
    prov.resources += text_resources(budget, ids)

    catalogue = NamedGraph(ids.shared_graph("catalogue"), [*catalogue_resources(budget, ids), software_resource(ids)])
    organisations = NamedGraph(ids.shared_graph("orgs"), list(registry_resources(budget, ids, registry)))
    described = [data, prov, catalogue, organisations]
    return [*described, *code_graphs(described, ids)]


#: 本年收入 is the total of a table of revenue that prints nothing carried forward (收入决算表).
_OF_THE_YEAR = {"revenueSource": "current"}
_CARRIED = {"revenueSource": "carriedForward"}


class ObservationFinder:
    """Finds the figure that words restate, by structure, kind of table, year, phase and dimension values."""

    def __init__(self, budget: DepartmentBudget, ids: Identifiers) -> None:
        self._found: dict[tuple[str, str | None, int, str, frozenset[tuple[str, str]]], str] = {}
        self._year, self._phase = budget.fiscal_year, budget.phase
        self._data_sets = [data_set for data_set in budget.data_sets if data_set.unit is None]
        for data_set in self._data_sets:
            for figure, name in zip(data_set.figures, observation_iris(data_set, budget, ids), strict=True):
                values = dict(figure.dimensions)
                year = figure.year or data_set.year
                self._found.setdefault(self._key(data_set, values, year, data_set.phase), name)
                if data_set.fund != "_T":
                    with_fund = {"fund": data_set.fund, **values}
                    self._found.setdefault(self._key(data_set, with_fund, year, data_set.phase), name)

    def _key(
        self, kind: DataSet | Claim | Restated, dimensions: Mapping[str, str], year: int | None, phase: str | None
    ) -> tuple[str, str | None, int, str, frozenset[tuple[str, str]]]:
        values = frozenset((name, value) for name, value in dimensions.items() if value != "_T")
        return (kind.structure or "", kind.table_kind, year or self._year, phase or self._phase, values)

    def observation(self, restated: Restated | Claim, year: int | None, phase: str | None) -> str | None:
        """Return the IRI of the observation, or None when the words name none that is printed."""
        if restated.structure is None or restated.dimensions is None:
            return None
        found = self._found.get(self._key(restated, restated.dimensions, year, phase))
        if found is None and restated.table_kind == "revenue" and dict(restated.dimensions) == _OF_THE_YEAR:
            carried = self._found.get(self._key(restated, _CARRIED, year, phase))
            found = None if carried else self._found.get(self._key(restated, {}, year, phase))
        return found

    def data_set(self, restated: Restated | Claim) -> DataSet | None:
        """Return a data set of the kind of table named: one whose figures have the dimensions named, else the first.

        One of the document's own year and phase comes before others of the same table.
        """
        named = set(restated.dimensions or ()) - {"fund"}
        fitting = [
            d for d in self._data_sets if (d.structure, d.table_kind) == (restated.structure, restated.table_kind)
        ]
        fitting.sort(key=lambda d: (d.year or self._year, d.phase or self._phase) != (self._year, self._phase))
        return next(
            (d for d in fitting if any(named <= set(figure.dimensions) for figure in d.figures)),
            fitting[0] if fitting else None,
        )
