"""The pages of the rules are those that the shapes make."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from budgetgraph.shapes.catalogue import shipped_shapes

FOLDER = Path(__file__).parents[2] / "docs" / "rules"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_rules", FOLDER / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current(generate: ModuleType) -> None:
    pages = generate.pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in pages.keys() | there.keys() if pages.get(name) != there.get(name))
    assert not stale, f"run `make rules`: {stale}"


def test_every_rule_has_a_page_with_an_example(generate: ModuleType) -> None:
    pages = generate.pages()
    for rule in shipped_shapes().rules.values():
        page = pages[f"{rule.base}.md"]
        assert "**Example**" in page, rule.id
        assert rule.id in page
        for heading in ("**When it occurs.**", "**How to fix.**", "**What it says.**"):
            assert heading in page


def test_a_page_that_is_not_current_is_noticed(generate: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "_fixing", lambda _: "Nothing.")
    assert generate.pages()["WT-1.md"] != (FOLDER / "WT-1.md").read_text(encoding="utf-8")
