"""Every IRI is minted here. ASCII only; all resources stand under `{base}id/`, all graphs under `{base}graph/`.

Concepts belong to the vocabulary, not to a publisher: their IRIs do not move with the base.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from budgetgraph.ontology.namespaces import CODE_BASE

DEFAULT_BASE = "https://w3id.org/budgetgraph/"

#: Concept scheme behind each dimension; "{year}" marks the lists that change from year to year.
SCHEMES = {
    "functionalClass": "functional/{year}",
    "economicClass": "dept-economic/{year}",
    "govEconomicClass": "gov-economic/{year}",
    "expenditureNature": "expenditure-nature",
    "fund": "fund",
    "threePublic": "three-public",
    "revenueSource": "revenue-source",
    "staffKind": "staff-kind",
    "staffBasis": "staff-basis",
    "assetKind": "asset-kind",
    "activityKind": "activity",
    "supplierKind": "supplier-kind",
    "bodyKind": "body-kind",
    "balanceItem": "balance-item",
    "transferKind": "transfer-kind",
    "procurementKind": "procurement-kind",
    "fiscalYear": "fiscal-year",
    "budgetPhase": "phase",
}


def concept(scheme: str, notation: str, year: int | None = None) -> str:
    """Return the IRI of a concept, e.g. concept("functional/{year}", "2013101", 2021)."""
    return f"{CODE_BASE}{scheme.format(year=year)}/{notation}"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Mints the IRIs of one document version.

    base   ends in "/" or "#"
    org    registry identity of the department
    version   first 16 hexadecimal digits of the source's SHA-256
    files     names of the files of a version of several, in order
    """

    base: str
    org: str
    year: int
    phase: str
    version: str
    files: tuple[str, ...] = ()

    def organisation(self, identity: str) -> str:
        """Return the IRI of a body by its registry identity."""
        return f"{self.base}id/org/{identity}"

    @property
    def series(self) -> str:
        """Return the IRI of the budget that all versions of the document state."""
        return f"{self.base}id/budget/{self.org}/{self.year}/{self.phase}"

    @property
    def document(self) -> str:
        """Return the IRI of the document version."""
        return f"{self.base}id/doc/{self.version}"

    def graph(self, part: str) -> str:
        """Return the name of one of the version's graphs: "data", "prov" or "report"."""
        return f"{self.base}graph/doc/{self.version}/{part}"

    def shared_graph(self, name: str) -> str:
        """Return the name of a graph that documents share: "orgs", "catalogue", "codes/functional/2021"."""
        return f"{self.base}graph/{name}"

    def data_set(self, identity: str) -> str:
        """Return the IRI of a data set; the same for all versions of the document."""
        return f"{self.series}/{identity}"

    def table(self, identity: str) -> str:
        """Return the IRI of a printed table of this version."""
        return f"{self.document}/{identity}"

    def cell(self, table: str, row: int, column: int) -> str:
        """Return the IRI of a printed cell; row and column from 1."""
        return f"{self.document}/{table}/r{row}c{column}"

    def file(self, part: str | None) -> str:
        """Return the IRI of a file of this version; the version's own where it is a single file."""
        if not self.files or part is None:
            return self.document
        return f"{self.document}/file/{self.files.index(part) + 1}"

    def text(self, start: int, end: int, part: str | None = None) -> str:
        """Return the IRI of a run of characters of the source, of its file `part` where it has several."""
        return f"{self.file(part)}/text/{start}-{end}"

    def line(self, data_set: str, number: str) -> str:
        """Return the IRI of a line of a procurement table; `_T` is all lines."""
        return f"{self.data_set(data_set)}/line/{number}"

    def project(self, order: int) -> str:
        """Return the IRI of the project with this position in the document."""
        return f"{self.series}/project/{order}"

    def item(self, project: int, number: str) -> str:
        """Return the IRI of a project's item; `_T` is all of the project."""
        return f"{self.project(project)}/item/{number}"

    def objective(self, identity: str) -> str:
        """Return the IRI of a performance objective ("long-1", "annual-2", "project-1")."""
        return f"{self.series}/objective/{identity}"

    def indicator(self, objective: str, order: int) -> str:
        """Return the IRI of an indicator by its position in its objective."""
        return f"{self.objective(objective)}/indicator/{order}"

    def claim(self, order: int) -> str:
        """Return the IRI of a claim of this version's text."""
        return f"{self.document}/claim/{order}"


def check_base(base: str) -> str:
    """Return `base` as given if it can carry the identifiers.

    Raises ValueError when it is no absolute http(s) IRI in ASCII that ends in "/".
    """
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not base.endswith("/") or not base.isascii():
        raise ValueError(f"{base!r} is no base: give an absolute http or https address that ends in '/'")
    if any(c in base for c in '<>"{}|\\^` ') or parts.query or parts.fragment:
        raise ValueError(f"{base!r} is no base: leave out query, fragment and characters an IRI may not have")
    return base
