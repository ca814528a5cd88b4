"""Grid -> kind of table, by header signature. Title and number are hints that decide between equal headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.headers import column_paths, header_depth
from budgetgraph.converter.labels import fold
from budgetgraph.converter.profiles import ColumnSpec, Pane, TableSpec
from budgetgraph.converter.stitching import Stitched

#: A header that shares fewer of its columns with a signature is another table.
MINIMUM_COVERAGE = 0.5

_NUMBER_LABEL = re.compile(r"(?:公开)?表(?:[一二三四五六七八九十]{1,3}|\d{1,2})\Z|公开\d{1,2}表\Z")
_DIGITS = "零一二三四五六七八九"
_YEAR = re.compile(r"20\d{2}(?=年)")
_YEAR_OF_PART = re.compile(r"(?<![^/])20\d{2}年度?")
#: A unit line stands within this many paragraphs above its table; what is between is the rest of a wrapped line.
_UNIT_WITHIN = 3
_LONGEST_REST = 20


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a table: title, number label ("表二"), unit line."""

    title: Paragraph | None = None
    number: Paragraph | None = None
    unit: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A recognised table: the columns of the grid that each pane reads, and those that no pane knows."""

    spec: TableSpec
    panes: tuple[tuple[Pane, tuple[tuple[ColumnSpec, int], ...]], ...]
    unknown_columns: tuple[int, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The signature that comes closest to a table that was not recognised, and what did not fit."""

    spec: TableSpec
    coverage: float
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    ambiguous_with: str | None = None


def caption_of(blocks: Sequence[Paragraph | Stitched], index: int) -> Caption:
    """Return the caption of the table at `index`: the paragraphs between it and the table before."""
    title = number = unit = None
    for block in _without_rest(_above(blocks, index)):
        text = fold(block.text)
        if unit is None and title is None and parse_unit(block.text):
            unit = block
        elif number is None and title is None and _NUMBER_LABEL.match(text):
            number = block
        elif title is None and len(text) <= 60 and not text.endswith(("。", ";", ":")):
            title = block
        elif title is not None and _NUMBER_LABEL.match(text) and number is None:
            number = block
        else:
            break
    return Caption(title, number, unit)


def _above(blocks: Sequence[Paragraph | Stitched], index: int) -> list[Paragraph]:
    """Return up to six paragraphs between the table at `index` and the one before, the nearest first."""
    above: list[Paragraph] = []
    for block in reversed(blocks[max(0, index - 6) : index]):
        if isinstance(block, Stitched):
            break
        above.append(block)
    return above


def _without_rest(above: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs without what a wrapped unit line left between itself and the table.

    A long name in front of the unit ("部门：... 单位：万元") wraps, and its end is no title.
    """
    for place, paragraph in enumerate(above[:_UNIT_WITHIN]):
        if parse_unit(paragraph.text):
            return above[place:]
        text = fold(paragraph.text)
        if len(text) > _LONGEST_REST or text.endswith("表") or _NUMBER_LABEL.match(text):
            break
    return above


def table_titles(blocks: Sequence[Paragraph | Stitched]) -> list[str]:
    """Return the titles that stand above the tables."""
    captions = (caption_of(blocks, i) for i, block in enumerate(blocks) if isinstance(block, Stitched))
    return [caption.title.text for caption in captions if caption.title]


def table_number(label: str) -> int | None:
    """Return the number in a label.

    >>> table_number("表十二"), table_number("公开01表"), table_number("附件")
    (12, 1, None)
    """
    text = fold(label)
    if not _NUMBER_LABEL.match(text):
        return None
    if digits := re.search(r"\d+", text):
        return int(digits.group())
    tens, has_ten, ones = text.removeprefix("公开").removeprefix("表").partition("十")
    if not has_ten:
        return _DIGITS.index(tens)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def header_paths(table: Stitched, caption: Caption) -> list[str]:
    """Return the paths of the table's columns, without the year where it is the one of the title.

    Two years in a header tell columns apart, so they stay.
    """
    paths = column_paths(table.grid, header_depth(table.grid))
    printed = {year for path in paths for year in _YEAR.findall(path)}
    if len(printed) == 1 and caption.title and printed == set(_YEAR.findall(fold(caption.title.text))):
        return [_YEAR_OF_PART.sub("", path) for path in paths]
    return paths


def match(table: Stitched, spec: TableSpec, caption: Caption | None = None) -> Match | None:
    """Return how the table fits the signature, or None when a required column is missing."""
    depth = header_depth(table.grid)
    paths = header_paths(table, caption or Caption())
    if depth == 0 or not any(paths):
        return _match_headerless(table, spec)
    panes, used, first = [], set[int](), 0
    for pane in spec.panes:
        found = _place(pane, paths, used, first)
        if found is None:
            if pane.optional:
                continue
            return None
        used.update(place for _, place in found)
        first = max(place for _, place in found) + 1 if len(spec.panes) > 1 else 0
        panes.append((pane, found))
    named = [i for i, path in enumerate(paths) if path]
    unknown = tuple(i for i in named if i not in used)
    return Match(spec, tuple(panes), unknown, len(used) / len(named))


def _place(pane: Pane, paths: Sequence[str], used: set[int], first: int) -> tuple[tuple[ColumnSpec, int], ...] | None:
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


def _title_fit(title: str, spec: TableSpec) -> int:
    return max((len(known) for known in spec.titles if known in title), default=0)


#: Words of a title that say whose money a table is about, the most special first.
_FUNDS = (
    ("政府性基金", "govFund"),
    ("国有资本", "stateCapital"),
    ("一般公共预算", "general"),
    ("财政拨款", "appropriation"),
)


def _contradicts(title: str, spec: TableSpec) -> bool:
    """Tell whether the title names another fund than the signature covers, and is no title the signature knows.

    "财政拨款支出预算总表" ends as the table of all funds does, and has its header.
    """
    word, fund = next(((word, fund) for word, fund in _FUNDS if word in title), ("", spec.fund))
    return fund != spec.fund and not any(word in known for known in spec.titles if known in title)


def recognise(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Match | Nearest | None:
    """Return the table's meaning, else the nearest signature, else None when no signature has any column of it.

    Equal signatures (general expenditure and fund expenditure print the same header) are told apart by the
    title; without a title that says which, the table is not guessed.
    """
    title = fold(caption.title.text) if caption.title else ""
    fitting = [spec for spec in specs if not _contradicts(title, spec)]
    matches = [m for spec in fitting if (m := match(table, spec, caption)) and m.coverage >= MINIMUM_COVERAGE]
    if not matches:
        return _nearest(table, caption, specs)
    ranked = sorted(matches, key=lambda m: (_title_fit(title, m.spec), m.coverage), reverse=True)
    best, rivals = ranked[0], ranked[1:]
    for rival in rivals:
        same_fit = _title_fit(title, rival.spec) == _title_fit(title, best.spec)
        if same_fit and rival.coverage == best.coverage and rival.spec.kind != best.spec.kind:
            return Nearest(best.spec, best.coverage, (), (), rival.spec.kind)
    return best


def _nearest(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Nearest | None:
    paths = [p for p in header_paths(table, caption) if p]
    best: Nearest | None = None
    for spec in specs:
        columns = [column for pane in spec.panes for column in pane.columns]
        known = frozenset().union(*(column.headers for column in columns))
        missing = tuple(min(c.headers) for c in columns if not c.optional and not c.headers.intersection(paths))
        unknown = tuple(path for path in paths if path not in known)
        coverage = (len(paths) - len(unknown)) / max(len(paths), len(columns), 1)
        if coverage > 0 and (best is None or coverage > best.coverage):
            best = Nearest(spec, coverage, missing, unknown)
    return best
