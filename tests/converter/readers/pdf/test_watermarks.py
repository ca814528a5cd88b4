"""Texts that a publisher or a program has put over the pages are no part of tables and text, and are reported."""

import math

import pytest

from budgetgraph.converter.blocks import Block, Grid
from budgetgraph.converter.readers.pdf import PdfReader
from tests.converter.readers.pdf.writing import FONT, Sheet, pdf, table

ROWS = [["科目", "预算数", "决算数"], ["行政运行", "1.00", ""], ["机关服务", "", "2.00"], ["专项", "3.00", ""]]
WIDTHS = [120, 100, 100]


def shown(blocks: list[Block]) -> list[str | list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in blocks
    ]


def test_text_that_runs_aslant_over_a_table_is_left_out_and_reported():
    def draw(sheet: Sheet) -> None:
        sheet.text(60, 60, "某某局2024年部门预算")
        table(sheet, ROWS, WIDTHS)
        sheet.canvas.saveState()
        sheet.canvas.translate(120, sheet.height - 230)
        sheet.canvas.rotate(35)
        sheet.canvas.setFont(FONT, 24)
        sheet.canvas.drawString(0, 0, "内部 2024 资料")
        sheet.canvas.restoreState()

    reading = PdfReader().read(pdf(draw, draw), "aslant.pdf")
    assert shown(list(reading)) == ["某某局2024年部门预算", ROWS, ROWS]  # the second head is a running head
    (problem,) = reading.problems
    assert (problem.code, problem.location.page) == ("watermark", 1)
    assert "'内部2024资料'" in problem.message
    assert "(pages: 2)" in problem.message


def test_large_text_over_the_lines_of_a_table_is_left_out_and_reported():
    def draw(sheet: Sheet) -> None:
        table(sheet, ROWS, WIDTHS)
        sheet.text(100, 190, "样张 2024", size=48)

    reading = PdfReader().read(pdf(draw), "large.pdf")
    assert shown(list(reading)) == [ROWS]
    assert ["'样张 2024'" in problem.message for problem in reading.problems] == [True]


def test_large_text_within_a_cell_is_text():
    def draw(sheet: Sheet) -> None:
        table(sheet, [[""] * 3, [""] * 3, *ROWS], WIDTHS, [(0, 0, 2, 3)])
        sheet.text(100, 150, "三公经费表", size=20)

    reading = PdfReader().read(pdf(draw), "title.pdf")
    (grid,) = reading
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].text == "三公经费表"
    assert [[cell.text for cell in row] for row in grid.rows[1:]] == ROWS
    assert not reading.problems


@pytest.mark.parametrize("slant", [math.tan(math.radians(12)), 1 / 3])
def test_slanted_letters_on_a_straight_line_are_text(slant):
    def draw(sheet: Sheet) -> None:
        sheet.canvas.saveState()
        sheet.canvas.transform(1, 0, slant, 1, 60, sheet.height - 100)
        sheet.canvas.setFont(FONT, 10)
        sheet.canvas.drawString(0, 0, "预算数1,234.00")
        sheet.canvas.restoreState()

    reading = PdfReader().read(pdf(draw), "slanted.pdf")
    assert shown(list(reading)) == ["预算数1,234.00"]
    assert not reading.problems


def test_lines_of_a_page_that_lies_a_little_askew_are_text():
    def draw(sheet: Sheet) -> None:
        sheet.canvas.rotate(3)
        sheet.text(150, 150, "预算数1,234.00")

    reading = PdfReader().read(pdf(draw), "askew.pdf")
    assert shown(list(reading)) == ["预算数1,234.00"]
    assert not reading.problems


def test_large_text_that_is_printed_over_running_text_is_left_out_and_reported():
    lines = [f"{number}、预算收入1,234.00万元，支出1,234.00万元。" for number in "一二三四"]

    def draw(sheet: Sheet) -> None:
        sheet.text(60, 80, "某某局2024年部门预算", size=22)
        for place, line in enumerate(lines):
            sheet.text(60, 110 + 20 * place, line)
        sheet.text(80, 160, "2024", size=60)

    reading = PdfReader().read(pdf(draw), "over.pdf")
    assert shown(list(reading)) == ["某某局2024年部门预算", *lines]
    assert ["'2024'" in problem.message for problem in reading.problems] == [True]
