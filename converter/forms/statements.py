"""Numbered statements in one cell: duties, tasks, announced objectives."""

import re

from budgetgraph.converter.budget import Statement
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.fields import Field
from budgetgraph.converter.forms.markup import Plain, plain
from budgetgraph.converter.forms.outline import Line, statements, take_apart
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.privacy import redact

_OBJECTIVE = re.compile(r"\s*(?P<number>(?:绩效)?目标\s*\d+\s*[:：])\s*")


def read_statements(found: Field, what: str, booking: Booking) -> tuple[Statement, ...]:
    """Return the statements of a field's cell in order, each with the place of its words."""
    assert found.value is not None  # noqa: S101  # callers take fields that have a value
    assert found.plain is not None  # noqa: S101
    result = []
    for order, (offset, line) in enumerate(statements(found.plain.text), start=1):
        result.append(_statement(order, offset, line, found.plain, found.value, booking))
    booking.convert(found.value, what, "text", redact(found.value.text.strip())[0])
    return tuple(result)


def _statement(order: int, offset: int, line: Line, words: Plain, cell: FormCell, booking: Booking) -> Statement:
    begin = offset
    end = offset + line.start + len(line.text)
    start, stop = words.source_span(begin, end)
    text, count = redact(line.text.strip())
    booking.count_redacted(count)
    return Statement(order, line.number, text, booking.place(cell, start, stop))


def listed(cell: FormCell) -> tuple[str, ...]:
    """Return the objectives that a cell lists, without their numbers ("目标1：")."""
    items = []
    for line in plain(cell.text).text.split("\n"):
        for piece in re.split(r"(?<=\s)(?=(?:绩效)?目标\s*\d+\s*[:：])", line):
            text = _OBJECTIVE.sub("", piece, count=1)
            text = redact(take_apart(text).text.strip())[0]
            if text:
                items.append(text)
    return tuple(items)
