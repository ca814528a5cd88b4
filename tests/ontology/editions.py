"""The concept schemes by what changes: lists that do not, those that a ministry changes, and their years."""

from budgetgraph.ontology import codelists
from budgetgraph.ontology.files import FOLDER

YEARS = range(codelists.FIRST_YEAR, codelists.LAST_YEAR + 1)
#: Each list that does not change, and of those that do the concepts without year and years between changes.
EDITIONS: list[tuple[str, int | None]] = [
    (name, year)
    for name in codelists.schemes()
    for year in ([None, 2017, 2021] if codelists.is_yearly(name) else [None])
]
FIXED = [name for name in codelists.schemes() if (FOLDER / "codelists" / f"{name}.ttl").exists()]
OFFICIAL = ["functional", "dept-economic", "gov-economic"]
