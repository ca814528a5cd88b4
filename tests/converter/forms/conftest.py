"""What the tests of forms share: forms written as text with a tab between the columns."""

from collections.abc import Callable

import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Block
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.readers.text import blocks as read_blocks
from tests.conftest import PUBLICATION

#: Line at which the annexes of the shipped publication begin.
ANNEXES = 473

ReadForms = Callable[[str], Forms]


def annexes(text: str) -> list[Block]:
    """Return the blocks of a document behind its official tables and its running text."""
    return [block for block in read_blocks(text) if (block.locator.line or 0) >= ANNEXES]


@pytest.fixture(scope="session")
def shipped() -> Forms:
    """Return the forms of the publication that ships."""
    return read_forms(annexes(PUBLICATION.read_text(encoding="utf-8")), 2021, Ledger())


@pytest.fixture
def ledger() -> Ledger:
    """Return an empty ledger."""
    return Ledger()


@pytest.fixture
def read(ledger: Ledger) -> ReadForms:
    """Return a function that reads the forms of a text of the year 2021; `|` stands for a tab."""

    def read_text(text: str) -> Forms:
        found = list(read_blocks(text.replace("|", "\t")))
        return read_forms(found, 2021, ledger)

    return read_text
