"""Project forms: what a project costs, consists of, and is paid from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgetgraph.converter.budget.cube import Figure
from budgetgraph.converter.budget.performance import Objective
from budgetgraph.converter.budget.places import Place


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
