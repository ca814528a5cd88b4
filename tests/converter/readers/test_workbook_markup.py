"""The XML of a workbook, written in other ways than usual."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.sheet_columns import column_name
from budgetgraph.converter.readers.spreadsheet import WorkbookReader
from tests.converter.readers.golden import (
    EXPENDITURE,
    THREE_PUBLIC,
)
from tests.converter.readers.workbooks import NAMESPACE, SHEET, as_xlsx, member, shape, with_member, with_rows

GOLDEN = as_xlsx([THREE_PUBLIC])


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


@given(data=st.data(), part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]))
@settings(deadline=None, max_examples=150)
def test_damaged_parts_raise_only_source_errors(data, part):
    content = bytearray(member(GOLDEN, part))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'<>&"/ =0159AXcrvst-.'))
    with suppress(SourceError):
        WorkbookReader().read(with_member(GOLDEN, part, bytes(content)), "damaged")
