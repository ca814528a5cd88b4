"""Sheets as a person leaves them: frames around nothing, merges over everything."""

from dataclasses import replace

import pytest

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import sheets
from budgetgraph.converter.readers.sheets import Sheet, SheetLayout


def table(**more) -> Sheet:
    rows = {0: {0: "项目", 1: "金额"}, 1: {0: "合计", 1: "5.00"}}
    return Sheet("表", rows, bordered={0, 1}, **more)


def blocks(sheet: Sheet):
    return list(SheetLayout("a.xlsx").blocks(sheet))


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


@pytest.mark.parametrize(
    ("more", "places"),
    [
        (
            {},
            [
                [Locator(None, None, 0, 2, sheet="表", ref="A1"), Locator(None, None, 3, 5, sheet="表", ref="B1")],
                [Locator(None, None, 6, 8, sheet="表", ref="A2"), Locator(None, None, 9, 13, sheet="表", ref="B2")],
            ],
        ),
        (
            {"lines": [3, 5]},
            [[Locator(3, 1, 0, 2), Locator(3, 2, 3, 5)], [Locator(5, 1, 6, 8), Locator(5, 2, 9, 13)]],
        ),
    ],
    ids=["cells of a sheet", "fields of lines"],
)
@pytest.mark.parametrize("order", [1, -1], ids=["in order", "from the last"])
def test_a_cell_makes_the_place_that_it_would_be_given(more, places, order):
    (grid,) = blocks(table(**more))
    cells = list(grid.cells())[::order]
    given = [Cell(c.text, c.row, c.column, locator=places[c.row][c.column]) for c in cells]
    assert [cell.locator for cell in cells] == [cell.locator for cell in given]
    assert cells == given
    assert list(map(hash, cells)) == list(map(hash, given))
    assert list(map(repr, cells)) == list(map(repr, given))
    (again,) = blocks(table(**more))
    moved = replace(again.rows[1][1], row=7)  # the place stays that of the row it was read from
    assert moved.locator == places[1][1]


def test_a_cell_has_no_other_attribute_than_its_own():
    (grid,) = blocks(table())
    with pytest.raises(AttributeError, match="colour"):
        _ = grid.rows[0][0].colour
    with pytest.raises(AttributeError, match="stored"):
        _ = Cell("", 0, 0).stored
