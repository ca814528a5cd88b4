"""The file of page pictures of a document: a ZIP of `{file}-{page}.png`, and an index with the size of each page."""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_INDEX = "pages.json"


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as PNG: the number of its file in the publication, its own number, both from 1, and its size in points."""

    file: int
    number: int
    png: bytes
    width: float
    height: float


def write_page_file(pages: Iterable[DrawnPage], target: Path, most: int) -> int:
    """Write pages into a file; return how many were left out because all would take more than `most` bytes."""
    sizes: dict[str, tuple[float, float]] = {}
    total, left_out = 0, 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for page in pages:
            if total + len(page.png) > most:
                left_out += 1
                continue
            total += len(page.png)
            name = f"{page.file}-{page.number}"
            sizes[name] = page.width, page.height
            # Without a time, so that the same pictures give the same bytes.
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), page.png)
        archive.writestr(zipfile.ZipInfo(_INDEX), json.dumps(sizes))
    return left_out


def read_picture(path: Path, file: int, page: int) -> bytes | None:
    """Return the PNG of a page, None where there is none. Raises OSError or BadZipFile when it cannot be read."""
    return _read(path, f"{file}-{page}.png")


def read_size(path: Path, file: int, page: int) -> tuple[float, float] | None:
    """Return width and height in points of a page that has a picture; raises as `read_picture` does."""
    index = _read(path, _INDEX)
    size = json.loads(index).get(f"{file}-{page}") if index else None
    return (float(size[0]), float(size[1])) if size else None


def _read(path: Path, name: str) -> bytes | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (FileNotFoundError, NotADirectoryError, KeyError):
        return None
