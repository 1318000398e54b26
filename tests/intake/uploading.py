"""A list of UKM, and its way through the screens of the import."""

import io

from sqlalchemy import func, select

from app.core.extensions import db
from app.enterprises.models import Enterprise
from app.intake.models import ImportJob

LIST = (
    "Nama Usaha;Nama Pemilik;NIK;No HP/WA;Jenis Usaha;Produk;Kelurahan;Kecamatan;Alamat;Lat;Long;Omzet/Tahun;Tenaga Kerja;NIB\n"
    "KERIPIK UJI MELATI;SEKAR UJI;3573010101010001;081234567001;Kulier;Keripik tempe;Purwantro;Blimbing;Jl. Uji 1;-7,9500;112,6500;"
    "120 juta;3;ada\n"
    "Bengkel Uji Jaya;Budi Uji;3573010101010002;081234567002;Jasa;Tambal ban;Balearjosari;Blimbing;Jl. Uji 2;112.65;-7.93;"
    "2.500.000.000;2;1234567890123\n"
    "Kios Uji Kenanga;Ani Uji;3573010101010003;0812-3456-7003;Perdangan;;Arjosari;Blimbing;Jl. Uji 3;-0.95;131.30;;;belum\n"
    ";Tanpa Uji;3573010101010004;081234567004;Kuliner;Bakso;Polowijen;Blimbing;Jl. Uji 4;;;;;\n"
    ";;;;;;;;;;;;;\n"
)


def upload(desk, content, filename="ukm.csv"):
    data = content.encode() if isinstance(content, str) else content
    return desk.post(
        "/dinas/ukm/impor", data={"file": (io.BytesIO(data), filename)}, content_type="multipart/form-data"
    )


def dry_run(desk, content, **changed):
    page = upload(desk, content)
    assert page.status_code == 303, page.text
    job_id = int(page.location.split("/")[-2])
    job = db.session.get_one(ImportJob, job_id)
    form = {f"kolom_{index}": field or "" for index, field in enumerate(job.columns)} | changed
    assert desk.post(f"/dinas/ukm/impor/{job_id}/kolom", data=form).status_code == 303
    return job_id


def carried_out(desk, content):
    job_id = dry_run(desk, content)
    page = desk.post(f"/dinas/ukm/impor/{job_id}/jalankan", follow_redirects=True)
    assert "Impor selesai" in page.text
    db.session.expire_all()
    return job_id


def counts(job_id):
    db.session.expire_all()
    return db.session.get_one(ImportJob, job_id).counts


def listed():
    db.session.expire_all()
    return {one.name: one for one in db.session.scalars(select(Enterprise))}


def how_many(model=Enterprise):
    return db.session.scalar(select(func.count()).select_from(model))
