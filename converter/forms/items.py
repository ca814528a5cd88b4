"""The detailed budget of a project: items as a tree, so that a group and what it consists of are not added twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.budget import TOTAL, Figure, ProjectItem
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.listing import split_row, without_headers
from budgetgraph.converter.forms.money import Money, read_money
from budgetgraph.converter.forms.outline import Outline, label, take_apart
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity


@dataclass(frozen=True, slots=True)
class Items:
    """What an item block says. Figures come with the power of ten of their unit; `total` is also among them."""

    items: tuple[ProjectItem, ...]
    total: Figure | None
    figures: tuple[tuple[int, Figure], ...]


@dataclass(slots=True)
class _Group:
    """An opened group: its number, whether print numbers it, and the column of its label."""

    number: str
    numbered: bool
    column: int


def read_items(section: Section, project: int, multiplier: int | None, words: Vocabulary, booking: Booking) -> Items:
    """Return the items of a project; `project` is its order, `multiplier` the power of ten of the form's unit."""
    body, amount_column, multiplier = without_headers(section, multiplier, words, booking)
    reading = _ItemReading(project, multiplier, booking)
    for row in body:
        parts = split_row(row, amount_column)
        if parts is None:
            booking.not_understood(row, "several numbers in one row of the items")
        elif parts[0] and parts[0][0].key in words.total_labels and parts[1] is not None and len(parts[0]) == 1:
            reading.total(parts[0][0], parts[1])
        elif parts[0]:
            reading.item(*parts)
        booking.not_understood(row, "an item without a label")
    return Items(tuple(reading.items), reading.total_figure, tuple(reading.figures))


class _ItemReading:
    """Reads item after item; a group stays open for the rows that are printed inside it."""

    def __init__(self, project: int, multiplier: int | None, booking: Booking) -> None:
        self.items: list[ProjectItem] = []
        self.figures: list[tuple[int, Figure]] = []
        self.total_figure: Figure | None = None
        self._project, self._multiplier, self._booking = str(project), multiplier, booking
        self._outline = Outline()
        self._group: _Group | None = None

    def total(self, name: FormCell, cell: FormCell) -> None:
        """Read the total of the project."""
        self._booking.label(name)
        money = read_money(cell, self._multiplier, "observation", self._booking)
        if money is not None and self.total_figure is None:
            self.total_figure = self._figure(TOTAL, label(name.text), money, cell)
            self.figures.append((money.multiplier, self.total_figure))
        elif money is not None:
            message = f"{self._booking.table}: a second total of the items; the first one counts"
            self._booking.problem("total-repeated", Severity.WARNING, message, cell)

    def item(self, labels: Sequence[FormCell], amount: FormCell | None, remarks: Sequence[FormCell]) -> None:
        """Read a row: labels of groups, label of the item, its amount, remarks."""
        for depth, cell in enumerate(labels[:-1]):
            number = self._add(cell, self._group.number if depth and self._group else None, None, None)
            self._group = _Group(number, bool(take_apart(cell.text).style), cell.column)
        cell = labels[-1]
        money = read_money(amount, self._multiplier, "observation", self._booking) if amount else None
        parent = self._parent(cell) if len(labels) == 1 else self._group.number if self._group else None
        self._add(cell, parent, money, amount)
        for remark in remarks:
            self._booking.convert(remark, "remark", "note", redact(remark.text.strip())[0])

    def _parent(self, cell: FormCell) -> str | None:
        """Return the open group if the row belongs to it; a numbered row, or one in the group's column, closes it."""
        if self._group is None:
            return None
        numbered = take_apart(cell.text).style is not None
        if (numbered and self._group.numbered) or (not self._group.numbered and cell.column == self._group.column):
            self._group = None
            return None
        return self._group.number

    def _add(self, cell: FormCell, parent: str | None, money: Money | None, amount: FormCell | None) -> str:
        line = take_apart(cell.text)
        number, parent = self._outline.add(line, parent)
        name = redact(label(line.text))[0]
        place = self._booking.place(amount or cell)
        self._booking.convert(cell, "item", "label", redact(cell.text.strip())[0])
        text = money.text if money else None
        self.items.append(ProjectItem(number, name, money.yuan if money else None, text, place, parent))
        if money is not None and amount is not None:
            self.figures.append((money.multiplier, self._figure(number, name, money, amount)))
        return number

    def _figure(self, number: str, name: str, money: Money, cell: FormCell) -> Figure:
        dimensions = {"project": self._project, "projectItem": number}
        return Figure(dimensions, money.yuan, money.text, name, self._booking.place(cell))
