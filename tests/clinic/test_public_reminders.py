"""Reminders: sent once by the command or the clock, passed on by staff through WhatsApp."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clinic import booking, reminding, settings
from app.clinic.access import token_of
from app.clinic.models import ClinicBooking, ClinicReminder
from app.clinic.rules import State, Topic
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries


@pytest.fixture
def early(clock):
    """Three days before the visits."""
    clock.move_to(at(MONDAY, 9) - timedelta(days=3))


def count(model, **where):
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**where))


def test_the_command_reminds_a_day_and_two_hours_ahead_and_never_twice(
    early, command, consultant, book, make_user, clock
):
    person = make_user(Role.ENTERPRISE)
    made = book(key(consultant, 9), email="tamu@contoh.co.id", user_id=person.id)
    before = count(OutboxMessage), count(InboxMessage)
    assert "0 pengingat" in command("remind").output
    for ahead, total in ((timedelta(hours=20), 1), (timedelta(hours=1, minutes=50), 2)):
        clock.move_to(made.starts_at - ahead)
        assert "1 pengingat" in command("remind").output
        assert "0 pengingat" in command("remind").output
        assert (count(OutboxMessage), count(InboxMessage)) == (before[0] + total, before[1] + total)
    last = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert last.link.endswith(f"/klinik/janji/{token_of(made)}")


def test_the_reminder_of_two_hours_can_still_be_answered_with_a_cancellation_or_does_not_say_so(
    early, command, client, consultant, book, clock
):
    made = book(key(consultant, 11), email="tamu@contoh.co.id")
    clock.move_to(made.starts_at - timedelta(hours=1, minutes=58))
    command("remind")
    sent = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
    told = db.session.scalars(sent).one()
    assert "Konfirmasi datang, pindah, atau batal di sini" in told.body
    client.post(f"/klinik/janji/{token_of(made)}/batal")
    assert db.session.get_one(ClinicBooking, made.id).state is State.CANCELLED
    other = book(key(consultant, 11), number=2, email="tamu@contoh.co.id")
    with writing():
        settings.set_limits(cutoff_minutes=120)
        db.session.get_one(ClinicBooking, other.id).timed_at -= timedelta(days=1)
    command("remind")
    told = db.session.scalars(sent).one()
    assert "Berhalangan? Kabari kantor." in told.body
    assert "batal di sini" not in told.body


def test_staff_open_whatsapp_with_the_message_ready_and_note_that_it_was_sent(
    early, command, client_as, operator, consultant, book, clock
):
    made = book(key(consultant, 9))
    book(key(consultant, 10), number=2, phone="+62341551234")
    clock.move_to(made.starts_at - timedelta(hours=20))
    command("remind")
    client = client_as(operator)
    page = client.get("/dinas/klinik/pengingat")
    assert "https://wa.me/6281200000001?text=" in page.text
    assert token_of(made) in page.text
    assert 'href="tel:+62341551234"' in page.text
    assert page.text.index("Tamu Rekaan 1") < page.text.index("Tamu Rekaan 2")
    first = db.session.scalars(select(ClinicReminder).order_by(ClinicReminder.id).limit(1)).one()
    assert client.post(f"/dinas/klinik/pengingat/{first.id}").status_code == 303
    assert "wa.me/6281200000001" not in client.get("/dinas/klinik/pengingat").text
    assert client.post("/dinas/klinik/pengingat/999999").status_code == 404


def test_who_would_be_reminded_of_a_time_that_leave_took_away_is_marked(
    early, command, client_as, operator, consultant, book, clock
):
    made = book(key(consultant, 9))
    clock.move_to(made.starts_at - timedelta(hours=20))
    command("remind")
    client = client_as(operator)
    assert "Di luar jam klinik" not in client.get("/dinas/klinik/pengingat").text
    with writing():
        settings.add_closure({"starts_on": MONDAY, "ends_on": MONDAY, "kind": "closed"})
    page = client.get("/dinas/klinik/pengingat").text
    assert "Di luar jam klinik" in page
    assert f"/dinas/klinik/janji/{made.id}" in page


def test_a_reminder_passed_on_in_the_morning_says_today_and_each_visit_stands_there_once(
    early, command, client_as, operator, consultant, book, clock
):
    made = book(key(consultant, 9), email="tamu@contoh.co.id")
    clock.move_to(made.starts_at - timedelta(hours=20))
    command("remind")
    client = client_as(operator)
    assert "Besok%3A%20janji%20klinik" in client.get("/dinas/klinik/pengingat").text
    clock.move_to(made.starts_at - timedelta(hours=2, minutes=30))
    page = client.get("/dinas/klinik/pengingat").text
    assert "Hari%20ini%3A%20janji%20klinik" in page
    assert "Besok%3A" not in page
    clock.move_to(made.starts_at - timedelta(hours=1))
    command("remind")
    assert client.get("/dinas/klinik/pengingat").text.count("https://wa.me/6281200000001") == 1
    last = db.session.scalars(select(ClinicReminder).order_by(ClinicReminder.id.desc()).limit(1)).one()
    client.post(f"/dinas/klinik/pengingat/{last.id}")
    assert "wa.me/6281200000001" not in client.get("/dinas/klinik/pengingat").text


def test_what_was_moved_while_reminders_were_sent_is_reminded_of_its_new_time(early, consultant, book, clock):
    made = book(key(consultant, 9))
    clock.move_to(made.starts_at - timedelta(hours=20))
    dues = reminding.due_reminders(now())
    with writing() as session:
        booking.move(session.get_one(ClinicBooking, made.id), key(consultant, 9, MONDAY + timedelta(days=7)))
    with writing():
        assert sum(reminding.remind(dues).values()) == 0
    clock.move_to(at(MONDAY + timedelta(days=7), 9) - timedelta(hours=20))
    assert [one.kind for one in reminding.due_reminders(now())] == ["day"]


def test_an_offer_stands_first_because_it_cannot_wait(client, client_as, operator, make_consultant, book):
    hours = [{"on_date": MONDAY, "weekday": None, "ends": 9 * 60 + 45}]
    made = book(key(make_consultant(Topic.FINANCE, hours=hours), 9))
    other = book(key(make_consultant(Topic.EXPORT, hours=hours), 9), number=2, topic=Topic.EXPORT)
    client.post(
        "/klinik/tunggu", data={"topik": "finance", "nama": "Penunggu Rekaan", "telepon": "081300000001"}
    )
    client.post(f"/klinik/janji/{token_of(made)}/batal")
    desk = client_as(operator)
    page = desk.get("/dinas/klinik/pengingat").text
    assert "https://wa.me/6281300000001?text=" in page
    assert "sisa 120 menit" in page
    with count_queries() as few:
        desk.get("/dinas/klinik/pengingat")
    client.post(
        "/klinik/tunggu", data={"topik": "export", "nama": "Penunggu Lain", "telepon": "081300000002"}
    )
    client.post(f"/klinik/janji/{token_of(other)}/batal")
    with count_queries() as many:
        assert "Penunggu Lain" in desk.get("/dinas/klinik/pengingat").text
    assert many.number == few.number


def test_the_list_is_the_operators(client, client_as, make_user, consultant):
    assert client.get("/dinas/klinik/pengingat").status_code == 302
    for role in (Role.ENTERPRISE, Role.EDITOR, Role.CONSULTANT):
        assert client_as(make_user(role)).get("/dinas/klinik/pengingat").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_list(
    early, command, client_as, operator, consultant, make_consultant, book, clock
):
    made = book(key(consultant, 9))
    clock.move_to(made.starts_at - timedelta(hours=20))
    command("remind")
    client = client_as(operator)
    client.get("/dinas/klinik/pengingat")
    with count_queries() as few:
        client.get("/dinas/klinik/pengingat")
    clock.move_to(made.starts_at - timedelta(days=2))
    for number in range(2, 6):
        book(key(make_consultant(name=f"Konsultan {number}"), 10), number=number)
    clock.move_to(made.starts_at - timedelta(hours=20))
    command("remind")
    with count_queries() as many:
        page = client.get("/dinas/klinik/pengingat")
    assert page.text.count("wa.me/") == 5
    assert many.number == few.number
