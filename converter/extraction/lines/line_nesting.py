"""Lists of lines in which a line is the sum of those below it, told by numbers, codes of a catalogue, or sums alone.

A list whose lines add up to its total is flat. One that numbers its lines in levels ("一、", "1.", "1.1"), or some of
them, or has codes that begin with others (A, A11, A1101), is what these say, where the sums agree. Lines that are more
than the total, and have neither (an indent that nobody kept), are what their sums say, where these allow one tree.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.budget import TOTAL, Figure
from budgetgraph.converter.budget.hierarchy import ancestors_in, lines_above
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.forms.outline import Outline, take_apart
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.labels import fold

#: What all figures of a line are of, unless columns say it.
_OF_LINES = frozenset(("functionalClass", "procurementKind"))
_DECIMAL = re.compile(r"(\d{1,2}(?:[.．]\d{1,2})+)(?=[^\d.．]|\Z)[、.．]?", re.ASCII)
_WHOLE = re.compile(r"(\d{1,2})(?=\D|\Z)(?![.．]\d)", re.ASCII)
#: A number alone in a column of numbers, as the lists of names print it.
_BARE = re.compile(r"[一二三四五六七八九十]{1,4}\Z|\d{1,2}\Z", re.ASCII)
#: A code of a catalogue, alone or before its name: A, A11, A1101.
_CODE = re.compile(r"[A-Z]\d{0,8}(?![A-Za-z\d])", re.ASCII)
#: Steps of looking for trees, beyond which a list is too long to be told by its sums; and lines, as the search goes
#: one call deeper with each and Python allows no more than 1000.
_STEPS, _MOST_LINES = 20_000, 250

#: Where a sum of a line is printed: in which data set and column.
_Place = tuple[Panel, int | None]


@dataclass(slots=True)
class Nesting:
    """The lines of a table that may stand below one another.

    marks  number of the line -> what numbers it in the source, "" where nothing does
    codes  number of the line -> its code in a catalogue, "" where it has none
    """

    marks: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def note(self, number: str, printed: str, name: str, catalogue: str) -> None:
        """Keep what numbers a line: the text of the column of numbers, else the beginning of its name; and its code."""
        code = _CODE.match(fold(catalogue))
        self.codes[number] = code.group() if code else ""
        own = take_apart(name)
        found = _DECIMAL.match(fold(name))
        self.marks[number] = fold(printed) or (found.group(1) if found else own.number)

    def settle(self, work: Extraction, sections: Sequence[str | None], dimension: str) -> set[str]:
        """Number the lines anew where some are parts of others; return those that nothing but this puts below one.

        sections  of the amounts, which tell; then of parts of them, whose lines these are, too
        """
        section = sections[0]
        doubtful: set[str] = set()
        for above in sorted({number.rpartition(".")[0] for number in self.marks}):
            lines = [number for number in self.marks if number.rpartition(".")[0] == above]
            others = {n for each in work.lines[section] if (n := each.number).rpartition(".")[0] == above}
            if others > set(lines):
                continue  # rows of units or functions stand between them
            table = _Table(work, section, dimension, above)
            tree = self._tree(lines, table)
            if tree:
                _renumber(work, sections, dimension, tree, table)
                doubtful |= {new for old, new in tree.items() if new.count(".") > old.count(".")}
        return doubtful

    def _tree(self, lines: Sequence[str], table: "_Table") -> dict[str, str]:
        """Return the new number of each line, {} where they stay as they are."""
        if not table.said.keys() >= set(lines) or table.is_flat(lines):
            return {}  # amounts of a line that is not converted cannot tell what it is a part of
        parents = _numbered([self.marks[number] for number in lines])
        if not any(parent is not None for parent in parents):
            by_code = _by_code([self.codes[number] for number in lines])
            parents = by_code if table.closes(lines, by_code) else parents
            below = _below_numbered([self.marks[number] for number in lines])
            heads = [line for line, parent in zip(lines, below, strict=True) if parent is None]
            parents = below if table.is_flat(heads) and table.closes(lines, below) else parents
        if not any(parent is not None for parent in parents):
            told = table.only_tree(lines)
            if told is None:
                return {}
            parents = told
        if any(parent is not None and not table.holds(lines[parent], lines[i]) for i, parent in enumerate(parents)):
            return {}
        return _numbers(table.above, lines, parents)


def settle_units(
    work: Extraction, sections: Sequence[str | None], dimension: str, units: Sequence[str]
) -> Collection[str]:
    """Number the rows of units anew in a table without other lines, and return their old numbers where it is certain.

    They stand beside each other where they add up to the total, and below the first where they are this one's parts.
    Their order alone would put each below the one before it.
    """
    table = _Table(work, sections[0], dimension, "")
    if len(units) < 2 or [line.number for line in work.lines[sections[0]]] != list(units):
        return ()
    flat: list[int | None] = [None] * len(units)
    below: list[int | None] = [None, *[0] * (len(units) - 1)]
    told = [
        parents for parents, certain in ((flat, table.is_flat(units)), (below, table.closes(units, below))) if certain
    ]
    if len(told) != 1 or not table.said.keys() >= set(units):
        return ()
    _renumber(work, sections, dimension, _numbers("", units, told[0]), table)
    return units


def _numbered(marks: Sequence[str]) -> list[int | None]:
    """Return for each line the place of the one that its number puts it below, None for those of the first level."""
    outline, places, parents = Outline(), dict[str, int](), list[int | None]()
    decimals: dict[str, int] = {}
    for place, mark in enumerate(marks):
        whole = _DECIMAL.match(mark)
        if whole:
            number = whole.group(1).replace("．", ".")
            parents.append(decimals.get(number.rpartition(".")[0]))
            decimals[number] = place
            continue
        if first := _WHOLE.match(mark):
            decimals = {first.group(1): place}
        number, above = outline.add(take_apart(f"{mark}、" if _BARE.match(mark) else mark))
        places[number] = place
        parents.append(places[above] if above else None)
    return parents


def _by_code(codes: Sequence[str]) -> list[int | None]:
    """Return for each line the place of the nearest line before it whose code its own begins with."""
    return [
        max((p for p in range(place) if codes[p] and code.startswith(codes[p]) and code != codes[p]), default=None)
        for place, code in enumerate(codes)
    ]


def _below_numbered(marks: Sequence[str]) -> list[int | None]:
    """Return for each line without a number the place of the one with a number before it: 一、一般性项目."""
    parents, last = list[int | None](), None
    for place, mark in enumerate(marks):
        last = place if mark else last
        parents.append(None if mark else last)
    return parents


def _numbers(above: str, lines: Sequence[str], parents: Sequence[int | None]) -> dict[str, str]:
    counts: dict[str, int] = defaultdict(int)
    result: list[str] = []
    for parent in parents:
        over = above if parent is None else result[parent]
        counts[over] += 1
        result.append(f"{over}.{counts[over]}" if over else str(counts[over]))
    return dict(zip(lines, result, strict=True))


def _renumber(
    work: Extraction, sections: Sequence[str | None], dimension: str, tree: Mapping[str, str], table: "_Table"
) -> None:
    """Give lines and figures their new numbers, and what a line above says where they do not say it themselves."""
    lines = work.lines[sections[0]]
    lines[:] = [replace(each, number=tree.get(each.number, each.number)) for each in lines]
    said = {new: table.said[old] for old, new in tree.items()}
    for panel in [panel for panel in work.figures if panel.section in sections]:
        work.figures[panel] = [_renumbered(figure, dimension, tree, said) for figure in work.figures[panel]]


def _renumbered(
    figure: Figure, dimension: str, tree: Mapping[str, str], said: Mapping[str, Mapping[str, str]]
) -> Figure:
    number = figure.dimensions.get(dimension, TOTAL)
    if number not in tree:
        return figure
    dimensions = {**figure.dimensions, dimension: tree[number]}
    for above in lines_above(tree[number]):
        dimensions = {**said.get(above, {}), **dimensions}
    return replace(figure, dimensions=dimensions)


class _Table:
    """The lines right below one line (or the total): their sums as printed, and what all figures of a line say."""

    def __init__(self, work: Extraction, section: str | None, dimension: str, above: str) -> None:
        self.above = above
        self.said: dict[str, dict[str, str]] = {}
        self._year = work.year
        self._step = Decimal()
        self._values: dict[str, dict[_Place, Decimal]] = defaultdict(dict)
        for panel, figures in work.figures.items():
            if panel.section != section:
                continue
            self._step = max(self._step, work.step_of(panel))
            for figure in sorted(figures, key=lambda each: -len(each.dimensions)):  # a total of all over that of a kind
                number = figure.dimensions.get(dimension, TOTAL)
                self._values[number][panel, figure.place.column] = figure.value
                own = {(name, value) for name, value in figure.dimensions.items() if name in _OF_LINES}
                self.said[number] = dict(own & self.said.get(number, dict(own)).items())

    def is_flat(self, lines: Sequence[str]) -> bool:
        """Tell whether the lines add up to the line above them as they stand."""
        return self._adds_up(self._values.get(self.above or TOTAL), lines)

    def closes(self, lines: Sequence[str], parents: Sequence[int | None]) -> bool:
        """Tell whether every line that has parts is their sum."""
        parts = {parent: [lines[i] for i, over in enumerate(parents) if over == parent] for parent in set(parents)}
        return all(self._adds_up(self._values[lines[p]], below) for p, below in parts.items() if p is not None)

    def holds(self, whole: str, part: str) -> bool:
        """Tell whether a line may be a part of another: of the same kind, and of its function or one below that."""
        over, own = self.said[whole], self.said[part]
        return all(
            name not in own or value in {own[name], *ancestors_in(SCHEMES[name], self._year, own[name])}
            for name, value in over.items()
        )

    def _adds_up(self, whole: Mapping[_Place, Decimal] | None, lines: Sequence[str]) -> bool:
        if whole is None:
            return False
        places = {place for each in lines for place in self._values[each]}
        return all(
            adds_up(
                whole.get(place, Decimal()), [self._values[each].get(place, Decimal()) for each in lines], self._step
            )
            for place in places | set(whole)
        )

    def only_tree(self, lines: Sequence[str]) -> list[int | None] | None:
        """Return for each line the place of the one it is a part of, where the sums allow one tree; else None.

        Every line with parts is their sum to the last digit in every column, and those of the first level make up
        the total. Read from below, as sums that stand under their parts, no tree may come out.
        """
        whole = self._values.get(self.above or TOTAL)
        if whole is None or len(lines) > _MOST_LINES:
            return None
        places = sorted({*whole, *(place for each in lines for place in self._values[each])}, key=str)
        rows = [tuple(self._values[each].get(place, Decimal()) for place in places) for each in lines]
        if any(amount < 0 for row in rows for amount in row):
            return None
        total = tuple(whole.get(place, Decimal()) for place in places)
        found, turned = _trees(rows, total), _trees(rows[::-1], total)
        return found[0] if len(found) == 1 and not turned else None


_Row = tuple[Decimal, ...]


def _trees(rows: Sequence[_Row], total: _Row) -> list[list[int | None]]:
    """Return up to two trees whose lines with parts are their sums, as the parent of each line.

    A search that takes too long gives two empty ones.
    """
    search, found = _Search(rows), list[list[int | None]]()
    for end, parents in search.forests(0, total, None):
        if end == len(rows):
            found.append(parents)
        if len(found) > 1:
            break
    return found if search.steps < _STEPS else [[], []]


class _Search:
    """Runs of lines that make up a sum, each with the lines below it. `steps` counts what has been tried."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self.steps = 0

    def forests(self, start: int, left: _Row, parent: int | None) -> Iterator[tuple[int, list[int | None]]]:
        """Yield the ends of runs from `start` whose first level adds up to `left`, and the parents of their lines."""
        self.steps += 1
        if not any(left):
            yield start, []
        if start == len(self._rows) or self.steps >= _STEPS:
            return
        rest = tuple(a - b for a, b in zip(left, self._rows[start], strict=True))
        if min(rest) < 0:
            return
        below: list[tuple[int, list[int | None]]] = [(start + 1, [])]
        if any(self._rows[start]):
            below += [each for each in self.forests(start + 1, self._rows[start], start) if each[0] > start + 1]
        for end, parts in below:
            for last, others in self.forests(end, rest, parent):
                yield last, [parent, *parts, *others]
