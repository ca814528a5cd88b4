from contextlib import suppress
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.html import HtmlReader
from tests.converter.readers.golden import (
    TABLES,
    assert_offsets,
    assert_places,
    assert_reads_as,
    read_spans,
    read_texts,
)

READER = HtmlReader()


def table_html(table):
    """Return the table, its spans as attributes, a line feed in a cell as <br>."""
    rows = []
    for row in table.rows:
        cells = (
            f"<td rowspan={cell.rowspan} colspan='{cell.colspan}'>{escape(cell.text).replace(chr(10), '<br>')}</td>"
            for cell in row
            if cell
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table border=1>{''.join(rows)}</table>"


def body(tables=TABLES):
    return "".join(
        f"<p>{table.title}</p><div>{table.unit}</div>{table_html(table)}{'<br>'.join(table.notes)}" for table in tables
    )


def page(tables=TABLES, charset="utf-8"):
    head = f'<head><meta charset="{charset}"><title>x</title></head>'
    return f"<!DOCTYPE html><html>{head}<body>{body(tables)}</body></html>"


def read(text):
    return READER.read(text.encode(), "x.html")


def shape(blocks):
    return [block.text if isinstance(block, Paragraph) else read_texts(block) for block in blocks]


def test_golden_tables():
    blocks = read(page())
    assert_reads_as(blocks)
    assert_offsets(blocks)


def test_golden_tables_in_a_layout_table():
    cells = "".join(f"<tr><td>{body([table])}</td></tr>" for table in TABLES)
    assert_reads_as(read(f"<table width='100%'><tr><td>导航</td><td><table>{cells}</table></td></tr></table>")[1:])


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gb18030", "gb2312"),
        ("gbk", "GBK"),
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-8-sig", "gb2312"),
        ("utf-16", "utf-8"),
        ("big5hkscs", "big5"),
    ],
)
def test_encodings(encoding, said):
    text = page(charset=said) if encoding != "big5hkscs" else f"<meta charset={said}><p>預算總表</p>"
    data = text.encode(encoding)
    assert READER.handles(data)
    if encoding == "big5hkscs":
        assert shape(READER.read(data, "x")) == ["預算總表"]
    else:
        assert_reads_as(READER.read(data, "x"))


@pytest.mark.parametrize(
    ("data", "is_html"),
    [
        (b"<!DOCTYPE html><p>", True),
        (b"\xef\xbb\xbf  \r\n<HTML>", True),
        (b'<?xml version="1.0" encoding="gb2312"?><!-- x --><html xmlns="x">', True),
        (b"<!-- saved from url --><!--[if gte mso 9]><xml></xml><![endif]-->\n<table border=1>", True),
        (b"<p class=a>x", True),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', False),
        ("项目\t<p>金额</p>".encode(), False),
        (b"a < b", False),
        (b"", False),
        (b"PK\x03\x04<html>", False),
    ],
)
def test_handles_by_content(data, is_html):
    assert READER.handles(data) is is_html


def test_spans_are_clipped_to_what_is_written():
    (grid,) = read("<table><tr><td colspan=9>a<td rowspan=0>b<tr><td>1<td>2<td rowspan=99 colspan=999>3</table>")
    assert grid.width == 10
    (grid,) = read("<table><tr><td rowspan=99>a<td colspan=9>b<tr><td>1<td colspan=0>2</table>")
    assert read_texts(grid) == [["a", "b", ""], ["", "1", "2"]]
    assert read_spans(grid) == {(0, 0): (2, 1), (0, 1): (1, 2)}


def test_head_body_and_foot_stand_in_this_order():
    text = (
        "<table><tfoot><tr><td>合计<td>3</tfoot><thead><tr><td>项目<td>数</thead><tbody><tr><td>甲<td>3</tbody></table>"
    )
    assert shape(read(text)) == [[["项目", "数"], ["甲", "3"], ["合计", "3"]]]


def test_a_table_with_rows_of_data_stays_one_and_the_table_in_it_follows():
    inner = "<table><tr><td>明细<td>1<tr><td>其他<td>2</table>"
    text = f"<table><tr><td>名称<td>某项目<tr><td>金额<td>3<tr><td>附<td>说明{inner}</table>"
    assert shape(read(text)) == [[["名称", "某项目"], ["金额", "3"], ["附", "说明"]], [["明细", "1"], ["其他", "2"]]]


def test_what_is_not_shown_is_left_out():
    text = (
        "<html><head><title>t</title><style>p{}</style></head><body><script>var a='1';</script><p hidden>x</p>"
        "<p style='color:red; DISPLAY : none'>y</p><table><tr style='display:none'><td>1<td>2<tr><td>a"
        "<td style='visibility:hidden'>b<td>c</table><select><option>o</select><!-- c --><p>z</p>"
    )
    assert shape(read(text)) == [[["a", "c"]], "z"]


def test_lines():
    text = "<div>一、<b>职能</b>\n  内容<div>二、&nbsp; x</div>尾<br><br/>三<ul><li>1<li>2</ul></div><pre>a  b\nc</pre>"
    assert shape(read(text)) == ["一、职能 内容", "二、  x", "尾", "三", "1", "2", "a b", "c"]


def test_raised_digits_are_no_part_of_a_number():
    assert shape(read("<p>1,401.07<sup>1</sup>元，见注<sup>[<b>2</b>]</sup>3</p>")) == ["1,401.07¹元，见注[²]3"]


def test_paragraphs_in_a_cell_are_joined_and_boxes_kept():
    boxes = "<input type=checkbox checked>是<input type='checkbox'>否"
    text = f"<table><tr><td><p>一</p><p>二</p><td>三<br>四<td>{boxes}</table>"
    assert shape(read(text)) == [[["一\n二", "三\n四", "☑是□否"]]]


def test_strays_in_a_table_are_not_lost():
    text = "<table><caption>题</caption>x<form><tr>y<td>a<td>b</tr>z</form><td>c<td>d</table>"
    blocks = read(text)
    printed = "".join("".join(map("".join, part)) if isinstance(part, list) else part for part in shape(blocks))
    assert sorted(printed) == sorted("题xyzabcd")
    assert blocks[0].text.startswith("题")


TAGS = st.sampled_from(["p", "b", "table", "tr", "td colspan=3", "th rowspan=2", "div", "br", "form"])


@given(
    st.recursive(
        st.text("甲1<>/&; \n", max_size=4),
        lambda inner: st.lists(st.tuples(TAGS, inner), max_size=4),
        max_leaves=30,
    )
)
@settings(deadline=None, max_examples=100)
def test_any_nesting_gives_sound_grids(tree):
    def html(node):
        return node if isinstance(node, str) else "".join(f"<{tag}>{html(n)}</{tag.split()[0]}>" for tag, n in node)

    blocks = read(html(tree))
    assert_places(blocks)
    assert_offsets(blocks)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 10_000 + "x",
        "<table><tr><td>" * 200 + "x",
        f"<table>{'<tr><td rowspan=65534 colspan=1000>x<td>y' * 2000}</table>",
    ],
)
def test_hostile_pages_are_refused(text):
    with pytest.raises(SourceError, match=r"x\.html"):
        read(text)


def test_a_page_that_is_too_large_is_refused():
    with pytest.raises(SourceError, match="MiB"):
        read("<p>" + "x" * (9 * 1024 * 1024))


PAGE = page().encode()


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_damaged_pages_raise_only_source_errors(data):
    content = bytearray(PAGE)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        assert_places(READER.read(bytes(content[: data.draw(st.integers(0, len(content)))]), "x"))


def codes(text):
    return [problem.code for problem in read(text).problems]


STYLES = """<style>.h, td.x { color: red; display: none } .p{display:none} .p.on{display:block} div .q{display:none}
.r{display:none} .w .r{display:block} @media print{.z{display:none}} #i{visibility:hidden}</style>"""


def test_what_the_styles_of_the_page_hide_is_left_out():
    lines = "".join(f"<p class='{each}'>{each}</p>" for each in ("h a", "p", "p on", "q", "r", "z", "x"))
    table = "<table><tr class=h><td>合计<td>9.00<tr><td>a<td class=x>b<td>c</table><p class=h style='display:block'>d"
    text = f"{STYLES}{lines}<p id=i>i</p>{table}"
    assert shape(read(text)) == ["p on", "q", "r", "z", "x", [["a", "c"]], "d"]
    assert codes(text) == ["hidden-content"]
    assert codes(f"{STYLES}<p class=h>2024</p>") == []


@pytest.mark.parametrize("text", ["/*", "@a", "a{", "}", ".a,", "a " * 50])
def test_style_sheets_without_end_take_no_longer_than_others(text):
    lines = f"<style>{text * 20_000}</style><style>@media print{{.z{{display:none}}}}.h{{display:none}}</style>"
    assert shape(read(f"{lines}<p class=h>1</p><p class=z>2</p>")) == ["2"]


def test_rows_and_cells_by_styles_are_a_table():
    styles = "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>"
    rows = (
        "<div class=r><b class=c>项目</b><b class=c>数</b></div><div class=r><p class=c>甲</p><p class=c>1.00</p></div>"
    )
    text = f"{styles}<div class=t>{rows}</div><div class=t><p>一</p><p>二</p></div>"
    assert shape(read(text)) == [[["项目", "数"], ["甲", "1.00"]], "一", "二"]
    inline = (
        "<div style='display:table'><div style='display: table-row'><i style='display:table-cell'>1</i></div></div>"
    )
    assert shape(read(inline)) == [[["1"]]]


def test_crossed_out_digits_are_no_part_of_a_number():
    struck = "<p>1<s>2</s>3<del>4</del>5<span style='text-decoration:line-through'>6</span></p>"
    assert shape(read(struck)) == ["12\u033634\u033656\u0336"]


def test_filled_fields_and_characters_without_width():
    row = "<tr><td>&#8203;甲&#xfeff;<td><input value='12.30'><td><input type=hidden value=4>5"
    assert shape(read(f"<table>{row}</table>")) == [[["甲", "12.30", "5"]]]


def test_a_page_whose_tables_are_elsewhere_says_so():
    assert codes("<p>预算表见下</p><iframe src='t.html'></iframe>") == ["unread-part"]
    assert codes("<p>预算表见下</p><img src='t.png'>") == ["unread-part"]
    assert codes("<p>预算表见下</p><img src='logo.png' width='48' height='48'>") == []
    assert codes("<p>x</p><script>show('<table><tr><td>1</table>')</script>") == ["unread-part"]
    assert codes("<table><tr><td>a<td>1</table><iframe src='t.html'></iframe>") == []
