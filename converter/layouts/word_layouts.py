"""Tables whose columns are read word by word: which columns each pane of a signature has."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from budgetgraph.converter.budget import LINES, NEEDED
from budgetgraph.converter.layouts.header_words import GROUP, PARTED, HeaderWords, Meaning, blocks_of
from budgetgraph.converter.profiles import ColumnSpec, Pane, TableSpec

#: Roles of the columns that say what a row is about.
_WORDS = frozenset(("code", "label", "unit", "unit-label", "programme", "item", "catalogue", "kind"))

#: What of a source was left from the year before, beside its total.
_LEFT = re.compile(r"(?:上年)?结转(?:和?结余)?\Z|上年结余\Z")
_TOTALS = frozenset(("合计", "小计"))
#: A year alone, which is money of that year where what was left from the year before stands beside it.
_THIS_YEAR = re.compile(r"[本当]年度?\Z")
_MONEY_OF_YEAR, _MONEY_LEFT = "本年安排", "上年结转"
_SIDES = frozenset(("收入", "支出"))
#: Basic expenditure as the first of the two parts of a total.
_BASIC_OF = re.compile(r"其中[:,]?基本支出\Z")
#: Funds of tables whose columns may be of one of their parts.
_FUNDS_IN_PARTS = frozenset(("_T", "appropriation"))
#: Money of the year and money carried forward: what they are of in a table of one fund.
_OF_YEAR = frozenset(("year", "appropriation.year"))
_CARRIED = frozenset(("carriedForward", "appropriation.carried"))

Placed = tuple[tuple[ColumnSpec, int], ...]


def place_by_words(
    spec: TableSpec, paths: Sequence[str], wordy: Collection[int] = ()
) -> list[tuple[Pane, Placed]] | None:
    """Return the columns of each pane, or None when a pane that the signature needs is not there.

    paths  folded header path of each column of the grid, "" where it has none
    wordy  columns whose cells are words
    """
    paths = _with_basic_of_total(spec, _with_groups(spec, _with_money_of_year(paths)))
    paths = [_of_words(spec, path) if index in wordy else path for index, path in enumerate(paths)]
    meanings = [_first_meaning(spec, path) for path in paths]
    used = {index for index in wordy if (meaning := meanings[index]) and meaning.role == "amount"}  # words, no amounts
    parts = {part for path in paths for part in path.split("/")}
    used |= {
        index for index, meaning in enumerate(meanings) if meaning and meaning.needs and meaning.needs not in parts
    }
    if any(pane.structure == "revenue" for pane in spec.panes):
        used |= _with_carried(paths, meanings)
    meanings = [None if index in used else meaning for index, meaning in enumerate(meanings)]
    blocks = blocks_of(meanings, [bool(path) for path in paths], wordy)
    panes: list[tuple[Pane, Placed]] = []
    understood = all(meaning or not paths[index] or index in wordy for index, meaning in enumerate(meanings))
    position = 0
    for pane in spec.panes:
        first = 0 if pane.optional and pane.under else position  # the classes of one side stand in any order
        places = range(position - 1, position) if pane.beside else range(first, len(blocks))
        found_any = False
        for place in places if pane.repeat or pane.under else list(places)[:1]:
            if found_any and not pane.repeat:
                break
            found = _read_block(pane, blocks[place], paths, used, understood, spec.fund) if place >= 0 else None
            if found is None and pane.under and not found_any:
                continue  # the same side of a balance may print other classes first
            if found is None:
                break
            used.update(index for column, index in found if column.role in {"amount", "derived"})
            panes.append((pane, found))
            position, found_any = max(position, place + 1), True
        if not found_any and not pane.optional:
            return None
    return panes


def _with_carried(paths: Sequence[str], meanings: Sequence[Meaning | None]) -> set[int]:
    """Return the totals of a source beside what of it was carried forward: they are not its money of the year.

    "一般公共预算拨款/合计" beside "一般公共预算拨款/当年拨款" and "一般公共预算拨款/上年结转"
    """
    parts = [path.rpartition("/") for path in paths]
    heads = {head for head, _, last in parts if head and _LEFT.search(last)}
    sources = [(meaning.dimensions if meaning else {}).get("revenueSource", "current") for meaning in meanings]
    return {
        index
        for index, (head, _, last) in enumerate(parts)
        if head in heads and last in _TOTALS and not sources[index].startswith(("current", "carriedForward"))
    }


def _with_money_of_year(paths: Sequence[str]) -> list[str]:
    """Return the paths with 项目支出/当年 beside 项目支出/结转 as money of the year, and the latter as what was left.

    Alone, 当年 says which year, and 结转 may be what is left for the next one.
    """
    parts = [path.rpartition("/") for path in paths]
    heads = {head for head, _, last in parts if head and _THIS_YEAR.match(last)}
    heads &= {head for head, _, last in parts if head and _LEFT.match(last)}
    return [
        f"{head}/{_MONEY_OF_YEAR if _THIS_YEAR.match(last) else _MONEY_LEFT}"
        if head in heads and (_THIS_YEAR.match(last) or _LEFT.match(last))
        else path
        for path, (head, _, last) in zip(paths, parts, strict=True)
    ]


def _with_basic_of_total(spec: TableSpec, paths: Sequence[str]) -> list[str]:
    """Return the paths with 其中：基本支出 and 项目支出 behind a total as its two parts: of its year and phase.

    Behind the column of one fund it is not certain whose the second one is: it says nothing.
    """
    result = list(paths)
    for place, (over, path, following) in enumerate(zip(paths, paths[1:], paths[2:], strict=False), start=1):
        head, _, last = path.rpartition("/")
        if _BASIC_OF.match(last) and following == f"{head}/项目支出".lstrip("/"):
            whole = _first_meaning(spec, over)
            is_total = whole and whole.role == "amount" and not whole.dimensions
            parts = (f"{over}/基本支出", f"{over}/项目支出") if is_total else (path, following + GROUP)
            result[place : place + 2] = parts
    return result


def _of_words(spec: TableSpec, path: str) -> str:
    """Return what the header of a column of words says of it: 项目 below 人员经费 is the label of a block of that.

    收入 and 支出 over words alone name the items of their side of a balance.
    """
    if path in _SIDES:
        return f"{path}/项目"
    head, _, last = path.rpartition("/")
    over, own = _first_meaning(spec, head) if head else None, _first_meaning(spec, last)
    return last if over and over.dimensions and own and own.role == "label" else path


def _with_groups(spec: TableSpec, paths: Sequence[str]) -> list[str]:
    """Return the paths with 其他工资福利支出 marked where it heads 伙食补助费: a 款 has no parts, it names a group."""
    parts = [path.split("/") for path in paths]
    items = frozenset().union(*(pane.words.items for pane in spec.panes if pane.words))
    heads = {head for path in parts if path[-1] in items for head in path[:-1] if head in items}
    if not heads:
        return list(paths)
    return ["/".join([*(p + GROUP if p in heads else p for p in path[:-1]), path[-1]]) for path in parts]


def _first_meaning(spec: TableSpec, path: str) -> Meaning | None:
    readings = (pane.words.read(path) for pane in spec.panes if pane.words)
    return next((meaning for meaning in readings if meaning), None)


def _read_block(
    pane: Pane, block: Sequence[int], paths: Sequence[str], used: set[int], understood: bool, fund: str
) -> Placed | None:
    """Return the pane's columns of a block; None when it has no amount, or no words for the rows.

    understood  every column of amounts in the table has a meaning
    fund        that the table covers: a column that says so says nothing, one that says another is not read
    """
    if pane.words is None or not block or (pane.under and not _stands_under(pane, block, paths)):
        return None
    found: list[tuple[ColumnSpec, int]] = []
    whole: tuple[str, str] | None = None
    meanings = [meaning for path in paths if (meaning := pane.words.read(path)) and not meaning.of_which]
    carried = any(_CARRIED & set(meaning.dimensions.values()) for meaning in meanings)
    for index in block:
        meaning = pane.words.read(paths[index])
        if meaning is None or meaning.of_which:
            part = pane.words.read(paths[index], whole)  # "其中:财政拨款" of the column before it
            meaning = part if part and part.of_which else meaning
        else:
            whole = next((pair for pair in meaning.dimensions.items() if pair[0] in PARTED), None)
        if meaning and meaning.of_which and meaning.dimensions.get("fund") == fund:
            continue  # a part of what the whole table is of
        if meaning and meaning.of_which and pane.beside and index - 1 not in {place for _, place in found}:
            continue  # a part of a column that another pane reads
        if meaning is None or (meaning.role in {"amount", "derived"} and index in used):
            continue
        needed = NEEDED.get(pane.structure) if pane.structure in LINES and not pane.plain else None
        if needed and meaning.role == "amount" and needed not in meaning.dimensions:
            continue  # it does not say which balance of a line it is
        dimensions = {**_said_of_all(pane), **meaning.dimensions} if meaning.role == "amount" else {}
        if dimensions.get("revenueSource") == "current" and not (carried or meaning.widest):
            del dimensions["revenueSource"]  # 本年预算 is all money where nothing is carried forward
        value = _fund_of(dimensions.pop("fund", fund), fund, carried=carried)
        if value != fund:
            dimensions["fund"] = value
        if value != fund and fund not in _FUNDS_IN_PARTS and not value.startswith(f"{fund}."):
            continue
        headers = frozenset((paths[index],))
        column = ColumnSpec(
            meaning.role,
            headers,
            dimensions,
            False,
            meaning.phase,
            meaning.year,
            meaning.years_before,
            meaning.widest,
            meaning.of_which,
            meaning.part,
        )
        found.append((column, index))
    found = _without_sums_of_phases(found)
    if understood:
        found = _totals_told(found, pane.words, paths)
    keys = [_key(column) for column, _ in found if column.role == "amount"]
    if len(keys) > len(set(keys)):
        return None  # two columns that say the same: the header is not understood
    roles = {column.role for column, _ in found}
    if "programme" in roles and pane.structure not in LINES:
        return None  # its rows are projects, and no classes
    unlabelled = any(rule.unlabelled for section in pane.sections for rule in section.rules)
    return tuple(found) if "amount" in roles and (unlabelled or roles & _WORDS) else None


def _without_sums_of_phases(found: Sequence[tuple[ColumnSpec, int]]) -> list[tuple[ColumnSpec, int]]:
    """Return the columns without 调整预算数 beside 年初预算数 and 合计: it may be what was added, and these its sum."""
    phases: dict[tuple[object, ...], set[str | None]] = defaultdict(set)
    for column, _ in found:
        if column.role == "amount":
            phases[_said(column)].add(column.phase)
    return [
        (column, index)
        for column, index in found
        if column.phase != "adjusted" or not phases[_said(column)] >= {None, "budget"}
    ]


def _said(column: ColumnSpec) -> tuple[object, ...]:
    return tuple(sorted(column.dimensions.items())), column.year, column.years_before


def _fund_of(value: str, fund: str, *, carried: bool) -> str:
    """Return the fund that a column is of in a table of a fund.

    carried  the table prints what is carried forward in a column of its own, so that 本年预算 is not all money
    """
    if value in _OF_YEAR and not carried:
        return fund if value == "year" or fund != "_T" else "appropriation"
    if fund == "_T" or value not in _OF_YEAR | _CARRIED:
        return value
    return f"{fund}.year" if value in _OF_YEAR else f"{fund}.carried"


def _said_of_all(pane: Pane) -> Mapping[str, str]:
    """Return what a pane says of all its figures; lines of a table say it of themselves."""
    return {} if pane.structure in LINES and not pane.plain else pane.dimensions


def _stands_under(pane: Pane, block: Sequence[int], paths: Sequence[str]) -> bool:
    """Tell whether a block begins below one of the pane's heads; a column that numbers the lines stands before it."""
    readings = ((index, pane.words.read(paths[index]) if pane.words else None) for index in block)
    first = next((index for index, meaning in readings if not meaning or meaning.role != "line-number"), block[0])
    return paths[first].partition("/")[0] in pane.under


def _key(column: ColumnSpec) -> tuple[object, ...]:
    return tuple(sorted(column.dimensions.items())), _time(column)


def _totals_told(
    found: Sequence[tuple[ColumnSpec, int]], words: HeaderWords, paths: Sequence[str]
) -> list[tuple[ColumnSpec, int]]:
    """Return the columns, with 本年收入合计 as the total where all other columns of the table are parts of it.

    Columns that say nothing in its dimension (of funds, beside 本年支出合计) are.
    """
    others = [(path, meaning) for path in paths if (meaning := words.read(path)) and meaning.role == "amount"]
    result = []
    for column, index in found:
        parts = [m for path, m in others if path != paths[index] and _time(m) == _time(column)]
        told_apart = any(column.dimensions.keys() & part.dimensions.keys() for part in parts)
        is_total = column.widest and (
            not told_apart or all(words.is_above(column.dimensions, part.dimensions) for part in parts)
        )
        result.append((replace(column, dimensions={}) if is_total else column, index))
    return result


def _time(column: ColumnSpec | Meaning) -> tuple[object, ...]:
    return column.phase, column.year, column.years_before


def with_continued_codes(panes: Sequence[tuple[Pane, Placed]], paths: Sequence[str]) -> tuple[tuple[Pane, Placed], ...]:
    """Return the panes with the nameless columns behind a code column: 款 and 项 under a header that spans them.

    Without them 201 would be read for 201|06|01.
    """
    result = []
    for pane, columns in panes:
        taken = {index for _, index in columns}
        more: list[tuple[ColumnSpec, int]] = []
        for column, index in columns:
            more.append((column, index))
            following = index + 1
            while (
                column.role in {"code", "gov-code"}
                and following < len(paths)
                and following not in taken
                and not paths[following]
            ):
                more.append((column, following))
                taken.add(following)
                following += 1
        result.append((pane, tuple(more)))
    return tuple(result)
