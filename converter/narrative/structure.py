"""How the text is built: its headings, its table of contents, and what a template left open."""

import re
from collections.abc import Iterator, Sequence

from budgetgraph.converter.budget import ContentsEntry, TextGap, TextSection
from budgetgraph.converter.layouts.table_labels import is_label
from budgetgraph.converter.narrative.clauses import boundaries, clause_end, clause_start
from budgetgraph.converter.narrative.passages import Passage
from budgetgraph.converter.narrative.sections import Section, entry_length
from budgetgraph.converter.narrative.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Problem, Severity

_MISSING = {
    "placeholder": "a placeholder of the template stands where words or a figure belong",
    "missing-figure": "a unit stands without its figure",
    "missing-unit": "a figure stands without its unit",
    "missing-reason": "the reason that is announced is not given",
}

#: Forms by what they show: a year that lacks a digit is a gap of the template, too, and is looked for in headings.
_YEARS = "incomplete-year"
_KINDS = {**{kind: kind for kind in _MISSING}, _YEARS: "placeholder"}


def text_sections(sections: Sequence[Section]) -> tuple[TextSection, ...]:
    """Return the sections that have a heading; `order` is the position in `sections`, from 0 for the title page."""
    return tuple(
        TextSection(
            order,
            section.kind,
            section.heading.words(0, len(section.heading.text)),
            section.depth,
            section.heading.place(0, len(section.heading.text)),
            section.table,
        )
        for order, section in enumerate(sections)
        if section.heading is not None
    )


def contents_entries(sections: Sequence[Section]) -> tuple[ContentsEntry, ...]:
    """Return the lines of the tables of contents; the label of a table ("表01") that stands in one is none."""
    lines = [
        line
        for section in sections
        if section.kind == "contents"
        for line in section.passages
        if not is_label(line.text)
    ]
    return tuple(
        ContentsEntry(order, line.words(0, end), line.place(0, end))
        for order, line in enumerate(lines, start=1)
        for end in [entry_length(line.text)]
        if end
    )


class Gaps:
    """Finds what a template left open, by the forms of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._forms = [
            (kind, form, re.compile(f"(?:{'|'.join(vocabulary.words(f'gaps.{form}.forms'))})"))
            for form, kind in _KINDS.items()
        ]

    def find(self, passage: Passage, order: int, section: int, *, heading: bool = False) -> Iterator[TextGap]:
        """Yield the gaps of a passage, numbered from `order`; the quote is the clause with the gap.

        heading  it is a heading or a line of contents, of which nothing but the year is read
        """
        text = passage.text
        starts = boundaries(text)
        found = [(match.start(), match.end(), kind) for kind, match in self._matches(text, heading)]
        taken = -1
        for start, end, kind in sorted(found):
            if start < taken:
                continue
            taken = end
            quote, _ = redact(passage.words(clause_start(starts, start), clause_end(starts, end, len(text))))
            yield TextGap(order, kind, quote, passage.place(start, end), section)
            order += 1

    def _matches(self, text: str, heading: bool) -> Iterator[tuple[str, re.Match[str]]]:
        for kind, form, pattern in self._forms:
            if form == _YEARS or not heading:
                yield from ((kind, match) for match in pattern.finditer(text))


def gap_problem(gap: TextGap) -> Problem:
    """Return the problem that a gap is."""
    return Problem("text-gap", Severity.WARNING, f"{gap.quote!r}: {_MISSING[gap.kind]}", gap.place.locator)
