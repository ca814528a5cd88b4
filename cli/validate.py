"""`budgetgraph validate`: what is wrong with a publication, as a report."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from budgetgraph.cli.errors import Exit, fail, say
from budgetgraph.cli.options import conversion_options, opened, settings_from, track
from budgetgraph.cli.output import make_folder, write
from budgetgraph.cli.processes import map_in_processes
from budgetgraph.converter.exceptions import ConverterError
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.converter.reprint.tables import is_rdf
from budgetgraph.converter.sources.search import Publication, SourceFile
from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE, ENGINES
from budgetgraph.shapes.exceptions import ShapesError
from budgetgraph.shapes.history import History, read_history
from budgetgraph.shapes.report import to_json, to_text, to_turtle
from budgetgraph.shapes.results import Report
from budgetgraph.shapes.validation import report_on

#: Forms of a report, and the endings of their files.
FORMS = {"text": "txt", "turtle": "ttl", "json": "json", "html": "html", "csv": "csv", "sarif": "sarif", "badge": "svg"}
#: Forms whose equations are written out, and what results have in common.
_EXPLAINED = {"text", "json", "html", "csv"}


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE|RDF...")
@click.option(
    "--format",
    "forms",
    type=click.Choice([*FORMS]),
    multiple=True,
    default=["text"],
    show_default="text",
    help="May be given several times: -o names a folder then, for report.json, report.html ...",
)
@click.option("--engine", type=click.Choice(sorted(ENGINES)), default=DEFAULT_ENGINE, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that validate.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="Of the text.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Former report (JSON): html, csv and sarif say what is new, still there or fixed.",
)
@click.option(
    "--status",
    "statuses",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What people said about results, by fingerprint (YAML or CSV), for html, csv and sarif.",
)
@click.option(
    "--mutation",
    is_flag=True,
    help="Instead of a report: change figures on purpose and print what the rules notice and what they do not watch.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@conversion_options
def command(
    sources: tuple[Path, ...],
    forms: tuple[str, ...],
    engine: str,
    jobs: int,
    language: str,
    against: Path | None,
    statuses: Path | None,
    mutation: bool,
    output: Path | None,
    **options: Any,
) -> None:
    """Validate publications, or RDF that `convert` has written, against the SHACL shapes.

    Exits with 0 when all sources conform (warnings are allowed), with 1 when there are violations.

    \b
    Example:
      budgetgraph validate data/publications/wuhan-jingkai-party-office-2021 --language zh
    """
    if len(forms) > 1 and output is None:
        raise click.UsageError("several forms need a folder: add -o FOLDER")
    history = read_history(against, statuses)
    settings = settings_from(**options)
    rdf = [source for source in sources if source.is_file() and is_rdf(source)]
    with opened([source for source in sources if source not in rdf], settings, jobs) as found:
        given = [Publication(source.name, (SourceFile(source, str(source)),)) for source in rdf]
        publications = [*given, *found]
        if mutation:
            write(output, ["\n".join(_mutated(publication, settings) for publication in publications)])
            return
        explain = not _EXPLAINED.isdisjoint(forms)
        reports, failed = _validate_all(publications, settings, engine, explain, jobs)
        texts = {form: _writer(form, language, history, publications)(reports) for form in forms}
    if output is not None and len(forms) > 1:
        make_folder(output)
        for form, text in texts.items():
            write(output / f"report.{FORMS[form]}", [text])
    else:
        write(output, texts.values())
    if failed:
        sys.exit(Exit.PARTLY if reports else Exit.FAILED)
    sys.exit(Exit.DONE if all(report.conforms for report in reports) else Exit.VIOLATIONS)


def _writer(
    form: str, language: str, history: History, publications: list[Publication]
) -> Callable[[list[Report]], str]:
    """Return what writes reports in a form; modules are loaded when their form is asked for."""
    if form == "html":
        from budgetgraph.shapes.report_page import to_html

        files = {p.name: p.path for p in publications if p.path.suffix.lower() == ".pdf" and len(p.files) == 1}
        return lambda reports: to_html(reports, version("budgetgraph"), history, files)
    if form == "badge":
        from budgetgraph.shapes.report_page import to_badge

        return to_badge
    if form == "sarif":
        from budgetgraph.shapes.sarif import to_sarif

        return lambda reports: to_sarif(reports, version("budgetgraph"), history)
    if form == "csv":
        from budgetgraph.shapes.report_sheet import to_csv

        return lambda reports: to_csv(reports, history)
    if form == "text":
        return lambda reports: "\n".join(to_text(report, language) for report in reports)
    return {"json": to_json, "turtle": to_turtle}[form]


def _validate_all(
    publications: list[Publication], settings: Settings, engine: str, explain: bool, jobs: int
) -> tuple[list[Report], int]:
    """Return the reports in the order of the publications, and how many could not be validated."""
    reports: list[Report] = []
    summaries: list[bytes] = []
    failed = 0
    each = partial(_validate, settings=settings, engine=engine, explain=explain, several=len(publications) > 1)
    for outcome in _outcomes(publications, each, jobs):
        if isinstance(outcome, str):
            if len(publications) == 1:
                fail(outcome)
            say(f"error: {outcome}")
            failed += 1
            continue
        report, summary = outcome
        summaries.append(summary)
        if report.looked_at == 0:
            say(f"{report.source}: holds nothing that the shapes are about; nothing was checked")
        elif not report.data_sets:
            say(f"{report.source}: holds no data set; no amount was checked")
        if report.handed_on:
            rules = ", ".join(report.handed_on)
            say(f"{report.source}: pySHACL looked at {rules}, which {report.engine} does not know")
        reports.append(report)
    if len(summaries) > 1:
        together = _together(summaries, engine)
        reports += [together] if together.looked_at else []
    return reports, failed


def _together(summaries: list[bytes], engine: str) -> Report:
    """Return the report on several documents together; it looked at nothing when none has to do with another."""
    from budgetgraph.shapes.across import validate_across

    return validate_across(summaries, engine_name=engine)


def _outcomes(
    publications: list[Publication], validated: Callable[[Publication], tuple[Report, bytes] | str], jobs: int
) -> Iterator[tuple[Report, bytes] | str]:
    if jobs == 1 or len(publications) < 2:
        yield from map(validated, track(publications, "Validating"))
        return
    yield from map_in_processes(validated, min(jobs, len(publications)), publications)


def _validate(
    publication: Publication, settings: Settings, engine: str, explain: bool, several: bool
) -> tuple[Report, bytes] | str:
    """Return the report on a publication and, of several, its summary for the rules over all; or why there is none."""
    try:
        data, source = _data(publication, settings)
        document = Document(data, source)
        report = report_on(document, shipped_shapes(), engine, explain=explain)
        if not several:
            return report, b""
        from budgetgraph.shapes.across import summary

        return report, summary(document)
    except (ConverterError, ShapesError) as error:
        return str(error)


def _data(publication: Publication, settings: Settings) -> tuple[Path | bytes, str]:
    """Return the RDF of a publication, and what reports call it."""
    if is_rdf(publication.path):
        return publication.path, str(publication.path)
    return b"".join(encode(convert_publication(publication, settings).graphs, "nquads")), publication.name


def _mutated(publication: Publication, settings: Settings) -> str:
    from budgetgraph.shapes.mutation import Watch, curve
    from budgetgraph.shapes.mutation_operators import trials
    from budgetgraph.shapes.mutation_text import to_text as mutation_text

    data, source = _data(publication, settings)
    watch = Watch(Document(data, source), shipped_shapes())
    return mutation_text(source, curve(watch), trials(watch))
