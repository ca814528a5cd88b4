"""`/questions/...` for people, `/api/...` for programs, `/openapi.json` for their tools."""

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from budgetgraph.server.backend import backend
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.exceptions import NotFoundError, RequestError
from budgetgraph.server.formats import CSV, HTML, Format
from budgetgraph.server.languages import best_label, language
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.questions import answers
from budgetgraph.server.questions.openapi import describe
from budgetgraph.server.questions.parameters import PARAMETERS, Given, check
from budgetgraph.server.questions.reading import Question, read_questions
from budgetgraph.server.questions.snippets import snippets
from budgetgraph.server.terms import Term
from budgetgraph.server.units import UNITS

questions = Blueprint("questions", __name__)

JSON_DATA = Format("json", "application/json", "json")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
_OFFERED = (JSON_DATA, CSV, XLSX)


@questions.get("/questions")
def gallery() -> Response:
    """Return all questions."""
    return deliver(HTML, lambda: render_page("questions.html", questions=read_questions().values()))


@questions.get("/questions/<name>")
def form(name: str) -> Response:
    """Return a question as a form, with the answer below once its required parameters are given."""
    question = _find(name)
    return deliver(HTML, lambda: _form(question))


@questions.get("/api")
def catalogue() -> Response:
    """Return all questions with their parameters, for programs."""
    return jsonify(
        questions=[
            {
                "name": question.name,
                "title": question.labels,
                "about": question.about,
                "parameters": list(question.parameters),
                "required": sorted(question.required),
                "address": f"{request.url_root}api/{question.name}",
            }
            for question in read_questions().values()
        ]
    )


@questions.get("/openapi.json")
def openapi() -> Response:
    """Return the description of the REST paths."""
    return jsonify(describe(request.url_root.rstrip("/")))


@questions.get("/api/<name>")
def answer(name: str) -> Response:
    """Return a page of an answer as JSON, CSV or XLSX."""
    question = _find(name)
    known = {*question.parameters, "page", "size", "format", "lang", "release"}
    if unknown := sorted(set(request.args) - known):
        raise RequestError(f"Parameter {unknown[0]!r} is none of this question; it takes {', '.join(sorted(known))}.")
    chosen = choose_format(request.headers.get("Accept"), request.args.get("format"), _OFFERED)
    given = check(question, request.args.to_dict(flat=False))
    number, size = _whole("page", 1, 10_000), _whole("size", answers.PAGE_ROWS, answers.MOST_ROWS)
    return deliver(chosen, lambda: _answer(answers.ask(question, given, number, size), chosen))


def _answer(page: answers.Page, chosen: Format) -> Response:
    following = _following(page)
    release = backend().release().id
    if chosen is JSON_DATA:
        response = Response(answers.to_json(page, release, following), content_type=JSON_DATA.content_type)
    elif chosen is CSV:
        response = Response(answers.to_csv(page), content_type=CSV.content_type)
    else:
        response = Response(answers.to_workbook(page, language(), _notes(page)), content_type=XLSX.content_type)
    if chosen is not JSON_DATA:
        response.headers["Content-Disposition"] = f'attachment; filename="{page.question.name}.{chosen.extension}"'
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _notes(page: answers.Page) -> list[str]:
    """Return what a workbook says of itself."""
    spoken = language()
    return [page.question.labels[spoken], page.question.about[spoken], request.url, backend().release().id, page.query]


def _form(question: Question) -> Response:
    page, fault = None, None
    try:
        given: Given = check(question, request.args.to_dict(flat=False))
        page = answers.ask(question, given, _whole("page", 1, 10_000))
    except RequestError as error:
        given = {}
        fault = str(error) if any(request.args.get(name) for name in question.parameters) else None
    asked = [(name, value) for name, found in given.items() for value in found]
    address = f"{request.url_root}api/{question.name}" + (f"?{urlencode(asked)}" if asked else "")
    response = render_page(
        "question.html",
        question=question,
        parameters=[(name, PARAMETERS[name]) for name in question.parameters],
        given=given,
        fault=fault,
        answer=page,
        rows=list(answers.values(page)) if page else [],
        following=_following(page, question_page=True) if page else None,
        address=address,
        asked=asked,
        snippets=snippets(address),
        units=UNITS,
        bodies=_bodies() if "department" in question.parameters else [],
        years=[row["year"].value for row in backend().select("list-years")] if "year" in question.parameters else [],
    )
    response.status_code = HTTPStatus.OK if fault is None else HTTPStatus.BAD_REQUEST
    return response


def _bodies() -> list[tuple[str, str]]:
    """Return the registry identity and the name of every body that has published, by name."""
    prefix = f"{backend().release().metadata.base}id/org/"
    labels: dict[str, set[Term]] = {}
    for row in backend().select("list-bodies"):
        known = labels.setdefault(row["body"].value.removeprefix(prefix), set())
        if "label" in row:
            known.add(row["label"])
    named = [(identity, best.value if (best := best_label(known)) else identity) for identity, known in labels.items()]
    return sorted(named, key=lambda body: body[1])


def _following(page: answers.Page, question_page: bool = False) -> str | None:
    """Return the address of the next page of an answer, None after the last."""
    if not page.has_more:
        return None
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    address = request.base_url if not question_page else request.path
    return f"{address}?{urlencode([*arguments, ('page', page.number + 1)])}"


def _whole(name: str, default: int, most: int) -> int:
    """Return a parameter that is a whole number from 1. Raises RequestError when it is not, or more than `most`."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise RequestError(f"Parameter {name!r} does not take {text[:20]!r}; it takes a whole number from 1 to {most}.")
    return int(text)


def _find(name: str) -> Question:
    found = read_questions().get(name)
    if found is None:
        raise NotFoundError(f"There is no question {name[:80]!r}. /questions lists all.")
    return found
