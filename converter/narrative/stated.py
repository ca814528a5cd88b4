"""What the readers of staff, assets, activities and procurement hand back."""

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
    """Return the figures with one for each key, the first; a second that differs is a problem."""
    kept: dict[frozenset[tuple[str, str]], Figure] = {}
    for figure in figures:
        first = kept.setdefault(frozenset(figure.dimensions.items()), figure)
        if first.value != figure.value:
            message = (
                f"{what}: {figure.label!r} is {figure.text} here and {first.text} at {first.place.locator}; "
                "the first is kept"
            )
            problems.append(Problem("stated-twice", Severity.WARNING, message, figure.place.locator))
    return tuple(kept.values())
