"""Files appear whole or not at all; an error of the system is one message that says what to do."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from budgetgraph.cli.errors import fail

_PERMISSIONS = "Name another place, or change its permissions."
#: What to do about an error of the system.
_ADVICE = {
    errno.ENOSPC: "Make room on the disk.",
    errno.EDQUOT: "Make room on the disk.",
    errno.EACCES: _PERMISSIONS,
    errno.EPERM: _PERMISSIONS,
    errno.EROFS: _PERMISSIONS,
    errno.ENAMETOOLONG: "Give it a shorter name.",
}


def write(path: Path | None, chunks: Iterable[str | bytes]) -> None:
    """Write text or bytes to a file in one step, or to standard output when `path` is None or "-".

    A link leads to its file, which is replaced; a device or pipe is written to.
    """
    data = (chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks)
    if path is None or str(path) == "-":
        _write_out(data)
        return
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as device:
                device.writelines(data)
            return
        target = Path(os.path.realpath(path))
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".budgetgraph-", delete=False) as file:
            try:
                file.writelines(data)
                file.close()
                Path(file.name).chmod(0o666 & ~_umask())
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        fail(f"{path}: cannot be written: {said(error, 'Name a file in a folder that exists.')}")


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, where it is not there yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{path}: cannot be made a folder: {said(error, 'Name a folder.')}")


def said(error: OSError, otherwise: str) -> str:
    """Return what happened and what to do about it."""
    return f"{error.strerror or error}. {_ADVICE.get(error.errno or 0, otherwise)}"


def _write_out(data: Iterable[bytes]) -> None:
    if sys.stdout is None:
        fail("standard output is closed. Name a file: -o FILE.")
    try:
        sys.stdout.buffer.writelines(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader of our output left (`| head`): nothing to say, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(f"standard output: cannot be written: {said(error, 'Name a file: -o FILE.')}")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
