"""Pictures of pages: what the graph states can be read, and not a pixel of anything else."""

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from budgetgraph.shapes.page_files import read_picture, read_size
from budgetgraph.shapes.page_pictures import Box, PageCell, draw_pages, write_pages

WIDTH, HEIGHT = 400.0, 300.0
SCALE = 1.4
COVER = 0xC9
#: An invented person in running text, in a withheld cell, and behind the amount of a cell.
NAME = "Jane Roe 00000000"
RUNNING: Box = (40, 20, 200, 40)
LABEL: Box = (50, 100, 150, 120)
AMOUNT: Box = (150, 100, 250, 120)
WITHHELD: Box = (50, 120, 150, 140)
MORE: Box = (150, 120, 250, 140)
BLANK: Box = (250, 100, 350, 120)
STAMPED: Box = (250, 120, 350, 140)
CELLS = [
    PageCell("t1", 1, LABEL, "Total"),
    PageCell("t1", 1, AMOUNT, "1,200.00"),
    PageCell("t1", 1, WITHHELD, None),
    PageCell("t1", 1, MORE, "35.00"),
    PageCell("t1", 1, BLANK, ""),
    PageCell("t1", 1, STAMPED, "7"),
]


def _write(canvas: Canvas, box: Box, text: str) -> None:
    canvas.drawString(box[0] + 4, HEIGHT - box[3] + 6, text)


@pytest.fixture(params=[0, 90])
def pdf(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a PDF of one page, upright or turned; its cells stand where they are seen."""
    path = tmp_path / "page.pdf"
    turned = request.param == 90
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True)
    if turned:
        canvas.setPageRotation(90)
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
    canvas.setFont("Helvetica", 9)
    _write(canvas, RUNNING, NAME)
    _write(canvas, LABEL, "Total")
    _write(canvas, AMOUNT, "1,200.00")
    _write(canvas, WITHHELD, NAME)
    _write(canvas, MORE, f"35.00 {NAME[:8]}")
    _write(canvas, BLANK, "hand-written")
    _write(canvas, STAMPED, "7")
    stamp = ImageReader(Image.new("RGB", (8, 8), "black"))
    canvas.drawImage(stamp, STAMPED[0] + 50, HEIGHT - STAMPED[3] + 4, 40, 12)
    canvas.save()
    return path


def _shades(png: bytes, box: Box) -> set[int]:
    """Return the shades inside a box, the ruled edge left out."""
    left, top, right, bottom = (round(place * SCALE) for place in box)
    picture = Image.open(io.BytesIO(png)).convert("L").crop((left + 3, top + 3, right - 3, bottom - 3))
    return set(picture.tobytes())


def _dark(shades: set[int]) -> bool:
    return min(shades) < 0x60


def test_cells_that_the_graph_states_can_be_read(pdf: Path) -> None:
    (page,) = draw_pages(pdf, 1, CELLS)
    assert (page.file, page.number, page.width, page.height) == (1, 1, WIDTH, HEIGHT)
    assert _dark(_shades(page.png, LABEL))
    assert _dark(_shades(page.png, AMOUNT))


def test_nothing_else_can_be_seen(pdf: Path) -> None:
    (page,) = draw_pages(pdf, 1, CELLS)
    assert _shades(page.png, RUNNING) == {COVER}
    assert _shades(page.png, WITHHELD) == {COVER}
    assert _shades(page.png, MORE) == {COVER}, "a cell that holds more than the graph states"
    assert _shades(page.png, BLANK) == {0xFF}, "what is written in a blank cell is not copied"
    stamp = (STAMPED[0] + 48, STAMPED[1], STAMPED[2], STAMPED[3])
    assert _shades(page.png, stamp) == {0xFF}, "a stamp is taken off"
    assert _dark(_shades(page.png, (STAMPED[0], STAMPED[1], STAMPED[0] + 40, STAMPED[3])))


def test_a_page_without_a_cell_to_show_is_not_drawn(pdf: Path) -> None:
    assert list(draw_pages(pdf, 1, [PageCell("t1", 1, WITHHELD, None), PageCell("t1", 1, MORE, "35.00")])) == []
    assert list(draw_pages(pdf, 1, [PageCell("t1", 2, LABEL, "Total")])) == []
    assert list(draw_pages(pdf.with_name("nothing.pdf"), 1, [])) == []


def test_the_pictures_of_a_document_lie_in_one_file_of_bounded_size(pdf: Path, tmp_path: Path) -> None:
    target = tmp_path / "pages.zip"
    (page,) = draw_pages(pdf, 2, CELLS)
    assert write_pages([(tmp_path / "tables.xlsx", []), (pdf, CELLS)], target) == 0
    assert read_picture(target, 2, 1) == page.png
    assert read_size(target, 2, 1) == (WIDTH, HEIGHT)
    assert read_picture(target, 1, 1) is None
    assert read_size(target, 1, 1) is None
    first = target.read_bytes()
    write_pages([(tmp_path / "tables.xlsx", []), (pdf, CELLS)], target)
    assert target.read_bytes() == first
    assert write_pages([(pdf, CELLS)], target, most=100) == 1
    assert read_picture(target, 1, 1) is None
    assert read_picture(tmp_path / "none.zip", 1, 1) is None
