"""Kept totals always say what the approved answers say."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services, totals
from app.questionnaire.models import KeptTotal
from app.questionnaire.queries import report_of
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from tests.support.answers import sound
from tests.support.fuzzing import examples


def kept_of(question, year=2025):
    return {
        row.region: (row.reports, row.total)
        for row in db.session.scalars(
            select(KeptTotal).where(KeptTotal.year == year, KeptTotal.question == question)
        )
    }


def test_an_approval_adds_every_figure_under_its_kecamatan(desk):
    desk.approve()
    assert kept_of("aset") == {"35.73.01": (1, 500_000_000)}
    assert kept_of("jumlah_anggota") == {"35.73.01": (1, 100)}
    counted = {question for (_, _, question) in totals.kept(2025)}
    assert counted == set(standard().totalled)


def test_two_cooperatives_of_one_kecamatan_add_up(make_desk):
    make_desk().approve()
    make_desk().approve(aset=510_000_000)
    assert kept_of("aset") == {"35.73.01": (2, 1_010_000_000)}


def test_reopening_takes_the_figures_out_again_and_approval_brings_the_new_ones(desk):
    desk.approve()
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    assert kept_of("aset") == {"35.73.01": (0, 0)}
    desk.save(aset=510_000_000)
    desk.submit()
    desk.move(Status.APPROVED)
    assert kept_of("aset") == {"35.73.01": (1, 510_000_000)}


def test_a_report_without_a_known_place_counts_under_the_office(desk):
    with writing():
        services.import_report(desk.cooperative, year=2023, answers={"aset": 7_000_000})
    desk.move(Status.APPROVED, year=2023)
    assert kept_of("aset", 2023) == {"35.73": (1, 7_000_000)}


def test_a_total_beyond_two_thousand_million_is_kept_exactly(desk):
    desk.approve(modal_sendiri=10**15 - 1, aset=10**15 - 1, modal_luar=0)
    assert kept_of("aset")["35.73.01"] == (1, 10**15 - 1)


def test_the_command_repairs_totals_and_says_how_many_were_wrong(desk, command):
    desk.approve()
    with writing() as session:
        session.execute(update(KeptTotal).where(KeptTotal.question == "aset").values(total=1))
    assert totals.kept() != totals.counted()
    done = command("totals", "rebuild")
    assert done.exit_code == 0
    assert done.output.strip() == "8 jumlah dihitung ulang, 1 di antaranya berubah."
    assert totals.kept() == totals.counted()
    assert command("totals", "rebuild").output.strip() == "8 jumlah dihitung ulang, 0 di antaranya berubah."


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["save", "submit", "approve", "return", "reopen", "import", "approve import"]),
        st.integers(400_000_000, 700_000_000),
        st.sampled_from(["35.73.01.1001", "35.73.02.1001", "35.73.04.1001"]),
    ),
    max_size=20,
)


@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_totals_and_answers_agree(make_desk, steps):
    desks = [make_desk() for _ in range(3)]
    for number, step, amount, place in steps:
        try:
            take_step(desks[number], step, amount, place)
        except RuleBroken:
            db.session.rollback()
    db.session.rollback()
    assert totals.kept() == totals.counted()


def take_step(desk, step, amount, place):
    match step:
        case "save":
            desk.save(**sound(aset=amount, kode_kelurahan=place))
        case "submit":
            if has_report(desk):
                desk.submit()
        case "approve":
            if has_report(desk):
                desk.move(Status.APPROVED)
        case "return" | "reopen":
            if has_report(desk):
                desk.move(Status.RETURNED, reason="Periksa.", codes=["aset", "kode_kelurahan"])
        case "import":
            with writing():
                services.import_report(desk.cooperative, year=2023, answers={"aset": amount})
        case "approve import":
            if has_report(desk, 2023):
                desk.move(Status.APPROVED, year=2023)


def has_report(desk, year=2025):
    return report_of(desk.cooperative, year) is not None


@pytest.mark.parametrize("year", [None, 2025])
def test_counting_from_the_answers_takes_only_approved_reports(make_desk, year):
    make_desk().file()
    make_desk().approve()
    assert totals.counted(year)[2025, "35.73.01", "aset"] == [1, 500_000_000]
