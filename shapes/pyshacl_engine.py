"""pySHACL, the W3C reference, with data and shapes in Oxigraph.

Over rdflib's own memory pySHACL parses each query anew for each focus node, and rdflib joins slowly: minutes for one
document. Over Oxigraph it takes about two seconds. The shapes go through Oxigraph too, because plain strings of the
two stores do not compare equal (pySHACL #286).
"""

from collections.abc import Generator, Iterable, Mapping
from functools import lru_cache
from typing import Any, Self

import pyoxigraph
import pyshacl
import rdflib
from oxrdflib import OxigraphStore
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import SH, XSD
from rdflib.term import Identifier, Node

from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import Examination, Finding
from budgetgraph.shapes.equations import looked_at
from budgetgraph.shapes.exceptions import EngineError
from budgetgraph.shapes.results import Value
from budgetgraph.shapes.rules import SHAPE_BASE, Rule


def find(document: Document, shapes: Shapes, only: frozenset[str] | None = None) -> Examination:
    """Return what pySHACL finds in a document; `only`: IDs of the rules to look at."""
    try:
        _, report, _ = pyshacl.validate(_graph(document.store), shacl_graph=_shapes_graph(shapes, only), inplace=True)
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise EngineError(f"{document.name}: pySHACL gave up: {error}") from error
    if isinstance(report, ValidationFailure):
        raise EngineError(f"{document.name}: pySHACL gave up: {report}") from report
    findings = [_finding(report, node, shapes.rules) for node in report.objects(None, SH.result)]
    return Examination(findings, looked_at(document, shapes) if only is None else {})


class _DataGraph(rdflib.Graph):
    """A graph that gives results pySHACL can put into messages.

    pySHACL (0.40.1) fills messages with `re.sub` and takes what stands in for a pattern: a backslash would be an
    escape.
    """

    def query(self, *arguments: object, **options: object) -> rdflib.query.Result:
        result = super().query(*arguments, **options)  # type: ignore[arg-type]
        result.bindings = [
            {variable: _for_message(term) for variable, term in solution.items()} for solution in result.bindings
        ]
        return result


class _ShapesGraph(rdflib.Graph):
    """A graph that keeps what it gave, as pySHACL asks the same of the shapes for each document."""

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)
        self._known: dict[Any, list[Any]] = {}

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        known = self._known.get(triple)
        if known is None:
            known = self._known[triple] = list(super().triples(triple))
        yield from known

    def add(self, triple: Any) -> Self:
        if triple not in self:  # pySHACL adds what RDFS says of its classes, each time
            self._known.clear()
            super().add(triple)
        return self


def _for_message(term: Identifier) -> Identifier:
    if isinstance(term, rdflib.Literal) and "\\" in term:
        return rdflib.Literal(term.replace("\\", "\\\\"), lang=term.language, datatype=term.datatype)
    return term


def _graph(store: pyoxigraph.Store) -> rdflib.Graph:
    """Return the default graph of a store as rdflib sees it. Raises EngineError when it does not see all of it."""
    graph = _DataGraph(store=OxigraphStore(store=store), identifier=DATASET_DEFAULT_GRAPH_ID)
    if len(graph) != len(store):
        raise EngineError(f"of {len(store)} statements only {len(graph)} would be validated: some are in named graphs")
    return graph


@lru_cache(maxsize=4)
def _shapes_graph(shapes: Shapes, only: frozenset[str] | None) -> rdflib.Graph:
    """Return the shapes, those of other rules than `only` switched off."""
    store = pyoxigraph.Store()
    store.bulk_extend(shapes.store)
    for rule in shapes.rules.values():
        if only is None or rule.id in only:
            continue
        shape = pyoxigraph.NamedNode(rule.iri)
        if rule.query is None:
            store.add(pyoxigraph.Quad(shape, pyoxigraph.NamedNode(SH.deactivated), pyoxigraph.Literal(True)))
        for quad in store.quads_for_pattern(shape, pyoxigraph.NamedNode(SH.sparql), None):
            store.remove(quad)
    return _ShapesGraph(_graph(store))


def _finding(report: rdflib.Graph, node: Node, rules: Mapping[str, Rule]) -> Finding:
    rule = str(report.value(node, SH.sourceShape)).removeprefix(SHAPE_BASE)
    path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
    return Finding(
        rule=rule,
        focus=str(report.value(node, SH.focusNode)),
        path=str(path) if isinstance(path, rdflib.URIRef) else None,
        value=None if value is None else _value(value),
        component=str(report.value(node, SH.sourceConstraintComponent)),
        messages=_messages(report.objects(node, SH.resultMessage), rules[rule]),
    )


def _value(term: Node) -> Value:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.language else str(term.datatype or XSD.string)
        return Value(str(term), is_iri=False, datatype=datatype, language=term.language)
    return Value(str(term))


def _messages(texts: Iterable[Node], rule: Rule) -> dict[str, str]:
    """Return the messages by language. pySHACL (0.40.1) drops the language of messages that it fills in."""
    found = {}
    for text in texts:
        language = getattr(text, "language", None) or rule.language_of(str(text))
        if language:
            found[language] = str(text)
    return found
