"""The forms in which sentences state figures, compiled from the vocabulary for a document of one fiscal year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.vocabulary import Vocabulary

#: A count of a reason that goes on behind a semicolon.
_NEXT_REASON = re.compile(r"(?:[二三四五六七八九十]|\(?\d\)?)(?:是|、)")
#: The next of the things that a text counts, with its year: it ends the reason of the one before.
_NEXT_THING = re.compile(r"，[一二三四五六七八九十]{1,2}、(?=\d{4}年)")
_COUNTED = re.compile(r"[，；：]?(?:[一二三四五六七八九十]是|\(?\d\)?、)")
#: A year that is not part of a date.
YEAR = re.compile(r"(?<!\d)(\d{4})年(?!\d{1,2}月)")
_LONGEST_REASON = 30


@dataclass(frozen=True, slots=True)
class Baseline:
    """Words that name an earlier year, or a budget of the same year, to compare with: folded characters [start, end).

    year   None where it is a budget, and the document is no final account: which year's is not said
    phase  notation of the scheme phase, where the words name one (比上年预算执行数)
    """

    start: int
    end: int
    year: int | None
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Words that state no change against an earlier year, folded characters [start, end)."""

    start: int
    end: int
    year: int
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    """Words of growing or shrinking, folded characters [start, end) of the head they stand in.

    way        "increase" | "decrease"
    undecided  both are printed, as in "增加（减少）0万元"
    """

    start: int
    end: int
    way: str
    undecided: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Words that make the percentage behind a head a share of something.

    start       where the topic ends, in the head
    whole       folded characters [start, end) of the head that name what it is a share of; empty for "占"
    completion  phase of the budget that was completed ("完成年初预算的"), else None
    """

    start: int
    whole: tuple[int, int]
    completion: str | None = None


class Grammar:
    """Finds the forms in folded text. `final`: the document is a final account."""

    def __init__(self, vocabulary: Vocabulary, year: int, *, final: bool = False) -> None:
        words = vocabulary.words
        up, down = words("changes.increase"), words("changes.decrease")
        either = alternation([*up, *down])
        things = alternation(words("changes.things"))
        former = alternation(words("changes.former_year"))
        comparing = alternation(words("changes.comparing"))
        own = alternation(words("changes.own_budget"))
        same = alternation(words("changes.against_last_year"))
        baseline = (
            rf"(?:{comparing})(?:(?P<year>\d{{4}})年度?|(?P<former>{former})|(?P<own>)(?={own}))(?:\([^()]*\))?"
            r"(?P<phase>(?:部门|同期|同口径|当年|年初|初|全年|调整后?|财政拨款|预算执行数|执行数|预算数字?|决算数字?|预算|决算|安排数?(?!的)|数)*"
            r"(?:\(调整后?\))?)(?:相比较|相比|对比|比较)?"
        )
        reasons = alternation(words("changes.reasons"))
        self._reason = re.compile(rf"(?:{reasons})(?!用于)(?:是|为|在于|有)?：?")
        self._netting = re.compile(rf"(?:{alternation(words('changes.netting'))})，?")
        self._phases = [
            (re.compile(alternation(found)), phase) for phase, found in vocabulary.under("changes.phases").items()
        ]
        uses = alternation([word for word in words("lists") if word.endswith("用于")])
        self._named = re.compile(rf"[。，：]?(?:{uses})|：(?:包括|指|是指)|。")
        self.year = year
        self._final = final
        self._unstated = re.compile("|".join(words("unstated.forms")))
        self._up = frozenset(up)
        self._baseline = re.compile(rf"{baseline}|(?:{same})")
        self._unchanged = re.compile(
            rf"{baseline}，?(?:(?!{alternation(words('changes.roughly'))})[^，。；：\d]){{0,6}}?"
            rf"(?:{alternation(words('changes.unchanged'))})"
        )
        self._direction = re.compile(
            rf"(?:{alternation(words('changes.adverbs'))})?(?P<word>{either})(?P<other>\((?:{either})\)|[/、](?:{either}))?(?:了|额|幅度|约|为|数)*$"
        )
        self._changes = re.compile(
            rf"\)?(?:相比较|相比|对比|比较)?，?(?:{same}|{alternation(words('changes.adverbs'))})*(?:{either})"
        )
        self._growth_of = re.compile(
            rf"(?:^|{reasons}|是|因)(?!{things})(?P<word>{either})了?(?P<topic>\D{{2,{_LONGEST_REASON}}})$"
        )
        self._share = re.compile(rf"(?:{alternation(words('shares'))})(?P<whole>[^，。；：]*?)的?(?:比例|比重)?为?$")
        self._completions = [
            (re.compile(rf"(?:{alternation(found)})的?$"), phase)
            for phase, found in vocabulary.under("completions").items()
        ]
        self._limit = re.compile(rf"/|{alternation(words('limits'))}")

    def baselines(self, text: str) -> list[Baseline]:
        """Return the earlier years a text compares with."""
        return [Baseline(m.start(), m.end(), self._year(m), self._phase(m)) for m in self._baseline.finditer(text)]

    def _phase(self, match: re.Match[str]) -> str | None:
        return next((phase for pattern, phase in self._phases if pattern.search(match["phase"] or "")), None)

    def unchanged(self, text: str) -> Iterator[Unchanged]:
        """Yield the statements that something is as it was in an earlier year."""
        for match in self._unchanged.finditer(text):
            if year := self._year(match):
                yield Unchanged(match.start(), match.end(), year, self._phase(match))

    def _year(self, match: re.Match[str]) -> int | None:
        if match["own"] is not None:
            return self.year if self._final else None
        return int(match["year"]) if match["year"] else self.year - 1

    def direction(self, head: str) -> Direction | None:
        """Return the growing or shrinking that a head ends with ("比上年减少")."""
        match = self._direction.search(head)
        if match is None:
            return None
        way = "increase" if match["word"] in self._up else "decrease"
        return Direction(match.start(), match.end(), way, match["other"] is not None)

    def changes(self, text: str, position: int) -> bool:
        """Tell whether words of growing or shrinking follow."""
        return self._changes.match(text, position) is not None

    def growth_of(self, head: str) -> Direction | None:
        """Return the growing or shrinking of the thing that a head ends with ("主要是增加设备费")."""
        match = self._growth_of.search(head)
        if match is None:
            return None
        way = "increase" if match["word"] in self._up else "decrease"
        return Direction(match.start("word"), match.start("topic"), way, False)

    def share(self, head: str) -> Share | None:
        """Return what makes the percentage behind a head a share or a rate of completion, or None."""
        for pattern, phase in self._completions:
            if match := pattern.search(head):
                return Share(match.start(), (match.end(), match.end()), phase)
        match = self._share.search(head)
        return Share(match.start(), match.span("whole")) if match else None

    def reason(self, text: str, position: int) -> int | None:
        """Return where the reason begins that a position stands in, behind its word (主要原因), or None.

        A reason ends with its sentence, with a semicolon behind which no further one is counted (二是), and where the
        next thing of a list begins (二、2023年).
        """
        start = text.rfind("。", 0, position) + 1
        found = list(self._reason.finditer(text, start, position))
        if not found:
            return None
        if _NEXT_THING.search(text, found[-1].end(), position):
            return None
        for mark in re.finditer("；", text[found[-1].end() : position]):
            if not _NEXT_REASON.match(text, found[-1].end() + mark.end()):
                return None
        return found[0].end()

    def netted(self, text: str, start: int, end: int) -> int | None:
        """Return the end of the words that lead back to the whole behind a list of reasons ("增减相抵后"), or None."""
        match = self._netting.search(text, start, end)
        return match.end() if match else None

    def named_end(self, text: str) -> int:
        """Return where the thing ends that a text opens with: before its use ("，主要用于"), or with its sentence."""
        match = self._named.search(text)
        return match.start() if match else 0

    @staticmethod
    def counted(text: str, start: int, end: int) -> int:
        """Return where the words [start, end) of a reason begin behind its count (一是), if it has one."""
        match = _COUNTED.match(text, start, end)
        return match.end() if match else start

    def states_nothing(self, words: str) -> bool:
        """Tell whether the figure behind these words is none of the thing they name: a limit, one of several things."""
        return self._unstated.search(words) is not None

    def is_limit(self, text: str, end: int) -> bool:
        """Tell whether the amount that ends here is a limit ("单价100万元以上的设备"), or a price ("3.5万元/人")."""
        return self._limit.match(text, end) is not None
