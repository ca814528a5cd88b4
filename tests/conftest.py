"""Fixtures shared by all tests."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.checks import skip_check

if TYPE_CHECKING:
    from budgetgraph.converter.pipeline import Conversion

ROOT = Path(__file__).resolve().parent.parent
#: No test depends on how fast the machine is. A plain run tries the same data each time, this profile new data:
#: `--hypothesis-profile=searching`.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.load_profile("repeatable")
PUBLICATION = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021" / "document.txt"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `program(name, package)` where the system has no such program."""
    for mark in item.iter_markers("program"):
        name, package = mark.args
        if shutil.which(name) is None:
            skip_check(f"{name} is not installed; install {package}")


@pytest.fixture(scope="session")
def conversion() -> "Conversion":
    """Return the shipped publication, converted."""
    from budgetgraph.converter.pipeline import convert

    return convert(PUBLICATION)


@pytest.fixture(scope="session")
def converted(conversion: "Conversion", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the TriG file of the shipped publication."""
    from budgetgraph.converter.rdf.serialization import serialize

    path = tmp_path_factory.mktemp("converted") / "wuhan-jingkai-party-office-2021.trig"
    path.write_text("".join(serialize(conversion.graphs, "trig")), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real publications, or skip the test and say why."""
    folder = os.environ.get("BUDGETGRAPH_CORPUS")
    if not folder:
        skip_check("set BUDGETGRAPH_CORPUS to the folder of real publications")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"BUDGETGRAPH_CORPUS names no folder: {folder}")
    return path
