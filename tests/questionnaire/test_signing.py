"""Where the office asks for two signatures, a report counts once a second, different office holder has agreed."""

import pytest
from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.questionnaire import services, signing
from app.questionnaire.models import Receipt, ReportEvent, Signature
from app.questionnaire.queries import report_of
from app.questionnaire.rules import Status
from app.questionnaire.waiting import SignatureState
from tests.questionnaire.conftest import DECLARED
from tests.support.answers import sound
from tests.support.parallel import at_once
from tests.support.pdf import text as text_of

YES, NO = {"tindakan": "setuju"}, {"tindakan": "tolak", "alasan": "SHU belum sesuai buku RAT"}


@pytest.fixture
def two(app):
    """The office asks for two."""
    app.config["SECOND_SIGNATURE"] = "1"
    yield
    app.config["SECOND_SIGNATURE"] = ""


class Board:
    """A cooperative's chair, who fills the report in, and the browsers of colleagues."""

    def __init__(self, desk, client_as, make_user, make_membership):
        self.desk, self.client_as = desk, client_as
        self.make_user, self.make_membership = make_user, make_membership
        self.chair = client_as(desk.member)
        self.address = f"/laporan/{desk.slug}/2025"

    def colleague(self, position="Sekretaris", **overrides):
        user = self.make_user(Role.COOPERATIVE, **overrides)
        self.make_membership(user, self.desk.cooperative, position=position)
        return user, self.client_as(user)

    def sign(self):
        self.desk.save(**sound())
        return self.chair.post(f"{self.address}/kirim", data=DECLARED)

    def decide(self, client, deed):
        version = self.desk.report().version
        return client.post(f"{self.address}/tanda-tangan", data={"versi": version, **deed})

    def signature(self):
        db.session.rollback()
        return db.session.scalars(select(Signature).order_by(Signature.id.desc())).first()


@pytest.fixture
def board(two, desk, client_as, make_user, make_membership):
    return Board(desk, client_as, make_user, make_membership)


def receipts():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Receipt))


def test_one_signature_is_enough_unless_the_office_asks_for_two(desk, client_as, make_user, make_membership):
    answer = Board(desk, client_as, make_user, make_membership).sign()
    assert answer.location.endswith("/terkirim")
    assert desk.report().status is Status.SUBMITTED


def test_the_first_signature_waits_and_the_second_one_is_told_by_email(board):
    second, _client = board.colleague()
    answer = board.sign()
    assert answer.location == f"{board.address}/tanda-tangan"
    assert board.desk.report().status is Status.DRAFT
    assert receipts() == 0
    page = board.chair.get(answer.location)
    assert second.name in page.text
    assert 'value="setuju"' not in page.text
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "report.second")).one()
    assert mail.to_address == second.email
    assert f"{board.address}/tanda-tangan" in mail.body


def test_the_second_agrees_and_both_names_stand_on_receipt_and_history(board):
    second, client = board.colleague()
    board.sign()
    assert 'value="setuju"' in client.get(f"{board.address}/tanda-tangan").text
    answer = board.decide(client, YES)
    assert answer.location == f"{board.address}/terkirim"
    report = board.desk.report()
    assert report.status is Status.SUBMITTED
    assert not report.waits
    receipt = db.session.scalars(select(Receipt)).one()
    assert (receipt.declared_name, receipt.second_name, receipt.second_position) == (
        DECLARED["nama"], second.name, "Sekretaris",
    )  # fmt: skip
    for name in (DECLARED["nama"], second.name):
        assert name in client.get(answer.location).text
        assert name in text_of(client.get(f"{board.address}/bukti.pdf").data)
        assert name in client.get(board.address).text  # its history
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "report.signature")).one()
    assert told.to_address == board.desk.member.email


def test_pressing_twice_or_at_once_gives_one_receipt(board, app):
    second, client = board.colleague()
    board.sign()
    desk, person_id = board.desk, second.id

    def press():
        from app.accounts.models import User
        from app.cooperatives.models import Cooperative

        report = report_of(db.session.get_one(Cooperative, desk.cooperative_id), 2025)
        return signing.confirm_second(report, by=db.session.get_one(User, person_id)).code

    assert len(set(at_once(app, press, press, press))) == 1
    assert board.decide(client, YES).location == f"{board.address}/terkirim"
    assert receipts() == 1


def test_signing_twice_asks_once(board):
    board.colleague()
    board.sign()
    board.chair.post(f"{board.address}/kirim", data=DECLARED)
    assert db.session.scalar(select(func.count()).select_from(Signature)) == 1
    assert db.session.scalar(select(func.count()).where(OutboxMessage.kind == "report.second")) == 1


def test_the_second_declines_with_a_reason_that_the_first_reads(board):
    _second, client = board.colleague()
    board.sign()
    blank = board.decide(client, {**NO, "alasan": " "})
    assert blank.status_code == 422
    assert 'id="alasan-error"' in blank.text
    board.decide(client, NO)
    assert board.signature().state is SignatureState.DECLINED
    report = board.desk.report()
    assert report.status is Status.DRAFT
    assert not report.waits
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "report.signature")).one()
    assert NO["alasan"] in told.body
    assert NO["alasan"] in board.chair.get("/laporan").text
    board.desk.save(shu=19_000_000)
    board.chair.post(f"{board.address}/kirim", data=DECLARED)
    board.decide(client, YES)
    assert board.desk.report().status is Status.SUBMITTED


def test_an_answer_changed_in_between_voids_the_first_signature(board):
    _second, client = board.colleague()
    board.sign()
    seen = board.desk.report().version
    board.desk.save(shu=19_000_000)
    page = client.get(f"{board.address}/tanda-tangan").text
    assert "gugur" in page
    assert 'value="setuju"' not in page
    for version in (seen, board.desk.report().version):
        answer = client.post(f"{board.address}/tanda-tangan", data={**YES, "versi": version})
        assert answer.status_code == 422
    assert receipts() == 0
    board.chair.post(f"{board.address}/kirim", data=DECLARED)
    board.decide(client, YES)
    assert receipts() == 1


@pytest.mark.parametrize("who", ["the first", "a namesake", "a plain member", "an inactive colleague"])
def test_nobody_but_a_different_active_office_holder_can_be_the_second(board, who):
    if who == "the first":
        client = board.chair
    elif who == "a namesake":
        _user, client = board.colleague(name="  CEMPAKA   uji ")
    elif who == "a plain member":
        _user, client = board.colleague("Staf")
    else:
        from app.core.database import now

        _user, client = board.colleague(deactivated_at=now())
    board.sign()
    answer = board.decide(client, YES)
    assert answer.status_code in {302, 422}
    assert receipts() == 0
    assert board.decide(client, NO).status_code in {302, 422}
    assert board.signature().state is SignatureState.WAITING


def test_strangers_find_no_such_page(board, make_user, make_membership, make_cooperative):
    board.colleague()
    board.sign()
    other = board.make_user(Role.COOPERATIVE)
    make_membership(other, make_cooperative())
    for user in (other, board.desk.operator, make_user(Role.ADMIN)):
        client = board.client_as(user)
        assert client.get(f"{board.address}/tanda-tangan").status_code == 404
        assert board.decide(client, YES).status_code == 404


def test_who_is_alone_is_told_what_to_do_and_an_operator_can_waive_with_a_reason(board):
    page = board.chair.get(board.sign().location).text
    assert "Belum ada pengurus lain" in page
    assert f"/daftar/koperasi/{board.desk.slug}" in page
    operator = board.client_as(board.desk.operator)
    address = f"/dinas/koperasi/{board.desk.slug}/laporan/2025"
    assert "Menunggu tanda tangan kedua" in operator.get(address).text
    blank = operator.post(address, data={"tindakan": "bebaskan", "alasan": ""})
    assert blank.status_code == 422
    operator.post(address, data={"tindakan": "bebaskan", "alasan": "Sekretaris sedang dirawat"})
    assert board.desk.report().status is Status.SUBMITTED
    assert board.signature().state is SignatureState.WAIVED
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "report.signature_waived")).one()
    assert (entry.actor_name, entry.after["reason"]) == (
        board.desk.operator.name,
        "Sekretaris sedang dirawat",
    )
    assert db.session.scalars(select(Receipt)).one().second_name == ""


def test_nobody_but_an_operator_waives(board):
    board.sign()
    answer = board.chair.post(
        f"/dinas/koperasi/{board.desk.slug}/laporan/2025", data={"tindakan": "bebaskan", "alasan": "x"}
    )
    assert answer.status_code == 403
    assert receipts() == 0


def test_the_first_takes_it_back(board):
    _second, client = board.colleague()
    board.sign()
    board.decide(client, {"tindakan": "tarik"})
    assert board.signature().state is SignatureState.WAITING
    board.decide(board.chair, {"tindakan": "tarik"})
    assert board.signature().state is SignatureState.VOID
    assert board.decide(client, YES).status_code in {302, 422}
    assert receipts() == 0


def test_the_page_of_reports_shows_whose_signature_is_awaited(board):
    _second, client = board.colleague()
    board.sign()
    for reader in (board.chair, client):
        page = reader.get("/laporan").text
        assert "Menunggu tanda tangan kedua" in page
        assert f"{board.address}/tanda-tangan" in page


def test_a_code_counts_as_the_first_signature(board, client):
    from tests.questionnaire.test_helped import DECLARED as BY_CODE
    from tests.questionnaire.test_helped import Counter

    _second, colleague = board.colleague()
    counter = Counter(board.desk, board.client_as(board.desk.operator), client)
    page = counter.visitor.post("/konfirmasi/setuju", data={"kode": counter.finished(), **BY_CODE})
    assert "Kantor meminta dua pengurus" in page.text
    assert receipts() == 0
    board.decide(colleague, YES)
    receipt = db.session.scalars(select(Receipt)).one()
    assert (receipt.declared_name, receipt.second_position) == (BY_CODE["nama"], "Sekretaris")


def test_a_report_with_errors_gets_no_signature(board):
    board.colleague()
    board.desk.save(**sound(aset=None))
    assert board.chair.post(f"{board.address}/kirim", data=DECLARED).status_code == 422
    assert board.signature() is None


def test_the_setting_can_be_turned_off_while_somebody_waits(board, app):
    board.colleague()
    board.sign()
    app.config["SECOND_SIGNATURE"] = ""
    board.chair.post(f"{board.address}/kirim", data=DECLARED)
    assert board.desk.report().status is Status.SUBMITTED
    assert board.signature().state is SignatureState.VOID


def test_every_step_stands_in_the_history(board):
    _second, client = board.colleague()
    board.sign()
    board.decide(client, NO)
    board.chair.post(f"{board.address}/kirim", data=DECLARED)
    board.decide(client, YES)
    kinds = list(db.session.scalars(select(ReportEvent.kind).order_by(ReportEvent.id)))
    assert kinds == ["started", "signed", "signature_declined", "signed", "submitted"]
    page = client.get(board.address).text
    assert "Pengurus kedua menolak menandatangani" in page
    assert services.sign is signing.sign
    with writing():
        pass
