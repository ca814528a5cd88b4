"""What tells the observations of a list apart: the values of their dimensions that not all of them have."""

from collections.abc import Mapping, Sequence

from budgetgraph.server.backend import backend
from budgetgraph.server.languages import language
from budgetgraph.server.terms import Term


def distinctions(iri: str) -> Mapping[Term, Sequence[tuple[Term, str]]]:
    """Return for each observation that refers to a resource the values that others of them lack, with their names.

    A name is in the language of the page, else in Chinese.
    """
    found: dict[Term, dict[Term, str]] = {}
    for row in backend().select("list-distinctions", this=iri):
        values, label = found.setdefault(row["observation"], {}), row["label"]
        if row["value"] not in values or label.language == language():
            values[row["value"]] = label.value
    shared = set.intersection(*map(set, found.values())) if len(found) > 1 else set()
    return {
        observation: [(value, name) for value, name in values.items() if value not in shared]
        for observation, values in found.items()
    }
