"""Printed words -> concept: labels are compared after folding, never by likeness."""

import re
import unicodedata
from functools import lru_cache

from budgetgraph.ontology.codelists.concepts import Scheme

_SPACE_AND_QUOTES = re.compile(r"[\s“”\"'‘’「」『』《》]+")
_BRACKETS = str.maketrans("〔〕【】[]〈〉", "()()()()")
_CIRCLED = re.compile(r"^[①-⑳⑴-⒛]")
_ENUMERATION = re.compile(
    r"^(?:其中[:,]?|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)|[一二三四五六七八九十]{1,3}[、.]|\d{1,2}(?:[、)]|\.(?!\d)))"
)
_CLOSING = re.compile(r"[:;,.、。]+$")


def fold_label(text: str) -> str:
    """Return the words of a label alone: no spaces, quotes, enumeration or closing punctuation, one width.

    >>> fold_label("（1）国有资源（资产）有偿使用收入安排的拨款"), fold_label(" 一、“三公” 经费： ")
    ('国有资源(资产)有偿使用收入安排的拨款', '三公经费')
    >>> fold_label("其中：1．财政拨款收入"), fold_label("1.5倍")
    ('财政拨款收入', '1.5倍')
    """
    folded = _CIRCLED.sub("", _SPACE_AND_QUOTES.sub("", text))
    folded = _CLOSING.sub("", unicodedata.normalize("NFKC", folded).translate(_BRACKETS))
    while (shorter := _ENUMERATION.sub("", folded)) != folded:
        folded = shorter
    return folded


def candidates(scheme: Scheme, text: str, *, level: int | None = None) -> tuple[str, ...]:
    """Return the notations of all concepts that `text` may name, those it names best.

    A preferred label counts before an alternative, that before a hidden one. In the official classifications
    a closing 支出 may be there or not, which counts last.

    level  only concepts of this depth (1 类, 2 款, 3 项): 行政运行 is an item of nearly every 款
    """
    folded = fold_label(text)
    spellings = (folded, folded.removesuffix("支出")) if scheme.level_names else (folded,)
    for spelling in spellings:
        found = _index(scheme).get(spelling, {})
        ranks = {n: rank for n, rank in found.items() if level is None or scheme[n].level == level}
        if ranks:
            best = min(ranks.values())
            return tuple(notation for notation, rank in ranks.items() if rank == best)
    return ()


@lru_cache(maxsize=128)
def _index(scheme: Scheme) -> dict[str, dict[str, int]]:
    """Folded label -> {notation: rank}, rank 0 for preferred labels, then alternative, hidden, shortened."""
    index: dict[str, dict[str, int]] = {}
    for concept in scheme.concepts.values():
        for rank, labels in enumerate(((concept.label,), concept.alternatives, concept.hidden)):
            for label in labels:
                folded = fold_label(label)
                index.setdefault(folded, {}).setdefault(concept.notation, rank)
                if scheme.level_names and folded.endswith("支出"):
                    index.setdefault(folded.removesuffix("支出"), {}).setdefault(concept.notation, 3)
    return index
