"""Files that cannot be read end in one clear message, whatever is wrong with them."""

import io
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.readers.pdf import (
    PdfReader,
    objects,
    pdfium,
    picture_pages,
    render,
    rules,
    text_in_box,
)
from tests.converter.readers.pdf.test_ruled import ROWS, SPANS, WIDTHS
from tests.converter.readers.pdf.test_visibility import WHITE_PIXEL
from tests.converter.readers.pdf.writing import Sheet, pdf, table


def written(*parts: bytes) -> bytes:
    """Return a file of objects 1, 2, ... with its cross-reference table."""
    data = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    xref = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, xref)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def refusal(data: bytes) -> str:
    reader = PdfReader()
    assert reader.handles(data)
    with pytest.raises(SourceError) as caught:
        reader.read(data, "bad.pdf")
    message = str(caught.value)
    assert message.startswith("bad.pdf: ")
    assert message.endswith(".")
    return message


@cache
def sample() -> bytes:
    return pdf(lambda s: table(s, ROWS, WIDTHS, SPANS), lambda s: s.text(60, 100, "注：以上数据单位为万元。"))


def scan(sheet: Sheet) -> None:
    sheet.canvas.drawImage(ImageReader(io.BytesIO(WHITE_PIXEL)), 0, 0, sheet.width, sheet.height)


def blank(sheet: Sheet) -> None:
    """Leave a page as it is."""


def test_an_encrypted_file():
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("reader", ownerPassword="owner"))
    canvas.drawString(50, 500, "1.00")
    canvas.save()
    assert "password" in refusal(buffer.getvalue())


def test_a_file_without_pages():
    assert "no page" in refusal(written(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"))


@pytest.mark.parametrize("kids", [b"[2 0 R]", b"[3 0 R]"])
def test_a_page_tree_that_loops(kids):
    tree = b"<</Type/Pages/Kids%s/Count 3>>" % kids
    refusal(written(CATALOG, tree, b"<</Type/Pages/Kids[2 0 R]/Count 3/Parent 2 0 R>>"))


def test_a_form_that_draws_itself():
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>"
    form += b"stream\n/F Do\nendstream"
    shown = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    content = b"<</Length 5>>stream\n/F Do\nendstream"
    refusal(written(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", shown, content, form))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_file_that_is_cut_short(part):
    data = sample()[: int(len(sample()) * part)]
    try:
        blocks = PdfReader().read(data, "short.pdf")
    except SourceError as error:
        assert "short.pdf" in str(error)  # noqa: PT017
    else:
        assert blocks


def test_a_scan_says_that_it_is_a_picture():
    message = refusal(pdf(scan, scan))
    assert "picture" in message
    assert "2 scanned pages" in message


def test_the_extra_is_not_looked_for_where_no_page_is_a_picture(monkeypatch):
    asked: list[bool] = []
    monkeypatch.setattr("budgetgraph.converter.readers.pdf.reader.is_installed", lambda: asked.append(True))
    assert PdfReader().read(pdf(lambda s: s.text(60, 100, "预算数1.00")), "text.pdf").problems == ()
    assert not asked  # its libraries take a third of a second to load


def test_pages_of_a_file_that_are_scans_are_named(monkeypatch):
    monkeypatch.setattr("budgetgraph.converter.readers.pdf.reader.is_installed", lambda: False)
    data = pdf(scan, lambda s: s.text(60, 100, "预算数1.00"), scan, blank)
    assert picture_pages(data, "mixed.pdf") == [1, 3]
    reading = PdfReader().read(data, "mixed.pdf")
    assert [getattr(block, "text", None) for block in reading] == ["预算数1.00"]
    assert [(p.code, p.severity, p.location.page) for p in reading.problems] == [
        ("unread-page", Severity.ERROR, 1),
        ("unread-page", Severity.ERROR, 3),
    ]


def test_blank_pages_only():
    assert "blank" in refusal(pdf(blank))


def test_more_pages_than_are_read(monkeypatch):
    monkeypatch.setattr(pdfium, "MAXIMUM_PAGES", 1)
    assert "at most 1" in refusal(sample())


@pytest.mark.parametrize(
    ("module", "limit"),
    [(pdfium, "MAXIMUM_CHARACTERS"), (objects, "MAXIMUM_OBJECTS"), (rules, "MAXIMUM_CROSSINGS")],
)
def test_more_on_a_page_than_is_read(monkeypatch, module, limit):
    monkeypatch.setattr(module, limit, 5)
    assert "page 1" in refusal(sample())


def test_more_cells_than_are_read(monkeypatch):
    monkeypatch.setattr("budgetgraph.converter.readers.pdf.lattice.MAXIMUM_SLOTS", 5)
    assert "at most 5" in refusal(sample())


def test_characters_that_the_file_does_not_explain_are_no_digits():
    """A font that shows glyph numbers without saying which characters they are."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Odd/Encoding/Identity-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType2/BaseFont/AAAAAA+Odd/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/DW 500/FontDescriptor<</Type/FontDescriptor/FontName/AAAAAA+Odd/Flags 4/FontBBox[0 0 500 700]"
        b"/ItalicAngle 0/Ascent 700/Descent -200/CapHeight 700/StemV 80>>>>]>>"
    )
    content = b"BT /F 12 Tf 20 50 Td <001100120013> Tj ET"
    shown = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    data = written(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", shown, stream, font)
    try:
        blocks = PdfReader().read(data, "odd.pdf")
    except SourceError as error:
        assert "picture" in str(error)  # noqa: PT017
    else:
        assert not any(character.isdigit() for block in blocks for character in getattr(block, "text", ""))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_bytes_raise_the_projects_own_error_only(data):
    """Cut short, bytes changed, pieces moved: read or refused, never anything else."""
    good = sample()
    damage = data.draw(st.sampled_from(["cut", "change", "move"]))
    if damage == "cut":
        bad = good[: data.draw(st.integers(0, len(good)))]
    elif damage == "change":
        changed = bytearray(good)
        for at in data.draw(st.lists(st.integers(0, len(good) - 1), min_size=1, max_size=12)):
            changed[at] = data.draw(st.integers(0, 255))
        bad = bytes(changed)
    else:
        a, b = sorted((data.draw(st.integers(0, len(good))), data.draw(st.integers(0, len(good)))))
        bad = good[:a] + good[b:] + good[a:b]
    try:
        blocks = PdfReader().read(bad, "damaged.pdf")
    except SourceError as error:
        assert "damaged.pdf" in str(error)  # noqa: PT017
    else:
        for grid in (block for block in blocks if isinstance(block, Grid)):
            assert {len(row) for row in grid.rows} == {grid.width}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_content_raises_the_projects_own_error_only(content):
    """Page contents that are no drawing."""
    shown = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    try:
        PdfReader().read(written(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", shown, stream), "noise.pdf")
    except SourceError as error:
        assert "noise.pdf" in str(error)  # noqa: PT017


NUMBERS = st.sampled_from(
    [b"0", b"1", b"-1", b"50", b"99", b"1e9", b"99999999999", b".0000001", b"-32768", b"4294967296"]
)
OPERATORS = st.sampled_from(
    [b"%s " * count + name for count, name in ((2, b"m"), (2, b"l"), (4, b"re"), (1, b"w"), (6, b"cm"), (1, b"g"))]
    + [b"S", b"f", b"W n", b"q", b"Q"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(OPERATORS, st.lists(NUMBERS, min_size=6, max_size=6)), max_size=40))
def test_any_drawing_raises_the_projects_own_error_only(operations):
    """Lines, rectangles and matrices of any size, beside a text."""
    drawing = b"\n".join(operator % tuple(numbers[: operator.count(b"%s")]) for operator, numbers in operations)
    content = b"BT /F 12 Tf 20 50 Td (1.00) Tj ET\n" + drawing + b"\nBT /F 12 Tf 20 20 Td (2.00) Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    shown = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    data = written(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", shown, stream, font)
    try:
        PdfReader().read(data, "drawn.pdf")
    except SourceError as error:
        assert "drawn.pdf" in str(error)  # noqa: PT017


def test_other_bytes_are_not_handled():
    reader = PdfReader()
    assert not reader.handles(b"PK\x03\x04 %PDF? no")
    assert not reader.handles("%预算".encode())
    assert reader.handles(b"\xef\xbb\xbf%PDF-1.7")


def test_a_page_is_rendered_as_png():
    picture = render(sample(), 1, 0.5)
    assert picture.startswith(b"\x89PNG")
    with pytest.raises(SourceError, match="page 3"):
        render(sample(), 3)


def test_no_text_in_an_empty_place():
    assert text_in_box(sample(), 2, (0, 300, 500, 400)) == ""


@pytest.mark.parametrize(("part", "said"), [(0.5, ["unread-picture"]), (0.3, [])])
def test_a_large_picture_on_a_page_of_text_is_reported(part, said):
    def draw(sheet: Sheet) -> None:
        sheet.text(
            60,
            60,
            "某某局2024年部门预算编制说明及其他需要说明的事项如下所列各表均以万元为单位列示，其中三公经费预算见附表。",
        )
        sheet.canvas.drawImage(ImageReader(io.BytesIO(WHITE_PIXEL)), 0, 0, sheet.width, part * sheet.height)

    reading = PdfReader().read(pdf(draw, draw), "mixed.pdf")
    assert [problem.code for problem in reading.problems] == said
    assert all("(pages: 2)" in problem.message for problem in reading.problems)
    assert len(reading) > 0
