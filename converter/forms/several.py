"""Several targets in one cell: "慰问人数不少于100人,宣传用品不少于20000份" states two."""

import re
from functools import lru_cache
from itertools import pairwise

from budgetgraph.converter.budget import TargetValue
from budgetgraph.converter.forms.targets import FOLD, parse_target

#: Between two targets; a comma between digits separates thousands.
_BETWEEN = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[;；。、]|且|\s+(?=[≥≤<>=])|[和及与](?=\s*[≥≤<>=])")
_NUMBERED = re.compile(r"(?<![\d.])(\d{1,2})\s*[.、)）](?!\d)")


@lru_cache(maxsize=4096)
def parse_targets(text: str, unit: str = "", comparator: str = "") -> tuple[tuple[str, TargetValue], ...]:
    """Return each target of a cell with its words as printed; one that is text when not every part is a target.

    `unit` and `comparator` are those of columns of their own. They cannot be said of several targets, so a cell beside
    them holds one.

    >>> [(printed, target.minimum) for printed, target in parse_targets("参训≥100人，培训≥3次")]
    [('参训≥100人', Decimal('100')), ('培训≥3次', Decimal('3'))]
    """
    whole = (text.strip(), parse_target(text, unit, comparator))
    if whole[1].kind != "qualitative" or unit.strip() or comparator.strip():
        return (whole,)
    parts = [(part, parse_target(part)) for part in _parts(text)]
    if len(parts) < 2 or not all(_stands_alone(target) for _, target in parts):
        return (whole,)
    return tuple(parts)


def _stands_alone(target: TargetValue) -> bool:
    """Tell whether a part is a target for itself: "3" between two commas may be anything."""
    return target.kind == "quantitative" and (bool(target.unit) or not target.implied)


def _parts(text: str) -> list[str]:
    """Return the parts of a text, cut at its numbers ("1.… 2.…") when it counts them, else at its separators."""
    folded = text.translate(FOLD)
    marks = list(_NUMBERED.finditer(folded))
    if len(marks) > 1 and [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1)):
        if folded[: marks[0].start()].strip():
            return [text]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        pieces = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    else:
        cuts = [(0, 0), *((cut.start(), cut.end()) for cut in _BETWEEN.finditer(folded)), (len(text), len(text))]
        pieces = [text[left[1] : right[0]] for left, right in pairwise(cuts)]
    return [piece.strip(" \u3000\n\t,，;；。、") for piece in pieces if piece.strip(" \u3000\n\t,，;；。、")]
