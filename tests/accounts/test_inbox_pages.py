"""A person's messages in the site: the list, the count in the masthead, opening one."""

import pytest
from sqlalchemy import select

from app.core.access import Role
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing
from app.notifications import inbox
from app.notifications.models import InboxMessage
from tests.support.queries import count_queries

NEWS = N_("Program %(title)s cocok untuk Anda.")


@pytest.fixture
def me(make_user):
    return make_user(Role.COOPERATIVE)


@pytest.fixture
def browser(client_as, me):
    return client_as(me)


def tell(person, title, link="/panduan"):
    with writing():
        inbox.tell([person.id], NEWS, {"title": title}, kind="program", subject=title, link=link)
    return db.session.scalar(select(InboxMessage.id).order_by(InboxMessage.id.desc()))


def test_an_empty_inbox_says_what_will_stand_there(browser):
    page = browser.get("/akun/pesan").text
    assert "Belum ada pesan" in page
    assert "/akun#kabari" in page


def test_the_masthead_counts_what_is_unread_and_costs_no_query(browser, me):
    browser.get("/akun/pesan")
    with count_queries() as before:
        quiet = browser.get("/panduan").text
    for number in range(3):
        tell(me, f"Pelatihan {number}")
    with count_queries() as after:
        page = browser.get("/panduan").text
    assert 'href="/akun/pesan"' not in quiet
    assert "3<span" in page.partition('href="/akun/pesan"')[2][:300]
    assert before.number == after.number


def test_opening_a_message_marks_it_as_read_and_leads_on(browser, me):
    number = tell(me, "Pelatihan kasir")
    assert "Pelatihan kasir" in browser.get("/akun/pesan").text
    answer = browser.post(f"/akun/pesan/{number}")
    assert (answer.status_code, answer.location) == (303, "/panduan")
    assert "Belum dibaca" not in browser.get("/akun/pesan").text


@pytest.mark.parametrize("link", ["", "//lain.example", "https://lain.example/x"])
def test_a_message_never_leads_out_of_the_site(browser, me, link):
    number = tell(me, "Pelatihan kasir", link)
    assert browser.post(f"/akun/pesan/{number}").location == "/akun/pesan"


@pytest.mark.parametrize("number", ["{other}", "99999", "2147483647", "2147483648"])
def test_another_persons_message_and_one_that_is_not_there_are_not_found(browser, make_user, number):
    other = tell(make_user(), "Rahasia")
    assert browser.post(f"/akun/pesan/{number.format(other=other)}").status_code == 404
    assert "Rahasia" not in browser.get("/akun/pesan").text


def test_all_can_be_marked_as_read_at_once(browser, me):
    for number in range(2):
        tell(me, f"Pelatihan {number}")
    assert browser.post("/akun/pesan/dibaca").location == "/akun/pesan"
    assert "Belum dibaca" not in browser.get("/akun/pesan").text


def test_a_long_inbox_has_pages_and_costs_the_same(browser, me):
    tell(me, "Pelatihan")
    browser.get("/akun/pesan")
    with count_queries() as few:
        browser.get("/akun/pesan")
    for number in range(30):
        tell(me, f"Pelatihan {number}")
    with count_queries() as many:
        page = browser.get("/akun/pesan").text
    assert "Pelatihan 29" in page
    assert "Pelatihan 3." not in page
    assert few.number == many.number


def test_nobody_reads_messages_without_signing_in(client):
    assert client.get("/akun/pesan").location.startswith("/masuk")


def test_staff_read_theirs_at_their_desk(client_as, make_user):
    staff = make_user(Role.OPERATOR)
    tell(staff, "Pelatihan kasir")
    page = client_as(staff).get("/akun/pesan").text
    assert "Meja kerja Dinas" in page
    assert "Pelatihan kasir" in page
