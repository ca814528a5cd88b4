"""Documents are held against each other: a department and its units, one year and the next."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.shapes.across import QUERY, shapes_across, summary, validate_across
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import ENGINES
from budgetgraph.shapes.results import Report
from tests.shapes.case_files import CASES, document

BASE = "https://example.org/id/"
VERSION = f"{BASE}doc/0123456789abcdef"
BUDGET = f"{BASE}budget/shifan/2021/budget"
FRAME = (CASES / "frame.ttl").read_text(encoding="utf-8")
PREFIXES = "\n".join(line for line in FRAME.splitlines() if line.startswith("@prefix"))
UNITS = f"""{PREFIXES}
<{BASE}org/shifan/hq> <http://www.w3.org/ns/org#unitOf> org:shifan .
<{BASE}org/shifan/u1> <http://www.w3.org/ns/org#subOrganizationOf> org:shifan .
"""


def budget(*, body: str = "shifan", year: str = "2021", amount: str = "1000000.00", more: str = "") -> bytes:
    """Return the summary of a budget of one amount; `more` is Turtle about this document."""
    nquads = document(more if "@prefix" in more else PREFIXES + "\n" + more).decode()
    nquads = nquads.replace("/2021", f"/{year}").replace('"1000000.00"', f'"{amount}"')
    nquads = nquads.replace(f"{BASE}budget/shifan/", f"{BASE}budget/{body}/").replace(
        "0123456789abcdef", f"{body[-2:]}{year}"
    )
    nquads = nquads.replace(f"reportingUnit> <{BASE}org/shifan>", f"reportingUnit> <{BASE}org/{body}>")
    return summary(Document(nquads.encode(), body))


def test_a_summary_is_what_oxigraph_constructs(converted: Path) -> None:
    data = Document(converted, "published")
    made = data.store.query(shapes_across().prologue + QUERY.read_text(encoding="utf-8"))
    assert isinstance(made, ox.QueryTriples)
    expected = {str(triple) for triple in made}
    assert {line.removesuffix(" .") for line in summary(data).decode().splitlines()} == expected
    assert len(expected) > 100


def found(report: Report) -> list[str]:
    return [result.rule for result in report.results]


def change(amount: str) -> str:
    """Return a claim that 100.00 万元 is so much more than the year before."""
    return f"""
<{VERSION}/c1> a bud:LevelClaim ; bud:statedIn <{VERSION}> ; bud:claimedAmount 1000000.0 ; bud:sourceValue "100.00" .
<{VERSION}/c2> a bud:ChangeClaim ; bud:statedIn <{VERSION}> ; bud:ofLevel <{VERSION}/c1> ;
  bud:claimedAmount {amount} ; bud:claimDirection "increase" ; bud:comparedWithYear year:2020 ;
  bud:tableKind kind:statement ; bud:functionalClass function:_T ; bud:expenditureNature nature:_T .
"""


@pytest.mark.parametrize(
    ("parts", "rules"),
    [
        (("600000.00", "400000.00"), []),
        (("600000.00", "300000.00"), ["AD-1"]),
        (("600000.00", "500000.00"), ["AD-1"]),
        (("600000.00",), []),
        (("1200000.00",), ["AD-1"]),
    ],
)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_department_is_its_headquarters_and_units(parts: tuple[str, ...], rules: list[str], engine: str) -> None:
    bodies = [budget(body=f"shifan/{name}", amount=amount) for name, amount in zip(("hq", "u1"), parts, strict=False)]
    report = validate_across([budget(more=UNITS), *bodies], engine_name=engine)
    assert report.checked["AD-1"] == 1
    assert found(report) == rules


@pytest.mark.parametrize(("amount", "rules"), [("200000.0", []), ("200100.0", []), ("300000.0", ["AD-2"])])
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_the_base_is_what_the_former_year_published(amount: str, rules: list[str], engine: str) -> None:
    former = budget(year="2020", amount="800000.00")
    report = validate_across([budget(more=change(amount)), former], engine_name=engine)
    assert report.checked["AD-2"] == 1
    assert found(report) == rules


def row(label: str) -> str:
    return f"""
<{BUDGET}/t2> a qb:DataSet ; dcterms:isPartOf <{BUDGET}> ; bud:tableKind kind:general-expenditure .
<{BUDGET}/t2/210> qb:dataSet <{BUDGET}/t2> ; bud:expenditureNature nature:_T ;
  bud:sourceCode "210" ; bud:sourceLabel "{label}"@zh .
"""


@pytest.mark.parametrize(
    ("former", "rules"), [("卫生健康支出", []), ("卫生健康", []), ("医疗卫生与计划生育支出", ["AD-3"])]
)
def test_a_class_keeps_its_name(former: str, rules: list[str]) -> None:
    report = validate_across([budget(more=row("卫生健康支出")), budget(year="2019", more=row(former))])
    assert report.checked["AD-3"] == 1
    assert found(report) == rules


def test_documents_that_have_nothing_to_do_with_each_other_are_not_compared() -> None:
    assert validate_across([budget(), budget(body="another")]).looked_at == 0


def test_rules_speak_both_languages() -> None:
    for rule in shapes_across().rules.values():
        assert set(rule.names) == set(rule.descriptions) == set(rule.messages) == {"zh", "en"}
