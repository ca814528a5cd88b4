"""Conversions kept by what they depend on: a publication is converted again only when something of that has changed.

The key is a hash over the names and bytes of the publication's files, what is known of it, the base, the registry, the
profiles, and this program's own code with the versions of what it reads with. A refusal is never kept.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import budgetgraph.cli
import budgetgraph.converter
import budgetgraph.shapes
from budgetgraph.cli.options import summary_of
from budgetgraph.cli.page_pictures import draw
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.converter.sources.search import Publication
from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.shapes.kept_files import KeptFiles

#: So many conversions are kept, the last used; and so many bytes of them.
MOST, MOST_BYTES = 5_000, 2_000_000_000

#: What readers use beside the standard library; those of the extra `ocr` may be absent.
LIBRARIES = ("lxml", "onnxruntime", "pypdfium2", "rapidocr", "xlrd")

_ABOUT, _QUADS, _PAGES = "about.json", "data.nq", "pages.zip"


@dataclass(frozen=True, slots=True)
class Converted:
    """What publishing takes from a conversion.

    version  of the document; `series` is the budget that it is a version of, `year` the fiscal year
    title    of the document; `body` is the IRI of whose budget it is
    report   IRI of the graph for the report on it
    lines    for people: what was converted, and the faults that cost data
    quads    N-Quads of the document's graphs
    pages    ZIP file of page pictures, where there are any
    """

    version: str
    series: str
    year: int
    title: str
    body: str
    report: str
    lines: tuple[str, ...]
    quads: bytes
    pages: bytes | None

    def packed(self) -> bytes:
        """Return all of it as one file."""
        about = {name: getattr(self, name) for name in ("version", "series", "year", "title", "body", "report")}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_ABOUT, json.dumps({**about, "lines": self.lines}))
            archive.writestr(_QUADS, self.quads)
            if self.pages is not None:
                archive.writestr(_PAGES, self.pages, zipfile.ZIP_STORED)
        return file.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> "Converted":
        """Return what `packed` gave. Raises ValueError, KeyError, TypeError or BadZipFile when it is not whole."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            about = json.loads(archive.read(_ABOUT))
            pages = archive.read(_PAGES) if _PAGES in archive.namelist() else None
            return cls(**{**about, "lines": tuple(about["lines"])}, quads=archive.read(_QUADS), pages=pages)


def convert(publication: Publication, settings: Settings, scratch: Path | None) -> Converted:
    """Convert a publication; raises what `convert_publication` raises.

    scratch  where the pages are drawn, a file that is not there yet; None draws none
    """
    conversion = convert_publication(publication, settings)
    lines, pages = summary_of(conversion), None
    if scratch is not None:
        if missing := draw(publication, conversion, scratch):
            lines.append(f"  {publication.name}: {missing}")
        if scratch.is_file():
            pages = scratch.read_bytes()
            scratch.unlink()
    ids = conversion.ids
    quads = b"".join(encode(conversion.graphs, "nquads"))
    budget = conversion.budget
    return Converted(
        ids.version,
        ids.series,
        budget.fiscal_year,
        budget.title,
        ids.organisation(budget.department.id),
        ids.graph("report"),
        tuple(lines),
        quads,
        pages,
    )


@dataclass(frozen=True, slots=True)
class ConversionCache:
    """A folder of conversions. `inputs` is a hash over the files that the settings were read from; see `hash_of`."""

    folder: Path
    inputs: str

    def convert(self, publication: Publication, settings: Settings, scratch: Path | None) -> Converted:
        """Return what is kept of a publication, or convert it; raises what `convert` raises."""
        if publication.refusal is not None:
            return convert(publication, settings, scratch)
        files = KeptFiles(self.folder, MOST, MOST_BYTES)
        name = f"{self._key(publication, settings, scratch is not None)}.zip"
        if (kept := files.get(name)) is not None:
            try:
                return Converted.unpacked(kept)
            except (ValueError, KeyError, TypeError, zipfile.BadZipFile):
                pass  # not whole: made again
        converted = convert(publication, settings, scratch)
        files.keep(name, converted.packed())
        return converted

    def _key(self, publication: Publication, settings: Settings, is_drawn: bool) -> str:
        about = (publication.name, publication.title, publication.problems, settings.base, is_drawn)
        parts = [repr(about), self.inputs, _program()]
        for file in publication.files:
            parts += [file.name, hash_of([file.path])]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def hash_of(paths: Iterable[Path]) -> str:
    """Return a hash over files in their order. One that cannot be read counts as none: reading it says why."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:
            digest.update(b"\0")
    return digest.hexdigest()


@cache
def _program() -> str:
    """Return a hash over the code and data that convert and draw, and the versions of the libraries that read."""
    modules = (budgetgraph.cli, budgetgraph.converter, budgetgraph.shapes)
    folders = [*(Path(str(module.__file__)).parent for module in modules), ONTOLOGY]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix != ".pyc"]
    registry = resources.files("budgetgraph.data") / "organisations.csv"
    code = [hash_of(path for path in paths if path.is_file()), hashlib.sha256(registry.read_bytes()).hexdigest()]
    return "\0".join([*code, *map(_version, LIBRARIES)])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
