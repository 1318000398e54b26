"""The editor's desk, as an editor who has never used it does it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.content import services
from app.content.forms import PageForm
from app.content.models import ContentFinding, ContentPage, Trouble
from app.content.rules import Kind, State
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing
from tests.support.client import Client
from tests.support.queries import count_queries

Make = Callable[..., ContentPage]
SERVICE = {
    "title": "Mengurus merek",
    "summary": "Mendaftarkan merek usaha.",
    "section": "business",
    "position": "40",
    "who": "Pemilik UKM",
    "requirements": "KTP | asli\nContoh logo",
    "steps": "Datang\nIsi formulir",
    "legal": "UU 20/2016 | https://contoh.example/uu",
    "cost": "Ada PNBP",
    "body": "## Sebelum datang\n\nPeriksa dulu.",
    "check": ["cost", "requirements"],
    "aksi": "simpan",
    "versi": "0",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def only_page() -> ContentPage:
    db.session.expire_all()
    return db.session.query(ContentPage).one()


def edited(page: ContentPage, **changes: Any) -> dict[str, Any]:
    """The form of ``page`` as a browser would send it."""
    form = PageForm.of(page)
    return form.typed | {"versi": str(form.version), "aksi": "simpan"} | changes


def test_a_service_page_from_nothing_to_published(desk: Client, client: Client) -> None:
    assert "Layanan" in desk.get("/dinas/konten/baru").get_data(as_text=True)
    seen = desk.post("/dinas/konten/baru?jenis=service", data=SERVICE | {"aksi": "pratinjau"}).get_data(
        as_text=True
    )
    assert "Pratinjau, belum disimpan" in seen
    assert seen.count("periksa dengan petugas</span>") == 2
    assert db.session.query(ContentPage).count() == 0
    answer = desk.post("/dinas/konten/baru?jenis=service", data=SERVICE, follow_redirects=True)
    assert "Draf tersimpan" in answer.get_data(as_text=True)
    page = only_page()
    assert page.details["requirements"] == [
        {"text": "KTP", "note": "asli"},
        {"text": "Contoh logo", "note": ""},
    ]
    assert (page.slug, page.check_with_office) == ("mengurus-merek", ["requirements", "cost"])
    assert client.get("/layanan/mengurus-merek").status_code == 404
    desk.post(f"/dinas/konten/{page.id}/terbit")
    assert client.get("/layanan/mengurus-merek").status_code == 200
    desk.post(f"/dinas/konten/{page.id}/tarik")
    assert client.get("/layanan/mengurus-merek").status_code == 404


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"title": ""}, "title", "Tulis judul"),
        ({"title": "x" * 151}, "title", "Terlalu panjang"),
        ({"legal": "UU | javascript:alert(1)"}, "legal", "bukan tautan"),
        ({"legal_en": "Law | kata"}, "legal_en", "bukan tautan"),
        ({"slug": "Besar Spasi"}, "slug", "huruf kecil"),
        ({"section": "berkala"}, "section", "Pilih kelompok"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    desk: Client, changes: dict[str, str], name: str, said: str
) -> None:
    answer = desk.post("/dinas/konten/baru?jenis=service", data=SERVICE | changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert f'href="#{name}"' in page
    assert "Periksa dulu." in page


def test_who_saves_over_a_newer_version_sees_it_first(
    desk: Client, make_page: Make, editor: User, make_user: Callable[..., User]
) -> None:
    page = make_page(Kind.SERVICE, title="Awal", details={"cost": "Gratis"})
    mine = edited(page, cost="Rp10.000")
    other, values = make_user(Role.EDITOR, name="Seruni"), {"summary": "Ringkasan baru"}
    with writing():
        services.change_page(page, values, base_version=page.version, by=other)
    answer = desk.post(f"/dinas/konten/{page.id}", data=mine)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Seruni menyimpan halaman ini" in shown
    assert "Ringkasan baru" in shown
    assert "Rp10.000" in shown
    merged = mine | {"versi": str(only_page().version), "summary": "Ringkasan baru"}
    assert desk.post(f"/dinas/konten/{page.id}", data=merged).status_code == 303
    assert (only_page().summary, only_page().details["cost"]) == ("Ringkasan baru", "Rp10.000")


def test_one_tap_says_that_a_page_was_checked_and_comes_back_to_the_list(
    desk: Client, make_page: Make, editor: User
) -> None:
    page = make_page(Kind.SERVICE, title="Perlu dilihat")
    listed = desk.get("/dinas/konten").get_data(as_text=True)
    assert "Perlu dilihat" in listed
    assert "belum pernah" in listed
    answer = desk.post(f"/dinas/konten/{page.id}/periksa", data={"kembali": "daftar", "jenis": "service"})
    assert answer.location == "/dinas/konten?tampil=perlu&jenis=service"
    assert only_page().checked_by_id == editor.id
    assert "Semua halaman masih baru" in desk.get("/dinas/konten").get_data(as_text=True)


def test_what_is_due_first_stands_first_with_broken_links_and_expired_files(
    desk: Client, make_page: Make, editor: User
) -> None:
    late, soon, fresh = (make_page(Kind.SERVICE, title=name) for name in ("Terlambat", "Segera", "Baru"))
    with writing():
        for page, days in ((late, 300), (soon, 170), (fresh, 1)):
            services.mark_checked(page, by=editor, at=now() - timedelta(days=days))
    listed = desk.get("/dinas/konten").get_data(as_text=True)
    assert listed.index(">Terlambat<") < listed.index(">Segera<")
    assert ">Baru<" not in listed
    with writing():
        db.session.add(
            ContentFinding(page_id=fresh.id, target="/tidak-ada", trouble=Trouble.GONE, note="404")
        )
    listed = desk.get("/dinas/konten").get_data(as_text=True)
    assert ">Baru<" in listed
    assert "1 tautan putus" in listed


def test_a_form_to_download_is_hidden_with_its_page_and_named_when_it_has_expired(
    desk: Client, client: Client, make_page: Make, editor: User
) -> None:
    page = make_page(Kind.SERVICE, title="Formulir", published=False)
    address = f"/dinas/konten/{page.id}"
    sent = {"label": "Contoh berita acara", "sampai": (today() - timedelta(days=1)).isoformat()}
    desk.post(f"{address}/berkas", data=sent | {"berkas": (io.BytesIO(PDF), "contoh.pdf")})
    attachment = only_page().attachments[0]
    download = f"/berkas/{attachment.file.token}/{attachment.file.name}"
    assert client.get(download).status_code == 404
    desk.post(f"{address}/terbit")
    assert client.get(download).status_code == 200
    assert "Contoh berita acara" in client.get("/layanan/formulir").get_data(as_text=True)
    with writing():
        services.mark_checked(only_page(), by=editor)
    assert "1 berkas kedaluwarsa" in desk.get("/dinas/konten").get_data(as_text=True)
    desk.post(f"{address}/berkas/{attachment.id}/hapus")
    assert client.get(download).status_code == 404
    assert only_page().attachments == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\x00" * 20, "formulir.pdf"), (b"<svg onload=alert(1)>", "a.svg"), (b"", "")],
)
def test_a_file_that_is_no_document_is_refused_with_a_sentence(
    desk: Client, make_page: Make, content: bytes, name: str
) -> None:
    page = make_page(Kind.SERVICE)
    sent = {"label": "Formulir", "berkas": (io.BytesIO(content), name)}
    answer = desk.post(f"/dinas/konten/{page.id}/berkas", data=sent)
    assert answer.status_code == 422
    assert 'href="#berkas"' in answer.get_data(as_text=True)


def test_owner_interval_and_unit_are_kept_beside_the_text(
    desk: Client, make_page: Make, editor: User
) -> None:
    page = make_page(Kind.SERVICE)
    assert "Tanpa perawat (1)" in desk.get("/dinas/konten").get_data(as_text=True)
    sent = {"pemilik": str(editor.id), "setiap": "90", "unit": "Bidang Usaha"}
    desk.post(f"/dinas/konten/{page.id}/rawat", data=sent)
    assert (only_page().owner_id, only_page().review_every_days, only_page().unit) == (
        editor.id,
        90,
        "Bidang Usaha",
    )
    assert (
        desk.post(f"/dinas/konten/{page.id}/rawat", data=sent | {"pemilik": "2147483646"}).status_code == 422
    )
    assert "Tanpa perawat (0)" in desk.get("/dinas/konten").get_data(as_text=True)


@pytest.mark.parametrize("sent", [{"tanggal": "31/02/2027"}, {"tanggal": "2027-03-01", "jam": "25.61"}])
def test_a_day_that_is_none_is_refused(desk: Client, make_page: Make, sent: dict[str, str]) -> None:
    page = make_page(published=False)
    assert desk.post(f"/dinas/konten/{page.id}/terbit", data=sent).status_code == 422
    assert only_page().state is State.DRAFT


def test_a_page_can_wait_for_its_day(desk: Client, client: Client, make_page: Make) -> None:
    page = make_page(title="Tahun depan", published=False)
    day = (today() + timedelta(days=30)).isoformat()
    desk.post(f"/dinas/konten/{page.id}/terbit", data={"tanggal": day, "jam": "08.30"})
    assert only_page().state is State.PUBLISHED
    assert client.get("/kabar/tahun-depan").status_code == 404
    assert "Terjadwal" in desk.get(f"/dinas/konten/{page.id}").get_data(as_text=True)


@pytest.mark.parametrize("role", [None, Role.COOPERATIVE, Role.OPERATOR, Role.ADMIN])
def test_only_editors_write(
    role: Role | None, app: Flask, client: Client, client_as: Any, make_user: Any, make_page: Make
) -> None:
    page = make_page()
    browser = client if role is None else client_as(make_user(role))
    for address in ("/dinas/konten", "/dinas/konten/baru", f"/dinas/konten/{page.id}"):
        assert browser.get(address).status_code == (302 if role is None else 403)
    for address in ("terbit", "tarik", "periksa", "rawat", "berkas"):
        assert browser.post(f"/dinas/konten/{page.id}/{address}").status_code in (302, 403)
    assert only_page().version == page.version


@pytest.mark.parametrize("number", ["0", "2147483647", "99999999999999"])
def test_a_page_that_is_not_there_is_404(desk: Client, number: str) -> None:
    assert desk.get(f"/dinas/konten/{number}").status_code == 404
    assert desk.post(f"/dinas/konten/{number}/periksa").status_code == 404


@pytest.mark.parametrize(
    "query", ["tampil=bukan&jenis=apa&q=%00%22", "after=kacau", "q=" + "x" * 500, "jenis=news&tampil=semua"]
)
def test_an_odd_address_shows_a_list(desk: Client, make_page: Make, query: str) -> None:
    make_page()
    assert desk.get(f"/dinas/konten?{query}").status_code == 200


def test_the_list_costs_the_same_however_many_pages_there_are(
    desk: Client, make_page: Make, editor: User
) -> None:
    def asked() -> int:
        desk.get("/dinas/konten?tampil=semua")
        with count_queries() as queries:
            desk.get("/dinas/konten?tampil=semua")
        return queries.number

    make_page(Kind.SERVICE, title="Satu", by=editor)
    before = asked()
    for number in range(5):
        make_page(Kind.SERVICE, title=f"Lagi {number}", by=editor)
    assert asked() == before
