"""A page as a person sees it: runs of characters and ruled lines, in the coordinates of the shown page."""

import math
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from ctypes import byref, c_double
from dataclasses import dataclass, field
from itertools import chain, repeat

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.pdf import pdfium
from budgetgraph.converter.readers.pdf.geometry import Box, View
from budgetgraph.converter.readers.pdf.library import Pointer, pointer
from budgetgraph.converter.readers.pdf.objects import Painting, Rule

#: Characters further apart than this part of their height do not belong to one run.
RUN_GAP = 0.25
#: Characters whose feet differ by more than this part of their height do not stand on one line.
RUN_DRIFT = 0.25
#: A box lower than this, in points, says nothing of the character's height.
LOWEST_BOX = 0.5

#: Characters whose line runs aslant by more than this, in radians, against the sides of the page are a watermark's.
#: Slanted letters on a straight line are none, and a scan that lies askew lies less so.
ASLANT = math.radians(10)
QUARTER = math.pi / 2
#: The turn of such characters.
NO_TURN = -1

#: What makes a number in running text and tables.
_OF_NUMBERS = re.compile("[-0-9.,%万亿元]")
#: Stands for a character of which the file does not tell which it is.
REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class Run:
    """Characters that follow each other without a gap, as they are painted.

    starts, ends  left and right edge of each character (upper and lower where it is turned by 1 or 3 quarters)
    turn          quarter turns clockwise by which the characters are turned against the shown page
    first, last   PDFium's positions of the first and last character
    confidence    how sure the least sure character is; below 1 where it was recognised in a picture
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    starts: list[float]
    ends: list[float]
    turn: int = 0
    first: int = 0
    last: int = 0
    confidence: float = 1.0

    @property
    def box(self) -> Box:
        """Return the box around the run."""
        return self.left, self.top, self.right, self.bottom

    @property
    def height(self) -> float:
        """Return the height of the characters."""
        return self.bottom - self.top if self.turn % 2 == 0 else self.right - self.left


@dataclass(slots=True)
class Page:
    """What a page shows, in the direction in which it is read.

    number           page, counted from 1; width, height: as it is read, in points
    turn             quarter turns clockwise by which the page as it is shown is turned against that
    runs             in the order in which they are painted
    level, upright   ruled lines
    pictures         the share of the page that pictures take
    is_blank         whether nothing is painted on it
    skew             degrees counter-clockwise by which the page as it is shown lies askew
    aslant           the text of characters that run aslant, of a watermark
    is_text_unseen   whether it has characters, of which none is to be seen
    """

    number: int
    width: float
    height: float
    turn: int = 0
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: float = 0.0
    is_blank: bool = True
    runs: list[Run] = field(default_factory=list)
    skew: float = 0.0
    aslant: str = ""
    is_text_unseen: bool = False


def view_of(page: pdfium.OpenPage) -> View:
    """Return how an open page is shown: its crop box inside its media box, turned as the page says."""
    room = page.rooms.boxes
    if not pdfium.page_box(page.handle, room.at[0][0]):
        return View.of(0, 0, *page.size, 0)
    left, top, right, bottom = room.numbers(1)
    return View.of(left, bottom, right, top, pdfium.page_rotation(page.handle) % 4)


def _text(handle: Pointer, count: int) -> str:
    """Return one character for each of PDFium's positions; U+FFFD where the file does not tell which it is."""
    result = ""
    room = array("H", bytes(2 * (count + 1)))
    if count and pdfium.get_text(handle, 0, count, pointer(room.buffer_info()[0])) == count + 1:
        result = room.tobytes()[:-2].decode("utf-16-le", "replace")
    if len(result) != count:  # characters beyond the basic plane take two places
        codes = (pdfium.char_unicode(handle, index) for index in range(count))
        result = "".join(chr(c) if c < 0x110000 and not 0xD800 <= c < 0xE000 else REPLACEMENT for c in codes)
    unmapped = list(map(pdfium.char_is_unmapped, repeat(handle), range(count)))
    if 1 in unmapped:
        result = "".join(REPLACEMENT if flag == 1 else text for text, flag in zip(result, unmapped, strict=True))
    return result


def _tight_box(handle: Pointer, index: int, view: View) -> Box:
    """Return the box of a character's ink, for fonts that do not tell their height."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium.char_tight_box(handle, index, byref(left), byref(right), byref(bottom), byref(top))
    return view.shown(left.value, bottom.value, right.value, top.value)


def _turn(angle: float, handle: Pointer, index: int, view: View) -> int:
    """Return by how many quarters a character at an angle is turned against the shown page, NO_TURN where aslant."""
    quarters = round(angle / QUARTER)
    if abs(angle - quarters * QUARTER) > ASLANT:  # slanted letters have such an angle as well: see where the line goes
        matrix = array("f", bytes(24))
        pdfium.char_matrix(handle, index, pointer(matrix.buffer_info()[0]))
        if abs(math.remainder(math.atan2(matrix[1], matrix[0]), QUARTER)) > ASLANT:
            return NO_TURN
    return (quarters + view.turns) % 4


def _along(turn: int, box: Box) -> Box:
    """Return where the box of a character turned by quarters begins and ends along its run, and across it."""
    left, top, right, bottom = box
    if turn == 1:
        return top, -right, bottom, -left
    if turn == 2:
        return -right, top, -left, bottom
    return (-bottom, -right, -top, -left) if turn else box


def _on_page(turn: int, box: Box) -> Box:
    """Return the box on the page of a box that `_along` has made."""
    start, head, end, foot = box
    if turn == 1:
        return -foot, start, -head, end
    if turn == 2:
        return -end, head, -start, foot
    return (-foot, -end, -head, -start) if turn else box


class _Characters:
    """The characters of an open page in PDFium's order: what they are, and their edges in a view of the page."""

    def __init__(self, handle: Pointer, text: str, sides: Sequence[list[float]]) -> None:
        """Take PDFium's handle, and left, top, right and bottom edges in the file's coordinates."""
        self.handle = handle
        self.text = text
        self._sides = sides

    def stand_in(self, view: View) -> None:
        """Work out the edges in a view. They are the wrong way round where text is mirrored."""
        left, top, right, bottom = self._sides
        across, down = view.a, view.d
        if view.b:
            left, top, right, bottom, across, down = bottom, right, top, left, view.c, view.b
        if across < 0:
            left, right = right, left
        if down > 0:
            top, bottom = bottom, top
        self.lefts, self.rights = _moved(left, across, view.e), _moved(right, across, view.e)
        self.tops, self.bottoms = _moved(top, down, view.f), _moved(bottom, down, view.f)


def _moved(numbers: list[float], factor: float, offset: float) -> list[float]:
    if factor == 1 and not offset:
        return numbers[:]
    return [offset - number for number in numbers] if factor == -1 else [factor * n + offset for n in numbers]


def _gather(page: _Characters, view: View, painting: Painting | None, some: range | None = None) -> list[Run]:
    """Return the runs of a page's characters, whose edges are known in the view.

    painting  tells of every character whether it is hidden; None: only what lies beyond the page is left out
    some      positions of the characters that are looked at; None: all
    """
    handle, some = page.handle, some or range(len(page.text))
    lefts, tops, rights, bottoms = page.lefts, page.tops, page.rights, page.bottoms
    part, width, height = slice(some.start, some.stop), view.width, view.height
    veils = painting.veils(map(pdfium.char_object, repeat(handle), some)) if painting else {}
    # Of each run first and last character, turn, and where it begins and ends; and spaces that are not in the file.
    found: list[tuple[int, int, int, Box]] = []
    spaces: list[int] = []
    # What is known of the last run. A call or an object for each character would take most of the time.
    goes_on = is_begun = False
    turn = first = last = 0
    start = head = end = foot = size = 0.0
    # Edges of the character before, when the next one goes on as nearly all do: on its line, right behind it.
    row_top = row_bottom = back = gap = math.nan
    columns = (page.text[part], lefts[part], tops[part], rights[part], bottoms[part])
    for index, character, left, top, right, bottom in zip(some, *columns, strict=True):
        if (
            top == row_top
            and bottom == row_bottom
            and back < left - end < gap
            and start <= left <= right <= width
            and character > " "
        ):
            last = index
            if right > end:
                end = right
            continue
        if character in "\r\n\0":
            goes_on, row_top = False, math.nan
            continue
        is_plain = left <= right and bottom - top >= LOWEST_BOX
        if not is_plain:
            left, top, right, bottom = _upright_box(page, index, view)
        if not (0 <= left <= right <= width and 0 <= top <= bottom <= height):
            x, y = (left + right) / 2, (top + bottom) / 2
            if not (0 <= x <= width and 0 <= y <= height):
                goes_on, row_top = False, math.nan
                continue
        if character == " " and pdfium.char_is_generated(handle, index):
            spaces.append(index)
            continue
        if veils and not veils[pdfium.char_object(handle, index)].shows((left + right) / 2, (top + bottom) / 2):
            goes_on = False
            continue
        if goes_on:
            a, b, c, d = _along(turn, (left, top, right, bottom)) if turn else (left, top, right, bottom)
            size, drift = d - b, d - foot
            goes_on = -size < a - end < RUN_GAP * size and -RUN_DRIFT * size < drift < RUN_DRIFT * size
        if goes_on:
            last = index
            if a < start:
                start = a
            if c > end:
                end = c
            if b < head:
                head = b
            if d > foot:
                foot = d
        else:
            if is_begun:
                found.append((first, last, turn, (start, head, end, foot)))
            angle = pdfium.char_angle(handle, index)
            turn = _turn(angle, handle, index, view) if angle else view.turns
            start, head, end, foot = _along(turn, (left, top, right, bottom)) if turn else (left, top, right, bottom)
            size = foot - head
            first = last = index
            is_begun = True
            goes_on = turn != NO_TURN
        if is_plain and not turn and start >= 0 and painting is None:
            row_top, row_bottom, back, gap = top, bottom, -size, RUN_GAP * size
        else:
            row_top = math.nan
    if is_begun:
        found.append((first, last, turn, (start, head, end, foot)))
    return _runs(page, spaces, found)


def _upright_box(page: _Characters, index: int, view: View) -> Box:
    """Return the box of a character, the right way round and not flat, and keep it so."""
    left, top, right, bottom = page.lefts[index], page.tops[index], page.rights[index], page.bottoms[index]
    if left > right:
        left, right = right, left
    if top > bottom:
        top, bottom = bottom, top
    if bottom - top < LOWEST_BOX and not page.text[index].isspace():
        left, top, right, bottom = _tight_box(page.handle, index, view)
    page.lefts[index], page.tops[index], page.rights[index], page.bottoms[index] = left, top, right, bottom
    return left, top, right, bottom


def _runs(page: _Characters, spaces: list[int], found: list[tuple[int, int, int, Box]]) -> list[Run]:
    """Return runs by first and last character, turn and place, without the spaces that PDFium has put between them."""
    result = []
    characters, lefts, tops, rights, bottoms = page.text, page.lefts, page.tops, page.rights, page.bottoms
    for first, last, turn, box in found:
        starts, ends = (tops, bottoms) if turn % 2 else (lefts, rights)
        within = spaces[bisect_left(spaces, first) : bisect_left(spaces, last)] if spaces else None
        if within:
            places = [index for index in range(first, last + 1) if index not in within]
            text = "".join([characters[i] for i in places])
            starts, ends = [starts[i] for i in places], [ends[i] for i in places]
        else:
            behind = last + 1
            text, starts, ends = characters[first:behind], starts[first:behind], ends[first:behind]
        left, top, right, bottom = _on_page(turn, box) if turn else box
        result.append(Run(text, left, top, right, bottom, starts, ends, turn, first, last))
    return result


def _all_show(runs: list[Run], page: _Characters, view: View, painting: Painting) -> bool:
    """Tell whether every run is wholly to be seen, by the objects of its ends and of all that makes a number in it."""
    firsts = list(map(pdfium.char_object, repeat(page.handle), [run.first for run in runs]))
    lasts = list(map(pdfium.char_object, repeat(page.handle), [run.last for run in runs]))
    shown: list[Iterable[int | None]] = [
        # Characters stand in the order of their objects: what begins and ends in one object is of that object.
        (first,) if first == last else (first, *_objects_of_numbers(page, run), last)
        for run, first, last in zip(runs, firsts, lasts, strict=True)
    ]
    veils = painting.veils(chain.from_iterable(shown))
    for run, objects in zip(runs, shown, strict=True):
        for text in objects:
            veil = veils[text]
            left, top, right, bottom = veil.clip
            inside = left <= run.left and top <= run.top and run.right <= right and run.bottom <= bottom
            if veil.covers or not inside:  # characters may reach a little over their clip
                if _gather(page, view, painting, range(run.first, run.last + 1)) != [run]:
                    return False
                break
    return True


def _objects_of_numbers(page: _Characters, run: Run) -> Iterable[int | None]:
    places = [found.start() for found in _OF_NUMBERS.finditer(page.text, run.first + 1, run.last)]
    return dict.fromkeys(map(pdfium.char_object, repeat(page.handle), places))


def _read_view(runs: list[Run]) -> int:
    """Return by how many quarters most characters are turned against the shown page."""
    counts = [0, 0, 0, 0]
    for run in runs:
        if run.turn != NO_TURN:
            counts[run.turn] += len(run.text)
    return counts.index(max(counts))


def read_page(page: pdfium.OpenPage, number: int, name: str) -> Page:
    """Return what an open page shows. Raises SourceError when it holds more than can be read.

    A page whose characters stand sideways or upside down is turned until they are upright.
    """
    view = view_of(page)
    where = f"{name}: page {number}"
    read = _read(page, view, number, where)
    if read.turn == 2:  # PDFium gives the characters in the order of the page as it is shown: here from right to left
        pdfium.set_page_rotation(page.handle, (view.turns + 2) % 4)
        read = _read(page, view.turned(2), number, where)
        read.turn = (read.turn + 2) % 4
    return read


def _read(page: pdfium.OpenPage, view: View, number: int, where: str) -> Page:
    shown, address = view, pdfium.load_text(page.handle)
    text = pointer(address)
    try:
        count = max(0, pdfium.count_characters(text)) if address else 0
        if count > pdfium.MAXIMUM_CHARACTERS:
            raise SourceError(f"{where}: {count} characters; at most {pdfium.MAXIMUM_CHARACTERS} are read.")
        characters = _Characters(text, _text(text, count), pdfium.loose_boxes(text, count, page.rooms.boxes))
        characters.stand_in(view)
        runs = _gather(characters, view, None)
        turn = _read_view(runs)
        if turn:
            view = view.turned(-turn)
            characters.stand_in(view)
            runs = _gather(characters, view, None)
        painting = Painting(page, view, where)
        hidden: list[Pointer] = []
        if not (painting.shows_all() or _all_show(runs, characters, view, painting)):
            runs, hidden = _gather(characters, view, painting), painting.covered()
    finally:
        if address:
            pdfium.close_text(text)
    if hidden:  # PDFium leaves out characters that stand where the same ones do, so that some on top may be missing
        pdfium.remove_objects(page.handle, hidden)
        return _read(page, shown, number, where)
    return Page(
        number,
        view.width,
        view.height,
        turn,
        painting.level,
        painting.upright,
        painting.pictures,
        painting.is_blank,
        [run for run in runs if run.turn != NO_TURN and not run.text.isspace()],
        aslant="".join(run.text.strip() for run in runs if run.turn == NO_TURN),
        is_text_unseen=not runs and not characters.text.isspace() and count > 0,
    )
