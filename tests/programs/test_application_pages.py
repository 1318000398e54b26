"""The pages of an application: applying with what is known, seeing where it stands, deciding, the attendance list."""

import re

import pytest
from sqlalchemy import select, update

from app.accounts.consents import choose
from app.accounts.models import ContactChannel, User
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.programs import applying
from app.programs.application_models import ProgramApplication, ProgramTelling
from app.programs.models import Program
from app.programs.rules import State
from tests.support.queries import count_queries

SENT = {"kontak": "Bu Rekaan", "telepon": "0812 3456 7890", "setuju": "1"}


@pytest.fixture
def program(app):
    with writing() as session:
        made = Program(
            slug="kasir", title="Pelatihan kasir", summary="Dua hari.", body="Isi.", search_text="",
            state=State.PUBLISHED, publish_at=now(), audience=["cooperative"], takes_applications=True, quota=1,
            contact_phone="0341000000",
        )  # fmt: skip
        session.add(made)
    return made.id


@pytest.fixture
def manager(make_user, make_cooperative, make_membership):
    def make(**overrides):
        person = make_user(Role.COOPERATIVE)
        make_membership(
            person, make_cooperative(jenis_koperasi="Konsumen", kode_kecamatan="35.73.04", **overrides)
        )
        return person

    return make


@pytest.fixture
def staff(client_as, make_user):
    return client_as(make_user(Role.EDITOR, Role.OPERATOR))


def sent(browser, **overrides):
    answer = browser.post("/program/kasir/daftar", data=SENT | overrides)
    assert answer.status_code == 303, answer.text
    return int(re.search(r"/akun/program/(\d+)", answer.location)[1])


def test_from_the_programme_to_an_application_with_what_the_office_knows(client, client_as, manager, program):
    page = client.get("/program/kasir").text
    assert "Kuota 1, sisa 1." in page
    assert 'href="/program/kasir/daftar"' in page
    assert client.get("/program/kasir/daftar").location.startswith("/masuk")
    browser = client_as(manager(nama_koperasi="Koperasi Melati", nomor_badan_hukum="518/01/BH"))
    form = browser.get("/program/kasir/daftar").text
    for words in ("Koperasi Melati", "518/01/BH", "Konsumen", "Sukun"):
        assert words.lower() in form.lower(), words
    number = sent(browser)
    page = browser.get(f"/akun/program/{number}").text
    assert "Diterima" in page
    assert "Kursi Anda nomor 1." in page
    assert "518/01/BH" in page
    assert "sisa 0" in client.get("/program/kasir").text
    assert "Masuk daftar tunggu" in client.get("/program/kasir").text


def test_what_was_typed_stays_when_something_is_missing(client_as, manager, program):
    browser = client_as(manager())
    answer = browser.post(
        "/program/kasir/daftar", data={"kontak": "Bu Rekaan", "telepon": "x", "setuju": "1"}
    )
    assert answer.status_code == 422
    assert "Isi nomor telepon" in answer.text
    assert 'value="Bu Rekaan"' in answer.text
    assert db.session.scalars(select(ProgramApplication)).all() == []


def test_who_acts_for_two_says_for_which(client_as, manager, program, make_cooperative, make_membership):
    person = manager(nama_koperasi="Koperasi Melati")
    second = make_cooperative(nama_koperasi="Koperasi Zamrud")
    make_membership(person, second)
    browser = client_as(person)
    assert "Untuk siapa Anda mendaftar?" in browser.get("/program/kasir/daftar").text
    refused = browser.post("/program/kasir/daftar", data=SENT)
    assert refused.status_code == 422
    key = f"cooperative:{second.slug}"
    assert "Koperasi Zamrud" in browser.get(f"/program/kasir/daftar?untuk={key}").text
    sent(browser, untuk=key)
    assert (
        browser.post("/program/kasir/daftar", data=SENT | {"untuk": "cooperative:orang-lain"}).status_code
        == 422
    )
    assert "Koperasi Melati" in browser.get("/program/kasir/daftar").text


def test_who_acts_for_nobody_is_shown_the_way(client_as, make_user, program):
    assert "/daftar" in client_as(make_user()).get("/program/kasir/daftar").text


@pytest.mark.parametrize("slug", ["tidak-ada", "KASIR", "a" * 200])
def test_an_unknown_programme_is_not_found(client_as, make_user, program, slug):
    assert client_as(make_user()).get(f"/program/{slug}/daftar").status_code == 404


def test_a_stranger_sees_no_application_of_others_and_a_colleague_does(
    client_as, manager, program, make_user, make_membership
):
    person = manager()
    number = sent(client_as(person))
    other, colleague = make_user(Role.COOPERATIVE), make_user(Role.COOPERATIVE)
    make_membership(colleague, db.session.get_one(ProgramApplication, number).cooperative)
    for method, path in (("get", ""), ("post", "/tarik")):
        assert getattr(client_as(other), method)(f"/akun/program/{number}{path}").status_code == 404
    assert client_as(colleague).get(f"/akun/program/{number}").status_code == 200
    assert client_as(other).get(f"/akun/program/{2**31}").status_code == 404


def test_withdrawing_gives_the_seat_on_and_both_see_it(client_as, manager, program):
    first, second = client_as(manager()), client_as(manager())
    one, two = sent(first), sent(second)
    assert "nomor 1 di daftar tunggu" in second.get(f"/akun/program/{two}").text
    assert first.post(f"/akun/program/{one}/tarik").status_code == 303
    assert "Ditarik" in first.get(f"/akun/program/{one}").text
    assert "Kursi Anda nomor 1." in second.get(f"/akun/program/{two}").text
    assert "1<span" in second.get("/panduan").text.partition('href="/akun/pesan"')[2][:300]


def test_the_overview_shows_what_fits_and_why_and_then_the_application(client_as, manager, program):
    with writing():
        rules = {"cooperative": {"jenis": ["Konsumen"], "kecamatan": ["35.73.04"]}}
        db.session.execute(update(Program).where(Program.id == program).values(target=rules))
    browser = client_as(manager())
    page = browser.get("/laporan").text
    assert "Cocok untuk Anda" in page
    assert "Jenis koperasi Anda konsumen · Koperasi Anda di Sukun" in page
    assert "Koperasi Anda di Sukun" in browser.get("/program/kasir").text
    number = sent(browser)
    page = browser.get("/laporan").text
    assert f"/akun/program/{number}" in page
    assert "Cocok untuk Anda" not in page
    assert "Pelatihan kasir" in browser.get("/akun/program").text


def test_what_does_not_fit_is_not_offered(client_as, manager, program):
    with writing():
        rules = {"cooperative": {"jenis": ["Jasa"]}}
        db.session.execute(update(Program).where(Program.id == program).values(target=rules))
    browser = client_as(manager())
    assert "Program untuk Anda" not in browser.get("/laporan").text
    assert "ditujukan untuk koperasi jasa" in browser.get("/program/kasir/daftar").text
    assert "Belum ada program untuk Anda" in browser.get("/akun/program").text


def test_the_overview_costs_the_same_for_one_programme_and_for_many(client_as, manager, program):
    browser = client_as(manager())
    browser.get("/laporan")
    with count_queries() as few:
        browser.get("/laporan")
    with writing() as session:
        session.add_all(
            Program(
                slug=f"lain-{n}", title=f"Pelatihan {n}", search_text="", state=State.PUBLISHED, publish_at=now(),
                audience=["cooperative"],
            )
            for n in range(9)
        )  # fmt: skip
    with count_queries() as many:
        assert "Pelatihan 0" in browser.get("/laporan").text
    assert few.number == many.number


def test_staff_accept_refuse_with_a_reason_and_fill_seats(client_as, manager, program, staff):
    staff.post(
        f"/dinas/program/{program}/pendaftar/aturan", data={"cara": "selection", "pertanyaan": "Mengapa?"}
    )
    browsers = [client_as(manager()) for _ in range(2)]
    ids = [sent(browser, jawaban="Belajar.") for browser in browsers]
    page = staff.get(f"/dinas/program/{program}/pendaftar").text
    assert page.count("Belajar.") == 2

    def put(number, **form):
        return staff.post(f"/dinas/program/{program}/pendaftar/{number}", data=form)

    assert put(ids[0], putusan="accepted").status_code == 303
    full = put(ids[1], putusan="accepted")
    assert full.status_code == 422
    assert "Kuota 1 sudah penuh" in full.text
    unexplained = put(ids[1], putusan="refused")
    assert unexplained.status_code == 422
    assert "Tulis alasan menolak" in unexplained.text
    assert put(ids[1], putusan="refused", alasan="Belum lengkap.").status_code == 303
    assert "Belum lengkap." in browsers[1].get(f"/akun/program/{ids[1]}").text
    assert put(ids[1], putusan="waitlisted").status_code == 303
    with writing():
        db.session.execute(update(Program).where(Program.id == program).values(quota=2))
    assert "Ada kursi kosong" in staff.get(f"/dinas/program/{program}/pendaftar").text
    staff.post(f"/dinas/program/{program}/pendaftar/kursi")
    assert "Kursi Anda nomor 2." in browsers[1].get(f"/akun/program/{ids[1]}").text


def test_an_application_of_another_programme_is_not_found(client_as, manager, program, staff):
    number = sent(client_as(manager()))
    for where in (
        f"{program + 1}/pendaftar/{number}",
        f"{program}/pendaftar/{number + 1}",
        f"{2**31}/pendaftar/1",
    ):
        assert staff.post(f"/dinas/program/{where}", data={"putusan": "accepted"}).status_code == 404


def test_the_attendance_list_is_ticked_and_seen_by_the_applicant(client_as, manager, program, staff):
    browser = client_as(manager())
    number = sent(browser)
    address = f"/dinas/program/{program}/hadir"
    assert "Bu Rekaan" in staff.get(address).text
    form = {"baris": [str(number), "x", "99999999999"], f"hadir_{number}": "1", f"hasil_{number}": "Lulus"}
    assert staff.post(address, data=form).status_code == 303
    page = browser.get(f"/akun/program/{number}").text
    assert "Lulus" in page
    assert f'name="hadir_{number}" value="1" checked' in staff.get(address).text


def test_the_export_holds_no_formula(client_as, manager, program, staff):
    sent(client_as(manager(nama_koperasi="=HYPERLINK(1)")), kontak="+62", telepon="0812 3456")
    answer = staff.get(f"/dinas/program/{program}/pendaftar.csv")
    assert "'=HYPERLINK(1)" in answer.text
    assert staff.get(f"/dinas/program/{program}/pendaftar.xlsx").data[:2] == b"PK"
    assert staff.get(f"/dinas/program/{program}/pendaftar.pdf").status_code == 404


def test_the_list_of_applicants_costs_the_same_for_one_and_for_many(
    client_as, manager, program, staff, make_cooperative
):
    address = f"/dinas/program/{program}/pendaftar?keadaan=waitlisted"

    def queue():
        with writing():
            row = make_application(program, make_cooperative_inside(make_cooperative))
            db.session.add(row)

    queue()
    staff.get(address)
    with count_queries() as few:
        staff.get(address)
    for _ in range(5):
        queue()
    with count_queries() as many:
        staff.get(address)
    assert few.number == many.number


def make_cooperative_inside(make_cooperative):
    from app.cooperatives.models import Cooperative

    number = len(db.session.scalars(select(Cooperative.id)).all())
    row = Cooperative(
        slug=f"antre-{number}", region="35.73", nama_koperasi=f"Antre {number}", name_key="a", search_text=""
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def make_application(program, cooperative):
    user = db.session.scalars(select(User.id)).first()
    return ProgramApplication(
        program_id=program, cooperative_id=cooperative, user_id=user, state="waitlisted", queued_at=now(), name="Antre",
        facts={}, contact_name="x", contact_phone="0", agreed_at=now(),
    )  # fmt: skip


def test_the_target_is_counted_at_once_and_kept_on_a_second_press(
    client_as, manager, program, staff, make_cooperative
):
    manager(nama_koperasi="Koperasi Melati")
    make_cooperative(jenis_koperasi=None, nama_koperasi="Tanpa Jenis")
    address = f"/dinas/program/{program}/sasaran"
    page = staff.get(f"{address}?hitung=1&k_jenis=Konsumen&k_kecamatan=35.73.04").text
    assert "1 koperasi cocok" in page
    assert "koperasi konsumen di Sukun" in page
    assert "Koperasi Melati" in page
    assert "1 lagi belum bisa dipastikan" in page
    packed = re.search(r'name="sasaran" value="([^"]*)"', page)[1].replace("&#34;", '"')
    assert staff.post(address, data={"sasaran": packed}).status_code == 303
    assert "Ini sasaran yang tersimpan." in staff.get(address).text
    db.session.expire_all()
    assert db.session.get_one(Program, program).target == {
        "cooperative": {"jenis": ["Konsumen"], "kecamatan": ["35.73.04"]}
    }
    table = staff.get(f"{address}.csv?hitung=1&k_jenis=Konsumen&daftar=cooperative").text
    assert "Koperasi Melati" in table
    assert "Tanpa Jenis" not in table


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("k_anggota_below=banyak", "bukan angka"),
        ("k_anggota_min=50&k_anggota_below=50", "lebih besar dari batas bawahnya"),
        ("k_aset_min=99999999999999999999", "terlalu besar"),
        ("k_anggota_min=-4", "terlalu"),
    ],
)
def test_a_figure_that_cannot_be_read_is_told_beside_it(program, staff, query, words):
    answer = staff.get(f"/dinas/program/{program}/sasaran?hitung=1&{query}")
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    "raw", ["", "x", "[]", '{"cooperative": {"jenis": ["Rahasia"]}}', "null", "{" * 5000]
)
def test_a_target_that_makes_no_sense_is_no_target(program, staff, raw):
    assert staff.post(f"/dinas/program/{program}/sasaran", data={"sasaran": raw}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Program, program).target == {}


def test_the_operator_writes_by_whatsapp_and_it_is_noted(
    program, staff, make_user, make_cooperative, make_membership
):
    person = make_user(Role.COOPERATIVE, phone="+6281234567890", name="Bu Rekaan")
    make_membership(person, make_cooperative(nama_koperasi="Koperasi Melati"))
    number = person.id
    with writing():
        choose(db.session.get_one(User, number), list(ContactChannel))
    address = f"/dinas/program/{program}/kabar"
    page = staff.get(address).text
    assert "https://wa.me/6281234567890?text=" in page
    assert "Koperasi Melati" in page
    assert staff.post(f"{address}/{number}").status_code == 303
    assert "Terkirim" in staff.get(address).text
    assert staff.post(address).status_code == 303
    told = db.session.execute(select(ProgramTelling.channel).order_by(ProgramTelling.id)).scalars().all()
    assert told == [ContactChannel.WHATSAPP, ContactChannel.INBOX, ContactChannel.EMAIL]
    assert staff.post(f"{address}/{2**31 - 1}").status_code == 303


def test_an_editor_sees_no_telephone_numbers(
    program, client_as, make_user, make_cooperative, make_membership
):
    person = make_user(Role.COOPERATIVE, phone="+6281234567890")
    make_membership(person, make_cooperative())
    with writing():
        choose(db.session.get_one(User, person.id), list(ContactChannel))
    editor = client_as(make_user(Role.EDITOR))
    assert "wa.me" not in editor.get(f"/dinas/program/{program}/kabar").text
    assert editor.get(f"/dinas/program/{program}/sasaran.csv").status_code == 403
    assert editor.get(f"/dinas/program/{program}/sasaran").status_code == 200


def test_the_command_tells_what_waits(command, program, manager):
    person = manager()
    with writing():
        choose(db.session.get_one(User, person.id), [ContactChannel.INBOX])
    assert "1 program dikabarkan kepada 1 orang." in command("program", "tell").output
    assert "0 program dikabarkan kepada 0 orang." in command("program", "tell").output


def test_a_programme_that_was_withdrawn_says_so_on_the_application(client_as, manager, program):
    browser = client_as(manager())
    number = sent(browser)
    with writing():
        values = {"state": State.WITHDRAWN, "withdrawn_at": now(), "withdrawn_reason": "Ditunda."}
        db.session.execute(update(Program).where(Program.id == program).values(values))
    assert "ditarik oleh kantor" in browser.get(f"/akun/program/{number}").text
    assert "Program untuk Anda" not in browser.get("/laporan").text
    with writing():
        assert applying.fill_free_seats(db.session.get_one(Program, program)) == 0
