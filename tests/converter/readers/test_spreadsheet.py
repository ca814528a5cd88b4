import re
from contextlib import suppress

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.legacy_spreadsheet import LegacyWorkbookReader
from budgetgraph.converter.readers.offsets import number
from budgetgraph.converter.readers.spreadsheet import WorkbookReader
from budgetgraph.converter.readers.workbook_cells import FORMULA
from tests.converter.readers.golden import (
    EXPENDITURE,
    THREE_PUBLIC,
    assert_offsets,
    assert_places,
    assert_reads_as,
    read_texts,
)
from tests.converter.readers.workbooks import (
    SHEET,
    as_xls,
    as_xlsx,
    member,
    rows_of,
    saved,
    shape,
    sheet_of,
    with_member,
    with_rows,
)

READ = {"xlsx": WorkbookReader().read, "xls": LegacyWorkbookReader().read}
WRITE = {"xlsx": as_xlsx, "xls": as_xls}
forms = pytest.mark.parametrize("form", ["xlsx", "xls"])


@forms
@pytest.mark.parametrize("frame", [True, False])
def test_golden_tables(form, frame):
    blocks = READ[form](WRITE[form](frame=frame), "golden")
    assert_reads_as(blocks)
    assert_offsets(blocks)
    assert blocks.problems == ()


@forms
def test_offsets_are_those_of_the_shared_numbering(form):
    blocks = READ[form](WRITE[form](), "golden")
    assert number(blocks) == blocks


@forms
def test_places_are_sheet_and_cell(form):
    blocks = READ[form](WRITE[form](), "golden")
    grid = next(block for block in blocks if isinstance(block, Grid))
    cell = next(cell for cell in grid.cells() if cell.text == "841.5700")
    assert str(cell.locator) == "sheet 表1, F7"


def test_handles_by_content():
    xlsx, xls = as_xlsx(), as_xls()
    assert WorkbookReader().handles(xlsx)
    assert LegacyWorkbookReader().handles(xls)
    for data in (xls, b"", b"PK\x03\x04", b"a,b\n", xlsx[:200], xls[:600]):
        assert not WorkbookReader().handles(data)
    for data in (xlsx, b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", xls[:600]):
        assert not LegacyWorkbookReader().handles(data)


@pytest.mark.parametrize(
    ("file", "sheets"),
    [("template-shanghai-department-budget-blank.xlsx", 17), ("template-shanghai-unit-budget-blank.xls", 16)],
)
def test_official_templates(corpus, file, sheets):
    read = READ[file.rpartition(".")[2]]
    blocks = read((corpus / file).read_bytes(), file)
    assert len({block.locator.sheet for block in blocks}) == sheets
    assert_places(blocks)
    assert_offsets(blocks)
    grids = {(block.locator.sheet or "").strip(): block for block in blocks if isinstance(block, Grid)}
    assert len(grids) == 9
    revenue = next(grid for sheet, grid in grids.items() if sheet.endswith("收入总表"))
    texts = read_texts(revenue)
    assert texts[1][:5] == ["功能分类科目编码", "", "", "功能分类科目名称", "合计"]
    assert texts[2][:3] == ["类", "款", "项"]
    assert [row[:4] for row in texts[3:6]] == [
        ["205", "", "", "教育支出"],
        ["205", "02", "", "普通教育"],
        ["205", "02", "05", "高等教育"],
    ]
    assert texts[-1][0] == "合计"
    for grid in grids.values():
        before = [b.text for b in blocks[: blocks.index(grid)] if isinstance(b, Paragraph)]
        assert before[-3].endswith("表")
        assert before[-2] in {"编制部门：", "编制单位："}
        assert before[-1].replace(":", "：") in {"单位：元", "单位：万元"}


def test_a_formula_without_value_is_reported_and_no_nought():
    def fill(sheet):
        sheet.append(["合计", "=SUM(C1:D1)", 1, 2])
        sheet.append(["其他", "", 3, 4])

    blocks = sheet_of(fill)
    assert shape(blocks) == [[["合计", FORMULA, "1", "2"], ["其他", "", "3", "4"]]]
    (problem,) = blocks.problems
    assert (problem.code, problem.location.ref) == ("formula-without-value", "B1")


@pytest.mark.parametrize(
    ("flags", "shown"), [(0, ""), (2, FORMULA)], ids=["calculated to nothing", "to be calculated when opened"]
)
def test_a_formula_that_was_never_calculated_in_xls(flags, shown):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for column, value in enumerate([1.0, 0.0, xlwt.Formula("A1+B1")]):
        sheet.write(0, column, value)
        sheet.write(1, column, 5.0)
    empty_text = bytes.fromhex("030000000000ffff")
    data = saved(book)
    assert data.count(empty_text + bytes(2)) == 1
    blocks = LegacyWorkbookReader().read(data.replace(empty_text + bytes(2), empty_text + bytes([flags, 0])), "x")
    assert shape(blocks) == [[["1", "0", shown], ["5", "5", "5"]]]
    assert [problem.location.ref for problem in blocks.problems] == (["C1"] if shown else [])


def test_hidden_content_is_left_out_and_reported():
    book = openpyxl.Workbook()
    shown, hidden = book.active, book.create_sheet("字典")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    for row in (["科目", "备注", "金额"], ["行政运行", "x", 1], ["旧行", "x", 2], ["合计", "x", 3]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    shown.column_dimensions["B"].hidden = True
    blocks = WorkbookReader().read(saved(book), "x")
    assert shape(blocks) == [[["科目", "金额"], ["行政运行", "1"], ["合计", "3"]]]
    assert [(p.code, p.location.sheet) for p in blocks.problems] == [
        ("hidden-content", "Sheet"),
        ("hidden-content", "Sheet"),
        ("hidden-content", "字典"),
    ]


def test_rows_and_columns_of_no_size_are_hidden():
    rows = "".join(
        f'<row r="{r}" ht="{height}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><v>5</v></c><c r="C{r}"><v>7</v></c></row>'
        for r, height in ((1, "9"), (2, "0"), (3, "0.75"), (4, "0.0"))
    )
    data = with_rows(rows, '<cols><col min="2" max="2" width="0" customWidth="1"/></cols>')
    blocks = WorkbookReader().read(data, "x")
    assert shape(blocks)[0] == [["1", "7"], ["3", "7"]]
    assert [problem.code for problem in blocks.problems] == ["hidden-content"] * 2
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r in range(3):
        for c in range(3):
            sheet.write(r, c, r + 1)
    sheet.row(1).height_mismatch, sheet.row(1).height = True, 0
    sheet.col(1).width = 0
    assert shape(LegacyWorkbookReader().read(saved(book), "x")) == [[["1", "1"], ["3", "3"]]]


def test_raised_digits_are_no_part_of_a_number():
    run = '<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
    cell = f'<c r="B1" t="inlineStr"><is><r><t>1,401.07</t></r>{run}<r><rPr/><t>2</t></r></is></c>'
    data = with_rows(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>')
    assert shape(WorkbookReader().read(data, "x"))[0] == [["1", "1,401.07¹2"]]
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    raised, plain = xlwt.Font(), xlwt.Font()
    raised.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    sheet.write(0, 0, 1)
    sheet.write_rich_text(0, 1, ("1,401.07", ("1", raised), ("2", plain)))
    assert shape(LegacyWorkbookReader().read(saved(book), "x")) == [[["1", "1,401.07¹2"]]]


def test_a_merged_range_is_shown_where_its_first_row_is_hidden():
    def fill(sheet):
        for row in (["收入", None, "x"], [None, None, "y"], ["a", 1, "z"]):
            sheet.append(row)
        sheet.merge_cells("A1:B2")
        sheet.row_dimensions[1].hidden = True

    (grid,) = sheet_of(fill)
    assert read_texts(grid) == [["收入", "", "y"], ["a", "1", "z"]]
    assert (grid.rows[0][0].rowspan, grid.rows[0][0].colspan) == (1, 2)


def test_what_a_merged_range_covers_is_not_shown():
    data = as_xlsx([EXPENDITURE])
    covered = re.sub(rb'<c r="E3"([^>]*?)/>', rb'<c r="E3"\1><v>99</v></c>', member(data, SHEET))
    assert covered != member(data, SHEET)
    assert_reads_as(WorkbookReader().read(with_member(data, SHEET, covered), "x"), [EXPENDITURE])


def test_two_tables_on_a_sheet():
    blocks = rows_of(
        ["表一"],
        ["编制部门：某局", None, "单位：元"],
        ["项目", "数", "额"],
        ["甲", 1, 2],
        [],
        ["表二"],
        ["a", "b"],
        ["c", 5],
    )
    assert shape(blocks) == [
        "表一",
        "编制部门：某局",
        "单位：元",
        [["项目", "数", "额"], ["甲", "1", "2"]],
        "表二",
        [["a", "b"], ["c", "5"]],
    ]


def test_tables_beside_each_other_are_two_below_titles_of_their_own():
    rows = [
        ["部门收入表", None, None, "部门支出表"],
        ["项目", "金额", None, "科目", "数", "额"],
        ["甲", 1, None, "乙", 2, 3],
        ["合计", 1, None, "丙", 4, 5],
    ]
    expected = [
        [["项目", "金额"], ["甲", "1"], ["合计", "1"]],
        [["科目", "数", "额"], ["乙", "2", "3"], ["丙", "4", "5"]],
    ]
    blocks = rows_of(*rows, frame=(2, 3, 4))
    assert shape(blocks) == ["部门收入表", expected[0], "部门支出表", expected[1]]
    assert [blocks[3].rows[1][0].locator.ref, blocks[3].rows[1][2].locator.ref] == ["D3", "F3"]
    assert number(blocks) == blocks


def test_blank_columns_part_no_table_below_one_title_or_words_of_a_header():
    for words in (["部门收支表", None, None, "单位：万元"], ["收入", None, None, "支出"]):
        blocks = rows_of(words, ["项目", "金额", None, "项目", "金额"], ["甲", 1, None, "乙", 1], frame=(2, 3))
        assert [len(block.rows[0]) for block in blocks if isinstance(block, Grid)] == [5]


def test_blank_rows_inside_a_frame_belong_to_the_table():
    blocks = rows_of(["项目", "数"], [None, None], ["合计", None], ["注：本表为空"], frame=[1, 2, 3])
    assert shape(blocks) == [[["项目", "数"], ["", ""], ["合计", ""]], "注：本表为空"]


def test_a_numeric_row_outside_the_frame_stays_in_the_table():
    blocks = rows_of(["项目", "数"], ["甲", 1], ["乙", 2], frame=[1, 2])
    assert shape(blocks) == [[["项目", "数"], ["甲", "1"], ["乙", "2"]]]


def test_a_long_text_is_one_paragraph_a_line():
    blocks = rows_of(["一、职能\n  负责某事。\n\n二、机构"])
    assert shape(blocks) == ["一、职能", "负责某事。", "二、机构"]
    assert {block.locator.ref for block in blocks} == {"A1"}
    assert_offsets(blocks)


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.integers(-(10**9), 10**9), st.text("甲乙a1. :&<", max_size=5)),
            min_size=1,
            max_size=5,
        ),
        max_size=12,
    ),
    st.sampled_from(["xlsx", "xls"]),
)
@settings(deadline=None, max_examples=50)
def test_no_text_is_lost(rows, form):
    if form == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                cell = sheet.cell(r, c, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # not a formula, whatever it begins with
    else:
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
    blocks = READ[form](saved(book), "x")
    printed = [t for b in blocks for t in ([c.text for c in b.cells()] if isinstance(b, Grid) else [b.text])]
    wished = [str(value).strip() for row in rows for value in row if value is not None]
    assert [text for text in printed if text] == [text for text in wished if text]
    assert_places(blocks)
    assert_offsets(blocks)


GOLDEN = {"xlsx": as_xlsx([THREE_PUBLIC]), "xls": as_xls([THREE_PUBLIC])}


@forms
@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_damaged_files_raise_only_source_errors(form, data):
    content = bytearray(GOLDEN[form])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    with suppress(SourceError):
        READ[form](bytes(content), "damaged")
