"""A department: its budgets over the years, what it is spent on, the three public expenses, projects, targets."""

import re
from collections.abc import Mapping
from typing import Any

from budgetgraph.server.backend import backend
from budgetgraph.server.hierarchy import above
from budgetgraph.server.questions import answers
from budgetgraph.server.questions.parameters import PARAMETERS, check
from budgetgraph.server.questions.reading import read_questions
from budgetgraph.server.rules.across import read_across

#: Questions that are answered on the page, for its department.
_SHOWN = ("totals", "money-flow", "spending-by-function", "basic-spending-by-economic-class", "three-public")
#: Those that are answered for all years; the others for the latest.
_OVER_YEARS = {"totals", "three-public"}
#: Rows of each answer; the question's own page has all.
_ROWS = 40


def portray_department(iri: str) -> Mapping[str, Any]:
    """Return what is above a body, its budgets with their printed totals, and the answers to the questions above."""
    server = backend()
    identity = iri.removeprefix(f"{server.release().metadata.base}id/org/")
    budgets = server.select("list-budgets", this=iri)
    totals = {
        (row["budget"], row["structure"].value.rpartition("dsd-")[2]): row
        for row in server.select("find-totals", this=iri)
    }
    pattern = PARAMETERS["year"].pattern
    years = sorted({row["year"].value for row in budgets if re.fullmatch(pattern, row["year"].value)})
    shown = []
    for name in _SHOWN:
        question = read_questions()[name]
        asked = {"department": [identity]}
        if "year" in question.parameters and name not in _OVER_YEARS and years:
            asked["year"] = [years[-1]]
        given = check(question, asked)
        page = answers.ask(question, given, size=_ROWS)
        if page.rows:
            pairs = [(key, value) for key, values in given.items() for value in values]
            shown.append({"page": page, "rows": list(answers.values(page)), "asked": pairs})
    own = {row["budget"] for row in budgets}
    return {
        "budgets": [
            {**row, **{kind: totals.get((row["budget"], kind)) for kind in ("expenditure", "revenue")}}
            for row in budgets
        ],
        "answers": shown,
        "across": [each for each in read_across() if each["focus"] in own],
        "crumbs": above("list-bodies-above", iri),
    }
