"""Passages -> sections, found by the words of their headings; never by position."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.vocabulary import SectionWords, Vocabulary, shipped_vocabulary

_CHINESE = "[一二三四五六七八九十]{1,3}"
#: Enumerations by depth: 第一部分, 一、, （一）, 1., （1）.
_ORDINALS = (
    re.compile(rf"(?:第{_CHINESE}(?:部分|章|篇))[、：]?"),
    re.compile(rf"{_CHINESE}(?:、|\.(?!\d))"),
    re.compile(rf"\({_CHINESE}\)[、.]?"),
    re.compile(r"\d{1,2}(?:、|\.(?!\d)|\.(?=\d{4}年))"),
    re.compile(r"\(\d{1,2}\)[、.]?|\d{1,2}\)"),
)
_BULLET = re.compile(r"[-•·●○◆■]+")
_LEADER = re.compile(r"[.…·]{2,}\d*\Z|\d{1,3}\Z")
_LEADERS_AND_PAGE = re.compile(r"[.…·]{2,}\d*\Z|(?<![\d年])\d{1,3}\Z")
_IN_SENTENCES = re.compile(r"[。；，！？：]")
_FIGURE = re.compile(r"\d(?:万|亿)?元|\d%")
_YEAR = re.compile(r"\d{4}年度?")
_LONGEST_HEADING = 48
#: A heading that is closed like a sentence: "一、2023年度收入支出决算总体情况。"
_STOPPED_SHORT = re.compile(
    r"(?:职能职责|(?:主要|部门|单位)(?:职能|职责)|机构设置|机构设置情况|人员情况|名词解释)[。：]\Z"
)
_STOPPED, _STOPPED_DEPTH = re.compile(r"(?:情况|说明)[。：]\Z"), 2
_STOPPED_BELOW = re.compile(r"情况说明[。：]\Z")
#: A heading in one line with its text: "（二）三公经费预算：本单位2022年…". Others are the things that figures are of.
_RUN_IN = re.compile(r"(?P<words>[^，。；：、\d]{2,24}?)[。：](?=.)")
_RUN_IN_KINDS = frozenset(("procurement", "assets"))
_RUN_IN_TABLES = frozenset(("three-public", "operating-cost", "fund-expenditure", "state-capital-expenditure"))
_UNNUMBERED = 0  # depth of a heading without number


@dataclass(frozen=True, slots=True)
class Ordinal:
    """The number a passage opens with: how deep such numbers stand, and the length of it in folded characters."""

    depth: int
    length: int


@dataclass(slots=True)
class Section:
    """A heading and what stands under it, deeper headings without a meaning of their own included.

    kind   what can be read from it: "duties", "units", "staff", "tasks", "statement", "assets", "procurement",
           "glossary", "projects", "overview", "tables", "forms", "contents", "title", "other"
    table  kind of table that its sentences restate, where the heading says so
    items  kind of table that has the classes it names, where it restates no one table
    """

    kind: str
    table: str | None = None
    heading: Passage | None = None
    depth: int = _UNNUMBERED
    items: str | None = None
    passages: list[Passage] = field(default_factory=list)


def ordinal(text: str) -> Ordinal | None:
    """Return the enumeration a folded text opens with, or None.

    >>> ordinal("(一)基本支出1253.28万元"), ordinal("2021年"), ordinal("1.5万元")
    (Ordinal(depth=3, length=3), None, None)
    """
    for depth, pattern in enumerate(_ORDINALS, start=1):
        if match := pattern.match(text):
            return Ordinal(depth, match.end())
    return None


def outline(passages: Iterable[Passage], vocabulary: Vocabulary | None = None) -> list[Section]:
    """Return the sections of a document in reading order; the first, "title", is what stands before any heading."""
    words = vocabulary or shipped_vocabulary()
    sections = [Section("title")]
    contents: list[str] | None = None
    waiting = list(passages)
    position = 0
    while position < len(waiting):
        passage = waiting[position]
        position += 1
        if contents is not None:
            if _is_entry(passage.text, contents):
                sections[-1].passages.append(passage)
                contents.append(_entry(passage.text))
                continue
            contents = None
        heading, length = _heading(waiting, position - 1, words)
        if heading is None:
            section = sections[-1]
            if _closes(passage, section):
                sections.append(Section("other", None, passage, _depth(passage)))
            else:
                section.passages.append(passage)
            continue
        position += length - 1
        sections.append(Section(heading.kind, heading.table, passage, _depth(passage), heading.items))
        if heading.kind == "contents":
            contents = []
    return sections


def parts(section: Section, vocabulary: Vocabulary) -> Iterator[Section]:
    """Yield a section in parts of one meaning: a passage may open with a heading of its own (（二）三公经费：2022年…).

    What such a heading opens holds for the passages below that are numbered deeper.
    """
    part = replace(section, passages=[])
    depth: int | None = None
    for passage in section.passages:
        opening = ordinal(passage.text)
        found = _run_in(passage.text, opening, vocabulary) if opening else None
        ends = depth is not None and opening is not None and opening.depth <= depth
        if (found or ends) and part.passages:
            yield part
        if found and opening:
            part, depth = (
                replace(section, kind=found.kind, table=found.table, items=found.items, passages=[]),
                opening.depth,
            )
        elif ends:
            part, depth = replace(section, passages=[]), None
        part.passages.append(passage)
    yield part


def _run_in(text: str, opening: Ordinal, vocabulary: Vocabulary) -> SectionWords | None:
    """Return what the heading means that a numbered passage opens with, where its figures are of one table."""
    match = _RUN_IN.match(text, opening.length)
    if match is None or not looks_like_heading(text[: match.end("words")]):
        return None
    found = match_heading(text[: match.end("words")], vocabulary)
    return found if found and (found.kind in _RUN_IN_KINDS or found.table in _RUN_IN_TABLES) else None


def _heading(waiting: Sequence[Passage], position: int, vocabulary: Vocabulary) -> tuple[SectionWords | None, int]:
    """Return what opens at a position, and over how many passages its heading runs."""
    passage = waiting[position]
    if not looks_like_heading(passage.text):
        return None, 1
    following = waiting[position + 1] if position + 1 < len(waiting) else None
    numbered = ordinal(passage.text)
    if numbered and following and ordinal(following.text) is None and looks_like_heading(following.text):
        alone = match_heading(passage.text, vocabulary) or match_heading(following.text, vocabulary)
        joined = match_heading(passage.text + following.text, vocabulary)
        if joined and alone is None:
            return joined, 2
    return match_heading(passage.text, vocabulary), 1


def looks_like_heading(text: str) -> bool:
    """Tell whether a folded text is short, is no sentence and states no figure."""
    opening = ordinal(text)
    rest = text[opening.length :] if opening else text
    if opening and (_STOPPED_SHORT.match(rest) or _stopped(opening.depth).search(rest)):
        rest = rest[:-1]
    return 0 < len(rest) <= _LONGEST_HEADING and not _IN_SENTENCES.search(rest) and not _FIGURE.search(rest)


def _stopped(depth: int) -> re.Pattern[str]:
    return _STOPPED if depth <= _STOPPED_DEPTH else _STOPPED_BELOW


def match_heading(text: str, vocabulary: Vocabulary) -> SectionWords | None:
    """Return the section whose longest word the heading has; the earlier word wins among equals.

    A heading without number is one only when it ends with the word, and never one on figures of some kind: cut
    lines of sentences look the same.
    """
    numbered = ordinal(text) is not None
    best: tuple[bool, int, int] | None = None
    found = None
    for section in vocabulary.sections:
        if not numbered and section.kind == "statement" and not (section.weak or section.items):
            continue
        for word in section.headings:
            at = text.find(word)
            if at < 0 or not (numbered or text.endswith(word)):
                continue
            rank = (not section.weak, len(word), -at)
            if best is None or rank > best:
                best, found = rank, section
    return found


def _depth(passage: Passage) -> int:
    opening = ordinal(passage.text)
    return opening.depth if opening else _UNNUMBERED


def _closes(passage: Passage, section: Section) -> bool:
    """Tell whether a heading that means nothing here ends the section: it stands no deeper than the section's own."""
    opening = ordinal(passage.text)
    if opening is None or not looks_like_heading(passage.text):
        return False
    return section.heading is None or opening.depth <= section.depth


def _entry(text: str) -> str:
    text = _LEADER.sub("", _BULLET.sub("", text, count=1))
    opening = ordinal(text)
    return _YEAR.sub("", text[opening.length :] if opening else text)


def entry_length(text: str) -> int:
    """Return where the title of a folded line of contents ends, before leaders and page number.

    >>> entry_length("三、支出预算总表……12"), entry_length("四、2021年")
    (8, 7)
    """
    return len(_LEADERS_AND_PAGE.sub("", text))


def _is_entry(text: str, entries: Sequence[str]) -> bool:
    """Tell whether a passage belongs to the table of contents: it is numbered and not the first entry again."""
    if _IN_SENTENCES.search(text) or len(text) > 2 * _LONGEST_HEADING:
        return False
    bare = _BULLET.sub("", text, count=1)
    if ordinal(bare) is None and not _LEADER.search(bare):
        return False
    return not entries or _entry(text) != entries[0]
