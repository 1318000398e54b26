"""What an owner does with a listing: confirm, show products, take consents back, take everything away, erase it."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update

from app.accounts.models import User
from app.audit import verification
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseIndex,
    EnterpriseLink,
    EnterpriseProduct,
)
from app.enterprises.publication import live_purposes
from app.enterprises.rules import Purpose, State
from app.files.models import StoredFile
from app.notifications.models import OutboxMessage
from tests.enterprises.conftest import STEP_1, STEP_2, STEP_3
from tests.support.queries import count_queries

HOME = "/ukm/saya/keripik-tempe-melati"


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "orange").save(made, "PNG")
    made.seek(0)
    return made


@pytest.fixture
def listed(make_enterprise, owner):
    return make_enterprise(Purpose.WHATSAPP, owner=owner)


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


def age(enterprise, days: int) -> None:
    with writing():
        db.session.execute(
            update(Enterprise)
            .where(Enterprise.id == enterprise.id)
            .values(confirmed_at=now() - timedelta(days=days))
        )


def test_after_a_year_it_says_so_and_after_two_it_leaves_the_public_list(client, browser, desk, listed):
    page = "/ukm/keripik-tempe-melati"
    assert "Belum dikonfirmasi" not in client.get(page).text
    age(listed, 370)
    assert "Belum dikonfirmasi lebih dari setahun" in client.get(page).text
    assert listed.name in desk.get("/dinas/ukm/pengingat").text
    age(listed, 740)
    assert client.get(page).status_code == 404
    assert listed.name not in client.get("/ukm").text
    assert listed.name in desk.get("/dinas/ukm").text
    assert browser.post(f"{HOME}/benar").status_code == 303
    assert client.get(page).status_code == 200
    assert listed.name not in desk.get("/dinas/ukm/pengingat").text


@pytest.mark.parametrize("deed", ["benar", "isi/3"])
def test_the_link_of_an_owner_who_confirms_each_year_opens_in_the_third(client, make_enterprise, deed):
    enterprise = make_enterprise()
    with writing():
        token = services.issue_link(enterprise)
    with writing() as session:
        session.execute(update(EnterpriseLink).values(expires_at=now() + timedelta(days=70)))
    assert client.post(f"/ukm/daftar/{token}/{deed}", data=STEP_3).status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(EnterpriseLink.expires_at)) > now() + timedelta(days=731)


def test_a_product_with_its_picture_is_found_and_shown(client, browser, listed):
    sent = {
        "name": "Sagon bakar",
        "price_low": "12.000",
        "price_high": "15.000",
        "unit": "bungkus",
        "availability": "order",
    }
    answer = browser.post(
        f"{HOME}/produk",
        data=sent | {"picture": (picture(), "sagon.png")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    page = client.get("/ukm/keripik-tempe-melati").text
    assert "Rp12.000–Rp15.000 per bungkus" in page
    assert "Dibuat sesuai pesanan" in page
    token = db.session.scalars(select(StoredFile.token)).one()
    assert f"/gambar/{token}-kecil.webp" in page
    assert client.get(f"/gambar/{token}.webp").status_code == 200
    assert listed.name in client.get("/ukm?q=sagon").text
    browser.post(f"{HOME}/izin", data={"izin": ["whatsapp"]})
    assert client.get(f"/gambar/{token}.webp").status_code == 404  # out of sight, its pictures too
    product = db.session.scalars(select(EnterpriseProduct)).one()
    assert browser.post(f"{HOME}/produk/{product.id}", data={"ke": "hapus"}).status_code == 303
    assert db.session.scalars(select(StoredFile)).all() == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Abon", "price_low": "1.25"}, "price_low"),
        ({"name": "Abon", "price_low": "-5"}, "price_low"),
        ({"name": "Abon", "price_high": "5000"}, "price_low"),
        ({"name": "Abon", "price_low": "9000", "price_high": "5000"}, "price_high"),
        ({"name": "Abon", "price_low": "99999999999"}, "price_low"),
    ],
)
def test_a_product_that_makes_no_sense_is_sent_back(browser, listed, sent, field):
    answer = browser.post(f"{HOME}/produk", data=sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_file_that_is_no_picture_is_refused(browser, listed):
    sent = {"name": "Abon", "picture": (io.BytesIO(b"<svg onload=alert(1)>"), "abon.png")}
    answer = browser.post(f"{HOME}/produk", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "bukan gambar" in answer.text
    assert db.session.scalars(select(EnterpriseProduct)).all() == []


def test_opening_hours_are_shown_together_where_they_are_equal(client, browser, listed):
    hours = {
        f"{part}_{day}": time for day in range(1, 6) for part, time in (("buka", "8.00"), ("tutup", "16.00"))
    }
    assert browser.post(f"{HOME}/jam", data=hours).status_code == 303
    page = client.get("/ukm/keripik-tempe-melati").text
    assert "Senin–Jumat" in page
    assert "08.00–16.00" in page
    hours = {
        "buka_1": "00.00",
        "tutup_1": "24.00",
        "buka_2": "16",
        "tutup_2": "24",
        "buka_3": "24:00",
        "tutup_3": "4",
    }
    assert browser.post(f"{HOME}/jam", data=hours).status_code == 303
    page = client.get("/ukm/keripik-tempe-melati").text
    assert all(text in page for text in ("00.00–24.00", "16.00–24.00", "00.00–04.00"))
    assert browser.post(f"{HOME}/jam", data={"buka_1": "24.30", "tutup_1": "9"}).status_code == 422
    assert browser.post(f"{HOME}/jam", data={"buka_1": "25.00", "tutup_1": "9"}).status_code == 422


def test_consents_are_kept_with_their_beginning_and_end(browser, listed):
    browser.post(f"{HOME}/izin", data={"izin": ["listing", "phone"]})
    rows = {row.purpose: row for row in db.session.scalars(select(EnterpriseConsent))}
    assert rows["whatsapp"].revoked_at is not None
    assert rows["phone"].revoked_at is None
    page = browser.get(f"{HOME}/izin").text
    assert "Nomor telepon usaha tampil untuk umum" in page


def test_everything_can_be_taken_away(browser, listed):
    taken = browser.get(f"{HOME}/data.json")
    assert "attachment" in taken.headers["Content-Disposition"]
    assert taken.json["owner_name"] == "Sekar Rahasia"
    assert taken.json["consents"]
    assert taken.json["history"]


def test_erasing_leaves_no_value_and_a_whole_trail(client, browser, desk, listed):
    browser.post(f"{HOME}/produk", data={"name": "Abon"})
    assert browser.post(f"{HOME}/hapus", data={"nama": "Lain"}).status_code == 422
    assert browser.post(f"{HOME}/hapus", data={"nama": "keripik tempe melati"}).status_code == 303
    assert client.get("/ukm/keripik-tempe-melati").status_code == 404
    db.session.rollback()
    row = db.session.get_one(Enterprise, listed.id)
    assert row.state is State.DELETED
    assert not any(
        (row.name, row.owner_name, row.owner_phone, row.owner_email, row.nib, row.address, row.contacts)
    )
    assert row.search_text == ""
    assert db.session.scalars(select(EnterpriseIndex)).all() == []
    assert db.session.scalars(select(EnterpriseProduct)).all() == []
    entries = db.session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "enterprise")).all()
    kept = [entry for entry in entries if entry.action not in ("trail.erased", "enterprise.deleted")]
    assert len(kept) > 5
    assert all(entry.before is None and entry.after is None for entry in kept)
    assert verification.verify().fault == ""
    assert "Keripik Tempe Melati" not in desk.get("/dinas/ukm").text


def test_the_link_becomes_an_account(client, app):
    address = client.post("/ukm/daftar", data=STEP_1).location
    client.post(address, data=STEP_2)
    client.post(address.replace("isi/2", "isi/3"), data=STEP_3)
    home = address.removesuffix("/isi/2")
    person = {
        "name": "Sekar Rahasia",
        "email": "sekar@rahasia.example",
        "password": "kuda baterai tangga 7 biru",
    }
    short = client.post(f"{home}/akun", data=person | {"password": "123"})
    assert short.status_code == 422
    answer = client.post(f"{home}/akun", data=person)
    assert answer.location == HOME, answer.text
    assert client.get(HOME).status_code == 200  # signed in at once
    user = db.session.scalars(select(User)).one()
    assert user.roles == {Role.ENTERPRISE}
    assert client.get(home).status_code == 410  # the link has done its work


def test_whoever_is_signed_in_takes_the_listing_into_the_account(client_as, make_user):
    browser = client_as(make_user())
    stranger = client_as(make_user())
    address = (
        stranger.application.test_client().post("/ukm/daftar", data=STEP_1).location.removesuffix("/isi/2")
    )
    assert browser.post(f"{address}/akun").location == HOME
    assert browser.get(HOME).status_code == 200
    assert stranger.get(HOME).status_code == 404


def test_the_overview_asks_the_same_of_the_database_whatever_it_shows(browser, listed):
    with count_queries() as few:
        browser.get(HOME)
    for number in range(4):
        browser.post(f"{HOME}/produk", data={"name": f"Abon {number}"})
    with count_queries() as many:
        browser.get(HOME)
    assert many.number == few.number


def test_a_listing_that_was_sold_leaves_the_account_and_its_former_owner_is_told_why(
    client_as, browser, desk, owner, listed, make_user
):
    home, card = f"/ukm/saya/{listed.slug}", f"/dinas/ukm/{listed.slug}"
    page = f"{card}/pemilik/{owner.id}/lepas"
    assert page in desk.get(card).text
    assert "Yang bersangkutan membacanya" in desk.get(page).text
    assert desk.post(page, data={"alasan": "  "}).status_code == 422
    assert browser.get(home).status_code == 200
    assert desk.post(page, data={"alasan": "Usaha sudah dijual"}).status_code == 303
    assert [browser.get(f"{home}{rest}").status_code for rest in ("", "/isi/1", "/data.json", "/hapus")] == [
        404
    ] * 4
    assert "Usaha sudah dijual" in browser.get("/akun/pesan").text
    assert desk.get(page).status_code == desk.post(page, data={"alasan": "Dua kali"}).status_code == 404
    assert client_as(make_user(Role.ADMIN)).get(page).status_code == 403
    said = desk.get(card).text
    assert "Belum ada akun atau tautan" in said  # the next one gets a link
    assert "Dilepaskan dari akun pemilik" in said


def test_nobody_agrees_on_the_page_of_consents_to_show_what_is_not_there(client_as, make_enterprise, owner):
    enterprise = make_enterprise(owner=owner, contacts={"phone": "+62341555111"})
    browser, page = client_as(owner), f"/ukm/saya/{enterprise.slug}/izin"
    every = {"izin": [purpose.value for purpose in Purpose]}
    assert browser.post(page, data=every).status_code == 303
    db.session.rollback()
    missing = {Purpose.WHATSAPP, Purpose.EMAIL, Purpose.LINKS, Purpose.LOCATION}
    assert live_purposes(enterprise) == set(Purpose) - missing
    assert browser.get(page).text.count(" disabled") == len(missing)
    fine = STEP_2 | {"point_precision": "exact", "public": ["whatsapp"]}
    assert browser.post(f"/ukm/saya/{enterprise.slug}/isi/2", data=fine).status_code == 303
    browser.post(page, data={"izin": ["listing"]})
    assert browser.get(page).text.count(" disabled") == 1  # how fine is to be chosen anew
    browser.post(page, data=every)
    db.session.rollback()
    assert live_purposes(enterprise) == set(Purpose) - {Purpose.LOCATION}


def test_no_letter_about_what_was_erased_is_sent_or_kept(make_enterprise):
    gone, other = make_enterprise(), make_enterprise(name="Roti Kenanga")
    with writing():
        services.issue_link(gone)

    def letters() -> list[str]:
        db.session.rollback()
        return [
            one.body.partition(",")[0]
            for one in db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        ]

    assert letters().count("Yth. Pemilik Keripik Tempe Melati") == 2
    with writing():
        services.delete_enterprise(db.session.get_one(Enterprise, gone.id))
    assert letters() == ["Yth. Pemilik Roti Kenanga"]
    with writing():
        services.save(db.session.get_one(Enterprise, other.id), {"name": "Roti Melati"})
        services.delete_enterprise(db.session.get_one(Enterprise, other.id))
    assert letters() == []


def test_whoever_keeps_a_listing_sees_its_pictures_before_everybody_does(
    client, client_as, make_enterprise, owner
):
    ways = {f"/ukm/saya/{make_enterprise(listed=False, owner=owner).slug}": client_as(owner)}
    roti = make_enterprise(listed=False, name="Roti Kenanga")
    with writing():
        token = services.issue_link(roti)
    ways[f"/ukm/daftar/{token}"] = client
    for home, visitor in ways.items():
        sent = {"name": "Sagon", "picture": (picture(), "sagon.png")}
        visitor.post(f"{home}/produk", data=sent, content_type="multipart/form-data")
        (address,) = re.findall(r'<img src="([^"]+)"', visitor.get(f"{home}/produk").text)
        answer = visitor.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert "no-store" in answer.headers["Cache-Control"]
        other = [number for number in (1, 2) if f"/{number}/" not in address]
        assert visitor.get(f"{home}/produk/{other[0]}/foto.webp").status_code == 404
