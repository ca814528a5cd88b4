"""A table that two files of a publication print: the same figures, or others under the same keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.budget import TOTAL, DataSet, Figure, PrintedTable
from budgetgraph.converter.extraction.steps import Extracted
from budgetgraph.converter.problems import Problem, Severity

_Key = tuple[object, ...]
_Fact = tuple[DataSet, Figure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second of two tables of one kind, beside the first.

    differing  pairs of figures with the same key and another amount
    alone      figures that only the second table has
    """

    first: PrintedTable
    second: PrintedTable
    shared: int
    differing: tuple[tuple[Figure, Figure], ...]
    alone: tuple[Figure, ...]


def compare(first: Extracted, second: Extracted) -> Comparison | None:
    """Return how the second table repeats the first; None when it is of another kind or shares no figure with it.

    Amounts printed with different steps (元 here, 万元 there) are the same when rounding makes them so.
    """
    if first.table.kind != second.table.kind:
        return None
    known, other = dict(_facts(first)), dict(_facts(second))
    shared = [key for key in other if key in known]
    if not shared:
        return None
    pairs = [(known[key], other[key]) for key in shared]
    return Comparison(
        first.table,
        second.table,
        len(shared),
        tuple((a[1], b[1]) for a, b in pairs if not _is_same(a, b)),
        tuple(figure for key, (_, figure) in other.items() if key not in known),
    )


def _facts(extracted: Extracted) -> Iterator[tuple[_Key, _Fact]]:
    for data_set in extracted.data_sets:
        panel = data_set.id.removeprefix(extracted.table.id)
        for figure in data_set.figures:
            dimensions = frozenset((name, value) for name, value in figure.dimensions.items() if value != TOTAL)
            yield (
                (data_set.structure, panel, figure.year or data_set.year, data_set.phase, dimensions),
                (data_set, figure),
            )


def _is_same(first: _Fact, second: _Fact) -> bool:
    steps = {first[0].step, second[0].step}
    tolerance = Decimal(0) if len(steps) == 1 else max(steps) / 2
    return abs(first[1].value - second[1].value) <= tolerance


def describe_repeat(found: Comparison) -> Problem:
    """Return the report of a table that is not counted a second time."""
    place = found.second.locator
    counted = f"the one at {found.first.locator} is counted"
    if not found.differing and not found.alone:
        message = f"{found.second.title!r} repeats the {found.shared} figures of a table of another file; {counted}"
        return Problem("repeated-table", Severity.INFO, message, place)
    parts = []
    if found.differing:
        a, b = found.differing[0]
        first = f"{b.label!r}: {b.text} here, {a.text} there"
        parts.append(f"{len(found.differing)} of its {found.shared} figures differ, first {first}")
    if found.alone:
        parts.append(
            f"{len(found.alone)} figures stand only here, first {found.alone[0].label!r}: {found.alone[0].text}"
        )
    message = f"{found.second.title!r} stands in another file too, and not alike: {'; '.join(parts)}; {counted}"
    return Problem("repeated-table-differs", Severity.ERROR, message, place)
