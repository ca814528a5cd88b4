"""Published documents -> budget -> graphs. Calls the steps in order; each step knows one thing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from budgetgraph.converter.accounting.coverage import Coverage, ledger_record, measure
from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.accounting.missing_tables import missing_tables
from budgetgraph.converter.accounting.text_coverage import TextCoverage, text_coverage
from budgetgraph.converter.accounting.unique_keys import with_unique_keys
from budgetgraph.converter.accounting.unread_tables import unread_tables
from budgetgraph.converter.assembly import budget_of
from budgetgraph.converter.blocks import Block, Grid, Paragraph
from budgetgraph.converter.bodies.front import Front
from budgetgraph.converter.bodies.organisations import Registry
from budgetgraph.converter.bodies.other_parts import names_alone, other_texts, unread_amounts
from budgetgraph.converter.bodies.registered import find_organisations, own_names
from budgetgraph.converter.budget import DepartmentBudget
from budgetgraph.converter.exceptions import ConverterError, SourceError
from budgetgraph.converter.extraction.figures import SURE
from budgetgraph.converter.extraction.misreading import check_recognised_year
from budgetgraph.converter.extraction.units.unit_lists import names_listed, read_unit_lists
from budgetgraph.converter.forms import Forms, of_department, read_forms
from budgetgraph.converter.identifiers import DEFAULT_BASE, Identifiers, check_base
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.narrative import (
    Narrative,
    listed_units,
    printed_names,
    read_narrative,
    resolve_by_labels,
    uncontradicted,
)
from budgetgraph.converter.privacy import masked
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.profiles import Profile, shipped_profiles
from budgetgraph.converter.rdf.graphs import build_graphs
from budgetgraph.converter.rdf.serialization import NamedGraph
from budgetgraph.converter.readers import Document, read_document
from budgetgraph.converter.recognition import (
    Outline,
    Tables,
    UnknownTable,
    Whose,
    outline,
    read_tables,
    report_unknown,
)
from budgetgraph.converter.sources.files import check_year, one_front, one_source, reading_order
from budgetgraph.converter.sources.search import Publication
from budgetgraph.ontology.codelists import LAST_YEAR

__all__ = [
    "Conversion",
    "NoBudgetTableError",
    "Settings",
    "UnknownTable",
    "convert",
    "convert_document",
    "convert_publication",
]


class NoBudgetTableError(SourceError):
    """Raised if a source was read and none of its tables is a budget's. `unknown` are those that it has."""

    def __init__(self, message: str, unknown: tuple[UnknownTable, ...]) -> None:
        super().__init__(message)
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversion depends on beside the source. `profiles` come before those that ship."""

    base: str = DEFAULT_BASE
    registry: Registry | None = None
    profiles: tuple[Profile, ...] = ()


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
    partly: tuple[UnknownTable, ...]
    withheld_texts: frozenset[str]
    text: TextCoverage

    def ledger_record(self) -> dict[str, Any]:
        """Return the ledger as the JSON object that is published beside the data."""
        return ledger_record(self.budget, self.ledger, self.coverage, self.problems)


def convert(path: Path, settings: Settings | None = None) -> Conversion:
    """Convert a publication of one file, which is read in this process; see `convert_publication` for others.

    Raises SourceError when the source cannot be read or holds no budget table, RegistryError when the registry
    is not usable, ValueError when the base is not.
    """
    return convert_document(read_document(path), settings or Settings())


def convert_publication(publication: Publication, settings: Settings) -> Conversion:
    """Convert a publication whose files are each read in a process of its own; raises as `convert` does.

    A fault of the converter itself is a SourceError too, so that it does not end a batch.
    """
    documents = publication.read()
    check_base(settings.base)
    try:
        return convert_documents(documents, settings, publication.name, publication.title, publication.problems)
    except ConverterError:
        raise
    except Exception as error:  # a fault of ours: named, and not the end of the batch
        names = ", ".join(document.name for document in documents)
        raise SourceError(
            f"{names}: the converter failed ({type(error).__name__}: {error}). Please report this."
        ) from error


def convert_document(document: Document, settings: Settings) -> Conversion:
    """Convert a document that has been read; see `convert`."""
    return convert_documents([document], settings)


def convert_documents(
    documents: Sequence[Document],
    settings: Settings,
    name: str = "",
    title: str | None = None,
    problems: Sequence[Problem] = (),
) -> Conversion:
    """Convert the files of one publication, in this order.

    name      what the publication of several files is called
    title     its title, for files that have no title page
    problems  what is known of it already

    Raises SourceError when no file holds a budget table, or the files are of several years.
    """
    check_base(settings.base)
    registry = settings.registry or Registry.load()
    profiles = (*settings.profiles, *shipped_profiles())
    ledger = Ledger()
    source, documents = one_source(documents, name)
    outlines = [outline(document) for document in documents]
    front = one_front(outlines, title)
    if front:
        check_year(", ".join(document.name for document in documents), front)
        check_recognised_year(documents, front.fiscal_year, title)
    text = _running_text(outlines, front, registry)
    year, phase = (front.fiscal_year, front.phase) if front else (LAST_YEAR, "budget")
    tables = read_tables(outlines, ledger, profiles, year, phase, text.whose)
    if front is None and not tables.extracted:
        raise NoBudgetTableError(_no_table(documents, tables.unknown, profiles), tables.unknown)
    if front is None:
        raise SourceError(
            f"{', '.join(d.name for d in documents)}: no line names the fiscal year, and the tables do not agree on "
            "one. Put a title such as '某某局 2021 年部门预算' on the first line."
        )
    blocks = _blocks(outlines)
    sure = [block for block in blocks if id(block) in tables.pieces or _is_sure(block)]
    forms = of_department(read_forms(sure, front.fiscal_year, ledger, tables.pieces), text.whose.own)
    used = {id(block) for block in forms.used}
    narrative = _claims([p for p in text.whose.text if id(p) not in used], documents, front, tables, text.whose.units)
    foreign = any(u.nearest and u.nearest.whose for u in tables.unknown)
    if not tables.extracted and (foreign or not _says_something(forms, narrative)):
        raise NoBudgetTableError(_no_table(documents, tables.unknown, profiles), tables.unknown)
    listed, unlisted = read_unit_lists(tables.unknown, text.whose.own, ledger)
    tables = replace(tables, unknown=tuple(u for u in unlisted if not all(id(p) in used for p in u.table.pieces)))
    in_tables = [d.unit for each in tables.extracted for d in each.data_sets if d.unit]
    in_tables += [objective.unit for objective in forms.objectives if objective.unit]
    bodies, found = find_organisations(front, narrative.units or listed, in_tables, text.printed, source, registry)
    budget, twice = with_unique_keys(budget_of(source, front, bodies, tables, forms, narrative, ledger), ledger)
    unread = list(unread_amounts([p for p in text.paragraphs if id(p) not in used], text.of_others))
    collected = [
        *problems,
        *(problem for document in documents for problem in document.problems),
        *(problem for each in tables.extracted for problem in each.problems),
        *tables.problems,
        *found,
        *forms.problems,
        *narrative.problems,
        *unread,
        *unread_tables(block for block in blocks if id(block) not in used),
        *missing_tables(tables.extracted, profiles, budget.unconverted_kinds),
        *report_unknown(tables.unknown, ledger),
        *twice,
    ]
    parts = tuple(file.name for file in source.files)
    ids = Identifiers(settings.base, bodies.department.id, front.fiscal_year, front.phase, source.short_hash, parts)
    return Conversion(
        budget,
        ids,
        tuple(build_graphs(budget, ids, registry)),
        ledger,
        measure([b for b in blocks if isinstance(b, Grid)], ledger),
        tuple(sorted(_without_persons(collected, tables.unknown), key=lambda p: reading_order(p, parts))),
        tables.unknown,
        tables.partly,
        forms.withheld_texts,
        text_coverage(
            budget,
            ids,
            narrative.amounts + len(unread),
            len(unread) + sum(p.code == "unread-amount" for p in narrative.problems),
        ),
    )


@dataclass(frozen=True, slots=True)
class _RunningText:
    """The paragraphs of a publication, of all files.

    of_others  those in parts of other bodies, years and phases (`id`) -> the titles of these parts
    printed    the ways in which the others write their department
    whose      what they say of whose the publication is; they are its `text`
    """

    paragraphs: Sequence[Paragraph]
    of_others: dict[int, str]
    printed: tuple[str, ...]
    whose: Whose


def _running_text(outlines: Sequence[Outline], front: Front | None, registry: Registry) -> _RunningText:
    paragraphs = [paragraph for each in outlines for paragraph in each.paragraphs]
    body = own_names(front, (), registry) if front else frozenset()
    tables_of = (block for each in outlines for block in each.blocks if isinstance(block, Stitched))
    units = listed_units(paragraphs) or names_listed(tables_of, body)
    alone = names_alone(_blocks(outlines), body, units)
    of_others = other_texts([(each.paragraphs, each.front) for each in outlines], body, alone, front)
    text = tuple(p for p in paragraphs if id(p) not in of_others)
    printed = printed_names(text)
    own = own_names(front, printed, registry) if front else frozenset()
    name = (front.name or "") if front and front.scope == "department" else ""
    whose = Whose(own, body, name, units, alone, text, front is not None)
    return _RunningText(paragraphs, of_others, printed, whose)


def _blocks(outlines: Sequence[Outline]) -> list[Block]:
    return [block for each in outlines for block in each.document.blocks]


def _claims(
    paragraphs: Sequence[Paragraph],
    documents: Sequence[Document],
    front: Front,
    tables: Tables,
    units: Sequence[str],
) -> Narrative:
    """Return what paragraphs say, without the claims that the tables show to be misread."""
    data_sets = [d for each in tables.extracted for d in each.data_sets]
    narrative = read_narrative(
        paragraphs,
        front.fiscal_year,
        phase=front.phase,
        resolve=resolve_by_labels(data_sets),
        source=documents[0].text if len(documents) == 1 else None,
        others={*units, *(d.unit for d in data_sets if d.unit)},
    )
    claims, misread = uncontradicted(narrative.claims, data_sets, front.fiscal_year, front.phase)
    return replace(narrative, claims=tuple(claims), problems=(*narrative.problems, *misread))


def _without_persons(problems: Iterable[Problem], unknown: Sequence[UnknownTable]) -> Iterator[Problem]:
    """Yield the problems; messages quote cells, and those of a table that nothing has read may be of persons."""
    personal = {text for each in unknown for text in each.personal_texts()}
    for problem in problems:
        yield replace(problem, message=masked(problem.message, personal))


def _says_something(forms: Forms, narrative: Narrative) -> bool:
    """Tell whether a publication without a table is one: it has indicators, or its text states what a table would."""
    objectives = [*forms.objectives, *(o for project in forms.projects for o in project.objectives)]
    return any(o.indicators for o in objectives) or any(c.dimensions is not None for c in narrative.claims)


def _is_sure(block: Block) -> bool:
    """Tell whether a form may be read from a block, with what stands before it.

    No sum checks its figures, so recognised text is left out, and forms with a cell that is not sure.
    """
    if isinstance(block, Paragraph):
        return block.confidence == 1
    return all(cell.confidence >= SURE for cell in block.cells() if not cell.is_blank)


def _no_table(documents: Sequence[Document], unknown: Sequence[UnknownTable], profiles: Sequence[Profile]) -> str:
    known = ", ".join(profile.id for profile in profiles)
    name = ", ".join(document.name for document in documents)
    if not any(isinstance(block, Grid) for document in documents for block in document.blocks):
        return (
            f"{name}: it has no table (in a text: no line with tabs between columns), and its sentences state no "
            "figure that a budget's table has. Add the publication's tables."
        )
    if foreign := next((u for u in unknown if u.nearest and (u.nearest.whose or u.nearest.why)), None):
        title = foreign.caption.title.text if foreign.caption.title else "table without title"
        return f"{name}: none of its tables ({len(unknown)}) is converted. {title!r}: {foreign}. {foreign.advice}"
    nearest = next((u for u in unknown if u.nearest), None)
    hint = ""
    if nearest and nearest.nearest:
        hint = (
            f" Nearest: the table at {nearest.table.grid.locator} looks like {nearest.nearest.spec.kind}"
            f" ({nearest.nearest.coverage:.0%} of its columns)."
        )
    return (
        f"{name}: none of its tables ({len(unknown)}) is a budget table of the profiles {known}.{hint} "
        "See `budgetgraph inspect` for what did not fit."
    )
