"""`budgetgraph tables`: the official tables, printed again from the graph."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pyoxigraph
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from budgetgraph.cli.errors import fail, say
from budgetgraph.cli.options import conversion_options, opened, settings_from
from budgetgraph.cli.output import make_folder, write
from budgetgraph.converter.pipeline import convert_publication
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.converter.reprint.tables import ReprintedPublication, is_rdf, load, read_publications
from budgetgraph.converter.reprint.text import description, to_csv, to_html
from budgetgraph.converter.reprint.workbook import to_xlsx
from budgetgraph.converter.sources.search import DESCRIPTION

#: Wide enough that no official table is folded.
_WIDTH = 400


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE|RDF")
@click.option("--format", "form", type=click.Choice(["text", "csv", "html", "xlsx"]), default="text", show_default=True)
@click.option("--table", "wanted", help="Only this table, by its id (t2) or its number (表二).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; for csv a folder, one file a table.")
@conversion_options
def command(source: Path, form: str, wanted: str | None, output: Path | None, **options: Any) -> None:
    """Print the official tables of a publication, from its RDF alone.

    \b
    Example:
      budgetgraph tables data/publications/wuhan-jingkai-party-office-2021 --table t2
    """
    publications = _read(source, settings_from(**options))
    if wanted:
        publications = _only(publications, wanted)
    one = publications[0]
    if form == "xlsx" or (form == "csv" and output is not None and len(one.tables) > 1):
        if output is None:
            raise click.UsageError("a workbook needs a file: add -o FILE.xlsx")
        if len(publications) > 1:
            names = ", ".join(publication.title for publication in publications)
            fail(f"{source}: holds {len(publications)} publications ({names}); name one of them, or use --format html.")
    if form == "xlsx":
        write(output, [to_xlsx(one)])
    elif form == "html":
        write(output, [to_html(publications)])
    elif form == "csv" and output is not None and len(one.tables) > 1:
        make_folder(output)
        for table in one.tables:
            write(output / f"{table.id}.csv", [to_csv(table)])
        write(output / DESCRIPTION, [description(one, [f"{table.id}.csv" for table in one.tables])])
    elif form == "csv":
        write(output, ["\r\n".join(to_csv(table) for each in publications for table in each.tables)])
    else:
        write(output, [_text(publications)])


def _only(publications: list[ReprintedPublication], wanted: str) -> list[ReprintedPublication]:
    """Return the publications with this table alone."""
    tables = [table for publication in publications for table in publication.tables]
    found = [replace(p, tables=tuple(t for t in p.tables if wanted in {t.id, t.number})) for p in publications]
    if not any(publication.tables for publication in found):
        names = ", ".join(f"{t.id} ({t.number})" if t.number else t.id for t in tables)
        raise click.BadParameter(f"no table {wanted!r}; there are {names}", param_hint="--table")
    return [publication for publication in found if publication.tables]


def _read(source: Path, settings: Any) -> list[ReprintedPublication]:
    """Return what is printed again, and say what is not."""
    if is_rdf(source):
        found = read_publications(load(source), str(source))
    else:
        found = []
        with opened([source], settings) as publications:
            for publication in publications:
                store = pyoxigraph.Store()
                conversion = convert_publication(publication, settings)
                quads = b"".join(encode(conversion.graphs, "nquads"))
                store.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
                found += read_publications(store, publication.name)
                for table in conversion.unknown:
                    title = table.caption.title.text if table.caption.title else "table without title"
                    if table.has_numbers():
                        say(f"{publication.name}: not printed, as it is not recognised: {title} ({table})")
    for each in found:
        for title in each.forms:
            say(f"{each.title}: not printed, as it is a form and no official table: {title}")
    return found


def _text(publications: list[ReprintedPublication]) -> str:
    console = Console(width=_WIDTH, highlight=False, color_system=None)
    with console.capture() as capture:
        for each in (table for publication in publications for table in publication.tables):
            table = Table(box=box.ASCII2, show_header=False)
            amounts = {c.column for c in each.cells if c.role == "amount"}
            for column in range(1, each.columns + 1):
                table.add_column(justify="right" if column in amounts else "left", no_wrap=True)
            for row in each.matrix():
                table.add_row(*map(Text, row))
            console.print(Text(each.title))
            console.print(Text(" ".join(filter(None, (each.number, each.heading()[2])))))
            console.print(table)
            for note in each.notes:
                console.print(Text(note))
            console.print()
    return capture.get()
