"""The short form of the crash certificate and of the crowd of writers; the long ones are commands (docs/ketahanan.md)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, State, Topic
from app.core.database import now
from app.core.writing import writing
from app.questionnaire import services
from tests.faults.certificate import fitting, strike_often, table
from tests.faults.contention import crowd
from tests.faults.ledger import Ledger
from tests.faults.proof import prove
from tests.faults.world import world

HOLD = {"full": (0.2, 0.4), "readonly": (1.6, 1.8), "database": (0.0, 0.2)}


@pytest.fixture(scope="module")
def here(databases):
    """A site of its own, which may be broken."""
    with world(databases.kind, people=8, real_disk=False, durable=False, scheduler=False) as made:
        yield made


@pytest.mark.xdist_group("faults")  # they share the site
@pytest.mark.timeout(300)
def test_faults_at_random_moments_lose_nothing_double_nothing_and_leave_nothing_half_done(here):
    rows = []
    for fault in fitting(here, ()):
        short = replace(fault, hold=HOLD.get(fault.name, (0.05, 0.3)))
        row = strike_often(here, short, trials=1, seed=1, rest=(0.05, 0.3), most=3)
        if fault.name == "readonly":
            row.lies = (
                0  # the kernel's limit lets pass what fits into the log as it is, so readyz may be right
            )
        rows.append(row)
    shown = table(here.database.kind, here.disk, rows)
    print(shown)
    assert all(row.is_sound and row.acknowledged for row in rows), shown


@pytest.mark.xdist_group("faults")
@pytest.mark.timeout(300)
def test_eight_writers_at_once_meet_no_error(here):
    met = crowd(here, 2)
    assert not met.errors
    assert met.waits


def test_what_is_missing_what_stands_twice_and_what_is_half_done_is_named(
    app, make_user, make_cooperative, make_membership
):
    member, cooperative = make_user(), make_cooperative()
    make_membership(member, cooperative)
    with writing():
        report = services.start_report(cooperative, year=2025, by=member)
        services.save_answers(report, values={"volume_usaha": 7}, base_version=1, by=member)
        report_id = report.id
    ledger = Ledger()
    ledger.close(ledger.open("save", "never-arrived", report_id, "7"))
    ledger.close(ledger.open("request", "lost", cooperative.id), "PL-26-00001")
    ledger.open("request", "never answered", cooperative.id)
    ledger.close(ledger.open("move", "Tamu 09-11-2026 09.00", cooperative.id))
    assert prove(app, ledger).missing == [
        "save never-arrived",
        "request lost",
        "request lost is not PL-26-00001",
        "move Tamu 09-11-2026 09.00",
    ]
    with writing() as session:
        report = session.get_one(type(report), report_id)
        report.status = "approved"  # past every service: no event, no receipt, no totals
        session.add(
            ClinicBooking(
                reference="K7M4-2Q", form_key="k", token_digest="t", region="35.73", starts_at=now(), ends_at=now() + timedelta(hours=1),
                state=State.BOOKED, topic=Topic.FINANCE, channel=Channel.OFFICE,
            )
        )  # fmt: skip
    half = " ".join(prove(app, Ledger()).half)
    assert "its answers are not those of its last event" in half
    assert "the kept totals are wrong" in half
    assert "was booked 0 times by nobody" in half
