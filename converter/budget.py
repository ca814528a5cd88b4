"""The budget of one department as typed values: what a published document says, free of layout and of RDF.

Money is `Decimal` in 元 everywhere; the text as printed and its place stay with every value. Dimension
values are notations of the concept schemes in `ontology/codelists` ("2013101", "basic", "_T").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgetgraph.converter.blocks import Locator

TOTAL = "_T"  #: notation of the total over a dimension
NOT_APPLICABLE = "_Z"  #: notation of a dimension that does not apply

#: Dimensions of each data structure, in the order in which they make the key of an observation.
#: Unit, fiscal year and phase come before these on every observation.
STRUCTURES: Mapping[str, tuple[str, ...]] = {
    "expenditure": ("functionalClass", "expenditureNature", "economicClass", "threePublic", "fund"),
    "expenditure-by-government-class": (
        "functionalClass",
        "expenditureNature",
        "economicClass",
        "govEconomicClass",
        "fund",
    ),
    "revenue": ("revenueSource", "functionalClass"),
    "project-item": ("project", "projectItem"),
    "staff": ("staffKind", "staffBasis"),
    "asset-value": ("assetKind",),
    "asset-quantity": ("assetKind",),
    "activity-quantity": ("activityKind",),
    "procurement": ("procurementKind", "procurementLine"),
    "procurement-by-supplier": ("supplierKind",),
    "project-expenditure": ("projectLine", "functionalClass", "revenueSource"),
}

#: Structures whose figures are counts: whole numbers without a unit of money.
COUNTS = frozenset(("staff", "asset-quantity", "activity-quantity"))

#: Structures without a total over a dimension, which each of their figures has to name.
NEEDED: Mapping[str, str] = {
    "staff": "staffBasis",
    "activity-quantity": "activityKind",
    "procurement-by-supplier": "supplierKind",
}

#: Structures whose figures are of a day.
STOCKS = frozenset(("staff", "asset-quantity", "asset-value"))

#: Structures whose figures are of lines, and the dimension that numbers these.
LINES: Mapping[str, str] = {"procurement": "procurementLine", "project-expenditure": "projectLine"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is printed: its place in the source and, in a table, the row and column (from 1)."""

    locator: Locator
    table: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation: a value for a combination of dimension values.

    dimensions  dimension name -> notation; a dimension left out is the total `_T`
    value       元 for amounts, a count for heads and things
    text        the cell as printed ("841.5700", "0", "-")
    label       what the row is called where it is printed
    year        fiscal year, where it is not the document's
    code        the code as printed, where the row has one
    unit        what is counted, as printed (台, 套, 辆), where figures of a data set differ in it
    government_class  notation of the class of governments beside the row's own, where that is no dimension
    """

    dimensions: Mapping[str, str]
    value: Decimal
    text: str
    label: str
    place: Place
    year: int | None = None
    code: str | None = None
    unit: str | None = None
    government_class: str | None = None


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table of procurement (below the kind) or of projects: a programme, a thing bought, a project.

    number          "1.3": unique in the table; the line above it is "1"
    label           the thing bought or project, else the programme, economic class, function or unit
    programme, economic, catalogue, category, unit   as printed, in the line itself or above it
    economic_class  code, where the name is that of one code only
    form            notation of the scheme procurement-form
    """

    number: str
    label: str
    place: Place
    programme: str | None = None
    economic: str | None = None
    economic_class: str | None = None
    form: str | None = None
    catalogue: str | None = None
    category: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class TableGap:
    """A column of a table that lacks rows, or a row that lacks columns, because amounts are not converted.

    at      dimension name -> notation, as far as they are known; None for what a figure without it has
    along   the dimensions over which the amounts there do not add up; () where neither row nor column is known
    """

    at: tuple[tuple[str, str | None], ...]
    along: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataSet:
    """Figures of one grain, year and phase that are printed together: a panel of a table, or a statement of the text.

    id             "t2", "t1-functional", "staff"; unique in the document
    structure      a key of STRUCTURES
    multiplier     power of ten from the printed unit to 元 (0 元, 4 万元); 0 for counts
    step           smallest printed step in 元 (0.01 万元 = 100)
    canonical      the one expenditure (or revenue) data set whose leaves add up to the document's total
    declared_empty the source prints the table without a figure
    reference_date the day a stock was counted (截至2020年12月31日), where one is printed
    year, phase    where they are not the document's (a column 上年执行数 beside this year's budget)
    unit           the subordinate unit whose figures they are, as printed; `part_of` is then the department's data set
    lines          of a structure of LINES: the lines that the figures' keys number
    unconverted    amounts of its table that are not converted
    gaps           the rows and columns that lack these amounts, whose sums cannot be checked
    """

    id: str
    structure: str
    title: str
    figures: tuple[Figure, ...]
    table: str | None = None
    table_number: str | None = None
    table_kind: str | None = None
    multiplier: int = 0
    step: Decimal = Decimal(1)
    fund: str = TOTAL
    canonical: bool = False
    declared_empty: bool = False
    reference_date: date | None = None
    year: int | None = None
    phase: str | None = None
    unit: str | None = None
    part_of: str | None = None
    lines: tuple[TableLine, ...] = ()
    unconverted: int = 0
    gaps: tuple[TableGap, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a printed table: row and column from 1. `role` is what the cell is for the reader.

    role  "header" | "column-number" | "line-number" (行次) | "code" | "label" | "unit-code" | "unit" | "amount" |
          "derived" (增减%) | "value" | "text" | "note" | "withheld"
    A withheld cell has lost its text.
    confidence  how sure the reader is of text and column, from 0 to 1; below 1 where the text is recognised in a
                picture or the column inferred
    """

    text: str
    row: int
    column: int
    role: str
    locator: Locator
    rowspan: int = 1
    colspan: int = 1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table or form as it stands in the document, page turns healed: what `tables` prints again.

    id      "t1" ... for official tables, "form-1" ... for performance forms
    kind    notation in the scheme table-kind ("general-expenditure"), or "form"
    official  one of the statutory budget tables (forms and contact lists are not)
    empty_note  the note below it that says it is empty, as printed
    """

    id: str
    number: str | None
    title: str
    kind: str
    unit: str | None
    profile: str
    columns: int
    rows: int
    cells: tuple[PrintedCell, ...]
    locator: Locator
    official: bool = True
    notes: tuple[str, ...] = ()
    empty_note: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The value an indicator shall reach, or was in an earlier year.

    kind        "quantitative" | "qualitative" | "completeness" (全年, 长期: over the whole period) | "dated"
    text        as printed ("≤1 小时")
    comparator  "le" | "ge" | "lt" | "gt" | "eq" | "between"; None for text
    implied     the comparator is not printed ("1次" is eq)
    value, upper_value   the printed number(s)
    unit        unit as printed ("小时"); "" when none is printed
    minimum, maximum     bounds in `normalised_unit`, both inclusive unless the comparator is strict
    normalised_unit      notation of the base unit: "SEC", "UNITLESS" (shares: 98% is 0.98), "YUAN", or the printed unit
    subject     what the number is of, where the cell says so ("慰问人数")
    start, end  of a date or period, as precise as printed, in a lexical form of XML Schema ("2023-12", "--06-30")
    column      header of the column, where a table has several columns of values
    period      notation of the scheme target-period, where the column says so
    year        of an earlier value, where the column says so
    """

    kind: str
    text: str
    place: Place
    comparator: str | None = None
    implied: bool = False
    value: Decimal | None = None
    upper_value: Decimal | None = None
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    normalised_unit: str | None = None
    subject: str = ""
    start: str | None = None
    end: str | None = None
    column: str = ""
    period: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a performance form. `level1` and `level2` are notations of the scheme indicator.

    targets     those of the column of values, and of further ones; several where one cell states several
    earlier     values of earlier years; no targets
    graded      values of the grades 优, 良, 中, 差, which their columns name; no targets. A form may print these alone
    weight      points or weight, the number as printed; those of the levels likewise
    nature      what the form says it is: 定量, 定性, 正向, 反向
    remarks     texts of further columns of notes, "评分标准：…"
    """

    order: int
    label: str
    level1: str
    level2: str | None
    level1_label: str
    level2_label: str
    targets: tuple[Target, ...]
    place: Place
    standard: str | None = None  # 绩效标准 or 备注, as printed
    shifted: bool = False  # the row did not stand under its header and was read by vocabulary
    earlier: tuple[Target, ...] = ()
    graded: tuple[Target, ...] = ()
    weight: Decimal | None = None
    weight_text: str | None = None
    level1_weight: Decimal | None = None
    level2_weight: Decimal | None = None
    nature: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """Return the first target. Raises IndexError where the form prints values of grades alone."""
        return self.targets[0]

    @property
    def further(self) -> tuple[Target, ...]:
        """Return the targets beside the first."""
        return self.targets[1:]


@dataclass(frozen=True, slots=True)
class Objective:
    """A performance objective with its indicators. scope "department" | "project"; horizon "long" | "annual".

    unit  the subordinate unit whose objective it is, as printed
    """

    id: str
    scope: str
    horizon: str
    order: int
    label: str
    place: Place
    indicators: tuple[Indicator, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectItem:
    """A line of a project's detailed budget; `parent` is the number of the group it belongs to.

    number  position in the project, "1", "8.2"; unique in the project
    amount  元; None for a group that prints no amount of its own
    """

    number: str
    label: str
    amount: Decimal | None
    text: str | None
    place: Place
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class FundingLine:
    """Where the money of a project or task comes from. `parent` is the order of the line it is part of (其中)."""

    order: int
    label: str
    amount: Decimal
    text: str
    place: Place
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project form. Amounts in 元. `statements` are the form's running texts by their printed heads."""

    order: int
    label: str
    place: Place
    kind: str | None = None  # notation of the scheme project-kind
    nature: str | None = None  # notation of the scheme project-nature
    category: str | None = None  # notation of the scheme project-category
    start: date | None = None
    end: date | None = None
    code: str | None = None
    department_label: str | None = None
    executing_unit: str | None = None
    total_budget: Decimal | None = None
    total_budget_text: str | None = None
    total_budget_place: Place | None = None
    current_budget: Decimal | None = None
    current_budget_text: str | None = None
    current_budget_place: Place | None = None
    statements: Mapping[str, str] = field(default_factory=dict)
    items: tuple[ProjectItem, ...] = ()
    items_total: Figure | None = None  # the printed 合计 of the items
    earlier_years: tuple[Figure, ...] = ()
    funding: tuple[FundingLine, ...] = ()
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Restated:
    """What words name: a topic as printed, and the key of the figure it means, where the words say so.

    structure, table_kind, dimensions   None together where the words name no known figure
    """

    topic: str
    structure: str | None = None
    table_kind: str | None = None
    dimensions: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure, change, share, list, calculation or absence stated in running text.

    kind        "level" | "change" | "share" | "completion" | "list" | "arithmetic" | "absence"; a completion is what
                share of a budget was spent (完成年初预算的90%)
    quote       the words that state it, as printed; `place.locator` has their offsets
    topic       what it is about, as printed ("基本支出")
    structure, table_kind, dimensions   key of the figure it restates, where the words say so
    amount      元 stated; for a change the size of the change, never negative
    percent     as printed (Decimal("55") for 55%); of a change below nought where its word says the other direction
    direction   "increase" | "decrease" | "unchanged" for changes
    year, base_year   fiscal year it is about, and the year it is compared with
    phase       notation of the scheme phase, where the words name one (预算执行数: "executed")
    factors, computed   of a calculation: the factors printed, and their product in 元
    items       of a list: the things listed
    project     order of the project form it stands in
    whole       of a share: what it is a part of
    base_phase  phase of the figure it is compared with, where the words name one (比上年预算执行数: "executed")
    of_level    order of the level claim whose amount changed, is a part, or completed something
    against_level  order of the level claim it is measured against: the earlier year's, the whole, the budget
    section     order of the section of the text it stands in
    table       id of the table that it stands under as a note
    confidence  how sure the least sure of its lines is, from 0 to 1; below 1 where they are recognised in a picture
    """

    order: int
    kind: str
    quote: str
    topic: str
    place: Place
    structure: str | None = None
    table_kind: str | None = None
    dimensions: Mapping[str, str] | None = None
    amount: Decimal | None = None
    amount_text: str | None = None
    percent: Decimal | None = None
    direction: str | None = None
    year: int | None = None
    base_year: int | None = None
    phase: str | None = None
    factors: tuple[Decimal, ...] = ()
    computed: Decimal | None = None
    items: tuple[str, ...] = ()
    project: int | None = None
    whole: Restated | None = None
    base_phase: str | None = None
    of_level: int | None = None
    against_level: int | None = None
    section: int | None = None
    table: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TextSection:
    """A heading of the running text.

    kind   what can be read from it: "duties", "units", "staff", "tasks", "statement", "assets", "procurement",
           "glossary", "projects", "overview", "tables", "forms", "contents", "other"
    depth  how deep its number stands: 1 第一部分, 2 一、, 3 （一）, 4 1., 5 （1）; 0 without number
    table_kind  kind of table that its sentences restate, where the heading says so
    """

    order: int
    kind: str
    title: str
    depth: int
    place: Place
    table_kind: str | None = None


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents, without leaders and page number."""

    order: int
    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class TextGap:
    """Something the text leaves out.

    kind     "placeholder" (XX万元) | "missing-figure" (支出万元) | "missing-reason" (主要原因是。)
    quote    the words around it, as printed
    section  order of the section it stands in
    """

    order: int
    kind: str
    quote: str
    place: Place
    section: int | None = None


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term explained at the end. `scheme` and `notations` name the concepts it is about, where known."""

    order: int
    number: str
    term: str
    definition: str
    place: Place
    scheme: str | None = None
    notations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A numbered duty or task, as printed.

    content  of a task in a table: what it consists of
    funding  of a task in a table: its money, by source
    """

    order: int
    number: str
    text: str
    place: Place
    content: str = ""
    funding: tuple[FundingLine, ...] = ()


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
