"""The demonstration is dated by the day on which it is loaded, and works on each."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import memberships_of, region
from app.core.database import Base, now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.demo import loader
from app.demo.generator import generate
from app.demo.joinings import spotlights
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Edition
from app.questionnaire.queries import current_edition, events_of, last_answers, report_of
from app.questionnaire.rules import Status
from tests.demo import invariants
from tests.support.databases import left_over

SOME = 24
UKM = 60
TURN_OF_THE_YEAR = datetime(2026, 12, 31, 17, 40, tzinfo=UTC)  # in Jakarta the new year has begun
LEAP_DAY = datetime(2028, 2, 29, 3, tzinfo=UTC)
LAST_HALF_HOUR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # of the old year
AUGUST = datetime(2026, 8, 3, 3, tzinfo=UTC)


def sign_in():
    return db.session.scalars(select(User).where(User.email == "koperasi@contoh.example")).one()


def own_reports():
    """The reports of the sign-in's two cooperatives that are open today: the draft, and the one that came back."""
    year = current_edition().year
    found = [report_of(membership.cooperative, year) for membership in memberships_of(sign_in())]
    return sorted(found, key=lambda report: report.status.value)


def city():
    return generate(places=region().kelurahan, today=today(), cooperatives=SOME)


@pytest.mark.parametrize(
    "moment",
    [
        TURN_OF_THE_YEAR,
        datetime(2027, 1, 2, 1, tzinfo=UTC),
        LEAP_DAY,
        datetime(2026, 4, 30, 9, tzinfo=UTC),
        AUGUST,
        LAST_HALF_HOUR,
    ],
    ids=lambda moment: moment.strftime("%d %B %Y %H:%M"),
)
def test_on_any_day_there_is_a_year_to_fill_in_a_draft_of_it_and_a_report_that_came_back(app, moment):
    with time_machine.travel(moment):
        with writing():
            loader.open_editions(city(), now())
        edition = current_edition()
        assert edition.year == today().year - 1
        assert edition.opens <= today() <= edition.closes
        draft, back = (one.report(edition.year) for one in spotlights(city()))
        assert (draft.status, back.status) == (Status.DRAFT, Status.RETURNED)


@pytest.mark.parametrize(
    "moment", [TURN_OF_THE_YEAR, LEAP_DAY, LAST_HALF_HOUR], ids=["new year", "leap day", "last half hour"]
)
def test_on_the_oddest_days_all_is_as_people_would_have_left_it_and_nothing_lies_ahead(app, moment):
    with time_machine.travel(moment):
        loader.load(SOME, UKM)
        invariants.everything()
        draft, back = own_reports()
        assert (draft.status, back.status) == (Status.DRAFT, Status.RETURNED)
        assert last_answers(draft.cooperative, draft.year).year == draft.year - 1 == today().year - 2


def test_the_draft_can_be_finished_and_the_returned_report_be_sent_again(app):
    with time_machine.travel(AUGUST):
        loader.load(SOME, UKM)
        draft, back = own_reports()
        truth = last_answers(draft.cooperative, draft.year).answers
        with writing():
            missing = {code: value for code, value in truth.items() if code not in draft.answers}
            missing |= {"anggota_pria": 20, "anggota_wanita": 30, "jumlah_anggota": 50}
            missing |= {"tanggal_rat": "2026-03-14", "status_rat": "Sudah RAT"}
            saved = questionnaire.save_answers(
                draft, values=missing, base_version=draft.version, by=sign_in()
            )
            assert not saved.conflicts
            receipt = questionnaire.submit(
                draft, by=sign_in(), declared_name="Melati Contoh", declared_position="Ketua"
            )
            assert receipt.report.status is Status.SUBMITTED
        wrong = next(code for code in back.open_codes if isinstance(back.answers[code], int))
        with writing():
            value = back.answers[wrong] * 1000
            questionnaire.save_answers(back, values={wrong: value}, base_version=back.version, by=sign_in())
            questionnaire.submit(back, by=sign_in(), declared_name="Melati Contoh", declared_position="Ketua")
        assert events_of(back)[-1].answers[wrong] == value


def test_whatever_the_office_s_dates_are_the_demonstration_is_open(app, monkeypatch):
    monkeypatch.setitem(app.config, "REPORT_OPENS", "02-01")
    monkeypatch.setitem(app.config, "REPORT_CLOSES", "06-30")
    for moment in (datetime(2026, 1, 15, 3, tzinfo=UTC), datetime(2026, 9, 15, 3, tzinfo=UTC)):
        with time_machine.travel(moment):
            with writing():
                loader.open_editions(city(), now())
            edition = current_edition()
            assert edition.year == 2025
            assert edition.opens <= date(2026, 1, 15)
            assert edition.closes >= date(2026, 9, 15)


def test_another_region_gets_its_own_kelurahan(app, monkeypatch):
    monkeypatch.setitem(app.config, "REGION", "32.71")
    loader.load(SOME, UKM)
    rows = db.session.scalars(select(Cooperative)).all()
    assert {row.region for row in rows} == {"32.71"}
    assert {row.kode_kelurahan for row in rows} <= set(region().kelurahan)
    assert len({row.kode_kecamatan for row in rows}) == len(region().kecamatan)
    invariants.everything()


def test_a_region_without_kelurahan_is_told_that_there_is_no_demonstration(app, monkeypatch):
    empty = replace(region(), kelurahan={})
    monkeypatch.setattr(loader, "region", lambda: empty)
    with pytest.raises(RuleBroken, match="Data kelurahan Kota Malang tidak ada"):
        loader.load(SOME, UKM)
    assert loader.is_empty()


def test_a_database_with_people_or_cooperatives_in_it_is_left_alone(app, make_cooperative):
    make_cooperative()
    assert not loader.is_empty()
    with pytest.raises(RuleBroken, match="hanya dimuat ke basis data yang kosong"):
        loader.load(SOME, UKM)
    assert not loader.is_loaded()
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 1


def test_a_failure_on_the_way_leaves_nothing_behind(app, monkeypatch):
    def fail(*_):
        assert not loader.is_empty()
        raise RuntimeError("the power went out")

    monkeypatch.setattr(loader, "write_pages", fail)
    with pytest.raises(RuntimeError, match="power"):
        loader.load(SOME, UKM)
    assert left_over(db.engine, Base.metadata) == []


def test_editions_that_stand_already_are_used(app):
    with writing():
        current, following = questionnaire.ensure_editions(today())
        ids = {current.id, following.id}
    with writing():
        loader.open_editions(city(), now())
    assert ids <= set(db.session.scalars(select(Edition.id)))
    assert current_edition().published_at <= now()
