"""Running text of a publication -> what it says, typed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.budget import (
    Claim,
    ContentsEntry,
    DataSet,
    GlossaryEntry,
    Statement,
    TextGap,
    TextSection,
)
from budgetgraph.converter.narrative.activities import Activities
from budgetgraph.converter.narrative.assets import read_assets
from budgetgraph.converter.narrative.claims import read_figures
from budgetgraph.converter.narrative.comparisons import compared
from budgetgraph.converter.narrative.drafts import Draft, finished
from budgetgraph.converter.narrative.glossary import read_glossary, read_statements
from budgetgraph.converter.narrative.grammar import Grammar
from budgetgraph.converter.narrative.organisation import Units, declared_projects, read_names, read_units
from budgetgraph.converter.narrative.others import OtherBodies, OtherTime, other_time, without
from budgetgraph.converter.narrative.passages import Passage, fold_clause, passages
from budgetgraph.converter.narrative.procurement import read_procurement
from budgetgraph.converter.narrative.quantities import Amount, Percent, amounts
from budgetgraph.converter.narrative.recognised import KINDS, SURE
from budgetgraph.converter.narrative.sections import (
    Section,
    looks_like_heading,
    match_heading,
    outline,
    parts,
)
from budgetgraph.converter.narrative.staff import read_staff
from budgetgraph.converter.narrative.stated import Stated
from budgetgraph.converter.narrative.statements import Statements
from budgetgraph.converter.narrative.structure import Gaps, contents_entries, gap_problem, text_sections
from budgetgraph.converter.narrative.topics import Resolve, Topics, no_resolution
from budgetgraph.converter.narrative.vocabulary import Vocabulary, shipped_vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Problem, Severity

#: Sections whose sentences state figures of the budget, and those that may also list and deny.
_STATES_FIGURES = frozenset(("statement", "assets", "procurement", "projects", "other", "overview", "title"))
_STATES_LISTS = frozenset(("statement", "procurement"))
#: Sections whose sentences may count delegations, vehicles and receptions.
_COUNTS_ACTIVITIES = frozenset(("statement", "other"))
#: Sections that put the explanations of several tables together.
_HAS_PARTS = frozenset(("statement", "other"))
_HOLDS_NOTHING = frozenset(("contents",))


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the running text says.

    claims    numbered from 1 in reading order
    data_sets "staff", "assets-value", "assets-quantity", "procurement", "activities", as far as the text states them
    units     names of subordinate units as printed; `declared_units` is how many the text says there are
    names     ways in which the department is written, as printed
    amounts   how many amounts the text prints; each is in a claim, in a data set, or reported as unread
    withheld  how many telephone, QQ and mail addresses were taken out of quotes
    """

    claims: tuple[Claim, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    units: tuple[str, ...] = ()
    declared_units: int | None = None
    declared_projects: int | None = None
    duties: tuple[Statement, ...] = ()
    tasks: tuple[Statement, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    amounts: int = 0
    withheld: int = 0
    sections: tuple[TextSection, ...] = ()
    contents: tuple[ContentsEntry, ...] = ()
    gaps: tuple[TextGap, ...] = ()


def read_narrative(
    paragraphs: Sequence[Paragraph],
    year: int,
    *,
    phase: str = "budget",
    resolve: Resolve = no_resolution,
    source: str | None = None,
    vocabulary: Vocabulary | None = None,
    others: Collection[str] = (),
) -> Narrative:
    """Read the paragraphs of a document in reading order.

    year     fiscal year of the document; phase: notation of the scheme phase
    resolve  finds a figure of the document's tables by the label of its row (`resolution.resolve_by_labels`)
    source   the decoded document, so that quotes over line ends are exact too
    others   names of other bodies (units): what sentences state about them is no claim
    """
    words = vocabulary or shipped_vocabulary()
    sections = _sections(paragraphs, source, words)
    names = read_names(sections, words)
    own = [fold_clause(name) for name in names]
    folded = {fold_clause(name) for name in others}
    own = own[:1] + [name for name in own[1:] if name not in folded]  # a sentence may open with a unit's name
    others = [each for each in folded if not any(each in name for name in own)]
    topics = Topics(words, own, resolve, final=phase == "final")
    bodies = OtherBodies(others, own, words, year)
    reader = _Reader(words, topics, Grammar(words, year, final=phase == "final"), phase, bodies)
    units = Units()
    duties: list[Passage] = []
    tasks: list[Passage] = []
    glossary: list[Passage] = []
    for position, section in enumerate(sections):
        sure = [passage for passage in section.passages if passage.confidence == 1]
        match section.kind:
            case "units" if sure:
                units = units if units.names else read_units(sure, words)
            case "duties":
                duties += sure
            case "tasks":
                tasks += sure
            case "glossary":
                glossary += sure
        reader.read_headings(section, position)
        if section.kind not in _HOLDS_NOTHING:
            reader.read(section, position)
    reader.finish()
    return Narrative(
        claims=tuple(reader.claims),
        data_sets=tuple(reader.data_sets.values()),
        units=tuple(units.names),
        declared_units=units.declared,
        declared_projects=declared_projects(sections, words),
        duties=read_statements(duties),
        tasks=read_statements(tasks),
        glossary=read_glossary(glossary, words, year),
        names=names,
        problems=(*reader.problems, *map(_unread_unit, units.unread), *map(gap_problem, reader.gaps)),
        amounts=reader.amounts,
        withheld=reader.withheld,
        sections=text_sections(sections),
        contents=contents_entries(sections),
        gaps=tuple(reader.gaps),
    )


def printed_names(paragraphs: Sequence[Paragraph], vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """Return the ways in which the paragraphs write their department, e.g. in the titles of forms."""
    words = vocabulary or shipped_vocabulary()
    return read_names(_sections(paragraphs, None, words), words)


def listed_units(paragraphs: Sequence[Paragraph], vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """Return the names of the units that the paragraphs list, as printed."""
    words = vocabulary or shipped_vocabulary()
    sections = (section for section in _sections(paragraphs, None, words) if section.kind == "units")
    return next((tuple(found) for section in sections if (found := read_units(section.passages, words).names)), ())


def _sections(paragraphs: Sequence[Paragraph], source: str | None, words: Vocabulary) -> list[Section]:
    def is_heading(text: str) -> bool:
        return looks_like_heading(text) and match_heading(text, words) is not None

    return outline(passages(paragraphs, source, is_heading), words)


def _unread_unit(passage: Passage) -> Problem:
    place = passage.locator(0, len(passage.text))
    message = "a line of the list of budget units is no name of a unit, and makes none"
    return Problem("unread-unit", Severity.INFO, message, place)


class _Reader:
    """Collects claims, data sets and problems over the sections."""

    def __init__(self, words: Vocabulary, topics: Topics, grammar: Grammar, phase: str, bodies: OtherBodies) -> None:
        self._bodies = bodies
        self._words, self._topics, self._grammar, self._phase = words, topics, grammar, phase
        self._statements = Statements(words, topics, grammar)
        self._activities = Activities(words, grammar.year, phase)
        self.claims: list[Claim] = []
        self.data_sets: dict[str, DataSet] = {}
        self.problems: list[Problem] = []
        self.amounts = 0
        self.withheld = 0
        self._gaps = Gaps(words)
        self.gaps: list[TextGap] = []

    def read_headings(self, section: Section, position: int) -> None:
        """Look for gaps in the heading of a section, and in the lines of contents."""
        lines = section.passages if section.kind in _HOLDS_NOTHING else []
        for passage in [*([section.heading] if section.heading else []), *lines]:
            self.gaps += self._gaps.find(passage, len(self.gaps) + 1, position, heading=True)

    def read(self, section: Section, position: int) -> None:
        """Read one section, the one at a position among all."""
        claims: list[list[Claim]] = []
        self._bodies.enter(section.heading)
        for part in parts(section, self._words) if section.kind in _HAS_PARTS else [section]:
            self._read_part(part, position, claims)
        self.claims += [replace(claim, section=position) for claim in compared(claims)]

    def _read_part(self, section: Section, position: int, claims: list[list[Claim]]) -> None:
        """Read passages of one meaning, and add the claims of each to those of the section."""
        heading = section.heading.text if section.heading else ""
        time = other_time(heading, self._grammar.year, self._phase)
        others = [self._bodies.spans(passage) for passage in section.passages]
        own = [without(passage, spans) for passage, spans in zip(section.passages, others, strict=True)]
        stated = Stated() if time else self._stated(replace(section, passages=own))
        self.problems += stated.problems
        order = len(self.claims) + sum(map(len, claims)) + 1
        for index, passage in enumerate(section.passages):
            self.amounts += sum(1 for _ in amounts(passage.text))
            drafts: list[Draft] = []
            of_time = None if f"{self._grammar.year}年" in passage.text else time
            grammar = Grammar(self._words, of_time.year, final=of_time.phase == "final") if of_time else self._grammar
            if passage.confidence < SURE:
                self._report(passage, list(amounts(passage.text)), percents=False)
                claims.append([])
                continue
            if section.kind in _STATES_FIGURES:
                taken = stated.taken.get(index, set())
                figures = read_figures(passage, self._topics, grammar, section, taken)
                drafts += figures.drafts
                self._report(passage, figures.unread, percents=section.kind in _STATES_LISTS)
                if section.kind in _STATES_LISTS:
                    drafts += self._statements.lists(passage, section.table, figures)
            else:
                self._report(passage, list(amounts(passage.text)), percents=False)
            if section.kind not in {"glossary", "duties", "tasks"}:
                drafts += self._statements.absences(passage, section.table)
            drafts = self._about_department(passage, drafts, others[index])
            drafts.sort(key=lambda draft: (draft.start, draft.end))
            if passage.confidence < 1:
                tokens = [draft.amount for draft in drafts if draft.kind not in KINDS and draft.amount]
                self._report(passage, tokens, percents=False)
                drafts = [draft for draft in drafts if draft.kind in KINDS]
            if passage.confidence == 1:
                self.gaps += self._gaps.find(passage, len(self.gaps) + 1, position)
            claims.append(
                [self._finished(draft, passage, number, of_time) for number, draft in enumerate(drafts, start=order)]
            )
            order += len(drafts)

    def _about_department(
        self, passage: Passage, drafts: Sequence[Draft], spans: Sequence[tuple[int, int]]
    ) -> list[Draft]:
        """Return the drafts without those about other bodies, whose amounts are reported."""
        about = [draft for draft in drafts if any(start < draft.end <= end for start, end in spans)]
        self._report(passage, [draft.amount for draft in about if draft.amount], why="its sentence is about a unit")
        return [draft for draft in drafts if draft not in about]

    def finish(self) -> None:
        """Make the data sets that several sections state together."""
        stated = Stated()
        if data_set := self._activities.data_set(stated):
            self.data_sets[data_set.id] = data_set
        self.problems += stated.problems

    def _stated(self, section: Section) -> Stated:
        if any(passage.confidence < 1 for passage in section.passages):
            return Stated()
        match section.kind:
            case "staff":
                stated = read_staff(section.passages, self._words)
            case "assets":
                stated = read_assets(section.passages, self._words, self._grammar)
            case "procurement":
                stated = read_procurement(section.passages, self._words, self._grammar)
            case kind if kind in _COUNTS_ACTIVITIES:
                return self._activities.read(section.passages, section.heading.text if section.heading else "")
            case _:
                return Stated()
        known = [d for d in stated.data_sets if d.id in self.data_sets]
        if known:  # a document that prints its text twice states its data sets once
            return Stated(taken=stated.taken)
        self.data_sets |= {d.id: d for d in stated.data_sets}
        return stated

    def _finished(self, draft: Draft, passage: Passage, order: int, time: OtherTime | None) -> Claim:
        if time and draft.year == time.year and draft.topic.phase is None:
            draft.topic = replace(draft.topic, phase=time.phase)
        claim = finished(draft, passage, self._grammar.year, self._phase, order)
        quote, hidden = redact(claim.quote)
        self.withheld += hidden
        items = tuple(redact(item)[0] for item in claim.items)
        return replace(claim, quote=quote, topic=redact(claim.topic)[0], items=items)

    def _why_unread(self, passage: Passage, token: Amount | Percent) -> str:
        if passage.confidence < SURE:
            return "its line is not surely recognised"
        if passage.confidence < 1:
            return "of recognised text only stated levels are taken, no changes and shares"
        if self._grammar.is_limit(passage.text, token.end):
            return "it is a limit, no figure of the budget"
        if token.value is None:
            return "it is the end of a range, or its digits are no number"
        return "its sentence has no form that is known"

    def _report(
        self, passage: Passage, unread: Sequence[Amount | Percent], *, percents: bool = False, why: str = ""
    ) -> None:
        for token in unread:
            if isinstance(token, Percent) and not percents:
                continue
            what = "amount" if isinstance(token, Amount) else "percentage"
            printed = passage.printed(token.start, token.end)
            message = f"the {what} {printed} in the text is no claim: {why or self._why_unread(passage, token)}"
            place = passage.locator(token.start, token.end)
            self.problems.append(Problem(f"unread-{what}", Severity.INFO, message, place))
