"""Whole lists of UKM from the terminal: two real ones, and one that knows no more than the kecamatan."""

from sqlalchemy import func, select

from app.core.extensions import db
from app.enterprises.models import Enterprise
from app.enterprises.rules import SizeClass, State
from tests.support.real import real_file


def how_many():
    return db.session.scalar(select(func.count()).select_from(Enterprise))


def test_a_list_with_only_kecamatan_comes_in_whole(app, monkeypatch, command, tmp_path, client):
    monkeypatch.setitem(app.config, "REGION", "64.08")
    names = ("Sangatta Utara", "Sangata Selatan", "Batu Ampar", "Muara Wahau")
    rows = [
        f"Warung Uji {number},{names[number % 4]},Perdagangan,12 juta per tahun,whatsapp"
        for number in range(40)
    ]
    file = tmp_path / "kutim.csv"
    file.write_text("Nama Usaha,Kecamatan,Sektor,Omzet,Adopsi Digital\n" + "\n".join(rows), encoding="utf-8")
    done = command("enterprise", "import", file)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == (
        "40 baris: 40 baru; ditulis: 40 UKM baru, 0 draf tanpa nama, 0 diperbarui"
    )
    assert "“Sangata Selatan” dibaca Sangatta Selatan\tyakin" in done.output
    query = select(Enterprise.kode_kecamatan, func.count()).group_by(Enterprise.kode_kecamatan)
    assert sorted(count for _code, count in db.session.execute(query)) == [10, 10, 10, 10]
    one = db.session.scalars(select(Enterprise).limit(1)).one()
    assert (one.kode_kelurahan, one.digital, one.size_class) == (None, ["chat_sales"], SizeClass.MIKRO)
    assert "Warung Uji 1" in client.get("/ukm").text
    assert "40 tetap" in command("enterprise", "import", file).output


def test_all_points_of_a_real_list_from_elsewhere_are_told_and_none_is_taken(command, tmp_path):
    path = tmp_path / "sorong.csv"
    path.write_bytes(real_file("sorong_malawele_umkm_latlng.csv"))
    dry = command("enterprise", "import", path, "--dry-run")
    assert dry.exit_code == 0, dry.output
    lines = [line for line in dry.output.splitlines() if line.startswith("baris ")]
    assert len(lines) == 265
    assert [line for line in lines if "di luar Kota Malang" not in line] == []
    assert dry.output.splitlines()[-1] == "265 baris: 264 meragukan, 1 ditolak"
    for word in (
        "“Kulier” dibaca Kuliner\tyakin 92%",
        "“Kulener” dibaca Kuliner\tyakin 85%",
        "“Perdangan” dibaca Perdagangan",
    ):
        assert word in dry.output
    assert how_many() == 0
    done = command("enterprise", "import", path)
    assert "0 UKM baru" in done.output
    assert how_many() == 0


def test_a_real_list_without_names_becomes_drafts_with_their_kelurahan(app, monkeypatch, command, tmp_path):
    path = tmp_path / "bogor.csv"
    path.write_bytes(real_file("kota_bogor_umkm_2022_tanpa_nama.csv"))
    monkeypatch.setitem(app.config, "REGION", "32.71")
    done = command("enterprise", "import", path)
    assert done.exit_code == 0, done.output
    drafts = db.session.scalars(select(Enterprise)).all()
    assert len(drafts) >= 440
    assert {one.state for one in drafts} == {State.DRAFT}
    assert sum(one.kode_kelurahan is not None for one in drafts) >= 428
    assert "“Balungbangjaya” dibaca Balumbang Jaya\tyakin 88%" in done.output
    assert "“Sindangbarang” dibaca Sindang Barang\tyakin 100%" in done.output
    again = command("enterprise", "import", path)
    assert "0 UKM baru, 0 draf tanpa nama, 0 diperbarui" in again.output
    assert how_many() == len(drafts)


def test_the_command_ends_with_one_when_the_file_is_none(command, tmp_path):
    file = tmp_path / "foto.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    done = command("enterprise", "import", file)
    assert (done.exit_code, "Traceback" in done.output) == (1, False)
