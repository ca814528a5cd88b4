"""Boxes on the page as shown: points, from the upper left corner, y downwards."""

import math
from dataclasses import dataclass

from budgetgraph.converter import blocks

#: left, top, right, bottom
Box = blocks.Box
Point = tuple[float, float]

#: The place of everything: what it holds is never outside.
EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


def intersection(a: Box, b: Box) -> Box:
    """Return what two boxes share; right < left or bottom < top when they share nothing."""
    return (  # min() and max() would take twice as long, and most of what is on a page is clipped
        b[0] if b[0] > a[0] else a[0],
        b[1] if b[1] > a[1] else a[1],
        b[2] if b[2] < a[2] else a[2],
        b[3] if b[3] < a[3] else a[3],
    )


def holds_point(box: Box, x: float, y: float) -> bool:
    """Tell whether a point lies in a box, its edges included."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def rounded(box: Box) -> Box:
    """Return a box in hundredths of a point, as locators give it."""
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)


def turned(box: Box, width: float, height: float, turns: int) -> Box:
    """Return where a box on a page of a width and height stands when the page is turned clockwise by quarters."""
    left, top, right, bottom = box
    for _ in range(turns % 4):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom


def tilted(box: Box, width: float, height: float, degrees: float) -> Box:
    """Return the box around a box on a page that lies askew by degrees counter-clockwise around its middle."""
    if not degrees:
        return box
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = width / 2, height / 2
    corners = [(a - x, b - y) for a in (box[0], box[2]) for b in (box[1], box[3])]
    xs = [x + a * cosine + b * sine for a, b in corners]
    ys = [y + b * cosine - a * sine for a, b in corners]
    return min(xs), min(ys), max(xs), max(ys)


@dataclass(slots=True, eq=False)  # views are keys of dictionaries, each by itself; made often, so not frozen
class View:
    """How the file's own coordinates (y upwards) come to stand on the page as shown.

    x = a * X + c * Y + e, y = b * X + d * Y + f: crop box and rotation taken into account.
    """

    width: float
    height: float
    turns: int  #: quarter turns clockwise by which the page is shown
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def of(cls, left: float, bottom: float, right: float, top: float, turns: int) -> "View":
        """Return the view of the visible part of a page that is shown turned by `turns` quarters."""
        if turns == 1:
            return cls(top - bottom, right - left, 1, 0, 1, 1, 0, -bottom, -left)
        if turns == 2:
            return cls(right - left, top - bottom, 2, -1, 0, 0, 1, right, -bottom)
        if turns == 3:
            return cls(top - bottom, right - left, 3, 0, -1, -1, 0, top, right)
        return cls(right - left, top - bottom, 0, 1, 0, 0, -1, -left, top)

    def turned(self, turns: int) -> "View":
        """Return the view of the same page turned further clockwise by quarters."""
        view = self
        for _ in range(turns % 4):
            a, b, c, d, e, f = -view.b, view.a, -view.d, view.c, view.height - view.f, view.e
            view = View(view.height, view.width, (view.turns + 1) % 4, a, b, c, d, e, f)
        return view

    @property
    def box(self) -> Box:
        """Return the box of the whole visible page."""
        return 0.0, 0.0, self.width, self.height

    def point(self, x: float, y: float) -> Point:
        """Return where a point of the file's coordinates is shown."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a box of the file's coordinates is shown."""
        x0, y0 = self.a * left + self.c * bottom + self.e, self.b * left + self.d * bottom + self.f
        x1, y1 = self.a * right + self.c * top + self.e, self.b * right + self.d * top + self.f
        if x1 < x0:
            x0, x1 = x1, x0
        return (x0, y0, x1, y1) if y0 < y1 else (x0, y1, x1, y0)

    def within(self, matrix: tuple[float, float, float, float, float, float]) -> "View":
        """Return the view of what is drawn through a further matrix (a form's contents)."""
        a, b, c, d, e, f = matrix
        return View(
            self.width,
            self.height,
            self.turns,
            self.a * a + self.c * b,
            self.b * a + self.d * b,
            self.a * c + self.c * d,
            self.b * c + self.d * d,
            *self.point(e, f),
        )
