"""What a reader gives back: the blocks, and what it met on the way that is worth knowing."""

from collections.abc import Iterable

from budgetgraph.converter.blocks import Block
from budgetgraph.converter.problems import Problem


class Reading(list[Block]):
    """The blocks of a source in reading order.

    problems  what is in the file but not in the blocks, or not as a person would expect it: hidden sheets,
              formulas without a value, members of an archive that are of no known form
    """

    def __init__(self, blocks: Iterable[Block] = (), problems: Iterable[Problem] = ()) -> None:
        super().__init__(blocks)
        self.problems = tuple(problems)
