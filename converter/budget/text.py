"""What the running text says: claims, headings, contents, what it leaves out, glossary, duties and tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.budget.places import Place
from budgetgraph.converter.budget.projects import FundingLine


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
