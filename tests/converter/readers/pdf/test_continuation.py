"""Tables over several pages: pieces of the same columns follow each other, cut rows are made whole."""

from collections.abc import Callable
from functools import partial

import pytest

from budgetgraph.converter.blocks import Cell, Grid, Locator, Paragraph
from budgetgraph.converter.readers.pdf import PdfReader, text_in_box
from budgetgraph.converter.readers.pdf.continuation import DOUBTFUL, link
from budgetgraph.converter.readers.pdf.layout import Layout
from budgetgraph.converter.readers.pdf.tables import Table
from tests.converter.readers.pdf.test_ruled import assert_found_again, texts
from tests.converter.readers.pdf.writing import Sheet, TableStyle, pdf, table, width_of

HEADER = ["类", "款", "名称", "金额"]
WIDTHS = [40, 40, 200, 100]
TOP = TableStyle(top=40)


def test_a_last_row_alone_has_the_columns_of_the_piece_before():
    rows = [HEADER, ["201", "01", "行政运行", "5.00"]]
    total = ["合计", "", "", "5.00"]
    data = pdf(lambda s: table(s, rows, WIDTHS), lambda s: table(s, [total], WIDTHS, [(0, 0, 1, 3)], TOP))
    blocks = PdfReader().read(data, "two.pdf")
    first, last = blocks
    assert isinstance(first, Grid)
    assert isinstance(last, Grid)
    assert last.width == first.width == 4
    assert texts(last) == [total]
    assert last.rows[0][0].colspan == 3
    assert_found_again(data, blocks)


def test_other_tables_keep_their_columns():
    data = pdf(lambda s: table(s, [HEADER], WIDTHS), lambda s: table(s, [["甲", "1.00"]], [80, 200], style=TOP))
    first, last = PdfReader().read(data, "two.pdf")
    assert isinstance(first, Grid)
    assert isinstance(last, Grid)
    assert (first.width, last.width) == (4, 2)


def test_title_and_header_that_are_printed_on_each_page_part_nothing():
    def page(number: int, *rows: list[str]) -> Callable[[Sheet], None]:
        def draw(sheet: Sheet) -> None:
            sheet.text(250, 60, "某年政府采购预算表", 16, "centre")
            sheet.text(440, 100, "单位：万元", align="right")
            table(sheet, [HEADER, *rows], WIDTHS)
            sheet.text(250, 800, str(number), align="centre")

        return draw

    data = pdf(page(1, ["201", "01", "甲", "5.00"]), page(2, ["201", "02", "乙", "6.00"]))
    blocks = PdfReader().read(data, "repeated.pdf")
    assert [type(block) for block in blocks] == [Paragraph, Paragraph, Grid, Grid]


def cut_row(label: str, rest: str, below: tuple[str, str] = ("", "")) -> bytes:
    """Return a table whose last row on the first page goes on on the second."""
    widths = [60, width_of(label, 10) + 2 * TOP.padding + 1, 80]
    first = [["编码", "名称", "金额"], ["20131", "党委办公厅", "4.00"], ["2013101", label, "5.00"]]
    second = [[below[0], rest, below[1]], ["2013102", "机关服务", "6.00"]]
    return pdf(lambda s: table(s, first, widths), lambda s: table(s, second, widths, style=TOP))


def test_a_label_that_a_page_end_cuts_is_made_whole():
    data = cut_row("党委办公厅及相关机", "构事务")
    first, second = PdfReader().read(data, "cut.pdf")
    assert isinstance(first, Grid)
    assert isinstance(second, Grid)
    assert texts(first)[-1] == ["2013101", "党委办公厅及相关机构事务", "5.00"]
    place = first.rows[-1][1].locator
    assert place.page
    assert place.box
    ((page, box),) = place.more
    assert text_in_box(data, place.page, place.box) == "党委办公厅及相关机"
    assert text_in_box(data, page, box) == "构事务"
    assert texts(second) == [["2013102", "机关服务", "6.00"]]
    assert [cell.row for cell in second.cells()] == [0, 0, 0]


def test_a_row_with_a_code_or_an_amount_of_its_own_is_a_row():
    for below in (("2013103", ""), ("", "7.00")):
        first, second = PdfReader().read(cut_row("党委办公厅及相关机", "构事务", below), "whole.pdf")
        assert isinstance(first, Grid)
        assert isinstance(second, Grid)
        assert texts(first)[-1][1] == "党委办公厅及相关机"
        assert len(second.rows) == 2


def test_a_label_that_had_room_is_a_row_of_its_own():
    widths = [60, 160, 80]
    first = [["编码", "名称", "金额"], ["2013101", "行政运行", "5.00"]]
    data = pdf(lambda s: table(s, first, widths), lambda s: table(s, [["", "小计", ""]], widths, style=TOP))
    grids = PdfReader().read(data, "own.pdf")
    assert [len(grid.rows) for grid in grids if isinstance(grid, Grid)] == [2, 1]


def torn_row(first: list[str], second: list[str]) -> list[Grid]:
    """Return the pieces of a table whose cells are as wide as the widest first parts of a row on two pages."""
    names = ["编码", "名称", "一", "二"]
    widths = [width_of(max(a, b, key=len), 10) + 2 * TOP.padding + 1 for a, b in zip(first, names, strict=True)]
    data = pdf(
        lambda s: table(s, [names, first], widths),
        lambda s: table(s, [second, ["202", "外交", "1.0", "2.0"]], widths, style=TOP),
    )
    return [block for block in PdfReader().read(data, "torn.pdf") if isinstance(block, Grid)]


def test_amounts_that_a_page_end_tears_are_made_whole():
    first, second = torn_row(["2010", "党委机", "280.", "66.8"], ["302", "构事务", "87", "5"])
    assert texts(first)[-1] == ["2010302", "党委机构事务", "280.87", "66.85"]
    assert texts(second) == [["202", "外交", "1.0", "2.0"]]
    assert [cell.confidence < 1 for cell in first.rows[-1]] == [False, False, True, True]


def test_amounts_torn_between_their_commas_are_made_whole():
    first, second = torn_row(["5303", "党委机", "2,250,1", "480,90"], ["22010", "构事务", "42.00", "0.00"])
    assert texts(first)[-1] == ["530322010", "党委机构事务", "2,250,142.00", "480,900.00"]
    assert len(second.rows) == 1


def test_a_row_that_takes_three_pages_is_made_whole():
    names = ["编码", "名称", "一"]
    widths = [width_of("2010", 10) + 7, width_of("党委", 10) + 7, width_of("280.", 10) + 7]
    pieces = [["2010", "党委", "280."], ["3020", "机构", "87"], ["", "事务", ""]]
    data = pdf(*(partial(table, rows=[names, row], widths=widths) for row in pieces))
    first, *others = (block for block in PdfReader().read(data, "torn.pdf") if isinstance(block, Grid))
    assert texts(first)[1] == ["20103020", "党委机构事务", "280.87"]
    assert [page for page, _ in first.rows[1][1].locator.more] == [2, 3]
    assert [texts(other) for other in others] == [[names], [names]]


def test_a_row_below_a_header_whose_words_are_cut_off_goes_on():
    names = ["编码", "名称", "政府性基金预算"]
    widths = [50, width_of("党委", 10) + 7, 80]
    data = pdf(
        lambda s: table(s, [names, ["201", "党委", "5.00"]], widths),
        lambda s: table(s, [[*names[:2], "政府性基金"], ["", "机构", ""]], widths, style=TOP),
    )
    first = next(block for block in PdfReader().read(data, "torn.pdf") if isinstance(block, Grid))
    assert texts(first)[1] == ["201", "党委机构", "5.00"]


def test_an_amount_short_of_the_digits_that_all_others_have_is_torn():
    names, whole = ["编码", "名称", "一", "二"], ["20", "外", "16.30", "0.00"]
    widths = [width_of(text, 10) + 7 for text in ("2010", "党委机", "646.3", "66.8")]
    for rest, expected in (("8", "646.38"), ("8.0", "646.3"), ("85", "646.3")):
        pieces = [names, whole, ["2010", "党委机", "646.3", "66.8"]], [["302", "构事务", rest, "5"], whole]
        data = pdf(*(partial(table, rows=piece, widths=widths) for piece in pieces))
        first, _ = (block for block in PdfReader().read(data, "torn.pdf") if isinstance(block, Grid))
        assert first.rows[2][2].text == expected


def test_the_rest_of_a_code_alone_is_no_row():
    first, second = torn_row(["2010", "党委机", "280.1", "66.8"], ["302", "", "", ""])
    assert texts(first)[-1] == ["2010302", "党委机", "280.1", "66.8"]
    assert len(second.rows) == 1


def test_a_header_that_a_page_end_cuts_has_the_columns_and_names_of_its_rest():
    """Names over several columns, without the borders between these; and names whose last characters are below."""
    long = width_of("机关工资福", 10) + 7
    upper = partial(table, rows=[["支出", "", "机关工资福", "合计"]], widths=[40, 40, long, 60], spans=[(0, 0, 1, 2)])
    lower = partial(
        table, rows=[["编码", "名称", "利支出", ""], ["201", "甲", "1.00", "1.00"]], widths=[40, 40, long, 60]
    )
    upper.keywords["missing"] = lambda kind, _, column: kind == "upright" and column == 1
    first, second = (g for g in PdfReader().read(pdf(upper, lower), "head.pdf") if isinstance(g, Grid))
    assert texts(first) == [["支出", "", "机关工资福利支出", "合计"]]
    assert first.rows[0][0].colspan == 2
    assert texts(second)[0] == ["编码", "名称", "", ""]


def test_rows_below_a_header_keep_their_words():
    long = width_of("机关工资福", 10) + 7
    pieces = [["项目", "机关工资福", "合计"]], [["编码", "利支出", ""], ["201", "1.00", "1.00"]]
    data = pdf(*(partial(table, rows=piece, widths=[60, long, 60]) for piece in pieces))
    first, second = (g for g in PdfReader().read(data, "head.pdf") if isinstance(g, Grid))
    assert (first.rows[0][1].text, second.rows[0][1].text) == ("机关工资福", "利支出")


def test_rows_whose_amounts_may_all_be_whole_stay_apart():
    for below in (["302", "构事务", "8", "5"], ["302", "构事务", "3.0", "5.0"]):
        first, second = torn_row(["2010", "党委机", "28.1", "66.8"], below)
        assert texts(first)[-1] == ["2010", "党委机", "28.1", "66.8"]
        assert texts(second)[0] == below


def test_rows_that_may_be_one_are_not_sure():
    """What breaks off at the full width of each cell, with no amount that surely is torn; or a part of one alone."""
    for above, below in (("28.1", "8"), ("280.", "8,00")):
        first, second = torn_row(["2010", "党委机", above, "66.8"], ["302", "构事务", below, ""])
        assert texts(second)[0] == ["302", "构事务", below, ""]
        assert {cell.confidence for cell in first.rows[-1]} == {cell.confidence for cell in second.rows[0]} == {0.5}
        assert {cell.confidence for row in (first.rows[0], second.rows[1]) for cell in row} == {1.0}


def test_a_torn_amount_joins_no_row_whose_other_cells_do_not_go_on():
    first, second = torn_row(["2010", "党委机", "280.", "66.8"], ["302", "构事务", "87", "5.00"])
    assert len(first.rows) == 2
    assert len(second.rows) == 2


@pytest.mark.parametrize(("names", "sure"), [(["项目", "小计"], DOUBTFUL), (["项目", "合计"], 0.9)])
def test_pieces_without_lines_with_the_same_names_and_other_columns_are_in_doubt(names: list[str], sure: float):
    def piece(texts: list[str], confidence: float) -> Layout:
        rows = tuple(
            tuple(Cell(text, row, at, locator=Locator(page=1), confidence=confidence) for at, text in enumerate(line))
            for row, line in enumerate((texts, ["1.00"] * len(texts)))
        )
        xs = tuple(float(100 * at) for at in range(len(texts) + 1))
        return Layout(1, 595, 842, [Table(Grid(rows, Locator(page=1)), xs, (0.0, 20.0, 40.0))])

    layouts = [piece(["项目", "", "小计"], 0.6), piece(names, 0.9)]
    link(layouts)
    (table,) = layouts[1].items
    assert isinstance(table, Table)
    assert {cell.confidence for cell in table.grid.cells()} == {sure}
