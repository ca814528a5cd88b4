"""All forms of a document -> typed model."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.blocks import Block
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.budget import (
    Claim,
    DataSet,
    Figure,
    Objective,
    PrintedTable,
    Project,
    Statement,
)
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.contacts import read_contacts
from budgetgraph.converter.forms.fields import Fields, read_fields, take_text
from budgetgraph.converter.forms.finding import RawForm, find_forms
from budgetgraph.converter.forms.money import data_sets, head_multiplier, head_unit, read_money
from budgetgraph.converter.forms.objectives import announced_claims, read_objectives
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.overview import read_overview
from budgetgraph.converter.forms.project_list import read_project_list
from budgetgraph.converter.forms.projects import STATEMENT_ROLES, read_project
from budgetgraph.converter.forms.rows import Row, stitch
from budgetgraph.converter.forms.sections import Section, sections
from budgetgraph.converter.forms.statements import read_statements
from budgetgraph.converter.forms.tasks import read_tasks
from budgetgraph.converter.forms.vocabulary import Vocabulary, vocabulary
from budgetgraph.converter.privacy import headed_names, redact
from budgetgraph.converter.problems import Problem

PROFILE = "performance"


@dataclass(frozen=True, slots=True)
class Forms:
    """What the forms of a document say.

    objectives      of the department; those of a project stand in the project
    used            the blocks that forms are made of, with all their text: not for output
    department_names  ways in which the forms write the department's name
    withheld_texts  names and numbers of people, so that a caller can assert that no output has them; never written
    """

    objectives: tuple[Objective, ...] = ()
    projects: tuple[Project, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    duties: tuple[Statement, ...] = ()
    tasks: tuple[Statement, ...] = ()
    claims: tuple[Claim, ...] = ()
    tables: tuple[PrintedTable, ...] = ()
    problems: tuple[Problem, ...] = ()
    used: tuple[Block, ...] = field(default=(), repr=False)
    department_names: tuple[str, ...] = ()
    withheld_texts: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(slots=True)
class _Collected:
    """Everything read so far."""

    objectives: list[Objective] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    overview: list[DataSet] = field(default_factory=list)
    items: list[tuple[int, Figure]] = field(default_factory=list)
    duties: list[Statement] = field(default_factory=list)
    tasks: list[Statement] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    tables: list[PrintedTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    used: list[Block] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)


def read_forms(blocks: Sequence[Block], year: int, ledger: Ledger, taken: Collection[int] = ()) -> Forms:
    """Return what the performance forms, project forms and contact lists among the blocks say.

    `year` is the document's fiscal year; `taken` are the ids of grids that are tables, whose captions and units are
    theirs. Every cell with text of the forms' grids is booked in the ledger; blocks
    that are no form are left alone.
    """
    words = vocabulary()
    collected = _Collected()
    for raw in find_forms(blocks, words, taken):
        _read_form(raw, year, ledger, words, collected)
    sets = collected.overview + data_sets("items", "项目支出明细", "project-item", collected.items)
    return Forms(
        objectives=tuple(collected.objectives),
        projects=tuple(collected.projects),
        data_sets=tuple(sets),
        duties=tuple(collected.duties),
        tasks=tuple(collected.tasks),
        claims=tuple(replace(claim, order=order) for order, claim in enumerate(collected.claims, start=1)),
        tables=tuple(collected.tables),
        problems=tuple(collected.problems),
        used=tuple(collected.used),
        department_names=tuple(dict.fromkeys(collected.names)),
        withheld_texts=frozenset(collected.withheld),
    )


def of_department(forms: Forms, own: frozenset[str]) -> Forms:
    """Return the forms with what names the department itself as the department's; `own` are its folded names."""
    objectives = (replace(o, unit=None) if o.unit and fold_name(o.unit) in own else o for o in forms.objectives)
    return replace(forms, objectives=tuple(objectives))


def _read_form(raw: RawForm, year: int, ledger: Ledger, words: Vocabulary, collected: _Collected) -> None:
    forms = [table for table in collected.tables if table.id.startswith("form-")]
    lists = len(collected.tables) - len(forms)
    identity = f"form-{len(forms) + 1}" if raw.kind != "contacts" else f"contacts{f'-{lists + 1}' if lists else ''}"
    booking = Booking(identity, ledger)
    printed = stitch(raw.pieces, words)
    rows = _without_names(printed, booking)
    if raw.kind == "contacts":
        collected.names += read_contacts(rows, words, booking)
    elif raw.kind == "project-list":
        projects, objectives = read_project_list(rows, len(collected.projects) + 1, words, booking)
        collected.projects += projects
        collected.objectives += objectives
    else:
        found = sections(rows, words)
        _simple_sections(found, booking)
        fields = read_fields((s for s in found if s.role == "fields"), words, booking)
        if raw.kind == "department":
            _department(raw, found, fields, year, words, booking, collected)
        else:
            _project(raw, found, fields, year, words, booking, collected)
        for name in fields.all("department-name"):
            collected.names.append(label(take_text(name, "organisation name", booking)))
        for rest in fields.all("duties", "tasks", "objective", "department-budget", *STATEMENT_ROLES):
            if rest.value is not None and not booking.is_booked(rest.value):
                booking.not_understood((rest.value,), f"{rest.head.text.strip()!r} is not read in a form of this kind")
    collected.tables.append(_table(raw, identity, printed, words, booking))
    collected.problems += booking.problems
    collected.used += raw.used
    collected.withheld |= booking.withheld


def _without_names(rows: Sequence[Row], booking: Booking) -> list[Row]:
    """Withhold the cells that hold names behind a head of their own, and return the rows of the others."""
    kept = []
    for row in rows:
        named = {cell: names for cell in row.cells if (names := headed_names(cell.text))}
        for cell, names in named.items():
            booking.withhold(cell, "person_name", names)
        if cells := tuple(cell for cell in row.cells if cell not in named):
            kept.append(replace(row, cells=cells))
    return kept


def _simple_sections(found: Sequence[Section], booking: Booking) -> None:
    """Book titles, notes and rows that no section takes."""
    for section in found:
        for row in section.rows:
            for cell in row:
                if section.role == "title":
                    booking.explain(cell, Reason.NOTE, "header")
                elif section.role == "note":
                    booking.explain(cell, Reason.NOTE, "note")
            if section.role == "unknown":
                booking.not_understood(row, "a row whose head is not known")


def _department(
    raw: RawForm, found: Sequence[Section], fields: Fields, year: int, words: Vocabulary, booking: Booking,
    collected: _Collected,
) -> None:  # fmt: skip
    for section in found:
        if section.role == "overview":
            overview = read_overview(section, year, raw.unit[1] if raw.unit else None, words, booking)
            for side, figures in (("revenue", overview.revenue), ("expenditure", overview.expenditure)):
                for data_set in data_sets(f"overview-{side}", f"{raw.title} {_SIDES[side]}", side, figures):
                    collected.overview.append(replace(data_set, table=booking.table))
            collected.claims += overview.claims
        elif section.role == "announced":
            collected.claims += announced_claims(section, year, booking)
        elif section.role in {"items", "funding", "fund-block"}:
            for row in section.rows:
                booking.not_understood(row, "project rows in a department's form")
        elif section.role == "task-table":
            unit = raw.unit[1] if raw.unit else None
            collected.tasks += read_tasks(section, len(collected.tasks) + 1, unit, words, booking)
    if not any(section.role == "overview" for section in found):
        collected.overview += _budget(raw, fields, booking)
    for duties in fields.all("duties"):
        collected.duties += read_statements(duties, "duty", booking)
    for tasks in fields.all("tasks"):
        collected.tasks += read_statements(tasks, "task", booking)
    collected.objectives += read_objectives(found, fields, "department", None, words, booking)
    for section in found:
        if section.role == "indicator-text":
            unread = (*section.head, *section.rows[0])
            booking.not_understood(unread, "indicators as text in one cell", "indicators-as-text")


def _budget(raw: RawForm, fields: Fields, booking: Booking) -> list[DataSet]:
    """Return the expenditure that the head of a department's form states (部门支出预算数)."""
    figures = []
    for each in fields.all("department-budget"):
        unit = head_multiplier(each.head.text) or (raw.unit[1] if raw.unit else None)
        money = read_money(each.value, unit, "observation", booking) if each.value else None
        if money and each.value:
            place = booking.place(each.value)
            figures.append((money.multiplier, Figure({}, money.yuan, money.text, label(each.head.text), place)))
    found = data_sets("overview-expenditure", raw.title, "expenditure", figures[:1])
    return [replace(data_set, table=booking.table) for data_set in found]


_SIDES = {"revenue": "收入构成", "expenditure": "支出构成"}


def _project(
    raw: RawForm, found: Sequence[Section], fields: Fields, year: int, words: Vocabulary, booking: Booking,
    collected: _Collected,
) -> None:  # fmt: skip
    order = len(collected.projects) + 1
    objectives = tuple(read_objectives(found, fields, "project", order, words, booking))
    read = read_project(order, fields, found, objectives, year, raw.unit[1] if raw.unit else None, words, booking)
    collected.projects.append(read.project)
    collected.claims += read.claims
    collected.items += read.figures


def _table(raw: RawForm, identity: str, rows: Sequence[Row], words: Vocabulary, booking: Booking) -> PrintedTable:
    cells = booking.close(list(rows))
    first = raw.pieces[0].rows[0][0]
    return PrintedTable(
        id=identity,
        number=None,
        title=raw.title,
        kind="form",
        unit=raw.unit[0] if raw.unit else _unit_in_heads(rows, words),
        profile=PROFILE,
        columns=max(len(row) for piece in raw.pieces for row in piece.rows),
        rows=len(rows),
        cells=cells,
        locator=first.locator,
        official=False,
        notes=tuple(redact(note.text)[0] for note in raw.notes),
    )


def _unit_in_heads(rows: Sequence[Row], words: Vocabulary) -> str | None:
    """Return the unit of money that a head states in brackets: "部门总体资金情况（万元）"."""
    stated = (head_unit(cell.text) for row in rows for cell in row.cells if words.heads(cell.key))
    return next((unit for unit in stated if unit), None)
