"""Titles of the parts of a publication: whose part it is, of which year, budget or final account.

One file may hold the publications of several bodies or years one behind the other. What a title says holds until the
next one, or to the next heading of its depth: 第二部分 ends at 第三部分, 二、 at 三、.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.table_labels import is_body_name

_NUMBERS = "[一二三四五六七八九十]{1,3}"
#: What a heading opens with, by depth.
_OPENINGS = (
    re.compile(rf"第{_NUMBERS}(?:部分|章|篇)[、:]?|(?:附件(?:{_NUMBERS}|\d{{0,2}})|附\d{{1,2}})(?:[、.:]|(?=\D|\Z))"),
    re.compile(rf"{_NUMBERS}[、.]"),
    re.compile(rf"\({_NUMBERS}\)[、.]?"),
    re.compile(r"\d{1,2}[、.](?!\d)"),
)
#: A number that opens a list of its own inside a part.
_FIRST = re.compile(r"\(?[一1][、.)]")
_FIRST_PART = re.compile("第一(?:部分|章|篇)")
_KIND = r"(?P<kind>(?:部门|单位)?(?:综合)?(?:收支)?(?:预算|决算))"
_END = r"(?:信息)?(?:公开)?(?:执行)?(?:情况)?(?:编制)?(?:的?说明|报告|报表|文本|附?表)?\Z"
_PUBLICATION = re.compile(rf"(?P<name>\D{{0,40}}?)(?P<year>20\d{{2}})年?度?(?P<same>\D{{4,30}}?)??{_KIND}{_END}")
#: A part that is named without its year: "某某中心单位预算表".
_UNDATED = re.compile(r"(?P<name>\D{4,40}?)(?P<kind>(?:部门|单位)(?:预算|决算))(?:公开)?(?:报表|表)\Z")
#: The part with the tables, of whoever the publication is.
_TABLES = re.compile(r"(?:部门|单位)?(?:预算|决算)(?:公开)?(?:报表|表格|表)\Z")
#: The part of the department's own office: "局本级预算", "（一）局机关".
_OFFICE = re.compile(
    rf"(?:[我本]?[局委厅部院办]|部门|单位|机关)(?:\(?本级\)?|机关)(?:(?P<year>20\d{{2}})年?度?)?(?:{_KIND}{_END})?\Z"
)
#: Stands for the body's own office where the title does not give its name.
OFFICE = "本级"
#: A body's name on a line of its own, perhaps behind the year: "某某局", "2024年度某某局".
_BARE = re.compile(r"(?:20\d{2}年度?)?[^\d:,。;、]{4,40}\Z")
_LONGEST = 60
#: What stands above a list of units, which opens no part: "……包括：", "二、部门预算单位构成".
_LIST_ABOVE = re.compile(r":\Z|如下|包括|构成|机构设置|范围|名单|(?:下属|所属|预算|直属|二级)单位(?:情况)?\Z")


@dataclass(frozen=True, slots=True)
class PartTitle:
    """What the title of a part says.

    body   the body that it names, "" where it names none
    year   None where it names none; phase: "budget" or "final", None likewise
    depth  of the number that it opens with, from 1; 0 without one
    text   as printed
    unit   whether it is of one unit (单位预算), not of a department with its units
    nested whether its own parts are numbered (第一部分), so that the next of these ends nothing
    """

    body: str = ""
    year: int | None = None
    phase: str | None = None
    depth: int = 0
    text: str = ""
    unit: bool = False
    nested: bool = False


NO_TITLE = PartTitle()


def part_title(text: str, bodies: Mapping[str, str] | None = None) -> PartTitle | None:
    """Return what a line says as the title of a part, None where it is none.

    bodies  folded names, short ones too -> whole names: a line that has one of them and nothing else is the title of
            that body's part

    >>> part_title("二、某某县档案馆2023年度单位决算公开报表").body
    '某某县档案馆'
    >>> part_title("2023年部门预算").year, part_title("部门预算公开表"), part_title("所属单位决算表")
    (2023, None, None)
    """
    folded = fold(text)
    if len(folded) > _LONGEST:
        return None
    depth, rest = _opened(folded)
    if name := (bodies or {}).get(fold_name(rest)):
        return PartTitle(name, depth=depth, text=text.strip())
    office = _OFFICE.match(rest)
    found = office or _PUBLICATION.match(rest) or _UNDATED.match(rest)
    if found is None:
        return None
    named = found.groupdict()
    if office:
        year = int(named["year"]) if named["year"] else None
        return PartTitle(OFFICE, year, _phase(named["kind"]), depth, text.strip())
    name = next((part for part in (named["name"], named.get("same")) if part and is_body_name(part)), "")
    if not name and ("year" not in named or named["name"] or not named["kind"].startswith(("部门", "单位"))):
        return None
    year = int(named["year"]) if "year" in named else None
    return PartTitle(name, year, _phase(named["kind"]), depth, text.strip(), named["kind"].startswith("单位"))


def _phase(kind: str | None) -> str | None:
    return ("final" if "决算" in kind else "budget") if kind else None


def following(current: PartTitle, text: str, bodies: Mapping[str, str] | None = None) -> PartTitle:
    """Return the title that holds behind a line; see `part_title`."""
    found, ends = part_title(text, bodies), _ends(current, text)
    if found is not None:
        # a title without a body ("2023年部门决算") is of the body whose part it stands in
        return found if found.body or ends else replace(found, body=current.body)
    if current.depth == 0 and _FIRST_PART.match(fold(text)):
        return replace(current, nested=True)
    return NO_TITLE if ends else current


class Parts:
    """The parts of one file, told line by line; the name of a sheet is a title, too."""

    def __init__(self, title: PartTitle, bodies: Mapping[str, str]) -> None:
        """title: that of the file; bodies: see `part_title`."""
        self.title, self._bodies = title, bodies
        self._sheet: str | None = None
        self._above: list[str] = []
        self._of_sheet = NO_TITLE
        self._name = ""  # of a body, alone in the last line
        self._before_names = title

    def table(self, place: Locator) -> None:
        """Take note of a table."""
        self._place(place)
        self._above, self._name = [], ""

    def _place(self, place: Locator) -> None:
        if place.sheet is None or place.sheet == self._sheet:
            return
        self._sheet = place.sheet
        if (found := part_title(place.sheet, self._bodies)) or self.title is self._of_sheet:
            self.title = self._of_sheet = found or NO_TITLE

    def line(self, line: Paragraph) -> None:
        """Take note of a line; names of bodies in lines one below the other are a list, which opens no part."""
        self._place(line.locator)
        before, self.title = self.title, following(self.title, self._whole(line.text), self._bodies)
        if not line.text.strip():
            return
        name = opened_name(line.text)
        name = name if is_body_name(name) else ""
        if name and not self._name:
            self._before_names = before
        if name and (self._name not in {"", name} or (self._above and _LIST_ABOVE.search(fold(self._above[-1])))):
            self.title = self._before_names
        self._above, self._name = [*self._above[-1:], line.text], name

    def _whole(self, text: str) -> str:
        """Return a line with the body's name on the line above, where they are one title and it ends no list."""
        found = part_title(text)
        above = [line for line in self._above if _BARE.match(fold(line)) and is_body_name(line)]
        if len(above) != 1 or above[0] != self._above[-1] or (found and found.body):
            return text
        whole = part_title(f"{above[0].strip()}{text.strip()}")
        return whole.text if whole and whole.body and not whole.depth else text


def _ends(current: PartTitle, text: str) -> bool:
    folded = fold(text)
    if len(folded) > _LONGEST or current is NO_TITLE:
        return False
    depth, rest = _opened(folded)
    if current.depth == 0:
        ends = depth == 1 and not current.nested and not _FIRST_PART.match(folded)
        return ends or _TABLES.match(rest) is not None
    return 0 < depth <= current.depth and not _FIRST.match(folded)


def opened_name(text: str) -> str:
    """Return what follows the number that a line opens with, folded as names are; "" of a long line."""
    folded = fold(text)
    return fold_name(_opened(folded)[1]) if len(folded) <= _LONGEST else ""


def _opened(folded: str) -> tuple[int, str]:
    """Return the depth of the number that a folded line opens with, 0 without one, and what follows it."""
    for depth, pattern in enumerate(_OPENINGS, start=1):
        if match := pattern.match(folded):
            return depth, folded[match.end() :]
    return 0, folded
