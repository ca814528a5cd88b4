"""Publishing: a release is built beside the live one, checked, then switched on in one step.

A kill at any moment leaves the old release or the new one live: the link is switched only after everything it
leads to is on the disk. What a killed publisher leaves behind has a name that begins with a dot, and the next
publisher removes it. The layout is described in `releases.py`.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from budgetgraph.server.dumps import FOLDER, write_dumps
from budgetgraph.server.exceptions import StoreBusyError, StoreError
from budgetgraph.server.loading import GraphSource, Tally, check, load
from budgetgraph.server.releases import (
    PAGES,
    Release,
    ReleaseMetadata,
    current,
    find_release,
    kept_releases,
    read_release,
)

#: Old releases that stay in the store beside the live one.
KEEP = 3
#: Version of the layout, written into release.json.
LAYOUT = 1

#: Form of the time that the name of a release begins with, in UTC; such names sort by time.
_TIME = "%Y%m%dT%H%M%S.%fZ"


def build_release(
    store: Path,
    graphs: Iterable[GraphSource],
    metadata: ReleaseMetadata,
    keep: int = KEEP,
    pages: Mapping[str, Path] | None = None,
) -> Release:
    """Build a release from converted graphs, check it, and make it the live one.

    The graphs are all that the release will hold. `keep` old releases stay beside it. `pages` are the files of page
    pictures by document.
    Raises StoreBusyError while another publisher works, ReleaseCheckError when the release is not what was given
    (the live one stays), StoreError when a graph does not parse or the disk refuses.
    """
    with publishing(store):
        return build(store, graphs, metadata, keep, pages)


def build(
    store: Path,
    graphs: Iterable[GraphSource],
    metadata: ReleaseMetadata,
    keep: int = KEEP,
    pages: Mapping[str, Path] | None = None,
) -> Release:
    """Do what `build_release` does, for a caller that holds the lock of the store (`publishing`)."""
    releases = store / "releases"
    building = releases / ".building"
    building.mkdir()
    try:
        tally = load(building / "quads", graphs, metadata)
        check(building / "quads", tally, metadata)
        write_dumps(building / "quads", building / FOLDER, metadata)
        _keep_pages(pages or {}, building / PAGES)
        release = _finish(building, releases, tally, metadata)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _switch(store, release)
    _prune(store, keep)
    return release


def roll_back(store: Path, identity: str | None = None) -> Release:
    """Make an older release the live one: the one of that name, or the one before the live one.

    Releases that are newer stay, so that it can be undone. Raises NotFoundError, StoreBusyError, StoreError.
    """
    with publishing(store):
        live = current(store)
        if identity is None:
            older = [name for name in kept_releases(store) if name < live.id]
            if not older:
                raise StoreError(f"{store}: no release before {live.id} is kept. Publish the older documents again.")
            identity = older[0]
        release = find_release(store, identity)
        _switch(store, release)
        return release


@contextmanager
def publishing(store: Path) -> Iterator[None]:
    """Hold the lock of the store; the system lets go of it when the process ends, however it ends.

    Raises StoreBusyError while another process has it, StoreError when the disk refuses.
    """
    try:
        (store / "releases").mkdir(parents=True, exist_ok=True)
        with (store / ".publish.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreBusyError(
                    f"{store}: another process is publishing into this store. "
                    "Wait until it has ended, then publish again."
                ) from None
            _remove_leftovers(store)
            yield
    except OSError as error:
        raise StoreError(f"{store}: cannot publish: {error}. Check that the disk has room and is writable.") from error


def _keep_pages(pages: Mapping[str, Path], folder: Path) -> None:
    """Put the page pictures into a release: as links where they lie on the same file system."""
    folder.mkdir()
    for document, path in pages.items():
        try:
            os.link(path, folder / f"{document}.zip")
        except OSError:
            shutil.copyfile(path, folder / f"{document}.zip")


def _finish(building: Path, releases: Path, tally: Tally, metadata: ReleaseMetadata) -> Release:
    """Write release.json, put everything on the disk, and give the directory its name."""
    now = _after_newest(releases, datetime.now(UTC))
    identity = f"{now:{_TIME}}-{tally.digest[:8]}"
    told = {
        "layout": LAYOUT,
        "id": identity,
        "created": now.isoformat(timespec="seconds"),
        "quads": tally.quads,
        "triples": tally.triples,
        "sources_sha256": tally.digest,
        "totals": {name: str(total) for name, total in sorted(tally.totals.items())},
        **asdict(metadata),
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (building / "release.json").write_text(text, "utf-8")
    for path in building.rglob("*"):
        _sync(path)
    _sync(building)
    building.rename(releases / identity)
    _sync(releases)
    return read_release(releases / identity)


def _after_newest(releases: Path, now: datetime) -> datetime:
    """Return `now`, or the moment after the newest release where the clock does not say so.

    Names sort by time and are never used twice while a release that had one is kept, even when a clock was set
    back or two releases are built within its step.
    """
    times = [time for path in releases.glob("[!.]*") if (time := _time_of(path.name))]
    return max([now, *(time + timedelta(microseconds=1) for time in times)])


def _time_of(identity: str) -> datetime | None:
    """Return the time in the name of a release, None when the name has none."""
    try:
        return datetime.strptime(identity.partition("-")[0], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _switch(store: Path, release: Release) -> None:
    """Make `current` lead to the release: a new link over the old one, in one step of the file system."""
    link = store / ".current"
    link.symlink_to(release.path.relative_to(store), target_is_directory=True)
    link.replace(store / "current")
    _sync(store)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(store: Path) -> None:
    """Remove what a publisher that was killed has left."""
    (store / ".current").unlink(missing_ok=True)
    for path in (store / "releases").glob(".*"):
        shutil.rmtree(path)


def _prune(store: Path, keep: int) -> None:
    """Remove all but the live release and the `keep` newest others."""
    live = current(store).path.name
    for name in [name for name in kept_releases(store) if name != live][keep:]:
        # Renamed first, so that a kill leaves no release that is half there.
        doomed = store / "releases" / f".removing-{name}"
        (store / "releases" / name).rename(doomed)
        shutil.rmtree(doomed)
