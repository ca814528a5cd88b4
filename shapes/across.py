"""Validation of several documents together: a department and its units, one year and the next."""

from collections.abc import Iterable, Sequence
from functools import cache

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BASE
from budgetgraph.shapes.catalogue import ACROSS, FOLDER, Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE
from budgetgraph.shapes.queries import constructed
from budgetgraph.shapes.results import Report
from budgetgraph.shapes.validation import report_on

#: What a summary of a document is.
QUERY = FOLDER / "across-documents.rq"
#: Name of the report's graph, below the base of the data.
GRAPH = "graph/across-documents/report"


class _Summary(Document):
    """The graph that the rules over several documents look at."""

    def __init__(self, summaries: Iterable[bytes], name: str) -> None:
        self.name = name
        self.focus_nodes = {}
        self.facts = None
        self.store = ox.Store()
        for summary in summaries:
            self.store.load(summary, format=ox.RdfFormat.N_TRIPLES)
        self.iri = self.series = f"{BASE}id/doc/across-documents"
        self.data_sets = 0
        self.triples = len(self.store)


def summary(document: Document) -> bytes:
    """Return as N-Triples what the rules over several documents need of one."""
    return constructed(document, shapes_across().prologue + QUERY.read_text(encoding="utf-8"))


def validate_across(summaries: Sequence[bytes], *, engine_name: str = DEFAULT_ENGINE) -> Report:
    """Return what is wrong between documents.

    summaries  of each document what `summary` returns

    `Report.looked_at` is 0 when no document has to do with another: nothing was compared then.
    Raises EngineError when the engine gives up.
    """
    document = _Summary(summaries, f"{len(summaries)} documents together")
    return report_on(document, shapes_across(), engine_name)


@cache
def shapes_across() -> Shapes:
    """Return the shapes over several documents."""
    return Shapes((FOLDER / ACROSS, FOLDER / "prefixes.ttl"))
