"""Hours become slots."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinic.line_rules import InLine, order, usual_minutes, wait_minutes
from app.clinic.rules import ClosureKind, Limits, Topic, offer_until
from app.clinic.slots import FreeSlot, Slot, Taken, Wish, claims, read_key, seats_left, slots_of, unclaimed

ZONE = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 9)


@dataclass
class Hours:
    consultant_id: int = 1
    weekday: int | None = 0
    on_date: date | None = None
    starts: int = 540
    ends: int = 720
    slot_minutes: int = 45
    buffer_minutes: int = 15
    channels: list[str] = field(default_factory=lambda: ["office"])
    capacity: int = 1
    title: str = ""
    topics: list[str] = field(default_factory=list)
    place: str = ""
    kode_kelurahan: str | None = None
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None


@dataclass
class Closure:
    kind: ClosureKind = ClosureKind.CLOSED
    starts_on: date = MONDAY
    ends_on: date = MONDAY
    from_minute: int | None = None
    until_minute: int | None = None
    consultant_id: int | None = None


def cut(
    *hours: Hours, closures: tuple[Closure, ...] = (), day: date = MONDAY, holiday: bool = False
) -> list[str]:
    slots = slots_of(hours, closures, day, holiday=holiday, topics=["finance"], zone=ZONE)
    return [f"{one.starts_at.astimezone(ZONE):%H.%M}-{one.ends_at.astimezone(ZONE):%H.%M}" for one in slots]


def test_hours_are_cut_with_a_pause_after_each_and_no_piece_left_over():
    assert cut(Hours()) == ["09.00-09.45", "10.00-10.45", "11.00-11.45"]
    assert cut(Hours(ends=719)) == ["09.00-09.45", "10.00-10.45", "11.00-11.45"]
    assert cut(Hours(ends=704)) == ["09.00-09.45", "10.00-10.45"]


@pytest.mark.parametrize(
    ("hours", "day", "works"),
    [
        (Hours(), date(2026, 11, 10), False),
        (Hours(valid_from=date(2026, 11, 10)), MONDAY, False),
        (Hours(valid_until=date(2026, 11, 8)), MONDAY, False),
        (Hours(valid_until=MONDAY), MONDAY, True),
        (Hours(weekday=None, on_date=date(2026, 11, 15)), date(2026, 11, 15), True),
    ],
)
def test_hours_hold_on_their_days_only(hours, day, works):
    assert bool(cut(hours, day=day)) is works


def test_a_closure_takes_the_slots_that_it_touches():
    assert cut(Hours(), closures=(Closure(),)) == []
    assert cut(Hours(), closures=(Closure(from_minute=580, until_minute=590),)) == [
        "10.00-10.45",
        "11.00-11.45",
    ]
    assert cut(Hours(), closures=(Closure(from_minute=585, until_minute=600),)) == [
        "09.00-09.45",
        "10.00-10.45",
        "11.00-11.45",
    ]


def test_weekly_hours_rest_on_a_holiday_unless_it_is_overridden_and_leave_wins_over_that():
    opened = Closure(kind=ClosureKind.OPEN)
    assert cut(Hours(), holiday=True) == []
    assert len(cut(Hours(), closures=(opened,), holiday=True)) == 3
    part = Closure(kind=ClosureKind.OPEN, from_minute=600, until_minute=660)
    assert cut(Hours(), closures=(part,), holiday=True) == ["10.00-10.45"]
    leave = Closure(kind=ClosureKind.LEAVE, consultant_id=1)
    assert cut(Hours(), closures=(opened, leave), holiday=True) == []


def test_a_dated_session_goes_before_weekly_hours_and_takes_place_on_a_holiday():
    session = Hours(
        weekday=None, on_date=MONDAY, starts=600, ends=660, slot_minutes=60, capacity=10, title="Kelas"
    )
    assert cut(Hours(), session) == ["09.00-09.45", "10.00-11.00", "11.00-11.45"]
    assert cut(Hours(), session, holiday=True) == ["10.00-11.00"]


minutes = st.integers(0, 1380)
hours = st.builds(
    Hours,
    weekday=st.just(0),
    starts=minutes,
    ends=st.integers(1381, 1440),
    slot_minutes=st.integers(5, 120),
    buffer_minutes=st.integers(0, 60),
)
closures = st.builds(
    lambda start, length, kind: Closure(kind=kind, from_minute=start, until_minute=start + length),
    st.integers(0, 1300),
    st.integers(1, 140),
    st.sampled_from(list(ClosureKind)),
)


@given(st.lists(hours, max_size=3), st.lists(closures, max_size=3), st.booleans())
def test_slots_never_overlap_and_never_stand_in_a_closure(rows, shut, holiday):
    slots = slots_of(rows, shut, MONDAY, holiday=holiday, topics=[], zone=ZONE)
    for one, after in pairwise(slots):
        assert one.ends_at <= after.starts_at
    midnight = datetime(2026, 11, 9, tzinfo=ZONE)
    for closure in shut:
        if closure.kind is not ClosureKind.OPEN:
            begins, ends = (
                midnight + timedelta(minutes=m) for m in (closure.from_minute, closure.until_minute)
            )
            assert not any(one.starts_at < ends and begins < one.ends_at for one in slots)


def slot(
    hour: int, *, consultant: int = 1, capacity: int = 1, topics: tuple[Topic, ...] = (Topic.FINANCE,)
) -> Slot:
    starts = datetime(2026, 11, 9, hour, tzinfo=ZONE)
    return Slot(
        consultant, starts, starts + timedelta(minutes=45), ("office",), "", capacity, topics, "", None
    )


def test_a_key_names_its_slot_and_nothing_else_is_a_key():
    one = slot(9)
    assert one.key == "1.20261109T0200"
    assert read_key(one.key) == (1, one.starts_at)
    for wrong in (
        "",
        "1",
        "x.20261109T0200",
        "1.20261399T0200",
        "1.20261109T02000",
        "¹.20261109T0200",
        "1.2026110 T0200",
    ):
        assert read_key(wrong) is None, wrong


def test_a_class_has_seats_until_it_is_full_and_none_while_its_consultant_is_busy_otherwise():
    a_class = slot(9, capacity=3)
    seated = [Taken(1, a_class.starts_at, a_class.ends_at, seat) for seat in (0, 2)]
    assert seats_left(a_class, seated) == 1
    before_the_change = Taken(
        1, a_class.starts_at - timedelta(minutes=20), a_class.starts_at + timedelta(minutes=10), 0
    )
    assert seats_left(a_class, [before_the_change]) == 0
    assert seats_left(a_class, [Taken(2, a_class.starts_at, a_class.ends_at, 0)]) == 3


def test_free_seats_belong_to_those_who_wait_in_their_order():
    free = [FreeSlot(slot(9), 1, ""), FreeSlot(slot(10, topics=(Topic.FINANCE, Topic.EXPORT)), 1, "")]
    asked = [Wish(1, Topic.EXPORT), Wish(2, Topic.FINANCE), Wish(3, Topic.FINANCE), Wish(4, Topic.LEGAL)]
    given = claims(asked, free, slot(1).starts_at, Limits())
    assert [(wish.waiting_id, one.starts_at.hour) for wish, one in given] == [(1, 10), (2, 9)]
    assert unclaimed(free, given) == []
    assert claims(asked, free, slot(9).starts_at - timedelta(minutes=50), Limits())[0][1] == free[1].slot


def test_an_offer_ends_before_the_seat_begins_and_one_that_is_too_near_is_not_made():
    seat, limits = slot(9).starts_at, Limits()
    assert offer_until(seat, seat - timedelta(hours=9), limits) == seat - timedelta(hours=7)
    assert offer_until(seat, seat - timedelta(minutes=90), limits) == seat - timedelta(minutes=30)
    assert offer_until(seat, seat - timedelta(minutes=59), limits) is None


def test_the_line_calls_whoever_is_due_then_walk_ins_then_those_who_came_early():
    nine = slot(9).starts_at
    people = [InLine(1, 1), InLine(2, 2, nine + timedelta(hours=1)), InLine(3, 3, nine), InLine(4, 4)]
    assert [one.booking_id for one in order(people, nine)] == [3, 1, 4, 2]
    assert [one.booking_id for one in order(people, nine + timedelta(minutes=56))] == [3, 2, 1, 4]


def test_the_estimate_is_the_usual_visit_for_each_person_ahead_and_never_before_ones_own_time():
    assert usual_minutes([10, 60], 45) == 45
    assert usual_minutes([10, 20, 60], 45) == 20
    assert wait_minutes(3, 2, 20) == 30
    assert wait_minutes(0, 1, 20, until_due=42) == 45
    assert wait_minutes(0, 0, 20) == 0
