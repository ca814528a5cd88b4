"""What a project form says of earlier years: "2019年安排40万元", and of changes: "宣传费增加1.2万"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNITS = {"元": 0, "千元": 3, "万": 4, "万元": 4, "百万元": 6, "亿": 8, "亿元": 8}
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>百万元|千元|万元|亿元|万|亿|元)(?![/／*×xX])")
_EARLIER = re.compile(r"(?P<year>(?:19|20)\d{2})\s*年(?:度)?(?P<between>[^\d，,；;。、（(]{0,12}?)\s*\Z")
_DIRECTIONS = {
    "increase": ("增加", "新增", "增长", "增列", "追加", "上升", "提高", "扩大"),
    "decrease": ("减少", "下降", "压减", "核减", "调减", "降低", "缩减", "减"),
}
_DIRECTION = re.compile("|".join(sorted((w for ws in _DIRECTIONS.values() for w in ws), key=len, reverse=True)))
_BY_WORD = {word: direction for direction, words in _DIRECTIONS.items() for word in words}
_COMPARED = re.compile(r"(?:与|比|较)\s*(?P<year>(?:19|20)\d{2})\s*年(?:度)?(?:预算|安排|数)?(?:数)?(?:相比|相较|比)?")
_SENTENCE_END = re.compile(r"[；;。\n]|(?<=[\s：:])\d{1,2}\s*[.、](?!\d)")
_CLAUSE_END = re.compile(r"[，,：:]|其中|另可|另")
_LISTED = re.compile(r"、")
_TAIL = re.compile(r"(?:共计|合计|共|约|了|为)*\s*\Z")
_TOGETHER = re.compile(r"(?:共计|合计|共)\s*\Z")
_AROUND = " \n，,、：:（()）；;和及"


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """What a project got in a year. `start`, `end` are the place of the number; `multiplier` that of its unit."""

    year: int
    amount: Decimal
    text: str
    multiplier: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """An amount in the text: part of a year's amount ("level"), or a change.

    start, end  place of the words that state it
    direction   "increase" | "decrease" for a change, None for a level
    year        the year a level is about; None for a change (the document's year)
    base_year   the year a change is compared with, where the sentence says so
    """

    topic: str
    amount: Decimal
    text: str
    multiplier: int
    start: int
    end: int
    direction: str | None = None
    year: int | None = None
    base_year: int | None = None


#: More characters than any amount has: digits run together, not a number.
_LONGEST = 20


def read_history(text: str) -> Iterator[EarlierYear | Mention]:
    """Yield the amounts of a text on earlier years and changes, in printed order.

    An amount is a change when a word of change stands before it in its sentence, a year's amount when the year
    stands right before it, and a part of a year's amount when it stands in brackets behind it. Other amounts
    are not yielded.
    """
    current: EarlierYear | None = None
    bracket_end = -1
    before = 0
    for match in _AMOUNT.finditer(text):
        if len(match["number"]) > _LONGEST:
            continue
        amount = Decimal(match["number"].replace(",", "")).scaleb(_UNITS[match["unit"]])
        amount = amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount
        multiplier = _UNITS[match["unit"]]
        start, end = match.span()
        sentence = _sentence_start(text, start)
        earlier = _EARLIER.search(text[sentence:start])
        if earlier and not _DIRECTION.search(earlier["between"]):
            current = EarlierYear(
                int(earlier["year"]),
                amount,
                match["number"],
                multiplier,
                match.start("number"),
                match.end("number"),
            )
            bracket_end = _bracket_end(text, end)
            yield current
        elif current and start < bracket_end:
            topic, topic_start = _topic_between(text, max(before, _bracket_start(text, start)), start)
            yield Mention(topic, amount, match["number"], multiplier, topic_start, end, year=current.year)
        else:
            change = _change(text, sentence, before, match, amount, multiplier)
            if change:
                yield change
        before = end


def _change(
    text: str, sentence: int, before: int, match: re.Match[str], amount: Decimal, multiplier: int
) -> Mention | None:
    start, end = match.span()
    verbs = list(_DIRECTION.finditer(text, sentence, start))
    if not verbs:
        return None
    verb = verbs[-1]
    compared = list(_COMPARED.finditer(text, 0, start))
    base_year = int(compared[-1]["year"]) if compared and _same_passage(text, compared[-1].end(), start) else None
    if verb.start() < before:  # the verb of the amount before holds on: "减少甲1万、乙3万"
        topic, begin = _topic_between(text, before, start)
    else:
        topic, begin = _topic_between(text, verb.end(), start)
        if not topic:
            topic, begin = _topic_between(text, max(sentence, before), verb.start())
        begin = min(begin, verb.start()) if begin > verb.start() else begin
    return Mention(topic, amount, match["number"], multiplier, begin, end, _BY_WORD[verb.group()], base_year=base_year)


def _topic_between(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the words of the last clause between two places, without comparison and filler, and where they begin.

    A list of things is one topic when their sum is stated ("甲费、乙费合计"); else the last of them is.
    """
    cuts = [match.end() for match in _CLAUSE_END.finditer(text, start, end)]
    if not _TOGETHER.search(text[start:end].rstrip()):
        cuts = sorted([*cuts, *(match.end() for match in _LISTED.finditer(text, start, end))])
    for cut in reversed([start, *cuts]):
        words = text[cut:end]
        topic = _COMPARED.sub("", _TAIL.sub("", words.strip(_AROUND))).strip(_AROUND)
        if topic:
            return topic, cut + len(words) - len(words.lstrip(_AROUND))
    return "", end


def _sentence_start(text: str, place: int) -> int:
    return max((match.end() for match in _SENTENCE_END.finditer(text, 0, place)), default=0)


def _same_passage(text: str, start: int, end: int) -> bool:
    """Tell whether no full stop and no numbered point stands between two places."""
    return re.search(r"[。\n；;]", text[start:end]) is None


def _bracket_start(text: str, place: int) -> int:
    return max(text.rfind("（", 0, place), text.rfind("(", 0, place)) + 1


def _bracket_end(text: str, place: int) -> int:
    """Return the end of a bracket that opens at `place`, or `place` when none does."""
    match = re.compile(r"\s*[（(][^（）()]*[)）]").match(text, place)
    return match.end() if match else place
