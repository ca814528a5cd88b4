"""Queries that differ only in what fails, asked together: a rule, and the rule that reports what rounding can explain.

The lines of a query marked "fails" hold its conditions. Here each condition becomes a variable that tells whether it
holds, so that one query gives everything that was looked at and, for each rule, what fails. What a query does only to
put its solutions into words is left out, with the sums that only words tell: it is asked for where something fails.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.needs import needs
from budgetgraph.shapes.rules import FAILS, WORDS, Rule, without_words

_QUIET = re.compile(r'"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*')
_FILTER = re.compile(r"\s*FILTER\s*(?P<condition>.*)", re.DOTALL)
_HEAD = re.compile(r"SELECT\s+\$this\b")
_PLAIN_HEAD = re.compile(r"SELECT\s+\$this(\s+\?\w+)*\s+WHERE\b")
_AGGREGATE = re.compile(r"\((?=(COUNT|SUM|MIN|MAX)\s*\()", re.IGNORECASE)
_NAMED = re.compile(r"[?$](\w+)\s*\)\Z")
_DISTINCT = re.compile(r"SELECT\s+(DISTINCT|REDUCED)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that look at the same, and the query that asks for all of them.

    query     SELECT over the focus nodes; a solution is one equation or value that was looked at
    failing   for each rule the variables of the query that are all true where it fails; None where the query gives
              failures only, and `counts` has to be asked apart
    totals    the same in one solution: ?n equations, of them ?f0 that fail the first rule; None where `query` gives
              all that messages say
    worded    for each rule the query for what fails, in words; () without `totals`
    needs     IRIs without which a document gives no solutions
    """

    rules: tuple[Rule, ...]
    query: str
    failing: tuple[tuple[str, ...], ...] | None
    totals: str | None
    worded: tuple[str, ...]
    needs: frozenset[str]


@lru_cache(maxsize=4)
def families(shapes: Shapes) -> tuple[Family, ...]:
    """Return the rules with a query, grouped; every such rule is in one family."""
    grouped: dict[tuple[str, ...], list[tuple[Rule, list[str]]]] = {}
    alone: list[Rule] = []
    for rule in shapes.rules.values():
        if rule.query is None:
            continue
        parts, conditions = _split(rule.query)
        if all(_is_filter(condition) for condition in conditions) and _visible(parts):
            grouped.setdefault((rule.target, *parts), []).append((rule, conditions))
        else:
            alone.append(rule)
    found = [_together(parts, members, shapes.prologue) for (_, *parts), members in grouped.items()]
    for rule in alone:
        query = _over_focus_nodes(rule.target, rule.query or "", shapes.prologue)
        found.append(Family((rule,), query, None, None, (), needs(query)))
    return tuple(found)


def _together(parts: list[str], members: list[tuple[Rule, list[str]]], prologue: str) -> Family:
    names = [tuple(f"fails{number}_{place}" for place in range(len(parts) - 1)) for number in range(len(members))]
    text = parts[0]
    for place, part in enumerate(parts[1:]):
        for (_, conditions), own in zip(members, names, strict=True):
            text += f"BIND (({_condition(conditions[place])}) AS ?{own[place]})\n"
        text += part
    shown = " ".join(f"?{name}" for own in names for name in own)
    text = _HEAD.sub(lambda match: f"{match.group()} {shown}", text, count=1)
    rules = tuple(rule for rule, _ in members)
    query = _over_focus_nodes(rules[0].target, without_words(text), prologue)
    if WORDS.search(text) is None:
        return Family(rules, query, tuple(names), None, (), needs(query))
    sums = " ".join(f"(SUM(IF({_all(own)}, 1, 0)) AS ?f{number})" for number, own in enumerate(names))
    counted = _without_unused(_PLAIN_HEAD.sub(lambda _: f"SELECT $this {shown} WHERE", query, count=1))
    totals = counted.replace("SELECT *", f"SELECT (COUNT(*) AS ?n) {sums}", 1)
    worded = tuple(_over_focus_nodes(rule.target, rule.query or "", prologue) for rule in rules)
    return Family(rules, query, tuple(names), totals, worded, needs(query))


def _all(names: tuple[str, ...]) -> str:
    """Return the condition that all variables are true; one without value is not."""
    return f"COALESCE({' && '.join(f'?{name}' for name in names)}, false)"


def _without_unused(query: str) -> str:
    """Return a query without the aggregates that nothing else in it names: it has as many solutions."""
    blank = same_length_blank(query)
    for match in reversed(list(_AGGREGATE.finditer(blank))):
        start, end = match.start(), _end_of_bracket(blank, match.start())
        name = _NAMED.search(blank[start:end])
        is_distinct = _DISTINCT.match(blank, blank.upper().rfind("SELECT", 0, start))
        if name and not is_distinct and len(re.findall(rf"[?$]{name.group(1)}\b", blank)) == 1:
            query, blank = (text[:start] + text[end:] for text in (query, blank))
    return query


def _end_of_bracket(blank: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(blank)):
        depth += (blank[position] in "({") - (blank[position] in ")}")
        if depth == 0:
            return position + 1
    return len(blank)


def _over_focus_nodes(target: str, query: str, prologue: str) -> str:
    return f"{prologue}SELECT * WHERE {{ ?this a <{target}> . {{ {query} }} }}"


def _split(query: str) -> tuple[list[str], list[str]]:
    """Return the text around the blocks of lines marked "fails", and these blocks."""
    parts: list[str] = [""]
    conditions: list[str] = []
    inside = False
    for line in query.splitlines(keepends=True):
        text = line.rstrip("\n")
        if not text.endswith(FAILS):
            parts[-1] += line
        elif inside:
            conditions[-1] += text.removesuffix(FAILS) + "\n"
        else:
            parts.append("")
            conditions.append(text.removesuffix(FAILS) + "\n")
        inside = text.endswith(FAILS)
    return parts, conditions


def _condition(block: str) -> str:
    match = _FILTER.fullmatch(block)
    return match.group("condition").strip() if match else ""


def _is_filter(block: str) -> bool:
    """Tell whether a block is one FILTER: its bracket or group closes where the block ends, and not before."""
    condition = _blank(_condition(block)).rstrip()
    depth = 0
    for position, sign in enumerate(condition, start=1):
        depth += (sign in "({") - (sign in ")}")
        if depth == 0 and sign in ")}":
            return position == len(condition)
    return False


def _visible(parts: list[str]) -> bool:
    """Tell whether a variable bound between the parts reaches the outermost SELECT, in every solution."""
    openings: list[bool] = []
    for part in parts[:-1]:
        for sign, before, after in _braces(part):
            if sign == "{":
                openings.append(_hides(before, after))
            else:
                openings.pop()
        if not openings or any(openings[1:]):
            return False
    # A group with a condition in it may not be one branch of several.
    return "UNION" not in "".join(_closing_words(parts))


def _hides(before: str, after: str) -> bool:
    """Tell whether variables bound in the group between the two may stay unknown outside of it."""
    optional = re.search(r"(OPTIONAL|EXISTS|UNION|MINUS|WHERE)\s*\Z", before)
    return optional is not None or after.lstrip().startswith("SELECT")


def _closing_words(parts: list[str]) -> Iterator[str]:
    """Yield what follows each closing brace of a group that was open at a condition."""
    depth = 0
    text = _blank(parts[-1])
    for position, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if sign == "}" and depth < 0:
            depth = 0
            yield text[position + 1 :].lstrip()[:5]


def _braces(text: str) -> Iterable[tuple[str, str, str]]:
    blank = _blank(text)
    for match in re.finditer(r"[{}]", blank):
        yield match.group(), blank[: match.start()], blank[match.end() :]


def same_length_blank(text: str) -> str:
    """Return the text with blanks in place of strings, IRIs and comments, so that positions stay the same."""
    return _QUIET.sub(lambda match: " " * len(match.group()), text)


def _blank(text: str) -> str:
    """Return the text without strings, IRIs and comments, where braces and words mean nothing."""
    return _QUIET.sub(" ", text)
