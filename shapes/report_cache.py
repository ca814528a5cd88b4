"""Reports kept by what they depend on: a document is validated again only when something of that has changed.

The key is a hash over the document's graph (which holds the concepts of the code lists that it uses), the data
structures, the shapes, the engine with its version, and this program's own code. A kept report that cannot be read
is made again.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.shapes.across import QUERY, shapes_across, summary
from budgetgraph.shapes.catalogue import FOLDER, shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE
from budgetgraph.shapes.kept_files import KeptFiles
from budgetgraph.shapes.results import Cell, Message, Report, Result, Severity, Value
from budgetgraph.shapes.validation import validate

#: So many reports are kept, the last used; and so many bytes of them.
MOST, MOST_BYTES = 5_000, 200_000_000


class ReportCache:
    """A folder of reports, one file each, which several processes may use at once."""

    def __init__(self, folder: Path, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._files = KeptFiles(folder, most, most_bytes)

    def validate(self, data: bytes, *, source: str, engine_name: str = DEFAULT_ENGINE) -> Report:
        """Return the report on a document, N-Quads or Turtle; from the folder where it was made before.

        Raises what `validation.validate` raises. A folder that cannot be written keeps nothing.
        """
        return self._report(hashlib.sha256(data), partial(Document, data, source), source, engine_name)

    def examine(self, data: bytes, *, source: str) -> tuple[Report, bytes]:
        """Return the report on a document, and what the rules over several documents need of it.

        The document is read where one of them was not made before, and once. Raises what `validation.validate` raises.
        """
        digest, read = hashlib.sha256(data), cache(partial(Document, data, source))
        return self._report(digest, read, source, DEFAULT_ENGINE), self._summary(digest, read)

    def _report(self, data: "hashlib._Hash", read: Callable[[], Document], source: str, engine_name: str) -> Report:
        name = f"{_key(data, shipped_shapes().hash, engine_name)}.json"
        if (kept := self._files.get(name)) is not None:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                return _report(json.loads(kept), source)
        report = validate(read(), source=source, engine_name=engine_name)
        self._files.keep(name, json.dumps(asdict(report), ensure_ascii=False).encode())
        return report

    def _summary(self, data: "hashlib._Hash", read: Callable[[], Document]) -> bytes:
        name = f"{_key(data, shapes_across().hash, QUERY.read_text(encoding='utf-8'))}.nt"
        kept = self._files.get(name)
        if kept is None:
            kept = summary(read())
            self._files.keep(name, kept)
        return kept


def _key(data: "hashlib._Hash", *others: str) -> str:
    digest = data.copy()
    for part in (*others, _program()):
        digest.update(b"\0" + part.encode())
    return digest.hexdigest()


@cache
def _program() -> str:
    """Return a hash over the code that validates, the data structures, and the versions of the engines."""
    digest = hashlib.sha256((ONTOLOGY / "structure.ttl").read_bytes())
    for path in sorted(FOLDER.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in ("pyoxigraph", "pyshacl", "rdflib", "oxrdflib"):
        digest.update(f"{name} {version(name)}".encode())
    return digest.hexdigest()


def _report(record: dict[str, Any], source: str) -> Report:
    results = tuple(_result(each) for each in record["results"])
    return Report(
        **{**record, "source": source, "handed_on": tuple(record["handed_on"]), "results": results, "causes": ()}
    )


def _result(record: dict[str, Any]) -> Result:
    value = record["value"]
    cells = tuple(Cell(**{**cell, "box": cell["box"] and tuple(cell["box"])}) for cell in record["cells"])
    return Result(
        **{
            **record,
            "severity": Severity(record["severity"]),
            "value": Value(**value) if value else None,
            "message": Message(**record["message"]),
            "cells": cells,
            "equation": None,
        }
    )
