"""Datasets of queries: what the protocol states goes before FROM (SPARQL 1.1 Protocol, 2.1.4), however it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

BASE = "https://data.example.org/graph/"
#: Three graphs of the store, and one that it does not have.
ORGS, YEARS, CATALOGUE = f"{BASE}orgs", f"{BASE}codes/fiscal-year", f"{BASE}catalogue"
NOTHING = f"{BASE}nothing"
#: Whether each graph is seen: a statement of `orgs` and one of `catalogue`, in the default graph and by name.
SEEN = """
SELECT ?inDefault ?byName
{from_clauses}
WHERE {{
  {{ SELECT (GROUP_CONCAT(DISTINCT ?d; separator=" ") AS ?inDefault) WHERE {{
    {{ [] a <http://data.europa.eu/m8g/PublicOrganisation> . BIND("orgs" AS ?d) }}
    UNION {{ [] a <http://www.w3.org/ns/dcat#DatasetSeries> . BIND("catalogue" AS ?d) }} }} }}
  {{ SELECT (GROUP_CONCAT(DISTINCT STR(?g); separator=" ") AS ?byName) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} }}
}}
"""


@dataclass(frozen=True)
class Case:
    """What the request states and the query states -> what is in the default graph, and which graphs have names."""

    default: Sequence[str] = ()
    named: Sequence[str] = ()
    from_default: Sequence[str] = ()
    from_named: Sequence[str] = ()
    in_default: str = ""
    by_name: Sequence[str] = ()

    def __str__(self) -> str:
        parts = (self.default, self.named, self.from_default, self.from_named)
        return "|".join("+".join(graph.removeprefix(BASE) for graph in part) for part in parts)

    @property
    def query(self) -> str:
        clauses = [f"FROM <{graph}>" for graph in self.from_default]
        clauses += [f"FROM NAMED <{graph}>" for graph in self.from_named]
        return SEEN.format(from_clauses="\n".join(clauses))

    @property
    def stated(self) -> list[tuple[str, str]]:
        return [
            *(("default-graph-uri", graph) for graph in self.default),
            *(("named-graph-uri", graph) for graph in self.named),
        ]


CASES = [
    # Stated by the request
    Case(default=[ORGS], in_default="orgs"),
    Case(default=[CATALOGUE], in_default="catalogue"),
    Case(default=[ORGS, CATALOGUE], in_default="catalogue orgs"),
    Case(named=[ORGS], by_name=[ORGS]),
    Case(named=[ORGS, CATALOGUE], by_name=[ORGS, CATALOGUE]),
    Case(default=[ORGS], named=[CATALOGUE, YEARS], in_default="orgs", by_name=[CATALOGUE, YEARS]),
    Case(default=[ORGS, CATALOGUE], named=[ORGS], in_default="catalogue orgs", by_name=[ORGS]),
    Case(default=[NOTHING]),
    Case(named=[NOTHING]),
    Case(default=[ORGS, ORGS], in_default="orgs"),
    # Stated by the query
    Case(from_default=[ORGS], in_default="orgs"),
    Case(from_named=[CATALOGUE], by_name=[CATALOGUE]),
    Case(from_default=[CATALOGUE], from_named=[ORGS], in_default="catalogue", by_name=[ORGS]),
    # By both: the request's goes before
    Case(default=[ORGS], from_default=[CATALOGUE], in_default="orgs"),
    Case(named=[ORGS], from_named=[CATALOGUE], by_name=[ORGS]),
    Case(default=[ORGS], from_named=[CATALOGUE], in_default="orgs"),
    Case(named=[ORGS], from_default=[CATALOGUE], by_name=[ORGS]),
    Case(
        default=[ORGS],
        named=[YEARS],
        from_default=[CATALOGUE],
        from_named=[CATALOGUE],
        in_default="orgs",
        by_name=[YEARS],
    ),
    Case(default=[NOTHING], from_default=[ORGS], from_named=[ORGS]),
]
WAYS = ("GET", "form", "form and address", "direct")


def ask(client: FlaskClient, case: Case, way: str) -> list[str]:
    """Send the query of a case in a way of the protocol; return the fields of its only solution."""
    query = [("query", case.query)]
    address, form = "/sparql?format=csv", "application/x-www-form-urlencoded"
    stated = urlencode(case.stated)
    if way == "GET":
        response = client.get(f"{address}&{urlencode(query)}&{stated}")
    elif way == "form":
        response = client.post(address, data=urlencode([*query, *case.stated]), content_type=form)
    elif way == "form and address":
        response = client.post(f"{address}&{stated}", data=urlencode(query), content_type=form)
    else:
        response = client.post(f"{address}&{stated}", data=case.query, content_type="application/sparql-query")
    assert response.status_code == 200, response.text
    return response.text.splitlines()[1].split(",")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_dataset_is_the_one_that_was_stated(client: FlaskClient, case: Case, way: str) -> None:
    in_default, by_name = ask(client, case, way)
    assert " ".join(sorted(in_default.split())) == case.in_default
    assert sorted(by_name.split()) == sorted(case.by_name)


def test_without_a_dataset_all_is_there(client: FlaskClient) -> None:
    in_default, by_name = ask(client, Case(), "GET")
    assert sorted(in_default.split()) == ["catalogue", "orgs"]
    assert {ORGS, YEARS, CATALOGUE} <= set(by_name.split())


def test_an_answer_over_one_dataset_is_not_given_for_another(client: FlaskClient) -> None:
    """The query is the same text; the entity tag and what is kept have to know the dataset."""
    path = "/sparql?format=csv&query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fs+%3Fp+%3Fo%7D"
    found = [client.get(f"{path}&default-graph-uri={graph}") for graph in (ORGS, CATALOGUE, NOTHING)]
    found += [client.get(path), client.get(f"{path}&named-graph-uri={ORGS}")]
    assert len({each.headers["ETag"] for each in found}) == 5
    assert found[2].text == found[4].text == "n\r\n0\r\n"
    assert len({each.text for each in found}) >= 3


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("wrong", ["not+an+iri", "", "%3Cb%3E"])
def test_what_names_no_graph_is_refused(client: FlaskClient, name: str, wrong: str) -> None:
    response = client.get(f"/sparql?query=ASK%7B%7D&{name}={wrong}")
    assert response.status_code == 400
