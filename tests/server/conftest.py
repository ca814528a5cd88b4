"""A small store, published once, and the application over it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.workers import PoolLimits

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(__file__).with_name("published.trig")
METADATA = ReleaseMetadata("https://data.example.org/", ("00000000000000aa",), "0.0")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with one release. No test publishes into it."""
    folder = tmp_path_factory.mktemp("server") / "store"
    build_release(folder, [PUBLISHED], METADATA)
    return folder


@pytest.fixture(scope="session")
def app(store: Path) -> Iterator[Flask]:
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=30), web=WebLimits(seconds=None)))
    yield app
    close_app(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of the application over a shipped publication."""
    store = tmp_path_factory.mktemp("shipped") / "store"
    source = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021"
    command = [sys.executable, "-m", "budgetgraph.cli", "publish", str(source), "--store", str(store)]
    subprocess.run(command, check=True, capture_output=True)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=60), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


@pytest.fixture(scope="module")
def memory_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder in memory where the system has one: publishing waits for the disk again and again."""
    memory = Path("/dev/shm")  # noqa: S108
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("store")
        return
    with tempfile.TemporaryDirectory(prefix="budgetgraph-tests-", dir=memory) as folder:
        yield Path(folder)
