"""Totals of people in tables of staff: those in post, or retirees with them."""

from collections.abc import Sequence

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.budget import Figure
from budgetgraph.converter.extraction.table_state import Extraction
from budgetgraph.converter.problems import Severity

_STRUCTURE, _KIND, _BASIS = "staff", "staffKind", "staffBasis"
#: What a header says of those in post alone.
_IN_SERVICE = "在职"
_RETIRED = frozenset(("retirees", "honorary", "retired"))
_IN_POST = frozenset(("administrative", "institution"))


def check_people(work: Extraction) -> None:
    """List totals beside retirees that the kinds of staff in post do not make up: they may hold the retirees."""
    cells = {cell.locator: cell for cell in work.table.grid.cells()}
    for panel, figures in work.figures.items():
        if work.structures[panel.section] != _STRUCTURE:
            continue
        doubtful = [f for f in _doubtful(figures) if _IN_SERVICE not in work.paths[cells[f.place.locator].column]]
        for figure in doubtful:
            cell = work.take_back([figure], Reason.UNKNOWN_COLUMN)
            work.problem(
                "unknown-column",
                Severity.ERROR,
                f"{figure.text!r} is a total beside retirees that the kinds of staff in post do not make up, so it may "
                "hold the retirees; it is not converted. Compare it with the publication.",
                cell,
            )


def _doubtful(figures: Sequence[Figure]) -> list[Figure]:
    """Return the totals of people that may hold retirees."""
    people = [figure for figure in figures if figure.dimensions.get(_BASIS) == "actual"]
    totals = [figure for figure in people if _KIND not in figure.dimensions]
    retired = any(figure.dimensions.get(_KIND) in _RETIRED for figure in people)
    in_post = sum(figure.value for figure in people if figure.dimensions.get(_KIND) in _IN_POST)
    return [total for total in totals if retired and total.value != in_post]
