import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.delimited import DelimitedReader
from tests.converter.readers.golden import TABLES, assert_offsets, assert_places, assert_reads_as, read_texts

READER = DelimitedReader()


def as_csv(table, delimiter=",", padded=True):
    """Return the table as a spreadsheet program exports it; `padded` fills title and note lines with delimiters."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    for line in (table.title, table.unit):
        writer.writerow([line] + [""] * (table.width - 1) * padded)
    writer.writerows(table.texts())
    for line in table.notes:
        writer.writerow([line] + [""] * (table.width - 1) * padded)
    return file.getvalue()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_golden_tables(table, delimiter, padded, encoding):
    data = as_csv(table, delimiter, padded).encode(encoding)
    assert READER.handles(data)
    blocks = READER.read(data, "x.csv")
    assert_reads_as(blocks, [table], spans=False)
    assert_offsets(blocks)


def test_places_are_line_and_field():
    blocks = READER.read('表一,\n\n项目,"数,\n额"\n甲,"1,465.28"\n'.encode(), "x")
    grid = blocks[1]
    assert isinstance(grid, Grid)
    assert read_texts(grid) == [["项目", "数,\n额"], ["甲", "1,465.28"]]
    assert [str(cell.locator) for cell in grid.rows[1]] == ["line 5, field 1", "line 5, field 2"]
    assert str(blocks[0].locator) == "line 1, field 1"


@pytest.mark.parametrize(
    "text",
    [
        "项目\t金额\n甲,乙\t1\n",
        "一段文字, 其中有逗号。\n另一段, 有, 更多。\n",
        "只有一行,两栏\n",
        "没有\n分隔\n",
        'a,"b\nc,d\n',
        "标题\n标题\n标题\na,b\nc,d\n",
        "",
    ],
)
def test_other_text_is_no_csv(text):
    assert not READER.handles(text.encode())
    with pytest.raises(SourceError, match="x"):
        READER.read(text.encode(), "x")


def test_binary_data_is_no_csv():
    assert not READER.handles(b"a,b\0\nc,d\n")
    assert not READER.handles(b"\xff\xfea,\n\xd8")


FIELD = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",;\n'), max_size=6)


@given(st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(FIELD, min_size=width, max_size=width), min_size=2)))
def test_no_text_is_lost(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    data = file.getvalue().encode()
    if not READER.handles(data):  # a row whose only text is in its first field can be a line of its own
        return
    blocks = READER.read(data, "x")
    texts = [part.text for b in blocks for part in (b.cells() if isinstance(b, Grid) else [b])]
    assert "".join("".join(texts).split()) == "".join("".join(map("".join, rows)).split())
    assert_places(blocks)
    assert_offsets(blocks)


@given(st.binary(max_size=60) | st.text('a,;\n" 1', max_size=60).map(str.encode))
def test_any_bytes(data):
    handles = READER.handles(data)
    with suppress(SourceError):
        blocks = READER.read(data, "x")
        assert handles
        assert all(isinstance(block, Grid | Paragraph) for block in blocks)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("收入预算表,\n合计,5.00\n", "text/csv"),
        ("收入预算表;\n合计;5.00\n", "text/csv"),
        ("收入预算表\t\n合计\t5.00\n", "text/plain"),
        ("单位收入，合计5,000.00元。\n比上年增加。\n", "text/plain"),
        ("<table><tr><td>合计,</td></tr></table>\n<p>,</p>", "text/html"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path, content, media_type):
    path = tmp_path / "document.txt"
    path.write_text(content, "utf-8")
    assert read_document(path).media_type == media_type
