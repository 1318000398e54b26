"""The office's side: the queue, decisions, the register's list and files, likely duplicates, merging and its undoing."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.duplicates import twins_of
from app.enterprises.links import make_link
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseMerge
from app.enterprises.queries import owned_by
from app.enterprises.rules import Origin, Purpose, State
from app.files.models import StoredFile
from app.notifications.models import OutboxMessage
from tests.enterprises.conftest import STEP_1, STEP_2, STEP_3
from tests.support.queries import count_queries

CARD = "/dinas/ukm/keripik-tempe-melati"


def state_of(enterprise: Enterprise) -> State:
    db.session.rollback()
    return db.session.get_one(Enterprise, enterprise.id).state


def test_the_queue_shows_the_oldest_first_and_hands_out_the_next(desk, make_enterprise):
    first = make_enterprise(listed=False, name="Satu Melati", owner_phone="+628111111111")
    second = make_enterprise(listed=False, name="Dua Mawar", owner_phone="+628222222222")
    page = desk.get("/dinas/ukm/antrean").text
    assert page.index(first.name) < page.index(second.name)
    assert desk.get("/dinas/ukm/antrean/berikut").location == f"/dinas/ukm/{first.slug}"
    answer = desk.post(f"/dinas/ukm/{first.slug}/verifikasi", data={"catatan": "Kami datang, benar."})
    assert answer.location == f"/dinas/ukm/{second.slug}"
    desk.post(f"/dinas/ukm/{second.slug}/verifikasi")
    assert desk.get("/dinas/ukm/antrean/berikut").location == "/dinas/ukm/antrean"
    assert state_of(first) is State.LISTED


def test_a_visit_leaves_a_note_and_a_photograph_for_the_office_alone(desk, client, make_enterprise):
    make_enterprise(listed=False)
    photo = io.BytesIO()
    Image.new("RGB", (40, 40)).save(photo, "JPEG")
    photo.seek(0)
    sent = {"catatan": "Rumah pagar hijau", "foto": (photo, "kunjungan.jpg")}
    answer = desk.post(f"{CARD}/verifikasi", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    token = db.session.scalars(select(StoredFile.token)).one()
    card = desk.get(CARD).text
    assert "Rumah pagar hijau" in card
    assert token in card
    assert desk.get(f"/gambar/{token}.webp").status_code == 200
    assert client.get(f"/gambar/{token}.webp").status_code == 404
    assert "pagar hijau" not in client.get("/ukm/keripik-tempe-melati").text


def test_a_return_needs_a_reason_which_the_owner_reads(desk, client_as, owner, make_enterprise):
    enterprise = make_enterprise(listed=False, owner=owner)
    assert desk.post(f"{CARD}/kembalikan", data={"alasan": " "}).status_code == 422
    desk.post(f"{CARD}/kembalikan", data={"alasan": "Kelurahan tidak cocok dengan alamat."})
    assert state_of(enterprise) is State.RETURNED
    browser = client_as(owner)
    assert "Kelurahan tidak cocok" in browser.get("/ukm/saya/keripik-tempe-melati").text
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert "Kelurahan tidak cocok" in message.body
    assert "wa.me/6281234567890" in desk.get(CARD).text
    answer = browser.post("/ukm/saya/keripik-tempe-melati/isi/3", data=STEP_3)
    assert answer.status_code == 303
    assert state_of(enterprise) is State.WAITING


def test_who_does_not_want_to_be_shown_is_registered_all_the_same(desk, client, make_enterprise):
    enterprise = make_enterprise(listed=False)
    with writing():
        services.set_consents(enterprise, {Purpose.LISTING: False})
    desk.post(f"{CARD}/verifikasi")
    assert state_of(enterprise) is State.HIDDEN
    assert client.get("/ukm/keripik-tempe-melati").status_code == 404


def test_an_operator_registers_a_caller_and_the_consent_bears_the_operators_name(desk):
    answer = desk.post("/dinas/ukm/baru", data=STEP_1 | {"asal": "caller"})
    assert answer.location == f"{CARD}/isi/2"
    assert desk.post(answer.location, data=STEP_2).location == f"{CARD}/isi/3"
    assert desk.post(f"{CARD}/isi/3", data=STEP_3).location == CARD
    db.session.rollback()
    row = db.session.scalars(select(Enterprise)).one()
    assert (row.origin, row.state) == (Origin.CALLER, State.WAITING)
    assert "Bagas Uji" in desk.get(CARD).text


def test_a_lost_link_is_replaced_and_the_old_one_opens_nothing(desk, client, make_enterprise):
    enterprise = make_enterprise()
    with writing():
        old = make_link(enterprise)
    assert client.get(f"/ukm/daftar/{old}").status_code == 200
    page = desk.post(f"{CARD}/tautan").text
    token = page.split("/ukm/daftar/")[1][:43]
    assert client.get(f"/ukm/daftar/{old}").status_code == 410
    assert client.get(f"/ukm/daftar/{token}").status_code == 200
    assert token not in desk.get(CARD).text


@pytest.mark.parametrize(
    ("values", "same"),
    [
        ({"name": "Kripik Tempe Melati"}, True),  # phone and owner are the fixture's own
        (
            {"name": "Bengkel Jaya", "owner_phone": "+628999999999"},
            False,
        ),  # only the owner's name and the place
        ({"name": "Bengkel Jaya", "owner_name": "Orang Lain"}, True),  # the telephone and the place
        ({"name": "Keripik Tempe Melati", "owner_name": "Orang Lain", "owner_phone": "+628999999999"}, True),
        (
            {
                "name": "Keripik Tempe Melati",
                "owner_name": "Orang Lain",
                "owner_phone": "+628999999999",
                "kode_kelurahan": "35.73.05.1010",
            },
            False,
        ),
    ],
)
def test_likely_duplicates_are_those_that_agree_in_enough(make_enterprise, values, same):
    enterprise = make_enterprise()
    other = make_enterprise(listed=False, **values)
    found = [twin.enterprise.id for twin in twins_of(other)]
    assert found == ([enterprise.id] if same else [])


def test_a_merge_moves_what_belongs_to_it_and_can_be_undone(desk, make_enterprise, owner, operator):
    kept = make_enterprise(name="Keripik Tempe Melati", nib=None, has_nib=None)
    other = make_enterprise(Purpose.WHATSAPP, listed=False, name="Kripik Tempe Melati", owner=owner)
    with writing():
        services.save_product(other, {"name": "Sagon", "availability": "ready", "unit": ""})
    address = f"/dinas/ukm/{kept.slug}/gabung/{other.slug}"
    assert "Gabungkan" in desk.get(address).text
    assert desk.post(address).status_code == 422  # without a reason
    assert desk.post(address, data={"alasan": "Mendaftar dua kali"}).status_code == 303
    assert state_of(other) is State.MERGED
    assert db.session.get_one(Enterprise, kept.id).nib == "1234567890123"
    assert [row.id for row in owned_by(owner.id)] == [kept.id]
    assert "sagon" in db.session.get_one(Enterprise, kept.id).search_text
    made = db.session.scalars(select(EnterpriseMerge)).one()
    desk.post(f"/dinas/ukm/{kept.slug}/gabung/{made.id}/batal")
    assert state_of(other) is State.WAITING
    assert db.session.get_one(Enterprise, kept.id).nib is None
    assert [row.id for row in owned_by(owner.id)] == [other.id]
    with pytest.raises(RuleBroken, match="sudah dibatalkan"), writing():
        services.undo_merge(db.session.get_one(EnterpriseMerge, made.id), by=operator)


def test_a_merged_address_leads_to_the_one_that_stays(desk, client, make_enterprise):
    kept = make_enterprise()
    other = make_enterprise(name="Kripik Tempe Melati")
    desk.post(f"/dinas/ukm/{kept.slug}/gabung/{other.slug}", data={"alasan": "sama"})
    assert client.get(f"/ukm/{other.slug}").location == f"/ukm/{kept.slug}"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_office_takes_the_whole_register_away(desk, make_enterprise, format_):
    make_enterprise(name="=1+1 Keripik")
    answer = desk.get(f"/dinas/ukm?format={format_}")
    assert answer.status_code == 200
    assert (
        f"ukm-{answer.headers['Content-Disposition'].split('ukm-')[1][:10]}.{format_}"
        in (answer.headers["Content-Disposition"])
    )
    if format_ == "csv":
        assert "Sekar Rahasia" not in answer.text
        whole = desk.post("/dinas/ukm/lengkap", data={"format": "csv"})
        assert "Sekar Rahasia" in whole.text


def test_filters_narrow_the_register(desk, make_enterprise):
    make_enterprise(name="Melati Satu")
    make_enterprise(listed=False, name="Mawar Dua", kode_kelurahan="35.73.05.1010", kode_kecamatan="35.73.05")
    assert "Mawar Dua" not in desk.get("/dinas/ukm?keadaan=listed").text
    assert "Melati Satu" not in desk.get("/dinas/ukm?kecamatan=35.73.05").text
    assert "Mawar Dua" in desk.get("/dinas/ukm?kecamatan=35.73.05&kelurahan=35.73.05.1010").text
    assert "Register UKM" in desk.get("/dinas/ukm?keadaan=%00&kecamatan=x&kabar=y&after=zzz").text


def test_only_operators_enter(client_as, make_user, make_enterprise):
    make_enterprise(listed=False)
    for role in (Role.EDITOR, Role.ADMIN, Role.ENTERPRISE):
        browser = client_as(make_user(role))
        assert browser.get(CARD).status_code == 403
        assert browser.post(f"{CARD}/verifikasi").status_code == 403
    assert db.session.scalar(select(func.count()).select_from(EnterpriseEvent)) == 2


def test_lists_cost_the_same_however_long_they_are(desk, client, make_enterprise):
    make_enterprise()
    addresses = ("/ukm", "/dinas/ukm", "/dinas/ukm/antrean", "/ukm?format=csv", "/dinas/ukm?format=csv")
    costs = []
    for _time in range(2):
        with count_queries() as seen:
            for address in addresses:
                (desk if "dinas" in address else client).get(address)
        costs.append(seen.number)
        for number in range(3):
            make_enterprise(name=f"Usaha {number} Contoh", listed=number > 0)
    assert costs[0] == costs[1]


def test_what_is_noted_of_a_visit_stays_in_the_office_and_a_return_is_read_by_the_owner(
    desk, make_enterprise, owner, client_as
):
    enterprise = make_enterprise(owner=owner)
    card, home = f"/dinas/ukm/{enterprise.slug}", f"/ukm/saya/{enterprise.slug}"
    desk.post(f"{card}/verifikasi", data={"catatan": "Gudangnya ternyata milik tetangga"})
    desk.post(f"{card}/kembalikan", data={"alasan": "Nomor NIB keliru"})
    told = client_as(owner).get(home).text
    assert "Nomor NIB keliru" in told
    assert "milik tetangga" not in told
    assert "milik tetangga" in desk.get(card).text


def test_who_registered_what_a_list_had_brought_goes_on_by_the_same_link_after_the_merge(
    client, desk, make_enterprise, operator
):
    listed = make_enterprise(name="Keripik Melati")
    twin, kept = make_enterprise(listed=False), make_enterprise(name="Roti Kenanga")
    with writing():
        secret, other = make_link(twin), make_link(kept)
        made = services.merge(listed, twin, reason="Sama", by=operator)
    assert "Keripik Melati" in client.get(f"/ukm/daftar/{secret}").text
    with writing():
        services.undo_merge(db.session.get_one(EnterpriseMerge, made.id), by=operator)
    assert "Keripik Tempe Melati" in client.get(f"/ukm/daftar/{secret}").text
    with writing():
        services.merge(kept, twin, reason="Sama", by=operator)
    assert client.get(f"/ukm/daftar/{secret}").status_code == 410  # somebody keeps the other already
    assert "Roti Kenanga" in client.get(f"/ukm/daftar/{other}").text
