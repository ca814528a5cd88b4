"""What the tests of running text share: text in lines, read as the text reader gives it."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.narrative import Narrative, read_narrative
from budgetgraph.converter.readers.text import blocks
from tests.conftest import PUBLICATION

Read = Callable[..., Narrative]


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of a text."""
    return [block for block in blocks(text) if isinstance(block, Paragraph)]


def statement(sentence: str, phase: str = "budget") -> Narrative:
    """Return what a sentence says in a section of explanations."""
    text = f"九、其他重要事项的情况说明\n\n{sentence}"
    return read_narrative(paragraphs(text), 2021, phase=phase, source=text)


@pytest.fixture(params=["shipped", "published"], scope="session")
def document(request: pytest.FixtureRequest) -> str:
    """Return the text of the shipped publication, and of the published one whose figures it has."""
    if request.param == "shipped":
        return PUBLICATION.read_text("utf-8")
    corpus: Path = request.getfixturevalue("corpus")
    return (corpus / PUBLICATION.parent.name / "document.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def narrative(document: str) -> Narrative:
    """Return what the document says."""
    return read_narrative(paragraphs(document), 2021, source=document)


@pytest.fixture(scope="session")
def read() -> Read:
    """Return a function that reads lines; without a heading they stand in a section of explanations."""

    def read_lines(
        *lines: str,
        year: int = 2021,
        phase: str = "budget",
        heading: str = "九、其他重要事项的情况说明",
        others: Collection[str] = (),
    ) -> Narrative:
        text = "\n\n".join([heading, *lines])
        return read_narrative(paragraphs(text), year, phase=phase, source=text, others=others)

    return read_lines
