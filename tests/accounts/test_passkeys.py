"""Passkeys as a second step: added, asked for, used, copied, removed; and a site without the extra."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import own_data, passkey_ceremonies, passkeys, retention
from app.accounts.models import User
from app.accounts.passkey_models import Passkey, PasskeyChallenge
from app.accounts.passkey_site import Party, party_at
from app.accounts.step_up import PROVED
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.support import second_step

pytest.importorskip("webauthn", reason="the extra has no wheels for this machine")
from tests.support.authenticator import Authenticator

SHOWN = re.compile(r"<li><code>([A-Z0-9]{5}-[A-Z0-9]{5})</code></li>")
TWO_STEP, OWN = "/akun/kode-masuk", "/akun/kunci-sandi"


def kept(user):
    return db.session.get_one(User, user.id)


def actions():
    query = select(TrailEntry.action).where(TrailEntry.action.startswith("passkey.")).order_by(TrailEntry.id)
    return list(db.session.scalars(query))


def is_signed_in(browser):
    return browser.get("/akun").status_code == 200


def add(browser, device, name="Ponsel saya"):
    """By the screens; the last answer."""
    question = browser.post(f"{OWN}/tanya").json
    return browser.post(OWN, data={"nama": name, "jawaban_kunci": device.make(question)})


def answer(browser, device):
    """To the question after the password; the answer as it was sent, and what came of it."""
    sent = device.sign(browser.post("/masuk/kunci-sandi/tanya").json)
    return sent, browser.post("/masuk/kunci-sandi", data={"jawaban_kunci": sent})


@pytest.fixture
def device():
    """A telephone that nobody has used here."""
    return Authenticator()


@pytest.fixture
def person(make_user, client_as, device):
    """An operator whose only second step is ``device``."""
    operator = make_user(Role.OPERATOR)
    assert add(client_as(operator), device).status_code == 200
    return operator


@pytest.fixture
def at_the_question(app, person, sign_in):
    """``at_the_question()``: a browser in which the operator's password was right."""

    def opened():
        browser = app.test_client()
        assert sign_in(person.email, client=browser).location == "/masuk/kode"
        return browser

    return opened


def test_the_first_passkey_is_a_second_step_and_comes_with_codes_for_paper(client_as, make_user, device):
    operator = make_user(Role.OPERATOR)
    other, browser = client_as(operator), client_as(operator)
    assert "Tambah kunci sandi" in browser.get(TWO_STEP).text
    done = add(browser, device)
    assert len(set(SHOWN.findall(done.text))) == 10
    assert done.headers["Cache-Control"] == "no-store"
    assert kept(operator).has_two_steps
    assert is_signed_in(browser)
    assert not is_signed_in(other)
    assert "Ponsel saya" in browser.get(TWO_STEP).text
    assert actions() == ["passkey.added"]
    assert db.session.scalar(select(OutboxMessage.subject)) == "Kunci sandi akun Simpul Anda ditambahkan"
    assert browser.post(f"{OWN}/tanya").json["excludeCredentials"][0]["transports"] == ["internal"]


def test_a_second_passkey_leaves_the_codes_for_paper_as_they_were(client_as, person):
    browser = client_as(kept(person))
    assert add(browser, Authenticator(), name="").location == TWO_STEP
    names = list(db.session.scalars(select(Passkey.name).order_by(Passkey.id)))
    assert names == ["Ponsel saya", "Kunci sandi"]


def test_password_and_passkey_let_the_person_in(person, device, at_the_question):
    browser = at_the_question()
    page = browser.get("/masuk/kode").text
    assert "Pakai kunci sandi" in page
    assert "atau isi satu kode cadangan" in page
    _sent, entered = answer(browser, device)
    assert entered.location == "/dinas"
    assert is_signed_in(browser)
    assert db.session.scalars(select(Passkey)).one().used_at is not None
    assert not db.session.scalar(select(func.count()).select_from(PasskeyChallenge))


def test_an_answer_is_good_once_also_with_the_session_of_before(device, at_the_question):
    browser = at_the_question()
    question = browser.post("/masuk/kunci-sandi/tanya").json
    before = browser.get_cookie("simpul").value
    sent = device.sign(question)
    assert browser.post("/masuk/kunci-sandi", data={"jawaban_kunci": sent}).status_code == 302
    browser.post("/keluar")
    browser.set_cookie("simpul", before)
    again = browser.post("/masuk/kunci-sandi", data={"jawaban_kunci": sent})
    assert again.status_code == 422
    assert "sudah dipakai" in again.text
    assert not is_signed_in(browser)


def test_a_question_is_asked_anew_after_five_minutes(clock, device, at_the_question):
    browser = at_the_question()
    sent = device.sign(browser.post("/masuk/kunci-sandi/tanya").json)
    clock.shift(timedelta(minutes=5, seconds=1))
    late = browser.post("/masuk/kunci-sandi", data={"jawaban_kunci": sent})
    assert (late.status_code, is_signed_in(browser)) == (422, False)
    with writing():
        assert retention.tidy(now()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:9000"},
        {"origin": "https://simpul.palsu.example"},
        {"name": "palsu.example"},
    ],
    ids=["another port", "another site", "a key for another site"],
)
def test_an_answer_given_to_another_site_opens_nothing(device, at_the_question, wrong):
    for name, value in wrong.items():
        setattr(device, name, value)
    browser = at_the_question()
    _sent, refused = answer(browser, device)
    assert refused.status_code == 422
    assert "tidak cocok dengan akun Anda" in refused.text
    assert not is_signed_in(browser)


def test_somebody_else_s_passkey_opens_nothing(client_as, make_user, at_the_question):
    theirs = Authenticator()
    add(client_as(make_user(Role.OPERATOR)), theirs)
    browser = at_the_question()
    assert answer(browser, theirs)[1].status_code == 422
    assert not is_signed_in(browser)


def test_a_signature_of_another_key_under_the_right_name_opens_nothing(device, at_the_question):
    browser = at_the_question()
    assert answer(browser, Authenticator(credential_id=device.credential_id))[1].status_code == 422
    assert not is_signed_in(browser)


def test_a_count_that_goes_back_is_refused_and_on_the_trail(client_as, make_user, app, sign_in):
    device = Authenticator(count=7)
    operator = make_user(Role.OPERATOR)
    add(client_as(operator), device)
    browser = app.test_client()
    sign_in(operator.email, client=browser)
    assert answer(browser, device)[1].status_code == 302
    for count in (8, 3):
        copied = app.test_client()
        sign_in(operator.email, client=copied)
        device.count = count
        refused = answer(copied, device)[1]
        assert refused.status_code == 422
        assert "hitungannya mundur" in refused.text
        assert not is_signed_in(copied)
    assert actions() == ["passkey.added", "passkey.used_wrongly", "passkey.used_wrongly"]
    assert db.session.scalars(select(Passkey)).one().sign_count == 8


def test_wrong_answers_are_paced_together_with_wrong_codes(person, at_the_question):
    browser = at_the_question()
    for _ in range(3):
        assert answer(browser, Authenticator())[1].status_code == 422
    for _ in range(2):
        browser.post("/masuk/kode", data={"kode": "000000"})
    waits = answer(browser, Authenticator())[1]
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    "sent",
    ["", "{", "[]", '{"id": 7}', "[" * 20_000, '{"id": "x", "rawId": "x", "response": {}}', "x" * 50_000],
)
def test_what_is_no_answer_is_refused_in_words(client_as, make_user, at_the_question, sent):
    browser = at_the_question()
    browser.post("/masuk/kunci-sandi/tanya")
    assert browser.post("/masuk/kunci-sandi", data={"jawaban_kunci": sent}).status_code == 422
    new = client_as(make_user(Role.OPERATOR))
    new.post(f"{OWN}/tanya")
    kept_name = new.post(OWN, data={"nama": "Ponsel “kedua”", "jawaban_kunci": sent})
    assert kept_name.status_code == 422
    assert "Kunci sandi belum jadi" in kept_name.text
    assert "Ponsel “kedua”" in kept_name.text


def test_codes_for_paper_stand_in_for_a_lost_device(app, make_user, client_as, device, sign_in):
    operator = make_user(Role.OPERATOR)
    code = SHOWN.findall(add(client_as(operator), device).text)[0]
    browser = app.test_client()
    sign_in(operator.email, client=browser)
    assert browser.post("/masuk/kode", data={"kode": code}).status_code == 302
    assert is_signed_in(browser)


def test_asking_again_takes_a_passkey_and_what_was_posted_goes_on(client_as, person, device):
    browser = client_as(kept(person))
    with browser.session_transaction() as session:
        session[PROVED] = 0
    asks = browser.post(f"{TWO_STEP}/mulai")
    assert asks.status_code == 401
    assert "Pakai kunci sandi" in asks.text
    proof = device.sign(browser.post("/akun/buktikan/kunci-sandi").json)
    done = browser.post(f"{TWO_STEP}/mulai", data={"bukti": "", "bukti_kunci": proof})
    assert done.location == f"{TWO_STEP}/pasang"
    with browser.session_transaction() as session:
        session[PROVED] = 0
    again = browser.post(f"{TWO_STEP}/mulai", data={"bukti": "", "bukti_kunci": proof})
    assert again.status_code == 422


def test_removing_the_last_one_leaves_the_password_alone_and_somebody_else_s_is_not_there(
    client_as, make_user, person
):
    key_id = db.session.scalars(select(Passkey.id)).one()
    assert client_as(make_user(Role.OPERATOR)).post(f"{OWN}/{key_id}/hapus").status_code == 404
    browser = client_as(kept(person))
    assert "sesudah itu sandi saja cukup" in browser.get(TWO_STEP).text
    assert browser.post(f"{OWN}/{key_id}/hapus").location == TWO_STEP
    assert not kept(person).has_two_steps
    assert actions() == ["passkey.added", "passkey.removed"]
    assert browser.post(f"{OWN}/{key_id}/hapus").status_code == 404


def test_an_admin_may_work_with_a_passkey_alone_but_not_remove_the_last_second_step(
    app, make_user, sign_in, device
):
    admin = make_user(Role.ADMIN, two_step_since=None)
    browser = app.test_client()
    sign_in(admin.email, client=browser)
    assert browser.get("/dinas").location == TWO_STEP
    assert len(SHOWN.findall(add(browser, device).text)) == 10
    assert browser.get("/dinas").status_code == 200
    key_id = db.session.scalars(select(Passkey.id)).one()
    refused = browser.post(f"{OWN}/{key_id}/hapus")
    assert refused.status_code == 422
    assert "wajib punya langkah kedua" in refused.text
    add(browser, Authenticator())
    assert browser.post(f"{OWN}/{key_id}/hapus").location == TWO_STEP
    assert kept(admin).has_two_steps


def test_a_reset_by_an_admin_takes_the_passkeys_as_well(client_as, make_user, person):
    client_as(make_user(Role.ADMIN)).post(f"/dinas/pengguna/{person.id}/kode-masuk")
    assert not kept(person).has_two_steps
    assert not db.session.scalar(select(func.count()).select_from(Passkey))


def test_adding_asks_for_the_password_again_first(client_as, make_user):
    browser = client_as(make_user(Role.OPERATOR))
    with browser.session_transaction() as session:
        session[PROVED] = 0
    assert browser.get(OWN).status_code == 401
    assert browser.post(f"{OWN}/tanya").status_code == 401
    asked = browser.post(f"{OWN}/tanya", headers={"Accept": "application/json"})
    assert asked.json["code"] == "step-up"


def test_the_device_learns_no_number_of_the_account(client_as, person):
    question = client_as(kept(person)).post(f"{OWN}/tanya").json
    assert question["rp"]["id"] == "localhost"
    assert question["user"]["name"] == person.email
    assert len(question["user"]["id"]) == 43
    assert question["authenticatorSelection"]["userVerification"] == "preferred"


def test_the_copy_of_one_s_data_names_them_and_erasure_forgets_them(client_as, make_user, device):
    manager = make_user(Role.COOPERATIVE)
    browser = client_as(manager)
    add(browser, device)
    copied = browser.get("/akun/data-saya.json").json["kunci_sandi"]
    assert [(one["nama"], one["terakhir"]) for one in copied] == [("Ponsel saya", None)]
    browser.post("/akun/data-saya/hapus")
    client_as(make_user(Role.ADMIN)).post(f"/dinas/pengguna/{manager.id}/hapus")
    assert kept(manager).name == own_data.ERASED
    assert not db.session.scalar(select(func.count()).select_from(Passkey))


def test_without_the_extra_there_is_no_door_and_the_codes_still_work(
    app, client_as, make_user, sign_in, device, monkeypatch
):
    operator = make_user(Role.OPERATOR)
    code = SHOWN.findall(add(client_as(operator), device).text)[0]
    monkeypatch.setattr(passkey_ceremonies, "installed", lambda: False)
    browser = app.test_client()
    sign_in(operator.email, client=browser)
    assert "unci sandi" not in browser.get("/masuk/kode").text
    assert browser.post("/masuk/kunci-sandi/tanya").status_code == 404
    assert browser.post("/masuk/kunci-sandi").status_code == 404
    browser.post("/masuk/kode", data={"kode": code})
    assert "unci sandi" not in browser.get(TWO_STEP).text
    for address in (OWN, f"{OWN}/tanya", f"{OWN}/1/hapus", "/akun/buktikan/kunci-sandi"):
        assert browser.post(address).status_code == 404
    assert browser.get(OWN).status_code == 404


def test_at_an_address_where_browsers_refuse_it_the_page_says_so(client_as, person, monkeypatch):
    monkeypatch.setattr(passkeys, "party", lambda: None)
    browser = client_as(kept(person))
    for address in (TWO_STEP, OWN):
        assert "Di alamat ini peramban tidak mengizinkan kunci sandi" in browser.get(address).text
    asked = browser.post(f"{OWN}/tanya")
    assert asked.status_code == 409
    assert "di alamat ini" in asked.json["sentence"]


def test_the_name_that_keys_belong_to():
    at = "https://koperasi.contoh.go.id"
    assert party_at("koperasi.contoh.go.id", "http", at) == Party("koperasi.contoh.go.id", at)
    assert party_at("Koperasi.contoh.go.id", "https", f"{at}:443/") == Party("koperasi.contoh.go.id", at)
    assert party_at("localhost:8000", "http", at) == Party("localhost", "http://localhost:8000")
    assert party_at("palsu.example", "https", at) is None
    assert party_at("koperasi.contoh.go.id", "http", "http://koperasi.contoh.go.id") is None
    assert party_at("10.0.0.7", "https", "https://10.0.0.7") is None
    assert party_at("127.0.0.1:8000", "http", "http://127.0.0.1:8000") is None


def test_a_passkey_and_an_app_stand_beside_each_other(client_as, make_user, device):
    operator = make_user(Role.OPERATOR, two_step_since=now())
    browser = client_as(operator)
    assert add(browser, device).location == TWO_STEP
    key_id = db.session.scalars(select(Passkey.id)).one()
    browser.post(f"{OWN}/{key_id}/hapus")
    assert kept(operator).has_two_steps
    assert browser.post("/akun/buktikan", data={"bukti": second_step.code()}).status_code == 303
