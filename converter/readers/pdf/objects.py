"""What is painted on a page besides the characters themselves: ruled lines, and what hides characters.

A character can be in the file and not on the page: clipped away, covered by something painted later, white on
white, or drawn in the mode that draws nothing. What a reader of the page cannot see is not read.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count, islice, pairwise, repeat
from typing import NamedTuple

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.areas import Area, Areas, Colour
from budgetgraph.converter.readers.pdf.clips import Clips
from budgetgraph.converter.readers.pdf.geometry import EVERYWHERE, Box, Point, View, holds_point, intersection
from budgetgraph.converter.readers.pdf.library import Pointer, pointer

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
_MOVE, _LINE = pdfium.SEGMENT_MOVE, pdfium.SEGMENT_LINE
_NOTHING: Box = (0.0, 0.0, -1.0, -1.0)
_INVISIBLE_MODES = frozenset((pdfium.MODE_INVISIBLE, pdfium.MODE_CLIP))

Matrix = tuple[float, float, float, float, float, float]
#: position across the line, start and end along it
Rule = tuple[float, float, float]
#: Whether an object has a colour of its own; red, green, blue and alpha
_Ink = tuple[int, int, int, int, int]


class Veil(NamedTuple):
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


class Painting:
    """The objects of an open page in the order in which they are painted; only valid while the page is open.

    level, upright  ruled lines
    pictures        the share of the page that pictures take, at most 1
    """

    def __init__(self, page: pdfium.OpenPage, view: View, where: str) -> None:
        """Look at all objects. Raises SourceError, with `where` for the file and page, when there are too many."""
        self.level: list[Rule] = []
        self.upright: list[Rule] = []
        self.pictures = 0.0
        self._view = view
        self._where = where
        self._rooms = page.rooms
        self._areas = Areas(where)
        self._texts: list[int] = []
        self._first_text: int | None = None
        self._is_followed = True
        self._stretches: list[tuple[int, list[int]]] = []
        self._orders: dict[int | None, int] = {}
        self._faint: dict[Colour, bool] = {}
        self._forms: dict[int | None, tuple[View, Box]] = {}
        self._veils: dict[int | None, Veil] = {}
        self._clips = Clips(page.rooms)
        self._views: dict[tuple[View, Matrix], View] = {}
        self._kinds: dict[tuple[int, _Ink, Box, Box], tuple[Veil, Colour | None]] = {}
        self._order = self._count = 0
        self._look(page.handle, pdfium.page_objects(page.handle), view, view.box, 0)
        self._is_covered = self._first_text is not None and self._areas.go_on_after(self._first_text)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is painted on the page."""
        return not self._order

    def shows_all(self) -> bool:
        """Tell whether no text can be hidden: where all are in plain sight, there is no need to look at each run."""
        if self._is_covered or not self._is_followed:
            return False
        start, size = 0, 1  # the first text mostly tells of all
        while start < len(self._texts):
            self.veils(self._texts[start : start + size])
            for veil, faint in self._kinds.values():
                if faint or intersection(veil.clip, self._view.box) != self._view.box:
                    return False
            start, size = start + size, pdfium.AT_ONCE
        return True

    def veils(self, texts: Iterable[int | None]) -> dict[int | None, Veil]:
        """Return what hides text objects, by their addresses."""
        new = [text for text in dict.fromkeys(texts) if text not in self._veils]
        for start in range(0, len(new), pdfium.AT_ONCE):
            some = new[start : start + pdfium.AT_ONCE]
            things = list(map(pointer, some))
            modes, inks = list(map(pdfium.text_mode, things)), self._inks(pdfium.object_fill, things)
            if pdfium.MODE_STROKE in modes:
                strokes = self._inks(pdfium.object_stroke, things)
                inks = [b if mode == pdfium.MODE_STROKE else a for mode, a, b in zip(modes, inks, strokes, strict=True)]
            views, outers = zip(*map(self._forms.get, some, repeat((self._view, EVERYWHERE))), strict=True)
            kinds = zip(modes, inks, outers, self._clips.of(things, views), strict=True)
            before = None
            for text, thing, view, kind in zip(some, things, views, kinds, strict=True):
                if kind != before:  # most texts are painted as the one before
                    before = kind
                    painted, faint = self._kinds.get(kind) or self._kinds.setdefault(kind, self._veil(*kind))
                    is_settled = not (faint or self._is_covered) or painted is _HIDDEN
                self._veils[text] = painted if is_settled else self._among_areas(painted, faint, text, thing, view)
        return self._veils

    def covered(self) -> list[Pointer]:
        """Return the texts of the page itself that other objects cover wholly."""
        found = []
        for text, veil in self._veils.items():
            if veil.covers and text is not None and text not in self._forms:
                box = self._bounds(thing := pointer(text), self._view)
                if any(c[0] <= box[0] and c[1] <= box[1] and box[2] <= c[2] and box[3] <= c[3] for c in veil.covers):
                    found.append(thing)
        return found

    def _look(self, parent: Pointer, objects: int, view: View, clip: Box, depth: int) -> None:
        self._count += objects
        if self._count > MAXIMUM_OBJECTS:
            limit = f"more than {MAXIMUM_OBJECTS} objects"
            raise SourceError(f"{self._where}: {limit}; print the publication to a new PDF.")
        addresses = list(map(pdfium.form_object if depth else pdfium.page_object, repeat(parent), range(objects)))
        if depth:
            self._forms.update(dict.fromkeys(addresses, (view, clip)))
        things = list(map(pointer, addresses))
        kinds = list(map(pdfium.object_type, things))
        paths = self._paths([things[i] for i, kind in enumerate(kinds) if kind == pdfium.OBJECT_PATH], view, clip)
        before, start = self._order, 0
        for index, kind in enumerate(kinds):
            if kind == pdfium.OBJECT_TEXT:
                if self._first_text is None:
                    self._first_text = before + index + 1
                self._texts.append(addresses[index])
                continue
            self._order = before + index + 1
            if kind == pdfium.OBJECT_PATH:
                next(paths)
            elif kind == pdfium.OBJECT_IMAGE:
                self._picture(things[index], view, self._inside(things[index], view, clip))
            elif kind == pdfium.OBJECT_FORM and depth == DEEPEST_FORM:
                self._is_followed = False
            elif kind == pdfium.OBJECT_FORM:
                self._stretches.append((before + start + 1, addresses[start : index + 1]))
                start = index + 1
                form = things[index]
                inside = self._inside(form, view, clip)
                (matrix,) = self._matrices([form])
                children = pdfium.form_objects(form)
                self._look(form, children, self._inner_view(matrix, view), inside, depth + 1)
                before = self._order - start
        self._stretches.append((before + start + 1, addresses[start:]))
        self._order = before + len(things)

    def _is_faint(self, colour: Colour) -> bool:
        """Tell whether a colour cannot be told from that of an area or from white."""
        known = self._faint.get(colour)
        if known is None:
            known = self._faint[colour] = not all(_differ(colour, other) for other in (_WHITE, *self._areas.colours))
        return known

    def _order_of(self, text: int | None) -> int | None:
        """Return when a text object is painted. Few pages have anything that makes it matter."""
        for first, addresses in self._stretches:
            self._orders.update(zip(addresses, count(first), strict=False))
        self._stretches.clear()
        return self._orders.get(text)

    def _bounds(self, thing: Pointer, view: View) -> Box:
        room = self._rooms.points
        xs, ys = room.at
        pdfium.object_bounds(thing, xs[0], ys[0], xs[1], ys[1])
        left, bottom, right, top = room.numbers(2)
        return view.shown(left, bottom, right, top)

    def _inside(self, thing: Pointer, view: View, clip: Box) -> Box:
        """Return the part of a box to which an object is clipped."""
        return intersection(clip, *self._clips.of([thing], [view]))

    def _inks(self, call: Callable[..., int], things: list[Pointer]) -> list[_Ink]:
        """Return the fill or stroke colours of at most AT_ONCE objects."""
        room = self._rooms.colours
        known = list(map(call, things, *room.at))
        flat = iter(room.numbers(len(things)))
        return list(zip(known, flat, flat, flat, flat, strict=True))

    def _matrices(self, things: list[Pointer]) -> list[Matrix]:
        """Return the matrices of at most AT_ONCE objects."""
        room = self._rooms.matrices
        deque(map(pdfium.object_matrix, things, room.at[0]), maxlen=0)  # calls it for each
        flat = iter(room.numbers(len(things)))
        return list(zip(flat, flat, flat, flat, flat, flat, strict=True))

    def _inner_view(self, matrix: Matrix, view: View) -> View:
        if matrix == _IDENTITY:
            return view
        known = self._views.get((view, matrix))
        if known is None:  # neighbours mostly share theirs
            known = self._views[view, matrix] = view.within(matrix)
        return known

    def _veil(self, mode: int, ink: _Ink, outer: Box, clip: Box) -> tuple[Veil, Colour | None]:
        """Return what hides texts of a kind where there are no areas, and their colour if areas may be of it."""
        colour, inked = _colour(ink)
        if mode in _INVISIBLE_MODES or not inked:
            return _HIDDEN, None
        return Veil(intersection(outer, clip)), colour if self._is_faint(colour) else None

    def _among_areas(self, veil: Veil, faint: Colour | None, text: int | None, thing: Pointer, view: View) -> Veil:
        """Return what hides a text where areas are painted before it, in its colour, or after it."""
        order = self._order_of(text)
        if order is None or not (faint or self._areas.go_on_after(order)):
            return veil
        box = self._bounds(thing, view)
        if faint:
            ground = self._areas.ground((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, order)
            if not _differ(faint, ground or _WHITE):
                return _HIDDEN
        covers = self._areas.covers(box, order)
        return Veil(veil.clip, covers) if covers else veil

    def _picture(self, thing: Pointer, view: View, clip: Box) -> None:
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

    def _paths(self, things: list[Pointer], view: View, clip: Box) -> Iterator[None]:
        """Take the lines and areas of one path at each step."""
        for start in range(0, len(things), pdfium.AT_ONCE):
            some = things[start : start + pdfium.AT_ONCE]
            room = self._rooms.modes
            deque(map(pdfium.path_mode, some, *room.at), maxlen=0)
            flat = room.numbers(len(some))
            fills = self._inks(pdfium.object_fill, some)
            strokes = self._inks(pdfium.object_stroke, some) if any(flat[1::2]) else fills
            modes = iter(flat)
            matrices, clips = self._matrices(some), self._clips.of(some, repeat(view))
            counts = [max(0, length) for length in map(pdfium.path_segments, some)]
            segments = self._segments(some, counts)
            for each in zip(some, modes, modes, fills, strokes, matrices, clips, counts, strict=True):
                thing, filling, stroking, fill, stroke, matrix, own, length = each
                colour, filled = _colour(fill)
                filled = filled and filling != pdfium.FILL_NONE
                line, stroked = _colour(stroke) if stroking else (_WHITE, False)
                stroked = stroked and _differ(line, _WHITE)
                parts = _subpaths(islice(segments, length), self._inner_view(matrix, view))
                self._path(thing, parts, intersection(clip, own), filled, stroked, colour)
                yield

    def _segments(self, paths: list[Pointer], counts: list[int]) -> Iterator[tuple[Point, int, int]]:
        """Yield where each segment of paths ends, in the file's coordinates, its kind, and whether it closes a part."""
        owners, places = chain.from_iterable(map(repeat, paths, counts)), chain.from_iterable(map(range, counts))
        segments = map(pointer, map(pdfium.path_segment, owners, places))
        while some := list(islice(segments, pdfium.AT_ONCE)):
            yield from zip(
                self._rooms.ends(some), map(pdfium.segment_type, some), map(pdfium.segment_closes, some), strict=True
            )

    def _path(
        self,
        thing: Pointer,
        parts: Iterable[tuple[list[Point], bool]],
        clip: Box,
        filled: bool,
        stroked: bool,
        fill: Colour,
    ) -> None:
        left, top, right, bottom = clip
        clip = left - CLIP_SLACK, top - CLIP_SLACK, right + CLIP_SLACK, bottom + CLIP_SLACK
        for points, straight in parts:
            if filled and straight and len(points) > 2:
                self._filled(thing, points, clip, fill)
            if stroked:
                for a, b in pairwise(points):
                    self._stroked(a, b, clip)

    def _filled(self, thing: Pointer, points: list[Point], clip: Box, colour: Colour) -> None:
        xs, ys = zip(*points, strict=True)
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
        if _is_straight(a, b):
            line = min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
            box = intersection(line, clip)
            if box[0] <= box[2] and box[1] <= box[3]:
                self._rule(box)


def _subpaths(segments: Iterable[tuple[Point, int, int]], view: View) -> list[tuple[list[Point], bool]]:
    """Return the points of each part of a path, of closed parts with the first point again, and "no curves"."""
    result: list[tuple[list[Point], bool]] = []
    points: list[Point] = []
    straight = True
    a, b, c, d, e, f = view.a, view.b, view.c, view.d, view.e, view.f
    for (x, y), kind, closes in segments:
        if kind == _MOVE:
            if len(points) > 1:
                result.append((points, straight))
            points, straight = [], True
        elif kind != _LINE:
            straight = False
        points.append((a * x + c * y + e, b * x + d * y + f))
        if closes and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        result.append((points, straight))
    return result


def _is_straight(a: Point, b: Point) -> bool:
    """Tell whether a line is level or upright."""
    return abs(a[1] - b[1]) <= SLANT or abs(a[0] - b[0]) <= SLANT


def _is_box(points: list[Point]) -> bool:
    return all(map(_is_straight, points, points[1:]))


def _colour(ink: _Ink) -> tuple[Colour, bool]:
    """Return a colour, black for none, and whether it is to be seen at all."""
    has_one, red, green, blue, alpha = ink
    return ((red, green, blue), alpha > FAINTEST) if has_one else ((0, 0, 0), True)


def _differ(a: Colour, b: Colour) -> bool:
    return abs(a[0] - b[0]) > FAINTEST or abs(a[1] - b[1]) > FAINTEST or abs(a[2] - b[2]) > FAINTEST
