"""Code lists as trees: every code of the list once, where it belongs, with what the graph says of it."""

import re
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from budgetgraph.ontology import codelists

HTML = {"Accept": "text/html"}
YEAR = 2021
MOST_BYTES = 100 * 1024
LISTS = ["functional", "dept-economic", "gov-economic", "revenue-source", "fund", "division"]


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    assert len(response.data) <= MOST_BYTES
    return html.fromstring(response.text)


def scheme(name: str) -> codelists.Scheme:
    return codelists.scheme(name, YEAR if codelists.is_yearly(name) else None)


def items(element: html.HtmlElement, above: str | None = None) -> Iterator[tuple[str, str | None, html.HtmlElement]]:
    """Yield (path of the concept, path of what it stands below, its line) for all of a tree."""
    for item in element.xpath("./li"):
        path = str(item.xpath("./a")[0].get("href")).partition("?")[0]
        yield path, above, item
        for branch in item.xpath("./details/ul"):
            yield from items(branch, path)


def tree(client: FlaskClient, path: str) -> dict[str, tuple[str | None, html.HtmlElement]]:
    """Return the whole tree; what a page leaves out is read from the page it leads to."""
    found: dict[str, tuple[str | None, html.HtmlElement]] = {}
    for root in page(client, path).xpath("//ul[@class='tree'][not(ancestor::ul[@class='tree'])]"):
        for concept, above, line in items(root):
            assert concept not in found
            found[concept] = above, line
            for more in line.xpath("./a[starts-with(., '+')]"):
                below = tree(client, concept.replace("/id/", "/doc/", 1))
                assert len(below) == int(more.text[1:])
                found |= {each: (over or concept, on) for each, (over, on) in below.items()}
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_shown_whole_and_each_code_in_its_place(shipped: FlaskClient, name: str) -> None:
    listed = scheme(name)
    start = f"/id/code/{listed.iri.rpartition('/id/code/')[2]}"
    shown = tree(shipped, start.replace("/id/", "/doc/", 1))
    wanted = {
        f"{start}/{each.notation}": f"{start}/{each.broader}" if each.broader else None
        for each in listed.concepts.values()
    }
    assert {path: above for path, (above, _) in shown.items()} == wanted
    for each in listed.concepts.values():
        line = " ".join(shown[f"{start}/{each.notation}"][1].xpath("./text() | ./a/text() | ./span/text()"))
        assert each.notation in line
        assert each.label in line
        assert each.label_en is None or each.label_en in line
        assert ("待核" in line) == (each.status == codelists.PROVISIONAL)


def test_uses_are_the_observations_of_the_graph(shipped: FlaskClient) -> None:
    store = ox.Store()
    with shipped.get("/graphs?default", headers={"Accept": "application/n-triples"}) as whole:
        store.load(whole.data, format=ox.RdfFormat.N_TRIPLES)
    observation = ox.NamedNode("http://purl.org/linked-data/cube#Observation")
    observations = {quad.subject for quad in store.quads_for_pattern(None, None, observation)}
    uses: Counter[str] = Counter()
    for each in observations:
        uses.update({str(quad.object) for quad in store.quads_for_pattern(each, None, None)})
    for name in ("functional", "fund"):
        start = scheme(name).iri
        counted = 0
        for path, (_, line) in tree(shipped, f"/doc/code/{start.rpartition('/id/code/')[2]}").items():
            shown = sum(int(each.text) for each in line.xpath("./span[@class='uses']"))
            assert shown == uses[f"<https://w3id.org/budgetgraph{path}>"], path
            counted += shown
        assert counted > 0


def test_a_concept_says_what_is_above_it_and_lists_its_years(shipped: FlaskClient) -> None:
    found = page(shipped, f"/doc/code/functional/{YEAR}/2013101?lang=en")
    crumbs = [str(each.get("href")).partition("?")[0] for each in found.xpath("//p[@class='crumbs']/a")]
    start = f"/id/code/functional/{YEAR}"
    assert crumbs == ["/codes", start, f"{start}/_T", f"{start}/201", f"{start}/20131"]
    assert not found.xpath("//details[summary='All statements']")  # its figures are what one comes for


def test_all_lists_are_listed_with_their_years_and_numbers(shipped: FlaskClient) -> None:
    rows = page(shipped, "/codes").xpath("//tbody/tr")
    shown = {}
    for row in rows:
        address = (row.xpath("./td/a/@href") or row.xpath("./th/a/@href"))[0]
        concepts, observed = (int(cell.text) for cell in row.xpath("./td[@class='number']"))
        shown[re.sub(r"[?].*|^/id/code/", "", address)] = concepts, observed
    for name in codelists.schemes():
        listed = scheme(name)
        seen = [each for each in listed.concepts.values() if each.status == codelists.OBSERVED]
        assert shown[listed.iri.rpartition("/id/code/")[2]] == (len(listed.concepts), len(seen)), name
    assert len(shown) == len(codelists.schemes())


def test_a_list_of_several_years_leads_to_each(shipped: FlaskClient) -> None:
    found = page(shipped, "/doc/code/functional")
    assert [each.text for each in found.xpath("//p[@class='editions']/a")] == [str(YEAR)]
    assert not found.xpath("//ul[@class='tree']")


def test_the_whole_list_can_be_taken(shipped: FlaskClient) -> None:
    address = page(shipped, f"/doc/code/functional/{YEAR}").xpath("//a[text()='ntriples']/@href")[0]
    with shipped.get(address) as taken:
        graph = list(ox.parse(taken.data, ox.RdfFormat.N_TRIPLES))
    concepts = {str(t.subject) for t in graph if t.predicate.value.endswith("core#notation")}
    assert len(concepts) == len(scheme("functional").concepts)
