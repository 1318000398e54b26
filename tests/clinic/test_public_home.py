"""The ways from the home page and the menu to the clinic."""

from app.clinic.rules import Topic
from app.core import caching
from tests.clinic.conftest import MONDAY, at, key


def test_the_home_page_says_when_somebody_could_come_and_leads_there_in_one_tap(client, consultant, book):
    page = client.get("/").text
    assert 'jadwal kosong <a href="/klinik">besok 09.00</a>' in page
    assert '<a href="/klinik">Buat janji dengan konsultan</a>' in page
    assert f'<a href="/klinik?topik={Topic.GOVERNANCE}">Tanya soal RAT dan SHU</a>' in page
    book(key(consultant, 9))
    assert "besok 10.00" in client.get("/").text


def test_without_consultants_the_home_page_promises_nothing_and_the_clinic_says_so(client):
    assert "jadwal kosong" not in client.get("/").text
    assert "Klinik belum membuka jadwal" in client.get("/klinik").text


def test_the_kept_home_page_follows_the_clinics_next_time(app, client, consultant, book, clock, monkeypatch):
    monkeypatch.setitem(app.config, "KEEP_PAGES", True)
    assert "besok 09.00" in client.get("/").text
    book(key(consultant, 9))
    assert "besok 10.00" in client.get("/").text
    clock.move_to(at(MONDAY, 11, 1))
    for revision in caching.pages_of(app).revisions.values():
        revision.forget()  # as after the second for which it is trusted
    assert "Senin 16 November 09.00" in client.get("/").text


def test_a_search_finds_the_clinic(client, consultant):
    for words in ("klinik", "konsultasi", "janji temu"):
        assert 'href="/klinik"' in client.get(f"/cari?q={words}").text.partition("<main")[2]
