"""What a consultation may be about, how it is held, where it stands, and the limits that keep the calendar fair. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.text import N_


class Topic(StrEnum):
    """What people consult about."""

    LEGAL = "legal"
    GOVERNANCE = "governance"
    FINANCE = "finance"
    MARKETING = "marketing"
    DIGITAL = "digital"
    PRODUCTION = "production"
    EXPORT = "export"


class Channel(StrEnum):
    """How a consultation is held."""

    OFFICE = "office"
    PHONE = "phone"
    VIDEO = "video"
    VISIT = "visit"  # the consultant comes, or sits in a kelurahan


class State(StrEnum):
    """Where a booking stands. The first four take a seat of the calendar, ``held`` only until it expires."""

    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    RUNNING = "running"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Origin(StrEnum):
    """How a booking came about."""

    WEB = "web"
    PHONE = "phone"
    WALK_IN = "walk_in"
    OFFER = "offer"


class ClosureKind(StrEnum):
    """Why a timetable changes for some days; ``open`` works on a public holiday."""

    CLOSED = "closed"
    LEAVE = "leave"
    OPEN = "open"


class WaitState(StrEnum):
    """Where somebody on the waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"
    LAPSED = "lapsed"  # the offer was not taken in time


class Step(StrEnum):
    """One thing that happened to a booking."""

    BOOKED = "booked"
    MOVED = "moved"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    ARRIVED = "arrived"
    CALLED = "called"
    STARTED = "started"
    FINISHED = "finished"
    MISSED = "missed"
    REOPENED = "reopened"
    NOTED = "noted"
    ADVISED = "advised"
    FOLLOWED = "followed"
    REMINDED = "reminded"
    RATED = "rated"


class FollowUpOwner(StrEnum):
    """Who is to do what was agreed."""

    VISITOR = "visitor"
    OFFICE = "office"


class ReminderKind(StrEnum):
    """Which of the two reminders."""

    DAY = "day"
    HOURS = "hours"


TOPIC_NAMES = {
    Topic.LEGAL: N_("Legalitas dan perizinan"),
    Topic.GOVERNANCE: N_("Kelembagaan dan RAT"),
    Topic.FINANCE: N_("Keuangan dan pembiayaan"),
    Topic.MARKETING: N_("Pemasaran"),
    Topic.DIGITAL: N_("Jualan digital"),
    Topic.PRODUCTION: N_("Produksi dan mutu"),
    Topic.EXPORT: N_("Ekspor"),
}
TOPIC_HINTS = {
    Topic.LEGAL: N_("NIB, izin usaha, merek, halal, PIRT"),
    Topic.GOVERNANCE: N_("anggaran dasar, pengurus, RAT, laporan tahunan"),
    Topic.FINANCE: N_("pembukuan, pajak, modal, KUR"),
    Topic.MARKETING: N_("harga, kemasan, pameran, pelanggan"),
    Topic.DIGITAL: N_("lokapasar, foto produk, media sosial"),
    Topic.PRODUCTION: N_("bahan baku, alat, mutu, kapasitas"),
    Topic.EXPORT: N_("syarat ekspor, dokumen, pembeli luar negeri"),
}
CHANNEL_NAMES = {
    Channel.OFFICE: N_("Tatap muka di kantor"),
    Channel.PHONE: N_("Telepon"),
    Channel.VIDEO: N_("Video WhatsApp"),
    Channel.VISIT: N_("Klinik keliling"),
}
STATE_NAMES = {
    State.HELD: N_("Sedang dipilih"),
    State.BOOKED: N_("Terjadwal"),
    State.ARRIVED: N_("Sudah datang"),
    State.RUNNING: N_("Sedang berjalan"),
    State.DONE: N_("Selesai"),
    State.MISSED: N_("Tidak datang"),
    State.CANCELLED: N_("Dibatalkan"),
    State.EXPIRED: N_("Lewat waktu"),
}
ORIGIN_NAMES = {
    Origin.WEB: N_("Situs"),
    Origin.PHONE: N_("Telepon"),
    Origin.WALK_IN: N_("Datang langsung"),
    Origin.OFFER: N_("Daftar tunggu"),
}
CLOSURE_NAMES = {
    ClosureKind.CLOSED: N_("Tutup"),
    ClosureKind.LEAVE: N_("Cuti"),
    ClosureKind.OPEN: N_("Tetap buka"),
}

ACTIVE = frozenset({State.HELD, State.BOOKED, State.ARRIVED, State.RUNNING})
"""States that take a seat; the same list stands as text in the unique index of the table."""
PROMISED = frozenset({State.BOOKED, State.ARRIVED, State.RUNNING})
"""States in which somebody relies on the seat."""
OVER = frozenset({State.DONE, State.MISSED, State.CANCELLED, State.EXPIRED})

LONGEST_QUESTION = 2000
LONGEST_TEXT = 4000  # characters of notes and of advice
MOST_FILES = 3
MOST_CAPACITY = 200
SHORTEST_SLOT, LONGEST_SLOT = 5, 480  # minutes
LEAST_HELD, MOST_HELD = 3, 20
"""Within what :func:`most_held` stays: a class that books together from one hall, and no robot that takes everything."""
LEAST_OFFER = timedelta(minutes=60)
"""A seat that begins sooner is not offered to the waitlist: nobody could come. It is free for whoever is quick."""
SECOND_THOUGHTS = timedelta(minutes=15)
"""So long a time that was only just given can be given back, however near it is: the thumb slipped, or the office chose it."""
OFFER_ENDS_BEFORE = timedelta(minutes=30)
"""An offer ends at least so long before the seat begins, so that the next can still have it."""
MINUTES_OF_DAY = 1440


@dataclass(frozen=True)
class Limits:
    """The settings of the clinic; minutes and days."""

    hold_minutes: int = 10
    max_open_per_person: int = 2
    cutoff_minutes: int = 60  # after the reminder of two hours, which can be answered with a cancellation
    offer_minutes: int = 120
    days_ahead: int = 30
    slot_minutes: int = 45
    buffer_minutes: int = 15

    @property
    def hold(self) -> timedelta:
        """How long a seat is held while the form is filled in."""
        return timedelta(minutes=self.hold_minutes)

    @property
    def cutoff(self) -> timedelta:
        """How long before its beginning a visitor may still move or cancel a booking."""
        return timedelta(minutes=self.cutoff_minutes)


LIMIT_RANGES = {
    "hold_minutes": (2, 60),
    "max_open_per_person": (1, 20),
    "cutoff_minutes": (0, 7 * MINUTES_OF_DAY),
    "offer_minutes": (10, 3 * MINUTES_OF_DAY),
    "days_ahead": (1, 180),
    "slot_minutes": (SHORTEST_SLOT, LONGEST_SLOT),
    "buffer_minutes": (0, 240),
}
"""Least and most of each setting."""


def is_live(state: State, expires_at: datetime | None, moment: datetime) -> bool:
    """Whether a booking in ``state`` takes its seat at ``moment``: a hold that has expired does not."""
    if state is State.HELD:
        return expires_at is not None and expires_at > moment
    return state in ACTIVE


def offer_until(starts_at: datetime, moment: datetime, limits: Limits) -> datetime | None:
    """Until when a seat that begins at ``starts_at`` is offered; None when it begins too soon to be offered at all."""
    if starts_at - moment < LEAST_OFFER:
        return None
    return min(moment + timedelta(minutes=limits.offer_minutes), starts_at - OFFER_ENDS_BEFORE)


def change_until(starts_at: datetime, timed_at: datetime, limits: Limits) -> datetime:
    """Until when a visitor may move or cancel a booking that begins at ``starts_at`` and was given that time at ``timed_at``."""
    return max(starts_at - limits.cutoff, min(timed_at + SECOND_THOUGHTS, starts_at))


def most_held(free: int) -> int:
    """How many of ``free`` times people on one network may hold together before they have said who they are: a quarter."""
    return min(MOST_HELD, max(LEAST_HELD, free // 4))


def free_seat(capacity: int, taken: Iterable[int]) -> int | None:
    """The lowest seat below ``capacity`` that nobody has; None when all are taken."""
    occupied = set(taken)
    return next((seat for seat in range(capacity) if seat not in occupied), None)
