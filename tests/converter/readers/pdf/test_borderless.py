"""Tables without ruled lines: only with good evidence, never sure, nothing lost."""

from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.pipeline import Conversion, convert
from budgetgraph.converter.readers.pdf import PdfReader
from budgetgraph.converter.readers.pdf.columns import BELOW_NAMES, DOUBTFUL
from tests.converter.readers import golden
from tests.converter.readers.pdf.goldens import written
from tests.converter.readers.pdf.test_ruled import ROWS, SPANS, WIDTHS, assert_found_again, grids, texts
from tests.converter.readers.pdf.writing import Sheet, Span, TableStyle, pdf, table

TABLES = (golden.EXPENDITURE, golden.BALANCE, golden.THREE_PUBLIC)


def test_the_golden_tables_are_read_cell_by_cell():
    data = written(TABLES, lines=False)
    blocks = PdfReader().read(data, "borderless.pdf")
    golden.assert_reads_as(blocks, TABLES)
    golden.assert_offsets(blocks)
    assert_found_again(data, blocks)


def test_inferred_cells_are_not_sure():
    for grid in grids(written(TABLES, lines=False)):
        assert all(0 < cell.confidence < 1 for cell in grid.cells())
    many, few = (grids(written([shown], lines=False))[0] for shown in (golden.EXPENDITURE, golden.THREE_PUBLIC))
    assert many.rows[-1][-1].confidence > few.rows[-1][-1].confidence


def test_level_lines_alone_make_no_columns_but_help_rows():
    def draw(sheet: Sheet) -> None:
        table(sheet, ROWS, WIDTHS, SPANS, lines=False)
        for y in (120, 164, 252):
            sheet.line(60, y, 530, y)

    (grid,) = grids(pdf(draw))
    assert texts(grid) == ROWS


def test_labels_without_an_amount_keep_their_rows():
    labels = [
        "一、一般公共服务支出",
        "二、外交支出",
        "三、国防支出",
        "四、公共安全支出",
        "五、教育支出",
        "六、其他支出",
    ]
    amounts = ["6,543.55", "", "", "", "1,509.72", "1.00"]
    rows = [["项目", "预算数"], *([label, amount] for label, amount in zip(labels, amounts, strict=True))]
    (grid,) = grids(pdf(lambda s: table(s, [*rows, ["七、结转下年", ""]], [160, 80], lines=False)))
    assert texts(grid) == [*rows, ["七、结转下年", ""]]


def test_lines_of_one_label_are_one_row():
    rows = [["编码", "名称", "金额"]]
    rows += [["201", "一般公共\n服务支出", "5.00"], ["208", "社会保障", "11.00"], ["221", "住房\n保障", "7.00"]]
    (grid,) = grids(pdf(lambda s: table(s, rows, [60, 80, 60], style=TableStyle(row_height=40), lines=False)))
    assert texts(grid) == [[text.replace("\n", "") for text in row] for row in rows]


def test_sentences_with_numbers_are_text():
    def draw(sheet: Sheet) -> None:
        for number in range(6):
            sheet.text(60, 100 + 20 * number, f"（{number}）办公费   支出 {110 + number}.00   万元，与上年数一致。")

    blocks = PdfReader().read(pdf(draw), "text.pdf")
    assert len(blocks) == 6
    assert all(isinstance(block, Paragraph) for block in blocks)


def test_numbers_that_are_not_aligned_are_text():
    def draw(sheet: Sheet) -> None:
        for number in range(6):
            sheet.text(60, 100 + 20 * number, "项目")
            sheet.text(150 + 17 * (number * number % 5), 100 + 20 * number, f"{number}1.00")

    assert not grids(pdf(draw))


def test_a_list_of_contents_is_text():
    def draw(sheet: Sheet) -> None:
        for number, page in enumerate((1, 3, 3, 12)):
            sheet.text(60, 100 + 20 * number, f"第{'一二三四'[number]}部分 部门概况")
            sheet.text(500, 100 + 20 * number, str(page), align="right")

    assert not grids(pdf(draw))


@pytest.mark.parametrize("leader", ["....................", "………………", "·········"])
def test_leaders_between_a_label_and_its_amount_are_none_of_it(leader: str):
    rows = [["项目", "预算数"], ["合计", "34.00"], ["因公出国（境）费", "20.00"], ["公务接待费.", "14.00"]]

    def draw(sheet: Sheet) -> None:
        for number, (label, amount) in enumerate(rows):
            sheet.text(60, 120 + 20 * number, label + (leader if number and label[-1] != "." else ""))
            sheet.text(330, 120 + 20 * number, amount, align="right")

    (grid,) = grids(pdf(draw))
    assert texts(grid) == [[label.rstrip("."), amount] for label, amount in rows]


def test_a_list_of_contents_with_leaders_is_text():
    def draw(sheet: Sheet) -> None:
        for number, page in enumerate((1, 3, 3, 12)):
            sheet.text(60, 100 + 20 * number, f"第{'一二三四'[number]}部分 部门概况{'.' * 60}{page}")

    assert not grids(pdf(draw))


def test_no_character_is_lost():
    for shown in golden.TABLES:
        for lines in (True, False):
            blocks = PdfReader().read(written([shown], lines), "all.pdf")
            parts = [part.text for b in blocks for part in (b.cells() if isinstance(b, Grid) else [b])]
            printed = [shown.title, shown.unit, *shown.notes, *(text for row in shown.texts() for text in row)]
            assert sorted("".join("".join(parts).split())) == sorted("".join("".join(printed).split()))


GLUED = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["", "合计", "1,300.57", "1,050.57", "250.00"],
    ["201", "一般公共服务支出", "1,300.57", "1,050.57", "250.00"],
    ["20131", "党委办公厅（室）及相关机构事务", "1,300.57", "1,050.57", "250.00"],
    ["2013101", "行政运行1,050.57", "", "1,050.57", ""],
    ["2013102", "一般行政管理事务", "250.00", "", "250.00"],
]


def without_lines(rows: list[list[str]]) -> bytes:
    def draw(sheet: Sheet) -> None:
        sheet.text(300, 50, "某某市甲乙局2021年部门预算", 14, "centre")
        sheet.text(300, 80, "2021年一般公共预算支出表", 14, "centre")
        sheet.text(500, 100, "单位：万元", 9, "right")
        table(sheet, rows, [60, 170, 80, 80, 80], lines=False)

    return pdf(draw)


def figures(data: bytes, tmp_path: Path) -> tuple[list[tuple[str, str]], Conversion]:
    path = tmp_path / "publication.pdf"
    path.write_bytes(data)
    conversion = convert(path)
    return [(f.code or "", f.text) for d in conversion.budget.data_sets for f in d.figures], conversion


def test_a_row_whose_label_an_amount_stands_too_near_is_listed_and_named(tmp_path: Path):
    found, conversion = figures(without_lines(GLUED), tmp_path)
    assert not [text for code, text in found if code == "2013101"]
    assert conversion.coverage.is_complete
    (problem,) = (p for p in conversion.problems if p.code == "glued-amount")
    assert "'行政运行1,050.57'" in problem.message
    assert problem.location.page == 1


def test_numbers_below_no_name_make_a_table_doubtful(tmp_path: Path):
    rows = [[text.replace("行政运行1,050.57", "行政运行") for text in row] for row in GLUED]
    rows[4][2] = "1,050.57"
    assert len(figures(without_lines(rows), tmp_path)[0]) == 13
    rows[0][3] = ""
    found, conversion = figures(without_lines(rows), tmp_path)
    assert found == []
    assert conversion.coverage.is_complete
    (grid,) = grids(without_lines(rows))
    assert all(cell.confidence <= DOUBTFUL for cell in grid.cells())


THREE_PUBLIC = [
    ["合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"],
    ["", "", "小计", "公务用车购置费", "公务用车运行费", ""],
]
OVER = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 3), (0, 5, 2, 1)]
YEARS = [["2023年预算数", "", "", "2024年预算数", "", ""], ["合计", "因公出国（境）费", "公务接待费"] * 2]


def one_row(row: list[str], header: list[list[str]], spans: list[Span], centred: int) -> bytes:
    def draw(sheet: Sheet) -> None:
        sheet.text(300, 50, "某某市甲乙局2024年部门预算", 14, "centre")
        sheet.text(300, 80, "一般公共预算“三公”经费支出表", 14, "centre")
        sheet.text(500, 100, "单位：万元", 9, "right")
        style = TableStyle(centred=centred, size=9)
        table(sheet, [*header, row], [60, 90, 60, 90, 90, 70], spans, style, lines=False)

    def other(sheet: Sheet) -> None:
        sheet.text(300, 80, "一般公共预算支出表", 14, "centre")
        sheet.text(500, 100, "单位：万元", 9, "right")
        rows = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["", "合计", "90.00", "60.00", "30.00"]]
        table(sheet, rows, [60, 140, 80, 80, 80])

    return pdf(draw, other)


@pytest.mark.parametrize("centred", [2, 3])
def test_a_single_row_is_read_where_each_name_of_the_header_has_its_number(tmp_path: Path, centred: int):
    row = ["34.00", "20.00", "12.00", "0.00", "12.00", "2.00"]
    data = one_row(row, THREE_PUBLIC, OVER, centred)
    found, conversion = figures(data, tmp_path)
    assert [text for _, text in found][:6] == row
    assert [f.dimensions.get("threePublic") for f in conversion.budget.data_sets[0].figures] == [
        None,
        "abroad",
        "vehicles",
        "vehiclePurchase",
        "vehicleRunning",
        "reception",
    ]
    assert {cell.confidence for cell in grids(data)[0].rows[-1]} == {BELOW_NAMES}


@pytest.mark.parametrize(
    ("row", "header", "spans"),
    [
        (["34.00", "20.00", "14.00", "33.00", "20.00", "13.00"], YEARS, [(0, 0, 1, 3), (0, 3, 1, 3)]),
        (["34.00", "20.00", "12.00", "0.00", "12.00", "3.00"], THREE_PUBLIC, OVER),
    ],
    ids=["names over columns that the print does not tell", "a sum that stays open"],
)
def test_a_single_row_that_is_not_certain_is_listed_as_a_whole(
    tmp_path: Path, row: list[str], header: list[list[str]], spans: list[Span]
):
    found, conversion = figures(one_row(row, header, spans, 3), tmp_path)
    assert conversion.coverage.is_complete
    assert [text for _, text in found] == ["90.00", "60.00", "30.00"]  # the other table's
