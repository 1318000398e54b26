import pytest

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.cooperatives.queries import members_of
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.questionnaire import queries as reports
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review import services
from app.review.models import Assignment
from app.review.queue import QueueFilter


def status_of(report_id):
    db.session.expire_all()
    return db.session.get_one(Report, report_id).status


def test_approving_locks_the_report_and_tells_the_members(client_as, operator, make_report):
    report = make_report()
    page = client_as(operator).post(
        f"/dinas/periksa/{report.id}", data={"aksi": "setujui", "versi": report.version}
    )
    assert page.status_code == 302
    assert status_of(report.id) is Status.APPROVED
    [message] = db.session.scalars(db.select(OutboxMessage))
    assert "disetujui" in message.subject
    assert report.cooperative.nama_koperasi in message.body


def test_a_return_reopens_only_the_marked_questions_and_carries_reason_and_comments(
    client_as, operator, make_report
):
    report = make_report()
    client_as(operator).post(
        f"/dinas/periksa/{report.id}",
        data={
            "aksi": "kembalikan",
            "versi": report.version,
            "perbaiki": ["aset", "shu"],
            "alasan": "Cocokkan dengan neraca.",
            "catatan_aset": "Sepertinya kurang satu nol.",
        },
    )
    assert status_of(report.id) is Status.RETURNED
    report = db.session.get_one(Report, report.id)
    assert set(report.open_codes) == {"aset", "shu"}
    assert [(c.question, c.body, c.by_staff) for c in reports.comments_of(report)] == [
        ("aset", "Sepertinya kurang satu nol.", True)
    ]
    assert reports.events_of(report)[-1].reason == "Cocokkan dengan neraca."
    [message] = db.session.scalars(db.select(OutboxMessage))
    assert "Cocokkan dengan neraca." in message.body


def test_an_operator_learns_whom_no_message_reached(client_as, operator, make_report):
    report = make_report()
    sent = {"aksi": "kembalikan", "versi": report.version, "perbaiki": "aset", "alasan": "Lihat neraca."}
    with writing() as session:
        [membership] = members_of(report.cooperative)
        member = session.get_one(User, membership.user_id)
        member.name, member.email, member.phone = "Cempaka Uji", None, "+6281200000001"
    page = client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent, follow_redirects=True).text
    assert "Cempaka Uji (0812-0000-0001)" in page


def test_without_a_mail_server_the_outbox_is_named(client_as, operator, make_report):
    report = make_report()
    sent = {"aksi": "kembalikan", "versi": report.version, "perbaiki": "aset", "alasan": "Lihat neraca."}
    page = client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent, follow_redirects=True).text
    assert "menunggu di kotak keluar" in page


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"alasan": "Karena itu"}, "Tandai sedikitnya satu pertanyaan"),
        ({"perbaiki": "aset"}, "Tulis alasan pengembalian"),
    ],
)
def test_a_refused_return_keeps_what_was_typed(client_as, operator, make_report, sent, told):
    report = make_report()
    page = client_as(operator).post(
        f"/dinas/periksa/{report.id}",
        data={"aksi": "kembalikan", "versi": report.version, "catatan_shu": "Ini harus tetap ada.", **sent},
    )
    assert page.status_code == 422
    assert told in page.text
    assert "Ini harus tetap ada." in page.text
    assert status_of(report.id) is Status.SUBMITTED


def test_the_second_of_two_reviewers_is_told_and_loses_nothing(client_as, operator, make_user, make_report):
    report = make_report()
    seen = report.version
    client_as(operator).post(f"/dinas/periksa/{report.id}", data={"aksi": "setujui", "versi": seen})
    page = client_as(make_user(Role.OPERATOR)).post(
        f"/dinas/periksa/{report.id}",
        data={
            "aksi": "kembalikan",
            "versi": seen,
            "perbaiki": "aset",
            "alasan": "Alasan yang tidak boleh hilang.",
            "catatan_aset": "Catatan yang tidak boleh hilang.",
        },
    )
    assert page.status_code == 422
    assert "disetujui" in page.text
    assert "Operator Satu" in page.text
    assert "Alasan yang tidak boleh hilang." in page.text
    assert "Catatan yang tidak boleh hilang." in page.text
    assert status_of(report.id) is Status.APPROVED


def test_the_second_of_two_who_return_a_report_loses_nothing_either(
    client_as, operator, make_user, make_report
):
    report = make_report()
    sent = {"aksi": "kembalikan", "versi": report.version, "perbaiki": "aset"}
    client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent | {"alasan": "Cocokkan dengan neraca."})
    page = client_as(make_user(Role.OPERATOR)).post(
        f"/dinas/periksa/{report.id}",
        data=sent | {"alasan": "Alasan yang tidak boleh hilang.", "catatan_aset": "Catatan yang tetap."},
    )
    assert page.status_code == 422
    assert "Alasan yang tidak boleh hilang." in page.text
    assert "Catatan yang tetap." in page.text


def test_an_approved_report_is_reopened_only_with_a_reason(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    client.post(f"/dinas/periksa/{report.id}", data={"aksi": "setujui", "versi": report.version})
    version = db.session.get_one(Report, report.id, populate_existing=True).version
    address = f"/dinas/periksa/{report.id}"
    refused = client.post(address, data={"aksi": "buka", "versi": version, "perbaiki": "aset"})
    assert refused.status_code == 422
    client.post(
        address, data={"aksi": "buka", "versi": version, "perbaiki": "aset", "alasan": "Neraca direvisi."}
    )
    assert status_of(report.id) is Status.RETURNED


def test_a_comment_alone_decides_nothing(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    address = f"/dinas/periksa/{report.id}"
    client.post(
        address, data={"aksi": "catat", "versi": report.version, "catatan_aset": "Perlu dicek ke bank."}
    )
    assert status_of(report.id) is Status.SUBMITTED
    assert "Perlu dicek ke bank." in client.get(f"{address}?tampil=semua").text
    assert client.post(address, data={"aksi": "catat", "versi": report.version}).status_code == 422


def test_take_next_gives_the_longest_waiting_report_that_nobody_has(operator, make_user, make_report):
    first, second = make_report(), make_report()
    ids = [first.id, second.id]
    colleague = make_user(Role.OPERATOR)
    taken = []
    for person in (operator.id, colleague.id, operator.id):
        with writing() as session:
            report = services.take_next(QueueFilter(), by=session.get_one(User, person))
            taken.append(report.id if report else None)
    assert taken == [*ids, None]


def test_taking_over_is_allowed_and_in_the_trail(client_as, operator, make_user, make_report):
    report = make_report()
    colleague = make_user(Role.OPERATOR, name="Operator Dua")
    client_as(operator).post(f"/dinas/periksa/{report.id}/ambil")
    page = client_as(colleague).get(f"/dinas/periksa/{report.id}")
    assert "Sedang diperiksa Operator Satu" in page.text
    client_as(colleague).post(f"/dinas/periksa/{report.id}/ambil")
    assert db.session.get_one(Assignment, report.id, populate_existing=True).user_id == colleague.id
    actions = db.session.scalars(db.select(TrailEntry.action)).all()
    assert "report.taken_over" in actions


def test_a_decision_frees_the_report_from_its_reviewer(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    client.post(f"/dinas/periksa/{report.id}/ambil")
    client.post(f"/dinas/periksa/{report.id}", data={"aksi": "setujui", "versi": report.version})
    assert db.session.scalars(db.select(Assignment)).all() == []


def test_skipping_leads_to_the_next_report(client_as, operator, make_report):
    first, second = make_report(), make_report()
    page = client_as(operator).post(f"/dinas/periksa/{first.id}", data={"aksi": "lewati"})
    assert page.location.endswith(f"/dinas/periksa/{second.id}")
    assert status_of(first.id) is Status.SUBMITTED


def test_a_draft_is_nobody_elses_business(client_as, operator, make_report):
    draft = make_report(submitted=False)
    assert client_as(operator).get(f"/dinas/periksa/{draft.id}").status_code == 404


def test_the_verb_itself_refuses_a_decision_on_a_version_that_was_not_seen(operator, make_report):
    report = make_report()
    operator_id, seen = operator.id, report.version - 1
    with pytest.raises(RuleBroken), writing() as session:
        services.approve(report, comments={}, by=session.get_one(User, operator_id), seen=seen)
    assert status_of(report.id) is Status.SUBMITTED


def test_what_a_leaving_operator_had_taken_is_free_again(client_as, operator, make_user, make_report):
    report = make_report()
    client_as(operator).post(f"/dinas/periksa/{report.id}/ambil")
    admin = client_as(make_user(Role.ADMIN))
    admin.post(
        f"/dinas/pengguna/{operator.id}/nonaktif", data={"reason": "Pindah tugas.", "penerus": "antrean"}
    )
    db.session.expire_all()
    assert not db.session.get_one(User, operator.id).is_active
    assert db.session.scalars(db.select(Assignment)).all() == []


def test_a_return_without_a_reason_takes_the_notes_beside_its_marks(client_as, operator, make_report):
    report = make_report()
    sent = {
        "aksi": "kembalikan",
        "versi": report.version,
        "perbaiki": ["aset"],
        "catatan_aset": "Kurang satu nol?",
    }
    client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent)
    assert status_of(report.id) is Status.RETURNED
    assert reports.last_event(db.session.get_one(Report, report.id)).reason == "Kurang satu nol?"


def test_a_return_without_a_reason_takes_the_finding_beside_its_marks(client_as, operator, make_report):
    report = make_report(aset=5_000_000_000)  # own and outside capital are 500 million
    sent = {"aksi": "kembalikan", "versi": report.version, "perbaiki": ["aset"]}
    client_as(operator).post(f"/dinas/periksa/{report.id}?lang=en", data=sent)
    reason = reports.last_event(db.session.get_one(Report, report.id)).reason
    assert "Rp5.000.000.000" in reason


def test_a_mark_that_nothing_explains_still_demands_a_reason(client_as, operator, make_report):
    report = make_report()
    sent = {
        "aksi": "kembalikan",
        "versi": report.version,
        "perbaiki": ["aset", "shu"],
        "catatan_aset": "Kurang satu nol?",
    }
    page = client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent)
    assert page.status_code == 422
    assert status_of(report.id) is Status.SUBMITTED
