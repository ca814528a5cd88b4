"""Chunks: the parts of a printed line that a blank wider than a word's keeps apart. Columns show in them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from budgetgraph.converter.blocks import value
from budgetgraph.converter.readers.pdf.lines import SPACE, WIDE_SPACE, Line, is_wide
from budgetgraph.converter.readers.pdf.page import Run

#: A blank wider than this part of a line's height parts two chunks ...
APART = 0.9
#: ... and in lines that are known to be a table's, one wider than this.
APART_IN_TABLE = 0.45
#: Two single Chinese characters up to this many heights apart are one word, spread out ("合    计").
SPREAD = 4.5
#: Edges that differ by no more than this, in points, are aligned.
ALIGNED = 2.5
#: Texts that begin within this many points of each other begin at one place.
SAME_START = 1.2
#: A column is aligned when this part of its numbers is.
MOST = 0.8

#: What can only be an amount, within a text.
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d\.\d{2}(?!\d)", re.ASCII)
#: What no number is without.
_DIGIT_OR_DASH = re.compile(r"[\d\-−—–－]", re.ASCII)
#: What goes on an amount, and decimals.
_REST = re.compile(r"\d{1,6}%?|[.,]\d[\d.,]*%?", re.ASCII)
_PIECE = re.compile(r"[-−]?\d[\d,]*(?:\.(\d*))?", re.ASCII)
#: Dots that lead from a label to its amount.
_LEADER = re.compile(r"[.．·]{4,}|…{2,}|(?<=[^\x00-\x7f])[.．·…]+\Z")
_NUMBER = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|[-—–－]{1,2}", re.ASCII)


@value
class Chunk:
    """A part of a line and its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        """Return the middle between left and right edge."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """Return the height."""
        return self.bottom - self.top

    @property
    def is_number(self) -> bool:
        """Tell whether the chunk is a number, a percentage or a dash that stands for one."""
        return is_number(self.text)

    @property
    def holds_amount(self) -> bool:
        """Tell whether the chunk is a text with an amount in it: a label and an amount too near to be told apart."""
        return not self.is_number and _AMOUNT.search(self.text) is not None


def is_number(text: str) -> bool:
    """Tell whether a text is a number, a percentage or a dash that stands for one."""
    return _NUMBER.fullmatch(text) is not None


def decimals(text: str) -> int | None:
    """Return the number of decimals of an amount or of its beginning (4,645. or 2,250,1), None of another text."""
    match = _PIECE.fullmatch(text)
    return len(match[1] or "") if match else None


def usual_decimals(chunks: Iterable[Chunk]) -> int:
    """Return how many decimals most of the amounts with decimals have, 0 when none has."""
    counts = Counter(filter(None, (decimals(chunk.text) for chunk in chunks)))
    return max(counts, key=lambda places: (counts[places], places), default=0)


def is_torn(above: str, below: str, usual: int) -> bool:
    """Tell whether an amount breaks off that only what stands below makes whole: 4,645.7 and 9, 2,250,1 and 42.00.

    usual  how many decimals the amounts of the table have
    """
    places = decimals(above)
    if places is None or places >= max(usual, 1):
        return False
    if not is_number(above):
        return decimals(below) is not None or _REST.fullmatch(below) is not None
    return _REST.fullmatch(below) is not None and (not below.isdecimal() or "." in above)


def may_hold_number(text: str) -> bool:
    """Tell whether a chunk of a text can be a number."""
    return _DIGIT_OR_DASH.search(text) is not None


def chunks_of(line: Line, apart: float = APART, starts: Sequence[float] = (), spread: bool = False) -> list[Chunk]:
    """Return the chunks of a line from left to right.

    apart   the part of the line's height that parts them
    starts  where columns begin: what begins there is a chunk of its own
    spread  whether single characters stay apart, though they may be one word
    """
    parts: list[tuple[str, float, float]] = []
    height, sure = line.height, line.confidence
    text, left, right = "", 0.0, 0.0
    for run in line.runs:
        for word, start, end in _words(run):
            if word.isspace():
                text += word if text else ""
                continue
            blank = start - right
            if text and (blank > apart * height or (blank > SPACE * height and _is_at(start, starts))):
                parts.append((text.strip(), left, right))
                text = ""
            if not text:
                left = start
            elif not text[-1].isspace():
                limit = WIDE_SPACE if is_wide(word) or is_wide(text[-1]) else SPACE
                text += " " if blank > limit * height else ""
            text += word
            right = end
    if text:
        parts.append((text.strip(), left, right))
    if len(parts) > 1 and not spread:
        parts = _unspread(parts, height, starts)
    return [Chunk(text, left, line.top, right, line.bottom, sure) for text, left, right in parts]


def _words(run: Run) -> Iterable[tuple[str, float, float]]:
    """Return the pieces of a run that no blank can part, with their left and right edges.

    Characters of one run are nearer to each other than any blank that tells (`page.RUN_GAP`); only white space lies
    between them, and leaders, which are none of the text.
    """
    text = run.text
    leaders = [found.span() for found in _LEADER.finditer(text)]
    if any(map(str.isspace, text)):
        letters = zip(text, run.starts, run.ends, strict=True)
        return [each for at, each in enumerate(letters) if not any(a <= at < b for a, b in leaders)]
    ends = [0, *(place for span in leaders for place in span), len(text)]
    pieces = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]
    return [(text[a:b], run.starts[a], run.ends[b - 1]) for a, b in pieces]


def _is_at(left: float, starts: Sequence[float]) -> bool:
    return any(abs(left - start) <= SAME_START for start in starts)


def _unspread(
    parts: list[tuple[str, float, float]], height: float, starts: Sequence[float]
) -> list[tuple[str, float, float]]:
    """Return the parts with single characters that spell one word put together."""
    result: list[tuple[str, float, float]] = []
    for text, left, right in parts:
        if result and len(text) == 1 and is_wide(text) and not _is_at(left, starts):
            before, start, end = result[-1]
            single = is_wide(before[-1]) and all(len(word) == 1 for word in before.split())
            if single and left - end <= SPREAD * height:
                result[-1] = (f"{before} {text}", start, right)
                continue
        result.append((text, left, right))
    return result


def _most_near(edges: Sequence[float]) -> bool:
    middle = sorted(edges)[len(edges) // 2]
    return sum(abs(edge - middle) <= ALIGNED for edge in edges) >= MOST * len(edges)


def aligned(chunks: Iterable[Chunk]) -> bool:
    """Tell whether chunks below each other share their right edges, their middles or their left edges."""
    chunks = list(chunks)
    if len(chunks) < 2:
        return False
    sides = ([c.right for c in chunks], [c.middle for c in chunks], [c.left for c in chunks])
    return any(_most_near(edges) for edges in sides)


def is_numbering(chunks: Sequence[Chunk]) -> bool:
    """Tell whether a line numbers the columns, those that have a number: 栏次, 1, 2 ..."""
    texts = [chunk.text for chunk in chunks if chunk.is_number]
    others = any(may_hold_number(chunk.text) for chunk in chunks if not chunk.is_number)
    return len(texts) > 1 and not others and texts == [str(number) for number in range(1, len(texts) + 1)]
