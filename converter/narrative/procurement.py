"""Sentences on government procurement -> the data set "procurement": all, goods, works, services (元)."""

import re
from collections.abc import Sequence

from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.narrative.clauses import boundaries, clause_start
from budgetgraph.converter.narrative.grammar import Grammar
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.quantities import Amount, amounts
from budgetgraph.converter.narrative.stated import Stated, distinct
from budgetgraph.converter.narrative.topics import Topics
from budgetgraph.converter.narrative.vocabulary import Vocabulary

#: A year that is not the one compared with.
_YEAR = re.compile(r"(?<![比较与同\d])(\d{4})年")

#: Opens the part of a sentence that is of the money of one fund alone.
_OF_A_FUND = re.compile(r"其中[:：,，]?(?:一般公共预算|政府性基金|国有资本经营|财政拨款|财政性资金)")


def read_procurement(passages: Sequence[Passage], vocabulary: Vocabulary, grammar: Grammar) -> Stated:
    """Return the data set "procurement", or none when no amount names procurement or a kind of it.

    Amounts set apart for small firms, and changes against earlier years, are claims and no figures; those of one fund
    are neither, as their kinds are called as those of all purchases are.
    """
    stated = Stated()
    figures: list[Figure] = []
    read: list[Amount] = []
    for position, passage in enumerate(passages):
        starts = boundaries(passage.text)
        read_to = 0
        for amount in amounts(passage.text):
            start = max(clause_start(starts, amount.start), read_to)
            read_to = amount.end
            head = passage.text[start : amount.start]
            kind = _kind(head, vocabulary)
            sentence = passage.text.rfind("。", 0, amount.start) + 1
            if _is_of_another_year(passage.text, sentence, amount.start, grammar.year):
                continue
            if _OF_A_FUND.search(passage.text, sentence, amount.start):
                stated.take(position, amount.start)
                message = (
                    f"the amount {passage.printed(amount.start, amount.end)} in the text is no claim: it is of a fund"
                )
                stated.report("unread-amount", message, passage, amount.start, amount.end)
                continue
            if kind is None or amount.value is None or grammar.direction(head) or grammar.growth_of(head):
                continue
            start = Topics.opening(passage.text, start, amount.start)
            figures.append(
                Figure(
                    {} if kind == "_T" else {"procurementKind": kind},
                    amount.value,
                    passage.printed(amount.start, amount.digits_end),
                    passage.words(start, amount.start),
                    passage.place(amount.start, amount.digits_end),
                )
            )
            read.append(amount)
            stated.take(position, amount.start)
    if kept := distinct(figures, stated.problems, "procurement"):
        stated.data_sets.append(
            DataSet(
                "procurement",
                "procurement",
                "政府采购预算情况",
                kept,
                table_kind="statement",
                multiplier=read[0].multiplier,
                step=min(amount.step for amount in read),
            )
        )
    return stated


def _is_of_another_year(text: str, start: int, end: int, year: int) -> bool:
    """Tell whether the sentence up to a place names another year than the document's, and not to compare with it."""
    years = [int(found) for found in _YEAR.findall(text, start, end)]
    return bool(years) and year not in years


def _kind(head: str, vocabulary: Vocabulary) -> str | None:
    if any(word in head for word in vocabulary.words("procurement.apart")):
        return None
    kinds = [
        notation
        for notation, words in vocabulary.under("procurement.kinds").items()
        if any(word in head for word in words)
    ]
    if len(kinds) == 1:
        return kinds[0]
    return "_T" if not kinds and any(word in head for word in vocabulary.words("procurement.total")) else None
