"""Figures and their keys: data structures, data sets, observations, their lines, and what is not converted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgetgraph.converter.budget.places import Place

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
    "procurement-by-supplier": ("supplierKind", "procurementKind", "procurementLine"),
    "operating-cost-by-body": ("bodyKind",),
    "project-expenditure": ("projectLine", "functionalClass", "revenueSource"),
    "project-balance": ("projectLine", "functionalClass", "balanceItem"),
    "transfer": ("projectLine", "functionalClass", "transferKind"),
}

#: Structures whose figures are counts: whole numbers without a unit of money.
COUNTS = frozenset(("staff", "asset-quantity", "activity-quantity"))

#: Structures without a total over a dimension, which each of their figures has to name.
NEEDED: Mapping[str, str] = {
    "staff": "staffBasis",
    "activity-quantity": "activityKind",
    "procurement-by-supplier": "supplierKind",
    "operating-cost-by-body": "bodyKind",
    "project-balance": "balanceItem",
}

#: Structures whose figures are of a day.
STOCKS = frozenset(("staff", "asset-quantity", "asset-value"))

#: Structures whose figures are of lines, and the dimension that numbers these.
LINES: Mapping[str, str] = {
    "procurement": "procurementLine",
    "procurement-by-supplier": "procurementLine",
    "project-expenditure": "projectLine",
    "project-balance": "projectLine",
    "transfer": "projectLine",
}


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
    recipient      the place that its transfers go to, as printed over their column
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
    recipient: str | None = None
    lines: tuple[TableLine, ...] = ()
    unconverted: int = 0
    gaps: tuple[TableGap, ...] = ()
