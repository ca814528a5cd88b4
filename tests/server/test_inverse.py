"""What refers to a resource is reached to the last, page by page, there and back, by people and machines."""

import re
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

HTML = {"Accept": "text/html"}
FUND = "https://w3id.org/budgetgraph/def#fund"
BROADER = "http://www.w3.org/2004/02/skos/core#broader"
GENERAL, CLASS = "/doc/code/fund/general", "/doc/code/functional/2021/_T"
_LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')


def first(path: str, property_iri: str) -> str:
    return f"{path}?inverse={quote(property_iri, safe='')}"


def links(response: Any) -> dict[str, str]:
    return {relation: address for each in response.headers.getlist("Link") for address, relation in _LINK.findall(each)}


def subjects(response: Any) -> list[str]:
    """Return the subjects of a page in its order: IRIs of N-Triples, paths of HTML."""
    if response.content_type.startswith("text/html"):
        page: Any = html.fromstring(response.text)
        return [str(each).partition("?")[0] for each in page.xpath("//main/ul/li/a/@href")]
    return [str(triple.subject)[1:-1] for triple in ox.parse(response.data, ox.RdfFormat.N_TRIPLES)]


def walk(client: FlaskClient, address: str, relation: str) -> list[list[str]]:
    """Return the pages from an address on, by the links of one relation."""
    pages = []
    while address:
        response = client.get(address, headers=HTML)
        assert response.status_code == 200
        pages.append(subjects(response))
        last, address = address, links(response).get(relation, "")
        assert address != last
    return pages


def known(client: FlaskClient, path: str, property_iri: str) -> list[str]:
    """Return what the store has, asked by a query of its own."""
    this = f"https://w3id.org/budgetgraph/id{path.removeprefix('/doc')}"
    query = f"SELECT ?s WHERE {{ ?s <{property_iri}> <{this}> FILTER(ISIRI(?s)) }}"
    rows = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text.splitlines()
    return sorted(rows[1:])


@pytest.mark.parametrize(("path", "property_iri"), [(GENERAL, FUND), (CLASS, BROADER)])
def test_all_pages_together_are_all_there_is(shipped: FlaskClient, path: str, property_iri: str) -> None:
    wanted = known(shipped, path, property_iri)
    pages = walk(shipped, first(f"{path}.nt", property_iri), "next")
    assert [each for page in pages for each in page] == wanted
    assert all(len(page) == 100 for page in pages[:-1])
    shown = [each for page in walk(shipped, first(path, property_iri), "next") for each in page]
    assert shown == [each.removeprefix("https://w3id.org/budgetgraph") for each in wanted]


def test_the_way_back_is_the_way_there(shipped: FlaskClient) -> None:
    start = first("/doc/code/functional/2021.nt", "http://www.w3.org/2004/02/skos/core#inScheme")
    pages = walk(shipped, start, "next")
    assert len(pages) >= 3
    address = start
    for _ in pages[1:]:
        address = links(shipped.get(address))["next"]
    assert walk(shipped, address, "prev") == pages[::-1]
    assert "prev" not in links(shipped.get(start))


def test_a_cut_page_leads_to_the_rest_and_says_how_much_there_is(shipped: FlaskClient) -> None:
    page: Any = html.fromstring(shipped.get(f"{GENERAL}?lang=en", headers=HTML).text)
    note = next(each for each in page.xpath("//p[@class='note']") if "by property" in each.text_content())
    address = note.xpath("./a[contains(@href, 'def%23fund')]/@href")[0]
    assert re.search(rf"fund {len(known(shipped, GENERAL, FUND))}\b", re.sub(r"\s+", " ", note.text_content()))
    assert len(subjects(shipped.get(address, headers=HTML))) == 100


def test_language_and_release_stay(shipped: FlaskClient) -> None:
    response = shipped.get(first(GENERAL, FUND) + "&lang=en", headers=HTML)
    assert "lang=en" in links(response)["next"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (first(GENERAL, "no iri"), 400),
        (first(GENERAL, FUND) + "&after=%3Cx", 400),
        (first(GENERAL, "https://example.org/p"), 404),
        (first("/doc/nothing", FUND), 404),
    ],
)
def test_what_is_not_there_is_refused(shipped: FlaskClient, address: str, status: int) -> None:
    assert shipped.get(address, headers=HTML).status_code == status
