import io
import re
import zipfile
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Side

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.legacy_spreadsheet import LegacyWorkbookReader
from budgetgraph.converter.readers.offsets import number
from budgetgraph.converter.readers.sheet_columns import column_name
from budgetgraph.converter.readers.spreadsheet import WorkbookReader
from budgetgraph.converter.readers.workbook_cells import FORMULA
from tests.converter.readers.golden import (
    EXPENDITURE,
    TABLES,
    THREE_PUBLIC,
    assert_offsets,
    assert_places,
    assert_reads_as,
    read_texts,
)

FRAME = Border(*[Side(style="thin")] * 4)
READ = {"xlsx": WorkbookReader().read, "xls": LegacyWorkbookReader().read}


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_xlsx(tables=TABLES, frame=True):
    """Write each table on a sheet of its own, with the lines around it and, if so wished, borders."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for table in tables:
            sheet = book.add_worksheet(f"表{len(book.worksheets()) + 1}")
            sheet.write_column(0, 0, [table.title, table.unit])
            sheet.write_column(2 + len(table.rows), 0, table.notes)
            for r, row in enumerate(table.rows, start=2):
                for c, cell in enumerate(row):
                    if cell is None:
                        continue
                    value = float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                    style = book.add_format({"num_format": cell.number_format, "border": int(frame)})
                    if (cell.rowspan, cell.colspan) != (1, 1):
                        sheet.merge_range(r, c, r + cell.rowspan - 1, c + cell.colspan - 1, value, style)
                    elif isinstance(value, float):
                        sheet.write_number(r, c, value, style)
                    else:
                        sheet.write_string(r, c, value, style)
    return file.getvalue()


def as_xls(tables=TABLES, frame=True):
    book = xlwt.Workbook()
    border = "borders: left thin, right thin, top thin, bottom thin" if frame else ""
    for index, table in enumerate(tables):
        sheet = book.add_sheet(f"表{index + 1}")
        sheet.write(0, 0, table.title)
        sheet.write(1, 0, table.unit)
        for r, row in enumerate(table.rows, start=2):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                value = float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                style = xlwt.easyxf(border, num_format_str=cell.number_format)
                sheet.write_merge(r, r + cell.rowspan - 1, c, c + cell.colspan - 1, value, style)
        for n, note in enumerate(table.notes):
            sheet.write(2 + len(table.rows) + n, 0, note)
    return saved(book)


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


def sheet_of(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    return WorkbookReader().read(saved(book), "x")


def rows_of(*rows, frame=()):
    def fill(sheet):
        for row in rows:
            sheet.append(row)
        for r in frame:
            for cell in sheet[r]:
                cell.border = FRAME

    return sheet_of(fill)


def shape(blocks):
    return [block.text if isinstance(block, Paragraph) else read_texts(block) for block in blocks]


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


# The workbook's XML, written in other ways than usual.

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def member(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def with_member(data, name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return file.getvalue()


def with_rows(rows, before="", behind=""):
    text = f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
    return with_member(as_xlsx([EXPENDITURE]), SHEET, text.encode())


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2.5</v></c></row>'
        '<row r="2"><c r="B2" t="str"><v>x</v></c></row>',
        "<row><c><v>1</v></c><c><v>2.5</v></c></row><row><c/><c t='inlineStr'><is><r><t>x</t></r></is></c></row>",
        '<row r="1" ><c t="n" r="A1" ><v>1</v></c><!-- 1 --><c\nr="B1"><v>2.5</v></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t><![CDATA[x]]></t></is></c></row>',
        '<row r="1" spans="1:2"><c r="A1"><v>1</v></c><c r="B1"><v>2.5000000000000001</v></c></row>'
        '<row r="2"><c r="A2"/><c r="B2" t="inlineStr"><is><t>&#120;</t></is></c></row>',
        '<row r="1"><c r="A1"><f>1+0</f><v>1</v></c><c r="B1"><v>2.50</v></c></row>'
        '<row r="2"><c r="B2" t="str"><f>"x"</f><v>x</v></c></row>',
        '<row r="1"><c r="A1"><f t="shared" si="0"/><v>1</v></c><c r="B1"><f>5 &lt; 6</f><v>2.5</v></c></row>'
        '<row r="2"><c r="A2" s="9999"/><c r="B2" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c></row>',
        '<row r="1" ht="9"><c r="A1"><v>1</v></c><c r="B1"><v>2.5</v></c></row>'
        '<row><c/><c t="inlineStr"><is><t>x</t></is></c></row><row r="3" ht="9"/><row r="4" ht="9"/>',
    ],
)
def test_ways_to_write_cells(rows):
    assert shape(WorkbookReader().read(with_rows(rows), "x")) == [[["1", "2.5"], ["", "x"]]]


def test_rows_are_not_read_like_the_row_before_where_they_differ():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="B3" t="b"><v>0</v></c><c r="C3"><v>1</v></c></row>'
        '<row r="4" hidden="1"><c r="B4"><v>1</v></c><c r="C4" t="b"><v>0</v></c></row>'
        '<row r="5" hidden="0"><c r="B5"><v>9</v></c><c r="C5" t="b"><v>1</v></c></row>'
    )
    assert shape(WorkbookReader().read(with_rows(rows), "x")) == [
        [["1", "TRUE", ""], ["TRUE", "1", ""], ["", "FALSE", "1"], ["", "9", "TRUE"]]
    ]


def test_rows_behind_blank_ones_count_on():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" ht="9"/><row r="7" ht="9"/><row><c><v>2</v></c></row>'
    grids = [block for block in WorkbookReader().read(with_rows(rows), "x") if isinstance(block, Grid)]
    assert [grid.rows[0][0].locator.ref for grid in grids] == ["A1", "A8"]


#: More than are taken at once.
MANY_ROWS = "".join(
    f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"/><c r="C{r}"><v>1</v></c></row>' for r in range(1, 1_001)
)


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ('<row r="1001"><c r="B1001" t="b"><v>1</v></c></row>', {"B1001": "TRUE"}),
        ('<row r="1001" hidden="1"><c r="B1001"><v>1</v></c></row>', {}),
        ('<row><c x="/" r="A1001"><v>7</v></c><c r="B1001" t="str"><v></v></c></row>', {"A1001": "7"}),
        ('<row r="1001"><c r="B1001" t="inlineStr"><is><r><t>x</t></r></is></c></row>', {"B1001": "x"}),
    ],
)
def test_many_rows_with_another_one_among_them(odd, shown):
    more = "".join(f'<row r="{r}"><c r="A{r}"><v>-{r}</v></c></row>' for r in range(1_002, 3_000))
    (grid,) = (b for b in WorkbookReader().read(with_rows(MANY_ROWS + odd + more), "x") if isinstance(b, Grid))
    before = {f"A{r}": f"{r}" for r in range(1, 1_001)} | {f"C{r}": "1" for r in range(1, 1_001)}
    behind = {f"A{r}": f"-{r}" for r in range(1_002, 3_000)}
    assert {cell.locator.ref: cell.text for cell in grid.cells() if cell.text} == before | shown | behind


@pytest.mark.parametrize("written", ["（年）", "&#65288;&#24180;&#65289;", "&#xFF08;年&#65289;", " （年）_x000D_"])
def test_ways_to_write_characters_of_a_text(written):
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>{written}</t></is></c></row>'
    assert shape(WorkbookReader().read(with_rows(rows), "x")) == [[["1", "（年）"]]]


def test_a_text_with_a_character_that_no_xml_may_have_is_refused():
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&#55296;</t></is></c></row>'
    with pytest.raises(SourceError):
        WorkbookReader().read(with_rows(rows), "x.xlsx")


def with_strings(strings, before='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', encoding="utf-8"):
    """Write a workbook whose only row shows its first two shared strings."""
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1"><v>5</v></c>'
    text = f'{before}\n<sst xmlns="{NAMESPACE}" count="2">{strings}</sst>'
    return with_member(with_rows(f'<row r="1">{cells}</row>'), "xl/sharedStrings.xml", text.encode(encoding))


@pytest.mark.parametrize(
    "written",
    [
        "<si><t>（年）</t></si>",
        '<si><t xml:space="preserve"> （年） </t></si>',
        '<si><t>（年）</t><phoneticPr fontId="1" type="noConversion"/></si>',
        '<si><t>（年）</t><rPh sb="0" eb="1"><t>ねん</t></rPh></si>',
        "<si><r><t>（</t></r><r><t>年）</t></r></si>",
        "<si><t>&#65288;年）</t></si>",
        "<si><!-- 年 --><t><![CDATA[（年）]]></t></si>\n",
        "<si><t>（年）_x000D_</t></si>",
    ],
)
def test_ways_to_write_shared_strings(written):
    assert shape(WorkbookReader().read(with_strings(written + "<si><t>a</t></si>"), "x")) == [[["（年）", "a", "5"]]]


def test_shared_strings_in_another_encoding():
    data = with_strings("<si><t>年</t></si><si><t/></si>", '<?xml version="1.0" encoding="GB2312"?>', "gb2312")
    assert shape(WorkbookReader().read(data, "x")) == [[["年", "", "5"]]]


@pytest.mark.parametrize(
    "strings",
    [
        "<si><t>a</t></si><si><t>b</t>",
        "<si><t>a</t></si></sst><si><t>b</t></si>",
        "<si><t>\x01</t></si><si><t>b</t></si>",
        "<si><t>&a;</t></si><si><t>b</t></si>",
    ],
)
def test_shared_strings_that_are_no_xml_are_refused(strings):
    with pytest.raises(SourceError, match=r"xl/sharedStrings\.xml is no well-formed XML"):
        WorkbookReader().read(with_strings(strings), "x.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_prefixes_and_encodings(encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData><x:row r="1">'
        '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1" t="inlineStr"><x:is><x:t>&amp;年</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    data = with_member(as_xlsx([EXPENDITURE]), SHEET, text.encode(encoding))
    assert shape(WorkbookReader().read(data, "x")) == [[["1", "&年"]]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('<row r="1"><c r="A1" s="9999"><v>1</v></c></row>', "9999"),
        ('<row r="1"><c r="A1" t="s"><v>88888</v></c></row>', "row 1"),
        ('<row r="2"/><row r="1"><c r="A1"><v>1</v></c></row>', "row 1 after row 2"),
        ('<row r="2" hidden="1"/><row r="1"/>', "row 1 after row 2"),
        ('<c r="A1"><v>1</v></c><row r="1"/>', "between the rows"),
        ('<row r="1"/><c r="A1"><v>1</v></c>', "between the rows"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "XFE"),
        ('<row r="1"><c r="AAAA1"><v>1</v></c></row>', "AAAA"),
        ('<row r="1"><c r="b1"><v>1</v></c></row>', "'b'"),
        ('<row r="9999999"><c r="A1"><v>1</v></c></row>', "row 9999999"),
        ('<row r="1048576"></row><row r="1048577"></row>', "row 1048577"),
        ('<row r="1"></row><row r="2"></row><row r="2"></row>', "row 2 after row 2"),
        ("<row>123</row>", "123"),
        ('<row r="1" <c r="A1"><v>1</v></c></row>', "between the rows"),
        ('<row r="1" spans="<1:2"><c r="A1"><v>1</v></c></row>', "between the rows"),
        ('<row r="1"><c r="A1"/><v>1</v></c></row>', "'<v>' between the cells"),
        (MANY_ROWS + '<row r="1001"><c r="A1" s="9999"><v>1</v></c></row>' + "<row><c/></row>" * 9, "row 1001: '9999'"),
        (MANY_ROWS + '<row r="1000"><c r="A1000"><v>1</v></c></row>', "row 1000 after row 1000"),
        ("<row><d/></row>", "<d/>"),
        ("abc", "abc"),
    ],
)
def test_what_is_no_cell_is_refused(rows, said):
    with pytest.raises(SourceError, match=re.escape(said)):
        WorkbookReader().read(with_rows(rows), "x.xlsx")


def test_cells_at_opposite_corners_cost_nothing():
    merge = '<mergeCells><mergeCell ref="B2:XFC1048575"/></mergeCells>'
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert shape(WorkbookReader().read(with_rows(rows, behind=merge), "x")) == [[["1"]], [["2"]]]


def test_a_grid_beyond_the_limit_is_refused():
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>2</v></c></row>' for r in range(1, 100))
    with pytest.raises(SourceError, match="cells"):
        WorkbookReader().read(with_rows(rows), "x.xlsx")


def test_a_million_cells_are_refused():
    cells = [f'<c r="{column_name(c)}{{0}}"><v>{c}</v></c>' for c in range(100)]
    rows = "".join(f'<row r="{r}">{"".join(cells).format(r)}</row>' for r in range(1, 5_101))
    with pytest.raises(SourceError, match="more than 500000 cells"):
        WorkbookReader().read(with_rows(rows), "x.xlsx")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused(part):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    content = f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]><a>&a8;</a>'.encode()
    with pytest.raises(SourceError):
        WorkbookReader().read(with_member(as_xlsx([EXPENDITURE]), part, content), "x.xlsx")


def test_deep_nesting_is_refused():
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is>{"<t>" * 100_000}{"</t>" * 100_000}</is></c></row>'
    with pytest.raises(SourceError):
        WorkbookReader().read(with_rows(rows), "x.xlsx")


def test_overlapping_merges_are_refused():
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 2500
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="J{r}"><v>1</v></c></row>' for r in range(1, 1001))
    with pytest.raises(SourceError, match="merged"):
        WorkbookReader().read(with_rows(rows, behind=f"<mergeCells>{merges}</mergeCells>"), "x.xlsx")


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


@given(data=st.data(), part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]))
@settings(deadline=None, max_examples=150)
def test_damaged_parts_raise_only_source_errors(data, part):
    content = bytearray(member(GOLDEN["xlsx"], part))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'<>&"/ =0159AXcrvst-.'))
    with suppress(SourceError):
        WorkbookReader().read(with_member(GOLDEN["xlsx"], part, bytes(content)), "damaged")
