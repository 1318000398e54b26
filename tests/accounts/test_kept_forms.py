"""What was typed when a session ended is kept, and offered to the same person once they have signed in again."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select, update

from app.accounts import devices
from app.accounts.kept_forms import COOKIE, LARGEST
from app.accounts.models import KeptForm
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire.services import ensure_editions
from tests.factories import PASSWORD

OURS = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "/dinas/koperasi/baru"
TYPED = {"nama_koperasi": "Koperasi Mawar Rekaan", "alamat": "Jalan Rekaan 5", "csrf_token": "old"}


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR)


@pytest.fixture
def browser(client):
    """A browser in which nobody has signed in yet."""
    return client


def sign_in(browser, user, **more):
    form = {"email": user.email, "password": PASSWORD, **more}
    return browser.post("/masuk", data=form)


def end_session(browser):
    """As if the working day were over: nothing of the session is left, but the device is known."""
    browser.delete_cookie("simpul")


def post(browser, headers=OURS, path=ADDRESS, **more):
    return browser.post(path, data=TYPED | more, headers=headers, csrf=False)


def kept():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(KeptForm))


def test_a_form_posted_after_the_session_ended_waits_behind_the_sign_in(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    turned = post(browser)
    assert (turned.status_code, turned.location) == (303, "/masuk?next=/akun/isian")
    back = sign_in(browser, operator, next="/akun/isian")
    assert back.location == "/akun/isian"
    page = browser.get("/akun/isian").text
    assert "Koperasi baru" in page
    assert "Koperasi Mawar Rekaan" in page
    assert f'action="{ADDRESS}"' in page
    assert 'name="nama_koperasi" value="Koperasi Mawar Rekaan"' in page


def test_it_is_offered_at_the_next_sign_in_whatever_way_that_began(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    assert sign_in(browser, operator).location == "/akun/isian"


def test_sent_again_and_taken_it_is_offered_no_more(browser, filing):
    slug, member = filing
    sign_in(browser, member)
    end_session(browser)
    address = f"/laporan/{slug}/2025?bagian=4"
    post(browser, path=address, aset="5.000.000", versi="0", ke="simpan")
    sign_in(browser, member)
    page = browser.get("/akun/isian").text
    assert f'action="{address}"' in page
    again = browser.post(address, data={"aset": "5.000.000", "versi": "0", "ke": "simpan"})
    assert again.status_code == 303
    assert 'value="5.000.000"' in browser.get(address).text
    assert kept() == 0
    assert "Tidak ada isian yang menunggu" in browser.get("/akun/isian").text


def test_sent_again_but_not_taken_it_stays(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    sign_in(browser, operator)
    assert browser.post(ADDRESS, data={"nama_koperasi": ""}).status_code == 422
    assert kept() == 1


def test_another_person_who_signs_in_there_is_not_shown_it(browser, operator, make_user):
    other = make_user(Role.OPERATOR)
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    assert sign_in(browser, other).location == "/dinas"
    page = browser.get("/akun/isian").text
    assert "Mawar" not in page
    form = db.session.scalar(select(KeptForm))
    browser.post(f"/akun/isian/{form.id}/buang")
    assert kept() == 1


def test_another_browser_is_not_shown_it(app, browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    elsewhere = app.test_client()
    assert sign_in(elsewhere, operator).location == "/dinas"
    assert "Mawar" not in elsewhere.get("/akun/isian").text


def test_it_can_be_thrown_away(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    sign_in(browser, operator)
    form = db.session.scalar(select(KeptForm))
    assert browser.post(f"/akun/isian/{form.id}/buang").location == "/akun/isian"
    assert kept() == 0
    assert browser.post(f"/akun/isian/{2**40}/buang").status_code == 302


def test_an_old_token_of_somebody_signed_in_leads_straight_to_what_was_typed(client_as, operator):
    browser = client_as(operator)
    turned = post(browser)
    assert (turned.status_code, turned.location) == (303, "/akun/isian")
    assert "Koperasi Mawar Rekaan" in browser.get("/akun/isian").text


def test_a_session_that_ended_at_the_office_end_of_day_tells_whose_it_was(client_as, operator):
    browser = client_as(operator)
    with browser.session_transaction() as session:
        session["until"] = 1
    turned = browser.post(ADDRESS, data=TYPED, headers=OURS)
    assert turned.location == "/masuk?next=/akun/isian"
    form = db.session.scalar(select(KeptForm))
    assert form.owner == str(operator.id)


def test_each_form_of_one_browser_is_kept_once(browser, filing):
    slug, member = filing
    sign_in(browser, member)
    end_session(browser)
    for section in (1, 1, 2):
        post(browser, path=f"/laporan/{slug}/2025?bagian={section}")
    post(browser, path=f"/laporan/{slug}/2024?bagian=1")
    assert kept() == 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/"},
    ],
)
def test_what_no_page_of_ours_sent_is_not_kept(browser, operator, headers):
    sign_in(browser, operator)
    end_session(browser)
    assert post(browser, headers).status_code == 400
    assert kept() == 0


def test_an_older_browser_says_by_its_origin_that_the_page_is_ours(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    assert post(browser, {"Origin": "http://localhost"}).status_code == 303


def test_nothing_is_kept_of_a_stranger_of_a_huge_form_or_of_a_form_with_a_password(browser, operator):
    assert post(browser).status_code == 400
    sign_in(browser, operator)
    end_session(browser)
    assert post(browser, catatan="x" * LARGEST).status_code == 400
    assert post(browser, path="/masuk", password="rahasia").status_code == 400
    assert kept() == 0
    post(browser, password="rahasia", sandi_baru="rahasia")
    form = db.session.scalar(select(KeptForm))
    assert {name for name, _ in form.fields} == {"nama_koperasi", "alamat"}


def test_the_cookie_is_out_of_reach_of_scripts_and_the_database_knows_only_its_digest(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    turned = post(browser)
    cookie = next(one for one in turned.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = cookie.split("=", 1)[1].split(";")[0]
    assert token not in db.session.scalar(select(KeptForm.token_digest))


def test_after_its_days_it_is_gone(browser, operator):
    sign_in(browser, operator)
    end_session(browser)
    post(browser)
    with writing() as session:
        session.execute(update(KeptForm).values(expires_at=now()))
    assert sign_in(browser, operator).location == "/dinas"
    post(browser, path="/dinas/koperasi/baru")
    assert kept() == 1


def test_only_staff_and_members_have_the_page(browser):
    assert browser.get("/akun/isian").location.startswith("/masuk")


@pytest.fixture
def filing(make_cooperative, make_user, make_membership):
    """The slug of a cooperative whose report of book year 2025 is open, and its member."""
    with time_machine.travel(datetime(2026, 4, 10, 2, tzinfo=UTC), tick=True):
        member, cooperative = make_user(Role.COOPERATIVE), make_cooperative()
        make_membership(member, cooperative)
        with writing():
            ensure_editions(date(2026, 4, 10))
        yield cooperative.slug, member


def test_a_device_is_known_by_either_of_ones_names(app, make_user):
    with app.test_request_context():
        user = make_user(Role.OPERATOR, phone="+6281255501234")
        assert len(devices.marks_of(user)) == 2
