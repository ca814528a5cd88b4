"""Filled rectangles and pictures of a page: what a text is painted on, and what is painted over it.

A page can have as many shaded cells as texts, so each text is compared with what lies on its height only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import NamedTuple

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf.geometry import Box, holds_point

Colour = tuple[int, int, int]

#: Height of the bands of a page, in points, by which areas are found: a little more than a row of a table.
BAND = 24.0
#: The lowest band: what lies further down belongs to it.
LOWEST = 1_000
#: An area over more bands than this is compared with every text.
TALL = 32
#: The most comparisons for one page.
MAXIMUM_COMPARISONS = 5_000_000

_order = attrgetter("order")


class Area(NamedTuple):
    """A filled rectangle or a picture; `order` counts what is painted on the page."""

    order: int
    box: Box
    colour: Colour


def _bands(box: Box) -> range:
    return range(int(min(LOWEST, max(0, box[1] / BAND))), int(min(LOWEST, max(0, box[3] / BAND))) + 1)


class Areas:
    """The areas of a page, added in the order in which they are painted.

    compared  how many areas texts were compared with
    """

    def __init__(self, where: str) -> None:
        """Take the file and page for the message of the SourceError that ends a page with too many areas."""
        self.compared = 0
        self._where = where
        self._tall: list[Area] = []
        self._by_band: dict[int, list[Area]] = {}
        self._colours: set[Colour] = set()
        self._last = -1

    def add(self, area: Area) -> None:
        """Add an area that is painted later than all others."""
        self._colours.add(area.colour)
        self._last = area.order
        bands = _bands(area.box)
        if len(bands) > TALL:
            self._tall.append(area)
        else:
            for band in bands:
                self._by_band.setdefault(band, []).append(area)

    @property
    def colours(self) -> AbstractSet[Colour]:
        """Return the colours of the areas."""
        return self._colours

    def go_on_after(self, order: int) -> bool:
        """Tell whether an area is painted after the object with this order."""
        return self._last > order

    def ground(self, x: float, y: float, order: int) -> Colour | None:
        """Return the colour at a point before the object with this order is painted; None: nothing is painted."""
        found = [area for areas in self._near((x, y, x, y)) if (area := self._topmost(areas, x, y, order))]
        return max(found, key=_order).colour if found else None

    def covers(self, box: Box, order: int) -> tuple[Box, ...]:
        """Return the boxes that touch a box and are painted after the object with this order."""
        found: dict[Box, None] = {}
        for areas in self._near(box):
            if not areas or areas[-1].order <= order:
                continue
            later = areas[bisect_right(areas, order, key=_order) :]
            self._count(len(later))
            found.update((area.box, None) for area in later if _touch(area.box, box))
        return tuple(found)

    def _near(self, box: Box) -> Iterable[list[Area]]:
        yield self._tall
        bands = _bands(box)
        for band in bands if len(bands) < len(self._by_band) else self._by_band:
            if band in bands and band in self._by_band:
                yield self._by_band[band]

    def _topmost(self, areas: list[Area], x: float, y: float, order: int) -> Area | None:
        behind = bisect_left(areas, order, key=_order)
        for index in range(behind - 1, -1, -1):
            if holds_point(areas[index].box, x, y):
                self._count(behind - index)
                return areas[index]
        self._count(behind)
        return None

    def _count(self, compared: int) -> None:
        self.compared += compared
        if self.compared > MAXIMUM_COMPARISONS:
            raise SourceError(f"{self._where}: more painted boxes than a page has; print the publication to a new PDF.")


def _touch(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
