"""The units in which targets are printed, by the words of the code list `target-unit`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from budgetgraph.ontology import codelists
from budgetgraph.ontology.codelists.units import unit_of
from budgetgraph.ontology.namespaces import CODE_BASE, PREFIXES

#: A power of ten in front of a unit: 万户. Alone it says nothing of what is counted.
_MULTIPLES = {"十万": 5, "百万": 6, "千万": 7, "千": 3, "万": 4, "亿": 8}
_LONGEST = 8  # characters of a unit's word, with a multiple


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    iri     of the unit; None for a multiple that the code list does not have (万户)
    base    IRI of the unit in which values are compared
    symbol  what `Target.normalised_unit` says of that: "SEC", "UNITLESS", "YUAN", or its word ("次")
    factor  value in the base unit = value * factor, exact
    """

    iri: str | None
    base: str
    symbol: str
    factor: Decimal


class Units:
    """All units by the words that name them."""

    def __init__(self, scheme: codelists.Scheme) -> None:
        self._by_word: dict[str, Unit] = {}
        for notation, concept in scheme.concepts.items():
            unit = unit_of(scheme, notation)
            found = Unit(unit.iri, unit.base, _symbol(unit.base, scheme), _plain(unit.factor))
            for word in concept.labels:
                if word not in _MULTIPLES:
                    self._by_word.setdefault(word, found)

    @property
    def words(self) -> Mapping[str, Unit]:
        """Return word -> unit."""
        return self._by_word

    def find(self, word: str) -> Unit | None:
        """Return the unit a word names, also as a multiple ("万户"); None when it names none."""
        found = self._by_word.get(word)
        if found is not None:
            return found
        for prefix, power in _MULTIPLES.items():
            single = self._by_word.get(word.removeprefix(prefix)) if word.startswith(prefix) else None
            if single is not None and single.factor == 1:
                return Unit(None, single.base, single.symbol, Decimal(10) ** power)
        return None

    def longest_word(self, text: str) -> str | None:
        """Return the longest word at the beginning of a text that names a unit.

        >>> units().longest_word("人次的咨询")
        '人次'
        """
        ends = range(min(len(text), _LONGEST), 0, -1)
        return next((text[:end] for end in ends if self.find(text[:end]) is not None), None)


def _symbol(base: str, scheme: codelists.Scheme) -> str:
    """Return the short name of a base unit: QUDT's, or the word of the code list."""
    if base.startswith(PREFIXES["unit"]):
        return base.removeprefix(PREFIXES["unit"])
    notation = base.removeprefix(f"{CODE_BASE}target-unit/")
    return "YUAN" if notation == "yuan" else scheme[notation].label


def _plain(factor: Decimal) -> Decimal:
    """Return the factor without zeros behind the point: 3600.0 as 3600."""
    return factor.quantize(Decimal(1)) if factor == factor.to_integral_value() else factor.normalize()


@cache
def units() -> Units:
    """Return the units of the code list."""
    return Units(codelists.scheme("target-unit"))
