"""Where a figure is printed: document, table, row and column, the page with the cell marked, the rows around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from budgetgraph.server.backend import backend
from budgetgraph.server.page_images import PageImage, find_image
from budgetgraph.server.portraits.tables import Cell, grid
from budgetgraph.server.terms import Row, Term

#: Cells that a page shows with their pages.
MOST_PLACES = 4
#: Width and height in points of what a narrow window shows of a page.
_NEAR = (300.0, 200.0)

_FRAGMENT = re.compile(r"page=(\d+)&viewrect=([\d.]+),([\d.]+),([\d.]+),([\d.]+)\Z")
_FILE = re.compile(r"/file/(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Marked:
    """A picture of a page, and the box of a cell on it: left, top, width, height in points."""

    image: PageImage
    page: int
    box: tuple[float, float, float, float]

    @property
    def near(self) -> str:
        """Return the part of the page around the cell, as an SVG viewBox: for narrow windows."""
        left, top, width, height = self.box
        across, down = min(_NEAR[0], self.image.width), min(_NEAR[1], self.image.height)
        x = min(max(0.0, left + width / 2 - across / 2), self.image.width - across)
        y = min(max(0.0, top + height / 2 - down / 2), self.image.height - down)
        return f"{x:.2f} {y:.2f} {across:.2f} {down:.2f}"


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that a figure is printed in.

    said    what the graph says of it: `cell`, `table`, `title`, `row`, `column`, `page` ..., see `find-places.rq`
    own     the page is about the cell itself
    printed the text in the cell
    figures the observations that were read from it
    marked  the pages it stands on, where the release has pictures of them
    around  the rows around it, below the header of the table
    """

    said: Row
    own: bool
    printed: str
    figures: list[Row]
    marked: list[Marked]
    around: list[list[Cell | None]]


def find_places(iri: str) -> list[Place]:
    """Return the first cells that a resource is or was read from."""
    rows = backend().select("find-places", this=iri)
    found = [list(of_cell) for _, of_cell in groupby(rows, key=lambda row: row["cell"])]
    return [_place(iri, of_cell) for of_cell in found[:MOST_PLACES]]


def _place(iri: str, rows: list[Row]) -> Place:
    said = rows[0]
    figures = {row["observation"]: row for row in rows if "observation" in row}
    text = next((row["value"] for row in figures.values()), said.get("text"))
    return Place(
        said,
        said["cell"].value == iri,
        text.value if text else "",
        list(figures.values()),
        list(_marked(said, dict.fromkeys(row["fragment"] for row in rows if "fragment" in row))),
        _around(backend().select("list-cells-around", this=said["cell"].value)),
    )


def _around(rows: list[Row]) -> list[list[Cell | None]]:
    """Return the rows without those between them that were not asked for, which have neither cells nor parts of one."""
    printed = grid(rows)
    width = max(map(len, printed), default=0)
    return [row for row in printed if len(row) < width or any(row)]


def _marked(said: Row, fragments: dict[Term, None]) -> Iterator[Marked]:
    release = backend().release()
    document = said["document"].value.rpartition("/")[2]
    file = _FILE.search(said["file"].value)
    for fragment in fragments:
        if match := _FRAGMENT.match(fragment.value):
            page = int(match[1])
            image = find_image(release, document, int(file[1]) if file else 1, page)
            if image is not None:
                left, top, width, height = (float(match[number]) for number in (2, 3, 4, 5))
                yield Marked(image, page, (left, top, width, height))
