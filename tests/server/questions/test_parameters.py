"""Whatever a request gives for a parameter: it is refused by name, or it stands in the query as one term."""

import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.server.exceptions import RequestError
from budgetgraph.server.questions.parameters import PARAMETERS, check, fill
from budgetgraph.server.questions.reading import read_questions

BASE = "https://data.example.org/"
QUESTIONS = read_questions()


def _examples(name: str) -> dict[str, list[str]]:
    return {parameter: [PARAMETERS[parameter].example] for parameter in QUESTIONS[name].parameters}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_it_is(name: str) -> None:
    question = QUESTIONS[name]
    assert question.required <= set(question.parameters) <= set(PARAMETERS)
    assert {column.kind for column in question.columns} <= {"text", "link", "code", "money", "number", "percent"}
    columns = {column.name for column in question.columns}
    assert question.chart is None or {question.chart.words, *question.chart.numbers} <= columns
    for parameter in question.parameters:
        assert f" {parameter}\n" in question.query, f"parameter {parameter} changes nothing"


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_columns_are_the_variables_of_the_query(name: str) -> None:
    for asked in ({n: v for n, v in _examples(name).items() if n in QUESTIONS[name].required}, _examples(name)):
        query = fill(QUESTIONS[name], check(QUESTIONS[name], asked), BASE)
        solutions = ox.Store().query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        assert [v.value for v in solutions.variables] == [column.name for column in QUESTIONS[name].columns]
        assert "#" not in re.sub(r'<[^<>]*>|"[^"]*"', "", query), "a line of a parameter is left over"


@given(text=st.text(min_size=1, max_size=120))
def test_no_text_leaves_its_place(text: str) -> None:
    question = QUESTIONS["projects"]
    plain = fill(question, {"word": ["x"]}, BASE)
    try:
        accepted = check(question, {"word": [text]})
    except RequestError:
        assert "\n" in text or len(text.strip()) > 100
        return
    if "word" not in accepted:
        assert not text.strip()
        return
    query = fill(question, accepted, BASE)
    before, _, after = plain.partition('"x"')
    assert query.startswith(before)
    assert query.endswith(after)
    term = query[len(before) : len(query) - len(after)]
    solutions = ox.Store().query(f"SELECT ?word {{ VALUES ?word {{ {term} }} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    (solution,) = solutions
    assert solution["word"] == ox.Literal(text.strip())


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("rank-by-function", {}, "'function' is missing"),
        ("rank-by-function", {"function": ["20"]}, "'function' does not take '20'"),
        ("totals", {"year": ["2021\n"], "department": ["../x"]}, "'department' does not take"),
        ("totals", {"year": ["21"]}, "'year' does not take '21'"),
        ("totals", {"year": ["2021"] * 51}, "51 values"),
        ("spending-by-function", {"digits": ["3", "5"]}, "2 values"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(name: str, asked: dict[str, list[str]], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        check(QUESTIONS[name], asked)
