"""The code lists: SKOS concept schemes, and the way from a printed label to a concept.

A few lists change from year to year (`functional`, `dept-economic`, `gov-economic`): their concepts stand
under the year. Where a list is one for all years, `year` is left out or ignored.
"""

from functools import cache

from budgetgraph.ontology.codelists.concepts import OBSERVED, PROVISIONAL, Concept, Scheme
from budgetgraph.ontology.codelists.documents import document_scheme, documents
from budgetgraph.ontology.codelists.labels import candidates, fold_label
from budgetgraph.ontology.codelists.statements import Statement, is_of_all_years, ntriples, statements, turtle
from budgetgraph.ontology.codelists.tables import FIRST_YEAR, LAST_YEAR, LISTS, TABLE_YEAR, table_scheme
from budgetgraph.ontology.codelists.units import Unit, unit_of

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "OBSERVED",
    "PROVISIONAL",
    "TABLE_YEAR",
    "Concept",
    "Scheme",
    "Statement",
    "Unit",
    "candidates",
    "find",
    "fold_label",
    "is_of_all_years",
    "is_yearly",
    "ntriples",
    "scheme",
    "schemes",
    "statements",
    "turtle",
    "unit_of",
]


def schemes() -> list[str]:
    """Return the names of all code lists ("functional", "revenue-source"), sorted."""
    return sorted([*LISTS, *documents()])


def is_yearly(name: str) -> bool:
    """Tell whether the list changes from year to year."""
    return name in LISTS and LISTS[name].yearly


def scheme(name: str, year: int | None = None) -> Scheme:
    """Return a code list.

    year  edition of a list that changes; None for its concepts without year. Ignored for all other lists.

    Raises ValueError when there is no such list, or none of that year (FIRST_YEAR to LAST_YEAR).
    """
    if not is_yearly(name):
        return _scheme(name, None)
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no list {name!r} of {year}: there are those of {FIRST_YEAR} to {LAST_YEAR}")
    return _scheme(name, year)


@cache
def _scheme(name: str, year: int | None) -> Scheme:
    if name in LISTS:
        return table_scheme(name, year)
    if path := documents().get(name):
        return document_scheme(path)
    raise ValueError(f"no code list {name!r}: there are {', '.join(schemes())}")


def find(where: str | Scheme, text: str, year: int | None = None, *, level: int | None = None) -> str | None:
    """Return the notation of the concept that a printed label names; None when it names none, or several.

    where  a list, or its name with `year`
    level  only concepts of this depth: 1 类, 2 款, 3 项

    >>> find("revenue-source", "（1）行政事业性收费收入安排的拨款")
    'general.nontax.fees'
    >>> find("functional", "医疗卫生与计划生育支出", 2017, level=1)
    '210'
    """
    found = candidates(where if isinstance(where, Scheme) else scheme(where, year), text, level=level)
    return found[0] if len(found) == 1 else None
