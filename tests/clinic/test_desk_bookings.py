"""Bookings at the office: for a caller, looked up, moved, cancelled; and those who telephone to wait."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.clinic import waitlist
from app.clinic.access import new_form_key
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import Channel, Origin, State, Topic, WaitState
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.clinic.conftest import MONDAY, at, key, visitor
from tests.support.queries import count_queries

DESK = "/dinas/klinik"
CALLER = {"topik": "finance", "saluran": "phone", "nama": "Penelepon Rekaan", "telepon": "0812-0000-0001"}

WRONG = (
    ({"nama": "A"}, "nama"),
    ({"telepon": ""}, "telepon"),
    ({"telepon": "12"}, "telepon"),
    ({"surel": "salah"}, "surel"),
    ({"topik": "cuaca"}, "topik"),
    ({"saluran": "surat"}, "saluran"),
    ({"pertanyaan": "a" * 2001}, "pertanyaan"),
)


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def every(model=ClinicBooking):
    db.session.expire_all()
    return db.session.scalars(select(model).order_by(model.id)).all()


def call(desk, slot, **changes):
    return desk.post(f"{DESK}/baru", data=CALLER | {"slot": slot, "kunci": new_form_key()} | changes)


def test_a_caller_is_booked_in_two_screens(desk, consultant, operator):
    """The week's free hour leads to the form; sending that is all."""
    page = desk.get(f"{DESK}/baru?slot={key(consultant, 9)}")
    assert "09.00–09.45" in page.text
    answer = call(desk, key(consultant, 9))
    (made,) = every()
    assert answer.location == f"{DESK}/janji/{made.id}"
    assert (made.state, made.origin, made.channel) == (State.BOOKED, Origin.PHONE, Channel.PHONE)
    assert (made.phone, made.made_by_id) == ("+62812" + "00000001", operator.id)
    shown = desk.get(answer.location).text
    assert made.reference in shown
    assert "https://wa.me/6281200000001" in shown


def test_without_a_time_the_next_free_ones_are_offered(desk, consultant, make_consultant, book):
    other = make_consultant(Topic.EXPORT, name="Konsultan Dua")
    book(key(consultant, 9))
    page = desk.get(f"{DESK}/baru?topik=finance&telepon=0812").text
    assert f"slot={key(consultant, 10)}" in page
    assert f"slot={key(consultant, 9)}&" not in page
    assert f"slot={key(other, 9)}" not in page
    assert "Tidak ada waktu kosong" in desk.get(f"{DESK}/baru?topik=digital").text


def test_sending_the_form_twice_books_once(desk, consultant):
    one_time = new_form_key()
    first = call(desk, key(consultant, 9), kunci=one_time)
    assert call(desk, key(consultant, 9), kunci=one_time).location == first.location
    assert len(every()) == 1


def test_what_a_caller_did_not_say_is_named_and_nothing_typed_is_lost(desk, consultant):
    for changes, field in WRONG:
        answer = call(desk, key(consultant, 9), **({"pertanyaan": "Soal SHU yang belum dibagi"} | changes))
        assert (answer.status_code, changes) == (422, changes)
        assert f'href="#{field}"' in answer.text, changes
        assert "pertanyaan" in changes or "Soal SHU yang belum dibagi" in answer.text
    assert every() == []


def test_a_time_that_was_just_taken_is_said_and_the_form_stays(desk, consultant, book):
    book(key(consultant, 9), 7)
    answer = call(desk, key(consultant, 9))
    assert answer.status_code == 422
    assert "diambil orang lain" in answer.text
    assert "Penelepon Rekaan" in answer.text
    assert f'name="slot" value="{key(consultant, 10)}" checked' in answer.text
    gone = call(desk, "99.20261109T0200")
    assert gone.status_code == 422
    assert "tidak ada lagi di kalender" in gone.text


def test_who_has_a_booking_already_is_shown_before_a_second_is_made(desk, consultant):
    call(desk, key(consultant, 9))
    second = call(desk, key(consultant, 11))
    assert second.status_code == 200
    assert "Nomor ini sudah punya janji" in second.text
    assert call(desk, key(consultant, 11), tetap="1").status_code == 303
    assert len(every()) == 2


def test_a_cooperative_is_looked_up_while_what_was_typed_stays(desk, consultant, make_cooperative):
    party = make_cooperative(nama_koperasi="Koperasi Lumbung Uji", kode_kecamatan="35.73.01")
    answer = call(desk, key(consultant, 9), cari="1", lembaga="lumbung uji", pertanyaan="Soal RAT")
    assert "Koperasi Lumbung Uji" in answer.text
    assert "Soal RAT" in answer.text
    assert every() == []
    call(desk, key(consultant, 9), untuk=f"koperasi:{party.slug}")
    (made,) = every()
    assert (made.cooperative_id, made.kode_kecamatan) == (party.id, "35.73.01")


def test_bookings_are_found_by_number_name_telephone_and_cooperative(
    desk, consultant, book, make_cooperative
):
    party = make_cooperative(nama_koperasi="Koperasi Lumbung Uji")
    one = book(key(consultant, 9), 1, cooperative_id=party.id)
    two = book(key(consultant, 10), 2, name="Sekar Rekaan")
    for words, found, missed in (
        (one.reference.lower().replace("-", " "), one, two),
        ("rekaan sekar", two, one),
        ("0812-0000-0001", one, two),
        ("lumbung", one, two),
    ):
        page = desk.get(f"{DESK}/janji?q={words}").text
        assert f"{DESK}/janji/{found.id}" in page
        assert f"{DESK}/janji/{missed.id}" not in page
    for words in ("zzz", "%", "--", "🙂"):
        assert "Tidak ada yang cocok" in desk.get(f"{DESK}/janji?q={words}").text
    for other in ("keadaan=lalu", "keadaan=batal", "topik=digital", f"konsultan={consultant.id + 1}"):
        assert f"{DESK}/janji/{one.id}" not in desk.get(f"{DESK}/janji?{other}").text


def test_a_number_finds_its_booking_whatever_became_of_it(desk, consultant, book):
    made = book(key(consultant, 9))
    desk.post(f"{DESK}/janji/{made.id}/batal", data={"alasan": "Konsultan sakit, pilih hari lain."})
    assert f"{DESK}/janji/{made.id}" in desk.get(f"{DESK}/janji?q={made.reference}").text
    assert f"{DESK}/janji/{made.id}" in desk.get(f"{DESK}/janji?keadaan=batal").text


def test_the_list_costs_the_same_for_many_bookings(desk, consultant, make_consultant, book, make_cooperative):
    book(key(consultant, 9), 1, cooperative_id=make_cooperative().id)
    with count_queries() as few:
        desk.get(f"{DESK}/janji")
    for place in range(3):
        other = make_consultant(Topic.FINANCE, name=f"Konsultan {place}")
        book(key(other, 10), 10 + place, cooperative_id=make_cooperative().id)
    db.session.expunge_all()
    with count_queries() as many:
        desk.get(f"{DESK}/janji")
    assert many.number <= few.number


def test_a_visit_of_last_week_that_nobody_noted_is_no_twin_of_a_new_booking(desk, consultant, book, clock):
    book(key(consultant, 9), 1)
    clock.shift(timedelta(days=3))
    answer = call(desk, key(consultant, 9, MONDAY + timedelta(days=7)))
    assert answer.status_code == 303


def test_moving_frees_the_old_time_and_tells_the_visitor(desk, consultant, book):
    made = book(key(consultant, 9), email="tamu@uji.example")
    page = desk.get(f"{DESK}/janji/{made.id}/pindah").text
    assert f'value="{key(consultant, 11)}"' in page
    assert page.count(f'value="{key(consultant, 9)}"') == 1, "as the time that it has, not as a choice"
    answer = desk.post(f"{DESK}/janji/{made.id}/pindah", data={"slot": key(consultant, 11)})
    assert answer.location == f"{DESK}/janji/{made.id}"
    (made,) = every()
    assert made.starts_at == at(MONDAY, 11)
    assert "Pindah ke 09-11-2026 11.00" in desk.get(answer.location).text
    assert db.session.scalar(
        select(TrailEntry.action).where(
            TrailEntry.action == "booking.moved", TrailEntry.subject_id == made.id
        )
    )
    subjects = db.session.scalars(select(OutboxMessage.subject)).all()
    assert any("pindah waktu" in one for one in subjects)


def test_a_move_to_a_taken_time_leaves_the_booking_where_it_is(desk, consultant, book):
    made, other = book(key(consultant, 9), 1), book(key(consultant, 10), 2)
    answer = desk.post(f"{DESK}/janji/{made.id}/pindah", data={"slot": key(consultant, 10)})
    assert answer.status_code == 422
    assert desk.post(f"{DESK}/janji/{made.id}/pindah", data={}).status_code == 422
    assert [one.starts_at for one in every()] == [at(MONDAY, 9), other.starts_at]


def test_cancelling_needs_a_reason_which_stands_on_the_page(desk, consultant, book):
    made = book(key(consultant, 9))
    assert desk.post(f"{DESK}/janji/{made.id}/batal", data={"alasan": ""}).status_code == 422
    desk.post(f"{DESK}/janji/{made.id}/batal", data={"alasan": "Konsultan sakit."})
    (made,) = every()
    assert (made.state, made.cancel_reason) == (State.CANCELLED, "Konsultan sakit.")
    page = desk.get(f"{DESK}/janji/{made.id}").text
    assert "Konsultan sakit." in page
    assert "Pindah jadwal" not in page
    assert desk.get(f"{DESK}/janji/{made.id}/pindah").status_code == 303
    again = desk.post(f"{DESK}/janji/{made.id}/pindah", data={"slot": key(consultant, 11)})
    assert again.status_code in (303, 422)


def test_a_caller_waits_is_offered_and_takes_it_by_telephone(desk, consultant, book):
    """While a time is free one books; when none is, one waits, and a cancellation is offered to whoever waits."""
    answer = desk.post(f"{DESK}/tunggu", data=CALLER | {"saluran": "", "kunci": new_form_key()})
    assert answer.location.startswith(f"{DESK}/baru?topik=finance")
    weeks = range(5)
    made = [
        book(key(consultant, hour, MONDAY + timedelta(weeks=week)), 10 + 3 * week + hour)
        for week in weeks
        for hour in (9, 10, 11)
        if MONDAY + timedelta(weeks=week) <= MONDAY + timedelta(days=29)
    ]
    assert desk.post(f"{DESK}/tunggu", data=CALLER | {"saluran": "", "kunci": new_form_key()}).location == (
        f"{DESK}/tunggu"
    )
    (waiting,) = every(ClinicWaiting)
    assert "Penelepon Rekaan" in desk.get(f"{DESK}/tunggu").text
    desk.post(f"{DESK}/janji/{made[-1].id}/batal", data={"alasan": "Pemesan berhalangan."})
    page = desk.get(f"{DESK}/tunggu").text
    assert "dijawab sebelum" in page
    assert "https://wa.me/6281200000001" in page
    taken = desk.post(f"{DESK}/tunggu/{waiting.id}/ambil")
    assert "/dinas/klinik/janji/" in taken.location
    (waiting,) = every(ClinicWaiting)
    assert waiting.state is WaitState.TAKEN
    assert desk.post(f"{DESK}/tunggu/{waiting.id}/ambil").location == taken.location


def test_whoever_no_longer_waits_is_taken_off_the_list(desk, consultant):
    with writing():
        id_ = waitlist.join(visitor(1), topic=Topic.DIGITAL).id
    desk.post(f"{DESK}/tunggu/{id_}/keluar")
    (waiting,) = every(ClinicWaiting)
    assert waiting.state is WaitState.LEFT
    assert "Tidak ada yang menunggu" in desk.get(f"{DESK}/tunggu").text
    assert desk.post(f"{DESK}/tunggu/{id_ + 9}/keluar").status_code == 404
