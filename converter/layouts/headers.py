"""Header rows -> one path for each column ("基本支出/小计").

A header ends at a row of column numbers, or before the first row that looks like data: an amount, a code, a
total, a numbered label. The row of the total may hold the last words of the header, too (合计|2.80|基本支出|项目支出).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import dropwhile, pairwise

from budgetgraph.converter.amounts import is_dash, is_nothing, parse_number, parse_unit, split_unit
from budgetgraph.converter.blocks import Cell, Grid
from budgetgraph.converter.extraction.emptiness import says_empty_row
from budgetgraph.converter.labels import fold, without_english

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}\Z")
_CODE_AND_LABEL = re.compile(r"\d{3}(?:\d{2}){0,2}\D")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]+、|\d+[.、]|\(\d+\)|\([一二三四五六七八九十]+\))\S")
#: A column's number, with the sum it is where one is printed ("1=2+3").
_COLUMN_NUMBER = re.compile(r"(\d{1,2})(?:=[\d+\-()]+)?\Z", re.ASCII)
#: The same in letters: A, B, C=D+E.
_COLUMN_LETTER = re.compile(r"([A-Z])(?:=[A-Z+\-()]+)?\Z")
#: A column's number behind the words of its header: 合计(1=2+3), 合计(=1+2), 合计(1+2), 基本支出(2); circled ones too.
_NUMBER_BEHIND = re.compile(
    r"(?:\(\d{1,2}\)(?:=[\d+\-()]+)?|\(\d{1,2}=[\d+\-()]+\)|\(=\d{1,2}(?:[+\-]\d{1,2})+\)|\(\d{1,2}(?:\+\d{1,2})+\)|\d{1,2}=[\d+\-()]+)\Z",
    re.ASCII,
)
_CIRCLED = re.compile(r"[①-⑳](?:=[①-⑳+＋\-－]+)?\s*\Z")
_IN_BRACKETS = re.compile(r"[【\[](.+)[】\]]")
_COLUMN_WORDS = frozenset(("栏次", "行次", "甲", "乙", "丙", "丁", "类", "款", "项"))
#: What some forms print over the columns that have no number ("** | ** | 1 | 2", "-- | -- | 1 | 2").
_NO_NUMBER = re.compile(r"\*+|[-—]+|/")
#: Fewest cells of a row that counts the columns so: less may be a name made unreadable and an amount.
_NO_NUMBER_CELLS = 3
#: A row that counts more columns than this is no row of amounts.
_MANY_COLUMNS = 5
#: Words that head the labels of a list. A word below them is the first label, unless it may be the rest of them.
_LISTS = frozenset(("项目", "项目名称", "项目类别", "类型", "单位名称", "预算单位", "部门名称"))
_SHORT = 3
_LIST_WIDTH = 3
#: Labels of totals.
TOTALS = frozenset(("合计", "总计", "收入合计", "支出合计", "收入总计", "支出总计", "本年收入合计", "本年支出合计"))


def is_column_number_row(row: Sequence[Cell]) -> bool:
    """Tell whether the row counts the columns: 1 2 3 ..., blanks allowed; "栏次 — 1 2=3+4", "甲 乙 1 2", "** 1 2".

    Behind a count of many columns another number may stand: who checks a sheet sums up its rows beside the table.
    """
    words = [fold(cell.text) for cell in row if not cell.is_blank]
    if len(words) < 2:
        return False
    if len(words) >= _NO_NUMBER_CELLS and not row[0].is_blank:
        words = list(dropwhile(_NO_NUMBER.fullmatch, words))
    if _COLUMN_WORDS.intersection(words):
        words = [word for word in words if not is_dash(word) and not is_nothing(word)]  # "栏次 — 1 2"
    words = [word for word in words if word not in _COLUMN_WORDS]
    letters = [found.group(1) for word in words if (found := _COLUMN_LETTER.match(word))]
    if len(letters) == len(words) >= _NO_NUMBER_CELLS:
        return letters == [chr(ord("A") + place) for place in range(len(letters))]
    if len(words) > _MANY_COLUMNS and parse_number(words[-1]):
        words = words[:-1] if words[-1] != str(len(words)) else words
    numbers = [_COLUMN_NUMBER.match(word) for word in words]
    if not all(numbers) or not numbers:
        return False
    values = [int(n.group(1)) for n in numbers if n]
    return values[0] in {0, 1} and all(b - a == 1 for a, b in pairwise(values))


def _looks_like_data(row: Sequence[Cell], first: bool) -> bool:
    filled = [cell for cell in row if not cell.is_blank]
    if len(filled) == 1 and says_empty_row(filled[0].text):
        return not first
    filled = [cell for cell in filled if not is_nothing(cell.text)]
    for cell in filled:
        text = fold(cell.text)
        if parse_number(text) or _CODE.match(text) or _CODE_AND_LABEL.match(text) or _NUMBERED.match(text):
            return True
    # 合计 is a column of a matrix too: it opens data only where it is the row's label, with no other word beside it.
    totals = bool(filled) and all(fold(without_english(cell.text)) in TOTALS for cell in filled)
    return not first and totals and filled[0].column <= 1


def _is_label_alone(grid: Grid, index: int) -> bool:
    """Tell whether a row has only a label, below the word that heads a list of labels: 项目 / 因公出国（境）费."""
    filled = [cell for cell in grid.rows[index] if not cell.is_blank]
    if len(filled) != 1 or filled[0].column or filled[0].colspan > 1 or grid.width < _LIST_WIDTH:
        return False
    words = [row[0] for row in grid.rows[:index] if not row[0].is_blank]
    text = fold(filled[0].text)
    listed = bool(words) and words[-1].colspan == 1 and fold(words[-1].text) in _LISTS
    return listed and len(text) > _SHORT and not text.startswith("(")


def header_depth(grid: Grid) -> int:
    """Return how many leading rows are header, the row of column numbers included, blank rows below them not."""
    depth = 0
    for index, row in enumerate(grid.rows):
        if is_column_number_row(row):
            return index + 1
        if depth and header_words_beside_total(grid, index):
            break
        if parse_unit("".join(cell.text for cell in row)) is None and _looks_like_data(row, index == 0):
            break
        if depth and _is_label_alone(grid, index):
            break
        if not all(cell.is_blank for cell in row):
            depth = index + 1
    return depth


def header_words_beside_total(grid: Grid, index: int) -> frozenset[int]:
    """Return the columns of a total's row that hold header words: those below a header over several of them.

    The total itself stands at the left, outside of these headers, and elsewhere the row has amounts or blanks.
    """
    if not 0 < index < len(grid.rows):
        return frozenset()
    filled = [cell for cell in grid.rows[index] if not cell.is_blank]
    words = frozenset(cell.column for cell in filled[1:] if not parse_number(cell.text))
    if not words or filled[0].column > 1 or fold(without_english(filled[0].text)) not in TOTALS:
        return frozenset()
    levels = _levels([*grid.rows[:index], _only(grid.rows[index], words)])[:-1]
    groups = [tuple(level[column] for level in levels) for column in range(grid.width)]
    covers = {column for column in range(grid.width) if groups[column] in {groups[word] for word in words}}
    alone = any(groups.count(groups[word]) == 1 for word in words)
    return words if covers == words and not alone else frozenset()


def _only(row: Sequence[Cell], columns: AbstractSet[int]) -> tuple[Cell, ...]:
    """Return a row with the words of some columns alone."""
    return tuple(cell if cell.column in columns else replace(cell, text="") for cell in row)


def data_rows(grid: Grid, depth: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows below a header, without the header words that stand in the row of the total."""
    words = header_words_beside_total(grid, depth)
    if not words:
        return grid.rows[depth:]
    others = frozenset(range(grid.width)) - words
    return _only(grid.rows[depth], others), *grid.rows[depth + 1 :]


def header_units(grid: Grid, depth: int) -> frozenset[str]:
    """Return the units that the header prints in brackets: "金额（万元）"."""
    found = (split_unit(fold(cell.text))[1] for row in grid.rows[:depth] for cell in row)
    return frozenset(unit for unit in found if unit)


def units_below(cells: Iterable[Cell]) -> frozenset[str]:
    """Return the units of lines that stand within the rows: "单位：元" above some of them."""
    return frozenset(unit[0] for cell in cells if (unit := parse_unit(cell.text)))


def wordy_columns(grid: Grid, depth: int) -> frozenset[int]:
    """Return the columns that have words below the header, at least as many as amounts and codes."""
    words, numbers = Counter[int](), Counter[int]()
    for row in data_rows(grid, depth):
        for cell in () if is_column_number_row(row) else row:
            if not cell.is_blank and not is_nothing(cell.text):
                (numbers if parse_number(cell.text) else words)[cell.column] += 1
    return frozenset(column for column, count in words.items() if count >= numbers[column])


def column_paths(grid: Grid, depth: int) -> list[str]:
    """Return for each column the words of its header rows from the top, folded and joined by "/".

    A "/" that is printed stands as "|"; a unit in brackets is left out.

    Spans are filled where the source states them. Where it states none, a blank cell of an upper row belongs
    to the group at its left when words stand below it and the groups above agree.
    """
    rows = [row for row in grid.rows[:depth] if not is_column_number_row(row)]
    if not rows:
        return ["" for _ in range(grid.width)]
    words = header_words_beside_total(grid, depth)
    levels = _levels([*rows, _only(grid.rows[depth], words)] if words else rows)
    return ["/".join(level[column] for level in levels if level[column]) for column in range(grid.width)]


def _word(text: str) -> str:
    """Return the folded words of a header's cell, without unit, number of the column, brackets around all, English."""
    word = split_unit(fold(_CIRCLED.sub("", without_english(text))))[0]
    whole = _IN_BRACKETS.fullmatch(word)
    return _NUMBER_BEHIND.sub("", whole.group(1) if whole else word).replace("/", "|")


def _levels(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return the words of each header row for each column, spans filled."""
    width = len(rows[0])
    levels = [[_word(cell.text) for cell in row] for row in rows]
    for level, row in enumerate(rows):
        for cell in row:
            for column in range(cell.column + 1, min(cell.column + cell.colspan, width)):
                levels[level][column] = levels[level][cell.column]
    for level in range(len(levels) - 1):
        for column in range(1, width):
            below = any(levels[deeper][column] for deeper in range(level + 1, len(levels)))
            same_group = all(levels[upper][column] == levels[upper][column - 1] for upper in range(level))
            if not levels[level][column] and below and same_group:
                levels[level][column] = levels[level][column - 1]
    return levels
