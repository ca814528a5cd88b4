"""A cut answer says in its own head where it goes on, in the formats that have a place for that."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from rdflib import Variable
from rdflib.query import Result

from budgetgraph.server.answers import IN_MEMORY, Answer
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.continuations import add_link
from budgetgraph.server.formats import CSV, JSON, TSV, TURTLE, XML, Format
from budgetgraph.server.workers import PoolLimits

VALUES = [str(number) for number in range(5)]
QUERY = f"""SELECT ?a ?b {{ VALUES ?a {{ {" ".join(f"'{value}'" for value in VALUES)} }} }} # <&"'>"""
ADDRESS = "https://a.example/sparql?query=a&b=%22&c='<"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"


@pytest.fixture(scope="module")
def cutting(store: Path) -> Iterator[FlaskClient]:
    """Return a client of an application whose answers have two solutions at most."""
    app = create_app(ServerConfig(store, PoolLimits(workers=1, heavy=0, rows=2), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


def links(body: bytes, written: Format) -> list[str]:
    if written is JSON:
        return list(json.loads(body)["head"].get("link", []))
    head = ET.fromstring(body).find(f"{RESULTS}head")  # noqa: S314  # our own answer
    assert head is not None
    assert [child.tag for child in head] == sorted((child.tag for child in head), reverse=True), "links come last"
    return [link.attrib["href"] for link in head.findall(f"{RESULTS}link")]


@pytest.mark.parametrize("written", [JSON, XML], ids=str)
def test_all_pages_are_found_from_the_bodies_alone(cutting: FlaskClient, written: Format) -> None:
    found, pages = [], []
    response = cutting.get("/sparql", query_string={"query": QUERY, "format": written.name})
    while True:
        result = Result.parse(io.BytesIO(response.data), content_type=written.media_type)
        assert [str(variable) for variable in result.vars or ()] == ["a", "b"]
        found += [str(bindings[Variable("a")]) for bindings in result.bindings]
        next_ones = links(response.data, written)
        pages.append(len(next_ones))
        header = response.headers.get("Link", "")
        assert header == "".join(f'<{link}>; rel="next"' for link in next_ones)
        assert response.content_length == len(response.data)
        if not next_ones:
            break
        response = cutting.get(next_ones[0].removeprefix("http://localhost"))
    assert found == VALUES
    assert pages == [1, 1, 0]


def test_a_kept_answer_has_its_link_once(cutting: FlaskClient) -> None:
    first, second = (cutting.get("/sparql", query_string={"query": QUERY, "format": "json"}) for _ in range(2))
    assert first.data == second.data
    assert len(links(second.data, JSON)) == 1


@pytest.mark.parametrize("written", [CSV, TSV])
def test_where_the_format_has_no_place_the_headers_tell(cutting: FlaskClient, written: Format) -> None:
    response = cutting.get("/sparql", query_string={"query": QUERY, "format": written.name})
    assert "http" not in response.text
    assert response.headers["X-Result-Truncated"] == "rows=2"
    assert "Link" in response.headers


def answer(text: str) -> Answer:
    return Answer(io.BytesIO(text.encode()), len(text.encode()), 1)


XML_BEGIN = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (JSON, '{"head":{"vars":[]},"results":{"bindings":[{}]}}'),
        (JSON, '{ "head" : { "vars" : [ "a" , "示" ] } ,\n "results" : { "bindings" : [ {} ] } }'),
        (XML, f"{XML_BEGIN}<head></head><results><result/></results></sparql>"),
        (XML, f'{XML_BEGIN}\n<head>\n<variable name="示"/>\n</head><results><result/></results></sparql>'),
    ],
)
def test_only_the_head_changes(written: Format, text: str) -> None:
    told = b"".join(add_link(answer(text), written, ADDRESS, None))
    assert links(told, written) == [ADDRESS]
    assert len(told) > len(text.encode())
    start = next(n for n, (old, new) in enumerate(zip(text.encode(), told, strict=False)) if old != new)
    assert told.startswith(text.encode()[:start])
    assert told.endswith(text.encode()[start:])


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (JSON, '{"results":{"bindings":[]},"head":{"vars":["a"]}}'),
        (JSON, '{"head":{"link":["https://a.example/"],"vars":["a"]},"results":{"bindings":[]}}'),
        (JSON, '{"head":{"vars":["a"],"link":[]},"results":{"bindings":[]}}'),
        (XML, f'{XML_BEGIN}<head><variable name="a"/><link href="urn:a"/></head><results/></sparql>'),
        (XML, '<s:sparql xmlns:s="http://www.w3.org/2005/sparql-results#"><s:head/><s:results/></s:sparql>'),
        (CSV, '{"head":{"vars":["a"]}}'),
        (TURTLE, '{"head":{"vars":["a"]}}'),
    ],
)
def test_what_is_not_as_expected_stays_as_it_is(written: Format, text: str) -> None:
    assert b"".join(add_link(answer(text), written, ADDRESS, None)) == text.encode()


def test_the_link_does_not_lead_over_the_most_bytes() -> None:
    text = '{"head":{"vars":["a"]},"results":{"bindings":[]}}'
    longer = len(b"".join(add_link(answer(text), JSON, ADDRESS, None)))
    assert len(b"".join(add_link(answer(text), JSON, ADDRESS, longer))) == longer
    assert b"".join(add_link(answer(text), JSON, ADDRESS, longer - 1)) == text.encode()


def test_a_large_answer_is_whole_behind_its_link() -> None:
    text = '{"head":{"vars":["a"]},"results":{"bindings":[' + ",".join(["{}"] * IN_MEMORY) + "]}}"
    changed = add_link(answer(text), JSON, ADDRESS, None)
    told = b"".join(changed)
    assert changed.size == len(told)
    assert len(json.loads(told)["results"]["bindings"]) == IN_MEMORY
