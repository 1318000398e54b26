"""The outbox at the staff's desk."""

import re

import pytest
from sqlalchemy import select

from app.accounts.models import Purpose, User
from app.accounts.services import email_link, issue_link
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.services import queue_email, settle
from tests.support.queries import count_queries

LINK = re.compile(r"https?://[^/]+/sandi/[\w-]{43}")


@pytest.fixture
def link_for():
    """``link_for(user)``: a message with a one-time link; its id."""

    def queue(user):
        with writing():
            person = db.session.get_one(User, user.id)
            email_link(person, issue_link(person, purpose=Purpose.RESET))
            return db.session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id.desc())).first()

    return queue


@pytest.fixture
def note():
    """``note(subject)``: a message without a link; its id."""

    def queue(subject="Laporan Anda disetujui", state=None, error=""):
        with writing():
            message = queue_email(
                kind="report.approved",
                to_name="Mawar Uji",
                to_address="mawar@uji.example",
                subject=subject,
                body="Yth. Mawar Uji,\n\nLaporan <2025> Anda disetujui.",
            )
            if state:
                settle(message, state, error=error)
            return message.id

    return queue


def kept(message_id):
    return db.session.get_one(OutboxMessage, message_id)


@pytest.fixture
def desk(client_as, make_user):
    """An operator's browser."""
    return client_as(make_user(Role.OPERATOR))


def subjects(page):
    return re.findall(r'<th scope="row"><a href="/dinas/kotak-keluar/\d+">([^<]+)</a>', page)


def test_the_newest_message_stands_first_with_its_state_and_last_error(desk, note):
    note("Pertama")
    note("Kedua", MessageState.FAILED, "Server surel menolak penerima: 550 tidak ada")
    page = desk.get("/dinas/kotak-keluar").text
    assert subjects(page) == ["Kedua", "Pertama"]
    assert "550 tidak ada" in page
    assert "Menunggu (1)" in page
    assert "Gagal (1)" in page


def test_messages_are_found_by_state_and_words(desk, note):
    note("Pertama")
    note("Kedua", MessageState.SENT)
    assert subjects(desk.get("/dinas/kotak-keluar?keadaan=sent").text) == ["Kedua"]
    assert subjects(desk.get("/dinas/kotak-keluar?keadaan=waiting&q=PERT").text) == ["Pertama"]
    assert subjects(desk.get("/dinas/kotak-keluar?q=mawar@uji").text) == ["Kedua", "Pertama"]
    assert "Tidak ada pesan di sini" in desk.get("/dinas/kotak-keluar?keadaan=expired").text


def test_an_empty_outbox_says_what_will_come(desk):
    assert "Belum ada pesan" in desk.get("/dinas/kotak-keluar").text


def test_the_number_of_queries_does_not_grow_with_the_messages(desk, note):
    note()
    with count_queries() as few:
        desk.get("/dinas/kotak-keluar")
    for _ in range(24):
        note()
    with count_queries() as many:
        desk.get("/dinas/kotak-keluar")
    assert many.number == few.number


def test_a_message_shows_its_text_signed_by_the_office(desk, note):
    page = desk.get(f"/dinas/kotak-keluar/{note()}").text
    assert "Laporan &lt;2025&gt; Anda disetujui." in page
    assert "Dinas Koperasi dan UKM" in page


def test_a_one_time_link_is_shown_only_when_it_is_read_out_and_that_is_on_the_trail(
    desk, make_user, link_for
):
    number = link_for(make_user(Role.COOPERATIVE))
    assert not LINK.search(desk.get(f"/dinas/kotak-keluar/{number}").text)
    answer = desk.post(f"/dinas/kotak-keluar/{number}/bacakan")
    assert LINK.search(answer.text)
    assert "<svg" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert (entry.action, entry.subject_id) == ("message.read_out", number)
    assert not LINK.search(str(entry.after))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EDITOR, Role.ADMIN])
def test_a_link_for_staff_is_read_out_by_admins_only(desk, client_as, make_user, link_for, role):
    number = link_for(make_user(role))
    assert "Hanya admin" in desk.get(f"/dinas/kotak-keluar/{number}").text
    for act in ("bacakan", "disampaikan"):
        assert desk.post(f"/dinas/kotak-keluar/{number}/{act}").status_code == 404
    assert LINK.search(client_as(make_user(Role.ADMIN)).post(f"/dinas/kotak-keluar/{number}/bacakan").text)


def test_a_link_for_nobody_we_know_is_read_out_by_admins_only(desk, link_for, make_user):
    number = link_for(make_user(Role.COOPERATIVE))
    with writing():
        kept(number).person_id = None
    assert desk.post(f"/dinas/kotak-keluar/{number}/bacakan").status_code == 404


def test_a_message_passed_on_by_hand_is_settled_and_its_link_forgotten(desk, make_user, link_for):
    number = link_for(make_user(Role.COOPERATIVE))
    assert desk.post(f"/dinas/kotak-keluar/{number}/disampaikan").status_code == 302
    assert (kept(number).state, kept(number).link) == (MessageState.HANDED, None)
    page = desk.get(f"/dinas/kotak-keluar/{number}").text
    assert "Disampaikan petugas" in page
    assert "Buat tautan baru" in page
    assert desk.post(f"/dinas/kotak-keluar/{number}/disampaikan").status_code == 409


def test_a_failed_message_is_sent_again_as_a_copy(desk, note):
    number = note("Kedua", MessageState.FAILED, "550")
    answer = desk.post(f"/dinas/kotak-keluar/{number}/kirim")
    copy = kept(int(answer.location.rsplit("/", 1)[1]))
    assert (copy.state, copy.subject, copy.attempts) == (MessageState.WAITING, "Kedua", 0)
    assert kept(number).state is MessageState.FAILED


def test_a_message_whose_link_is_gone_is_not_sent_again(desk, make_user, link_for):
    number = link_for(make_user(Role.COOPERATIVE))
    with writing():
        settle(kept(number), MessageState.SENT)
    answer = desk.post(f"/dinas/kotak-keluar/{number}/kirim")
    assert answer.status_code == 409
    assert "Buat tautan baru" in answer.text


def test_a_waiting_message_is_tried_at_once(clock, desk, note):
    number = note()
    clock.shift(10)
    with writing():
        kept(number).next_try_at = kept(number).next_try_at.replace(year=2030, day=1)
    desk.post(f"/dinas/kotak-keluar/{number}/kirim")
    assert kept(number).next_try_at.year == 2026


@pytest.mark.parametrize("number", ["0", "99999", "2147483648"])
def test_a_message_that_does_not_exist_is_not_found(desk, number):
    assert desk.get(f"/dinas/kotak-keluar/{number}").status_code == 404
    for act in ("bacakan", "kirim", "disampaikan"):
        assert desk.post(f"/dinas/kotak-keluar/{number}/{act}").status_code == 404
