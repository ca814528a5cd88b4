"""Columns of economic classes (类 and 款): what a year's code list says of the names that head them."""

from collections.abc import Sequence
from dataclasses import replace

from budgetgraph.converter.layouts import Match
from budgetgraph.ontology.codelists import candidates, scheme

#: Digits of the code of a 款.
_ITEM = 5


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
