"""Text that is no part of what is printed on a page (fields, notes), and fonts that do not say what they print."""

from budgetgraph.converter.readers.pdf import PdfReader
from tests.converter.readers.pdf.test_bad_files import CATALOG, written
from tests.converter.readers.pdf.test_visibility import read
from tests.converter.readers.pdf.writing import Sheet, pdf, table


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in PdfReader().read(data, "x.pdf").problems]


def form(sheet: Sheet) -> None:
    table(sheet, [["甲", "1.00"], ["乙", ""]], [80, 80])
    sheet.canvas.acroForm.textfield(
        name="a", value="2.50", x=150, y=sheet.height - 160, width=60, height=16, fontSize=9, borderWidth=0
    )


def test_filled_fields_are_read_and_comments_are_not():
    def draw(sheet: Sheet) -> None:
        form(sheet)
        sheet.canvas.textAnnotation("9.99", Rect=[60, sheet.height - 160, 90, sheet.height - 140])

    data = pdf(draw)
    assert read(data) == [[["甲", "1.00"], ["乙", "2.50"]]]
    assert codes(data) == []


def test_notes_that_do_not_say_how_they_are_drawn_are_reported():
    def draw(sheet: Sheet) -> None:
        table(sheet, [["甲", "1.00"], ["乙", ""]], [80, 80])
        place = [150, sheet.height - 160, 190, sheet.height - 140]
        sheet.canvas.freeTextAnnotation("2.50", DA="/Helv 8 Tf", Rect=place)

    data = pdf(draw)
    assert read(data) == [[["甲", "1.00"], ["乙", ""]]]
    assert codes(data) == ["undrawn-text"]


def with_mute_font(content: bytes) -> bytes:
    """Return a file with a font F whose codes stand for glyphs that it does not name, and a font G that does."""
    fonts = b"<</F 5 0 R/G 8 0 R>>"
    return written(
        CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<</Font %s>>/Contents 4 0 R>>" % fonts,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent 0"
        b"/CapHeight 700/StemV 80>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def test_text_in_fonts_that_do_not_say_their_characters_is_reported():
    mute, plain = b"BT /F 12 Tf 20 250 Td <00030004000500060007> Tj ET ", b"BT /G 12 Tf 20 200 Td (%s) Tj ET"
    reading = PdfReader().read(with_mute_font(mute + plain % (b"123456.78 " * 3)), "x.pdf")
    (problem,) = reading.problems
    assert problem.code == "unmapped-text"
    assert problem.location.page == 1
    assert codes(with_mute_font(plain % b"123456.78")) == []
