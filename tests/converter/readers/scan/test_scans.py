"""Scans: every cell in its place with the text that was printed, its confidence, and nothing silently wrong."""

import io
import struct
import zlib
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from budgetgraph.converter.accounting.ledger import is_numeric
from budgetgraph.converter.blocks import Block, Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Settings, convert_document
from budgetgraph.converter.readers import Document, read_document
from budgetgraph.converter.readers.pdf import PdfReader
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.scan import bitmap, images, page, recognition, segments
from budgetgraph.converter.readers.scan.images import ImageReader
from tests.converter.readers import golden
from tests.converter.readers.pdf import goldens
from tests.converter.readers.pdf.writing import Sheet, pdf
from tests.converter.readers.scan import scanning

READER = "budgetgraph.converter.readers.pdf.reader"


@cache
def askew() -> Reading:
    return PdfReader().read(scanning.written(golden.TABLES, askew=0.7), "scan.pdf")


def grids(blocks: list[Block]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


def folded(rows: list[list[str]]) -> list[list[str]]:
    """Return labels without blanks, which recognition does not keep; numbers as they are."""
    return [[text if is_numeric(text) else "".join(text.split()) for text in row] for row in rows]


def test_the_golden_tables_are_read_cell_by_cell():
    found = grids(askew())
    assert [folded(golden.read_texts(grid)) for grid in found] == [folded(table.texts()) for table in golden.TABLES]
    assert [golden.read_spans(grid) for grid in found] == [table.spans() for table in golden.TABLES]
    golden.assert_places(askew())
    golden.assert_offsets(askew())


def test_recognised_cells_are_not_sure_and_pages_are_named():
    assert all(0 < cell.confidence < 1 for grid in grids(askew()) for cell in grid.cells() if cell.text)
    assert [(p.code, p.location.page) for p in askew().problems] == [("recognised-page", n) for n in range(1, 5)]


def test_boxes_are_places_on_the_page_as_it_was_scanned():
    """The paper lay askew by 0.7 degrees, and the boxes follow it."""
    grid = grids(askew())[0]
    widths = goldens.widths(golden.EXPENDITURE)
    for row in grid.rows[3:]:
        for cell in row:
            left = goldens.STYLE.left + sum(widths[: cell.column])
            top = goldens.STYLE.top + goldens.STYLE.row_height * cell.row
            x, y = left + widths[cell.column] / 2 - 297.5, top + goldens.STYLE.row_height / 2 - 421
            turned = 297.5 + x + y * np.sin(np.radians(0.7)), 421 + y - x * np.sin(np.radians(0.7))
            assert cell.locator.box is not None
            middle = (cell.locator.box[0] + cell.locator.box[2]) / 2, (cell.locator.box[1] + cell.locator.box[3]) / 2
            assert middle == pytest.approx(turned, abs=1.5)


@pytest.mark.parametrize(("form", "turn"), [("TIFF", 1), ("JPEG", 2), ("PNG", 3)])
def test_pictures_that_lie_turned(form, turn, tmp_path):
    image = scanning.scanned(lambda sheet: goldens.draw(sheet, golden.BALANCE, lines=True), askew=-1.2, turn=turn)
    path = tmp_path / "scan"
    image.save(path, form, dpi=(200, 200))
    document = read_document(path)
    assert document.media_type == f"image/{form.lower()}"
    (grid,) = grids(list(document.blocks))
    assert folded(golden.read_texts(grid)) == folded(golden.BALANCE.texts())


def test_only_the_picture_pages_of_a_file_are_recognised():
    scan = PdfReader().read(
        _joined(pdf(lambda s: goldens.draw(s, golden.BALANCE, lines=True)), scanning.written([golden.THREE_PUBLIC])),
        "mixed.pdf",
    )
    first, second = grids(scan)
    assert {cell.confidence for cell in first.cells()} == {1.0}
    assert all(cell.confidence < 1 for cell in second.cells() if cell.text)
    assert [(p.code, p.location.page) for p in scan.problems] == [("recognised-page", 2)]


def _joined(*files: bytes) -> bytes:
    import pypdfium2

    whole, buffer = pypdfium2.PdfDocument.new(), io.BytesIO()
    for data in files:
        part = pypdfium2.PdfDocument(data)
        whole.import_pages(part)
        part.close()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()


def line(text: str) -> Image.Image:
    """Return the scan of a page with one line."""
    return scanning.scanned(lambda sheet: sheet.text(60, 100, text, 14))


def test_pages_beyond_the_bound_are_named_and_time_is_asked_for_the_others(monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(f"{READER}.MAXIMUM_PAGES", 1)
    monkeypatch.setattr(f"{READER}.ask_time", asked.append)
    scan = PdfReader().read(scanning.as_pdf([line("一般公共服务支出"), line("外交支出")]), "scan.pdf")
    assert [block.text for block in scan if isinstance(block, Paragraph)] == ["一般公共服务支出"]
    assert [(p.code, p.location.page) for p in scan.problems] == [("recognised-page", 1), ("unread-page", 2)]
    assert "at most 1 " in scan.problems[1].message
    assert asked == [recognition.PAGE_SECONDS]


def test_the_unseen_text_of_a_scanner_is_not_used_and_named(monkeypatch):
    from reportlab.lib.utils import ImageReader as Drawn
    from reportlab.pdfgen.canvas import Canvas

    monkeypatch.setattr(page, "recognise", lambda _: ("外交支出", 0.9))
    file = io.BytesIO()
    canvas = Canvas(file, (200, 60))
    for mode in (3, None):
        shown = scanning.scanned(lambda sheet: sheet.text(20, 40, "外交支出", 14), size=(200, 60))
        canvas.drawImage(Drawn(shown), 0, 0, 200, 60)
        if mode:
            text = canvas.beginText(20, 20)
            text.setTextRenderMode(mode)
            text.textOut("9.99")
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    scan = PdfReader().read(file.getvalue(), "layer.pdf")
    assert "9.99" not in str(list(scan))
    assert ["lies unseen" in problem.message for problem in scan.problems] == [True, False]


def test_frames_of_a_picture_beyond_the_bound_are_named(monkeypatch):
    monkeypatch.setattr("budgetgraph.converter.readers.scan.images.MAXIMUM_PAGES", 1)
    file = io.BytesIO()
    line("外交支出").save(file, "TIFF", dpi=(200, 200), save_all=True, append_images=[line("国防支出")])
    reader = ImageReader()
    assert reader.handles(file.getvalue())
    problems = reader.read(file.getvalue(), "scan.tiff").problems
    assert [(p.code, p.location.page) for p in problems] == [("recognised-page", 1), ("unread-page", 2)]


def test_a_number_that_runs_over_a_border_is_not_sure():
    def draw(sheet: Sheet) -> None:
        from tests.converter.readers.pdf.writing import table

        table(sheet, [["行政运行", "", "1.00"], ["事业运行", "2.00", "3.00"]], [100, 40, 60])
        sheet.text(202, 135, "11,465.28", 11, "right")

    (grid,) = grids(PdfReader().read(scanning.as_pdf([scanning.scanned(draw)]), "over.pdf"))
    assert not [c.text for c in grid.rows[0][1:] if c.confidence >= 0.75 and c.text not in {"1.00", "11,465.28"}]


def test_a_line_too_long_to_be_recognised_at_once_is_cut_at_blanks(monkeypatch):
    monkeypatch.setattr(page, "LONGEST", 8)
    text = "公用经费是指保障机构正常运转的支出，包括办公费"
    image = scanning.scanned(lambda sheet: sheet.text(60, 100, text, 12))
    seen: list[int] = []

    def recognise(line: bitmap.Grey) -> tuple[str, float]:
        seen.append(line.shape[1])
        return recognition.recognise(line)

    monkeypatch.setattr(page, "recognise", recognise)
    (run,) = page.read_picture(np.asarray(image), 1, "scan").runs
    assert "".join(run.text.split()) == text
    assert max(seen[-4:]) <= 8 * 45  # the last ones are the line's own, of 42 dots


def test_a_line_without_blanks_is_cut_where_it_is_thinnest():
    ink = np.full((10, 100), 255, np.uint8)
    ink[2:, 40] = 0
    assert segments.cuts(ink, segments.Region(0, 0, 100, 10), 60) == [40]
    assert segments.cuts(ink, segments.Region(0, 0, 100, 10), 100) == []


def test_a_picture_of_a_camera_that_was_held_upright_is_turned():
    image = Image.new("RGB", (1654, 2339), "white")
    image.paste((0, 0, 0), (0, 0, 1654, 200))  # the upper end as the camera saw it
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.save(file, "JPEG", dpi=(200, 200), exif=exif)
    (picture,) = images._pictures(file.getvalue(), "photo.jpg")
    assert picture.shape == (1654, 2339)
    assert (picture[:, -150:] < 50).all()
    assert (picture[:, :2000] > 200).all()


def test_a_border_of_one_row_is_found():
    """Below the header the cells are merged: the stroke is as long as a character is high, and a character is none."""

    def draw(sheet: Sheet) -> None:
        for y in (100, 116, 132):
            sheet.line(60, y, 400, y)
        for x, foot in ((60, 132), (200, 116), (400, 132)):
            sheet.line(x, 100, x, foot)
        sheet.text(70, 112, "1 川 11", 11)

    found = bitmap.straightened(np.asarray(scanning.scanned(draw)))
    places = [(x / scanning.SCALE, (end - start) / scanning.SCALE) for x, start, end in found.upright]
    assert sorted(places) == [pytest.approx(each, abs=1.5) for each in ((60, 32), (200, 16), (400, 32))]


def test_faint_lines_are_found_and_a_shaded_cell_has_none_at_its_edge():
    image = scanning.scanned(lambda sheet: sheet.line(60, 300, 400, 300))
    draw = ImageDraw.Draw(image)
    draw.line([(200, 400), (900, 400)], scanning.PAPER - 30, 1)  # a line that is no ink
    draw.rectangle([200, 1200, 900, 1300], scanning.PAPER - 35)
    found = bitmap.straightened(np.asarray(image), 0.0)
    assert [round(y) for y, *_ in found.level] == [pytest.approx(y, abs=2) for y in (400, 300 * scanning.SCALE)]
    assert not found.upright


def test_the_ring_of_a_seal_is_no_border():
    image = scanning.scanned(lambda sheet: goldens.draw(sheet, golden.BALANCE, lines=True))
    clean = bitmap.straightened(np.asarray(image), 0.0)
    ImageDraw.Draw(image).ellipse([600, 900, 1060, 1360], outline=110, width=14)
    sealed = bitmap.straightened(np.asarray(image), 0.0)
    for before, after in ((clean.upright, sealed.upright), (clean.level, sealed.level)):
        assert {round(place) for place, *_ in after} <= {
            round(place) + off for place, *_ in before for off in (-1, 0, 1)
        }


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_the_direction_of_the_lines_is_that_of_the_fewest_pieces(turn, monkeypatch):
    """Recognition is as sure of characters that lie on their side; here it always is."""
    monkeypatch.setattr(page, "recognise", lambda _: ("x", 0.9))
    image = scanning.scanned(lambda sheet: goldens.draw(sheet, golden.BALANCE, lines=True), turn=turn)
    assert page.read_picture(np.asarray(image), 1, "scan").turn % 2 == turn % 2


def test_the_angle_is_found():
    for angle in (-3.0, -0.4, 0.0, 1.7):
        image = scanning.scanned(lambda sheet: goldens.draw(sheet, golden.BALANCE, lines=False), askew=angle)
        assert bitmap.straightened(np.asarray(image)).skew == pytest.approx(angle, abs=0.06)


@pytest.fixture
def without_extra(monkeypatch):
    for module in (READER, "budgetgraph.converter.readers.scan.images"):
        monkeypatch.setattr(f"{module}.is_installed", lambda: False)


def test_without_the_extra_the_message_says_what_to_install(without_extra):
    image = scanning.scanned(lambda sheet: goldens.draw(sheet, golden.BALANCE, lines=True))
    picture = io.BytesIO()
    image.save(picture, "PNG")
    for read, data in ((PdfReader().read, scanning.as_pdf([image])), (ImageReader().read, picture.getvalue())):
        with pytest.raises(SourceError, match="picture") as caught:
            read(data, "scan")
        assert recognition.INSTALL in str(caught.value)


def test_without_the_extra_picture_pages_of_a_file_are_listed(without_extra):
    data = _joined(pdf(lambda s: s.text(60, 100, "预算数1.00")), scanning.written([golden.BALANCE]))
    assert [(p.code, p.location.page) for p in PdfReader().read(data, "mixed.pdf").problems] == [("unread-page", 2)]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"II*\0\x08\0\0\0\xff\xff"])
def test_damaged_pictures_are_refused(data):
    assert ImageReader().handles(data)
    with pytest.raises(SourceError, match=r"bad.png: the picture cannot be read"):
        ImageReader().read(data, "bad.png")


@pytest.mark.parametrize("side", [12_000, 30_000])
def test_a_picture_of_too_many_dots_is_refused(side):
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "PNG")
    data = buffer.getvalue()
    head = b"IHDR" + struct.pack(">II", side, side) + data[24:29]
    data = data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]
    with pytest.raises(SourceError, match=r"huge.png.* dots; save it with fewer"):
        ImageReader().read(data, "huge.png")


SHEET = golden.Table(
    "2021年部门支出预算总表",
    "单位：万元",
    (
        *golden.EXPENDITURE.rows[:2],
        *(
            tuple(golden.Printed(text, text) for text in row)
            for row in (
                ("", "合计", "400.00", "300.00", "200.00", "100.00", "100.00"),
                ("201", "一般公共服务支出", "300.00", "250.00", "150.00", "100.00", "50.00"),
                ("20131", "党委办公厅（室）及相关机构事务", "300.00", "250.00", "150.00", "100.00", "50.00"),
                ("2013101", "行政运行", "250.00", "250.00", "150.00", "100.00", ""),
                ("2013102", "一般行政管理事务", "50.00", "", "", "", "50.00"),
                ("208", "社会保障和就业支出", "100.00", "50.00", "50.00", "", "50.00"),
                ("20805", "行政事业单位养老支出", "100.00", "50.00", "50.00", "", "50.00"),
                ("2080505", "机关事业单位基本养老保险缴费支出", "100.00", "50.00", "50.00", "", "50.00"),
            )
        ),
    ),
)


def converted(wrong: tuple[int, int, str] | None = None):
    """Return the conversion of a scan; `wrong` is a cell (row, column) that the scan shows with another text."""
    texts = [list(row) for row in SHEET.rows]
    if wrong:
        texts[wrong[0]][wrong[1]] = golden.Printed(wrong[2], wrong[2])
    shown = golden.Table(SHEET.title, SHEET.unit, tuple(map(tuple, texts)))
    goldens.HEADERS.setdefault(shown, 2)

    def draw(sheet: Sheet) -> None:
        sheet.text(300, 30, "某某市甲乙局2021年部门预算", 14, "centre")
        goldens.draw(sheet, shown, lines=True)

    data = scanning.as_pdf([scanning.scanned(draw, askew=0.3)])
    reading = PdfReader().read(data, "scan.pdf")
    document = Document("scan.pdf", data, "application/pdf", tuple(reading), None, reading.problems)
    return convert_document(document, Settings())


def test_a_scan_is_converted_to_the_figures_that_are_printed():
    result = converted()
    (data_set,) = (each for each in result.budget.data_sets if each.table_kind == "expenditure")
    printed = [cell.text for row in SHEET.rows[2:] for cell in row[2:] if cell and cell.text]
    assert [figure.text for figure in data_set.figures] == printed
    assert result.coverage.is_complete
    assert {p.code for p in result.problems} >= {"recognised-page"}
    assert not {p.code for p in result.problems} & {"open-sum", "low-confidence"}


def test_figures_whose_sums_stay_open_are_listed_and_not_converted():
    result = converted(wrong=(5, 2, "260.00"))
    (data_set,) = (each for each in result.budget.data_sets if each.table_kind == "expenditure")
    texts = [figure.text for figure in data_set.figures]
    assert "260.00" not in texts
    assert result.coverage.is_complete
    assert "50.00" in texts
    assert result.coverage.explained["low-confidence"] == 2  # the parts; their total is one of a sum that closes
    (problem,) = (p for p in result.problems if p.code == "open-sum")
    assert problem.location.page == 1
