"""Which body a document is of, and its units: the names that are printed, looked up in the registry."""

from collections.abc import Sequence

from budgetgraph.converter.budget import Organisation, Source
from budgetgraph.converter.front import Front
from budgetgraph.converter.narrative import Narrative
from budgetgraph.converter.organisations import Entry, Registry, unregistered
from budgetgraph.converter.problems import Problem, Severity


def find_body(front: Front, printed: Sequence[str], registry: Registry) -> tuple[list[str], Entry | None]:
    """Return the names of the body that a document writes, and the registry's entry where one of them is known.

    printed  names that the text writes, beside that of the front page
    """
    names = list(dict.fromkeys([*([front.name] if front.name else []), *printed]))
    entry = next((e for name in names if (e := registry.find(name, front.fiscal_year))), None)
    if entry is not None and front.scope == "unit" and entry.kind == "department":
        # A unit budget under the department's name is that of its headquarters (本级, 本部).
        own = (part for part in registry.family(entry.id) if part.kind == "headquarters")
        entry = next(own, entry)
    return names, entry


def find_organisations(
    front: Front, narrative: Narrative, printed: Sequence[str], source: Source, registry: Registry
) -> tuple[Organisation, tuple[Organisation, ...], list[Problem]]:
    """Return the body, its units, and what is wrong with them; `printed` as for `find_body`."""
    names, entry = find_body(front, printed, registry)
    problems: list[Problem] = []
    if entry is None:
        name = names[0] if names else source.name
        department = unregistered(name, source.short_hash)
        problems.append(
            Problem(
                "unregistered-organisation",
                Severity.WARNING,
                f"{name!r} is not in the registry of organisations, so its identity holds for this document only. "
                "Add a line to the registry (--registry).",
            )
        )
    else:
        department = registry.organisation(entry, names)
    units = registry.units(department, narrative.units, front.fiscal_year, source.short_hash)
    return department, units, problems
