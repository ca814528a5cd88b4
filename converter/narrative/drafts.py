"""Claims in the making: what a passage states, by its folded characters, until it is a claim of the model."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from budgetgraph.converter.budget import Claim, Restated
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.quantities import Amount, Percent
from budgetgraph.converter.narrative.topics import Topic

#: What opens brackets that say what something was in an earlier year.
_EARLIER = re.compile(r"\(\d{4}年度?(?:部门|单位)?$")


@dataclass(slots=True)
class Draft:
    """A claim in the making: folded characters [start, end) of the passage state it."""

    kind: str
    start: int
    end: int
    topic: Topic
    amount: Amount | None = None
    percent: Decimal | None = None
    direction: str | None = None
    year: int | None = None
    base_year: int | None = None
    base_phase: str | None = None
    whole: Topic | None = None
    items: tuple[str, ...] = ()

    def complete(self, percent: Decimal, end: int, way: str | None) -> bool:
        """Give a change its percentage: below nought where its own word says the other direction ("增加…，下降…")."""
        ways = {self.direction, way} - {"unchanged"} if way else set()
        self.percent, self.end = abs(percent) * (-1 if len(ways) > 1 else 1), end
        return True


@dataclass(slots=True)
class PassageClaims:
    """What a passage with a text states. `subjects` are the topics of its figures with the place behind each."""

    text: str
    drafts: list[Draft] = field(default_factory=list)
    unread: list[Amount | Percent] = field(default_factory=list)
    subjects: list[tuple[int, Topic]] = field(default_factory=list)

    def subject(self, position: int, *, after_parts: bool = True) -> Topic | None:
        """Return what is spoken of at a position: nothing in brackets that are closed before it.

        Only where nothing else is, it is the thing of an earlier year in them: 与2016年相比（2016年支出为5万元），增加.

        after_parts  a part that 其中 opens is spoken of in the next sentence too; else nothing is, since a sentence
                     behind parts may go back to their whole
        """
        earlier: Topic | None = None
        for end, topic in reversed(self.subjects):
            if end > position:
                continue
            if _closes(self.text[end:position]):
                earlier = earlier or (topic if _EARLIER.search(self.text, 0, topic.start) else None)
                continue
            sentence = self.text[self.text.rfind("。", 0, topic.start) + 1 : end]
            is_part = "其中" in sentence and any(mark in self.text[end:position] for mark in "。；")
            return topic if after_parts or not is_part else None
        return earlier


def finished(draft: Draft, passage: Passage, year: int, phase: str, order: int) -> Claim:
    """Return the claim of a draft. `year` and `phase` are the document's: a claim keeps only another phase."""
    key = draft.topic.key
    amount = draft.amount
    whole = draft.whole
    own_phase = draft.topic.phase
    if own_phase == "adjusted" and phase == "budget" and draft.year in {None, year} and _is_of_whole_year(passage.text):
        own_phase = None
    value = amount.value if amount else None
    return Claim(
        order=order,
        kind=draft.kind,
        quote=passage.printed(draft.start, draft.end),
        topic=draft.topic.text,
        place=passage.place(draft.start, draft.end),
        structure=key.structure if key else None,
        table_kind=key.table_kind if key else None,
        dimensions=key.dimensions if key else None,
        amount=abs(value) if value is not None and draft.kind == "change" else value,
        amount_text=passage.printed(amount.start, amount.end) if amount else None,
        percent=draft.percent,
        direction=draft.direction,
        year=draft.year,
        base_year=draft.base_year,
        phase=own_phase if own_phase != phase else None,
        items=draft.items,
        whole=None if whole is None else restated(whole),
        base_phase=draft.base_phase,
        confidence=passage.confidence,
    )


def _is_of_whole_year(text: str) -> bool:
    """Tell whether 全年预算 is the budget of the year in a budget: no other budget stands beside it."""
    return "全年预算" in text and "年初预算" not in text and "调整" not in text


def restated(topic: Topic) -> Restated:
    """Return a topic as the model has it."""
    key = topic.key
    return Restated(topic.text, *((key.structure, key.table_kind, key.dimensions) if key else ()))


def _closes(text: str) -> bool:
    """Tell whether a text closes a bracket that it does not open."""
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return True
    return False
