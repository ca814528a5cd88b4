"""`budgetgraph dump`: the dumps of a store, as files with checksums."""

from functools import partial
from pathlib import Path

import click

from budgetgraph.cli.errors import say
from budgetgraph.cli.options import StoreFolder
from budgetgraph.cli.output import make_folder, write
from budgetgraph.server.dumps import FOLDER, read_dumps
from budgetgraph.server.releases import current

#: Name of the list of checksums, in the form that `sha256sum --check` reads.
CHECKSUMS = "SHA256SUMS"

#: Bytes that are copied at once.
_PIECE = 1 << 20


@click.command()
@click.option("--store", type=StoreFolder(path_type=Path), default=Path("data/store"), show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
def command(store: Path, output: Path) -> None:
    """Write the dumps of a store's live release: N-Quads, TriG, and the cube as CSV and Parquet, with SHA-256 sums.

    \b
    Example:
      budgetgraph dump --store data/store -o dumps
    """
    release = current(store)
    dumps = read_dumps(release)
    make_folder(output)
    for dump in dumps:
        with (release.path / FOLDER / dump.name).open("rb") as file:
            write(output / dump.name, iter(partial(file.read, _PIECE), b""))
    write(output / CHECKSUMS, [f"{dump.sha256}  {dump.name}\n" for dump in dumps])
    say(f"release {release.id}: {len(dumps)} files in {output}; check them with: sha256sum --check {CHECKSUMS}")
