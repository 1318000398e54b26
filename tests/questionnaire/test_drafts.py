"""Saving a draft: nothing typed is lost, and nothing saved is overwritten unseen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import AnswerChange, Edition, Report, ReportEvent
from app.questionnaire.queries import changes_since
from app.questionnaire.rules import Origin, Status
from tests.support.answers import sound


def test_the_first_save_begins_the_report_and_an_existing_one_is_never_doubled(desk):
    desk.save(aset=5_000_000)
    desk.save(modal_luar=2_000_000)
    (report,) = db.session.scalars(select(Report))
    assert report.answers == {"aset": 5_000_000, "modal_luar": 2_000_000}
    assert (report.status, report.origin, report.version) == (Status.DRAFT, Origin.FILED, 3)
    assert [event.kind for event in db.session.scalars(select(ReportEvent))] == ["started"]


def test_each_changed_field_leaves_who_and_what_in_the_history_and_the_trail(desk):
    desk.save(aset=5_000_000)
    desk.save(aset=6_000_000, shu=None)
    changes = db.session.scalars(select(AnswerChange).order_by(AnswerChange.id)).all()
    assert [(c.field, c.before, c.after, c.version) for c in changes] == [
        ("aset", None, 5_000_000, 2),
        ("aset", 5_000_000, 6_000_000, 3),
    ]
    assert {change.actor_name for change in changes} == {desk.member.name}
    saved = db.session.scalars(
        select(TrailEntry).where(TrailEntry.action == "report.saved").order_by(TrailEntry.id)
    ).all()
    assert [(entry.before, entry.after) for entry in saved][-1] == ({"aset": 5_000_000}, {"aset": 6_000_000})


def test_a_save_that_changes_nothing_makes_no_new_version(desk):
    version = desk.save(aset=5_000_000).version
    assert desk.save(aset=5_000_000).version == version


def test_what_cannot_be_read_is_kept_as_typed_and_found_as_an_error(desk):
    desk.save(volume_usaha={"raw": "1.25"})
    report = desk.report()
    assert report.answers["volume_usaha"] == {"raw": "1.25"}
    assert "tidak_terbaca" in {finding["code"] for finding in report.findings}


def test_what_follows_from_answers_is_worked_out_by_the_save(desk):
    desk.save(kode_kelurahan="35.73.01.1001", anggota_pria=40, anggota_wanita=60)
    answers = desk.report().answers
    assert (answers["kode_kecamatan"], answers["jumlah_anggota"]) == ("35.73.01", 100)


def test_a_late_save_of_other_fields_merges_in_silence(desk):
    seen = desk.save(aset=5_000_000, shu=1_000).version
    desk.save(aset=6_000_000)
    result = desk.save(base=seen, aset=5_000_000, shu=2_000)
    assert not result.conflicts
    assert desk.report().answers == {"aset": 6_000_000, "shu": 2_000}


def test_a_late_save_of_the_same_field_overwrites_nothing_and_tells_who_and_when(desk, make_user):
    seen = desk.save(aset=5_000_000, shu=1_000).version
    desk.save(aset=6_000_000)
    result = desk.save(base=seen, aset=7_000_000, shu=2_000)
    assert desk.report().answers == {"aset": 6_000_000, "shu": 2_000}  # the rest is saved
    conflict = result.conflicts["aset"]
    assert (conflict.mine, conflict.theirs, conflict.actor_name) == (7_000_000, 6_000_000, desk.member.name)
    (change,) = [one for one in changes_since(desk.report(), seen) if one.field == "aset"]
    assert conflict.at == change.at


def test_both_typing_the_same_is_no_conflict(desk):
    seen = desk.save(aset=5_000_000).version
    desk.save(aset=6_000_000)
    assert not desk.save(base=seen, aset=6_000_000).conflicts


def test_a_field_that_was_changed_there_and_back_is_no_conflict(desk):
    seen = desk.save(aset=5_000_000).version
    desk.save(aset=6_000_000)
    desk.save(aset=5_000_000)
    result = desk.save(base=seen, aset=7_000_000)
    assert not result.conflicts
    assert desk.report().answers["aset"] == 7_000_000


@pytest.mark.parametrize("base", [None, 99, -5])
def test_a_save_from_an_unknown_version_fills_gaps_and_asks_about_every_difference(desk, base):
    desk.save(aset=5_000_000, modal_luar=1)
    result = desk.save(base=base, aset=6_000_000, modal_luar=None, shu=1)
    assert set(result.conflicts) == {"aset", "modal_luar"}
    assert desk.report().answers == {"aset": 5_000_000, "modal_luar": 1, "shu": 1}


def test_two_who_begin_at_the_same_time_both_keep_what_they_typed(desk):
    desk.save(base=0, nama_ketua="Cempaka Uji")
    result = desk.save(base=0, aset=5_000_000)
    assert not result.conflicts
    assert desk.report().answers == {"nama_ketua": "Cempaka Uji", "aset": 5_000_000}


def test_a_suggestion_that_somebody_corrected_meanwhile_does_not_come_back(make_desk):
    desk = make_desk(nama_ketua="Dahlia Lama", alamat="Jalan Uji 1")
    desk.save(base=0, nama_ketua="Cempaka Baru")
    result = desk.save(
        base=0, nama_ketua="Dahlia Lama", alamat="Jalan Uji 1"
    )  # sent as the form offered them
    assert not result.conflicts
    assert desk.report().answers == {"nama_ketua": "Cempaka Baru", "alamat": "Jalan Uji 1"}


def test_a_suggestion_that_somebody_cleared_meanwhile_stays_cleared(make_desk):
    desk = make_desk(telepon_kantor="+62341555014", nama_ketua="Cempaka Uji")
    desk.save(base=0, telepon_kantor=None, nama_ketua="Cempaka Uji")
    assert not desk.save(base=0, telepon_kantor="+62341555014", nama_ketua="Cempaka Uji").conflicts
    assert "telepon_kantor" not in desk.report().answers


def test_a_save_says_which_questions_the_checks_newly_doubt(desk):
    first = desk.save(**sound(aset=50_000_000))
    assert "aset" in first.doubted
    again = desk.save(shu=24_000_000)
    assert "aset" not in again.doubted


def test_a_submitted_report_takes_no_save(desk):
    desk.file()
    with pytest.raises(RuleBroken, match="Terkirim"):
        desk.save(aset=1)
    assert desk.report().answers["aset"] == sound()["aset"]


def test_of_a_returned_report_only_the_marked_questions_and_their_dependents_change(desk):
    desk.file()
    desk.move(Status.RETURNED, reason="Periksa status RAT.", codes=["status_rat"])
    desk.save(aset=1, status_rat="Belum RAT", tanggal_rat=None)
    answers = desk.report().answers
    assert answers["aset"] == sound()["aset"]
    assert answers["status_rat"] == "Belum RAT"
    assert "tanggal_rat" not in answers


def test_a_closed_year_takes_no_draft_but_a_returned_report_can_still_be_corrected(desk, april):
    desk.file()
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    april.move_to(datetime(2027, 1, 5, 2, tzinfo=UTC))
    desk.save(aset=500_000_001)
    assert desk.report().answers["aset"] == 500_000_001
    with pytest.raises(RuleBroken, match="sudah ditutup"):
        desk.save(year=2024, aset=1)
    assert db.session.scalar(select(Report).where(Report.year == 2024)) is None


def test_a_year_that_is_not_open_yet_takes_no_draft(desk):
    with pytest.raises(RuleBroken, match="belum dibuka"):
        desk.save(year=2026, aset=1)
    assert db.session.scalar(select(Edition).where(Edition.year == 2026)) is None


def test_a_dissolved_cooperative_begins_no_report(make_desk):
    desk = make_desk(dissolved_on=datetime(2024, 5, 1, tzinfo=UTC).date(), dissolved_decree="518/1/2024")
    with pytest.raises(RuleBroken, match="bubar"):
        desk.save(aset=1)


def test_an_imported_draft_becomes_the_cooperatives_own_once_it_saves(desk):
    with writing():
        services.import_report(desk.cooperative, year=2025, answers={"aset": 5_000_000})
    desk.save(shu=1_000)
    report = desk.report()
    assert report.origin is Origin.FILED
    assert report.answers == {"aset": 5_000_000, "shu": 1_000}
    assert "wajib" in {finding["code"] for finding in report.findings}
