"""Sentences on the three public expenses, conferences and training -> the data set "activities" (counts)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.stated import Stated
from budgetgraph.converter.narrative.vocabulary import Vocabulary, longest_first

_SENTENCE = re.compile(r"[^。；]+")
_BREAK = re.compile(r"[，、：()]")
#: A year that is not the one compared with.
_YEAR = re.compile(r"(?<![比较与同\d])(\d{4})年(?:度)?")
#: What may stand behind a count: in "3个单位" it counts something else.
_CLOSED = re.compile(r"[，、：()\d]|[共和及与]|\Z|[。；]")
_CARS = "vehicles"


@dataclass(frozen=True, slots=True)
class _Count:
    """A number with a unit that counts groups, people or vehicles.

    measure  "groups" | "persons" | "vehicles"
    words    what leads to the number and the noun behind it, taken apart: lead, thing, generic, state, other state
    label    folded characters [start, end) of the words before the number
    """

    number: re.Match[str]
    measure: str
    words: re.Match[str]
    label: tuple[int, int]


class Activities:
    """Reads the passages of sections one after the other.

    year, phase  the document's: counts of another year, and what a final account says was planned, make no figure
    """

    def __init__(self, vocabulary: Vocabulary, year: int, phase: str) -> None:
        words = vocabulary.words
        self._year = year
        self._found: dict[str, list[Figure]] = {}
        self._meaning = {name: n for n, names in vocabulary.under("activities.things").items() for name in names}
        self._heading = ""
        self._state = {word: n for n, found in vocabulary.under("activities.states").items() for word in found}
        things = alternation(longest_first(self._meaning))
        self._held = vocabulary.under("activities.held")
        self._holding = re.compile(rf"(?:{_YEAR.pattern}|{alternation(words('activities.holding'))})*")
        led_back = [n for n, thing in self._meaning.items() if thing not in self._held or n in self._held[thing]]
        self._leads_back = re.compile(alternation(longest_first(led_back)))
        states = alternation(longest_first(self._state))
        fillers = alternation(words("activities.fillers"))
        generic = vocabulary.under("activities.generic")
        self._things = re.compile(things)
        self._words = {
            measure: re.compile(
                rf"(?P<lead>.*?)(?P<state>{states})?(?P<thing>{things})?(?P<generic>(?:{alternation(found)})*)"
                rf"(?P<then>{states})?(?:{fillers})*\Z"
            )
            for measure, found in generic.items()
        }
        units = "|".join(
            f"(?P<{m}>{alternation(found)})" for m, found in vocabulary.under("activities.counters").items()
        )
        nouns = alternation(longest_first(word for found in generic.values() for word in found))
        self._count = re.compile(
            rf"(?<![\d.,第])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+)(?:{units})"
            rf"(?P<noun>(?:{things})?(?:{nouns})*)(?!{alternation(words('activities.inexact'))})"
        )
        other = [*words("activities.other"), *(words("activities.planned") if phase == "final" else ())]
        self._other = re.compile(alternation(longest_first(other)))

    def read(self, passages: Sequence[Passage], heading: str = "") -> Stated:
        """Take the counts of passages below a folded heading; return what looks like a count and is not understood."""
        stated = Stated()
        self._heading = heading
        for passage in passages:
            for sentence in _SENTENCE.finditer(passage.text):
                if self._things.search(passage.text, 0, sentence.end()):
                    self._sentence(passage, *sentence.span(), stated)
        return stated

    def data_set(self, stated: Stated) -> DataSet | None:
        """Return the counts, one for each kind; of a kind with several numbers there is none, which is reported."""
        figures = []
        for found in self._found.values():
            if len({figure.value for figure in found}) == 1:
                figures.append(found[0])
                continue
            for figure in found:
                message = f"{figure.label!r}: the text has several numbers for this, and none is taken: {figure.text}"
                stated.note("unread-count", message, figure.place.locator)
        if not figures:
            return None
        title = "“三公”经费、会议、培训相关数量" if self._has_held() else "“三公”经费相关数量"
        return DataSet("activities", "activity-quantity", title, tuple(figures), table_kind="statement")

    def _has_held(self) -> bool:
        return any(notation.startswith(f"{thing}-") for thing in self._held for notation in self._found)

    def _is_held(self, thing: str, text: str, count: _Count) -> bool:
        """Tell whether something that is spoken of everywhere is counted as what its money paid for.

        "组织培训3期" where the text speaks of 培训费; not 干部培训3期, and not the training of a delegation.

        text  what the passage says to the end of the sentence
        """
        if not any(money in self._heading + text for money in self._held[thing]):
            return False
        return self._holding.fullmatch(count.words["lead"].removeprefix("其中")) is not None

    def _sentence(self, passage: Passage, start: int, end: int, stated: Stated) -> None:
        before: tuple[_Count, str] | None = None
        for count in self._counts(passage.text, start, end):
            thing = self._thing(passage.text, start, count, before)
            if thing and thing in self._held and not self._is_held(thing, passage.text[:end], count):
                thing = None
            before = (count, thing) if thing else None
            notation = self._notation(thing, count)
            unit = count.number.start("number"), count.number.end(count.measure)
            if notation is None or self._is_of_another(passage.text, start, count):
                message = f"the count {passage.printed(*unit)} in the text is no figure: its words are not understood"
                stated.report("unread-count", message, passage, *unit)
                continue
            digits = count.number.span("number")
            figure = Figure(
                {"activityKind": notation},
                Decimal(count.number["number"].replace(",", "")),
                passage.printed(*digits),
                passage.words(*count.label) or passage.words(*unit),
                passage.place(*digits),
                unit=passage.words(digits[1], unit[1]),
            )
            self._found.setdefault(notation, []).append(figure)

    def _counts(self, text: str, start: int, end: int) -> Iterator[_Count]:
        names = [name.span() for name in self._things.finditer(text)]
        read_to = start
        for match in self._count.finditer(text, start, end):
            breaks = [mark.start() for mark in _BREAK.finditer(text, read_to, match.start())]
            inside = [at for at in breaks if not any(a < at < z for a, z in names)]
            opening = inside[-1] + 1 if inside else read_to
            measure = next(name for name in self._words if match[name])
            words = self._words[measure].match(text[opening : match.start()] + match["noun"])
            if words is not None:
                yield _Count(match, measure, words, (opening, match.start()))
            read_to = match.end()

    def _thing(self, text: str, start: int, count: _Count, before: tuple[_Count, str] | None) -> str | None:
        """Return what is counted: named by the words of the count, or by what they lead back to."""
        words = count.words
        of_which = "其中" in text[max(start, count.label[0] - len("其中：")) : count.label[1]]
        if words["thing"]:
            lead = words["lead"].removeprefix("其中")
            return None if of_which and lead else self._meaning[words["thing"]]
        is_led = words["generic"] or words["state"] or words["then"] or self._holding.fullmatch(words["lead"])
        if of_which or (words["lead"] and not is_led):
            return None
        if before and before[0].measure != count.measure and not self._names(text, before[0].number.end(), count):
            return before[1]
        return self._led_back(text, start, count) if words.group().strip("，、：") else None

    def _names(self, text: str, start: int, count: _Count) -> list[re.Match[str]]:
        """Return the things that stand between a place and the words right before a count."""
        words = count.words
        return list(self._leads_back.finditer(text, start, count.label[0] + len(words["lead"])))

    def _led_back(self, text: str, start: int, count: _Count) -> str | None:
        """Return the thing that the sentence spoke of last, or the only one that the passage spoke of before."""
        found = self._names(text, start, count)
        if not found:
            found = self._names(text, 0, count)
            if len({self._meaning[name.group()] for name in found}) != 1:
                return None
        last = found[-1]
        return None if self._other.search(text, max(0, last.start() - 2), last.start()) else self._meaning[last.group()]

    def _notation(self, thing: str | None, count: _Count) -> str | None:
        if thing is None or (thing == _CARS) != (count.measure == _CARS):
            return None
        if thing != _CARS:
            return f"{thing}-{count.measure}"
        state = count.words["then"] or count.words["state"]
        return f"{_CARS}-{self._state[state]}" if state else None

    def _is_of_another(self, text: str, start: int, count: _Count) -> bool:
        """Tell whether a count is of another thing or year, a plan, a change, or a part of what is counted."""
        if not (count.number["noun"] or _CLOSED.match(text, count.number.end())):
            return True
        years = _YEAR.findall(text, start, count.label[1])
        return bool(self._other.search(text, *count.label)) or (bool(years) and int(years[-1]) != self._year)
