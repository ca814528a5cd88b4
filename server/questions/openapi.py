"""The REST paths of the questions as an OpenAPI 3.1 document, made from the questions themselves."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from budgetgraph.server.questions.answers import MOST_ROWS, PAGE_ROWS
from budgetgraph.server.questions.parameters import PARAMETERS
from budgetgraph.server.questions.reading import Column, Question, read_questions

_TYPES = {"money": "number", "number": "number", "percent": "number"}


def describe(server: str) -> dict[str, Any]:
    """Return the document; `server` is the address of the site."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "budgetgraph",
            "version": version("budgetgraph"),
            "description": "Questions about government budgets. 常用问题接口。The same data answers SPARQL at /sparql.",
        },
        "servers": [{"url": server}],
        "paths": {f"/api/{question.name}": {"get": _operation(question)} for question in read_questions().values()},
        "components": {
            "responses": {
                "BadRequest": {"description": "A parameter is missing or has another form; the message says which."}
            }
        },
    }


def _operation(question: Question) -> dict[str, Any]:
    return {
        "operationId": question.name,
        "summary": f"{question.labels['en']} {question.labels['zh']}",
        "description": f"{question.about['en']}\n\n{question.about['zh']}",
        "parameters": [
            *(_parameter(name, name in question.required) for name in question.parameters),
            _number("page", 1, None),
            _number("size", PAGE_ROWS, MOST_ROWS),
            {
                "name": "format",
                "in": "query",
                "description": "json, csv or xlsx; without it, the Accept header decides.",
                "schema": {"type": "string", "enum": ["json", "csv", "xlsx"]},
            },
        ],
        "responses": {
            "200": {
                "description": "A page of the answer. Amounts are in 元 (CNY).",
                "content": {
                    "application/json": {"schema": _schema(question)},
                    "text/csv": {"schema": {"type": "string"}},
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
                },
            },
            "400": {"$ref": "#/components/responses/BadRequest"},
        },
    }


def _parameter(name: str, required: bool) -> dict[str, Any]:
    parameter = PARAMETERS[name]
    item = {"type": "string", "pattern": f"^{parameter.pattern}$"}
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": f"{parameter.labels['en']} {parameter.labels['zh']}",
        "schema": {"type": "array", "items": item} if parameter.multiple else item,
        "example": [parameter.example] if parameter.multiple else parameter.example,
    }


def _number(name: str, default: int, maximum: int | None) -> dict[str, Any]:
    bounds: Mapping[str, int] = {"maximum": maximum} if maximum else {}
    return {
        "name": name,
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "default": default, **bounds},
    }


def _schema(question: Question) -> dict[str, Any]:
    row = {column.name: _column(column) for column in question.columns}
    return {
        "type": "object",
        "required": ["question", "release", "rows", "next"],
        "properties": {
            "question": {"const": question.name},
            "release": {"type": "string", "description": "The release of the data that answered."},
            "next": {"type": ["string", "null"], "description": "Address of the next page."},
            "rows": {"type": "array", "items": {"type": "object", "properties": row}},
        },
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "type": [_TYPES.get(column.kind, "string"), "null"],
        "description": f"{column.labels['en']} {column.labels['zh']}",
    }
