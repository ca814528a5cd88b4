"""The examples in docstrings are true."""

import doctest
from importlib import import_module

import pytest

from tests.conftest import ROOT

FOLDERS = ("cli", "converter", "ontology", "server", "shapes")
FILES = [path.relative_to(ROOT) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
MODULES = [".".join(file.with_suffix("").parts) for file in FILES if ">>> " in (ROOT / file).read_text("utf-8")]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_give_what_they_say(module):
    found = doctest.testmod(import_module(f"budgetgraph.{module.removesuffix('.__init__')}"))
    assert found.attempted > 0
    assert found.failed == 0
