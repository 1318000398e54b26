"""From SQLite to PostgreSQL, with proof."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, create_engine, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.config import database_url
from app.core.database import Base
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.factory import create_app
from app.operations import health
from app.operations.models import BackupDrill, JobRun, Outcome
from app.operations.moving import copying
from app.operations.moving.copying import move
from app.operations.moving.digests import digest_of_rows
from tests.factories import Factories
from tests.operations.conftest import free_port, only_on
from tests.support.schema import schema

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(st.lists(st.lists(VALUES, max_size=3), max_size=5), st.randoms())
def test_the_digest_does_not_hang_on_the_order_of_rows(rows, chance):
    shuffled = random.Random(chance.random()).sample(rows, len(rows))
    assert digest_of_rows(rows) == digest_of_rows(shuffled)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        ("1", 1),
        (None, {"json": None}),
        ("2026-03-09", date(2026, 3, 9)),
        (b"a", "a"),
        (1.5, Decimal("1.5")),
    ],
)
def test_different_values_have_different_digests(one, other):
    assert digest_of_rows([[one]]) != digest_of_rows([[other]])


@pytest.mark.parametrize(
    ("one", "other"), [(1.0, 1), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), (Decimal("1.50"), Decimal("1.5"))]
)
def test_what_the_databases_write_differently_has_one_digest(one, other):
    assert digest_of_rows([[one]]) == digest_of_rows([[other]])


def test_a_row_that_is_there_twice_is_not_there_once():
    assert digest_of_rows([["a"], ["a"]]) != digest_of_rows([["a"]])
    assert digest_of_rows([["a"], ["a"]]) != digest_of_rows([["b"], ["b"]])


@pytest.fixture
def small_site(settings, tmp_path, monkeypatch):
    """A site on SQLite with some rows of every sort, whatever database this run tests."""
    own = {"INSTANCE": str(tmp_path), "DATABASE_URL": "", "PORT": str(free_port())}
    made = create_app(settings | own)
    with made.app_context():
        db.create_all()
        monkeypatch.setattr(health, "current_revisions", health.expected_revisions)
        factories = Factories()
        for _ in range(3):
            factories.user()
        factories.cooperative(nama_koperasi="Koperasi Melati", search_text="koperasi melati")
        with writing() as session:
            moment = datetime(2026, 3, 9, 2, 5, 7, 123456, tzinfo=UTC)
            for held in (
                {"z": [1.5, "é"], "a": None},
                3,
                JSON.NULL,
                "3",
            ):  # SQLite makes a number of the text 3
                session.add(BackupDrill(at=moment, backup="x", made_at=moment, passed=True, tables=held))
            session.add(JobRun(job="x", holder="x", started_at=moment, ended_at=moment, outcome=Outcome.DONE))
        yield made
        db.session.remove()
        db.engine.dispose()


@only_on("sqlite")
def test_a_target_that_is_no_postgresql_or_does_not_answer_is_said(small_site):
    with pytest.raises(RuleBroken, match="harus PostgreSQL"):
        move("sqlite:///lain.db")
    with pytest.raises(RuleBroken, match="tidak dapat dihubungi"):
        move("postgresql://simpul:rahasia@127.0.0.1:1/simpul")


@only_on("sqlite")
def test_tables_that_are_not_up_to_date_are_not_moved(small_site, monkeypatch):
    monkeypatch.setattr(health, "current_revisions", lambda: frozenset({"0001"}))
    with pytest.raises(RuleBroken, match="db upgrade"):
        move("postgresql://x/y")


def counted(engine, model):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model))


@only_on("postgresql")
def test_everything_arrives_as_it_was_and_the_site_goes_on(small_site, databases):
    with databases.fresh() as url:
        moved = {one.table: one for one in move(url)}
        engine = create_engine(database_url(url, ""))
        try:
            assert moved["user"].rows == counted(engine, User) == 3
            with Session(engine) as session:
                run = session.scalars(select(JobRun)).one()
                assert run.started_at == datetime(2026, 3, 9, 2, 5, 7, 123456, tzinfo=UTC)
                words = (
                    session.connection()
                    .exec_driver_sql("SELECT word FROM search_cooperative_word")
                    .scalars()
                    .all()
                )
                assert "melati" in words
                session.add(
                    JobRun(
                        job="y",
                        holder="y",
                        started_at=run.started_at,
                        ended_at=run.started_at,
                        outcome=Outcome.DONE,
                    )
                )
                session.commit()  # numbered after those that came
            arrived = schema(engine)
        finally:
            engine.dispose()
    with databases.fresh() as url:
        engine = create_engine(database_url(url, ""))
        try:
            Base.metadata.create_all(engine)
            assert schema(engine) == arrived
        finally:
            engine.dispose()


@only_on("postgresql")
@only_on("sqlite")
def test_a_target_that_is_not_empty_is_refused(small_site, databases):
    with databases.fresh() as url:
        engine = create_engine(database_url(url, ""))
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE koperasi (id int)")
        engine.dispose()
        with pytest.raises(RuleBroken, match="tidak kosong"):
            move(url)


@only_on("postgresql")
def test_a_failure_on_the_way_leaves_the_target_empty(small_site, databases, monkeypatch):
    with databases.fresh() as url:
        monkeypatch.setattr(copying, "digest_of_rows", lambda rows: (len(list(rows)), str(id(rows))))
        with pytest.raises(RuleBroken, match="tidak sama"):
            move(url)
        copying.opened(url).dispose()
