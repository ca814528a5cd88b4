"""Sentences on staff -> the data set "staff": posts established and posts filled, by kind, and retirees."""

import re
from collections.abc import Sequence
from decimal import Decimal

from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.stated import Stated, distinct
from budgetgraph.converter.narrative.vocabulary import Vocabulary

_SENTENCE = re.compile(r"[^。；]+")
_OF_WHICH = re.compile(r"其中")
_RETIREES = frozenset(("retirees", "honorary", "retired"))


def read_staff(passages: Sequence[Passage], vocabulary: Vocabulary) -> Stated:
    """Return the data set "staff" (structure staff, counts), or none when no count of people is stated.

    What stands behind 其中 is counted on the same basis as the head of its sentence: in "在职实有 26 人，其中：行政编制
    25 人" both are people in post.
    """
    stated = Stated()
    counter = alternation(vocabulary.words("staff.counters"))
    item = re.compile(rf"(?P<label>[^，；：。、\d]+?)(?P<count>\d+)(?:{counter})")
    figures = [
        figure
        for passage in passages
        for sentence in _SENTENCE.finditer(passage.text)
        for figure in _sentence(passage, sentence, item, vocabulary, stated)
    ]
    if kept := distinct(figures, stated.problems, "staff"):
        stated.data_sets.append(DataSet("staff", "staff", "人员构成", kept, table_kind="statement"))
    return stated


def _sentence(
    passage: Passage,
    sentence: re.Match[str],
    item: re.Pattern[str],
    vocabulary: Vocabulary,
    stated: Stated,
) -> list[Figure]:
    figures: list[Figure] = []
    head_basis: str | None = None
    kind: str | None = None
    others = 0  # how many labels of posts of another kind stand right before
    for match in item.finditer(passage.text, sentence.start(), sentence.end()):
        label = _OF_WHICH.sub("", match["label"])
        inside = _OF_WHICH.search(passage.text, sentence.start(), match.start("count")) is not None
        named_kind = _meaning(label, vocabulary, "staff.kinds")
        is_other = named_kind not in _RETIREES and any(word in label for word in vocabulary.words("staff.others"))
        basis = _basis(label, named_kind, head_basis if inside else None, vocabulary)
        is_part = inside and named_kind is None and basis == head_basis
        is_part = is_part or (others == 1 and named_kind is None)  # 政法专项编制220名，实有210名
        others = others + 1 if is_other else 0
        if is_other or is_part or (named_kind is None and not _is_total(label, vocabulary)):
            stated.report("unknown-staff-kind", f"{label!r} is no known kind of staff", passage, *match.span())
            continue
        if basis is None:
            message = f"{label!r} does not say whether posts or people are counted"
            stated.report("unknown-staff-basis", message, passage, *match.span())
            continue
        if not inside:
            head_basis = basis
        kind = named_kind or (kind if figures and not inside else None)
        dimensions = {"staffBasis": basis, **({"staffKind": kind} if kind else {})}
        start, end = match.span("count")
        label_start = match.end("label") - len(label)
        printed = passage.words(label_start, match.end("label"))
        text = passage.printed(start, end)
        figures.append(Figure(dimensions, Decimal(match["count"]), text, printed, passage.place(start, end)))
    return figures


def _meaning(label: str, vocabulary: Vocabulary, path: str) -> str | None:
    """Return the notation whose longest word the label has."""
    found = [
        (len(word), notation) for notation, words in vocabulary.under(path).items() for word in words if word in label
    ]
    return max(found)[1] if found else None


def _is_total(label: str, vocabulary: Vocabulary) -> bool:
    return _meaning(label, vocabulary, "staff.basis") is not None


def _basis(label: str, kind: str | None, head: str | None, vocabulary: Vocabulary) -> str | None:
    named = {basis for basis, words in vocabulary.under("staff.basis").items() if any(word in label for word in words)}
    if "actual" in named or kind in _RETIREES:
        return "actual"
    return head or next(iter(named), None)
