"""Columns that a researcher's table can be extended by: what a body spends and has, what a code is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.server.questions import answers
from budgetgraph.server.questions.reading import read_questions
from budgetgraph.server.reconciliation.entities import Entity

Value = str | Decimal


@dataclass(frozen=True, slots=True)
class Property:
    """A column by its identifier, names and the type of entity that has it."""

    id: str
    labels: tuple[str, str]
    type: str
    values: Callable[[Entity, str | None], Sequence[Value]]


def _answered(name: str, entity: Entity, year: str | None, column: str, only: str | None = None) -> Sequence[Value]:
    """Return the values of a column of a question's answer for one body; of the latest year unless one is given."""
    question = read_questions()[name]
    identity = entity.id.removeprefix("org/")
    page = answers.ask(question, {"department": [identity], **({"year": [year]} if year else {})}, size=200)
    names = [each.name for each in question.columns]
    rows = [dict(zip(names, row, strict=True)) for row in answers.values(page)]
    latest = max((str(row["year"]) for row in rows), default="")
    return [
        value
        for row in rows
        if row["year"] == latest and (only is None or row["code"] == only) and (value := row[column]) is not None
    ]


def _total(column: str) -> Callable[[Entity, str | None], Sequence[Value]]:
    return lambda entity, year: _answered("totals", entity, year, column)


PROPERTIES: Mapping[str, Property] = {
    each.id: each
    for each in (
        Property("expenditure", ("支出合计（元）", "Expenditure (CNY)"), "organisation", _total("expenditure")),
        Property("revenue", ("收入合计（元）", "Revenue (CNY)"), "organisation", _total("revenue")),
        Property("persons", ("在职人数", "Persons in post"), "organisation", _total("persons")),
        Property("per-head", ("人均支出（元）", "Expenditure per head (CNY)"), "organisation", _total("perHead")),
        Property("year", ("预算年度", "Budget year"), "organisation", _total("year")),
        Property(
            "three-public",
            ("“三公”经费合计（元）", "Three public expenses (CNY)"),
            "organisation",
            lambda entity, year: _answered("three-public", entity, year, "yuan", only="_T"),
        ),
        Property("part-of", ("上级与地区", "Part of, and place"), "organisation", lambda e, _: [e.description]),
        Property("code", ("科目编码", "Code"), "functional", lambda e, _: [e.code or ""]),
        Property("label", ("科目名称", "Name"), "functional", lambda e, _: [e.label]),
        Property("economic-code", ("科目编码", "Code"), "dept-economic", lambda e, _: [e.code or ""]),
        Property("economic-label", ("科目名称", "Name"), "dept-economic", lambda e, _: [e.label]),
    )
}


def proposed(kind: str | None) -> list[Property]:
    """Return the properties of a type, or all."""
    return [each for each in PROPERTIES.values() if kind is None or each.type == kind]
