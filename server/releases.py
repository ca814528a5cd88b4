"""Releases of a store directory, as they are read. `publishing.py` makes them.

    store/
      current -> releases/20260314T090502.123456Z-1f2e3d4c   the live release; replaced by one rename(2)
      releases/{id}/release.json                        what is in it
      releases/{id}/quads/                              RocksDB directory of Oxigraph, never written again
      releases/{id}/dumps/                              files to download (`dumps.py`)
      releases/{id}/pages/                              pictures of pages that tables stand on (`page_images.py`)
      .publish.lock                                     held by the one publisher

The default graph of a release is the union of its named graphs, stored as such. Oxigraph's own union (an option
of a query) gives a solution once for each graph a triple stands in, which would count figures twice.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from budgetgraph.server.exceptions import NoReleaseError, NotFoundError, StoreError

#: Folder of page pictures in a release.
PAGES = "pages"

#: Name of a release: the time it was built at, in UTC, and the first digits of a digest of what it was built from.
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}(?:\.[0-9]{6})?Z-[0-9a-f]{8}\Z")


@dataclass(frozen=True, slots=True)
class ReleaseMetadata:
    """What a publisher knows of the graphs it hands over.

    base               what the IRIs of the data begin with; ends in "/"
    documents          identities (16 hexadecimal digits) of the document versions
    converter_version  what made the graphs
    superseded         those of `documents` that a newer version replaces: reached by GRAPH, not by default
    reported           when the reports were made, ISO 8601, where clients have changed the data since; "" else
    """

    base: str
    documents: tuple[str, ...]
    converter_version: str
    superseded: tuple[str, ...] = ()
    reported: str = ""

    def data_graph(self, document: str) -> str:
        """Return the name of the graph that has a document's figures."""
        return f"{self.base}graph/doc/{document}/data"

    @property
    def data_set(self) -> str:
        """Return the IRI of all data together, for catalogue, VoID and service description."""
        return f"{self.base}catalog#data"


@dataclass(frozen=True, slots=True)
class Release:
    """A release.

    path     where it is on the disk
    created  ISO 8601; empty where a store elsewhere does not say
    quads    how many quads are in named graphs; `triples` counts those of the default graph
    totals   data set -> sum of its leaves in 元 as a decimal, for canonical data sets
    """

    id: str
    path: Path
    created: str
    quads: int
    triples: int
    metadata: ReleaseMetadata
    totals: Mapping[str, str] = field(default_factory=dict)

    @property
    def quads_path(self) -> Path:
        """Return the directory that Oxigraph opens."""
        return self.path / "quads"

    @property
    def page_pictures(self) -> dict[str, Path]:
        """Return the files of page pictures by document; some documents have none."""
        return {path.stem: path for path in (self.path / PAGES).glob("*.zip") if path.stem in self.metadata.documents}

    @property
    def is_counted(self) -> bool:
        """Tell whether it is known what it holds; what other means put into a store elsewhere was never counted."""
        return self.created != ""


def current(store: Path) -> Release:
    """Return the live release of a store directory.

    Raises NoReleaseError when there is none, StoreError when what is there cannot be read.
    """
    while True:
        target = _target(store)
        try:
            return read_release(store / target)
        except StoreError:
            # Another one may have become live meanwhile, and this one may have been removed.
            if _target(store) == target:
                raise


def _target(store: Path) -> Path:
    """Return where the link to the live release leads. Raises as `current` does."""
    try:
        return (store / "current").readlink()
    except FileNotFoundError:
        raise NoReleaseError(
            f"{store}: nothing is published here. Run `budgetgraph publish SOURCE... --store {store}` first."
        ) from None
    except OSError as error:
        raise StoreError(f"{store}/current: is no link to a release ({error}). Publish again.") from error


def read_release(path: Path) -> Release:
    """Return the release in a directory by its release.json. Raises StoreError when it is not readable."""
    file = path / "release.json"
    try:
        told = json.loads(file.read_text("utf-8"))
        metadata = ReleaseMetadata(
            base=told["base"],
            documents=tuple(told["documents"]),
            converter_version=told["converter_version"],
            superseded=tuple(told["superseded"]),
            reported=str(told.get("reported", "")),
        )
        return Release(
            told["id"], path, told["created"], told["quads"], told["triples"], metadata, told.get("totals", {})
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: is not readable ({error!r}). Publish again.") from error


def kept_releases(store: Path) -> list[str]:
    """Return the names of all releases that are kept, the newest first."""
    return sorted((p.name for p in (store / "releases").glob("*") if _NAME.match(p.name)), reverse=True)


def find_release(store: Path, identity: str) -> Release:
    """Return a release that is kept. Raises NotFoundError when there is none of that name, StoreError."""
    path = store / "releases" / identity
    if not _NAME.match(identity) or not path.is_dir():
        raise NotFoundError(
            f"There is no release {identity[:80]} here, or it is not kept any more. "
            f"Kept: {', '.join(kept_releases(store))}."
        )
    return read_release(path)
