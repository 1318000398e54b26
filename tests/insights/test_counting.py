"""What is counted of a visit, what is not, and how it comes into the database."""

import re
from datetime import date, timedelta

import pytest
from flask import g
from sqlalchemy import func, select

from app.core.access import Role
from app.core.database import today
from app.core.extensions import db
from app.insights import services
from app.insights.counting import Sums, Tally, Visits
from app.insights.models import MissedSearch, PageTitle, VisitCount
from app.insights.rules import (
    MINUTE_KEYS,
    MINUTE_WORDS,
    OTHERS,
    Device,
    Source,
    device_of,
    source_of,
    words_kept,
)

PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A",
    "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0 Safari/537.36",
    "python-requests/2.32",
    "curl/8.5.0 long enough",
    "",
)


@pytest.fixture
def tally(app):
    """The sums of the tested application."""
    return services.counter_of(app).tally


@pytest.fixture
def kept(app, monkeypatch):
    """Pages are kept and handed out at the door, as when the site serves."""
    monkeypatch.setitem(app.config, "KEEP_PAGES", True)


def rows():
    db.session.rollback()
    query = select(
        VisitCount.page, VisitCount.device, VisitCount.source, VisitCount.language, VisitCount.visits
    )
    return sorted(tuple(row) for row in db.session.execute(query))


def test_a_page_read_becomes_one_more_of_its_day(client, tally):
    for _ in range(3):
        client.get("/koperasi", headers={"User-Agent": PHONE})
    client.get("/koperasi?urut=nama", headers={"User-Agent": DESK, "Referer": "https://www.google.co.id/"})
    services.flush()
    client.get("/koperasi", headers={"User-Agent": PHONE})
    services.flush()
    assert rows() == [
        ("/koperasi", Device.DESK, Source.SEARCH, "id", 1),
        ("/koperasi", Device.PHONE, Source.DIRECT, "id", 4),
    ]
    assert db.session.scalar(select(PageTitle.title).where(PageTitle.page == "/koperasi")) == "Koperasi"


@pytest.mark.parametrize("agent", ROBOTS)
def test_programs_are_not_counted(client, tally, agent):
    client.get("/koperasi", headers={"User-Agent": agent})
    assert not tally.waits


@pytest.mark.parametrize(
    "address",
    ["/koperasi?format=csv", "/koperasi/tidak-ada", "/static/x.css", "/healthz", "/laporan", "/sw.js"],
)
def test_only_public_pages_that_exist_are_counted(client, tally, address):
    client.get(address, headers={"User-Agent": PHONE})
    assert not tally.waits


def test_what_a_browser_fetches_ahead_is_not_counted(client, tally):
    client.get("/koperasi", headers={"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"})
    assert not tally.waits


@pytest.mark.parametrize(
    ("role", "counts"), [(Role.OPERATOR, False), (Role.EDITOR, False), (Role.COOPERATIVE, True)]
)
def test_the_office_does_not_count_itself(client_as, make_user, tally, role, counts):
    client_as(make_user(role)).get("/koperasi", headers={"User-Agent": PHONE})
    assert tally.waits is counts


def test_an_address_with_a_code_counts_without_it(client, tally):
    client.get("/verifikasi/SMP-25-RAHASIA", headers={"User-Agent": PHONE})
    assert all("RAHASIA" not in key.page for key in tally.take().visits)


def test_nothing_of_the_person_is_stored(client, tally, make_cooperative):
    client.get(
        "/koperasi?q=xyzzy+0812-3456-7890",
        headers={"User-Agent": PHONE, "Referer": "https://chat.example/ruang/rahasia?orang=7"},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )
    services.flush()
    stored = [str(tuple(row)) for table in (VisitCount, MissedSearch, PageTitle) for row in db.session.execute(select(*table.__table__.c))]  # fmt: skip
    assert len(stored) == 2
    for secret in ("203.0.113", "rahasia", "chat.example", "Android", "Chrome", "0812", "3456"):
        assert not any(secret in row for row in stored)
    assert db.session.scalar(select(MissedSearch.words)) == "xyzzy"


def test_counting_gives_no_cookie(client, tally):
    assert "Set-Cookie" not in client.get("/koperasi", headers={"User-Agent": PHONE}).headers


def test_pages_handed_out_at_the_door_count_too(app, client, tally, kept):
    for _ in range(4):
        client.get("/koperasi?q=xyzzy", headers={"User-Agent": PHONE})
    tag = client.get("/koperasi?q=xyzzy", headers={"User-Agent": DESK}).headers["ETag"]
    again = client.get("/koperasi?q=xyzzy", headers={"User-Agent": DESK, "If-None-Match": tag})
    assert again.status_code == 304
    client.get("/koperasi?q=xyzzy", headers={"User-Agent": ROBOTS[0]})
    client.get("/koperasi?format=csv", headers={"User-Agent": DESK})
    client.get("/koperasi?format=csv", headers={"User-Agent": DESK})
    client.set_cookie("lain", "1")  # past the door, yet the same kept page
    client.get("/koperasi?q=xyzzy", headers={"User-Agent": DESK})
    sums = tally.take()
    assert {key.device: n for key, n in sums.visits.items()} == {Device.PHONE: 4, Device.DESK: 3}
    assert dict(sums.missed) == {(today(), "xyzzy"): 7}


def test_a_search_is_counted_once_it_found_nothing(app, tally):
    with app.test_request_context("/koperasi"):
        services.searched("pelatihan", 3)
        assert not missed_of()
        services.searched("barista", 0)
        assert missed_of() == "barista"


def missed_of():
    return g.get("missed_search", "")


@pytest.mark.parametrize(
    ("typed", "kept_words"),
    [
        ("Pelatihan  BARISTA", "pelatihan barista"),
        ("081234567890", ""),
        ("3573 0101 0190 0001", ""),
        ("bu siti 0812", "bu siti"),
        ("siti@contoh.example", ""),
        ("ab", ""),
        ("kata " * 40, ("kata " * 12).strip()),
    ],
)
def test_words_are_kept_without_numbers_and_addresses(typed, kept_words):
    assert words_kept(typed) == kept_words
    assert not re.search(r"\d|@", words_kept(typed))


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("", Source.DIRECT),
        ("about:blank", Source.DIRECT),
        ("https://situs.example/koperasi", Source.INSIDE),
        ("https://www.google.com/", Source.SEARCH),
        ("https://duckduckgo.com/", Source.SEARCH),
        ("https://web.whatsapp.com/", Source.WHATSAPP),
        ("https://l.wl.co/l?u=x", Source.WHATSAPP),
        ("android-app://com.whatsapp/", Source.WHATSAPP),
        ("https://l.facebook.com/", Source.SOCIAL),
        ("https://t.co/abc", Source.SOCIAL),
        ("https://notfacebook.example/", Source.OTHER),
        ("https://malangkota.example/", Source.OTHER),
    ],
)
def test_a_visitor_comes_from_a_kind_of_place(referrer, source):
    assert source_of(referrer, "situs.example") is source


def test_phones_and_desks_are_told_apart():
    assert device_of(PHONE) is Device.PHONE
    assert device_of(DESK) is Device.DESK


def test_memory_is_bounded():
    tally, day = Tally(), date(2026, 3, 9)
    for number in range(MINUTE_KEYS + 50):
        tally.visit(Visits(day, f"/koperasi/{number}", Device.PHONE, Source.DIRECT, "id"))
        tally.missed(day, f"kata {number}")
        tally.title(f"/{number}", "Judul")
    sums = tally.take()
    assert sums.visits.total() == MINUTE_KEYS + 50
    assert sums.visits[Visits(day, OTHERS, Device.PHONE, Source.DIRECT, "id")] == 50
    assert len(sums.visits) == MINUTE_KEYS + 1
    assert len(sums.missed) == len(sums.titles) == MINUTE_WORDS


def test_what_the_database_cannot_take_waits_for_the_next_time(client, tally, monkeypatch):
    client.get("/koperasi", headers={"User-Agent": PHONE})

    def fails(sums):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(services, "keep", fails)
        with pytest.raises(OSError, match="disk full"):
            services.flush()
    services.flush()
    assert [row[-1] for row in rows()] == [1]


def test_a_busy_minute_is_written_in_portions(app, tally):
    day = today()
    for number in range(1203):
        tally.visit(Visits(day, f"/koperasi/{number}", Device.PHONE, Source.DIRECT, "id"))
    services.flush()
    assert db.session.scalar(select(func.count()).select_from(VisitCount)) == 1203


def test_searches_of_long_ago_are_forgotten(app, tally):
    tally.missed(today() - timedelta(91), "lama sekali")
    tally.missed(today() - timedelta(89), "belum lama")
    services.flush()
    assert list(db.session.scalars(select(MissedSearch.words))) == ["belum lama"]


def test_an_empty_minute_writes_nothing(app, tally, count_queries):
    with count_queries() as asked:
        services.flush()
    assert asked.number == 0
    assert not Sums()
