"""`budgetgraph rollback`: make an older release the live one."""

from pathlib import Path

import click

from budgetgraph.cli.errors import say
from budgetgraph.cli.options import StoreFolder
from budgetgraph.server.publishing import roll_back
from budgetgraph.server.releases import current, kept_releases


@click.command()
@click.argument("release", required=False)
@click.option("--store", type=StoreFolder(path_type=Path), default=Path("data/store"), show_default=True)
@click.option("--list", "listed", is_flag=True, help="List the releases that are kept, the live one marked.")
def command(release: str | None, store: Path, listed: bool) -> None:
    """Make an older release of a store the live one: RELEASE, or the one before the live one.

    Running servers go over to it with the next request. Newer releases stay, so that it can be undone.

    \b
    Example:
      budgetgraph rollback --store data/store --list
    """
    if listed:
        live = current(store).id
        for name in kept_releases(store):
            click.echo(f"{'*' if name == live else ' '} {name}")
        return
    made = roll_back(store, release)
    say(f"release {made.id} is live in {store}")
