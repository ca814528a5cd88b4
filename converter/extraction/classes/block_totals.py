"""What rows say more exactly than the columns they stand in: 人员经费合计 in a column of 基本支出."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.extraction.classes.rows import row_meaning
from budgetgraph.converter.profiles import ColumnSpec, Pane

_NATURE = "expenditureNature"


def narrowed(pane: Pane, column: ColumnSpec, said: Mapping[str, str]) -> ColumnSpec:
    """Return the column with what is said in place of what it says less exactly itself."""
    words = pane.words
    exact = {
        name: said[name]
        for name, value in column.dimensions.items()
        if words and name in said and words.is_above({name: value}, {name: said[name]})
    }
    return replace(column, dimensions={**column.dimensions, **exact}) if exact else column


def of_their_totals(
    pane: Pane, columns: Sequence[tuple[ColumnSpec, int]], rows: Sequence[Sequence[Cell]], year: int
) -> Sequence[tuple[ColumnSpec, int]]:
    """Return the columns of a block, of the nature that its one total names: all its classes are parts of that.

    Blocks stand side by side: those of 301 and 303 end in 人员经费合计, those of 302 and 310 in 公用经费合计.
    """
    if not pane.repeat:
        return columns
    words = [index for column, index in columns if column.role in {"code", "label"}]
    rules = pane.sections[0].rules
    meanings = (row_meaning(rules, "", label, "", year) for row in rows if (label := _label(row, words)))
    natures = {meaning.dimensions[_NATURE] for meaning in meanings if meaning and _NATURE in meaning.dimensions}
    if len(natures) != 1:
        return columns
    said = {_NATURE: natures.pop()}
    return [(narrowed(pane, column, said) if column.role == "amount" else column, index) for column, index in columns]


def _label(row: Sequence[Cell], words: Sequence[int]) -> str:
    """Return what is printed in or over a block's columns of words, else the words of a row before them."""
    own = next((row[index].text for index in words if not row[index].is_blank), None)
    before = next((cell.text for cell in reversed(row[: words[0]] if words else row) if not cell.is_blank), "")
    return own if own is not None else "" if parse_number(before) else before
