"""`budgetgraph diff`: what changed between two versions or two years of a budget."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
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
from budgetgraph.cli.output import write
from budgetgraph.converter.comparison import Change, Compared, Key, compare, figures
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import encode
from budgetgraph.converter.reprint.tables import is_rdf, load

_COLUMNS = ("change", "table", "row", "key", "old", "new", "difference")
_WIDTH = 200


@click.command()
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File. Default: standard output.")
@conversion_options
def command(old: Path, new: Path, form: str, output: Path | None, **options: Any) -> None:
    """Print the figures in which two versions or two years of a budget differ.

    OLD and NEW are publications or RDF files. Figures are matched by table kind and key; years count from each
    budget's own, so the budget of one year is compared with that of another. Amounts are in 元.

    \b
    Example:
      budgetgraph diff data/publications/jiangsu-party-office-2017 data/publications/jiangsu-party-office-2019
    """
    settings = settings_from(**options)
    before, after = (_figures(source, settings) for source in (old, new))
    changes = list(compare(before, after))
    write(output, {"text": _text, "csv": _csv, "json": _json}[form](changes))
    counts = ", ".join(f"{sum(c.kind == kind for c in changes)} {kind}" for kind in ("changed", "added", "removed"))
    say(f"{old} has {len(before)} figures, {new} {len(after)}: {counts}")


def _figures(source: Path, settings: Settings) -> dict[Key, Compared]:
    if is_rdf(source):
        return dict(figures(load(source)))
    with opened([source], settings) as publications:
        if len(publications) != 1:
            fail(f"{source}: holds {len(publications)} publications; name one.")
        quads = b"".join(encode(convert_publication(publications[0], settings).graphs, "nquads"))
    store = pyoxigraph.Store()
    store.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
    return dict(figures(store))


def _row(change: Change) -> tuple[str, ...]:
    shown = change.new or change.old
    told = [(name, value) for name, value in change.key[1] if value not in {"_T", "_Z", "+0"}]
    key = " ".join(f"{name}={value}" for name, value in told)
    values = (f"{each.value:f}" if each else "" for each in (change.old, change.new))
    difference = "" if change.difference is None else f"{change.difference:+f}"
    return change.kind, change.key[0], shown.label if shown else "", key, *values, difference


def _text(changes: Iterable[Change]) -> Iterator[str]:
    table = Table(*_COLUMNS, box=box.SIMPLE)
    for name in ("old", "new", "difference"):
        table.columns[_COLUMNS.index(name)].justify = "right"
    for change in changes:
        table.add_row(*map(Text, _row(change)))
    console = Console(width=_WIDTH, highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(table)
    yield capture.get()


def _csv(changes: Iterable[Change]) -> Iterator[str]:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(_COLUMNS)
    writer.writerows(map(_row, changes))
    yield output.getvalue()


def _json(changes: Iterable[Change]) -> Iterator[str]:
    told = [dict(zip(_COLUMNS, _row(change), strict=True)) for change in changes]
    yield json.dumps(told, ensure_ascii=False, indent=1) + "\n"
