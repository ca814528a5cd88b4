"""Answers over the shipped budget, against its printed figures, in every form."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from budgetgraph.server.questions.parameters import PARAMETERS
from budgetgraph.server.questions.reading import read_questions

#: Question, parameters -> cells of the first row, from the printed tables (表二, 表三, 表四, 表七, 表八).
PRINTED = [
    ("totals", "", {"year": "2021", "expenditure": "14652800", "revenue": "14652800", "persons": "26"}),
    ("spending-by-function", "", {"code": "201", "yuan": "11359100", "share": "77.52"}),
    ("spending-by-function", "?digits=7&function=210", {"code": "2101103", "yuan": "487600"}),
    ("rank-by-function", "?function=20805", {"yuan": "1546200"}),
    ("basic-spending-by-economic-class", "", {"code": "301", "yuan": "8415700"}),
    ("basic-spending-by-economic-class", "?economic=302&digits=5", {"code": "30226", "yuan": "578900"}),
    ("three-public", "", {"code": "_T", "yuan": "420000"}),
    ("revenue-by-source", "", {"code": "general.appropriation", "yuan": "14652800"}),
    ("projects", "?word=档案", {"label": "档案管理", "yuan": "410000"}),
    ("performance-targets", "?word=特提电报", {"printed": "≤1 小时", "maximum": "3600", "unit": "SEC"}),
    ("findings-by-rule", "", {"year": "2021"}),
]


def _json(client: FlaskClient, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = json.loads(response.text, parse_float=Decimal, parse_int=Decimal)
    return told


@pytest.mark.parametrize(("name", "asked", "first"), PRINTED)
def test_an_answer_is_what_is_printed(shipped: FlaskClient, name: str, asked: str, first: dict[str, str]) -> None:
    row = _json(shipped, f"/api/{name}{asked}")["rows"][0]
    assert {column: str(row[column]) for column in first} == first


@pytest.mark.parametrize("name", read_questions())
def test_all_forms_of_an_answer_have_the_same_rows(shipped: FlaskClient, name: str) -> None:
    question = read_questions()[name]
    asked = "&".join(f"{each}={PARAMETERS[each].example}" for each in sorted(question.required))
    told = _json(shipped, f"/api/{name}?{asked}")
    columns = [column.name for column in question.columns]
    assert [column["name"] for column in told["columns"]] == columns
    expected = [[row[column] for column in columns] for row in told["rows"]]
    rows = list(csv.reader(io.StringIO(shipped.get(f"/api/{name}?{asked}&format=csv").text)))
    assert rows == [columns, *([_plain(v) for v in row] for row in expected)]
    book = openpyxl.load_workbook(io.BytesIO(shipped.get(f"/api/{name}?{asked}&format=xlsx").data))
    cells = [[cell.value for cell in row] for row in book["data"].iter_rows(min_row=2)]
    assert [[_plain(_exact(v)) for v in row] for row in cells] == rows[1:]


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) else value


def _plain(value: Any) -> str:
    if not isinstance(value, Decimal):
        return value or ""
    return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:f}"


def test_pages_of_an_answer_follow_each_other(shipped: FlaskClient) -> None:
    whole = _json(shipped, "/api/performance-targets?size=1000")["rows"]
    rows: list[Any] = []
    address: str | None = "/api/performance-targets?size=17"
    while address:
        told = _json(shipped, address)
        rows += told["rows"]
        address = told["next"] and told["next"].removeprefix("http://localhost")
    assert rows == whole
    assert len(whole) == 60
    assert 'rel="next"' in shipped.get("/api/performance-targets?size=17").headers["Link"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/rank-by-function", 400, "'function' is missing"),
        ("/api/totals?size=0", 400, "'size'"),
        ("/api/totals?page=x", 400, "'page'"),
        ("/api/totals?depratment=x", 400, "'depratment' is none"),
        ("/api/totals?format=pdf", 406, "pdf"),
        ("/api/nothing", 404, "nothing"),
    ],
)
def test_what_is_asked_wrongly_is_told(shipped: FlaskClient, path: str, status: int, said: str) -> None:
    response = shipped.get(path)
    assert response.status_code == status
    assert said in response.text


def test_the_description_is_valid_and_complete(shipped: FlaskClient) -> None:
    described = shipped.get("/openapi.json").get_json()
    validate(described)
    assert set(described["paths"]) == {f"/api/{name}" for name in read_questions()}
    listed = shipped.get("/api").get_json()["questions"]
    assert [question["name"] for question in listed] == list(read_questions())


@pytest.mark.parametrize("unit", ["yuan", "wan", "yi"])
def test_a_form_shows_its_answer_in_the_unit_chosen(shipped: FlaskClient, unit: str) -> None:
    shown = {"yuan": "14,652,800.00", "wan": "1,465.28", "yi": "0.146528"}
    page = shipped.get(f"/questions/totals?unit={unit}", headers={"Accept": "text/html"}).text
    assert shown[unit] in page
    assert "SELECT ?name" in page
    assert "/api/totals" in page


def test_an_answer_is_known_again(shipped: FlaskClient) -> None:
    first = shipped.get("/api/totals")
    again = shipped.get("/api/totals", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
