"""The boxes to which the objects of a page are clipped."""

from collections.abc import Iterable
from itertools import repeat

from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.geometry import EVERYWHERE, Box, View, intersection
from budgetgraph.converter.readers.pdf.library import Pointer, pointer


class Clips:
    """The clips of an open page. Objects share clips and clips share paths, so the boxes of both are kept.

    Paths stay where they are while the page is open, so one is known by the address of its first segment. A clip is
    made of another by adding a path, so one is known by how many it has and by the last.
    """

    def __init__(self, rooms: pdfium.Rooms) -> None:
        self._rooms = rooms
        self._clips: dict[tuple[View, int, int], Box] = {}
        self._paths: dict[tuple[View, int | None], Box] = {}

    def of(self, things: list[Pointer], views: Iterable[View]) -> list[Box]:
        """Return the boxes to which objects are clipped, in their views of the page."""
        clips = list(map(pointer, map(pdfium.object_clip, things)))
        counts = list(map(pdfium.clip_paths, clips))
        if max(counts, default=0) <= 0:  # most pages clip nothing
            return [EVERYWHERE] * len(things)
        result = []
        for clip, paths, view in zip(clips, counts, views, strict=False):
            if paths <= 0:
                result.append(EVERYWHERE)
                continue
            last = pdfium.clip_segment(clip, paths - 1, 0)
            box = self._clips.get((view, paths, last))
            if box is None:
                box = EVERYWHERE
                for path in range(paths):
                    box = intersection(box, self._path_box(clip, path, view))
                if last is not None:
                    self._clips[view, paths, last] = box
            result.append(box)
        return result

    def _path_box(self, clip: Pointer, path: int, view: View) -> Box:
        count = pdfium.clip_segments(clip, path)
        segments = list(map(pdfium.clip_segment, repeat(clip), repeat(path), range(count)))
        if not segments:
            return EVERYWHERE
        key = view, segments[0]
        if key not in self._paths:
            xs, ys = zip(*self._rooms.ends(list(map(pointer, segments))), strict=True)
            self._paths[key] = view.shown(min(xs), min(ys), max(xs), max(ys))
        return self._paths[key]
