"""The statements of a document, read line by line or by a parser: the same as Oxigraph reads."""

from collections import Counter

import pyoxigraph as ox
import pytest

from budgetgraph.ontology.namespaces import BUD
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.facts import Facts
from budgetgraph.shapes.sparql_terms import Value, node_of, read, text_of, value_of
from tests.shapes.case_files import CASES, document

VERSION = f"<e:d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BUD.DocumentVersion}> <e:g> .\n"
XSD = "http://www.w3.org/2001/XMLSchema#"


def stated(data: Document) -> set[tuple[Value, Value, Value]]:
    assert data.facts is not None
    steps = {str(quad.predicate): data.steps(str(quad.predicate)) for quad in data.store}
    return {
        (start, predicate, end) for predicate, each in steps.items() for start, ends in each.items() for end in ends
    }


def in_store(store: ox.Store) -> Counter[tuple[Value, Value, Value]]:
    return Counter((value_of(quad.subject), value_of(quad.predicate), value_of(quad.object)) for quad in store)


LINES = {
    "plain": '<e:s> <e:p> "甲 a" <e:g> .\n<e:s> <e:p> <e:o> <e:g> .\n',
    "stated in two graphs": "<e:s> <e:p> <e:o> <e:g> .\n<e:s> <e:p> <e:o> <e:h> .\n<e:s> <e:p> <e:p> <e:h> .\n",
    "with signs of lines and terms": '<e:s> <e:p> "a <b> \\"c\\" \\\\n \\n . <e:g> .\\t" <e:g> .\n',
    "with languages": '<e:s> <e:p> "甲"@zh <e:g> .\n<e:s> <e:p> "a"@en-GB <e:g> .\n',
    "with numbers": f'<e:s> <e:p> "1.50"^^<{XSD}decimal> <e:g> .\n<e:s> <e:q> "-07"^^<{XSD}integer> <e:g> .\n',
    "with text for a number": f'<e:s> <e:p> "x"^^<{XSD}decimal> <e:g> .\n<e:s> <e:q> "1.5"^^<{XSD}integer> <e:g> .\n',
    "with truth": f'<e:s> <e:p> "true"^^<{XSD}boolean> <e:g> .\n<e:s> <e:q> "0"^^<{XSD}boolean> <e:g> .\n',
    "with code points": '<e:s> <e:p> "\\u7532\\U00007532" <e:g> .\n',
    "with blank nodes": '_:a <e:p> "x" <e:g> .\n<e:s> <e:p> _:a <e:g> .\n',
    "without graph": "<e:s> <e:p> <e:o> .\n",
    "with more blanks": "<e:s>  <e:p>\t<e:o>   <e:g>.\n",
    "with comments": "# one\n<e:s> <e:p> <e:o> <e:g> . # two\n",
    "with escaped IRIs": "<e:s> <e:p> <e:o%20> <e:g> .\n<e:s> <e:p> <e:甲> <e:g> .\n",
    "with other line ends": "<e:s> <e:p> <e:o> <e:g> .\r\n<e:s> <e:q> <e:o> <e:g> .\r\n",
}


@pytest.mark.parametrize("kind", LINES)
def test_quads_are_read_as_oxigraph_reads_them(kind: str) -> None:
    text = LINES[kind] + VERSION
    data = Document(text.encode(), kind)
    parsed = ox.parse(input=text.encode(), format=ox.RdfFormat.N_QUADS)
    alone = ox.Store()
    alone.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in parsed)
    assert data.triples == len(alone)
    assert set(in_store(alone)) <= stated(data) or kind == "with blank nodes"
    assert in_store(data.store) == Counter(stated(data))


@pytest.mark.parametrize("rule", ["WT-1", "PD-1", "NR-1"])
def test_a_document_is_read_as_oxigraph_reads_it(rule: str) -> None:
    data = Document(document(CASES / rule / "invalid.ttl"), rule)
    assert in_store(data.store) == Counter(stated(data))


BROKEN = [
    "<e:s> <e:p> <e:o>",
    "<e:s> <e:p> <e:o> <e:g>",
    "<e:s> <e:p> <e:o> <e:g> . <e:s>",
    '<e:s> "p" <e:o> <e:g> .',
    '<e:s> <e:p> "o <e:g> .',
    '<e:s> <e:p> "o" "g" .',
    "<e:s> <e:p> <e: o> <e:g> .",
    '<e:s> <e:p> "\\x" <e:g> .',
    "<s> <e:p> <e:o> <e:g> .",
]


@pytest.mark.parametrize("line", BROKEN)
def test_no_quads_are_taken_for_quads(line: str) -> None:
    assert not Facts().add_any(f"{VERSION}{line}\n".encode())


@pytest.mark.parametrize(
    ("token", "text"), [('"甲"', "甲"), ('"甲"@zh', "甲"), (f'"01.50"^^<{XSD}decimal>', "1.5"), ('"\\\\n\\n"', "\\n\n")]
)
def test_a_value_has_the_text_that_oxigraph_gives(token: str, text: str) -> None:
    assert text_of(read(token)) == text
    store = ox.Store()
    store.load(f"<e:s> <e:p> {token} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    (quad,) = store
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text
    assert value_of(quad.object) == read(token)


def test_a_node_is_known_by_its_text() -> None:
    for node in ("<e:s>", "_:a"):
        assert node_of(text_of(node)) == node
