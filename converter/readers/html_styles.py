"""What a page's own styles say of its elements: which are hidden, and which are laid out as tables.

Read are attributes (style, hidden) and, in <style>, rules for names of elements, classes and identifiers. Whether a
rule for an element inside others holds is not looked at: such a rule can show what another one hides, not hide it.
Rules for other media (@media) are left out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from budgetgraph.converter.readers.markup import local_name

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"(?:.*[\s>+~])?([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)\Z", re.DOTALL)
_MARK = re.compile(r"[.#][\w-]+")
_SAID = re.compile(r"(?:^|;)\s*(display|visibility)\s*:\s*([a-z-]+)", re.IGNORECASE)

#: How an element is laid out -> the element of a table that is laid out so.
_ROLES = {
    "table-row": "tr",
    "table-cell": "td",
    "table-row-group": "tbody",
    "table-header-group": "thead",
    "table-footer-group": "tfoot",
    "table-caption": "caption",
}
_TABLES = frozenset(("table", "inline-table"))
_PARTS = frozenset(("tr", "td", "th", "tbody", "thead", "tfoot", "caption", "table"))


class _Rule(NamedTuple):
    """A rule for elements of a name, "" for any, with all of some marks (.class, #identifier), and what it says."""

    name: str
    marks: frozenset[str]
    said: dict[str, str]


class Styles:
    """The styles of a page."""

    def __init__(self, root: etree._Element | None) -> None:
        #: By a mark of theirs, or by the name where they have none; the more special ones last.
        self._rules: dict[str, list[_Rule]] = {}
        rules = [rule for e in (root.iter("style") if root is not None else ()) for rule in _rules(e.text or "")]
        for rule in sorted(rules, key=lambda rule: (len(rule.marks), bool(rule.name))):
            self._rules.setdefault(min(rule.marks, default=rule.name), []).append(rule)

    def hides(self, element: etree._Element) -> bool:
        """Tell whether an element is not shown."""
        if element.get("hidden") is not None:
            return True
        return _hides(self._of(element))

    def role(self, element: etree._Element) -> str:
        """Return the element's name, or that of the part of a table that it is laid out as."""
        name = local_name(element)
        if name in _PARTS:
            return name
        display = self._of(element).get("display", "")
        if display in _TABLES:
            return "table" if self._has_rows(element) else name
        return _ROLES.get(display, name)

    def _has_rows(self, element: etree._Element) -> bool:
        """Tell whether an element that is laid out as a table has rows: pages lay out frames so, too."""
        return any(self._of(child).get("display") == "table-row" for child in element.iterdescendants())

    def _of(self, element: etree._Element) -> dict[str, str]:
        """Return what the styles say of an element, the most special last."""
        said: dict[str, str] = {}
        if self._rules:
            name, marks = local_name(element), _marks(element)
            found = (rule for key in (name, *sorted(marks)) for rule in self._rules.get(key, ()))
            fitting = [rule for rule in found if rule.marks <= marks and rule.name in {"", name}]
            for rule in sorted(fitting, key=lambda rule: len(rule.marks)):
                said.update(rule.said)
        return said | _said(element.get("style") or "")


def _marks(element: etree._Element) -> frozenset[str]:
    names = (element.get("class") or "").lower().split()
    return frozenset([f".{each}" for each in names] + [f"#{element.get('id')}".lower()] * ("id" in element.attrib))


def _rules(text: str) -> Iterator[_Rule]:
    """Yield the rules of a style sheet that say something of how elements are laid out."""
    for selectors, body in _blocks(_COMMENT.sub("", text)):
        said = _said(body)
        for selector in selectors.lower().split(",") if said else ():
            found = _SELECTOR.match(selector.strip())
            is_inside = found is not None and found.end() > len(found.group(1) or "") + len(found.group(2))
            if found and (found.group(1) or found.group(2)) and not (is_inside and _hides(said)):
                yield _Rule(found.group(1) or "", frozenset(_MARK.findall(found.group(2))), said)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and in each block of a style sheet that neither is in another one nor holds one."""
    depth = start = opened = 0
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened = opened if depth else brace.start()
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            before, body = text[start:opened], text[opened + 1 : brace.start()]
            start = opened = brace.end()
            if "{" not in body:
                yield before.rpartition(";")[2], body


def _hides(said: dict[str, str]) -> bool:
    return said.get("display") == "none" or said.get("visibility") == "hidden"


def _said(text: str) -> dict[str, str]:
    """Return what a list of properties says of display and visibility, the last word of each."""
    return {name.lower(): value.lower() for name, value in _SAID.findall(text)} if text else {}
