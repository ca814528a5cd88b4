"""Nothing is lost or changed between engine and client: each query in each format, read by parsers of others."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.copying import load_copy
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata, find_release
from budgetgraph.server.syntaxes import SYNTAXES
from budgetgraph.server.workers import PoolLimits
from tests.server.waiting import hold

BASE = "https://data.example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"

#: What is hard to write: a statement each, with the number of its line as subject.
TEXTS = [
    "",
    " ",
    "  two  spaces  ",
    "a\nb",
    "a\r\nb",
    "a\rb\r",
    "a\tb\t",
    "\n",
    'a"b',
    '"',
    '""',
    "'",
    "a,b;c",
    ",",
    "\\",
    "a\\nb",
    "\\u0041",
    "<b>&amp;</b>",
    "]]>",
    "=1+1",
    "@SUM(A1)",
    "<!-- -->",
    "预算“单位”：万元",
    "𠀀😀",
    "\u00a0\u2028\u0085",
    "\ufeffbom",
    "e\u0301",
    "a\x7fb",
    "%41%00",
]
LITERALS = [
    *map(ox.Literal, TEXTS),
    ox.Literal("部门", language="zh"),
    ox.Literal("部門", language="zh-Hant-TW"),
    ox.Literal("a\rb\n", language="en-GB"),
    *(ox.Literal(text, datatype=ox.NamedNode(XSD + name)) for text, name in [
        ("1", "integer"), ("-0", "integer"), ("12345678901234567", "integer"), ("0.5", "decimal"),
        ("100.10", "decimal"), ("-3.000", "decimal"), ("1e6", "double"), ("INF", "double"), ("NaN", "double"),
        ("1.5", "float"), ("true", "boolean"), ("0", "boolean"), ("2021-03-14", "date"),
        ("2021-03-14T01:59:26.535Z", "dateTime"), ("2021", "gYear"), ("P1Y2M", "yearMonthDuration"),
        ("wrong", "integer"), ("x\ty", "anyURI"), ("2021-13-99", "date"),
    ]),
    ox.Literal("a\"b\r\n", datatype=ox.NamedNode(f"{BASE}own#type")),
]  # fmt: skip
NODES: list[ox.NamedNode | ox.BlankNode] = [
    ox.NamedNode(f"{BASE}plain"),
    ox.NamedNode(f"{BASE}预算?a=b&c='d'#e,f"),
    ox.NamedNode("urn:x-a:b%20c"),
    ox.BlankNode("one"),
    ox.BlankNode("two"),
]
SAY, NEXT, MAYBE = (ox.NamedNode(f"{BASE}def#{name}") for name in ("say", "next", "maybe"))


def _statements() -> Iterator[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graph/doc/1/data")
    for number, value in enumerate([*LITERALS, *NODES]):
        this = ox.NamedNode(f"{BASE}id/{number:03}")
        yield ox.Quad(this, SAY, value, graph)
        yield ox.Quad(this, NEXT, ox.NamedNode(f"{BASE}id/{number + 1:03}"), graph)
        if number % 3 == 0:
            yield ox.Quad(this, MAYBE, ox.Literal(number), graph)
    yield ox.Quad(NODES[3], SAY, NODES[4], graph)
    yield ox.Quad(NODES[4], SAY, NODES[3], ox.NamedNode(f"{BASE}graph/other"))


PREFIX = f"PREFIX d: <{BASE}def#> PREFIX i: <{BASE}id/> PREFIX xsd: <{XSD}> "
SELECTS = [
    "SELECT ?s ?o { ?s d:say ?o } ORDER BY ?s",
    "SELECT ?o ?s { ?s d:say ?o }",
    "SELECT * { ?s d:say ?o }",
    "SELECT ?s ?o ?m { ?s d:say ?o OPTIONAL { ?s d:maybe ?m } }",
    "SELECT ?never ?s { ?s d:say ?o }",
    "SELECT ?m { ?s d:say ?o OPTIONAL { ?s d:maybe ?m } }",
    "SELECT ?s ?m ?o { ?s d:say ?o OPTIONAL { ?s d:maybe ?m } } ORDER BY ?m ?s",
    "SELECT DISTINCT ?p { ?s ?p ?o }",
    "SELECT REDUCED ?p { ?s ?p ?o }",
    "SELECT ?o { ?s d:say ?o } ORDER BY DESC(?s) LIMIT 7 OFFSET 3",
    "SELECT ?o { ?s d:say ?o } LIMIT 0",
    "SELECT * { ?s d:nothing ?o }",
    "SELECT * {}",
    "SELECT * { {} UNION {} UNION {} }",
    "SELECT ?x { VALUES ?x { UNDEF 1 UNDEF } }",
    "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF UNDEF) (1 UNDEF) (UNDEF '') ('' '') } }",
    "SELECT ?预算 ?_1 { ?预算 d:maybe ?_1 }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?o) AS ?n) (SUM(?o) AS ?sum) (MIN(?o) AS ?min) (MAX(?o) AS ?max) { ?s d:maybe ?o }",
    "SELECT (AVG(?m) AS ?a) (SAMPLE(?p) AS ?x) { ?s ?p ?m . ?s d:maybe ?m }",
    "SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(?s) > 1)",
    "SELECT (GROUP_CONCAT(?t; separator='\\r\\n\"') AS ?x) { { SELECT (STR(?o) AS ?t) { ?s d:say ?o } ORDER BY ?s } }",
    "SELECT (SUM(?o) AS ?sum) { ?s d:say ?o }",
    "SELECT (1/0 AS ?fault) (1 AS ?one) {}",
    "SELECT (1.10 AS ?a) (1e2 AS ?b) (-5 AS ?c) (true AS ?d) ('x'@en AS ?e) {}",
    "SELECT (0.1 + 0.2 AS ?a) (1/3 AS ?b) (2*1e300*1e10 AS ?c) (-0.0e0 AS ?d) {}",
    "SELECT (xsd:decimal('100.10') AS ?a) (xsd:integer('007') AS ?b) (xsd:double('1e6') AS ?c) {}",
    "SELECT (STRLEN(?o) AS ?n) (UCASE(?o) AS ?u) (ENCODE_FOR_URI(?o) AS ?e) { ?s d:say ?o }",
    "SELECT (CONCAT(?o, '\\r', ?o) AS ?x) { ?s d:say ?o FILTER(LANG(?o) = '') }",
    "SELECT (STRLANG('a\\nb', 'zh-Hans') AS ?x) (STRDT('', xsd:string) AS ?y) (STRDT('1', i:type) AS ?z) {}",
    "SELECT (IRI(CONCAT('urn:x:', STRAFTER(STR(?s), 'id/'))) AS ?x) { ?s d:maybe ?m }",
    "SELECT (LANG(?o) AS ?l) (DATATYPE(?o) AS ?t) (STR(?o) AS ?v) { ?s d:say ?o }",
    "SELECT ?s { ?s d:say ?o FILTER(isBlank(?o)) }",
    "SELECT ?a ?b { ?s d:say ?a . ?a d:say ?b }",
    "SELECT ?o { ?s d:say ?o FILTER(LANGMATCHES(LANG(?o), 'zh')) }",
    "SELECT ?o { ?s d:say ?o FILTER(REGEX(STR(?o), '\\\\r|\\\\n')) }",
    "SELECT ?s { ?s d:say '' }",
    "SELECT ?g ?o { GRAPH ?g { ?s d:say ?o } }",
    "SELECT ?x { i:000 d:next+ ?x }",
    "SELECT ?x { ?x ^d:next/^d:next i:003 }",
    "SELECT ?o { i:000 (d:say|d:next) ?o }",
    "SELECT ?s ?o { ?s !(d:next|d:maybe) ?o }",
    "SELECT ?s { ?s d:next ?n MINUS { ?s d:maybe ?m } }",
    "SELECT ?s { ?s d:next ?n FILTER NOT EXISTS { ?s d:maybe ?m } }",
    "SELECT ?s ?t { ?s d:maybe ?m { SELECT ?s ?t { ?s d:say ?t } LIMIT 20 } }",
    "SELECT ?t { BIND(<<( i:000 d:say 'a\\r\\tb\"'@en )>> AS ?t) }",
    "SELECT ?x { BIND(BNODE() AS ?x) }",
    "SELECT ?x ?y { BIND(BNODE('a') AS ?x) BIND(BNODE('a') AS ?y) }",
    "SELECT (COALESCE(?m, 'none') AS ?x) (IF(BOUND(?m), 1, 'no') AS ?y) { ?s d:say ?o OPTIONAL { ?s d:maybe ?m } }",
    "SELECT (YEAR(?o) AS ?y) (MONTH(?o) AS ?m) (SECONDS(?o) AS ?s) { ?x d:say ?o FILTER(isLiteral(?o)) }",
    "SELECT (MD5(?t) AS ?a) (SHA256(?t) AS ?b) { VALUES ?t { 'a\\rb' } }",
    "SELECT ?x { { SELECT ?x { VALUES ?x { 'a,b' 'a\"b' 'a\\rb' 'a\\nb' ' a' } } } }",
]
ASKS = ["ASK { ?s d:say '' }", "ASK { ?s d:say 'not there' }", "ASK {}"]
GRAPHS = [
    "CONSTRUCT WHERE { ?s d:say ?o }",
    "CONSTRUCT { ?s d:say ?o ; d:again ?o } WHERE { ?s d:say ?o }",
    "CONSTRUCT { ?s d:say [ d:of ?o ] } WHERE { ?s d:say ?o }",
    "CONSTRUCT { ?s d:say ?o } WHERE { GRAPH ?g { ?s d:say ?o } }",
    "CONSTRUCT { ?s ?m ?o . ?o d:say ?s . ?s d:maybe ?m } WHERE { ?s d:say ?o OPTIONAL { ?s d:maybe ?m } }",
    "CONSTRUCT { ?s d:list (?o 1 'x') } WHERE { ?s d:say ?o } LIMIT 5",
    "CONSTRUCT { d:a d:b 'a\\rb', 1.10, 1e2, true, '预算'@zh } WHERE {}",
    "CONSTRUCT { ?s d:nothing ?o } WHERE { ?s d:nothing ?o }",
    "DESCRIBE i:000 i:003",
    "DESCRIBE ?s { ?s d:say '' }",
    "DESCRIBE ?o { ?s d:say ?o FILTER(isBlank(?o)) }",
    "DESCRIBE <urn:nothing>",
]

Cell = tuple[object, ...] | None
Row = tuple[Cell, ...]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str, ox.Store]]:
    """Return a client of a server that reads from memory, the name of the release, and the same in memory here."""
    folder = tmp_path_factory.mktemp("results")
    source: Path = folder / "all.nq"
    ox.serialize(_statements(), str(source), ox.RdfFormat.N_QUADS)
    release = build_release(folder / "store", [source], ReleaseMetadata(BASE, ("1",), "0"))
    app = create_app(ServerConfig(folder / "store", PoolLimits(workers=1), web=WebLimits(seconds=None)))
    pool = app.extensions["budgetgraph"].engine.pool
    hold(pool, release.path)
    yield app.test_client(), release.id, load_copy(release)
    close_app(app)


@pytest.fixture(scope="module")
def on_disk(published: tuple[FlaskClient, str, ox.Store]) -> ox.Store:
    """Return the release as the engine reads it from the disk, which has an order of its own."""
    client, name, _ = published
    store: Path = client.application.extensions["budgetgraph"].config.store
    return ox.Store.read_only(str(find_release(store, name).quads_path))


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Cell:
    """Return a term without what another parser may write in another way: the labels of blank nodes."""
    if term is None:
        return None
    if isinstance(term, ox.Triple):
        return ("triple", _node(term.subject), _node(term.predicate), _node(term.object))
    if isinstance(term, ox.BlankNode):
        return ("bnode",)
    if isinstance(term, ox.NamedNode):
        return ("uri", term.value)
    return ("literal", term.value, term.language, term.datatype.value)


def _literal(value: str, language: str | None, datatype: str | None) -> Cell:
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" if language else f"{XSD}string"
    return ("literal", value, language, datatype or kind)


def _of_json(node: dict[str, object]) -> Cell:
    kind, value = node["type"], node["value"]
    if kind == "triple":
        assert isinstance(value, dict)
        return ("triple", *(_of_json(value[name]) for name in ("subject", "predicate", "object")))
    if kind == "bnode":
        return ("bnode",)
    if kind == "uri":
        return ("uri", value)
    return _literal(str(value), *(None if node.get(n) is None else str(node[n]) for n in ("xml:lang", "datatype")))


def _read_json(body: bytes) -> tuple[list[str], list[Row]]:
    told = json.loads(body)
    names = told["head"]["vars"]
    rows = told["results"]["bindings"]
    return names, [tuple(_of_json(row[name]) if name in row else None for name in names) for row in rows]


def _of_xml(node: ET.Element) -> Cell:
    kind, text = node.tag.removeprefix(RESULTS), node.text or ""
    if kind == "triple":
        return ("triple", *(_of_xml(part[0]) for part in node))
    if kind == "bnode":
        return ("bnode",)
    if kind == "uri":
        return ("uri", text)
    return _literal(text, node.get("{http://www.w3.org/XML/1998/namespace}lang"), node.get("datatype"))


def _read_xml(body: bytes) -> tuple[list[str], list[Row]]:
    root = ET.fromstring(body)  # noqa: S314  # our own answer
    names = [each.attrib["name"] for each in root.iter(f"{RESULTS}variable")]
    rows = []
    for result in root.iter(f"{RESULTS}result"):
        found = {each.attrib["name"]: _of_xml(each[0]) for each in result}
        rows.append(tuple(found.get(name) for name in names))
    return names, rows


def _read_tsv(body: bytes) -> tuple[list[str], list[Row]]:
    """Terms stand as in Turtle; a tab or line feed never stands in one (SPARQL 1.1 TSV, 4)."""
    head, *lines = body.decode().split("\n")
    assert lines.pop() == ""
    names = head.split("\t") if head else []
    assert all(name.startswith("?") for name in names)
    rows = []
    for line in lines:
        fields = line.split("\t") if names else []
        assert len(fields) == len(names)
        rows.append(tuple(_of_turtle(field) for field in fields))
    return [name[1:] for name in names], rows


def _of_turtle(field: str) -> Cell:
    if not field:
        return None
    (triple,) = ox.parse(f"<urn:s> <urn:p> {field} .", ox.RdfFormat.TURTLE)
    return _node(triple.object)


READERS: dict[str, Callable[[bytes], tuple[list[str], list[Row]]]] = {
    "json": _read_json,
    "xml": _read_xml,
    "tsv": _read_tsv,
}


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """Return what CSV has of a term (SPARQL 1.1 CSV, 3.2)."""
    if term is None:
        return ""
    if isinstance(term, ox.BlankNode):
        return "_:"
    assert not isinstance(term, ox.Triple)
    return term.value


def _read_csv(body: bytes) -> tuple[list[str], list[tuple[str, ...]]]:
    assert body.endswith(b"\r\n")
    names, *rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
    # A line without fields is a row of one that is empty; of none where there is no variable.
    found = [tuple("_:" if field.startswith("_:") else field for field in row) for row in rows]
    return names, [row or ("",) * len(names) for row in found]


def _ask(client: FlaskClient, query: str, written: str, release: str | None) -> bytes:
    asked = {"query": PREFIX + query, "format": written} | ({"release": release} if release else {})
    response = client.get("/sparql", query_string=asked)
    assert response.status_code == 200, response.text
    assert "X-Result-Truncated" not in response.headers
    return bytes(response.data)


def _require_same(found: Sequence[object], expected: Sequence[object], *, in_order: bool) -> None:
    if in_order:
        assert found == expected
    else:
        assert Counter(found) == Counter(expected)


@pytest.mark.parametrize("pinned", [True, False], ids=["disk", "memory"])
@pytest.mark.parametrize("query", SELECTS)
def test_solutions_are_those_of_the_engine(
    published: tuple[FlaskClient, str, ox.Store], on_disk: ox.Store, query: str, *, pinned: bool
) -> None:
    client, name, in_memory = published
    release = name if pinned else None
    solutions = (on_disk if pinned else in_memory).query(PREFIX + query)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    terms = [tuple(solution) for solution in solutions]
    for written, read in READERS.items():
        told, rows = read(_ask(client, query, written, release))
        assert told == names
        _require_same(rows, [tuple(map(_node, row)) for row in terms], in_order=pinned)
    if any(isinstance(term, ox.Triple) for row in terms for term in row):
        return  # of which the standard has no form in CSV
    told, texts = _read_csv(_ask(client, query, "csv", release))
    assert told == names
    _require_same(texts, [tuple(map(_text, row)) for row in terms], in_order=pinned)


@pytest.mark.parametrize("query", ASKS)
def test_booleans_are_those_of_the_engine(published: tuple[FlaskClient, str, ox.Store], query: str) -> None:
    client, _, store = published
    expected = bool(store.query(PREFIX + query))
    assert json.loads(_ask(client, query, "json", None))["boolean"] is expected
    told = ET.fromstring(_ask(client, query, "xml", None)).findtext(f"{RESULTS}boolean")  # noqa: S314
    assert told == str(expected).lower()
    for written in ("csv", "tsv"):
        assert _ask(client, query, written, None).decode() == str(expected).lower()


@pytest.mark.parametrize("query", GRAPHS)
def test_graphs_are_those_of_the_engine(published: tuple[FlaskClient, str, ox.Store], query: str) -> None:
    client, _, store = published
    triples = store.query(PREFIX + query)
    assert isinstance(triples, ox.QueryTriples)
    expected = _canonical(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    for written, syntax in SYNTAXES.items():
        found = _canonical(ox.parse(_ask(client, query, written, None), syntax))
        assert found == expected, written


def _canonical(quads: Iterator[ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@pytest.mark.parametrize(
    ("query", "written", "told"),
    [
        ("SELECT ('a\\u0001b' AS ?x) {}", "xml", "U+0001"),
        ("SELECT ('a\\uFFFEb' AS ?x) {}", "xml", "U+FFFE"),
        ("CONSTRUCT { d:a d:b 'a\\u000Bb' } WHERE {}", "rdfxml", "U+000B"),
        ("CONSTRUCT { d:a <urn:x:1> 'b' } WHERE {}", "rdfxml", "no XML name"),
        ("CONSTRUCT { d:a a <urn:x:1> } WHERE {}", "rdfxml", "no XML name"),
    ],
)
def test_what_xml_cannot_hold_is_no_broken_answer(
    published: tuple[FlaskClient, str, ox.Store], query: str, written: str, told: str
) -> None:
    client, _, _ = published
    refused = client.get("/sparql", query_string={"query": PREFIX + query, "format": written})
    assert refused.status_code == 400
    assert told in refused.text
    other = client.get(
        "/sparql", query_string={"query": PREFIX + query, "format": "json" if written == "xml" else "nt"}
    )
    assert other.status_code == 200


def test_a_carriage_return_is_kept_wherever_the_answer_is_cut_into_pieces(
    published: tuple[FlaskClient, str, ox.Store],
) -> None:
    client, _, _ = published
    query = "SELECT ?x { VALUES ?x { " + " ".join(f"'{number}\\r\\n'" for number in range(3000)) + " } }"
    _, rows = _read_xml(_ask(client, query, "xml", None))
    assert [row[0] and row[0][1] for row in rows] == [f"{number}\r\n" for number in range(3000)]
