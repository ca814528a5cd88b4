"""The code lists that change from year to year, read from tables of comma-separated values.

A list `x` is `x.csv`, one row a code; `x-changes.csv` has the labels codes bore in other years; `printed.csv`
has the codes and labels that were read in publications, by year.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from budgetgraph.ontology.codelists.concepts import OBSERVED, PROVISIONAL, Concept, Scheme
from budgetgraph.ontology.codelists.labels import fold_label
from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import CODE_BASE

FIRST_YEAR, LAST_YEAR = 2015, 2030

#: Edition whose labels the main tables carry, and of which their column `status` speaks.
TABLE_YEAR = 2021


@dataclass(frozen=True, slots=True)
class _List:
    """What is the same for all years of a list. `total` are the printed names of `_T`."""

    label: str
    label_en: str
    definition: str
    definition_en: str
    levels: tuple[tuple[str, str], ...]
    total: tuple[str, ...] = ()
    yearly: bool = True


_CLASSES = (("类", "class"), ("款", "group"), ("项", "item"))

LISTS = {
    "functional": _List(
        "支出功能分类科目",
        "Functional classification of expenditure",
        "按政府职能活动划分的支出科目。本表未与财政部当年科目对照，且不完整。",
        "Expenditure by function of government. Not checked against the Ministry's book, and not complete.",
        _CLASSES,
        ("合计", "总计", "支出合计", "支出总计"),
    ),
    "dept-economic": _List(
        "部门预算支出经济分类科目",
        "Economic classification of departmental expenditure",
        "按部门预算支出的经济性质和用途划分的科目。本表未与财政部当年科目对照。",
        "Departmental expenditure by economic nature and use. Not checked against the Ministry's book.",
        _CLASSES[:2],
        ("合计", "总计", "支出合计", "支出总计"),
    ),
    "gov-economic": _List(
        "政府预算支出经济分类科目",
        "Economic classification of government expenditure",
        "按政府预算支出的经济性质和用途划分的科目。本表未与财政部当年科目对照。",
        "Government expenditure by economic nature and use. Not checked against the Ministry's book.",
        _CLASSES[:2],
        ("合计", "总计", "支出合计", "支出总计"),
    ),
    "division": _List(
        "行政区划",
        "Administrative divisions",
        "县级以上行政区划代码（GB/T 2260）；没有代码的功能区用自编代码。",
        "Codes of GB/T 2260 for divisions from the county up; zones that have none bear codes of our own.",
        (("省", "province"), ("地", "prefecture"), ("县", "county"), ("乡", "township")),
        yearly=False,
    ),
}


def table_scheme(name: str, year: int | None) -> Scheme:
    """Return the list of a year; for `year` None the codes without year, each with its latest label.

    A concept without year takes the latest label known, and is there if the code is in use in any year.
    """
    about = LISTS[name]
    umbrella = CODE_BASE + name
    concepts = {concept.notation: concept for concept in _concepts(name, year)}
    if about.total:
        total = Concept("_T", about.total[0], "Total", 0, OBSERVED, alternatives=about.total[1:])
        none = Concept("_Z", "不适用", "Not applicable", 0, PROVISIONAL)
        concepts = {"_T": total, "_Z": none, **concepts}
    return Scheme(
        name,
        f"{umbrella}/{year}" if year else umbrella,
        umbrella,
        year,
        about.label,
        about.label_en,
        concepts,
        about.definition,
        about.definition_en,
        about.levels,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A code with the label it bears from `first` to `last`."""

    code: str
    label: str
    label_en: str
    parent: str
    level: int
    first: int
    last: int
    status: str

    def covers(self, year: int | None) -> bool:
        return year is None or self.first <= year <= self.last


def _concepts(name: str, year: int | None) -> Iterator[Concept]:
    """Yield the concepts of a year, parents first."""
    root = "_T" if LISTS[name].total else None
    changes, printed = _changes(name), _printed(name)
    known: set[str] = set()
    for row in _rows_of(name, year):
        if row.parent and row.parent not in known:
            continue
        known.add(row.code)
        changed = changes.get(row.code, ())
        bearing = _bearing(row, changed, year)
        read = {k: years for k, years in printed.get(row.code, {}).items() if any(map(row.covers, years))}
        names = (row.label, *(change.label for change in changed))
        alternatives, hidden = _variants(name, row.code, bearing.label, names, read)
        yield Concept(
            row.code,
            bearing.label,
            bearing.label_en or None,
            row.level,
            OBSERVED if _is_observed(row, year, read) else PROVISIONAL,
            row.parent or root,
            alternatives,
            hidden,
        )


def _rows_of(name: str, year: int | None) -> Iterable[_Row]:
    """Return the rows in use in a year; without year the last use of each code."""
    if year is not None:
        return [row for row in _rows(name) if row.covers(year)]
    return {row.code: row for row in _rows(name)}.values()


def _bearing(row: _Row, changed: Sequence[_Row], year: int | None) -> _Row:
    """Return the row whose label the code bears in the year; the latest when there is no year."""
    if not changed:
        return row
    if year is None:
        return max([row, *changed], key=lambda r: (r.last, r.first))
    return next((change for change in changed if change.covers(year)), row)


def _variants(
    name: str, code: str, label: str, names: Sequence[str], read: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (alternative labels, hidden labels) of a code whose preferred label is `label`.

    A printed label that adds words in brackets to the name (行政运行（党委办公厅）) is an alternative; any other
    that is not a name of the code is hidden, and left out where it is the name of another code of that depth.
    """
    if len(names) == 1 and all(variant == label for variant in read):
        return (), ()
    seen = {fold_label(label)}
    alternatives, hidden = [], []
    folded_names = tuple(fold_label(name) for name in names)
    for variant in (*names, *read):
        folded = fold_label(variant)
        if folded in seen:
            continue
        seen.add(folded)
        if folded in folded_names or folded.startswith(tuple(f"{name}(" for name in folded_names)):
            alternatives.append(variant)
        elif not any(other != code and len(other) == len(code) for other in _owners(name).get(folded, ())):
            hidden.append(variant)
    return tuple(alternatives), tuple(hidden)


def _is_observed(row: _Row, year: int | None, read: Mapping[str, frozenset[int]]) -> bool:
    if year is None:
        return row.status == OBSERVED or bool(read)
    return (row.status == OBSERVED and year == TABLE_YEAR) or any(year in years for years in read.values())


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _row(record: Mapping[str, str]) -> _Row:
    return _Row(
        record["code"],
        record["label_zh"],
        record["label_en"],
        record.get("parent", ""),
        int(record.get("level", 0)),
        int(record["valid_from"] or 0),
        int(record["valid_to"] or 9999),
        record["status"],
    )


@cache
def _rows(name: str) -> tuple[_Row, ...]:
    return tuple(map(_row, _read(FOLDER / "codelists" / f"{name}.csv")))


@cache
def _owners(name: str) -> Mapping[str, frozenset[str]]:
    """Folded label -> the codes that have it as a name in any year."""
    owners: dict[str, frozenset[str]] = {}
    for row in (*_rows(name), *(change for changes in _changes(name).values() for change in changes)):
        folded = fold_label(row.label)
        owners[folded] = owners.get(folded, frozenset()) | {row.code}
    return owners


@cache
def _changes(name: str) -> Mapping[str, tuple[_Row, ...]]:
    path = FOLDER / "codelists" / f"{name}-changes.csv"
    changes: dict[str, tuple[_Row, ...]] = {}
    if path.exists():
        for record in _read(path):
            changes[record["code"]] = (*changes.get(record["code"], ()), _row(record))
    return changes


@cache
def _printed(name: str) -> Mapping[str, Mapping[str, frozenset[int]]]:
    """Code -> label as printed -> the years of the publications it was read in."""
    read: dict[str, dict[str, frozenset[int]]] = {}
    for record in _read(FOLDER / "codelists" / "printed.csv"):
        if record["list"] == name:
            labels = read.setdefault(record["code"], {})
            labels[record["label_zh"]] = labels.get(record["label_zh"], frozenset()) | {int(record["year"])}
    return read
