"""From a file to the register, through the screens."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.intake import planning, services
from app.intake.models import ImportJob, ImportRow, ImportState
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from tests.support.real import real_file

LIST = (
    "Daftar koperasi contoh,,,,,\n"
    "Nama Koperasi,No Badan Hukum,Kecamatan,Kelurahan,Tahun,Aset\n"
    "KOPERASI UJI MELATI,518/01/BH/UJI/2001,Blimbing,Balearjosari,2024,Rp 1.250.000\n"
    '"Koperasi Uji\nKenanga",518/02/BH/UJI/2001,Klojen,Tidak Dikenal,2024,"2.000.000,00"\n'
    ",518/03/BH/UJI/2001,Klojen,,,\n"
    "JUMLAH,,,,,3250000\n"
)


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR)


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def upload(desk, content, filename="daftar.csv"):
    data = content.encode() if isinstance(content, str) else content
    return desk.post(
        "/dinas/koperasi/impor",
        data={"file": (io.BytesIO(data), filename)},
        content_type="multipart/form-data",
    )


def columns_of(job_id):
    """The form of the columns page as a browser would send it back untouched."""
    db.session.expire_all()
    job = db.session.get_one(ImportJob, job_id)
    return {f"kolom_{index}": field or "" for index, field in enumerate(job.columns)}


def dry_run(desk, content, filename="daftar.csv", **changed):
    page = upload(desk, content, filename)
    assert page.status_code == 303, page.text
    job_id = int(page.location.split("/")[-2])
    assert (
        desk.post(f"/dinas/koperasi/impor/{job_id}/kolom", data=columns_of(job_id) | changed).status_code
        == 303
    )
    return job_id


def counts(job_id):
    db.session.expire_all()
    return db.session.get_one(ImportJob, job_id).counts


def test_a_dry_run_accounts_for_every_row_and_writes_nothing(desk):
    job_id = dry_run(desk, LIST)
    assert counts(job_id) == {"new": 2, "refused": 1, "skipped": 1}
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 0
    page = desk.get(f"/dinas/koperasi/impor/{job_id}").text
    assert "Koperasi Uji Kenanga" in page
    assert "Tidak Dikenal" in page  # a place that is not known is reported
    assert "Belum tersimpan" in page


def test_carrying_out_writes_register_and_history_and_nothing_twice(desk):
    job_id = dry_run(desk, LIST)
    assert desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan").status_code == 303
    names = db.session.scalars(select(Cooperative.nama_koperasi).order_by(Cooperative.id)).all()
    assert names == ["Koperasi Uji Melati", "Koperasi Uji Kenanga"]
    kenanga = db.session.scalars(select(Cooperative).order_by(Cooperative.id.desc())).first()
    assert kenanga.tempat_lain
    assert kenanga.kode_kecamatan == "35.73.02"
    reports = db.session.scalars(select(Report)).all()
    assert {(r.year, r.origin, r.status, r.answers["aset"]) for r in reports} == {
        (2024, Origin.IMPORTED, Status.DRAFT, 1_250_000),
        (2024, Origin.IMPORTED, Status.DRAFT, 2_000_000),
    }
    again = dry_run(desk, LIST)
    assert counts(again) == {"unchanged": 2, "refused": 1, "skipped": 1}
    trail = db.session.scalar(select(func.count()).select_from(TrailEntry))
    desk.post(f"/dinas/koperasi/impor/{again}/jalankan")
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 2
    assert (
        db.session.scalar(select(func.count()).select_from(TrailEntry)) == trail + 1
    )  # only "import.applied"


def test_an_import_is_carried_out_once(desk):
    job_id = dry_run(desk, LIST)
    for _ in range(2):
        page = desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan", follow_redirects=True)
    assert "sudah dijalankan" in page.text
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 2


def test_an_import_that_was_carried_out_stays_so_whatever_an_older_page_asks(desk):
    job_id = dry_run(desk, LIST)
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    page = desk.post(f"/dinas/koperasi/impor/{job_id}/ulang", follow_redirects=True)
    assert "Hasil impor" in page.text
    db.session.expire_all()
    job = db.session.get_one(ImportJob, job_id)
    assert (job.state, job.problem) == (ImportState.APPLIED, None)


def test_a_comparison_by_columns_that_were_corrected_meanwhile_is_not_kept(desk, monkeypatch):
    job_id = dry_run(desk, LIST)
    compare = planning.compare

    def slowly(chosen, year_is, progress, kind):
        """Somebody settles the columns anew, in another tab, while this one still compares."""
        monkeypatch.setattr(planning, "compare", compare)
        form = columns_of(job_id) | {"tahun_adalah": "rat"}
        desk.post(f"/dinas/koperasi/impor/{job_id}/kolom", data=form)
        return compare(chosen, year_is, progress, kind)

    monkeypatch.setattr(planning, "compare", slowly)
    planning.plan_job(job_id)
    db.session.expire_all()
    rows = db.session.scalars(select(ImportRow).where(ImportRow.job_id == job_id, ImportRow.outcome == "new"))
    assert {row.plan["report"]["year"] for row in rows} == {2023}


def test_a_register_that_moved_on_is_compared_again_before_anything_is_written(desk, make_cooperative):
    job_id = dry_run(desk, LIST)
    with writing():
        from app.cooperatives.services import add_cooperative

        add_cooperative({"nama_koperasi": "Koperasi Uji Melati", "nomor_badan_hukum": "518/01/BH/UJI/2001"})
    page = desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan", follow_redirects=True)
    assert "berubah sejak uji coba" in page.text
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 1
    assert counts(job_id)["changed"] == 1
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 2


def test_a_doubtful_row_waits_for_a_persons_word(desk):
    dry = dry_run(desk, LIST)
    desk.post(f"/dinas/koperasi/impor/{dry}/jalankan")
    other = (
        "Nama Koperasi,No Badan Hukum,Kecamatan,Alamat\n"
        "Koperasi Sama Sekali Lain,518/01/BH/UJI/2001,Blimbing,Jalan Uji 9\n"
    )
    job_id = dry_run(desk, other)
    assert counts(job_id) == {"doubtful": 1}
    row = db.session.scalars(select(ImportRow).where(ImportRow.job_id == job_id)).one()
    page = desk.get(f"/dinas/koperasi/impor/{job_id}?hasil=doubtful").text
    assert f"putusan_{row.id}" in page
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 2  # undecided: left out
    job_id = dry_run(desk, other)
    row = db.session.scalars(select(ImportRow).where(ImportRow.job_id == job_id)).one()
    melati = row.plan["candidates"][0]["id"]
    desk.post(f"/dinas/koperasi/impor/{job_id}/putusan", data={f"putusan_{row.id}": str(melati)})
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    db.session.expire_all()
    assert db.session.get_one(Cooperative, melati).nama_koperasi == "Koperasi Sama Sekali Lain"
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 2


def test_a_doubtful_row_can_be_a_new_cooperative(desk):
    desk.post(f"/dinas/koperasi/impor/{dry_run(desk, LIST)}/jalankan")
    other = "Nama Koperasi,No Badan Hukum\nKoperasi Sama Sekali Lain,518/01/BH/UJI/2001\n"
    job_id = dry_run(desk, other)
    row = db.session.scalars(select(ImportRow).where(ImportRow.job_id == job_id)).one()
    desk.post(
        f"/dinas/koperasi/impor/{job_id}/putusan",
        data={f"putusan_{row.id}": "new", f"putusan_{row.id + 1}": "99"},
    )
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 3


def test_columns_can_be_corrected_and_a_wrong_choice_keeps_what_was_chosen(desk):
    page = upload(desk, "Judul Aneh,No Badan Hukum,Nama Koperasi\nKoperasi Uji A,518/1/UJI,x\n")
    job_id = int(page.location.split("/")[-2])
    refused = desk.post(
        f"/dinas/koperasi/impor/{job_id}/kolom",
        data={"kolom_0": "nama_koperasi", "kolom_1": "nomor_badan_hukum", "kolom_2": "nama_koperasi"},
    )
    assert refused.status_code == 422
    assert "dipilih untuk dua kolom" in refused.text
    assert refused.text.count('value="nama_koperasi" selected') == 2
    desk.post(
        f"/dinas/koperasi/impor/{job_id}/kolom",
        data={"kolom_0": "nama_koperasi", "kolom_1": "nomor_badan_hukum", "kolom_2": ""},
    )
    row = db.session.scalars(select(ImportRow)).one()
    assert (row.name, row.outcome) == ("Koperasi Uji A", "new")


def test_a_rat_year_is_about_the_book_year_before(desk):
    job_id = dry_run(desk, "Nama Koperasi,Tahun,Aset\nKoperasi Uji,2020,5\n", tahun_adalah="rat")
    desk.post(f"/dinas/koperasi/impor/{job_id}/jalankan")
    assert db.session.scalars(select(Report.year)).all() == [2019]


@pytest.mark.parametrize(
    ("content", "filename", "told"),
    [
        (b"", "kosong.csv", "kosong"),
        (b"PK\x03\x04rusak", "rusak.xlsx", ""),
        (b"%PDF-1.7", "surat.pdf", ""),
        (b"tanpa,judul\n1,2\n", "x.csv", "Baris judul"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(desk, content, filename, told):
    page = upload(desk, content, filename)
    assert page.status_code == 422
    assert told in page.text
    assert 'role="alert"' in page.text
    assert db.session.scalar(select(func.count()).select_from(ImportJob)) == 0


def test_figures_without_a_year_are_told_to_be_left_out(desk):
    job_id = dry_run(desk, LIST)
    assert "Angka laporan tidak ikut" not in desk.get(f"/dinas/koperasi/impor/{job_id}").text
    form = {name: "" if field == "tahun_buku" else field for name, field in columns_of(job_id).items()}
    desk.post(f"/dinas/koperasi/impor/{job_id}/kolom", data=form)
    assert "Angka laporan tidak ikut" in desk.get(f"/dinas/koperasi/impor/{job_id}").text


def test_a_table_without_rows_leads_to_another_file(desk):
    job_id = dry_run(desk, "Nama Koperasi,No Badan Hukum,Kecamatan\n")
    page = desk.get(f"/dinas/koperasi/impor/{job_id}").text
    assert "Pilih berkas lain" in page
    assert "Jalankan impor" not in page


def test_choosing_no_file_says_so(desk):
    assert "Pilih berkas dulu." in desk.post("/dinas/koperasi/impor", data={}).text


def test_every_row_can_be_downloaded_with_its_reason(desk):
    job_id = dry_run(desk, LIST)
    text = desk.get(f"/dinas/koperasi/impor/{job_id}?format=csv").text
    assert len(text.strip().splitlines()) == 5
    assert "refused" in text


def test_a_long_file_is_compared_in_the_background(desk, app, monkeypatch):
    monkeypatch.setattr(planning, "SHORT", 1)
    started = []
    monkeypatch.setattr(planning.threading, "Thread", lambda **how: started.append(how) or _Still())
    job_id = dry_run(desk, LIST)
    page = desk.get(f"/dinas/koperasi/impor/{job_id}")
    assert page.headers["Refresh"] == "2"
    assert "<progress" in page.text
    planning._in_background(*started[0]["args"])
    assert counts(job_id)["new"] == 2


class _Still:
    def start(self):
        """The test runs the thread's work itself."""


def test_a_comparison_that_died_can_be_started_again(desk, app):
    page = upload(desk, LIST)
    job_id = int(page.location.split("/")[-2])
    with writing() as session:
        job = session.get_one(ImportJob, job_id)
        services.begin_plan(job, rows=4)
        job.beat_at = job.created_at - timedelta(days=366)
    page = desk.get(f"/dinas/koperasi/impor/{job_id}")
    assert "Uji coba terhenti" in page.text
    assert "Refresh" not in page.headers
    desk.post(f"/dinas/koperasi/impor/{job_id}/ulang")
    assert counts(job_id)["new"] == 2


@pytest.mark.parametrize("path", ["", "/1", "/1/kolom"])
def test_the_import_is_the_operators(client, client_as, make_user, path):
    address = f"/dinas/koperasi/impor{path}"
    assert client.get(address).status_code == 302
    assert client_as(make_user(Role.ADMIN)).get(address).status_code == 403


def test_imports_that_do_not_exist_are_not_found(desk):
    for path in ("/2147483600", "/2147483600/kolom"):
        assert desk.get(f"/dinas/koperasi/impor{path}").status_code == 404


def test_the_command_imports_and_says_what_became_of_each_row(command, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text(LIST, encoding="utf-8")
    dry = command("cooperative", "import", file, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "4 baris: 2 baru, 1 ditolak, 1 dilewati" in dry.output
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 0
    done = command("cooperative", "import", file)
    assert "2 koperasi baru" in done.output
    again = command("cooperative", "import", file)
    assert "2 tetap" in again.output
    assert "0 koperasi baru, 0 diperbarui, 0 laporan" in again.output


def test_the_command_refuses_what_is_no_list_and_ends_with_one(command, tmp_path):
    file = tmp_path / "foto.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    done = command("cooperative", "import", file)
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_the_real_list_of_bogor_is_accounted_for_to_the_last_row(app, monkeypatch, command, tmp_path):
    path = tmp_path / "bogor.csv"
    path.write_bytes(real_file("kota_bogor_koperasi_2022.csv"))
    monkeypatch.setitem(app.config, "REGION", "32.71")
    first = command("cooperative", "import", path)
    assert first.exit_code == 0, first.output
    rows = db.session.scalars(select(ImportRow)).all()
    assert len(rows) == 400
    assert all(c.kode_kecamatan for c in db.session.scalars(select(Cooperative)))
    assert not any(c.kode_kelurahan or c.nik_koperasi for c in db.session.scalars(select(Cooperative)))
    second = command("cooperative", "import", path)
    assert "0 koperasi baru, 0 diperbarui, 0 laporan" in second.output
    assert db.session.get(User, 1) is None  # the command made nobody
    assert db.session.scalars(select(ImportJob.state)).all() == [ImportState.APPLIED] * 2


def test_the_real_rat_list_of_subang_becomes_history_of_two_book_years(app, monkeypatch, command, tmp_path):
    path = tmp_path / "subang.csv"
    path.write_bytes(real_file("subang_koperasi_rat_2019_2020.csv"))
    monkeypatch.setitem(app.config, "REGION", "32.13")
    done = command("cooperative", "import", path, "--year-is", "rat")
    assert done.exit_code == 0, done.output
    years = db.session.scalars(select(Report.year)).all()
    assert sorted(years) == [2018] * 10 + [2019] * 10
    assert db.session.scalar(select(func.count()).select_from(Cooperative)) == 10
    slips = [r for r in db.session.scalars(select(Report).where(Report.year == 2019)) if r.findings]
    assert any("29.290.000" in str(r.findings) for r in slips)
