"""A table of a text, recognised and extracted by the profiles that ship."""

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.extraction.steps import extract
from budgetgraph.converter.layouts.captions import caption_of
from budgetgraph.converter.layouts.headers import header_depth
from budgetgraph.converter.layouts.signatures import Match, recognise
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.profiles import shipped_profiles
from budgetgraph.converter.readers.text import blocks

SPECS = [spec for profile in shipped_profiles() for spec in profile.tables]


def read(text):
    """Return what the first table of a text gives, in the year 2021, and its ledger, in which every cell is booked."""
    ledger = Ledger()
    parts = stitch(blocks(text), header_depth)
    index, table = next((i, part) for i, part in enumerate(parts) if isinstance(part, Stitched))
    caption = caption_of(parts, index)
    found = recognise(table, caption, SPECS)
    assert isinstance(found, Match), found
    extracted = extract(found, table, caption, "t2", 2021, ledger)
    assert not ledger.unexplained(table.pieces)
    return extracted, ledger


def codes(extracted):
    """Return the codes of a table's problems, in order."""
    return [problem.code for problem in extracted.problems]
