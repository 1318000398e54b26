"""A clinic in a few lists: what the real one is compared with. It knows no database and is as plain as it can be."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
# Cuti bersama, Christmas, New Year's Day, Isra Mi'raj
HOLIDAYS = {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 5)}
HOLD, OFFER, CUTOFF = timedelta(minutes=10), timedelta(minutes=120), timedelta(minutes=60)
SECOND_THOUGHTS = timedelta(minutes=15)
DAYS_AHEAD, MOST_OPEN = 2, 2


@dataclass
class Hours:
    """Weekly on ``weekdays``: slots of ``length`` minutes from ``starts`` to ``ends`` with a pause after each."""

    weekdays: tuple[int, ...]
    starts: int
    ends: int
    length: int
    pause: int
    capacity: int = 1


@dataclass
class Closure:
    consultant: int | None
    first: date
    last: date
    opens: bool = False


@dataclass(frozen=True, order=True)
class Slot:
    starts: datetime
    consultant: int
    ends: datetime
    capacity: int = field(compare=False)


@dataclass
class Booking:
    slot: Slot
    topic: str
    state: str = "held"
    expires: datetime | None = None
    agreed: datetime | None = None
    phone: int | None = None
    offered: bool = False


@dataclass
class Waiting:
    phone: int
    topic: str
    consultant: int | None
    state: str = "waiting"
    booking: Booking | None = None


@dataclass
class Clinic:
    """``topics`` of each consultant; consultants are numbered in the order of their names."""

    topics: dict[int, set[str]]
    hours: dict[int, list[Hours]]
    closures: list[Closure] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    line: list[Waiting] = field(default_factory=list)
    before: Any = None  # as settling found it

    def slots(self, now: datetime) -> list[Slot]:
        """Every slot that visitors may have from now on, taken or not."""
        today = now.astimezone(ZONE).date()
        found = []
        for step in range(DAYS_AHEAD + 1):
            day = today + timedelta(days=step)
            for consultant in self.topics:
                found += [slot for slot in self.slots_on(consultant, day) if slot.starts > now]
        return sorted(found)

    def slots_on(self, consultant: int, day: date) -> list[Slot]:
        that_day = [
            c for c in self.closures if c.consultant in (None, consultant) and c.first <= day <= c.last
        ]
        if any(not closure.opens for closure in that_day) or (day in HOLIDAYS and not that_day):
            return []
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        found = []
        for row in self.hours[consultant]:
            minute = row.starts
            while day.weekday() in row.weekdays and minute + row.length <= row.ends:
                starts = midnight + timedelta(minutes=minute)
                found.append(Slot(starts, consultant, starts + timedelta(minutes=row.length), row.capacity))
                minute += row.length + row.pause
        return found

    def is_live(self, one: Booking, now: datetime) -> bool:
        return one.state == "booked" or (
            one.state == "held" and one.expires is not None and one.expires > now
        )

    def is_early(self, one: Booking, now: datetime) -> bool:
        """Whether a visitor may still move or cancel it."""
        just_now = one.agreed is not None and now <= min(one.agreed + SECOND_THOUGHTS, one.slot.starts)
        day = one.slot.starts.astimezone(ZONE).date()
        is_there = any(
            (there.starts, there.ends) == (one.slot.starts, one.slot.ends)
            for there in self.slots_on(one.slot.consultant, day)
        )
        return just_now or now <= (one.slot.starts - CUTOFF if is_there else one.slot.starts)

    def is_free(self, slot: Slot, now: datetime, besides: Booking | None = None) -> bool:
        others = [
            b
            for b in self.bookings
            if b is not besides and self.is_live(b, now) and b.slot.consultant == slot.consultant
        ]
        together = [b for b in others if (b.slot.starts, b.slot.ends) == (slot.starts, slot.ends)]
        crossing = [
            b for b in others if b not in together and b.slot.starts < slot.ends and slot.starts < b.slot.ends
        ]
        return not crossing and len(together) < slot.capacity

    def settle(self, now: datetime) -> None:
        """What the clock has brought: the site does it at the beginning of each deed."""
        places = [(one, one.state, one.booking) for one in self.line]
        self.before = ([(one, one.state) for one in self.bookings], places)
        for one in self.bookings:
            if one.state == "held" and not self.is_live(one, now):
                one.state = "expired"
        for place in self.line:
            if place.state == "offered" and place.booking and place.booking.state != "held":
                place.state = "lapsed"
        for place in self.line:
            if place.state == "waiting":
                self.offer(place, now)

    def unsettle(self) -> None:
        """A deed that is refused changes nothing at all; the next one settles again."""
        states, places = self.before
        del self.bookings[len(states) :]
        for one, state in states:
            one.state = state
        for place, state, booking in places:
            place.state, place.booking = state, booking

    def offer(self, place: Waiting, now: datetime) -> None:
        for slot in self.slots(now):
            suits = place.topic in self.topics[slot.consultant] and place.consultant in (
                None,
                slot.consultant,
            )
            if suits and slot.starts - now >= timedelta(minutes=60) and self.is_free(slot, now):
                until = min(now + OFFER, slot.starts - timedelta(minutes=30))
                place.booking = Booking(slot, place.topic, expires=until, offered=True)
                place.state = "offered"
                self.bookings.append(place.booking)
                return

    def free(self, now: datetime, topic: str | None = None) -> list[Slot]:
        """What anybody may have; the calendar must be settled."""
        return [
            s
            for s in self.slots(now)
            if (topic is None or topic in self.topics[s.consultant]) and self.is_free(s, now)
        ]

    def can_have(self, slot: Slot, topic: str, now: datetime, besides: Booking | None = None) -> bool:
        return (
            slot in self.slots(now)
            and topic in self.topics[slot.consultant]
            and self.is_free(slot, now, besides)
        )

    def may_book(self, one: Booking, phone: int, now: datetime) -> bool:
        """Whether this person may have ``one`` besides what they have."""
        theirs = [b for b in self.bookings if b is not one and b.phone == phone and b.state == "booked"]
        return not crosses(theirs, one.slot) and len([b for b in theirs if b.slot.ends > now]) < MOST_OPEN

    def may_go(self, one: Booking, slot: Slot) -> bool:
        """Whether the person of ``one`` is free at the time of ``slot``."""
        return not crosses(
            [b for b in self.bookings if b is not one and b.phone == one.phone and b.state == "booked"], slot
        )


def crosses(theirs: list[Booking], slot: Slot) -> bool:
    return any(b.slot.starts < slot.ends and slot.starts < b.slot.ends for b in theirs)
