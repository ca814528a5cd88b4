"""What the guard refuses and what it lets pass; nothing here reaches an engine, but the engine is the judge."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from budgetgraph.server.exceptions import ForbiddenQueryError, QueryError, RequestError, TooLargeError
from budgetgraph.server.guard import GuardLimits, Inspection, QueryForm, inspect_query
from budgetgraph.server.tokens import decode_codepoints, tokens

ADMITTED = [
    ("SELECT * { ?s ?p ?o }", Inspection(QueryForm.SELECT, False, False)),
    ("# SELECT\nPREFIX ask: <http://a.example/SELECT>\nASK {}", Inspection(QueryForm.ASK, False, False)),
    ("base <http://a.example/> cOnStRuCt where { ?s ?p ?o }", Inspection(QueryForm.CONSTRUCT, False, False)),
    ("PREFIX : <http://a.example/> DESCRIBE :SELECT", Inspection(QueryForm.DESCRIBE, False, False)),
    ("SELECT * FROM <http://a.example/g> { ?s ?p ?o }", Inspection(QueryForm.SELECT, True, False)),
    ("SELECT (RAND() AS ?x) {}", Inspection(QueryForm.SELECT, False, True)),
    ("ASK { ?s ?p 'SERVICE <http://a.example/> {}' }", Inspection(QueryForm.ASK, False, False)),
    ('ASK { ?s ?p """a " SERVICE\n{""" } # SERVICE {', Inspection(QueryForm.ASK, False, False)),
    ("ASK { <http://a.example/service#SERVICE> ?service ?SERVICE }", Inspection(QueryForm.ASK, False, False)),
    ("PREFIX service: <http://a.example/> ASK { service:a a service:b }", Inspection(QueryForm.ASK, False, False)),
    ("ASK { FILTER(?a<?b && ?c>?d) }", Inspection(QueryForm.ASK, False, False)),
    ("ASK { ?s ?p '', \"\", '''''', '\\'' }", Inspection(QueryForm.ASK, False, False)),
]

SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> {} }",
    "SELECT * { SeRvIcE ?x {} }",
    "SELECT * {SERVICE<http://127.0.0.1:1/>{}}",
    "PREFIX e: <http://127.0.0.1:1/> SELECT * { SERVICEe:x {} }",
    "PREFIX e: <http://127.0.0.1:1/> SELECT * { SERVICESILENTe:x # a comment\n {} }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x{} }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { SERVICE # <\n <\\u0068ttp://127.0.0.1:1/> {} }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { \\U00000053\\u0045RVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> {} } }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:1/> {} } } }",
    "ASK { ?s ?p '''a''' SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { ?s ?p 'a\\\\' SERVICE <http://127.0.0.1:1/> { ?s ?p 'b' } }",
]

#: What an IRI hides when it is read as a comparison, or a comparison when it is read as an IRI: the engine reads on
#: where the guard would see a string or a comment.
AMBIGUOUS = [
    "SELECT * { ?s ?p ?a, ?b FILTER(?a<?b)SERVICE?x#>\n{} }",
    "SELECT * { FILTER(1<2)#>'''\nSERVICE <http://127.0.0.1:1/> {}\n#'''\n}",
    "SELECT * { FILTER(1<#>'''\n2) SERVICE <http://127.0.0.1:1/> {}\n#'''\n}",
    "PREFIX e: <http://a.example/> SELECT * { FILTER(1<<urn:a#>||true)SERVICE<http://127.0.0.1:1/>{}\n}",
    f"SELECT * {{ FILTER(1<2{')?s?p?o' + ',?o' * 500}#>\n}}",
    f"SELECT * {{ FILTER(1<{'(' * 90}1>(1<{'(' * 90}1>2{')' * 182} }}",
]

UPDATES = ["LOAD <http://a.example/>", "insert data {}", "PREFIX a: <http://a.example/> DELETE WHERE {}", "CLEAR ALL"]

#: Every way to nest or to chain that makes the engine's parser or algebra deep.
NESTED: dict[str, Callable[[int], str]] = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "expressions": lambda n: "SELECT (" + "(" * n + "1" + ")" * n + " AS ?x) {}",
    "sums that look like an IRI": lambda n: f"SELECT * {{ FILTER(?a<1{'+1' * n}&&?a>?b) }}",
    "functions": lambda n: "SELECT (" + "STR(" * n + "1" + ")" * n + " AS ?x) {}",
    "not exists": lambda n: "SELECT * {" + "FILTER NOT EXISTS{" * n + "}" * n + "}",
    "subselects": lambda n: "SELECT * {" + "{SELECT * {" * n + "}}" * n + "}",
    "paths": lambda n: "SELECT * {?s " + "(" * n + "<http://a.example/p>" + ")*" * n + " ?o}",
    "blank nodes": lambda n: "SELECT * {" + "[?p " * n + "?o" + "]" * n + "}",
    "collections": lambda n: "SELECT * {?s ?p " + "(" * n + "1" + ")" * n + "}",
    "triple terms": lambda n: "SELECT * {?s ?p " + "<<( ?s ?p " * n + "?o" + " )>>" * n + "}",
    "unions": lambda n: "SELECT * {{}" + "UNION{}" * n + "}",
    "optionals": lambda n: "SELECT * {" + "OPTIONAL{?s ?p ?o}" * n + "}",
    "minus": lambda n: "SELECT * {" + "MINUS{?s ?p ?o}" * n + "}",
    "filters": lambda n: "SELECT * {" + "FILTER(1)" * n + "}",
    "binds": lambda n: "SELECT * {" + "".join(f"BIND(1 AS ?x{i})" for i in range(n)) + "}",
    "sums": lambda n: "SELECT (1" + "+1" * n + " AS ?x) {}",
    "disjunctions": lambda n: "SELECT (1" + "||1" * n + " AS ?x) {}",
    "negations": lambda n: "SELECT (" + "!" * n + "1 AS ?x) {}",
    "alternatives": lambda n: "SELECT * {?s <http://a.example/p>" + "|<http://a.example/p>" * n + " ?o}",
    "objects": lambda n: "SELECT * {?s ?p 1" + ",1" * n + "}",
    "predicates": lambda n: "SELECT * {?s ?p 1" + ";?p 1" * n + "}",
    "patterns": lambda n: "SELECT * {?s ?p 1" + ".?s?p?o" * n + "}",
    "patterns of a blank node": lambda n: "SELECT * {[?p 1" + ";?p 1" * n + "]}",
    "statements to construct": lambda n: "CONSTRUCT {?s ?p 1" + ",1" * n + "} {?s ?p ?o}",
    "elements": lambda n: "SELECT * {?s ?p (1" + " true()?o<urn:a>" * n + ")}",
    "reifiers": lambda n: "SELECT * {?s ?p ?o" + "~?r" * n + "}",
    "annotations": lambda n: "SELECT * {?s ?p ?o" + "{|?p ?o|}" * n + "}",
    "groups side by side": lambda n: "SELECT * {" + "{}" * n + "}",
    "subselects side by side": lambda n: "SELECT * {" + "{SELECT?s{?s?p?o}}" * n + "}",
    "graphs": lambda n: "SELECT * {" + "GRAPH?g{}" * n + "}",
    "resources to describe": lambda n: "DESCRIBE" + "<http://a.example/a>" * n,
    "conditions": lambda n: "SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING" + "(?s)" * n,
    "conditions of a subselect": lambda n: "SELECT * {{SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING" + "(?s)" * n + "}}",
    "calls as conditions": lambda n: "SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING" + " BOUND(?s)" * n,
    "steps": lambda n: "SELECT * {?s <http://a.example/p>" + "/<http://a.example/p>" * n + " ?o}",
    "projections": lambda n: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(n)) + "{}",
}


@pytest.mark.parametrize(("query", "expected"), ADMITTED)
def test_admits_what_is_harmless_and_tells_its_form(query: str, expected: Inspection) -> None:
    assert inspect_query(query) == expected


@pytest.mark.parametrize("query", SERVICES)
def test_refuses_service_in_every_spelling(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match=r"SERVICE at line \d+, column \d+"):
        inspect_query(query)


@pytest.mark.parametrize("query", AMBIGUOUS)
def test_refuses_what_may_hide_something(query: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: `<` may be a comparison here.*Put a space behind it"):
        inspect_query(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <a#b> 'x'^^<#type> ; <b#c> <urn:x(1)#y> . FILTER(?a < <a#b> && ?b<?c && ?d > (?e)) }",
        "SELECT * { ?s <http://a.example/b> (<http://a.example/#(1)> <http://a.example/#(2)>) }",
        "SELECT * { VALUES (?a ?b) { (<http://a.example/#a> <http://a.example/#b>) } FILTER(?a<=?b||?b<?a) }",
        "SELECT * { << ?s ?p ?o >> ?q <<( ?s ?p <<( ?s ?p ?o )>> )>> }",
    ],
)
def test_admits_what_hides_nothing(query: str) -> None:
    inspect_query(query + "# '")  # a quote, so that all of it is read


#: Lists that the engine takes in a loop, however long they are.
LISTS: dict[str, Callable[[int], str]] = {
    "values": lambda n: "SELECT * {VALUES ?x {" + "1 " * n + "}}",
    "rows of values": lambda n: "SELECT * {} VALUES (?x ?y) {" + "(<http://a.example/a> 1)" * n + "}",
    "alternatives of a filter": lambda n: "SELECT * {?s ?p ?o FILTER(?o NOT IN (1" + ",?s" * n + "))}",
    "arguments": lambda n: "SELECT (CONCAT('a'" + ",'b'" * n + ") AS ?x) {}",
    "graphs of the dataset": lambda n: "SELECT * " + "FROM <http://a.example/g>" * n + "{}",
}


@pytest.mark.parametrize("name", LISTS)
def test_admits_long_lists_that_do_the_engine_no_harm(name: str) -> None:
    query = LISTS[name](8000)
    inspect_query(query)
    assert isinstance(STORE.query(query), ox.QuerySolutions)


@pytest.mark.parametrize("query", UPDATES)
def test_refuses_updates(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="read-only"):
        inspect_query(query)


@pytest.mark.parametrize("name", NESTED)
def test_refuses_what_would_kill_the_engine(name: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: more than"):
        inspect_query(NESTED[name](5000))


@pytest.mark.parametrize("name", NESTED)
def test_admits_the_same_in_moderation(name: str) -> None:
    inspect_query(NESTED[name](20))


@pytest.mark.parametrize("text", ["", " \n# nothing", "FILTER", "{}", "PREFIX a: <b>", "'", "SELECT * { ?s ?p 'a }"])
def test_refuses_what_is_no_query(text: str) -> None:
    with pytest.raises(QueryError):
        inspect_query(text)


def test_refuses_a_long_text_before_it_reads_it() -> None:
    with pytest.raises(TooLargeError, match="11 characters"):
        inspect_query("ASK {} # 11", GuardLimits(length=10))


def test_says_where() -> None:
    with pytest.raises(ForbiddenQueryError, match="line 3, column 5"):
        inspect_query("SELECT *\n{\n    SERVICE <http://a.example/> {} }")


# fmt: off
#: Pieces from which hypothesis makes texts between SPARQL and noise.
PIECES = st.sampled_from([
    "SELECT", "SERVICE", "{", "}", "(", ")", "<", ">", "'", '"', "'''", '"""', "\\", "\\u0022", "\\u0053", "#", "\n",
    " ", "?a", "a:b", ":", ".", ";", "1", "<http://a.example/>", "FILTER", "true", "@en", "^^", "||", "𠀀", "示",
])

#: What may stand before a SERVICE so that it is hard to see, between its parts, and behind it.
BEFORE = st.lists(st.sampled_from([
    "?s", " ", "?p", "?o", ".", "1", "true", "'a'", '"a"', "'''a'''", "e:a", "FILTER(?o<?p)", "FILTER(1<2)",
    "BIND(1 AS ?v)", "{}", "OPTIONAL{}", "<http://a.example/>", ";", "#\n", "\\u0020", "_:a", "[]", "()", "a",
]), max_size=8).map("".join)
# fmt: on
SPACE = st.sampled_from(["", " ", "\n", "#\n", "# >\n", "#'\n", '#"\n', "\t"])
KEYWORD = st.sampled_from(["SERVICE", "service", "SERVICE SILENT", "SERVICESILENT"])
TARGET = st.sampled_from(["<http://127.0.0.1:1/>", "e:a", ":a", "?x", "$x"])


#: One statement, so that the patterns before a SERVICE have a solution.
STORE = ox.Store()
STORE.add(ox.Quad(*[ox.NamedNode("http://a.example/a")] * 3))


@st.composite
def federated(draw: st.DrawFn) -> str:
    """Return a text that may be a query with SERVICE in it."""
    drawn = draw(BEFORE) + draw(KEYWORD) + draw(SPACE) + draw(TARGET) + draw(SPACE) + "{}"
    return f"PREFIX e: <http://127.0.0.1:1/> PREFIX : <http://127.0.0.1:1/> SELECT * {{ {drawn} }}"


# fmt: off
#: What may stand between `FILTER(1` and a SERVICE, and behind that.
COMPARED = st.lists(st.sampled_from([
    "<2)", "<", "#>", "<#>", "<<urn:a#>", "<2)#>", "<urn:b>", "'''\n", "\n2)", "||true)", ")", "&&2>1)", ">0)", "\n",
]), min_size=1, max_size=4).map("".join)
CLOSED = st.lists(st.sampled_from(["\n#'''", "'''", "#", "\n"]), max_size=2).map("".join)
# fmt: on


@st.composite
def compared(draw: st.DrawFn) -> str:
    """Return a text in which `<` may hide a SERVICE."""
    hidden = f"FILTER(1{draw(COMPARED)}SERVICE<http://127.0.0.1:1/>{{}}{draw(CLOSED)}"
    return f"PREFIX e: <http://127.0.0.1:1/> SELECT * {{ {hidden}\n}}"


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read_whole(text: str) -> None:
    found = list(tokens(text))
    for number, token in enumerate(found):
        assert text.startswith(token.text, token.start)
        end = found[number + 1].start if number + 1 < len(found) else len(text)
        between = text[token.start + len(token.text) : end]
        assert all(not line.strip() or line.lstrip().startswith("#") for line in between.split("\n"))


def _require_no_call(text: str) -> None:
    """Ask the engine itself whether a text that the guard admits calls a service."""
    try:
        inspect_query(text)
    except RequestError:
        return
    try:
        list(STORE.query(text, base_iri="http://a.example/"))  # type: ignore[arg-type]  # a SELECT gives solutions
    except OSError as error:  # it tried to connect to port 1
        pytest.fail(f"{text!r} passed the guard and called a service: {error}")
    except (SyntaxError, ValueError, RuntimeError):
        return


@settings(max_examples=400)
@given(federated() | st.lists(PIECES, max_size=30).map(lambda pieces: f"SELECT * {{{' '.join(pieces)}}}"))
def test_what_calls_a_service_never_passes(text: str) -> None:
    _require_no_call(text)


@settings(max_examples=600)
@given(compared())
def test_what_calls_a_service_behind_a_comparison_never_passes(text: str) -> None:
    _require_no_call(text)


def test_the_engine_calls_services_where_the_guard_refuses_them() -> None:
    """Shows that the test above can fail: most of the spellings are real."""
    called = 0
    for query in SERVICES:
        try:
            list(STORE.query(query.replace("ASK", "SELECT *")))  # type: ignore[arg-type]
        except OSError:
            called += 1
        except (SyntaxError, RuntimeError):
            continue
    assert called >= 5


def test_the_engine_reads_on_where_a_comparison_looks_like_an_iri() -> None:
    """Shows that what is refused as ambiguous would call a service."""
    for query in AMBIGUOUS[1:4]:
        with pytest.raises(OSError, match="port 1"):
            list(STORE.query(query))  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_decoding_leaves_other_text_alone(text: str) -> None:
    assert decode_codepoints(text.replace("\\", "/")) == text.replace("\\", "/")


TOUCHING = [
    "SELECT",
    "ASK",
    "PREFIX ",
    "a:",
    "<urn:a>",
    "{",
    "}",
    "(",
    ")",
    "?x",
    " ",
    ".",
    "SERVICE",
    "ſervice",
    "FROM",
]
TOUCHING += ["UNION", "+", "<", "#", "\n", "NOW", "knowing", "LOAD", "INSERT", "1", "RAND()", "_:b"]


@given(st.lists(st.sampled_from(TOUCHING), max_size=40).map("".join))
def test_a_text_is_judged_the_same_with_and_without_reading_all_its_tokens(text: str) -> None:
    """A quote in a comment makes the guard read all. In a text without one, `<<` hides nothing."""
    assume("<<" not in text)
    limits = GuardLimits(length=1000, depth=4, operators=60)

    def judge(text: str) -> object:
        try:
            return inspect_query(text, limits)
        except RequestError as error:
            return type(error)

    assert judge(text) == judge(f"{text}\n#'")
