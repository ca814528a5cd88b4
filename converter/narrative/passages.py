"""Paragraphs -> passages: running text as it was written, free of line ends, blanks and page numbers.

A passage is matched in its folded text; every folded character knows where it is printed, so that whatever is
found can be quoted and located exactly.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.budget import Place

#: Clause marks stay full-width, so that they cannot be taken for decimal or thousands separators.
_CLAUSE_MARKS = {":": "：", ";": "；", "!": "！", "?": "？", "．": ".", "﹒": ".", "∶": "：", "﹣": "-", "－": "-"}
_KEPT = frozenset("，；：。、！？…")
_DIGITS = frozenset("0123456789")
_OPEN_QUOTE, _CLOSE_QUOTE = "“‘「『", "”’」』"
_QUOTATION = frozenset("“”\"'‘’「」『』")

_PAGE_NUMBER = re.compile(r"[-—–－─\s]*(?:第\s*)?\d{1,4}\s*(?:页(?:\s*[,，/]?\s*共\s*\d+\s*页)?)?[-—–－─\s]*\Z")
_ENUMERATOR = re.compile(
    r"第[一二三四五六七八九十]{1,3}[部章]"
    r"|[一二三四五六七八九十]{1,3}、"
    r"|\([一二三四五六七八九十]{1,3}\)"
    r"|\(?\d{1,2}\)"
    r"|\d{1,2}[、.](?!\d)"
)
#: A number or Latin word, which goes to the next line whole.
_WORD = re.compile(r"[\w.,%-]+", re.ASCII)
#: A figure that opens a line goes on with a sentence: no heading and no entry begins so.
_FIGURE = re.compile(r"\d[\d,.]*\s*(?:(?:万|亿)?元|[%％])")
#: The title of a table, where the line below says the table's unit.
_TITLE = re.compile(r"[^，。；：]{3,}表(?:\([^()]*\))?")
_LEADER = ("…", "...", "．．")
_SENTENCE_END = frozenset("。；：！？")
_CANNOT_OPEN = frozenset("，。、；：）)%％”》！？")
_CANNOT_CLOSE = frozenset("，、（(“《")
_SHARE_OF_FULL_LINES = 0.1
_FEWEST = 6
_FULL = 0.88  # of the width at which lines are broken
_NEARLY_FULL = 0.7  # enough for a line that cannot be a heading
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text that belongs together.

    text     folded: no blanks and quotation marks, half-width digits, letters and brackets, full-width clause marks
    origins  for each folded character the paragraph (index) and the offset in it where it is printed
    source   the decoded document, where known: quotes over line ends are cut from it
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    origins: tuple[tuple[int, int], ...]
    source: str | None = None

    @property
    def confidence(self) -> float:
        """Return how sure the least sure of its lines is; below 1 where they are recognised in a picture."""
        return min((paragraph.confidence for paragraph in self.paragraphs), default=1.0)

    def printed(self, start: int, end: int) -> str:
        """Return the words as printed for the folded characters [start, end)."""
        if start >= end:
            return ""
        place = self.locator(start, end)
        if self.source is not None and place.start is not None and place.end is not None:
            return self.source[place.start : place.end]
        return self.words(start, end)

    def words(self, start: int, end: int) -> str:
        """Return the words as printed for the folded characters [start, end), without line ends."""
        if start >= end:
            return ""
        first, a, last, z = self._bounds(start, end)
        if first == last:
            return self.paragraphs[first].text[a : z + 1]
        words = self.paragraphs[first].text[a:]
        for index in range(first + 1, last + 1):
            following = self.paragraphs[index].text[: z + 1 if index == last else None]
            words += (" " if words[-1:].isdecimal() and following[:1].isdecimal() else "") + following
        return words

    def locator(self, start: int, end: int) -> Locator:
        """Return where the folded characters [start, end) are printed."""
        first, a, last, z = self._bounds(start, end)
        opening = self.paragraphs[first].locator.span(a, a)
        closing = self.paragraphs[last].locator.span(z + 1, z + 1)
        return replace(opening, end=closing.end)

    def _bounds(self, start: int, end: int) -> tuple[int, int, int, int]:
        """Return the first and last printed character, with the quotation marks that belong to the words."""
        (first, a), (last, z) = self.origins[start], self.origins[end - 1]
        opening, closing = self.paragraphs[first].text, self.paragraphs[last].text
        inside = opening[a:] + closing[: z + 1] if first != last else opening[a : z + 1]
        if z + 1 < len(closing) and closing[z + 1] in _CLOSE_QUOTE and _is_open(inside, a and opening[a - 1]):
            z += 1
            inside += closing[z]
        if (
            a
            and opening[a - 1] in _OPEN_QUOTE
            and sum(inside.count(c) for c in _CLOSE_QUOTE) > sum(inside.count(c) for c in _OPEN_QUOTE)
        ):
            a -= 1
        return first, a, last, z

    def place(self, start: int, end: int) -> Place:
        """Return the place of the folded characters [start, end); text has no table."""
        return Place(self.locator(start, end))


@lru_cache(maxsize=20_000)
def _narrow(printed: str) -> str:
    """Return the character that a printed one is matched as."""
    narrow = printed if printed in _KEPT else unicodedata.normalize("NFKC", printed)
    character = narrow if len(narrow) == 1 else printed
    return _CLAUSE_MARKS.get(character, character)


def fold_characters(text: str) -> list[tuple[str, int]]:
    """Return the folded characters of a text, each with its offset; one printed character gives at most one.

    A blank stays where it alone keeps two numbers apart.
    """
    folded: list[tuple[str, int]] = []
    blank: int | None = None
    for offset, printed in enumerate(text):
        if printed in _QUOTATION:
            continue
        if printed.isspace():
            blank = offset
            continue
        character = _narrow(printed)
        if blank is not None and folded and folded[-1][0] in _DIGITS and character in _DIGITS:
            folded.append((" ", blank))
        blank = None
        folded.append((character, offset))
    for position, (character, offset) in enumerate(folded):
        if character == "," and not _between_digits(folded, position):
            folded[position] = ("，", offset)
    return folded


def _is_open(text: str, before: str | int) -> bool:
    """Tell whether a quotation begins in the text or just before it and is not closed in it."""
    opened = sum(text.count(c) for c in _OPEN_QUOTE) + (before != 0 and str(before) in _OPEN_QUOTE)
    return opened > sum(text.count(c) for c in _CLOSE_QUOTE)


def _between_digits(folded: Sequence[tuple[str, int]], position: int) -> bool:
    around = [folded[i][0] for i in (position - 1, position + 1) if 0 <= i < len(folded)]
    return len(around) == 2 and all(c in _DIGITS for c in around)


def fold_clause(text: str) -> str:
    """Return a text folded as passages are.

    >>> fold_clause("“三公” 经费(万元), 12，300.5 : ")
    '三公经费(万元)，12，300.5：'
    """
    return "".join(character for character, _ in fold_characters(text))


def passage(paragraphs: Sequence[Paragraph], source: str | None = None) -> Passage:
    """Return the paragraphs as one passage."""
    characters: list[str] = []
    origins: list[tuple[int, int]] = []
    for index, paragraph in enumerate(paragraphs):
        for character, offset in fold_characters(paragraph.text):
            if index and offset == 0 and character in _DIGITS and characters and characters[-1] in _DIGITS:
                characters.append(" ")
                origins.append((index, offset))
            characters.append(character)
            origins.append((index, offset))
    return Passage("".join(characters), tuple(paragraphs), tuple(origins), source)


def passages(
    paragraphs: Iterable[Paragraph], source: str | None = None, is_heading: Callable[[str], bool] | None = None
) -> list[Passage]:
    """Return the running text in passages: lines that a page's width broke are joined, page numbers left out.

    is_heading  tells from a folded line whether it begins something new behind the end of a sentence
    """
    lines = [p for p in paragraphs if p.text.strip() and not _PAGE_NUMBER.match(p.text.strip())]
    full = _full_width(lines)
    captions = {
        id(line)
        for title, unit in pairwise(lines)
        if _TITLE.fullmatch(fold_clause(title.text)) and parse_unit(unit.text)
        for line in (title, unit)
    }
    groups: list[list[Paragraph]] = []
    for line in lines:
        if groups and id(line) not in captions and _continues(groups[-1][-1], line, full, is_heading or _never):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [passage(group, source) for group in groups]


def _never(text: str) -> bool:  # noqa: ARG001  # the form of is_heading
    return False


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text.strip())


def _full_width(lines: Sequence[Paragraph]) -> float | None:
    """Return the width at which lines are broken, or None when the lines are whole paragraphs.

    In text that is broken at a page's width, many lines are about equally long and few are longer.
    """
    widths = sorted(_width(line.text) for line in lines)
    best, full = 0, None
    for limit in sorted({w for w in widths if w >= _NARROWEST}):
        equal = bisect_right(widths, limit) - bisect_left(widths, limit * _FULL)
        longer = len(widths) - bisect_right(widths, limit * 1.1)
        if equal > best and longer <= equal / 2:
            best, full = equal, float(limit)
    return full if best >= max(_FEWEST, _SHARE_OF_FULL_LINES * len(widths)) else None


def _continues(line: Paragraph, following: Paragraph, full: float | None, is_heading: Callable[[str], bool]) -> bool:
    text, next_text = line.text.strip(), following.text.strip()
    if line.locator.part != following.locator.part or _ENUMERATOR.match(fold_clause(next_text[:8])):
        return False
    if next_text[0] in _CANNOT_OPEN or text[-1] in _CANNOT_CLOSE:
        return True
    if text.endswith(_LEADER):
        return False
    if text[-1] not in _SENTENCE_END and _FIGURE.match(next_text):
        return not is_heading(fold_clause(text))
    if full is None or (text[-1] in _SENTENCE_END and is_heading(fold_clause(next_text))):
        return False
    may_end = text[-1] in _SENTENCE_END or _ENUMERATOR.match(fold_clause(text[:8]))
    word = _WORD.match(next_text)
    width = _width(text)
    return width >= full * (_FULL if may_end else _NEARLY_FULL) or (word is not None and width + word.end() >= full)
