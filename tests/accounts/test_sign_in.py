"""Signing in and out."""

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from app.accounts.models import Attempt, User
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from tests.factories import PASSWORD
from tests.support import second_step


def is_signed_in(client):
    return client.get("/akun").status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["melati@uji.example", " MELATI@uji.example ", "0812-3456-7890", "+6281234567890", "6281234567890"],
)
def test_people_sign_in_with_e_mail_or_phone_however_they_type_it(client, make_user, sign_in, typed):
    make_user(email="melati@uji.example", phone="+6281234567890")
    assert sign_in(typed, client=client).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "home"), [(Role.OPERATOR, "/dinas"), (Role.ADMIN, "/dinas"), (Role.COOPERATIVE, "/laporan")]
)
def test_each_role_begins_where_its_work_is(client, make_user, role, home):
    assert second_step.sign_in(client, make_user(role).email, PASSWORD).location == home
    assert client.get(home).status_code == 200


def test_who_has_no_role_yet_begins_at_the_own_account(make_user, sign_in):
    assert sign_in(make_user().email).location == "/akun"


def test_the_page_that_was_asked_for_comes_after_sign_in(client, make_user, sign_in):
    user = make_user()
    asked = client.get("/akun?bagian=2")
    assert asked.location == "/masuk?next=/akun?bagian%3D2"
    page = client.get(asked.location)
    assert '<input type="hidden" name="next" value="/akun?bagian=2">' in page.text
    assert sign_in(user.email, client=client, next="/akun?bagian=2").location == "/akun?bagian=2"


def test_no_link_to_the_sign_in_leads_to_another_site(client, make_user, sign_in):
    user = make_user()
    assert 'name="next"' not in client.get("/masuk?next=https://jahat.example/").text
    assert sign_in(user.email, client=client, next="//jahat.example/").location == "/akun"


def test_who_is_signed_in_does_not_see_the_form_again(client_as, make_user):
    assert client_as(make_user()).get("/masuk").location == "/akun"


def test_a_wrong_password_is_told_and_what_was_typed_stays(client, make_user, sign_in):
    user = make_user()
    answer = sign_in(user.email, "salah sekali", client=client)
    assert answer.status_code == 422
    assert "tidak cocok" in answer.text
    assert f'value="{user.email}"' in answer.text
    assert "salah sekali" not in answer.text
    assert not is_signed_in(client)


def test_an_unknown_account_gets_the_same_answer_as_a_wrong_password(make_user, sign_in):
    user = make_user(email="orang1@uji.example")
    wrong = sign_in(user.email, "salah sekali")
    unknown = sign_in("orang2@uji.example", "salah sekali")
    assert unknown.status_code == wrong.status_code
    text = wrong.text.replace("orang1", "orang2").splitlines()
    differing = [pair for pair in zip(text, unknown.text.splitlines(), strict=True) if pair[0] != pair[1]]
    assert all("csrf_token" in line for pair in differing for line in pair)


def test_every_answer_costs_one_hash(monkeypatch, app, make_user, sign_in):
    known, closed = make_user(), make_user(deactivated_at=None, password_hash=None)
    checked = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *a: checked.append(1) or verify(*a))
    costs = []
    for email in (known.email, closed.email, "tidak-ada@uji.example", "+6281299998888"):
        before = len(checked)
        assert sign_in(email, "salah sekali").status_code == 422
        costs.append(len(checked) - before)
    assert costs == [1, 1, 1, 1]


def test_an_invited_person_without_a_password_cannot_sign_in_with_any(make_user, sign_in):
    user = make_user(password_hash=None)
    for password in ("a password that nobody has", "x"):
        assert sign_in(user.email, password).status_code == 422


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "", "password": "x"}, "Isi surel atau nomor telepon Anda."),
        ({"email": "melati@uji.example", "password": ""}, "Isi sandi Anda."),
        ({"email": "melati", "password": "x"}, "Tulis alamat surel lengkap atau nomor telepon"),
        ({}, "Isi sandi Anda."),
    ],
)
def test_what_is_missing_is_told_beside_its_field(client, fields, sentence):
    answer = client.post("/masuk", data=fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_form_without_its_token_is_refused(client, make_user):
    user = make_user()
    answer = client.post("/masuk", data={"email": user.email, "password": PASSWORD}, csrf=False)
    assert answer.status_code == 400


def test_a_planted_session_does_not_live_on(client, make_user, sign_in):
    with client.session_transaction() as planted:
        planted["mine"] = "planted"
        planted["csrf_token"] = "known to a stranger"
        planted["lang"] = "en"
    sign_in(make_user().email, client=client)
    with client.session_transaction() as kept:
        assert "mine" not in kept
        assert kept.get("csrf_token") != "known to a stranger"
        assert kept["lang"] == "en"


@pytest.mark.parametrize("path", ["/laporan/koperasi-uji/2025/simpan", "/laporan", "/", "/koperasi"])
def test_an_answer_that_was_on_its_way_while_somebody_signed_in_does_not_undo_that(client, path):
    client.get("/masuk")  # from here on there is a session, of nobody yet
    answer = client.get(path, headers={"Accept": "application/json"})
    assert "Set-Cookie" not in answer.headers, "it would come after that of the sign-in, and replace it"


def test_a_remembered_session_is_given_once_and_no_answer_gives_it_again(client, make_user, sign_in):
    sign_in(make_user(Role.COOPERATIVE).email, client=client, remember="1")
    for path in ("/laporan", "/", "/akun"):
        assert "Set-Cookie" not in client.get(path, headers={"User-Agent": "another network"}).headers


def test_signing_out_ends_the_session_and_takes_a_post(client, make_user, sign_in):
    sign_in(make_user().email, client=client)
    assert client.get("/keluar").status_code == 405
    assert client.post("/keluar").location == "/masuk"
    assert not is_signed_in(client)
    assert "Anda sudah keluar." in client.get("/masuk").text


def test_signing_out_twice_is_no_error(client):
    assert client.post("/keluar").status_code == 302


def test_signing_out_everywhere_ends_every_session_and_is_on_the_trail(app, make_user, sign_in):
    user = make_user()
    phone, computer = app.test_client(), app.test_client()
    for browser in (phone, computer):
        sign_in(user.email, client=browser)
    assert phone.post("/keluar/semua").location == "/masuk"
    assert not is_signed_in(phone)
    assert not is_signed_in(computer)


def test_a_session_that_is_not_remembered_ends_with_the_working_day(client, make_user, sign_in, clock):
    answer = sign_in(make_user().email, client=client)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("simpul="))
    assert "Expires" not in cookie
    clock.shift(11 * 3600)
    assert is_signed_in(client)
    clock.shift(2 * 3600)
    assert not is_signed_in(client)


def test_a_remembered_session_outlives_the_browser_but_not_two_weeks_away(client, make_user, sign_in, clock):
    answer = sign_in(make_user().email, client=client, remember="1")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("simpul="))
    assert "Expires" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    clock.shift(10 * 24 * 3600)
    assert is_signed_in(client)
    clock.shift(15 * 24 * 3600)
    assert not is_signed_in(client)


def test_a_deactivated_person_is_out_at_once_and_only_who_knows_the_password_learns_why(
    client, make_user, sign_in
):
    user = make_user()
    sign_in(user.email, client=client)
    with writing() as session:
        session.get(User, user.id).deactivated_at = user.created_at
    assert not is_signed_in(client)
    assert "dinonaktifkan" in sign_in(user.email).text
    assert "dinonaktifkan" not in sign_in(user.email, "salah sekali").text


def test_a_hash_with_old_parameters_is_renewed_at_the_next_sign_in(make_user, sign_in):
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    user = make_user(password_hash=old)
    sign_in(user.email)
    fresh = db.session.get_one(User, user.id).password_hash
    assert fresh != old
    assert not passwords.needs_rehash(fresh)
    assert sign_in(user.email).status_code == 302
    assert db.session.get_one(User, user.id).password_hash == fresh


def test_the_same_letters_from_another_keyboard_are_the_same_password(app):
    composed, apart = "caf\u00e9 di atas bukit", "cafe\u0301 di atas bukit"
    assert passwords.verify_password(passwords.hash_password(composed), apart)


def test_no_password_in_any_encoding_breaks_the_hash(app):
    for password in ("\ud800" * 12, "\x00" * 12, "x" * 5000):
        assert passwords.verify_password(passwords.hash_password(password), password)


def test_the_time_of_the_last_sign_in_is_kept_and_the_tries_are_forgotten(make_user, sign_in, clock):
    user = make_user()
    sign_in(user.email, "salah sekali")
    assert len(db.session.query(Attempt).all()) == 1
    sign_in(user.email)
    assert db.session.get_one(User, user.id).signed_in_at.timestamp() == pytest.approx(1773021600)
    assert db.session.query(Attempt).all() == []


def test_the_page_says_where_to_go_without_a_password(client):
    page = client.get("/masuk").text
    assert 'href="/sandi/lupa"' in page
    assert 'href="/sandi/kode"' in page
