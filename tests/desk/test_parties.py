"""Requests of UKM: named where that is certain, in their history, moved with a merge, forgotten with the UKM."""

import pytest
from sqlalchemy import select

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.desk.models import ServiceRequest
from app.enterprises import services
from app.enterprises.keeping import delete_enterprise
from app.enterprises.merging import merge, undo_merge
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseMerge
from app.enterprises.queries import events_of

DESK = "/dinas/permintaan"
VALUES = {
    "products": "Keripik tempe",
    "activity": "makanan-kemasan",
    "owner_name": "Sekar Rekaan",
    "owner_phone": "+6281200000001",
    "kode_kelurahan": "35.73.01.1007",
    "kode_kecamatan": "35.73.01",
    "workers_men": 1,
    "workers_women": 1,
    "sales_band": "sampai-300jt",
}


@pytest.fixture
def make_enterprise(app, operator):
    def make(name="Keripik Melati Rekaan", owner=None):
        values = VALUES | {"name": name}
        with writing() as session:
            made = services.add_enterprise(values)
            if owner is not None:
                services.add_owner(made, session.merge(owner))
            services.submit(made)
            services.verify(made, by=session.merge(operator))
            id_ = made.id
        return db.session.get_one(Enterprise, id_)

    return make


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def events(enterprise_id):
    rows = db.session.scalars(
        select(EnterpriseEvent).where(
            EnterpriseEvent.enterprise_id == enterprise_id, EnterpriseEvent.kind == "request"
        )
    )
    return [(row.template, row.params) for row in rows]


def test_an_owner_asks_for_their_ukm_and_the_office_sees_it_on_its_card(
    client_as, make_user, make_enterprise, make_service, desk
):
    owner = make_user(Role.ENTERPRISE, name="Sekar Rekaan", email="sekar@contoh.co.id")
    enterprise, page = make_enterprise(owner=owner), make_service("nib-lewat-oss")
    browser = client_as(owner)
    key = f"ukm:{enterprise.slug}"
    assert f'value="{key}" selected' in browser.get(f"/layanan/{page.slug}/minta").text
    form = {"nama": "Sekar Rekaan", "surel": "sekar@contoh.co.id", "setuju": "1", "untuk": key}
    question = "Bantuan membuat NIB untuk usaha saya"
    assert (
        browser.post(f"/layanan/{page.slug}/minta", data=form | {"pertanyaan": question}).status_code == 303
    )
    asked = db.session.scalars(select(ServiceRequest)).one()
    assert (asked.enterprise_id, asked.cooperative_id) == (enterprise.id, None)
    assert asked.organisation == enterprise.name
    card = desk.get(f"/dinas/ukm/{enterprise.slug}").text
    assert f'href="{DESK}/{asked.id}"' in card
    assert f"Permohonan {asked.number} diterima: {page.title}" in card
    own = browser.get(f"/ukm/saya/{enterprise.slug}").text
    assert asked.number in own
    assert DESK not in own
    assert f'href="/dinas/ukm/{enterprise.slug}"' in desk.get(f"{DESK}/{asked.id}").text


def test_nobody_asks_in_the_name_of_a_ukm_that_is_not_theirs(client, make_enterprise):
    form = {"nama": "Orang Lain", "surel": "lain@contoh.co.id", "setuju": "1", "pertanyaan": "Minta dibantu"}
    client.post("/layanan/minta", data=form | {"untuk": f"ukm:{make_enterprise().slug}"})
    assert db.session.scalars(select(ServiceRequest.enterprise_id)).one() is None


def test_the_office_finds_and_chooses_the_ukm_and_may_take_that_back(desk, make_request, make_enterprise):
    enterprise, asked = make_enterprise(), make_request(question="Kata-kata pribadi saya sendiri")
    key = f"ukm:{enterprise.slug}"
    found = desk.get(f"{DESK}/{asked.id}?cari=keripik").text
    assert f'value="{key}"' in found
    assert "UKM, Blimbing" in found
    act = {"tindakan": "kaitkan", "untuk": key}
    assert desk.post(f"{DESK}/{asked.id}", data=act).status_code == 303
    assert db.session.get_one(ServiceRequest, asked.id).party.id == enterprise.id
    ((template, params),) = events(enterprise.id)
    assert template % params == f"Permohonan {asked.number} dikaitkan"  # never the words of a person
    assert desk.post(f"{DESK}/{asked.id}", data={"tindakan": "lepaskan"}).status_code == 303
    assert db.session.get_one(ServiceRequest, asked.id).party is None
    assert desk.post(f"{DESK}/{asked.id}", data=act | {"untuk": "ukm:tidak-ada"}).status_code == 404


def test_requests_follow_a_ukm_that_is_merged_and_come_back(make_request, make_enterprise, operator):
    kept, other = make_enterprise(), make_enterprise("Kripik Melati")
    asked, ids = make_request(enterprise_id=other.id), (kept.id, other.id)

    def whose():
        return db.session.scalar(select(ServiceRequest.enterprise_id).where(ServiceRequest.id == asked.id))

    with writing() as session:
        rows = [session.get_one(Enterprise, id_) for id_ in ids]
        made = merge(*rows, reason="Usaha yang sama", by=session.merge(operator)).id
    assert whose() == kept.id
    with writing() as session:
        undo_merge(session.get_one(EnterpriseMerge, made), by=session.merge(operator))
    assert whose() == other.id


def test_a_deleted_ukm_is_named_no_more_and_its_request_is_still_answered(
    desk, make_request, make_enterprise
):
    enterprise = make_enterprise()
    asked = make_request(organisation=enterprise.name, enterprise_id=enterprise.id)
    with writing() as session:
        delete_enterprise(session.get_one(Enterprise, enterprise.id))
    db.session.expire_all()
    row = db.session.get_one(ServiceRequest, asked.id)
    assert (row.enterprise_id, row.organisation) == (None, "")
    assert "keripik" not in row.search_text
    assert row.email
    assert "Keripik" not in desk.get(f"{DESK}/{asked.id}").text
    told = [event for event in events_of(enterprise) if event.kind == "request"]
    assert [event.params for event in told] == [{}]
    assert "Permohonan – diterima" in desk.get(f"/dinas/ukm/{enterprise.slug}").text
