"""Sending, returning, approving, reopening: each move an event, with everything that must move with it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.cooperatives.models import TimelineEvent
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Comment, Receipt, ReportEvent
from app.questionnaire.queries import comments_of, current_receipt, events_of, remarks_of
from app.questionnaire.rules import Origin, Status, digest, status_after
from tests.support.answers import sound


def kinds(report):
    return [event.kind for event in events_of(report)]


def test_a_sound_report_is_filed_with_a_receipt_over_its_answers(desk):
    desk.save(**sound())
    receipt = desk.submit()
    report = desk.report()
    assert report.status is Status.SUBMITTED
    assert receipt.answers_digest == digest(report.answers)
    assert (receipt.declared_name, receipt.declared_position) == ("Cempaka Uji", "Ketua")
    assert receipt.event.answers == report.answers
    assert receipt.issued_at == report.submitted_at
    assert desk.cooperative.last_report_year == 2025


def test_an_incomplete_report_is_not_filed_and_every_gap_is_named(desk):
    desk.save(**sound(aset=None, shu=None))
    with pytest.raises(services.NotReady) as refused:
        desk.submit()
    assert {one.field for one in refused.value.findings if one.code == "wajib"} == {"aset", "shu"}
    assert desk.report().status is Status.DRAFT
    assert current_receipt(desk.report()) is None


def test_warnings_travel_with_the_report_and_do_not_stop_it(desk):
    desk.save(**sound(aset=50_000_000), aset_alasan="Angka tahun lalu yang keliru")
    desk.submit()
    report = desk.report()
    assert "aset_kurang_nol" in {one["code"] for one in report.findings}
    assert events_of(report)[-1].findings == report.findings


def test_sending_twice_gives_the_same_receipt(desk):
    desk.save(**sound())
    first = desk.submit().code
    assert desk.submit().code == first
    assert len(db.session.scalars(select(Receipt)).all()) == 1


@pytest.mark.parametrize(("name", "position", "field"), [("", "Ketua", "nama"), ("Cempaka", " ", "jabatan")])
def test_somebody_must_answer_for_the_report(desk, name, position, field):
    desk.save(**sound())
    with pytest.raises(RuleBroken) as refused, writing():
        services.submit(desk.report_inside(), by=desk.member, declared_name=name, declared_position=position)
    assert refused.value.field == field


def test_what_was_checked_is_what_is_sent(desk):
    seen = desk.save(**sound()).version
    desk.save(aset=500_000_001)
    with pytest.raises(services.Overtaken), writing():
        services.submit(
            desk.report_inside(),
            by=desk.member,
            declared_name="Cempaka Uji",
            declared_position="Ketua",
            base_version=seen,
        )
    assert desk.report().status is Status.DRAFT


def test_nothing_is_sent_after_the_year_has_closed(desk, april):
    desk.save(**sound())
    april.move_to(datetime(2027, 1, 5, 2, tzinfo=UTC))
    with pytest.raises(RuleBroken, match="sudah ditutup"):
        desk.submit()


def test_the_whole_way_leaves_events_that_say_the_state(desk):
    desk.file()
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    desk.save(aset=500_000_001)
    desk.submit()
    desk.move(Status.APPROVED)
    desk.move(Status.RETURNED, reason="SHU ternyata keliru.", codes=["shu"])
    report = desk.report()
    assert kinds(report) == ["started", "submitted", "returned", "submitted", "approved", "reopened"]
    assert status_after(kinds(report)) is report.status is Status.RETURNED
    assert [event.answers.get("aset") for event in events_of(report)][1:4] == [
        500_000_000,
        500_000_000,
        500_000_001,
    ]
    assert report.approved_at is None


def test_a_return_names_its_questions_and_its_reason(desk):
    desk.file()
    for reason, codes in (("", ["aset"]), ("Periksa.", []), ("Periksa.", ["tidak_ada"])):
        with pytest.raises(RuleBroken):
            desk.move(Status.RETURNED, reason=reason, codes=codes)
    desk.move(Status.RETURNED, reason="Periksa aset.\x00\nLihat neraca.", codes=["shu", "aset"])
    report = desk.report()
    assert report.open_codes == ["aset", "shu"]
    assert events_of(report)[-1].reason == "Periksa aset.\nLihat neraca."


def test_reopening_without_marks_opens_every_question(desk):
    desk.approve()
    desk.move(Status.RETURNED, reason="Semua angka tertukar dengan tahun lain.")
    assert len(desk.report().open_codes) == 24


def test_each_return_and_each_new_submission_make_a_new_receipt(desk):
    desk.save(**sound())
    first = desk.submit()
    first_code = first.code
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    second = desk.submit()
    assert second.code != first_code
    assert current_receipt(desk.report()).code == second.code


def test_approval_copies_identity_to_the_register_and_notes_it(desk):
    desk.approve(nama_ketua="Dahlia Baru", alamat="Jalan Uji Baru 9", tanggal_rat="2026-03-14")
    cooperative = desk.cooperative
    assert (cooperative.nama_ketua, cooperative.alamat) == ("Dahlia Baru", "Jalan Uji Baru 9")
    assert cooperative.kode_kecamatan == "35.73.01"
    assert cooperative.last_rat == date(2026, 3, 14)
    noted = [event.template for event in db.session.scalars(select(TimelineEvent).order_by(TimelineEvent.id))]
    assert "Laporan tahun buku %(year)s dikirim" in noted
    assert "Laporan tahun buku %(year)s disetujui" in noted


def test_until_approval_the_register_stands(desk):
    desk.file(nama_ketua="Dahlia Baru")
    assert desk.cooperative.nama_ketua is None


def test_an_older_year_approved_later_does_not_turn_the_register_back(desk, april):
    desk.approve(nama_ketua="Dahlia Baru")
    with writing():
        services.import_report(
            desk.cooperative, year=2023, answers={"nama_ketua": "Ketua Lama", "tanggal_rat": "2024-03-01"}
        )
    desk.move(Status.APPROVED, year=2023)
    assert desk.cooperative.nama_ketua == "Dahlia Baru"
    assert desk.cooperative.last_rat == date(2026, 3, 14)


def test_a_day_of_the_rat_that_was_corrected_leaves_the_register(desk):
    desk.approve(tanggal_rat="2026-03-28")
    assert desk.cooperative.last_rat == date(2026, 3, 28)
    for day, expected in (("2026-03-14", date(2026, 3, 14)), (None, None)):
        desk.move(Status.RETURNED, reason="Tanggal RAT keliru.", codes=["tanggal_rat", "status_rat"])
        desk.save(tanggal_rat=day, status_rat="Sudah RAT" if day else "Belum RAT")
        desk.submit()
        desk.move(Status.APPROVED)
        assert desk.report().status is Status.APPROVED
        assert desk.cooperative.last_rat == expected


def test_an_imported_report_is_approved_in_one_go_without_a_receipt_and_blanks_nothing(make_desk):
    desk = make_desk(nama_ketua="Dahlia Uji")
    with writing():
        services.import_report(
            desk.cooperative, year=2025, answers={"aset": 5_000_000, "alamat": "Jalan Impor 1"}
        )
    desk.move(Status.APPROVED)
    report = desk.report()
    assert (report.status, report.origin) == (Status.APPROVED, Origin.IMPORTED)
    assert status_after(kinds(report)) is Status.APPROVED
    assert current_receipt(report) is None
    assert (desk.cooperative.nama_ketua, desk.cooperative.alamat) == ("Dahlia Uji", "Jalan Impor 1")
    noted = {event.template for event in db.session.scalars(select(TimelineEvent))}
    assert "Laporan tahun buku %(year)s dikirim" not in noted


def test_an_imported_report_that_is_reopened_can_be_completed_and_sent(desk):
    known = sound()
    with writing():
        services.import_report(desk.cooperative, year=2025, answers={"aset": 5_000_000, "shu": 25_000_000})
    desk.move(Status.APPROVED)
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    assert {"aset", "modal_sendiri"} <= set(desk.report().open_codes)
    assert "shu" not in desk.report().open_codes  # answered, and not asked about
    desk.save(**known)
    desk.submit()
    assert desk.report().answers == known


def test_the_trail_holds_state_and_changed_answers_before_and_after(desk):
    desk.file()
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    desk.save(aset=500_000_001)
    desk.submit()
    entry = db.session.scalars(
        select(TrailEntry).where(TrailEntry.action == "report.submitted").order_by(TrailEntry.id.desc())
    ).first()
    assert entry.before == {"status": "returned", "aset": 500_000_000}
    assert entry.after == {"status": "submitted", "aset": 500_000_001}
    returned = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "report.returned")).one()
    assert returned.after == {"status": "returned", "reason": "Periksa aset.", "codes": ["aset"]}


def test_a_reviewer_who_is_late_is_told_who_was_quicker(desk, make_user):
    desk.file()
    seen = desk.report().version
    desk.move(Status.APPROVED)
    name = desk.operator.name
    with pytest.raises(services.Overtaken, match=f"disetujui oleh {name}"):
        desk.move(Status.RETURNED, reason="Periksa.", codes=["aset"], base_version=seen)
    with pytest.raises(services.Overtaken, match=f"disetujui oleh {name}"):
        desk.move(Status.APPROVED)


def test_a_review_of_an_older_submission_decides_nothing(desk):
    desk.file()
    seen = desk.report().version
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    desk.submit()
    with pytest.raises(services.Overtaken, match="dikirim lagi"):
        desk.move(Status.APPROVED, base_version=seen)
    assert desk.report().status is Status.SUBMITTED


def test_a_draft_cannot_be_approved(desk):
    desk.save(**sound())
    with pytest.raises(RuleBroken, match="tidak dapat menjadi"):
        desk.move(Status.APPROVED)


def test_a_comment_stands_beside_its_question_and_the_cooperative_reads_it_until_it_sends_again(desk):
    desk.file()
    with writing():
        services.comment(desk.report_inside(), question="aset", body=" Lihat neraca. ", by=desk.operator)
        services.comment(desk.report_inside(), question="aset", body="Juga lampirannya.", by=desk.operator)
        services.comment(desk.report_inside(), question="shu", body="Sudah benar.", by=desk.member)
    report = desk.report()
    assert [(one.question, one.by_staff) for one in comments_of(report)] == [
        ("aset", True),
        ("aset", True),
        ("shu", False),
    ]
    assert remarks_of(report) == {"aset": "Lihat neraca. Juga lampirannya."}
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    desk.submit()
    assert remarks_of(desk.report()) == {}


@pytest.mark.parametrize(("question", "body"), [("tidak_ada", "x"), ("aset", " \n"), ("aset", "x" * 2001)])
def test_a_comment_without_question_or_words_is_refused(desk, question, body):
    desk.file()
    with pytest.raises(RuleBroken), writing():
        services.comment(desk.report_inside(), question=question, body=body, by=desk.operator)
    assert db.session.scalars(select(Comment)).all() == []


def test_events_are_never_changed_by_later_saves(desk):
    desk.file()
    before = db.session.scalars(select(ReportEvent).order_by(ReportEvent.id)).all()[-1].answers
    desk.move(Status.RETURNED, reason="Periksa aset.", codes=["aset"])
    desk.save(aset=1)
    event = db.session.scalars(select(ReportEvent).where(ReportEvent.kind == "submitted")).one()
    assert event.answers == before
