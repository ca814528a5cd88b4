"""`budgetgraph publish`: convert, validate, and put online in one step."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pyoxigraph

from budgetgraph.cli.cluster import connected, prepare_on
from budgetgraph.cli.conversions import ConversionCache, Converted, convert, hash_of
from budgetgraph.cli.errors import Exit, fail, say
from budgetgraph.cli.options import conversion_options, counted, opened, settings_from, track
from budgetgraph.cli.processes import map_in_processes
from budgetgraph.cli.refusals import Refusals
from budgetgraph.converter.exceptions import ConverterError, SourceError
from budgetgraph.converter.pipeline import Settings
from budgetgraph.converter.sources.search import Publication
from budgetgraph.ontology import codelists
from budgetgraph.ontology.files import alignment_files, ontology_files
from budgetgraph.server.config import RemoteSettings
from budgetgraph.server.publishing import KEEP, build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.remote_publishing import publish_remote, require_addresses
from budgetgraph.server.settings import is_address, read_remote
from budgetgraph.shapes.across import GRAPH, summary, validate_across
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.exceptions import ShapesError
from budgetgraph.shapes.report import to_quads
from budgetgraph.shapes.report_cache import ReportCache
from budgetgraph.shapes.results import Report
from budgetgraph.shapes.validation import validate


@dataclass(frozen=True, slots=True)
class Prepared:
    """One publication, ready to be loaded, and a file of page pictures; `error` when it could not be prepared.

    summary   what the rules over several documents need of it
    violated  rule -> how often; `fault` names the exception
    """

    name: str
    path: Path | None = None
    pages: Path | None = None
    summary: bytes = b""
    version: str = ""
    series: str = ""
    year: int = 0
    lines: tuple[str, ...] = ()
    findings: str = ""
    title: str = ""
    body: str = ""
    violated: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Conversions and reports, kept in a folder; without one nothing is kept."""

    folder: Path | None = None
    inputs: str = ""

    def convert(self, publication: Publication, settings: Settings, scratch: Path | None) -> Converted:
        if self.folder is None:
            return convert(publication, settings, scratch)
        return ConversionCache(self.folder / "conversions", self.inputs).convert(publication, settings, scratch)

    def examine(self, quads: bytes, source: str) -> tuple[Report, bytes]:
        if self.folder is None:
            document = Document(quads, source)
            return validate(document), summary(document)
        return ReportCache(self.folder / "reports").examine(quads, source=source)


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("--store", required=True, metavar="DIR|URL", help="Folder of the store, or a SPARQL endpoint.")
@click.option("--keep", type=click.IntRange(min=0), default=KEEP, show_default=True, help="Old releases that stay.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that convert.")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers convert, such as tcp://host:8786.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of conversions and reports: what has not changed is not made again. Default: the store's folder.",
)
@click.option(
    "--page-pictures/--no-page-pictures",
    default=True,
    show_default=True,
    help="Draw the pages of PDFs that tables stand on, with all else covered, to mark cells on them.",
)
@click.option(
    "--on-violation",
    type=click.Choice(["publish", "quarantine"]),
    default="publish",
    show_default=True,
    help="Publish documents with violations with their report, or leave them out.",
)
@conversion_options
def command(
    sources: tuple[Path, ...],
    store: str,
    keep: int,
    jobs: int,
    cluster: str | None,
    cache: Path | None,
    page_pictures: bool,
    on_violation: str,
    **options: Any,
) -> None:
    """Convert publications, validate them, and make them the store's live release in one step.

    The sources are all that the new release holds. A running server goes over to it with the next request.

    \b
    Example:
      budgetgraph publish data/publications --store data/store
    """
    settings = settings_from(**options)
    remote = read_remote(store, settings.base) if is_address(store) else None
    if remote is not None:
        require_addresses(remote)
    elif Path(store).exists() and not Path(store).is_dir():
        fail(f"--store {store}: is no folder. Name a folder, or the address of a SPARQL endpoint.")
    elif cache is None:
        cache = Path(store)
    kept = _Kept(cache, hash_of([options["registry"] or Path(), *options["profiles"]]))
    batch = _Batch(Refusals(settings.base), quarantines=on_violation == "quarantine")
    with (
        tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder,
        opened(sources, settings, jobs) as publications,
    ):
        prepare = partial(_prepare, settings=settings, kept=kept, pictures=page_pictures and remote is None)
        for prepared in _prepare_all(publications, prepare, Path(folder), jobs, cluster):
            batch.add(prepared)
        if not batch.ready:
            fail("nothing to publish; the live release stays as it is.")
        release, quads = _publish(batch, settings.base, remote, Path(store), keep)
    documents = counted(len(batch.ready), "document")
    say(f"published {documents} as release {release}: {counted(quads, 'statement')} in {store}")
    if batch.failed:
        raise SystemExit(Exit.PARTLY)


@dataclass(slots=True)
class _Batch:
    """What becomes of the publications of one run: ready to be published, refused, put in quarantine, left out."""

    refusals: Refusals
    quarantines: bool
    ready: list[Prepared] = field(default_factory=list)
    failed: int = 0
    _taken: dict[str, str] = field(default_factory=dict)

    def add(self, prepared: Prepared) -> None:
        """Take a publication, and say what becomes of it."""
        if prepared.error:
            say(f"error: {prepared.error}")
            self.failed += 1
            self.refusals.refuse(prepared.name, prepared.fault)
            return
        if prepared.version in self._taken:
            say(f"{prepared.name}: is the same document as {self._taken[prepared.version]}; it is left out")
            return
        self._taken[prepared.version] = prepared.name
        for line in (*prepared.lines, f"{prepared.name}: {prepared.findings}"):
            say(line)
        if prepared.violated and self.quarantines:
            say(f"{prepared.name}: not published, because it has violations (--on-violation quarantine)")
            self.refusals.quarantine(
                prepared.name,
                prepared.version,
                prepared.series,
                prepared.title,
                prepared.body,
                prepared.year,
                prepared.violated,
            )
            return
        self.ready.append(prepared)


def _publish(batch: _Batch, base: str, remote: RemoteSettings | None, store: Path, keep: int) -> tuple[str, int]:
    """Make a release of what is ready, in a folder or at an endpoint; return its id and how many statements it has."""
    ready = batch.ready
    older = _superseded(ready)
    metadata = ReleaseMetadata(base, tuple(p.version for p in ready), version("budgetgraph"), older)
    refused = batch.refusals.graph(None if remote else store, (p.series for p in ready))
    together = _together((p.summary for p in ready if p.version not in older), base)
    shared = [_shared_graphs(base, {p.year for p in ready}), refused, together]
    graphs: list[Path | bytes] = [*(p.path for p in ready if p.path), *shared]
    if remote is not None:
        return publish_remote(remote, graphs, metadata)
    made = build_release(store, graphs, metadata, keep, {p.version: p.pages for p in ready if p.pages})
    return made.id, made.quads


def _prepare_all(
    publications: list[Publication], prepare: "partial[Prepared]", folder: Path, jobs: int, cluster: str | None
) -> Iterator[Prepared]:
    paths = [folder / f"{number}.nq" for number in range(len(publications))]
    if cluster is not None:
        # What is kept is on this machine alone.
        there = partial(prepare, kept=_Kept())
        with connected(cluster) as client:
            yield from prepare_on(client, there, lambda n, e: Prepared(n, error=e), publications, paths)
        return
    if jobs == 1 or len(publications) == 1:
        for publication, path in zip(track(publications, "Converting"), paths, strict=True):
            yield prepare(publication, path)
        return
    yield from map_in_processes(prepare, min(jobs, len(publications)), publications, paths)


def _prepare(publication: Publication, path: Path, settings: Settings, kept: "_Kept", pictures: bool) -> Prepared:
    """Convert and validate one publication into a file of N-Quads with its report graph, and draw its pages."""
    pages = path.with_suffix(".zip")
    try:
        converted = kept.convert(publication, settings, pages if pictures else None)
        report, summarised = kept.examine(converted.quads, source=publication.name)
    except (ConverterError, ShapesError) as error:
        fault = SourceError if isinstance(error, SourceError) else type(error)
        return Prepared(publication.name, error=str(error), fault=fault.__name__)
    reported = pyoxigraph.serialize(to_quads(report, converted.report), format=pyoxigraph.RdfFormat.N_QUADS)
    path.write_bytes(converted.quads + (reported or b""))
    if converted.pages is not None:
        pages.write_bytes(converted.pages)
    return Prepared(
        publication.name,
        path,
        None if converted.pages is None else pages,
        summarised,
        converted.version,
        converted.series,
        converted.year,
        converted.lines,
        _told(report),
        converted.title,
        converted.body,
        Counter(result.rule for result in report.results if result.severity == "Violation"),
    )


def _told(report: Report) -> str:
    found = Counter(result.severity.value for result in report.results)
    counts = ", ".join(f"{found[name]} {name}" for name in ("Violation", "Warning", "Info") if found[name])
    return f"{report.looked_at} equations and values checked: {counts or 'nothing found'}"


def _together(summaries: Iterable[bytes], base: str) -> bytes:
    """Return the report on the current documents together as N-Quads; nothing where none has to do with another."""
    report = validate_across(list(summaries))
    if not report.looked_at:
        return b""
    say(f"{report.source}: {_told(report)}")
    return pyoxigraph.serialize(to_quads(report, base + GRAPH), format=pyoxigraph.RdfFormat.N_QUADS) or b""


def _superseded(ready: list[Prepared]) -> tuple[str, ...]:
    """Return the versions that a later source of the same budget replaces, and say so."""
    last = {prepared.series: prepared for prepared in ready}
    older = [prepared for prepared in ready if last[prepared.series] is not prepared]
    for prepared in older:
        later = last[prepared.series].name
        say(f"{prepared.name}: {later} states the same budget and comes later, so it is the current version")
    return tuple(prepared.version for prepared in older)


def _shared_graphs(base: str, years: set[int]) -> bytes:
    """Return vocabulary, alignments and the code lists of the years as N-Quads."""
    parts = []
    for paths, name in ((ontology_files(), "ontology"), (alignment_files(), "ontology/alignments")):
        graph = pyoxigraph.NamedNode(f"{base}graph/{name}")
        for path in paths:
            triples = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True)
            quads = [pyoxigraph.Quad(t.subject, t.predicate, t.object, graph) for t in triples]
            parts.append(pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"")
    for name in codelists.schemes():
        for year in sorted(years) if codelists.is_yearly(name) else [None]:
            scheme = codelists.scheme(name, year)
            of_year, of_all = f"<{base}graph/codes/{name}{f'/{year}' if year else ''}>", f"<{base}graph/codes/{name}>"
            lines = (
                f"{s} {p} {o} {of_all if codelists.is_of_all_years(scheme, s) else of_year} .\n"
                for s, p, o in codelists.statements(scheme)
            )
            parts.append("".join(lines).encode())
    return b"".join(parts)
