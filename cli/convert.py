"""`budgetgraph convert`: publications -> RDF files."""

import json
from pathlib import Path
from typing import Any

import click

from budgetgraph.cli.errors import Exit, fail, say
from budgetgraph.cli.options import conversion_options, opened, settings_from, summary_of, track
from budgetgraph.cli.output import make_folder, write
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import FORMATS, encode
from budgetgraph.converter.sources.search import Publication

#: Ending of a file -> name of its format.
_ENDINGS = {ending: name for name, (_, ending) in FORMATS.items()}


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File, or folder for several sources.")
@click.option(
    "--format",
    "rdf_format",
    type=click.Choice(list(FORMATS)),
    help="Default: by the file's ending, else trig.",
)
@click.option("--ledger", type=click.Path(path_type=Path), help="Write what became of every cell, as JSON.")
@conversion_options
def command(
    sources: tuple[Path, ...],
    output: Path | None,
    rdf_format: str | None,
    ledger: Path | None,
    **options: Any,
) -> None:
    """Convert publications to RDF.

    A source is a file, a folder or a ZIP archive. A folder with a publication.yaml is one publication; documents
    that lie together are one where they agree on body and year. Without -o the RDF of a single publication goes to
    standard output.

    \b
    Example:
      budgetgraph convert data/publications/wuhan-jingkai-party-office-2021 -o budget.trig --ledger ledger.json
    """
    settings = settings_from(**options)
    with opened(sources, settings) as publications:
        _convert(publications, settings, output, rdf_format, ledger)


def _convert(
    publications: list[Publication],
    settings: Settings,
    output: Path | None,
    rdf_format: str | None,
    ledger: Path | None,
) -> None:
    several = len(publications) > 1
    if several and output is None:
        fail(f"{len(publications)} sources need a folder to write to: add -o FOLDER.")
    folder = output if output is not None and (several or output.is_dir()) else None
    if folder is not None:
        if folder.is_file():
            fail(f"{folder}: is a file; {len(publications)} sources need a folder.")
        if folder.suffix in _ENDINGS and not folder.is_dir():
            fail(f"{folder}: is the name of a file; {len(publications)} sources need a folder: -o FOLDER.")
        make_folder(folder)
    rdf_format = rdf_format or _format_of(output if folder is None else None)
    records, failed, written = [], 0, dict[Path, str]()
    for publication in track(publications, "Converting"):
        try:
            conversion = convert_publication(publication, settings)
        except SourceError as error:
            if not several:
                raise
            say(f"error: {error}")
            failed += 1
            continue
        target = folder / f"{publication.name}{FORMATS[rdf_format][1]}" if folder else output
        if target in written:
            fail(f"{publication.files[0].name} and {written[target]} would both be written to {target}; rename one.")
        if target:
            written[target] = publication.files[0].name
        write(target, encode(conversion.graphs, rdf_format))
        records.append(conversion.ledger_record())
        for line in summary_of(conversion):
            say(line)
    if ledger:
        content = records[0] if len(records) == 1 and not several else records
        write(ledger, [json.dumps(content, ensure_ascii=False, indent=1), "\n"])
    if failed:
        raise SystemExit(Exit.PARTLY if records else Exit.FAILED)


def _format_of(output: Path | None) -> str:
    return _ENDINGS.get(output.suffix, "trig") if output else "trig"
