"""What the page of a person says about the cooperatives that they act for."""

import pytest

from app.cooperatives import services
from app.core.access import Role
from app.core.writing import writing


@pytest.fixture
def manager(make_user, melati):
    person = make_user(Role.COOPERATIVE, name="Ratna Uji")
    with writing():
        services.add_member(person, melati, position="Bendahara")
    return person


def test_ones_own_account_names_ones_cooperatives(client_as, manager):
    page = client_as(manager).get("/akun")
    assert "Koperasi Simpan Pinjam Melati Jaya" in page.text
    assert "Bendahara" in page.text
    assert 'href="/daftar/saya"' in page.text


def test_an_operator_goes_from_a_person_to_the_card_an_admin_does_not(client_as, make_user, manager, melati):
    card = f'href="/dinas/koperasi/{melati.slug}"'
    assert card in client_as(make_user(Role.OPERATOR)).get(f"/dinas/pengguna/{manager.id}").text
    page = client_as(make_user(Role.ADMIN)).get(f"/dinas/pengguna/{manager.id}")
    assert "Melati Jaya" in page.text
    assert card not in page.text


def test_a_claim_that_waits_says_so_and_who_claimed_nothing_is_told_or_spared(client_as, make_user, add):
    other, person = add(nama_koperasi="Koperasi Anggrek"), make_user(Role.COOPERATIVE)
    assert "Belum mewakili koperasi." in client_as(person).get("/akun").text
    with writing():
        services.claim(person, other, position="Ketua")
    assert "menunggu pemeriksaan" in client_as(person).get("/akun").text
    assert "Belum mewakili koperasi." not in client_as(make_user(Role.EDITOR)).get("/akun").text
