"""Two rows of the register that are one cooperative: merged side by side, and taken apart again."""

import html
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.cooperatives import merging, services
from app.cooperatives.lists import read_wanted, rows_of, search
from app.cooperatives.merge_queries import merge_of, merges_into
from app.cooperatives.models import ActivationCode, Cooperative, CooperativeMerge, Listing, Membership
from app.cooperatives.queries import members_of, people_of
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.intake.queries import register
from tests.cooperatives.conftest import MELATI
from tests.support.parallel import endings

TWIN = {
    "nama_koperasi": "KSP Melati Djaja",
    "nomor_badan_hukum": "518/09/BH/KANKOP/LAMA",
    "kode_kelurahan": "35.73.05.1010",
    "nama_ketua": "Sekar Arum Sari",
    "sektor_usaha": "Jasa keuangan",
    "email": "lain@uji.example",
}
PAGE = "/dinas/koperasi/koperasi-simpan-pinjam-melati-jaya/gabung/ksp-melati-djaja"
KEPT, GONE = "koperasi-simpan-pinjam-melati-jaya", "ksp-melati-djaja"
WHY = "Terketik dua kali waktu impor"


@pytest.fixture
def twin(add, melati):
    return add(**TWIN)


def merge(kept, gone, operator, theirs=(), reason=WHY):
    with writing():
        return merging.merge(kept, gone, theirs=theirs, reason=reason, by=operator)


def undo(made, operator, reason="Ternyata dua koperasi"):
    with writing():
        merging.undo_merge(made, reason=reason, by=operator)


def state():
    """Everything that a merge may touch, as it stands."""
    db.session.rollback()
    db.session.expire_all()
    rows = {}
    for model, skip in ((Cooperative, {"version"}), (Membership, set()), (ActivationCode, set())):
        table = model.__table__
        for row in db.session.execute(select(table).order_by(table.c.id)).mappings():
            rows[table.name, row["id"]] = {name: value for name, value in row.items() if name not in skip}
    return rows


def fields(page):
    """The form as a browser would send it back."""
    hidden = re.findall(r'<input type="hidden" name="(versi_\w+)" value="([^"]*)">', page.text)
    chosen = re.findall(r'name="(nilai_\w+)" value="(\w+)" checked', page.text)
    return {name: html.unescape(value) for name, value in (*hidden, *chosen)}


def test_the_card_leads_to_both_rows_side_by_side(desk, melati, add):
    add(**TWIN | {"nomor_badan_hukum": MELATI["nomor_badan_hukum"]})
    assert PAGE in desk.get(f"/dinas/koperasi/{KEPT}").text
    page = desk.get(PAGE)
    assert page.status_code == 200
    chosen = fields(page)
    assert chosen["nilai_alamat"] == "sini", "only the left row has an address"
    assert chosen["nilai_sektor_usaha"] == "sana", "only the right row has a sector"
    assert "nilai_kode_kelurahan" not in chosen, "what is the same is not asked"
    assert "nilai_kode_kecamatan" not in chosen


def test_an_operator_merges_with_the_choices_made_and_the_other_row_is_gone_everywhere(
    desk, client, melati, twin
):
    sent = fields(desk.get(PAGE)) | {"nilai_nama_ketua": "sana", "nilai_email": "sini", "alasan": WHY}
    answer = desk.post(PAGE, data=sent, follow_redirects=True)
    assert "Koperasi digabung" in answer.text
    assert "Digabung ke sini" in answer.text
    kept = db.session.scalars(select(Cooperative).where(Cooperative.slug == KEPT)).one()
    assert (kept.nama_ketua, kept.sektor_usaha, kept.email) == (
        "Sekar Arum Sari",
        "Jasa keuangan",
        "rahasia@uji.example",
    )
    found = rows_of(search(wanted := read_wanted(MultiDict())), wanted)
    assert [row.slug for row in found] == [KEPT]
    assert "KSP Melati Djaja" not in client.get("/koperasi").text
    assert "KSP Melati Djaja" not in desk.get("/dinas/koperasi").text
    moved = client.get(f"/koperasi/{GONE}")
    assert (moved.status_code, moved.location) == (302, f"/koperasi/{KEPT}")
    card = desk.get(f"/dinas/koperasi/{GONE}").text
    assert f"Digabung ke {kept.nama_koperasi}" in card
    assert WHY in card
    assert f"/dinas/koperasi/{GONE}/ubah" not in card


def test_the_trail_says_what_was_and_what_is(desk, melati, twin, operator):
    merge(melati, twin, operator, theirs={"email"})
    entries = {entry.action: entry for entry in db.session.scalars(select(TrailEntry))}
    assert entries["cooperative.merged"].before == {"listing": "listed"}
    assert entries["cooperative.merged"].after["cooperative"] == melati.nama_koperasi
    assert entries["cooperative.changed"].before == {"email": "rahasia@uji.example"}


def test_without_a_reason_nothing_is_merged_and_the_choices_stay(desk, melati, twin):
    sent = fields(desk.get(PAGE)) | {"nilai_email": "sana", "alasan": "  "}
    answer = desk.post(PAGE, data=sent)
    assert answer.status_code == 422
    assert "Isi alasannya" in answer.text
    assert fields(answer)["nilai_email"] == "sana"
    assert db.session.scalar(select(CooperativeMerge.id)) is None


def test_people_go_over_once_each_and_nobody_stays_behind(
    melati, twin, operator, make_user, make_membership, add
):
    both, only_there, ended = (make_user(Role.COOPERATIVE) for _ in range(3))
    make_membership(both, melati, state="pending")
    make_membership(both, twin, position="Bendahara")
    make_membership(only_there, twin)
    with writing():
        services.end_membership(
            services.add_member(ended, twin, position="Ketua", by=operator), by=operator, reason="Pindah"
        )
    merge(melati, twin, operator)
    assert {(one.user_id, one.position) for one in members_of(melati)} == {
        (both.id, "Bendahara"),
        (only_there.id, "Ketua"),
    }
    assert members_of(twin) == []
    assert {one.user_id for one in people_of(twin)} == {both.id, ended.id}


def test_undoing_puts_register_people_and_codes_back_exactly(
    melati, twin, operator, make_user, make_membership
):
    both, only_there = make_user(Role.COOPERATIVE), make_user(Role.COOPERATIVE)
    make_membership(both, melati, state="pending", note="Saya ketuanya")
    make_membership(both, twin, position="Bendahara")
    make_membership(only_there, twin, state="pending")
    with writing():
        services.issue_code(twin, by=operator)
        twin.last_report_year = 2024
    before = state()
    made = merge(melati, twin, operator, theirs={"nama_koperasi", "nomor_badan_hukum", "email"})
    assert state() != before
    assert all(row["revoked_at"] is not None for key, row in state().items() if key[0] == "activation_code")
    undo(made, operator)
    assert state() == before
    assert merges_into(melati) == []
    assert merge_of(twin) is None
    again = merge(melati, twin, operator)
    undo(again, operator)
    assert state() == before


def test_what_has_happened_since_forbids_undoing_and_is_named(
    melati, twin, operator, make_user, make_membership
):
    both = make_user(Role.COOPERATIVE)
    ours, _ = make_membership(both, melati), make_membership(both, twin)
    made = merge(melati, twin, operator, theirs={"email"})
    with writing():
        services.change_cooperative(melati, {"email": "baru@uji.example"})
    with pytest.raises(RuleBroken, match=r"Surel koperasi .*lain@uji\.example"):
        undo(made, operator)
    with writing():
        services.change_cooperative(melati, {"email": "lain@uji.example"})
        services.end_membership(ours, by=operator, reason="Berhenti")
    with pytest.raises(RuleBroken, match=f"Hak {both.name}"):
        undo(made, operator)


def test_an_operator_undoes_from_the_card_with_a_reason(desk, client, melati, twin, operator):
    made = merge(melati, twin, operator)
    address = f"/dinas/koperasi/{KEPT}/gabungan/{made.id}"
    assert address in desk.get(f"/dinas/koperasi/{KEPT}").text
    assert desk.get(address).status_code == 200
    refusal = desk.post(address, data={"alasan": ""})
    assert refusal.status_code == 422
    answer = desk.post(address, data={"alasan": "Dua koperasi"}, follow_redirects=True)
    assert "Kedua koperasi kembali" in answer.text
    assert client.get(f"/koperasi/{GONE}").status_code == 200
    assert "Sudah dibatalkan" in desk.get(address).text
    assert desk.post(address, data={"alasan": "Lagi"}).status_code == 422
    assert desk.get(f"/dinas/koperasi/{GONE}/gabungan/{made.id}").status_code == 404
    assert desk.get(f"/dinas/koperasi/{KEPT}/gabungan/{2**31}").status_code == 404


def test_only_rows_that_stand_for_themselves_can_be_merged(add, melati, twin, operator):
    third = add(nama_koperasi="Koperasi Ketiga")
    with pytest.raises(RuleBroken, match="dirinya sendiri"):
        merge(melati, melati, operator)
    merge(melati, twin, operator)
    with pytest.raises(RuleBroken, match="sudah digabung"):
        merge(twin, third, operator)
    with pytest.raises(RuleBroken, match="sudah digabung"):
        merge(third, twin, operator)
    with pytest.raises(RuleBroken, match="pernah digabung ke"):
        merge(third, melati, operator)
    with writing():
        third.listing = Listing.PROPOSED
    with pytest.raises(RuleBroken, match="belum ada di register"):
        merge(melati, third, operator)


def test_a_dissolved_cooperative_and_demonstration_data_stay_apart(add, melati, twin, operator):
    with writing():
        twin.is_demo = True
    with pytest.raises(RuleBroken, match="peragaan"):
        merge(melati, twin, operator)
    with writing():
        services.dissolve(melati, on=melati.tanggal_badan_hukum, decree="1/2026", by=operator)
    with pytest.raises(RuleBroken, match="tercatat bubar"):
        merge(melati, twin, operator)


def test_the_page_says_why_two_rows_cannot_be_merged(desk, melati, twin, operator):
    merge(melati, twin, operator)
    page = desk.get(PAGE).text
    assert "Belum dapat digabung" in page
    assert 'name="alasan"' not in page


def test_of_two_operators_at_once_the_second_is_told(desk, melati, twin, operator):
    sent = fields(desk.get(PAGE)) | {"alasan": WHY}
    with writing():
        services.change_cooperative(twin, {"email": "baru@uji.example"})
    stale = desk.post(PAGE, data=sent)
    assert stale.status_code == 422
    assert "berubah sejak halaman ini dibuka" in stale.text
    merge(melati, twin, operator)
    late = desk.post(PAGE, data=sent)
    assert late.status_code == 422
    assert "sudah digabung" in late.text


@pytest.mark.parametrize("role", [Role.COOPERATIVE, Role.CONSULTANT, Role.EDITOR, Role.ADMIN])
def test_nobody_but_an_operator_merges(client_as, make_user, melati, twin, role, operator):
    other = client_as(make_user(role))
    assert other.get(PAGE).status_code == 403
    assert other.post(PAGE, data={"alasan": WHY}).status_code == 403
    made = merge(melati, twin, operator)
    address = f"/dinas/koperasi/{KEPT}/gabungan/{made.id}"
    assert other.get(address).status_code == 403
    assert other.post(address, data={"alasan": WHY}).status_code == 403


def test_strangers_are_asked_to_sign_in(client, melati, twin):
    assert client.get(PAGE).status_code == 302
    assert client.get(PAGE.replace(GONE, "tidak-ada")).status_code == 302


def test_the_page_costs_the_same_however_many_people_both_have(
    desk, melati, twin, make_user, make_membership, count_queries
):
    def cost():
        with count_queries() as statements:
            assert desk.get(PAGE).status_code == 200
        return len(statements)

    for row in (melati, twin):
        make_membership(make_user(Role.COOPERATIVE), row)
    desk.get(PAGE)
    few = cost()
    for _ in range(4):
        make_membership(make_user(Role.COOPERATIVE), melati)
        make_membership(make_user(Role.COOPERATIVE), twin)
    assert cost() == few


def test_an_import_finds_the_survivor_by_the_number_of_the_row_that_went(melati, twin, operator):
    merge(melati, twin, operator)
    known = register()
    found = {entry.id for number in known.get(melati.id).numbers for entry in known.with_number(number)}
    assert found == {melati.id}
    assert len(known.get(melati.id).numbers) == 2
    assert known.get(twin.id) is None


def test_two_who_merge_the_same_rows_at_the_same_moment_merge_them_once(app, melati, twin, operator):
    ids, who = (melati.id, twin.id), operator.id

    def deed(kept, gone):
        def run():
            rows = (db.session.get_one(Cooperative, id_) for id_ in (kept, gone))
            return merging.merge(*rows, theirs=(), reason=WHY, by=db.session.get_one(User, who)).id

        return run

    ended = endings(app, deed(*ids), deed(*ids[::-1]))
    assert ended.count("done") == 1
    assert "sudah digabung" in "".join(ended)
    assert len(list(db.session.scalars(select(CooperativeMerge)))) == 1
