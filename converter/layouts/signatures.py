"""Grid -> kind of table, by header signature. Title and number are hints that decide between equal headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.budget import TOTAL
from budgetgraph.converter.extraction.classes.rows import row_meaning
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.headers import column_paths, header_depth, wordy_columns
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.layouts.word_layouts import Placed, place_by_words, with_continued_codes
from budgetgraph.converter.profiles import ColumnSpec, Pane, TableSpec
from budgetgraph.ontology.codelists import LAST_YEAR

#: A header that shares fewer of its columns with a signature is another table.
MINIMUM_COVERAGE = 0.5

#: Stands in a title for any words.
_ANY_WORDS = "…"
#: Opens a title before which only a year or a body stands: "某某局2024年支出预算表", not "债务还本支出预算表".
_ALONE, _BEFORE = "^", "(?:\\A|(?<=[年度部门位局院校心区市县镇会处所馆办委厅学站队乡道、. ]))"
_YEAR = re.compile(r"20\d{2}(?=年)")
_YEAR_OF_PART = re.compile(r"(?<![^/])20\d{2}年度?")


@dataclass(frozen=True, slots=True)
class Match:
    """A recognised table: the columns of the grid that each pane reads, and those that no pane knows.

    others  what other families' signatures of the same kind of table make of it
    """

    spec: TableSpec
    panes: tuple[tuple[Pane, Placed], ...]
    unknown_columns: tuple[int, ...]
    coverage: float
    others: tuple["Match", ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The signature that comes closest to a table that was not recognised, and what did not fit.

    other_title  the title is none that the signature knows, and it needs one
    whose        why it is not the publication's: of another body, another year or phase, or of nobody knows whom
    why          why it is not read though its columns fit: they go on on another page, its title names other money
    """

    spec: TableSpec
    coverage: float
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    ambiguous_with: str | None = None
    other_title: bool = False
    whose: str = ""
    why: str = ""


def header_paths(table: Stitched, caption: Caption) -> list[str]:
    """Return the paths of the table's columns, without the year where it is the one of the title.

    Two years in a header tell columns apart, so they stay.
    """
    paths = column_paths(table.grid, header_depth(table.grid))
    printed = {year for path in paths for year in _YEAR.findall(path)}
    if len(printed) == 1 and caption.title and printed == set(_YEAR.findall(fold(caption.title.text))):
        return [_YEAR_OF_PART.sub("", path) for path in paths]
    return paths


#: Columns that no table of a kind has: with one of them, 合计 is not of the kind alone.
_NEVER_OF = {
    "basic-expenditure": "项目支出",
    "project-expenditure": "基本支出",
    "revenue": "支出",
    "expenditure": "收入",
}


@dataclass(frozen=True, slots=True)
class _Header:
    """What all signatures ask of a table: the paths of its columns, and what stands below them.

    wordy     columns of words
    nameless  columns without a path that have figures
    """

    paths: list[str]
    wordy: frozenset[int]
    nameless: tuple[int, ...]


def _header(table: Stitched, caption: Caption) -> _Header | None:
    """Return the header of a table, None where it has none."""
    depth = header_depth(table.grid)
    paths = header_paths(table, caption)
    if depth == 0 or not any(paths):
        return None
    rows = table.grid.rows[depth:]
    nameless = (i for i, path in enumerate(paths) if not path and any(parse_number(row[i].text) for row in rows))
    return _Header(paths, wordy_columns(table.grid, depth), tuple(nameless))


def _match(table: Stitched, header: _Header | None, spec: TableSpec) -> Match | None:
    """Return how the table fits the signature, or None when a required column is missing."""
    if header is None:
        return _match_headerless(table, spec)
    paths = header.paths
    panes = place_by_words(spec, paths, header.wordy) if spec.panes[0].words else _place_all(spec, paths)
    if panes is None:
        return None
    placed = with_continued_codes(panes, paths)
    used = {index for _, columns in placed for _, index in columns}
    named = [i for i, path in enumerate(paths) if path]
    unknown = tuple(i for i in named if i not in used)
    nameless = tuple(i for i in header.nameless if i not in used)
    known = sum(i in used for i in named)
    if any(paths[i].startswith(_NEVER_OF[spec.kind]) for i in unknown if spec.kind in _NEVER_OF):
        return None
    return Match(spec, placed, (*unknown, *nameless), known / (len(named) + len(nameless)))


def _place_all(spec: TableSpec, paths: Sequence[str]) -> list[tuple[Pane, Placed]] | None:
    panes: list[tuple[Pane, Placed]] = []
    used: set[int] = set()
    first = 0
    for pane in spec.panes:
        found = _place(pane, paths, used, first)
        if found is None:
            if pane.optional:
                continue
            return None
        used.update(place for _, place in found)
        first = max(place for _, place in found) + 1 if len(spec.panes) > 1 else 0
        panes.append((pane, found))
    return panes


def _place(pane: Pane, paths: Sequence[str], used: set[int], first: int) -> Placed | None:
    """Return the column of the grid for each of the pane's, from `first` on; None when a required one is missing."""
    found: list[tuple[ColumnSpec, int]] = []
    taken = set(used)
    for column in pane.columns:
        place = next((i for i in range(first, len(paths)) if i not in taken and paths[i] in column.headers), None)
        if place is None and found and _goes_on(found[-1], column, paths):
            place = found[-1][1] + 1
        if place is not None:
            taken.add(place)
            found.append((column, place))
        elif not column.optional:
            return None
    return tuple(found) or None


def _goes_on(last: tuple[ColumnSpec, int], column: ColumnSpec, paths: Sequence[str]) -> bool:
    """Tell whether a header over two columns of words, whose span is not stated, covers `column` too."""
    left, place = last
    blank = place + 1 < len(paths) and not paths[place + 1]
    return blank and column.role == "label" and left.role == "group" and paths[place] in column.headers


def _match_headerless(table: Stitched, spec: TableSpec) -> Match | None:
    if not spec.headerless or len(spec.panes) != 1:
        return None
    pane = spec.panes[0]
    filled = [i for i in range(table.grid.width) if any(not row[i].is_blank for row in table.grid.rows)]
    if len(filled) != len(pane.columns):
        return None
    known = frozenset().union(*(rule.labels for section in pane.sections for rule in section.rules))
    place = next(i for column, i in zip(pane.columns, filled, strict=True) if column.role == "label")
    if not any(fold(row[place].text) in known for row in table.grid.rows):
        return None
    return Match(spec, ((pane, tuple(zip(pane.columns, filled, strict=True))),), (), 1.0)


def _fitting_titles(title: str, spec: TableSpec) -> list[str]:
    """Return the titles of a signature that a printed one holds, "…" standing for any words."""
    if any(word in title for word in spec.without):
        return []
    title += "" if title.endswith(("表", ")")) else "表"  # "支出预算" alone
    return [known for known in spec.titles if _title_pattern(known).search(title)]


@cache
def _title_pattern(known: str) -> re.Pattern[str]:
    words = known.removeprefix(_ALONE)
    pattern = ".*".join(map(re.escape, words.split(_ANY_WORDS)))
    return re.compile(_BEFORE + pattern if words != known else pattern)


def _title_fit(title: str, spec: TableSpec) -> int:
    return max(
        (len(known.removeprefix(_ALONE).replace(_ANY_WORDS, "")) for known in _fitting_titles(title, spec)), default=0
    )


#: Words of a title that say whose money a table is about, the most special first.
_FUNDS = (
    ("政府性基金", "govFund"),
    ("政府基金", "govFund"),
    ("基金预算", "govFund"),
    ("国有资本", "stateCapital"),
    ("一般公共预算", "general"),
    ("财政拨款", "appropriation"),
)


#: Tables of all the money, and words of a title that say it is of a part: "财政专户支出预算总表", "项目支出总表".
_OF_ALL = frozenset(("expenditure", "revenue", "balance"))
_PART = re.compile(
    r"(?:专户(?:管理)?(?:资金)?|非税|单位资金|自有资金|自筹资金|上级补助|其他(?:资金)?|债券(?:资金)?|专项(?:资金)?|采购|机关运行(?:经费)?|"
    r"三公(?:经费)?|项目|基本|事业|经营|结转(?:结余)?(?:资金)?|预算[内外]|社会保险基金|教育收费|资金|经费|国债|转移支付|自收自支|补助)"
    r"(?:预算)?(?:收支|支出|收入)"
    r"(?![^表()]{0,6}(?:局|处|所|站|办|中心))"  # no body's name: 非税收入管理局
)
_MONEY = re.compile("收支|支出|收入")
_ALL_PARTS = ("基本支出", "项目支出")
#: Money beside the funds of the treasury: a table of it is of no fund, and of all money only where it names others too.
_OTHER_MONEY = re.compile(
    r"(?P<others>[含和及与、加])?(?P<money>(?:非(?:同级|本级)?|上级|中央)财政(?:性?资金|拨款)|专户(?:管理)?资金|单位(?:自有)?资金|自有资金|其他资金|事业收入|"
    r"经营收入|其他收入|上级补助(?:收入|资金)|债券|教育收费|预算外资金|社会保险基金)"
    r"(?![^表()]{0,6}(?:局|处|所|站|办|中心))(?P<more>[和及与、])?"
)


def _contradicts(title: str, spec: TableSpec) -> bool:
    """Tell whether the title names other money than the signature covers, and is no title the signature knows.

    "财政拨款支出预算总表" ends as the table of all funds does, and has its header.
    """
    other = _OTHER_MONEY.search(title)
    if other and (spec.fund != TOTAL or not (other["others"] or other["more"])):
        return not any(other["money"] in known for known in _fitting_titles(title, spec))
    part = _PART.search(title) if spec.fund == TOTAL and spec.kind in _OF_ALL else None
    if part and not all(each in title for each in _ALL_PARTS):
        return not any(part.group() in known for known in _fitting_titles(title, spec))
    word, fund = next(((word, fund) for word, fund in _FUNDS if word in title), ("", spec.fund))
    if not word and spec.fund != TOTAL and _MONEY.search(title):
        return not _fitting_titles(title, spec)
    return fund != spec.fund and not any(word in known for known in _fitting_titles(title, spec))


def recognise(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Match | Nearest | None:
    """Return the table's meaning, else the nearest signature, else None when no signature has any column of it.

    Equal signatures (general expenditure and fund expenditure print the same header) are told apart by the
    title; without a title that says which, the table is not guessed.
    """
    title = fold(caption.title.text) if caption.title else ""
    header = _header(table, caption)
    fitting = [spec for spec in specs if _may_be(title, spec) and not _is_part_of_whole(title, spec, header)]
    matches = [m for spec in fitting if (m := _match(table, header, spec)) and _is_enough(m, title, table)]
    if not matches:
        return _nearest(table, caption, specs)
    ranked = sorted(matches, key=lambda m: (_title_fit(title, m.spec), m.coverage, not m.spec.by_title), reverse=True)
    best, rivals = ranked[0], ranked[1:]
    for rival in rivals:
        same_fit = _title_fit(title, rival.spec) == _title_fit(title, best.spec)
        if same_fit and rival.coverage == best.coverage and rival.spec.kind != best.spec.kind:
            return Nearest(best.spec, best.coverage, (), (), rival.spec.kind)
    same = [m for m in ranked if _same_table(m.spec, best.spec)]
    chosen = next((m for m in same if m.coverage == 1), best)
    if table.cut:
        return replace(as_nearest(chosen, table, caption), why=table.cut)
    return replace(chosen, others=tuple(m for m in same if m is not chosen))


def kind_by_title(caption: Caption, specs: Sequence[TableSpec]) -> str | None:
    """Return the kind of table that a title alone says, None where no signature knows it."""
    found = signature_by_title(caption, specs)
    return found.kind if found else None


def signature_by_title(caption: Caption, specs: Sequence[TableSpec]) -> TableSpec | None:
    """Return the signature whose titles a title fits best, None where none knows it."""
    title = fold(caption.title.text) if caption.title else ""
    fitting = [spec for spec in specs if not _contradicts(title, spec) and _title_fit(title, spec)]
    return max(fitting, key=lambda spec: _title_fit(title, spec), default=None)


def _may_be(title: str, spec: TableSpec) -> bool:
    """Tell whether a title allows a signature; columns that are read by words alone need the title to say what of."""
    return not _contradicts(title, spec) and (not spec.by_title or _title_fit(title, spec) > 0)


#: A column of one part of the money that the columns before it are of: "其中：财政拨款".
_OF_WHICH_FUND = re.compile(r"(?:\A|/)其中[:,]?[^/]*(?:财政拨款|公共预算|公共财政预算|政府性?基金|国有资本)")


#: A column of money that is no appropriation.
_NO_APPROPRIATION = re.compile(r"专户|其他资金|单位资金|自有资金|自筹|非财政拨款|事业收入|经营收入|其他收入|上级补助")


def _is_part_of_whole(title: str, spec: TableSpec, header: _Header | None) -> bool:
    """Tell whether a column names the signature's fund, or one beside it, as a part of what the others are of.

    "“三公”经费…表" is of the general budget unless it says else: "本年预算数" beside "其中：财政拨款" is not.
    """
    if spec.fund == TOTAL or header is None or any(word in title for word, _ in _FUNDS):
        return False
    if any(_OF_WHICH_FUND.search(path) for path in header.paths):
        return True
    readings = (pane.words.read(path) for pane in spec.panes if pane.words for path in header.paths)
    funds = {meaning.dimensions.get("fund", "") for meaning in readings if meaning and meaning.role == "amount"}
    if "" not in funds:
        return False
    if spec.fund == "appropriation":
        if any(_NO_APPROPRIATION.search(path) for path in header.paths):
            return True
        return bool(funds & {"general", "appropriation"}) and not funds & {"govFund", "stateCapital"}
    return bool(funds & {fund for _, fund in _FUNDS})


def _is_enough(match: Match, title: str, table: Stitched) -> bool:
    """Tell whether a table has enough of a signature: all, where its title is none that the signature knows.

    项目 | 预算数 is the header of many a table: there the title has to say which, or without one a row.
    """
    if _title_fit(title, match.spec):
        return match.coverage >= MINIMUM_COVERAGE
    if _says_nothing(match) and (title or not _names_a_row(match, table)):
        return False
    return match.coverage >= (1 if title else MINIMUM_COVERAGE)


def _says_nothing(match: Match) -> bool:
    """Tell whether a header has no more than a label and an amount."""
    columns = [column for _, columns in match.panes for column, _ in columns]
    return all(column.role in {"group", "label", "amount"} and not column.dimensions for column in columns) and (
        sum(column.role == "amount" for column in columns) == 1
    )


def _names_a_row(match: Match, table: Stitched) -> bool:
    """Tell whether a row has a label that says in this signature what it is about; a total does not."""
    for pane, columns in match.panes:
        rules = [rule for section in pane.sections for rule in section.rules]
        texts = (row[i].text for column, i in columns if column.role == "label" for row in table.grid.rows)
        meanings = (row_meaning(rules, "", text, "", LAST_YEAR) for text in texts if text.strip())
        if any(meaning and meaning.dimensions for meaning in meanings):
            return True
    return False


def _same_table(one: TableSpec, other: TableSpec) -> bool:
    """Tell whether two signatures are of one kind of table: the one that knows every column is better."""
    return (one.kind, one.fund) == (other.kind, other.fund)


def as_nearest(match: Match, table: Stitched, caption: Caption) -> Nearest:
    """Return what a signature that fits leaves unknown, as for a table that was not recognised."""
    paths = header_paths(table, caption)
    unknown = tuple(paths[index] or f"column {index + 1}" for index in match.unknown_columns)
    return Nearest(match.spec, match.coverage, (), unknown)


def _nearest(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Nearest | None:
    paths = [p for p in header_paths(table, caption) if p]
    title = fold(caption.title.text) if caption.title else ""
    money = _OTHER_MONEY.search(title)
    best: Nearest | None = None
    best_rank: tuple[float, ...] = ()
    for spec in specs:
        columns = [column for pane in spec.panes for column in pane.columns]
        known = frozenset().union(*(column.headers for column in columns))
        missing = tuple(min(c.headers) for c in columns if not c.optional and not c.headers.intersection(paths))
        unknown = tuple(p for p in paths if p not in known and not _is_read(spec, p))
        coverage = (len(paths) - len(unknown)) / max(len(paths), len(columns), 1)
        fit = _title_fit(title, spec)
        rank = (fit > 0, coverage, fit)
        if coverage > 0 and (best is None or rank > best_rank):
            why = f"by its title ({money['money']}) it is of other money" if money and coverage == 1 else ""
            best, best_rank = (
                Nearest(
                    spec,
                    coverage,
                    missing,
                    unknown,
                    other_title=not fit and (spec.by_title or (bool(title) and coverage == 1)),
                    why=why,
                ),
                rank,
            )
    return best


def _is_read(spec: TableSpec, path: str) -> bool:
    """Tell whether a pane that is read by its words knows a column."""
    return any(pane.words.read(path) for pane in spec.panes if pane.words)
