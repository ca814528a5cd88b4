"""Which part of the money a sentence speaks of, where that is less than its section restates."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.narrative.drafts import Draft
from budgetgraph.converter.narrative.sections import Section
from budgetgraph.converter.narrative.topics import Topic
from budgetgraph.converter.narrative.wholes import OF_WHICH, OPENS, listed_of

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
#: What is a body's by the words before it: 市档案馆收入预算. The name of the publication's own body is not in a topic.
_BODYS = re.compile(
    "(?<![本我])(?:局|厅|委|办|院|所|站|中心|馆|校|园|队|处|会|公司|机关|本级|乡|镇|街道|政府)"
    '(?:\\d{4}年度?)?(?:部门|单位)?(?:收入|支出|收支|总|预算|决算|基本支出|项目支出|[“"]?三公)'
)
#: What opens a list of parts, behind whose members the whole is spoken of again.
_LISTS = re.compile("其中|包括|分别|：")
_NATURES = ({"expenditureNature": "basic"}, {"expenditureNature": "project"})
_ALL: tuple[dict[str, str], ...] = ({}, {"expenditureNature": "current"})


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
    heading = section.heading.text if section.heading else ""
    if (whole := listed_of(text, start, subjects)) is not None:
        if _is_part(whole, own, heading):
            return whole
        return money_before(text, whole.start, subjects, section) if whole.key is None and whole.start < start else None
    sentence = text.rfind("。", 0, start) + 1
    for at, subject in reversed(subjects):
        if at > start or subject.start < sentence or "；" in text[at:start]:
            continue
        if is_bodys(subject):
            return subject
        if _is_part(subject, own, heading) and not _LISTS.search(text, sentence, subject.start):
            return subject
    return None


def is_bodys(topic: Topic) -> bool:
    """Tell whether a topic is money of a body that it names, which is not the publication's own."""
    return topic.key is None and _BODYS.search(topic.text) is not None


def settle_parts(drafts: Sequence[Draft], text: str, section: Section) -> None:
    """Take the key of a part from 基本支出 and the like that follow a part of the money in the same list.

    "支出总计100万元。其中：政府性基金收入20万元，基本支出70万元，项目支出30万元": of the whole where they add up to it,
    else nothing says of which they are.
    """
    own = _OWN.get(section.table or "")
    if own is None:
        return
    levels = [draft for draft in drafts if draft.kind == "level"]
    for position, member in enumerate(levels):
        sentence = text.rfind("。", 0, member.start) + 1
        if not _is_part(member.topic, own, "") or not OPENS.search(text, sentence, member.start + len(OF_WHICH)):
            continue
        end = text.find("。", member.end)
        end = len(text) if end < 0 else end
        nested = OPENS.search(text, member.end, end)
        end = nested.start() if nested else end
        parts = [each for each in levels[position + 1 :] if each.end <= end and _by_nature(each.topic)]
        total = sum((each.amount.value for each in parts if each.amount and each.amount.value is not None), Decimal(0))
        if any(_is_whole(each, total) for each in levels[:position]):
            continue
        for each in drafts:
            if member.end <= each.start < end and _by_nature(each.topic):
                each.topic = replace(each.topic, key=None)


def _is_part(topic: Topic, own: Sequence[str], heading: str) -> bool:
    money = _MONEY.search(topic.text)
    return money is not None and money.group() not in own and money.group() not in heading


def _by_nature(topic: Topic) -> bool:
    return topic.key is not None and dict(topic.key.dimensions) in _NATURES


def _is_whole(level: Draft, total: Decimal) -> bool:
    key = level.topic.key
    is_all = key is not None and key.structure == "expenditure" and dict(key.dimensions) in _ALL
    return is_all and level.amount is not None and level.amount.value == total
