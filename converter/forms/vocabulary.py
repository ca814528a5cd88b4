"""The words of forms, from profiles/performance.yaml: what a head, a column or a level is called."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from budgetgraph.converter import profiles
from budgetgraph.converter.labels import fold
from budgetgraph.converter.profiles.checking import checked

_NAMED = r"(?:(?<=指标)|(?<=效益)|(?<=影响)|(?<=满意度))"
_POINTS = re.compile(rf"(?:\([^()]*\)分?|\[[^\[\]]*\]|{_NAMED}\d+(?:\.\d+)?分)+\Z")
_WEIGHT = re.compile(rf"(?:\((?P<inside>\d+(?:\.\d+)?)(?:分|%)?\)分?(?=\(|\Z)|{_NAMED}(?P<behind>\d+(?:\.\d+)?)分\Z)")
#: How long a text may be, as a blank form says: "年度目标(450字内)".
_LENGTH = re.compile(r"\((?:限|不超过)?\d+字(?:以内|内)?\)\Z")
#: A year in the header of a column; a blank form has a line for it.
_YEAR = r"(?:_*(?P<year>(?:19|20)?\d\d)_*年度?|_*年)"
_MARKS = re.compile(r"^[★*※]+|^[（(]?[一二三四五六七八九十]{1,2}[)）、.]|^\d{1,2}[、.](?!\d)")


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Return the form of a word in which words are compared: no blanks, half-width, no colon at the end.

    >>> key("项目年度 绩效指标："), key("目标 1:")
    ('项目年度绩效指标', '目标1')
    """
    return fold(text).rstrip(":")


@lru_cache(maxsize=4096)
def bare(word: str) -> str:
    """Return a compared word without a bracket at its end and without marks and numbers before it.

    >>> bare("★成本指标(0-20)分")
    '成本指标'
    """
    return _MARKS.sub("", _POINTS.sub("", word)) or word


def weight_in(word: str) -> Decimal | None:
    """Return the points that a level's name has behind it; None for a range or for none.

    >>> weight_in("产出指标(50分)"), weight_in("产出指标40分"), weight_in("成本指标(0-20)分")
    (Decimal('50'), Decimal('40'), None)
    """
    match = _WEIGHT.search(word)
    return Decimal(match["inside"] or match["behind"]) if match else None


@dataclass(frozen=True, slots=True)
class Level:
    """A level-1 name with the names of level 2 under it: name -> notation."""

    notation: str
    below: Mapping[str, str]


#: The years that a heading of objectives is about: "项目总体目标(2024年-2026年)".
_PERIOD = r"(?:\(20\d{2}年?度?(?:[-—~至]20\d{2}年?度?)?\))?"


class Vocabulary:
    """Looks words up. All arguments are `key`s."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._levels = {
            entry["notation"]: Level(
                entry["notation"],
                {key(n): below["notation"] for below in entry["below"] for n in below["names"]},
            )
            for entry in data["levels"]
        }
        self._level1: dict[str, str] = {}
        for entry in data["levels"]:
            for name in entry["names"]:
                self._level1.setdefault(key(name), entry["notation"])
        self._execution = frozenset(map(key, data["execution"]))
        self._columns = _inverted(data["columns"])
        self._year_columns = [
            (re.compile(re.escape(name).replace(r"\{year\}", _YEAR)), role)
            for name, role in self._columns.items()
            if "{year}" in name
        ]
        self._subcolumns = _inverted(data["subcolumns"])
        self._periods = _inverted(data["periods"])
        self.natures = frozenset(map(key, data["natures"]))
        self._share = re.compile(rf"(?:{'|'.join(data['shares'])})\Z")
        self._growth = re.compile("|".join(data["growth"]))
        self._heads: dict[str, frozenset[str]] = {}
        for role, names in data["heads"].items():
            for name in map(key, names):
                self._heads[name] = self._heads.get(name, frozenset()) | {role}
        self.block_headers = frozenset(map(key, data["block_headers"]))
        self.amount_headers = frozenset(map(key, data["amount_headers"]))
        self.total_labels = frozenset(map(key, data["total_labels"]))
        self._task_columns = _inverted(data["task_columns"])
        self._horizon = [
            (
                horizon,
                re.compile(
                    rf"(?:项目)?(?:{'|'.join(words)})(?:总体|整体)?(?:绩效)?(?:总体)?(?:总)?目标(?P<number>\d+)?{_PERIOD}"
                ),
            )
            for horizon, words in data["horizons"].items()
        ]
        overview = data["overview"]
        self.overview_sides = _inverted(overview["sides"])
        self.overview_rows = {side: {key(n): v for n, v in rows.items()} for side, rows in overview["rows"].items()}
        self.overview_whole = frozenset(map(key, overview["whole"]))
        self.overview_current = frozenset(map(key, overview["current"]))
        self.overview_share = frozenset(map(key, overview["share"]))
        self.overview_headers = frozenset(map(key, overview["headers"]))
        self._completeness = frozenset(map(key, data["completeness"]))
        self.titles = tuple(data["titles"])
        self._note = re.compile(rf"(?:{'|'.join(data['notes'])})(?::|\d|$)")

    def level1(self, word: str) -> str | None:
        """Return the notation of a level-1 name."""
        return self._level1.get(word) or self._level1.get(bare(word))

    def is_execution(self, word: str) -> bool:
        """Tell whether a level 1 is 预算执行率, which names its indicator too."""
        return word in self._execution or bare(word) in self._execution

    def level2(self, word: str, under: str | None) -> str | None:
        """Return the notation of a level-2 name; that under level 1 `under` goes before those of other levels."""
        for name in (word, bare(word)):
            if under in self._levels and (notation := self._levels[under].below.get(name)):
                return notation
        if under is not None and self.level1(word) == under:  # 满意度 | 满意度指标: no level 2 of its own
            return None
        names = (word, bare(word))
        levels = self._levels.values()
        return next((lv.below[name] for name in names for lv in levels if name in lv.below), None)

    def is_level(self, word: str) -> bool:
        """Tell whether a word names a level 1 or a level 2."""
        return self.level1(word) is not None or self.level2(word, None) is not None

    def notations_below(self, level1: str) -> frozenset[str]:
        """Return the level-2 notations under a level-1 notation."""
        return frozenset(self._levels[level1].below.values())

    def belongs(self, level2: str, level1: str) -> bool:
        """Tell whether a level-2 notation is one of those under a level 1."""
        return level2 in self._levels[level1].below.values()

    def only_level1(self, level2: str | None) -> str | None:
        """Return the level-1 notation that a level-2 notation stands under, where there is one only."""
        above = [level1 for level1 in self._levels if level2 and self.belongs(level2, level1)]
        return above[0] if len(above) == 1 else None

    def column(self, word: str) -> str | None:
        """Return the role of an indicator column's header word."""
        role = self._columns.get(word) or self._columns.get(bare(word))
        return role or next((role for pattern, role in self._year_columns if pattern.fullmatch(word)), None)

    def subcolumn(self, word: str) -> str | None:
        """Return the role of a header word under the header of values ("半年")."""
        return self._subcolumns.get(word)

    def column_period(self, word: str) -> str | None:
        """Return the notation of the period that a column of values is of."""
        return self._periods.get(word)

    def column_year(self, word: str) -> int | None:
        """Return the year that a column's header names: 2021 for "2021年实际实现值" and "21年"."""
        match = next((m for pattern, _ in self._year_columns if (m := pattern.fullmatch(word))), None)
        if match is None or not match["year"]:
            return None
        return int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])

    def is_share(self, name: str) -> bool:
        """Tell whether a number of what is so called is a share of a whole."""
        return self._share.search(name) is not None and self._growth.search(name) is None

    def heads(self, word: str) -> frozenset[str]:
        """Return the roles a row head can have."""
        return self._heads.get(word) or self._heads.get(bare(word)) or frozenset()

    def block_word(self, word: str) -> str | None:
        """Return the header word of a funding or item block that a cell holds, without unit in brackets."""
        return next((w for w in (word, bare(word)) if w in self.block_headers), None)

    def task_column(self, word: str) -> str | None:
        """Return the role of a header word of the table of tasks: "name", "content", "amount", "whole" or "source"."""
        return self._task_columns.get(word) or self._task_columns.get(bare(word))

    def is_total(self, word: str) -> bool:
        """Tell whether a row with this label adds up the rows above."""
        return word in self.total_labels or word in self.amount_headers

    def horizon(self, word: str) -> tuple[str, int | None] | None:
        """Return horizon and printed number of a heading of objectives ("长期目标1"), or None."""
        for horizon, pattern in self._horizon:
            if match := pattern.fullmatch(_LENGTH.sub("", word)):
                return horizon, int(match["number"]) if match["number"] else None
        return None

    def horizon_of(self, word: str) -> str | None:
        """Return the horizon a head names anywhere ("年度绩效指标")."""
        return "long" if "长期" in word or "中期" in word else "annual" if "年度" in word or "当年" in word else None

    def is_completeness(self, text: str) -> bool:
        """Tell whether a value means the whole period."""
        return key(text) in self._completeness

    def is_title(self, text: str) -> bool:
        """Tell whether a text is the title of a form."""
        return len(text) <= 60 and any(word in text for word in self.titles) and "。" not in text

    def is_note(self, text: str) -> bool:
        """Tell whether a text begins as a note does."""
        return self._note.match(fold(text)) is not None

    def knows(self, word: str) -> bool:
        """Tell whether a word is a head, a column's header, a level or a heading of objectives."""
        return bool(
            self.heads(word) or self.column(word) or self.is_level(word) or self.horizon(word)
            or word in self.block_headers or word in self.overview_sides or word in self.total_labels
        )  # fmt: skip


def _inverted(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {key(name): role for role, words in names.items() for name in words}


def parse_vocabulary(text: str, name: str) -> Vocabulary:
    """Return the checked vocabulary of a YAML text; `name` is the file's, for messages.

    Raises ProfileError that names the file, the place in it and what is expected there.
    """
    return Vocabulary(checked(text, name, "performance.schema.json"))


def shipped_text() -> str:
    """Return the shipped file as it stands."""
    return (resources.files(profiles) / "performance.yaml").read_text("utf-8")


@cache
def vocabulary() -> Vocabulary:
    """Return the words of profiles/performance.yaml; tests check its form."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Vocabulary(yaml.load(shipped_text(), loader))  # noqa: S506  # a safe loader
