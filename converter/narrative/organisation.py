"""Who published, and which units the budget covers, as the text writes them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.narrative.clauses import alternation, split_list
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.sections import Section, ordinal
from budgetgraph.converter.narrative.vocabulary import Vocabulary

_CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_COUNT = r"(?P<count>\d{1,3}|[零一二两三四五六七八九十])"
_NOT_IN_NAME = re.compile(r"[，。；：！？]")
_LONGEST_NAME = 45
_SHORTEST_NAME = 3


@dataclass(slots=True)
class Units:
    """Units of a budget: names as printed, in order; `declared` is how many the text says there are.

    unread  numbered lines of the list that are no name
    """

    names: list[str] = field(default_factory=list)
    declared: int | None = None
    unread: list[Passage] = field(default_factory=list)


def read_units(passages: Sequence[Passage], vocabulary: Vocabulary) -> Units:
    """Return the subordinate units that a section lists; the headquarters (本级, 本部) is none."""
    units = Units()
    words = vocabulary.words
    declared = re.compile(
        rf"(?:{alternation(words('units.declared'))}){_COUNT}(?:个|家)[^，。；、]{{0,6}}?"
        rf"(?:{alternation(words('units.counted'))})"
    )
    introduces = re.compile(rf"(?:{alternation(words('units.introduces'))})(?:\([^()]*\))?：")
    listing = False
    for passage in passages:
        text = passage.text
        if units.declared is None and (match := declared.search(text)):
            units.declared = _number(match["count"])
        opening = ordinal(text)
        introduction = introduces.search(text)
        if introduction:
            listing = True
            end = text.find("。", introduction.end())
            end = len(text) if end < 0 else end
            spans = [
                (introduction.end() + a, introduction.end() + z) for a, z in split_list(text[introduction.end() : end])
            ]
        elif opening and listing:
            spans = [(opening.length, len(text.rstrip("。；，")))]
        else:
            spans = []
        for start, end in spans:
            if not _is_name(text[start:end]):
                units.unread.append(passage)
            elif not is_headquarters(text[start:end], vocabulary):
                units.names.append(passage.words(start, end))
    units.names = list(dict.fromkeys(units.names))
    return units


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _CHINESE_DIGITS[text]


def _is_name(text: str) -> bool:
    return _SHORTEST_NAME <= len(text) <= _LONGEST_NAME and not _NOT_IN_NAME.search(text)


def is_headquarters(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a folded name is that of the department's own office: "某某局(本级)", "某某局本部"."""
    bare = text.rstrip("()")
    return any(bare.endswith(word) for word in vocabulary.words("units.headquarters"))


def declared_projects(sections: Sequence[Section], vocabulary: Vocabulary) -> int | None:
    """Return for how many projects the text says that there are objectives ("3个项目支出绩效目标")."""
    words = alternation(vocabulary.words("units.projects"))
    pattern = re.compile(rf"{_COUNT}(?:个|家)?(?:{words})|(?:{words})共?(?P<after>\d{{1,3}})个")
    for section in sections:
        if section.kind not in {"statement", "other"}:
            continue
        for passage in section.passages:
            if match := pattern.search(passage.text):
                return _number(match["count"] or match["after"])
    return None


def read_names(sections: Sequence[Section], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the ways in which the document writes its department, as printed, in reading order."""
    found: dict[str, None] = {}
    for section in sections:
        passages = [*([section.heading] if section.heading else []), *section.passages]
        for passage in passages:
            for name in _names(passage, section.kind, vocabulary):
                found.setdefault(name, None)
    return tuple(found)


def _names(passage: Passage, kind: str, vocabulary: Vocabulary) -> Iterator[str]:
    text = passage.text
    words = vocabulary.words
    body = rf"(?:{alternation(words('names.bodies'))})"
    name = rf"(?P<name>[^\d，。；：、]{{2,{_LONGEST_NAME}}}?{body}(?:\((?:本级|部门)\))?)"
    followed = alternation(words("names.followed_by"))
    opening = ordinal(text)
    start = opening.length if opening else 0
    labelled = re.match(rf"(?:{alternation(words('names.labels'))})：{name}(?=单位：|$)", text)
    titled = re.compile(rf"(?:纳入)?{name}(?:\d{{4}}年?(?:度)?)?(?:{followed})").match(text, start)
    alone = re.fullmatch(name, text) if kind == "title" else None
    for match in (labelled, titled, alone):
        if match:
            yield passage.words(*match.span("name"))
            return
