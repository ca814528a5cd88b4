import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid, Locator, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.text import TextReader, blocks, decode

LINE = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.just("\t"), max_size=30)


@given(st.lists(LINE, max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_every_offset_gives_back_the_text(lines, newline):
    text = newline.join(lines)
    for block in blocks(text):
        parts = block.cells() if isinstance(block, Grid) else [block]
        for part in parts:
            assert text[part.locator.start : part.locator.end] == part.text


@given(st.lists(LINE, max_size=20))
def test_no_character_is_lost(lines):
    text = "\n".join(lines)
    found = "".join(
        "".join(cell.text for cell in block.cells()) if isinstance(block, Grid) else block.text
        for block in blocks(text)
    )
    assert "".join(found.split()) == "".join(text.split())


def test_rows_that_follow_each_other_are_one_grid_of_equal_width():
    first, title, second = blocks("a\tb\n1\t2\t3\n标题\nx\ty")
    assert isinstance(first, Grid)
    assert first.width == 3
    assert [cell.text for cell in first.rows[0]] == ["a", "b", ""]
    assert isinstance(title, Paragraph)
    assert isinstance(second, Grid)


def test_a_blank_line_ends_a_grid():
    assert len(list(blocks("a\tb\n\nc\td"))) == 2


def test_lines_above_the_table_of_a_text_that_tabs_fill_up():
    title, _, grid = blocks("某某局2021年部门预算\t\t\n\t\t\n单位：万元\t\t\n科目\t一\t二\n合计\t1.00\t\n小计\t\t")
    assert title == Paragraph("某某局2021年部门预算", Locator(1, None, 0, 12))
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目", "一", "二"],
        ["合计", "1.00", ""],
        ["小计", "", ""],
    ]


def test_a_row_with_a_text_in_its_first_field_alone_is_a_row_where_lines_differ():
    (grid,) = blocks("一、收入\t\n1.拨款\t1.00\t2.00")
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].text == "一、收入"


def test_places_are_line_and_field():
    (block,) = blocks("\n科目\t 1,465.28 ")
    assert isinstance(block, Grid)
    cell = block.rows[0][1]
    assert (cell.locator.line, cell.locator.field, cell.text) == (2, 2, "1,465.28")
    assert str(cell.locator) == "line 2, field 2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    text = "单位：万元\n合计\t1.00"
    assert decode(text.encode(encoding), "x") == text


def test_undecodable_bytes_are_located():
    with pytest.raises(SourceError, match=r"budget\.txt: not utf-8 at line 2, byte 3 \(0xff\).*Save the file as UTF-8"):
        decode(b"ab\n" + b"\xff\xff", "budget.txt")


def test_form_is_told_by_content():
    assert TextReader().handles("合计".encode())
    assert TextReader().handles(codecs.BOM_UTF16_LE + "合".encode("utf-16-le"))
    assert not TextReader().handles(b"\x00\x01")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"%PDF-1.7 ...", "is damaged or cut short"),
        (b"PK\x03\x04abc", "ZIP|zip"),
        (b"abc\x00def", "byte 3 is 0x0"),
    ],
)
def test_unreadable_files_say_what_to_do(tmp_path, content, message):
    path = tmp_path / "budget.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as error:
        read_document(path)
    assert str(path) in str(error.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(SourceError, match="No such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(SourceError, match="is a folder"):
        read_document(tmp_path)
