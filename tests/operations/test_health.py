"""Is the site alive, and is it ready?"""

import shutil
from collections import namedtuple

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.extensions import db
from app.operations import health
from app.operations.rules import readable_size
from tests.support.queries import count_queries

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def migrated(app, monkeypatch):
    """As after ``db upgrade``."""
    monkeypatch.setattr(health, "expected_revisions", lambda: frozenset({"abc"}))
    with db.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        context._ensure_version_table()
        connection.execute(text("INSERT INTO alembic_version VALUES ('abc')"))
    yield
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


def test_the_process_says_that_it_lives_without_asking_the_database(client):
    with count_queries() as asked:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert asked.number == 0


def test_a_site_in_order_is_ready(client, migrated):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "checks": {"database": True, "migrations": True, "disk": True}}


def test_a_database_without_migrations_is_not_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": True, "migrations": False, "disk": True}


def test_a_database_behind_the_code_is_not_ready(client, migrated, monkeypatch):
    monkeypatch.setattr(health, "expected_revisions", lambda: frozenset({"def"}))
    assert client.get("/readyz").status_code == 503


def test_a_full_disk_is_not_ready(client, migrated, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12 - 10**8, 10**8))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": True, "migrations": True, "disk": False}


def test_a_database_that_does_not_answer_is_a_finding_not_a_fault(client, migrated, monkeypatch):
    def away():
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(health, "current_revisions", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": False, "migrations": False, "disk": True}


def test_the_newest_migration_is_read_from_the_code(app):
    assert all(isinstance(revision, str) for revision in health.expected_revisions())


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1,0 kB"),
        (1_540_000, "1,5 MB"),
        (25_000_000_000, "25 GB"),
        (3 * 10**15, "3000 TB"),
    ],
)
def test_sizes_are_written_for_people(size, shown):
    assert readable_size(size) == shown
