"""A whole serialised answer: in memory while it is small, else in a temporary file till it is sent."""

import io
import tempfile
from collections.abc import Iterator
from typing import IO

#: Bytes of an answer that are held in memory.
IN_MEMORY = 1 << 18
_CHUNK = 1 << 16


class Answer:
    """Read it once, chunk by chunk, or take `file`; close it when it is not read.

    size  its bytes
    cut   how many solutions it has of more, when the limits cut it; else None
    """

    def __init__(self, file: IO[bytes], size: int, cut: int | None) -> None:
        self.file, self.size, self.cut = file, size, cut

    @classmethod
    def of(cls, file: IO[bytes], cut: int | None) -> "Answer":
        """Return what was written to a new file as an answer."""
        size = file.tell()
        file.seek(0)
        if size > IN_MEMORY:
            return cls(file, size, cut)
        with file:
            return cls(io.BytesIO(file.read()), size, cut)

    def __iter__(self) -> Iterator[bytes]:
        with self.file:
            while chunk := self.file.read(_CHUNK):
                yield chunk

    def close(self) -> None:
        """Drop the answer."""
        self.file.close()


def new_file() -> IO[bytes]:
    """Return a file that is in memory until it has IN_MEMORY bytes. Whoever takes it closes it."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY)
