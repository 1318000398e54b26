"""The fixtures keep their promises: this suite's verdicts rest on them."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_login import current_user
from sqlalchemy import select

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.database import Base
from app.core.extensions import db
from app.core.vocabulary import vocabulary
from app.core.writing import writing
from app.factory import create_app
from app.insights.services import counter_of
from tests.support import html
from tests.support.client import Client, watch_safe_requests
from tests.support.databases import tables_written
from tests.support.statements import Sent, redundant


@pytest.fixture(scope="module")
def toy(databases, settings, tmp_path_factory) -> Iterator[Flask]:
    """The site with a few views that do what ours must not."""
    with databases.fresh() as url:
        toy = create_app(settings | {"DATABASE_URL": url, "INSTANCE": str(tmp_path_factory.mktemp("toy"))})
        toy.test_client_class = Client

        @toy.get("/uji/tulis")
        def write_on_get() -> str:
            with writing() as session:
                session.add(User(name="Kenanga", email="kenanga@uji.example"))
            return ""

        @toy.post("/uji/lupa")
        def forget_to_commit() -> str:
            db.session.info["writing"] = True
            db.session.add(User(name="Melati", email="melati@uji.example"))
            db.session.flush()
            return ""

        @toy.get("/uji/halaman")
        def broken_page() -> str:
            return "<!doctype html><html lang=id><title>x</title><p id=a><p id=a>"

        with toy.app_context():
            Base.metadata.create_all(db.engine)
            watch_safe_requests(toy)
            yield toy
            db.session.remove()
            db.engine.dispose()


def test_what_a_factory_makes_is_committed(make_user):
    user = make_user(Role.OPERATOR, name="Melati Uji")
    with db.engine.connect() as other:
        assert other.execute(select(User.name).where(User.id == user.id)).scalar_one() == "Melati Uji"
    assert user.roles == {Role.OPERATOR}


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_database(app, make_cooperative, turn):
    assert db.session.scalars(select(Cooperative)).all() == []
    assert not vocabulary("cooperative").words()
    assert not counter_of(app).tally.waits
    make_cooperative()
    counter_of(app).tally.title("/", "Simpul")
    counter_of(app).tally.missed(date(2026, 11, 2), "keripik")
    assert counter_of(app).tally.waits


@pytest.mark.parametrize(
    ("statement", "written"),
    [
        ('INSERT INTO "user" (name) VALUES (?)', {"user"}),
        ("insert or ignore into report (id) select 1", {"report"}),
        ("\n  UPDATE report SET year = 1 WHERE id IN (SELECT id FROM user)", {"report"}),
        ('DELETE FROM "user"', {"user"}),
        ("WITH one AS (SELECT 1) INSERT INTO report SELECT * FROM one", {"user", "report"}),
        ("UPDATE OR IGNORE report SET year = 1", {"user", "report"}),
        ("COPY report FROM STDIN", {"user", "report"}),
        ("  select 1", set()),
        ("PRAGMA foreign_keys", set()),
    ],
)
def test_what_is_swept_is_what_a_statement_may_have_written(statement, written):
    assert set(tables_written(statement, {"user", "report"})) & {"user", "report"} == written


def test_a_get_that_writes_is_refused(toy):
    with pytest.raises(AssertionError, match="a GET must not write"):
        toy.test_client().get("/uji/tulis")


def test_a_view_that_forgets_to_commit_leaves_nothing(toy):
    before = len(db.session.scalars(select(User)).all())
    assert toy.test_client().post("/uji/lupa").status_code == 200
    assert len(db.session.scalars(select(User)).all()) == before


def test_a_post_without_a_token_is_refused(toy):
    assert toy.test_client().post("/uji/lupa", csrf=False).status_code == 400


def test_html_that_is_wrong_is_refused(toy):
    client = toy.test_client()
    client.check_html = True
    with pytest.raises(AssertionError, match="'a' stands 2 times"):
        client.get("/uji/halaman")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p style='color:red'>x</p>", "inline style="),
        ("<p onclick='x()'>x</p>", "inline onclick="),
        ("<script>x()</script>", "<script> in the page"),
        ("<label for=nobody>x</label>", "names no element"),
        ("<a href='#nowhere'>x</a>", "leads to no element"),
        ("<form method=post><button>x</button></form>", "0 CSRF tokens"),
        ("<table><div>x</div></table>", "line 1"),
    ],
)
def test_each_fault_of_html_is_found(body, problem):
    found = html.problems(
        f"<!doctype html><html lang=id><head><title>x</title></head><body>{body}</body></html>"
    )
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('<p id="a">x</p><p id="b">y</p>', '<p id="a">x</p><p id="a">y</p>'),
        ('<label for="a">x</label><input id="a">', '<label for="b">x</label><input id="a">'),
        ('<p id="a"><a href="#a">x</a></p>', '<p id="a"><a href="#b">x</a></p>'),
        ('<p><a href="/x">x</a></p>', '<p><a href="#x">x</a></p>'),
        (
            '<form method="post"><input type="hidden" name="csrf_token" value="x"></form>',
            '<form method="post"><input type="hidden" name="other" value="x"></form>',
        ),
        (
            '<p aria-describedby="a b">x</p><p id="a">x</p><p id="b">x</p>',
            '<p aria-describedby="a c">x</p><p id="a">x</p><p id="b">x</p>',
        ),
    ],
)
def test_a_wrong_page_is_found_after_a_right_one_that_looks_like_it(right, wrong):
    page = "<!doctype html><html lang=id><title>x</title><body>{}</body></html>"
    assert html.problems(page.format(right)) == []
    assert html.problems(page.format(wrong)) != []
    assert html.skeleton(page.format(right)) == html.skeleton(
        page.format(right.replace('"a', '"q').replace("#a", "#q"))
    )


def test_right_html_passes():
    form = "<form method=post><input type=hidden name=csrf_token value=x><label for=a>x</label><input id=a></form>"
    assert html.problems(f"<!doctype html><html lang=id><title>x</title><body>{form}</body></html>") == []


def test_a_person_signed_in_by_the_fixture_is_known_to_the_site(app, client_as, make_user):
    user = make_user(Role.OPERATOR, name="Melati Uji")
    client = client_as(user)
    with client.session_transaction() as session:
        assert session["_user_id"] == user.get_id()
    assert client.get("/akun").status_code == 200
    assert not current_user


def test_what_the_second_database_is_spared_is_sent_there_by_others():
    def sends(seconds, *names):
        return Sent(seconds, set(names))

    sent = {
        "dear": sends(9, "a", "b"),
        "cheap": sends(1, "a", "b"),
        "own": sends(8, "a", "c"),
        "none": sends(1),
    }
    assert redundant(sent, times=1) == {"dear"}
    assert redundant(sent, times=1, kept={"dear"}) == {"cheap"}
    assert redundant(sent, times=2) == set()
