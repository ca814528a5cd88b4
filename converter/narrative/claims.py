"""Sentences -> claims: amounts stated, changes against earlier years, shares.

Every amount and percentage of a passage becomes part of one claim, or is handed back as unread.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.narrative.attribution import attribute_changes, by_figures
from budgetgraph.converter.narrative.clauses import boundaries, clause_start
from budgetgraph.converter.narrative.drafts import Draft, PassageClaims
from budgetgraph.converter.narrative.grammar import YEAR, Baseline, Direction, Grammar, Share, Unchanged
from budgetgraph.converter.narrative.money import settle_parts
from budgetgraph.converter.narrative.parts import Parts
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.quantities import Amount, Percent, amounts, percents
from budgetgraph.converter.narrative.sections import Section
from budgetgraph.converter.narrative.topics import Topic, Topics
from budgetgraph.converter.narrative.vocabulary import Key
from budgetgraph.converter.narrative.wholes import Wholes

_JOINS_PERCENT = frozenset(("", "，", "、", "("))
_INTRODUCES_PARTS = frozenset(("其中", "包括", "分别是", "分别为"))
_DATED = re.compile(r"\d{4}年度?")
_PLAIN_HEADS = frozenset(("", "同比", "即", "约"))


def read_figures(
    passage: Passage, topics: Topics, grammar: Grammar, section: Section, taken: Collection[int] = ()
) -> PassageClaims:
    """Return the claims of a passage that hold a figure.

    section  where the passage stands: what its sentences restate
    taken  where amounts begin that are figures of a data set: they are spoken of, but make no claim
    """
    return _Reader(passage, topics, grammar, section, taken).read()


class _Reader:
    def __init__(
        self, passage: Passage, topics: Topics, grammar: Grammar, section: Section, taken: Collection[int]
    ) -> None:
        self._passage, self._text = passage, passage.text
        self._topics, self._grammar = topics, grammar
        self._section, self._taken = section, taken
        self._starts = boundaries(passage.text)
        self._baselines = grammar.baselines(passage.text)
        self._found = PassageClaims(self._text)
        self._parts = Parts(passage, topics, section, self._found.subjects)
        self._read_to = self._at = 0
        self._last: Draft | None = None
        self._wholes = Wholes(passage.text, grammar.year)
        self._base: tuple[Baseline, str | None] | None = None  # of the last change that has its amount, and its phase

    def read(self) -> PassageClaims:
        events: list[Amount | Percent | Unchanged] = [
            *amounts(self._text),
            *percents(self._text),
            *self._grammar.unchanged(self._text),
        ]
        for event in sorted(events, key=lambda event: event.start):
            self._at = event.start
            match event:
                case Unchanged():
                    self._unchanged(event)
                case Amount():
                    self._note(event, self._amount(event))
                case Percent():
                    self._note(event, self._percent(event))
            self._read_to = max(self._read_to, event.end)
        attribute_changes(self._found.drafts, self._text)
        settle_parts(self._found.drafts, self._text, self._section)
        return self._found

    def _note(self, token: Amount | Percent, read: bool) -> None:
        if not read:
            self._found.unread.append(token)
            self._last = None

    def _head(self, end: int) -> int:
        """Return where the words begin that lead to a figure: at its clause, behind the figure before."""
        return max(clause_start(self._starts, end), self._read_to)

    def _topic(self, start: int, end: int) -> Topic | None:
        """Return what the words [start, end) name; in a reason a part of the thing explained, which has no key."""
        reason = self._grammar.reason(self._text, end)
        if reason is not None:
            start = self._grammar.counted(self._text, max(start, reason), end)
            netted = self._grammar.netted(self._text, start, end)
            start, reason = (netted, None) if netted else (start, reason)
        if start >= end:
            return None
        section = self._section
        topic = self._topics.topic(self._passage, start, end, section.table, section.items)
        if topic and reason is not None:
            return replace(topic, key=None)
        topic = topic and self._topics.of_thing(topic, self._set_before(start))
        if topic and topic.text:
            return self._parts.keyed(topic, start, end)
        return topic

    def _set_before(self, start: int) -> Topic | None:
        """Return the thing that a heading or a colon sets before a clause: "(二)公务接待费。2023年预算支出5万元"."""
        mark = self._text[start - 1 : start]
        if mark == "。" and self._grammar.named_end(self._text) == start - 1:
            return self._heading()
        opening = clause_start(self._starts, start - 1) if mark == "：" else start
        if opening == start or opening < self._read_to or self._text[opening : start - 1] in _INTRODUCES_PARTS:
            return None
        return self._topics.topic(self._passage, opening, start - 1, self._section.table, self._section.items)

    def _spoken_of(self, topic: Topic | None) -> Topic | None:
        """Return the topic itself, or what was spoken of when the words name no thing of their own."""
        if topic is not None and topic.text:
            return topic
        subject = self._found.subject(self._at, after_parts=False) or self._heading()
        if subject is None or topic is None:
            return subject and replace(subject, phase=None)  # what changed or was completed is of the document's phase
        return Topic(topic.start, topic.end, subject.text, topic.phase, subject.key)

    def _heading(self) -> Topic | None:
        """Return the thing that a passage names before it says its use or its figures."""
        end = self._grammar.named_end(self._text)
        head = self._text[:end]
        has_figures = next(amounts(head), None) or next(percents(head), None)
        topic = None if has_figures or not head else self._topic(0, end)
        return None if topic and "，" in topic.text else topic  # a sentence of its own: 截至年底，共有车辆5辆

    def _baseline(self, start: int, end: int) -> Baseline | None:
        return next((b for b in reversed(self._baselines) if start <= b.start and b.end <= end), None)

    def _add(self, draft: Draft) -> bool:
        draft.start = self._topics.opening(self._text, draft.start, draft.end)
        self._found.drafts.append(draft)
        self._last = draft
        return True

    def _amount(self, token: Amount) -> bool:
        start = self._head(token.start)
        head = self._text[start : token.start]
        if token.start in self._taken:
            if not self._grammar.is_limit(self._text, token.end):  # 单价50万元以上 names no thing
                self._level(token, start)
            return True
        if token.value is None or self._grammar.is_limit(self._text, token.end):
            return False
        completed = self._grammar.share(head)
        if completed and completed.completion:
            return False  # "完成预算5万元的80%"
        last = self._last
        if not head and last is not None and last.direction == "unchanged" and token.value == 0:
            last.amount, last.end = token, token.end  # "与上年一致0万元"
            return True
        if self._states_nothing(start, token.start):
            return False
        if direction := self._grammar.direction(head):
            if self._grammar.direction(head[: direction.start]):
                return False  # "同比增长下降57%"
            return self._change(token, start, start + direction.start, direction)
        growth = self._grammar.growth_of(head)
        if growth and self._baseline(start, token.start) is None:
            topic = self._topic(start + growth.end, token.start)
            if topic is None:
                return False
            return self._add_change(token, start + growth.start, topic, growth.way)
        return self._level(token, start)

    def _states_nothing(self, start: int, end: int) -> bool:
        """Tell whether the words that lead to a figure say that it is none, or compare it with an unknown budget."""
        baseline = self._baseline(start, end)
        reason = self._grammar.reason(self._text, end)
        words = self._text[max(clause_start(self._starts, end), reason or 0) : end]
        return self._grammar.states_nothing(words) or (baseline is not None and baseline.year is None)

    def _level(self, token: Amount, start: int) -> bool:
        if token.start not in self._taken and (baseline := self._stated_base(token, start)) is not None:
            return self._base_level(token, start, baseline)
        named = self._topic(start, token.start)
        if named and not named.text and start and self._text[start - 1] == "：":
            named = self._before_colon(start, named)
        topic = self._spoken_of(named) if named else None
        if named and (side := self._topics.side(self._passage, (start, token.start), self._section.table, topic)):
            topic = named = side
        if topic is None:
            return False
        if topic.phase is None:
            topic = replace(topic, phase=self._wholes.phase(start))
        if named and named.text and self._grammar.reason(self._text, token.start) is None:
            self._found.subjects.append((token.end, topic))
        if token.start in self._taken:
            self._last = None
            return True
        year = self._year(start, token.start)
        self._wholes.note(token.start, year, topic.phase)
        return self._add(Draft("level", start, token.end, topic, token, year=year))

    def _stated_base(self, token: Amount, start: int) -> Baseline | None:
        """Return the earlier year whose amount stands between it and the change: 比上年支出11万元减少1万元."""
        at = token.start
        if self._text[at - 1 : at] == "(":
            return next((b for b in self._baselines if b.start < at < b.end), None)
        return self._baseline(start, at)

    def _base_level(self, token: Amount, start: int, baseline: Baseline) -> bool:
        """Add what something was in the year compared with; without a change behind it, it may be the change."""
        if not self._grammar.changes(self._text, token.end) or (token.value or 0) < 0:
            return False
        behind = self._behind(baseline, token.start)
        named = self._topics.named(behind) or self._topic(start, baseline.start)
        topic = self._spoken_of(named and replace(named, phase=None))
        if topic is None:
            return False
        if named and named.text and self._grammar.reason(self._text, token.start) is None:
            self._found.subjects.append((token.end, replace(topic, phase=None)))
        phase = (behind.phase if behind else None) or baseline.phase
        self._base = baseline, phase
        return self._add(Draft("level", start, token.end, replace(topic, phase=phase), token, year=baseline.year))

    def _behind(self, baseline: Baseline, end: int) -> Topic | None:
        """Return the thing between an earlier year and its amount: 比2023年基本支出预算580万元."""
        dated = _DATED.search(self._text, baseline.start, baseline.end)
        start = dated.end() if dated else baseline.end
        return self._topic(start, end) if baseline.end < end else None

    def _before_colon(self, start: int, named: Topic) -> Topic | None:
        """Return the thing that a colon sets before its year and phase ("公务接待费：2024年预算数为")."""
        opening = clause_start(self._starts, start - 1)
        if opening < self._read_to:
            return named
        thing = self._topic(opening, start - 1)
        if thing is None or self._text[opening : start - 1] in _INTRODUCES_PARTS:
            return None
        return replace(thing, phase=named.phase)

    def _year(self, start: int, end: int) -> int:
        """Return the year that words name, else that of the whole whose parts are listed, else the document's."""
        years = YEAR.findall(self._text[start:end])
        return int(years[-1]) if years else self._wholes.year(start)

    def _change(self, token: Amount, start: int, at: int, direction: Direction) -> bool:
        if direction.undecided and token.value:
            return False
        way = "unchanged" if direction.undecided else direction.way
        topic = self._changed(start, at) or by_figures(self._found.drafts, token, way, self._text)
        if topic is None or not self._add_change(token, start, topic, way):
            return False
        if topic.start >= start and self._grammar.reason(self._text, at) is None:
            self._found.subjects.append((token.end, replace(topic, phase=None)))
        return True

    def _changed(self, start: int, at: int) -> Topic | None:
        """Return what changes: named behind or before the earlier year, else what is spoken of."""
        baseline = self._baseline(start, at)
        spans = [(baseline.end, at), (start, baseline.start)] if baseline else [(start, at)]
        named = (self._topic(a, z) for a, z in spans)
        topic = next((topic for topic in named if topic and topic.text), None)
        if topic is None and (before := self._compared_before(start)):
            return before
        spoken = self._spoken_of(None)
        if topic is None or (spoken and baseline and spoken.text.endswith(topic.text)):
            return spoken  # the words of the year take 财政拨款 along: 比2021年财政拨款收支预算总数减少
        return topic

    def _compared_before(self, start: int) -> Topic | None:
        """Return the thing that the clause before compares without a figure: 公务接待费与预算无大的变化，比上年增加…"""
        opening = clause_start(self._starts, start - 1) if start else start
        if opening == start or opening < self._read_to or self._grammar.reason(self._text, start) is not None:
            return None
        baseline = self._baseline(opening, start - 1)
        thing = self._topic(opening, baseline.start) if baseline else None
        return self._named(thing, start) if thing and thing.text else None

    def _named(self, thing: Topic, end: int) -> Topic:
        """Note a thing as what is spoken of from here on, and return it."""
        self._found.subjects.append((end, replace(thing, phase=None)))
        return thing

    def _add_change(self, token: Amount, start: int, topic: Topic, way: str) -> bool:
        if token.value is not None and token.value < 0:
            if way != "increase":
                return False  # "减少-1万元" is said of both ways
            way = "decrease"
        draft = Draft("change", start, token.end, topic, token, direction=way)
        self._compare(draft, start, token.start)
        if draft.year is not None and draft.year < self._grammar.year and draft.base_year is None:
            return False  # "支出预算2022年增加5万元" in the budget of 2023: 比 is left out, or what it is compared with
        return self._add(draft)

    def _compare(self, draft: Draft, start: int, end: int) -> None:
        """Note the years a change is between."""
        baseline = self._baseline(start, end)
        draft.year = self._year(start, baseline.start if baseline else end)
        if last := self._baseline(0, end):  # it holds for the rest of a passage
            draft.base_year = self._before(draft.year, last.year, last.start, last.end)
            stated = self._base[1] if self._base and self._base[0] is last else None
            draft.base_phase = last.phase or stated

    def _before(self, year: int, base: int | None, start: int, end: int) -> int | None:
        """Return the year compared with: 上年 of an earlier year is the one before that (2019年执行数比上年增加)."""
        is_relative = base == self._grammar.year - 1 and not YEAR.search(self._text, start, end)
        return year - 1 if is_relative and year < self._grammar.year else base

    def _unchanged(self, event: Unchanged) -> None:
        start = self._head(event.start)
        named = self._topic(start, event.start)
        topic = self._spoken_of(named)
        if topic is not None:
            if named and named.text and self._grammar.reason(self._text, event.start) is None:
                self._found.subjects.append((event.end, replace(topic, phase=None)))
            draft = Draft("change", start, event.end, topic, direction="unchanged", base_phase=event.phase)
            draft.year = self._year(start, event.start)
            draft.base_year = self._before(draft.year, event.year, event.start, event.end)
            self._add(draft)

    def _percent(self, token: Percent) -> bool:
        start = self._head(token.start)
        head = self._text[start : token.start]
        if token.value is None or self._states_nothing(start, token.start):
            return False
        share = self._grammar.share(head)
        if share is not None:
            return self._share(token, token.value, start, share)
        direction = self._grammar.direction(head)
        if self._completes(start, head, direction):
            way = direction.way if direction and not direction.undecided else None
            return self._last is not None and self._last.complete(token.value, token.end, way)
        if direction is None or self._grammar.direction(head[: direction.start]):
            return False
        if direction.undecided and token.value:
            return False
        topic = self._changed(start, start + direction.start)
        if topic is None:
            return False
        way = "unchanged" if direction.undecided else direction.way
        draft = Draft("change", start, token.end, topic, percent=abs(token.value), direction=way)
        self._compare(draft, start, token.start)
        return self._add(draft)

    def _share(self, token: Percent, percent: Decimal, start: int, share: Share) -> bool:
        """Add a share, or what share of a budget was spent."""
        topic = self._spoken_of(self._topic(start, start + share.start) if share.start else None)
        if topic is None:
            return False
        kind = "completion" if share.completion else "share"
        draft = Draft(kind, start, token.end, topic, percent=percent, year=self._wholes.year(start))
        draft.base_phase = share.completion
        whole, end = (start + offset for offset in share.whole)
        if whole < end:
            draft.whole = self._whole(topic, whole, end)
        elif kind == "share" and topic.key:
            kind_of_table = topic.key.table_kind
            total = Key(topic.key.structure, kind_of_table, self._topics.base(kind_of_table))
            draft.whole = Topic(whole, whole, "", None, total)
        return self._add(draft)

    def _whole(self, part: Topic, start: int, end: int) -> Topic | None:
        """Return what the words [start, end) name that something is a share of, in the part's own table if there."""
        kind, section = part.key.table_kind if part.key else None, self._section
        named = self._topics.topic(self._passage, start, end, kind) if kind else None
        return (
            named
            if named and named.key
            else self._topics.topic(self._passage, start, end, section.table, section.items)
        )

    def _completes(self, start: int, head: str, direction: Direction | None) -> bool:
        """Tell whether a percentage belongs to the change stated just before it ("减少A万元，下降P%")."""
        last = self._last
        if last is None or last.kind != "change" or last.percent is not None or last.amount is None:
            return False
        if self._text[last.end : start] not in _JOINS_PERCENT:
            return False
        if direction is None:
            return head in _PLAIN_HEADS
        return direction.start == 0 or head[: direction.start] in _PLAIN_HEADS
