"""A visitor without an account books: a topic, a time, a name and a number."""

import io
import re

import brotli
import pytest
from sqlalchemy import select

from app.clinic.access import token_of
from app.clinic.models import ABOUT, ClinicBooking
from app.clinic.rules import Channel, State, Topic, most_held
from app.core.access import Role
from app.core.extensions import db
from app.files.models import StoredFile
from tests.clinic.conftest import MONDAY, key
from tests.support.queries import count_queries

FORM = {"nama": "Tamu Rekaan", "telepon": "0812 0000 0001", "pertanyaan": "Bagaimana mencatat modal?"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def times_in(page):
    return re.findall(r'name="waktu" value="([^"]+)"', page.text)


def take(client, slot, **more):
    return client.post("/klinik", data={"topik": "finance", "waktu": slot} | more)


def the_booking():
    return db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id.desc()).limit(1)).one()


def test_three_taps_and_two_fields_make_an_appointment(client, consultant):
    topics = client.get("/klinik")
    assert 'href="/klinik?topik=finance#waktu"' in topics.text
    times = client.get("/klinik?topik=finance")
    assert times_in(times)[0] == key(consultant, 9)
    taken = take(client, times_in(times)[0])
    form = client.get(taken.location)
    assert "Kami tahan sampai 12.10" in form.text
    assert form.headers["Cache-Control"] == "no-store"
    done = client.post(taken.location, data={"nama": "Tamu Rekaan", "telepon": "08120000001"})
    assert (done.status_code, done.location) == (303, taken.location)
    made = the_booking()
    assert (made.state, made.phone, made.channel) == (State.BOOKED, "+628120000001", Channel.OFFICE)
    page = client.get(done.location)
    for said in (made.reference, "Senin, 9 November 2026", "09.00–09.45", "Konsultan Satu", "Ruang Klinik"):
        assert said in page.text
    assert "https://wa.me/?text=" in page.text
    assert f"{done.location}/janji.ics" in page.text


def test_looking_holds_nothing_and_a_tap_holds_it_for_one_browser(app, client, consultant):
    client.get("/klinik?topik=finance")
    assert db.session.scalars(select(ClinicBooking)).all() == []
    take(client, key(consultant, 9))
    other = app.test_client()
    assert key(consultant, 9) not in times_in(other.get("/klinik?topik=finance"))
    late = take(other, key(consultant, 9))
    assert late.status_code == 409
    assert "baru saja diambil" in late.text
    assert key(consultant, 10) in times_in(late)


def test_another_tap_lets_the_first_time_go(app, client, consultant):
    for hour in (9, 10):
        take(client, key(consultant, hour))
    assert key(consultant, 9) in times_in(app.test_client().get("/klinik?topik=finance"))


def test_what_is_missing_is_named_and_what_was_typed_stays(client, consultant):
    address = take(client, key(consultant, 9)).location
    answer = client.post(address, data=FORM | {"telepon": "12", "surel": "bukan surel"})
    assert answer.status_code == 422
    assert 'href="#telepon"' in answer.text
    assert 'href="#surel"' in answer.text
    assert "Bagaimana mencatat modal?" in answer.text
    assert the_booking().state is State.HELD


def test_a_program_that_fills_in_everything_is_asked_again_and_no_puzzle_is_set(client, consultant):
    address = take(client, key(consultant, 9)).location
    answer = client.post(address, data=FORM | {"situs_web": "http://iklan.test"})
    assert answer.status_code == 422
    assert "seperti dikirim program" in answer.text
    assert client.post(address, data=FORM).status_code == 303


def test_whoever_loses_the_time_while_typing_taps_another_and_types_nothing_again(
    app, client, consultant, clock
):
    address = take(client, key(consultant, 9)).location
    clock.shift(11 * 60)
    other = app.test_client()
    other.post(take(other, key(consultant, 9)).location, data=FORM | {"telepon": "08120000002"})
    lost = client.post(address, data=FORM)
    assert lost.status_code == 409
    assert "sudah diambil" in lost.text
    hidden = dict(
        re.findall(r'<input type="hidden" name="(nama|telepon|pertanyaan)" value="([^"]*)"', lost.text)
    )
    assert hidden == FORM
    again = take(client, times_in(lost)[0], **hidden)
    assert again.status_code == 303
    made = the_booking()
    assert (made.state, made.name, made.question) == (State.BOOKED, "Tamu Rekaan", FORM["pertanyaan"])


def test_the_form_that_is_sent_twice_makes_one_appointment(client, consultant):
    address = take(client, key(consultant, 9)).location
    assert [client.post(address, data=FORM).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalars(select(ClinicBooking.state)).all() == [State.BOOKED]


def test_nobody_keeps_more_times_than_the_limit_from_whatever_address(app, consultant):
    for hour, status in ((9, 303), (10, 303), (11, 422)):
        client = app.test_client()
        answer = client.post(
            take(client, key(consultant, hour)).location,
            data=FORM,
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{hour}"},
        )
        assert answer.status_code == status
    assert "Sudah ada 2 janji" in answer.text


def test_a_network_that_holds_more_than_its_share_loses_the_oldest_and_nobody_is_refused(app, consultant):
    def comes_from(network, slot):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = network
        return browser, take(browser, slot).location

    free = [*dict.fromkeys(times_in(app.test_client().get("/klinik?topik=finance&tampil=daftar")))]
    share = most_held(len(free))
    elsewhere = comes_from("198.51.100.9", free.pop())
    crowd = [comes_from(f"203.0.113.{number + 1}", slot) for number, slot in enumerate(free[: share + 2])]
    held = select(ClinicBooking.id).where(ClinicBooking.state == State.HELD)
    assert len(db.session.scalars(held).all()) == share + 1
    assert set(free[:2]) < set(times_in(app.test_client().get("/klinik?topik=finance&tampil=daftar")))
    for number, (browser, address) in enumerate([crowd[0], crowd[-1], elsewhere]):
        answer = browser.post(address, data=FORM | {"telepon": f"0812000010{number}"})
        assert (answer.status_code, answer.location) == (303, address)
    booked = select(ClinicBooking.holder).where(ClinicBooking.state == State.BOOKED)
    assert db.session.scalars(booked).all() == [""] * 3, "who browsed from where is forgotten"


def test_attachments_are_for_the_visitor_and_the_clinic_only(
    app, client, client_as, consultant, make_consultant, make_user
):
    address = take(client, key(consultant, 9)).location
    sent = FORM | {"berkas": (io.BytesIO(PDF), "neraca.pdf")}
    client.post(address, data=sent, content_type="multipart/form-data")
    stored = db.session.scalars(select(StoredFile).where(StoredFile.about_kind == ABOUT)).one()
    where = f"/berkas/{stored.token}/neraca.pdf"
    assert where in client.get(address).text
    assert client.get(where).status_code == 200
    other = app.test_client()
    assert other.get(where).status_code == 404
    other.get(address)  # whoever has the secret address, on another phone too
    assert other.get(where).status_code == 200
    colleague = make_consultant(Topic.LEGAL, name="Konsultan Dua")
    for person, status in ((consultant.user, 200), (colleague.user, 404)):
        assert client_as(person).get(where).status_code == status
    for role, status in ((Role.OPERATOR, 200), (Role.EDITOR, 404)):
        assert client_as(make_user(role)).get(where).status_code == status


def test_the_way_to_meet_is_chosen_on_the_form_where_a_time_offers_several(client, consultant):
    address = take(client, key(consultant, 9)).location
    assert 'value="phone"' in client.get(address).text
    client.post(address, data=FORM | {"lewat": "phone"})
    assert the_booking().channel is Channel.PHONE
    assert "menelepon 0812-0000-0001" in client.get(address).text


def test_times_are_narrowed_by_way_and_consultant_and_shown_as_a_list(client, consultant, make_consultant):
    other = make_consultant(
        Topic.FINANCE, name="Konsultan Dua", hours=[{"channels": ["video"], "starts": 540}]
    )
    page = client.get("/klinik?topik=finance&lewat=video&tampil=daftar")
    assert set(times_in(page)) & {key(other, 9), key(consultant, 9)} == {key(other, 9)}
    assert "Konsultan Dua · video WhatsApp" in page.text
    page = client.get(f"/klinik?topik=finance&konsultan={consultant.id}")
    assert key(other, 9) not in times_in(page)
    for nonsense in ("topik=x", "topik=finance&konsultan=99999999999", "topik=finance&mulai=kemarin&lewat=x"):
        assert client.get(f"/klinik?{nonsense}").status_code == 200


def test_the_week_strikes_out_what_is_taken_and_goes_on_to_the_next_days(client, consultant, book):
    book(key(consultant, 10))
    page = client.get("/klinik?topik=finance")
    assert "<s>10.00</s>" in page.text
    later = re.search(r'href="([^"]+)">Hari berikutnya', page.text)
    assert later is None  # five Mondays stand side by side


def test_a_cooperative_that_is_signed_in_types_nothing(
    client_as, make_user, make_cooperative, make_membership, consultant
):
    person = make_user(Role.COOPERATIVE, name="Pengurus Rekaan", phone="+628120000009")
    cooperative = make_cooperative(nama_koperasi="Koperasi Rekaan")
    make_membership(person, cooperative)
    client, cooperative_id, person_id = client_as(person), cooperative.id, person.id
    address = take(client, key(consultant, 9)).location
    form = client.get(address).text
    assert 'value="Pengurus Rekaan"' in form
    assert 'value="0812-0000-009"' in form
    typed = dict(re.findall(r'name="(nama|telepon)"[^>]* value="([^"]+)"', form))
    chosen = re.search(r'<option value="(koperasi:[^"]+)" selected>', form)[1]
    client.post(address, data=typed | {"untuk": chosen})
    made = the_booking()
    assert (made.cooperative_id, made.user_id) == (cooperative_id, person_id)
    assert made.reference in client.get("/klinik/janji").text


def test_nobody_books_for_a_cooperative_of_others(client, make_cooperative, consultant):
    slug = make_cooperative().slug
    address = take(client, key(consultant, 9)).location
    client.post(address, data=FORM | {"untuk": f"koperasi:{slug}"})
    assert the_booking().cooperative_id is None


def test_whoever_types_the_number_of_others_never_learns_the_number_of_their_appointment(
    client, consultant, make_consultant, book
):
    """Number and telephone together open an appointment, so a refusal must not hand out the one for the other."""
    theirs = book(key(consultant, 9))
    address = take(client, key(make_consultant(name="Konsultan Dua"), 9)).location
    refused = client.post(address, data=FORM)
    assert refused.status_code == 409
    assert "sudah punya janji pada jam itu" in refused.text
    assert theirs.reference not in refused.text


def test_files_chosen_for_a_time_that_was_lost_are_asked_for_again_with_the_next(
    client, consultant, book, clock
):
    """A browser forgets them; an appointment without them would be made in silence."""
    address = take(client, key(consultant, 9)).location
    clock.shift(11 * 60)
    book(key(consultant, 9), 7)
    lost = client.post(address, data=FORM | {"berkas": (io.BytesIO(PDF), "neraca.pdf")})
    assert lost.status_code == 409
    assert 'name="lampiran" value="1"' in lost.text
    again = take(client, key(consultant, 10), **FORM, lampiran="1")
    assert "Pilih lagi berkasnya" in again.text
    for typed in FORM.values():
        assert typed in again.text
    assert the_booking().state is State.HELD
    action = re.search(r'action="(/klinik/janji/[^"]+)"', again.text)[1]
    made = client.post(action, data=FORM | {"berkas": (io.BytesIO(PDF), "neraca.pdf")})
    assert "neraca.pdf" in client.get(made.location).text


def test_a_cancellation_that_is_undone_asks_for_its_files_again(client, consultant):
    address = take(client, key(consultant, 9)).location
    client.post(address, data=FORM | {"berkas": (io.BytesIO(PDF), "neraca.pdf")})
    client.post(f"{address}/batal")
    page = client.get(address).text
    undo = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert undo["lampiran"] == "1"
    again = client.post("/klinik", data={name: undo[name] for name in undo if name != "csrf_token"})
    assert "Pilih lagi berkasnya" in again.text
    assert FORM["pertanyaan"] in again.text


def test_when_all_is_full_the_page_leads_to_the_waitlist(client, make_consultant):
    one = make_consultant(hours=[{"on_date": MONDAY, "weekday": None, "ends": 9 * 60 + 45}])
    take(client, key(one, 9))
    page = client.get("/klinik?topik=finance")
    assert times_in(page) == []
    assert 'href="/klinik/tunggu?topik=finance"' in page.text


def test_a_consultant_without_hours_is_not_full_but_has_no_schedule_yet(client, make_consultant):
    make_consultant(hours=[])
    page = client.get("/klinik?topik=finance").text
    assert "Belum ada jadwal" in page
    assert "sudah terisi" not in page
    assert 'href="/klinik/tunggu?topik=finance"' in page


@pytest.mark.parametrize("path", ["/klinik", "/klinik?topik=finance", "/klinik?topik=finance&tampil=daftar"])
def test_the_number_of_queries_does_not_grow_with_consultants_or_bookings(
    client, make_consultant, book, path
):
    first = make_consultant(name="Konsultan A")
    client.get(path)
    with count_queries() as few:
        client.get(path)
    for name in "BCDEF":
        book(key(make_consultant(name=f"Konsultan {name}"), 9), number=ord(name))
    book(key(first, 10), number=1)
    with count_queries() as many:
        client.get(path)
    assert many.number == few.number


def test_a_full_week_of_five_consultants_is_a_light_page(client, make_consultant):
    for name in "ABCDE":
        make_consultant(
            name=f"Konsultan {name}", hours=[{"weekday": day, "ends": 15 * 60} for day in range(5)]
        )
    for view in ("", "&tampil=daftar"):
        page = client.get(f"/klinik?topik=finance{view}")
        assert len(times_in(page)) >= 25
        assert len(brotli.compress(page.data, quality=4)) <= 8 * 1024


def test_a_token_opens_nothing_else(client, consultant, book):
    made = book(key(consultant, 9))
    assert client.get(f"/klinik/janji/{token_of(made)}").status_code == 200
    for other in ("x", "0" * 32, "%00", token_of(made).upper()):
        assert client.get(f"/klinik/janji/{other}").status_code == 404
        assert client.post(f"/klinik/janji/{other}/batal").status_code == 404


def test_a_robot_is_slowed_down_without_a_puzzle(client, consultant):
    statuses = [take(client, "x").status_code for _ in range(31)]
    assert set(statuses[:30]) == {409}
    assert statuses[30] == 429
    assert client.get("/klinik?topik=finance").status_code == 200  # looking is free
