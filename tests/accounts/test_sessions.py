"""Where a person is signed in, and ending it from elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import seen
from app.accounts.device_names import device_of
from app.accounts.two_step_models import UserSession
from app.audit.models import TrailEntry
from app.core.extensions import db

ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def on_device(app, sign_in):
    """``on_device(user, agent)``: a browser of that kind in which ``user`` has signed in by the form."""

    def make(user, agent, **fields):
        browser = app.test_client()
        browser.environ_base["HTTP_USER_AGENT"] = agent
        assert sign_in(user.email, client=browser, **fields).status_code == 302
        return browser

    return make


def is_signed_in(browser):
    return browser.get("/akun").status_code == 200


def rows():
    return list(db.session.scalars(select(UserSession).order_by(UserSession.id)))


def test_the_account_page_lists_devices_in_plain_words(on_device, make_user):
    user = make_user()
    on_device(user, ANDROID)
    page = on_device(user, WINDOWS).get("/akun").text
    assert "Chrome, Android" in page
    assert "Firefox, Windows" in page
    assert page.count("Perangkat ini</span>") == 1
    assert "Mozilla" not in page


def test_one_device_is_ended_from_another(on_device, make_user):
    user = make_user()
    lost, mine = on_device(user, ANDROID), on_device(user, WINDOWS)
    answer = mine.post(f"/akun/perangkat/{rows()[0].id}/keluar")
    assert answer.location == "/akun#perangkat"
    assert not is_signed_in(lost)
    assert is_signed_in(mine)
    assert db.session.scalar(select(TrailEntry.action)) == "user.session_ended"
    assert "Chrome, Android" not in mine.get("/akun").text


def test_somebody_else_s_session_is_not_there(on_device, make_user):
    theirs, mine = on_device(make_user(), ANDROID), on_device(make_user(), WINDOWS)
    assert mine.post(f"/akun/perangkat/{rows()[0].id}/keluar").status_code == 404
    assert is_signed_in(theirs)


def test_all_others_are_ended_at_once_and_this_one_stays(on_device, make_user, client_as):
    user = make_user()
    others = [on_device(user, ANDROID), client_as(user)]  # also one from before sessions were numbered
    mine = on_device(user, WINDOWS, remember="1")
    mine.post("/akun/perangkat/lain/keluar")
    assert is_signed_in(mine)
    assert not any(is_signed_in(other) for other in others)
    assert "Chrome, Android" not in mine.get("/akun").text


def test_ending_this_one_signs_out_here(on_device, make_user):
    mine = on_device(make_user(), WINDOWS)
    assert mine.post(f"/akun/perangkat/{rows()[0].id}/keluar").location == "/masuk"
    assert not is_signed_in(mine)


def test_a_cookie_kept_from_before_signing_out_is_worthless(on_device, make_user):
    browser = on_device(make_user(), WINDOWS)
    stolen = browser.get_cookie("simpul").value
    browser.post("/keluar")
    browser.set_cookie("simpul", stolen)
    assert not is_signed_in(browser)


@pytest.mark.parametrize(("remember", "hours"), [("", 12), ("1", 14 * 24)])
def test_a_session_ends_when_the_sign_in_page_said_however_often_it_is_used(
    on_device, make_user, clock, remember, hours
):
    browser = on_device(make_user(), WINDOWS, remember=remember)
    for _ in range(4):
        clock.shift(timedelta(hours=hours / 4) - timedelta(seconds=1))
        assert is_signed_in(browser)
    clock.shift(timedelta(seconds=5))
    assert not is_signed_in(browser)


def test_when_a_device_was_last_used_is_written_down_once_a_minute_and_not_by_reading(
    on_device, make_user, clock
):
    browser = on_device(make_user(), WINDOWS)
    clock.shift(timedelta(minutes=30))
    browser.get("/akun")
    assert rows()[0].seen_at == rows()[0].started_at
    seen.flush()
    db.session.expire_all()
    assert rows()[0].seen_at - rows()[0].started_at == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome, Android"),
        (WINDOWS, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 9; SM-J4) SamsungBrowser/14.0 Chrome/87 Safari/537.36", "Samsung Internet, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("curl/8.0 <script>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_by_words_of_our_own(agent, words):
    assert device_of(agent) == words
