"""A picture of a page -> the page as `readers.pdf.page` gives it for a page of characters."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, product

import numpy as np

from budgetgraph.converter.readers.pdf.geometry import Box
from budgetgraph.converter.readers.pdf.lattice import Lattice, lattice
from budgetgraph.converter.readers.pdf.lines import is_wide
from budgetgraph.converter.readers.pdf.objects import Rule
from budgetgraph.converter.readers.pdf.page import Page, Run
from budgetgraph.converter.readers.pdf.rules import nets, snapped
from budgetgraph.converter.readers.scan.bitmap import SCALE, Bitmap, Grey, straightened
from budgetgraph.converter.readers.scan.recognition import recognise
from budgetgraph.converter.readers.scan.segments import Region, character_height, cuts, pieces

#: So many of the longest lines are recognised to see how a page stands.
SAMPLE = 6
#: Text that stands sideways comes in more than so many times the pieces.
SIDEWAYS = 1.5
#: Ink on both sides of a border with no more than this part of a character's height between it may be one number
#: that runs over the border ...
TOUCHES = 0.5
#: ... and then none of both is sure.
CUT = 0.5
#: White margin around a line, in dots.
MARGIN = 4
#: A line that is wider than so many of its heights is recognised in parts: one of a whole page would take 100 MiB.
LONGEST = 30


def _crop(bitmap: Bitmap, piece: Region, height: int) -> Grey:
    """Return the picture of a piece with some margin; a dash has the height of a line."""
    above = max(MARGIN, (height - (piece.bottom - piece.top)) // 2 + MARGIN)
    rows = slice(max(0, piece.top - above), piece.bottom + above)
    return bitmap.grey[rows, max(0, piece.left - MARGIN) : piece.right + MARGIN]


def _standing(picture: Grey) -> tuple[Bitmap, int]:
    """Return the page upright, and by how many quarters clockwise it lay turned.

    Along the lines of its text the ink comes in the fewest pieces; upright, these are recognised best.
    """
    upright = straightened(picture)
    # A page turned by quarters lies askew as before.
    made = {0: upright, 1: straightened(np.ascontiguousarray(np.rot90(picture)), upright.skew)}
    found = {turn: _lines(bitmap) for turn, bitmap in made.items()}
    counts = [len(lines) for _, lines in found.values()]
    fewest = min(counts) or max(counts)
    best_turn, best_score, skew = 0, 0.0, upright.skew
    del upright  # pictures are large
    made = {turn: bitmap for turn, bitmap in made.items() if counts[turn] <= SIDEWAYS * fewest}
    for quarter, bitmap in made.items():
        height, lines = found[quarter]
        wide = sorted((p for p in lines if p.right - p.left > p.bottom - p.top), key=lambda p: p.left - p.right)
        sample = [_crop(bitmap, line, height) for line in wide[:SAMPLE]]
        for half in (0, 2):
            sure = [recognise(np.ascontiguousarray(np.rot90(line, half)))[1] for line in sample]
            score = float(np.mean(sure)) * len(wide) / len(lines) if sure else 0.0
            if score > best_score:
                best_turn, best_score = quarter + half, score
    return made.get(best_turn) or straightened(np.ascontiguousarray(np.rot90(picture, best_turn)), skew), best_turn


def _lines(bitmap: Bitmap) -> tuple[int, list[Region]]:
    """Return the height of a usual character, and the pieces of lines of the whole page."""
    height = character_height(bitmap.ink)
    return height, [p for p in pieces(bitmap.ink, _whole(bitmap), height) if p.bottom - p.top < 3 * height]


def _whole(bitmap: Bitmap) -> Region:
    return Region(0, 0, bitmap.ink.shape[1], bitmap.ink.shape[0])


def _in_dots(box: Box) -> Region:
    left, top, right, bottom = (round(value * SCALE) for value in box)
    return Region(left, top, right, bottom)


def _regions(bitmap: Bitmap, lattices: Sequence[Lattice]) -> Iterator[tuple[Grey, Region]]:
    """Yield the cells of the tables, then the page without them, each with the ink to look at."""
    rest = bitmap.ink.copy()
    for found in lattices:
        for area in found.areas:
            yield bitmap.ink, _in_dots(found.area_box(area))
        whole = _in_dots(found.box)
        rest[whole.top : whole.bottom, whole.left : whole.right] = 0
    yield rest, _whole(bitmap)


def _edges(text: str, left: float, right: float) -> list[float]:
    """Return where characters begin and the last one ends, by the usual widths: Chinese has twice that of digits."""
    widths = [2 if is_wide(c) else 0.6 if c in ".,:;'" else 1 for c in text]
    places = list(accumulate(widths, initial=0.0))
    scale = (right - left) / places[-1]
    return [left + place * scale for place in places]


def _run(text: str, sure: float, piece: Region) -> Run:
    left, top, right, bottom = (value / SCALE for value in (piece.left, piece.top, piece.right, piece.bottom))
    edges = _edges(text, left, right)
    return Run(text, left, top, right, bottom, edges[:-1], edges[1:], confidence=sure)


def _cut_by_borders(found: Sequence[Region], upright: Sequence[Rule], height: int) -> set[Region]:
    """Return the pieces that end at an upright line where another piece begins at once."""
    near = TOUCHES * height
    result: set[Region] = set()
    for x, top, bottom in upright:
        beside = [p for p in found if p.top < bottom and p.bottom > top]
        left = [p for p in beside if abs(x - p.right) <= near]
        right = [p for p in beside if abs(p.left - x) <= near]
        for a, b in product(left, right):
            shared = min(a.bottom, b.bottom) - max(a.top, b.top)
            if b.left - a.right <= near and shared > 0.5 * min(a.bottom - a.top, b.bottom - b.top):
                result |= {a, b}
    return result


def _recognised(bitmap: Bitmap, piece: Region, height: int) -> tuple[str, float]:
    """Return the text of a piece and how sure its least sure character is; long lines are recognised in parts."""
    line = _crop(bitmap, piece, height)
    left = max(0, piece.left - MARGIN)
    places = [place - left for place in cuts(bitmap.ink, piece, LONGEST * line.shape[0])]
    read = [recognise(np.ascontiguousarray(part)) for part in np.split(line, places, axis=1)]
    return "".join(text for text, _ in read), min(sure for _, sure in read)


def read_picture(picture: Grey, number: int, where: str) -> Page:
    """Return what the picture of a page shows, upright and straight.

    picture  brightness by rows and columns at `bitmap.DOTS` dots per inch
    number   of the page, from 1; where: file and page, for messages

    Raises SourceError when the extra `ocr` is not installed or the picture has too many ruled lines.
    """
    bitmap, turn = _standing(picture)
    level = [_in_points(rule) for rule in bitmap.level]
    upright = [_in_points(rule) for rule in bitmap.upright]
    made = (lattice(net, where) for net in nets(snapped(level), snapped(upright), where))
    height = character_height(bitmap.ink)
    regions = _regions(bitmap, [each for each in made if each is not None])
    found = [piece for ink, region in regions for piece in pieces(ink, region, height)]
    doubtful = _cut_by_borders(found, bitmap.upright, height)
    runs = []
    for piece in found:
        text, sure = _recognised(bitmap, piece, height)
        runs.append(_run(text, min(sure, CUT) if piece in doubtful else sure, piece))
    rows, columns = bitmap.ink.shape
    return Page(
        number,
        columns / SCALE,
        rows / SCALE,
        turn,
        level,
        upright,
        1.0,
        not runs and not level and not upright,
        runs,
        skew=bitmap.skew,
    )


def _in_points(rule: Rule) -> Rule:
    return rule[0] / SCALE, rule[1] / SCALE, rule[2] / SCALE
