"""`budgetgraph serve`: the endpoint and the pages over a store."""

from dataclasses import replace
from pathlib import Path

import click

from budgetgraph.cli.errors import say
from budgetgraph.server.releases import current
from budgetgraph.server.serving import serve
from budgetgraph.server.settings import read_settings


@click.command()
@click.option("--store", default="data/store", show_default=True, help="Folder of a store, or a SPARQL endpoint.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes for short queries. Default: 2.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings (TOML); see docs/operation.md.")
def command(store: str, host: str, port: int, workers: int | None, config: Path | None) -> None:
    """Serve pages and SPARQL over a store until interrupted.

    \b
    Example:
      budgetgraph publish data/publications --store data/store
      budgetgraph serve --store data/store
    """
    settings = read_settings(store, config)
    if workers is not None:
        settings = replace(settings, queries=replace(settings.queries, workers=workers))
    if isinstance(settings.store, Path):
        release = current(settings.store)
        say(f"release {release.id}: {len(release.metadata.documents)} documents, {release.quads} statements")
    serve(settings, host, port, ready=lambda address: say(f"serving on {address} (Ctrl+C stops)"))
