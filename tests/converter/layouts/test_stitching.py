import pytest

from budgetgraph.converter.blocks import Cell, Grid, Paragraph
from budgetgraph.converter.layouts.headers import column_paths, header_depth
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.readers.text import blocks

HEADER = "科目编码\t科目名称\t合计\n"


def tables(text):
    return [block for block in stitched(text) if isinstance(block, Stitched)]


def stitched(text):
    """Return the blocks of a text that ends with a line of its own, so that no one takes its tabs for padding."""
    return stitch(blocks(f"{text}\n\n完"), header_depth)


def texts(table):
    return [[cell.text for cell in row] for row in table.grid.rows]


def test_a_repeated_header_is_dropped_and_kept_apart():
    (table,) = tables(HEADER + "201\t甲\t1.00\n\n" + HEADER + "202\t乙\t2.00")
    assert texts(table) == [["科目编码", "科目名称", "合计"], ["201", "甲", "1.00"], ["202", "乙", "2.00"]]
    assert [cell.locator.line for cell in table.repeated] == [4, 4, 4]
    assert [cell.row for row in table.grid.rows for cell in row] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_header_repeated_without_its_column_numbers():
    (table,) = tables(HEADER + "1\t2\t3\n201\t甲\t1.00\n\n" + HEADER + "202\t乙\t2.00")
    assert len(table.grid.rows) == 4


def test_a_header_repeated_with_words_cut_off_is_one():
    header = "项目\t合计\t政府性基金预算\t国有资本经营预算\n"
    cut = "项目\t合计\t政府性基金预\t国有资本\n"
    (table,) = tables(header + "甲\t1.00\t1.00\t\n\n" + cut + "乙\t2.00\t2.00\t")
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙"]
    assert [cell.text for cell in table.repeated] == ["项目", "合计", "政府性基金预", "国有资本"]


def test_a_header_with_other_words_repeats_none():
    header = "项目\t合计\t政府性基金预算\t国有资本经营预算\n"
    for other in ("项目\t合计\t政府性基金预\t国有\n", "项目名\t总计\t政府性基金预\t国有资本\n"):
        assert len(tables(header + "甲\t1.00\t1.00\t\n\n" + other + "乙\t2.00\t2.00\t")) == 2


def test_rows_of_codes_and_totals_repeated_with_a_header_are_dropped():
    top = HEADER + "合计\t\t3.00\n201\t甲\t1.00\n"
    (table,) = tables(f"{top}202\t乙\t2.00\n\n{top}204\t丙\t")
    assert [row[0] for row in texts(table)] == ["科目编码", "合计", "201", "202", "204"]
    assert len(table.repeated) == 9


def test_lines_that_may_be_two_are_not_dropped_with_a_header():
    header = "项目\t数量\t金额\n"
    (table,) = tables(header + "电脑\t1\t5.00\n\n" + header + "电脑\t1\t5.00")
    assert [row[0] for row in texts(table)] == ["项目", "电脑", "电脑"]


def test_rows_of_labels_without_amounts_go_on():
    (table,) = tables(HEADER + "201\t甲\t1.00\n\n工程\t\t\n服务\t\t2.00")
    assert [row[0] for row in texts(table)] == ["科目编码", "201", "工程", "服务"]


def test_a_header_that_a_page_end_cuts_goes_on():
    (table,) = tables("收入\t\t支出\t\n\n项目\t预算数\t项目\t预算数\n合计\t1.00\t合计\t1.00")
    assert header_depth(table.grid) == 2
    (table,) = tables("项目\t行次\t金额\n\n\t\t\n栏次\t\t1\n合计\t1\t1.00")
    assert len(table.pieces) == 2


def test_a_piece_that_merges_columns_goes_on_with_those_of_the_table():
    rows = [["类", "款", "合计"], ["201", "", "1.00"], ["202", "", "2.00"], ["203", "", "3.00"]]
    grid = merged(rows, {(1, 0), (2, 0), (3, 0)}, pieces=2)
    assert [[cell.text for cell in row] for row in grid.rows] == rows


@pytest.mark.parametrize("mark", ["续表", "（续）", "续上表：", "续表\n单位：万元"])
def test_a_table_goes_on_behind_the_word_for_it(mark):
    (table,) = tables(f"{HEADER}201\t甲\t1.00\n{mark}\n{HEADER}202\t乙\t2.00")
    assert [row[0] for row in texts(table)] == ["科目编码", "201", "202"]


def test_another_table_behind_the_word_does_not_go_on():
    blocks = stitched(f"{HEADER}201\t甲\t1.00\n续表\n项目\t预算数\n合计\t2.00")
    assert [type(block) for block in blocks[:3]] == [Stitched, Paragraph, Stitched]


def test_headers_within_a_grid_are_dropped_and_kept_apart():
    (table,) = tables(f"{HEADER}1\t2\t3\n201\t甲\t1.00\n{HEADER}1\t2\t3\n202\t乙\t2.00")
    assert [row[0] for row in texts(table)] == ["科目编码", "1", "201", "202"]
    assert [cell.text for cell in table.repeated] == ["科目编码", "科目名称", "合计", "1", "2", "3"]
    assert [row[0].row for row in table.grid.rows] == [0, 1, 2, 3]


def merged(rows, spans, pieces=1):
    """Return the only table of rows of words, some merged to the right over the next place, cut into pieces."""
    cells = [
        tuple(Cell(text, r, c, colspan=2 if (r, c) in spans else 1) for c, text in enumerate(row))
        for r, row in enumerate(rows)
    ]
    size = len(rows) // pieces
    grids = [Grid(tuple(cells[size * n : size * (n + 1)])) for n in range(pieces)]
    (table,) = stitch(grids, header_depth)
    assert isinstance(table, Stitched)
    return table.grid


def test_a_column_that_all_rows_merge_with_the_one_before_is_none():
    rows = [["项目", "", "金额"], ["甲", "", "1.00"], ["", "", "2.00"]]
    grid = merged(rows, {(0, 0), (1, 0)})
    assert [[cell.text for cell in row] for row in grid.rows] == [["项目", "金额"], ["甲", "1.00"], ["", "2.00"]]
    assert [(cell.column, cell.colspan) for cell in grid.rows[0]] == [(0, 1), (1, 1)]


def test_a_column_that_one_row_does_not_merge_stays():
    rows = [["项目", "", "金额"], ["甲", "", "1.00"], ["乙", "", "2.00"]]
    assert merged(rows, {(0, 0), (1, 0)}).width == 3
    assert merged([["项目", "", "金额"], ["甲", "", "1.00"], ["", "丙", "2.00"]], {(0, 0), (1, 0)}).width == 3


def test_a_whole_header_begins_another_table():
    header = "项目\t预算数\t备注\n"
    assert len(tables(f"{header}\n名称\t金额\t说明\n甲\t1.00\t")) == 2


def test_the_first_row_behind_a_repeated_header_may_have_no_amount():
    (table,) = tables(
        "支 出\t\n项目（按功能分类）\t预算数\n201 甲\t1.00\n\n支 出\t\n项目（按功能分类）\t预算数\n222 乙\t\n"
    )
    assert texts(table)[-1] == ["222 乙", ""]


def test_equal_width_without_header_goes_on():
    (table,) = tables(HEADER + "201\t甲\t1.00\n\n202\t乙\t2.00")
    assert len(table.pieces) == 2


def test_a_paragraph_ends_a_table():
    assert len(tables(HEADER + "201\t甲\t1.00\n说明\n" + HEADER + "202\t乙\t2.00")) == 2


def test_another_header_begins_another_table():
    assert len(tables(HEADER + "201\t甲\t1.00\n\n项目\t预算数\t备注\n一、乙\t1.00\t")) == 2


def test_paths_of_three_header_rows_with_unstated_spans():
    text = (
        "功能科目编码\t功能科目名称\t“三公”经费支出\t\t\t\n\t\t合计\t公务用车\t\t公务接待费\n"
        "\t\t\t小计\t购置费\t\n1\t2\t3\t4\t5\t6\n201\t甲\t1\t1\t1\t"
    )
    (table,) = tables(text)
    assert header_depth(table.grid) == 4
    assert column_paths(table.grid, 4) == [
        "功能科目编码",
        "功能科目名称",
        "三公经费支出/合计",
        "三公经费支出/公务用车/小计",
        "三公经费支出/公务用车/购置费",
        "三公经费支出/公务接待费",
    ]


INSIDE = "2021 年某某支出表\t\t\n部门：某某局\t\t单位：万元\n" + HEADER


def test_caption_rows_inside_the_grid_stand_above_it_and_rows_are_counted_without_them():
    parts = stitched(INSIDE + "201\t甲\t1.00\n注：本表无其他收支。\t\t")
    (table,) = (part for part in parts if isinstance(part, Stitched))
    assert parts.index(table) == 2
    assert [part.text for part in parts if isinstance(part, Paragraph)] == [
        "2021 年某某支出表",
        "部门：某某局 单位：万元",
        "注：本表无其他收支。",
        "完",
    ]
    assert texts(table) == [["科目编码", "科目名称", "合计"], ["201", "甲", "1.00"]]
    assert [cell.row for row in table.grid.rows for cell in row] == [0, 0, 0, 1, 1, 1]
    assert [cell.locator.line for cell in table.grid.rows[1]] == [4, 4, 4]
    assert [cell.text for cell in table.lifted] == [
        "2021 年某某支出表",
        "部门：某某局",
        "单位：万元",
        "注：本表无其他收支。",
    ]
    assert len(table.pieces[0].rows) == 5


def test_captions_inside_that_are_repeated_at_a_page_turn_do_not_cut_the_table():
    (table,) = tables(INSIDE + "201\t甲\t1.00\n\n" + INSIDE + "202\t乙\t2.00")
    assert texts(table)[1:] == [["201", "甲", "1.00"], ["202", "乙", "2.00"]]
    assert len(table.lifted) == 6


def test_another_caption_inside_begins_another_table():
    assert len(tables(INSIDE + "201\t甲\t1.00\n\n" + INSIDE.replace("某某支出表", "某某收入表") + "202\t乙\t2.00")) == 2


def test_a_grid_of_captions_alone_stays_a_grid():
    (table,) = tables("部门：某某局\t单位：万元")
    assert len(table.grid.rows) == 1


def test_a_total_among_header_words_is_a_column():
    (table,) = tables("“三公”经费\t\t\n合计\t因公出国（境）费\t公务接待费\n0.95\t\t0.95")
    assert header_depth(table.grid) == 2


def test_blank_rows_below_a_header_are_no_header():
    (table,) = tables(HEADER + "\t\t\n\t\t\n合计\t\t")
    assert header_depth(table.grid) == 1


def test_a_row_that_fell_out_between_two_pieces_is_put_back():
    head = "功能科目编码\t功能科目名称\t金额\n201\t一般公共服务支出\t5.00\n"
    parts = stitch(blocks(head + "2210201 住房公积金 1,029.15\n2210202\t提租补贴\t3.00\n"), header_depth)
    (table,) = parts
    assert isinstance(table, Stitched)
    assert [[c.text for c in row] for row in table.grid.rows[2:]] == [
        ["2210201", "住房公积金", "1,029.15"],
        ["2210202", "提租补贴", "3.00"],
    ]
    assert table.grid.rows[2][2].locator.start == len(head + "2210201 住房公积金 ")


@pytest.mark.parametrize(
    "line", ["共 3 页", "2210201 住房公积金", "2210201 住房 公积金 1,029.15 2.00", "住房公积金 2210201 3.00"]
)
def test_another_line_between_two_tables_parts_them(line):
    head = "功能科目编码\t功能科目名称\t金额\n201\t一般公共服务支出\t5.00\n"
    parts = stitch(blocks(f"{head}{line}\n2210202\t提租补贴\t3.00\n"), header_depth)
    assert len(parts) == 3


def test_a_title_in_a_row_opens_a_table_of_its_own():
    head = "科目编码\t科目名称\t金额\n"
    grid = f"{head}201\t一般公共服务支出\t5.00\n\t政府性基金支出预算表\t\n{head}212\t城乡社区支出\t1.00\n"
    first, title, second = stitch(blocks(grid), header_depth)
    assert isinstance(first, Stitched)
    assert isinstance(second, Stitched)
    assert (len(first.grid.rows), len(second.grid.rows)) == (2, 2)
    assert not isinstance(title, Stitched)
    assert title.text == "政府性基金支出预算表"


def test_a_title_above_a_unit_line_and_a_header_opens_a_table():
    costs = "附件8\t\t\n一般公共预算机关运行经费\t\t\n\t单位：万元\t\n科目名称\t2022年预算数\t\n会议费\t0.68\t\n"
    costs += "培训费\t1.93\t\n"
    above = "项目\t2021年预算数\t2022年预算数\n公务接待费\t1.07\t1.30\n"
    parts = stitch(blocks(above + costs), header_depth)
    tables = [part for part in parts if isinstance(part, Stitched)]
    assert [len(table.grid.rows) for table in tables] == [2, 3]
    lines = [part.text for part in parts if isinstance(part, Paragraph)]
    assert lines == ["附件8", "一般公共预算机关运行经费", "单位：万元"]
    titled = "附件9\t\t\n一般公共预算支出表\t\t\n科目\t金额\t\n教育\t1.00\t\n"
    parts = stitch(blocks(above + titled), header_depth)
    assert [len(part.grid.rows) for part in parts if isinstance(part, Stitched)] == [2, 2]
    without_header = costs.replace("科目名称\t2022年预算数\t\n", "")
    assert len([p for p in stitch(blocks(above + without_header), header_depth) if isinstance(p, Stitched)]) == 1
