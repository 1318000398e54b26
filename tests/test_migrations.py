"""Migrations build exactly what the models declare, on both databases, and never lose a row on the way."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from app.core.database import Base
from app.core.extensions import db
from app.factory import create_app
from tests.support.schema import schema

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@pytest.fixture
def empty_site(databases, settings, tmp_path) -> Callable[[], Iterator[Flask]]:
    """``with empty_site():`` a site whose database has not one table."""

    @contextmanager
    def make():
        with databases.fresh() as url:
            made = create_app(settings | {"DATABASE_URL": url, "INSTANCE": str(tmp_path)})
            with made.app_context():
                yield made
                db.session.remove()
                db.engine.dispose()

    return make


def test_migrations_build_exactly_what_the_models_declare(empty_site):
    with empty_site():
        flask_migrate.upgrade()
        migrated = schema(db.engine)
    with empty_site():
        db.create_all()
        declared = schema(db.engine)
    assert migrated.keys() == declared.keys()
    for name in declared:
        assert migrated[name] == declared[name], name


def test_no_change_of_a_model_waits_for_its_migration(empty_site):
    with empty_site():
        flask_migrate.upgrade()
        flask_migrate.check()


def test_migrations_can_be_taken_back_and_run_again(empty_site):
    with empty_site():
        flask_migrate.upgrade()
        first = schema(db.engine)
        flask_migrate.downgrade(revision="base")
        assert not set(inspect(db.engine).get_table_names()) & set(Base.metadata.tables)
        flask_migrate.upgrade()
        assert schema(db.engine) == first


def test_there_is_one_line_of_migrations():
    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1


FIRST = """
    op.create_table("consultant", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)))
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("consultant_id", sa.Integer, sa.ForeignKey("consultant.id", ondelete="CASCADE"), nullable=False),
    )
    op.execute("INSERT INTO consultant (id, name) VALUES (1, 'Melati')")
    op.execute("INSERT INTO booking (id, consultant_id) VALUES (1, 1), (2, 1)")
"""
CHANGE = """
    with op.batch_alter_table("consultant") as batch:
        batch.alter_column("name", type_=sa.String(80), existing_type=sa.String(40), nullable=False)
"""
ORPHANS = """
    op.execute("DELETE FROM consultant")
"""
FAILS = (
    CHANGE
    + """
    raise RuntimeError("half-way")
"""
)


@pytest.fixture
def history(tmp_path) -> Callable[..., str]:
    """``history(first, second, …)``: a folder of migrations with our env.py and these bodies."""
    folder = tmp_path / "history"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("versions", "__pycache__"))
    (folder / "versions").mkdir()

    def write(*bodies: str) -> str:
        for number, body in enumerate(bodies, start=1):
            before = f'"{number - 1}"' if number > 1 else "None"
            source = (
                f'import sqlalchemy as sa\nfrom alembic import op\nrevision = "{number}"\ndown_revision = {before}\n'
                f"def upgrade():{body}\ndef downgrade():\n    pass\n"
            )
            (folder / "versions" / f"{number}.py").write_text(source)
        return str(folder)

    return write


def rows(table: str) -> int:
    with db.engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_a_table_that_others_refer_to_can_change_and_no_row_is_lost(empty_site, history):
    with empty_site():
        flask_migrate.upgrade(directory=history(FIRST, CHANGE))
        assert (rows("consultant"), rows("booking")) == (1, 2)
        nullable = {
            column["name"]: column["nullable"] for column in inspect(db.engine).get_columns("consultant")
        }
        assert nullable["name"] is False


def test_after_a_migration_foreign_keys_are_on_again(empty_site, history):
    with empty_site():
        flask_migrate.upgrade(directory=history(FIRST, CHANGE))
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize("body", [FAILS, ORPHANS], ids=["fails", "orphans"])
def test_a_migration_that_goes_wrong_leaves_the_database_as_it_was(empty_site, history, body):
    with empty_site():
        flask_migrate.upgrade(directory=history(FIRST))
        before, kept = schema(db.engine), (rows("consultant"), rows("booking"))
        if body is ORPHANS and db.engine.dialect.name == "postgresql":
            return  # there the key is never off: the delete cascades, as it says
        with pytest.raises(SystemExit):
            flask_migrate.upgrade(directory=history(FIRST, CHANGE, body))
        assert schema(db.engine) == before
        assert (rows("consultant"), rows("booking")) == kept
