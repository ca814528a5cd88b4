"""The grammar of a sentence: clauses, and brackets that belong to the words around them."""

import re
from collections.abc import Sequence

CLAUSE_MARKS = frozenset("，；：。！？")
SENTENCE_MARKS = frozenset("。；！？")


def boundaries(text: str, marks: frozenset[str] = CLAUSE_MARKS) -> list[int]:
    """Return where clauses of a folded text begin, ascending, 0 first.

    A mark inside brackets ends no clause outside them; a bracket that opens behind an amount begins one, and so
    does one that is never closed.
    """
    pairs = _pairs(text)
    starts = {0}
    closing: list[int] = []
    for position, character in enumerate(text):
        if character == "(":
            end = pairs.get(position)
            if end is None or (position and _ends_amount(text, position)):
                starts.add(position + 1)
                if end is not None:
                    starts.add(end + 1)
            else:
                closing.append(end)
        elif character == ")":
            if closing and closing[-1] == position:
                closing.pop()
            elif position not in pairs.values():
                starts.add(position + 1)
        elif character in marks and not closing:
            starts.add(position + 1)
    return sorted(starts)


def _ends_amount(text: str, position: int) -> bool:
    return text[position - 1] in "元%人名台套辆件个"


def _pairs(text: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for position, character in enumerate(text):
        if character == "(":
            opened.append(position)
        elif character == ")" and opened:
            pairs[opened.pop()] = position
    return pairs


def clause_start(starts: Sequence[int], position: int) -> int:
    """Return where the clause begins that a position stands in."""
    return max(start for start in starts if start <= position)


def clause_end(starts: Sequence[int], position: int, length: int) -> int:
    """Return where the clause ends that a position stands in: at its mark, or at the end of the text."""
    return next((start - 1 for start in starts if start > position), length)


def split_list(text: str) -> list[tuple[int, int]]:
    """Return the [start, end) of the things a folded text lists with 、, brackets kept whole.

    >>> [text[a:b] for text in ["甲(乙、丙)、丁"] for a, b in split_list(text)]
    ['甲(乙、丙)', '丁']
    """
    items = []
    depth = start = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character in "、；" and depth <= 0:
            items.append((start, position))
            start = position + 1
    items.append((start, len(text)))
    return [(a, b) for a, b in items if a < b]


def alternation(words: Sequence[str]) -> str:
    """Return a regular expression for one of the words; the first that matches wins, so give the longest first."""
    return "|".join(map(re.escape, words)) if words else r"(?!)"
