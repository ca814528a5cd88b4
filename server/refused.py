"""Publications that a release does not hold, as RDF: held back, not converted, or withdrawn; and why.

They stand in a graph of their own, `{base}graph/refused`. Each is a `prov:Entity` with its name, the reason in words,
`dcterms:type` (a concept of the list `publication-state`) and `adms:status`. It is no `bud:DocumentVersion` and no
`dcat:Dataset`, so no question about the data counts it.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES
from budgetgraph.server.exceptions import NoReleaseError
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import current
from budgetgraph.shapes.rules import SHAPE_BASE

QUARANTINED, REFUSED, WITHDRAWN = "quarantined", "refused", "withdrawn"

#: State -> its value in the status vocabulary of ADMS, which DCAT names for the life cycle of a resource.
ADMS_STATUS: Mapping[str, str] = {
    QUARANTINED: "http://purl.org/adms/status/UnderDevelopment",
    REFUSED: "http://purl.org/adms/status/UnderDevelopment",
    WITHDRAWN: "http://purl.org/adms/status/Withdrawn",
}
_GONE = {"zh": "不再属于发布的来源。", "en": "No longer among the sources of the release."}


@dataclass(frozen=True, slots=True)
class Refused:
    """A publication that is not published.

    name      of its file or folder, without the folders above it
    reasons   language -> why, without anything of the document's text
    time      when that was found (ISO 8601)
    document  identity of the version (16 hexadecimal digits) where it was converted; `series` the IRI of its budget
    body, year, rules   IRI, year and the IDs of the rules it violates, where known
    """

    name: str
    state: str
    reasons: Mapping[str, str]
    time: str
    title: str | None = None
    document: str | None = None
    series: str | None = None
    body: str | None = None
    year: str | None = None
    rules: tuple[str, ...] = ()

    def iri(self, base: str) -> str:
        """Return what it is called: as the version of a document it would have been, else by its name."""
        if self.document:
            return f"{base}id/doc/{self.document}"
        return f"{base}id/refused/{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"


def refused_graph(refused: Iterable[Refused], base: str) -> bytes:
    """Return the graph of what is not published, as N-Quads."""
    graph = ox.NamedNode(f"{base}graph/refused")
    quads = [
        ox.Quad(ox.NamedNode(each.iri(base)), ox.NamedNode(predicate), value, graph)
        for each in refused
        for predicate, value in _statements(each)
    ]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def withdrawn(store: Path, base: str, series: Collection[str], time: str) -> list[Refused]:
    """Return what the live release of a store holds and a new one will not, and what was withdrawn before.

    series  IRIs of the budgets that the new release holds or refuses, in whatever version
    """
    try:
        live = current(store)
    except NoReleaseError:
        return []
    if live.metadata.base != base:
        return []
    solutions = ox.Store.read_only(str(live.quads_path)).query(read_query("list-withdrawable"))
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # a SELECT
    found = {}
    for row in solutions:
        texts = {name.value: node.value for name, node in zip(solutions.variables, row, strict=True) if node}
        if texts["series"] not in series:
            found[texts["document"]] = Refused(
                texts["name"],
                WITHDRAWN,
                _GONE,
                texts.get("since", time),
                texts["title"],
                texts["document"].rpartition("/")[2],
                texts["series"],
                texts.get("body"),
                texts["year"].rpartition("/")[2] if "year" in texts else None,
            )
    return list(found.values())


def _statements(refused: Refused) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    dcterms = PREFIXES["dcterms"]
    yield f"{PREFIXES['rdf']}type", ox.NamedNode(f"{PREFIXES['prov']}Entity")
    yield f"{dcterms}title", ox.Literal(refused.title, language="zh") if refused.title else ox.Literal(refused.name)
    yield f"{dcterms}identifier", ox.Literal(refused.name)
    for language, text in refused.reasons.items():
        yield f"{dcterms}description", ox.Literal(text, language=language)
    yield f"{dcterms}type", ox.NamedNode(f"{CODE_BASE}publication-state/{refused.state}")
    yield f"{PREFIXES['adms']}status", ox.NamedNode(ADMS_STATUS[refused.state])
    date_time = ox.NamedNode(f"{PREFIXES['xsd']}dateTime")
    yield f"{dcterms}modified", ox.Literal(refused.time, datatype=date_time)
    if refused.series:
        yield f"{PREFIXES['prov']}specializationOf", ox.NamedNode(refused.series)
    if refused.body:
        yield f"{dcterms}publisher", ox.NamedNode(refused.body)
    if refused.year:
        yield BUD.fiscalYear, ox.NamedNode(f"{CODE_BASE}fiscal-year/{refused.year}")
    for rule in refused.rules:
        yield f"{dcterms}relation", ox.NamedNode(f"{SHAPE_BASE}{rule}")
