"""The shapes' own queries, each run once by Oxigraph over a store of the document."""

from budgetgraph.shapes import compiled_engine
from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import Examination


def find(document: Document, shapes: Shapes) -> Examination:
    """Return the findings of all rules: those of `compiled_engine`, without its functions."""
    document.without_facts()
    return compiled_engine.find(document, shapes)
