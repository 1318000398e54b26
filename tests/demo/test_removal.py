"""``demo remove`` takes the demonstration out, and leaves what real people made beside it as it was."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, inspect, select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.audit.verification import verify
from app.content.models import ContentPage
from app.cooperatives import services as cooperatives
from app.cooperatives.models import ActivationCode, Cooperative, Listing, Membership, MembershipState
from app.core.access import Role
from app.core.database import Base, now
from app.core.extensions import db
from app.core.writing import writing
from app.demo import loader, removal
from app.intake.models import ImportJob, ImportRow
from app.notifications.models import OutboxMessage
from app.notifications.services import queue_email
from app.questionnaire import services as questionnaire
from app.questionnaire import totals
from app.questionnaire.models import (
    AnswerChange,
    Comment,
    Edition,
    KeptTotal,
    Receipt,
    Report,
    ReportEvent,
)
from app.questionnaire.receipts import Verdict
from app.questionnaire.receipts import verify as verify_receipt
from app.questionnaire.rules import Status
from app.review import services as review
from app.review.models import Assignment
from tests.support.answers import sound
from tests.support.databases import Memory

SOME = 40
UKM = 60
pytestmark = pytest.mark.xdist_group("demo, removed")
TO_PEOPLE = {"actor_id", "author_id", "created_by_id", "decided_by_id"}


@pytest.fixture(autouse=True)
def august():
    """A day on which book year 2025 is open, whenever the tests run."""
    with time_machine.travel(datetime(2026, 8, 3, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture(scope="module")
def memory(tested_app):
    """The demonstration as it was loaded first: the removal is looked at, not the loading."""
    memory = Memory()
    yield memory
    with tested_app.app_context():
        memory.forget(db.engine)


@pytest.fixture
def loaded(app, memory):
    memory.fill(db.engine, Base.metadata, lambda: loader.load(SOME, UKM))


def person(email):
    return db.session.scalars(select(User).where(User.email == email)).one()


def rows_of(model, **conditions):
    """The rows of ``model`` as plain values by id, without the version counters of the mapper."""
    query = select(model).filter_by(**conditions)
    columns = [attribute.key for attribute in inspect(model).column_attrs]
    return {row.id: {key: getattr(row, key) for key in columns} for row in db.session.scalars(query)}


@pytest.fixture
def real(loaded, make_user, make_cooperative, make_membership):
    """A real cooperative whose report a demonstration operator returned and approved, as happens when an office tries the site
    out and then stays.
    """
    member = make_user(Role.COOPERATIVE, name="Orang Sungguhan")
    place = {"kode_kelurahan": "35.73.01.1001", "kode_kecamatan": "35.73.01"}
    cooperative = make_cooperative(nama_koperasi="Koperasi Sungguhan", **place)
    make_membership(member, cooperative, decided_by_id=person("operator@contoh.example").id)
    with writing() as session:
        operator, by = person("operator@contoh.example"), session.get_one(User, member.id)
        report = questionnaire.start_report(session.get_one(Cooperative, cooperative.id), year=2025, by=by)
        values = sound(nama_koperasi="Koperasi Sungguhan")
        questionnaire.save_answers(report, values=values, base_version=report.version, by=by)
        declared = {"declared_name": "Orang Sungguhan", "declared_position": "Ketua"}
        questionnaire.submit(report, by=by, **declared)
        comments = {"aset": "Cocokkan dengan neraca."}
        review.take(report, by=operator)
        review.send_back(
            report,
            codes=["aset"],
            reason="Periksa aset.",
            comments=comments,
            by=operator,
            seen=report.version,
        )
        questionnaire.submit(report, by=by, **declared)
        review.approve(report, comments={}, by=operator, seen=report.version)
        cooperatives.issue_code(session.get_one(Cooperative, cooperative.id), by=operator)
    return cooperative.id


def test_nothing_of_the_demonstration_is_left(loaded):
    told = removal.remove()
    assert told.startswith(f"Data peragaan dihapus: {SOME + 2} koperasi, ")
    assert not loader.is_loaded()
    assert loader.is_empty()
    stays = {"trail_entry", "trail_head", "edition", "content_page"}
    for table in Base.metadata.sorted_tables:
        left = db.session.scalar(select(func.count()).select_from(table))
        assert table.name in stays or left == 0, table.name
    assert sorted(db.session.scalars(select(Edition.year))) == [2025, 2026]
    for page in db.session.scalars(
        select(ContentPage)
    ):  # the texts of the site itself, which nobody has checked
        assert (page.seed is not None, page.checked_at, page.owner_id, page.unit) == (True, None, None, "")
    assert removal.remove() == "Tidak ada data peragaan."


def test_the_trail_stays_and_tells_of_it(loaded):
    before = db.session.scalar(select(func.count()).select_from(TrailEntry))
    removal.remove()
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "demo.removed")).one()
    assert entry.before["koperasi"] == SOME + 2
    assert db.session.scalar(select(func.count()).select_from(TrailEntry)) > before
    assert not verify().fault


def test_a_real_cooperative_keeps_every_row(real):
    report_id = db.session.scalar(select(Report.id).where(Report.cooperative_id == real))
    kept = (
        (Cooperative, {"id": real}),
        (Report, {"id": report_id}),
        (ReportEvent, {"report_id": report_id}),
        (AnswerChange, {"report_id": report_id}),
        (Comment, {"report_id": report_id}),
        (Receipt, {"report_id": report_id}),
        (Membership, {"cooperative_id": real}),
        (ActivationCode, {"cooperative_id": real}),
    )
    demo = set(db.session.scalars(select(User.id).where(User.is_demo)))
    before = [rows_of(model, **conditions) for model, conditions in kept]
    removal.remove()
    for (model, conditions), earlier in zip(kept, before, strict=True):
        for row in earlier.values():  # only the reference to a demonstration account goes, its name stays
            row |= {key: None for key in TO_PEOPLE & row.keys() if row[key] in demo}
        assert earlier
        assert rows_of(model, **conditions) == earlier
    names = set(db.session.scalars(select(ReportEvent.actor_name)))
    assert names == {"Orang Sungguhan", "Kenanga Contoh"}


def test_its_report_counts_and_its_receipt_verifies_as_before(real):
    removal.remove()
    assert totals.kept() == totals.counted()
    assert {row.reports for row in db.session.scalars(select(KeptTotal))} == {1}
    report = db.session.scalars(select(Report)).one()
    assert report.status is Status.APPROVED
    codes = db.session.scalars(select(Receipt.code).order_by(Receipt.id)).all()
    assert [verify_receipt(code).verdict for code in codes] == [Verdict.REPLACED, Verdict.VALID]


def test_what_a_demonstration_person_had_at_a_real_cooperative_goes(real):
    with writing() as session:
        cooperative, operator = session.get_one(Cooperative, real), person("operator@contoh.example")
        claimant = session.scalars(
            select(User).where(User.is_demo, User.email.endswith("@koperasi.example")).limit(1)
        ).one()
        cooperatives.claim(claimant, cooperative, position="Bendahara")
        code = cooperatives.issue_code(cooperative, by=operator)
        second = session.scalars(
            select(User)
            .where(User.is_demo, User.email.endswith("@koperasi.example"), User.id != claimant.id)
            .limit(1)
        ).one()
        cooperatives.redeem_code(second, code, position="Sekretaris")
        report = questionnaire.start_report(cooperative, year=2024, by=second)
        review.take(report, by=operator)
    removal.remove()
    assert {one.user.name for one in db.session.scalars(select(Membership))} == {"Orang Sungguhan"}
    assert db.session.scalars(select(ActivationCode)).one().used_at is None
    assert db.session.scalars(select(Assignment)).all() == []
    assert set(db.session.scalars(select(Report.year))) == {2024, 2025}
    assert set(db.session.scalars(select(Edition.year))) == {2024, 2025, 2026}


def test_a_real_person_who_tried_a_demonstration_cooperative_stays(loaded, make_user, make_membership):
    person = make_user(Role.COOPERATIVE, name="Orang Sungguhan")
    make_membership(person, db.session.scalars(select(Cooperative).limit(1)).one())
    with writing():
        queue_email(kind="x", to_name=person.name, to_address=person.email, subject="s", body="b")
    removal.remove()
    assert db.session.scalars(select(User)).one().name == "Orang Sungguhan"
    assert db.session.scalars(select(Membership)).all() == []
    assert db.session.scalars(select(OutboxMessage)).one().to_address == person.email


def test_proposals_made_while_trying_go_but_not_those_that_a_real_person_shares(loaded, make_user):
    real = make_user(Role.COOPERATIVE)
    values = {"nomor_badan_hukum": "518/1/2001", "alamat": "Jalan Uji 1", "jenis_koperasi": "Jasa"}
    with writing() as session:
        for name, proposer in (
            ("Koperasi Coba-coba", person("koperasi@contoh.example")),
            ("Koperasi Sungguh-sungguh", session.get_one(User, real.id)),
        ):
            cooperatives.propose(proposer, {"nama_koperasi": name} | values, position="Ketua")
    removal.remove()
    left = db.session.scalars(select(Cooperative)).one()
    assert (left.nama_koperasi, left.listing) == ("Koperasi Sungguh-sungguh", Listing.PROPOSED)
    assert db.session.scalars(select(Membership)).one().state is MembershipState.PENDING


def test_an_imported_file_stays_with_its_rows(loaded):
    with writing() as session:
        job = ImportJob(
            filename="daftar.csv",
            content=b"nama",
            columns=[],
            counts={},
            created_by_id=person("operator@contoh.example").id,
        )
        session.add(job)
        session.flush()
        some = session.scalars(select(Cooperative.id).limit(1)).one()
        session.add(
            ImportRow(
                job_id=job.id,
                row_number=2,
                outcome="changed",
                name="Melati",
                cooperative_id=some,
                reading={},
                plan={},
                notes=[],
                raw=[],
            )
        )
    removal.remove()
    row = db.session.scalars(select(ImportRow)).one()
    assert (row.cooperative_id, row.name) == (None, "Melati")
    assert db.session.scalars(select(ImportJob)).one().created_by_id is None


def test_an_edition_whose_questions_were_changed_stays(loaded):
    with writing() as session:
        edition = session.scalars(select(Edition).where(Edition.year == 2026)).one()
        question = {"code": "omzet_daring", "section": 4, "label": "Omzet daring", "type": "rupiah"}
        questionnaire.add_question(edition, question)
    removal.remove()
    found = db.session.scalars(select(Edition).where(Edition.year == 2026)).one()
    assert "omzet_daring" in str(found.questions)
    assert found.opens > date(2026, 12, 31) > now().date()


def test_after_it_the_demonstration_can_be_loaded_anew(loaded):
    removal.remove()
    assert f"{SOME} koperasi fiktif" in loader.load(SOME, UKM)


def test_every_reference_is_either_emptied_or_goes_along():
    """A table that refers to what goes is dealt with without being named: here it is seen which way."""
    doomed = removal.doomed_rows()
    assert {"report", "report_event", "receipt", "timeline_event", "assignment"} <= doomed.keys()
    assert doomed.keys().isdisjoint({"edition", "import_job", "trail_entry", "kept_total"})
