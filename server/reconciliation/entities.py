"""What can be matched: organisations and codes of a release, with all their names."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from threading import Lock

from budgetgraph.ontology.namespaces import CODE_BASE
from budgetgraph.server.backend import backend
from budgetgraph.server.terms import Row, read_results

#: Types of entities by their identifiers, with their names in Chinese and English.
TYPES: Mapping[str, tuple[str, str]] = {
    "organisation": ("机构", "Organisation"),
    "functional": ("支出功能分类科目", "Functional class of expenditure"),
    "dept-economic": ("部门预算支出经济分类科目", "Economic class of expenditure (departments)"),
}

#: Years for which a name without a beginning or an end holds.
_FIRST, _LAST = 1949, 2100


@dataclass(slots=True)
class Entity:
    """Something that a name may mean.

    id     path below `/id/`: "org/whkfq-0001", "code/functional/208"
    iri    its IRI
    names  folded name -> years in which it holds; no years: at all times
    """

    id: str
    iri: str
    type: str
    label: str
    description: str
    names: dict[str, set[str]] = field(default_factory=dict)
    code: str | None = None
    latest: str = ""


def fold_name(text: str) -> str:
    """Return a name without differences of width, case, brackets and blanks.

    >>> fold_name("中共武汉经开区工委(区委） 办公室")
    '中共武汉经开区工委区委办公室'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


class Entities:
    """The entities of the release that was asked last; safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[str, Mapping[str, Entity]] | None = None

    def of_release(self) -> Mapping[str, Entity]:
        """Return the entities of the release of this request by their identifiers."""
        release = backend().release()
        with self._lock:
            if self._kept is None or self._kept[0] != release.id:
                found = {**_bodies(_rows("list-bodies"), release.metadata.base), **_codes(_rows("list-codes"))}
                self._kept = release.id, found
            return self._kept[1]


def _bodies(rows: Sequence[Row], base: str) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for row in rows:
        iri = row["iri"].value
        identity = iri.removeprefix(f"{base}id/")
        entity = found.get(identity)
        if entity is None:
            about = " · ".join(row[name].value for name in ("parent", "place") if name in row)
            entity = found[identity] = Entity(identity, iri, "organisation", row["label"].value, about)
        if row["label"].language == "zh":
            entity.label = row["label"].value
        for name in ("label", "also"):
            if name in row:
                entity.names.setdefault(fold_name(row[name].value), _years(row, "since", "until"))
    for row in rows:  # after the others, because a former name stands among them without its years
        if "former" in row:
            names = found[row["iri"].value.removeprefix(f"{base}id/")].names
            names[fold_name(row["former"].value)] = _years(row, "first", "last")
    return found


def _years(row: Row, first: str, last: str) -> set[str]:
    """Return the years between two of a row; none when both are open, which means at all times."""
    if first not in row and last not in row:
        return set()
    start = int(row[first].value) if first in row else _FIRST
    return {str(year) for year in range(start, (int(row[last].value) if last in row else _LAST) + 1)}


def _codes(rows: Iterable[Row]) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for row in rows:
        scheme, _, code = row["iri"].value.removeprefix(CODE_BASE).partition("/")
        if scheme not in TYPES:
            continue
        identity, year = f"code/{scheme}/{code}", row["yearly"].value.removeprefix(f"{CODE_BASE}{scheme}/")[:4]
        label = row["label"]
        entity = found.setdefault(
            identity, Entity(identity, row["iri"].value, scheme, label.value, "", code=row["code"].value)
        )
        if label.language == "zh" and year >= entity.latest:
            entity.label, entity.latest = label.value, year
            entity.description = " · ".join([row["code"].value, *([row["parent"].value] if "parent" in row else [])])
        entity.names.setdefault(fold_name(label.value), set()).add(year)
        entity.names.setdefault(fold_name(row["code"].value), set()).add(year)
    return found


def _rows(name: str) -> Sequence[Row]:
    return read_results(backend().evaluate(_query(name), "json"))


@cache
def _query(name: str) -> str:
    return (resources.files("budgetgraph.server.reconciliation") / "queries" / f"{name}.rq").read_text("utf-8")
