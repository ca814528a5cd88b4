"""A project form -> the project: head, budgets, earlier years and changes, funding, items, calculations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgetgraph.converter.budget import TOTAL, Claim, Figure, Objective, Place, Project
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.calculations import calculations
from budgetgraph.converter.forms.changes import EarlierYear, Mention, read_history
from budgetgraph.converter.forms.choices import chosen
from budgetgraph.converter.forms.dates import datatype, parse_period
from budgetgraph.converter.forms.fields import Field, Fields, take_text
from budgetgraph.converter.forms.funding import Funding, read_fund_block, read_funding
from budgetgraph.converter.forms.items import Items, read_items
from budgetgraph.converter.forms.markup import plain
from budgetgraph.converter.forms.money import differs, head_multiplier, read_money
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity
from budgetgraph.ontology import codelists

#: Fields whose text is kept as it is printed, whatever else is taken from it.
STATEMENT_ROLES = (
    "text", "project-kind", "project-nature", "project-category", "start-date", "end-date", "history", "basis",
    "objective",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectForm:
    """What a project form says. Claims have no `order` yet (0); figures come with the power of ten of their unit."""

    project: Project
    claims: tuple[Claim, ...]
    figures: tuple[tuple[int, Figure], ...]


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount of the head of the form."""

    yuan: Decimal | None = None
    text: str | None = None
    place: Place | None = None


def read_project(
    order: int,
    fields: Fields,
    sections: Sequence[Section],
    objectives: tuple[Objective, ...],
    year: int,
    unit: int | None,
    words: Vocabulary,
    booking: Booking,
) -> ProjectForm:
    """Return the project with this order; `unit` is the power of ten of the form's unit line, None without one."""
    names = {
        role: _short_text(fields, role, booking)
        for role in ("project-name", "project-code", "project-department", "project-unit")
    }
    name_field = fields.first("project-name")
    if name_field is None or name_field.value is None:
        where = sections[0].rows[0][0] if sections and sections[0].rows else fields.found[0].head
        booking.problem(
            "project-without-name", Severity.WARNING, f"{booking.table}: a project form without a name", where
        )
        place = booking.place(where)
    else:
        place = booking.place(name_field.value)
    funding = _funding(sections, unit, words, booking)
    in_block = _unit_of_block(sections) if unit is None else unit
    total = _amount(fields, "total-budget", in_block, funding, booking)
    current = _amount(fields, "current-budget", in_block, funding, booking)
    history = [(f, m) for f in fields.all("history") if f.plain for m in read_history(f.plain.text)]
    claims = [*_history_claims(history, order, year, booking), *_calculations(fields, order, year, booking)]
    earlier = [
        (m.multiplier, _earlier(m, f, order, booking))
        for f, m in history
        if isinstance(m, EarlierYear) and m.year < year
    ]
    items = _items(sections, order, unit, words, booking)
    project = Project(
        order=order,
        label=names["project-name"] or "",
        place=place,
        kind=_choice(fields, "project-kind", booking),
        nature=_choice(fields, "project-nature", booking),
        category=_choice(fields, "project-category", booking),
        start=_date(fields, "start-date", booking),
        end=_date(fields, "end-date", booking),
        code=names["project-code"],
        department_label=names["project-department"],
        executing_unit=names["project-unit"],
        total_budget=total.yuan,
        total_budget_text=total.text,
        total_budget_place=total.place,
        current_budget=current.yuan,
        current_budget_text=current.text,
        current_budget_place=current.place,
        statements=_statements(fields, booking) | _indicator_texts(sections, booking),
        items=items.items,
        items_total=items.total,
        earlier_years=tuple(figure for _, figure in earlier),
        funding=tuple(funding.lines),
        objectives=objectives,
    )
    return ProjectForm(project, tuple(claims), (*items.figures, *earlier))


def _short_text(fields: Fields, role: str, booking: Booking) -> str | None:
    """Return a name or code of the head; all cells with the role are booked."""
    texts = [label(take_text(found, "project", booking)) for found in fields.all(role)]
    return texts[0] if texts else None


def _amount(fields: Fields, role: str, unit: int | None, funding: Funding, booking: Booking) -> _Amount:
    """Return a budget of the head, or that of the fund block."""
    result = _Amount()
    if role in funding.totals:
        in_block, cell = funding.totals[role]
        result = _Amount(in_block.yuan, in_block.text, booking.place(cell))
    for found in fields.all(role):
        if found.value is None:
            continue
        stated = head_multiplier(found.head.text)
        money = read_money(found.value, unit if stated is None else stated, "project", booking)
        if money is not None:
            differs(money, unit, found.value, booking)
            if result.yuan is None:
                result = _Amount(money.yuan, money.text, booking.place(found.value))
    return result


def _choice(fields: Fields, role: str, booking: Booking) -> str | None:
    """Return the concept that a field names or ticks; `role` is also the name of its scheme."""
    found = fields.first(role)
    if found is None or found.plain is None or found.value is None:
        return None
    ticked = chosen(found.plain.text)
    if len(ticked) != 1:
        message = f"{booking.table}: {len(ticked)} boxes are ticked at {found.head.text.strip()!r}; none is taken"
        booking.problem("project-kind", Severity.WARNING, message, found.value)
        return None
    return codelists.find(role, ticked[0])


def _date(fields: Fields, role: str, booking: Booking) -> date | None:
    """Return the day a field names; a month or year alone is kept as text only."""
    found = fields.first(role)
    if found is None or found.value is None:
        return None
    period = parse_period(found.text)
    if period is None and any(c.isdigit() for c in found.text):
        message = f"{booking.table}: {found.head.text.strip()!r} is no date: {found.text!r}; kept as text"
        booking.problem("project-date", Severity.WARNING, message, found.value)
    if period is None or period.start is None or period.start != period.end or datatype(period.start) != "date":
        return None
    return date.fromisoformat(period.start)


def _statements(fields: Fields, booking: Booking) -> dict[str, str]:
    """Return the running texts by their heads as printed, blanks of narrow columns taken out."""
    texts: dict[str, str] = {}
    for found in fields.all(*STATEMENT_ROLES):
        text = take_text(found, "statement", booking)
        head = label(found.head.text).rstrip("：: ")
        texts[head] = f"{texts[head]}\n{text}" if head in texts else text
    return texts


def _indicator_texts(sections: Sequence[Section], booking: Booking) -> dict[str, str]:
    """Return indicators that stand as running text in one cell, by their head.

    They are kept as text; those that were not read as indicators, whose cell is not booked yet, are reported.
    """
    texts: dict[str, str] = {}
    for section in sections:
        if section.role == "indicator-text":
            head, ((cell,),) = section.head[0], section.rows
            is_read = booking.is_booked(cell)
            text, count = redact(plain(cell.text).text.strip())
            booking.count_redacted(count)
            booking.label(head)
            booking.convert(cell, "statement", "text", redact(cell.text.strip())[0])
            if not is_read:
                message = f"{booking.table}: the indicators stand as text in one cell; no targets are read from it"
                booking.problem("indicators-as-text", Severity.WARNING, message, cell)
            texts[label(head.text)] = text
    return texts


def _earlier(year: EarlierYear, found: Field, project: int, booking: Booking) -> Figure:
    place = _place(found, year.start, year.end, booking)
    dimensions = {"project": str(project), "projectItem": TOTAL}
    return Figure(dimensions, year.amount, year.text, label(found.head.text), place, year.year)


def _history_claims(
    history: Sequence[tuple[Field, EarlierYear | Mention]], project: int, year: int, booking: Booking
) -> Iterator[Claim]:
    for found, mention in history:
        assert found.plain is not None  # noqa: S101  # read_history ran over it
        if isinstance(mention, EarlierYear):
            if mention.year >= year:
                yield Claim(
                    0, "level", found.plain.text[mention.start : mention.end], label(found.head.text),
                    _place(found, mention.start, mention.end, booking), amount=mention.amount,
                    amount_text=mention.text, year=mention.year, project=project,
                )  # fmt: skip
        else:
            yield Claim(
                0, "change" if mention.direction else "level",
                redact(found.plain.text[mention.start : mention.end])[0], label(mention.topic),
                _place(found, mention.start, mention.end, booking), amount=mention.amount,
                amount_text=mention.text, direction=mention.direction, year=mention.year or year,
                base_year=mention.base_year, project=project,
            )  # fmt: skip


def _calculations(fields: Fields, project: int, year: int, booking: Booking) -> Iterator[Claim]:
    for found in fields.all("basis", "history", "text"):
        if found.plain is None:
            continue
        for each in calculations(found.plain.text):
            yield Claim(
                0, "arithmetic", each.quote, label(found.head.text), _place(found, each.start, each.end, booking),
                amount=each.claimed, amount_text=each.claimed_text, year=year, factors=each.factors,
                computed=each.computed, project=project,
            )  # fmt: skip


def _place(found: Field, start: int, end: int, booking: Booking) -> Place:
    assert found.value is not None  # noqa: S101  # the text was read from it
    assert found.plain is not None  # noqa: S101
    return booking.place(found.value, *found.plain.source_span(start, end))


def _items(sections: Sequence[Section], order: int, unit: int | None, words: Vocabulary, booking: Booking) -> Items:
    blocks = [s for s in sections if s.role == "items"]
    if not blocks:
        return Items((), None, ())
    whole = Section("items", [c for s in blocks for c in s.head], [], [r for s in blocks for r in s.rows])
    return read_items(whole, order, unit, words, booking)


def _unit_of_block(sections: Sequence[Section]) -> int | None:
    """Return the power of ten that the head of the fund block states, 项目资金（万元）: that of the rows below, too."""
    heads = (cell for section in sections if section.role == "fund-block" for cell in section.head)
    return next((found for cell in heads if (found := head_multiplier(cell.text)) is not None), None)


def _funding(sections: Sequence[Section], unit: int | None, words: Vocabulary, booking: Booking) -> Funding:
    funding = Funding()
    for section in sections:
        if section.role == "funding":
            read_funding(section, unit, words, booking, funding)
        elif section.role == "fund-block":
            read_fund_block(section, unit, words, booking, funding)
    return funding
