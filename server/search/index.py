"""The index of a release: made from its graph, kept in memory, found by SQLite's FTS5."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Lock

from budgetgraph.server.search.words import index_characters, index_pinyin, index_text, match_expression
from budgetgraph.server.terms import Row

#: Kinds of what is found, with the query that lists them; the order in which equally good ones are shown.
KINDS = ("organisation", "code", "document", "table", "project", "item", "indicator", "term", "claim")

_SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind INTEGER, label TEXT, text TEXT, year TEXT, place TEXT
);
CREATE VIRTUAL TABLE word USING fts5(name, text, characters, pinyin, tokenize = "unicode61", detail = full);
"""
#: Weights of name, text, characters and pinyin in the rank.
_RANK = "bm25(word, 10.0, 2.0, 1.0, 4.0)"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its IRI, kind, name, the text beside it, year and place where it has them."""

    iri: str
    kind: str
    label: str
    text: str
    year: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, how many there are in all, and how many with each value of the facets."""

    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Mapping[str, int]]


class Index:
    """What can be found in one release. Safe for threads."""

    def __init__(self, image: bytes | None = None) -> None:
        """Begin an empty index, or read the image of one."""
        self._lock = Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        if image is None:
            self._base.executescript(_SCHEMA)
        else:
            self._base.deserialize(image)

    @classmethod
    def of(cls, rows_of: Callable[[str], Iterable[Row]]) -> "Index":
        """Return the index of a release; `rows_of` gives the rows of one of the queries here, by its text."""
        index = cls()
        with index._base:
            for kind, name in enumerate(KINDS):
                for entry in _merged(rows_of(_query(f"list-{name}s"))):
                    index._add(kind, entry)
        return index

    def image(self) -> bytes:
        """Return the whole index, for another process to read."""
        return self._base.serialize()

    def _add(self, kind: int, entry: "_Entry") -> None:
        names = " ".join(entry.names)
        cursor = self._base.execute(
            "INSERT OR IGNORE INTO entry (iri, kind, label, text, year, place) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.iri, kind, entry.label, entry.text, entry.year, entry.place),
        )
        if not cursor.rowcount:
            return
        pinyin = " ".join(map(index_pinyin, entry.names)) if KINDS[kind] in {"organisation", "code", "project"} else ""
        words = index_text(names), index_text(entry.text), index_characters(f"{names} {entry.text}"), pinyin
        self._base.execute(
            "INSERT INTO word (rowid, name, text, characters, pinyin) VALUES (?, ?, ?, ?, ?)",
            (cursor.lastrowid, *words),
        )

    def find(self, text: str, chosen: Mapping[str, str], number: int, size: int) -> Found:
        """Return page `number` (from 1) of what a text finds.

        chosen  facet -> value that hits must have: "kind", "year", "place"
        """
        expression = match_expression(text)
        if expression is None:
            return Found((), 0, {})
        where, values = "word MATCH ?", [expression]
        for facet, value in chosen.items():
            where += f" AND {_COLUMNS[facet]} = ?"
            values.append(str(KINDS.index(value)) if facet == "kind" else value)
        joined = f"FROM word JOIN entry ON entry.id = word.rowid WHERE {where}"
        with self._lock:
            total = self._base.execute(f"SELECT COUNT(*) {joined}", values).fetchone()[0]  # own columns
            rows = self._base.execute(
                f"SELECT iri, kind, label, entry.text, year, place {joined} "
                f"ORDER BY label = ? DESC, {_RANK}, kind, iri LIMIT ? OFFSET ?",
                [*values, text.strip(), size, (number - 1) * size],
            ).fetchall()
            facets = {facet: self._facet(column, joined, values) for facet, column in _COLUMNS.items()}
        return Found([Hit(row[0], KINDS[row[1]], *row[2:]) for row in rows], total, facets)

    def _facet(self, column: str, joined: str, values: Sequence[str]) -> dict[str, int]:
        rows = self._base.execute(
            f"SELECT {column}, COUNT(*) {joined} AND {column} IS NOT NULL GROUP BY {column} ORDER BY 2 DESC, 1",
            values,
        ).fetchall()
        return {KINDS[key] if column == "kind" else key: count for key, count in rows}


@cache
def _query(name: str) -> str:
    return (resources.files("budgetgraph.server.search") / "queries" / f"{name}.rq").read_text("utf-8")


_COLUMNS = {"kind": "kind", "year": "year", "place": "place"}


@dataclass(slots=True)
class _Entry:
    iri: str
    label: str
    names: list[str]
    text: str
    year: str | None
    place: str | None
    language: str = ""


def _merged(rows: Iterable[Row]) -> Iterable[_Entry]:
    """Return one entry for each resource: the first Chinese name is its label, all names find it."""
    found: dict[str, _Entry] = {}
    for row in rows:
        iri, label = row["iri"].value, row["label"]
        entry = found.get(iri)
        if entry is None:
            texts = [row[name].value for name in ("text", "body") if name in row]
            year, place = (row[name].value if name in row else None for name in ("year", "place"))
            entry = found[iri] = _Entry(iri, label.value, [], " · ".join(texts), year, place)
        elif label.language == "zh" and entry.language != "zh":
            entry.label = label.value
        entry.language = "zh" if label.language == "zh" else entry.language
        for name in (label.value, *(row[key].value for key in ("also", "code") if key in row)):
            if name not in entry.names:
                entry.names.append(name)
    return found.values()
