"""What the text says -> RDF: claims, duties, tasks and glossary, and the runs of text they stand in."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import (
    STRUCTURES,
    TOTAL,
    Claim,
    DataSet,
    DepartmentBudget,
    FundingLine,
    GlossaryEntry,
    Place,
    Restated,
    Statement,
)
from budgetgraph.converter.identifiers import SCHEMES, Identifiers, concept
from budgetgraph.converter.privacy import MARK
from budgetgraph.converter.rdf.cube import place_iri
from budgetgraph.converter.rdf.projects import funding_line_resource
from budgetgraph.converter.rdf.provenance import FRAGMENT_SYNTAX, box_fragment, box_pieces
from budgetgraph.converter.rdf.structure import section_iri
from budgetgraph.converter.rdf.terms import Pair, Resource, decimal, integer, iri, resource, string, zh
from budgetgraph.converter.rdf.vocabulary import term
from budgetgraph.ontology import codelists

_CLASSES = {
    "level": "bud:LevelClaim",
    "change": "bud:ChangeClaim",
    "share": "bud:ShareClaim",
    "completion": "bud:CompletionClaim",
    "list": "bud:ListClaim",
    "arithmetic": "bud:ArithmeticClaim",
    "absence": "bud:AbsenceClaim",
}


class Figures(Protocol):
    """Finds what words restate among the figures of the document."""

    def observation(self, restated: Restated | Claim, year: int | None, phase: str | None) -> str | None:
        """Return the IRI of the observation with a key, or None when none is printed.

        year, phase  None for the document's own
        """

    def data_set(self, restated: Restated | Claim) -> DataSet | None:
        """Return the data set that has, or would have, the figure with a key."""


def claim_resources(budget: DepartmentBudget, ids: Identifiers, figures: Figures) -> list[Resource]:
    """Return the claims of the data graph."""
    return [each for claim in budget.claims for each in _claim(claim, budget, ids, figures)]


def _claim(claim: Claim, budget: DepartmentBudget, ids: Identifiers, figures: Figures) -> Iterator[Resource]:
    subject = ids.claim(claim.order)
    year = claim.year or budget.fiscal_year
    observation = figures.observation(claim, claim.year, claim.phase)
    of_other_year = claim.kind == "level" and claim.year not in {None, budget.fiscal_year}
    own = figures.observation(claim, None, claim.phase) if of_other_year and observation is None else None
    whole = claim.whole
    part_of = figures.observation(whole, year, claim.phase) if whole else None
    if claim.kind == "completion":
        part_of = figures.observation(claim, year, claim.base_phase)
    optional: list[tuple[str, str | None]] = [
        ("bud:topicLabel", zh(claim.topic) if claim.topic else None),
        ("bud:claimedAmount", None if claim.amount is None else decimal(claim.amount, 2)),
        ("bud:sourceValue", string(claim.amount_text) if claim.amount_text else None),
        ("bud:claimedPercent", None if claim.percent is None else decimal(claim.percent)),
        ("bud:claimDirection", string(claim.direction) if claim.direction else None),
        ("bud:comparedWithYear", _year(claim.base_year)),
        ("bud:budgetPhase", iri(concept("phase", claim.phase)) if claim.phase else None),
        ("bud:comparedWithPhase", iri(concept("phase", claim.base_phase)) if claim.base_phase else None),
        ("bud:ofLevel", iri(ids.claim(claim.of_level)) if claim.of_level else None),
        ("bud:againstLevel", iri(ids.claim(claim.against_level)) if claim.against_level else None),
        ("bud:wholeLabel", zh(whole.topic) if whole and whole.topic else None),
        ("bud:wholeObservation", iri(part_of) if part_of else None),
        ("bud:aboutObservation", iri(observation) if observation else None),
        ("bud:figureOfDocumentYear", iri(own) if own else None),
        ("bud:inSection", iri(section_iri(claim.section, ids)) if claim.section else None),
        ("bud:aboutTable", iri(ids.table(claim.table)) if claim.table else None),
        ("bud:about", None if claim.project is None else iri(ids.project(claim.project))),
        ("bud:computedAmount", None if claim.computed is None else decimal(claim.computed, 2)),
        ("bud:factors", iri(_factor(subject, 1)) if claim.factors else None),
        ("bud:readingConfidence", _confidence(claim.confidence) if claim.confidence < 1 else None),
    ]
    yield resource(
        subject,
        [
            (term("rdf:type"), term(_CLASSES[claim.kind])),
            (term("bud:order"), integer(claim.order)),
            (term("bud:sourceText"), zh(claim.quote)),
            (term("bud:fiscalYear"), str(_year(year))),
            *((term(name), value) for name, value in optional if value is not None),
            *_key(claim, budget, ids, figures),
            *((term("bud:listedItem"), zh(item)) for item in dict.fromkeys(claim.items)),
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(claim.place, ids))),
        ],
    )
    for position, factor in enumerate(claim.factors, start=1):
        last = position == len(claim.factors)
        rest = term("rdf:nil") if last else iri(_factor(subject, position + 1))
        pairs: list[Pair] = [(term("rdf:first"), decimal(factor)), (term("rdf:rest"), rest)]
        yield resource(_factor(subject, position), [(term("rdf:type"), term("rdf:List")), *pairs])


def _key(claim: Claim, budget: DepartmentBudget, ids: Identifiers, figures: Figures) -> Iterator[Pair]:
    """Yield the key that the words name, whether or not a figure with it is printed: as an observation has it."""
    if claim.structure is None or claim.table_kind is None or claim.dimensions is None:
        return
    data_set = figures.data_set(claim)
    yield term("bud:tableKind"), iri(concept("table-kind", claim.table_kind))
    if data_set is not None:
        yield term("bud:aboutDataSet"), iri(ids.data_set(data_set.id))
    values = {"fund": data_set.fund if data_set else TOTAL, **claim.dimensions}
    for name in STRUCTURES[claim.structure]:
        if name in SCHEMES:
            yield term(f"bud:{name}"), iri(concept(SCHEMES[name], values.get(name, TOTAL), budget.fiscal_year))


def _confidence(value: float) -> str:
    """Return a confidence below 1 to two digits, never rounded up."""
    return decimal(Decimal(int(value * 100)) / 100, 2)


def _factor(claim: str, position: int) -> str:
    """Return the IRI of a node of the list of factors: an IRI, so that equal documents give equal bytes."""
    return f"{claim}#factor-{position}"


def _year(year: int | None) -> str | None:
    """Return the concept of a fiscal year; None for a year that the list does not have."""
    if year is None or str(year) not in codelists.scheme("fiscal-year"):
        return None
    return iri(concept("fiscal-year", str(year)))


def statement_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return duties, tasks and glossary entries of the data graph."""
    return [
        *(_statement(each, "duty", "bud:DutyStatement", ids) for each in budget.duties),
        *(_statement(each, "task", "bud:AnnualTask", ids) for each in budget.tasks),
        *(_task_line(task, line, ids) for task in budget.tasks for line in task.funding),
        *(_entry(each, budget, ids) for each in budget.glossary),
    ]


def _statement(statement: Statement, name: str, of_class: str, ids: Identifiers) -> Resource:
    return resource(
        f"{ids.document}/{name}/{statement.order}",
        [
            (term("rdf:type"), term(of_class)),
            (term("bud:order"), integer(statement.order)),
            (term("skos:notation"), string(statement.number)) if statement.number else None,
            (term("bud:sourceText"), zh(statement.text)),
            (term("bud:statesText"), zh(statement.content)) if statement.content else None,
            *((term("bud:hasFundingLine"), iri(_line(statement, line.order, ids))) for line in statement.funding),
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(statement.place, ids))),
        ],
    )


def _line(task: Statement, order: int, ids: Identifiers) -> str:
    return f"{ids.document}/task/{task.order}/funding/{order}"


def _task_line(task: Statement, line: FundingLine, ids: Identifiers) -> Resource:
    parent = None if line.parent is None else _line(task, line.parent, ids)
    return funding_line_resource(line, _line(task, line.order, ids), parent, ids)


def _entry(entry: GlossaryEntry, budget: DepartmentBudget, ids: Identifiers) -> Resource:
    scheme = entry.scheme or ""
    path = f"{scheme}/{{year}}" if scheme and codelists.is_yearly(scheme) else scheme
    return resource(
        f"{ids.document}/glossary/{entry.order}",
        [
            (term("rdf:type"), term("bud:GlossaryEntry")),
            (term("bud:order"), integer(entry.order)),
            (term("skos:notation"), string(entry.number)) if entry.number else None,
            (term("skos:prefLabel"), zh(entry.term)),
            (term("rdfs:label"), zh(entry.term)),
            (term("bud:sourceText"), zh(entry.definition or entry.term)),
            *((term("bud:about"), iri(concept(path, notation, budget.fiscal_year))) for notation in entry.notations),
            (term("bud:statedIn"), iri(ids.document)),
            (term("prov:wasDerivedFrom"), iri(place_iri(entry.place, ids))),
        ],
    )


def text_resources(budget: DepartmentBudget, ids: Identifiers) -> list[Resource]:
    """Return the runs of text of the provenance graph, each with its selectors, in the order of the text.

    Selectors have IRIs (`#position`, `#quote`). Words that something was taken out of have no quote.
    """
    quotes: dict[tuple[str, int, int], str | None] = {}
    lines: dict[tuple[str, int, int], Locator] = {}
    for place, quote in _quoted(budget):
        start, end = place.locator.start, place.locator.end
        if place.table is not None or start is None or end is None:
            continue
        key = (ids.file(place.locator.part), start, end)
        quotes[key] = quotes.get(key) or (None if quote is None or MARK in quote else quote)
        lines[key] = place.locator
    return [each for key in sorted(quotes) for each in _text(ids, *key[1:], quotes[key], lines[key])]


def _quoted(budget: DepartmentBudget) -> Iterator[tuple[Place, str | None]]:
    """Yield every place in running text with the words that stand there, where they are kept as one."""
    for data_set in budget.data_sets:
        yield from ((figure.place, figure.text) for figure in data_set.figures)
    yield from ((claim.place, claim.quote) for claim in budget.claims)
    statements: Sequence[Statement] = (*budget.duties, *budget.tasks)
    yield from ((each.place, each.text) for each in statements)
    yield from ((entry.place, None) for entry in budget.glossary)
    yield from ((section.place, None) for section in budget.sections)
    yield from ((line.place, None) for line in budget.contents)
    yield from ((gap.place, None) for gap in budget.gaps)


def _text(ids: Identifiers, start: int, end: int, quote: str | None, locator: Locator) -> Iterator[Resource]:
    subject = ids.text(start, end, locator.part)
    boxes = [
        (f"{subject}#box-{position}" if position > 1 else f"{subject}#box", piece)
        for position, piece in enumerate(box_pieces(locator), start=1)
    ]
    is_exact = quote is not None and len(quote) == end - start
    yield resource(
        subject,
        [
            (term("rdf:type"), term("oa:SpecificResource")),
            (term("oa:hasSource"), iri(ids.file(locator.part))),
            (term("bud:sourceLine"), integer(locator.line)) if locator.line is not None else None,
            (term("bud:sourcePage"), integer(locator.page)) if locator.page is not None else None,
            (term("oa:hasSelector"), iri(f"{subject}#position")),
            (term("oa:hasSelector"), iri(f"{subject}#quote")) if is_exact else None,
            *((term("oa:hasSelector"), iri(name)) for name, _ in boxes),
        ],
    )
    yield resource(
        f"{subject}#position",
        [
            (term("rdf:type"), term("oa:TextPositionSelector")),
            (term("oa:start"), integer(start)),
            (term("oa:end"), integer(end)),
        ],
    )
    for name, (page, box) in boxes:
        yield resource(
            name,
            [
                (term("rdf:type"), term("oa:FragmentSelector")),
                (term("dcterms:conformsTo"), FRAGMENT_SYNTAX),
                (term("rdf:value"), string(box_fragment(page, box))),
            ],
        )
    if quote is not None and is_exact:
        yield resource(
            f"{subject}#quote",
            [(term("rdf:type"), term("oa:TextQuoteSelector")), (term("oa:exact"), string(quote))],
        )
