"""`budgetgraph dump`: the dumps of a store, as files with checksums."""

import shutil
from pathlib import Path

import click

from budgetgraph.cli.errors import say
from budgetgraph.cli.options import StoreFolder
from budgetgraph.server.dumps import FOLDER, read_dumps
from budgetgraph.server.releases import current

#: Name of the list of checksums, in the form that `sha256sum --check` reads.
CHECKSUMS = "SHA256SUMS"


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
    output.mkdir(parents=True, exist_ok=True)
    for dump in dumps:
        partial = output / f".{dump.name}.part"
        shutil.copyfile(release.path / FOLDER / dump.name, partial)
        partial.replace(output / dump.name)
    sums = "".join(f"{dump.sha256}  {dump.name}\n" for dump in dumps)
    (output / CHECKSUMS).write_text(sums, "utf-8")
    say(f"release {release.id}: {len(dumps)} files in {output}; check them with: sha256sum --check {CHECKSUMS}")
