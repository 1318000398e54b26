"""Rows and files of a list of UKM that a person must decide about, or that are refused with a sentence."""

import pytest
from sqlalchemy import select

from app.core.extensions import db
from app.enterprises.models import Enterprise
from app.intake.models import ImportJob, ImportRow
from tests.intake.uploading import carried_out, counts, dry_run, how_many, listed, upload


def test_likely_duplicates_are_a_persons_decision(desk):
    head = "Nama Usaha,Pemilik,Telepon,Kelurahan,Kecamatan\n"
    carried_out(desk, head + "Keripik Melati Uji,Sekar Uji,081234567001,Purwantoro,Blimbing\n")
    other = (
        head
        + "Kripik Melati Uji,,,Purwantoro,Blimbing\n"  # nearly the name, the same kelurahan
        + "Dapur Lain,Sekar Uji,081234567001,Arjosari,Blimbing\n"  # the same person
        + "Warung Baru Uji,Ani Uji,081234567003,Arjosari,Blimbing\n"
        + "Warung Baru Uji,Ani,081234567009,Arjosari,Blimbing\n"  # like the row before
    )
    job_id = dry_run(desk, other)
    assert counts(job_id) == {"new": 1, "doubtful": 3}
    rows = db.session.scalars(
        select(ImportRow).where(ImportRow.outcome == "doubtful").order_by(ImportRow.id)
    ).all()
    melati = listed()["Keripik Melati Uji"].id
    assert [row.plan["candidates"][0]["id"] for row in rows] == [melati, melati, None]
    page = desk.get(f"/dinas/ukm/impor/{job_id}?hasil=doubtful").text
    assert "nama hampir sama" in page
    assert "nomor HP sama" in page
    desk.post(
        f"/dinas/ukm/impor/{job_id}/putusan",
        data={f"putusan_{rows[0].id}": str(melati), "sisanya": "new"},
    )
    desk.post(f"/dinas/ukm/impor/{job_id}/jalankan")
    db.session.expire_all()
    assert sorted(one.name for one in db.session.scalars(select(Enterprise))) == [
        "Dapur Lain",
        "Kripik Melati Uji",  # the newer list's word, for nobody but lists has spoken of it
        "Warung Baru Uji",
        "Warung Baru Uji",
    ]
    assert counts(dry_run(desk, other)) == {"unchanged": 4}


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "kosong.csv"),
        (b"PK\x03\x04rusak", "rusak.xlsx"),
        (b"%PDF-1.7", "surat.pdf"),
        (b"a,b\n1,2\n", "x.csv"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(desk, content, filename):
    page = upload(desk, content, filename)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert how_many(ImportJob) == 0


def test_a_row_whose_cells_are_shifted_is_refused_alone(desk):
    job_id = dry_run(
        desk, "Nama Usaha,Produk,Alamat\nToko Uji A,Kue,Jl. Uji 1\nToko Uji B,Kue, roti,Jl. Uji 2\n"
    )
    assert counts(job_id) == {"new": 1, "refused": 1}
    assert "4 sel, judulnya 3" in desk.get(f"/dinas/ukm/impor/{job_id}").text


def test_a_row_that_makes_little_sense_and_one_like_a_doubtful_row_wait_for_a_person(desk):
    head = "Nama Usaha,Produk,Kelurahan,Kecamatan,Lat,Long,Telepon,Alamat\n"
    muddled = "Toko Uji Geser,Kue, roti,Purwantoro,Blimbing,-7.95,112.65,081234567001\n"
    alike = "Toko Uji Gesar,Kue,Purwantoro,Blimbing,,,112.65,081234567001\n"
    job_id = dry_run(desk, head + muddled + muddled.replace("Kue", "Roti") + alike)
    assert counts(job_id) == {"doubtful": 2, "new": 1}
    page = desk.get(f"/dinas/ukm/impor/{job_id}?hasil=doubtful").text
    assert "sel-selnya bergeser" in page
    assert "Sisanya: lewati semua" in page
    desk.post(f"/dinas/ukm/impor/{job_id}/putusan", data={"sisanya": "skip"})
    desk.post(f"/dinas/ukm/impor/{job_id}/jalankan")
    assert sorted(listed()) == ["Toko Uji Gesar"]
