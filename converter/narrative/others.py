"""What of a text is about another body, or another year and phase, and states nothing of the publication's own."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.narrative.clauses import alternation
from budgetgraph.converter.narrative.grammar import YEAR
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.sections import looks_like_heading, ordinal
from budgetgraph.converter.narrative.vocabulary import Vocabulary
from budgetgraph.ontology import codelists

_SENTENCE_ENDS = re.compile("[。！？]")
_CONTAINED = re.compile(r"\((?:含|包括)[^()]*\Z")
_SHORTEST_NAME = 3
_COMPARED = frozenset("比较与同")
_FUND = re.compile("(?:一般公共|公共财政|政府性?基金|基金|国有资本经营)预算")
#: The first of these words that a heading has is its phase: 预算执行情况, 预算收支决算.
_PHASES = {"决算": "final", "执行": "executed", "预算": "budget"}


def about_others(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Return the parts of a folded text that are about one of some bodies: from its name to the end of the sentence.

    A text that opens with the name is about the body as a whole. What a figure contains is no part: "(含地图院)".

    names  folded as the text is

    >>> about_others("支出60万元。其中：地图院20万元，档案馆9万元。共2项。", ["地图院"])
    [(10, 25)]
    """
    opening = ordinal(text)
    start = opening.length if opening else 0
    if any(text.startswith(name, start) for name in names):
        return [(0, len(text))]
    found = []
    for name in names:
        for match in re.finditer(re.escape(name), text):
            if _CONTAINED.search(text, 0, match.start()):
                continue
            end = _SENTENCE_ENDS.search(text, match.end())
            found.append((match.start(), end.end() if end else len(text)))
    return found


class OtherBodies:
    """Tells, in reading order, what of passages is about other bodies: by their names, or below a heading that is one.

    names  of other bodies, as far as they are known; own: those of the publication's body; both folded
    """

    def __init__(self, names: Collection[str], own: Collection[str], vocabulary: Vocabulary, year: int) -> None:
        self._names, self._own, self._year = names, own, year
        body = alternation(vocabulary.words("names.bodies"))
        office = alternation(vocabulary.words("units.headquarters"))
        self._body = re.compile(rf"(?:(?<!干)(?:{body})|{office}|(?<=[局厅委院会办])机关)\Z")
        self._below: int | None = None  # the depth of a heading that is another body's name

    def enter(self, heading: Passage | None) -> None:
        """Go on behind the heading of a section."""
        opening = ordinal(heading.text) if heading else None
        if opening is None or (self._below is not None and opening.depth <= self._below):
            self._below = None
        if heading is not None and self._is_heading(heading.text):
            self._below = opening.depth if opening else None

    def spans(self, passage: Passage) -> list[tuple[int, int]]:
        """Return the parts of a passage that are about another body: folded characters [start, end)."""
        opening = ordinal(passage.text)
        if opening and self._below is not None and opening.depth <= self._below:
            self._below = None
        if opening and self._is_heading(passage.text):
            self._below = opening.depth
        return about_others(passage.text, self._names) if self._below is None else [(0, len(passage.text))]

    def _is_heading(self, text: str) -> bool:
        """Tell whether a numbered line is the name of another body, or of the department's own office."""
        opening = ordinal(text)
        name = text[opening.length :] if opening else ""
        if len(name) < _SHORTEST_NAME or not looks_like_heading(text) or not self._body.search(name):
            return False
        return not any(name in own or own == name for own in self._own) and not self._is_class(name)

    def _is_class(self, name: str) -> bool:
        """Tell whether a name is that of a class by function, too: 图书馆."""
        year = min(max(self._year, codelists.FIRST_YEAR), codelists.LAST_YEAR)
        return bool(codelists.candidates(codelists.scheme("functional", year), name))


def without(passage: Passage, spans: Sequence[tuple[int, int]]) -> Passage:
    """Return a passage in which the parts [start, end) say nothing; every place stays as it is."""
    text = passage.text
    for start, end in spans:
        text = text[:start] + "。" * (end - start) + text[end:]
    return replace(passage, text=text)


@dataclass(frozen=True, slots=True)
class OtherTime:
    """The year and the phase that a section is of by its heading."""

    year: int
    phase: str


def other_time(heading: str, year: int, phase: str) -> OtherTime | None:
    """Return the earlier or later year and the other phase that a heading names, as 2021年决算情况 in a budget of 2022.

    A year alone may be left over from the text of another year.

    >>> other_time("二、2021年三公经费决算情况", 2022, "budget")
    OtherTime(year=2021, phase='final')
    """
    found = {int(match[1]) for match in YEAR.finditer(heading) if not _COMPARED & set(heading[: match.start()][-1:])}
    words = _FUND.sub("", heading)
    said = next((name for word, name in _PHASES.items() if word in words), None)
    if len(found) != 1 or year in found or said in {None, phase}:
        return None
    return OtherTime(found.pop(), str(said))
