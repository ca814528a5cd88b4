"""Ink -> the pieces of lines that are recognised one by one: the page is cut along white stretches.

No ink is left out but dust. A cut is made across first (lines of text), then along (words far apart), and again
inside each piece until nothing can be cut: columns whose lines stand at other heights come apart too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from budgetgraph.converter.readers.scan.bitmap import Grey, connected

#: A blank wider than this part of a character's height cuts a line into pieces.
APART = 0.9
#: A piece no larger than this part of a character's height in both directions is dust.
DUST = 0.16
#: Bands of ink that together are no higher than this part of a character's height are one line (二, ：, i).
ONE_LINE = 1.3
#: Heights of ink, in dots, that characters may have: 4 to 40 points.
HEIGHTS = (11, 110)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of dots: right and bottom are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int


def character_height(ink: Grey) -> int:
    """Return the height of a usual character in dots; 25 (9 points) where there is none."""
    smeared = np.asarray(cv2.dilate(ink, np.ones((1, 3), np.uint8)), np.uint8)
    heights = sorted(int(h) for _, _, w, h, _ in connected(smeared) if HEIGHTS[0] <= h <= HEIGHTS[1] and w <= 4 * h)
    return heights[len(heights) * 3 // 5] if heights else 25


def _stretches(ink: Grey, axis: int) -> list[tuple[int, int]]:
    """Return first and end of each run of rows (axis 1) or columns (axis 0) with ink."""
    filled = ink.max(axis=axis, initial=0) > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _bands(ink: Grey, height: int) -> list[tuple[int, int]]:
    """Return the bands of rows of ink; parts of one line's characters are one band."""
    result: list[tuple[int, int]] = []
    for start, end in _stretches(ink, 1):
        if result and end - result[-1][0] <= ONE_LINE * height:
            result[-1] = result[-1][0], end
        else:
            result.append((start, end))
    return result


def _words(ink: Grey, apart: float) -> list[tuple[int, int]]:
    """Return the stretches of columns of ink with no blank wider than `apart` in them."""
    result: list[tuple[int, int]] = []
    for start, end in _stretches(ink, 0):
        if result and start - result[-1][1] <= apart:
            result[-1] = result[-1][0], end
        else:
            result.append((start, end))
    return result


def pieces(ink: Grey, region: Region, height: int) -> Iterator[Region]:
    """Yield the tight boxes of the pieces of lines in a region.

    height  of a usual character, in dots
    """
    part = ink[region.top : region.bottom, region.left : region.right]
    bands = _bands(part, height)
    for top, bottom in bands:
        words = _words(part[top:bottom], APART * max(height, min(bottom - top, 2 * height)))
        for left, right in words:
            found = Region(region.left + left, region.top + top, region.left + right, region.top + bottom)
            if len(bands) > 1 or len(words) > 1:
                yield from pieces(ink, found, height)
            elif max(right - left, bottom - top) > DUST * height:
                yield found


def cuts(ink: Grey, piece: Region, most: int) -> list[int]:
    """Return where to cut a piece wider than `most` dots: at the widest blank about its middle, and so its halves.

    Where there is no blank, it is cut where the ink is thinnest.
    """
    width = piece.right - piece.left
    if width <= most:
        return []
    start, end = piece.left + width // 4, piece.right - width // 4
    columns = np.count_nonzero(ink[piece.top : piece.bottom, start:end], axis=0)
    thinnest = np.flatnonzero(columns == columns.min())
    widest = max(np.split(thinnest, np.flatnonzero(np.diff(thinnest) > 1) + 1), key=len)
    place = start + int(widest[len(widest) // 2])
    halves = (Region(a, piece.top, b, piece.bottom) for a, b in ((piece.left, place), (place, piece.right)))
    before, behind = (cuts(ink, half, most) for half in halves)
    return [*before, place, *behind]
