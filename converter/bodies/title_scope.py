"""What the title of a table says its amounts are of, where it is not the whole budget of the publication's year."""

import re
from collections.abc import Iterable

from budgetgraph.converter.labels import fold
from budgetgraph.converter.profiles import ColumnSpec

_YEAR = re.compile(r"20\d{2}(?=\s*年)")
#: A day that stocks are stated at, and a date in brackets, say nothing of the year.
_AS_OF = re.compile(r"截[至止]到?20\d{2}年(?:\d{1,2}月(?:\d{1,2}日|底)?|底|末)")
_DATE = re.compile(r"\(20\d{2}年\d{1,2}月(?:\d{1,2}日)?\)|12月(?:31日|底|末)|1[-~—至到]12月")
#: Behind a publication's title it is when that was published.
_PUBLISHED = re.compile(r"20\d{2}年\d{1,2}月(?:\d{1,2}日)?\Z")
#: Several years: 2024-2026年, 2024年、2025年.
_SEVERAL_YEARS = re.compile(r"20\d{2}年?度?[-~—–至到、和与及]{1,2}20\d{2}年")
_PART_OF_YEAR = re.compile(r"[上下]半年|半年度|[一二三四1-4]季度|\d{1,2}月(?!\d)")
#: Amounts that others are added to, or that are only some of the budget.
_PART_OF_BUDGET = re.compile(
    r"(?:行政事业|基本建设|基建)类项目|三保|民生支出|重点支出|(?<![含括及和、])(?:(?:中央|上级)(?:财政)?(?:补助|专项|下达|资金)|省级?(?:财政)?(?:补助|下达|资金))|离退休(?:人员)?(?:基本)?(?:经费|支出)|"
    r"\(离退休\)|编外人?员?|追加|提前下达|专款|还本|付息|待分配|代编|重点项目(?!支出)|不(?:含|包括)(?!上年|结转|上级|中央|省|专项)|上年结转[^()]*表"
)
_OF_UNITS = re.compile(r"(?:20\d{2}年度?)?(?:所属|下属|二级|直属)单位")
_ADJUSTED = "调整"
#: Titles of tables that compare: their amounts may be the differences.
_CHANGE = re.compile(r"增减|变动|增长|[比较]上年|同比|对比|压减|节约")
#: Publications that are neither a budget nor a final account.
_OTHER_PUBLICATION = re.compile(r"(?:预算)?执行情况|(?:预算)?调整(?!后)|追加")


#: Two years of budgets, or of accounts, side by side: what the columns of both are of.
_COMPARED = re.compile(
    r"(?P<kind>预算|决算)数?(?:安排)?(?:情况)?(?:增减)?(?:变[动化])?(?:情况)?(?:对比|比较|对照)|(?:与|比|较)(?:上年|20\d{2}年)度?(?P<other>预算|决算)数?(?!执行)"
)
_EXECUTED = re.compile("执行|完成|实际")


def compared_phase(title: str) -> str | None:
    """Return the phase of which a title says that it compares years, None where it says none or both.

    >>> compared_phase("一般公共预算支出2021年与2022年预算对比表"), compared_phase("2022年支出与上年对比表")
    ('budget', None)
    """
    folded = fold(title)
    kinds = {match["kind"] or match["other"] for match in _COMPARED.finditer(folded)}
    both = "决算" in folded and "预算" in kinds
    if len(kinds) != 1 or both or _EXECUTED.search(folded):
        return None
    return "final" if kinds == {"决算"} else "budget"


def other_publication(title: str) -> str:
    """Return the words of a publication's title by which it is no budget or final account of one year, "" without any.

    >>> other_publication("某某局2023年1-6月部门预算执行情况"), other_publication("某某局2023年部门预算")
    ('6月', '')
    """
    rest = _PUBLISHED.sub("", _DATE.sub("", fold(title)))
    if (found := _SEVERAL_YEARS.search(rest)) and not _YEAR.search(_SEVERAL_YEARS.sub("", rest)):
        return found.group()
    found = _PART_OF_YEAR.search(rest) or (None if "决算" in rest else _OTHER_PUBLICATION.search(rest))
    return found.group() if found else ""


def other_scope(title: str, year: int, columns: Iterable[ColumnSpec], *, of_money: bool) -> tuple[str, str] | None:
    """Return the code and the words of the problem with a title that is not of the whole budget of `year`.

    columns   of panes whose rows do not say themselves of what year and phase they are
    of_money  amounts are read; counts and stocks are of a day

    A budget that was adjusted is only read where every column says which budget it is of, a table of several years
    where every column says its year, or some are of the year before and the others of this one, and a table of changes
    where columns are of several years or beside one of differences.
    """
    columns = list(columns)
    folded, amounts = fold(title), [column for column in columns if column.role == "amount"]
    years = {int(found) for found in _YEAR.findall(_AS_OF.sub("", folded))}
    if years and year not in years:
        return "other-year", f"its title names {', '.join(map(str, sorted(years)))}, the publication is of {year}"
    rest = _DATE.sub("", folded)
    several = _SEVERAL_YEARS.search(rest)
    if several and not (all(column.year for column in amounts) or any(column.years_before for column in amounts)):
        why = f"its title names several years ({several.group()}), and its columns do not say which of them they are of"
        return "other-year", why
    found = (_PART_OF_YEAR.search(rest) or _PART_OF_BUDGET.search(rest)) if of_money else None
    if found:
        return "other-scope", f"by its title ({found.group()}) it is not of the whole budget of the year"
    if of_money and _OF_UNITS.match(rest) and not any(column.role.startswith("unit") for column in columns):
        return "other-scope", "by its title it is of units below the body, and no column says of which"
    change = _CHANGE.search(rest)
    says_years = any(column.year or column.years_before or column.role == "derived" for column in columns)
    if change and amounts and not says_years:
        return "other-scope", f"by its title ({change.group()}) its amounts may be changes; no column says of what year"
    if of_money and _ADJUSTED in rest and any(column.phase is None for column in amounts):
        return "other-scope", f"its title says {_ADJUSTED}, and its columns do not say which budget they are of"
    return None
