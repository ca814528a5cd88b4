"""What texts are painted on and covered by is found among the areas beside them, not among all of the page."""

import math

import pytest

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import PdfReader, areas
from budgetgraph.converter.readers.pdf.areas import Area, Areas
from tests.converter.readers.pdf.writing import Sheet, pdf

GREY, RED, WHITE = (128, 128, 128), (255, 0, 0), (255, 255, 255)


def page(*found: Area) -> Areas:
    result = Areas("a.pdf: page 1")
    for area in found:
        result.add(area)
    return result


def test_the_last_area_before_a_text_is_its_ground():
    found = page(
        Area(1, (0, 0, 600, 5_000), GREY),
        Area(3, (100, 100, 200, 148), RED),
        Area(5, (100, 100, 200, 148), WHITE),
    )
    assert [found.ground(150, 148, order) for order in (1, 2, 4, 6)] == [None, GREY, RED, WHITE]
    assert found.ground(150, 148.1, 6) == found.ground(99, 120, 6) == GREY
    assert found.ground(150, 5_001, 6) is None


def test_areas_after_a_text_that_touch_it_cover_it():
    low, tall = (100.0, 40.0, 200.0, 60.0), (0.0, 0.0, 110.0, 2_000.0)
    found = page(Area(2, low, RED), Area(4, tall, RED), Area(6, (100, 90, 200, 99), RED))
    assert found.covers((90, 60, 120, 70), 1) == (tall, low)
    assert found.covers((90, 60, 120, 70), 2) == (tall,)
    assert found.covers((90, 60, 120, 70), 4) == ()
    assert set(found.covers((0, -1e9, 1e9, 1e9), 0)) == {low, tall, (100, 90, 200, 99)}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 3e38])
def test_numbers_that_are_no_places_are_no_fault(number):
    found = page(Area(1, (0, 0, 100, 100), GREY), Area(2, (number, number, number, number), RED))
    assert found.ground(50, 50, 9) == GREY
    found.ground(number, number, 9)
    found.covers((number, number, number, number), 0)


@pytest.mark.parametrize("rows", [100, 200])
def test_the_work_for_a_page_of_shaded_cells_grows_with_its_cells(rows):
    columns = 12
    boxes = [(50.0 * c, 20.0 * r, 50.0 * c + 48, 20.0 * r + 18) for r in range(rows) for c in range(columns)]
    found = page(*(Area(2 * n + 1, box, GREY) for n, box in enumerate(boxes)))
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert found.ground((left + right) / 2, (top + bottom) / 2, 2 * n + 2) == GREY
        assert found.covers((left, top, right, bottom), 2 * n + 2) == ()
    assert found.compared < rows * columns * 6 * columns


def test_a_page_of_areas_over_one_another_is_refused(monkeypatch):
    monkeypatch.setattr(areas, "MAXIMUM_COMPARISONS", 50)

    def draw(sheet: Sheet) -> None:
        for number in range(20):
            sheet.text(50, 100 + number, f"{number}.00")
            sheet.fill(300, 20, 310, 820, 0.5)

    with pytest.raises(SourceError, match=r"^a\.pdf: page 1: more painted boxes than a page has"):
        PdfReader().read(pdf(draw), "a.pdf")


def test_areas_that_are_looked_at_in_vain_count(monkeypatch):
    monkeypatch.setattr(areas, "MAXIMUM_COMPARISONS", 50)
    found = page(*(Area(number, (300, 0, 310, 2_000), GREY) for number in range(40)))
    found.ground(0, 0, 99)
    with pytest.raises(SourceError, match="more painted boxes"):
        found.ground(0, 0, 99)
