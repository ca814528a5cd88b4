"""`budgetgraph tables`: the official tables, printed again from the graph."""

from pathlib import Path
from typing import Any

import click
import pyoxigraph
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from budgetgraph.cli.options import conversion_options, opened, settings_from
from budgetgraph.cli.output import make_folder, write
from budgetgraph.converter.pipeline import convert_publication
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.converter.reprint import ReprintedTable, is_rdf, load, read_tables, to_csv, to_html, to_xlsx

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
    tables = _read(source, settings_from(**options))
    if wanted:
        names = ", ".join(f"{t.id} ({t.number})" if t.number else t.id for t in tables)
        tables = [t for t in tables if wanted in {t.id, t.number}]
        if not tables:
            raise click.BadParameter(f"no table {wanted!r}; there are {names}", param_hint="--table")
    if form == "xlsx":
        if output is None:
            raise click.UsageError("a workbook needs a file: add -o FILE.xlsx")
        write(output, [to_xlsx(tables)])
    elif form == "html":
        write(output, [to_html(tables)])
    elif form == "csv" and output is not None and len(tables) > 1:
        make_folder(output)
        for table in tables:
            write(output / f"{table.id}.csv", [to_csv(table)])
    elif form == "csv":
        write(output, ["\r\n".join(to_csv(table) for table in tables)])
    else:
        write(output, [_text(tables)])


def _read(source: Path, settings: Any) -> list[ReprintedTable]:
    if is_rdf(source):
        return read_tables(load(source), str(source))
    tables = []
    with opened([source], settings) as publications:
        for publication in publications:
            store = pyoxigraph.Store()
            quads = b"".join(encode(convert_publication(publication, settings).graphs, "nquads"))
            store.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
            tables += read_tables(store, publication.name)
    return tables


def _text(tables: list[ReprintedTable]) -> str:
    console = Console(width=_WIDTH, highlight=False, color_system=None)
    with console.capture() as capture:
        for each in tables:
            table = Table(box=box.ASCII2, show_header=False)
            amounts = {c.column for c in each.cells if c.role == "amount"}
            for column in range(1, each.columns + 1):
                table.add_column(justify="right" if column in amounts else "left", no_wrap=True)
            for row in each.matrix():
                table.add_row(*map(Text, row))
            console.print(Text(each.title))
            console.print(Text(" ".join(filter(None, (each.number, each.unit)))))
            console.print(table)
            console.print()
    return capture.get()
