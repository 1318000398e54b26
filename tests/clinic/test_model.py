"""The clinic does what a few plain lists do, whatever people do and however the clock jumps: over holidays, leave and changed
hours."""

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.accounts.models import User
from app.clinic import access, booking, holding, timetable, waitlist
from app.clinic import settings as calendar
from app.clinic.calendar_models import ClinicClosure, ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import ClosureKind, Topic
from app.clinic.slots import key_of
from app.clinic.visitor import Visitor
from app.core.access import Role
from app.core.database import Base, now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic import model
from tests.support.databases import sweep

START = datetime(
    2026, 12, 22, 1, tzinfo=UTC
)  # Tuesday, eight in the morning in Malang, two days before the holidays
END = START + timedelta(days=11)  # no further than the lists know the holidays
TOPICS = (("finance", "export"), ("finance", "legal"))
WEEKS = (
    model.Hours((0, 1, 2, 3, 4), 540, 660, 45, 15),
    model.Hours((0, 1, 2, 3, 4, 5), 570, 630, 60, 0),
    model.Hours((2, 4), 540, 600, 60, 0),
    model.Hours((1, 2, 3), 540, 600, 60, 0, capacity=2),
)
SWEPT = {
    "clinic_booking", "clinic_event", "clinic_waiting", "clinic_closure", "clinic_hours", "clinic_reminder", "outbox_message",
}  # fmt: skip
JUMPS = (1, 9, 11, 61, 119, 121, 600, 1440)
place = st.integers(0, 10_000)
DEEDS = [
    *["reserve"] * 7, *["move"] * 3, *["cancel"] * 2, *["join"] * 4, "leave", *["take"] * 2, "book", *["wait"] * 3, *["rearrange"] * 2,
]  # fmt: skip
IN_LINE = ("waiting", "offered")


class Machine(RuleBasedStateMachine):
    """Each rule does the same to the site and to the lists, and asks that both agree whether it could be done."""

    consultants: tuple[int, ...] = ()
    operator = 0

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.clinic = model.Clinic({n: set(topics) for n, topics in enumerate(TOPICS)}, {0: [], 1: []})
        self.ids: dict[int, int] = {}  # of the model's bookings, by id(): the site's ids
        self.tokens: dict[int, str] = {}
        self.line: dict[int, int] = {}
        for number, week in enumerate(WEEKS[:2]):
            self.set_week(number, week)

    def teardown(self) -> None:
        self.clock.stop()
        db.session.rollback()
        db.session.expunge_all()
        sweep(db.engine, Base.metadata, only=SWEPT)

    @rule(
        what=st.sampled_from(DEEDS),
        at=place,
        to=place,
        phone=st.integers(1, 8),
        topic=st.sampled_from(["finance", "finance", "export", "legal"]),
        who=st.sampled_from([None, None, 0, 1]),
    )
    def step(self, what: str, at: int, to: int, phone: int, topic: str, who: int | None) -> None:
        """One deed; one rule, so that its weight among the others can be chosen."""
        line = sorted(
            self.clinic.line,
            key=lambda one: ("offered", "waiting").index(one.state) if one.state in IN_LINE else 2,
        )
        match what:
            case "book" if self.holds():
                self.book(self.holds()[at % len(self.holds())], phone)
            case "move" if self.booked():
                self.move(self.booked()[at % len(self.booked())], to, staff=bool(phone % 2))
            case "cancel" if self.booked():
                self.cancel(self.booked()[at % len(self.booked())], staff=bool(phone % 2))
            case "join":
                self.join(phone + 4, topic, who)
            case "leave" if line:
                self.leave(line[at % len(line)])
            case "take" if line:
                self.take(line[at % min(2, len(line))])
            case "wait":
                self.wait(JUMPS[at % len(JUMPS)])
            case "rearrange":
                self.rearrange(at, to, who)
            case _:
                self.reserve(at, topic, phone, finishes=bool(to % 4))

    # what people do

    def hold(self, at: int, topic: str) -> None:
        slot = self.pick(at, topic)
        self.clinic.settle(now())
        able = self.clinic.can_have(slot, topic, now())
        done = self.site(lambda: holding.hold(self.key(slot), topic=Topic(topic)))
        assert (done is not None) is able, slot
        if done:
            one = model.Booking(slot, topic, expires=now() + model.HOLD)
            self.clinic.bookings.append(one)
            self.ids[id(one)], self.tokens[id(one)] = done[0].id, done[1]

    def reserve(self, at: int, topic: str, phone: int, *, finishes: bool) -> None:
        """Hold a time, and mostly fill in the form."""
        before = len(self.tokens)
        self.hold(at, topic)
        if finishes and len(self.tokens) > before:
            self.book(self.holds()[-1], phone)

    def book(self, one: model.Booking, phone: int) -> None:
        self.clinic.settle(now())
        known = [slot for slot in self.clinic.slots(now()) if slot == one.slot]
        able = bool(known) and (one.state == "held" or self.clinic.is_free(known[0], now()))
        able = able and self.clinic.may_book(one, phone, now())
        done = self.site(lambda: booking.book(self.tokens[id(one)], self.person(phone)))
        assert (done is not None) is able, one
        if done:
            one.state, one.phone, one.agreed = "booked", phone, now()

    def move(self, one: model.Booking, to: int, *, staff: bool) -> None:
        slot = self.pick(to, one.topic)
        self.clinic.settle(now())
        early = staff or self.clinic.is_early(one, now())
        same = (slot.consultant, slot.starts, slot.ends) == (
            one.slot.consultant,
            one.slot.starts,
            one.slot.ends,
        )
        able = early and one.topic in self.clinic.topics[slot.consultant] and slot in self.clinic.slots(now())
        if able and not same:
            able = self.clinic.is_free(slot, now(), besides=one) and self.clinic.may_go(one, slot)
        done = self.site(lambda: booking.move(self.row(one), self.key(slot), by=self.by(staff)))
        assert (done is not None) is able, (one, slot)
        if done and not same:
            one.slot, one.agreed = slot, now()
            self.clinic.settle(now())

    def cancel(self, one: model.Booking, *, staff: bool) -> None:
        self.clinic.settle(now())
        able = staff or self.clinic.is_early(one, now())
        done = self.site(lambda: booking.cancel(self.row(one), by=self.by(staff)))
        assert (done is not None) is able, one
        if done:
            one.state = "cancelled"
            self.clinic.settle(now())

    def join(self, phone: int, topic: str, who: int | None) -> None:
        self.clinic.settle(now())
        able = who is None or topic in self.clinic.topics[who]
        able = able and not any(s for s in self.clinic.free(now(), topic) if who in (None, s.consultant))
        waits = [w for w in self.clinic.line if w.state in ("waiting", "offered")]
        able = able and not any((w.phone, w.topic) == (phone, topic) for w in waits)
        with_whom = None if who is None else self.consultants[who]
        done = self.site(
            lambda: waitlist.join(self.person(phone), topic=Topic(topic), consultant_id=with_whom)
        )
        assert (done is not None) is able, (topic, who)
        if done:
            one = model.Waiting(phone, topic, who)
            self.clinic.line.append(one)
            self.line[id(one)] = done.id

    def leave(self, one: model.Waiting) -> None:
        self.clinic.settle(now())
        if one.state in ("waiting", "offered"):
            if one.booking:
                one.booking.state = "expired"
            one.state = "left"
        self.clinic.settle(now())
        self.site(lambda: waitlist.leave(self.place_of(one)))

    def take(self, one: model.Waiting) -> None:
        self.clinic.settle(now())
        able = one.state == "taken" or (
            one.state == "offered" and self.clinic.may_book(one.booking, one.phone, now())
        )
        done = self.site(lambda: booking.take_offer(access.token_of(self.place_of(one))))
        assert (done is not None) is able, one
        if done and one.state == "offered":
            one.state, one.booking.state, one.booking.phone = "taken", "booked", one.phone
            one.booking.agreed = now()
            self.ids[id(one.booking)] = done.id

    # what the office does, and the clock

    def wait(self, minutes: int) -> None:
        if now() + timedelta(minutes=minutes) < END:
            self.time.shift(timedelta(minutes=minutes))

    def rearrange(self, at: int, to: int, who: int | None) -> None:
        """The office changes hours, closes or opens days, or takes that back."""
        if at % 5 < 3:
            self.set_week(who or 0, WEEKS[to % len(WEEKS)])
        elif at % 5 == 3:
            self.close(who, 22 + to % 9, at % 2, opens=to % 3 == 0)
        elif self.clinic.closures:
            self.reopen()

    def set_week(self, who: int, week: model.Hours) -> None:
        self.clinic.hours[who] = [week]
        with writing() as session:
            person = session.get_one(ClinicConsultant, self.consultants[who])
            for row in calendar.hours_of(person.id):
                calendar.remove_hours(row)
            for weekday in week.weekdays:
                calendar.set_hours(person, self.values(week, weekday))

    def close(self, who: int | None, first: int, days: int, *, opens: bool) -> None:
        begin = date(2026, 12, first)
        end = begin + timedelta(days=days)
        self.clinic.closures.append(model.Closure(who, begin, end, opens))
        kind = ClosureKind.OPEN if opens else ClosureKind.LEAVE if who is not None else ClosureKind.CLOSED
        whom = None if who is None else self.consultants[who]
        with writing():
            calendar.add_closure({"consultant_id": whom, "starts_on": begin, "ends_on": end, "kind": kind})

    def reopen(self) -> None:
        self.clinic.closures.pop(0)
        with writing() as session:
            first = session.scalars(select(ClinicClosure).order_by(ClinicClosure.id).limit(1)).one()
            calendar.remove_closure(first)

    # what must hold after each of these

    @invariant()
    def both_agree(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        assumed = copy.deepcopy(self.clinic)
        assumed.settle(now())
        theirs = [
            (one.starts_at, self.consultants.index(one.slot.consultant_id)) for one in timetable.free_slots()
        ]
        assert theirs == [(slot.starts, slot.consultant) for slot in assumed.free(now())]
        for one in self.clinic.bookings:
            if id(one) in self.ids and one.state != "held":
                row = self.row(one)
                assert (row.starts_at, row.ends_at) == (one.slot.starts, one.slot.ends)
                assert row.state == one.state or {row.state, one.state} == {"held", "expired"}
        standing = [waitlist.standing(self.place_of(one)) for one in self.clinic.line]
        settled = [one.state for one in self.clinic.line]
        offered = [one.booking.expires if one.booking else None for one in self.clinic.line]
        for real, state, until in zip(standing, settled, offered, strict=True):
            lapsed = state == "offered" and until is not None and until <= now()
            assert real == ("lapsed" if lapsed else state)

    @invariant()
    def no_seat_has_two(self) -> None:
        rows = db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id)).all()
        live = [row for row in rows if row.is_live]
        for number, one in enumerate(live):
            for other in live[number + 1 :]:
                if (
                    one.consultant_id == other.consultant_id
                    and one.starts_at < other.ends_at
                    and other.starts_at < one.ends_at
                ):
                    assert (one.starts_at, one.ends_at) == (other.starts_at, other.ends_at)
                    assert one.seat != other.seat

    # the same for both

    def pick(self, at: int, topic: str) -> model.Slot:
        """A slot of the coming days: oftener a free one for ``topic`` than one that somebody has, or of another topic."""
        slots, free = self.clinic.slots(now()), self.clinic.free(now(), topic)
        if not slots:
            return model.Slot(now() + timedelta(hours=1), 0, now() + timedelta(hours=2), 1)
        return free[at % len(free)] if free and at % 4 else slots[at % len(slots)]

    def holds(self) -> list[model.Booking]:
        return [
            one for one in self.clinic.bookings if one.state in ("held", "expired") and id(one) in self.tokens
        ]

    def booked(self) -> list[model.Booking]:
        return [one for one in self.clinic.bookings if one.state == "booked"]

    def site(self, deed: Callable[[], Any]) -> Any:
        """What ``deed`` gave inside a write unit; None when a rule said no. Both are then at the same moment."""
        try:
            with writing():
                return deed() or True
        except RuleBroken:
            self.clinic.unsettle()
            return None

    def key(self, slot: model.Slot) -> str:
        return key_of(self.consultants[slot.consultant], slot.starts)

    def row(self, one: model.Booking) -> ClinicBooking:
        return db.session.get_one(ClinicBooking, self.ids[id(one)])

    def place_of(self, one: model.Waiting) -> ClinicWaiting:
        return db.session.get_one(ClinicWaiting, self.line[id(one)])

    def by(self, staff: bool) -> User | None:
        return db.session.get_one(User, self.operator) if staff else None

    def person(self, phone: int) -> Visitor:
        return Visitor(name=f"Tamu Rekaan {phone}", phone=f"+6281200000{phone:03}")

    def values(self, week: model.Hours, weekday: int) -> dict[str, Any]:
        return {
            "weekday": weekday,
            "on_date": None,
            "starts": week.starts,
            "ends": week.ends,
            "slot_minutes": week.length,
            "buffer_minutes": week.pause,
            "capacity": week.capacity,
            "title": "Kelas" if week.capacity > 1 else "",
            "channels": ["office"],
            "valid_from": date(2026, 1, 1),
            "valid_until": None,
        }


def test_the_clinic_does_what_plain_lists_do(app, make_user):
    people = [make_user(Role.CONSULTANT, name=name) for name in ("Konsultan Satu", "Konsultan Tiga")]
    operator, ids = make_user(Role.OPERATOR).id, [one.id for one in people]
    with writing() as session:
        made = [
            calendar.add_consultant(session.get_one(User, id_), topics=topics)
            for id_, topics in zip(ids, TOPICS, strict=True)
        ]
        calendar.set_limits(days_ahead=model.DAYS_AHEAD)
        Machine.consultants, Machine.operator = tuple(one.id for one in made), operator
    assert db.session.scalars(select(ClinicHours)).all() == []
    most = max(5, settings().max_examples // 3)
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=most, stateful_step_count=40, phases=[Phase.generate]),
    )
