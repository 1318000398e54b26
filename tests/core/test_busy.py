"""What people see while the database is away or changes its leader: a page to try again from, with what they had typed."""

from io import BytesIO

import pytest
from flask import g, request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.core import error_pages
from app.core.access import public
from app.core.config import flask_config, reach
from app.core.extensions import db, limiter
from app.factory import create_app


@pytest.fixture(scope="module")
def busy_site(settings, databases, tmp_path_factory):
    """A site whose ``/macet`` finds no database, and whose ``/baca`` one that only reads."""
    with databases.fresh() as url:
        site = create_app(
            settings
            | {"TESTING": False, "DATABASE_URL": url, "INSTANCE": str(tmp_path_factory.mktemp("macet"))}
        )

        @site.route("/macet", methods=["GET", "POST"])
        @public
        def stuck() -> str:
            raise OperationalError("SELECT", {}, Exception("gone"))

        @site.get("/baca")
        @public
        def only_reading() -> str:
            db.session.execute(text("SET TRANSACTION READ ONLY"))
            db.session.execute(text("CREATE TABLE baru (id int)"))
            return ""

        @site.post("/sering")
        @public
        @limiter.limit("1 per hour")
        def often() -> str:
            return ""

        @site.post("/berkas")
        @public
        def filed() -> str:
            return str(len(request.form))

        with site.app_context():
            db.create_all()
        yield site
        with site.app_context():
            db.engine.dispose()


@pytest.fixture
def sent(busy_site):
    """``sent(to, **fields)``: the answer to a form of this site, by default while the database is away."""
    browser = busy_site.test_client()
    token = browser.get("/masuk").text.split('name="csrf_token" value="')[1].split('"')[0]
    return lambda to="/macet", **fields: browser.post(to, data=fields | {"csrf_token": token})


def test_a_busy_site_says_when_to_ask_again(busy_site):
    answer = busy_site.test_client().get("/macet")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Muat ulang halaman ini" in answer.text
    assert "<form" not in answer.text


def test_what_was_sent_to_a_busy_site_is_on_its_page_to_be_sent_again(sent):
    answer = sent(nama='Koperasi "Uji" & <b>', pilihan="dua", berkas=(BytesIO(), ""))
    assert answer.status_code == 503
    assert '<input type="hidden" name="nama" value="Koperasi &#34;Uji&#34; &amp; &lt;b&gt;">' in answer.text
    assert "Kirim lagi" in answer.text
    assert "Muat ulang halaman ini" not in answer.text  # which would lose it
    assert answer.text.count('name="csrf_token"') == 1


def test_what_was_typed_outlives_a_limit_that_others_at_the_same_address_have_used_up(sent):
    assert sent("/sering", pesan="Kami mohon bantuan").status_code == 200
    refused = sent("/sering", pesan="Kami mohon bantuan")
    assert refused.status_code == 429
    assert 'name="pesan" value="Kami mohon bantuan"' in refused.text
    assert "Kirim lagi" in refused.text


def test_a_file_no_page_can_hold_so_nothing_is_offered_without_it(sent):
    assert "Kirim lagi" not in sent(nama="Koperasi Uji", berkas=(BytesIO(b"%PDF"), "akta.pdf")).text


def test_no_page_repeats_a_password_nor_what_another_site_made_a_browser_send(sent, busy_site):
    assert "rahasia" not in sent(email="a@uji.example", password="rahasia").text
    assert "jahat" not in busy_site.test_client().post("/macet", data={"nama": "jahat"}).text


@pytest.mark.parametrize(("is_ours", "repeated"), [(True, [("nama", "Melati")]), (False, []), (None, [])])
def test_what_was_not_proved_to_come_from_our_own_form_is_offered_to_nobody(busy_site, is_ours, repeated):
    """The database may be gone before the token is looked at."""
    with busy_site.test_request_context("/macet", method="POST", data={"nama": "Melati", "csrf_token": "x"}):
        if is_ours is not None:
            g.csrf_valid = is_ours
        assert error_pages.posted() == repeated


def test_an_error_page_is_drawn_by_a_database_that_dies_while_it_is_drawn(busy_site, monkeypatch):
    draw, tries = error_pages.render_template, []

    def dying(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("SELECT", {}, Exception("gone"))
        return draw(*args, **kwargs)

    monkeypatch.setattr(error_pages, "render_template", dying)
    assert "<h1" in busy_site.test_client().get("/tidak-ada").text


def test_a_database_that_only_reads_is_let_go_of_and_asked_for_again(busy_site, databases):
    if databases.kind == "postgresql":  # SQLite hands its lead to nobody
        answer = busy_site.test_client().get("/baca")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert busy_site.test_client().get("/koperasi").status_code == 200


def test_an_error_is_told_though_the_database_does_not_even_take_back_what_was_begun(busy_site, monkeypatch):
    def dying(_session):
        raise OperationalError("ROLLBACK", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.rollback", dying)
    answer = busy_site.test_client().get("/macet")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_an_answer_stands_though_the_database_dies_before_its_session_is_closed(busy_site, monkeypatch):
    def dying(_session):
        raise OperationalError("ROLLBACK", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.close", dying)
    answer = busy_site.test_client().get("/koperasi")
    monkeypatch.undo()
    assert answer.status_code == 200
    with busy_site.app_context():
        assert db.engine.pool.checkedout() == 0
    assert busy_site.test_client().get("/koperasi").status_code == 200


def test_a_body_that_is_too_large_is_read_to_its_end_before_it_is_refused(busy_site):
    body = BytesIO(b"x" * (9 << 20))
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = busy_site.test_client().post("/berkas", headers=kind, input_stream=body)
    assert answer.status_code == 413
    assert body.tell() == 9 << 20


def test_postgresql_is_asked_for_a_server_that_writes_unless_its_address_says_otherwise(tmp_path):
    url = "postgresql://simpul@127.0.0.1:5000/simpul"
    options = flask_config(tmp_path, {"DATABASE_URL": url})["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"]["target_session_attrs"] == "read-write"
    assert "connect_timeout" not in reach(url + "?connect_timeout=30&target_session_attrs=any")
    assert reach("sqlite:///simpul.db") == {}


@pytest.fixture
def sent_large(busy_site):
    """``sent_large(browser, **fields)``: the same as one body in memory; without a browser, the one whose form it is."""
    own = busy_site.test_client()
    token = own.get("/masuk").text.split('name="csrf_token" value="')[1].split('"')[0]

    def send(browser=None, **fields):
        boundary, body = encode_multipart({"csrf_token": token} | fields)
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(len(body))}
        return (browser or own).post("/berkas", headers=kind, input_stream=BytesIO(body))

    return send


def test_of_too_large_a_body_the_page_names_the_files_and_keeps_what_was_typed(sent_large):
    large, small = (BytesIO(b"\r\n-x" * (size << 18)) for size in (9, 1))
    files = {"foto": FileStorage(large, "Foto <besar>.jpg"), "surat": FileStorage(small, "surat.pdf")}
    answer = sent_large(pertanyaan="Isian <b>panjang</b>", **files)
    assert answer.status_code == 413
    assert "Foto &lt;besar&gt;.jpg (9,0 MB), surat.pdf (1,0 MB)" in answer.text
    assert 'name="pertanyaan" value="Isian &lt;b&gt;panjang&lt;/b&gt;"' in answer.text
    assert "Kirim tanpa berkas" in answer.text


def test_what_another_site_made_too_large_is_not_offered_again_nor_a_form_with_a_secret(
    sent_large, busy_site
):
    def large():
        return FileStorage(BytesIO(b"x" * (9 << 20)), "a.pdf")

    stranger = sent_large(busy_site.test_client(), isi="Ketikan", berkas=large())
    secret = sent_large(isi="Ketikan", sandi="rahasia", berkas=large())
    for answer in (stranger, secret):
        assert (answer.status_code, "a.pdf (9,0 MB)" in answer.text) == (413, True)
        assert "Ketikan" not in answer.text


def test_an_endless_text_is_not_called_a_file(sent_large):
    answer = sent_large(isi="x" * (3 << 20), berkas=FileStorage(BytesIO(b"x"), "a.pdf"))
    assert answer.status_code == 413
    assert "Isian ini terlalu panjang" in answer.text
    assert "2 MB tulisan" in answer.text


@pytest.mark.parametrize(
    "body", [b"--x\r\n" * (2 << 20), b"--x\r\nA: b\r\n" * (1 << 20), b"\xff\r\n\r\n" * (2 << 20)]
)
def test_a_body_that_is_no_form_is_refused_like_any_other(busy_site, body):
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(len(body))}
    answer = busy_site.test_client().post("/berkas", headers=kind, input_stream=BytesIO(body))
    assert (answer.status_code, "8 MB" in answer.text) == (413, True)
