import io
import zipfile
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.word import WordReader
from budgetgraph.converter.readers.word_numbering import chinese
from tests.converter.readers.golden import (
    TABLES,
    assert_offsets,
    assert_places,
    assert_reads_as,
    read_spans,
    read_texts,
)

READER = WordReader()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def docx(body, namespace=W, main=MAIN, **parts):
    """Return a document with this body and further parts by kind ("styles", "numbering", "footnotes")."""
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{namespace}" {NAMESPACES}><w:body>{body}</w:body></w:document>',
        **{f"word/{k}.xml": f'<w:{k} xmlns:w="{namespace}">{content}</w:{k}>' for k, content in parts.items()},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return file.getvalue()


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*texts, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(map(run, texts))}</w:p>"


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows, columns=0):
    grid = '<w:gridCol w:w="1200"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def table_xml(golden):
    """Return the golden table; places that a cell covers downwards are cells that continue it."""
    anchors = {}
    for r, row in enumerate(golden.rows):
        for c, printed in enumerate(row):
            for down in range(printed.rowspan if printed else 0):
                for right in range(printed.colspan):
                    anchors[r + down, c + right] = (r, c, printed)
    rows = []
    for r in range(len(golden.rows)):
        cells = []
        for c in range(golden.width):
            top, left, printed = anchors[r, c]
            if c != left:
                continue
            width = f'<w:tcW w:w="{1200 * printed.colspan}" w:type="dxa"/>'
            properties = f'{width}<w:gridSpan w:val="{printed.colspan}"/>'
            if printed.rowspan > 1:
                properties += '<w:vMerge w:val="restart"/>' if r == top else "<w:vMerge/>"
            lines = printed.text.split("\n") if r == top else ["nicht"]
            cells.append(cell("".join(map(paragraph, lines)), properties))
        rows.append("".join(cells))
    return table(*rows, columns=golden.width)


def body(tables=TABLES):
    return "".join(
        f"{paragraph(t.title)}{paragraph(t.unit)}{table_xml(t)}{''.join(map(paragraph, t.notes))}" for t in tables
    )


def read(content, **parts):
    return READER.read(docx(content, **parts), "x.docx")


def shape(blocks):
    return [block.text if isinstance(block, Paragraph) else read_texts(block) for block in blocks]


@pytest.mark.parametrize("namespace", [W, STRICT])
def test_golden_tables(namespace):
    data = docx(body(), namespace)
    assert READER.handles(data)
    blocks = READER.read(data, "golden")
    assert_reads_as(blocks)
    assert_offsets(blocks)
    table = blocks[2]
    assert isinstance(table, Grid)
    assert str(table.rows[0][3].locator) == "table 1, row 1, cell 4"


def test_handles_by_content():
    assert not READER.handles(b"PK\x03\x04")
    assert not READER.handles(docx("", main=MAIN.replace("wordprocessingml", "presentationml")))
    assert not READER.handles(docx("")[:300])


def test_pieces_of_a_paragraph():
    content = (
        "<w:p><w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:noBreakHyphen/></w:r>"
        '<w:hyperlink><w:r><w:t>四</w:t></w:r></w:hyperlink><w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
        "<w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>五</w:t></w:r></w:rubyBase></w:ruby></w:p>"
    )
    assert shape(read(content)) == ["一\t二", "三-四☑五"]


def test_raised_digits_are_no_part_of_a_number():
    raised = run("1", "<w:vertAlign w:val='superscript'/>") + run("2", "<w:vertAlign w:val='baseline'/>")
    assert shape(read(f"<w:p>{run('1,401.07')}{raised}</w:p>")) == ["1,401.07¹2"]


def test_deleted_and_hidden_text_is_left_out():
    styles = """<w:style w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:styleId="c"><w:basedOn w:val="base"/></w:style>"""
    pieces = [
        f"<w:del>{run('1')}</w:del><w:ins>{run('2')}</w:ins>",
        f"<w:moveFrom>{run('3')}</w:moveFrom><w:moveTo>{run('4')}</w:moveTo>",
        run("5", "<w:vanish/>") + run("6", '<w:vanish w:val="0"/>') + run("7", '<w:rStyle w:val="c"/>'),
        "<w:r><w:delText>8</w:delText><w:instrText>PAGE</w:instrText></w:r>",
    ]
    hidden = paragraph("9", properties='<w:pStyle w:val="c"/>')
    assert shape(read(f"<w:p>{''.join(pieces)}</w:p>{hidden}", styles=styles)) == ["246"]


def test_crossed_out_digits_are_no_part_of_a_number():
    pieces = run("1", "<w:strike/>") + run("2", '<w:strike w:val="0"/>') + run("3", "<w:dstrike/>")
    assert shape(read(f"<w:p>{pieces}</w:p>")) == ["1\u033623\u0336"]


def test_the_result_of_a_field_is_read_and_not_its_code():
    def mark(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    begin, separate, end = map(mark, ("begin", "separate", "end"))
    inner = begin + "<w:r><w:instrText>PAGE</w:instrText></w:r>" + separate + run("9") + end
    field = begin + inner + run(" + 1") + separate + run("10") + end
    assert shape(read(f"<w:p>{run('a')}{field}{run('b')}</w:p>")) == ["a10b"]
    assert shape(read(f"<w:p>{begin}{run('x')}</w:p>{paragraph('y')}")) == ["y"]


def test_characters_without_width_are_left_out():
    assert shape(read(paragraph("\u200b1,465.28\ufeff"))) == ["1,465.28"]


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("run_properties", "paragraph_properties", "cell_properties", "printed"),
    [
        (WHITE, "", "", "2"),
        (WHITE, "", '<w:shd w:fill="auto"/>', "2"),
        (WHITE, "", '<w:shd w:fill="1F4E79"/>', "12"),
        (WHITE, '<w:shd w:fill="000000"/>', "", "12"),
        (WHITE + '<w:highlight w:val="blue"/>', "", "", "12"),
        (WHITE, '<w:pStyle w:val="dark"/>', "", "12"),
        ('<w:color w:val="FF0000"/>', "", "", "12"),
    ],
)
def test_white_text_is_left_out_where_nothing_is_behind_it(
    run_properties, paragraph_properties, cell_properties, printed
):
    styles = '<w:style w:styleId="dark"><w:pPr><w:shd w:fill="000000"/></w:pPr></w:style>'
    content = f"<w:p><w:pPr>{paragraph_properties}</w:pPr>{run('1', run_properties)}{run('2')}</w:p>"
    (grid,) = read(table(cell(content, cell_properties) + cell(paragraph("3"))), styles=styles)
    assert read_texts(grid) == [[printed, "3"]]


def test_deleted_cells_are_blank():
    (grid,) = read(table(cell(paragraph("1")) + cell(paragraph("2"), "<w:cellDel/>")))
    assert read_texts(grid) == [["1", ""]]


def test_deleted_and_hidden_rows_are_left_out():
    rows = [cell(paragraph(t)) + cell(paragraph(t)) for t in "1234"]
    rows[1] = "<w:trPr><w:del/></w:trPr>" + rows[1]
    rows[2] = "<w:trPr><w:hidden/></w:trPr>" + rows[2]
    assert shape(read(table(*rows))) == [[["1", "1"], ["4", "4"]]]


def test_rows_that_begin_later_and_old_merges():
    grid = read(
        table(
            "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell(paragraph("a")) + cell(paragraph("1")),
            cell(paragraph("b"), '<w:hMerge w:val="restart"/>') + cell("<w:p/>", "<w:hMerge/>") + cell(paragraph("2")),
        )
    )[0]
    assert read_texts(grid) == [["", "a", "1"], ["b", "", "2"]]
    assert read_spans(grid) == {(1, 0): (1, 2)}


def hair(content):
    """Return a table whose second row has its edge a twentieth of a point behind that of the others."""
    span = "<w:gridSpan w:val='2'/>"
    grid = "".join(f"<w:gridCol w:w='{width}'/>" for width in (900, 1, 900))
    rows = [
        [cell(paragraph("a"), "<w:vMerge w:val='restart'/>"), cell(paragraph("b"), span)],
        [cell(paragraph(""), span + "<w:vMerge/>"), cell(paragraph("c"))],
        [cell(paragraph("d")), cell(paragraph(content)), cell(paragraph("e"))],
    ]
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>" + "".join(f"<w:tr>{''.join(r)}</w:tr>" for r in rows) + "</w:tbl>"


def test_columns_too_narrow_for_text_are_edges_that_differ_by_a_hair():
    (grid,) = read(hair(""))
    assert read_texts(grid) == [["a", "b"], ["", "c"], ["d", "e"]]
    assert grid.rows[0][0].rowspan == 2
    (grid,) = read(hair("1"))
    assert grid.width == 3


def test_rows_and_cells_in_content_controls():
    row = f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{cell(paragraph('a'))}</w:sdtContent></w:sdt>"
    content = f"<w:sdt><w:sdtContent>{paragraph('p')}</w:sdtContent></w:sdt>{table(row + cell(paragraph('1')))}"
    assert shape(read(content)) == ["p", [["a", "1"]]]


def test_a_table_in_a_form_follows_it():
    inner = table(cell(paragraph("明细")) + cell(paragraph("1")))
    form = table(
        cell(paragraph("名称")) + cell(paragraph("某项目")),
        cell(paragraph("金额")) + cell(paragraph("3")),
        cell(paragraph("附")) + cell(inner + paragraph("说明")),
    )
    assert shape(read(form)) == [[["名称", "某项目"], ["金额", "3"], ["附", "说明"]], [["明细", "1"]]]
    assert shape(read(table(cell(paragraph("题") + inner)))) == ["题", [["明细", "1"]]]


def test_a_text_box_stands_once_where_it_is_anchored():
    box = f"<w:txbxContent>{paragraph('框')}{table(cell(paragraph('a')) + cell(paragraph('1')))}</w:txbxContent>"
    alternatives = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    content = f"<w:p>{run('前')}{alternatives}{run('后')}</w:p>{paragraph('下')}"
    assert shape(read(content)) == ["前后", "框", [["a", "1"]], "下"]


def test_footnotes_come_last():
    notes = (
        f'<w:footnote w:type="separator">{paragraph("x")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("注：含结转")}</w:footnote>'
    )
    assert shape(read(paragraph("正文"), footnotes=notes)) == ["正文", "注：含结转"]


LIST = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""


def item(text, level, instance=1):
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{instance}"/></w:numPr>')


def test_numbers_of_lists_are_printed():
    content = "".join(
        [
            item("甲", 0),
            item("乙", 1),
            item("丙", 1),
            item("丁", 2),
            item("戊", 0, instance=2),
            item("己", 1),
            item("庚", 0, instance=3),
            item("辛", 0, instance=9),
            paragraph("壬", properties='<w:pStyle w:val="h"/>'),
        ]
    )
    styles = '<w:style w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    expected = ["一、甲", "1. 乙", "2. 丙", "丁", "二、戊", "1. 己", "一、庚", "辛", "二、壬"]
    assert shape(read(content, numbering=LIST, styles=styles)) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (105, "一百零五"), (110, "一百一十")],
)
def test_chinese_numbers(number, text):
    assert chinese(number) == text


@pytest.mark.parametrize(
    "content",
    [
        "<w:sdt>" * 300 + "</w:sdt>" * 300,
        table(*[cell(paragraph("x"), '<w:gridSpan w:val="1000"/>') + cell(paragraph("y"))] * 3000),
        "<w:p><w:r></w:p>",
    ],
)
def test_hostile_documents_are_refused(content):
    with pytest.raises(SourceError, match=r"x\.docx"):
        read(content)


def test_entities_are_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(""))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            doctype = (
                '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>' if "document.xml" in name else ""
            )
            new.writestr(name, doctype + old.read(name).decode())
    with pytest.raises(SourceError, match="document type"):
        READER.read(data.getvalue(), "x.docx")


CONTENT = body(TABLES[2:])


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_damaged_documents_raise_only_source_errors(data):
    content = list(CONTENT)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from('<>&"/ 0-9wtrpc\x01\ud800甲'))
    with suppress(SourceError, UnicodeEncodeError):
        assert_places(READER.read(docx("".join(content)), "x"))


def tabbed(*lines):
    return "".join(f"<w:p>{run(line)}</w:p>".replace("\t", "</w:t><w:tab/><w:t>") for line in lines)


def test_lines_with_equally_many_tabs_and_amounts_are_a_table():
    rows = ["科目\t基本支出\t项目支出", "\t1.00\t2.00", "教育\t\t3.00", "\t2.00\t"]
    assert shape(read(tabbed("表", *rows, "注\t说明"))) == [
        "表",
        *rows[:1],
        "1.00\t2.00",
        "教育\t\t3.00",
        "2.00",
        "注\t说明",
    ]
    expected = [["科目", "基本支出", "项目支出"], ["", "1.00", "2.00"], ["教育", "", "3.00"], ["", "2.00", ""]]
    assert shape(read(tabbed("表", *rows, "注：说明"))) == ["表", expected, "注：说明"]
    contents = ["一、收支总表\t3", "二、收入总表\t4", "三、支出总表\t5"]
    assert shape(read(tabbed(*contents))) == contents


@pytest.mark.parametrize(("width", "height", "codes"), [(300, 200, ["unread-picture"]), (300, 40, []), (90, 200, [])])
def test_a_picture_as_large_as_a_table_is_named(width, height, codes):
    picture = (
        f'<w:r><w:drawing><inline><extent cx="{width * 12700}" cy="{height * 12700}"/><graphic><pic><blip/></pic>'
        "</graphic></inline></w:drawing></w:r>"
    )
    found = READER.read(docx(f"<w:p>{run('预算表见下')}{picture}</w:p>"), "a.docx")
    assert [problem.code for problem in found.problems] == codes
