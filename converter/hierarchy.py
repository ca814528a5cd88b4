"""Which observation stands above which: what makes `bud:isLeaf`."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from budgetgraph.converter.budget import TOTAL

Key = tuple[str, ...]


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
