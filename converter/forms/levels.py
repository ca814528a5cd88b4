"""Which level 1 and level 2 a row of an indicator table stands under: labels merged downwards are printed once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.vocabulary import Vocabulary, weight_in


@dataclass(slots=True)
class Levels:
    """The level cells in force, and the cells of columns that print their weights.

    centred   a label of level 1 was printed below the first of its rows: labels stand in the middle of their rows
    merged    a label of level 1 spans its rows, so that each says where it ends
    """

    first: FormCell | None = None
    second: FormCell | None = None
    centred: bool = False
    merged: bool = False
    weights: dict[str, FormCell] = field(default_factory=dict)

    def weight(self, level: int) -> Decimal | None:
        """Return the weight of level 1 or 2: of its column, or in brackets behind its name."""
        beside = self.weights.get(f"level{level}-weight")
        if beside is not None:
            number = parse_number(beside.text.strip().rstrip("分%％"))
            return number.value if number else None
        cell = self.first if level == 1 else self.second
        return weight_in(cell.key) if cell else None

    def update(
        self, cells: Sequence[FormCell], role: str | None, below: Sequence[Sequence[FormCell]], words: Vocabulary
    ) -> None:
        """Bring the levels up to date with those that a row prints; `role` is that of a single one, if known."""
        if len(cells) == 2:
            self._open(cells[0], cells[1])
        elif cells:
            self._one(cells[0], role, below, words)
        elif self.first is None:
            self.first = _next_first(below, words)
            self.centred = self.first is not None

    def pass_over(self, cells: Sequence[FormCell], column: int | None, words: Vocabulary) -> None:
        """Take the level 1 that a row prints which is not understood, where it prints one; its level 2 is not sure.

        column  that of level 1: a label merged over several rows is one there, known or not
        """
        first = next((cell for cell in cells if words.level1(cell.key)), None)
        if first is None and cells[0].column == column and cells[0].pieces[0].rowspan > 1:
            first = cells[0]
        if first is not None:
            self._open(first, None)

    def forget_second(self, row: Sequence[FormCell], below: Sequence[Sequence[FormCell]], words: Vocabulary) -> bool:
        """Drop level 2 where a row may as well belong to the next label: labels are centred, and the row prints none.

        Returns whether that was so.
        """
        if not self.centred or self.second is None or self.second in row:
            return False
        if not any(words.level2(cell.key, None) for other in below for cell in other[:2]):
            return False
        self.second = None
        return True

    def _open(self, first: FormCell | None, second: FormCell | None) -> None:
        self.first, self.second = first, second
        self.merged |= first is not None and first.pieces[0].rowspan > 1
        self.weights = {}

    def _one(self, cell: FormCell, role: str | None, below: Sequence[Sequence[FormCell]], words: Vocabulary) -> None:
        if cell is self.first:  # printed in the middle of its rows, and in force since the first of them
            return
        under = words.level1(self.first.key) if self.first else None
        notation = words.level2(cell.key, under)
        if role == "level1" or (role is None and notation is None) or self._has_ended(cell, words):
            self._open(cell, None)
            return
        if notation is not None and role is None and under and _is_first(cell, under, notation, words):
            self._open(cell, None)
            return
        following = _next_first(below, words)
        if following is not None and notation is not None:
            alone = _stands_alone(following, below, words)
            belongs_below = words.level2(cell.key, words.level1(following.key)) in _below(following, words)
            if (under is None or not words.belongs(notation, under) or alone) and belongs_below:
                self.first, self.centred = following, True
        self.second = cell
        self.weights.pop("level2-weight", None)

    def _has_ended(self, cell: FormCell, words: Vocabulary) -> bool:
        """Tell whether a cell is the next level 1: it stands below the rows that the one in force is merged over."""
        first = self.first
        if not self.merged or first is None or len(first.pieces) > 1 or cell.column != first.column:
            return False
        return words.level1(cell.key) is not None and cell.row >= first.row + first.pieces[0].rowspan

    def notations(self, words: Vocabulary) -> tuple[str, str, str, str | None]:
        """Return the labels of level 1 and 2 as printed and their notations; "" where level 1 is not known."""
        first, second = self.first, self.second
        level1 = words.level1(first.key) if first else None
        if first and words.is_execution(first.key):
            level1 = "execution"
        level2 = words.level2(second.key, level1) if second else None
        return label(first.text) if first else "", label(second.text) if second else "", level1 or "", level2


def _below(first: FormCell, words: Vocabulary) -> frozenset[str]:
    level1 = words.level1(first.key)
    return words.notations_below(level1) if level1 else frozenset()


def _is_first(cell: FormCell, under: str, notation: str, words: Vocabulary) -> bool:
    """Tell whether a name of both levels is level 1 here: it does not belong under the one in force."""
    return words.level1(cell.key) is not None and not words.belongs(notation, under)


def _next_first(below: Sequence[Sequence[FormCell]], words: Vocabulary) -> FormCell | None:
    """Return the next printed level-1 name: a merged label may be printed in the middle of its rows."""
    return next((c for row in below for c in row[:2] if words.level1(c.key) and len(row) > 2), None)


def _stands_alone(first: FormCell, below: Sequence[Sequence[FormCell]], words: Vocabulary) -> bool:
    """Tell whether a level-1 name is printed without a level 2, before any other level: its level 2 stands above."""
    for row in below:
        levels = [cell for cell in row[:2] if words.is_level(cell.key)]
        if levels:
            return levels == [first]
    return False
