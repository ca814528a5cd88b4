"""Every code of a problem has a paragraph that says when it occurs and how to fix it, and no other has."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "problems.md").read_text("utf-8")
CODE = re.compile(
    r"""(?:[Pp]roblem|report|add)\(\s*(?:code=)?"([a-z]+(?:-[a-z]+)+)"|"([a-z]+(?:-[a-z]+)+)",\s*Severity\."""
)


def used() -> set[str]:
    texts = (path.read_text("utf-8") for path in (ROOT / "converter").rglob("*.py"))
    return {first or second for text in texts for first, second in CODE.findall(text)}


def described() -> dict[str, str]:
    parts = re.split(r"^### (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_is_described():
    assert used() - set(described()) == set()


def test_every_paragraph_says_when_and_how():
    assert [
        c for c, text in described().items() if "**When it occurs.**" not in text or "**How to fix.**" not in text
    ] == []
