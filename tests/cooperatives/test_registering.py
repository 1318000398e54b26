"""How a cooperative enters the register, changes, and is dissolved: each with its trail and its timeline."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.cooperatives import services
from app.cooperatives.happenings import timeline_of
from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import status_of
from app.cooperatives.rules import Status
from app.core.access import Role
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.search import find
from app.core.writing import writing

VALUES = {
    "nama_koperasi": "Koperasi Simpan Pinjam “Melati Jaya”",
    "nik_koperasi": "3573010000001",
    "nomor_badan_hukum": "518/09/BH/KANKOP",
    "tanggal_badan_hukum": "2001-08-17",
    "alamat": "Jalan Contoh 12",
    "kode_kelurahan": "35.73.05.1010",
    "telepon_kantor": "+62341551234",
}


@pytest.fixture
def melati(app):
    with writing():
        return services.add_cooperative(VALUES)


def trail(action):
    return db.session.scalars(select(TrailEntry).where(TrailEntry.action == action)).all()


def sentences(cooperative):
    return [str(happening.text) for happening in timeline_of(cooperative)]


def test_what_follows_from_the_values_is_filled_in(melati):
    assert melati.slug == "koperasi-simpan-pinjam-melati-jaya"
    assert melati.kode_kecamatan == "35.73.05"
    assert melati.tanggal_badan_hukum == date(2001, 8, 17)
    assert melati.name_key == "melati jaya"
    assert melati.legal_number_key == "518/9/BH/KANKOP"
    assert melati.legal_family == "dinas"
    assert (melati.region, melati.listing, melati.version) == ("35.73", Listing.LISTED, 1)


@pytest.mark.parametrize(
    "wanted", ["ksp melati", "3573010000001", "518/09", "melati jaya lowokwaru", "koprasi mlati"]
)
def test_it_is_found_by_name_number_nik_and_place(melati, wanted):
    assert find("cooperative", wanted) == [melati.id]


def test_entering_is_on_the_trail_and_the_timeline(melati):
    [entry] = trail("cooperative.added")
    assert entry.subject_id == melati.id
    assert entry.after["nomor_badan_hukum"] == "518/09/BH/KANKOP"
    assert sentences(melati) == ["Masuk register"]


def test_one_name_gives_many_addresses(melati):
    with writing():
        others = [
            services.add_cooperative({"nama_koperasi": name}).slug for name in (VALUES["nama_koperasi"],) * 2
        ]
        odd = [services.add_cooperative({"nama_koperasi": name}).slug for name in ("Baru", "…", "x" * 200)]
    assert others == ["koperasi-simpan-pinjam-melati-jaya-2", "koperasi-simpan-pinjam-melati-jaya-3"]
    assert odd == ["koperasi-baru", "koperasi", "x" * 80]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "nama_koperasi"),
        ({"nama_koperasi": None}, "nama_koperasi"),
        ({"nama_koperasi": "Koperasi A", "nik_koperasi": "123"}, "nik_koperasi"),
        ({"nama_koperasi": "k" * 201}, "nama_koperasi"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused(app, values, field):
    with pytest.raises(RuleBroken) as refusal, writing():
        services.add_cooperative(values)
    assert refusal.value.field == field
    assert db.session.scalars(select(Cooperative)).all() == []


def test_a_code_that_the_register_does_not_have_is_a_mistake_of_ours(app):
    with pytest.raises(ValueError, match="aset"), writing():
        services.add_cooperative({"nama_koperasi": "Koperasi A", "aset": 1})


def test_a_change_keeps_the_address_and_notes_only_what_changed(melati):
    with writing():
        changed = services.change_cooperative(
            melati, VALUES | {"nama_koperasi": "KSP Kenanga", "kode_kelurahan": "35.73.01.1001"}
        )
    assert set(changed) == {"nama_koperasi", "kode_kelurahan", "kode_kecamatan"}
    assert melati.slug == "koperasi-simpan-pinjam-melati-jaya"
    assert (melati.name_key, melati.kode_kecamatan) == ("kenanga", "35.73.01")
    assert find("cooperative", "kenanga blimbing") == [melati.id]
    [entry] = trail("cooperative.changed")
    assert entry.before["nama_koperasi"] == VALUES["nama_koperasi"]
    assert set(entry.after) == set(changed)
    assert sentences(melati) == ["Data di register diubah", "Masuk register"]
    assert set(timeline_of(melati)[0].codes) == set(changed)


def test_a_change_of_nothing_leaves_no_trace(melati):
    with writing():
        assert services.change_cooperative(melati, VALUES) == []
    assert melati.version == 1
    assert trail("cooperative.changed") == []
    assert sentences(melati) == ["Masuk register"]


def test_a_name_cannot_be_taken_away(melati):
    with pytest.raises(RuleBroken, match="Isi nama"), writing():
        services.change_cooperative(melati, {"nama_koperasi": ""})


def test_a_kecamatan_alone_is_kept(melati):
    with writing():
        services.change_cooperative(melati, {"kode_kelurahan": None, "kode_kecamatan": "35.73.02"})
    assert (melati.kode_kelurahan, melati.kode_kecamatan) == (None, "35.73.02")


def test_an_approved_report_becomes_the_register(melati):
    with writing():
        services.adopt_answers(
            melati, {"alamat": "Jalan Baru 1", "nama_koperasi": ""}, date(2025, 3, 1), year=2024
        )
    assert (melati.alamat, melati.last_rat, melati.last_report_year) == (
        "Jalan Baru 1",
        date(2025, 3, 1),
        2024,
    )
    assert melati.nama_koperasi == VALUES["nama_koperasi"]
    assert sentences(melati)[0] == "Identitas disalin dari laporan tahun buku 2024 yang disetujui"


def test_an_older_report_takes_neither_the_latest_rat_nor_the_latest_year_away(melati):
    with writing():
        services.adopt_answers(melati, {}, date(2025, 3, 1), year=2024)
        services.adopt_answers(melati, {}, date(2024, 3, 1), year=2023)
        services.adopt_answers(melati, {}, None, year=2022)
    assert (melati.last_rat, melati.last_report_year) == (date(2025, 3, 1), 2024)


def test_dissolution_is_by_decree_and_can_be_undone_with_a_reason(melati, make_user):
    operator = make_user(Role.OPERATOR)
    with writing():
        services.dissolve(melati, on=date(2024, 5, 2), decree=" 518/1  TAHUN 2024 ", by=operator)
    assert status_of(melati) is Status.DISSOLVED
    assert melati.dissolved_decree == "518/1 TAHUN 2024"
    assert sentences(melati)[0] == "Bubar menurut keputusan 518/1 TAHUN 2024 tanggal 2 Mei 2024"
    with pytest.raises(RuleBroken, match="sudah tercatat bubar"), writing():
        services.dissolve(melati, on=date(2024, 5, 2), decree="1", by=operator)
    with pytest.raises(RuleBroken, match="alasan"), writing():
        services.undo_dissolution(melati, reason=" ", by=operator)
    with writing():
        services.undo_dissolution(melati, reason="Salah koperasi", by=operator)
    assert (melati.dissolved_on, melati.dissolved_decree) == (None, None)
    assert sentences(melati)[0] == "Pembubaran dibatalkan: Salah koperasi"
    assert trail("cooperative.restored")[0].before["dissolved_on"] == "2024-05-02"
    with pytest.raises(RuleBroken, match="tidak tercatat bubar"), writing():
        services.undo_dissolution(melati, reason="x", by=operator)


@pytest.mark.parametrize(
    ("decree", "days", "field"),
    [
        ("", 0, "nomor_keputusan"),
        ("x" * 121, 0, "nomor_keputusan"),
        ("1", 1, "tanggal_bubar"),
        ("1", -20000, "tanggal_bubar"),
    ],
)
def test_a_dissolution_that_cannot_be_is_refused(melati, make_user, decree, days, field):
    operator = make_user(Role.OPERATOR)
    with pytest.raises(RuleBroken) as refusal, writing():
        services.dissolve(melati, on=today() + timedelta(days=days), decree=decree, by=operator)
    assert refusal.value.field == field
