"""The concepts a document uses, with all their broader ones, as the code lists describe them.

So the RDF of one publication can be read and validated without any other file. A printed code that the list of
its year does not have becomes a concept of the document, with the status `observed`.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import groupby

from budgetgraph.converter.budget import DepartmentBudget
from budgetgraph.converter.identifiers import SCHEMES, Identifiers, concept
from budgetgraph.converter.rdf.serialization import NamedGraph
from budgetgraph.converter.rdf.terms import Pair, Resource, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term
from budgetgraph.ontology import codelists
from budgetgraph.ontology.namespaces import CODE_BASE

_CODE = f"<{CODE_BASE}"


def used_concepts(graphs: Iterable[NamedGraph]) -> set[str]:
    """Return the IRIs of all concepts that occur as objects in the graphs, without the base of the codes.

    What a concept stands in (`skos:inScheme`), and the code of all years that it is a version of, are no concepts.
    """
    found: set[str] = set()
    others = {term("skos:inScheme"), term("dcterms:isVersionOf")}
    for graph in graphs:
        for each in graph.resources:
            found.update(v[len(_CODE) : -1] for p, v in each.pairs if v.startswith(_CODE) and p not in others)
        for rows in graph.rows:
            found.update(value[len(_CODE) : -1] for _, value in rows.constants if value.startswith(_CODE))
            for index, slot in enumerate(rows.slots, start=1):
                if slot.before.startswith(_CODE):
                    stem = slot.before[len(_CODE) :]
                    found.update(f"{stem}{row[index]}" for row in rows.values)
    return found


def code_graphs(graphs: Iterable[NamedGraph], ids: Identifiers) -> Iterator[NamedGraph]:
    """Yield one graph for each concept scheme that the graphs use, with the concepts they use.

    What is said of the scheme of all years stands in a graph of its own, so that no statement stands in two.
    """
    wanted: dict[tuple[str, int | None], set[str]] = {}
    of_all_years: dict[str, dict[str, set[Pair]]] = {}
    for path in used_concepts(graphs):
        scheme, _, notation = path.rpartition("/")
        name, _, year = scheme.rpartition("/") if codelists.is_yearly(scheme.partition("/")[0]) else (scheme, "", "")
        wanted.setdefault((name, int(year) if year else None), set()).add(notation)
    for (name, of_year), notations in sorted(wanted.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        known = codelists.scheme(name, of_year)
        listed = [notation for notation in notations if notation in known]
        described = codelists.statements(known, listed)
        resources = [
            Resource(subject, tuple((p, o) for _, p, o in group))
            for subject, group in groupby(described, key=lambda statement: statement[0])
        ]
        if of_year:
            shared = of_all_years.setdefault(name, {})
            for each in resources:
                if codelists.is_of_all_years(known, each.subject):
                    shared.setdefault(each.subject, set()).update(each.pairs)
            resources = [each for each in resources if each.subject not in shared]
        yield NamedGraph(ids.shared_graph(f"codes/{name}/{of_year}" if of_year else f"codes/{name}"), resources)
    for name, shared in of_all_years.items():
        resources = [Resource(subject, tuple(sorted(pairs))) for subject, pairs in sorted(shared.items())]
        yield NamedGraph(ids.shared_graph(f"codes/{name}"), resources)


def unlisted_concepts(budget: DepartmentBudget) -> Iterator[Resource]:
    """Yield the printed codes that the lists of the year do not have, with the label they are printed under.

    Each comes with the code of all years that it is a version of, as those of the lists do.
    """
    seen: set[tuple[str, str]] = set()
    figures = [figure for data_set in budget.data_sets for figure in data_set.figures]
    printed = {value for figure in figures for value in figure.dimensions.values()}
    for data_set in budget.data_sets:
        for figure in data_set.figures:
            beside = {"govEconomicClass": figure.government_class} if figure.government_class else {}
            for dimension, notation in {**figure.dimensions, **beside}.items():
                scheme = SCHEMES.get(dimension, "")
                if "{year}" not in scheme or (dimension, notation) in seen:
                    continue
                seen.add((dimension, notation))
                known = codelists.scheme(scheme.removesuffix("/{year}"), budget.fiscal_year)
                if notation not in known:
                    label = figure.label if figure.code in {None, notation} else ""
                    yield _observed(scheme, notation, label, budget.fiscal_year, known, printed)
                    yield _of_all_years(scheme, notation, budget.fiscal_year, known)


def _observed(
    scheme: str, notation: str, label: str, year: int, known: codelists.Scheme, printed: AbstractSet[str]
) -> Resource:
    """Return a concept below the nearest code that it begins with, listed or printed."""
    codes = (notation[:n] for n in (5, 3) if n < len(notation))
    above = next((code for code in codes if code in known or code in printed), "_T")
    pairs: list[Pair] = [
        (term("rdf:type"), term("skos:Concept")),
        (term("skos:notation"), string(notation)),
        (term("skos:prefLabel"), zh(label or notation)),
        (term("skos:inScheme"), iri(known.iri)),
        (term("skos:inScheme"), iri(known.umbrella)),
        (term("skos:broader"), iri(concept(scheme, above, year))),
        (term("dcterms:isVersionOf"), iri(f"{known.umbrella}/{notation}")),
        (term("bud:codeStatus"), string(codelists.OBSERVED)),
    ]
    return resource(concept(scheme, notation, year), pairs)


def _of_all_years(scheme: str, notation: str, year: int, known: codelists.Scheme) -> Resource:
    return resource(
        f"{known.umbrella}/{notation}",
        [
            (term("rdf:type"), term("skos:Collection")),
            (term("skos:notation"), string(notation)),
            (term("skos:member"), iri(concept(scheme, notation, year))),
        ],
    )
