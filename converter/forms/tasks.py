"""The table of the year's tasks in a department's form: name, content, and the money for each by its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.budget import FundingLine, Statement
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.money import Money, head_multiplier, parse_money, read_money
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact


@dataclass(slots=True)
class _Columns:
    """The columns by their position: name, content, and amounts with the cell that heads them.

    whole       the column of a task's whole money, beside those of its sources
    multiplier  power of ten of the unit
    """

    name: int | None
    content: int | None
    amounts: dict[int, FormCell]
    whole: int | None
    multiplier: int | None


def read_tasks(
    section: Section, first: int, multiplier: int | None, words: Vocabulary, booking: Booking
) -> tuple[Statement, ...]:
    """Return the tasks of a table, numbered from `first`; `multiplier` is the power of ten of the form's unit.

    A row that is no task, or has cells under no header, is listed. The printed total is no task: it is derived where
    it is the sum of the tasks, and listed where it is not.
    """
    booking.label(*section.head)
    rows = list(section.rows)
    headers = list(section.headers)
    while rows and all(words.task_column(cell.key) for cell in rows[0]):
        headers.append(rows.pop(0))
    booking.header(*(cell for row in headers for cell in row))
    columns = _columns(headers, multiplier, words)
    tasks: list[Statement] = []
    for row in rows:
        cells = {cell.column: cell for cell in row}
        name = cells.get(columns.name or 0)
        if name is None or not cells.keys() <= {columns.name, columns.content, *columns.amounts}:
            booking.not_understood(row, "a row of the tasks that does not fit their columns")
        elif words.is_total(name.key):
            _total(name, cells, columns, tasks, booking)
        else:
            tasks.append(_task(first + len(tasks), name, cells, columns, booking))
    return tuple(tasks)


def _columns(headers: Sequence[Sequence[FormCell]], multiplier: int | None, words: Vocabulary) -> _Columns:
    roles = {cell.column: words.task_column(cell.key) for row in headers for cell in row}
    cells = {cell.column: cell for row in headers for cell in row}  # of a column with two headers the lower one
    places = {role: column for column, role in roles.items()}
    heads = [cell for row in headers for cell in row if words.task_column(cell.key) in {"amount", "whole", "source"}]
    stated = [unit for cell in heads if (unit := head_multiplier(cell.text)) is not None]
    return _Columns(
        name=places.get("name"),
        content=places.get("content"),
        amounts={column: cells[column] for column, role in roles.items() if role in {"amount", "whole", "source"}},
        whole=places.get("whole"),
        multiplier=stated[0] if stated else multiplier,
    )


def _task(order: int, name: FormCell, cells: dict[int, FormCell], columns: _Columns, booking: Booking) -> Statement:
    content = cells.get(columns.content or 0)
    return Statement(
        order,
        "",
        _text(name, booking),
        booking.place(name),
        content=_text(content, booking) if content else "",
        funding=tuple(_lines(_amounts(cells, columns, booking), columns, booking)),
    )


def _text(cell: FormCell, booking: Booking) -> str:
    text, count = redact(cell.text.strip())
    booking.count_redacted(count)
    booking.convert(cell, "task", "text", text)
    return text


def _amounts(cells: dict[int, FormCell], columns: _Columns, booking: Booking) -> dict[int, tuple[Money, FormCell]]:
    printed = {column: cells[column] for column in sorted(columns.amounts) if column in cells}
    read = {column: read_money(cell, columns.multiplier, "funding line", booking) for column, cell in printed.items()}
    return {column: (money, printed[column]) for column, money in read.items() if money is not None}


def _lines(found: dict[int, tuple[Money, FormCell]], columns: _Columns, booking: Booking) -> list[FundingLine]:
    orders = {column: order for order, column in enumerate(found, start=1)}
    whole = orders.get(columns.whole or 0)
    return [
        FundingLine(
            orders[column],
            label(columns.amounts[column].text),
            money.yuan,
            money.text,
            booking.place(cell),
            None if column == columns.whole else whole,
        )
        for column, (money, cell) in found.items()
    ]


def _total(
    name: FormCell, cells: dict[int, FormCell], columns: _Columns, tasks: Sequence[Statement], booking: Booking
) -> None:
    """Book the row that adds the tasks up."""
    booking.label(name)
    for column, cell in cells.items():
        if column not in columns.amounts:
            continue
        head = label(columns.amounts[column].text)
        added = sum((line.amount for task in tasks for line in task.funding if line.label == head), Decimal(0))
        money = parse_money(cell.text, columns.multiplier)
        if money is not None and money.yuan == added:
            booking.explain(cell, Reason.DERIVED, "amount")
        else:
            booking.not_understood((cell,), "this is not the sum of the tasks", "task-total-differs")
    booking.not_understood(tuple(cells.values()), "cells of a total that are no amount")
