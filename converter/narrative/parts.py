"""The key of a part: in the table of what it is listed under, or none."""

from collections.abc import Sequence
from dataclasses import replace

from budgetgraph.converter.narrative.money import is_bodys, money_before, names_no_money
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.sections import Section
from budgetgraph.converter.narrative.topics import Topic, Topics
from budgetgraph.converter.narrative.wholes import is_all, listed_of

#: The table whose rows are parts of parts, too: 公务用车购置及运行维护费（其中：购置费…）.
_PARTED = "three-public"


class Parts:
    """Finds the keys of parts in a passage.

    subjects  what amounts before were of, with the place behind each; it grows while the passage is read
    """

    def __init__(
        self, passage: Passage, topics: Topics, section: Section, subjects: Sequence[tuple[int, Topic]]
    ) -> None:
        self._passage, self._topics = passage, topics
        self._section, self._subjects = section, subjects

    def keyed(self, topic: Topic, start: int, end: int) -> Topic:
        """Return the topic of the words [start, end) with the key that it has where it stands."""
        return self._as_part(topic, start, end) if topic.key is None else self._of_money(topic, start, end)

    def _of_money(self, topic: Topic, start: int, end: int) -> Topic:
        """Return a topic without the key it has in its section where it is of a part of what that restates.

        "政府性基金预算收入100万元，支出100万元": the latter is not all expenditure. It keeps the one that it has in the
        table of that money. "教育支出30万元，其中：基本支出20万元": neither is that.
        """
        text = self._passage.text
        whole = listed_of(text, start, self._subjects)
        if whole and is_bodys(whole):
            return replace(topic, key=None)
        if not names_no_money(topic):
            return topic
        money = money_before(text, start, self._subjects, self._section)
        if money is None:
            return topic if whole is None or is_all(whole) else replace(topic, key=None)
        kind = money.key.table_kind if money.key else self._section.table
        return (self._in(kind, start, end) if kind != self._section.table else None) or replace(topic, key=None)

    def _as_part(self, topic: Topic, start: int, end: int) -> Topic:
        """Return a topic without a key in its section with the one it has in the table of what it is listed under.

        "一般公共预算财政拨款支出750.90万元。其中：基本支出448.35万元，…；项目支出302.55万元"
        """
        opening = self._passage.text.rfind("其中", 0, end)
        if opening < 0 or "。" in self._passage.text[opening:end]:
            return topic
        whole = next((t for at, t in reversed(self._subjects) if at <= opening), None)
        if whole is None or whole.key is None:
            return topic
        kind = whole.key.table_kind
        if kind != _PARTED and whole.key.dimensions != self._topics.base(kind):
            return topic  # a part of a part is of no table's rows
        return self._in(kind, start, end) or topic

    def _in(self, kind: str | None, start: int, end: int) -> Topic | None:
        """Return the topic of the words [start, end) if it has a key in a kind of table."""
        part = self._topics.topic(self._passage, start, end, kind)
        return part if part and part.key and part.key.table_kind == kind else None
