"""Several people at the same moment, on real connections: everyone ends well, and nothing is written twice."""

from sqlalchemy import func, select

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.questionnaire import services, totals
from app.questionnaire.models import Edition, Receipt, Report, ReportEvent
from app.questionnaire.queries import report_of
from app.questionnaire.rules import Status, status_after
from tests.support.answers import sound
from tests.support.parallel import at_once


def save(desk, base, **values):
    """A first or later save, as the route does it."""

    def deed():
        person = db.session.get_one(User, desk.member_id)
        report = services.start_report(
            db.session.get_one(Cooperative, desk.cooperative_id), year=2025, by=person
        )
        return services.save_answers(report, values=values, base_version=base, by=person)

    return deed


def send(desk):
    def deed():
        cooperative = db.session.get_one(Cooperative, desk.cooperative_id)
        return services.submit(
            report_of(cooperative, 2025),
            by=db.session.get_one(User, desk.member_id),
            declared_name="Cempaka Uji",
            declared_position="Ketua",
        ).code

    return deed


def decide(desk, to, person_id, **more):
    def deed():
        cooperative = db.session.get_one(Cooperative, desk.cooperative_id)
        report = report_of(cooperative, 2025)
        return services.move(report, to=to, by=db.session.get_one(User, person_id), **more).kind

    return deed


def test_two_first_saves_at_once_make_one_report_with_both_peoples_answers(app, desk):
    done = at_once(app, save(desk, 0, aset=5), save(desk, 0, shu=3), save(desk, 0, modal_luar=1))
    assert all(isinstance(outcome, services.SaveResult) and not outcome.conflicts for outcome in done)
    assert desk.report().answers == {"aset": 5, "shu": 3, "modal_luar": 1}
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1
    assert [event.kind for event in db.session.scalars(select(ReportEvent))] == ["started"]


def test_two_first_saves_of_the_same_field_leave_one_value_and_one_conflict(app, desk):
    done = at_once(app, save(desk, 0, aset=5), save(desk, 0, aset=7))
    conflicts = [outcome.conflicts for outcome in done if outcome.conflicts]
    assert len(conflicts) == 1
    assert {conflicts[0]["aset"].mine, conflicts[0]["aset"].theirs} == {5, 7}
    assert desk.report().answers["aset"] == conflicts[0]["aset"].theirs


def test_many_saves_of_different_fields_lose_nothing(app, desk):
    version = desk.save(nama_ketua="Cempaka Uji").version
    fields = {
        "aset": 1,
        "shu": 2,
        "modal_luar": 3,
        "modal_sendiri": 4,
        "volume_usaha": 5,
        "jumlah_karyawan": 6,
    }
    at_once(app, *(save(desk, version, **{field: value}) for field, value in fields.items()))
    assert desk.report().answers == {"nama_ketua": "Cempaka Uji", **fields}
    assert desk.report().version == version + len(fields)


def test_sending_twice_at_once_makes_one_receipt(app, desk):
    desk.save(**sound())
    first, second = at_once(app, send(desk), send(desk))
    assert first == second
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_a_save_against_a_submission_is_either_in_it_or_refused(app, desk):
    for turn in range(4):
        if turn:
            desk.move(Status.RETURNED, reason="Lagi.", codes=["aset", "shu"])
        version = desk.save(**{"aset": 500_000_000 + turn, "shu": 25_000_000} if turn else sound()).version
        saved, _ = at_once(app, save(desk, version, shu=26_000_000 + turn), send(desk))
        report = desk.report()
        event = db.session.scalars(select(ReportEvent).order_by(ReportEvent.id.desc())).first()
        assert event.answers == report.answers  # what stands is what was declared
        assert (report.answers["shu"] == 26_000_000 + turn) is isinstance(saved, services.SaveResult)


def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(app, desk, make_user):
    other = make_user(name="Petugas Lain").id
    desk.file()
    seen = desk.report().version
    outcomes = at_once(
        app,
        decide(desk, Status.APPROVED, desk.operator_id, base_version=seen),
        decide(desk, Status.RETURNED, other, reason="Periksa.", codes=["aset"], base_version=seen),
    )
    told = [outcome for outcome in outcomes if isinstance(outcome, services.Overtaken)]
    assert len(told) == 1
    report = desk.report()
    winner = outcomes[0] if told[0] is outcomes[1] else outcomes[1]
    assert report.status == winner
    kinds = [event.kind for event in db.session.scalars(select(ReportEvent).order_by(ReportEvent.id))]
    assert status_after(kinds) is report.status
    assert totals.kept() == totals.counted()


def test_two_approvals_at_once_count_once(app, desk, make_user):
    other = make_user(name="Petugas Lain").id
    desk.file()
    outcomes = at_once(
        app, decide(desk, Status.APPROVED, desk.operator_id), decide(desk, Status.APPROVED, other)
    )
    assert sum(outcome == "approved" for outcome in outcomes) == 1
    assert totals.kept()[2025, "35.73.01", "aset"] == [1, 500_000_000]


def test_approvals_of_several_reports_at_once_keep_the_totals_in_step(app, make_desk):
    desks = [make_desk() for _ in range(5)]
    for number, desk in enumerate(desks):
        desk.file(aset=500_000_000 + number)
    at_once(app, *(decide(desk, Status.APPROVED, desk.operator_id) for desk in desks))
    assert totals.kept() == totals.counted()
    assert totals.kept()[2025, "35.73.01", "aset"] == [5, 2_500_000_010]


def test_an_approval_while_the_totals_are_rebuilt_is_counted(app, make_desk):
    desks = [make_desk() for _ in range(3)]
    for desk in desks:
        desk.file()
    at_once(app, *(decide(desk, Status.APPROVED, desk.operator_id) for desk in desks), services.rebuild)
    assert totals.kept() == totals.counted()


def test_two_who_need_a_new_edition_at_once_get_the_same_one(app, make_desk):
    desk = make_desk()

    def edition():
        return services.edition_for(2019).id

    first, second = at_once(app, edition, edition)
    assert first == second
    assert db.session.scalar(select(func.count()).where(Edition.year == 2019)) == 1
    assert desk.cooperative_id


def test_a_question_added_while_somebody_begins_is_in_the_report_or_refused(app, make_desk):
    desk = make_desk()
    solar = {"code": "listrik_surya", "section": 4, "label": "Listrik tenaga surya", "type": "integer"}

    def add():
        edition = db.session.scalars(select(Edition).where(Edition.year == 2025)).one()
        return services.add_question(edition, solar)

    added, saved = at_once(app, add, save(desk, 0, aset=5))
    assert isinstance(saved, services.SaveResult)
    asked = services.edition_for(2025).questions["questions"]
    db.session.rollback()
    assert isinstance(added, RuleBroken) is ("listrik_surya" not in {one["code"] for one in asked})
