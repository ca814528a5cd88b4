"""The rules as people and machines read them: texts, the SHACL of each, an example of right and wrong."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from budgetgraph.shapes.across import shapes_across
from budgetgraph.shapes.catalogue import ACROSS, FOLDER, shipped_shapes
from budgetgraph.shapes.rules import ROUNDING, Rule

#: Where a block of Turtle begins that describes a shape or a constraint.
_BLOCK = re.compile(r"^bs:(?P<name>[\w-]+) a sh:", re.MULTILINE)
_COMMENTS = re.compile(r"(?:^#.*\n|\n)+\Z", re.MULTILINE)
_MENTION = re.compile(r"\bbs:([\w-]+)")
_PREFIXES = FOLDER / "prefixes.ttl"
_NUMBERED = re.compile(r"QB-(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Example:
    """What passes a rule and what fails it, in words, by language."""

    valid: Mapping[str, str]
    invalid: Mapping[str, str]


@cache
def read_rules() -> Mapping[str, Rule]:
    """Return the rules of a document, and those over several documents, by ID."""
    return {**shipped_shapes().rules, **shapes_across().rules}


def is_across(rule: Rule) -> bool:
    """Tell whether a rule looks at several documents together."""
    return rule.file == ACROSS


@cache
def read_examples() -> Mapping[str, Example]:
    """Return the examples of the rules by ID; the cases of the tests, in the words they begin with."""
    told = json.loads((Path(__file__).with_name("examples.json")).read_text("utf-8"))
    return {rule: Example(**example) for rule, example in told.items()}


def shacl_of(rule: Rule) -> str:
    """Return the text of a rule's shape as its file has it, with the constraint and the shapes it names."""
    blocks = _blocks(rule.file)
    wanted, found = [rule.id], []
    while wanted:
        name = wanted.pop(0)
        if name in blocks and name not in found:
            found.append(name)
            wanted += _MENTION.findall(blocks[name])
    return "\n\n".join(blocks[name] for name in found) + "\n"


def turtle_of(rule: Rule) -> str:
    """Return a rule's shape as a Turtle document of its own, with the prefixes that its query names."""
    text = (FOLDER / rule.file).read_text("utf-8")
    head = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("@prefix"))
    return f"{head}\n{shacl_of(rule)}\n{_PREFIXES.read_text('utf-8')}"


def standard_of(rule: Rule) -> str | None:
    """Return the address of the clause that a rule restates; None for rules of this project."""
    numbered = _NUMBERED.match(rule.id)
    return f"https://www.w3.org/TR/vocab-data-cube/#ic-{numbered[1]}" if numbered else None


def twins_of(rule: Rule) -> list[Rule]:
    """Return the rules that look at the same equations: what rounding explains, and what it does not."""
    names = {rule.base, rule.base + ROUNDING} - {rule.id}
    return [each for each in read_rules().values() if each.id in names]


@cache
def _blocks(file: str) -> Mapping[str, str]:
    text = (FOLDER / file).read_text("utf-8")
    starts = list(_BLOCK.finditer(text))
    ends = [*(each.start() for each in starts[1:]), len(text)]
    return {
        start["name"]: _COMMENTS.sub("", text[start.start() : end]) for start, end in zip(starts, ends, strict=True)
    }
