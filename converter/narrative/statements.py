"""Sentences -> claims without a figure: lists of uses and parts, and tables stated to be empty."""

import re
from collections.abc import Iterator

from budgetgraph.converter.narrative.clauses import (
    SENTENCE_MARKS,
    alternation,
    boundaries,
    clause_end,
    clause_start,
    split_list,
)
from budgetgraph.converter.narrative.drafts import Draft, PassageClaims
from budgetgraph.converter.narrative.grammar import Grammar
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.quantities import amounts, percents
from budgetgraph.converter.narrative.topics import Topic, Topics
from budgetgraph.converter.narrative.vocabulary import Key, Vocabulary


class Statements:
    """Reads lists and absences with a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, topics: Topics, grammar: Grammar) -> None:
        words = vocabulary.words
        self._topics, self._grammar = topics, grammar
        self._list = re.compile(rf"(?P<word>{alternation(words('lists'))})(?P<colon>：?)")
        self._use = frozenset(w for w in words("lists") if w.endswith("用于"))
        self._list_end = re.compile(f"(?:{alternation(words('list_ends'))})$")
        self._reason = re.compile(f"，(?:{alternation(words('changes.reasons'))})")
        negation, noun = (alternation(words(f"absences.{part}")) for part in ("negations", "nouns"))
        self._absences = [
            (
                re.compile(
                    rf"(?:{negation})[^，。；：、和]{{0,10}}?(?:{alternation(sorted(t.words))})[^，。；：]*(?:{noun})"
                ),
                t,
            )
            for t in vocabulary.absences
        ]
        self._this_table = re.compile(alternation(words("absences.this_table")))

    def lists(self, passage: Passage, table: str | None, figures: PassageClaims) -> Iterator[Draft]:
        """Yield what a passage lists: uses ("主要用于：a、b") and parts ("主要包括：a、b") without figures."""
        text = passage.text
        starts, sentences = boundaries(text), boundaries(text, SENTENCE_MARKS)
        numbers = [*(amount.start for amount in amounts(text)), *(percent.start for percent in percents(text))]
        read_to = 0
        for match in self._list.finditer(text):
            start = clause_start(starts, match.start())
            if match.start() < read_to or _in_brackets(text, match.start()) or self._gives_reason(text, start, match):
                continue
            end = self._end(text, match.end(), clause_end(sentences, match.end(), len(text)))
            if any(match.end() <= number < end for number in numbers) or not self._is_list(text, match, end):
                continue
            named = self._topics.topic(passage, start, match.start(), table) if start < match.start() else None
            topic = named if named and named.text else self._spoken_of(passage.text, match.start(), figures)
            items = self._items(passage, match.end(), end)
            if topic is None or not items:
                continue
            read_to = end
            yield Draft("list", self._topics.opening(text, start, match.start()), end, topic, items=items)

    def _spoken_of(self, text: str, position: int, figures: PassageClaims) -> Topic | None:
        """Return the thing whose use follows; none behind a list of parts, and behind the amount of a reason."""
        reason = self._grammar.reason(text, position)
        if reason is not None and next(amounts(text[reason:position]), None) is not None:
            return None
        return figures.subject(position, after_parts=False)

    def _gives_reason(self, text: str, start: int, match: re.Match[str]) -> bool:
        return self._reason.search("，" + text[start : match.start()]) is not None

    def _is_list(self, text: str, match: re.Match[str], end: int) -> bool:
        """Tell whether the words state a use, or list: "包括" alone does neither."""
        return match["word"] in self._use or bool(match["colon"]) or "、" in text[match.end() : end]

    def _end(self, text: str, start: int, end: int) -> int:
        """Return where a list ends: before a reason or a comparison with an earlier year, else with its sentence."""
        if reason := self._reason.search(text, start, end):
            end = reason.start()
        for baseline in self._grammar.baselines(text):
            if start < baseline.start < end and text[baseline.start - 1] == "，":
                return baseline.start - 1
        return end

    def _items(self, passage: Passage, start: int, end: int) -> tuple[str, ...]:
        listed = passage.text[start:end]
        spans = [(start + a, start + z) for a, z in split_list(listed)]
        if spans:
            a, z = spans[-1]
            if ending := self._list_end.search(passage.text[a:z]):
                spans[-1] = (a, a + ending.start())
        return tuple(passage.words(a, z) for a, z in spans if a < z)

    def absences(self, passage: Passage, table: str | None) -> Iterator[Draft]:
        """Yield the statements that there is nothing of a kind ("无政府性基金支出")."""
        text = passage.text
        starts = boundaries(text)
        for pattern, meaning in self._absences:
            for match in pattern.finditer(text):
                word = next(w for w in sorted(meaning.words, key=len, reverse=True) if w in match.group())
                at = text.index(word, match.start())
                key = Key(meaning.structure, meaning.table, meaning.dimensions) if meaning.table else None
                topic = Topic(at, at + len(word), passage.words(at, at + len(word)), None, key)
                begin = self._topics.opening(text, clause_start(starts, match.start()), match.end())
                yield Draft("absence", begin, match.end(), topic)
        if table and (empty := self._this_table.search(text)):
            key = Key("expenditure", table, self._topics.base(table))
            topic = Topic(empty.start(), empty.end(), passage.words(empty.start(), empty.end()), None, key)
            yield Draft("absence", empty.start(), empty.end(), topic)


def _in_brackets(text: str, position: int) -> bool:
    before = text[:position]
    return before.count("(") > before.count(")")
