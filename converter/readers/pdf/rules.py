"""Ruled lines: drawn in pieces and a little beside each other -> one line each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf.objects import Rule

#: Lines no further apart than this, in points, are one line (double lines, lines of neighbouring cells).
SNAP = 2.0
#: Pieces of a line no further apart than this, in points, are one piece; lines that miss a crossing by as much
#: reach it.
JOIN = 3.0
#: Pieces shorter than this, in points, rule nothing.
SHORTEST = 4.0
#: The most pairs of lines of one page that may cross.
MAXIMUM_CROSSINGS = 2_000_000


def snapped(rules: Iterable[Rule]) -> list[Rule]:
    """Return the lines with pieces joined and near positions made one, sorted by position."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule[0] - groups[-1][-1][0] <= SNAP and rule[0] - groups[-1][0][0] <= 2 * SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    result = []
    for group in groups:
        length = sum(end - start for _, start, end in group)
        if length <= 0:
            continue
        position = sum(at * (end - start) for at, start, end in group) / length
        begin, stop = None, 0.0
        for _, start, end in sorted(group, key=lambda rule: rule[1]):
            if begin is None:
                begin, stop = start, end
            elif start - stop <= JOIN:
                stop = max(stop, end)
            else:
                if stop - begin >= SHORTEST:
                    result.append((position, begin, stop))
                begin, stop = start, end
        if begin is not None and stop - begin >= SHORTEST:
            result.append((position, begin, stop))
    return result


class Net(NamedTuple):
    """Lines that hang together by crossing each other."""

    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]


def nets(level: list[Rule], upright: list[Rule], where: str) -> list[Net]:
    """Return the groups of at least two level and two upright lines that cross. Both lists are sorted.

    where  file and page, for the message of the SourceError that ends a page with too many lines
    """
    parents = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    positions = [rule[0] for rule in level]
    looked = 0
    for number, (x, top, bottom) in enumerate(upright, start=len(level)):
        low = bisect_left(positions, top - JOIN)
        high = bisect_right(positions, bottom + JOIN)
        looked += high - low
        if looked > MAXIMUM_CROSSINGS:
            raise SourceError(f"{where}: more ruled lines than a table has; print the publication to a new PDF.")
        for index in range(low, high):
            _, left, right = level[index]
            if left - JOIN <= x <= right + JOIN:
                a, b = root(index), root(number)
                if a != b:
                    parents[max(a, b)] = min(a, b)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate(level):
        groups.setdefault(root(index), ([], []))[0].append(rule)
    for index, rule in enumerate(upright, start=len(level)):
        groups.setdefault(root(index), ([], []))[1].append(rule)
    return [Net(tuple(a), tuple(b)) for a, b in groups.values() if len(a) > 1 and len(b) > 1]
