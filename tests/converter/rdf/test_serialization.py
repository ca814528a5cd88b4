"""All syntaxes say the same, whatever stands in the texts; the templates say what single statements would."""

from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.rdf.emission import CHUNK, Rows, Slot
from budgetgraph.converter.rdf.serialization import NamedGraph, serialize
from budgetgraph.converter.rdf.terms import XSD, decimal, integer, iri, resource, string, zh

P = "<http://example.org/p>"
Q = "<http://example.org/q>"
BASE = "http://example.org/"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x01"), max_size=20)
MONEY = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
FORMATS = {
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


def quads(graphs, rdf_format):
    text = "".join(serialize(graphs, rdf_format))
    return set(pyoxigraph.parse(text.encode(), FORMATS[rdf_format]))


@given(st.lists(st.tuples(TEXT, MONEY), max_size=8))
def test_every_syntax_says_the_same(values):
    graph = NamedGraph(f"{BASE}g")
    for number, (text, money) in enumerate(values):
        pairs = [(P, zh(text)), (P, string(text)), (Q, decimal(money, 2)), (Q, integer(number))]
        graph.resources.append(resource(f"{BASE}s{number}", pairs))
    graph.rows.append(
        Rows(
            f"{BASE}row/",
            ((P, iri(f"{BASE}100%25/constant")),),
            (Slot(P, "", "@zh", is_text=True), Slot(Q, '"', f'"^^<{XSD}decimal>')),
            [(f"{n}", text, f"{money:f}") for n, (text, money) in enumerate(values)],
        )
    )
    expected: set[pyoxigraph.Quad] = set()
    g = pyoxigraph.NamedNode(f"{BASE}g")
    p, q = pyoxigraph.NamedNode(P[1:-1]), pyoxigraph.NamedNode(Q[1:-1])
    for number, (text, money) in enumerate(values):
        s, r = pyoxigraph.NamedNode(f"{BASE}s{number}"), pyoxigraph.NamedNode(f"{BASE}row/{number}")
        exact = pyoxigraph.Literal(f"{money:f}", datatype=pyoxigraph.NamedNode(f"{XSD}decimal"))
        shown = decimal(money, 2).partition('"')[2].partition('"')[0]
        stated: list[tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode, pyoxigraph.NamedNode | pyoxigraph.Literal]] = [
            (s, p, pyoxigraph.Literal(text, language="zh")),
            (s, p, pyoxigraph.Literal(text)),
            (s, q, pyoxigraph.Literal(shown, datatype=pyoxigraph.NamedNode(f"{XSD}decimal"))),
            (s, q, pyoxigraph.Literal(str(number), datatype=pyoxigraph.NamedNode(f"{XSD}integer"))),
            (r, p, pyoxigraph.NamedNode(f"{BASE}100%25/constant")),
            (r, p, pyoxigraph.Literal(text, language="zh")),
            (r, q, exact),
        ]
        expected.update(pyoxigraph.Quad(*triple, g) for triple in stated)
        assert Decimal(shown) == money
    for rdf_format in FORMATS:
        assert quads([graph], rdf_format) == expected


def test_more_rows_than_a_chunk():
    rows = Rows(f"{BASE}row/", (), (Slot(P, '"', '"'),), [(str(n), str(n)) for n in range(CHUNK * 2 + 1)])
    assert len(quads([NamedGraph(f"{BASE}g", rows=[rows])], "nquads")) == CHUNK * 2 + 1


def test_rows_come_from_any_iterator_and_their_texts_are_escaped():
    texts = ["预算", 'a "b"\\', "甲\n乙"]
    values = ((str(n), text) for n, text in enumerate(texts))
    rows = Rows(f"{BASE}row/", (), (Slot(P, "", "@zh", is_text=True),), values)
    found = {quad.object.value for quad in quads([NamedGraph(f"{BASE}g", rows=[rows])], "trig")}
    assert found == set(texts)


def test_turtle_is_all_graphs_together():
    graphs = [NamedGraph(f"{BASE}g{n}", [resource(f"{BASE}s", [(P, integer(n))])]) for n in range(3)]
    triples = set(pyoxigraph.parse("".join(serialize(graphs, "turtle")).encode(), pyoxigraph.RdfFormat.TURTLE))
    assert {quad.object.value for quad in triples} == {"0", "1", "2"}


@pytest.mark.parametrize("value", ["http://example.org/名", "http://example.org/a b", "http://example.org/<", 'x"y'])
def test_no_iri_outside_ascii_is_written(value):
    with pytest.raises(ValueError, match="not an ASCII IRI"):
        iri(value)


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0.00"), ("8415700", "8415700.00"), ("0.1234", "0.1234"), ("-1.5", "-1.50")]
)
def test_decimals_have_two_places_at_least(value, text):
    assert decimal(Decimal(value), 2) == f'"{text}"^^<{XSD}decimal>'
