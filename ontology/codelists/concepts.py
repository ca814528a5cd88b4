"""Concepts and concept schemes as values: what the rest of the project reads of a code list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

#: How sure a code and its label are. `official` (checked against the Ministry's book) is not used yet: no
#: list shipped here has been checked.
OBSERVED, PROVISIONAL = "observed", "provisional"


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a code list.

    notation      the code; unique in the scheme ("2013101", "basic", "_T")
    label         preferred label in Chinese, `label_en` in English where a translation exists
    alternatives  labels of the same code in other years, and other proper names
    hidden        wordings that are printed but are no name of the code; for matching only
    broader       notation of the concept above
    aggregates    notations this concept is the sum of, beside the tree (本年收入合计)
    level         depth below the total: 1 类, 2 款, 3 项; 0 for `_T` and `_Z`
    status        "observed" (printed in a publication of the year) or "provisional" (not checked)
    extra         further predicate-object pairs as N-Triples terms
    """

    notation: str
    label: str
    label_en: str | None
    level: int
    status: str
    broader: str | None = None
    alternatives: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    definition: str | None = None
    definition_en: str | None = None
    aggregates: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Return all wordings the concept is known by, the preferred one first."""
        return (self.label, *self.alternatives, *self.hidden)


@dataclass(frozen=True, eq=False)  # two schemes are one only when they are the same object
class Scheme:
    """A code list: of one year where the list changes from year to year, else of all years.

    iri       the scheme; concepts stand below it
    label     the list's name, without the year
    umbrella  the scheme of all years, which `qb:codeList` names; equals `iri` where there is one list only
    year      the year of the list; None when it does not change, and for the concepts without year
    extra     further predicate-object pairs of the scheme itself, as N-Triples terms
    """

    name: str
    iri: str
    umbrella: str
    year: int | None
    label: str
    label_en: str
    concepts: Mapping[str, Concept]
    definition: str | None = None
    definition_en: str | None = None
    level_names: tuple[tuple[str, str], ...] = ()
    extra: tuple[tuple[str, str], ...] = field(default=())

    def __contains__(self, notation: str) -> bool:
        return notation in self.concepts

    def __getitem__(self, notation: str) -> Concept:
        try:
            return self.concepts[notation]
        except KeyError:
            raise KeyError(f"{self.iri} has no concept {notation!r}") from None

    def concept_iri(self, notation: str) -> str:
        """Return the IRI of a concept of this scheme."""
        return f"{self.iri}/{notation}"

    def broader(self, notation: str) -> Iterator[str]:
        """Yield the notations above a concept, nearest first."""
        above = self[notation].broader
        while above is not None:
            yield above
            above = self[above].broader

    def ancestors(self, notation: str) -> frozenset[str]:
        """Return all that a figure of this concept is counted in: broader concepts and their aggregates.

        >>> from budgetgraph.ontology.codelists import scheme
        >>> sorted(scheme("revenue-source").ancestors("general.appropriation"))
        ['_T', 'appropriation', 'current', 'general']
        >>> sorted(scheme("revenue-source").ancestors("ownFunds"))
        ['current', 'nonAppropriation']
        """
        chain = [notation, *self.broader(notation)]
        found = set(chain[1:])
        waiting = list(chain)
        while waiting:
            for total in self._aggregates_of.get(waiting.pop(), ()):
                if total not in found:
                    found.add(total)
                    waiting.append(total)
        return frozenset(found)

    def with_broader(self, notations: Iterable[str]) -> tuple[str, ...]:
        """Return the notations and all above them, in the order of the scheme."""
        wanted: set[str] = set()
        for notation in notations:
            wanted.add(notation)
            wanted.update(self.broader(notation))
        return tuple(notation for notation in self.concepts if notation in wanted)

    @cached_property
    def _aggregates_of(self) -> dict[str, list[str]]:
        """Concept -> the aggregates it is a part of."""
        parts: dict[str, list[str]] = {}
        for total in self.concepts.values():
            for part in total.aggregates:
                parts.setdefault(part, []).append(total.notation)
        return parts
