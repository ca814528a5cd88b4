"""Several files of one publication: one source, one title page, every place with its file, nothing said twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.bodies.front import Front, read_front
from budgetgraph.converter.bodies.title_scope import other_publication
from budgetgraph.converter.budget import Claim, Source, SourceFile
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.labels import fold
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.readers import Document
from budgetgraph.converter.readers.parts import in_part
from budgetgraph.converter.recognition import Outline
from budgetgraph.converter.sources.search import part_names
from budgetgraph.ontology.codelists import FIRST_YEAR, LAST_YEAR


def one_source(documents: Sequence[Document], name: str) -> tuple[Source, list[Document]]:
    """Return the source, and the documents with the places of several files named."""
    files = [
        SourceFile(Path(d.name).name, hashlib.sha256(d.data).hexdigest(), d.media_type, len(d.data)) for d in documents
    ]
    if len(files) == 1:
        (file,) = files
        return Source(file.name, file.sha256, file.media_type, file.size), list(documents)
    parts = part_names([d.name for d in documents])
    files = [replace(file, name=part) for file, part in zip(files, parts, strict=True)]
    digest = hashlib.sha256("".join(f"{file.sha256}\n" for file in files).encode()).hexdigest()
    located = [
        replace(
            document,
            blocks=tuple(in_part(document.blocks, part)),
            problems=tuple(replace(p, location=replace(p.location, part=part)) for p in document.problems),
        )
        for document, part in zip(documents, parts, strict=True)
    ]
    return Source(name, digest, "multipart/mixed", sum(file.size for file in files), tuple(files)), located


def one_front(outlines: Sequence[Outline], title: str | None) -> Front | None:
    """Return what the first file with a title page says that names the body, else the given title.

    Raises SourceError when the files are of several years, or budget and final account.
    """
    found = [(each.document.name, each.front) for each in outlines if each.front]
    found = [(name, front) for name, front in found if not front.of_forms] or found
    for name, front in found[1:]:
        first_name, first = found[0]
        if (front.fiscal_year, front.phase) != (first.fiscal_year, first.phase):
            raise SourceError(
                f"{name}: is of {front.fiscal_year} ({front.kind}), but {first_name} of {first.fiscal_year} "
                f"({first.kind}); files of one publication are of one year. Correct the 'files' of publication.yaml."
            )
    fronts = [front for _, front in found]
    given = read_front([Paragraph(title)], []) if title and not any(front.has_page for front in fronts) else None
    if given and {front.fiscal_year for front in fronts} <= {given.fiscal_year}:
        return given if given.name else replace(given, name=next((front.name for front in fronts), None))
    return next((front for front in fronts if front.name), fronts[0] if fronts else None)


def check_year(name: str, front: Front) -> None:
    """Raise SourceError when no classification of the fiscal year is known, or it is not the year's whole budget."""
    if words := other_publication(front.title):
        raise SourceError(
            f"{name}: by its title {front.title!r} ({words}) it is neither the budget nor the final account of a year; "
            "only these are converted. Correct the title if it is one."
        )
    if not FIRST_YEAR <= front.fiscal_year <= LAST_YEAR:
        raise SourceError(
            f"{name}: its title {front.title!r} names the year {front.fiscal_year}; classifications are known for "
            f"{FIRST_YEAR} to {LAST_YEAR}. Check the year in the title."
        )


def reading_order(problem: Problem, parts: Sequence[str]) -> tuple[int, int, int]:
    """Return what sorts problems by file, page and line."""
    place = problem.location
    return parts.index(place.part) + 1 if place.part in parts else 0, place.page or 0, place.line or 0


def stated_once(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims without those that another file states in the same words already."""
    first: dict[tuple[str, str, str, int | None], str | None] = {}
    return [
        claim
        for claim in claims
        for key in [(claim.kind, fold(claim.quote), fold(claim.topic), claim.project)]
        if first.setdefault(key, claim.place.locator.part) == claim.place.locator.part
    ]
