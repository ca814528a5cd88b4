"""pdfplumber, another reader of ruled tables, finds the same numbers in a real publication."""

from collections import Counter

import pdfplumber
import pytest

from budgetgraph.converter.accounting.ledger import is_numeric
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.readers.pdf import PdfReader

pytestmark = pytest.mark.corpus


def test_the_numbers_of_all_tables_are_those_that_pdfplumber_finds(corpus):
    path = corpus / "putuo-finance-bureau-2025" / "document.pdf"
    grids = [block for block in PdfReader().read(path.read_bytes(), path.name) if isinstance(block, Grid)]
    ours = Counter(cell.text for grid in grids for cell in grid.cells() if "." in cell.text and is_numeric(cell.text))
    with pdfplumber.open(path) as document:
        cells = [text for page in document.pages for table in page.extract_tables() for row in table for text in row]
    theirs = Counter(text.strip() for text in cells if text and "." in text and is_numeric(text))
    assert sum(ours.values()) > 100
    assert ours == theirs
