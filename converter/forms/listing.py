"""Rows of labels with one amount, as item and funding blocks print them."""

from collections.abc import Sequence

from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.money import head_multiplier, is_amount
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary


def split_row(
    cells: Sequence[FormCell], amount_column: int | None
) -> tuple[list[FormCell], FormCell | None, list[FormCell]] | None:
    """Return labels, amount and remarks of a row; None when several numbers may be the amount."""
    amounts = [cell for cell in cells if is_amount(cell.text)]
    if len(amounts) > 1:
        amounts = [cell for cell in amounts if cell.column == amount_column]
        if len(amounts) != 1:
            return None
    if not amounts:
        return list(cells), None, []
    place = list(cells).index(amounts[0])
    return list(cells[:place]), amounts[0], list(cells[place + 1 :])


def without_headers(
    section: Section, multiplier: int | None, words: Vocabulary, booking: Booking
) -> tuple[list[tuple[FormCell, ...]], int | None, int | None]:
    """Return the rows that are no header, the column headed as amount, and the multiplier that heads state."""
    booking.label(*section.head)
    body: list[tuple[FormCell, ...]] = []
    amount_column: int | None = None
    for cell in section.head:
        stated = head_multiplier(cell.text)
        multiplier = multiplier if stated is None else stated
    for row in section.rows:
        names = [words.block_word(cell.key) for cell in row]
        if not all(names):
            body.append(row)
            continue
        booking.header(*row)
        for cell, name in zip(row, names, strict=True):
            if name in words.amount_headers:
                amount_column = cell.column
                stated = head_multiplier(cell.text)
                multiplier = multiplier if stated is None else stated
    return body, amount_column, multiplier
