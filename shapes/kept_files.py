"""A folder of files named by what they depend on, which several processes may use at once.

A file that cannot be written is not kept, and one that is gone is made again: nothing depends on what is kept.
"""

import contextlib
import os
import tempfile
import time
from pathlib import Path

#: Seconds after which a half-written file is nobody's any more.
ABANDONED = 3600.0


class KeptFiles:
    """So many files, the last used, and so many bytes of them."""

    def __init__(self, folder: Path, most: int, most_bytes: int) -> None:
        self.folder, self.most, self.most_bytes = folder, most, most_bytes

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name, or None."""
        path = self.folder / name
        with contextlib.suppress(OSError):
            data = path.read_bytes()
            os.utime(path)
            return data
        return None

    def keep(self, name: str, data: bytes) -> None:
        """Keep data under a name, whole or not at all, and forget what was not used for longest."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                try:
                    file.write(data)
                    file.close()
                    Path(file.name).replace(self.folder / name)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            self._forget()

    def _forget(self) -> None:
        kept = []
        for path in self.folder.iterdir():
            with contextlib.suppress(OSError):
                about = path.stat()
                if path.suffix == ".part":
                    if about.st_mtime < time.time() - ABANDONED:
                        path.unlink()
                    continue
                kept.append((about.st_mtime, about.st_size, path))
        size = 0
        for number, (_, length, path) in enumerate(sorted(kept, reverse=True), start=1):
            size += length
            if number > self.most or size > self.most_bytes:
                path.unlink(missing_ok=True)
