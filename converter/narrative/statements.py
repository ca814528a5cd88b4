"""Sentences -> claims without a figure: lists of uses and parts, and tables stated to be empty."""

import re
from collections.abc import Iterator

from budgetgraph.converter.narrative.claims import Draft, PassageClaims
from budgetgraph.converter.narrative.clauses import (
    SENTENCE_MARKS,
    alternation,
    boundaries,
    clause_end,
    clause_start,
    split_list,
)
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
            (re.compile(rf"(?:{negation})[^，。；：]{{0,10}}?(?:{alternation(sorted(t.words))})[^，。；：]*(?:{noun})"), t)
            for t in vocabulary.absences
        ]
        self._this_table = re.compile(alternation(words("absences.this_table")))

    def lists(self, passage: Passage, table: str | None, figures: PassageClaims) -> Iterator[Draft]:
        """Yield what a passage lists: uses ("主要用于：a、b") and parts ("主要包括：a、b") without figures."""
        text = passage.text
        starts, sentences = boundaries(text), boundaries(text, SENTENCE_MARKS)
        numbers = [token.start for token in (*amounts(text), *percents(text))]
        read_to = 0
        for match in self._list.finditer(text):
            if match.start() < read_to or _in_brackets(text, match.start()):
                continue
            end = clause_end(sentences, match.end(), len(text))
            for stop in (self._reason.search(text, match.end(), end), self._first_baseline(text, match.end(), end)):
                end = min(end, stop.start() if isinstance(stop, re.Match) else stop or end)
            is_use = match["word"] in self._use
            if any(match.end() <= n < end for n in numbers) or not (is_use or match["colon"] or "、" in text[match.end() : end]):
                continue
            start = clause_start(starts, match.start())
            if self._reason.search("，" + text[start : match.start()]):
                continue
            named = self._topics.topic(passage, start, match.start(), table) if start < match.start() else None
            topic = named if named and named.text else figures.subject(match.start())
            items = self._items(passage, match.end(), end)
            if topic is None or not items:
                continue
            begin = self._topics.opening(text, start, match.start())
            read_to = end
            yield Draft("list", begin, end, topic, items=items)

    def _first_baseline(self, text: str, start: int, end: int) -> int | None:
        """Return where a comparison with an earlier year begins, with the comma before it."""
        for baseline in self._grammar.baselines(text):
            if start < baseline.start < end and text[baseline.start - 1] == "，":
                return baseline.start - 1
        return None

    def _items(self, passage: Passage, start: int, end: int) -> tuple[str, ...]:
        listed = passage.text[start:end]
        spans = [(start + a, start + z) for a, z in split_list(listed)]
        if spans:
            a, z = spans[-1]
            if ending := self._list_end.search(passage.text[a:z]):
                spans[-1] = (a, a + ending.start())
        return tuple(passage.words(a, z) for a, z in spans if a < z)

    def absences(self, passage: Passage, table: str | None) -> Iterator[Draft]:
        """Yield the statements that there is nothing of a kind ("没有使用政府性基金预算安排的支出")."""
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
        if table and (match := self._this_table.search(text)):
            key = Key("expenditure", table, self._topics.base(table))
            topic = Topic(match.start(), match.end(), passage.words(match.start(), match.end()), None, key)
            yield Draft("absence", match.start(), match.end(), topic)


def _in_brackets(text: str, position: int) -> bool:
    before = text[:position]
    return before.count("(") > before.count(")")
