"""The answer to a question: rows of one page, and the same as JSON, CSV and a workbook."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from budgetgraph.server.backend import backend
from budgetgraph.server.questions.parameters import Given, fill
from budgetgraph.server.questions.reading import Column, Question
from budgetgraph.server.terms import Row, read_results

#: Rows of a page, unless the request says otherwise, and at the most.
PAGE_ROWS = 100
MOST_ROWS = 1000

_NUMBER_FORMATS = {"money": "#,##0.00", "number": "General", "percent": "0.00"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an answer. `query` is what was asked, without the limits of the page; `number` counts from 1."""

    question: Question
    given: Given
    query: str
    rows: Sequence[Row]
    number: int
    size: int
    has_more: bool


def ask(question: Question, given: Given, number: int = 1, size: int = PAGE_ROWS) -> Page:
    """Return a page of the answer to a question with checked parameters."""
    server = backend()
    query = fill(question, given, server.release().metadata.base)
    paged = f"{query}LIMIT {size + 1} OFFSET {(number - 1) * size}\n"
    rows = read_results(server.evaluate(paged, "json"))
    return Page(question, given, query, rows[:size], number, size, len(rows) > size)


def values(page: Page) -> Iterator[list[str | Decimal | None]]:
    """Yield the cells of each row in the order of the columns: exact numbers, text, or None where there is none."""
    for row in page.rows:
        yield [_value(column, row) for column in page.question.columns]


def _value(column: Column, row: Row) -> str | Decimal | None:
    term = row.get(column.name)
    if term is None:
        return None
    return Decimal(term.value) if column.is_number else term.value


def to_json(page: Page, release: str, next_address: str | None) -> str:
    """Return a page as JSON. Numbers stand with all their digits; a reader decides how exact it takes them."""
    head: Mapping[str, Any] = {
        "question": page.question.name,
        "title": page.question.labels,
        "about": page.question.about,
        "parameters": {name: list(given) for name, given in page.given.items()},
        "release": release,
        "page": page.number,
        "size": page.size,
        "next": next_address,
        "columns": [{"name": c.name, "title": c.labels, "kind": c.kind} for c in page.question.columns],
    }
    names = [column.name for column in page.question.columns]
    rows = ",\n".join(
        "{" + ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in zip(names, row, strict=True)) + "}"
        for row in values(page)
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": [\n{rows}\n]}}\n'


def _json(value: str | Decimal | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def to_csv(page: Page) -> str:
    """Return a page as CSV (RFC 4180): names of columns, then rows; numbers in 元 with all their digits."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([column.name for column in page.question.columns])
    writer.writerows([f"{v:f}" if isinstance(v, Decimal) else v or "" for v in row] for row in values(page))
    return output.getvalue()


def to_workbook(page: Page, language: str, notes: Sequence[str]) -> bytes:
    """Return a page as an XLSX workbook: a sheet with the rows, and one that says what they are."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("data")
    bold = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
    for index, column in enumerate(page.question.columns):
        sheet.write_string(0, index, column.labels[language], bold)
        sheet.set_column(index, index, 18 if column.is_number else 28)
    for number, row in enumerate(values(page), start=1):
        for index, (column, value) in enumerate(zip(page.question.columns, row, strict=True)):
            if isinstance(value, Decimal):
                sheet.write_number(number, index, value, formats[column.kind])
            elif value is not None:
                sheet.write_string(number, index, value)
    sheet.freeze_panes(1, 0)
    about = book.add_worksheet("about")
    about.set_column(0, 0, 100)
    for number, note in enumerate(notes):
        about.write_string(number, 0, note)
    book.close()
    return output.getvalue()
