"""Every figure of every page of the shipped publications is the graph's, in 元, 万元 and 亿元, and none is missing.

What pages show is worked out here again, from the statements of the graph alone and with Decimal.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from budgetgraph.cli.publish import _shared_graphs
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.sources.bundles import open_publications
from budgetgraph.ontology.namespaces import BASE, BUD_BASE, PREFIXES
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.workers import PoolLimits

ROOT = Path(__file__).resolve().parents[3]
HTML = {"Accept": "text/html"}
UNITS = {"yuan": 0, "wan": 4, "yi": 8}
NAMES = {"yuan": "元", "wan": "万元", "yi": "亿元"}

Value = str | Decimal


class Graph:
    """The statements of all documents, by subject and property."""

    def __init__(self, store: ox.Store) -> None:
        self.values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        # The default graph is the union of all others, each statement once.
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            self.values[quad.subject.value][quad.predicate.value].append(quad.object.value)  # type: ignore[union-attr]

    def of(self, subject: str, name: str) -> list[str]:
        """Return the values of a property, `bud:amount` or a prefixed name."""
        prefix, _, local = name.partition(":")
        return self.values[subject].get((BUD_BASE if prefix == "bud" else PREFIXES[prefix]) + local, [])

    def one(self, subject: str, name: str) -> str:
        (value,) = self.of(subject, name)
        return value

    @cached_property
    def _classes(self) -> Mapping[str, list[str]]:
        found = defaultdict(list)
        for subject, said in self.values.items():
            for name in said.get(f"{PREFIXES['rdf']}type", []):
                found[name].append(subject)
        return found

    def members(self, name: str) -> list[str]:
        return self._classes.get(name, [])

    @cached_property
    def observations(self) -> Mapping[str, list[str]]:
        """Return the observations of each data set."""
        found = defaultdict(list)
        for each in self.members(f"{PREFIXES['qb']}Observation"):
            found[self.one(each, "qb:dataSet")].append(each)
        return found

    def above(self, concept: str) -> Iterator[str]:
        """Yield a concept and those above it."""
        yield concept
        for each in self.of(concept, "skos:broader"):
            yield from self.above(each)

    def leaves(self, department: str, year: str, structure: str) -> Iterator[tuple[str, Decimal]]:
        """Yield the leaves of a department's canonical data set with their amounts in 元."""
        for data_set in self.members(f"{PREFIXES['qb']}DataSet"):
            if (
                self.of(data_set, "bud:canonical") == ["true"]
                and self.of(data_set, "bud:reportingUnit") == [department]
                and self.of(data_set, "bud:fiscalYear") == [year]
                and self.of(data_set, "qb:structure") == [f"{BUD_BASE}dsd-{structure}"]
            ):
                for each in self.observations[data_set]:
                    if self.one(each, "bud:isLeaf") == "true":
                        yield each, Decimal(self.one(each, "bud:amount"))


@pytest.fixture(scope="module")
def published(memory_folder: Path) -> Iterator[tuple[Graph, FlaskClient]]:
    settings, graphs, documents, years = Settings(), [], [], set()
    with open_publications([ROOT / "data" / "publications"], settings) as opened:
        for publication in opened.publications:
            conversion = convert_publication(publication, settings)
            graphs.append("".join(serialize(conversion.graphs, "nquads")).encode())
            documents.append(conversion.ids.version)
            years.add(conversion.budget.fiscal_year)
    folder = memory_folder / "store"
    release = build_release(
        folder, [*graphs, _shared_graphs(BASE, years)], ReleaseMetadata(BASE, tuple(documents), "0")
    )
    app = create_app(ServerConfig(folder, PoolLimits(workers=1, time=60), web=WebLimits(seconds=None)))
    yield Graph(ox.Store.read_only(str(release.quads_path))), app.test_client()
    close_app(app)


def _page(client: FlaskClient, iri: str, unit: str = "yuan") -> Any:
    path = iri.replace(f"{BASE}id/", "/doc/", 1)
    response = client.get(f"{path}?unit={unit}&lang=zh", headers=HTML)
    assert response.status_code == 200, path
    return html.fromstring(response.text)


def _number(text: str, unit: str = "yuan") -> Decimal:
    return Decimal(text.replace(",", "")).scaleb(UNITS[unit])


def _rows(page: Any, table: str) -> list[dict[str, str]]:
    """Return the rows of an answer by the names of their columns; [] where the page has none."""
    found = page.xpath(f"//table[@id='{table}']")
    if not found:
        return []
    names = [th.get("data-column") for th in found[0].xpath("./thead//th")]
    cells = ([td.text_content() for td in tr.xpath("./td|./th")] for tr in found[0].xpath("./tbody/tr"))
    return [dict(zip(names, row, strict=True)) for row in cells]


def test_every_printed_table_of_every_document(published: tuple[Graph, FlaskClient]) -> None:
    graph, client = published
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    figures = defaultdict(set)
    for subject in graph.values:
        if graph.of(subject, "bud:sourceValue"):
            for cell in graph.of(subject, "prov:wasDerivedFrom"):
                figures[cell].add(subject)
    for cell in graph.members(f"{BUD_BASE}TableCell"):
        text = graph.of(cell, "bud:cellText") or [graph.one(each, "bud:sourceValue") for each in figures[cell]] or [""]
        cells[graph.one(cell, "bud:inTable")][cell.rpartition("/")[2]] = text[0]
    assert len(cells) > 90
    for table, expected in cells.items():
        page, shown = _page(client, table), {}
        for each in page.xpath("//table[@class='printed']//*[@id]"):
            name = each.get("id")
            links = each.xpath("./a/@href")
            linked = links[0].partition("?")[0].replace("/id/", f"{BASE}id/", 1) if links else None
            known = figures[f"{table}/{name}"]
            assert linked in known if known else linked is None, (table, name)
            shown[name] = "" if each.get("class") == "withheld" else each.text_content()
        assert shown == expected, table


def test_every_document(published: tuple[Graph, FlaskClient]) -> None:
    graph, client = published
    documents = graph.members(f"{BUD_BASE}DocumentVersion")
    assert len(documents) == 10
    for document in documents:
        page = _page(client, document)
        series = graph.one(document, "dcterms:isVersionOf")
        tables = [t for t in graph.members(f"{BUD_BASE}BudgetTable") if graph.one(t, "oa:hasSource") == document]
        links = page.xpath("//h2[@id='tables']/following-sibling::ul[1]//a/@href")
        assert sorted(f"{BASE}id/{link.partition('?')[0].removeprefix('/id/')}" for link in links) == sorted(tables)

        items = [o for o in graph.values if o.startswith(f"{series}/") and graph.of(o, "bud:projectItem")]
        amounts = {
            graph.one(o, "bud:projectItem"): Decimal(graph.one(o, "bud:amount"))
            for o in items
            if graph.one(o, "bud:projectItem").rpartition("/")[2] != "_T"
        }
        shown = {
            f"{BASE}id/{row.xpath('./td[2]/a/@href')[0].partition('?')[0].removeprefix('/id/')}": _number(text)
            for row in page.xpath("//details//table//tr[td[@class='number']]")
            if (text := row.xpath("string(./td[3])"))
        }
        assert shown == amounts, document

        targets = [
            graph.one(target, "bud:sourceValue")
            for objective in graph.values
            if objective.startswith(f"{series}/objective/")
            for indicator in graph.of(objective, "bud:hasIndicator")
            for target in graph.of(indicator, "bud:hasTarget")
        ]
        printed = page.xpath("//table[@id='indicators']//tr[not(@class)]/td[3]")
        assert sorted(td.text_content() for td in printed) == sorted(targets), document


@pytest.mark.parametrize("unit", UNITS)
def test_every_department(published: tuple[Graph, FlaskClient], unit: str) -> None:
    graph, client = published
    departments = {graph.one(d, "bud:reportingUnit") for d in graph.members(f"{BUD_BASE}DocumentVersion")}
    assert len(departments) == 8
    for department in departments:
        page = _page(client, department, unit)
        years = {
            graph.one(d, "bud:fiscalYear")
            for d in graph.members(f"{BUD_BASE}DocumentVersion")
            if graph.one(d, "bud:reportingUnit") == department
        }
        sums = {
            (year.rpartition("/")[2], structure): sum(a for _, a in graph.leaves(department, year, structure))
            for year in years
            for structure in ("expenditure", "revenue")
        }
        for row in _rows(page, "answer-totals"):
            assert _number(row["expenditure"], unit) == sums[row["year"], "expenditure"]
            assert _number(row["revenue"], unit) == sums[row["year"], "revenue"]
        assert {row["year"] for row in _rows(page, "answer-totals")} == {year for year, _ in sums}

        printed = page.xpath("//table[@id='budgets']/tbody/tr")
        assert len(printed) == len(years)
        for tr in printed:
            _, year, expenditure, revenue = (each.text_content() for each in tr.xpath("./th|./td"))
            assert _number(expenditure, unit) == sums[year[:4], "expenditure"]
            assert _number(revenue, unit) == sums[year[:4], "revenue"]
        headings = page.xpath("//table[@id='budgets']/thead//th[@class='number']")
        assert all(f"（{NAMES[unit]}）" in th.text_content() for th in headings)

        latest = max(years)
        by_class: dict[str, Decimal] = defaultdict(Decimal)
        for leaf, amount in _by_function(graph, department, latest):
            for concept in graph.above(graph.one(leaf, "bud:functionalClass")):
                if len(code := graph.one(concept, "skos:notation")) == 3:
                    by_class[code] += amount
        shown = {row["code"]: _number(row["yuan"], unit) for row in _rows(page, "answer-spending-by-function")}
        assert shown == by_class, department

        three = {
            (year.rpartition("/")[2], graph.one(graph.one(o, "bud:threePublic"), "skos:notation")): Decimal(
                graph.one(o, "bud:amount")
            )
            for year in years
            for o in _of_kind(graph, department, year, "three-public")
            if graph.one(o, "bud:functionalClass").endswith("/_T")
        }
        found = {(row["year"], row["code"]): _number(row["yuan"], unit) for row in _rows(page, "answer-three-public")}
        assert found == three, department

        economic: dict[str, Decimal] = defaultdict(Decimal)
        for o in _of_kind(graph, department, latest, "basic-expenditure"):
            if graph.one(o, "bud:isLeaf") == "true":
                for concept in graph.above(graph.one(o, "bud:economicClass")):
                    if len(code := graph.one(concept, "skos:notation")) == 3:
                        economic[code] += Decimal(graph.one(o, "bud:amount"))
        basic = _rows(page, "answer-basic-spending-by-economic-class")
        assert {row["code"]: _number(row["yuan"], unit) for row in basic} == economic, department

        flow = _rows(page, "answer-money-flow")
        received = sum((_number(row["yuan"], unit) for row in flow if row["to"] == "收支总额"), Decimal())
        assert received == sums[latest.rpartition("/")[2], "revenue"], department


def _by_function(graph: Graph, department: str, year: str) -> list[tuple[str, Decimal]]:
    """Return the leaves that are divided by function: of the canonical data set, or of the balance table."""
    leaves = list(graph.leaves(department, year, "expenditure"))
    if any(graph.of(graph.one(leaf, "bud:functionalClass"), "skos:broader") for leaf, _ in leaves):
        return leaves
    balance = _of_kind(graph, department, year, "balance")
    return [(o, Decimal(graph.one(o, "bud:amount"))) for o in balance if graph.one(o, "bud:isLeaf") == "true"]


def _of_kind(graph: Graph, department: str, year: str, kind: str) -> Iterator[str]:
    """Yield the observations of the expenditure data sets of a kind of table."""
    for data_set in graph.members(f"{PREFIXES['qb']}DataSet"):
        if (
            graph.of(data_set, "bud:tableKind") == [f"{BASE}id/code/table-kind/{kind}"]
            and graph.of(data_set, "bud:reportingUnit") == [department]
            and graph.of(data_set, "bud:fiscalYear") == [year]
            and graph.of(data_set, "qb:structure") == [f"{BUD_BASE}dsd-expenditure"]
        ):
            yield from graph.observations[data_set]


def test_the_home_page(published: tuple[Graph, FlaskClient]) -> None:
    graph, client = published
    page: Any = html.fromstring(client.get("/?lang=zh", headers=HTML).text)
    shown = {}
    for tr in page.xpath("//main//table[1]/tbody/tr[th]"):
        document = tr.xpath("./td/a/@href")[0].partition("?")[0].replace("/id/", f"{BASE}id/", 1)
        shown[document] = [_number(td.text_content()) for td in tr.xpath("./td[@class='number']")]
    for document in graph.members(f"{BUD_BASE}DocumentVersion"):
        department, year = graph.one(document, "bud:reportingUnit"), graph.one(document, "bud:fiscalYear")
        expenditure, revenue = (
            sum(amount for _, amount in graph.leaves(department, year, structure))
            for structure in ("expenditure", "revenue")
        )
        series = graph.one(document, "dcterms:isVersionOf")
        count = sum(
            len(observations)
            for data_set, observations in graph.observations.items()
            if graph.of(data_set, "dcterms:isPartOf") == [series]
        )
        assert shown[document] == [expenditure, revenue, count], document
