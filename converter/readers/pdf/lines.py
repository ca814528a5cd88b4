"""Runs of characters -> lines -> the text of a cell or an area.

Characters are never moved or dropped; what is decided here is only where a gap is a space and whether the end
of a line is a break.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from budgetgraph.converter.readers.characters import raised
from budgetgraph.converter.readers.pdf.geometry import Box
from budgetgraph.converter.readers.pdf.page import Run

#: Runs share a line when they share this part of the lower one's height.
SAME_LINE = 0.5
#: A gap wider than this part of the height is a space between letters and digits ...
SPACE = 0.3
#: ... and wider than this beside a Chinese character: justified lines push them apart.
WIDE_SPACE = 0.6
#: A character takes more room than its ink, by this part of its height.
BEARING = 0.1
#: Superscript is no higher than this part of what it stands behind, and its foot lifted by this part.
SMALL, LIFTED = 0.8, 0.1
#: The same text painted again with at least this part of its width over the first is one text (bold by hand).
TWICE = 0.8

#: Wide marks below U+2E80.
_WIDE_MARKS = frozenset("“”‘’—…")
#: Numbers that show by their form that they are whole: with a fraction or separated thousands, or dates.
_WHOLE = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|[-−]?\d+\.\d{2,6}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", re.ASCII)
#: Marks that stand within a number only.
_INSIDE = frozenset(",.")


def is_wide(text: str) -> bool:
    """Tell whether the first character is Chinese or a full-width mark: lines break before and after it freely."""
    character = text[:1]
    if character < "\u2e80":
        return character in _WIDE_MARKS
    return (  # compiling a pattern of these takes longer than reading a page
        character <= "\u303f"
        or "\u3100" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\ufe30" <= character <= "\ufe4f"
        or "\uff00" <= character <= "\uffef"
    )


@dataclass(slots=True)
class Line:
    """A printed line: runs from left to right."""

    runs: list[Run]
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> Box:
        """Return the box around the line."""
        return self.left, self.top, self.right, self.bottom

    @property
    def height(self) -> float:
        """Return the height of the line."""
        return self.bottom - self.top

    @property
    def confidence(self) -> float:
        """Return how sure the least sure character is."""
        runs = self.runs
        return runs[0].confidence if len(runs) == 1 else min(run.confidence for run in runs)


def _gap(before: Run, after: Run) -> str:
    distance = after.left - before.right
    a, b = before.text[-1], after.text[0]
    if a.isspace() or b.isspace():
        return ""
    limit = WIDE_SPACE if is_wide(a) or is_wide(b) else SPACE
    return " " if distance > limit * min(before.height, after.height) else ""


def _is_raised(before: Run, after: Run) -> bool:
    """Tell whether digits stand small and raised behind a number."""
    if not (after.text.isdigit() and before.text[-1].isdigit()):
        return False
    height = before.bottom - before.top
    return after.bottom - after.top <= SMALL * height and after.bottom < before.bottom - LIFTED * height


def _repeats(run: Run, before: Run) -> bool:
    """Tell whether a run is the one before painted again in nearly the same place."""
    if run.text != before.text:
        return False
    shared = min(run.right, before.right) - max(run.left, before.left)
    return shared >= TWICE * (run.right - run.left)


def _line(runs: list[Run]) -> Line:
    if len(runs) == 1:
        (run,) = runs
        return Line(runs, run.text.strip(), run.left, run.top, run.right, run.bottom)
    runs.sort(key=lambda run: run.left)
    kept = runs[:1]
    for run in runs[1:]:
        if not _repeats(run, kept[-1]):
            kept.append(run)
    text = kept[0].text
    for before, after in pairwise(kept):
        text += _gap(before, after) + (raised(after.text) if _is_raised(before, after) else after.text)
    return Line(
        kept,
        text.strip(),
        kept[0].left,
        min(run.top for run in kept),
        max(run.right for run in kept),
        max(run.bottom for run in kept),
    )


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """Return the lines that runs form, top to bottom. Runs turned against the page are turned upright first."""
    runs = list(runs)
    if len(runs) == 1 and not runs[0].turn:  # most cells hold one
        return [_line(runs)]
    turned = [run for run in runs if run.turn]
    if turned:
        runs = [run for run in runs if not run.turn]
    result: list[Line] = []
    group: list[Run] = []
    top = bottom = 0.0
    for run in sorted(runs, key=lambda run: run.top + run.bottom):
        shared = min(bottom, run.bottom) - max(top, run.top)
        if group and shared >= SAME_LINE * min(bottom - top, run.bottom - run.top):
            group.append(run)
            if run.bottom - run.top > bottom - top:
                top, bottom = run.top, run.bottom
        else:
            if group:
                result.append(_line(group))
            group, top, bottom = [run], run.top, run.bottom
    if group:
        result.append(_line(group))
    for turn in {run.turn for run in turned}:
        result += _turned_lines([run for run in turned if run.turn == turn])
    return result


def _upright(run: Run) -> Run:
    """Return a turned run as it would stand on the page turned so that it reads from left to right."""
    left, top, right, bottom = run.box
    if run.turn == 1:
        return Run(run.text, top, -right, bottom, -left, run.starts, run.ends)
    starts, ends = [-end for end in run.ends], [-start for start in run.starts]
    if run.turn == 3:
        return Run(run.text, -bottom, left, -top, right, starts, ends)
    return Run(run.text, -right, -bottom, -left, -top, starts, ends)


def _turned_lines(runs: list[Run]) -> list[Line]:
    uprights = [_upright(run) for run in runs]
    originals = dict(zip(map(id, uprights), runs, strict=True))
    result = []
    for line in lines_of(uprights):
        kept = [originals[id(run)] for run in line.runs]
        box = (
            min(run.left for run in kept),
            min(run.top for run in kept),
            max(run.right for run in kept),
            max(run.bottom for run in kept),
        )
        result.append(Line(kept, line.text, *box))
    return result


def is_full(line: Line, following: Line, room: float) -> bool:
    """Tell whether the first character of the following line had no place on a line of `room` points."""
    first = following.runs[0]
    return room - (line.right - line.left) < first.ends[0] - first.starts[0] + BEARING * line.height


def _goes_on(line: Line, following: Line, room: float) -> bool:
    """Tell whether a number goes on in the following line: it had no place, or what is before or behind is no end."""
    return is_full(line, following, room) or line.text[-1] in _INSIDE or following.text[0] in _INSIDE


def join(lines: Sequence[Line], room: float | None = None) -> str:
    """Return the text of lines that stand below each other in one cell.

    Chinese goes on without a space. Between letters and digits a line's end is a line's end ("\\n"), but a number
    that the width of the cell cuts is made whole again.

    room  the width that the cell leaves for its text, in points; None: not known
    """
    if len(lines) < 2:
        return lines[0].text if lines else ""
    whole = "".join(line.text for line in lines)
    if room is not None and _WHOLE.fullmatch(whole):
        pairs = pairwise(lines)
        if all(_goes_on(line, following, room) for line, following in pairs):
            return whole
    text = lines[0].text
    for line in lines[1:]:
        direct = not text or not line.text or is_wide(text[-1]) or is_wide(line.text[0])
        text += line.text if direct else "\n" + line.text
    return text
