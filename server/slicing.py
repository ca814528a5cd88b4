"""LIMIT and OFFSET of a query, read and set on its text: what bounds an answer, and what asks for the next part.

Only the outermost ones count; those of subqueries stand inside brackets. SPARQL 1.1 Query, 15.4, 15.5 and 19.8
(SolutionModifier stands before the last VALUES).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from budgetgraph.server.tokens import Token, tokens

_WORD = re.compile(r"(LIMIT|OFFSET)([0-9]*)\Z", re.IGNORECASE)

#: Most queries have none of these; reading their tokens would take longer than answering them.
_WORDS = ("LIMIT", "OFFSET", "VALUES")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which solutions a query asks for; `limit` is None when it asks for all from `offset` on."""

    limit: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    value: int


def read_slice(query: str) -> Slice:
    """Return the slice a query states.

    >>> read_slice("SELECT * { { SELECT * {} LIMIT 1 } } OFFSET 20")
    Slice(limit=None, offset=20)
    """
    places, _ = _find(query)
    limit, offset = places.get("LIMIT"), places.get("OFFSET")
    return Slice(limit.value if limit else None, offset.value if offset else 0)


def set_slice(query: str, limit: int | None, offset: int) -> str:
    """Return the query with another slice, all else as it is written.

    >>> set_slice("SELECT * {} LIMIT 5 VALUES ?x { 1 }", 2, 4)
    'SELECT * {}  \\nLIMIT 2 OFFSET 4\\nVALUES ?x { 1 }'
    """
    places, end = _find(query)
    kept, rest = query[:end], query[end:]
    for place in sorted(places.values(), key=lambda p: -p.start):
        kept = kept[: place.start] + kept[place.end :]
    parts = [f"LIMIT {limit}"] if limit is not None else []
    parts += [f"OFFSET {offset}"] if offset else []
    # On lines of their own, because the text before may end in a comment.
    return f"{kept}\n{' '.join(parts)}\n{rest}" if parts else kept + rest


def bounded(query: str, rows: int) -> str | None:
    """Return the query cut to at most `rows` solutions, or None when it asks for no more by itself."""
    if not _has_words(query):
        return f"{query}\nLIMIT {rows}\n"
    stated = read_slice(query)
    if stated.limit is not None and stated.limit <= rows:
        return None
    return set_slice(query, rows, stated.offset)


def following(query: str, rows: int) -> str:
    """Return the query for what comes after the first `rows` solutions of a query."""
    stated = read_slice(query)
    return set_slice(query, None if stated.limit is None else stated.limit - rows, stated.offset + rows)


def _has_words(query: str) -> bool:
    upper = query.upper()
    return any(word in upper for word in _WORDS)


@lru_cache(4)
def _find(query: str) -> tuple[dict[str, _Place], int]:
    """Return the outermost LIMIT and OFFSET, and where they may stand at the latest."""
    places: dict[str, _Place] = {}
    end, depth, pending = len(query), 0, None
    if not _has_words(query):
        return places, end
    for token in tokens(query):
        if token.kind in {"open", "close"}:
            depth += 1 if token.kind == "open" else -1
        elif depth == 0:
            pending = _read(token, pending, places)
            if token.kind == "word" and token.text.upper() == "VALUES":
                end = token.start
    return places, end


def _read(token: Token, pending: Token | None, places: dict[str, _Place]) -> Token | None:
    """Note a LIMIT or OFFSET that this token ends; return the token when it begins one."""
    if pending is not None and token.kind == "number" and token.text.isdigit():
        places[pending.text.upper()] = _Place(pending.start, token.start + len(token.text), int(token.text))
        return None
    match = _WORD.match(token.text) if token.kind == "word" else None
    if match is None:
        return None
    if not match[2]:
        return token
    places[match[1].upper()] = _Place(token.start, token.start + len(token.text), int(match[2]))
    return None
