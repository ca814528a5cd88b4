"""Units of performance targets: what a value is normalised to."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from budgetgraph.ontology.codelists.concepts import Concept, Scheme
from budgetgraph.ontology.namespaces import BUD, PREFIXES

_EXACT_MATCH = f"<{PREFIXES['skos']}exactMatch>"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the scheme `target-unit`.

    notation   in the scheme ("hour")
    iri        the QUDT unit where there is one, else the concept
    base       IRI of the unit values are normalised to: unit:SEC for times, unit:UNITLESS for shares
    factor     value in `base` = value × factor (3600 for an hour, 0.01 for per cent)
    """

    notation: str
    iri: str
    base: str
    factor: Decimal


@cache
def unit_of(scheme: Scheme, notation: str) -> Unit:
    """Return what the concept says of its unit."""
    concept = scheme[notation]
    exact = _object(concept, _EXACT_MATCH)
    base, factor = _object(concept, f"<{BUD.baseUnit}>"), _object(concept, f"<{BUD.baseFactor}>")
    if base is None or factor is None:
        raise ValueError(f"{scheme.concept_iri(notation)} needs bud:baseUnit and bud:baseFactor")
    return Unit(
        notation,
        exact[1:-1] if exact else scheme.concept_iri(notation),
        base[1:-1],
        Decimal(factor.split('"')[1]),
    )


def _object(concept: Concept, predicate: str) -> str | None:
    return next((value for key, value in concept.extra if key == predicate), None)
