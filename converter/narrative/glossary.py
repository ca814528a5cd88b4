"""Numbered texts: duties, tasks, and the terms explained at the end."""

import re
from collections.abc import Iterator, Sequence

from budgetgraph.converter.budget import GlossaryEntry, Statement
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.sections import ordinal
from budgetgraph.converter.narrative.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.ontology import codelists

_SEPARATOR = re.compile(r"：|(?=是指|指(?!标)|反映)")
_CLASS = re.compile(r"(?P<label>[^()]+(?:\([^()]{1,4}\)[^()]*)*?)(?:支出)?\((?P<level>类|款|项)\)")
_LEVELS = {"类": 1, "款": 2, "项": 3}
_NUMBER_END = "、．. "
_LONGEST_TERM = 80
_NO_TERMS = ("附件", "附表", "附：", "注：", "备注")


def read_statements(passages: Sequence[Passage]) -> tuple[Statement, ...]:
    """Return the numbered texts of a section, or all of them when none has a number."""
    numbered = [(passage, ordinal(passage.text)) for passage in passages]
    # A number without words, as blank forms have it, states nothing.
    numbered = [(p, opening) for p, opening in numbered if (opening.length if opening else 0) < len(p.text)]
    if any(opening for _, opening in numbered):
        numbered = [(passage, opening) for passage, opening in numbered if opening]
    found = []
    for order, (passage, opening) in enumerate(numbered, start=1):
        start = opening.length if opening else 0
        text, _ = redact(passage.words(start, len(passage.text)))
        place = passage.place(start, len(passage.text))
        found.append(Statement(order, _number(passage, start), text, place))
    return tuple(found)


def _number(passage: Passage, length: int) -> str:
    number = passage.words(0, length).rstrip(_NUMBER_END) if length else ""
    return number if number[:1] in "（(" else number.rstrip("）)")


def read_glossary(passages: Sequence[Passage], vocabulary: Vocabulary, year: int) -> tuple[GlossaryEntry, ...]:
    """Return the terms of a section with their explanations; numbers are as printed, jumps included.

    A numbered line of classes (类 款 项) without explanation is an entry of its own. A passage without number and
    without "：" goes on with the entry before it and is left out.
    """
    entries: list[GlossaryEntry] = []
    for passage in passages:
        for start, term_end, text_start in _entry(passage):
            term = passage.words(start, term_end)
            number = _number(passage, start)
            definition, _ = redact(passage.words(text_start, len(passage.text)))
            scheme, notations = _concepts(passage.text[start:term_end], vocabulary, year)
            place = passage.place(start, len(passage.text))
            entries.append(GlossaryEntry(len(entries) + 1, number, term, definition, place, scheme, notations))
    return tuple(entries)


def _entry(passage: Passage) -> Iterator[tuple[int, int, int]]:
    """Yield where the term begins, where it ends, and where its explanation begins."""
    text = passage.text
    opening = ordinal(text)
    start = opening.length if opening else 0
    start += text.startswith("、", start)
    if text.startswith(_NO_TERMS, start):
        return
    separator = _SEPARATOR.search(text, start)
    if separator and 0 < separator.start() - start <= _LONGEST_TERM and "。" not in text[start : separator.start()]:
        yield start, separator.start(), separator.end()
    elif opening and _CLASS.search(text):
        yield start, len(text.rstrip("。；")), len(text)


def _concepts(term: str, vocabulary: Vocabulary, year: int) -> tuple[str | None, tuple[str, ...]]:
    for concept in vocabulary.concepts:
        if term in concept.words:
            return concept.scheme, (concept.notation,)
    notation = functional_class(term, year)
    return ("functional", (notation,)) if notation else (None, ())


def functional_class(path: str, year: int) -> str | None:
    """Return the code of the last class that a path of 类 款 项 names, in the list of a year; None when it has none.

    Every class named must be found below the one before: 行政运行 is an item of nearly every 款.

    >>> functional_class("一般公共服务支出(类)人大事务(款)行政运行(项)", 2021)
    '2010101'
    """
    parts = [(match["label"], _LEVELS[match["level"]]) for match in _CLASS.finditer(path)]
    if not parts or not codelists.FIRST_YEAR <= year <= codelists.LAST_YEAR:
        return None
    classes = codelists.scheme("functional", year)
    within = ""
    for label, level in parts:
        found = [
            notation
            for form in (label, f"{label}支出")
            for notation in codelists.candidates(classes, form, level=level)
            if notation.startswith(within)
        ]
        if len(set(found)) != 1:
            return None
        within = found[0]
    return within
