"""Holding, booking, moving and cancelling."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.clinic import access, booking, holding, plans, settings, timetable
from app.clinic.holding import Holder
from app.clinic.models import ClinicBooking, ClinicEvent
from app.clinic.rules import ClosureKind, State, Step, Topic
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from tests.clinic.conftest import HOURS, MONDAY, at, key, visitor
from tests.support.parallel import endings
from tests.support.queries import count_queries


def hold(slot, holder="", topic=Topic.FINANCE):
    with writing():
        return holding.hold(slot, topic=topic, holder=Holder(holder) if holder else None)[1]


def book_with(token, number=1, **values):
    with writing():
        return booking.book(token, visitor(number, **values)).id


def hours_free(**asked):
    return [one.starts_at for one in timetable.free_slots(until=at(date(2026, 11, 10), 7), **asked)]


def test_a_held_slot_is_nobody_elses_until_the_hold_runs_out(consultant, clock):
    nine = key(consultant, 9)
    hold(nine, "satu")
    assert hours_free() == [at(MONDAY, 10), at(MONDAY, 11)]
    with pytest.raises(RuleBroken, match="baru saja diambil"):
        hold(nine, "dua")
    clock.shift(timedelta(minutes=10, seconds=1))
    assert len(hours_free()) == 3
    token = hold(nine, "dua")
    book_with(token, 2)


def test_a_hold_that_ran_out_is_still_good_while_nobody_has_the_seat_and_lost_afterwards(consultant, clock):
    late, lost = hold(key(consultant, 9), "satu"), hold(key(consultant, 10), "dua")
    clock.shift(timedelta(minutes=30))
    assert book_with(late, 1)
    book_with(hold(key(consultant, 10), "tiga"), 3)
    with pytest.raises(RuleBroken, match="sudah habis"):
        book_with(lost, 2)


def test_one_browser_holds_one_seat(consultant):
    first = hold(key(consultant, 9), "satu")
    assert hold(key(consultant, 9), "satu") == first
    hold(key(consultant, 10), "satu")
    assert hours_free() == [at(MONDAY, 9), at(MONDAY, 11)]


def test_the_same_form_sent_twice_is_one_booking_also_at_the_same_moment(app, consultant):
    token = hold(key(consultant, 9))
    assert endings(app, *[lambda: booking.book(token, visitor())] * 4) == ["done"] * 4
    assert book_with(token) == book_with(token)
    assert db.session.scalar(select(func.count(ClinicEvent.id)).where(ClinicEvent.step == Step.BOOKED)) == 1
    assert db.session.scalar(select(func.count(ClinicBooking.id))) == 1


def test_of_many_who_want_one_slot_at_the_same_moment_one_gets_it(app, consultant):
    nine = key(consultant, 9)
    ended = endings(app, *[lambda: holding.hold(nine, topic=Topic.FINANCE)] * 8)
    assert ended.count("done") == 1
    assert db.session.scalar(select(func.count(ClinicBooking.id))) == 1


def test_the_database_itself_refuses_a_second_active_booking_of_a_seat(consultant, book):
    first = book(key(consultant, 9))
    columns = {
        one.name: getattr(first, one.name)
        for one in ClinicBooking.__table__.columns
        if one.name not in ("id", "form_key", "token_digest", "reference")
    }
    with pytest.raises(Exception, match=r"(?i)unique"), writing() as session:
        session.add(ClinicBooking(form_key="x", token_digest="x", reference="x", **columns))


@pytest.mark.parametrize(
    ("hour", "day", "why"),
    [
        (9, date(2026, 11, 10), "tidak lagi tersedia"),
        (8, MONDAY, "tidak lagi tersedia"),
        (9, date(2026, 12, 14), "belum dibuka"),
    ],
)
def test_only_slots_of_the_calendar_within_the_days_ahead_can_be_had(consultant, hour, day, why):
    with pytest.raises(RuleBroken, match=why):
        hold(key(consultant, hour, day))


def test_a_slot_that_has_begun_or_that_closed_meanwhile_cannot_be_booked(consultant, clock):
    token = hold(key(consultant, 9))
    with writing():
        settings.add_closure({"starts_on": MONDAY, "ends_on": MONDAY, "kind": ClosureKind.CLOSED})
    with pytest.raises(RuleBroken, match="tidak lagi tersedia"):
        book_with(token)
    clock.move_to(at(date(2026, 11, 16), 9, 1))
    with pytest.raises(RuleBroken, match="sudah lewat"):
        hold(key(consultant, 9, date(2026, 11, 16)))


def test_a_person_has_so_many_open_bookings_and_no_two_at_once_but_the_office_may_add_one(
    consultant, make_consultant, operator, book, clock
):
    other = make_consultant(name="Konsultan Dua")
    book(key(consultant, 9))
    with pytest.raises(RuleBroken, match="sudah punya janji pada jam itu"):
        book(key(other, 9))
    book(key(consultant, 10))
    with pytest.raises(RuleBroken, match="Sudah ada 2 janji"):
        book(key(consultant, 11))
    clock.shift(timedelta(minutes=11))
    operator_id = operator.id
    with writing() as session:
        by = session.get_one(User, operator_id)
        made = booking.book_for(key(consultant, 11), visitor(), topic=Topic.FINANCE, by=by, form_key="k1")
        again = booking.book_for(key(consultant, 11), visitor(), topic=Topic.FINANCE, by=by, form_key="k1")
        assert made is again
        assert made.made_by_id == operator_id


def test_what_is_missing_is_said_beside_its_field_and_the_hold_stays(consultant):
    token = hold(key(consultant, 9))
    for wrong, field in (({"name": " "}, "nama"), ({"phone": None}, "telepon")):
        with pytest.raises(RuleBroken) as refused:
            book_with(token, **wrong)
        assert refused.value.field == field
    assert book_with(token)


def test_moving_takes_the_new_seat_and_frees_the_old_one_or_changes_nothing(consultant, book, clock):
    mine, theirs = book(key(consultant, 9), 1, email="tamu@contoh.example"), book(key(consultant, 10), 2)
    with pytest.raises(RuleBroken, match="baru saja diambil"), writing():
        booking.move(mine, key(consultant, 10))
    assert (mine.starts_at, theirs.starts_at) == (at(MONDAY, 9), at(MONDAY, 10))
    version, token = mine.version, access.token_of(mine)
    with writing():
        booking.move(mine, key(consultant, 11))
    assert hours_free() == [at(MONDAY, 9)]
    assert (mine.starts_at, mine.version) == (at(MONDAY, 11), version + 1)
    assert access.booking_by_token(token) is mine
    subjects = db.session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id)).all()
    assert [one.split()[-1] for one in subjects] == ["tercatat", "waktu"]


def test_until_the_cut_off_a_visitor_changes_a_booking_and_afterwards_only_the_office(
    consultant, book, clock, operator
):
    mine = book(key(consultant, 11))
    clock.move_to(at(MONDAY, 10, 1))
    for change in (lambda: booking.cancel(mine), lambda: booking.move(mine, key(consultant, 10))):
        with pytest.raises(RuleBroken, match="terlalu dekat"), writing():
            change()
    with writing() as session:
        booking.cancel(mine, by=session.get_one(User, operator.id), reason="Konsultan sakit")
    assert mine.state is State.CANCELLED
    assert at(MONDAY, 11) in hours_free()


@pytest.mark.parametrize("change", ["booked", "moved by the office"])
def test_a_time_only_just_given_can_be_given_back_for_a_quarter_of_an_hour_however_near_it_is(
    consultant, clock, operator, change
):
    clock.move_to(at(MONDAY, 8, 21))
    token = hold(key(consultant, 9 if change == "booked" else 11))
    clock.move_to(at(MONDAY, 8, 30))  # the form took its time: that is not second thoughts yet
    mine = db.session.get_one(ClinicBooking, book_with(token))
    if change != "booked":
        with writing() as session:
            booking.move(mine, key(consultant, 9), by=session.get_one(User, operator.id))
    clock.move_to(at(MONDAY, 8, 46))
    with pytest.raises(RuleBroken, match="terlalu dekat"), writing():
        booking.cancel(mine)
    clock.move_to(at(MONDAY, 8, 44))
    with writing():
        booking.cancel(mine)
    assert mine.state is State.CANCELLED


def test_second_thoughts_end_when_the_visit_begins(consultant, book, clock):
    clock.move_to(at(MONDAY, 8, 55))
    mine = book(key(consultant, 9))
    clock.move_to(at(MONDAY, 9, 1))
    with pytest.raises(RuleBroken, match="terlalu dekat"), writing():
        booking.cancel(mine)


def test_the_office_tells_whoever_it_cancels_in_inbox_and_mail(consultant, book, operator, make_user):
    person = make_user()
    mine = book(key(consultant, 9), user_id=person.id, email="tamu@contoh.example")
    with writing() as session:
        booking.cancel(mine, by=session.get_one(User, operator.id), reason="Konsultan sakit")
        booking.cancel(mine, by=session.get_one(User, operator.id))
    last = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert "dibatalkan" in last.subject
    assert "Konsultan sakit" in last.body
    kinds = db.session.scalars(select(InboxMessage.kind).order_by(InboxMessage.id)).all()
    assert kinds == ["clinic.booked", "clinic.cancelled"]


def test_changed_hours_break_bookings_that_stay_until_they_are_moved_and_block_what_they_overlap(
    consultant, book, operator
):
    mine = book(key(consultant, 10))
    hours = settings.hours_of(consultant.id)[0]
    later = settings.proposed_hours(consultant, HOURS | {"starts": 9 * 60 + 30})
    assert plans.broken_by(consultant.id, with_hours=[later], without_hours=[hours.id]) == [mine]
    assert plans.broken_by() == []
    with writing():
        settings.set_hours(
            consultant, HOURS | {"starts": 9 * 60 + 30}, replacing=settings.hours_of(consultant.id)[0]
        )
    assert plans.broken_by() == [mine]
    assert hours_free() == []  # 9.30–10.15 and 10.30–11.15 overlap the booking at ten
    assert mine.is_live
    with writing() as session:
        next_week = key(consultant, 10, date(2026, 11, 16)).replace("T0300", "T0330")
        booking.move(mine, next_week, by=session.get_one(User, operator.id))
    assert len(hours_free()) == 2
    assert plans.broken_by() == []


def test_holidays_and_leave_have_no_slots_unless_the_office_says_so(make_consultant, clock):
    every_day = [{"weekday": day, "slot_minutes": 180, "buffer_minutes": 0} for day in range(7)]
    consultant = make_consultant(hours=every_day)
    clock.move_to(datetime(2026, 12, 23, 20, tzinfo=UTC))

    def days():
        return [
            timetable.day_of(one.starts_at).day
            for one in timetable.free_slots(until=at(date(2026, 12, 29), 7))
        ]

    assert days() == [26, 27, 28]  # the 24th is cuti bersama, the 25th Christmas
    with writing():
        day = date(2026, 12, 24)
        settings.add_closure({"starts_on": day, "ends_on": day, "kind": ClosureKind.OPEN})
        settings.add_closure(
            {
                "consultant_id": consultant.id,
                "starts_on": date(2026, 12, 27),
                "ends_on": date(2026, 12, 28),
                "kind": ClosureKind.LEAVE,
            }
        )
    assert days() == [24, 26]


def test_a_class_has_a_seat_for_each_of_its_capacity(make_consultant, book):
    consultant = make_consultant(hours=[{"capacity": 2, "title": "Kelas pembukuan"}])
    nine = key(consultant, 9)
    seats = {book(nine, number).seat for number in (1, 2)}
    assert seats == {0, 1}
    with pytest.raises(RuleBroken, match="baru saja diambil"):
        book(nine, 3)


def test_the_office_seats_people_who_share_a_telephone_in_one_class_each_under_their_own_name(
    make_consultant, operator, book
):
    nine = key(make_consultant(hours=[{"capacity": 9, "title": "Kelas pembukuan"}]), 9)
    first, by = book(nine, 1).name, operator.id
    with pytest.raises(RuleBroken, match="sudah punya janji pada jam itu"):
        book(nine, 1, name="Tamu Serumah")
    for name, able in (("Tamu Serumah", True), ("tamu  serumah", False), (first, False)):
        expected = nullcontext() if able else pytest.raises(RuleBroken, match="sudah punya janji")
        with expected, writing() as session:
            booking.book_for(nine, visitor(1, name=name), topic=Topic.FINANCE, by=session.get_one(User, by))
    assert seated() == [first, "Tamu Serumah"]


def seated():
    query = select(ClinicBooking.name).where(ClinicBooking.state == State.BOOKED)
    return list(db.session.scalars(query.order_by(ClinicBooking.id)))


def test_a_booking_stands_on_the_trail_and_the_timeline_without_the_visitors_words(
    consultant, book, make_cooperative
):
    cooperative = make_cooperative()
    mine = book(key(consultant, 9), cooperative_id=cooperative.id, question="Rahasia dapur kami")
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "booking.booked")).one()
    assert entry.subject_name == entry.actor_name == mine.reference
    assert "Rahasia" not in str(entry.after)
    from app.cooperatives.happenings import timeline_of

    assert str(timeline_of(cooperative)[0].text) == f"Janji klinik {mine.reference} untuk 09-11-2026 09.00"


def test_a_booking_is_found_by_its_token_and_by_reference_with_phone_only(consultant, book):
    mine = book(key(consultant, 9))
    assert access.booking_by_token(access.token_of(mine)) is mine
    assert access.booking_by_token("0" * 32) is None
    assert access.recovered(mine.reference.lower().replace("-", " "), mine.phone) is mine
    assert access.recovered(mine.reference, "+628129999999") is None
    assert access.recovered(mine.reference, None) is None


def test_free_times_cost_the_same_queries_however_many_days_consultants_and_bookings(make_consultant, book):
    consultant = make_consultant()
    with count_queries() as few:
        timetable.free_slots()
    for number in range(2, 6):
        other = make_consultant(hours=[{"weekday": day} for day in range(5)])
        book(key(other, 9), number)
        book(key(consultant, 9, MONDAY + timedelta(weeks=number - 2)), 10 + number)
    db.session.expire_all()
    with count_queries() as many:
        assert len(timetable.free_slots()) > 100
    assert many.number <= few.number + 1


def test_the_day_shows_slots_with_their_bookings_and_those_outside_of_the_hours(consultant, book, operator):
    mine = book(key(consultant, 9))
    with writing():
        settings.add_closure(
            {
                "starts_on": MONDAY,
                "ends_on": MONDAY,
                "kind": ClosureKind.CLOSED,
                "from_minute": 540,
                "until_minute": 570,
                "reason": "Rapat",
            }
        )
    plan = plans.day_plan(consultant.id, MONDAY)
    assert [(bool(line.slot), [one.id for one in line.bookings], line.left) for line in plan.lines] == [
        (False, [mine.id], 0),
        (True, [], 1),
        (True, [], 1),
    ]
    assert [one.reason for one in plan.closures] == ["Rapat"]


def test_settings_are_refused_with_their_field(consultant, make_consultant):
    for wrong, field in (
        ({"ends": 500}, "selesai"),
        ({"channels": []}, "saluran"),
        ({"capacity": 5}, "judul"),
        ({"weekday": None}, "hari"),
        ({"starts": 600, "ends": 660}, "mulai"),
        ({"slot_minutes": 300}, "lama"),
    ):
        with pytest.raises(RuleBroken) as refused, writing():
            settings.set_hours(consultant, HOURS | wrong)
        assert refused.value.field == field, wrong
    with pytest.raises(RuleBroken, match="antara 2 dan 60"), writing():
        settings.set_limits(hold_minutes=0)
    with writing():
        assert settings.set_limits(hold_minutes=20).hold_minutes == 20
