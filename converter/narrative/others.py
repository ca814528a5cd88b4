"""Sentences about a unit: what they state is no figure of the department."""

import re
from collections.abc import Collection

from budgetgraph.converter.narrative.sections import ordinal

_SENTENCE_ENDS = re.compile("[。！？]")


def about_others(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Return the parts of a folded text that are about one of some bodies: from its name to the end of the sentence.

    A text that opens with the name is about the body as a whole.

    names  folded as the text is

    >>> about_others("支出60万元。其中：地图院20万元，档案馆9万元。共2项。", ["地图院"])
    [(10, 22)]
    """
    opening = ordinal(text)
    start = opening.length if opening else 0
    if any(text.startswith(name, start) for name in names):
        return [(0, len(text))]
    found = []
    for name in names:
        for match in re.finditer(re.escape(name), text):
            end = _SENTENCE_ENDS.search(text, match.end())
            found.append((match.start(), end.end() if end else len(text)))
    return found
