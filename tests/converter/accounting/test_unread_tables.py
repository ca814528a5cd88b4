import pytest

from budgetgraph.converter.accounting.unread_tables import unread_tables
from budgetgraph.converter.blocks import Cell, Grid, Locator, Paragraph


def said(lines):
    return unread_tables(Paragraph(line, Locator(line=number)) for number, line in enumerate(lines, start=1))


@pytest.mark.parametrize(
    "lines",
    [
        ["204 公共安全支出 682.03 312.52 369.51", "20405 法院 682.03 312.52 369.51", "合计 776.91 407.40 369.51"],
        ["收入\t776.91\t支出\t776.91", "专户\t1.00\t教育\t12.00", "上级\t8.20\t科技\t1.30"],
        ["776.91", "一、公共安全支出", "682.03", "二、教育支出", "57.12", "10.83", "26.93", "1,465.28"],
    ],
)
def test_lines_that_look_like_rows_are_reported_once(lines):
    (problem,) = said(["2024年部门预算", *lines, "以上。"])
    assert problem.code == "unread-table"
    assert problem.location == Locator(line=2)


@pytest.mark.parametrize(
    "lines",
    [
        ["2024年支出1,465.28万元，比上年增加12.50万元。"] * 9,
        ["1.1 部门职责", "1.2 机构设置", "2.10 其他"] * 3,
        ["合计 776.91 407.40", "其中：10.83 2.00"],
        ["一、收支总表……3", "2024.01.05"] * 5,
        ["增长12.50%", "占 57.12%"] * 5,
    ],
)
def test_text_is_no_table(lines):
    assert said(lines) == []


def test_a_table_ends_the_lines():
    grid = Grid(((Cell("1.00", 0, 0),),))
    line = Paragraph("合计 776.91 407.40")
    assert unread_tables([line, line, grid]) == []


def test_rows_that_have_fallen_out_of_a_table_are_reported():
    grid = Grid(((Cell("1.00", 0, 0),),))
    row, other = Paragraph("（十九）住房保障支出 27.76", Locator(line=7)), Paragraph("公开日期 2024.03")
    assert [problem.location.line for problem in unread_tables([grid, other, row, other])] == [7]
    assert unread_tables([grid, Paragraph("注：本表为空。"), row]) == []
    assert unread_tables([grid, other]) == []
    assert unread_tables([other, row]) == []
