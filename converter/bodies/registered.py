"""Which body a document is of, and its units: the names that are printed, looked up in the registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.bodies.front import Front
from budgetgraph.converter.bodies.organisations import Entry, Registry, fold_name, unregistered
from budgetgraph.converter.budget import Organisation, Source
from budgetgraph.converter.extraction.units.unit_rows import HEADQUARTERS
from budgetgraph.converter.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of a document.

    units      those that its text lists, then those that only its tables name
    in_tables  name as a table prints it -> identity
    """

    department: Organisation
    units: tuple[Organisation, ...]
    in_tables: Mapping[str, str]


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


def own_names(front: Front, printed: Sequence[str], registry: Registry) -> frozenset[str]:
    """Return the folded names of the body: those that the document writes, and those that the registry has."""
    names, entry = find_body(front, printed, registry)
    return frozenset(map(fold_name, (*names, *(entry.names if entry else ()))))


def find_organisations(
    front: Front,
    listed: Sequence[str],
    in_tables: Sequence[str],
    printed: Sequence[str],
    source: Source,
    registry: Registry,
) -> tuple[Bodies, list[Problem]]:
    """Return the body, its units, and what is wrong with them; `printed` as for `find_body`.

    listed     names of the units that the text lists
    in_tables  names of the units whose figures tables print
    """
    names, entry = find_body(front, printed, registry)
    problems: list[Problem] = []
    if entry is None:
        name = names[0] if names else source.name
        unnamed = "" if names else "no line of the publication names its body, so it is called after the file: "
        advice = "" if names else "Give the title with the name of the body in a publication.yaml. "
        department = unregistered(name, source.short_hash)
        problems.append(
            Problem(
                "unregistered-organisation",
                Severity.WARNING,
                f"{unnamed}{name!r} is not in the registry of organisations, so its identity holds for this document "
                f"only. {advice}Add a line to the registry (--registry).",
            )
        )
    else:
        department = registry.organisation(entry, names)
    known = {name: _listed_as(name, listed) for name in dict.fromkeys(in_tables)}
    all_names = list(dict.fromkeys((*listed, *known.values())))
    units = registry.units(department, all_names, front.fiscal_year, source.short_hash)
    by_name = dict(zip(all_names, units, strict=True))
    own = {fold_name(name) for name in names}
    for name, unit in by_name.items():
        if not unit.registered and name not in listed and (HEADQUARTERS.search(name) or fold_name(name) in own):
            by_name[name] = replace(unit, kind="headquarters")
    units = tuple({unit.id: unit for unit in by_name.values()}.values())
    return Bodies(department, units, {name: by_name[known[name]].id for name in known}), problems


def _listed_as(name: str, listed: Sequence[str]) -> str:
    """Return the name under which the text lists a unit of a table: the same, or the one that either ends with."""
    folded = fold_name(name)
    found = [each for each in listed if fold_name(each) == folded]
    found = found or [e for e in listed if folded.endswith(fold_name(e)) or fold_name(e).endswith(folded)]
    return found[0] if len(found) == 1 else name
