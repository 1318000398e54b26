"""An owner who lost the secret link gets a new one at the recorded address, and nobody learns whose number it is."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts import pace
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.link_models import EnterpriseLinkRequest
from app.enterprises.links import enterprise_behind, make_link
from app.enterprises.lost_links import open_requests
from app.enterprises.models import EnterpriseLink
from app.notifications.models import OutboxMessage

PHONE = "0812-3456-7890"
ADDRESS = "/ukm/tautan"


def ask(client, contact):
    return client.post(ADDRESS, data={"kontak": contact})


def letters():
    query = select(OutboxMessage).where(OutboxMessage.kind == "enterprise.link").order_by(OutboxMessage.id)
    return [one.to_address for one in db.session.scalars(query)]


@pytest.fixture
def by_email(app, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setitem(app.config, "MAIL_FROM", "kantor@uji.example")


def test_the_answer_is_the_same_whether_the_number_is_known_or_not(client, make_enterprise):
    make_enterprise(owner_email=None)
    answers = [ask(client, contact) for contact in (PHONE, "081299998888", "siapa@uji.example")]
    assert {answer.status_code for answer in answers} == {303}
    assert len({(answer.location, answer.data) for answer in answers}) == 1
    page = client.get(answers[0].location).text
    assert "Permintaan Anda kami terima" in page
    assert "Keripik" not in page


def test_without_email_the_request_stands_on_the_office_s_list_once_until_a_link_is_made(
    client, desk, make_enterprise
):
    enterprise = make_enterprise(owner_email=None)
    with writing():
        token = make_link(enterprise)
    ask(client, PHONE)
    ask(client, "+62 812 3456 7890")
    assert [one.enterprise_id for one in open_requests()] == [enterprise.id]
    assert "1 meminta tautan baru" in desk.get("/dinas/ukm").text
    listed = desk.get("/dinas/ukm/tautan").text
    assert "Keripik Tempe Melati" in listed
    assert "0812-3456-7890" in listed
    assert enterprise_behind(token) is not None  # asking alone ends nobody's link
    shown = desk.post("/dinas/ukm/keripik-tempe-melati/tautan").text
    assert "wa.me/6281234567890" in shown
    assert open_requests() == []
    assert enterprise_behind(token) is None
    assert "Tidak ada yang menunggu" in desk.get("/dinas/ukm/tautan").text


def test_where_email_works_the_link_goes_to_the_recorded_address_only_and_not_twice(
    client, make_enterprise, by_email
):
    make_enterprise()
    ask(client, PHONE)
    assert letters() == ["sekar@rahasia.example"]
    ask(client, "Sekar@Rahasia.example")
    assert letters() == ["sekar@rahasia.example"]
    with time_machine.travel(now() + timedelta(hours=2)):
        ask(client, PHONE)
    assert len(letters()) == 2
    assert open_requests() == []


def test_a_listing_in_an_account_gets_no_link(client, make_enterprise, owner, by_email):
    make_enterprise(owner=owner)
    ask(client, PHONE)
    assert letters() == []
    assert db.session.scalar(select(func.count()).select_from(EnterpriseLink)) == 0
    assert db.session.scalar(select(func.count()).select_from(EnterpriseLinkRequest)) == 0


def test_a_deleted_listing_gets_none_and_leaves_the_list(client, make_enterprise):
    enterprise = make_enterprise(owner_email=None)
    ask(client, PHONE)
    with writing():
        services.delete_enterprise(enterprise)
    assert open_requests() == []
    ask(client, PHONE)
    assert open_requests() == []


@pytest.mark.parametrize("typed", ["", "12", "bukan@", "x" * 300])
def test_what_is_no_number_and_no_address_is_said_beside_the_field(client, typed):
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert 'id="kontak-error"' in answer.text or "aria-invalid" in answer.text


def test_too_many_from_one_network_wait(client, make_enterprise, monkeypatch):
    def wait(_door):
        raise pace.TooManyTries("Tunggu sebentar.", seconds=3)

    monkeypatch.setattr(pace, "note_request", wait)
    make_enterprise(owner_email=None)
    answer = ask(client, PHONE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert open_requests() == []


def test_an_operator_can_close_a_request_and_others_see_none(
    client, client_as, make_user, desk, make_enterprise
):
    make_enterprise(owner_email=None)
    ask(client, PHONE)
    assert client.get("/dinas/ukm/tautan").status_code == 302
    assert client_as(make_user()).get("/dinas/ukm/tautan").status_code == 403
    assert desk.post("/dinas/ukm/keripik-tempe-melati/tautan/tutup").status_code == 303
    assert open_requests() == []
