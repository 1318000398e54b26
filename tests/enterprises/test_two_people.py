"""Two people at one listing: what a page showed is no longer so when its form comes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import queries, services
from app.enterprises.clusters import services as clusters
from app.enterprises.clusters.rules import Options
from app.enterprises.clusters.rules import Origin as RunOrigin
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseMerge
from app.enterprises.publication import live_purposes
from app.enterprises.rules import Purpose, State
from app.notifications.models import OutboxMessage
from tests.enterprises.conftest import STEP_1, STEP_2
from tests.enterprises.test_keeping import age

CARD = "/dinas/ukm/keripik-tempe-melati"
HOME = "/ukm/saya/keripik-tempe-melati"


def seen(page: str, name: str = "versi") -> str:
    """The version that the form of ``page`` sends."""
    return re.search(rf'name="{name}" value="(\d+)"', page)[1]


def purposes_of(enterprise: Enterprise) -> frozenset[Purpose]:
    db.session.rollback()
    return live_purposes(enterprise)


def test_a_decision_is_about_what_the_operator_read_and_keeps_what_was_typed(desk, make_enterprise, operator):
    enterprise = make_enterprise(listed=False)
    old = seen(desk.get(CARD).text)
    with writing():
        services.save(enterprise, {"products": "Sesuatu yang lain"})
    for address, field in (("verifikasi", "catatan"), ("kembalikan", "alasan")):
        answer = desk.post(f"{CARD}/{address}", data={field: "Pagar hijau", "versi": old})
        assert answer.status_code == 422
        assert "Data ini berubah sejak halaman ini dibuka." in answer.text
        assert re.search(rf'name="{field}"[^>]*>\s*Pagar hijau</textarea>', answer.text)
    assert db.session.get_one(Enterprise, enterprise.id).state is State.WAITING
    sent = {"catatan": "Pagar hijau", "versi": seen(answer.text)}
    assert desk.post(f"{CARD}/verifikasi", data=sent).status_code == 303
    late = desk.post(f"{CARD}/kembalikan", data={"alasan": "Belum lengkap", "versi": sent["versi"]})
    assert late.status_code == 422  # a colleague has just listed it
    assert db.session.get_one(Enterprise, enterprise.id).state is State.LISTED


def test_a_reason_that_is_too_long_is_named_and_kept(desk, make_enterprise):
    make_enterprise(listed=False)
    answer = desk.post(f"{CARD}/kembalikan", data={"alasan": "panjang " * 300})
    assert answer.status_code == 422
    assert 'href="#alasan"' in answer.text
    assert "panjang panjang" in answer.text


def test_a_page_from_before_takes_a_consent_back_but_never_gives_it_again(make_enterprise, owner, client_as):
    enterprise = make_enterprise(Purpose.WHATSAPP, Purpose.PHONE, owner=owner)
    browser = client_as(owner)
    steps, consents = browser.get(f"{HOME}/isi/2").text, browser.get(f"{HOME}/izin").text
    kept = {"versi": seen(browser.get(f"{HOME}/izin").text), "izin": ["listing", "phone"]}
    assert browser.post(f"{HOME}/izin", data=kept).status_code == 303
    assert purposes_of(enterprise) == {Purpose.LISTING, Purpose.PHONE}
    step = STEP_2 | {"public": ["whatsapp", "phone"], "versi": seen(steps)}
    assert browser.post(f"{HOME}/isi/2", data=step).status_code == 409
    browser.post(f"{HOME}/izin", data={"versi": seen(consents), "izin": ["listing", "phone", "whatsapp"]})
    assert purposes_of(enterprise) == {Purpose.LISTING, Purpose.PHONE}
    browser.post(f"{HOME}/izin", data={"versi": seen(consents), "izin": ["listing"]})
    assert purposes_of(enterprise) == {Purpose.LISTING}


def test_a_merge_is_of_the_two_rows_that_were_compared(desk, make_enterprise):
    kept, other = make_enterprise(), make_enterprise(name="Kripik Tempe Melati")
    address = f"/dinas/ukm/{kept.slug}/gabung/{other.slug}"
    page = desk.get(address).text
    sent = {"alasan": "sama", **{name: seen(page, name) for name in ("versi_sini", "versi_sana")}}
    with writing():
        services.save(other, {"owner_name": "Orang Lain"})
    answer = desk.post(address, data=sent)
    assert answer.status_code == 422
    assert "berubah sejak halaman ini dibuka" in answer.text
    assert db.session.scalar(select(func.count()).select_from(EnterpriseMerge)) == 0


def test_no_chain_of_merges_grows_which_an_erasure_or_an_undoing_would_not_follow(make_enterprise, operator):
    first, second, third = (make_enterprise(name=f"Keripik Tempe {name}") for name in ("Satu", "Dua", "Tiga"))
    with writing():
        services.merge(second, first, reason="sama", by=operator)
    with pytest.raises(RuleBroken, match="pernah digabung"), writing():
        services.merge(third, second, reason="sama", by=operator)
    with writing():
        services.merge(second, third, reason="sama", by=operator)
        services.delete_enterprise(second)
    states = select(Enterprise.state).where(Enterprise.id.in_([first.id, second.id, third.id]))
    assert set(db.session.scalars(states)) == {State.DELETED}


def test_an_owner_is_reminded_once_a_day_and_not_after_confirming(desk, make_enterprise):
    enterprise = make_enterprise()

    def reminders() -> int:
        db.session.rollback()
        mails = select(func.count()).where(OutboxMessage.kind == "enterprise.stale")
        return db.session.scalar(mails) or 0

    desk.post(f"{CARD}/ingatkan")
    assert reminders() == 0
    age(enterprise, 400)
    desk.post(f"{CARD}/ingatkan")
    desk.post(f"{CARD}/ingatkan")
    assert "sudah diingatkan hari ini" in desk.get("/dinas/ukm/pengingat").text
    assert reminders() == 1


def test_whoever_was_reminded_makes_room_on_the_list_for_the_next_and_comes_back_after_a_month(
    desk, make_enterprise, monkeypatch
):
    monkeypatch.setattr(queries, "REMINDED", 1)
    for name, days in (("Keripik Tempe Melati", 800), ("Roti Kenanga", 400)):
        age(make_enterprise(name=name), days)

    def listed() -> list[bool]:
        page = desk.get("/dinas/ukm/pengingat").text.partition("<table")[2]
        return [f">{name}</a>" in page for name in ("Keripik Tempe Melati", "Roti Kenanga")]

    assert listed() == [True, False]
    desk.post(f"{CARD}/ingatkan")
    assert listed() == [False, True]
    with writing() as session:
        reminded = update(EnterpriseEvent).where(EnterpriseEvent.kind == "reminded")
        session.execute(reminded.values(at=now() - timedelta(days=31)))
    assert listed() == [True, False]


def test_who_is_signed_in_gets_no_letter_with_a_link_that_opens_nothing(client_as, owner):
    answer = client_as(owner).post("/ukm/daftar", data=STEP_1)
    assert answer.location.startswith("/ukm/saya/")
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_run_is_asked_for_once_by_two_who_press_at_the_same_moment(app, monkeypatch):
    with writing():
        clusters.request_run(Options(), origin=RunOrigin.BUTTON)
    monkeypatch.setattr(clusters, "active_run", lambda: None)  # as it was when the second one looked
    with pytest.raises(RuleBroken, match="sedang berjalan"), writing():
        clusters.request_run(Options(), origin=RunOrigin.BUTTON)


def test_the_list_of_the_office_has_the_days_of_the_office(desk, make_enterprise):
    enterprise = make_enterprise()
    with writing():  # six in the morning in Malang is the day before in UTC
        early = datetime(2026, 3, 4, 23, tzinfo=UTC)
        db.session.execute(
            update(Enterprise)
            .where(Enterprise.id == enterprise.id)
            .values(confirmed_at=early, verified_at=early)
        )
    table = desk.get("/dinas/ukm?format=csv").text
    assert table.count("2026-03-05") == 2
