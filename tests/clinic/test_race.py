"""The short form of the race (``python -m tests.clinic.race``), and the server killed under those who book."""

import random
import threading
import time

import pytest
from sqlalchemy import select, update

from app.clinic import access, timetable, waitlist
from app.clinic.models import ClinicBooking
from app.clinic.rules import PROMISED, State
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.race import verdict
from tests.clinic.race.arena import arena
from tests.clinic.race.people import Visitor
from tests.clinic.race.running import race

SEATS = 20


@pytest.fixture(autouse=True)
def clock():
    """The real one: the served site has no other."""


@pytest.fixture(scope="module")
def place(databases, tmp_path_factory):
    """A served site of its own, which may be killed."""
    with databases.fresh() as url, arena(tmp_path_factory.mktemp("race") / "instance", url) as made:
        yield made


@pytest.mark.timeout(600)
def test_many_who_race_for_a_few_times_never_share_one_and_nobody_is_passed_over(place):
    told = race(place, people=24, slots=4, seed=1)
    print(told)
    assert not told.wrong, told
    assert told.booked + told.cancelled > 0
    assert told.waited > 0


@pytest.mark.timeout(3600)
def test_the_server_killed_while_people_book_keeps_what_was_confirmed_and_frees_the_rest(place, pytestconfig):
    kills, chance, unanswered = pytestconfig.getoption("--kills"), random.Random(3), 0
    for wave in range(max(2, kills // 2)):
        place.open(SEATS)
        gate = threading.Event()
        visitors = [Visitor(place.port, number, wave, gate, insists=True) for number in range(10)]
        for one in visitors:
            one.start()
        gate.set()
        time.sleep(chance.uniform(0.05, 0.8))
        place.site.server.kill()
        place.restart()
        for one in visitors:
            one.join(300)
        assert [repr(one.problem) for one in visitors if one.problem or one.is_alive()] == []
        assert not [one for one in visitors if set(one.web.statuses) & {429, 500, 502, 503}]
        unanswered += sum(one.unanswered for one in visitors)
        with place.app.app_context():
            assert wrong_after(visitors) == []
            db.session.remove()
    assert unanswered, "nobody was cut off, so nothing was shown"


def wrong_after(visitors: list[Visitor]) -> list[str]:
    """What the database holds beside what the visitors were told, and which seats are free once the holds have run out."""
    found = verdict.doubles() + verdict.lost([one.ledger for one in visitors]) + verdict.half_done()
    told = {token for one in visitors for token, key in one.ledger.booked.items() if key != "cancelled"}
    booked = db.session.scalars(select(ClinicBooking).where(ClinicBooking.state.in_(PROMISED))).all()
    if (there := {access.token_of(one) for one in booked}) != told:
        found.append(f"{len(there - told)} bookings of which nobody was told")
    with writing() as session:
        held = update(ClinicBooking).where(ClinicBooking.state == State.HELD)
        session.execute(held.values(expires_at=now()))
        waitlist.begin()
    free = timetable.open_slots(now(), timetable.horizon(now()), now())
    if len(free) != SEATS - len(told):
        found.append(f"{len(free)} free and {len(told)} booked of {SEATS}")
    return found
