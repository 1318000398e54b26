"""Appointments at the clinic: who books, moves and cancels them, and what the database has to say of it afterwards."""

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.clinic import settings, timetable
from app.clinic.models import ABOUT, ClinicBooking, ClinicEvent
from app.clinic.rules import ACTIVE, State, Step, Topic
from app.core.access import Role
from app.core.database import now, office_zone, today
from app.core.extensions import db
from app.core.writing import writing
from tests.factories import Factories
from tests.faults.ledger import Ledger
from tests.faults.wire import Answer

DAYS = range(8, 13)
"""From today: beyond whatever the clock jumps, within what may be booked."""
MOVES = 4
"""Times of one appointment, at most, before it is cancelled: each move leads to a time that it never had."""
WHEN = "%d-%m-%Y %H.%M"
"""As the history of an appointment says it."""
DEEDS = {"book": Step.BOOKED, "move": Step.MOVED, "cancel": Step.CANCELLED}

Insist = Callable[..., Answer]


@dataclass(frozen=True)
class Time:
    """A time of the clinic: what a form calls it, and how people read it."""

    key: str
    when: str


def open_clinic(factories: Factories, seats: int) -> list[Time]:
    """One consultant who receives ``seats`` people at once on some days that are soon; the times."""
    person = factories.user(Role.CONSULTANT, name="Konsultan Uji").id
    with writing() as session:
        made = settings.add_consultant(session.get_one(User, person), topics=[Topic.FINANCE])
        for ahead in DAYS:
            day = today() + timedelta(days=ahead)
            hours = {"weekday": None, "on_date": day, "valid_from": day, "starts": 480, "ends": 960}
            hours |= {
                "slot_minutes": 30,
                "channels": ["office"],
                "capacity": max(2, seats),
                "title": "Kelas uji",
            }
            settings.set_hours(made, hours)
    moment = now()
    found = timetable.open_slots(moment, moment + timedelta(days=DAYS.stop + 1), moment)
    return [Time(one.key, shown(one.slot.starts_at)) for one in found]


def shown(moment: datetime) -> str:
    """A time as the histories say it."""
    return moment.astimezone(office_zone()).strftime(WHEN)


@dataclass
class Appointment:
    """What one person remembers of theirs: its secret address, the name in it, and the times it has had."""

    token: str = ""
    name: str = ""
    had: list[str] = field(default_factory=list)

    def go_on(
        self, insist: Insist, ledger: Ledger, times: Sequence[Time], about: int, chance: random.Random
    ) -> None:
        """Book one; move the one there is, or cancel it."""
        if not self.token:
            self.book(insist, ledger, chance.choice(times), about)
        elif len(self.had) < MOVES and chance.random() < 0.7:
            free = [one for one in times if one.when not in self.had]
            self.move(insist, ledger, chance.choice(free), about)
        else:
            self.cancel(insist, ledger, about)

    def book(self, insist: Insist, ledger: Ledger, time: Time, about: int) -> None:
        """Hold a time, and say who comes. The same browser that asks twice has one hold, the same form one appointment."""
        name = f"Tamu {secrets.token_hex(10)}"
        deed = ledger.open("book", f"{name} {time.when}", about)
        answer = insist("POST", "/klinik", {303}, deed, form={"topik": "finance", "waktu": time.key})
        token = answer.head["location"].split("?")[0].rpartition("/")[2]
        # Of its own: one that was booked while the site broke may stand unknown to its visitor, and keep that telephone's time.
        form = {"nama": name, "telepon": f"0812 {secrets.randbelow(10**8):08}"}
        insist("POST", f"/klinik/janji/{token}", {303}, deed, form=form)
        self.token, self.name, self.had = token, name, [time.when]
        ledger.close(deed)

    def move(self, insist: Insist, ledger: Ledger, time: Time, about: int) -> None:
        """To a time that it never had, so that the move can be told from all others."""
        deed = ledger.open("move", f"{self.name} {time.when}", about)
        insist("POST", f"/klinik/janji/{self.token}/pindah", {303}, deed, form={"waktu": time.key})
        self.had.append(time.when)
        ledger.close(deed)

    def cancel(self, insist: Insist, ledger: Ledger, about: int) -> None:
        """Give the time back."""
        deed = ledger.open("cancel", f"{self.name} {self.had[-1]}", about)
        insist("POST", f"/klinik/janji/{self.token}/batal", {303}, deed, form={})
        self.token, self.had = "", []
        ledger.close(deed)


def noted() -> dict[str, Counter[str]]:
    """By the kind of deed: name and time, as the histories of all appointments have them. A cancelled one had the time that it
    has still."""
    rows = db.session.execute(
        select(ClinicEvent.step, ClinicEvent.detail, ClinicBooking.name, ClinicBooking.starts_at).join(
            ClinicBooking, ClinicBooking.id == ClinicEvent.booking_id
        )
    )
    found: dict[str, Counter[str]] = {kind: Counter() for kind in DEEDS}
    for step, detail, name, starts_at in rows:
        for kind in (kind for kind, meant in DEEDS.items() if meant == step):
            found[kind][f"{name} {detail.get('when') or shown(starts_at)}"] += 1
    return found


def appointments() -> Iterator[str]:
    """What does not fit together: an appointment and its history, its trail, and those who sit on one seat."""
    events: dict[int, list[ClinicEvent]] = defaultdict(list)
    for event in db.session.scalars(select(ClinicEvent).order_by(ClinicEvent.id)):
        events[event.booking_id].append(event)
    told: dict[int, Counter[str]] = defaultdict(Counter)
    for number, action in db.session.execute(
        select(TrailEntry.subject_id, TrailEntry.action).where(TrailEntry.subject_kind == ABOUT)
    ):
        told[number][action] += 1
    taken: Counter[tuple[object, ...]] = Counter()
    for row in db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id)):
        own = events[row.id]
        yield from _history(row, own)
        if told[row.id] != Counter(f"booking.{one.step}" for one in own):
            yield f"appointment {row.id}: {len(own)} events, in the trail {told[row.id].total()}"
        if row.state in ACTIVE and row.is_live:
            taken[row.consultant_id, row.starts_at, row.seat] += 1
    yield from (f"{times} people on seat {seat}" for seat, times in taken.items() if times > 1)


def _history(row: ClinicBooking, events: Collection[ClinicEvent]) -> Iterator[str]:
    """Its state and its time are those that its history leads to; nothing is known of a hold but the time."""
    steps = Counter(one.step for one in events)
    if row.state in (State.HELD, State.EXPIRED):
        if events or row.name:
            yield f"appointment {row.id} is {row.state}, and has a history"
        return
    if steps[Step.BOOKED] != 1 or not (row.name and row.phone):
        yield f"appointment {row.id} was booked {steps[Step.BOOKED]} times by {row.name or 'nobody'}"
    if steps[Step.CANCELLED] != (row.state is State.CANCELLED):
        yield f"appointment {row.id} is {row.state}, and was cancelled {steps[Step.CANCELLED]} times"
    last = [one.detail["when"] for one in events if one.step in (Step.BOOKED, Step.MOVED)]
    if not last or last[-1] != shown(row.starts_at):
        yield f"appointment {row.id} is at {shown(row.starts_at)}, its history says {last}"
