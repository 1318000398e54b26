"""How often somebody may try to sign in."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.accounts import pace, rules
from app.accounts.models import Attempt
from app.core.extensions import db
from app.core.writing import writing
from tests.factories import PASSWORD

WRONG = "salah sekali"
CARRIER = "103.28.12.{}"


@pytest.fixture
def fail(sign_in):
    """``fail(email, times)``: so many wrong passwords; the statuses of the answers."""

    def send(email, times, **where):
        return [sign_in(email, WRONG, **where).status_code for _ in range(times)]

    return send


def test_five_wrong_tries_cost_nothing_and_the_next_waits_until_the_clock_says_so(
    make_user, sign_in, fail, clock
):
    user = make_user()
    assert fail(user.email, 5) == [422] * 5
    refused = sign_in(user.email)
    assert refused.status_code == 429
    assert "Coba lagi pukul 09.01, atau minta tautan baru." in refused.text
    assert refused.headers["Retry-After"] == "60"
    clock.shift(61)
    assert sign_in(user.email).status_code == 302


def test_each_further_wrong_try_makes_the_rest_longer(make_user, fail, sign_in, clock):
    user = make_user()
    fail(user.email, 5)
    for minutes in (1, 5, 15, 30, 60, 60):
        clock.shift(minutes * 60 - 5)
        assert sign_in(user.email).status_code == 429
        clock.shift(10)
        assert fail(user.email, 1) == [422]
    assert sign_in(user.email).status_code == 429


def test_tries_during_the_rest_do_not_lengthen_it(make_user, fail, sign_in, clock):
    user = make_user()
    fail(user.email, 5)
    assert fail(user.email, 20) == [429] * 20
    clock.shift(61)
    assert sign_in(user.email).status_code == 302


def test_tries_noted_by_a_clock_that_was_ahead_lock_nobody_out_when_it_is_right_again(
    make_user, fail, sign_in, clock
):
    user = make_user()
    clock.shift(40 * 24 * 3600)
    door = pace.door_to(user.email, address="10.0.0.7")
    with writing():
        pace.note_request(door)
    fail(user.email, 5)
    assert sign_in(user.email).status_code == 429
    clock.shift(-40 * 24 * 3600)
    assert pace.asked_for_link(door) == 0
    assert sign_in(user.email).status_code == 302


def test_a_right_password_starts_the_count_anew(make_user, sign_in, fail):
    user = make_user()
    fail(user.email, 4)
    assert sign_in(user.email).status_code == 302
    assert fail(user.email, 5) == [422] * 5


def test_an_account_that_does_not_exist_rests_just_the_same(fail, clock):
    assert fail("tidak-ada@uji.example", 6) == [422] * 5 + [429]


def test_one_account_at_rest_does_not_stop_another(make_user, fail, sign_in):
    resting, other = make_user(), make_user()
    fail(resting.email, 6)
    assert sign_in(other.email).status_code == 302


def test_after_a_day_all_is_forgotten_and_deleted(make_user, fail, sign_in, clock):
    user = make_user()
    fail(user.email, 4)
    clock.shift(25 * 3600)
    assert fail(user.email, 1) == [422]
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_guesses_sent_at_once_get_no_free_ride(app, make_user):
    """Twelve programs guess at the same moment: five are looked at, seven are told to wait."""
    email = make_user().email
    db.session.remove()

    def guess(_number):
        return app.test_client().post("/masuk", data={"email": email, "password": WRONG}).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(guess, range(12)))
    assert statuses == [422] * 5 + [429] * 7


def spray(sign_in, accounts, address="103.28.12.9"):
    """One password over many accounts from one network."""
    return [sign_in(f"sasaran{n}@uji.example", WRONG, address=address).status_code for n in range(accounts)]


def test_a_spray_over_many_accounts_is_slowed(sign_in, clock):
    assert spray(sign_in, rules.NETWORK_TRIES) == [422] * rules.NETWORK_TRIES
    refused = sign_in("lain@uji.example", WRONG, address=CARRIER.format(200))
    assert refused.status_code == 429
    assert "Tunggu beberapa detik" in refused.text
    tried = 0
    for _ in range(60):
        clock.shift(1)
        tried += sign_in(f"lagi{_}@uji.example", WRONG, address=CARRIER.format(200)).status_code == 422
    assert tried == 20


def test_a_busy_network_is_never_shut_out(make_user, sign_in, clock):
    user = make_user()
    spray(sign_in, rules.NETWORK_TRIES)
    clock.shift(rules.NETWORK_GAP)
    assert sign_in(user.email, address=CARRIER.format(3)).status_code == 302


def test_a_known_device_does_not_wait_for_its_network(app, make_user, sign_in, clock):
    user = make_user()
    phone = app.test_client()
    sign_in(user.email, client=phone)
    phone.post("/keluar")
    spray(sign_in, rules.NETWORK_TRIES)
    assert sign_in(user.email, address=CARRIER.format(3)).status_code == 429
    assert sign_in(user.email, client=phone, address=CARRIER.format(3)).status_code == 302


def test_strangers_who_hammer_an_account_do_not_lock_its_owner_out(app, make_user, sign_in, fail, clock):
    user = make_user()
    phone = app.test_client()
    sign_in(user.email, client=phone)
    phone.post("/keluar")
    fail(user.email, 6, address="198.51.100.4")
    assert sign_in(user.email).status_code == 429
    assert sign_in(user.email, client=phone).status_code == 302
    assert sign_in(user.email).status_code == 429


def test_a_known_device_in_wrong_hands_is_paced_as_well(app, make_user, sign_in, fail, clock):
    user = make_user()
    phone = app.test_client()
    sign_in(user.email, client=phone)
    phone.post("/keluar")
    assert fail(user.email, 6, client=phone) == [422] * 5 + [429]
    assert sign_in(user.email).status_code == 302


def test_a_device_is_known_only_for_the_accounts_that_signed_in_on_it(app, make_user, sign_in, fail, clock):
    mine, other = make_user(), make_user()
    phone = app.test_client()
    sign_in(mine.email, client=phone)
    phone.post("/keluar")
    fail(other.email, 5, address="198.51.100.4")
    assert sign_in(other.email, client=phone).status_code == 429


def test_the_device_cookie_shows_nothing_and_cannot_be_made_up(app, make_user, sign_in):
    user = make_user()
    phone = app.test_client()
    answer = sign_in(user.email, client=phone)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("simpul_kenal="))
    assert user.email not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    for forged in ("", "x", "W10.x.y", cookie.split(";")[0].split("=", 1)[1][:-2] + "xx"):
        phone.set_cookie("simpul_kenal", forged)
        phone.post("/keluar")
        assert sign_in(user.email, client=phone).status_code == 302


def test_neither_accounts_nor_addresses_stand_in_the_table(make_user, sign_in, fail):
    user = make_user()
    fail(user.email, 1, address="103.28.12.7")
    kept = db.session.scalars(select(Attempt)).one()
    assert user.email not in kept.account
    assert "103" not in kept.network
    assert kept.account == pace.account_digest(user.email)


def test_the_network_of_one_line_is_one_and_of_another_is_another(app):
    one, same, other = (
        pace.door_to("melati@uji.example", address=address).network
        for address in ("103.28.12.7", "103.28.12.99", "103.28.13.7")
    )
    assert one == same != other


def test_the_password_itself_is_never_written_down(make_user, sign_in):
    sign_in(make_user().email, PASSWORD)
    for row in db.session.scalars(select(Attempt)):
        assert PASSWORD not in (row.account, row.network)
