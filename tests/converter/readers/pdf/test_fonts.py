"""Chinese text whose font is nowhere: in the file by name only, and not on the machine."""

import subprocess
import sys
from importlib import resources

from tests.converter.readers.pdf.stand_in_font import draw
from tests.converter.readers.pdf.writing import Sheet, pdf

#: Reads a page with the machine's own fonts kept out, and prints its runs with the width of each.
_BLIND = """
import sys
from budgetgraph.converter.readers.pdf import fonts, pdfium
fonts.install().machine_font = lambda *_: None
from budgetgraph.converter.readers.pdf.page import read_page
with pdfium.opened(sys.stdin.buffer.read(), "x.pdf") as document, pdfium.opened_page(document, 1, "x.pdf") as page:
    for run in read_page(page, 1, "x.pdf").runs:
        print(run.text, round(run.right - run.left), flush=True)
"""


def test_the_stand_in_is_what_the_script_draws() -> None:
    assert resources.files("budgetgraph.converter.readers.pdf").joinpath("stand-in.ttf").read_bytes() == draw()


def test_text_is_read_where_no_font_has_it() -> None:
    def draw_lines(sheet: Sheet) -> None:
        for y, text in ((100, "甲"), (150, "1,465.28"), (200, "科目编码 1")):
            sheet.text(100, y, text, size=12)

    page = pdf(draw_lines)
    done = subprocess.run([sys.executable, "-c", _BLIND], input=page, capture_output=True, check=True, timeout=60)
    lines = done.stdout.decode().splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines] == ["甲", "1,465.28", "科目编码 1"]
    wide, digits, _ = (int(line.rsplit(" ", 1)[1]) for line in lines)
    assert wide == 12
    assert 25 <= digits <= 45  # eight narrow characters at 12 points, not eight squares
