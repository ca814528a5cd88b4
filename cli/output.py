"""Files appear whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from budgetgraph.cli.errors import fail


def write(path: Path | None, chunks: Iterable[str | bytes]) -> None:
    """Write text or bytes to a file in one step, or to standard output when `path` is None or "-"."""
    if path is None or str(path) == "-":
        for chunk in chunks:
            sys.stdout.buffer.write(chunk.encode() if isinstance(chunk, str) else chunk)
        sys.stdout.buffer.flush()
        return
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                for chunk in chunks:
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
                file.close()
                Path(file.name).chmod(0o666 & ~_umask())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        fail(f"{path}: cannot be written: {error.strerror}. Name a file in a folder that exists.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
