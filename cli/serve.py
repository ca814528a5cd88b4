"""`budgetgraph serve`: the endpoint and the pages over a store."""

from pathlib import Path

import click

from budgetgraph.cli.errors import say
from budgetgraph.cli.options import StoreFolder
from budgetgraph.server.releases import current
from budgetgraph.server.serving import serve


@click.command()
@click.option("--store", type=StoreFolder(path_type=Path), default=Path("data/store"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Web processes.")
def command(store: Path, host: str, port: int, workers: int) -> None:
    """Serve pages and SPARQL over a store until interrupted.

    \b
    Example:
      budgetgraph publish data/publications --store data/store
      budgetgraph serve --store data/store
    """
    release = current(store)
    say(f"release {release.id}: {len(release.metadata.documents)} documents, {release.quads} statements")
    serve(store, host, port, workers, ready=lambda address: say(f"serving on {address} (Ctrl+C stops)"))
