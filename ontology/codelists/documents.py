"""The code lists that do not change: one Turtle file each, written by hand."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pyoxigraph

from budgetgraph.ontology.codelists.concepts import Concept, Scheme
from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES

SKOS = PREFIXES["skos"]

Properties = dict[str, list[pyoxigraph.NamedNode | pyoxigraph.Literal]]

#: Properties that are fields of Concept and Scheme, or follow from them.
_KINDS = {pyoxigraph.NamedNode(f"{SKOS}{name}") for name in ("Concept", "ConceptScheme")}
_MODELLED = {BUD.codeStatus, BUD.aggregates} | {
    f"{SKOS}{name}"
    for name in (
        "prefLabel",
        "altLabel",
        "hiddenLabel",
        "definition",
        "notation",
        "broader",
        "inScheme",
        "topConceptOf",
        "hasTopConcept",
    )
}


def documents() -> dict[str, Path]:
    """Return the names of the lists that stand in Turtle files, with their files."""
    return {path.stem: path for path in sorted((FOLDER / "codelists").glob("*.ttl"))}


def document_scheme(path: Path) -> Scheme:
    """Return the list as its file has it, concepts in the order of the file.

    Raises ValueError when a concept's IRI does not end in its notation, or broader concepts go in a circle.
    """
    name = path.stem
    iri = CODE_BASE + name
    subjects = _subjects(path)
    about = subjects.pop(iri)
    concepts = {c.notation: c for c in (_concept(iri, subject, p) for subject, p in subjects.items())}
    return Scheme(
        name,
        iri,
        iri,
        None,
        _text(about, "prefLabel", "zh") or "",
        _text(about, "prefLabel", "en") or "",
        {notation: _with_level(concept, concepts) for notation, concept in concepts.items()},
        _text(about, "definition", "zh"),
        _text(about, "definition", "en"),
        extra=_extra(about),
    )


def _subjects(path: Path) -> dict[str, Properties]:
    subjects: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
        subjects[quad.subject.value][quad.predicate.value].append(quad.object)
    return subjects


def _concept(scheme_iri: str, subject: str, properties: Properties) -> Concept:
    notation = _text(properties, "notation")
    if subject != f"{scheme_iri}/{notation}":
        raise ValueError(f"{subject} has the notation {notation!r}: the IRI has to end in it")
    broader = properties.get(f"{SKOS}broader")
    return Concept(
        notation or "",
        _text(properties, "prefLabel", "zh") or "",
        _text(properties, "prefLabel", "en"),
        0,
        properties[BUD.codeStatus][0].value,
        broader[0].value.removeprefix(f"{scheme_iri}/") if broader else None,
        _texts(properties, "altLabel", "zh"),
        _texts(properties, "hiddenLabel", "zh"),
        _text(properties, "definition", "zh"),
        _text(properties, "definition", "en"),
        tuple(part.value.removeprefix(f"{scheme_iri}/") for part in properties.get(BUD.aggregates, [])),
        _extra(properties),
    )


def _with_level(concept: Concept, concepts: dict[str, Concept]) -> Concept:
    """Return the concept with its depth; what stands beside the total counts as directly below it."""
    if concept.notation in {"_T", "_Z"}:
        return concept
    level, above = 1, concept.broader
    while above is not None and above != "_T":
        level, above = level + 1, concepts[above].broader
        if level > len(concepts):
            raise ValueError(f"the concepts broader than {concept.notation!r} go in a circle")
    return replace(concept, level=level)


def _texts(properties: Properties, name: str, language: str | None = None) -> tuple[str, ...]:
    values = (v for v in properties.get(SKOS + name, []) if isinstance(v, pyoxigraph.Literal))
    return tuple(value.value for value in values if value.language == language)


def _text(properties: Properties, name: str, language: str | None = None) -> str | None:
    return next(iter(_texts(properties, name, language)), None)


def _extra(properties: Properties) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"<{predicate}>", str(value))
        for predicate, values in properties.items()
        if predicate not in _MODELLED
        for value in values
        if value not in _KINDS
    )
