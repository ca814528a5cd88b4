"""What the readers of staff, assets, activities and procurement hand back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.problems import Problem, Severity


@dataclass(slots=True)
class Stated:
    """Data sets that sentences state.

    taken     for each passage by its position in the section, where amounts begin that are figures of a data set
    problems  what was not understood
    """

    data_sets: list[DataSet] = field(default_factory=list)
    taken: dict[int, set[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, position: int, start: int) -> None:
        """Note that the amount at `start` of the passage at `position` is a figure."""
        self.taken.setdefault(position, set()).add(start)

    def report(self, code: str, message: str, passage: Passage, start: int, end: int) -> None:
        """Collect what is worth knowing of the folded characters [start, end)."""
        self.note(code, message, passage.locator(start, end))

    def note(self, code: str, message: str, locator: Locator) -> None:
        """Collect what is worth knowing of a place."""
        self.problems.append(Problem(code, Severity.INFO, message, locator))


def distinct(figures: Iterable[Figure], problems: list[Problem], what: str) -> tuple[Figure, ...]:
    """Return one figure for each key of which the text states one value; of others none, which is a problem."""
    stated: dict[frozenset[tuple[str, str]], list[Figure]] = defaultdict(list)
    for figure in figures:
        stated[frozenset(figure.dimensions.items())].append(figure)
    kept = []
    for first, *others in stated.values():
        other = next((figure for figure in others if figure.value != first.value), None)
        if other is None:
            kept.append(first)
            continue
        message = (
            f"{what}: {other.label!r} is {other.text} here, and {first.label!r} is {first.text} at "
            f"{first.place.locator}; which is right is not certain, and neither is a figure"
        )
        problems.append(Problem("stated-twice", Severity.ERROR, message, other.place.locator))
    return tuple(kept)
