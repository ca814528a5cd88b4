"""Tables without ruled lines whose texts all begin at the left of their cells, as word processors write them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.readers.pdf import PdfReader
from budgetgraph.converter.readers.pdf.columns import DOUBTFUL
from tests.converter.readers.pdf.test_ruled import ROWS, SPANS, assert_found_again, grids, spans, texts
from tests.converter.readers.pdf.writing import NUMBER, Sheet, TableStyle, pdf, table


@dataclass(frozen=True)
class Left:
    """How a table is written: its left edge, distance of rows and of lines, size of characters, blank beside texts."""

    left: float = 40
    top: float = 120
    row: float = 24
    line: float = 12
    size: float = 9
    padding: float = 4


def write(sheet: Sheet, rows: Sequence[Sequence[str]], widths: Sequence[float], style: Left | None = None) -> None:
    """Write texts at the left and amounts at the right of their cells, all from the top; "\\n" breaks a line."""
    style = style or Left()
    top = style.top
    for row in rows:
        for column, text in enumerate(row):
            left = style.left + sum(widths[:column]) + style.padding
            right = style.left + sum(widths[: column + 1]) - style.padding
            for number, part in enumerate(text.split("\n")):
                at_right = NUMBER.fullmatch(text.replace("\n", "")) and "." in text
                x, align = (right, "right") if at_right else (left, "left")
                sheet.text(x, top + style.size + number * style.line, part, style.size, align)
        top += style.row + (max(text.count("\n") for text in row)) * style.line


def read(rows: Sequence[Sequence[str]], widths: Sequence[float], style: Left | None = None) -> Grid:
    data = pdf(lambda sheet: write(sheet, rows, widths, style))
    blocks = PdfReader().read(data, "lanes.pdf")
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    assert_found_again(data, blocks)
    return grid


def one_line(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[text.replace("\n", "") for text in row] for row in rows]


BALANCE = [
    ["收 入", "", "支 出", ""],
    ["项 目", "预算数", "项 目", "预算数"],
    ["一、财政拨款收入", "1,400.57", "一、一般公共服务支出", "1,300.57"],
    ["二、其他收入", "0.50", "二、社会保障和就业支出", ""],
    ["收入总计", "1,401.07", "支出总计", "1,300.57"],
]
LEVELS = [
    ["项目", "", "", "", "本年支出合计", "基本支出", "", "项目支出"],
    ["功能分类科目编码", "", "", "科目名称", "", "人员经费", "公用经费", ""],
    ["类", "款", "项", "", "", "", "", ""],
    ["208", "", "", "社会保障和就业支出", "62.32", "60.00", "2.32", ""],
    ["208", "05", "", "行政事业单位养老支出", "62.32", "60.00", "2.32", ""],
    ["208", "05", "01", "行政单位离退休", "6.55", "6.55", "", ""],
    ["213", "", "", "农林水支出", "100.00", "", "", "100.00"],
]
OF_LEVELS = {(0, 0): (1, 4), (0, 4): (3, 1), (0, 5): (1, 2), (0, 7): (3, 1), (1, 0): (1, 3), (1, 3): (2, 1)}


@pytest.mark.parametrize("style", [Left(), Left(row=15, size=8), Left(size=11, padding=6)], ids=["wide", "low", "big"])
def test_names_over_several_columns_reach_to_the_next_name_of_their_row(style: Left):
    grid = read(BALANCE, [150, 80, 150, 80], style)
    assert texts(grid) == BALANCE
    assert spans(grid) == {(0, 0): (1, 2), (0, 2): (1, 2)}


def test_names_of_three_rows_and_codes_in_pieces():
    grid = read(LEVELS, [40, 30, 30, 120, 70, 60, 60, 60])
    assert texts(grid) == LEVELS
    assert spans(grid).items() >= OF_LEVELS.items()


def test_columns_without_an_entry_and_wrapped_names_are_kept():
    rows = [
        [
            "科目编码",
            "科目名称",
            "一般公共预\n算拨款收入",
            "政府性基金\n预算收入",
            "国有资本经\n营预算收入",
            "其他收入",
        ],
        ["201", "一般公共服\n务支出", "5.00", "", "", "1.00"],
        ["208", "社会保障和\n就业支出", "11.00", "", "", "2.00"],
    ]
    grid = read(rows, [60, 55, 55, 55, 55, 55], Left(row=24))
    assert texts(grid) == one_line(rows)
    assert all(0.75 <= cell.confidence < 1 for cell in grid.cells())


def test_rows_without_an_amount_below_the_header_are_no_names():
    rows = [*BALANCE[:2], ["", "", "一、外交支出", ""], ["其他收入", "", "二、国防支出", ""], *BALANCE[2:]]
    assert texts(read(rows, [150, 80, 150, 80])) == rows


def test_one_row_is_enough_below_names_that_tell_its_columns():
    rows = [*BALANCE[:2], BALANCE[-1]]
    assert texts(read(rows, [150, 80, 150, 80])) == rows


def test_the_row_that_numbers_the_columns_is_no_entry():
    rows = [["项目", "行次", "金额"], ["栏次", "", "1"], ["一、财政拨款收入", "1", "61.90"], ["二、其他收入", "2", ""]]
    rows = [[*a, *a] for a in rows]
    rows[1][5] = "2"
    assert texts(read(rows, [110, 40, 60, 110, 40, 60])) == rows


def test_an_amount_that_a_narrow_column_breaks_is_not_read_short():
    rows = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["205", "教育支出", "4,645.7\n9", "3,471.38", "1,174.41"],
        ["20502", "普通教育", "4,645.7\n9", "3,471.38", "1,174.41"],
        ["206", "科学技术支出", "588.17", "", "588.17"],
    ]
    grid = read(rows, [60, 90, 38, 60, 60])
    for row in (1, 2):
        assert grid.rows[row][2].text.split() == ["4,645.7", "9"]
        assert grid.rows[row][2].confidence <= DOUBTFUL
        assert [cell.text for cell in grid.rows[row][3:]] == ["3,471.38", "1,174.41"]


def test_a_narrow_column_that_breaks_an_amount_spoils_columns_told_by_alignment():
    rows = [["教育支出", "4,645.7\n9", "1.00"], ["普通教育", "4,645.7\n9", "2.00"], ["科学技术支出", "588.17", "3.00"]]
    found = grids(pdf(lambda sheet: write(sheet, rows, [90, 60, 60])))
    assert not [cell for grid in found for cell in grid.cells() if cell.text == "4,645.7"]


def test_centred_names_above_numbers_at_the_left_make_no_lanes():
    names = ["项目", "2018年预算数", "2018年决算数", "2017年决算数"]
    rows = [["合计", "9.59", "9.46", "9.56"], ["公务接待费", "2.67", "2.78", "2.88"], ["其他", "6.92", "6.68", "6.68"]]

    def draw(sheet: Sheet) -> None:
        for column, name in enumerate(names):
            sheet.text(90 + 130 * column, 129, name, 9, "centre")
            for number, row in enumerate(rows):
                sheet.text(28 + 130 * column, 153 + 24 * number, row[column], 9)

    (grid,) = grids(pdf(draw))
    assert texts(grid) == [names, *rows]


def test_names_of_two_rows_that_are_centred_make_no_lanes():
    def draw(sheet: Sheet) -> None:
        table(sheet, ROWS, [60, 170, 70, 70, 70, 70], SPANS, TableStyle(centred=2), lines=False)

    (grid,) = grids(pdf(draw))
    assert texts(grid) == ROWS
    assert spans(grid)[0, 3] == (1, 2)


@pytest.mark.parametrize(
    "names",
    [
        [
            (137, 120, "人员经费"),
            *((100 + 75 * n, 144, name) for n, name in enumerate(["科目", "金额", "科目编码", "决算数"])),
        ],
        [(150, 120, "本年"), (275, 120, "本年支出"), (100, 144, "项目"), (215, 144, "合计"), (260, 144, "基本")],
    ],
    ids=["nothing above the second half", "over no columns of its own"],
)
def test_numbers_below_names_that_the_print_does_not_order_are_doubtful(names: list[tuple[float, float, str]]):
    def draw(sheet: Sheet) -> None:
        for x, y, name in names:
            sheet.text(x, y, name, 9, "centre")
        for row in range(4):
            for column in range(4):
                text = ["办公", "办公"][column // 2] if column % 2 == 0 else f"{row + 1}.00"
                sheet.text(100 + 75 * column, 168 + 24 * row, text, 9, "centre")

    for cell in (cell for grid in grids(pdf(draw)) for cell in grid.cells() if "." in cell.text):
        assert cell.confidence <= DOUBTFUL


def pages(*pieces: Sequence[Sequence[str]], widths: Sequence[Sequence[float]]) -> list[Grid]:
    written = zip(pieces, widths, strict=True)
    return grids(pdf(*(lambda sheet, a=rows, b=across: write(sheet, a, b) for rows, across in written)))


FIRST = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["208", "社会保障和就业支出", "62.32", "60.00", "2.32"],
    ["213", "农林水支出", "100.00", "50.00", "50.00"],
    ["221", "住房保障支出", "27.77", "27.77", ""],
]
WIDTHS = [60, 120, 60, 60, 60]
NEXT = [
    [code, name, "5.00", "", "5.00"]
    for code, name in (("2210201", "住房公积金"), ("2210202", "提租补贴"), ("229", "其他"))
]


def test_a_piece_on_the_next_page_has_the_columns_of_the_piece_before():
    _, second = pages(FIRST, NEXT, widths=[WIDTHS, WIDTHS])
    assert texts(second) == NEXT


def test_a_piece_whose_texts_stand_in_other_columns_is_doubtful():
    _, second = pages(
        FIRST, [[*row[:2], "5.00", "1.00", "4.00"] for row in NEXT], widths=[WIDTHS, [60, 120, 80, 80, 80]]
    )
    assert all(cell.confidence <= DOUBTFUL for cell in second.cells())
