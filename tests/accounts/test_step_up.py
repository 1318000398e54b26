"""Asking again who it is, before what does harm in wrong hands."""

from datetime import timedelta

import pytest

from app.accounts.models import User
from app.accounts.step_up import PROVED
from app.core.access import Role
from app.core.extensions import db
from tests.factories import PASSWORD
from tests.support import second_step


@pytest.fixture
def stale(client_as):
    """``stale(user)``: a browser in which ``user`` is signed in, but has not said so lately."""

    def make(user):
        browser = client_as(user)
        with browser.session_transaction() as session:
            del session[PROVED]
        return browser

    return make


def name_of(user):
    return db.session.get_one(User, user.id).name


def test_a_change_of_people_asks_for_the_password_and_then_goes_on_with_what_was_typed(stale, make_user):
    operator, manager = make_user(Role.OPERATOR), make_user(Role.COOPERATIVE, name="Melati Uji")
    browser, address = stale(operator), f"/dinas/pengguna/{manager.id}/data"
    typed = {"name": "Melati <Baru>", "email": manager.email, "phone": ""}
    asked = browser.post(address, data=typed)
    assert asked.status_code == 401
    assert "Pastikan ini Anda" in asked.text
    assert 'name="name" value="Melati &lt;Baru&gt;"' in asked.text
    assert name_of(manager) == "Melati Uji"
    wrong = browser.post(address, data=typed | {"bukti": "salah sekali"})
    assert wrong.status_code == 422
    assert "Sandi ini salah" in wrong.text
    assert name_of(manager) == "Melati Uji"
    right = browser.post(address, data=typed | {"bukti": PASSWORD})
    assert right.status_code == 302
    assert name_of(manager) == "Melati <Baru>"
    again = browser.post(address, data=typed | {"name": "Melati Lagi"})
    assert again.status_code == 302


def test_who_has_a_second_step_is_asked_for_a_code_and_a_password_does_not_do(stale, make_user):
    admin, person = make_user(Role.ADMIN), make_user()
    browser, address = stale(admin), f"/dinas/pengguna/{person.id}/peran"
    assert "Enam angka dari aplikasi" in browser.post(address, data={"roles": "editor"}).text
    assert browser.post(address, data={"roles": "editor", "bukti": PASSWORD}).status_code == 422
    assert not db.session.get_one(User, person.id).roles
    done = browser.post(address, data={"roles": "editor", "bukti": second_step.code()})
    assert done.status_code == 302
    assert db.session.get_one(User, person.id).roles == {Role.EDITOR}


def test_the_proof_lasts_a_quarter_of_an_hour_from_signing_in(app, make_user, sign_in, clock):
    operator, manager = make_user(Role.OPERATOR), make_user(Role.COOPERATIVE)
    browser = app.test_client()
    sign_in(operator.email, client=browser)
    clock.shift(timedelta(minutes=14, seconds=59))
    assert browser.post(f"/dinas/pengguna/{manager.id}/tautan").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert browser.post(f"/dinas/pengguna/{manager.id}/tautan").status_code == 401


def test_a_page_that_is_only_read_asks_first_and_leads_back(stale, make_user):
    browser = stale(make_user(Role.OPERATOR))
    asked = browser.get("/akun/kode-masuk/pasang")
    assert asked.status_code == 401
    assert 'name="next" value="/akun/kode-masuk/pasang"' in asked.text
    wrong = browser.post("/akun/buktikan", data={"next": "/akun/kode-masuk/pasang", "bukti": "salah"})
    assert wrong.status_code == 422
    assert 'name="next" value="/akun/kode-masuk/pasang"' in wrong.text
    right = browser.post("/akun/buktikan", data={"next": "/akun/kode-masuk/pasang", "bukti": PASSWORD})
    assert (right.status_code, right.location) == (303, "/akun/kode-masuk/pasang")


def test_the_way_back_never_leads_to_another_site(stale, make_user):
    browser = stale(make_user(Role.OPERATOR))
    right = browser.post("/akun/buktikan", data={"next": "//jahat.example/", "bukti": PASSWORD})
    assert right.location == "/akun"


def test_guessing_is_paced_like_signing_in(stale, make_user):
    browser = stale(make_user(Role.OPERATOR))
    tries = [browser.post("/akun/buktikan", data={"bukti": "salah"}).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]
    waits = browser.post("/akun/buktikan", data={"bukti": PASSWORD})
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) >= 1


def test_a_script_of_a_page_is_told_so_in_json(stale, make_user):
    browser = stale(make_user(Role.OPERATOR))
    answer = browser.post("/akun/kode-masuk/mulai", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (401, "step-up")


def test_the_role_is_asked_for_before_the_password(stale, make_user):
    browser = stale(make_user(Role.EDITOR))
    assert browser.post("/dinas/pengguna/undang").status_code == 403


def test_every_change_of_people_and_of_the_second_step_asks(app):
    asking = {name for name, view in app.view_functions.items() if getattr(view, "step_up", False)}
    assert asking >= {
        f"accounts.{name}"
        for name in (
            "send_invitation", "save_person", "make_link", "save_roles", "deactivate", "reactivate", "reset_two_step",
            "start_two_step", "set_up_two_step", "confirm_two_step", "renew_recovery_codes", "turn_two_step_off",
        )
    }  # fmt: skip


def test_every_change_of_people_and_every_backup_that_leaves_asks(app):
    """A new button there has to say so as well."""
    for rule in app.url_map.iter_rules():
        changes_people = "POST" in rule.methods and rule.rule.startswith("/dinas/pengguna")
        leaves = rule.rule.startswith(("/dinas/sistem/cadangan", "/dinas/sistem/setelan"))
        if changes_people or leaves:
            assert getattr(app.view_functions[rule.endpoint], "step_up", False), rule.rule
