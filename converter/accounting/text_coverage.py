"""What became of the figures that the running text states."""

from dataclasses import dataclass

from budgetgraph.converter.budget import Claim, DepartmentBudget
from budgetgraph.converter.identifiers import Identifiers
from budgetgraph.converter.rdf.graphs import ObservationFinder

_WITH_A_FIGURE = frozenset(("level", "change", "share", "completion"))


@dataclass(frozen=True, slots=True)
class TextCoverage:
    """Amounts of money in the running text, and what the claims with a figure lead to.

    amounts    printed in the text; `listed` of them are in no claim and no data set, each with a problem that says why
    claims     claims that state a level, change, share or rate of completion; each is one of:
    restating  leads to the observation of a printed cell
    blank      names a figure of a table of the document that prints none there ("0万元" beside a blank cell)
    elsewhere  names a figure of a table, of another year or phase than the document prints
    unresolved names no figure of the tables
    """

    amounts: int
    listed: int
    claims: int
    restating: int
    blank: int
    elsewhere: int

    @property
    def unresolved(self) -> int:
        """Return how many claims name no figure of the tables."""
        return self.claims - self.restating - self.blank - self.elsewhere


def text_coverage(budget: DepartmentBudget, ids: Identifiers, amounts: int, listed: int) -> TextCoverage:
    """Return the account of the text's figures. Claims of forms stand in no section and are left out."""
    finder = ObservationFinder(budget, ids)
    claims = [claim for claim in budget.claims if claim.section is not None and claim.kind in _WITH_A_FIGURE]
    found = [finder.observation(claim, claim.year, claim.phase) is not None for claim in claims]
    others = [claim for claim, is_found in zip(claims, found, strict=True) if not is_found and finder.data_set(claim)]
    elsewhere = sum(_is_elsewhere(claim, budget) for claim in others)
    return TextCoverage(amounts, listed, len(claims), sum(found), len(others) - elsewhere, elsewhere)


def _is_elsewhere(claim: Claim, budget: DepartmentBudget) -> bool:
    return claim.phase is not None or (claim.year or budget.fiscal_year) != budget.fiscal_year
