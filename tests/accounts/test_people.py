"""The office's page about people."""

import itertools
import re

import pytest
from sqlalchemy import select

from app.accounts.models import OneTimeLink, Purpose, User
from app.accounts.services import create_user, deactivate, issue_link
from app.accounts.signals import Section, SectionLine, person_deactivated, work_asked
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.accounts.conftest import GOOD
from tests.factories import PASSWORD
from tests.support.parallel import endings
from tests.support.queries import count_queries


@pytest.fixture
def admin(make_user):
    return make_user(Role.ADMIN, name="Anggrek Admin", email="admin@uji.example")


@pytest.fixture
def desk(client_as, admin):
    """The admin's browser."""
    return client_as(admin)


def kept(user):
    return db.session.get_one(User, user.id)


def last_entry():
    return db.session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()


def names(page):
    return re.findall(r'<th scope="row"><a href="/dinas/pengguna/\d+">([^<]+)</a>', page)


# The list


def test_the_list_is_by_name_and_shows_what_people_do(desk, make_user):
    make_user(Role.COOPERATIVE, Role.ENTERPRISE, name="Zaitun Uji", phone="+6281234567890")
    make_user(Role.OPERATOR, name="Bakung Uji", password_hash=None)
    page = desk.get("/dinas/pengguna").text
    assert names(page) == ["Anggrek Admin", "Bakung Uji", "Zaitun Uji"]
    assert "Pengelola koperasi" in page
    assert "0812-3456-7890" in page
    assert "Diundang" in page
    assert "3 orang" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=mawar", ["Mawar Uji"]),
        ("q=MAWAR+uji", ["Mawar Uji"]),
        ("q=cempaka@uji", ["Cempaka Uji"]),
        ("q=0812-3456", ["Mawar Uji"]),
        ("q=%2B62812", ["Mawar Uji"]),
        ("q=62812345", ["Mawar Uji"]),
        ("q=%25", []),
        ("q=_", []),
        ("peran=enterprise", ["Cempaka Uji"]),
        ("peran=admin", ["Anggrek Admin"]),
        ("peran=tidak-ada", ["Anggrek Admin", "Cempaka Uji", "Dahlia Uji", "Mawar Uji"]),
        ("keadaan=inactive", ["Dahlia Uji"]),
        ("keadaan=invited", ["Cempaka Uji"]),
        ("keadaan=active", ["Anggrek Admin", "Mawar Uji"]),
        ("keadaan=active&peran=cooperative", ["Mawar Uji"]),
    ],
)
def test_people_are_found(desk, make_user, query, found):
    make_user(Role.COOPERATIVE, name="Mawar Uji", phone="+6281234567890")
    make_user(Role.ENTERPRISE, name="Cempaka Uji", email="cempaka@uji.example", password_hash=None)
    gone = make_user(Role.COOPERATIVE, name="Dahlia Uji")
    with writing() as session:
        session.get(User, gone.id).deactivated_at = gone.created_at
    assert names(desk.get(f"/dinas/pengguna?{query}").text) == found


def test_nobody_found_says_what_to_do(desk):
    assert "Tidak ada yang cocok" in desk.get("/dinas/pengguna?q=xyzxyz").text


def test_the_list_goes_on_by_key_and_back(desk, make_user):
    for number in range(60):
        make_user(Role.COOPERATIVE, name=f"Orang {number:02}")
    pages, address = [], "/dinas/pengguna?peran=cooperative"
    while address:
        text = desk.get(address).text
        pages.append(names(text))
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = following and following[1].replace("&amp;", "&")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert list(itertools.chain(*pages)) == [f"Orang {number:02}" for number in range(60)]
    back = re.search(r'href="([^"]+)" rel="prev"', text)[1].replace("&amp;", "&")
    assert names(desk.get(back).text) == pages[1]


def test_the_number_of_queries_does_not_grow_with_the_people(desk, make_user):
    desk.get("/dinas/pengguna")
    with count_queries() as few:
        desk.get("/dinas/pengguna")
    for _ in range(24):
        make_user(Role.COOPERATIVE, Role.ENTERPRISE)
    with count_queries() as many:
        desk.get("/dinas/pengguna")
    assert many.number == few.number


def test_an_operator_sees_and_helps_only_people_outside_the_office(client_as, make_user, admin):
    outside = make_user(Role.COOPERATIVE, name="Mawar Uji")
    both = make_user(Role.COOPERATIVE, Role.EDITOR, name="Cempaka Uji")
    desk = client_as(make_user(Role.OPERATOR, name="Bakung Uji"))
    assert names(desk.get("/dinas/pengguna").text) == ["Mawar Uji"]
    assert desk.get(f"/dinas/pengguna/{outside.id}").status_code == 200
    assert desk.post(f"/dinas/pengguna/{outside.id}/tautan").status_code == 200
    for staff in (both, admin):
        assert desk.get(f"/dinas/pengguna/{staff.id}").status_code == 404
        for act in ("tautan", "data"):
            assert desk.post(f"/dinas/pengguna/{staff.id}/{act}").status_code == 404
    assert db.session.scalars(select(OneTimeLink)).one().user_id == outside.id


def test_an_operator_neither_invites_nor_gives_roles_nor_closes_accounts(client_as, make_user):
    outside = make_user(Role.COOPERATIVE)
    desk = client_as(make_user(Role.OPERATOR))
    page = desk.get(f"/dinas/pengguna/{outside.id}").text
    assert "Nonaktifkan" not in page
    assert "Simpan peran" not in page
    assert desk.get("/dinas/pengguna/undang").status_code == 403
    for act in ("peran", "nonaktif", "aktif"):
        assert desk.post(f"/dinas/pengguna/{outside.id}/{act}").status_code == 403


@pytest.mark.parametrize("number", ["0", "99999", "2147483647", "2147483648", "99999999999999999999"])
def test_a_person_who_does_not_exist_is_not_found(desk, number):
    assert desk.get(f"/dinas/pengguna/{number}").status_code == 404


# Links from the office


def test_a_link_is_shown_once_to_read_out_or_print(desk, client, make_user, admin):
    person = make_user(Role.COOPERATIVE, name="Mawar Uji")
    answer = desk.post(f"/dinas/pengguna/{person.id}/tautan", data={"hari": "1"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    path = re.search(r"/sandi/[\w-]{43}", answer.text)[0]
    code = re.search(r"\b\d{4} \d{4}\b", answer.text)[0]
    assert "<svg" in answer.text
    assert "Mawar Uji" in answer.text
    assert path not in desk.get(f"/dinas/pengguna/{person.id}").text
    assert client.get(path).status_code == 200
    assert client.post("/sandi/kode", data={"email": person.email, "kode": code}).status_code == 302
    entry = last_entry()
    assert (entry.action, entry.actor_id, entry.subject_id) == ("link.issued", admin.id, person.id)


@pytest.mark.parametrize(("days", "lives"), [("1", 1), ("7", 7), ("", 1), ("9999", 1), ("x", 1)])
def test_a_letter_lives_longer_than_a_call(clock, desk, make_user, days, lives):
    person = make_user(Role.COOPERATIVE)
    desk.post(f"/dinas/pengguna/{person.id}/tautan", data={"hari": days})
    link = db.session.scalars(select(OneTimeLink)).one()
    assert (link.expires_at - link.created_at).days == lives


def test_the_link_can_go_by_e_mail(desk, make_user):
    person = make_user(Role.COOPERATIVE)
    answer = desk.post(f"/dinas/pengguna/{person.id}/tautan", data={"lewat": "surel"})
    assert answer.location == f"/dinas/pengguna/{person.id}"
    assert db.session.scalars(select(OutboxMessage)).one().to_address == person.email
    assert "kotak keluar" in desk.get(answer.location).text


def test_who_has_no_e_mail_gets_the_letter_instead(desk, make_user):
    person = make_user(Role.COOPERATIVE, email=None, phone="+6281234567890")
    answer = desk.post(f"/dinas/pengguna/{person.id}/tautan", data={"lewat": "surel"})
    assert answer.status_code == 200
    assert "0812-3456-7890" in answer.text
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_an_operator_corrects_an_address_and_the_old_one_is_told(client_as, make_user):
    person = make_user(Role.COOPERATIVE, name="Mawar Uji", email="lama@uji.example")
    desk = client_as(make_user(Role.OPERATOR))
    form = {"name": "Mawar Uji", "email": "baru@uji.example", "phone": "0812-3456-7890"}
    assert desk.post(f"/dinas/pengguna/{person.id}/data", data=form).status_code == 302
    assert (kept(person).email, kept(person).phone) == ("baru@uji.example", "+6281234567890")
    assert db.session.scalars(select(OutboxMessage)).one().to_address == "lama@uji.example"
    assert desk.post(f"/dinas/pengguna/{person.id}/data", data=form | {"email": "x"}).status_code == 422


def test_a_link_on_its_way_to_a_corrected_address_opens_nothing(desk, client, make_user):
    person = make_user(Role.COOPERATIVE, email="salah@uji.example")
    client.post("/sandi/lupa", data={"email": "salah@uji.example"})
    letter = db.session.scalars(select(OutboxMessage)).one()
    path = "/sandi/" + letter.link.rsplit("/", 1)[1]
    form = {"name": person.name, "email": "benar@uji.example", "phone": ""}
    desk.post(f"/dinas/pengguna/{person.id}/data", data=form)
    assert client.get(path).status_code == 410


# Invitations


def test_a_colleague_is_invited_by_e_mail_and_by_letter(desk, client, admin):
    form = {"name": "Bakung Baru", "email": "bakung@uji.example", "roles": ["operator", "editor"]}
    answer = desk.post("/dinas/pengguna/undang", data=form)
    assert answer.status_code == 200
    path = re.search(r"/sandi/[\w-]{43}", answer.text)[0]
    invited = db.session.scalars(select(User).where(User.email == "bakung@uji.example")).one()
    assert invited.roles == {Role.OPERATOR, Role.EDITOR}
    assert invited.password_hash is None
    letter = db.session.scalars(select(OutboxMessage)).one()
    assert (letter.kind, letter.to_address) == ("account.invite", "bakung@uji.example")
    assert letter.link.endswith(path)
    assert client.post(path, data={"new_password": GOOD}).location == "/dinas"
    created = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "user.created")).one()
    assert created.actor_id == admin.id
    assert created.after["roles"] == ["editor", "operator"]


def test_a_colleague_with_only_a_phone_is_invited_too(desk):
    form = {"name": "Bakung Baru", "phone": "0812-3456-7890", "roles": ["consultant"]}
    assert "Undangan untuk Bakung Baru" in desk.post("/dinas/pengguna/undang", data=form).text
    assert db.session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"roles": []}, "Pilih paling sedikit satu peran."),
        ({"roles": ["raja"]}, "Pilih paling sedikit satu peran."),
        ({"name": ""}, "Tulis nama lengkap"),
        ({"email": ""}, "Isi surel atau nomor telepon."),
        ({"email": "admin@uji.example"}, "Surel ini sudah dipakai akun lain."),
    ],
)
def test_an_invitation_that_will_not_do_makes_no_account(desk, change, sentence):
    form = {"name": "Bakung Baru", "email": "bakung@uji.example", "roles": ["operator"]}
    answer = desk.post("/dinas/pengguna/undang", data=form | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(db.session.scalars(select(User)).all()) == 1


def test_two_who_take_one_address_at_once_make_one_account(app):
    def make():
        create_user(name="Bakung Baru", email="bakung@uji.example")

    outcomes = endings(app, make, make, make)
    assert sorted(outcome == "done" for outcome in outcomes) == [False, False, True]
    assert all("dipakai akun lain" in outcome for outcome in outcomes if outcome != "done")


# Roles, closing, opening


def test_roles_change_with_before_and_after_on_the_trail(desk, make_user):
    person = make_user(Role.OPERATOR)
    desk.post(f"/dinas/pengguna/{person.id}/peran", data={"roles": ["operator", "editor", "bukan"]})
    assert kept(person).roles == {Role.OPERATOR, Role.EDITOR}
    entry = last_entry()
    assert (entry.action, entry.before, entry.after) == (
        "user.roles",
        {"roles": ["operator"]},
        {"roles": ["editor", "operator"]},
    )


def test_the_same_roles_leave_no_trace(desk, make_user):
    person = make_user(Role.OPERATOR)
    desk.post(f"/dinas/pengguna/{person.id}/peran", data={"roles": ["operator"]})
    assert last_entry() is None


def test_a_closed_account_is_out_at_once_and_its_history_stays(app, desk, make_user, sign_in):
    person = make_user(Role.OPERATOR, name="Bakung Uji")
    browser = app.test_client()
    sign_in(person.email, client=browser)
    with writing():
        link = issue_link(kept(person), purpose=Purpose.RESET)
    answer = desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "pindah ke dinas lain"})
    assert answer.status_code == 302
    assert browser.get("/akun").status_code == 302
    assert sign_in(person.email).status_code == 422
    assert browser.get(f"/sandi/{link.token}").status_code == 410
    assert kept(person).roles == {Role.OPERATOR}
    page = desk.get(f"/dinas/pengguna/{person.id}").text
    assert "Akun dinonaktifkan" in page
    assert "Aktifkan lagi" in page
    assert last_entry().after == {"active": False, "reason": "pindah ke dinas lain"}


def test_an_opened_account_has_its_password_back(desk, make_user, sign_in):
    person = make_user(Role.OPERATOR)
    desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "cuti panjang"})
    desk.post(f"/dinas/pengguna/{person.id}/aktif", data={"reason": "kembali bekerja"})
    assert sign_in(person.email, PASSWORD).status_code == 302
    assert [e.action for e in db.session.scalars(select(TrailEntry).order_by(TrailEntry.id))] == [
        "user.deactivated",
        "user.reactivated",
    ]


@pytest.mark.parametrize("act", ["nonaktif", "aktif"])
@pytest.mark.parametrize("reason", ["", "  ", "x", "\x00\x00\x00\x00\x00"])
def test_closing_and_opening_ask_for_a_reason(desk, make_user, act, reason):
    person = make_user(Role.OPERATOR)
    answer = desk.post(f"/dinas/pengguna/{person.id}/{act}", data={"reason": reason})
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.text


def test_closing_twice_is_told(desk, make_user):
    person = make_user(Role.OPERATOR)
    desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "pindah tugas"})
    again = desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "pindah tugas"})
    assert again.status_code == 422
    assert "sudah nonaktif" in again.text


def test_a_closed_account_gets_no_link(desk, make_user):
    person = make_user(Role.OPERATOR)
    desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "pindah tugas"})
    answer = desk.post(f"/dinas/pengguna/{person.id}/tautan")
    assert answer.status_code == 422
    assert "Aktifkan dulu" in answer.text


def test_higher_features_are_told_inside_the_unit_that_closes(desk, make_user):
    person = make_user(Role.OPERATOR)
    told = []
    with person_deactivated.connected_to(
        lambda user, **_: told.append((user.id, db.session.info.get("writing")))
    ):
        desk.post(f"/dinas/pengguna/{person.id}/nonaktif", data={"reason": "pindah tugas"})
    assert told == [(person.id, True)]


def test_a_person_needs_an_address_at_all(app):
    with pytest.raises(RuleBroken, match="Isi surel atau nomor telepon"), writing():
        create_user(name="Tanpa Alamat")


@pytest.fixture
def leaving(make_user):
    """An operator with open work, as a higher feature would tell."""
    user = make_user(Role.OPERATOR, name="Petugas Pindah")

    def work(person):
        return (
            Section("Laporan yang sedang diperiksa", (SectionLine("Koperasi Melati Uji", "", "2025"),))
            if person.id == user.id
            else None
        )

    with work_asked.connected_to(work):
        yield user


def close(client, user, **sent):
    return client.post(f"/dinas/pengguna/{user.id}/nonaktif", data={"reason": "Pindah ke dinas lain"} | sent)


def test_who_holds_open_work_cannot_be_closed_until_a_successor_is_chosen(leaving, make_user, client_as):
    admin, other = client_as(make_user(Role.ADMIN)), make_user(Role.OPERATOR, name="Petugas Penerus")
    page = admin.get(f"/dinas/pengguna/{leaving.id}").text
    assert "Koperasi Melati Uji" in page
    assert "Petugas Penerus" in page
    for sent in (
        {},
        {"penerus": ""},
        {"penerus": "entah"},
        {"penerus": str(leaving.id)},
        {"penerus": "999999"},
    ):
        assert close(admin, leaving, **sent).status_code == 422, sent
    assert close(admin, leaving, penerus=str(other.id)).status_code == 303
    sheet = admin.get(f"/dinas/pengguna/{leaving.id}/serah-terima").text
    assert all(
        words in sheet
        for words in ("Petugas Pindah", "Petugas Penerus", "Koperasi Melati Uji", "Pindah ke dinas lain")
    )


def test_open_work_may_also_go_back_to_everybody(leaving, make_user, client_as):
    admin = client_as(make_user(Role.ADMIN))
    assert close(admin, leaving, penerus="antrean").status_code == 303
    assert "kembali ke antrean" in admin.get(f"/dinas/pengguna/{leaving.id}/serah-terima").text


def test_nobody_outside_the_office_takes_on_work(leaving, make_user, client_as):
    admin, outside, gone = (
        client_as(make_user(Role.ADMIN)),
        make_user(Role.COOPERATIVE),
        make_user(Role.OPERATOR),
    )
    with writing():
        deactivate(gone)
    for user in (outside, gone):
        page = close(admin, leaving, penerus=str(user.id))
        assert page.status_code == 422
        assert "masih aktif" in page.text


def test_the_sheet_is_for_admins_and_only_where_there_was_a_handover(leaving, make_user, client_as):
    admin = client_as(make_user(Role.ADMIN))
    assert admin.get(f"/dinas/pengguna/{leaving.id}/serah-terima").status_code == 404
    close(admin, leaving, penerus="antrean")
    assert (
        client_as(make_user(Role.OPERATOR)).get(f"/dinas/pengguna/{leaving.id}/serah-terima").status_code
        == 403
    )
