"""Claims of recognised text (a scan): a digit may be misread, so they stay only where nothing speaks against them."""

from collections.abc import Mapping, Sequence

from budgetgraph.converter.budget import TOTAL, Claim, DataSet, Figure
from budgetgraph.converter.narrative.passages import fold_clause
from budgetgraph.converter.narrative.quantities import amounts
from budgetgraph.converter.problems import Problem, Severity

#: Recognised text is read where each of its lines is at least this sure.
SURE = 0.95
#: What is taken from it. Changes and shares are worked out from others, so that one digit would make several wrong.
KINDS = frozenset(("level", "absence"))


def uncontradicted(
    claims: Sequence[Claim], data_sets: Sequence[DataSet], year: int, phase: str
) -> tuple[list[Claim], list[Problem]]:
    """Return the claims without those of recognised text that a table contradicts, and a problem for each of these.

    year, phase  the document's
    """
    kept: list[Claim] = []
    problems: list[Problem] = []
    for claim in claims:
        figure = _restated(claim, data_sets, year, phase) if claim.confidence < 1 and claim.kind == "level" else None
        if figure is None:
            kept.append(claim)
            continue
        message = (
            f"{claim.topic} is recognised as {claim.amount_text} in the text, and a table prints {figure.text}; "
            "the words are no claim. Compare them with the publication."
        )
        problems.append(Problem("unread-amount", Severity.INFO, message, claim.place.locator))
    return kept, problems


def _restated(claim: Claim, data_sets: Sequence[DataSet], year: int, phase: str) -> Figure | None:
    """Return a figure that the claim restates, and that it does not state."""
    if claim.amount is None or claim.dimensions is None:
        return None
    printed = next(amounts(fold_clause(claim.amount_text or "")), None)
    named = _key(claim.dimensions)
    for data_set in data_sets:
        same = (data_set.structure, data_set.table_kind) == (claim.structure, claim.table_kind)
        if not same or data_set.unit or (data_set.phase or phase) != (claim.phase or phase):
            continue
        tolerance = ((printed.step if printed else 0) + data_set.step) / 2
        for figure in data_set.figures:
            keys = (_key(figure.dimensions), _key({"fund": data_set.fund, **figure.dimensions}))
            is_of_year = (figure.year or data_set.year or year) == (claim.year or year)
            if named in keys and is_of_year and abs(figure.value - claim.amount) > tolerance:
                return figure
    return None


def _key(dimensions: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in dimensions.items() if value != TOTAL)
