"""Unnamed drafts that a list brought are discarded together, once their number was seen."""

from sqlalchemy import select

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise, EnterpriseIndex
from app.enterprises.rules import State
from tests.intake.uploading import carried_out, how_many
from tests.support.queries import count_queries

HEAD = "Nama Usaha;Nama Pemilik;No HP/WA;Jenis Usaha;Produk;Kelurahan;Kecamatan;Alamat\n"

NAMED = "Kedai Uji;Ani Uji;081234569999;Kuliner;Kopi;Polowijen;Blimbing;\n"


def rows(number, name=""):
    return "".join(
        f"{name};Pemilik Uji {one};08123456{one:04};Kuliner;Bakso {one};Polowijen;Blimbing;Jl. Uji {one}\n"
        for one in range(number)
    )


def drafts():
    db.session.expire_all()
    query = select(Enterprise).where(Enterprise.state == State.DRAFT).order_by(Enterprise.id)
    return db.session.scalars(query).all()


def actions():
    return db.session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)).all()


def test_all_of_an_import_go_after_their_number_was_seen(desk):
    job = carried_out(desk, HEAD + rows(60) + NAMED)
    address = f"/dinas/ukm/impor/{job}/draf"
    assert "60 draf tanpa nama" in desk.get(f"/dinas/ukm/impor/{job}").text
    begun = drafts()[0]
    with writing():
        services.save(db.session.get_one(Enterprise, begun.id), {"address": "Jl. Baru 1"})
    assert drafts()[0].version > 1
    asked = desk.post(address, data={"semua": "1"})
    assert "Buang 59 draf?" in asked.text
    assert len(drafts()) == 60
    other = desk.post(address, data={"semua": "1", "jumlah": "60"})
    assert "Buang 59 draf?" in other.text, "another number than the one that was seen"
    assert desk.post(address, data={"semua": "1", "jumlah": "59"}).location == address
    assert [one.id for one in drafts()] == [begun.id]
    assert actions().count("enterprise.discarded") == 59
    gone = db.session.scalars(select(Enterprise).where(Enterprise.state == State.DELETED)).first()
    assert (gone.owner_name, gone.owner_phone, gone.products) == (None, None, "")
    assert how_many(EnterpriseIndex) == 2
    assert "Draf tanpa nama dibuang petugas" in desk.get(f"/dinas/ukm/{gone.slug}").text


def test_those_that_are_chosen_go_and_the_same_list_does_not_bring_them_again(desk):
    job = carried_out(desk, HEAD + rows(3))
    address, ids = f"/dinas/ukm/impor/{job}/draf", [one.id for one in drafts()]
    assert desk.post(address, data={}).status_code == 422
    assert "Buang 2 draf?" in desk.post(address, data={"pilih": ids[:2]}).text
    desk.post(address, data={"pilih": ids[:2], "jumlah": "2"})
    assert [one.id for one in drafts()] == ids[2:]
    carried_out(desk, HEAD + rows(3))
    assert [one.id for one in drafts()] == ids[2:]
    named = carried_out(desk, HEAD + rows(1, name="Bakso Uji"))
    assert db.session.scalars(select(Enterprise.name).where(Enterprise.state == State.LISTED)).all() == [
        "Bakso Uji"
    ]
    assert desk.get(f"/dinas/ukm/impor/{named}/draf").status_code == 200


def test_what_is_no_unnamed_draft_of_this_import_stays(desk, client_as, make_user):
    job = carried_out(desk, HEAD + NAMED + rows(1))
    listed = db.session.scalars(select(Enterprise).where(Enterprise.state == State.LISTED)).one()
    address = f"/dinas/ukm/impor/{job}/draf"
    assert (
        desk.post(
            address, data={"pilih": [listed.id, "x", "9" * 20, "0" * 20 + "9" * 20], "jumlah": "1"}
        ).status_code
        == 422
    )
    assert desk.get("/dinas/ukm/impor/999/draf").status_code == 404
    assert (
        client_as(make_user(Role.EDITOR)).post(address, data={"semua": "1", "jumlah": "1"}).status_code == 403
    )
    assert len(drafts()) == 1


def test_a_page_of_drafts_asks_no_more_for_more_of_them(desk):
    few, many = carried_out(desk, HEAD + rows(2)), carried_out(desk, HEAD + rows(30).replace("Uji ", "Uji B"))
    counted = []
    for job in (few, many):
        with count_queries() as asked:
            desk.get(f"/dinas/ukm/impor/{job}/draf")
        counted.append(asked.number)
    assert counted[0] == counted[1]
