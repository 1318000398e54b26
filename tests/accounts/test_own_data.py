"""A copy of one's own data, and being forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import devices, own_data
from app.accounts.models import Handover, KeptForm, User
from app.accounts.two_step_models import UserSession
from app.audit import verification
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from app.notifications.services import queue_email
from tests.factories import PASSWORD


@pytest.fixture
def melati(make_user):
    return make_user(Role.COOPERATIVE, name="Melati Uji", email="melati@uji.example", phone="+6281234567890")


def test_the_copy_holds_what_the_account_knows_and_no_secret(
    app, client_as, melati, make_cooperative, make_membership
):
    make_membership(melati, make_cooperative(nama_koperasi="Koperasi Uji Salinan"))
    answer = client_as(melati).get("/akun/data-saya.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-saya.json"'
    told = answer.json
    assert (told["nama"], told["surel"], told["telepon"]) == (
        "Melati Uji",
        "melati@uji.example",
        "+6281234567890",
    )
    assert "Koperasi Uji Salinan" in str(told["bagian_lain"])
    assert melati.password_hash not in answer.text


def test_being_forgotten_is_asked_for_and_an_admin_is_told_and_carries_it_out(
    app, client_as, make_user, melati, sign_in
):
    admin, browser = make_user(Role.ADMIN), app.test_client()
    sign_in(melati.email, client=browser)
    browser.post("/akun/data", data={"name": "Melati Baru", "email": melati.email, "phone": "0812-3456-7890"})
    assert browser.post("/akun/data-saya/hapus").status_code == 303
    assert "Anda sudah memintanya" in browser.get("/akun/data-saya").text
    desk = client_as(admin)
    assert "meminta akunnya dihapus" in desk.get("/akun/pesan").text
    assert desk.post(f"/dinas/pengguna/{melati.id}/hapus").status_code == 302

    gone = db.session.get_one(User, melati.id)
    assert (gone.name, gone.phone, gone.password_hash) == (own_data.ERASED, None, None)
    assert not gone.is_active
    assert browser.get("/akun").location.startswith("/masuk")
    assert sign_in("melati@uji.example", PASSWORD).status_code == 422
    for table, of in (
        (UserSession, UserSession.user_id),
        (InboxMessage, InboxMessage.user_id),
        (OutboxMessage, OutboxMessage.person_id),
    ):
        assert not db.session.scalar(select(func.count()).select_from(table).where(of == melati.id))
    about = db.session.scalars(
        select(TrailEntry).where(TrailEntry.subject_kind == "user", TrailEntry.subject_id == melati.id)
    )
    left = "".join(f"{entry.before}{entry.after}" for entry in about)
    assert "Melati" not in left
    assert "81234567890" not in left
    assert not verification.verify().fault


def test_a_wish_can_be_taken_back(client_as, make_user, melati):
    make_user(Role.ADMIN)
    browser = client_as(melati)
    browser.post("/akun/data-saya/hapus")
    browser.post("/akun/data-saya/batal")
    assert db.session.get_one(User, melati.id).erasure_asked_at is None
    assert not db.session.scalar(select(func.count()).select_from(InboxMessage))


def test_no_letter_form_or_sheet_keeps_who_was_forgotten(app, make_user, melati):
    """Letters to a cooperative's people are about it and not about an account; a form may be kept for a device's mark; and closing
    the account writes a sheet of what it leaves."""
    mark, admin_id, address = min(devices.marks_of(melati)), make_user(Role.ADMIN).id, melati.email
    with writing():
        queue_email(kind="reminder", to_name="Melati Uji", to_address=address, subject="Uji", body="Uji.")
        form = KeptForm(
            token_digest="0" * 64,
            path="/klinik",
            query="",
            owner=mark,
            title="Uji",
            fields=[["nama", "Melati Uji"]],
        )
        form.created_at, form.expires_at = now(), now() + timedelta(days=3)
        db.session.add(form)
        own_data.ask_erasure(db.session.get_one(User, melati.id))
    with writing():
        own_data.erase(db.session.get_one(User, melati.id), by=db.session.get_one(User, admin_id))
    assert (
        db.session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.to_address == address)
        )
        == 0
    )
    assert db.session.scalar(select(func.count()).select_from(KeptForm)) == 0
    sheet = db.session.scalars(select(Handover).where(Handover.person_id == melati.id)).one()
    assert sheet.person_name == own_data.ERASED


def test_nobody_is_erased_who_has_not_asked_and_no_staff_at_all(client_as, make_user, melati):
    admin, operator = make_user(Role.ADMIN), make_user(Role.OPERATOR)
    assert client_as(admin).post(f"/dinas/pengguna/{melati.id}/hapus").status_code == 422
    refused = client_as(operator).post("/akun/data-saya/hapus")
    assert refused.status_code == 422
    assert "keputusannya tetap tercatat" in refused.text
    with pytest.raises(RuleBroken), writing():
        own_data.erase(db.session.get_one(User, operator.id), by=db.session.get_one(User, admin.id))


def test_what_nobody_needs_any_more_is_deleted_by_the_command_and_the_rest_stays(
    command, make_user, sign_in, clock
):
    user = make_user()
    sign_in(user.email)
    with writing():
        db.session.add(
            OutboxMessage(
                kind="uji", to_name="Uji", to_address="a@uji.example", subject="Uji", body="Uji",
                state="sent", next_try_at=now(), settled_at=now(),
            )
        )  # fmt: skip

    def left():
        return [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (UserSession, OutboxMessage)
        ]

    for days, expected in ((29, [1, 1]), (14, [0, 1]), (330, [0, 0])):
        clock.shift(timedelta(days=days))
        done = command("retention")
        assert done.exit_code == 0, done.output
        assert left() == expected
