"""Dumps of a release: all of it, each document, and the cube as a table, made when it is published.

    releases/{id}/dumps/
      dumps.json                       what there is, with sizes and SHA-256
      all.nq.gz  all.trig.gz           every named graph
      {document}.nq.gz                 the graphs of one document version
      cube.csv.gz  cube.parquet        every observation of the current versions, a row each (Parquet with pyarrow)

Compressed files have no time in them: the same release gives the same bytes.
"""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.exceptions import NotFoundError, StoreError
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import Release, ReleaseMetadata

MANIFEST = "dumps.json"
FOLDER = "dumps"
#: Every named graph, as N-Quads.
EVERYTHING = "all.nq.gz"

_NUMBERS = ("amount", "quantity", "headcount")


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that can be downloaded. `document` is the version it holds, None for all; `size` in bytes."""

    name: str
    media_type: str
    compressed: bool
    document: str | None
    size: int
    sha256: str


def write_dumps(quads: Path, folder: Path, metadata: ReleaseMetadata) -> list[Dump]:
    """Write the dumps of a store that is not live yet. The folder must not exist."""
    folder.mkdir()
    store = ox.Store.read_only(str(quads))
    with _compressed(folder / EVERYTHING) as file:
        ox.serialize(_named(store), file, ox.RdfFormat.N_QUADS)
    with _compressed(folder / "all.trig.gz") as file:
        ox.serialize(_named(store), file, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))
    for document in metadata.documents:
        with _compressed(folder / f"{document}.nq.gz") as file:
            ox.serialize(_of_document(store, metadata, document), file, ox.RdfFormat.N_QUADS)
    names, rows = _cube(store)
    with _compressed(folder / "cube.csv.gz") as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows(rows)
    if find_spec("pyarrow") is not None:
        _write_parquet(names, rows, folder / "cube.parquet")
    dumps = [_describe(path, metadata) for path in sorted(folder.iterdir())]
    text_of = json.dumps([asdict(dump) for dump in dumps], indent=1)
    (folder / MANIFEST).write_text(text_of + "\n", "utf-8")
    return dumps


def read_dumps(release: Release) -> list[Dump]:
    """Return the dumps of a release. Raises NotFoundError when it was published without, StoreError when unreadable."""
    path = release.path / FOLDER / MANIFEST
    try:
        return [Dump(**told) for told in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        raise NotFoundError(f"Release {release.id} has no dumps. Publish it again, then there are.") from None
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path}: is not readable ({error!r}). Publish again.") from error


@contextmanager
def _compressed(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        yield cast(IO[bytes], file)


def _named(store: ox.Store) -> Iterator[ox.Quad]:
    for graph in sorted(store.named_graphs(), key=str):
        yield from store.quads_for_pattern(None, None, None, graph)


def _of_document(store: ox.Store, metadata: ReleaseMetadata, document: str) -> Iterator[ox.Quad]:
    begin = f"{metadata.base}graph/doc/{document}/"
    for graph in sorted(store.named_graphs(), key=str):
        if isinstance(graph, ox.NamedNode) and graph.value.startswith(begin):
            yield from store.quads_for_pattern(None, None, None, graph)


def _cube(store: ox.Store) -> tuple[list[str], list[list[str | None]]]:
    solutions = store.query(read_query("list-cube"))
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # the query is a SELECT
    names = [variable.value for variable in solutions.variables]
    return names, [[_value(solution[name]) for name in names] for solution in solutions]


def _value(term: Any) -> str | None:
    return None if term is None else str(term.value)


def _write_parquet(names: Sequence[str], rows: Iterable[Sequence[str | None]], path: Path) -> None:
    """Write a table with numbers as exact decimals."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = list(zip(*rows, strict=True)) or [() for _ in names]
    arrays = []
    for name, column in zip(names, columns, strict=True):
        if name in _NUMBERS:
            numbers = [None if value is None else Decimal(value) for value in column]
            scale = max((-int(n.as_tuple().exponent) for n in numbers if n is not None), default=0)
            arrays.append(pa.array(numbers, pa.decimal128(38, max(0, scale))))
        elif name in {"isLeaf", "canonical"}:
            arrays.append(pa.array([None if value is None else value == "true" for value in column], pa.bool_()))
        else:
            arrays.append(pa.array(column, pa.string()))
    pq.write_table(pa.table(arrays, names=list(names)), path, compression="zstd")


_MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
}


def _describe(path: Path, metadata: ReleaseMetadata) -> Dump:
    stem = path.name.removesuffix(".gz")
    document = stem.partition(".")[0]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Dump(
        path.name,
        _MEDIA_TYPES[Path(stem).suffix],
        path.suffix == ".gz",
        document if document in metadata.documents else None,
        path.stat().st_size,
        digest,
    )
