"""Which part of the money a sentence speaks of, where that is less than its section restates."""

import re
from collections.abc import Sequence

from budgetgraph.converter.narrative.sections import Section
from budgetgraph.converter.narrative.topics import Topic

#: Words for one part of the money, and the kinds of tables with what they are of themselves.
_MONEY = re.compile("一般公共预算|公共财政预算|政府性?基金|基金预算|国有资本经营|财政拨款|财政专户|单位资金")
_OWN = {
    "balance": (),
    "revenue": (),
    "expenditure": (),
    "appropriation-balance": ("财政拨款",),
    "appropriation-expenditure": ("财政拨款",),
    "general-expenditure": ("一般公共预算", "公共财政预算", "财政拨款"),
}
#: What opens a list of parts, behind whose members the whole is spoken of again.
_LISTS = re.compile("其中|包括|分别|：")
_OF_WHICH = "其中"


def names_no_money(topic: Topic) -> bool:
    """Tell whether a topic with a key is a total, or expenditure by nature, that does not say of which money it is."""
    if topic.key is None or _MONEY.search(topic.text):
        return False
    dimensions = dict(topic.key.dimensions)
    return not set(dimensions) - {"expenditureNature"} or dimensions == {"revenueSource": "current"}


def money_before(text: str, start: int, subjects: Sequence[tuple[int, Topic]], section: Section) -> Topic | None:
    """Return the thing of a part of the section's money that the sentence has named before `start`, or None.

    subjects  what amounts before were of, with the place behind each
    """
    own = _OWN.get(section.table or "")
    if own is None:
        return None
    sentence = text.rfind("。", 0, start) + 1
    heading = section.heading.text if section.heading else ""
    for at, subject in reversed(subjects):
        money = _MONEY.search(subject.text)
        if at > start or subject.start < sentence or money is None or money.group() in own or money.group() in heading:
            continue
        between = text[at:start]
        if not _LISTS.search(text, sentence, subject.start) and ("；" not in between or _OF_WHICH in between):
            return subject
    return None
