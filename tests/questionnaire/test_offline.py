"""What the server gives for the form without a network: a page that holds nobody's answers, data for its people alone."""

import re

import pytest

from app.core.access import Role
from app.core.http import after, user_key
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.rules import Status
from tests.questionnaire.conftest import YEAR
from tests.support.queries import count_queries

SECRETS = {"alamat": "Jalan Tertutup 77", "aset": 123_456_789, "nama_ketua": "Wulan Tertutup"}


def import_last_year(desk):
    """From the office's own list."""
    with writing():
        services.import_report(
            desk.cooperative, year=YEAR - 1, answers={"alamat": "Jalan Tahun Lalu 3", "aset": 98_765_432}
        )


@pytest.fixture
def form(desk):
    return f"/laporan/{desk.slug}/{YEAR}"


def test_the_page_that_a_browser_keeps_holds_all_questions_and_nobodys_answers(desk, form, client_as):
    import_last_year(desk)
    desk.save(**SECRETS)
    page = client_as(desk.member).get(f"{form}/luring").text
    for number in range(1, 5):
        assert f'data-section="{number}"' in page
    assert len(re.findall(r'class="question field"', page)) == 24
    for secret in (
        "Tertutup",
        "Tahun Lalu 3",
        "123.456.789",
        "123456789",
        "98.765.432",
        desk.member.name,
        desk.member.email,
    ):
        assert secret not in page, secret


def test_it_names_everything_that_it_loads(desk, form, client_as):
    client = client_as(desk.member)
    page = client.get(f"{form}/luring").text
    named = re.findall(r'(?:href|src|data-feed)="(/(?:static|kuesioner)/[^"]+)"', page)
    assert any("/js/checks/live." in one for one in named)
    assert any("/js/save_queue." in one for one in named)
    for address in set(named):
        assert client.get(address).status_code == 200, address


def test_the_data_hold_what_stands_and_last_year(desk, form, client_as):
    import_last_year(desk)
    desk.save(**SECRETS)
    answer = client_as(desk.member).get(f"{form}/luring.json")
    assert answer.headers["Cache-Control"] == "no-store"
    data = answer.json
    assert data["given"] == {
        "alamat": "Jalan Tertutup 77",
        "aset": "123.456.789",
        "nama_ketua": "Wulan Tertutup",
    }
    assert data["version"] == desk.report().version
    assert len(data["open"]) == 24
    assert data["token"]
    assert data["live"]["answers"]["aset"] == 123_456_789
    assert data["live"]["last"] == {"alamat": "Jalan Tahun Lalu 3", "aset": 98_765_432}
    assert data["lastShown"] == {"alamat": "Jalan Tahun Lalu 3", "aset": "Rp98.765.432"}
    assert "aset" not in data["offered"] or data["offered"]["aset"] == "123.456.789"


def test_strangers_and_those_who_are_not_signed_in_get_neither(desk, form, client, client_as, make_user):
    stranger = client_as(make_user(Role.COOPERATIVE))
    for address in (f"{form}/luring", f"{form}/luring.json"):
        assert stranger.get(address).status_code == 404
        assert client_as(desk.operator).get(address).status_code == 404
        assert "/masuk" in client.get(address).location
    assert client_as(desk.member).get(f"/laporan/{desk.slug}/99999999999/luring.json").status_code == 404


def test_a_returned_report_names_the_open_questions_and_what_the_office_wrote(desk, form, client_as):
    desk.file()
    desk.move(Status.RETURNED, reason="Satu angka berbeda dari buku RAT.", codes=("shu",))
    data = client_as(desk.member).get(f"{form}/luring.json").json
    assert data["open"] == ["shu"]
    assert data["returned"] == "Satu angka berbeda dari buku RAT."
    assert data["shown"]["aset"].startswith("Rp")


def test_a_submitted_report_has_nothing_open(desk, form, client_as):
    desk.file()
    client = client_as(desk.member)
    assert client.get(f"{form}/luring.json").json["open"] == []
    assert client.get(f"{form}/luring").status_code == 200, "the phone may hold answers that nobody else has"


def test_the_page_of_the_receipt_lets_the_phone_clear_up(desk, form, client_as):
    desk.file()
    page = client_as(desk.member).get(f"{form}/terkirim").text
    assert re.search(rf'data-offline="[0-9a-f]{{24}}/{desk.slug}/{YEAR}" data-sent', page)


def test_each_page_tells_whose_it_is_without_telling_who(desk, client, client_as, make_user):
    mine, again = client_as(desk.member).get("/laporan"), client_as(desk.member).get("/akun")
    theirs = client_as(make_user(Role.COOPERATIVE)).get("/laporan")
    keys = [one.headers["X-User-Key"] for one in (mine, again, theirs)]
    assert re.fullmatch(r"[0-9a-f]{24}", keys[0])
    assert keys[0] == keys[1] != keys[2]
    assert client.get("/masuk").headers["X-User-Key"] == "-"
    assert "X-User-Key" not in client.get("/static/tidak-ada.js").headers


def test_a_site_in_trouble_does_not_say_that_nobody_is_signed_in(app, desk):
    with app.test_request_context("/laporan"):
        assert user_key() == "-"
        assert "X-User-Key" not in after(app.response_class(status=503)).headers
        assert after(app.response_class(status=404)).headers["X-User-Key"] == "-"


def test_the_worker_stands_at_the_root_and_is_never_kept(client):
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_form_asks_the_database_for_no_more_than_the_ordinary_one(desk, form, client_as):
    desk.save(**SECRETS)
    client = client_as(desk.member)
    for address in (form, f"{form}/luring"):
        client.get(address)
    with count_queries() as ordinary:
        client.get(f"{form}?bagian=1")
    for address in (f"{form}/luring", f"{form}/luring.json"):
        with count_queries() as counted:
            client.get(address)
        assert counted.number <= ordinary.number, address
