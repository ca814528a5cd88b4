"""Sheets as a person leaves them: frames around nothing, merges over everything."""

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import sheets
from budgetgraph.converter.readers.sheets import MAXIMUM_COLUMNS, Sheet, SheetLayout, column_name, column_number


def table(**more) -> Sheet:
    rows = {0: {0: "项目", 1: "金额"}, 1: {0: "合计", 1: "5.00"}}
    return Sheet("表", rows, bordered={0, 1}, **more)


def blocks(sheet: Sheet):
    return list(SheetLayout("a.xlsx").blocks(sheet))


def test_letters_name_the_columns_that_they_are_the_names_of():
    assert [column_number(column_name(column)) for column in range(MAXIMUM_COLUMNS)] == list(range(MAXIMUM_COLUMNS))


def test_a_frame_around_nothing_is_no_table():
    sheet = table()
    sheet.rows[9] = {0: "注：无"}
    sheet.bordered |= {4, 5, 6}
    grid, note = blocks(sheet)
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [["项目", "金额"], ["合计", "5.00"]]
    assert note.text == "注：无"


def test_a_text_merged_over_a_million_blank_rows_is_refused_at_once():
    sheet = table(merged=[(1, 0, 1_048_575, 0), *((1, c, 1_048_575, c) for c in range(2, 1000))])
    sheet.rows[1] |= dict.fromkeys(range(2, 1000), "长")
    sheet.rows[1_048_575] = {0: "x"}
    with pytest.raises(SourceError, match=r"a\.xlsx: sheet '表', row 2: a merged range reaches to row 1048576"):
        blocks(sheet)


def test_rows_are_counted_once_however_many_merges_reach_over_them(monkeypatch):
    monkeypatch.setattr(sheets, "MAXIMUM_CELLS", 6)
    sheet = Sheet("表", {0: {0: "甲", 1: "1.00"}, 2: {1: "2.00"}}, merged=[(0, 0, 2, 0), (0, 0, 2, 0)])
    (grid,) = blocks(sheet)
    assert grid.rows[0][0].rowspan == 3
