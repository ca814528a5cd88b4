"""What a list of parts (其中) is of, and what its members take from that: year, phase, or no key of the table."""

import re
from collections.abc import Sequence

from budgetgraph.converter.narrative.topics import Topic

#: Opens a list of parts, alone or with a colon.
OF_WHICH = "其中"
OPENS = re.compile("其中|(?<!主要)包括(?![^。]*；)")
#: Words that say no more than that it is all of what a section restates: 支出总预算, 本部门收入.
_OF_ALL = re.compile(
    "(?:其中|部门|单位|财政拨款|一般公共|收入|支出|收支|预算|决算|拨款|合计|总计|总额|安排|实现|情况|"
    "[本我该全当年度总收支和、数共计各均为初的])+"
)

_CURRENT = {"revenueSource": "current"}


class Wholes:
    """The amounts of a passage whose parts may follow, with their years and phases.

    year  the document's
    """

    def __init__(self, text: str, year: int) -> None:
        self._text, self._year = text, year
        self._noted: list[tuple[int, int, str | None]] = []

    def note(self, at: int, year: int, phase: str | None) -> None:
        """Note the amount that stands at a place and is no base of a change."""
        self._noted.append((at, year, phase))

    def year(self, start: int) -> int:
        """Return the year of the amount whose parts 其中 opens, in its sentence or the next, else the document's.

        "2020年“三公”经费预算为15万元，其中：公务接待费6万元。" in the budget of another year
        """
        wholes = self._before_list(start)
        return wholes[-1][1] if wholes else self._year

    def phase(self, start: int) -> str | None:
        """Return the phase of the amounts before the list, where it is one: parts of a budget are budgeted, too."""
        phases = {phase for _, _, phase in self._before_list(start)}
        return phases.pop() if len(phases) == 1 else None

    def _before_list(self, start: int) -> list[tuple[int, int, str | None]]:
        opening = self._text.rfind(OF_WHICH, 0, start + len(OF_WHICH))
        if opening < 0 or "。" in self._text[opening:start]:
            return []
        sentence = _sentence(self._text, opening)
        return [each for each in self._noted if sentence <= each[0] < opening]


def listed_of(text: str, start: int, subjects: Sequence[tuple[int, Topic]]) -> Topic | None:
    """Return what is named last before the list, or the brackets, that the words at `start` stand in.

    subjects  what amounts before were of, with the place behind each
    """
    sentence = text.rfind("。", 0, start) + 1
    opening = max((match.start() for match in OPENS.finditer(text, sentence, start + len(OF_WHICH))), default=-1)
    opening = max(opening, _bracket(text, sentence, start))
    if opening < 0:
        return None
    first = _sentence(text, opening)
    return next((topic for at, topic in reversed(subjects) if first <= at <= opening), None)


def is_all(whole: Topic) -> bool:
    """Tell whether a whole is all of what its table is of, or all of a nature, by its key, else by its words."""
    if whole.key is None:
        return _OF_ALL.fullmatch(whole.text) is not None
    return not whole.key.dimensions.keys() - {"expenditureNature"} or dict(whole.key.dimensions) == _CURRENT


def _sentence(text: str, opening: int) -> int:
    """Return where the sentence begins in which the whole of a list stands: the one before where the list opens one."""
    return text.rfind("。", 0, max(opening - 1, 0)) + 1


def _bracket(text: str, start: int, end: int) -> int:
    """Return where the brackets open that `end` stands in, behind an amount; -1 outside of such."""
    depth = 0
    for position in range(end - 1, start, -1):
        depth += {")": 1, "(": -1}.get(text[position], 0)
        if depth < 0:
            return position if text[position - 1] in "元%" else -1
    return -1
