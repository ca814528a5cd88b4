"""The folder for files that people bring: one for each server, empty when it has ended, however it ended."""

import fcntl
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

_PREFIX = "budgetgraph-uploads-"
_LOCK = "lock"
#: Seconds in which a server that begins has locked its folder.
_YOUNG = 60.0


class UploadFolder:
    """A temporary folder that is locked as long as this process lives. What killed servers left behind is removed."""

    def __init__(self) -> None:
        remove_leftovers(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock: IO[str] = (self.path / _LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def remove_leftovers(place: Path) -> None:
    """Remove the folders of servers that are no more from a folder for temporary files."""
    for path in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if not (path / _LOCK).exists():
                if time.time() - path.stat().st_mtime > _YOUNG:
                    shutil.rmtree(path)
                continue
            with (path / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
