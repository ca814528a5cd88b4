"""Kinds of tables that a complete publication has and this one has not."""

from collections import Counter
from collections.abc import Sequence

from budgetgraph.converter.extraction.steps import Extracted
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import Profile


def missing_tables(
    extracted: Sequence[Extracted], known: Sequence[Profile], unconverted: Sequence[str] = ()
) -> list[Problem]:
    """Report the kinds of tables that a complete publication of this family has and this one has not.

    The family is the profile that most of the tables are of. `unconverted` are kinds of tables that are there, and
    reported as not converted.
    """
    kinds = {*(each.table.kind for each in extracted), *unconverted}
    read = Counter(each.table.profile for each in extracted)
    profiles = {name for name, count in read.items() if count == max(read.values())}
    return [
        Problem(
            "missing-table",
            Severity.WARNING,
            f"no table of kind {kind} was found; profile {p.id} expects one",
        )
        for p in known
        if p.id in profiles
        for kind in p.expects
        if kind not in kinds
    ]
