"""`budgetgraph query`: SPARQL over a store or any endpoint."""

import csv
import io
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from budgetgraph.cli.options import StoreFolder
from budgetgraph.cli.output import write
from budgetgraph.server.client import query

#: Columns of a table that does not go to a terminal.
_WIDTH = 160


@click.command()
@click.argument("text", metavar="QUERY|FILE.rq")
@click.option("--store", type=StoreFolder(path_type=Path), help="Folder of a store. Default: data/store.")
@click.option("--endpoint", help="Address of a SPARQL endpoint instead of a store.")
@click.option("--format", "form", default="table", show_default=True, help="table, json, csv, turtle, ...")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
def command(
    text: str, store: Path | None, endpoint: str | None, form: str, timeout: float, output: Path | None
) -> None:
    """Ask a store or an endpoint a SPARQL query.

    \b
    Example:
      budgetgraph query data/competency/total-department-budget.rq --store data/store
    """
    if store and endpoint:
        raise click.UsageError("give --store or --endpoint, not both")
    if text.endswith(".rq"):
        try:
            text = Path(text).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise click.BadParameter(f"{text}: cannot be read: {error}", param_hint="QUERY|FILE.rq") from None
    asked = "csv" if form == "table" else form
    where = {"endpoint": endpoint} if endpoint else {"store": store or Path("data/store")}
    answer = b"".join(query(text, format=asked, timeout=timeout, **where))
    write(output, [_table(answer.decode()) if form == "table" else answer])


def _table(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    out = Console(highlight=False)
    console = Console(width=None if out.is_terminal else _WIDTH, highlight=False, color_system=None)
    table = Table(box=box.SIMPLE_HEAD)
    for name in rows[0] if rows else []:
        table.add_column(name, overflow="fold")
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    with console.capture() as capture:
        console.print(table)
    return capture.get()
