"""What everybody may see of programmes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from app.core.database import now
from app.programs.queries import hits, public_pages, revision, to_announce
from app.programs.rules import State
from tests.support.queries import count_queries

DAY = timedelta(days=1)


def test_the_list_shows_what_can_be_joined_and_the_archive_the_rest(client, make_program):
    make_program(title="Masih dibuka")
    make_program(title="Sudah lewat", deadline=now() - DAY)
    make_program(title="Masih draf", state=State.DRAFT, publish_at=None)
    make_program(title="Segera habis", deadline=now() + 2 * DAY)
    page = client.get("/program").text
    assert "Masih dibuka" in page
    assert "Segera habis" in page
    assert "Sudah lewat" not in page
    assert "Masih draf" not in page
    assert page.index("Segera habis") < page.index("Masih dibuka")
    assert "Sudah lewat" in client.get("/program?tampil=arsip").text
    soon = client.get("/program?tampil=segera").text
    assert "Segera habis" in soon
    assert "Masih dibuka" not in soon


def test_a_search_forgives_typos_and_looks_in_the_archive_too(client, make_program):
    make_program(title="Sertifikasi halal gratis", deadline=now() - DAY)
    make_program(title="Pameran kerajinan")
    page = client.get("/program?q=sertfikasi+hala").text
    assert "Sertifikasi halal gratis" in page
    assert "Pameran kerajinan" not in page
    assert "Tidak ada program yang cocok" in client.get("/program?q=zzzzqqq").text


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("jenis=fair", {"Pameran"}),
        ("untuk=cooperative", {"Pameran"}),
        ("kecamatan=35.73.01", {"Pameran", "Pelatihan"}),
        ("kecamatan=35.73.02", {"Pameran"}),
        ("jenis=tidakada&kecamatan=99", {"Pameran", "Pelatihan"}),
    ],
)
def test_filters_narrow_the_list(client, make_program, filters, shown):
    make_program(title="Pameran", kind="fair", audience=["cooperative", "public"])
    make_program(title="Pelatihan", kecamatan=["35.73.01"])
    found = client.get(f"/program?format=json&{filters}").json
    assert {one["judul"] for one in found["program"]} == shown


def test_a_scheduled_programme_appears_by_the_clock_alone(client, make_program):
    later = make_program(title="Nanti", state=State.SCHEDULED, publish_at=now() + DAY)
    come = make_program(
        title="Sudah waktunya", state=State.SCHEDULED, publish_at=now() - timedelta(minutes=1)
    )
    assert client.get(f"/program/{later.slug}").status_code == 404
    assert client.get(f"/program/{come.slug}").status_code == 200
    page = client.get("/program").text
    assert "Sudah waktunya" in page
    assert "Nanti" not in page


def test_the_page_says_by_itself_that_it_is_over(client, make_program):
    over = make_program(starts_at=now() - 3 * DAY, ends_at=now() - 2 * DAY, deadline=now() - 4 * DAY)
    running = make_program(starts_at=now() - DAY, ends_at=now() + DAY, deadline=now() - 2 * DAY)
    assert "Program ini sudah selesai" in client.get(f"/program/{over.slug}").text
    assert "Pendaftaran program ini sudah ditutup" in client.get(f"/program/{running.slug}").text


def test_a_withdrawn_programme_is_gone_and_says_why(client, make_program):
    gone = make_program(state=State.WITHDRAWN, withdrawn_at=now(), withdrawn_reason="Pemateri <sakit>.")
    for address in (f"/program/{gone.slug}", f"/program/{gone.slug}.ics"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "Pemateri &lt;sakit&gt;." in answer.text
        assert 'href="/program"' in answer.text
    assert gone.title not in client.get("/program").text
    assert gone.slug not in client.get("/program/umpan.xml").text


def test_nobody_finds_a_draft(client, make_program):
    draft = make_program(state=State.DRAFT, publish_at=None)
    for address in (
        f"/program/{draft.slug}",
        f"/program/{draft.slug}.ics",
        "/program/tidak-ada",
        "/program/%00",
    ):
        assert client.get(address).status_code == 404


def test_the_page_can_be_shared_and_found(client, make_program):
    program = make_program(
        starts_at=datetime(2031, 3, 14, 1, tzinfo=UTC),
        ends_at=datetime(2031, 3, 14, 5, tzinfo=UTC),
        place="Aula Contoh",
        place_address="Jalan Rekaan 1",
        requirements=[{"text": "NIB", "note": "Nomor saja"}],
    )
    page = client.get(f"/program/{program.slug}").text
    assert "Jumat, 14 Maret 2031, 08.00–12.00 WIB" in page
    assert "Nomor saja" in page
    assert "openstreetmap.org/search?query=Aula%20Contoh%2C%20Jalan%20Rekaan%201" in page
    assert '"@type": "Event"' in page
    assert '"startDate": "2031-03-14T08:00+07:00"' in page
    assert "https://wa.me/?text=" in page
    assert "https://wa.me/6281200000000" in page


def test_the_calendar_file_holds_the_event_in_the_offices_zone(client, make_program):
    starts = datetime(2031, 3, 14, 1, tzinfo=UTC)
    program = make_program(starts_at=starts, ends_at=starts + timedelta(hours=4), place="Aula Contoh")
    answer = client.get(f"/program/{program.slug}.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == starts
    assert event["dtstart"].params["TZID"] == "Asia/Jakarta"
    assert event["location"] == "Aula Contoh"
    assert calendar.walk("VTIMEZONE")


def test_without_a_day_of_its_own_the_calendar_holds_the_deadline(client, make_program):
    program = make_program(deadline=datetime(2031, 3, 14, 16, 59, tzinfo=UTC))
    (event,) = Calendar.from_ical(client.get(f"/program/{program.slug}.ics").data).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2031-03-14"
    assert event.decoded("dtend").isoformat() == "2031-03-15"
    assert event["summary"].startswith("Batas daftar")
    endless = make_program(deadline=None)
    assert client.get(f"/program/{endless.slug}.ics").status_code == 404
    assert "Selalu dibuka" in client.get("/program").text


def test_the_feed_names_the_newest_first(client, make_program):
    make_program(title="Lama & rapi", publish_at=now() - 5 * DAY)
    make_program(title="Baru", publish_at=now())
    answer = client.get("/program/umpan.xml")
    assert answer.mimetype == "application/atom+xml"
    assert answer.text.index("<title>Baru</title>") < answer.text.index("<title>Lama &amp; rapi</title>")


def test_the_list_leaves_as_csv(client, make_program):
    make_program(title="=Pelatihan", quota=20)
    answer = client.get("/program?format=csv")
    assert answer.mimetype == "text/csv"
    assert "'=Pelatihan" in answer.text
    assert "Kuota" in answer.text


def test_pages_go_on_by_key_without_a_row_twice(client, make_program):
    for number in range(27):
        make_program(title=f"Program ke-{number:02}", deadline=now() + (number + 10) * DAY)
    first = client.get("/program")
    assert first.text.count('class="row-title"') == 25
    following = first.text.partition('rel="next"')[0].rpartition('href="')[2].rstrip('" ')
    second = client.get(following.replace("&amp;", "&"))
    assert second.text.count('class="row-title"') == 2
    assert "Program ke-26" in second.text
    assert "Program ke-24" not in second.text


def test_the_list_asks_no_more_for_more_rows(client, make_program):
    make_program()
    with count_queries() as few:
        client.get("/program")
    for _ in range(10):
        make_program()
    with count_queries() as many:
        client.get("/program")
    assert many.number == few.number <= 6


def test_kept_pages_are_made_anew_when_the_clock_opens_or_closes_something(make_program):
    make_program(
        state=State.SCHEDULED, publish_at=now() + timedelta(minutes=5), deadline=now() + timedelta(minutes=9)
    )
    seen = {revision()}
    for minutes in (6, 10):
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
            seen.add(revision())
    assert len(seen) == 3


def test_what_became_public_by_the_clock_waits_to_be_announced(make_program):
    come = make_program(state=State.SCHEDULED, publish_at=now() - DAY)
    make_program(state=State.SCHEDULED, publish_at=now() + DAY)
    make_program(announced_at=now())
    make_program(state=State.DRAFT, publish_at=None)
    assert [one.id for one in to_announce()] == [come.id]


def test_a_search_of_the_site_finds_public_programmes_open_ones_first(app, make_program):
    make_program(title="Bazar lama", deadline=now() - DAY)
    make_program(title="Bazar baru")
    make_program(title="Bazar rahasia", state=State.DRAFT, publish_at=None)
    with app.test_request_context():
        found = hits("bazar", 10)
        addresses = [page.url for page in public_pages()]
    assert [(hit.title, hit.url) for hit in found] == [
        ("Bazar baru", "/program/bazar-baru"),
        ("Bazar lama", "/program/bazar-lama"),
    ]
    assert found[1].note == "Sudah selesai"
    assert addresses == ["/program", "/program/bazar-lama", "/program/bazar-baru"]
