"""The words of a header -> what a column is, word by word: "2024年预算数/基本支出/小计".

A path is read only when every part of it is made of words with a certain meaning, and these agree. So a column of a
layout that nobody showed is read as it says, or not at all.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

from budgetgraph.converter.amounts import without_counting_unit

#: Roles of columns that open a block of columns behind an amount.
_WORDS = frozenset(("code", "label", "gov-code", "gov-label", "unit", "unit-code", "unit-label"))

#: Roles of columns of numbers; others (行次, 备注) belong to the block that they stand in.
_FIGURES = frozenset(("amount", "derived"))

#: Years as headers write them.
_YEAR = re.compile(r"(20\d{2})年(?:度)?")
_BEFORE = {"上年度": 1, "上年": 1, "本年度": 0, "当年度": 0, "本年": 0, "当年": 0}
#: Dimensions of columns that may be parts of others, which make up no whole.
PARTED = frozenset(("revenueSource", "fund"))
#: Dimensions of counts, whose headers print a unit in brackets: 编制数(人).
_COUNTS = frozenset(("activityKind", "assetKind", "staffKind", "staffBasis"))
#: Closes the name of a class that heads a group of classes beside itself, so that it is not of this class alone.
GROUP = "…"
_NATURE = "expenditureNature"
_CLASSES = frozenset(("economicClass", "govEconomicClass"))
#: Digits of the code of a 类.
_CLASS = 3
#: Headers whose meaning is kept for the next table: those of a batch repeat, and no batch may fill the memory.
_KEPT = 4096
#: Opens the name of a part of another column.
_OF_WHICH = re.compile(r"(?:其中[:,]?)+")
#: Columns worked out from others: differences, growth, shares. They state nothing of their own.
_DERIVED = re.compile(
    r"增、?减|变动(?:额|数|率|情况|比例|幅度)|增加(?:额|数)|减少(?:额|数)|增长|比重|占.{0,8}(?:%|比)|完成.{0,8}%|(?:^|/)%$|百分比|比率|差异率|执行率|节约(?:金额|资金|率)|完成率|支出进度|的%\Z|比.{0,12}差额|\(%\)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What a word says of a column: its role, dimension values, phase. An amount when it says no role.

    role    as that of a meaning; "head" for words over columns of several roles (项目), which say nothing alone
    widest  the total, where no other column is: 本年收入合计 without one of what is carried forward
    below   what it says below another value: 一般公共预算 is carried forward below 上年结转; a word of the value
            "" says nothing elsewhere
    side    of a head: codes and labels below it are those of another classification ("gov")
    alone   of a head: its role where nothing stands below it
    vague   of a head: what it holds is not certain, so that a total below it says nothing (其他资金)
    needs   it says this where the header has these words too: 机关资本性支出 beside 机关资本性支出(基本建设)
    part    it says a part of the value above, which others need not make up with it (基本支出结转 of 年初结转和结余)
    thing   it names what is there, and not whether it is counted or valued: another word has to, or a unit of counts
    measures  it says that things are counted, or valued (数量, 金额)
    pattern   regular expression that the word matches whole, instead of being it
    names     what the word itself is the name of: the "recipient" of transfers
    """

    role: str | None = None
    dimensions: Mapping[str, str] | None = None
    phase: str | None = None
    widest: bool = False
    below: Mapping[str, str] = field(default_factory=dict)
    side: str = ""
    alone: str | None = None
    vague: bool = False
    needs: str = ""
    part: bool = False
    thing: bool = False
    measures: bool = False
    pattern: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header path says.

    role  "code" | "label" | "gov-code" | "gov-label" (of governments) | "unit-code" | "unit" | "unit-label" (of a unit
          or a class) | "line-number" | "text" (备注) | "derived" | "amount"
    """

    role: str
    dimensions: Mapping[str, str]
    phase: str | None = None
    year: int | None = None
    years_before: int = 0
    widest: bool = False
    of_which: bool = False  #: printed as 其中, a part of another column
    says: bool = field(default=False, compare=False)  #: some word has said something
    dated: bool = field(default=False, compare=False)  #: ... of the year or the phase
    side: str = field(default="", compare=False)  #: that of the head above
    alone: str | None = field(default=None, compare=False)  #: role where a head says all
    vague: bool = field(default=False, compare=False)  #: below a head of which it is not certain what it holds
    needs: str = field(default="", compare=False)  #: words that the header must have elsewhere
    part: bool = False  #: a part of what the words above say, see `Word`
    thing: bool = field(default=False, compare=False)  #: a word has named things
    measured: bool = field(default=False, compare=False)  #: ... and one has said whether they are counted or valued
    among: bool = field(default=False, compare=False)  #: below a 其中 that stands over all parts: 基本支出 and 项目支出


def _is_item(word: Word) -> bool:
    return any(name in _CLASSES and len(code) != _CLASS for name, code in (word.dimensions or {}).items())


class HeaderWords:
    """A vocabulary of folded header words.

    above  notations of a dimension that stand above a value: a deeper word overrides ("基本支出/人员经费")
    items  names of economic classes that have no classes below them (款)
    """

    def __init__(self, words: Mapping[str, Word], above: Mapping[tuple[str, str], frozenset[str]]) -> None:
        self._words = words
        self._patterns = [(re.compile(word.pattern), word) for word in words.values() if word.pattern]
        self._above = above
        self._longest = max(map(len, words), default=0)
        self.read = lru_cache(maxsize=_KEPT)(self._read)
        self.items = frozenset(name for name, word in words.items() if _is_item(word))

    def __eq__(self, other: object) -> bool:
        """Tell whether the other vocabulary has the same words."""
        return isinstance(other, HeaderWords) and (self._words, self._above) == (other._words, other._above)

    def __hash__(self) -> int:
        """Return a hash of the words alone, not of what they say."""
        return hash(frozenset(self._words))

    def is_above(self, over: Mapping[str, str], values: Mapping[str, str]) -> bool:
        """Tell whether what `values` say is a part of what `over` says, in every dimension that this names."""
        return all(
            name in values and value in self._above.get((name, values[name]), ()) for name, value in over.items()
        )

    def _read(self, path: str, whole: tuple[str, str] | None = None) -> Meaning | None:
        """Return what a path says, or None where a part of it is not known or parts contradict each other.

        whole  dimension and value that its column is a part of, where the path does not say it
        """
        meaning: Meaning | None = Meaning("", dict([whole]) if whole else {})
        for part in path.split("/"):
            meaning = meaning and self._with_part(meaning, part)
        if meaning and meaning.among and set(meaning.dimensions) == {_NATURE}:
            meaning = replace(meaning, of_which=False)
        if meaning and meaning.of_which and (len(meaning.dimensions) != 1 or not PARTED & set(meaning.dimensions)):
            meaning = None  # sums of other tables do not know parts that make up no whole
        if meaning and (meaning.vague or (meaning.thing and not meaning.measured)):
            return None
        if meaning is not None and meaning.alone and not meaning.says:
            return replace(meaning, role=meaning.alone)
        if meaning is None or not meaning.says:
            return Meaning("derived", {}) if _DERIVED.search(path) else None
        return replace(meaning, role=meaning.role or "amount")

    def _with_part(self, meaning: Meaning, part: str) -> Meaning | None:
        if (which := _OF_WHICH.match(part)) and part not in self._words:
            meaning = replace(meaning, of_which=True)
            part = part[which.end() :]
            return self._with_part(meaning, part) if part else replace(meaning, among=True)
        if part.endswith(GROUP):
            return replace(meaning, vague=True)
        if word := self._word(part):  # 上年结转 is a word, not a year and 结转
            return self._with_word(meaning, replace(word, dimensions={word.names: part}) if word.names else word)
        if counted := self._word(without_counting_unit(part)):
            found = self._with_word(meaning, counted) if _COUNTS & set(counted.dimensions or ()) else None
            return found and replace(found, measured=True)
        part, year, before = _years(part)
        if year is not None or before is not None:
            meaning = replace(
                meaning, year=year or meaning.year, years_before=before or meaning.years_before, says=True, dated=True
            )
        splits = self._splits(part, meaning)
        fewest = min((count for count, _ in splits), default=0)  # 项目支出 is one word, not 项目 and 支出
        readings = {self._key(each): each for count, each in splits if count == fewest}
        return next(iter(readings.values())) if len(readings) == 1 else None

    def _word(self, part: str) -> Word | None:
        found = (word for pattern, word in self._patterns if pattern.fullmatch(part))
        return self._words.get(part) or next(found, None)

    @staticmethod
    def _key(meaning: Meaning) -> tuple[object, ...]:
        return meaning.role, tuple(sorted(meaning.dimensions.items())), meaning.phase

    def _splits(self, part: str, meaning: Meaning) -> list[tuple[int, Meaning]]:
        """Return the ways to read a part as words without a rest, each with the number of its words.

        Of those that say the same in all but the words, the one with the fewest; so there are few, however long it is.
        """
        reached: list[list[tuple[int, Meaning]]] = [[(0, meaning)], *([] for _ in part)]
        for start in range(len(part)):
            for count, said in reached[start]:
                for end in range(start + 2, min(len(part), start + self._longest) + 1):
                    word = self._words.get(part[start:end])
                    found = self._with_word(said, word) if word else None
                    if found:
                        reached[end] = _with_reading(reached[end], count + 1, found)
        return reached[-1]

    def _with_word(self, meaning: Meaning, word: Word) -> Meaning | None:
        if meaning.role == "text":  # what stands below a column that is not read is not, too
            return meaning
        if word.role == "head":
            side, alone = word.side or meaning.side, meaning.alone or word.alone
            return replace(meaning, side=side, alone=alone, vague=word.vague or meaning.vague)
        role = f"{meaning.side}-{word.role}" if meaning.side and word.role in {"code", "label"} else word.role
        if meaning.role and role != meaning.role:
            return None  # an amount below a label: the lines of the header do not stand over each other
        if word.phase and meaning.phase and word.phase != meaning.phase:
            return None
        dimensions, widest = dict(meaning.dimensions), meaning.widest or word.widest
        for name, value in (word.dimensions or {}).items():
            known = dimensions.get(name)
            value = word.below.get(known or "", value)
            if not value:
                return None
            if known is None or known == value or known in word.below or known in self._above.get((name, value), ()):
                dimensions[name], widest = value, word.widest
            elif value not in self._above.get((name, known), ()):
                return None
        return replace(
            meaning,
            role=role or meaning.role,
            dimensions=dimensions,
            phase=word.phase or meaning.phase,
            widest=widest,
            needs=word.needs or meaning.needs,
            says=True,
            dated=meaning.dated or word.phase is not None,
            vague=meaning.vague and not word.dimensions,
            part=meaning.part or word.part,
            thing=meaning.thing or word.thing,
            measured=meaning.measured or word.measures,
        )


def _with_reading(known: Sequence[tuple[int, Meaning]], count: int, found: Meaning) -> list[tuple[int, Meaning]]:
    """Return the readings with one more, which takes the place of one that says the same in more words."""
    same = next((other for other, each in known if _says(each) == _says(found)), None)
    if same is not None and same <= count:
        return list(known)
    return [*((other, each) for other, each in known if _says(each) != _says(found)), (count, found)]


def _says(meaning: Meaning) -> tuple[object, ...]:
    """Return all that a meaning says; meanings compare without what only the reading of their path needs."""
    return tuple(getattr(meaning, each.name) for each in fields(meaning))


def _years(part: str) -> tuple[str, int | None, int | None]:
    """Return the part without the year it opens with, the year, and how many years before the document's it says."""
    if found := _YEAR.match(part):
        return part[found.end() :], int(found.group(1)), None
    for word, before in _BEFORE.items():
        if part.startswith(word):
            return part[len(word) :], None, before
    return part, None, None


def blocks_of(
    meanings: Sequence[Meaning | None], named: Sequence[bool], wordy: Collection[int] = ()
) -> list[list[int]]:
    """Return the columns that are read together: a code or label behind an amount opens the next block.

    named  whether a column has a header; columns without one belong to no block
    wordy  columns whose cells are words: without a meaning they may be the labels of what stands behind them
    """
    blocks: list[list[int]] = []
    has_amount = False
    for index, meaning in enumerate(meanings):
        role = meaning.role if meaning else "label" if index in wordy else "amount"
        if role in _WORDS and has_amount:
            blocks.append([])  # a wordy column without a header opens a block too, and is not in it
            has_amount = False
        if named[index]:
            blocks = blocks or [[]]
            blocks[-1].append(index)
            has_amount = has_amount or role in _FIGURES
    return blocks
