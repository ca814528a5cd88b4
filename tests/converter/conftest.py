"""The graph of a converted publication."""

from pathlib import Path

import pyoxigraph
import pytest


@pytest.fixture(scope="session")
def store(converted: Path) -> pyoxigraph.Store:
    """Return all graphs of the publication that ships with the project."""
    found = pyoxigraph.Store()
    found.load(path=str(converted), format=pyoxigraph.RdfFormat.TRIG)
    return found
