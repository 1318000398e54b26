"""The office types a report for a caller or visitor; it counts once the cooperative has confirmed it with its code."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.cooperatives.models import TimelineEvent
from app.cooperatives.rules import new_activation_code
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.questionnaire import helping, services
from app.questionnaire.models import Help, Receipt, Report
from app.questionnaire.rules import Origin, Status
from app.questionnaire.waiting import HelpState
from tests.questionnaire.conftest import typed
from tests.support.answers import sound
from tests.support.parallel import at_once
from tests.support.pdf import text as text_of
from tests.support.queries import count_queries

CALLER = {"tindakan": "mulai", "saluran": "telepon", "nama": "Kenanga Uji", "jabatan": "Bendahara"}
DECLARED = {"nama": "Kenanga Uji", "jabatan": "Bendahara", "pernyataan": "1"}


class Counter:
    """The operator's browser at the cooperative's staff address, and the visitor's beside it."""

    def __init__(self, desk, client, visitor):
        self.desk, self.client, self.visitor = desk, client, visitor
        self.address = f"/dinas/koperasi/{desk.slug}/laporan/2025"

    def start(self, **more):
        return self.client.post(self.address, data={**CALLER, **more})

    def type(self, section, go="simpan", **fields):
        page = self.client.get(f"{self.address}/isi?bagian={section}").text
        version = re.search(r'name="versi" value="(\d+)"', page)[1]
        return self.client.post(
            f"{self.address}/isi?bagian={section}", data={"versi": version, "ke": go, **fields}
        )

    def type_all(self, **changes):
        for section in (1, 2, 3, 4):
            assert self.type(section, **typed(section, sound(**changes))).status_code == 303

    def code(self):
        """Finish, and the code on the slip."""
        page = self.client.post(f"{self.address}/kode")
        assert page.status_code == 200, page.text
        return re.search(r'class="code-value[^"]*">([^<]+)<', page.text)[1].strip()

    def finished(self, **changes):
        self.start()
        self.type_all(**changes)
        return self.code()

    def help(self):
        db.session.rollback()
        return db.session.scalars(select(Help).order_by(Help.id.desc())).first()


@pytest.fixture
def counter(desk, client_as, client):
    return Counter(desk, client_as(desk.operator), client)


def test_an_operator_types_for_a_caller_and_the_code_makes_it_count(counter):
    code = counter.finished()
    report = counter.desk.report()
    assert (report.status, report.origin) == (Status.DRAFT, Origin.ASSISTED)
    page = counter.visitor.post("/konfirmasi", data={"kode": code.lower().replace("-", " ")})
    assert page.status_code == 200
    assert sound()["nama_koperasi"] in page.text
    assert "Kenanga Uji" in page.text
    done = counter.visitor.post("/konfirmasi/setuju", data={"kode": code, **DECLARED})
    receipt = db.session.scalars(select(Receipt)).one()
    assert receipt.code in done.text
    report = counter.desk.report()
    assert (report.status, report.origin) == (Status.SUBMITTED, Origin.ASSISTED)
    assert receipt.declared_name == "Kenanga Uji"
    assert counter.help().state is HelpState.CONFIRMED
    paper = counter.visitor.post("/konfirmasi/bukti.pdf", data={"kode": code})
    assert receipt.code in text_of(paper.data)


def test_what_the_operator_types_is_saved_by_itself(counter, client_as):
    counter.start()
    page = counter.client.get(f"{counter.address}/isi?bagian=4").text
    address = f"{counter.address}/isi/simpan?bagian=4"
    assert f'data-autosave="{address}"' in page
    assert 'data-unsaved=""' not in page
    said = {"id": "a" * 32, "version": 0, "fields": {"aset": "5.000.000"}}
    json = {"headers": [("Accept", "application/json")], "json": said}
    answer = counter.client.post(address, **json)
    assert (answer.status_code, answer.json["conflicts"]) == (200, {}), answer.text
    assert counter.client.post(address, **json).json["version"] == answer.json["version"], "taken once"
    report = counter.desk.report()
    assert (report.answers, report.origin) == ({"aset": 5_000_000}, Origin.ASSISTED)
    assert counter.client.get(address).json["version"] == report.version
    assert client_as(counter.desk.member).post(address, **json).status_code == 403


def test_a_save_by_itself_voids_the_code_and_ends_with_the_help(counter):
    counter.finished()
    sent = {"headers": [("Accept", "application/json")]}
    address, version = f"{counter.address}/isi/simpan?bagian=4", counter.desk.report().version
    changed = {"id": "b" * 32, "version": version, "fields": {"shu": "26.000.000"}}
    assert counter.client.post(address, json=changed, **sent).status_code == 200
    assert counter.help().state is HelpState.TYPING
    counter.client.post(counter.address, data={"tindakan": "akhiri"})
    late = changed | {"id": "c" * 32, "fields": {"shu": "27.000.000"}}
    answer = counter.client.post(address, json=late, **sent)
    assert (answer.status_code, answer.json["code"]) == (409, "refused")
    assert counter.desk.report().answers["shu"] == 26_000_000


def test_trail_and_timeline_tell_who_helped_and_who_confirmed(counter):
    code = counter.finished()
    counter.visitor.post("/konfirmasi/setuju", data={"kode": code, **DECLARED})
    told = {(event.template, event.actor_name) for event in db.session.scalars(select(TimelineEvent))}
    operator = counter.desk.operator.name
    assert (
        "Petugas membantu mengisi laporan tahun buku %(year)s lewat telepon bersama %(spoke)s",
        operator,
    ) in told
    assert ("Laporan tahun buku %(year)s dikirim", "Kenanga Uji") in told
    trail = {
        (entry.action, entry.actor_name): entry.after for entry in db.session.scalars(select(TrailEntry))
    }
    assert trail["report.help_started", operator]["spoke"] == "Kenanga Uji (Bendahara)"
    sent = trail["report.submitted", "Kenanga Uji"]
    assert f"Dibantu oleh {operator} (lewat telepon, bersama Kenanga Uji)" in sent["reason"]
    assert code.replace("-", "") not in str(list(trail.values()))


def test_without_the_codes_yes_nothing_is_submitted_and_the_operator_cannot_give_it(counter):
    counter.finished()
    assert counter.desk.report().status is Status.DRAFT
    assert counter.client.post(f"/laporan/{counter.desk.slug}/2025/kirim", data=DECLARED).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 0


def test_pressing_twice_or_at_once_gives_one_receipt(counter, app):
    code = counter.finished().replace("-", "")

    def press():
        return helping.confirm_help(code, name="Kenanga Uji", position="Bendahara").receipt.code

    numbers = at_once(app, press, press, press)
    assert len(set(numbers)) == 1
    again = counter.visitor.post("/konfirmasi/setuju", data={"kode": code, **DECLARED})
    assert numbers[0] in again.text
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_an_answer_that_changes_after_the_code_voids_it(counter):
    code = counter.finished()
    counter.type(4, **{**typed(4), "shu": "19.000.000"})
    answer = counter.visitor.post("/konfirmasi/setuju", data={"kode": code, **DECLARED})
    assert answer.status_code == 422
    assert counter.desk.report().status is Status.DRAFT
    again = counter.code()
    counter.visitor.post("/konfirmasi/setuju", data={"kode": again, **DECLARED})
    assert counter.desk.report().status is Status.SUBMITTED


def test_a_member_who_changes_an_answer_voids_the_code_too(counter):
    code = counter.finished()
    counter.desk.save(shu=19_000_000)
    answer = counter.visitor.post("/konfirmasi", data={"kode": code})
    assert answer.status_code == 422
    assert "Jawaban berubah sejak kode ini dibuat" in answer.text
    assert "19.000.000" not in answer.text


def test_a_new_code_replaces_the_old_one(counter):
    old, new = counter.finished(), counter.code()
    assert "tidak kami kenal" in counter.visitor.post("/konfirmasi", data={"kode": old}).text
    assert counter.visitor.post("/konfirmasi", data={"kode": new}).status_code == 200


def test_something_wrong_goes_back_to_the_operator_with_the_remark(counter):
    code = counter.finished()
    blank = counter.visitor.post("/konfirmasi/keliru", data={"kode": code, "keliru": " "})
    assert blank.status_code == 422
    assert 'id="keliru-error"' in blank.text
    answer = counter.visitor.post(
        "/konfirmasi/keliru", data={"kode": code, "keliru": "SHU seharusnya 19 juta"}
    )
    assert answer.status_code == 200
    assert counter.help().state is HelpState.DISPUTED
    assert "SHU seharusnya 19 juta" in counter.client.get(counter.address).text
    assert "SHU seharusnya 19 juta" in counter.client.get("/dinas/bantuan").text
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "report.disputed")).one()
    assert mail.to_address == counter.desk.operator.email
    assert counter.visitor.post("/konfirmasi/setuju", data={"kode": code, **DECLARED}).status_code == 422
    counter.type(4, **{**typed(4), "shu": "19.000.000"})
    counter.visitor.post("/konfirmasi/setuju", data={"kode": counter.code(), **DECLARED})
    assert counter.desk.report().answers["shu"] == 19_000_000


def test_an_active_member_confirms_without_a_code(counter, client_as):
    counter.finished()
    member = client_as(counter.desk.member)
    page = member.get(f"/laporan/{counter.desk.slug}/2025/tanda-tangan")
    assert counter.desk.operator.name in page.text
    member.post(
        f"/laporan/{counter.desk.slug}/2025/kirim",
        data={"nama": "Cempaka Uji", "jabatan": "Ketua", "pernyataan": "1"},
    )
    assert counter.desk.report().status is Status.SUBMITTED
    assert counter.help().state is HelpState.CONFIRMED
    assert counter.help().settled_name == counter.desk.member.name


@pytest.mark.parametrize("kode", ["", "ABC", "2222-2222-2222", "xxxx\x00", "👋" * 30])
def test_a_wrong_code_opens_nothing_and_tells_nothing(counter, kode):
    counter.finished()
    for way in ("", "/setuju", "/keliru"):
        answer = counter.visitor.post(f"/konfirmasi{way}", data={"kode": kode, "keliru": "x", **DECLARED})
        assert answer.status_code == 422
        assert counter.desk.cooperative.nama_koperasi not in answer.text
    assert counter.visitor.post("/konfirmasi/bukti.pdf", data={"kode": kode}).status_code == 404


def test_the_code_ends_after_two_weeks(counter):
    code = counter.finished()
    with time_machine.travel(datetime(2026, 4, 10, 2, tzinfo=UTC) + timedelta(days=15), tick=True):
        answer = counter.visitor.post("/konfirmasi", data={"kode": code})
    assert "tidak berlaku" in answer.text


def test_guessing_is_slowed_down_for_a_network_and_for_nobody_else(counter, app):
    code = counter.finished()
    guesses = [counter.visitor.post("/konfirmasi", data={"kode": new_activation_code()}) for _ in range(62)]
    assert all(guess.status_code in {422, 429} for guess in guesses)
    assert guesses[-1].status_code == 429 or "percobaan" in guesses[-1].text
    elsewhere = app.test_client().post(
        "/konfirmasi", data={"kode": code}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert elsewhere.status_code == 200


@pytest.mark.parametrize(
    "role", [None, Role.COOPERATIVE, Role.ENTERPRISE, Role.CONSULTANT, Role.EDITOR, Role.ADMIN]
)
def test_only_operators_type_for_others(counter, role, make_user, client_as, client):
    stranger = client_as(make_user(role)) if role else client
    counter.start()
    wanted = 302 if role is None else 403
    for way in ("", "/isi", "/periksa"):
        assert stranger.get(counter.address + way).status_code == wanted
    for way in ("", "/isi", "/kode", "/slip.pdf"):
        assert stranger.post(counter.address + way, data=CALLER).status_code == wanted
    assert stranger.get("/dinas/bantuan").status_code == wanted


def test_a_draft_is_shown_to_an_operator_only_once_it_is_noted_who_asked_for_help(counter):
    counter.desk.save(**sound())
    for way in ("/isi", "/isi?bagian=4", "/periksa"):
        assert counter.client.get(counter.address + way).location == counter.address
    assert "500.000.000" not in counter.client.get(counter.address).text
    for missing, field in (("saluran", "saluran"), ("nama", "nama"), ("jabatan", "jabatan")):
        answer = counter.start(**{missing: ""})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    counter.start()
    assert "500.000.000" in counter.client.get(f"{counter.address}/isi?bagian=4").text


def test_unfinished_answers_get_no_code(counter):
    counter.start()
    counter.type(1, **typed(1))
    answer = counter.client.post(f"{counter.address}/kode")
    assert answer.status_code == 422
    assert counter.help().code_digest is None


def test_a_locked_report_and_a_closed_year_cannot_be_helped_with(counter, make_desk, client_as):
    counter.desk.file()
    assert counter.start().status_code == 422
    with time_machine.travel(datetime(2027, 2, 1, tzinfo=UTC), tick=True):
        late = make_desk()
        assert "sudah ditutup" in Counter(late, client_as(late.operator), None).start().text


def test_ending_the_help_leaves_a_draft_and_voids_the_code(counter):
    code = counter.finished()
    counter.client.post(counter.address, data={"tindakan": "akhiri"})
    assert counter.visitor.post("/konfirmasi", data={"kode": code}).status_code == 422
    report = counter.desk.report()
    assert report.status is Status.DRAFT
    assert not report.waits
    assert counter.client.get(f"{counter.address}/isi").status_code == 302


def test_a_returned_report_can_be_helped_with_again(counter):
    counter.visitor.post("/konfirmasi/setuju", data={"kode": counter.finished(), **DECLARED})
    counter.desk.move(Status.RETURNED, reason="Periksa SHU", codes=["shu"])
    assert "Mulai membantu" in counter.client.get(counter.address).text
    counter.start(saluran="datang")
    counter.type(4, shu="19.000.000")
    counter.visitor.post("/konfirmasi/setuju", data={"kode": counter.code(), **DECLARED})
    assert counter.desk.report().status is Status.SUBMITTED
    assert db.session.scalar(select(func.count()).select_from(Help)) == 2


def test_help_with_a_members_own_submission_in_between_is_over(counter):
    counter.start()
    counter.desk.save(**sound())
    counter.desk.submit()
    assert counter.client.get(f"{counter.address}/isi").location == counter.address
    counter.desk.move(Status.RETURNED, reason="Periksa SHU", codes=["shu"])
    assert counter.start().status_code == 303


def test_two_people_who_type_choose_field_by_field(counter):
    counter.start()
    counter.type_all()
    page = counter.client.get(f"{counter.address}/isi?bagian=4").text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    counter.desk.save(shu=19_000_000)
    answer = counter.client.post(
        f"{counter.address}/isi?bagian=4",
        data={"versi": version, "ke": "simpan", **typed(4), "shu": "18.000.000"},
    )
    assert answer.status_code == 409
    assert 'name="pilih_shu"' in answer.text


def test_the_slip_is_one_page_with_the_code(counter):
    code = counter.finished()
    paper = counter.client.post(f"{counter.address}/slip.pdf", data={"kode": code})
    assert code in text_of(paper.data)
    assert "/konfirmasi?kode=" in text_of(paper.data)
    wrong = counter.client.post(f"{counter.address}/slip.pdf", data={"kode": "ABCD"})
    assert wrong.status_code == 404


def test_the_list_of_helps_asks_no_more_for_more_rows(counter, make_desk, client_as):
    counter.finished()
    with count_queries() as few:
        counter.client.get("/dinas/bantuan?tampil=waiting")
    for _ in range(3):
        other = make_desk()
        Counter(other, client_as(other.operator), None).finished()
    with count_queries() as many:
        counter.client.get("/dinas/bantuan?tampil=waiting")
    assert many.number == few.number


def test_an_imported_draft_that_is_typed_becomes_assisted(counter):
    with writing():
        services.import_report(counter.desk.cooperative, year=2025, answers=sound())
    counter.start()
    counter.type(1, **typed(1))
    assert db.session.scalars(select(Report.origin)).one() is Origin.ASSISTED
