"""`budgetgraph inspect`: what was recognised in a source, and what was not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from budgetgraph.cli.errors import Exit, say
from budgetgraph.cli.options import conversion_options, opened, settings_from
from budgetgraph.cli.output import write
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.layouts.suggestions import profile_stub
from budgetgraph.converter.pipeline import Conversion, NoBudgetTableError, UnknownTable, convert_publication
from budgetgraph.converter.profiles import shipped_profiles

#: Columns of the report when it does not go to a terminal.
_WIDTH = 140


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--stub",
    type=click.Path(path_type=Path),
    help="Write a profile for the first unknown table to this file.",
)
@conversion_options
def command(source: Path, stub: Path | None, **options: Any) -> None:
    """Show what is recognised in a source: tables, coverage, faults, unknown tables with a profile to complete.

    \b
    Example:
      budgetgraph inspect data/publications/wuhan-jingkai-party-office-2021
    """
    settings = settings_from(**options)
    out = Console(highlight=False, markup=False)
    if not out.is_terminal:
        out = Console(highlight=False, markup=False, width=_WIDTH)
    with opened([source], settings) as publications:
        failed = 0
        for publication in publications:
            try:
                conversion = convert_publication(publication, settings)
            except SourceError as error:
                if isinstance(error, NoBudgetTableError):
                    with out.capture() as printed:
                        stub = _print_unknown(out, error.unknown, stub)
                    write(None, [printed.get()])
                if len(publications) == 1:
                    raise
                say(f"error: {error}")
                failed += 1
                continue
            with out.capture() as printed:
                _print(out, conversion)
                stub = _print_unknown(out, (*conversion.unknown, *conversion.partly), stub)
            write(None, [printed.get()])
        if stub is not None:
            say(f"{stub}: not written, because no table is unknown")
    if failed:
        raise SystemExit(Exit.PARTLY if failed < len(publications) else Exit.FAILED)


def _print_unknown(out: Console, tables: Sequence[UnknownTable], stub: Path | None) -> Path | None:
    """Print a profile for each unknown table, write the first one to `stub`; return the file while it is unwritten."""
    for unknown in tables:
        out.print(f"\nUnknown table at {unknown.table.grid.locator}: {unknown}")
        if unknown.nearest and unknown.nearest.whose:
            out.print(unknown.advice)
            continue
        text = profile_stub(unknown.table, unknown.caption, [s for p in shipped_profiles() for s in p.tables])
        if stub is not None:
            write(stub, [text])
            out.print(f"Its profile to complete is in {stub}.")
            stub = None
        else:
            out.print("A profile to complete:\n" + text, soft_wrap=True)
    return stub


def _print(out: Console, conversion: Conversion) -> None:
    budget, coverage, record = conversion.budget, conversion.coverage, conversion.ledger_record()
    out.print(f"{budget.source.name}  sha256 {budget.source.sha256}")
    for file in budget.source.files:
        out.print(f"  {file.name}  {file.media_type}  sha256 {file.sha256}")
    out.print(
        f"{budget.title}: {budget.department.names[0]} ({budget.department.id}), {budget.fiscal_year}, {budget.kind}"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("id", "table", "kind", "profile", "unit"):
        table.add_column(name)
    for name in ("rows", "numeric", "converted"):
        table.add_column(name, justify="right")
    for each in record["tables"]:
        keys = ("id", "title", "kind", "profile", "unit", "rows", "numeric_cells", "converted")
        table.add_row(*(str(each[key] if each[key] is not None else "") for key in keys))
    out.print(table)
    explained = ", ".join(f"{reason} {count}" for reason, count in coverage.explained.items())
    out.print(
        f"\nNumeric cells {coverage.numeric_cells}: converted {coverage.converted}; explained: {explained or 'none'}; "
        f"unexplained {coverage.unexplained}. "
        f"Other cells {coverage.label_cells}, unexplained {coverage.unexplained_labels}."
    )
    text = conversion.text
    out.print(
        f"Amounts in the text {text.amounts}: stated {text.amounts - text.listed}, listed {text.listed}. "
        f"Claims with a figure {text.claims}: {text.restating} restate a printed cell, {text.blank} a blank one, "
        f"{text.elsewhere} another year or phase, {text.unresolved} no figure of the tables."
    )
    withheld = ", ".join(f"{kind} {count}" for kind, count in record["withheld"].items())
    out.print(f"Personal data withheld: {withheld}.")
    out.print(f"\nProblems: {len(conversion.problems)}")
    for problem in conversion.problems:
        out.print(f"  {problem}")
