"""The units in which targets are printed, and what they are in base units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

import yaml

from budgetgraph.converter import profiles
from budgetgraph.ontology.namespaces import CODE_BASE

QUDT_UNIT = "http://qudt.org/vocab/unit/"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    symbol  what `Target.normalised_unit` says when this is the base: "SEC", "YUAN", or the word
    iri     its IRI; None for a multiple that is no unit of its own (万人次)
    base    the unit in which values are compared; None when it is this one
    factor  value in the base unit = value * factor, exact
    """

    symbol: str
    iri: str | None
    base: "Unit | None" = None
    factor: Decimal = Decimal(1)

    @property
    def comparable(self) -> "Unit":
        """Return the base unit."""
        return self.base or self


class Units:
    """All units by the words that name them."""

    def __init__(self, data: Mapping[str, list[Mapping[str, str]] | Mapping[str, str]]) -> None:
        self._by_word: dict[str, Unit] = {}
        self._by_symbol: dict[str, Unit] = {}
        multiples = data["multiples"]
        assert isinstance(multiples, Mapping)  # noqa: S101  # the file ships with the package; tests check its form
        self._multiples = {word: Decimal(factor) for word, factor in multiples.items()}
        entries = [("qudt", e) for e in data["qudt"]] + [("scheme", e) for e in data["scheme"]]
        by_notation: dict[str, Unit] = {}
        for source, entry in sorted(entries, key=lambda pair: "base" in pair[1]):  # bases first
            assert isinstance(entry, Mapping)  # noqa: S101
            notation, words = entry["notation"], entry["words"]
            own = source == "scheme" and notation != "yuan"
            symbol = words[0] if own else notation.upper() if notation == "yuan" else notation
            base = by_notation.get(entry["base"]) or self._qudt(entry["base"]) if "base" in entry else None
            iri = QUDT_UNIT + notation if source == "qudt" else f"{CODE_BASE}target-unit/{notation}"
            unit = Unit(symbol, iri, base, Decimal(entry.get("factor", "1")))
            by_notation[notation] = unit
            self._by_symbol[symbol] = unit
            self._by_word.update(dict.fromkeys(words, unit))

    def _qudt(self, notation: str) -> Unit:
        return self._by_symbol.setdefault(notation, Unit(notation, QUDT_UNIT + notation))

    def __iter__(self):  # type: ignore[no-untyped-def]
        """Yield the units that have a word."""
        return iter(self._by_word.values())

    def find(self, word: str) -> Unit | None:
        """Return the unit a word names, also as a multiple ("万人次"); None for a word that is none of them."""
        unit = self._by_word.get(word)
        if unit is None:
            for prefix in sorted(self._multiples, key=len, reverse=True):
                rest = self._by_word.get(word.removeprefix(prefix)) if word.startswith(prefix) else None
                if rest is not None and rest.comparable is rest:
                    return Unit(word, None, rest, self._multiples[prefix])
        return unit

    def by_symbol(self, symbol: str) -> Unit | None:
        """Return the base unit with this symbol."""
        return self._by_symbol.get(symbol)

    def longest_word(self, text: str) -> str | None:
        """Return the longest word at the beginning of a text that names a unit.

        >>> units().longest_word("人次的咨询")
        '人次'
        """
        ends = range(min(len(text), 8), 0, -1)
        return next((text[:end] for end in ends if self.find(text[:end]) is not None), None)


@cache
def units() -> Units:
    """Return the units of profiles/units.yaml."""
    return Units(yaml.safe_load((resources.files(profiles) / "units.yaml").read_text("utf-8")))
