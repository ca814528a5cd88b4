"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real publications, or skip the test and say why."""
    folder = os.environ.get("BUDGETGRAPH_CORPUS")
    if not folder:
        if os.environ.get("CI"):
            pytest.fail("BUDGETGRAPH_CORPUS is not set: checks against real publications would be skipped")
        pytest.skip("SKIPPED CHECK: set BUDGETGRAPH_CORPUS to the folder of real publications")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"BUDGETGRAPH_CORPUS names no folder: {folder}")
    return path
