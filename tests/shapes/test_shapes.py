"""The shapes keep to the form that people, other SHACL engines and the native engine need."""

import re

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.catalogue import shape_files, shipped_shapes
from budgetgraph.shapes.rules import FAILS, ROUNDING, SHAPE_BASE, WORDS, Rule

SH = PREFIXES["sh"]
RULES = list(shipped_shapes().rules.values())
QUERIES = [rule for rule in RULES if rule.query]
SUMS = [rule for rule in QUERIES if rule.is_rounding]

#: What SHACL-SPARQL forbids (https://www.w3.org/TR/shacl/#pre-binding), or what makes a query mean something else when
#: it is run once for all focus nodes; division, because engines keep different numbers of digits. Parts of prefixed
#: names are no keywords.
FORBIDDEN = re.compile(
    r"(?<![:\w?$-])(MINUS|VALUES|SERVICE|LIMIT|OFFSET|ORDER\s+BY|AVG|NOW|RAND|BNODE|UUID)(?![\w-])|\bNOT\s+IN\b"
    r"|[^<^\w/]/\s+\?",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def graph() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for path in shape_files():
        store.load(path=path, format=RdfFormat.TURTLE)
    return store


Term = NamedNode | BlankNode | Literal


def terms(graph: pyoxigraph.Store, query: str) -> list[Term]:
    """Return the solutions of a query of one variable."""
    solutions = graph.query(f"PREFIX sh: <{SH}> SELECT ?x WHERE {{ {query} }}")
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    found = [solution[0] for solution in solutions]
    return [term for term in found if isinstance(term, Term)]


def values(graph: pyoxigraph.Store, query: str) -> set[str]:
    return {term.value for term in terms(graph, query)}


def by_id(rule: Rule) -> str:
    return rule.id


def code(query: str) -> str:
    """Return a query without comments and strings, where words mean nothing."""
    return re.sub(r'"[^"]*"', '""', re.sub(r"(?m)(^|\s)#.*$", "", query))


def test_every_shape_has_an_iri_of_the_project(graph: pyoxigraph.Store) -> None:
    shapes = terms(graph, "{ ?x a sh:NodeShape } UNION { ?x a sh:PropertyShape }")
    shapes += terms(graph, "?shape sh:property|sh:sparql ?x")
    assert len(shapes) > len(RULES)
    for shape in shapes:
        assert isinstance(shape, NamedNode)
        assert re.fullmatch(re.escape(SHAPE_BASE) + r"[A-Z]{2}-[\w-]+", shape.value)


def test_blank_nodes_stand_only_in_paths(graph: pyoxigraph.Store) -> None:
    in_paths = {f"{PREFIXES['rdf']}first", f"{PREFIXES['rdf']}rest", f"{SH}inversePath"}
    assert values(graph, "?s ?x ?o . FILTER (isBlank(?s))") <= in_paths


def test_every_rule_is_known_to_the_catalogue(graph: pyoxigraph.Store) -> None:
    asking = values(graph, "?x sh:sparql ?query")
    asking |= values(graph, "?x a sh:PropertyShape . FILTER NOT EXISTS { ?x sh:property ?inner }")
    assert {rule.iri for rule in RULES} == asking


def test_severity_stands_on_shapes_not_on_queries(graph: pyoxigraph.Store) -> None:
    """Engines take it from the shape, and ignore it elsewhere."""
    assert not terms(graph, "?x sh:severity ?severity ; sh:select ?query")


def test_targets_are_data_sets_and_documents(graph: pyoxigraph.Store) -> None:
    allowed = {f"{PREFIXES['qb']}DataSet", f"{PREFIXES['bud']}DocumentVersion", f"{PREFIXES['bud']}BudgetDocument"}
    assert values(graph, "?shape sh:targetClass ?x") == allowed
    assert not terms(graph, "?x sh:target|sh:targetNode|sh:targetObjectsOf|sh:targetSubjectsOf ?target")


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_a_rule_speaks_both_languages(rule: Rule) -> None:
    for texts in (rule.names, rule.descriptions, rule.messages):
        assert set(texts) == {"zh", "en"}
        assert all(len(text) > 3 for text in texts.values())
    assert re.search(r"[一-鿿]", re.sub(r"\{\?\w+\}", "", rule.messages["zh"]))
    assert variables(rule.messages["zh"]) <= variables(rule.messages["en"]) | {"column", "word"}


def variables(message: str) -> set[str]:
    return set(re.findall(r"\{[?$](\w+)\}", message))


@pytest.mark.parametrize("rule", QUERIES, ids=by_id)
def test_a_message_uses_what_its_query_selects(rule: Rule) -> None:
    assert rule.query
    selected = set(re.findall(r"\?(\w+)", rule.query[: rule.query.index("WHERE")]))
    for message in rule.messages.values():
        assert variables(message) <= selected


@pytest.mark.parametrize("rule", QUERIES, ids=by_id)
def test_a_query_keeps_to_the_subset(rule: Rule) -> None:
    assert rule.query
    text = code(rule.query)
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert "{?" not in text
    assert rule.query.strip().startswith("SELECT $this ?value")
    for inner in re.findall(r"SELECT (?:DISTINCT )?(\S+)", text)[1:]:
        assert inner == "$this", "a subselect has to project the focus node"
    for grouped in re.findall(r"GROUP BY (\S+)", text):
        assert grouped == "$this"


@pytest.mark.parametrize("rule", QUERIES, ids=by_id)
def test_sums_take_numbers_only(rule: Rule) -> None:
    """Text in one amount would end a validation in rdflib, and silently drop the sum in Oxigraph."""
    assert rule.query
    if re.search(r"SUM\((IF\(.*?, )?\?(v|budget)\b", rule.query):
        assert "ISNUMERIC(" in rule.query


@pytest.mark.parametrize("rule", QUERIES, ids=by_id)
def test_a_query_marks_what_fails(rule: Rule) -> None:
    assert rule.query
    assert rule.looks_at
    assert any(line.endswith(FAILS) for line in rule.query.splitlines())
    assert all(line.endswith(FAILS) for line in rule.query.splitlines() if FAILS in line)
    assert pyoxigraph.Store().query(f"{shipped_shapes().prologue}{rule.looks_at}") is not None


@pytest.mark.parametrize("rule", [rule for rule in QUERIES if WORDS.search(rule.query or "")], ids=by_id)
def test_words_drop_nothing(rule: Rule) -> None:
    """What is only put into words is left out where nothing fails: it may not decide what is looked at."""
    mark = WORDS.search(rule.query or "")
    assert mark
    words = re.sub(r"(?m)#.*$", "", mark.string[mark.start() :]).rstrip().removesuffix("}")
    statement = re.compile(r"\s*(BIND|OPTIONAL)\s*")
    while match := statement.match(words):
        words = words[match.end() :]
        opening, closing = ("(", ")") if match.group(1) == "BIND" else ("{", "}")
        blank = re.sub(r'"[^"]*"', lambda string: " " * len(string.group()), words)
        depth = 0
        for position, sign in enumerate(blank):
            depth += (sign == opening) - (sign == closing)
            if depth == 0:
                words = words[position + 1 :]
                break
    assert not words.strip()
    assert rule.counts
    assert pyoxigraph.Store().query(f"{shipped_shapes().prologue}{rule.counts}") is not None


@pytest.mark.parametrize("rule", QUERIES, ids=by_id)
def test_words_are_marked(rule: Rule) -> None:
    """What stands behind the last condition, and decides nothing, is left out only where a line says that it may be."""
    behind = (rule.query or "").rpartition(FAILS)[2]
    assert WORDS.search(behind) or not re.search(r"(?m)^  (BIND|OPTIONAL)\b", behind)


@pytest.mark.parametrize("rounding", SUMS, ids=by_id)
def test_a_rounding_rule_differs_from_its_rule_only_in_what_fails(rounding: Rule) -> None:
    rule = shipped_shapes().rules[rounding.id.removesuffix(ROUNDING)]
    assert rule.severity == "Violation"
    assert rounding.severity == "Warning"
    assert rounding.target == rule.target
    assert without_thresholds(rounding) == without_thresholds(rule)
    for text in (rule.query or "", rounding.query or ""):
        assert "?tolerance" in text


def without_thresholds(rule: Rule) -> list[str]:
    return [line for line in (rule.query or "").splitlines() if not ("?tolerance" in line and line.endswith(FAILS))]


def test_every_sum_has_a_rounding_rule() -> None:
    sums = {rule.id for rule in QUERIES if "?tolerance" in (rule.query or "") and rule.severity == "Violation"}
    assert {rule + ROUNDING for rule in sums} == {rule.id for rule in SUMS}


def test_prefixes_agree_with_those_of_the_project(graph: pyoxigraph.Store) -> None:
    for prefix in sorted(values(graph, "?declaration sh:prefix ?x")):
        (namespace,) = values(graph, f'?d sh:prefix "{prefix}" ; sh:namespace ?x')
        assert namespace == PREFIXES.get(prefix, namespace)
