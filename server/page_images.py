"""Pictures of the pages that tables stand on: `/pages/{document}/{file}-{page}.png`.

The publisher drew them into the release (`shapes/page_pictures.py`); the web process opens no document.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flask import Blueprint, Response

from budgetgraph.server.backend import backend
from budgetgraph.server.caching import add_validator, entity_tag, is_known
from budgetgraph.server.exceptions import NotFoundError, StoreError
from budgetgraph.server.gone import missing
from budgetgraph.server.releases import PAGES, Release
from budgetgraph.shapes.page_files import read_picture, read_size

page_images = Blueprint("page_images", __name__)

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page that has a picture: its path on this site, and its size in points."""

    path: str
    width: float
    height: float


@page_images.get("/pages/<document>/<int:file>-<int:page>.png")
def picture(document: str, file: int, page: int) -> Response:
    """Return the picture of a page."""
    release = backend().release()
    content = _read(release, document, lambda path: read_picture(path, file, page))
    if content is None:
        if document in release.metadata.documents:
            raise NotFoundError(f"There is no picture of page {page} of document {document} in this release.")
        raise missing(f"{release.metadata.base}id/doc/{document}")
    tag = entity_tag(release.id, document, file, page)
    response = Response(status=304) if is_known(tag) else Response(content, content_type="image/png")
    return add_validator(response, tag)


def find_image(release: Release, document: str, file: int, page: int) -> PageImage | None:
    """Return the picture of a page, None when there is none. Raises StoreError when the pictures cannot be read."""
    size = _read(release, document, lambda path: read_size(path, file, page))
    return PageImage(f"/pages/{document}/{file}-{page}.png", *size) if size else None


def _read(release: Release, document: str, read: Callable[[Path], _Found]) -> _Found | None:
    if document not in release.metadata.documents:
        return None
    path = release.path / PAGES / f"{document}.zip"
    try:
        return read(path)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(f"{path}: is not readable ({error!r}). Publish again.") from error
