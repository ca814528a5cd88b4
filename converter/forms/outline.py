"""Enumerations before lines, "一、", "（一）", "1.", "（1）", "①", and the tree that they make of a list."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from budgetgraph.converter.labels import fold

_CHINESE = "一二三四五六七八九十百"
#: Styles from the outermost to the innermost, as Chinese official documents use them.
_STYLES = (
    ("一、", re.compile(rf"\s*(?P<number>[{_CHINESE}]{{1,4}})\s*[、.．]\s*")),
    ("(一)", re.compile(rf"\s*[（(]\s*(?P<number>[{_CHINESE}]{{1,4}})\s*[)）]\s*[、.．]?\s*")),
    ("1.", re.compile(r"\s*(?P<number>\d{1,2})\s*(?:[、．]|[.](?!\d))\s*")),
    ("(1)", re.compile(r"\s*[（(]\s*(?P<number>\d{1,2})\s*[)）]\s*[、.．]?\s*")),
    ("1)", re.compile(r"\s*(?P<number>\d{1,2})\s*[)）]\s*")),
    ("①", re.compile(r"\s*(?P<number>[①-⑳])\s*")),
)
_RANK = {style: rank for rank, (style, _) in enumerate(_STYLES)}
_OF_WHICH = re.compile(r"\s*其\s*中\s*[:：,，]?\s*")
#: Where a numbered statement begins inside a paragraph: after a blank or the end of a sentence.
_INSIDE = re.compile(r"(?:(?<=[\s；;。：:])|\A)(?=\d{1,2}\s*(?:[、．]|[.](?!\d)))")


@dataclass(frozen=True, slots=True)
class Line:
    """A line taken apart. `start` is the offset of `text` in the line."""

    number: str  # as printed, "（一）", "8、"; "" for none
    style: str | None
    text: str
    start: int
    of_which: bool = False


def take_apart(line: str) -> Line:
    """Return number, style and text of a line.

    >>> take_apart("8、档案平台").style, take_apart("8、档案平台").text
    ('1.', '档案平台')
    """
    start, of_which = 0, False
    if match := _OF_WHICH.match(line):
        start, of_which = match.end(), True
    for style, pattern in _STYLES:
        if match := pattern.match(line, start):
            return Line(match.group().strip(), style, line[match.end() :], match.end(), of_which)
    return Line("", None, line[start:], start, of_which)


def statements(text: str) -> list[tuple[int, Line]]:
    """Return the numbered statements of a text with their offsets; unnumbered lines belong to the one before.

    Statements begin on a line of their own; a text that numbers them in one paragraph is split there when the
    numbers count up from 1.
    """
    found: list[tuple[int, str]] = []
    offset = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            place = offset + line.index(stripped)
            if found and take_apart(stripped).style is None:
                start = found[-1][0]
                found[-1] = (start, text[start : place + len(stripped)])
            else:
                found.append((place, stripped))
        offset += len(line) + 1
    split = [(o + i, piece) for o, statement in found for i, piece in _split_inside(statement)]
    return [(o, take_apart(statement)) for o, statement in split]


def _split_inside(statement: str) -> list[tuple[int, str]]:
    starts = [match.start() for match in _INSIDE.finditer(statement)]
    numbers = [int(re.match(r"\d+", statement[s:]).group()) for s in starts]  # type: ignore[union-attr]
    if len(starts) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return [(0, statement)]
    bounds = [*([0] if starts[0] else []), *starts, len(statement)]
    pieces = [(a, statement[a:b].strip()) for a, b in pairwise(bounds)]
    return [(a, piece) for a, piece in pieces if piece]


@dataclass(slots=True)
class Outline:
    """Numbers the lines of a list as a tree: "1", "2", "2.1".

    A style deeper than the one before opens a level, a style seen before goes back to its level. A line without
    number stands on the level of the last unnumbered one, or at the top.
    """

    _stack: list[tuple[str | None, str]] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _of_which: str | None = None

    def add(self, line: Line, parent: str | None = None) -> tuple[str, str | None]:
        """Return number and parent of the next line; `parent` says where it belongs when that is known."""
        if parent is not None:
            return self._number(parent), parent
        if line.of_which and self._stack:
            self._of_which = self._stack[-1][1]
            return self._number(self._of_which), self._of_which
        if line.style is None and self._of_which and self._stack[-1][0] is not None:
            return self._number(self._of_which), self._of_which
        self._of_which = None
        while self._stack and not self._deeper(line.style, self._stack[-1][0]):
            self._stack.pop()
        above = self._stack[-1][1] if self._stack else None
        number = self._number(above)
        self._stack.append((line.style, number))
        return number, above

    @staticmethod
    def _deeper(style: str | None, than: str | None) -> bool:
        return style is not None and than is not None and _RANK[style] > _RANK[than]

    def _number(self, parent: str | None) -> str:
        count = self._counts[parent or ""] = self._counts.get(parent or "", 0) + 1
        return f"{parent}.{count}" if parent else str(count)


_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’、。，；：（）]"
_CUT = re.compile(rf"(?<={_CJK})\s+(?={_CJK})")


def label(text: str) -> str:
    """Return a printed label without the blanks that a narrow column puts between characters.

    >>> label("档案工作达标 通过率"), label("OA 接口 及数据")
    ('档案工作达标通过率', 'OA 接口及数据')
    """
    return re.sub(r"\s+", " ", _CUT.sub("", text.strip()))


def same(left: str, right: str) -> bool:
    """Tell whether two labels are the same word."""
    return fold(left) == fold(right)
