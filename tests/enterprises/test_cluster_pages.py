"""The pages of the groups: the office runs, names and compares them, everybody sees portraits and the table by kecamatan."""

from sqlalchemy import func, select, update

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.clusters import queries, services
from app.enterprises.clusters.rules import Feature
from app.enterprises.models import Enterprise
from app.regions.queries import office_region
from tests.enterprises.grouping import BLIMBING, EACH, KLOJEN, SUKUN, run
from tests.support.queries import count_queries


def test_an_operator_runs_looks_names_and_compares(grouped, desk, client_as, make_user):
    again, _told = run()
    index = desk.get("/dinas/ukm/klaster").get_data(as_text=True)
    assert "Toko dan jualan eceran di Klojen, mikro, belum digital" in index
    key = queries.clusters_of(again)[0].key
    with count_queries() as asked:
        page = desk.get(f"/dinas/ukm/klaster/{key}")
    assert asked.number < 25
    assert "Anggota yang paling khas" in page.get_data(as_text=True)
    other = queries.clusters_of(again)[1]
    twice = desk.post(f"/dinas/ukm/klaster/{key}", data={"nama": services.shown_name(other)})
    assert twice.status_code == 422
    assert desk.post(f"/dinas/ukm/klaster/{key}", data={"nama": "Keripik <b>"}).status_code == 303
    assert "Keripik &lt;b&gt;" in desk.get("/ukm/klaster").get_data(as_text=True)
    beside = desk.get(f"/dinas/ukm/klaster/jalan/{again.id}?dengan={grouped.id}").get_data(as_text=True)
    assert "Bandingkan dengan" in beside
    assert desk.get(f"/dinas/ukm/klaster/{key}/anggota.csv").get_data(as_text=True).count("\n") == EACH + 1
    assert desk.post(f"/dinas/ukm/klaster/jalan/{again.id}", data={"catatan": "Uji"}).status_code == 303
    fits = "\r\n".join(["baris"] * 333)  # 1,997 letters, as the field counts them
    assert desk.post(f"/dinas/ukm/klaster/jalan/{again.id}", data={"catatan": fits}).status_code == 303
    refused = desk.post(f"/dinas/ukm/klaster/jalan/{again.id}", data={"catatan": "panjang " * 300})
    assert refused.status_code == 422
    assert "panjang panjang" in refused.text
    assert desk.post("/dinas/ukm/klaster", data={"banyak": "99"}).status_code == 422
    assert desk.post("/dinas/ukm/klaster", data={"bobot_sector": "2", "benih": "4"}).status_code == 303
    assert queries.active_run().wanted.weights[Feature.SECTOR] == 2.0
    assert "sedang berjalan" in desk.get("/dinas/ukm/klaster").get_data(as_text=True)
    for path in ("", f"/{key}", f"/jalan/{again.id}", f"/{key}/anggota.csv"):
        assert client_as(make_user(Role.EDITOR)).get(f"/dinas/ukm/klaster{path}").status_code == 403
    for wrong in ("/9-9", "/jalan/2147483647", "/" + "x" * 60):
        assert desk.get(f"/dinas/ukm/klaster{wrong}").status_code == 404


def test_everybody_sees_portraits_without_anybody_in_them_and_the_table(grouped, client):
    with writing() as session:
        ids = session.scalars(select(Enterprise.id).where(Enterprise.kode_kecamatan == KLOJEN)).all()
        session.execute(update(Enterprise).where(Enterprise.id.in_(ids[3:])).values(kode_kecamatan=SUKUN))
    sukun, blimbing = (
        db.session.scalar(select(func.count()).where(Enterprise.kode_kecamatan == code)) for code in (SUKUN, BLIMBING)
    )  # fmt: skip
    page = client.get("/ukm/klaster")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Usaha 1<" not in text
    assert "disamarkan" in text
    told = client.get("/ukm/klaster?format=json").get_json()
    counts = {one["nama"]: one["jumlah"] for one in told["kecamatan"]}
    least = min(sukun, blimbing)
    assert counts == {"Blimbing": None if blimbing == least else blimbing, "Klojen": None, "Kedungkandang": 0, "Sukun": None if sukun == least else sukun, "Lowokwaru": 0}  # fmt: skip
    assert told["jumlah"] == 3 * EACH
    lines = client.get("/ukm/klaster?format=csv").get_data(as_text=True).splitlines()
    assert lines[-1] == f",Jumlah,{3 * EACH}"
    assert sum("disamarkan" in line for line in lines) == 2
    assert all(one["dihitung"] == EACH for one in told["kelompok"])


PUBLISHED = {"Batu Ampar": 277, "Bengalon": 366, "Busang": 206, "Kaliorang": 376, "Karangan": 259, "Kaubun": 648, "Kombeng": 126, "Long Mesangat": 304, "Muara Ancalong": 635, "Muara Bengkal": 547, "Muara Wahau": 66, "Rantau Pulung": 361, "Sandaran": 66, "Sangatta Selatan": 2816, "Sangatta Utara": 4074, "Sangkulirang": 303, "Telen": 245, "Teluk Pandan": 422}  # fmt: skip


def test_the_published_table_of_a_regency_is_shown_to_the_last_figure(app, client, monkeypatch):
    names = {name: code for code, name in office_region("64.08").kecamatan.items()}
    counted = {names[name]: count for name, count in PUBLISHED.items()}
    monkeypatch.setattr("app.enterprises.clusters.public_routes.by_kecamatan", lambda: counted)
    monkeypatch.setitem(app.config, "REGION", "64.08")
    told = client.get("/ukm/klaster?format=json").get_json()
    page = client.get("/ukm/klaster").get_data(as_text=True)
    assert {one["nama"]: one["jumlah"] for one in told["kecamatan"]} == PUBLISHED
    assert told["jumlah"] == 12097
    assert "12.097" in page
    assert "4.074" in page
