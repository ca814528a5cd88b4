"""What is painted on a page besides the characters themselves: ruled lines, and what hides characters.

A character can be in the file and not on the page: clipped away, covered by something painted later, white on
white, or drawn in the mode that draws nothing. What a reader of the page cannot see is not read.
"""

from collections import deque
from collections.abc import Callable, Iterator
from ctypes import Array, addressof, c_float, c_int, c_uint, c_void_p, sizeof
from itertools import count, pairwise, repeat
from typing import Any

from pypdfium2 import raw

from budgetgraph.converter.blocks import value
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.areas import Area, Areas, Colour
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
#: So many segments of a path are taken from PDFium at once: a rectangle has five.
SEGMENTS_AT_ONCE = 16
#: The most objects of one page that are looked at.
MAXIMUM_OBJECTS = 200_000

_WHITE = (255, 255, 255)
_PICTURE = (-255, -255, -255)  # differs from every colour
_IDENTITY = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
_MOVE, _LINE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO
_FIRST = repeat(0)
_NOTHING: Box = (0.0, 0.0, -1.0, -1.0)
_INVISIBLE_MODES = frozenset((raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP))

Point = tuple[float, float]
#: position across the line, start and end along it
Rule = tuple[float, float, float]


@value
class Veil:
    """What hides a text object: it shows in `clip` only, and not where `covers` lie."""

    clip: Box
    covers: tuple[Box, ...] = ()

    def shows(self, x: float, y: float) -> bool:
        """Tell whether a character whose middle is at a point is to be seen."""
        left, top, right, bottom = self.clip
        if not (left <= x <= right and top <= y <= bottom):
            return False
        return not self.covers or not any(holds_point(box, x, y) for box in self.covers)


_HIDDEN = Veil(_NOTHING)
#: Hides nothing.
OPEN = Veil(EVERYWHERE)


class _Room:
    """Room for the numbers that PDFium writes, and their addresses."""

    def __init__(self, kind: type[c_float | c_uint | c_int], count: int) -> None:
        self.values: Array[Any] = (kind * count)()
        base, size = addressof(self.values), sizeof(kind)
        self.at = tuple(c_void_p(base + size * index) for index in range(count))


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
        self._areas = Areas(where)
        self._stretches: list[tuple[int, list[pdfium.Handle]]] = []
        self._orders: dict[int | None, int] = {}
        self._forms: dict[int | None, tuple[View, Box]] = {}
        self._veils: dict[int | None, Veil] = {}
        self._clips: dict[tuple[View | int | None, ...], Box] = {}
        self._views: dict[tuple[View | float, ...], View] = {}
        self._clipped = {EVERYWHERE: OPEN}
        self._order = self._count = 0
        self._floats = _Room(c_float, 6)
        self._channels = _Room(c_uint, 4)
        self._mode = _Room(c_int, 2)
        self._points = _Room(c_float, 2 * SEGMENTS_AT_ONCE)
        self._xs_at, self._ys_at = self._points.at[::2], self._points.at[1::2]
        self._look(pdfium.handle_of(page), raw.FPDFPage_CountObjects(page), view, view.box, 0)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is painted on the page."""
        return not self._order

    def veil(self, text: int | None) -> Veil:
        """Return what hides a text object. text: its address"""
        known = self._veils.get(text)
        if known is None:
            known = self._veils[text] = self._veil(text)
        return known

    def _look(self, parent: pdfium.Handle, objects: int, view: View, clip: Box, depth: int) -> None:
        self._count += objects
        if self._count > MAXIMUM_OBJECTS:
            limit = f"more than {MAXIMUM_OBJECTS} objects"
            raise SourceError(f"{self._where}: {limit}; print the publication to a new PDF.")
        things = list(map(pdfium.form_object if depth else pdfium.page_object, repeat(parent), range(objects)))
        if depth:
            self._forms.update(dict.fromkeys((thing.value for thing in things), (view, clip)))
        before, start = self._order, 0
        for index, kind in enumerate(map(pdfium.object_type, things)):
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                continue
            thing = things[index]
            self._order = before + index + 1
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(thing, view, intersection(clip, self._clip(thing, view)))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._picture(thing, view, intersection(clip, self._clip(thing, view)))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
                self._stretches.append((before + start + 1, things[start : index + 1]))
                start = index + 1
                inside = intersection(clip, self._clip(thing, view))
                children = pdfium.form_objects(thing)
                self._look(thing, children, self._inner_view(thing, view), inside, depth + 1)
                before = self._order - start
        self._stretches.append((before + start + 1, things[start:]))
        self._order = before + len(things)

    def _order_of(self, text: int | None) -> int | None:
        """Return when a text object is painted. Few pages have anything that makes it matter."""
        for first, things in self._stretches:
            self._orders.update(zip((thing.value for thing in things), count(first), strict=False))
        self._stretches.clear()
        return self._orders.get(text)

    def _bounds(self, thing: pdfium.Handle, view: View) -> Box:
        pdfium.object_bounds(thing, *self._floats.at[:4])
        left, bottom, right, top = self._floats.values[:4]
        return view.shown(left, bottom, right, top)

    def _colour(self, call: Callable[..., object], thing: pdfium.Handle) -> tuple[Colour, bool]:
        """Return a fill or stroke colour, and whether it is to be seen at all."""
        if not call(thing, *self._channels.at):
            return (0, 0, 0), True
        red, green, blue, alpha = self._channels.values[:]
        return (red, green, blue), alpha > FAINTEST

    def _inner_view(self, thing: pdfium.Handle, view: View) -> View:
        pdfium.object_matrix(thing, self._floats.at[0])
        a, b, c, d, e, f = matrix = self._floats.values[:]
        if matrix == _IDENTITY:
            return view
        key = (view, a, b, c, d, e, f)
        known = self._views.get(key)
        if known is None:  # neighbours mostly share theirs
            known = self._views[key] = view.within((a, b, c, d, e, f))
        return known

    def _clip(self, thing: pdfium.Handle, view: View) -> Box:
        """Return the box to which an object is clipped. Neighbours mostly share theirs, so boxes are kept."""
        clip = pdfium.object_clip(thing)
        paths = pdfium.clip_paths(clip)
        if paths <= 0:
            return EVERYWHERE
        # Objects with the same clip share its paths, which stay where they are while the page is open.
        key = (view, *map(pdfium.clip_address, repeat(clip), range(paths), _FIRST))
        known = self._clips.get(key)
        if known is None:
            known = EVERYWHERE
            for path in range(paths):
                points = self._clip_points(clip, path)
                if points:
                    xs, ys = [x for x, _ in points], [y for _, y in points]
                    known = intersection(known, view.shown(min(xs), min(ys), max(xs), max(ys)))
            self._clips[key] = known
        return known

    def _clip_points(self, clip: pdfium.Handle, path: int) -> list[Point]:
        points = []
        for index in range(pdfium.clip_segments(clip, path)):
            segment = pdfium.clip_segment(clip, path, index)
            if segment and pdfium.segment_point(segment, *self._floats.at[:2]):
                points.append((self._floats.values[0], self._floats.values[1]))
        return points

    def _veil(self, address: int | None) -> Veil:
        text = pdfium.Handle(address)
        mode = pdfium.text_mode(text)
        stroked = mode == raw.FPDF_TEXTRENDERMODE_STROKE
        ink, inked = self._colour(pdfium.object_stroke if stroked else pdfium.object_fill, text)
        if mode in _INVISIBLE_MODES or not inked:
            return _HIDDEN
        view, clip = self._forms.get(address, (self._view, EVERYWHERE))
        clip = intersection(clip, self._clip(text, view))
        order = self._order_of(address) if self._areas or not _differ(ink, _WHITE) else None
        if order is None:
            return self._clipped.get(clip) or self._clipped.setdefault(clip, Veil(clip))
        box = self._bounds(text, view)
        ground = self._areas.ground((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, order)
        if not _differ(ink, ground or _WHITE):
            return _HIDDEN
        covers = self._areas.covers(box, order)
        return Veil(clip, covers) if covers else self._clipped.setdefault(clip, Veil(clip))

    def _picture(self, thing: pdfium.Handle, view: View, clip: Box) -> None:
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
            self._areas.add(Area(self._order, box, _PICTURE))

    def _rule(self, box: Box) -> None:
        left, top, right, bottom = box
        across, down = right - left, bottom - top
        dot = across <= THICKEST_RULE >= down  # a corner, or a piece of a dotted line
        if across >= down or dot:
            self.level.append(((top + bottom) / 2, left, right))
        if down >= across or dot:
            self.upright.append(((left + right) / 2, top, bottom))

    def _path(self, thing: pdfium.Handle, view: View, clip: Box) -> None:
        pdfium.path_mode(thing, *self._mode.at)
        filling, stroked = self._mode.values[:]
        filled = filling != raw.FPDF_FILLMODE_NONE
        fill: Colour = _WHITE
        if filled:
            fill, filled = self._colour(pdfium.object_fill, thing)
        if stroked:
            stroke, stroked = self._colour(pdfium.object_stroke, thing)
            stroked = stroked and _differ(stroke, _WHITE)
        if not filled and not stroked:
            return
        left, top, right, bottom = clip
        clip = left - CLIP_SLACK, top - CLIP_SLACK, right + CLIP_SLACK, bottom + CLIP_SLACK
        for points, straight in self._subpaths(thing, self._inner_view(thing, view)):
            if filled and straight and len(points) > 2:
                self._filled(thing, points, clip, fill)
            if stroked:
                for a, b in pairwise(points):
                    self._stroked(a, b, clip)

    def _filled(self, thing: pdfium.Handle, points: list[Point], clip: Box, colour: Colour) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = intersection((min(xs), min(ys), max(xs), max(ys)), clip)
        across, down = box[2] - box[0], box[3] - box[1]
        if across < 0 or down < 0:
            return
        if min(across, down) <= THICKEST_RULE:
            if _differ(colour, _WHITE):
                self._rule(box)
        elif _is_box(points) and not pdfium.object_is_transparent(thing):
            self._areas.add(Area(self._order, box, colour))

    def _stroked(self, a: Point, b: Point, clip: Box) -> None:
        if _level(a, b) or _upright(a, b):
            line = min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
            box = intersection(line, clip)
            if box[0] <= box[2] and box[1] <= box[3]:
                self._rule(box)

    def _subpaths(self, thing: pdfium.Handle, view: View) -> Iterator[tuple[list[Point], bool]]:
        """Yield the points of each part of a path, of closed parts with the first point again, and "no curves"."""
        points: list[Point] = []
        straight = True
        a, b, c, d, e, f = view.a, view.b, view.c, view.d, view.e, view.f
        segments = max(0, pdfium.path_segments(thing))
        for start in range(0, segments, SEGMENTS_AT_ONCE):
            some = list(map(pdfium.path_segment, repeat(thing), range(start, min(segments, start + SEGMENTS_AT_ONCE))))
            deque(map(pdfium.segment_point, some, self._xs_at, self._ys_at), maxlen=0)  # calls it for each
            flat = iter(self._points.values[: 2 * len(some)])
            for segment, kind, x, y in zip(some, map(pdfium.segment_type, some), flat, flat, strict=True):
                if kind == _MOVE:
                    if len(points) > 1:
                        yield points, straight
                    points, straight = [], True
                elif kind != _LINE:
                    straight = False
                points.append((a * x + c * y + e, b * x + d * y + f))
                if len(points) > 1 and pdfium.segment_closes(segment):
                    points.append(points[0])
        if len(points) > 1:
            yield points, straight


def _level(a: Point, b: Point) -> bool:
    return abs(a[1] - b[1]) <= SLANT


def _upright(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) <= SLANT


def _is_box(points: list[Point]) -> bool:
    return all(_level(a, b) or _upright(a, b) for a, b in pairwise(points))


def _differ(a: Colour, b: Colour) -> bool:
    return abs(a[0] - b[0]) > FAINTEST or abs(a[1] - b[1]) > FAINTEST or abs(a[2] - b[2]) > FAINTEST
