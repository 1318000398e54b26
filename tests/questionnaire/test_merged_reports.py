"""Reports change hands when two rows of the register are merged, and come back; the kept totals stay right all the while."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.cooperatives import merging
from app.cooperatives.models import Cooperative, CooperativeMerge, Membership
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services, totals
from app.questionnaire.exports import year_table
from app.questionnaire.extensions import extend, extensions_of
from app.questionnaire.models import Extension, KeptTotal, Report
from app.questionnaire.queries import report_of
from app.questionnaire.rules import Status
from tests.support.fuzzing import examples

WHY = "Satu koperasi, dua baris"


def merge(kept, gone):
    with writing():
        return merging.merge(kept.cooperative, gone.cooperative, theirs=(), reason=WHY, by=kept.operator).id


def undo(made, desk):
    with writing():
        merge_ = db.session.get_one(CooperativeMerge, made)
        merging.undo_merge(merge_, reason="Dua koperasi", by=desk.operator)


def state():
    """Register, memberships, reports and kept totals as they stand."""
    db.session.rollback()
    db.session.expire_all()
    found = {}
    for model in (Cooperative, Membership, Report, Extension, KeptTotal):
        table = model.__table__
        for row in db.session.execute(select(table).order_by(table.c.id)).mappings():
            skip = {"version"} if model is Cooperative else set()
            found[table.name, row["id"]] = {name: row[name] for name in row if name not in skip}
    return found


def owners(year=2025):
    db.session.rollback()
    query = select(Report.cooperative_id, Report.status).where(Report.year == year)
    return dict(map(tuple, db.session.execute(query)))


def imported(desk, year, **answers):
    with writing():
        services.import_report(desk.cooperative, year=year, answers=answers)


@pytest.fixture
def two(make_desk):
    return make_desk(), make_desk()


def test_reports_that_the_survivor_lacks_go_over_and_come_back(two):
    kept, gone = two
    gone.approve()
    imported(gone, 2023, aset=7_000_000)
    before, sums = state(), totals.kept()
    made = merge(kept, gone)
    assert owners() == {kept.cooperative_id: Status.APPROVED}
    assert report_of(kept.cooperative, 2023) is not None
    assert kept.cooperative.last_report_year == 2025
    assert totals.kept() == sums == totals.counted()
    assert len(year_table(2025, "kementerian").rows) == 1
    undo(made, kept)
    assert state() == before
    assert totals.kept() == totals.counted()


def test_a_draft_stays_with_the_row_that_goes_whichever_side_it_is_on(two):
    kept, gone = two
    kept.save(aset=1_000_000)
    gone.approve()
    before = state()
    made = merge(kept, gone)
    assert owners() == {kept.cooperative_id: Status.APPROVED, gone.cooperative_id: Status.DRAFT}
    undo(made, kept)
    assert state() == before
    made = merge(gone, kept)
    assert owners() == {gone.cooperative_id: Status.APPROVED, kept.cooperative_id: Status.DRAFT}
    undo(made, kept)
    assert state() == before


def test_what_was_left_with_the_row_that_went_rests(two):
    kept, gone = two
    imported(gone, 2023, aset=7_000_000)
    imported(kept, 2023, aset=7_000_000)
    merge(kept, gone)
    with pytest.raises(RuleBroken, match="sudah digabung ke koperasi lain"):
        gone.move(Status.APPROVED, year=2023)
    with pytest.raises(RuleBroken, match="sudah digabung ke koperasi lain"), writing():
        services.start_report(gone.cooperative, year=2025, by=kept.operator)
    kept.move(Status.APPROVED, year=2023)
    assert totals.kept() == totals.counted()


def test_two_reports_that_count_for_one_year_forbid_it_until_one_is_sent_back(two):
    kept, gone = two
    kept.approve()
    gone.file()
    before = state()
    with pytest.raises(RuleBroken, match=r"tahun buku 2025 yang sudah dikirim\. Kembalikan dulu"):
        merge(kept, gone)
    assert state() == before, "nothing is half done"
    gone.move(Status.RETURNED, reason="Tercatat dua kali.", codes=["aset"])
    merge(kept, gone)
    assert owners()[kept.cooperative_id] is Status.APPROVED
    assert len(year_table(2025, "kementerian", every_filed=True).rows) == 1
    assert totals.kept() == totals.counted()


def test_work_on_a_report_since_then_forbids_undoing(two):
    kept, gone = two
    gone.file()
    made = merge(kept, gone)
    kept.move(Status.APPROVED)
    with pytest.raises(RuleBroken, match="Laporan tahun buku 2025 sudah diubah atau diputuskan"):
        undo(made, kept)
    assert owners() == {kept.cooperative_id: Status.APPROVED}
    assert totals.kept() == totals.counted()


def test_more_time_goes_along_where_the_survivor_has_none(two):
    kept, gone = two
    with writing():
        extend(
            gone.cooperative,
            services.edition_for(2025),
            until=date(2026, 9, 30),
            reason="Banjir",
            by=kept.operator,
        )
    before = state()
    made = merge(kept, gone)
    assert kept.cooperative_id in extensions_of([kept.cooperative_id], 2025)
    undo(made, kept)
    assert state() == before


def test_the_page_shows_each_years_reports_and_what_comes_of_them(two, client_as):
    kept, gone = two
    kept.approve()
    gone.file()
    imported(gone, 2023, aset=7_000_000)
    page = client_as(kept.operator).get(f"/dinas/koperasi/{kept.slug}/gabung/{gone.slug}").text
    assert "Laporan tahun buku 2025" in page
    assert "Bentrok" in page
    assert "Laporan tahun buku 2023" in page
    assert "Diimpor" in page


KINDS = st.sampled_from(["none", "empty", "draft", "imported", "approved"])


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(KINDS, KINDS), st.tuples(KINDS, KINDS))
def test_merging_and_undoing_leave_everything_as_it_was(make_desk, here, there):
    kept, gone = make_desk(), make_desk()
    for desk, kinds in ((kept, here), (gone, there)):
        for year, kind in zip((2024, 2025), kinds, strict=True):
            make_report(desk, year, kind)
    before, sums = state(), totals.kept()
    try:
        made = merge(kept, gone)
    except RuleBroken:
        assert any(pair == ("approved", "approved") for pair in zip(here, there, strict=True))
        assert state() == before
        return
    assert totals.kept() == sums == totals.counted()
    undo(made, kept)
    assert state() == before
    assert totals.kept() == sums == totals.counted()


def make_report(desk, year, kind):
    if kind == "empty":
        with writing():
            services.start_report(desk.cooperative, year=year, by=desk.member)
    elif kind == "draft" and year == 2025:  # the year before is closed
        desk.save(year=year, aset=5_000_000)
    elif kind in ("imported", "approved"):
        imported(desk, year, aset=9_000_000)
        if kind == "approved":
            desk.move(Status.APPROVED, year=year)
