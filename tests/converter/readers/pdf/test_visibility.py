"""What a person cannot see on the page is not read; what is seen is."""

import io

import pytest
from reportlab.lib.pagesizes import A4 as FULL
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.readers.pdf import PdfReader, text_in_box
from budgetgraph.converter.readers.pdf.objects import DEEPEST_FORM
from tests.converter.readers.pdf.writing import FONT, Sheet, pdf, table, width_of

ROWS = [["甲", "1.00"], ["乙", "2.00"]]
WHITE_PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\r\xefF\xb8\0\0\0\0IEND\xaeB`\x82"
)


def read(data: bytes) -> list[str | list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in PdfReader().read(data, "seen.pdf")
    ]


def test_a_copy_beyond_the_pages_edge_does_not_exist():
    """A media box with a second copy of the table outside the crop box."""

    def draw(sheet: Sheet) -> None:
        table(sheet, ROWS, [60, 60])
        sheet.canvas.translate(700, 0)
        table(sheet, ROWS, [60, 60])
        sheet.canvas.setCropBox((40, 500, 400, 800))

    data = pdf(draw, size=(1400, 842))
    assert read(data) == [ROWS]
    (grid,) = PdfReader().read(data, "cropped.pdf")
    assert isinstance(grid, Grid)
    assert grid.locator.box == (20.0, 78.0, 140.0, 122.0)  # from the corner of what is shown
    box = grid.rows[1][1].locator.box
    assert box is not None
    assert text_in_box(data, 1, box) == "2.00"


def test_what_a_clip_cuts_off_does_not_exist():
    def draw(sheet: Sheet) -> None:
        path = sheet.canvas.beginPath()
        path.rect(0, sheet.height - 200, 300, 200)
        sheet.canvas.clipPath(path, stroke=0)
        sheet.text(50, 100, "预算数1.00")
        sheet.text(50, 250, "预算数2.00")
        sheet.text(270, 150, "支出三百万元")

    assert read(pdf(draw)) == ["预算数1.00", "支出三"]


@pytest.mark.parametrize(
    ("old", "new"), [("123.45", "623.45"), ("123.45", "123.45"), ("123.45", "123.4"), ("1", "2.00")]
)
def test_what_is_written_over_a_covered_text_is_read_whole(old, new):
    def draw(sheet: Sheet) -> None:
        sheet.text(50, 100, old)
        sheet.fill(40, 80, 140, 110, 1)
        sheet.text(50, 100, new)
        sheet.text(50, 200, "预算数1.00")

    assert read(pdf(draw)) == [new, "预算数1.00"]
    assert read(pdf(draw, rotate=180)) == [new, "预算数1.00"]


@pytest.mark.parametrize("white", [1.0, 0.97])
def test_white_on_white_is_not_printed(white):
    def draw(sheet: Sheet) -> None:
        sheet.text(50, 100, "预算数1.00")
        sheet.canvas.setFillGray(white)
        sheet.text(50, 130, "预算数2.00")

    assert read(pdf(draw)) == ["预算数1.00"]


def test_white_digits_within_an_amount_are_not_printed():
    """Three pieces of text that touch; the middle one does not show."""

    def draw(sheet: Sheet) -> None:
        left = 50.0
        for text, grey in (("12", 0), ("3", 1), ("4.56", 0)):
            sheet.canvas.setFillGray(grey)
            sheet.text(left, 100, text)
            left += width_of(text, 10)

    assert "1234.56" not in str(read(pdf(draw)))


def test_white_on_black_and_pale_grey_are_printed():
    def draw(sheet: Sheet) -> None:
        sheet.fill(40, 80, 300, 110, 0)
        sheet.canvas.setFillGray(1)
        sheet.text(50, 100, "预算数1.00")
        sheet.canvas.setFillGray(0.8)
        sheet.text(50, 130, "预算数2.00")

    assert read(pdf(draw)) == ["预算数1.00", "预算数2.00"]


def test_what_is_painted_over_is_not_printed():
    def draw(sheet: Sheet) -> None:
        sheet.text(50, 100, "预算数1.00")
        sheet.text(50, 130, "预算数2.00")
        sheet.fill(40, 110, 300, 135, 1)
        sheet.text(50, 160, "预算数3.00")

    assert read(pdf(draw)) == ["预算数1.00", "预算数3.00"]


def test_a_part_of_a_line_may_be_painted_over():
    def draw(sheet: Sheet) -> None:
        sheet.text(50, 100, "预算数1.00 决算数2.00")
        sheet.fill(103, 80, 300, 110, 1)

    assert read(pdf(draw)) == ["预算数1.00"]


def test_backgrounds_and_stamps_that_let_through_hide_nothing():
    def draw(sheet: Sheet) -> None:
        sheet.fill(40, 80, 300, 110, 0.9)
        sheet.text(50, 100, "预算数1.00")
        sheet.canvas.setFillAlpha(0.3)
        sheet.fill(40, 80, 300, 110, 0.5)

    assert read(pdf(draw)) == ["预算数1.00"]


def test_a_picture_over_text_hides_it_and_one_below_does_not():
    def draw(sheet: Sheet) -> None:
        picture = ImageReader(io.BytesIO(WHITE_PIXEL))
        sheet.text(50, 100, "预算数1.00")
        sheet.canvas.drawImage(picture, 40, sheet.height - 110, 300, 40)
        sheet.text(50, 100, "预算数2.00")

    assert read(pdf(draw)) == ["预算数2.00"]


def test_text_drawn_in_the_invisible_mode_is_not_read():
    def draw(sheet: Sheet) -> None:
        text = sheet.canvas.beginText(50, 700)
        text.setFont(FONT, 10)
        text.setTextRenderMode(3)
        text.textLine("预算数1.00")
        text.setTextRenderMode(0)
        text.textLine("预算数2.00")
        sheet.canvas.drawText(text)

    assert read(pdf(draw)) == ["预算数2.00"]


def test_contents_drawn_by_reference_are_read_where_they_are_shown():
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=FULL)
    canvas.beginForm("part")
    table(Sheet(canvas, FULL), ROWS, [60, 60])
    canvas.setFillGray(1)
    canvas.setFont(FONT, 10)
    canvas.drawString(60, 500, "预算数9.00")
    canvas.endForm()
    canvas.translate(100, -50)
    canvas.doForm("part")
    canvas.save()
    (grid,) = PdfReader().read(buffer.getvalue(), "form.pdf")
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == ROWS
    assert grid.locator.box is not None
    assert grid.locator.box[0] == pytest.approx(160, abs=0.5)


def test_text_printed_twice_in_one_place_is_one():
    """Bold by hand: the same line again, a little beside itself."""

    def draw(sheet: Sheet) -> None:
        for shift in (0, 0.3, 0.6):
            sheet.text(50 + shift, 100, "合计1,465.28")

    assert read(pdf(draw)) == ["合计1,465.28"]


def test_what_is_painted_after_contents_drawn_by_reference_covers_what_was_painted_before():
    """Text before, inside and after a part; a white box between each, and one over all but the last."""

    def draw(sheet: Sheet) -> None:
        canvas = sheet.canvas
        canvas.beginForm("part")
        sheet.text(50, 130, "预算数2.00")
        sheet.fill(40, 110, 300, 135, 1)
        sheet.text(50, 160, "预算数3.00")
        sheet.text(50, 190, "预算数4.00")
        canvas.endForm()
        sheet.text(50, 100, "预算数1.00")
        sheet.text(50, 220, "预算数5.00")
        canvas.doForm("part")
        canvas.doForm("part")
        sheet.text(50, 130, "预算数6.00")
        sheet.fill(40, 140, 300, 195, 1)
        sheet.text(50, 190, "预算数7.00")
        sheet.fill(40, 200, 300, 225, 1)

    assert read(pdf(draw)) == ["预算数1.00", "预算数6.00", "预算数7.00"]


def test_a_line_that_reaches_a_little_over_its_clip_stays_whole_and_another_is_cut():
    """The middle of a character decides, so one that loses its foot is read; what stands below is not."""

    def draw(sheet: Sheet) -> None:
        path = sheet.canvas.beginPath()
        path.rect(40, sheet.height - 101, 72, 60)
        sheet.canvas.clipPath(path, stroke=0)
        sheet.text(50, 100, "预算数1.00")
        sheet.text(50, 80, "支出三百万零一元")
        sheet.text(50, 112, "预算数4.00")

    assert read(pdf(draw)) == ["支出三百万零", "预算数1.00"]


def test_one_hidden_text_among_hundreds_in_plain_sight_is_not_read():
    """More texts than are asked about at once, the hidden one the very last."""

    def draw(sheet: Sheet) -> None:
        for number in range(150):
            sheet.text(50, 100 + 4.8 * number, f"项目{number}", size=4)
        sheet.canvas.setFillGray(1)
        sheet.text(300, 100, "预算数2.00")

    found = str(read(pdf(draw)))
    assert "项目0" in found
    assert "项目149" in found
    assert "预算数2.00" not in found


def test_clips_within_one_clip_cut_each_its_own_text():
    def clip(sheet: Sheet, left: float, top: float, right: float, bottom: float) -> None:
        path = sheet.canvas.beginPath()
        path.rect(left, sheet.height - bottom, right - left, bottom - top)
        sheet.canvas.clipPath(path, stroke=0)

    def draw(sheet: Sheet) -> None:
        clip(sheet, 40, 80, 400, 200)
        sheet.canvas.saveState()
        clip(sheet, 40, 80, 81, 200)
        sheet.text(50, 100, "支出三百万元")
        sheet.canvas.restoreState()
        sheet.canvas.saveState()
        clip(sheet, 40, 80, 101, 200)
        sheet.text(50, 130, "收入二百万元")
        sheet.text(50, 210, "预算数2.00")
        sheet.canvas.restoreState()
        sheet.text(50, 160, "预算数1.00")
        sheet.text(50, 220, "预算数3.00")

    assert read(pdf(draw)) == ["支出三", "收入二百万", "预算数1.00"]


def test_what_is_hidden_in_contents_drawn_by_reference_within_each_other_is_not_read():
    def draw(sheet: Sheet) -> None:
        canvas = sheet.canvas
        canvas.beginForm("part0")
        text = canvas.beginText(50, 600)
        text.setFont(FONT, 10)
        text.setTextRenderMode(3)
        text.textLine("预算数2.00")
        canvas.drawText(text)
        canvas.endForm()
        for depth in range(1, DEEPEST_FORM + 3):
            canvas.beginForm(f"part{depth}")
            canvas.doForm(f"part{depth - 1}")
            canvas.endForm()
        sheet.text(50, 100, "预算数1.00")
        canvas.doForm(f"part{depth}")

    assert read(pdf(draw)) == ["预算数1.00"]


def test_a_table_drawn_as_one_path_of_many_lines_is_read():
    rows = [[f"项目{number}", f"{number}.00"] for number in range(40)]

    def draw(sheet: Sheet) -> None:
        path = sheet.canvas.beginPath()
        for number in range(41):
            path.moveTo(60, sheet.height - 20 - 18 * number)
            path.lineTo(220, sheet.height - 20 - 18 * number)
        for x in (60, 140, 220):
            path.moveTo(x, sheet.height - 20)
            path.lineTo(x, sheet.height - 20 - 18 * 40)
        sheet.canvas.drawPath(path)
        for number, (label, amount) in enumerate(rows):
            sheet.text(64, 33 + 18 * number, label)
            sheet.text(216, 33 + 18 * number, amount, align="right")

    data = pdf(draw)
    assert read(data) == [rows]
    (grid,) = PdfReader().read(data, "path.pdf")
    assert grid.locator.box == (60.0, 20.0, 220.0, 740.0)  # by its lines, not by how its texts are aligned
