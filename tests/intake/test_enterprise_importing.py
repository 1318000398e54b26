"""A list of UKM on its way into the register, by the screens and by the command."""

from datetime import timedelta

from sqlalchemy import select

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.enterprises.models import Enterprise, EnterpriseIndex
from app.enterprises.publication import is_public, live_purposes, public_contacts, public_place
from app.enterprises.rules import Origin, Precision, Purpose, SizeClass, SizeCriterion, State
from app.intake.models import ImportJob, ImportRow, ImportState
from app.operations.jobs import anything_to_tidy, tidy_up
from tests.intake.uploading import LIST, carried_out, counts, dry_run, how_many, listed, upload

PRIVATE = ("Sekar Uji", "81234567001", "Jl. Uji 1", "3573010101010001", "-7.95")


def test_a_list_enters_the_register_as_the_offices_own_and_nothing_private_with_it(desk, client):
    job_id = dry_run(desk, LIST)
    assert counts(job_id) == {"new": 4, "skipped": 1}
    assert how_many() == 0
    page = desk.get(f"/dinas/ukm/impor/{job_id}").text
    for word in (
        "Kulier",
        "92%",
        "Perdangan",
        "90%",
        "Purwantro",
        "Purwantoro",
        "tertukar",
        "di luar Kota Malang",
        "tidak diisi",
    ):
        assert word in page, word
    desk.post(f"/dinas/ukm/impor/{job_id}/jalankan")
    found = listed()
    melati = found["Keripik Uji Melati"]
    assert (melati.state, melati.origin, is_public(melati)) == (State.LISTED, Origin.IMPORT, True)
    assert (melati.owner_name, melati.owner_phone) == ("Sekar Uji", "+6281234567001")
    assert (melati.activity, melati.kode_kelurahan) == ("makanan-kemasan", "35.73.01.1007")
    assert (melati.latitude, melati.longitude) == (-7.95, 112.65)
    assert (melati.size_class, melati.class_criterion) == (SizeClass.MIKRO, SizeCriterion.SALES)
    assert melati.has_nib
    assert live_purposes(melati) == frozenset()
    assert melati.point_precision is Precision.KECAMATAN
    assert public_place(melati).kode_kelurahan is None
    assert not public_place(melati).is_exact
    bengkel, kios, unnamed = found["Bengkel Uji Jaya"], found["Kios Uji Kenanga"], found[""]
    assert (bengkel.activity, bengkel.size_class, bengkel.nib) == (
        "bengkel",
        SizeClass.KECIL,
        "1234567890123",
    )
    assert bengkel.latitude is None  # swapped: told, not moved
    assert (kios.activity, kios.latitude, kios.has_nib, kios.size_class) == ("toko", None, False, None)
    assert (unnamed.state, unnamed.products, unnamed.owner_name) == (State.DRAFT, "Bakso", "Tanpa Uji")
    public = (
        client.get(f"/ukm/{melati.slug}").text + client.get("/ukm?format=csv").text + client.get("/ukm").text
    )
    assert "Keripik Uji Melati" in public
    assert not [word for word in (*PRIVATE, "Purwantoro", "120 juta", "Bakso") if word in public]
    assert desk.get("/dinas/ukm?q=081234567001").text.count("Keripik Uji Melati") >= 1
    assert how_many(EnterpriseIndex) == 4
    assert desk.get(f"/dinas/ukm/{melati.slug}").status_code == 200
    assert "Tanpa nama" in desk.get("/dinas/ukm?keadaan=draft").text


def test_identity_numbers_are_thrown_away_before_anything_is_kept(desk):
    page = upload(desk, LIST.replace("Jl. Uji 2", "Jl. Uji 2 NIK 3573010101010009"))
    job_id = int(page.location.split("/")[-2])
    columns = desk.get(page.location).text
    assert "NIK) tidak boleh masuk" in columns
    assert "357301010101000" not in columns
    assert b"357301010101000" not in db.session.get_one(ImportJob, job_id).content
    other = upload(desk, "Nama Usaha,Nomor Pokok\nToko Uji,3573010101010001\nKios Uji,3573010101010002\n")
    shown = desk.get(other.location).text
    assert "357301010101000" not in shown
    assert "tidak diambil" in shown


def test_the_file_goes_once_it_is_carried_out_and_what_became_of_each_row_stays(desk):
    job_id = carried_out(desk, LIST)
    job = db.session.get_one(ImportJob, job_id)
    assert (job.content, job.state) == (b"", ImportState.APPLIED)
    rows = db.session.scalars(select(ImportRow).order_by(ImportRow.row_number)).all()
    assert not [row for row in rows if row.raw or row.reading or row.plan["changes"]]
    assert [row.outcome for row in rows] == ["new"] * 4 + ["skipped"]
    page = desk.get(f"/dinas/ukm/impor/{job_id}")
    assert "Keripik Uji Melati" in page.text
    assert "tertukar" in page.text
    assert desk.get(f"/dinas/ukm/impor/{job_id}/kolom").status_code == 302
    assert desk.post(f"/dinas/ukm/impor/{job_id}/kolom").status_code == 303
    assert desk.get(f"/dinas/ukm/impor/{job_id}?format=csv").text.count("\n") == 6


def test_the_same_file_again_changes_nothing_whatever_people_made_of_it(desk, make_user):
    carried_out(desk, LIST)
    with writing():
        melati = db.session.scalars(select(Enterprise).where(Enterprise.name == "Keripik Uji Melati")).one()
        enterprises.save(melati, {"name": "Keripik Ganti Nama", "owner_phone": "+6281299999999"})
        draft = db.session.scalars(select(Enterprise).where(Enterprise.name == "")).one()
        enterprises.save(draft, {"name": "Bakso Uji Lengkap"})
    trail = how_many(TrailEntry)
    again = carried_out(desk, LIST)
    assert counts(again) == {"unchanged": 4, "skipped": 1}
    assert sorted(listed()) == [
        "Bakso Uji Lengkap",
        "Bengkel Uji Jaya",
        "Keripik Ganti Nama",
        "Kios Uji Kenanga",
    ]
    assert how_many(TrailEntry) == trail + 2  # received and applied


def test_a_list_that_nobody_carries_out_is_thrown_away_after_a_month(desk):
    job_id, done = dry_run(desk, LIST), carried_out(desk, LIST)
    with writing() as session:
        for job in session.scalars(select(ImportJob)):
            job.created_at -= timedelta(days=31)
    assert anything_to_tidy()
    tidy_up()
    assert not anything_to_tidy()
    assert db.session.get(ImportJob, job_id) is None
    assert db.session.get(ImportJob, done) is not None
    assert {row.job_id for row in db.session.scalars(select(ImportRow))} == {done}


def test_whoever_had_their_data_deleted_does_not_come_back_and_the_import_forgets_them(desk):
    carried_out(desk, LIST)
    with writing():
        enterprises.delete_enterprise(
            db.session.scalars(select(Enterprise).where(Enterprise.name == "Keripik Uji Melati")).one()
        )
    rows = db.session.scalars(select(ImportRow).order_by(ImportRow.id)).all()
    assert (rows[0].name, rows[0].notes) == ("", [])
    again = dry_run(desk, LIST)
    assert counts(again) == {"unchanged": 3, "skipped": 2}
    assert "dihapus atau dibuang" in desk.get(f"/dinas/ukm/impor/{again}").text


def test_a_newer_list_corrects_what_only_lists_have_said_and_fills_gaps_of_the_rest(desk):
    head = "Nama Usaha,Pemilik,Telepon,Kecamatan,Produk,Modal\n"
    carried_out(
        desk,
        head + "Toko Uji A,Ani Uji,081234567001,Klojen,Kue,\nToko Uji B,Budi Uji,081234567002,Klojen,Roti,\n",
    )
    with writing():
        enterprises.save(listed()["Toko Uji B"], {"products": "Roti tawar buatan sendiri"})
    newer = (
        head
        + "Toko Uji A,Ani Uji,081234567001,Klojen,Kue kering,20 juta\nTOKO UJI B,Budi Uji,081234567002,Klojen,Donat,20 juta\n"
    )
    job_id = carried_out(desk, newer)
    assert counts(job_id) == {"changed": 2}
    found = listed()
    assert found["Toko Uji A"].products == "Kue kering"
    assert found["Toko Uji B"].products == "Roti tawar buatan sendiri"
    assert {one.capital_band for one in found.values()} == {"sampai-100jt"}
    assert {one.class_criterion for one in found.values()} == {SizeCriterion.CAPITAL}


def test_the_import_of_ukm_is_the_operators_and_its_jobs_are_its_own(client, client_as, make_user, desk):
    for path in ("", "/1", "/1/kolom"):
        assert client.get(f"/dinas/ukm/impor{path}").status_code == 302
        assert client_as(make_user(Role.EDITOR)).get(f"/dinas/ukm/impor{path}").status_code == 403
    job_id = dry_run(desk, LIST)
    assert desk.get(f"/dinas/koperasi/impor/{job_id}").status_code == 404
    assert "ukm.csv" not in desk.get("/dinas/koperasi/impor").text
    assert "ukm.csv" in desk.get("/dinas/ukm/impor").text


def test_contacts_of_a_list_are_public_only_once_the_owner_agrees(desk):
    carried_out(desk, "Nama Usaha,WA,Instagram\nToko Uji A,081234567001,@tokouji\n")
    toko = listed()["Toko Uji A"]
    assert toko.contacts == {"whatsapp": "+6281234567001", "instagram": "https://www.instagram.com/tokouji"}
    assert public_contacts(toko, live_purposes(toko)) == {}
    with writing():
        enterprises.set_consents(toko, {Purpose.WHATSAPP: True, Purpose.LISTING: True})
    assert public_contacts(toko, live_purposes(toko)) == {"whatsapp": "+6281234567001"}
