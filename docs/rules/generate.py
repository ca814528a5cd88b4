"""Write a page for each rule of the shapes, and their list: `make rules`. A test holds the pages to the shapes.

A page is made of the shape (names, description, message, query), of the first finding in the approved report of its
invalid case, and of what `fixing.yaml` says about the rule's letters.
"""

import re
import sys
from pathlib import Path

import yaml

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.rules import ROUNDING, Rule

FOLDER = Path(__file__).resolve().parent
CASES = FOLDER.parents[1] / "tests" / "shapes" / "cases"


def pages() -> dict[str, str]:
    """Return file name -> text."""
    rules = [rule for rule in shipped_shapes().rules.values() if not rule.is_rounding]
    return {"README.md": _list(rules), **{f"{rule.id}.md": _page(rule) for rule in rules}}


def _list(rules: list[Rule]) -> str:
    lines = [
        "# Rules",
        "",
        f"What a publication is checked for: {len(rules)} rules. Each page says when the rule reports something,",
        "how to fix it, and shows an example. `make rules` makes the pages from the shapes.",
    ]
    for file in dict.fromkeys(rule.file for rule in rules):
        lines += [
            "",
            f"## {file.removesuffix('.ttl')}",
            "",
            "| rule | severity | what holds | 规则 |",
            "|---|---|---|---|",
        ]
        for rule in (rule for rule in rules if rule.file == file):
            name = [rule.names[language].replace("|", "\\|") for language in ("en", "zh")]
            lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {name[0]} | {name[1]} |")
    return "\n".join(lines) + "\n"


def _page(rule: Rule) -> str:
    rounding = shipped_shapes().rules.get(rule.id + ROUNDING)
    occurs = [rule.descriptions["en"], rule.descriptions["zh"]]
    if rounding:
        occurs.append(
            f"A difference that rounding can explain is a {rounding.severity} (`{rounding.id}`): n printed parts may"
            " differ from their printed sum by n/2 steps of the table."
        )
    parts = [
        f"# {rule.id}: {rule.names['en']}",
        f"{rule.names['zh']}",
        f"**Severity:** {rule.severity}. **Shape:** <{rule.iri}> in [`{rule.file}`](../../shapes/{rule.file}).",
        "**When it occurs.** " + "\n\n".join(occurs),
        f"**How to fix.** {_fixing(rule)}",
        "**What it says.**",
        "\n".join(f"> {rule.messages[language]}" + "  " * (language == "zh") for language in ("zh", "en")),
        *_example(rule),
    ]
    return "\n\n".join(parts) + "\n"


def _fixing(rule: Rule) -> str:
    known: dict[str, str] = yaml.safe_load((FOLDER / "fixing.yaml").read_text(encoding="utf-8"))
    return known.get(rule.id.partition("-")[0], known["*"])


def _example(rule: Rule) -> list[str]:
    """Return the first finding of the rule in the approved report of its first invalid case, in both languages."""
    reports = sorted((CASES / rule.id).glob("invalid*.report.txt"), key=lambda path: (len(path.name), path.name))
    for report in reports:
        heading = re.compile(rf"^\S+ {re.escape(rule.id)} \(\d+\)$")
        lines = report.read_text(encoding="utf-8").splitlines()
        found = [_until_next(lines, at + 1) for at, line in enumerate(lines) if heading.match(line)]
        if found:
            case = report.name.removesuffix(".report.txt")
            link = f"../../tests/shapes/cases/{rule.id}/{case}.ttl"
            return [f"**Example**, from [this data]({link}):", "\n".join(line for each in found for line in each)]
    return []


def _until_next(lines: list[str], start: int) -> list[str]:
    """Return a message and its places as an indented block."""
    found = []
    for line in lines[start:]:
        if not line.startswith("  ") or (found and not line.startswith("    ")):
            break
        found.append("    " + line.removeprefix("  "))
    return found


def main() -> None:
    """Write the pages, and remove those of rules that are no more."""
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stderr.write(f"{len(written) - 1} rules\n")


if __name__ == "__main__":
    main()
