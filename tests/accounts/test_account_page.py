"""A person's own account page."""

import pytest
from sqlalchemy import select

from app.accounts.models import OneTimeLink, Purpose, User
from app.accounts.services import issue_link
from app.accounts.signals import Section, SectionLine, person_shown
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.accounts.conftest import GOOD
from tests.factories import PASSWORD


def kept(user):
    return db.session.get_one(User, user.id)


def trail():
    return list(db.session.scalars(select(TrailEntry).order_by(TrailEntry.id)))


def test_the_page_shows_who_one_is(client_as, make_user):
    user = make_user(Role.COOPERATIVE, name="Melati Uji", phone="+6281234567890")
    page = client_as(user).get("/akun").text
    assert "Melati Uji" in page
    assert "Pengelola koperasi" in page
    assert "0812-3456-7890" in page


def test_staff_see_it_at_their_own_desk(client_as, make_user):
    assert "Meja kerja Dinas" in client_as(make_user(Role.OPERATOR)).get("/akun").text
    assert "Meja kerja Dinas" not in client_as(make_user(Role.COOPERATIVE)).get("/akun").text


def test_higher_features_show_what_they_know_of_a_person(client_as, make_user):
    def cooperatives(person):
        return Section("Koperasi Anda", (SectionLine("Kopma <Uji>", "/koperasi/kopma", "Ketua"),))

    with person_shown.connected_to(cooperatives):
        page = client_as(make_user()).get("/akun").text
    assert '<a class="link" href="/koperasi/kopma">Kopma &lt;Uji&gt;</a>' in page


def test_a_name_changes_without_the_password_and_is_on_the_trail(client_as, make_user):
    user = make_user(name="Melati Uji")
    answer = client_as(user).post(
        "/akun/data", data={"name": " Melati  Baru ", "email": user.email, "phone": ""}
    )
    assert answer.location == "/akun"
    assert kept(user).name == "Melati Baru"
    entry = trail()[-1]
    assert (entry.action, entry.actor_id, entry.subject_id) == ("user.changed", user.id, user.id)
    assert (entry.before, entry.after) == ({"name": "Melati Uji"}, {"name": "Melati Baru"})


def test_nothing_changed_is_said_and_leaves_no_trace(client_as, make_user):
    user = make_user(phone="+6281234567890")
    client = client_as(user)
    client.post("/akun/data", data={"name": user.name, "email": user.email.upper(), "phone": "081234567890"})
    assert "Tidak ada yang berubah." in client.get("/akun").text
    assert trail() == []


@pytest.mark.parametrize("given", ["", "salah sekali"])
def test_a_new_e_mail_asks_for_the_password(client_as, make_user, given):
    user = make_user(email="lama@uji.example")
    form = {"name": user.name, "email": "baru@uji.example", "phone": "", "confirm_password": given}
    answer = client_as(user).post("/akun/data", data=form)
    assert answer.status_code == 422
    assert 'value="baru@uji.example"' in answer.text
    assert kept(user).email == "lama@uji.example"


def test_the_old_address_is_told_of_the_new_one(client_as, make_user):
    user = make_user(email="lama@uji.example")
    form = {
        "name": user.name,
        "email": "Baru@uji.example",
        "phone": "0812 3456 7890",
        "confirm_password": PASSWORD,
    }
    client = client_as(user)
    assert client.post("/akun/data", data=form).status_code == 302
    assert (kept(user).email, kept(user).phone) == ("baru@uji.example", "+6281234567890")
    letter = db.session.scalars(select(OutboxMessage)).one()
    assert (letter.to_address, letter.kind) == ("lama@uji.example", "account.email_changed")
    assert "baru@uji.example" not in letter.body


def test_guessing_the_password_here_is_paced_like_a_sign_in(client_as, make_user, clock):
    user = make_user()
    client = client_as(user)
    form = {"name": user.name, "email": "baru@uji.example", "confirm_password": "salah sekali"}
    statuses = [client.post("/akun/data", data=form).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "x"}, "Tulis nama lengkap, 3 sampai 100 huruf."),
        ({"name": "M" * 101}, "Tulis nama lengkap, 3 sampai 100 huruf."),
        ({"email": "bukan surel"}, "tidak lengkap"),
        ({"phone": "12"}, "tidak terbaca"),
        ({"email": "", "phone": ""}, "Isi surel atau nomor telepon."),
        ({"email": "teman@uji.example"}, "Surel ini sudah dipakai akun lain."),
        ({"phone": "0813-1111-2222"}, "Nomor telepon ini sudah dipakai akun lain."),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(client_as, make_user, change, sentence):
    make_user(email="teman@uji.example", phone="+6281311112222")
    user = make_user()
    form = {"name": user.name, "email": user.email, "phone": "", "confirm_password": PASSWORD}
    answer = client_as(user).post("/akun/data", data=form | change)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_new_password_signs_other_devices_out_and_stays_here(app, client_as, make_user, sign_in):
    user = make_user()
    other, here = app.test_client(), app.test_client()
    sign_in(user.email, client=other)
    sign_in(user.email, client=here, remember="1")
    answer = here.post("/akun/sandi", data={"current_password": PASSWORD, "new_password": GOOD})
    assert answer.location == "/akun"
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("simpul="))
    assert "Expires" in cookie
    assert here.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 302
    assert sign_in(user.email, GOOD).status_code == 302
    assert sign_in(user.email, PASSWORD).status_code == 422


def test_a_new_password_is_on_the_trail_without_any_value_and_told_by_e_mail(client_as, make_user):
    user = make_user()
    client_as(user).post("/akun/sandi", data={"current_password": PASSWORD, "new_password": GOOD})
    entry = trail()[-1]
    assert (entry.action, entry.before, entry.after, entry.fields) == ("user.password_changed", {}, {}, [])
    letter = db.session.scalars(select(OutboxMessage)).one()
    assert (letter.to_address, letter.kind) == (user.email, "account.password_changed")
    assert GOOD not in letter.body


def test_a_new_password_voids_open_links(client_as, make_user):
    user = make_user()
    with writing():
        issue_link(kept(user), purpose=Purpose.RESET)
    client_as(user).post("/akun/sandi", data={"current_password": PASSWORD, "new_password": GOOD})
    assert db.session.scalars(select(OneTimeLink)).one().revoked_at is not None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current_password": "", "new_password": GOOD}, "Isi sandi yang sekarang."),
        ({"current_password": PASSWORD, "new_password": ""}, "Pilih sandi baru."),
        ({"current_password": PASSWORD, "new_password": "pendek"}, "Sandi paling sedikit 12 karakter"),
        ({"current_password": PASSWORD, "new_password": "kenanga uji kenanga"}, "mudah ditebak"),
        ({"current_password": GOOD, "new_password": GOOD}, "sama dengan yang sekarang"),
        ({"current_password": "salah sekali", "new_password": GOOD}, "Sandi ini salah."),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(client_as, make_user, form, sentence):
    user = make_user(name="Kenanga Uji")
    answer = client_as(user).post("/akun/sandi", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(user).session_epoch == 1
    assert GOOD not in answer.text
