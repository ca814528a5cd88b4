"""Published document -> budget -> graphs. Calls the steps in order; each step knows one thing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from budgetgraph.converter.blocks import Block, Grid, Paragraph
from budgetgraph.converter.budget import DataSet, DepartmentBudget, Organisation, PrintedTable, Source
from budgetgraph.converter.coverage import Coverage, ledger_record, measure
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.extraction import Extracted, extract
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.front import Front, read_front
from budgetgraph.converter.headers import header_depth
from budgetgraph.converter.identifiers import DEFAULT_BASE, Identifiers, check_base
from budgetgraph.converter.layouts import Caption, Match, Nearest, caption_of, recognise, table_number, table_titles
from budgetgraph.converter.ledger import Ledger, Reason
from budgetgraph.converter.narrative import Narrative, printed_names, read_narrative, resolve_by_labels
from budgetgraph.converter.organisations import Registry, unregistered
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import Profile, shipped_profiles
from budgetgraph.converter.rdf.graphs import build_graphs
from budgetgraph.converter.rdf.serialization import NamedGraph
from budgetgraph.converter.readers import Document, read_document
from budgetgraph.converter.stitching import Stitched, stitch
from budgetgraph.ontology.codelists import LAST_YEAR

#: The data set whose leaves make the document's total: the first of these kinds that has figures.
CANONICAL = {
    "expenditure": ("expenditure", "balance", "general-expenditure"),
    "revenue": ("revenue", "balance"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversion depends on beside the source. `profiles` come before those that ship."""

    base: str = DEFAULT_BASE
    registry: Registry | None = None
    profiles: tuple[Profile, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A table that no profile knows, with the signature that comes nearest."""

    table: Stitched
    caption: Caption
    nearest: Nearest | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of one source."""

    budget: DepartmentBudget
    ids: Identifiers
    graphs: tuple[NamedGraph, ...]
    ledger: Ledger
    coverage: Coverage
    problems: tuple[Problem, ...]
    unknown: tuple[UnknownTable, ...]
    withheld_texts: frozenset[str]

    def ledger_record(self) -> dict[str, Any]:
        """Return the ledger as the JSON object that is published beside the data."""
        return ledger_record(self.budget, self.ledger, self.coverage, self.problems)


@dataclass(frozen=True, slots=True)
class _Tables:
    extracted: tuple[Extracted, ...]
    unknown: tuple[UnknownTable, ...]
    pieces: frozenset[int]


def convert(path: Path, settings: Settings | None = None) -> Conversion:
    """Convert one publication.

    Raises SourceError when the source cannot be read or holds no budget table, RegistryError when the registry
    is not usable, ValueError when the base is not.
    """
    return convert_document(read_document(path), settings or Settings())


def convert_document(document: Document, settings: Settings) -> Conversion:
    """Convert a document that has been read; see `convert`."""
    check_base(settings.base)
    registry = settings.registry or Registry.load()
    profiles = (*settings.profiles, *shipped_profiles())
    ledger = Ledger()
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    stitched = stitch(document.blocks, header_depth)
    front = read_front(paragraphs, table_titles(stitched))
    year = front.fiscal_year if front else LAST_YEAR
    tables = _read_tables(stitched, ledger, profiles, year)
    if not tables.extracted:
        raise SourceError(_no_table(document, tables.unknown, profiles))
    if front is None:
        raise SourceError(
            f"{document.name}: no line names the fiscal year, and the tables do not agree on one. "
            "Put a title such as '某某局 2021 年部门预算' on the first line."
        )
    rest: list[Block] = [b for b in document.blocks if id(b) not in tables.pieces]
    forms = read_forms(rest, front.fiscal_year, ledger)
    used = {id(block) for block in forms.used}
    narrative = read_narrative(
        [p for p in paragraphs if id(p) not in used],
        front.fiscal_year,
        phase=front.phase,
        resolve=resolve_by_labels([d for each in tables.extracted for d in each.data_sets]),
        source=document.text,
    )
    names = printed_names(paragraphs)
    unknown = tuple(u for u in tables.unknown if not all(id(piece) in used for piece in u.table.pieces))
    source = Source(
        Path(document.name).name,
        hashlib.sha256(document.data).hexdigest(),
        document.media_type,
        len(document.data),
    )
    problems = [*document.problems, *(p for each in tables.extracted for p in each.problems)]
    department, units, found = _organisations(front, narrative, names, source, registry)
    problems += [*found, *forms.problems, *narrative.problems]
    problems += _missing_tables(tables.extracted, profiles) + _report_unknown(unknown, ledger)
    budget = _assemble(source, front, department, units, tables, forms, narrative)
    ids = Identifiers(settings.base, department.id, front.fiscal_year, front.phase, source.short_hash)
    return Conversion(
        budget,
        ids,
        tuple(build_graphs(budget, ids, registry)),
        ledger,
        measure([b for b in document.blocks if isinstance(b, Grid)], ledger),
        tuple(sorted(problems, key=lambda p: (p.location.page or 0, p.location.line or 0))),
        unknown,
        forms.withheld_texts,
    )


def _read_tables(
    blocks: Sequence[Paragraph | Stitched], ledger: Ledger, profiles: Sequence[Profile], year: int
) -> _Tables:
    specs = [spec for profile in profiles for spec in profile.tables]
    extracted: list[Extracted] = []
    unknown: list[UnknownTable] = []
    pieces: set[int] = set()
    taken: set[str] = set()
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            continue
        caption = caption_of(blocks, index)
        found = recognise(block, caption, specs)
        if not isinstance(found, Match):
            unknown.append(UnknownTable(block, caption, found))
            continue
        identity = _identity(caption, taken)
        taken.add(identity)
        pieces.update(map(id, block.pieces))
        extracted.append(extract(found, block, caption, identity, year, ledger))
    return _Tables(tuple(extracted), tuple(unknown), frozenset(pieces))


def _identity(caption: Caption, taken: set[str]) -> str:
    """Return "t2" for 表二; without a number of its own a table takes the next free one."""
    printed = table_number(caption.number.text) if caption.number else None
    number = printed or len(taken) + 1
    while f"t{number}" in taken:
        number += 1
    return f"t{number}"


def _no_table(document: Document, unknown: Sequence[UnknownTable], profiles: Sequence[Profile]) -> str:
    known = ", ".join(profile.id for profile in profiles)
    if not any(isinstance(block, Grid) for block in document.blocks):
        return (
            f"{document.name}: the text has no table (no line with tabs between columns). "
            "Extract the publication with its tables."
        )
    nearest = next((u for u in unknown if u.nearest), None)
    hint = ""
    if nearest and nearest.nearest:
        hint = (
            f" Nearest: the table at {nearest.table.grid.locator} looks like {nearest.nearest.spec.kind}"
            f" ({nearest.nearest.coverage:.0%} of its columns)."
        )
    return (
        f"{document.name}: none of its {len(unknown)} tables is a budget table of the profiles {known}.{hint} "
        "See `budgetgraph inspect` for what did not fit."
    )


def _organisations(
    front: Front, narrative: Narrative, printed: Sequence[str], source: Source, registry: Registry
) -> tuple[Organisation, tuple[Organisation, ...], list[Problem]]:
    names = list(dict.fromkeys([*([front.name] if front.name else []), *printed]))
    entry = next((e for name in names if (e := registry.find(name, front.fiscal_year))), None)
    if entry is not None and front.scope == "unit" and entry.kind == "department":
        # A unit budget under the department's name is that of its headquarters (本级, 本部).
        own = (part for part in registry.family(entry.id) if part.kind == "headquarters")
        entry = next(own, entry)
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


def _missing_tables(extracted: Sequence[Extracted], known: Sequence[Profile]) -> list[Problem]:
    """Report the kinds of tables that a complete publication of this family has and this one has not."""
    kinds = {each.table.kind for each in extracted}
    profiles = {each.table.profile for each in extracted}
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


def _report_unknown(unknown: Sequence[UnknownTable], ledger: Ledger) -> list[Problem]:
    problems = []
    for each in unknown:
        for piece in each.table.pieces:
            for cell in piece.cells():
                if not cell.is_blank and not ledger.is_booked(cell):
                    ledger.explain(cell, Reason.UNKNOWN_TABLE)
        title = each.caption.title.text if each.caption.title else "table without title"
        problems.append(
            Problem(
                "unknown-table",
                Severity.ERROR,
                f"{title!r} is not converted: {describe(each.nearest)}. "
                "See `budgetgraph inspect` for a profile to complete.",
                each.table.grid.locator,
            )
        )
    return problems


def describe(nearest: Nearest | None) -> str:
    """Return in words how a table relates to the nearest known signature."""
    if nearest is None:
        return "no known signature shares a column with it"
    if nearest.ambiguous_with:
        return f"its header fits {nearest.spec.kind} and {nearest.ambiguous_with}, and no title says which it is"
    missing = f"; missing {', '.join(nearest.missing)}" if nearest.missing else ""
    other = f"; not known {', '.join(nearest.unknown)}" if nearest.unknown else ""
    return f"nearest is {nearest.spec.kind} with {nearest.coverage:.0%} of the columns{missing}{other}"


def _assemble(
    source: Source,
    front: Front,
    department: Organisation,
    units: tuple[Organisation, ...],
    tables: _Tables,
    forms: Forms,
    narrative: Narrative,
) -> DepartmentBudget:
    data_sets = [d for each in tables.extracted for d in each.data_sets]
    printed: tuple[PrintedTable, ...] = (*(each.table for each in tables.extracted), *forms.tables)
    claims = [*narrative.claims, *forms.claims]
    return DepartmentBudget(
        source=source,
        title=front.title,
        kind=front.kind,
        phase=front.phase,
        fiscal_year=front.fiscal_year,
        department=department,
        units=units,
        tables=printed,
        data_sets=(*_mark_canonical(data_sets), *forms.data_sets, *narrative.data_sets),
        projects=forms.projects,
        objectives=forms.objectives,
        claims=tuple(replace(claim, order=order) for order, claim in enumerate(claims, start=1)),
        glossary=narrative.glossary,
        duties=narrative.duties or forms.duties,
        tasks=forms.tasks,
        declared_units=narrative.declared_units,
        declared_projects=narrative.declared_projects,
    )


def _mark_canonical(data_sets: Sequence[DataSet]) -> list[DataSet]:
    chosen = set()
    for structure, kinds in CANONICAL.items():
        candidates = [d for d in data_sets if d.structure == structure and d.figures and d.table_kind in kinds]
        if candidates:
            chosen.add(min(candidates, key=lambda d: kinds.index(d.table_kind or "")).id)
    return [replace(d, canonical=d.id in chosen) for d in data_sets]
