"""After a visit: two questions without a name, figures that single nobody out, and a calendar that can be taken back."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.models import TrailEntry
from app.clinic import line
from app.clinic.access import digest, token_from, token_of
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicRating
from app.clinic.rules import Channel, State, Step, Topic
from app.clinic.visit.counting import (
    OTHERS,
    Rating,
    Visit,
    groups_of,
    kept_back,
    lines,
    released,
    table,
    whole,
)
from app.clinic.visit.page import STEP_WORDS
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.clusters.suppression import LEAST, is_small
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries

FIGURES = "/dinas/klinik/angka"


@pytest.fixture
def done(consultant, book, clock):
    booking = book(key(consultant, 9), 1, kode_kecamatan="35.73.01")
    clock.move_to(at(MONDAY, 9))
    with writing() as session:
        held = session.get_one(ClinicBooking, booking.id)
        line.start(held, held.consultant, by=held.consultant.user)
        line.finish(held, by=held.consultant.user)
    return db.session.get_one(ClinicBooking, booking.id)


def rate(client, booking, **values):
    return client.post(f"/klinik/nilai/{token_of(booking)}", data={"berguna": "5", "jelas": "4"} | values)


def test_a_visit_is_rated_once_and_nothing_says_by_whom(client, done):
    before = db.session.query(TrailEntry).count(), db.session.query(ClinicEvent).count()
    for _twice in range(2):
        answer = rate(client, done)
    assert "Terima kasih" in client.get(answer.location).text
    (kept,) = db.session.query(ClinicRating).all()
    assert (kept.month, kept.topic, kept.useful, kept.clear) == (date(2026, 11, 1), Topic.FINANCE, 5, 4)
    after = db.session.query(TrailEntry).count(), db.session.query(ClinicEvent).count()
    assert after == before, "neither trail nor history tells the moment of a rating"
    assert not {"booking_id", "consultant_id", "created_at", "at"} & set(
        ClinicRating.__table__.columns.keys()
    )


@pytest.mark.parametrize("sent", [{"berguna": ""}, {"jelas": "6"}])
def test_both_questions_must_be_answered(client, done, sent):
    answer = rate(client, done, **sent)
    assert answer.status_code == 422
    assert "checked" in answer.text
    assert db.session.query(ClinicRating).count() == 0


def test_only_a_visit_that_took_place_is_rated(client, consultant, book):
    booking = book(key(consultant, 10), 2)
    assert client.get(f"/klinik/nilai/{token_of(booking)}").status_code == 404
    assert rate(client, booking).status_code == 404
    assert client.get("/klinik/nilai/tidak-ada").status_code == 404


def test_every_step_of_a_visit_has_its_words():
    assert set(Step) - set(STEP_WORDS) == {Step.RATED}


def visits(*counts, month="2026-03", missed=0):
    """So many visits of the first topic, of the second …"""
    topics = ("a", "b", "c", "d")
    came = [
        Visit(topics[n], month, "x", False, 10.0) for n, count in enumerate(counts) for _one in range(count)
    ]
    return came + [Visit("a", month, "x", True)] * missed


def test_what_is_small_goes_together_until_it_is_no_longer_small():
    assert groups_of({"a": 9, "b": 3, "c": 2}) == {"a": "a", "b": OTHERS, "c": OTHERS}
    assert groups_of({"a": 9, "b": 6, "c": 2}) == {"a": "a", "b": OTHERS, "c": OTHERS}
    assert groups_of({"a": 2, "b": 2}) == {}
    assert groups_of({"a": 5, "b": 0}) == {"a": "a"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12)))
def test_no_group_is_ever_small(counts):
    told = Counter()
    for key_, group in groups_of(counts).items():
        told[group] += counts[key_]
    assert all(count >= LEAST for count in told.values())
    assert sum(told.values()) in (0, sum(counts.values()))


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["2026-01", "2026-02", "2026-03"])), max_size=60
    )
)
def test_no_cell_of_a_table_is_small_and_its_totals_are_true(pairs):
    found = table([Visit(topic, month, "x", False) for topic, month in pairs], "topic", "month")
    shown = [count for count in found.cells.values() if count is not None]
    assert all(count == 0 or count >= LEAST for count in shown)
    assert sum(found.row_totals.values()) in (0, len(pairs))


def test_shares_of_few_people_are_not_told():
    (told,) = lines(visits(20, missed=3), [], "topic")
    assert (told.visits, told.missed, told.waited) == (20, None, 10)
    (told,) = lines(visits(15, missed=5), [], "topic")
    assert told.missed == 25


def rating(month, topic="a", marks=5):
    return Rating(topic, month, "x", marks, marks)


def test_what_is_kept_back_cannot_be_worked_out_from_the_total():
    """Twelve ratings in one kecamatan and fourteen in all would tell what the two of the other were; no-shows likewise."""
    came = [Visit("finance", "2026-01", "A", missed=place < 6) for place in range(30)]
    came += [Visit("finance", "2026-01", "B", missed=place < 2) for place in range(20)]
    ratings = [Rating("finance", "2026-01", "A", 5, 5)] * 12 + [Rating("finance", "2026-01", "B", 1, 1)] * 2
    assert whole(came, ratings).ratings == 14
    for one in lines(came, ratings, "kecamatan"):
        assert (one.ratings, one.useful, one.clear, one.missed) == (None, None, None, None)
    more = ratings + [Rating("finance", "2026-01", "B", 2, 2)] * 3
    assert [one.ratings for one in lines(came, more, "kecamatan")] == [12, 5]


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 12)))
def test_what_is_kept_back_is_never_small_together_while_something_else_is_told(amounts):
    kept = kept_back(amounts)
    assert all(key in kept for key, amount in amounts.items() if is_small(amount))
    told = [key for key, amount in amounts.items() if amount and key not in kept]
    assert not told or not is_small(sum(amounts[key] for key in kept))


def test_ratings_are_counted_five_at_a_time_and_only_of_months_that_are_over():
    three, two = [rating("2026-01")] * 3, [rating("2026-02")] * 2
    assert released(three, over="2026-03") == []
    assert len(released(three + two, over="2026-03")) == 5
    assert released(three + two, over="2026-02") == [], "February is not over"
    assert released([rating("2026-01", "b")] * 3 + two, over="2026-03") == [], "each topic for itself"


def keep_visits(consultant, count, *, month=10, topic=Topic.FINANCE, kecamatan="35.73.01"):
    with writing() as session:
        for number in range(count):
            start = datetime(2026, month, 1 + number % 27, 2, number, tzinfo=UTC)
            form_key = f"{topic}-{month}-{number}"
            session.add(
                ClinicBooking(
                    reference=f"{topic[:2]}{month}{number}",
                    form_key=form_key,
                    token_digest=digest(token_from(form_key)),
                    region="35.73",
                    consultant_id=consultant.id,
                    starts_at=start,
                    ends_at=start + timedelta(minutes=45),
                    state=State.DONE,
                    topic=topic,
                    channel=Channel.OFFICE,
                    kode_kecamatan=kecamatan,
                    arrived_at=start,
                    started_at=start + timedelta(minutes=12),
                    finished_at=start + timedelta(minutes=40),
                )
            )


def test_the_figures_of_a_year_by_topic_month_and_kecamatan(client_as, operator, consultant):
    keep_visits(consultant, 12)
    keep_visits(consultant, 7, month=9, topic=Topic.EXPORT, kecamatan="35.73.02")
    keep_visits(consultant, 2, topic=Topic.LEGAL)
    desk = client_as(operator)
    page = desk.get(FIGURES).text
    assert "Keuangan dan pembiayaan" in page
    assert "Topik lain" in page
    assert "12 menit" in page
    assert 'class="stat-value">21<' in page
    assert "September" in desk.get(f"{FIGURES}?per=bulan").text
    assert "Blimbing" in desk.get(f"{FIGURES}?per=kecamatan&tahun=1999&salah=1").text


def test_the_file_says_no_more_than_the_page(client_as, operator, consultant):
    keep_visits(consultant, 12)
    keep_visits(consultant, 2, month=8, topic=Topic.LEGAL)
    desk = client_as(operator)
    for per in ("topik", "bulan", "kecamatan"):
        answer = desk.get(f"{FIGURES}?per={per}&format=csv")
        assert answer.mimetype == "text/csv"
        rows = [row.split(",") for row in answer.text.lstrip("\ufeff").split("\r\n")[1:] if row]
        assert sum(int(row[1]) for row in rows) == 14
        assert not any(cell in ("1", "2", "3", "4") for row in rows for cell in row[1:8])


def test_too_few_visits_in_all_show_nothing(client_as, operator, consultant):
    keep_visits(consultant, 4)
    page = client_as(operator).get(FIGURES).text
    assert "Belum cukup kunjungan" in page
    assert client_as(operator).get(f"{FIGURES}?format=csv").text.count("\r\n") == 1


def test_the_figures_ask_as_often_for_many_visits(client_as, operator, consultant):
    desk = client_as(operator)
    keep_visits(consultant, 6)
    with count_queries() as few:
        desk.get(f"{FIGURES}?per=bulan")
    keep_visits(consultant, 40, month=9)
    with count_queries() as many:
        desk.get(f"{FIGURES}?per=bulan")
    assert many.number == few.number


@pytest.fixture
def calendar(client_as, consultant):
    """``calendar()``: makes the feed's address anew and gives its path."""
    desk = client_as(consultant.user)

    def make():
        page = desk.post("/dinas/klinik/kalender", data={"tindakan": "buat"}).text
        return "/klinik/kalender/" + page.split("/klinik/kalender/")[1].split(".ics")[0] + ".ics"

    return make


def events(client, path):
    answer = client.get(path)
    assert answer.mimetype == "text/calendar"
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def test_a_calendar_follows_the_consultants_days_and_names_nobody(client, calendar, consultant, book):
    booking = book(key(consultant, 9), 1, question="Soal rahasia?")
    path = calendar()
    (event,) = events(client, path)
    assert event["dtstart"].dt == booking.starts_at
    assert event["dtend"].dt == booking.ends_at
    assert event["dtstart"].params["tzid"] == "Asia/Jakarta"
    assert booking.reference in event["summary"]
    text = client.get(path).text
    assert "Tamu Rekaan" not in text
    assert "6281" not in text
    assert "rahasia" not in text


def test_a_new_address_or_a_revocation_ends_the_old_one(client, client_as, calendar, consultant):
    old = calendar()
    new = calendar()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    client_as(consultant.user).post("/dinas/klinik/kalender", data={"tindakan": "cabut"})
    assert client.get(new).status_code == 404
    stored = db.session.get_one(ClinicConsultant, consultant.id)
    assert stored.feed_digest is None


def test_the_address_stands_nowhere_but_on_the_page_that_made_it(client_as, calendar, consultant):
    secret = calendar().split("/")[-1].removesuffix(".ics")
    stored = db.session.get_one(ClinicConsultant, consultant.id).feed_digest
    assert stored
    assert secret not in stored
    assert secret not in client_as(consultant.user).get("/dinas/klinik/kalender").text
    assert not any(secret in str((one.before, one.after)) for one in db.session.query(TrailEntry))
