"""The pages that every office begins with."""

import re

import pytest
from flask import Flask

from app.content import seeds
from app.content.links import links_of
from app.content.models import ContentPage
from app.content.reading import read
from app.content.rules import CHECKABLE, PARTS, SECTIONS, Kind, State
from app.content.screens import upkeep
from app.core.extensions import db
from app.core.writing import writing
from tests.support.client import Client

REQUIRED = {
    "mendirikan-koperasi", "perubahan-anggaran-dasar", "pembubaran-koperasi", "nik-dan-sertifikat", "nib-lewat-oss",
    "pirt-dan-halal", "kredit-usaha-rakyat", "informasi-koperasi-dan-ukm", "pengembangan-usaha", "ikut-program", "klinik-usaha",
}  # fmt: skip


def pages() -> list[ContentPage]:
    return list(db.session.query(ContentPage).order_by(ContentPage.id))


def test_seeds_are_loaded_once_and_never_over_what_an_office_wrote(app: Flask) -> None:
    with writing():
        assert seeds.ensure_pages() == len(list(seeds.seeds()))
    with writing():
        changed = pages()[0]
        changed.title = "Judul kantor"
    with writing():
        assert seeds.ensure_pages() == 0
    assert pages()[0].title == "Judul kantor"


def test_the_services_that_people_come_for_are_all_there_in_both_languages(seeded: None) -> None:
    services = {page.slug: page for page in pages() if page.kind is Kind.SERVICE}
    assert services.keys() >= REQUIRED
    assert {page.section for page in services.values()} == {
        section.code for section in SECTIONS[Kind.SERVICE]
    }
    for page in services.values():
        assert all(
            page.details[part] for part in ("who", "requirements", "steps", "time", "cost", "legal")
        ), page.slug
        assert read(page, "en").language == "en", page.slug
        assert set(page.check_with_office) <= set(CHECKABLE), page.slug
        assert page.check_with_office, page.slug


def test_each_published_seed_stands_whole_in_english_and_uses_only_known_parts(seeded: None) -> None:
    for (name, seed), page in zip(seeds.seeds(), pages(), strict=True):
        assert page.seed == name
        known = {part.code for part in PARTS[page.kind]} | {"title", "summary", "body"}
        for language in ("id", "en"):
            assert set(seed.get(language, {})) <= known, name
        if page.state is State.PUBLISHED:
            assert read(page, "en").language == "en", name


def test_a_seed_says_that_nobody_of_the_office_has_checked_it(seeded: None, client: Client) -> None:
    assert all(upkeep(page).state in ("never", "untimed") for page in pages())
    shown = client.get("/layanan/mendirikan-koperasi").get_data(as_text=True)
    assert "Belum diperiksa" in shown
    assert "Pastikan dulu ke petugas" in shown


def test_seeds_invent_nobody_and_no_telephone_number(seeded: None) -> None:
    for page in pages():
        said = f"{page.title} {page.summary} {page.body} {page.details} {page.body_en} {page.details_en}"
        said = re.sub(r"https?://\S+", "", said)
        assert not re.search(r"(\+62|\b08)\d|@\w|\(0\d", said), page.slug


def test_every_own_address_in_a_seed_is_one_of_this_site(seeded: None, app: Flask) -> None:
    known = app.url_map.bind("localhost")
    for page in pages():
        for link in links_of(page):
            if link.startswith("/"):
                known.match(link.partition("?")[0])


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_papers_for_founding_a_cooperative_are_two_taps_from_home(
    seeded: None, client: Client, language: str
) -> None:
    home = client.get("/", query_string={"lang": language}).get_data(as_text=True)
    assert 'href="/layanan"' in home
    listed = client.get("/layanan").get_data(as_text=True)
    assert 'href="/layanan/mendirikan-koperasi"' in listed
    page = client.get("/layanan/mendirikan-koperasi").get_data(as_text=True)
    paper = {"id": "Fotokopi KTP semua pendiri", "en": "Copies of every founder"}[language]
    assert page.index('id="syarat"') < page.index(paper) < page.index('id="langkah"')
