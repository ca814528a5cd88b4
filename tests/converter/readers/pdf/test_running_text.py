"""Running text: wrapped lines are one paragraph, page furniture stands in nobody's way."""

from collections.abc import Callable

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.readers.offsets import text_of
from budgetgraph.converter.readers.pdf import PdfReader
from budgetgraph.converter.readers.pdf.furniture import page_number
from tests.converter.readers.pdf.writing import Sheet, pdf, table

LEFT, RIGHT, SIZE = 80, 515, 15
PER_LINE = (RIGHT - LEFT) // SIZE


def wrapped(text: str) -> list[str]:
    """Return the lines of a paragraph with its first line indented by two characters."""
    lines = [text[: PER_LINE - 2]]
    rest = text[PER_LINE - 2 :]
    return lines + [rest[start : start + PER_LINE] for start in range(0, len(rest), PER_LINE)]


def body(*paragraphs: str, top: float = 120) -> Callable[[Sheet], float]:
    def draw(sheet: Sheet) -> float:
        y = top
        for paragraph in paragraphs:
            for number, line in enumerate(wrapped(paragraph)):
                sheet.text(LEFT + (0 if number else 2 * SIZE), y, line, SIZE)
                y += 24
        return y

    return draw


def read(data: bytes) -> list[str]:
    blocks = PdfReader().read(data, "text.pdf")
    assert not any(isinstance(block, Grid) for block in blocks)
    whole = text_of(blocks)
    texts = [whole[b.locator.start : b.locator.end] for b in blocks]
    assert texts == [getattr(block, "text", None) for block in blocks]
    return texts


LONG = (
    "某部门全年安排甲项工作若干次，乙项工作若干次，丙项工作若干次，共计支出一千二百元，比预计的数目略多一些，" * 3
    + "特此说明。"
)
SHORT = "其中甲项工作支出三百元。"


def test_lines_that_the_width_wraps_are_one_paragraph():
    assert read(pdf(body(LONG, SHORT, LONG))) == [LONG, SHORT, LONG]


def test_headings_stand_apart():
    def draw(sheet: Sheet) -> None:
        sheet.text(297, 80, "第二部分 情况说明", 22, "centre")
        body("一、收入情况", LONG, "二、支出情况", LONG)(sheet)

    assert read(pdf(draw)) == ["第二部分 情况说明", "一、收入情况", LONG, "二、支出情况", LONG]


def test_a_page_number_does_not_land_inside_a_sentence():
    """「增长」 page number 「17.31%」 must not become 317.31%."""
    first = ["字" * (PER_LINE - 2)] + ["字" * PER_LINE] * 20 + ["字" * (PER_LINE - 2) + "增长"]

    def page(number: int, lines: list[str], indent: int) -> Callable[[Sheet], None]:
        def draw(sheet: Sheet) -> None:
            for row, line in enumerate(lines):
                sheet.text(LEFT + (indent * SIZE if row == 0 else 0), 100 + 24 * row, line, SIZE)
            sheet.text(297, 800, f"- {number} -", 10, "centre")

        return draw

    data = pdf(page(3, first, 2), page(4, ["17.31%，", "字" * 5], 0), page(5, ["尾"], 2))
    texts = read(data)
    assert texts[0].endswith("字增长17.31%，")
    assert not any("-" in text for text in texts)


@pytest.mark.parametrize(
    "form", ["{}", "- {} -", "— {} —", "─ {} ─", "－{}－", "第 {} 页", "第{}页 共 9 页", "{}/9", "Page {}"]
)
def test_page_numbers_in_a_series_are_furniture(form):
    pages = [lambda s, n=n: (body(SHORT)(s), s.text(297, 800, form.format(n), 10, "centre")) for n in (4, 5, 6)]
    assert read(pdf(*pages)) == [SHORT] * 3


@pytest.mark.parametrize("text", ["201", "1,465.28", "17.31%", "2021年", "5.00", "3.1.2", "-12-13", "人"])
def test_what_looks_like_a_page_number_only(text):
    number = page_number(text)
    assert number is None or text == "201"


def test_numbers_that_are_in_no_series_are_kept():
    pages = [lambda s, n=n: (body(SHORT)(s), s.text(297, 500, str(n), 10)) for n in (40, 7, 19)]
    assert read(pdf(*pages)) == [SHORT, "40", SHORT, "7", SHORT, "19"]


def test_running_heads_and_feet_are_kept_where_they_stand_first():
    def page(sheet: Sheet) -> None:
        sheet.text(LEFT, 50, "某市部门预算", 9)
        body(SHORT)(sheet)
        sheet.text(LEFT, 790, "某局编", 9)

    assert read(pdf(*[page] * 4)) == ["某市部门预算", SHORT, "某局编", SHORT, SHORT, SHORT]


def test_units_and_titles_above_tables_are_no_running_heads():
    rows = [["项目", "金额"], ["甲", "1.00"], ["乙", "2.00"]]

    def page(title: str) -> Callable[[Sheet], None]:
        def draw(sheet: Sheet) -> None:
            sheet.text(297, 60, title, 18, "centre")
            sheet.text(500, 100, "单位：万元", align="right")
            table(sheet, [[title, ""], *rows[1:]], [200, 200])

        return draw

    blocks = PdfReader().read(pdf(*map(page, ["收入表", "支出表", "基金表", "采购表"])), "tables.pdf")
    texts = [block.text for block in blocks if not isinstance(block, Grid)]
    assert texts.count("单位：万元") == 4
    assert [text for text in texts if text.endswith("表")] == ["收入表", "支出表", "基金表", "采购表"]


def test_lines_of_a_list_of_contents_stay_lines():
    entries = [f"{number}、某某预算总表{'.' * 60}{number}" for number in "一二三四"]

    def draw(sheet: Sheet) -> None:
        for row, entry in enumerate(entries):
            sheet.text(LEFT, 120 + 24 * row, entry, 12)

    assert read(pdf(draw)) == entries


def test_spaces_as_printed_are_kept_and_none_is_made_by_justification():
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setFont("STSong-Light", 10)
        sheet.canvas.drawString(60, 700, "budget of 2021 部门", charSpace=1.5)
        sheet.text(60, 200, "部门：某局")
        sheet.text(400, 200, "单位：元")

    assert read(pdf(draw)) == ["budget of 2021 部门", "部门：某局 单位：元"]
