"""Which observation stands above which: what makes `bud:isLeaf`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product

from budgetgraph.converter.budget import NOT_APPLICABLE, STRUCTURES, TOTAL
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.ontology import codelists

Key = tuple[str, ...]


@cache
def ancestors_in(scheme: str, year: int, notation: str) -> frozenset[str]:
    """Return the notations above a concept: broader ones up to `_T`, and aggregates that contain it.

    A code that the list does not have stands below the codes it begins with.
    """
    if notation in {TOTAL, NOT_APPLICABLE}:
        return frozenset()
    known = codelists.scheme(scheme.removesuffix("/{year}"), year)
    if notation in known:
        return known.ancestors(notation) | {TOTAL}  # an aggregate stands beside the tree, yet below the total
    return frozenset([TOTAL, *(notation[:n] for n in (3, 5) if n < len(notation))])


def lines_above(number: str) -> Iterator[str]:
    """Yield the numbers of the lines above a line, the nearest first.

    >>> list(lines_above("1.2.1"))
    ['1.2', '1']
    """
    while "." in number:
        number = number.rpartition(".")[0]
        yield number


def ancestors(structure: str, year: int) -> Callable[[int, str], frozenset[str]]:
    """Return a function of a dimension's position in a structure and a notation: the notations above it."""
    names = STRUCTURES[structure]

    def above(position: int, notation: str) -> frozenset[str]:
        name = names[position]
        if notation == TOTAL:
            return frozenset()
        if name == "project":
            return frozenset([TOTAL])
        if name in {"projectItem", "procurementLine", "projectLine"}:
            return frozenset([TOTAL, *lines_above(notation)])
        return ancestors_in(SCHEMES[name], year, notation)

    return above


def leaves(keys: Sequence[Key], ancestors: Callable[[int, str], frozenset[str]]) -> list[bool]:
    """Return for each key whether no other key of the set stands below it.

    A key stands below another when each of its values equals the other's or has it as an ancestor.

    ancestors  (position in the key, notation) -> notations above it: broader concepts and aggregates

    >>> up = lambda _, notation: frozenset() if notation == "_T" else frozenset({"_T", notation[:-2]} - {notation})
    >>> leaves([("_T",), ("201",), ("20131",)], up)
    [False, False, True]
    """
    above: set[Key] = set()
    for key in set(keys):
        chains: Iterable[Iterable[str]] = [(value, *ancestors(i, value)) for i, value in enumerate(key)]
        above.update(other for other in product(*chains) if other != key)
    return [key not in above for key in keys]


def key_text(key: Key) -> str:
    """Return the key as it stands in an IRI: values joined by ".", trailing totals left out.

    >>> key_text(("2013101", "basic", "301", "_T")), key_text(("_T", "_T"))
    ('2013101.basic.301', '_T')
    """
    end = len(key)
    while end > 1 and key[end - 1] == TOTAL:
        end -= 1
    return ".".join(key[:end])
