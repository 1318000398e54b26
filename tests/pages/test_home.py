"""The home page: ways for three kinds of visitor, what closes soon, what is new; light, and the same for everybody."""

import gzip
import re
from datetime import timedelta

import pytest

from app.core.access import Role
from app.core.database import now, today
from app.core.writing import writing
from app.pages import home
from tests.support.queries import count_queries

KIBIBYTE = 1024
FIRST_VISIT = {
    "gzip": 16_000,
    "br": 14_600,
}  # bytes; what one window of TCP holds, where the way is encrypted
LATER_PAGE = 8 * KIBIBYTE


def test_from_home_to_the_papers_for_a_new_cooperative_it_is_one_tap(client, make_page):
    make_page("Mendirikan koperasi", details={"requirements": [{"text": "Fotokopi KTP pendiri", "note": ""}]})
    assert 'href="/layanan/mendirikan-koperasi">Mendirikan koperasi</a>' in client.get("/").text
    assert "Fotokopi KTP pendiri" in client.get("/layanan/mendirikan-koperasi").text


def test_what_closes_first_stands_first_and_the_report_among_it(client, make_program, open_year):
    make_program("Pameran kota", deadline=now() + timedelta(days=40))
    make_program("Pelatihan foto")
    page = client.get("/").text
    soon = page[page.index('id="tenggat"') :]
    assert soon.index("Pelatihan foto") < soon.index("Laporan tahunan koperasi") < soon.index("Pameran kota")
    assert page.index('id="program"') < page.index('id="tenggat"')


@pytest.fixture
def open_year():
    """The report of this year is due in twenty days."""
    from app.questionnaire.models import Edition
    from app.questionnaire.services import edition_for

    with writing():
        edition: Edition = edition_for(today().year - 1)
        edition.opens, edition.deadline = today() - timedelta(days=30), today() + timedelta(days=20)
        edition.closes = today() + timedelta(days=60)
        edition.published_at = now()
    return edition


def test_a_programme_that_is_over_or_a_draft_is_not_on_it(client, make_program):
    make_program("Pelatihan lewat", deadline=now() - timedelta(days=1))
    make_program("Pelatihan rencana", state="draft", publish_at=None)
    page = client.get("/").text
    assert "Pelatihan lewat" not in page
    assert "Pelatihan rencana" not in page


def test_a_programme_that_is_published_stands_there_at_the_next_visit(kept, client, make_program):
    tag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    make_program("Pelatihan foto")  # written past the verbs, so without a trail: what is open has changed
    page = client.get("/", headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert "Pelatihan foto" in page.text


def test_home_asks_the_database_for_the_same_however_much_there_is(client, make_program, make_page):
    make_program("Pelatihan 0")
    make_page("Urusan 0")
    client.get("/")
    with count_queries() as few:
        client.get("/")
    for number in range(1, 9):
        make_program(f"Pelatihan {number}")
        make_page(f"Urusan {number}")
    with count_queries() as many:
        client.get("/")
    assert many.number <= few.number


def weight(client, path: str, encoding: str = "gzip") -> int:
    """Bytes of an answer as a browser gets it, its head included."""
    client.check_html = False  # it is packed
    answer = client.get(path, headers={"Accept-Encoding": encoding})
    body = answer.data if "Content-Encoding" in answer.headers else gzip.compress(answer.data)
    return len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers)


@pytest.fixture
def full(make_program, make_page, make_cooperative, open_year):
    """As much as these pages show at once."""
    for number in range(8):
        make_program(f"Pelatihan nomor {number} yang namanya cukup panjang")
        make_page(
            f"Urusan nomor {number} yang namanya cukup panjang",
            section=("legal", "business", "capital")[number % 3],
        )
        make_cooperative(nama_koperasi=f"Koperasi Rekaan {number}", kode_kecamatan="35.73.01")


@pytest.mark.parametrize("encoding", FIRST_VISIT)
def test_the_first_visit_is_light(kept, client, full, encoding):
    page = client.get("/").text
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page))
    assert len(loaded) == 3
    assert sum(weight(client, path, encoding) for path in ("/", *loaded)) <= FIRST_VISIT[encoding]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cari?q=nomor",
        "/program",
        "/layanan",
        "/koperasi",
        "/kabar",
        "/tentang",
        "/panduan",
        "/panduan/pengelola",
    ],
)
def test_later_pages_are_light(client, full, path):
    assert weight(client, path) <= LATER_PAGE


@pytest.mark.parametrize(
    "path",
    ["/", "/program", "/program/pelatihan-1", "/layanan", "/layanan/urusan-1", "/kabar", "/tentang", "/koperasi",
     "/koperasi/koperasi-melati-1", "/ukm", "/informasi-publik", "/panduan", "/privasi", "/sitemap.xml"],
)  # fmt: skip
def test_a_kept_page_holds_nothing_of_who_asked_first(
    kept, client, client_as, make_user, make_program, make_page, make_cooperative, path
):
    make_program("Pelatihan 1")
    make_page("Urusan 1")
    make_cooperative(nama_koperasi="Koperasi Melati")
    for role in (Role.COOPERATIVE, Role.ENTERPRISE, Role.EDITOR):
        person = make_user(role, name="Sekar Sangat Rahasia")
        own = client_as(person).get(path)
        assert own.headers["Cache-Control"].startswith("private") or "Sekar" not in own.text
    first, second = client.get(path), client.get(path)
    assert first.status_code == second.status_code == 200
    assert "Sekar" not in first.text
    assert second.headers["Cache-Control"] == "public, no-cache"
    assert "csrf" not in second.text
    assert "Set-Cookie" not in second.headers


def test_home_is_made_of_all_that_it_shows(make_program, make_page):
    before = home.revision()
    make_program("Pelatihan foto")
    assert home.revision() != before
