"""Home, the guide and the pages about the site itself."""

import re

import pytest

from app.core.access import Role
from app.pages import guide as guides


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/panduan", "/privasi", *(f"/panduan/{guide.slug}" for guide in guides.GUIDES)]
)
def test_the_public_pages_open_in_both_languages(client, path, language):
    page = client.get(f"{path}?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


def test_home_leads_each_visitor_to_the_first_step(client):
    page = client.get("/").text
    for address in ("/laporan", "/daftar", "/koperasi", "/verifikasi", "/panduan/pengelola"):
        assert f'href="{address}"' in page


def test_home_shows_no_figures_before_the_first_year(client):
    assert "sudah melapor" not in client.get("/").text


def test_a_guide_that_does_not_exist_is_not_found(client):
    assert client.get("/panduan/tidak-ada").status_code == 404


def test_a_guide_is_escaped_markdown(tmp_path, monkeypatch):
    (tmp_path / "operator.md").write_text(
        "# Judul\n\n<script>alert(1)</script> **tebal**\n", encoding="utf-8"
    )
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    text, translated = guides.text_of(guides.by_slug("operator"), "id")
    assert translated
    assert "<script" not in text
    assert "<strong>tebal</strong>" in text


def test_a_guide_without_a_translation_says_so(tmp_path, monkeypatch, client):
    (tmp_path / "operator.md").write_text("# Judul\n", encoding="utf-8")
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    assert guides.text_of(guides.by_slug("operator"), "en")[1] is False


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("guide", guides.GUIDES, ids=lambda guide: guide.slug)
def test_every_guide_has_small_pictures_with_words(client, guide, language):
    page = client.get(f"/panduan/{guide.slug}?lang={language}").text
    pictures = re.findall(r"<img [^>]*>", page)
    assert len(pictures) >= 2
    for picture in pictures:
        assert 'loading="lazy"' in picture
        assert re.search(r'alt="[^"]{20,}"', picture)
        assert re.search(r'width="\d+"', picture)
        assert re.search(r'height="\d+"', picture)
        answer = client.get(re.search(r'src="(/static/guide/[^"]+)"', picture)[1])
        assert answer.mimetype == "image/webp"
        assert len(answer.data) <= 25 << 10


def test_a_search_knows_the_parts_of_a_guide():
    sections = guides.sections_of(guides.by_slug("pengelola"), "id")
    found = {section.anchor: section for section in sections}
    assert found["lupa-sandi"].title == "Lupa sandi"
    assert "Keuangan" in found["mengisi-laporan-tahunan"].text


def test_every_guide_exists_for_every_language(app):
    for guide in guides.GUIDES:
        for language in ("id", "en"):
            assert guides.text_of(guide, language)[1], f"{guide.slug} has no {language} text"


def test_the_sheet_of_components_is_for_development_only(client, app, monkeypatch):
    assert client.get("/komponen").status_code == 200
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr(type(app), "testing", False)
    assert client.get("/komponen").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_the_public_pages(client_as, make_user, role):
    client = client_as(make_user(role))
    for path in ("/", "/panduan", "/koperasi", "/privasi"):
        assert client.get(path).status_code == 200
