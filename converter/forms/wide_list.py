"""One table for all projects or units with a column for each class of indicators: 数量指标 | 质量指标 | 满意度指标.

A cell states what is to be reached, mostly without a name of its own: then the class is the indicator's name.
"""

from collections.abc import Mapping, Sequence

from budgetgraph.converter.budget import Indicator
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.values import read_values
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact

#: A header with fewer columns of classes is that of another table.
_FEWEST = 3

#: Column and compared word of the cells of a row.
Words = Sequence[tuple[int, str]]
#: Level 1 and level 2 of a column, and their printed names; "" and None where it says none.
Classes = Mapping[int, tuple[str, str | None, str, str]]


def level_columns(upper: Words, lower: Words, words: Vocabulary) -> Classes:
    """Return for each column of a class level 1 and level 2 with their names; `upper` holds classes over several."""
    found: dict[int, tuple[str, str | None, str, str]] = {}
    for column, word in lower:
        over = next((name for start, name in reversed(upper) if start <= column and words.level1(name)), "")
        under = words.level1(over) if over else None
        level2 = words.level2(word, under) if under else None
        if under and level2 and words.belongs(level2, under):
            found[column] = (under, level2, over, word)
        elif level1 := words.level1(word):
            found[column] = (level1, None, word, "")
        elif level2 := words.level2(word, None):
            found[column] = (words.only_level1(level2) or "", level2, "", word)
    return found


def wide_header(rows: Sequence[Words], words: Vocabulary, named: frozenset[str], within: int) -> tuple[int, int] | None:
    """Return first and end of the header rows: they name a project or unit, and classes of indicators."""
    for number, row in enumerate(rows[:within]):
        if not any(words.heads(word) & named for _, word in row):
            continue
        below = rows[number + 1] if number + 1 < len(rows) else ()
        if below and len(level_columns(row, below, words)) == len(below) >= _FEWEST:
            return number, number + 2
        if len(level_columns((), row, words)) >= _FEWEST:
            return number, number + 1
    return None


def read_classes(
    rows: Sequence[Sequence[FormCell]],
    classes: Classes,
    heads: Mapping[int, FormCell],
    words: Vocabulary,
    booking: Booking,
) -> tuple[Indicator, ...]:
    """Return the indicators of the rows of one project or unit; a cell below no class is not understood."""
    found: list[Indicator] = []
    for cell in (cell for row in rows for cell in row):
        if cell.column not in classes:
            booking.not_understood((cell,), "it stands below no class of indicators", "indicator-unknown")
            continue
        level1, level2, first, second = classes[cell.column]
        head = heads[cell.column]
        targets = read_values(head, cell, None, None, words, booking)
        name = targets[0].subject if len(targets) == 1 else ""
        booking.convert(cell, "target", "value", redact(cell.text.strip())[0])
        found.append(
            Indicator(
                len(found) + 1,
                redact(label(name or head.text))[0],
                level1,
                level2,
                first,
                second,
                tuple(targets),
                booking.place(cell),
            )
        )
    return tuple(found)
