"""What the words before a figure are about: a topic as printed, and the key of the table cell it restates."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.grammar import YEAR
from budgetgraph.converter.narrative.passages import Passage, fold_clause
from budgetgraph.converter.narrative.sections import ordinal
from budgetgraph.converter.narrative.vocabulary import Key, TopicWords, Vocabulary

#: Finds the figure of a table by the label of its row: (topic as printed, kind of table) -> key or None.
Resolve = Callable[[str, str], Key | None]

_MARKS = "，、；：。)"
_JOINING = "和及与是的"
#: In a final account, these words set a figure apart from what was spent; 一般公共预算 is whose money it is.
_BUDGET = re.compile(r"预算数$|(?<!公共)(?<!公共财政)(?<!基金)(?<!资本经营)预算$")
#: ... behind what is spent or received; the thing is called the same without them.
_BUDGET_AHEAD = {
    "budget": re.compile("年初预算(?=收入|支出)"),
    "adjusted": re.compile("(?:调整后?|全年)预算(?=收入|支出)"),
}
_BUDGET_OF = re.compile(r"(?<=支出|收入|经费)预算数?$")
#: What a final account received or spent in all.
_SIDE = re.compile(r"(?:\A|[。；，、]|年度?|部门|单位|\d[、.]|\))(?P<side>收入|支出)决算数?(?:为|是|共|合计)*\Z")
_OTHER = {"收入": re.compile("支(?!.*收入)"), "支出": re.compile("收(?!.*支出)|收、?支")}
_SIDES = frozenset(("balance", "revenue", "expenditure"))
#: How the name of a thing ends that money is spent on, or comes from.
_THING = re.compile(r"(?:费|费用|支出|收入|款)(?:\([类款项]\))?$")
#: A table of revenue calls 其他资金 what sentences call 其他资金收入.
_REVENUE = "收入"
#: Sources of revenue have names that tables give different meanings.
_SOURCE = "revenueSource"
_YEAR = re.compile(r".*(?<!\d)(?:\d{4}|\d{2})年(?:度)?")
_LONGEST_TOPIC = 90
_NUMBER = re.compile(r"[\d.,]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a figure is about. `start` and `end` are folded characters of the passage; `text` is as printed, unbroken.

    phase  notation of the scheme phase, where the words name one
    key    key of the figure it restates, where the words say so
    """

    start: int
    end: int
    text: str
    phase: str | None = None
    key: Key | None = None


def no_resolution(topic: str, table_kind: str) -> Key | None:  # noqa: ARG001  # the form of Resolve
    """Resolve nothing: there are no tables."""
    return None


class Topics:
    """Reads topics with a vocabulary, the names the body goes by (folded), and the labels of the tables."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        names: Sequence[str] = (),
        resolve: Resolve = no_resolution,
        *,
        final: bool = False,
    ) -> None:
        self._vocabulary = vocabulary
        self._resolve = resolve
        leading = sorted({*vocabulary.words("topic_trims.leading"), *names}, key=len, reverse=True)
        forms = vocabulary.words("topic_trims.leading_forms")
        self._final = final
        self._leading = re.compile("|".join([*forms, alternation(leading)]))
        self._trailing = vocabulary.words("topic_trims.trailing")
        self._verbs = re.compile(f"(?:{alternation(vocabulary.words('topic_trims.verbs'))})+$")
        self._names = re.compile(alternation(sorted(names, key=len, reverse=True)))
        self._nameless = frozenset(vocabulary.words("nameless"))
        self._phases = [
            *((re.compile(f"^(?:{alternation(w)})$"), p) for p, w in vocabulary.under("phases_alone").items()),
            *((re.compile(f"(?:{alternation(w)})$"), p) for p, w in vocabulary.under("phases").items()),
        ]

    def topic(
        self, passage: Passage, start: int, end: int, table: str | None, items: str | None = None
    ) -> Topic | None:
        """Return the topic that the words [start, end) name, or None when they name nothing.

        An empty text with a phase stands for what was spoken of before ("预算执行数为").
        """
        opening = start
        start, end = self._trim(passage.text, start, end)
        if end - start > _LONGEST_TOPIC or _NUMBER.fullmatch(passage.text, start, end):
            return None  # "较上年2.08减少0.03万元" names no thing
        words = passage.text[start:end]
        key = self.key(words, passage.words(start, end), table, items)
        phase = None
        if key is None:
            for pattern, name in self._phases:
                if match := pattern.search(words):
                    phase, end = name, start + match.start()
                    break
            words = passage.text[start:end]
            key = self.key(words, passage.words(start, end), table, items) if words else None
        if not words:
            if thing := self._before_year(passage, opening, start, table, items):
                return replace(thing, phase=phase)
            if phase is None:
                return None
        if self._final and phase is None and _BUDGET.search(words):
            phase = "budget"
            if match := _BUDGET_OF.search(words):  # "X支出预算为A，支出决算为B": both are of X支出
                end = start + match.start()
                key = key or self.key(passage.text[start:end], passage.words(start, end), table, items)
        if self._final and phase is None:
            phase = next((name for name, ahead in _BUDGET_AHEAD.items() if ahead.match(words)), None)
        found = Topic(start, end, passage.words(start, end), phase, key)
        return self.of_thing(found, self._before_year(passage, opening, start, table, items)) if words else found

    def side(self, passage: Passage, words: tuple[int, int], table: str | None, spoken: Topic | None) -> Topic | None:
        """Return 收入 or 支出 of the words "2022年度收入决算", where nothing else is spoken of, or the other is."""
        start, end = words
        match = _SIDE.search(passage.text[start:end])
        if match is None:
            return None
        if spoken is None and (table not in _SIDES or not YEAR.search(passage.text, start, end)):
            return None
        if spoken is not None and not _OTHER[match["side"]].search(spoken.text):
            return None
        at, behind = start + match.start("side"), start + match.end("side")
        printed = passage.words(at, behind)
        return Topic(at, behind, printed, "final", self.key(passage.text[at:behind], printed, table))

    def of_thing(self, topic: Topic, thing: Topic | None) -> Topic:
        """Return what stands before a topic in its stead, where that has no name of its own: 公务接待费2023年支出."""
        words = fold_clause(topic.text)
        if thing is None or words not in self._nameless or not (thing.key or topic.key is None):
            return topic
        if thing.key is None and not _THING.search(fold_clause(thing.text)):
            return topic
        is_budget = self._final and words.startswith("预算")
        return replace(thing, phase="budget" if is_budget else topic.phase)

    def _before_year(
        self, passage: Passage, start: int, end: int, table: str | None, items: str | None
    ) -> Topic | None:
        """Return the thing that stands before its year ("公务接待费2024年预算数为")."""
        years = list(YEAR.finditer(passage.text, start, end))
        before = years[-1].start() if years else start
        return self.topic(passage, start, before, table, items) if before > start else None

    @staticmethod
    def opening(text: str, start: int, end: int) -> int:
        """Return where the words [start, end) begin behind their number and the marks before them."""
        while start < end:
            number = ordinal(text[start:end])
            if text[start] in _MARKS:
                start += 1
            elif number:
                start += number.length
            else:
                break
        return start

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        while (start := self.opening(text, start, end)) < end:
            match = _YEAR.match(text, start, end) or self._names.match(text, start, end)
            if match and match.end() > start:
                start = match.end()
            elif text[start] in _JOINING:
                start += 1
            else:
                break
        while start < end and text[end - 1] in "，、；：。(":
            end -= 1
        if verb := self._verbs.search(text[start:end]):
            end = start + verb.start()
        return start, end

    def key(self, words: str, printed: str, table: str | None, items: str | None = None) -> Key | None:
        """Return the key that folded words have in a section.

        printed  what a row may be called
        table    kind of table that the section restates
        items    kind of table whose rows it names, where that is another
        """
        if not words:
            return None
        for candidate in self._shorter(words.replace("、", "")):
            for entry in self._vocabulary.topics:
                if candidate in entry.words and (not entry.within or table in entry.within):
                    key = self._entry_key(entry, table)
                    own = self._resolve(printed, key.table_kind) if key and _SOURCE in key.dimensions else None
                    return own or key  # a table's own row of that name is what it means there
        rows = table or items
        if rows is None:
            return None
        for label in (printed, *self._shorter(words)):
            if key := self._resolve(label, rows) or self._resolve(label.removesuffix(_REVENUE), rows):
                return key
        return None

    def _entry_key(self, entry: TopicWords, table: str | None) -> Key | None:
        kind = entry.table or table
        if kind is None:
            return None
        return Key(entry.structure, kind, {**self.base(kind), **entry.dimensions})

    def named(self, topic: Topic | None) -> Topic | None:
        """Return a topic with a name of its own; None for 累计支出 and the like, which are of what is spoken of."""
        return None if topic is None or not topic.text or fold_clause(topic.text) in self._nameless else topic

    def base(self, table: str) -> Mapping[str, str]:
        """Return what every figure of a kind of table has in its key."""
        return self._vocabulary.tables.get(table, {})

    def _shorter(self, words: str) -> Iterator[str]:
        """Yield the words, then without each leading and trailing word that says nothing, longest first."""
        waiting = [words]
        seen = set()
        while waiting:
            waiting.sort(key=len)
            current = waiting.pop()
            if not current or current in seen:
                continue
            seen.add(current)
            yield current
            if match := self._leading.match(current):
                waiting.append(current[match.end() :])
            waiting += [current.removesuffix(word) for word in self._trailing if current.endswith(word)]
