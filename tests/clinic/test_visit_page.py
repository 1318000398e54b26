"""One visit: what the office knows beside it, what is written, and what the visitor takes home."""

import re

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.clinic import line
from app.clinic.access import token_of
from app.clinic.models import ClinicBooking, ClinicFollowUp
from app.clinic.rules import State
from app.clinic.signals import ProgramChoice, program_named, programs_asked
from app.cooperatives.timeline import note
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries


@pytest.fixture
def desk(client_as, consultant):
    return client_as(consultant.user)


@pytest.fixture
def visit(consultant, make_cooperative, book, clock):
    """A visit of a cooperative, in progress."""
    cooperative = make_cooperative(nama_koperasi="Koperasi Rekaan Maju")
    booking = book(key(consultant, 9), 1, cooperative_id=cooperative.id, question="Bagaimana membagi SHU?")
    clock.move_to(at(MONDAY, 9))
    with writing() as session:
        held = session.get_one(ClinicBooking, booking.id)
        line.start(held, held.consultant, by=held.consultant.user)
    return db.session.get_one(ClinicBooking, booking.id)


def path_of(booking):
    return f"/dinas/klinik/kunjungan/{booking.id}"


def again(booking):
    db.session.expire_all()
    return db.session.get_one(ClinicBooking, booking.id)


def seen(page):
    return re.search(r'name="dibaca" value="(\w+)"', page)[1]


def write(desk, booking, deed="tulis", read=None, **values):
    read = read or seen(desk.get(path_of(booking)).text)
    return desk.post(path_of(booking), data={"tindakan": deed, "dibaca": read} | values)


def test_the_timeline_of_the_cooperative_stands_beside_the_visit(desk, visit, client_as, operator):
    with writing() as session:
        cooperative = session.get_one(ClinicBooking, visit.id).cooperative
        note(cooperative, kind="report", template="Laporan rekaan dikembalikan", link="/dinas/periksa/1")
    page = desk.get(path_of(visit)).text
    assert "Bagaimana membagi SHU?" in page
    assert "Koperasi Rekaan Maju" in page
    assert "Laporan rekaan dikembalikan" in page
    assert "/dinas/periksa/1" not in page, "a consultant may not open the review, so no link leads there"
    assert "/dinas/periksa/1" in client_as(operator).get(path_of(visit)).text


def test_notes_stay_in_the_clinic_and_advice_is_the_visitors_too(desk, client, visit):
    write(desk, visit, "selesai", saran="Bagi menurut jasa anggota.", catatan="Pengurus berselisih.")
    letter = desk.get(f"{path_of(visit)}/saran").text
    own = client.get(f"/klinik/janji/{token_of(visit)}/saran").text
    shown = client.get(f"/klinik/janji/{token_of(visit)}").text
    assert f"/klinik/janji/{token_of(visit)}/saran" in shown
    assert f"/klinik/nilai/{token_of(visit)}" in shown
    for page in (letter, own, shown):
        assert "Bagi menurut jasa anggota." in page
        assert "Pengurus berselisih." not in page
    assert "Pengurus berselisih." in desk.get(path_of(visit)).text


def test_no_words_of_a_visit_reach_the_trail(desk, visit):
    write(
        desk, visit, saran="Saran yang rahasia.", catatan="Catatan yang rahasia.", **step("Langkah rahasia")
    )
    values = [str((one.before, one.after)) for one in db.session.scalars(select(TrailEntry))]
    assert any("booking" in one.action for one in db.session.scalars(select(TrailEntry)))
    assert not any("rahasia" in one for one in values)


def step(text, owner="visitor", due="30-11-2026", number=0):
    return {f"tindak-{number}": text, f"oleh-{number}": owner, f"tenggat-{number}": due}


def test_what_was_written_elsewhere_meanwhile_is_not_lost(desk, client_as, operator, visit):
    read = seen(desk.get(path_of(visit)).text)
    write(client_as(operator), visit, saran="Dari operator.")
    answer = write(desk, visit, saran="Dari konsultan.", read=read)
    assert answer.status_code == 422
    assert "Dari operator." in answer.text
    assert "Dari konsultan." in answer.text
    assert again(visit).advice == "Dari operator."
    write(desk, visit, saran="Dari operator. Dari konsultan.", read=seen(answer.text))
    assert again(visit).advice == "Dari operator. Dari konsultan."


def test_a_step_sent_twice_stands_once_and_a_wrong_day_keeps_what_was_typed(desk, visit):
    wrong = write(desk, visit, saran="Sudah panjang ditulis.", **step("Susun neraca", due="1-1-2020"))
    assert wrong.status_code == 422
    assert "Sudah panjang ditulis." in wrong.text
    assert "Susun neraca" in wrong.text
    read = seen(desk.get(path_of(visit)).text)
    for _twice in range(2):
        write(desk, visit, read=read, **step("Susun neraca"))
    assert db.session.query(ClinicFollowUp).count() == 1
    assert again(visit).advice == ""


def test_a_visit_that_is_over_can_still_be_completed(desk, visit):
    write(desk, visit, "selesai")
    write(desk, visit, saran="Ditulis sesudahnya.")
    assert (again(visit).state, again(visit).advice) == (State.DONE, "Ditulis sesudahnya.")


def test_advice_needs_a_visit_that_began(desk, consultant, book):
    booking = book(key(consultant, 10), 2)
    answer = desk.post(path_of(booking), data={"tindakan": "tulis", "saran": "Terlalu dini."})
    assert answer.status_code == 422
    assert again(booking).advice == ""


def test_earlier_visits_show_what_was_said_and_agreed(desk, consultant, visit, book, clock):
    write(desk, visit, "selesai", saran="Saran lama.", **step("Langkah lama"))
    later = book(key(consultant, 10), 5, cooperative_id=visit.cooperative_id)
    stranger = book(key(consultant, 11), 6)
    page = desk.get(path_of(later)).text
    assert "Saran lama." in page
    assert "Langkah lama" in page
    assert "Saran lama." not in desk.get(path_of(stranger)).text


def test_the_page_asks_as_often_with_many_earlier_visits_as_with_one(desk, visit):
    def add(*numbers):
        with writing() as session:
            for number in numbers:
                session.add(copy_of(session.get_one(ClinicBooking, visit.id), number))

    add(0)
    with count_queries() as few:
        desk.get(path_of(visit))
    add(1, 2, 3)
    with count_queries() as many:
        desk.get(path_of(visit))
    assert many.number == few.number, many.statements


def copy_of(booking, number):
    names = ("region", "starts_at", "ends_at", "topic", "channel", "cooperative_id", "consultant_id")
    values = {name: getattr(booking, name) for name in names}
    values["starts_at"] = at(MONDAY, 9).replace(day=1 + number)
    values["ends_at"] = at(MONDAY, 10).replace(day=1 + number)
    keys = {name: f"{number}-{name}"[:10] for name in ("reference", "form_key", "token_digest")}
    return ClinicBooking(**values, **keys, state=State.DONE, advice=f"Saran {number}")


def test_a_visit_is_linked_with_a_programme_that_everybody_may_read(desk, visit):
    def offer(_sender):
        return [ProgramChoice("pelatihan-rekaan", "Pelatihan rekaan")]

    def name(_sender, slug):
        return ProgramChoice(slug, "Pelatihan rekaan") if slug == "pelatihan-rekaan" else None

    with programs_asked.connected_to(offer), program_named.connected_to(name):
        assert "Pelatihan rekaan" in desk.get(path_of(visit)).text
        desk.post(path_of(visit), data={"tindakan": "kaitkan", "program": "pelatihan-rekaan"})
        assert again(visit).program_slug == "pelatihan-rekaan"
        wrong = desk.post(path_of(visit), data={"tindakan": "kaitkan", "program": "yang-tidak-ada"})
    assert wrong.status_code == 422
    assert again(visit).program_slug == "pelatihan-rekaan"


def test_a_question_of_another_cooperatives_report_cannot_be_linked(desk, visit):
    answer = desk.post(path_of(visit), data={"tindakan": "kaitkan", "pertanyaan": "999:aset"})
    assert answer.status_code == 422
    assert again(visit).report_id is None


def test_whoever_came_without_being_known_is_found_in_the_register(desk, consultant, book, make_cooperative):
    booking = book(key(consultant, 10), 3)
    cooperative = make_cooperative(nama_koperasi="Koperasi Rekaan Sejahtera", kode_kecamatan="35.73.01")
    page = desk.get(f"{path_of(booking)}?cari=sejahtera").text
    assert "Koperasi Rekaan Sejahtera" in page
    desk.post(path_of(booking), data={"tindakan": "lembaga", "untuk": f"koperasi:{cooperative.slug}"})
    assert again(booking).cooperative_id == cooperative.id
    assert again(booking).kode_kecamatan == "35.73.01"
    unknown = desk.post(path_of(booking), data={"tindakan": "lembaga", "untuk": "koperasi:tidak-ada"})
    assert unknown.status_code == 404


def test_advice_that_is_not_there_cannot_be_printed(desk, client, visit):
    assert desk.get(f"{path_of(visit)}/saran").status_code == 404
    assert client.get(f"/klinik/janji/{token_of(visit)}/saran").status_code == 404
    assert client.get("/klinik/janji/salah/saran").status_code == 404
