"""The picture of a page: made straight, its ruled lines found, its ink told from its paper.

Everything is in dots of a picture at DOTS per inch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from budgetgraph.converter.readers.pdf.objects import Rule

#: Dots per inch at which pictures are looked at, and dots per point.
DOTS = 200
SCALE = DOTS / 72
#: The most dots of one page that are looked at: A2.
MAXIMUM_DOTS = 16_000_000
#: Straight strokes at least this long, in dots, are ruled lines: no character has one.
SHORTEST_RULE = round(30 * SCALE)
#: The ring of a seal touches the upright and the level: a stroke shorter than this, in the mean thicker than ARC dots,
#: that fills less than this part of its box is no ruled line.
LONGEST_ARC, ARC, FULL = round(120 * SCALE), 3.5, 0.8
#: Shorter ones of at least this length are, too, where they run from one ruled line to the next (a border of one row),
#: end no further from these than so many dots, and are no thicker than that.
SHORTEST_BORDER, MEETS, THICKEST_BORDER = round(7 * SCALE), 4, 6
#: The paper may lie askew by this many degrees.
MOST_SKEW = 5.0
#: Ink is darker than the paper around it by this much of 255 ...
CONTRAST = 40
#: ... looked at in squares of this many dots.
AROUND = 101
#: A thin line of at least so many dots is ink where it is darker than what is beside it by this much, after so many
#: dots along it are averaged; strokes of characters side by side are shorter.
FAINT_RULE, FAINT, ALONG = round(100 * SCALE), 18, 5
#: A level rule may be thicker than a character's stroke, but not more than this many dots.
THICKEST_RULE = 14

Grey = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A page made straight.

    grey           brightness, ruled lines painted over with paper: what recognition sees
    ink            255 where a character's ink is, 0 elsewhere
    level, upright ruled lines in dots: position across, start, end
    skew           degrees counter-clockwise by which the paper lay askew
    """

    grey: Grey
    ink: Grey
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]
    skew: float


def _binary(grey: Grey) -> Grey:
    """Return 255 where ink is: darker than the paper around, so that shadows and grey cells are paper."""
    around = cv2.blur(grey, (AROUND, AROUND), borderType=cv2.BORDER_REPLICATE)
    return _above(_u8(cv2.subtract(around, grey)), CONTRAST)


def _above(array: Grey, least: int) -> Grey:
    """Return 255 where numbers are greater than one, 0 elsewhere, without numbers of eight bytes on the way."""
    return _u8(cv2.threshold(array, least, 255, cv2.THRESH_BINARY)[1])


def _with_faint_lines(grey: Grey, ink: Grey, upright: bool) -> Grey:
    """Return the ink with that of faint upright (or level) lines: the edge of a shaded cell is none, nor is text."""
    smooth = cv2.blur(grey, (1, ALONG) if upright else (ALONG, 1))
    across = np.ones((1, THICKEST_RULE + 1) if upright else (THICKEST_RULE + 1, 1), np.uint8)
    darker = _above(_u8(cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, across)), FAINT)
    mask, boxes = _strokes(darker, upright, FAINT_RULE)
    for left, top, width, height, _ in boxes:
        if (width if upright else height) > THICKEST_BORDER:
            mask[top : top + height, left : left + width] = 0
    return _u8(cv2.bitwise_or(ink, mask))


def _u8(array: Any) -> Grey:
    return np.asarray(array, np.uint8)


def _turned(image: Grey, degrees: float, fill: int) -> Grey:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return _u8(
        cv2.warpAffine(
            image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(fill,)
        )
    )


def _sharpness(ink: Grey, degrees: float) -> float:
    """Return how sharply rows of ink and rows of paper follow each other when the page is turned."""
    rows = _turned(ink, degrees, 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def skew_of(ink: Grey) -> float:
    """Return by how many degrees counter-clockwise a page lies askew: turned back, its rows are sharpest."""
    best, reach = 0.0, MOST_SKEW
    for shrink, step in ((4, 0.5), (2, 0.1), (1, 0.02)):
        small = _u8(cv2.resize(ink, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA))
        tries = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(tries, key=lambda degrees: _sharpness(small, -float(degrees))))
        reach = step
    return 0.0 if abs(best) < 0.03 else best


def _strokes(ink: Grey, upright: bool, shortest: int) -> tuple[Grey, Boxes]:
    """Return where straight level (or upright) strokes are, and of each one left, top, width, height and area."""
    joined = cv2.dilate(ink, np.ones((1, 3) if upright else (3, 1), np.uint8))
    mask = _u8(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((shortest, 1) if upright else (1, shortest), np.uint8)))
    return mask, connected(mask)


def connected(mask: Grey) -> Boxes:
    """Return left, top, width, height and area of each connected part of a picture."""
    return np.asarray(cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:], np.int32)


def _rules(ink: Grey, upright: bool) -> tuple[list[Rule], Grey]:
    """Return the level (or upright) ruled lines, and where they are."""
    mask, boxes = _strokes(ink, upright, SHORTEST_RULE)
    rules: list[Rule] = []
    for left, top, width, height, area in boxes:
        across, along = (width, height) if upright else (height, width)
        is_arc = along < LONGEST_ARC and area >= ARC * along and area < FULL * across * along
        if is_arc or (across > THICKEST_RULE and across * 4 > along):  # of a seal; a black area
            mask[top : top + height, left : left + width] = 0
        elif upright:
            rules.append((float(left + width / 2), float(top), float(top + height)))
        else:
            rules.append((float(top + height / 2), float(left), float(left + width)))
    return rules, mask


def _borders(ink: Grey, upright: bool, across: Sequence[Rule], mask: Grey) -> list[Rule]:
    """Return the short upright (or level) strokes from one of the rules across to the next, and add them to `mask`."""
    strokes, boxes = _strokes(ink, upright, SHORTEST_BORDER)
    found: list[Rule] = []
    for left, top, width, height, _ in boxes:
        thick, long = (width, height) if upright else (height, width)
        if thick > THICKEST_BORDER or long >= SHORTEST_RULE:
            continue
        place, start = (left + width / 2, top) if upright else (top + height / 2, left)
        met = [at for at, first, last in across if first - MEETS <= place <= last + MEETS]
        if all(any(abs(at - end) <= MEETS for at in met) for end in (start, start + long)):
            found.append((float(place), float(start), float(start + long)))
            part = (slice(top, top + height), slice(left, left + width))
            mask[part] |= strokes[part]
    return found


def straightened(picture: Grey, skew: float | None = None) -> Bitmap:
    """Return the page of a grey picture, made straight; `skew` where it is known."""
    paper = int(np.median(picture))
    ink = _binary(picture)
    skew = skew_of(ink) if skew is None else skew
    if skew:
        picture = _turned(picture, -skew, paper)
        ink = _binary(picture)
    level, level_mask = _rules(_with_faint_lines(picture, ink, upright=False), upright=False)
    upright, upright_mask = _rules(_with_faint_lines(picture, ink, upright=True), upright=True)
    short = _borders(ink, True, level, upright_mask), _borders(ink, False, upright, level_mask)
    upright, level = upright + short[0], level + short[1]
    ruled = cv2.dilate(cv2.bitwise_or(level_mask, upright_mask), np.ones((3, 3), np.uint8))
    grey = picture.copy()
    grey[ruled > 0] = paper
    ink[ruled > 0] = 0
    return Bitmap(grey, ink, tuple(level), tuple(upright), skew)
