"""Before the tables change, a backup of how they were."""

import shutil

import flask_migrate
import pytest
from sqlalchemy import text

from app.core.config import ROOT
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.factory import create_app
from app.operations.backup import archive
from app.operations.backup.creating import create
from app.operations.backup.folder import backups
from tests.operations.conftest import only_on

STEP = (
    "from alembic import op\nimport sqlalchemy as sa\nrevision = '{0}'\ndown_revision = {1}\n"
    "def upgrade():\n    op.create_table('step_{0}', sa.Column('id', sa.Integer, primary_key=True))\n"
    "def downgrade():\n    op.drop_table('step_{0}')\n"
)


@pytest.fixture
def site(databases, settings, tmp_path):
    """A site of its own whose code knows two migrations; the database has gone through the first."""
    folder = tmp_path / "history"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("versions", "__pycache__"))
    (folder / "versions").mkdir()
    for number, before in ((1, None), (2, "'1'")):
        (folder / "versions" / f"{number}.py").write_text(STEP.format(number, before))
    own = {"INSTANCE": str(tmp_path / "instance"), "BACKUP_FIRST": "1"}
    with databases.fresh() as url:
        made = create_app(settings | own | {"DATABASE_URL": url})
        made.extensions["migrate"].directory = str(folder)
        with made.app_context():
            flask_migrate.upgrade(directory=str(folder), revision="1")
            yield made
            db.session.remove()
            db.engine.dispose()


def made_in(site):
    return [one.named.label for one in backups(archive.Path(site.instance_path) / "cadangan")]


def upgrade(site):
    flask_migrate.upgrade(directory=site.extensions["migrate"].directory)


def revision():
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


@only_on("sqlite")
def test_a_new_database_is_not_backed_up_and_one_with_something_in_it_is(site):
    assert made_in(site) == []
    upgrade(site)
    assert revision() == "2"
    assert made_in(site) == ["sebelum-migrasi"]
    upgrade(site)  # nothing waits
    assert made_in(site) == ["sebelum-migrasi"]
    flask_migrate.downgrade(directory=site.extensions["migrate"].directory, revision="1")
    assert made_in(site) == ["sebelum-migrasi"] * 2


@only_on("sqlite")
def test_without_a_backup_the_tables_stay_as_they_are_and_the_sentence_says_why(site, monkeypatch, tmp_path):
    monkeypatch.setitem(site.config, "BACKUP_DIR", str(tmp_path / "stik"))
    with pytest.raises(RuleBroken, match=r"Pasang stik.*SIMPUL_BACKUP_FIRST"):
        upgrade(site)
    assert revision() == "1"
    monkeypatch.setitem(site.config, "BACKUP_FIRST", "0")
    upgrade(site)
    assert revision() == "2"


@only_on("sqlite")
def test_one_of_before_the_migration_can_be_made_by_hand_too(site):
    assert create().note.revision == "1"
