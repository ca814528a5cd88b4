"""Columns of economic classes (类 and 款): what a year's code list says of the names that head them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.budget import Figure
from budgetgraph.converter.extraction.classes.nature_rows import CLASS, NATURE
from budgetgraph.converter.extraction.table_state import Extraction
from budgetgraph.converter.layouts.signatures import Match
from budgetgraph.converter.problems import Severity
from budgetgraph.ontology.codelists import candidates, scheme

#: Digits of the code of a 款.
_ITEM = 5
#: Natures that make up all expenditure with 基本支出.
_BESIDE_BASIC = frozenset(("project", "specialBusiness", "remitUp", "toAffiliates", "operations", "reserve"))


def of_the_year(match: Match, paths: Sequence[str], year: int) -> Match:
    """Return the match without columns whose name was another class, or none, in the list of the year.

    Header words name the classes of today; 其他社会保障缴费 was 30104 before 2018, and is 30112.
    """
    panes = []
    unknown = set(match.unknown_columns)
    for pane, columns in match.panes:
        known = tuple(
            (column, index)
            for column, index in columns
            if _is_of_year(column.dimensions.get("economicClass", ""), paths[index].rpartition("/")[2], year)
        )
        unknown.update({index for _, index in columns} - {index for _, index in known})
        panes.append((pane, known))
    return replace(match, panes=tuple(panes), unknown_columns=tuple(sorted(unknown)))


def _is_of_year(code: str, name: str, year: int) -> bool:
    return len(code) != _ITEM or code in candidates(scheme("dept-economic", year), name, level=2)


def settle_natures(work: Extraction) -> None:
    """Say of classes beside 项目支出 what they are of: 工资福利支出 is of 基本支出 where the rows add up only so.

    Where the rows add up neither as classes of all expenditure nor as those of basic expenditure, or as both, the
    classes are listed.
    """
    for panel, figures in work.figures.items():
        classes = [f for f in figures if f.dimensions.keys() & {CLASS, NATURE} == {CLASS}]
        natures = {f.dimensions.get(NATURE) for f in figures if CLASS not in f.dimensions}
        if not classes or "basic" in natures or not natures & _BESIDE_BASIC:
            continue
        rows, step = list(_rows(figures)), work.step_of(panel)
        of_all = all(row.closes(row.classes, step) for row in rows)
        of_basic = all(row.closes([*row.classes, *row.natures], step) for row in rows)
        if of_all and (not of_basic or not any(f.value for f in figures if f.dimensions.get(NATURE) in _BESIDE_BASIC)):
            continue
        if of_basic and not of_all:
            basic = [replace(f, dimensions={**f.dimensions, NATURE: "basic"}) if f in classes else f for f in figures]
            work.figures[panel] = basic
            continue
        first = work.take_back(classes, Reason.UNKNOWN_COLUMN)
        work.problem(
            "unknown-column",
            Severity.ERROR,
            f"{len(classes)} amounts of economic classes are not converted: beside other expenditure they do not add "
            "up to the total, so it is not certain what they are parts of. Compare them with the publication.",
            first,
        )


@dataclass(slots=True)
class _Row:
    """The amounts of a row: the total, its classes (类), and its natures beside 基本支出."""

    total: Decimal | None = None
    classes: list[Decimal] = field(default_factory=list)
    natures: list[Decimal] = field(default_factory=list)

    def closes(self, parts: Sequence[Decimal], step: Decimal) -> bool:
        """Tell whether parts add up to the total, if there is one."""
        return self.total is None or adds_up(self.total, parts, step)


def _rows(figures: Sequence[Figure]) -> Iterator[_Row]:
    """Yield the rows that have a total."""
    rows: dict[frozenset[tuple[str, str]], _Row] = defaultdict(_Row)
    for figure in figures:
        said = figure.dimensions
        row = rows[frozenset(pair for pair in said.items() if pair[0] not in {CLASS, NATURE})]
        if CLASS in said:
            if len(said[CLASS]) != _ITEM and NATURE not in said:
                row.classes.append(figure.value)
        elif NATURE not in said:
            row.total = figure.value
        elif said[NATURE] in _BESIDE_BASIC:
            row.natures.append(figure.value)
    return (row for row in rows.values() if row.total is not None)
