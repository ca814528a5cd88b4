"""What is painted on a page besides the characters themselves: ruled lines, and what hides characters.

A character can be in the file and not on the page: clipped away, covered by something painted later, white on
white, or drawn in the mode that draws nothing. What a reader of the page cannot see is not read.
"""

from collections.abc import Callable, Iterator
from ctypes import addressof, c_float, c_int, c_uint
from dataclasses import dataclass
from itertools import pairwise

from pypdfium2 import raw

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.geometry import EVERYWHERE, Box, View, holds_point, intersection

#: A filled rectangle up to this thick, in points, is a ruled line.
THICKEST_RULE = 4.0
#: A line whose ends differ by no more than this, in points, is level or upright.
SLANT = 0.5
#: How far, in points, a line may lie outside its clip and still be drawn.
CLIP_SLACK = 1.0
#: Channels that differ by no more than this (of 255) cannot be told apart by eye.
FAINTEST = 12
#: How deep forms (contents drawn by reference) are followed.
DEEPEST_FORM = 12
#: The most objects of one page that are looked at.
MAXIMUM_OBJECTS = 200_000

_WHITE = (255, 255, 255)
_PICTURE = (-255, -255, -255)  # differs from every colour
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_NOTHING: Box = (0.0, 0.0, -1.0, -1.0)
_INVISIBLE_MODES = frozenset((raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP))

Colour = tuple[int, int, int]
Point = tuple[float, float]
#: position across the line, start and end along it
Rule = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle or a picture; `order` counts what is painted on the page."""

    order: int
    box: Box
    colour: Colour


@dataclass(frozen=True, slots=True)
class Veil:
    """What hides a text object: it shows in `clip` only, and not where `covers` lie."""

    clip: Box
    covers: tuple[Box, ...] = ()

    def shows(self, x: float, y: float) -> bool:
        """Tell whether a character whose middle is at a point is to be seen."""
        return holds_point(self.clip, x, y) and not any(holds_point(box, x, y) for box in self.covers)


_HIDDEN = Veil(_NOTHING)
_OPEN = Veil(EVERYWHERE)


class _Floats:
    """Room for the numbers that PDFium writes, with their addresses."""

    def __init__(self) -> None:
        self.values = (c_float * 6)()
        base = addressof(self.values)
        self.at = tuple(base + 4 * index for index in range(6))


class Painting:
    """The objects of an open page in the order in which they are painted; only valid while the page is open.

    level, upright  ruled lines
    pictures        the share of the page that pictures take, at most 1
    """

    def __init__(self, page: object, view: View, where: str) -> None:
        """Look at all objects. Raises SourceError, with `where` for the file and page, when there are too many."""
        self.level: list[Rule] = []
        self.upright: list[Rule] = []
        self.pictures = 0.0
        self._view = view
        self._where = where
        self._areas: list[Area] = []
        self._orders: dict[int, int] = {}
        self._forms: dict[int, tuple[View, Box]] = {}
        self._veils: dict[int, Veil] = {}
        self._clips: dict[tuple[View | int | None, ...], Box] = {}
        self._order = 0
        self._floats = _Floats()
        self._channels = (c_uint * 4)()
        base = addressof(self._channels)
        self._channel_at = tuple(base + 4 * index for index in range(4))
        self._mode = (c_int * 2)()
        self._mode_at = (addressof(self._mode), addressof(self._mode) + 4)
        self._look(pdfium.address(page), raw.FPDFPage_CountObjects(page), view, view.box, 0)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is painted on the page."""
        return not self._order

    def veil(self, text: int) -> Veil:
        """Return what hides a text object."""
        known = self._veils.get(text)
        if known is None:
            known = self._veils[text] = self._veil(text)
        return known

    def _look(self, parent: int, count: int, view: View, clip: Box, depth: int) -> None:
        get, kind_of, orders = pdfium.page_object, pdfium.object_type, self._orders
        if depth:
            get = pdfium.form_object
        for index in range(count):
            thing = get(parent, index)
            if not thing:
                continue
            self._order += 1
            if self._order > MAXIMUM_OBJECTS:
                raise SourceError(
                    f"{self._where}: more than {MAXIMUM_OBJECTS} objects; print the publication to a new PDF."
                )
            kind = kind_of(thing)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                orders[thing] = self._order
                if depth:
                    self._forms[thing] = (view, clip)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(thing, view, intersection(clip, self._clip(thing, view)))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._picture(thing, view, intersection(clip, self._clip(thing, view)))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
                inside = intersection(clip, self._clip(thing, view))
                children = pdfium.form_objects(thing)
                self._look(thing, children, self._inner_view(thing, view), inside, depth + 1)

    def _bounds(self, thing: int, view: View) -> Box:
        pdfium.object_bounds(thing, *self._floats.at[:4])
        left, bottom, right, top = self._floats.values[:4]
        return view.shown(left, bottom, right, top)

    def _colour(self, call: Callable[..., object], thing: int) -> tuple[Colour, bool]:
        """Return a fill or stroke colour, and whether it is to be seen at all."""
        if not call(thing, *self._channel_at):
            return (0, 0, 0), True
        red, green, blue, alpha = self._channels
        return (red, green, blue), alpha > FAINTEST

    def _inner_view(self, thing: int, view: View) -> View:
        pdfium.object_matrix(thing, self._floats.at[0])
        matrix = tuple(self._floats.values)
        return view if matrix == _IDENTITY else view.within(matrix)

    def _clip(self, thing: int, view: View) -> Box:
        """Return the box to which an object is clipped. Neighbours mostly share theirs, so boxes are kept."""
        clip = pdfium.object_clip(thing)
        count = pdfium.clip_paths(clip) if clip else 0
        if count <= 0:
            return EVERYWHERE
        # Objects with the same clip share its paths, which stay where they are while the page is open.
        first = pdfium.clip_segment
        key = (view, *(first(clip, path, 0) for path in range(count)))
        known = self._clips.get(key)
        if known is None:
            known = EVERYWHERE
            for path in range(count):
                points = self._clip_points(clip, path)
                if points:
                    xs, ys = [x for x, _ in points], [y for _, y in points]
                    known = intersection(known, view.shown(min(xs), min(ys), max(xs), max(ys)))
            self._clips[key] = known
        return known

    def _clip_points(self, clip: int, path: int) -> list[Point]:
        points = []
        for index in range(pdfium.clip_segments(clip, path)):
            segment = pdfium.clip_segment(clip, path, index)
            if segment and pdfium.segment_point(segment, *self._floats.at[:2]):
                points.append((self._floats.values[0], self._floats.values[1]))
        return points

    def _veil(self, text: int) -> Veil:
        mode = pdfium.text_mode(text)
        stroked = mode == raw.FPDF_TEXTRENDERMODE_STROKE
        ink, inked = self._colour(pdfium.object_stroke if stroked else pdfium.object_fill, text)
        if mode in _INVISIBLE_MODES or not inked:
            return _HIDDEN
        view, clip = self._forms.get(text, (self._view, EVERYWHERE))
        clip = intersection(clip, self._clip(text, view))
        order = self._orders.get(text)
        if order is None or not (self._areas or not _differ(ink, _WHITE)):
            return _OPEN if clip == EVERYWHERE else Veil(clip)
        box = self._bounds(text, view)
        if not _differ(ink, self._ground(box, order)):
            return _HIDDEN
        return Veil(clip, tuple(a.box for a in self._areas if a.order > order and _touch(a.box, box)))

    def _ground(self, box: Box, order: int) -> Colour:
        """Return the colour on which a text is painted."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for area in reversed(self._areas):
            if area.order < order and holds_point(area.box, x, y):
                return area.colour
        return _WHITE

    def _picture(self, thing: int, view: View, clip: Box) -> None:
        box = intersection(self._bounds(thing, view), clip)
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0:
            return
        if min(width, height) <= THICKEST_RULE:
            self._rule(box)
            return
        page = view.width * view.height
        self.pictures = min(1.0, self.pictures + width * height / page if page else 1.0)
        if not pdfium.object_is_transparent(thing):
            self._areas.append(Area(self._order, box, _PICTURE))

    def _rule(self, box: Box) -> None:
        left, top, right, bottom = box
        across, down = right - left, bottom - top
        dot = across <= THICKEST_RULE >= down  # a corner, or a piece of a dotted line
        if across >= down or dot:
            self.level.append(((top + bottom) / 2, left, right))
        if down >= across or dot:
            self.upright.append(((left + right) / 2, top, bottom))

    def _path(self, thing: int, view: View, clip: Box) -> None:
        pdfium.path_mode(thing, *self._mode_at)
        filled, stroked = self._mode[0] != raw.FPDF_FILLMODE_NONE, self._mode[1] != 0
        fill: Colour = _WHITE
        if filled:
            fill, filled = self._colour(pdfium.object_fill, thing)
        if stroked:
            stroke, stroked = self._colour(pdfium.object_stroke, thing)
            stroked = stroked and _differ(stroke, _WHITE)
        if not filled and not stroked:
            return
        opaque = not pdfium.object_is_transparent(thing)
        left, top, right, bottom = clip
        clip = left - CLIP_SLACK, top - CLIP_SLACK, right + CLIP_SLACK, bottom + CLIP_SLACK
        for points, straight in self._subpaths(thing, self._inner_view(thing, view)):
            if filled and straight and len(points) > 2:
                self._filled(points, clip, fill, opaque)
            if stroked:
                for a, b in pairwise(points):
                    self._stroked(a, b, clip)

    def _filled(self, points: list[Point], clip: Box, colour: Colour, opaque: bool) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = intersection((min(xs), min(ys), max(xs), max(ys)), clip)
        across, down = box[2] - box[0], box[3] - box[1]
        if across < 0 or down < 0:
            return
        if min(across, down) <= THICKEST_RULE:
            if _differ(colour, _WHITE):
                self._rule(box)
        elif opaque and all(_level(a, b) or _upright(a, b) for a, b in pairwise(points)):
            self._areas.append(Area(self._order, box, colour))

    def _stroked(self, a: Point, b: Point, clip: Box) -> None:
        if _level(a, b) or _upright(a, b):
            line = min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
            box = intersection(line, clip)
            if box[0] <= box[2] and box[1] <= box[3]:
                self._rule(box)

    def _subpaths(self, thing: int, view: View) -> Iterator[tuple[list[Point], bool]]:
        """Yield the points of each part of a path, of closed parts with the first point again, and "no curves"."""
        points: list[Point] = []
        straight = True
        values, (at_x, at_y, *_) = self._floats.values, self._floats.at
        a, b, c, d, e, f = view.a, view.b, view.c, view.d, view.e, view.f
        for index in range(max(0, pdfium.path_segments(thing))):
            segment = pdfium.path_segment(thing, index)
            kind = pdfium.segment_type(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points, straight
                points, straight = [], True
            elif kind != raw.FPDF_SEGMENT_LINETO:
                straight = False
            pdfium.segment_point(segment, at_x, at_y)
            x, y = values[0], values[1]
            points.append((a * x + c * y + e, b * x + d * y + f))
            if len(points) > 1 and pdfium.segment_closes(segment):
                points.append(points[0])
        if len(points) > 1:
            yield points, straight


def _level(a: Point, b: Point) -> bool:
    return abs(a[1] - b[1]) <= SLANT


def _upright(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) <= SLANT


def _differ(a: Colour, b: Colour) -> bool:
    return abs(a[0] - b[0]) > FAINTEST or abs(a[1] - b[1]) > FAINTEST or abs(a[2] - b[2]) > FAINTEST


def _touch(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
