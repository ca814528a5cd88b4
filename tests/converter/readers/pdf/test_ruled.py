"""Tables with ruled lines: every text in its own cell, spans as drawn, places that can be found again."""

from dataclasses import replace
from functools import partial

import pytest

from budgetgraph.converter.blocks import Block, Grid, Paragraph
from budgetgraph.converter.readers.offsets import text_of
from budgetgraph.converter.readers.pdf import PdfReader, text_in_box
from tests.converter.readers import golden
from tests.converter.readers.pdf.goldens import written
from tests.converter.readers.pdf.writing import FONT, Sheet, TableStyle, pdf, table, width_of

ROWS = [
    ["科目编码", "科目名称", "合计", "基本支出", "", "项目支出"],
    ["", "", "", "人员经费", "公用经费", ""],
    ["201", "一般公共服务支出", "1,465.28", "1,000.20", "65.08", "400.00"],
    ["20131", "党委办公厅（室）及相关机构事务", "1,465.28", "1,000.20", "65.08", "400.00"],
    ["2013102", "一般行政管理事务", "400.00", "", "", "400.00"],
    ["", "合计", "1,465.28", "1,000.20", "65.08", "400.00"],
]
SPANS = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 2, 1), (0, 3, 1, 2), (0, 5, 2, 1)]
WIDTHS = [60, 170, 60, 60, 60, 60]


def grids(data: bytes) -> list[Grid]:
    return [block for block in PdfReader().read(data, "test.pdf") if isinstance(block, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def spans(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    return golden.read_spans(grid)


def assert_found_again(data: bytes, blocks: list[Block]) -> None:
    """Fail unless each printed text stands at the place and at the offsets that its locator names."""
    whole = text_of(blocks)
    for part in (p for b in blocks for p in (b.cells() if isinstance(b, Grid) else [b])):
        place = part.locator
        assert whole[place.start : place.end] == part.text
        assert place.page is not None
        assert place.box is not None
        if part.text:
            assert text_in_box(data, place.page, place.box) == part.text


def test_the_golden_tables_are_read_cell_by_cell():
    data = written(golden.TABLES)
    blocks = PdfReader().read(data, "golden.pdf")
    wrapped = replace(golden.INDICATORS, rows=tuple(tuple(_on_one_line(c) for c in r) for r in golden.INDICATORS.rows))
    golden.assert_reads_as(blocks, [*golden.TABLES[:-1], wrapped])
    golden.assert_offsets(blocks)
    assert_found_again(data, blocks)
    assert all(cell.confidence == 1 for block in blocks if isinstance(block, Grid) for cell in block.cells())


def _on_one_line(cell: golden.Printed | None) -> golden.Printed | None:
    return replace(cell, text=cell.text.replace("\n", "")) if cell else None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_read_as_it_is_shown(turn):
    """A table drawn so that it is upright once the page is turned."""

    def draw(sheet: Sheet) -> None:
        canvas = sheet.canvas
        canvas.translate(*{0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
        canvas.rotate({0: 0, 90: 90, 180: 180, 270: 270}[turn])
        table(Sheet(canvas, (842, 595) if turn % 180 else (595, 842)), ROWS, WIDTHS, SPANS)

    for flag in {0, turn}:  # printed sideways, and with a page that says so
        data = pdf(draw, size=(842, 595) if flag % 180 else (595, 842), rotate=flag)
        blocks = PdfReader().read(data, "turned.pdf")
        (grid,) = (block for block in blocks if isinstance(block, Grid))
        assert texts(grid) == ROWS
        assert spans(grid) == {(r, c): (h, w) for r, c, h, w in SPANS}
        assert_found_again(data, blocks)


@pytest.mark.parametrize("flag", [90, 180, 270])
def test_a_page_that_is_shown_sideways_or_upside_down_is_read_as_it_was_written(flag):
    text = "1,465.28"

    def draw(sheet: Sheet) -> None:
        sheet.canvas.setFont(FONT, 10)
        for place, character in enumerate(text):  # each for itself: from behind, each may seem to follow the one before
            sheet.canvas.drawString(60 + 4 * place, sheet.height - 80, character)
        table(sheet, ROWS, WIDTHS, SPANS)

    data = pdf(draw, size=(842, 595) if flag % 180 else (595, 842), rotate=flag)
    written, grid = blocks = list(PdfReader().read(data, "turned.pdf"))
    assert isinstance(grid, Grid)
    assert not isinstance(written, Grid)
    assert written.text == text
    assert texts(grid) == ROWS
    assert_found_again(data, blocks)


def test_sideways_words_in_an_upright_table_are_read():
    def draw(sheet: Sheet) -> None:
        table(sheet, [["", "合计", "100.00"], ["", "其中", "40.00"]], [40, 100, 100], [(0, 0, 2, 1)])
        sheet.canvas.translate(85, sheet.height - 160)
        sheet.canvas.rotate(90)
        sheet.canvas.setFont("STSong-Light", 10)
        sheet.canvas.drawString(0, 0, "支出2021")

    (grid,) = grids(pdf(draw))
    assert texts(grid) == [["支出2021", "合计", "100.00"], ["", "其中", "40.00"]]


def test_missing_upright_lines_are_put_back_where_numbers_are_aligned():
    rows = [*ROWS[2:-1], ["合计", "", "1,465.28", "1,000.20", "65.08", "400.00"]]
    data = pdf(lambda s: table(s, rows, WIDTHS, missing=lambda kind, r, c: kind == "upright" and r == 3 and 0 < c < 6))
    (grid,) = grids(data)
    assert texts(grid) == rows
    assert {cell.confidence for cell in grid.rows[3]} == {0.8, 1.0}
    assert {cell.confidence for cell in grid.rows[2]} == {1.0}


def test_missing_level_lines_are_put_back_between_numbers():
    data = pdf(lambda s: table(s, ROWS[2:], WIDTHS, missing=lambda kind, r, _: kind == "level" and 0 < r < 4))
    (grid,) = grids(data)
    assert texts(grid) == ROWS[2:]
    assert {cell.confidence for cell in grid.cells()} == {0.8}


def test_lines_of_one_label_do_not_make_rows():
    rows = [["编码", "名称", "金额"], ["201", "一般公共\n服务支出", "5.00"]]
    (grid,) = grids(pdf(lambda s: table(s, rows, [60, 60, 60], style=TableStyle(row_height=40))))
    assert texts(grid) == [["编码", "名称", "金额"], ["201", "一般公共服务支出", "5.00"]]


def test_open_sides_are_columns():
    """Tables without their outermost upright lines."""
    data = pdf(lambda s: table(s, ROWS[2:], WIDTHS, missing=lambda kind, _, c: kind == "upright" and c in (0, 6)))
    (grid,) = grids(data)
    assert texts(grid) == ROWS[2:]


def test_numbers_that_narrow_columns_cut_are_no_rows():
    rows = [["行政单位\n医疗", "140,200.0\n0", "140,200.0\n0"], ["住房\n公积金", "8346\n70.00", "12\n34"]]
    style = TableStyle(row_height=36, padding=2)
    narrow = width_of("140,200.0", style.size) + 2 * style.padding + 1
    (grid,) = grids(pdf(lambda s: table(s, rows[:1], [60, narrow, narrow], style=style)))
    assert texts(grid) == [["行政单位医疗", "140,200.00", "140,200.00"]]
    tight = width_of("8346", style.size) + 2 * style.padding + 1
    (grid,) = grids(pdf(lambda s: table(s, rows[1:], [60, tight, tight], style=style)))
    assert [len(grid.rows), "8346" in [cell.text for cell in grid.rows[0]]] == [1, False]


def test_a_number_that_its_cell_cuts_is_made_whole():
    rows = [["行政运行", "3,660.3\n8"], ["事业运行", "1,200.0\n0"], ["其他", "12\n34"]]
    style = TableStyle(row_height=36, padding=2)
    narrow = width_of("3,660.3", style.size) + 2 * style.padding + 1
    (grid,) = grids(pdf(lambda s: table(s, rows, [100, narrow], style=style)))
    assert [row[1].text for row in grid.rows] == ["3,660.38", "1,200.00", "12\n34"]


def test_an_amount_broken_at_its_point_is_made_whole():
    """Between digits and point lines end where there is room, too; nothing else begins or ends so."""
    rows = [["行政运行", "9\n.\n76"], ["其他", "7.\n45"], ["合计", "686.0\n30000"], ["小计", "17\n21"]]
    style = TableStyle(row_height=40, padding=2, centred=4)
    narrow = width_of("686.0", style.size) + 2 * style.padding + 1
    (grid,) = grids(pdf(lambda s: table(s, rows, [100, narrow], style=style)))
    assert [row[1].text for row in grid.rows] == ["9.76", "7.45", "686.030000", "17\n21"]


def test_wide_characters_that_reach_into_the_margins_tell_nothing_of_them():
    """A column without room for a Chinese character, whose amounts are broken digit by digit."""
    rows = [["名称", "合"], ["甲", "1\n2.\n6\n0"]]
    style = TableStyle(row_height=60, padding=5.4, centred=2)
    (grid,) = grids(pdf(lambda s: table(s, rows, [60, 17], style=style)))
    assert grid.rows[1][1].text == "12.60"


def test_amounts_at_the_left_are_broken_at_the_left():
    def draw(sheet: Sheet, *lines: str) -> None:
        table(sheet, [["名称", "合计"], ["甲", ""], ["乙", ""]], [60, 24], style=TableStyle(row_height=40, padding=2))
        for number, line in enumerate(lines):
            sheet.text(122, 170 + 13 * number + 14 * (number // 2), line)

    (grid,) = grids(pdf(lambda s: draw(s, "12,3", "45", "67,8", "90")))
    assert [row[1].text for row in grid.rows] == ["合计", "12,345", "67,890"]
    assert grid.rows[1][1].confidence == 0.9


def test_raised_digits_are_no_part_of_a_number():
    def draw(sheet: Sheet, lift: float, size: float) -> None:
        table(sheet, [["合计", ""]], [60, 100])
        sheet.text(130, 134, "1,401.07")
        sheet.text(130 + width_of("1,401.07", 10), 134 - lift, "1", size)

    for lift, size, shown in ((4, 6, "1,401.07¹"), (0, 10, "1,401.071"), (0, 6, "1,401.071")):
        (grid,) = grids(pdf(partial(draw, lift=lift, size=size)))
        assert grid.rows[0][1].text == shown


def test_numbers_below_each_other_stay_two_where_they_have_room():
    rows = [["走访", "12.5\n3"], ["合计", "1,465.28"]]
    (grid,) = grids(pdf(lambda s: table(s, rows, [60, 80], style=TableStyle(row_height=36))))
    assert grid.rows[0][1].text == "12.5\n3"


def test_a_number_over_a_border_is_not_cut():
    """A column too narrow for its number: all of it belongs to the cell with most of it."""

    def draw(sheet: Sheet) -> None:
        table(sheet, [["行政运行", "", "1.00"]], [100, 40, 60])
        sheet.text(202, 134, "11,465.28", align="right")

    (grid,) = grids(pdf(draw))
    assert texts(grid) == [["行政运行", "11,465.28", "1.00"]]
    assert grid.rows[0][1].confidence == 0.9


def test_numbers_that_touch_across_a_border_are_two():
    rows = [["1,465.28", "1,000.20"]]
    (grid,) = grids(pdf(lambda s: table(s, rows, [43, 43], style=TableStyle(padding=0.6))))
    assert texts(grid) == [["1,465.28", "1,000.20"]]


def test_lines_drawn_in_pieces_and_as_rectangles_are_lines():
    def draw(sheet: Sheet) -> None:
        table(sheet, [["甲", "1.00"], ["乙", "2.00"]], [60, 60], lines=False)
        for x in (60, 120, 180):
            for y in range(120, 164, 4):
                sheet.fill(x, y, x + 0.5, y + 3, 0)
        for y in (120, 142, 164):
            sheet.fill(60, y - 0.4, 121, y + 0.4, 0)
            sheet.fill(119, y + 0.6, 181, y + 1.2, 0)

    (grid,) = grids(pdf(draw))
    assert texts(grid) == [["甲", "1.00"], ["乙", "2.00"]]


def test_white_lines_rule_nothing():
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setStrokeGray(1)
        table(sheet, [["甲", "乙"]], [60, 60])

    assert not grids(pdf(draw))


def test_a_frame_around_text_is_no_table():
    def draw(sheet: Sheet) -> None:
        sheet.text(100, 120, "内部公开")
        sheet.canvas.rect(90, sheet.height - 130, 100, 20)

    (block,) = PdfReader().read(pdf(draw), "frame.pdf")
    assert isinstance(block, Paragraph)
    assert block.text == "内部公开"


def test_two_tables_side_by_side_are_two_grids():
    def draw(sheet: Sheet) -> None:
        table(sheet, [["甲", "1.00"], ["乙", "2.00"]], [60, 60], style=TableStyle(left=300))
        table(sheet, [["丙", "3.00"], ["丁", "4.00"]], [60, 60], style=TableStyle(left=60))

    assert [texts(grid) for grid in grids(pdf(draw))] == [
        [["丙", "3.00"], ["丁", "4.00"]],
        [["甲", "1.00"], ["乙", "2.00"]],
    ]
