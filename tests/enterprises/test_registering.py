"""An owner registers on a phone: three steps, no account, and a link to come back by."""

import re

import pytest
from sqlalchemy import select

from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise, EnterpriseConsent
from app.enterprises.rules import Purpose, SizeClass, SizeCriterion, State
from app.notifications.models import OutboxMessage
from tests.enterprises.conftest import PURWANTORO, STEP_1, STEP_2, STEP_3


def the_one() -> Enterprise:
    db.session.rollback()
    return db.session.scalars(select(Enterprise)).one()


def begun(client) -> str:
    """Step 1 is sent; the address of step 2."""
    answer = client.post("/ukm/daftar", data=STEP_1)
    assert answer.status_code == 302
    return answer.location


def test_three_steps_lead_to_a_registration_that_waits(client):
    address = begun(client)
    assert re.fullmatch(r"/ukm/daftar/[\w-]{43}/isi/2", address)
    page = client.get(address)
    assert "Makanan ringan dan kemasan" in page.text  # found by the word "keripik"
    assert "kategori C" in page.text
    assert "wa.me/6281234567890" in page.text  # the link, to oneself
    assert page.headers["Cache-Control"] == "no-store"
    third = client.post(address, data=STEP_2)
    assert third.location == address.replace("isi/2", "isi/3")
    home = client.post(third.location, data=STEP_3, follow_redirects=True)
    assert "sudah kami terima" in home.text
    one = the_one()
    assert one.state is State.WAITING
    assert (one.size_class, one.class_criterion) == (SizeClass.MIKRO, SizeCriterion.SALES)
    assert one.kode_kecamatan == "35.73.01"
    assert (one.sector, one.sector_version) == ("C", "2025")
    assert one.contacts["instagram"] == "https://www.instagram.com/keripikmelati"
    assert {row.purpose for row in db.session.scalars(select(EnterpriseConsent))} == {"listing", "programmes"}


def test_the_link_goes_by_email_and_only_its_digest_is_kept(client):
    token = begun(client).split("/")[3]
    message = db.session.scalars(select(OutboxMessage)).one()
    assert message.to_address == STEP_1["owner_email"]
    assert message.link.endswith(f"/ukm/daftar/{token}")
    assert client.get("/ukm/daftar/" + "x" * 43).status_code == 410
    assert client.get(f"/ukm/daftar/{token}").status_code == 200


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        (1, "name", ""),
        (1, "nib", "123"),
        (1, "products", "xyzzy"),  # no word of it is known
        (1, "owner_phone", "12"),
        (1, "start_year", "1750"),
        (2, "kode_kelurahan", "64.08.01.2001"),
        (2, "latitude", "utara"),
        (2, "latitude", "7.951234"),  # without its minus: north of the equator
        (2, "longitude", ""),
        (2, "marketplace", "javascript:alert(1)"),
        (2, "instagram", "https://jahat.example/x"),
        (3, "listing", ""),
        (3, "workers_men", "-4"),
        (3, "cooperative", "Koperasi Yang Tidak Ada Di Mana Pun"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_beside_its_field_and_what_was_typed_stays(client, step, field, value):
    address = "/ukm/daftar" if step == 1 else begun(client).replace("isi/2", f"isi/{step}")
    sent = {1: STEP_1, 2: STEP_2, 3: STEP_3}[step] | {field: value}
    if (step, field) == (1, "products"):
        sent["name"] = "Zzz"
        field = "activity"
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if value and field not in ("activity", "kode_kelurahan"):  # a select shows only what it offers
        assert value.split("(")[0] in answer.text


def test_both_coordinates_may_be_pasted_into_one_field(client, app):
    pasted = {"latitude": "-7.9512345678, 112.6512345678", "longitude": ""}
    assert client.post(begun(client), data=STEP_2 | pasted).status_code == 303
    row = db.session.scalars(select(Enterprise)).one()
    assert (row.latitude, row.longitude) == (-7.951235, 112.651235)


def test_a_row_of_the_office_s_list_stays_in_sight_when_its_place_is_corrected(
    client, desk, client_as, owner, app
):
    with writing():
        said = {"name": "Bakso Kenanga", "products": "Bakso", "activity": "warung-makan"}
        (id_,) = services.add_listed([said], template="Dari daftar", params={})
    place = {"kode_kelurahan": PURWANTORO, "point_precision": "kecamatan"}
    assert desk.post("/dinas/ukm/bakso-kenanga/isi/2", data=place).status_code == 303
    assert client.get("/ukm/bakso-kenanga").status_code == 200
    with writing():
        services.adopt(db.session.get_one(Enterprise, id_), db.session.merge(owner))
    browser = client_as(owner)
    assert "belum dengan persetujuan Anda" in browser.get("/ukm/saya/bakso-kenanga/izin").text
    browser.post("/ukm/saya/bakso-kenanga/izin", data={"izin": ["listing"]})
    assert "belum dengan persetujuan Anda" not in browser.get("/ukm/saya/bakso-kenanga/izin").text
    browser.post("/ukm/saya/bakso-kenanga/izin", data={})
    assert client.get("/ukm/bakso-kenanga").status_code == 404


def test_exact_needs_a_point(client):
    answer = client.post(
        begun(client), data=STEP_2 | {"point_precision": "exact", "latitude": "", "longitude": ""}
    )
    assert answer.status_code == 422
    assert "memerlukan koordinat" in answer.text


def test_whoever_is_signed_in_gets_the_listing_into_the_account(client_as, owner):
    browser = client_as(owner)
    answer = browser.post("/ukm/daftar", data=STEP_1)
    assert answer.location == "/ukm/saya/keripik-tempe-melati/isi/2"
    assert browser.get(answer.location).status_code == 200
    assert browser.get("/ukm/saya").location == "/ukm/saya/keripik-tempe-melati"


def test_an_unfinished_registration_cannot_be_sent_past_its_second_step(client):
    answer = client.post(begun(client).replace("isi/2", "isi/3"), data=STEP_3)
    assert answer.status_code == 422
    assert "Pilih kelurahan di langkah 2" in answer.text
    assert the_one().state is State.DRAFT


def test_an_old_page_does_not_overwrite_what_came_after(client):
    address = begun(client)
    version = the_one().version
    client.post(address, data=STEP_2 | {"versi": version})
    answer = client.post(address, data=STEP_2 | {"versi": version, "address": "Jalan Lain"})
    assert answer.status_code == 409
    assert "diubah di tempat lain" in answer.text
    assert "Jalan Lain" in answer.text


def test_a_registrar_sees_public_twins_by_name_but_never_by_telephone(client, make_enterprise):
    make_enterprise()
    hidden = make_enterprise(listed=False, name="Sambal Rahasia Keluarga", owner_phone="+6281234567890")
    address = begun(client)
    client.post(address, data=STEP_2)
    page = client.get(address.replace("isi/2", "isi/3"))
    assert "mungkin sudah terdaftar" in page.text
    assert "/ukm/keripik-tempe-melati" in page.text
    assert hidden.name not in page.text


def test_nobody_agrees_to_show_a_number_that_is_not_there(client):
    address = begun(client)
    client.post(address, data=STEP_2 | {"whatsapp": "", "public": ["whatsapp", "phone"]})
    assert set(db.session.scalars(select(EnterpriseConsent.purpose))) == {Purpose.PHONE}
