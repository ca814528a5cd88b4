"""What a layout profile says, as values: tables by their columns, rows by their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from budgetgraph.converter.layouts.header_words import HeaderWords


@dataclass(frozen=True, slots=True)
class RowRule:
    """What a row's code or label means. Exactly one of labels, pattern, code, code_in_label, scheme, unlabelled, time
    is set.

    labels         folded labels -> `dimensions`
    unlabelled     a row with amounts alone -> `dimensions`
    time           a row of a year or phase, said in words of headers (上年预算数) -> `dimensions`
    code           dimension whose notation stands in the code column
    code_in_label  dimension whose notation opens the label ("201 一般公共服务支出")
    scheme         concept scheme whose labels are looked up, for `dimension`; `level` asks for 类 (1), 款 (2), 项 (3),
                   `nested` for the class that the label names below the rows above it
    pattern        regular expression that a folded label matches whole -> `dimensions`
    section        id of the data set the row belongs to, when it is not that of its section
    structure      of that data set, where it is not the pane's; `kind` likewise its notation in the scheme table-kind
    below          source of revenue -> what the labels say where the row is a part of it; without `dimensions` they say
                   nothing elsewhere
    """

    name: str
    labels: frozenset[str] = frozenset()
    dimensions: Mapping[str, str] | None = None
    code: str | None = None
    code_in_label: str | None = None
    scheme: str | None = None
    dimension: str | None = None
    level: int | None = None
    nested: bool = False
    unlabelled: bool = False
    time: bool = False
    pattern: str | None = None
    section: str | None = None
    structure: str | None = None
    kind: str | None = None
    below: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column by its folded header paths. `dimensions` are what the column adds to its figures' keys.

    phase         notation of the scheme phase, where the column names one
    year          fiscal year that it names (2024年)
    years_before  how many years before the document's (上年: 1), where it names none
    widest        the total, where no other column of the pane is
    of_which      printed as 其中: a part of another column, which others need not make up with it
    part          the same, said by its words
    """

    role: str
    headers: frozenset[str]
    dimensions: Mapping[str, str]
    optional: bool = False
    phase: str | None = None
    year: int | None = None
    years_before: int = 0
    widest: bool = False
    of_which: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pane that opens with one of `headings` and makes a data set of its own.

    structure, kind  of the data set, where they are not the pane's
    """

    id: str | None
    headings: frozenset[str]
    rules: tuple[RowRule, ...]
    structure: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Pane:
    """Columns that are read together: one label (and code) column with its amount columns.

    words     vocabulary that the columns are read by, word by word, where no columns are listed
    under     first words of the paths, where a pane by words is told by them ("收入")
    beside    a pane by words of the same rows as the pane before, with further amounts
    repeat    a pane by words for all blocks of columns that follow
    dimensions  what all its figures are of where their columns say nothing more exact (purchases of services)
    unfilled_dashes  a dash marks a cell that the form does not ask to fill, not a zero
    plain       rows of procurement are kinds, not lines
    kind      notation in the scheme table-kind of its data set, where that is not the table's
    optional  a table without these columns is of the kind too
    """

    structure: str
    columns: tuple[ColumnSpec, ...]
    sections: tuple[Section, ...]
    kind: str | None = None
    optional: bool = False
    words: HeaderWords | None = None
    under: frozenset[str] = frozenset()
    beside: bool = False
    repeat: bool = False
    plain: bool = False
    unfilled_dashes: bool = False
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_dated_rows(self) -> bool:
        """Tell whether its rows may be of a year and phase (上年预算数), so that its columns need not say it."""
        return any(rule.time for section in self.sections for rule in section.rules)

    @property
    def has_natures(self) -> bool:
        """Tell whether its rows may be natures of expenditure with economic classes below them.

        A pane with columns of its own says in its rules which classes are below which nature.
        """
        rules = (rule for section in self.sections for rule in section.rules)
        named = any(rule.scheme and rule.dimension == "expenditureNature" for rule in rules)
        return self.words is not None and (bool(self.under) or named)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One kind of table in one family of layouts.

    titles   what its titles hold; "…" stands for any words
    without  words that its titles do not hold
    by_title the title has to be one of `titles`
    bare     its titles do not say whose money it is about; something else has to, see `bare_titles`
    apart    source of revenue or fund -> (what is printed beside it, what it is then), where it would hold both:
             事业收入 beside 财政专户管理资金 is without these
    """

    profile: str
    kind: str
    titles: tuple[str, ...]
    fund: str
    panes: tuple[Pane, ...]
    headerless: bool = False
    without: tuple[str, ...] = ()
    by_title: bool = False
    bare: bool = False
    apart: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A family of layouts. `expects` are the kinds a complete publication has."""

    id: str
    expects: tuple[str, ...]
    tables: tuple[TableSpec, ...]
