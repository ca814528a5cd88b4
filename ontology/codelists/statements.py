"""Concept schemes as RDF: always the same text for the same scheme."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

from budgetgraph.ontology.codelists.concepts import Concept, Scheme
from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES

#: Subject, predicate and object as N-Triples terms.
Statement = tuple[str, str, str]

_TO_ESCAPE = re.compile(r'[\\"\n\r\t]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
#: An IRI that can be shortened: its local part needs no escape in Turtle.
_IRI = re.compile(r"<(?P<namespace>.*[/#])(?P<local>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)>\Z")


def _name(prefix: str, local: str) -> str:
    return f"<{PREFIXES[prefix]}{local}>"


_TYPE = _name("rdf", "type")
_CONCEPT, _SCHEME, _COLLECTION = (_name("skos", n) for n in ("Concept", "ConceptScheme", "Collection"))
_PREF, _ALT, _HIDDEN = (_name("skos", f"{kind}Label") for kind in ("pref", "alt", "hidden"))
_NOTATION, _DEFINITION = _name("skos", "notation"), _name("skos", "definition")
_IN_SCHEME, _BROADER = _name("skos", "inScheme"), _name("skos", "broader")
_TOP_OF, _HAS_TOP, _MEMBER = (_name("skos", n) for n in ("topConceptOf", "hasTopConcept", "member"))
_LEVEL, _DEPTH, _LEVELS = (_name("xkos", n) for n in ("ClassificationLevel", "depth", "numberOfLevels"))
_EXHAUSTIVE, _EXCLUSIVE = (_name("xkos", f"covers{n}") for n in ("Exhaustively", "MutuallyExclusively"))
_VERSION_OF, _TEMPORAL = _name("dcterms", "isVersionOf"), _name("dcterms", "temporal")
_STATUS, _AGGREGATES = f"<{BUD.codeStatus}>", f"<{BUD.aggregates}>"


def statements(scheme: Scheme, notations: Iterable[str] | None = None) -> list[Statement]:
    """Return what the graph of a scheme says, sorted, without repetition.

    notations  only these concepts and all above them, without what points at others; the scheme itself is
               always described
    """
    kept = tuple(scheme.concepts) if notations is None else scheme.with_broader(notations)
    concepts = [scheme[notation] for notation in kept]
    found = set(_about_scheme(scheme, concepts))
    for concept in concepts:
        found.update(_about_concept(scheme, concept))
    left_out = {f"<{scheme.concept_iri(notation)}>" for notation in scheme.concepts.keys() - set(kept)}
    return sorted(statement for statement in found if statement[2] not in left_out)


def is_of_all_years(scheme: Scheme, subject: str) -> bool:
    """Tell whether a subject of a yearly list's statements is of all years: the list itself, or a code of it."""
    return scheme.year is not None and not f"{subject[:-1]}/".startswith(f"<{scheme.iri}/")


def ntriples(scheme: Scheme, notations: Iterable[str] | None = None) -> str:
    """Return the scheme as N-Triples, one sorted statement a line."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in statements(scheme, notations))


def turtle(scheme: Scheme, notations: Iterable[str] | None = None) -> str:
    """Return the scheme as Turtle, one block a subject."""
    prefixes = {iri: prefix for prefix, iri in PREFIXES.items()} | {f"{scheme.iri}/": "this"}
    used: set[str] = set()

    @cache
    def short(term: str) -> str:
        if term == _TYPE:
            return "a"
        found = _IRI.match(term)
        if found is None or (namespace := found["namespace"]) not in prefixes:
            return term
        used.add(namespace)
        return f"{prefixes[namespace]}:{found['local']}"

    blocks = []
    for subject, group in groupby(statements(scheme, notations), key=itemgetter(0)):
        lines = [
            f"{short(predicate)} {', '.join(short(o) for _, _, o in same)}"
            for predicate, same in groupby(group, key=itemgetter(1))
        ]
        blocks.append(f"{short(subject)} " + " ;\n    ".join(lines) + " .\n")
    head = sorted(f"@prefix {prefixes[iri]}: <{iri}> .\n" for iri in used)
    return "\n".join(["".join(head), *blocks])


def _literal(text: str, language: str | None = None) -> str:
    quoted = f'"{_TO_ESCAPE.sub(lambda m: _ESCAPES[m.group()], text)}"'
    return f"{quoted}@{language}" if language else quoted


def _integer(value: int) -> str:
    return f'"{value}"^^{_name("xsd", "integer")}'


def _about_scheme(scheme: Scheme, concepts: Iterable[Concept]) -> Iterator[Statement]:
    this = f"<{scheme.iri}>"
    yield this, _TYPE, _SCHEME
    yield from _definitions(this, scheme.definition, scheme.definition_en)
    for predicate, value in scheme.extra:
        yield this, predicate, value
    if scheme.year is None:
        yield from _labels(this, scheme.label, scheme.label_en)
    else:
        yield from _labels(this, f"{scheme.label}（{scheme.year}年）", f"{scheme.label_en} ({scheme.year})")
        umbrella = f"<{scheme.umbrella}>"
        yield umbrella, _TYPE, _SCHEME
        yield from _labels(umbrella, scheme.label, scheme.label_en)
        yield this, _VERSION_OF, umbrella
        yield this, _TEMPORAL, f"<{CODE_BASE}fiscal-year/{scheme.year}>"
    if scheme.level_names:
        yield from _about_levels(scheme, concepts)
    for concept in concepts:
        if concept.broader is None:
            yield this, _HAS_TOP, f"<{scheme.concept_iri(concept.notation)}>"


def _about_levels(scheme: Scheme, concepts: Iterable[Concept]) -> Iterator[Statement]:
    this = f"<{scheme.iri}>"
    yield this, _LEVELS, _integer(len(scheme.level_names))
    if "_T" in scheme:
        yield this, _EXHAUSTIVE, f"<{scheme.concept_iri('_T')}>"
        yield this, _EXCLUSIVE, f"<{scheme.concept_iri('_T')}>"
    members = list(concepts)
    for depth, (label, label_en) in enumerate(scheme.level_names, start=1):
        level = f"<{scheme.iri}/level-{depth}>"
        yield level, _TYPE, _LEVEL
        yield level, _IN_SCHEME, this
        yield level, _DEPTH, _integer(depth)
        yield from _labels(level, label, label_en)
        for concept in members:
            if concept.level == depth:
                yield level, _MEMBER, f"<{scheme.concept_iri(concept.notation)}>"


def _about_concept(scheme: Scheme, concept: Concept) -> Iterator[Statement]:
    this = f"<{scheme.concept_iri(concept.notation)}>"
    yield this, _TYPE, _CONCEPT
    yield this, _NOTATION, _literal(concept.notation)
    yield from _labels(this, concept.label, concept.label_en)
    yield from _definitions(this, concept.definition, concept.definition_en)
    for predicate, labels in ((_ALT, concept.alternatives), (_HIDDEN, concept.hidden)):
        for label in labels:
            yield this, predicate, _literal(label, "zh")
    yield this, _IN_SCHEME, f"<{scheme.iri}>"
    yield this, _STATUS, _literal(concept.status)
    if concept.broader is None:
        yield this, _TOP_OF, f"<{scheme.iri}>"
    else:
        yield this, _BROADER, f"<{scheme.concept_iri(concept.broader)}>"
    if scheme.year is not None:
        yield this, _IN_SCHEME, f"<{scheme.umbrella}>"
        code = f"<{scheme.umbrella}/{concept.notation}>"
        yield this, _VERSION_OF, code
        # No concept: what a code means is for each year to say.
        yield code, _TYPE, _COLLECTION
        yield code, _NOTATION, _literal(concept.notation)
        yield code, _MEMBER, this
    for part in concept.aggregates:
        yield this, _AGGREGATES, f"<{scheme.concept_iri(part)}>"
    for predicate, value in concept.extra:
        yield this, predicate, value


def _labels(subject: str, label: str, label_en: str | None) -> Iterator[Statement]:
    yield subject, _PREF, _literal(label, "zh")
    if label_en:
        yield subject, _PREF, _literal(label_en, "en")


def _definitions(subject: str, definition: str | None, definition_en: str | None) -> Iterator[Statement]:
    if definition:
        yield subject, _DEFINITION, _literal(definition, "zh")
    if definition_en:
        yield subject, _DEFINITION, _literal(definition_en, "en")
