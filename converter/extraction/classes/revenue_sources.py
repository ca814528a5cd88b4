"""Sources of revenue: which lines and columns of a table are parts of which ("单位资金" "其中：事业收入")."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.budget import TOTAL, DataSet, Figure
from budgetgraph.converter.budget.hierarchy import ancestors_in
from budgetgraph.converter.extraction.classes.rows import RowMeaning
from budgetgraph.converter.extraction.reconciliation import sums
from budgetgraph.converter.extraction.table_state import Extraction, Panel, report_unknown_row
from budgetgraph.converter.forms.outline import Outline, take_apart
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.profiles import ColumnSpec
from budgetgraph.ontology.codelists import LAST_YEAR

SOURCE = "revenueSource"
_CARRIED = "carriedForward"
_SOURCES = SCHEMES[SOURCE]

#: What the data set is called in which the parts stand that do not make up their whole.
OF_WHICH = "of-which"


@dataclass(slots=True)
class SourceRows:
    """The sources that the rows of a pane have named so far.

    last    number style and source of the last row that is no part of the one above it
    styles  number styles of such rows
    seen    sources that rows have named
    which   the line whose parts are printed as 其中
    plain   what plain lines behind a plain 上年结转 are: "part" of it, "year" (sources of the year), "" for not known
    doubt   such a line stood where it is not known
    """

    outline: Outline = field(default_factory=Outline)
    sources: dict[str, str] = field(default_factory=dict)
    last: tuple[str | None, str] = (None, "")
    styles: set[str | None] = field(default_factory=lambda: {"一、"})
    seen: set[str] = field(default_factory=set)
    which: str | None = None
    plain: str = ""
    doubt: bool = False

    def placed(self, meaning: RowMeaning, label: str) -> RowMeaning | None:
        """Return what a row means where it stands in the list; None where that is not certain.

        A line is a part of the one above by its number, by 其中, or where what it says stands a second time:
        一般公共预算拨款 below 上年结转. What is 其中 of another source is none by itself: 上级补助 of 一般公共预算.
        """
        line = take_apart(label)
        number, parent = self.outline.add(line)
        if line.of_which:
            self.which = parent
        own = meaning.dimensions.get(SOURCE, "")
        whole = self.sources.get(parent or "", "")
        then = meaning.below.get(whole)
        if then is None and line.of_which and own and not {whole} & {"", own, *ancestors_in(_SOURCES, LAST_YEAR, own)}:
            return None
        if then is None and parent is None and (part := meaning.below.get(self.last[1])):
            plain = line.style is None and self.last[0] is None
            if plain and own not in self.seen and not self.plain:
                self.doubt = True
                return None
            if plain and own not in self.seen:
                then = part if self.plain == "part" else None
            elif line.style is None or line.style not in self.styles:
                then = part
        if then is None:
            self.last = (line.style, own)
            self.styles.add(line.style)
            if meaning.only_below:
                return None
        self.seen.add(own)
        self.sources[number] = then or own
        dimensions = {**meaning.dimensions, SOURCE: then} if then else meaning.dimensions
        return replace(meaning, dimensions=dimensions, of_which=parent is not None and parent == self.which)


def by_years(
    work: Extraction,
    meaning: RowMeaning,
    columns: Sequence[tuple[ColumnSpec, int]],
    amounts: Sequence[tuple[ColumnSpec, Cell]],
) -> list[tuple[RowMeaning, ColumnSpec, Cell]]:
    """Return what the amounts of a row are, where columns tell money of the year from what is carried forward.

    A source of revenue is money of the year, and what is carried forward of it a source of its own. Their sum in one
    column is no source: it is what the two columns say, and listed where it says something else.
    """
    own = meaning.dimensions.get(SOURCE, "")
    years = {(c.year, c.years_before) for c, _ in columns if c.dimensions.get(SOURCE) == _CARRIED}
    if own in {"", _CARRIED} or not years:
        return [(meaning, column, cell) for column, cell in amounts]
    others = [(meaning, c, cell) for c, cell in amounts if (c.year, c.years_before) not in years]
    amounts = [(c, cell) for c, cell in amounts if (c.year, c.years_before) in years]
    result = list[tuple[RowMeaning, ColumnSpec, Cell]]()
    listed, of_both = list[tuple[ColumnSpec, Cell]](), list[tuple[ColumnSpec, Cell]]()
    then = own if own.startswith(_CARRIED) else meaning.below.get(_CARRIED)
    for column, cell in amounts:
        source = {"": "", "current": own, _CARRIED: then}.get(column.dimensions.get(SOURCE, ""))
        if not source:
            (listed if source is None else of_both).append((column, cell))
            continue
        rest = {name: value for name, value in column.dimensions.items() if name != SOURCE}
        said = replace(meaning, dimensions={**meaning.dimensions, SOURCE: source})
        result.append((said, replace(column, dimensions=rest), cell))
    parts = [cell for _, _, cell in result]
    listed += [(column, cell) for column, cell in of_both if listed or not _is_sum(work, cell, parts)]
    if listed:
        report_unknown_row(work, meaning.code or "", meaning.label, work.table.grid.rows[listed[0][1].row], listed)
    return [*others, *result]


def _is_sum(work: Extraction, cell: Cell, parts: Sequence[Cell]) -> bool:
    """Book an amount that is the sum of others of its row; tell whether it is."""
    numbers = [parse_number(each.text) for each in (cell, *parts)]
    if not parts or not all(numbers):
        return False
    whole, *rest = (number.value for number in numbers if number)
    if whole == sum(rest):
        work.book(cell, "derived")
    return whole == sum(rest)


def closes(data_sets: Sequence[DataSet], year: int) -> bool:
    """Tell whether sources of revenue add up to all totals printed beside them, of which there are some."""
    found = [
        (each, data_set.step)
        for data_set in data_sets
        if data_set.structure == "revenue"
        for each in sums(data_set.figures, data_set.structure, data_set.year or year)
    ]
    return bool(found) and all(each.closes(step) for each, step in found)


def set_apart(work: Extraction) -> None:
    """Give sources and funds the meaning that they have beside others, in all data sets of a section."""
    printed: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    for panel, figures in work.figures.items():
        printed[panel.section].update(pair for f in figures if f.value for pair in f.dimensions.items())
    for panel, figures in work.figures.items():
        names = {
            (dimension, value): then
            for (dimension, value), (beside, then) in work.match.spec.apart.items()
            if any((dimension, other) in printed[panel.section] for other in beside)
        }
        if names:
            work.figures[panel] = [_renamed(figure, names) for figure in figures]
        for (dimension, value), then in names.items():
            if (panel.section, dimension, value) in work.of_which:
                work.of_which.add((panel.section, dimension, then))


def _renamed(figure: Figure, names: dict[tuple[str, str], str]) -> Figure:
    return replace(figure, dimensions={d: names.get((d, value), value) for d, value in figure.dimensions.items()})


def part_with(work: Extraction) -> None:
    """Move parts that are printed as 其中 and do not make up their whole into a data set of their own.

    There they are counted once, and the whole stays a leaf: 事业收入 of which 教育收费.
    """
    marked_in = {(section, dimension) for section, dimension, _ in work.of_which}
    for section, dimension in sorted(marked_in, key=str):  # the same order each time: it is that of the data sets
        panels = [panel for panel in work.figures if panel.section == section]
        marked = {value for *place, value in work.of_which if place == [section, dimension]}
        moved = _incomplete(work, panels, dimension, marked)
        if not moved:
            continue
        name = f"{section}-{OF_WHICH}" if section else OF_WHICH
        work.structures[name], work.kinds[name] = work.structures[section], work.kinds[section]
        for panel in panels:
            parts = [f for f in work.figures[panel] if f.dimensions.get(dimension) in moved]
            if parts:
                work.figures[panel] = [f for f in work.figures[panel] if f not in parts]
                work.figures.setdefault(replace(panel, section=name), []).extend(parts)
                work.numbers[replace(panel, section=name)] = work.numbers.get(panel, [])


def _incomplete(work: Extraction, panels: list[Panel], dimension: str, marked: set[str]) -> set[str]:
    """Return the values that are parts of another, and all below them, where the parts do not make up the whole."""
    printed = {f.dimensions.get(dimension, TOTAL) for panel in panels for f in work.figures[panel]}
    over = {value: ancestors_in(SCHEMES[dimension], work.year, value) & printed for value in printed}
    moved: set[str] = set()
    for whole in printed:
        parts = {s for s, up in over.items() if whole in up and not any(whole in over[other] for other in up)}
        if not parts or not parts <= marked:
            continue
        missing = [amount for panel in panels for amount in _missing(work, panel, dimension, whole, parts)]
        if any(missing) and min(missing) >= 0:
            moved |= {value for value, up in over.items() if value in parts or up & parts}
    return moved


def _missing(work: Extraction, panel: Panel, dimension: str, whole: str, parts: set[str]) -> list[Decimal]:
    """Return for each figure of a whole what its parts leave open; 0 where rounding explains it."""
    sums: dict[frozenset[tuple[str, str]], Decimal] = defaultdict(Decimal)
    for figure in work.figures[panel]:
        if figure.dimensions.get(dimension) in parts:
            sums[_row(figure, dimension)] += figure.value
    tolerance = work.step_of(panel) * len(parts) / 2
    wholes = [figure for figure in work.figures[panel] if figure.dimensions.get(dimension, TOTAL) == whole]
    left = [figure.value - sums[_row(figure, dimension)] for figure in wholes]
    return [Decimal(0) if abs(amount) <= tolerance else amount for amount in left]


def _row(figure: Figure, dimension: str) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in figure.dimensions.items() if name != dimension)
