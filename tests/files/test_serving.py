"""Kept files are handed out apart from all pages, and only to those who may have them."""

import pytest

from app.core.access import Role
from app.core.writing import writing
from app.files import access, services
from app.files.models import StoredFile
from app.files.prepared import Prepared
from app.files.queries import files_about, files_about_all


@pytest.fixture
def keep(app):
    def keep(**overrides):
        values = {"name": "Surat édaran.pdf", "mime": "application/pdf", "content": b"%PDF-1.4"} | overrides
        about, public = values.pop("about", ("contoh", 1)), values.pop("public", True)
        with writing():
            return services.keep(Prepared(**values), about=about, public=public)

    return keep


def address(stored: StoredFile) -> str:
    return f"/berkas/{stored.token}/{stored.name}"


def test_a_document_is_only_ever_downloaded(client, keep):
    answer = client.get(address(keep()))
    assert answer.data == b"%PDF-1.4"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename*=UTF-8''Surat%20%C3%A9daran.pdf"
    )
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "public" in answer.headers["Cache-Control"]
    again = client.get(address(keep()), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_picture_is_shown_in_two_sizes_and_kept_for_ever(client, keep):
    stored = keep(name="a.webp", mime="image/webp", content=b"besar", small=b"kecil", width=9, height=9)
    large, small = (
        client.get(f"/gambar/{stored.token}.webp"),
        client.get(f"/gambar/{stored.token}-kecil.webp"),
    )
    assert (large.data, small.data) == (b"besar", b"kecil")
    assert large.mimetype == "image/webp"
    assert "immutable" in large.headers["Cache-Control"]
    assert "Content-Disposition" not in large.headers
    assert client.get(f"/gambar/{keep().token}.webp").status_code == 404  # a document is no picture


@pytest.mark.parametrize("token", ["x" * 22, "x" * 21, "../../etc/passwd", "%00" * 22])
def test_an_unknown_token_leads_nowhere(client, token):
    assert client.get(f"/berkas/{token}/a.pdf").status_code == 404
    assert client.get(f"/gambar/{token}.webp").status_code == 404


def test_what_is_not_public_is_for_staff_unless_its_feature_says_otherwise(
    client, client_as, make_user, keep, monkeypatch
):
    stored = keep(public=False)
    assert client.get(address(stored)).status_code == 404
    assert client_as(make_user(Role.ENTERPRISE)).get(address(stored)).status_code == 404
    answer = client_as(make_user(Role.EDITOR)).get(address(stored))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    owner = make_user(Role.ENTERPRISE)
    monkeypatch.setitem(access._checks, "contoh", lambda _stored, user: user.get_id() == owner.get_id())
    assert client_as(owner).get(address(stored)).status_code == 200
    assert client_as(make_user(Role.ADMIN)).get(address(stored)).status_code == 404


def test_files_of_a_thing_open_and_close_and_go_together(client, keep):
    one, other = keep(about=("contoh", 1)), keep(about=("contoh", 2))
    assert [stored.id for stored in files_about("contoh", 1)] == [one.id]
    assert files_about_all("contoh", [1, 2, 3]).keys() == {1, 2}
    with writing():
        services.set_public("contoh", 1, public=False)
    assert client.get(address(one)).status_code == 404
    assert client.get(address(other)).status_code == 200
    with writing():
        services.remove(files_about("contoh", 2)[0])
    assert not files_about("contoh", 2)
