"""Sentences on state assets -> the data sets "assets-value" (元) and "assets-quantity" (counts)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.grammar import Grammar
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.quantities import Amount, amounts
from budgetgraph.converter.narrative.stated import Stated, distinct
from budgetgraph.converter.narrative.vocabulary import Vocabulary

_SENTENCE = re.compile(r"[^。]+")
_DATE = re.compile(r"(?<!\d)(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底)|底|末)")
_BREAKS = re.compile(r"[，；：、()]|其中")
_LONGEST_LIMIT = 12
_TITLE = "国有资产占有使用情况"


@dataclass(frozen=True, slots=True)
class _Thing:
    """A kind of asset named in a sentence, with what is printed of it: a count, a value, or both.

    kind  notation, where the words before it are a limit of value
    """

    start: int
    end: int
    count: re.Match[str] | None
    value: Amount | None
    kind: str | None = None


def read_assets(passages: Sequence[Passage], vocabulary: Vocabulary, grammar: Grammar) -> Stated:
    """Return the assets a body has on a day; what it plans to buy is another thing and stays out."""
    stated = Stated()
    values: list[Figure] = []
    counts: list[Figure] = []
    read: list[Amount] = []
    day: date | None = None
    for position, passage in enumerate(passages):
        is_stock = False  # sentences go on with the stock that one begins
        for sentence in _SENTENCE.finditer(passage.text):
            is_stock = _is_stock(sentence.group(), vocabulary, goes_on=is_stock)
            if not is_stock:
                continue
            day = day or reference_date(sentence.group())
            for start, _, _ in _over_limit(passage.text, *sentence.span(), vocabulary):
                for limit in amounts(passage.text):
                    if start <= limit.start < start + _LONGEST_LIMIT and grammar.is_limit(passage.text, limit.end):
                        stated.take(position, limit.start)  # part of a label
            for thing in _things(passage, sentence, vocabulary, grammar):
                kind = thing.kind or _kind(passage.text[thing.start : thing.end], vocabulary)
                label = passage.words(thing.start, thing.end)
                if kind is None:
                    last = thing.value.end if thing.value else thing.count.end() if thing.count else thing.end
                    message = f"{label!r} is no known kind of asset"
                    stated.report("unknown-asset-kind", message, passage, thing.start, last)
                    continue
                dimensions = {} if kind == "_T" else {"assetKind": kind}
                if thing.count and "." in thing.count["number"]:
                    message = f"{thing.count.group()} is no whole number, and quantities are; it makes no figure"
                    stated.report("fractional-quantity", message, passage, *thing.count.span())
                elif thing.count:
                    counts.append(_count(passage, thing.count, dimensions, label))
                if thing.value and thing.value.value is not None:
                    values.append(_value(passage, thing.value, thing.value.value, dimensions, label))
                    read.append(thing.value)
                    stated.take(position, thing.value.start)
    if figures := distinct(values, stated.problems, "assets"):
        data_set = DataSet(
            "assets-value",
            "asset-value",
            f"{_TITLE}（价值）",
            figures,
            table_kind="statement",
            multiplier=read[0].multiplier,
            step=min(amount.step for amount in read),
            reference_date=day,
        )
        stated.data_sets.append(data_set)
    if figures := distinct(counts, stated.problems, "assets"):
        stated.data_sets.append(
            DataSet(
                "assets-quantity",
                "asset-quantity",
                f"{_TITLE}（数量）",
                figures,
                table_kind="statement",
                reference_date=day,
            )
        )
    return stated


def reference_date(text: str) -> date | None:
    """Return the day a folded text counts to; the end of a month or year where only that is named.

    >>> reference_date("截至2020年12月31日"), reference_date("截至2019年底")
    (datetime.date(2020, 12, 31), datetime.date(2019, 12, 31))
    """
    match = _DATE.search(text)
    if match is None:
        return None
    year, month = int(match["year"]), int(match["month"] or 12)
    try:
        if match["day"]:
            return date(year, month, int(match["day"]))
        return date(year + month // 12, month % 12 + 1, 1) - (date(2, 1, 2) - date(2, 1, 1))
    except ValueError:
        return None


def _is_stock(sentence: str, vocabulary: Vocabulary, *, goes_on: bool) -> bool:
    dated = reference_date(sentence) is not None and any(w in sentence for w in vocabulary.words("assets.as_of"))
    has = goes_on or dated or any(word in sentence for word in vocabulary.words("assets.stock"))
    return has and not any(word in sentence for word in vocabulary.words("assets.acquired"))


def _over_limit(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int, str]]:
    """Return the words [start, end) that name things by a limit of value, with their notation."""
    return [
        (match.start(), match.end(), path.removesuffix(".forms"))
        for path, forms in vocabulary.under("assets.over_limit").items()
        for match in re.finditer("|".join(forms), text[:end])
        if match.start() >= start
    ]


def _things(passage: Passage, sentence: re.Match[str], vocabulary: Vocabulary, grammar: Grammar) -> Iterator[_Thing]:
    """Yield what a sentence counts or values, with the words before it. A limit (单价20万元以上) is neither."""
    text = passage.text
    start, end = sentence.span()
    limits = {
        limit_end: (limit_start, kind) for limit_start, limit_end, kind in _over_limit(text, start, end, vocabulary)
    }
    counter = re.compile(
        rf"(?<![\d.,])(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?P<unit>{alternation(vocabulary.words('assets.counters'))})"
    )
    tokens: list[re.Match[str] | Amount] = [*counter.finditer(text, start, end)]
    tokens += [
        a for a in amounts(text) if start <= a.start < end and a.value is not None and not grammar.is_limit(text, a.end)
    ]
    tokens.sort(key=lambda t: t.start if isinstance(t, Amount) else t.start())
    read_to = start
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        at = token.start if isinstance(token, Amount) else token.start()
        label_limit = limits.get(at)
        breaks = [m.end() for m in _BREAKS.finditer(text, read_to, at) if m.end() < at]
        label_start = max([read_to, *breaks])
        count, value = (None, token) if isinstance(token, Amount) else (token, None)
        if count is not None and index < len(tokens):
            following = tokens[index]
            if isinstance(following, Amount) and _adjoins(text[count.end() : following.start]):
                value = following
                index += 1
        read_to = value.end if value else count.end() if count else at
        if label_limit:
            yield _Thing(label_limit[0], at, count, value, label_limit[1])
        elif label_start < at:
            yield _Thing(label_start, at, count, value)


def _adjoins(between: str) -> bool:
    return between in {"", "，", "价值", "，价值", "原值", "，原值", "，金额", "("}


def _kind(label: str, vocabulary: Vocabulary) -> str | None:
    """Return the notation whose word the label is, or ends with behind words of having ("部门共有资产")."""
    leading = re.compile(f"(?:{alternation(vocabulary.words('topic_trims.leading'))})+")
    if match := leading.match(label):
        label = label[match.end() :]
    if label in vocabulary.words("assets.total") or any(
        label.endswith(f"{stock}{total}")
        for stock in vocabulary.words("assets.stock")
        for total in ("", *vocabulary.words("assets.total"))
    ):
        return "_T"
    for notation, words in vocabulary.under("assets.kinds").items():
        if label in words or any(
            label.endswith(stock + word) for stock in vocabulary.words("assets.stock") for word in words
        ):
            return notation
    return None


def _count(passage: Passage, match: re.Match[str], dimensions: dict[str, str], label: str) -> Figure:
    start, end = match.span("number")
    place, text = passage.place(start, end), passage.printed(start, end)
    unit = passage.words(*match.span("unit"))
    return Figure(dimensions, Decimal(match["number"].replace(",", "")), text, label, place, unit=unit)


def _value(passage: Passage, amount: Amount, value: Decimal, dimensions: dict[str, str], label: str) -> Figure:
    text = passage.printed(amount.start, amount.digits_end)
    return Figure(dimensions, value, text, label, passage.place(amount.start, amount.digits_end))
