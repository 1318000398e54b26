import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.names import (
    contains_name,
    display_name,
    display_person,
    fold_name,
    kinds_agree,
    similar,
    similar_folded,
    slugify,
)

CAPITALS = st.text("ABCDEIMOPRSUWXYZ0129 .-'()&\"", max_size=40)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("KOPERASI JASA PURNA BANK SEJAHTERA", "Koperasi Jasa Purna Bank Sejahtera"),
        ("KOPERASI KONSUMEN KPRI CONTOH", "Koperasi Konsumen KPRI Contoh"),
        ("KSP MAJU BERSAMA PT. CONTOH II", "KSP Maju Bersama PT. Contoh II"),
        ("KOPERASI PENGELOLA LIMBAH DAN SAMPAH", "Koperasi Pengelola Limbah dan Sampah"),
        ("KOPERASI AL-FALAH (KAF)", "Koperasi Al-Falah (KAF)"),
        ("KOPERASI SMPN 2 CONTOH", "Koperasi SMPN 2 Contoh"),
        ("KOPERASI KBPM\n NUSANTARA", "Koperasi KBPM Nusantara"),
        ("KUD IV", "KUD IV"),
        ("Koperasi  MAJU\nJaya", "Koperasi MAJU Jaya"),
        ("Koperasi Gm Sukses", "Koperasi Gm Sukses"),
        ("DAN KOPERASI", "Dan Koperasi"),
    ],
)
def test_names_in_capitals_are_shown_as_names(raw, shown):
    assert display_name(raw) == shown


@given(CAPITALS | st.text(max_size=40))
def test_showing_a_name_twice_changes_nothing(raw):
    assert display_name(display_name(raw)) == display_name(raw)


@given(CAPITALS)
def test_a_name_is_shown_with_the_letters_it_has(raw):
    assert display_name(raw).upper() == " ".join(raw.split())
    assert fold_name(display_name(raw)) == fold_name(raw)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("SITI CONTOH", "Siti Contoh"),
        ("H. AHMAD CONTOH, S.E., MM", "H. Ahmad Contoh, S.E., MM"),
        ("Dr. Ir. siti", "Dr. Ir. siti"),
        ("HAMENGKU CONTOH IX", "Hamengku Contoh IX"),
        ("  tidak\tada ", "tidak ada"),
    ],
)
def test_people_in_capitals_are_shown_as_people(raw, shown):
    assert display_person(raw) == shown


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ('KSP "Maju Jaya"', "maju jaya"),
        ("Koperasi Simpan Pinjam MAJU JAYA", "maju jaya"),
        ("Koperasi Konsumen KPRI Contoh", "contoh"),
        ("Kop. Karya Jasa", "karya jasa"),
        ("Koperasi Unit Desa", "koperasi unit desa"),
        ("Café", "cafe"),
        ("", ""),
    ],
)
def test_legal_forms_in_front_of_a_name_fall_away(raw, folded):
    assert fold_name(raw) == folded


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_between_nothing_and_all_and_has_no_direction(a, b):
    assert 0.0 <= similar(a, b) <= 1.0
    assert similar(a, b) == pytest.approx(similar(b, a))
    assert similar(a, a) == (1.0 if fold_name(a) else 0.0)


def test_typos_and_spaces_leave_names_near_same():
    assert similar("Koperasi Pengadilan Contoh", "KPRI PENADILAN CONTOH") > 0.9
    assert similar("KSP Maju Jaya", "Koperasi Simpan Pinjam Majujaya") > 0.95
    assert similar("Koperasi Melati", "Koperasi Kenanga") < 0.6


def test_names_that_differ_by_a_number_are_not_near_same():
    assert similar("KPRI SMPN 1", "KPRI SMPN 2") <= 0.6
    assert similar("Koperasi Pasar Unit I", "Koperasi Pasar Unit II") <= 0.6
    assert similar("KPRI SMPN 01", "KPRI SMPN 1") > 0.9


def test_an_empty_name_is_like_nothing():
    assert similar_folded("", "") == similar_folded("", "melati") == 0.0


def test_a_name_with_words_added_contains_the_name():
    assert contains_name("sawargi", "smpn 2 contoh sawargi")
    assert not contains_name("2", "smpn 2")
    assert not contains_name("", "smpn 2")
    assert not contains_name("melati jaya", "melati putih")


def test_a_ksu_is_no_ksp_but_either_is_a_koperasi():
    assert not kinds_agree("KSU Karya Mandiri", "Koperasi Simpan Pinjam Karya Mandiri")
    assert kinds_agree("KSP Karya Mandiri", "Koperasi Karya Mandiri")
    assert kinds_agree("KPN Contoh", "KPRI Contoh")


@given(st.text(max_size=200))
def test_an_address_is_made_of_letters_digits_and_single_dashes(raw):
    slug = slugify(raw)
    assert 1 <= len(slug) <= 80
    assert all(part.isalnum() and part.isascii() and part == part.lower() for part in slug.split("-"))


def test_a_long_name_is_cut_between_words():
    assert slugify("Koperasi " + "Melati " * 20) == "koperasi" + "-melati" * 10
    assert slugify("x" * 200) == "x" * 80
    assert slugify("…") == "koperasi"
