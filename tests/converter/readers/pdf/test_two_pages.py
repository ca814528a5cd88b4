"""Two pages on one sheet are read one after the other; two blocks of one table are not taken for pages."""

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.readers.pdf import PdfReader
from tests.converter.readers.pdf.writing import Sheet, TableStyle, pdf, table

SHEET = (1190.0, 842.0)
ROWS = [["科目", "合计"], ["行政运行", "1.00"], ["机关服务", "2.00"]]
RIGHT = TableStyle(left=660)


def read(draw) -> list[str | list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in PdfReader().read(pdf(draw, size=SHEET), "sheet.pdf")
    ]


def test_tables_of_two_pages_have_each_its_own_title():
    def draw(sheet: Sheet) -> None:
        for style, title in ((TableStyle(), "一般公共预算支出表"), (RIGHT, "政府性基金预算支出表")):
            sheet.text(style.left + 100, 80, title, size=16)
            sheet.text(style.left + 200, 110, "单位：万元")
            table(sheet, ROWS, [200, 100], style=style)

    assert read(draw) == [
        *("一般公共预算支出表", "单位：万元", ROWS),
        *("政府性基金预算支出表", "单位：万元", ROWS),
    ]


def test_running_text_of_two_pages_is_not_mixed():
    first, second = "一" * 45, "二" * 45

    def draw(sheet: Sheet) -> None:
        for line in range(4):
            sheet.text(60, 100 + 16 * line, first if line < 3 else "甲。")
            sheet.text(660, 100 + 16 * line, second if line < 3 else "乙。")

    assert "".join(map(str, read(draw))) == first * 3 + "甲。" + second * 3 + "乙。"


def test_blocks_side_by_side_have_the_title_over_both():
    def draw(sheet: Sheet) -> None:
        sheet.text(595, 80, "收支预算总表", size=16, align="centre")
        sheet.text(60, 110, "部门：某某局")
        sheet.text(660, 110, "2024年1月")
        sheet.text(900, 110, "单位：万元")
        table(sheet, ROWS, [200, 100], style=TableStyle())
        table(sheet, ROWS, [200, 100], style=RIGHT)

    assert read(draw) == ["收支预算总表", "部门：某某局 2024年1月 单位：万元", ROWS, ROWS]


def test_blocks_side_by_side_share_a_title_and_a_unit_that_stand_apart():
    def draw(sheet: Sheet) -> None:
        sheet.text(60, 80, "收支预算总表", size=16)
        sheet.text(900, 80, "单位：万元")
        table(sheet, ROWS, [200, 100], style=TableStyle())
        table(sheet, ROWS, [200, 100], style=RIGHT)

    assert read(draw) == ["收支预算总表 单位：万元", ROWS, ROWS]


def test_a_table_without_lines_that_has_a_gap_in_the_middle_is_one_page():
    def draw(sheet: Sheet) -> None:
        for line, amount in enumerate(["合计", "1.00", "2.00", "3.00", "4.00"]):
            for x in (60, 250, 420, 700, 900, 1100):
                sheet.text(x, 100 + 20 * line, amount)

    (rows,) = read(draw)
    assert [len(row) for row in rows] == [6] * 5
