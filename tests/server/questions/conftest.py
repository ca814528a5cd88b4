"""The application over the shipped publications."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.workers import PoolLimits

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("shipped") / "store"
    source = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021"
    command = [sys.executable, "-m", "budgetgraph.cli", "publish", str(source), "--store", str(store)]
    subprocess.run(command, check=True, capture_output=True)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=60)))
    yield app.test_client()
    close_app(app)
