"""Running text: claims, staff, assets, procurement, units, duties, glossary."""

from budgetgraph.converter.narrative.comparisons import renumbered
from budgetgraph.converter.narrative.reading import Narrative, listed_units, printed_names, read_narrative
from budgetgraph.converter.narrative.recognised import uncontradicted
from budgetgraph.converter.narrative.resolution import resolve_by_labels

__all__ = [
    "Narrative",
    "listed_units",
    "printed_names",
    "read_narrative",
    "renumbered",
    "resolve_by_labels",
    "uncontradicted",
]
