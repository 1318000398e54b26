"""The second step of signing in: set up, asked for, used up, lost."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import one_time_codes, second_factor
from app.accounts.models import Attempt, AttemptKind, Purpose, User
from app.accounts.sealing import Unsealable, seal, unseal
from app.accounts.services import issue_link
from app.accounts.two_step_models import RecoveryCode, SecondFactor
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.accounts.conftest import GOOD
from tests.factories import PASSWORD
from tests.support import second_step
from tests.support.parallel import at_once

SHOWN = re.compile(r"<li><code>([A-Z0-9]{5}-[A-Z0-9]{5})</code></li>")


def kept(user):
    return db.session.get_one(User, user.id)


def actions():
    return list(db.session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


def is_signed_in(client):
    return client.get("/akun").status_code == 200


def set_up(client):
    """By the screens; the secret and the codes for paper."""
    assert client.post("/akun/kode-masuk/mulai").location == "/akun/kode-masuk/pasang"
    page = client.get("/akun/kode-masuk/pasang").text
    secret = re.search(r'code-link">([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")
    done = client.post("/akun/kode-masuk/pasang", data={"kode": second_step.code(secret)})
    assert done.status_code == 200
    return secret, SHOWN.findall(done.text)


@pytest.fixture
def person(make_user):
    """An operator with a second step in force."""
    return make_user(Role.OPERATOR, two_step_since=now())


@pytest.fixture
def at_the_code(app, person, sign_in):
    """A browser in which the operator's password was right."""
    browser = app.test_client()
    assert sign_in(person.email, client=browser).location == "/masuk/kode"
    return browser


def send(browser, code):
    return browser.post("/masuk/kode", data={"kode": code})


def test_a_password_alone_lets_nobody_in_who_has_a_second_step(at_the_code):
    assert not is_signed_in(at_the_code)
    assert at_the_code.get("/dinas").location.startswith("/masuk?")


def test_password_and_code_let_the_person_in_where_they_wanted_to_go(app, person, sign_in):
    browser = app.test_client()
    sign_in(person.email, client=browser, next="/akun?bagian=2")
    answer = send(browser, second_step.code())
    assert answer.location == "/akun?bagian=2"
    assert is_signed_in(browser)


def test_a_code_is_taken_once_also_when_two_send_it_at_the_same_moment(app, person):
    code, person_id = second_step.code(), person.id
    taken = at_once(app, *[lambda: second_factor.take(person_id, code)] * 2)
    assert sorted(taken) == [False, True]
    with writing():
        assert not second_factor.take(person_id, code)


def test_an_older_code_is_dead_once_a_newer_one_was_taken(person):
    with writing():
        assert second_factor.take(person.id, second_step.code(steps=1))
        assert not second_factor.take(person.id, second_step.code())


def test_a_clock_that_is_set_back_locks_nobody_out(person, clock):
    with writing():
        assert second_factor.take(person.id, second_step.code())
    clock.shift(-timedelta(hours=3))
    with writing():
        assert second_factor.take(person.id, second_step.code())
        assert not second_factor.take(person.id, second_step.code())


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_s_clock_may_be_one_code_off(person, clock, steps, right):
    with writing():
        assert second_factor.take(person.id, second_step.code(steps=steps)) is right


def test_five_wrong_codes_cost_nothing_and_the_next_waits_with_words(clock, at_the_code):
    assert [send(at_the_code, "000000").status_code for _ in range(5)] == [422] * 5
    waits = send(at_the_code, second_step.code())
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) >= 1
    assert "Terlalu banyak kode yang salah. Coba lagi pukul" in waits.text
    clock.shift(timedelta(seconds=61))
    assert send(at_the_code, second_step.code()).status_code == 302


def test_the_count_of_wrong_codes_stands_in_the_database_and_a_right_one_clears_it(person, at_the_code):
    wrong = select(func.count()).where(Attempt.kind == AttemptKind.SECOND_STEP)
    send(at_the_code, "000000")
    assert db.session.scalar(wrong) == 1
    send(at_the_code, second_step.code())
    assert db.session.scalar(wrong) == 0


def test_a_new_sign_in_does_not_clear_the_count(app, person, at_the_code, sign_in):
    for _ in range(5):
        send(at_the_code, "000000")
    other = app.test_client()
    sign_in(person.email, client=other)
    assert send(other, second_step.code()).status_code == 429


def test_waiting_too_long_asks_for_the_password_again(clock, at_the_code):
    clock.shift(timedelta(minutes=11))
    assert at_the_code.get("/masuk/kode").location == "/masuk"
    assert send(at_the_code, second_step.code()).location == "/masuk"


def test_who_gave_no_password_is_not_asked_for_a_code(client):
    assert client.get("/masuk/kode").location == "/masuk"
    assert send(client, second_step.code()).location == "/masuk"


def test_a_one_time_link_does_not_pass_the_second_step_by(app, person):
    with writing():
        token = issue_link(kept(person), purpose=Purpose.RESET).token
    browser = app.test_client()
    answer = browser.post(f"/sandi/{token}", data={"new_password": GOOD})
    assert answer.location == "/masuk/kode"
    assert not is_signed_in(browser)
    send(browser, second_step.code())
    assert is_signed_in(browser)


def test_setting_up_shows_the_secret_until_a_code_confirms_it_and_then_never(client_as, make_user):
    operator = make_user(Role.OPERATOR)
    browser = client_as(operator)
    browser.post("/akun/kode-masuk/mulai")
    page = browser.get("/akun/kode-masuk/pasang")
    assert "<svg" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert not kept(operator).has_two_steps
    wrong = browser.post("/akun/kode-masuk/pasang", data={"kode": "000000"})
    assert wrong.status_code == 422
    assert "Periksa jam ponsel Anda" in wrong.text
    secret, codes = set_up(browser)
    assert kept(operator).has_two_steps
    assert len(set(codes)) == 10
    assert browser.get("/akun/kode-masuk/pasang").location == "/akun/kode-masuk"
    assert secret not in browser.get("/akun/kode-masuk").text
    assert actions() == ["user.two_step_on"]
    assert db.session.scalar(select(OutboxMessage.subject)) == "Kode masuk akun Simpul Anda dipasang"


def test_setting_up_ends_every_other_session_but_not_this_one(client_as, make_user):
    operator = make_user(Role.OPERATOR)
    other, browser = client_as(operator), client_as(operator)
    set_up(browser)
    assert is_signed_in(browser)
    assert not is_signed_in(other)


def test_neither_the_secret_nor_a_paper_code_stands_in_the_database(client_as, make_user):
    operator = make_user(Role.OPERATOR)
    secret, codes = set_up(client_as(operator))
    factor = db.session.get_one(SecondFactor, operator.id)
    assert secret not in factor.sealed
    assert factor.waiting is None
    digests = list(db.session.scalars(select(RecoveryCode.digest)))
    assert not {code.replace("-", "") for code in codes} & set(digests)
    assert all(len(digest) == 64 for digest in digests)


def test_a_sealed_secret_opens_for_its_owner_and_purpose_only(app):
    sealed = seal("rahasia", purpose="uji", owner=7)
    assert unseal(sealed, purpose="uji", owner=7) == "rahasia"
    broken = [(sealed, "uji", 8), (sealed, "lain", 7), (sealed[:-4] + "AAA=", "uji", 7), ("bukan", "uji", 7)]
    for text, purpose, owner in broken:
        with pytest.raises(Unsealable):
            unseal(text, purpose=purpose, owner=owner)


def test_after_the_site_s_key_was_changed_a_sentence_says_whom_to_ask(app, person, at_the_code):
    with writing():
        db.session.get_one(SecondFactor, person.id).sealed = seal("x", purpose="lain", owner=person.id)
    answer = send(at_the_code, second_step.code())
    assert answer.status_code == 422
    assert "kunci rahasia situs pernah diganti" in answer.text


def test_a_code_from_the_paper_is_good_once_and_the_person_is_told(app, client_as, make_user, sign_in):
    operator = make_user(Role.OPERATOR)
    _secret, codes = set_up(client_as(operator))
    browser = app.test_client()
    for code, status in ((codes[0].lower(), 302), (codes[0], 422), (codes[1].replace("-", " "), 302)):
        browser.post("/keluar")
        sign_in(operator.email, client=browser)
        assert send(browser, code).status_code == status
    assert "Tersisa 8 kode cadangan." in browser.get("/akun").text
    assert actions().count("user.recovery_code_used") == 2
    subjects = list(db.session.scalars(select(OutboxMessage.subject)))
    assert subjects.count("Kode cadangan akun Simpul Anda dipakai") == 2


def test_new_codes_for_paper_make_the_old_ones_worthless(client_as, make_user):
    operator = make_user(Role.OPERATOR)
    browser = client_as(operator)
    _secret, old = set_up(browser)
    new = SHOWN.findall(browser.post("/akun/kode-masuk/cadangan").text)
    with writing():
        assert not second_factor.take(operator.id, old[0].replace("-", ""))
        assert second_factor.take(operator.id, new[0].replace("-", ""))


def test_somebody_else_s_paper_code_opens_nothing(client_as, make_user):
    one, other = make_user(Role.OPERATOR), make_user(Role.OPERATOR, two_step_since=now())
    _secret, codes = set_up(client_as(one))
    with writing():
        assert not second_factor.take(other.id, codes[0].replace("-", ""))


def test_a_new_telephone_takes_the_place_of_the_old_one_only_once_it_has_shown_a_code(client_as, person):
    browser = client_as(person)
    browser.post("/akun/kode-masuk/mulai")
    with writing():
        assert second_factor.take(person.id, second_step.code())
    secret, _codes = set_up(browser)
    with writing():
        assert not second_factor.take(person.id, second_step.code(steps=1))
        assert second_factor.take(person.id, second_step.code(secret, steps=1))


def test_an_operator_may_take_it_away_and_an_admin_may_not(client_as, make_user, person):
    assert client_as(person).post("/akun/kode-masuk/lepas").status_code == 303
    assert not kept(person).has_two_steps
    admin = make_user(Role.ADMIN)
    refused = client_as(admin).post("/akun/kode-masuk/lepas")
    assert refused.status_code == 422
    assert "Admin sistem wajib memakai kode masuk" in refused.text
    assert kept(admin).has_two_steps


def test_an_admin_without_one_is_led_to_set_it_up_before_anything_else(app, make_user, sign_in):
    admin = make_user(Role.ADMIN, two_step_since=None)
    browser = app.test_client()
    assert sign_in(admin.email, client=browser).location == "/dinas"
    for address in ("/dinas", "/dinas/pengguna", "/dinas/sistem", "/akun", "/akun/pesan"):
        assert browser.get(address).location == "/akun/kode-masuk"
    assert browser.post(f"/dinas/pengguna/{admin.id}/peran").location == "/akun/kode-masuk"
    assert browser.get("/").status_code == 200
    assert "Pasang dulu, baru bekerja" in browser.get("/akun/kode-masuk").text
    set_up(browser)
    assert browser.get("/dinas").status_code == 200


def test_who_becomes_an_admin_while_signed_in_is_led_there_too(client_as, make_user):
    operator = make_user(Role.OPERATOR)
    browser = client_as(operator)
    admin = client_as(make_user(Role.ADMIN))
    admin.post(f"/dinas/pengguna/{operator.id}/peran", data={"roles": ["operator", "admin"]})
    assert browser.get("/dinas").location == "/akun/kode-masuk"


def test_a_script_of_a_page_is_told_so_in_json(client_as, make_user):
    browser = client_as(make_user(Role.ADMIN, two_step_since=None))
    answer = browser.get("/dinas", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (403, "two-step")


def test_another_admin_resets_it_for_a_lost_telephone_and_the_trail_says_who(client_as, make_user):
    admin, lost = make_user(Role.ADMIN), make_user(Role.ADMIN)
    theirs = client_as(lost)
    answer = client_as(admin).post(f"/dinas/pengguna/{lost.id}/kode-masuk")
    assert answer.location == f"/dinas/pengguna/{lost.id}"
    assert not kept(lost).has_two_steps
    assert db.session.get(SecondFactor, lost.id) is None
    assert not is_signed_in(theirs)
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "user.two_step_reset")).one()
    assert (entry.actor_id, entry.subject_id) == (admin.id, lost.id)
    again = client_as(admin).post(f"/dinas/pengguna/{lost.id}/kode-masuk")
    assert again.status_code == 422


def test_nobody_resets_it_for_oneself_there_and_an_operator_not_for_colleagues(client_as, make_user, person):
    admin = make_user(Role.ADMIN)
    assert client_as(admin).post(f"/dinas/pengguna/{admin.id}/kode-masuk").status_code == 404
    assert client_as(person).post(f"/dinas/pengguna/{admin.id}/kode-masuk").status_code == 404
    assert kept(admin).has_two_steps


def test_the_last_admin_is_helped_by_a_command(command, make_user):
    admin = make_user(Role.ADMIN)
    done = command("user", "reset-second-factor", "--email", admin.email)
    assert done.exit_code == 0
    assert "ia diminta memasang kode lagi" in done.output
    assert not kept(admin).has_two_steps
    assert actions() == ["user.two_step_reset"]
    assert command("user", "reset-second-factor", "--email", admin.email).exit_code == 1
    assert command("user", "reset-second-factor", "--email", "tiada@uji.example").exit_code == 1


def test_codes_are_read_as_people_type_them():
    assert one_time_codes.read_code(" 123 456 ") == "123456"
    assert one_time_codes.read_code("abcde-fghjk") == "ABCDEFGHJK"
    for raw in ("", "12345", "1234567", "ABCDE-FGHJ0", "ABCDE-FGHI1", "١٢", "x" * 500):
        assert one_time_codes.read_code(raw) == ""


def test_the_codes_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        moment = now().fromtimestamp(second, tz=now().tzinfo)
        assert one_time_codes.code_at(secret, moment) == code


def test_passwords_are_still_paced_by_themselves(person, sign_in):
    assert [sign_in(person.email, "salah").status_code for _ in range(6)] == [422] * 5 + [429]
    assert sign_in(person.email, PASSWORD).status_code == 429
