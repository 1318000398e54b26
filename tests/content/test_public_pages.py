"""What everybody reads."""

from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

from flask import Flask

from app.accounts.models import User
from app.content import services
from app.content.models import ContentPage
from app.content.queries import hits, public_pages
from app.content.rules import Kind
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.support.client import Client
from tests.support.queries import count_queries

Make = Callable[..., ContentPage]
DETAILS = {
    "requirements": [{"text": "Akta pendirian", "note": "asli"}],
    "legal": [{"text": "UU 25/1992", "note": "https://contoh.example/uu"}],
    "cost": "Gratis",
}


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def test_drafts_withdrawn_and_later_pages_are_seen_by_nobody(client: Client, make_page: Make) -> None:
    make_page(Kind.SERVICE, title="Draf saja", published=False)
    make_page(Kind.SERVICE, title="Besok saja", at=now() + timedelta(days=1))
    gone = make_page(Kind.SERVICE, title="Sudah ditarik")
    with writing():
        services.withdraw(gone)
    listed = text_of(client, "/layanan")
    for title, slug in (("Draf", "draf-saja"), ("Besok", "besok-saja"), ("Sudah", "sudah-ditarik")):
        assert title not in listed
        text_of(client, f"/layanan/{slug}", 404)
    assert not hits("draf besok ditarik saja", 10)


def test_a_page_appears_by_itself_when_its_time_has_come(client: Client, make_page: Make) -> None:
    page = make_page(Kind.NEWS, title="Nanti", at=now() + timedelta(hours=1))
    text_of(client, "/kabar/nanti", 404)
    with writing():
        page.publish_at = now() - timedelta(minutes=1)
    assert "Nanti" in text_of(client, "/kabar")


def test_a_service_shows_its_parts_marks_and_law(client: Client, make_page: Make) -> None:
    make_page(Kind.SERVICE, title="Mengurus akta", details=DETAILS, check_with_office=["requirements"])
    page = text_of(client, "/layanan/mengurus-akta")
    assert "Akta pendirian" in page
    assert "asli" in page
    assert "Gratis" in page
    assert page.count("periksa dengan petugas") == 1
    assert '<a href="https://contoh.example/uu" rel="noopener noreferrer">UU 25/1992</a>' in page
    assert '"@type": "GovernmentService"' in page
    assert '"Mengurus akta"' in page


def test_words_of_staff_cannot_become_markup(client: Client, make_page: Make) -> None:
    bad = "<script>alert(1)</script>"
    details = {"requirements": [{"text": bad, "note": bad}], "who": bad, "legal": [{"text": bad, "note": ""}]}
    make_page(
        Kind.SERVICE,
        title=f"Uji {bad}",
        slug="uji",
        summary=bad,
        body=f"{bad} [a](javascript:alert(1))",
        details=details,
    )
    page = text_of(client, "/layanan/uji")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_page_without_english_says_so_and_marks_its_language(client: Client, make_page: Make) -> None:
    make_page(Kind.SERVICE, title="Hanya Indonesia", details=DETAILS)
    make_page(Kind.SERVICE, title="Dua bahasa", title_en="Two languages", details=DETAILS, details_en={
        "requirements": [{"text": "Deed", "note": ""}], "cost": "Free",
    })  # fmt: skip
    page = text_of(client, "/layanan/hanya-indonesia?lang=en")
    assert '<article lang="id">' in page
    assert "Hanya Indonesia" in page
    page = text_of(client, "/layanan/dua-bahasa?lang=en")
    assert "<article>" in page
    assert "Deed" in page
    assert "Free" in page
    assert "UU 25/1992" in page


def test_a_page_says_when_it_was_checked_and_when_that_is_long_ago(
    client: Client, make_page: Make, editor: User
) -> None:
    page = make_page(Kind.SERVICE, title="Terawat")
    with writing():
        services.keep_up(page, owner=None, every=180, unit="Bidang Kelembagaan")
        services.mark_checked(page, by=editor)
    shown = text_of(client, "/layanan/terawat")
    assert "Terakhir diperiksa" in shown
    assert "oleh Bidang Kelembagaan" in shown
    assert editor.name not in shown
    with writing():
        services.mark_checked(page, by=editor, at=now() - timedelta(days=200))
    shown = text_of(client, "/layanan/terawat")
    assert "Seharusnya diperiksa lagi" in shown
    assert "lama tidak diperiksa" in shown


def test_news_come_newest_first_in_pages_and_as_a_feed(client: Client, make_page: Make) -> None:
    for number in range(23):
        make_page(
            Kind.NEWS,
            title=f"Kabar ke-{number:02}",
            body="Isi & <b>tebal</b>",
            at=now() - timedelta(days=number),
        )
    first = text_of(client, "/kabar")
    assert first.index("Kabar ke-00") < first.index("Kabar ke-19")
    assert "Kabar ke-20" not in first
    answer = client.get("/kabar/umpan.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314 - our own
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in feed.findall("a:entry/a:title", names)][:2] == ["Kabar ke-00", "Kabar ke-01"]
    content = feed.findtext("a:entry/a:content", namespaces=names) or ""
    assert content.startswith("<p>")
    assert "<b>" not in content


def test_an_empty_site_says_what_to_do_next(client: Client) -> None:
    assert "Belum ada kabar" in text_of(client, "/kabar")
    assert "Belum ada." in text_of(client, "/informasi-publik")
    ElementTree.fromstring(client.get("/kabar/umpan.xml").data)  # noqa: S314 - our own
    text_of(client, "/tentang")
    text_of(client, "/aksesibilitas", 404)


def test_public_information_stands_under_its_category_in_law(client: Client, make_page: Make) -> None:
    make_page(Kind.INFORMATION, section="dikecualikan", title="Data pribadi", details={
        "documents": [{"text": "Unduh", "note": "/koperasi?format=csv"}], "period": "tahun 2026",
    })  # fmt: skip
    listed = text_of(client, "/informasi-publik")
    assert listed.index('id="setiap_saat"') < listed.index('id="dikecualikan"') < listed.index("Data pribadi")
    assert "10 hari kerja" in listed
    assert "7 hari kerja" in listed
    assert 'href="/koperasi?format=csv"' in text_of(client, "/informasi-publik/data-pribadi")


def test_the_office_shows_its_address_with_a_map_only_where_it_is_known(client: Client) -> None:
    assert "openstreetmap.org" not in text_of(client, "/tentang")
    config = client.application.config
    kept = config["OFFICE_ADDRESS"]
    config["OFFICE_ADDRESS"] = "Jalan Contoh 1"
    try:
        page = text_of(client, "/tentang")
    finally:
        config["OFFICE_ADDRESS"] = kept
    assert "openstreetmap.org/search?query=Jalan+Contoh+1" in page.replace("%20", "+")
    assert '"@type": "GovernmentOrganization"' in page


def test_lists_cost_the_same_however_many_pages_there_are(client: Client, make_page: Make) -> None:
    def asked() -> list[int]:
        found = []
        for address in ("/layanan", "/kabar", "/tentang", "/informasi-publik"):
            client.get(address)
            db.session.remove()
            with count_queries() as queries:
                client.get(address)
            found.append(queries.number)
        return found

    for kind in Kind:
        make_page(kind, title="Satu")
    before = asked()
    for kind in Kind:
        for number in range(4):
            make_page(kind, title=f"Lagi {number}")
    assert asked() == before


def test_the_search_of_the_site_finds_pages_by_title_requirement_and_in_english(
    make_page: Make, app: Flask
) -> None:
    make_page(
        Kind.SERVICE,
        title="Mengurus akta",
        summary="Akta untuk koperasi",
        details=DETAILS,
        title_en="Getting a deed",
    )
    make_page(Kind.NEWS, title="Kantor tutup")
    with app.test_request_context():
        assert [hit.url for hit in hits("mengurus akte", 5)] == ["/layanan/mengurus-akta"]
        assert [hit.kind for hit in hits("getting deed", 5)] == ["service"]
        found = hits("tutup", 5)
        assert found[0].kind == "news"
        assert found[0].note
        assert "/layanan/mengurus-akta" in {page.url for page in public_pages()}
