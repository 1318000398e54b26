"""What search engines, messengers and phones read."""

import json
import re
from xml.etree import ElementTree

import pytest

from app.pages import machine_routes
from tests.support.queries import count_queries

SPACE = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client, path="/sitemap.xml") -> list[str]:
    tree = ElementTree.fromstring(client.get(path).data)  # noqa: S314 - our own answer
    return [found.text for found in tree.iterfind(".//m:loc", SPACE)]


@pytest.fixture
def city(make_page, make_program, make_cooperative):
    make_page("Mendirikan koperasi")
    make_page("Rencana", state="draft")
    make_program("Pelatihan & pameran", slug="pelatihan-pameran")
    make_cooperative(nama_koperasi="Koperasi Melati")
    make_cooperative(nama_koperasi="Koperasi Usulan", listing="proposed")


def test_the_site_map_names_what_everybody_may_read_and_nothing_else(app, client, city):
    base = app.config["BASE_URL"].rstrip("/")
    found = addresses(client)
    for path in (
        "/",
        "/program",
        "/program/pelatihan-pameran",
        "/layanan",
        "/layanan/mendirikan-koperasi",
        "/koperasi/koperasi-melati-1",
        "/panduan/pengelola",
        "/ukm",
        "/ukm/peta",
        "/ukm/klaster",
    ):
        assert base + path in found, path
    assert not [one for one in found if re.search("rencana|usulan|dinas|akun", one)]
    assert len(found) == len(set(found))
    for address in found:
        assert client.get(address.removeprefix(base)).status_code == 200, address


def test_a_long_site_map_is_an_index_of_parts_by_ids(client, city, make_cooperative, monkeypatch):
    listed = [make_cooperative(nama_koperasi=f"Koperasi {number}") for number in range(12)]
    whole = addresses(client)
    monkeypatch.setattr(machine_routes, "EACH", 5)
    with count_queries() as asked:
        parts = [re.sub("https?://[^/]+", "", part) for part in addresses(client)]
    assert len([one for one in asked.statements if "FROM cooperative" in one]) == 1  # counted, not read
    by_part = [addresses(client, part) for part in parts]
    assert sorted(one for part in by_part for one in part) == sorted(whole)
    assert not [one for one in by_part[0] if "/koperasi/" in one]
    last = [one.rpartition("/")[2] for one in by_part[-1]]
    assert last == [one.slug for one in listed if (one.id - 1) // 5 == (listed[-1].id - 1) // 5]
    for number in (0, len(parts) + 1, 401, 10**30):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_the_site_map_takes_the_same_number_of_questions_however_long(client, city, make_cooperative):
    with count_queries() as few:
        client.get("/sitemap.xml")
    for number in range(5):
        make_cooperative(nama_koperasi=f"Koperasi {number}")
    with count_queries() as many:
        client.get("/sitemap.xml")
    assert many.number == few.number


def test_crawlers_are_told_what_to_leave_alone(client):
    text = client.get("/robots.txt").text
    for path in ("/dinas", "/akun", "/cari", "/sandi"):
        assert f"Disallow: {path}\n" in text
    assert re.search(r"^Sitemap: https?://.+/sitemap\.xml$", text, re.MULTILINE)


def test_the_site_can_be_installed(client):
    answer = client.get("/simpul.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    for icon in answer.json["icons"]:
        picture = client.get(icon["src"])
        assert picture.mimetype == "image/png"
        width = int.from_bytes(picture.data[16:20], "big")
        assert icon["sizes"] == f"{width}x{width}"
    assert client.get(answer.json["start_url"]).status_code == 200
    assert 'rel="manifest"' in client.get("/").text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/program",
        "/program/pelatihan-pameran",
        "/layanan/mendirikan-koperasi",
        "/koperasi",
        "/panduan/pengelola",
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_public_page_has_one_address_in_each_language_and_a_face(app, client, city, path, language):
    base = app.config["BASE_URL"].rstrip("/")
    page = client.get(f"{path}?lang={language}&utm_source=x").text
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert canonical == f"{base}{path}" + ("?lang=en" if language == "en" else "")
    others = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
    assert others == {"id": f"{base}{path}", "en": f"{base}{path}?lang=en", "x-default": f"{base}{path}"}
    facts = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert facts["url"] == canonical
    assert facts["title"]
    assert facts["description"]
    picture = client.get(facts["image"].removeprefix(base))
    assert picture.status_code == 200
    assert len(picture.data) < 12_000


def test_pages_of_one_person_have_no_public_face(client_as, make_user):
    page = client_as(make_user()).get("/akun").text
    assert "og:url" not in page
    assert "canonical" not in page


def test_home_says_who_runs_the_site_and_how_to_search_it(client):
    (data,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', client.get("/").text)
    thing = json.loads(data)
    assert thing["@type"] == "WebSite"
    assert thing["publisher"]["@type"] == "GovernmentOrganization"
    assert thing["potentialAction"]["target"].endswith("/cari?q={q}")
