"""How people came to act for the fictional cooperatives: when they asked, and when the office said yes. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.cooperatives.rules import Position
from app.demo.accounts import SignIn
from app.demo.chance import dice, happens, office_hours
from app.demo.records import DemoCity, DemoCooperative, DemoPerson
from app.questionnaire.rules import EventKind, Origin, Status

OWN = frozenset({Origin.FILED, Origin.SPREADSHEET})
HALF = 15
"""Answers of a draft that is about half filled."""
WAITS = timedelta(days=12)
"""How long the oldest claim may wait: more would say that nobody looks at them."""
LETTERS = (
    "Saya sekretaris sejak RAT tahun lalu. Surat pengurus menyusul lewat WhatsApp kantor.",
    "Ketua kami sudah sepuh, jadi saya yang mengisi laporan.",
    "",
    "SK pengurus sudah saya serahkan di loket.",
)


@dataclass(frozen=True)
class Joining:
    """One person's claim. ``decided`` is None while it waits; ``on_paper``: by an activation code, so nobody decided it."""

    person: DemoPerson
    asked: datetime
    decided: datetime | None
    on_paper: bool = False
    letter: str = ""


def register_opened(city: DemoCity) -> datetime:
    """The morning on which the office took its register over into the site: in the first book year's last weeks."""
    return datetime(city.book_years[0], 12, 15, 2, tzinfo=UTC)


def entered(cooperative: DemoCooperative, opened: datetime) -> datetime:
    """When a cooperative came into the register: with all the others, or two weeks after its founding."""
    founded = cooperative.identity.get("tanggal_badan_hukum")
    if not founded:
        return opened
    return max(opened, datetime.combine(date.fromisoformat(founded) + timedelta(days=14), time(2), UTC))


def joinings(cooperative: DemoCooperative, opened: datetime, now: datetime) -> tuple[Joining, ...]:
    """Who acts for ``cooperative``, in the order in which they came, each before anything was filed; then who waits."""
    chance = dice("joinings", cooperative.name)
    start = entered(cooperative, opened)
    acted = [report.events[0].at for report in cooperative.reports if report.origin in OWN]
    until = max(start, min(acted, default=now - timedelta(days=20)))
    found = list[Joining]()
    for person in cooperative.managers:
        joined = _joined(chance, person, max(start, until - timedelta(days=60)), until)
        found.append(joined)
        start, until = joined.decided or start, max(until, now - timedelta(days=2))  # colleagues come later
    if cooperative.claimant:
        asked = office_hours(chance, (now - WAITS).date(), (now - timedelta(days=1)).date(), 1)[0]
        found.append(
            Joining(cooperative.claimant, max(start, asked), None, letter=LETTERS[chance.randrange(4)])
        )
    return tuple(found)


def _joined(chance: Random, person: DemoPerson, first: datetime, last: datetime) -> Joining:
    """Decided on some day from ``first`` to ``last``, a few days after it was asked; a letter by post takes longer."""
    on_paper = happens(chance, 0.25)
    decided = min(last, office_hours(chance, first.date(), last.date(), 1)[0])
    since = max(first, decided - timedelta(days=25 if on_paper else 4))
    asked = office_hours(chance, since.date(), decided.date(), 1)[0]
    asked = max(first, min(asked, decided - timedelta(minutes=20)))
    return Joining(person, asked, max(asked, decided), on_paper)


def spotlights(city: DemoCity) -> tuple[DemoCooperative, DemoCooperative]:
    """The two for which the sign-in acts: a draft half filled after an approved year, and a report that came back."""
    middle, latest = city.book_years[1:]

    def approved(cooperative: DemoCooperative) -> bool:
        report = cooperative.report(middle)
        return report is not None and report.status is Status.APPROVED

    def filling(cooperative: DemoCooperative) -> tuple[bool, bool, int]:
        report = cooperative.report(latest)
        own = report is not None and report.status is Status.DRAFT and report.origin is Origin.FILED
        return own, approved(cooperative), -abs(len(report.answers) - HALF) if report else -HALF

    def returned(cooperative: DemoCooperative) -> tuple[bool, bool, int]:
        report = cooperative.report(latest)
        last = report.events[-1] if report and report.origin is Origin.FILED else None
        back = last is not None and last.kind is EventKind.RETURNED
        return back, approved(cooperative), len(last.marks) if last else 0

    first = max(city.cooperatives, key=filling)
    return first, max((other for other in city.cooperatives if other is not first), key=returned)


def acting_too(sign_in: SignIn, cooperative: DemoCooperative) -> DemoPerson:
    """The sign-in as one more person of ``cooperative``, in a position that is free."""
    taken = {person.position for person in cooperative.managers}
    free: Sequence[Position] = [
        position for position in (Position.SECRETARY, Position.TREASURER) if position not in taken
    ]
    return DemoPerson(sign_in.name, (free or [Position.STAFF])[0], sign_in.email, "")
