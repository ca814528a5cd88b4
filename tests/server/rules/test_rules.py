"""The pages of rules say what the shapes say, and the league counts what the reports state."""

import csv
import io
import json
import os
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from budgetgraph.server.rules import reading
from budgetgraph.server.rules.reading import read_examples, read_rules, turtle_of
from budgetgraph.shapes.across import shapes_across
from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.rules import SHAPE_BASE, Rule

HTML = {"Accept": "text/html"}
CASES = Path(__file__).parents[2] / "shapes" / "cases"
EXAMPLES = Path(reading.__file__).with_name("examples.json")
_COMMENT = re.compile(r"^(?:# .*\n)+", re.MULTILINE)


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    assert len(response.data) <= 100 * 1024
    return html.fromstring(response.text)


def words(path: Path) -> dict[str, str]:
    """Return what a case is, in its words: the English lines of its comment, and the Chinese one behind them."""
    found = _COMMENT.search(path.read_text("utf-8"))
    assert found is not None, path
    en, _, zh = " ".join(line.removeprefix("# ") for line in found[0].splitlines()).partition(" zh: ")
    assert zh, f"{path}: add a line `# zh: ...` below its first words"
    return {"zh": zh, "en": en}


def test_the_examples_are_the_words_of_the_cases() -> None:
    """`BUDGETGRAPH_APPROVE=1` writes them anew."""
    wanted = {
        folder.name: {name: words(folder / f"{name}.ttl") for name in ("valid", "invalid")}
        for folder in sorted(CASES.iterdir())
        if folder.is_dir()
    }
    if os.environ.get("BUDGETGRAPH_APPROVE"):
        EXAMPLES.write_text(json.dumps(wanted, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert json.loads(EXAMPLES.read_text("utf-8")) == wanted
    assert set(read_examples()) == set(shipped_shapes().rules)


@pytest.mark.parametrize("rule", read_rules().values(), ids=lambda rule: rule.id)
def test_the_shacl_of_a_rule_states_all_the_shapes_say_of_it(rule: Rule) -> None:
    shapes = shapes_across() if reading.is_across(rule) else shipped_shapes()
    stated = {quad.triple for quad in ox.parse(turtle_of(rule), ox.RdfFormat.TURTLE)}
    for node in {rule.iri, f"{rule.iri}-query"}:
        wanted = {quad.triple for quad in shapes.store.quads_for_pattern(ox.NamedNode(node), None, None)}
        kept = {triple for triple in wanted if not isinstance(triple.object, ox.BlankNode)}
        assert kept <= stated
        assert len([each for each in stated if each.subject == ox.NamedNode(node)]) == len(wanted)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["WT-1", "QB-12", "QB-X3", "PF-10", "AD-1", "AD-3"])
def test_a_rule_has_a_page(client: FlaskClient, name: str, language: str) -> None:
    rule = read_rules()[name]
    found = page(client, f"/shapes/{name}?lang={language}")
    text = re.sub(r"\s+", " ", found.text_content())
    assert found.xpath("string(//h1)") == f"{name} {rule.names[language]}"
    for each in (rule.iri, rule.descriptions[language], rule.messages[language], reading.shacl_of(rule)):
        assert re.sub(r"\s+", " ", each).strip() in text
    if name in read_examples():
        assert read_examples()[name].valid[language] in text
        assert read_examples()[name].invalid[language] in text
    turtle = client.get(f"/shapes/{name}.ttl")
    assert turtle.content_type == "text/turtle; charset=utf-8"
    assert turtle.text == turtle_of(rule)


def test_all_rules_are_listed_and_lead_to_their_pages(client: FlaskClient) -> None:
    links = page(client, "/shapes?lang=en").xpath("//tbody//a/@href")
    assert Counter(links) == Counter(f"/shapes/{rule}?lang=en" for rule in read_rules())
    assert client.get("/shapes/NO-1", headers=HTML).status_code == 404


def test_the_rules_over_several_documents_are_published_apart(client: FlaskClient) -> None:
    subjects = {
        path: {str(quad.subject) for quad in ox.parse(client.get(path).data, ox.RdfFormat.TURTLE)}
        for path in ("/shapes.ttl", "/shapes/across-documents.ttl")
    }
    for rule in shapes_across().rules.values():
        assert f"<{rule.iri}>" in subjects["/shapes/across-documents.ttl"]
        assert f"<{rule.iri}>" not in subjects["/shapes.ttl"]
    query = client.get("/shapes/across-documents.rq")
    assert query.content_type.startswith("application/sparql-query")
    assert "CONSTRUCT" in query.text


def counted(client: FlaskClient, severity: str | None = None) -> Counter[str]:
    """Count what the published reports state, by rule."""
    found: Counter[str] = Counter()
    for document in sorted(set(re.findall(r"/validation/([0-9a-f]{16})", client.get("/", headers=HTML).text))):
        for triple in ox.parse(client.get(f"/validation/{document}.nt").data, ox.RdfFormat.N_TRIPLES):
            if triple.predicate.value.endswith("#sourceShape"):
                found[str(triple.object)[1:-1].removeprefix(SHAPE_BASE)] += 1
    rules = read_rules()
    return Counter({name: n for name, n in found.items() if severity in {None, rules[name].severity.value}})


@pytest.mark.parametrize("severity", [None, "Violation", "Warning", "Info"])
def test_the_league_counts_what_the_reports_state(shipped: FlaskClient, severity: str | None) -> None:
    query = f"?severity={severity}" if severity else ""
    wanted = counted(shipped, severity)
    assert sum(wanted.values()) > (0 if severity == "Violation" else 5)
    told = json.loads(shipped.get(f"/validation.json{query}").text)["rules"]
    assert {each["rule"]: each["findings"] for each in told} == wanted
    assert [each["findings"] for each in told] == sorted((each["findings"] for each in told), reverse=True)
    rows = list(csv.DictReader(io.StringIO(shipped.get(f"/validation.csv{query}").text)))
    assert {row["rule"]: int(row["findings"]) for row in rows} == wanted
    shown = page(shipped, f"/validation{query}").xpath("//tbody/tr")
    assert {row.xpath("string(./th)"): int(row.xpath("string(./td[3])")) for row in shown} == wanted


def test_the_league_is_narrowed_to_a_year_and_a_place(shipped: FlaskClient) -> None:
    everything = json.loads(shipped.get("/validation?format=json").text)["rules"]
    for same in ("year=2021", "place=420100-wedz", "year=2021&place=420100-wedz"):
        assert json.loads(shipped.get(f"/validation.json?{same}").text)["rules"] == everything
    for other in ("year=2020", "place=310107"):
        assert json.loads(shipped.get(f"/validation.json?{other}").text)["rules"] == []
    options = page(shipped, "/validation").xpath("//select[@name='place']/option/@value")
    assert options == ["", "420100-wedz"]
    refused = shipped.get("/validation?severity=Bad")
    assert refused.status_code == 400
    assert "Violation, Warning, Info" in refused.text


def test_a_rule_shows_what_it_found(shipped: FlaskClient) -> None:
    name, number = counted(shipped).most_common(1)[0]
    found = page(shipped, f"/shapes/{name}?lang=en")
    assert len(found.xpath("//h3/following-sibling::ul/li")) == number
    report = found.xpath("//h3/a/@href")[0]
    assert f"/shapes/{name}?lang=en" in page(shipped, report).xpath("//td/a/@href")
