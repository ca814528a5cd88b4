"""One published document: where it comes from, whose it is, and all that it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from budgetgraph.converter.budget.cube import DataSet
from budgetgraph.converter.budget.performance import Objective
from budgetgraph.converter.budget.projects import Project
from budgetgraph.converter.budget.tables import PrintedTable
from budgetgraph.converter.budget.text import Claim, ContentsEntry, GlossaryEntry, Statement, TextGap, TextSection


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body as the registry knows it; `names` are the ways the document writes it, first the official one."""

    id: str
    kind: str  # "department" | "headquarters" | "unit"
    names: tuple[str, ...]
    parent: str | None = None
    level: str | None = None
    division: str | None = None
    registered: bool = True


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One of several files of a publication; `name` is what places in it call it (`Locator.part`)."""

    name: str
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes a budget was read from.

    files  of a publication of several files, in the order in which they are read; empty for a single file. The
           hash is then that of the files' hashes in that order, a line each.
    """

    name: str
    sha256: str
    media_type: str
    size: int
    files: tuple[SourceFile, ...] = ()

    @property
    def short_hash(self) -> str:
        """Return the first 16 hexadecimal digits of the hash: the identity of a document version."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class DepartmentBudget:
    """Everything a published document says about one department's budget of one year.

    unit_ids  identity of each unit that a table has figures or objectives of, by its name as printed there
    unconverted_kinds  notations of the kinds of table that stand in it, by their titles, and were not converted
    """

    source: Source
    title: str
    kind: str  # "budget" | "final_account"
    phase: str  # notation of the scheme phase
    fiscal_year: int
    department: Organisation
    units: tuple[Organisation, ...] = ()
    tables: tuple[PrintedTable, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    projects: tuple[Project, ...] = ()
    objectives: tuple[Objective, ...] = ()
    claims: tuple[Claim, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    duties: tuple[Statement, ...] = ()
    tasks: tuple[Statement, ...] = ()
    declared_units: int | None = None
    declared_projects: int | None = None
    sections: tuple[TextSection, ...] = ()
    contents: tuple[ContentsEntry, ...] = ()
    gaps: tuple[TextGap, ...] = ()
    unit_ids: Mapping[str, str] = field(default_factory=dict)
    unconverted_kinds: tuple[str, ...] = ()

    def body(self, data_set: DataSet) -> str:
        """Return the identity of the body whose figures a data set has: the department, or one of its units."""
        return self.unit_ids[data_set.unit] if data_set.unit else self.department.id
