"""Whether a change that follows "A 万元，其中B b 万元" is of the part or of the whole: its own figures decide."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.narrative.drafts import Draft
from budgetgraph.converter.narrative.quantities import Amount
from budgetgraph.converter.narrative.topics import Topic

_SENTENCE = "。"
_PART = re.compile("其中|包括|含")
_PERCENT = re.compile(
    r"[，、(]?(?:同比)?(?:增长|上升|增加|下降|降低|减少|增幅|降幅|减幅)(?:了|为)?(?P<percent>\d+(?:\.\d+)?)%"
)
_NO_TOPIC = Topic(0, 0, "")
#: Phases of an amount that may be the document's.
_OWN = frozenset((None, "final"))


def attribute_changes(drafts: Sequence[Draft], text: str) -> None:
    """Give the changes that cannot be of the part they follow to the whole that they can be of.

    "收入总计100万元，其中结转10万元，比上年增加20万元，增长25%": 10 less 20 is no amount of the year before, and 20
    is 25% of the 80 before 100. A change that fits neither, or both, stays with what is named last. One that names
    the end of a name before it is of that, where its percentage says so.
    """
    levels: list[Draft] = []
    for draft in drafts:
        if draft.kind == "level":
            levels.append(draft)
        elif draft.kind == "change" and (full := _named_in_full(levels, draft, text)):
            draft.topic = replace(full.topic, phase=None)
        elif draft.kind == "change" and levels and draft.topic.text == levels[-1].topic.text:
            part = levels[-1]
            wholes = [each for each in levels[:-1] if _is_whole(each, part, draft, text)]
            if wholes and not _fits(part, draft) and _fits(wholes[-1], draft):
                draft.topic = replace(wholes[-1].topic, phase=None)


def by_figures(drafts: Sequence[Draft], amount: Amount, way: str, text: str) -> Topic | None:
    """Return the only thing with an amount before that can have changed so, where a percentage follows the change.

    "“三公”经费33万元，其中：公务接待费5万元。比上年减少8万元，下降19.51%": the whole may be spoken of again.
    """
    found = _PERCENT.match(text, amount.end)
    if found is None:
        return None
    change = Draft("change", amount.start, found.end(), _NO_TOPIC, amount, Decimal(found["percent"]), way)
    fitting = [each for each in drafts if each.kind == "level" and each.topic.phase in _OWN and _can_be(each, change)]
    topics = {each.topic.text: each.topic for each in fitting}
    return replace(next(iter(topics.values())), phase=None) if len(topics) == 1 else None


def _can_be(level: Draft, change: Draft) -> bool:
    """Tell whether a level has the percentage of a change that is one: of nothing, everything can be."""
    value = level.amount.value if level.amount else None
    moved = change.amount.value if change.amount else None
    if not value or not moved or not change.percent:
        return False
    return value + (moved if change.direction == "decrease" else -moved) > 0 and _fits(level, change)


def _named_in_full(levels: Sequence[Draft], change: Draft, text: str) -> Draft | None:
    """Return the level that a change names the end of, in the same sentence, where it has the percentage printed.

    "一般公共预算财政拨款支出829万元，与2015年相比，财政拨款支出增加20万元，增长2.47%"
    """
    last = levels[-1] if levels else None
    if last is None or not change.topic.text or change.percent is None or change.topic.text == last.topic.text:
        return None
    is_same = last.topic.text.endswith(change.topic.text) and _SENTENCE not in text[last.start : change.end]
    return last if is_same and _fits(last, change) else None


def _is_whole(level: Draft, part: Draft, change: Draft, text: str) -> bool:
    """Tell whether the text names a part of a level, in one sentence with the change."""
    return _PART.search(text, level.end, part.end) is not None and _SENTENCE not in text[level.start : change.end]


def _fits(level: Draft, change: Draft) -> bool:
    """Tell whether a level can have changed so: the base is not below nought, and has the percentage printed."""
    if level.amount is None or level.amount.value is None or change.amount is None or change.amount.value is None:
        return False
    moved = abs(change.amount.value)
    base = level.amount.value + (moved if change.direction == "decrease" else -moved)
    if change.percent is None or base <= 0:
        return base >= 0
    percent = abs(change.percent)  # below nought where its word contradicts the change
    exponent = percent.as_tuple().exponent
    last_digit = Decimal((0, (1,), exponent if isinstance(exponent, int) else 0))
    return abs(moved * 100 - percent * base) <= last_digit * base + 100 * change.amount.step
