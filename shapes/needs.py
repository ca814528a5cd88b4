"""What a document must hold so that a query finds anything: most rules are about what few publications print.

Found are IRIs of triple patterns that every solution matches. Where it is not plain that they are needed (in brackets,
optional groups, alternatives, steps of a path that may be left out), they are not: a query is rather asked in vain.
In the same way a FILTER NOT EXISTS drops nothing of a document that lacks what its group needs.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*|<[^<>"{}|^`\\\s]*>|[?$]\w+'
    r"|(?:[A-Za-z][\w.-]*)?:(?:[\w.:%\\-]*[\w:%\\-])?|\w+|\^\^|\S",
    re.DOTALL,
)
_PREFIX = re.compile(r"PREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
#: A group after one of these may match nothing, and so may one after a variable or a bracket (VALUES).
_MAY_FAIL = frozenset(("OPTIONAL", "EXISTS", "MINUS", "UNION"))
#: Queries with these are about other graphs or stores.
_ELSEWHERE = frozenset(("GRAPH", "SERVICE", "FROM"))
_PATH = frozenset("/|^!?*+")


@lru_cache(maxsize=512)
def needs(query: str) -> frozenset[str]:
    """Return IRIs that a graph must hold, as property or value, for a SELECT to have a solution."""
    words = [match.group() for match in _tokens(query)]
    if not _ELSEWHERE.isdisjoint(word.upper() for word in words) or "{" not in words:
        return frozenset()
    found, _ = _group(words, words.index("{"))
    return _iris(found, query)


def relevant(query: str, names: Callable[[Iterable[str]], bool]) -> str:
    """Return a query without the FILTER NOT EXISTS that drop nothing; `names` tells whether IRIs occur in the graph."""
    for start, end, needed in reversed(_exclusions(query)):
        if not names(needed):
            query = query[:start] + query[end:]
    return query


@lru_cache(maxsize=1024)
def _exclusions(query: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """Return start, end and needs of each FILTER NOT EXISTS that stands in no other."""
    tokens = _tokens(query)
    words = [match.group() for match in tokens]
    upper = [word.upper() for word in words]
    if not _ELSEWHERE.isdisjoint(upper):
        return ()
    found = []
    at = 0
    while at < len(words):
        if upper[at : at + 4] == ["FILTER", "NOT", "EXISTS", "{"]:
            needed, end = _group(words, at + 3)
            found.append((tokens[at].start(), tokens[end].end(), _iris(needed, query)))
            at = end
        at += 1
    return tuple(found)


def _tokens(query: str) -> list[re.Match[str]]:
    return [match for match in _TOKEN.finditer(query) if not match.group().startswith("#")]


def _iris(names: Iterable[str], query: str) -> frozenset[str]:
    prefixes = dict(_PREFIX.findall(query))
    return frozenset(iri for name in names if (iri := _iri(name, prefixes)))


def _iri(name: str, prefixes: dict[str, str]) -> str | None:
    if name.startswith("<"):
        return name[1:-1] if ":" in name else None
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local if prefix in prefixes and not re.search(r"[%\\]", local) else None


def _group(words: list[str], at: int) -> tuple[set[str], int]:
    """Return what the group that opens at a word needs, and where it closes."""
    found: set[str] = set()
    run: list[str] = []
    opening = at
    at += 1
    while words[at] != "}":
        word = words[at]
        if word in _PATH or (_is_name(word) and words[at - 1] != "^^"):
            # A subject may occur as one only.
            behind_subject = words[at - 1] == "a" or words[at - 1][0] in "?$;,"
            run.append(word if run or behind_subject else "")
            at += 1
            continue
        if word != "(":
            found |= _needed(run)
        run = []
        if word == "{":
            inner, end = _group(words, at)
            before = words[at - 1]
            may_fail = before.upper() in _MAY_FAIL or before[0] in "?$)" or words[end + 1].upper() == "UNION"
            found |= set() if may_fail else inner
            at = end
        elif word == "(":
            at = _closing(words, at)
        at += 1
    return set() if _is_total(words[opening + 1 : at]) else found | _needed(run), at


def _is_name(word: str) -> bool:
    return (word.startswith("<") and word.endswith(">")) or (":" in word and word[0] not in "\"'")


def _needed(run: list[str]) -> set[str]:
    """Return the IRIs of a path, or of neighbouring terms, that cannot be left out."""
    if "|" in run or "!" in run:
        return set()
    return {
        name for name, behind in zip(run, [*run[1:], ""], strict=False) if _is_name(name) and behind not in {"?", "*"}
    }


def _closing(words: list[str], at: int) -> int:
    depth = 0
    while True:
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return at
        at += 1


def _is_total(words: list[str]) -> bool:
    """Tell whether a group is a subselect that has a solution even of nothing: an aggregate without GROUP BY."""
    upper = [word.upper() for word in words]
    return upper[:1] == ["SELECT"] and "(" in upper[: upper.index("{")] and "GROUP" not in upper
