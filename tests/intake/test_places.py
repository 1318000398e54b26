import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.places import Gazetteer, fold_place, kecamatan_in_address
from app.regions.queries import office_region

MALANG, EAST_JAVA = Gazetteer(office_region("35.73")), Gazetteer(office_region("35"))


def place(gazetteer=MALANG, kelurahan="", kecamatan="", kabupaten="", address=""):
    return gazetteer.place(kelurahan=kelurahan, kecamatan=kecamatan, kabupaten=kabupaten, address=address)


@pytest.mark.parametrize(
    ("kelurahan", "kecamatan", "code"),
    [
        ("Oro-oro Dowo", "Klojen", "35.73.02.1008"),
        ("OROORODOWO", "KEC. KLOJEN", "35.73.02.1008"),
        ("Kel. Gading Kasri", "Kecamatan Klojen", "35.73.02.1010"),
        ("Gadingkasri", "klojen", "35.73.02.1010"),
        ("Kedungkandang", "Kedung Kandang", "35.73.03.1006"),
        ("Tasikmadu", "Lowok Waru", "35.73.05.1012"),
        ("35.73.01.1005", "35.73.01", "35.73.01.1005"),
        ("3573011005", "357301", "35.73.01.1005"),
    ],
)
def test_places_are_found_by_name_and_by_code(kelurahan, kecamatan, code):
    placed = place(kelurahan=kelurahan, kecamatan=kecamatan)
    assert (placed.kelurahan, placed.kecamatan, placed.elsewhere) == (code, code[:8], None)


def test_a_name_with_a_typo_is_found_and_its_confidence_is_told():
    placed = place(kelurahan="Sawojajr", kecamatan="Kedungkandag")
    assert (placed.kelurahan, placed.kecamatan) == ("35.73.03.1008", "35.73.03")
    assert [re.search(r"yakin \d+%", str(note)) is not None for note in placed.notes] == [True, True]


def test_a_kelurahan_whose_name_is_unique_gives_its_kecamatan():
    assert place(kelurahan="Sawojajar").kecamatan == "35.73.03"


def test_an_unknown_place_is_kept_as_it_was_written_and_told():
    placed = place(kelurahan="Antah", kecamatan="Berantah")
    assert (placed.kecamatan, placed.kelurahan, placed.elsewhere) == (None, None, "Antah, Berantah")
    assert len(placed.notes) == 2
    half = place(kelurahan="Antah", kecamatan="Klojen")
    assert (half.kecamatan, half.elsewhere) == ("35.73.02", "Antah")


def test_a_kelurahan_of_another_kecamatan_is_told_where_it_lies():
    placed = place(kelurahan="Sawojajar", kecamatan="Klojen")
    assert (placed.kelurahan, placed.elsewhere) == (None, "Sawojajar")
    assert "Kedungkandang" in str(placed.notes[0])


def test_a_regency_of_the_same_name_is_not_the_city():
    assert place(kecamatan="Klojen", kabupaten="KOTA MALANG").kecamatan == "35.73.02"
    assert place(kecamatan="Klojen", kabupaten="Malang").kecamatan == "35.73.02"
    elsewhere = place(kelurahan="X", kecamatan="Singosari", kabupaten="Kab. Malang")
    assert (elsewhere.kecamatan, elsewhere.elsewhere) == (None, "X, Singosari, Kab. Malang")
    assert "bukan wilayah kantor ini" in str(elsewhere.notes[0])


def test_a_province_tells_its_cities_and_regencies_apart():
    assert place(EAST_JAVA, kecamatan="Klojen", kabupaten="Kota Malang").kecamatan == "35.73.02"
    assert place(EAST_JAVA, kecamatan="Singosari", kabupaten="Kabupaten Malang").kecamatan == "35.07.24"
    assert place(EAST_JAVA, kecamatan="Klojen", kabupaten="Malang").kecamatan == "35.73.02"
    assert place(EAST_JAVA, kecamatan="Klojen", kabupaten="Jakarta").elsewhere == "Klojen, Jakarta"


def test_a_name_that_several_places_share_is_not_guessed():
    assert place(EAST_JAVA, kecamatan="Sukorejo").kecamatan is None


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("JL. CONTOH NO.1 KECAMATAN KLOJEN", "KLOJEN"),
        ("Jl. Contoh, Kec. Klojen, Kota Malang", "Klojen"),
        ("CURUG KECAMTAN KLOJEN", "KLOJEN"),
        ("Jl. Contoh 1", None),
    ],
)
def test_an_address_may_name_the_kecamatan(address, named):
    assert kecamatan_in_address(address) == named


def test_the_address_is_asked_only_where_the_kecamatan_is_missing():
    placed = place(address="Jl. Contoh 1 Kec. Klojen")
    assert placed.kecamatan == "35.73.02"
    assert "dari alamat" in str(placed.notes[0])
    assert place(kecamatan="Sukun", address="Jl. Contoh 1 Kec. Klojen").kecamatan == "35.73.04"
    assert place(address="Jl. Contoh 1 Kec. Antah").kecamatan is None


def test_words_in_front_of_a_place_do_not_matter():
    assert fold_place("KEL. Desa  Oro-Oro Dowo") == "orooroDowo".lower()
    assert fold_place("Kota Malang") == fold_place("KAB MALANG") == "malang"


@given(
    *[st.text(max_size=30) | st.sampled_from(["Klojen", "Sukun", "Kota Malang", "Sawojajar", "35.73.01"])] * 4
)
def test_any_texts_are_placed_or_kept(kelurahan, kecamatan, kabupaten, address):
    placed = place(kelurahan=kelurahan, kecamatan=kecamatan, kabupaten=kabupaten, address=address)
    assert placed.kecamatan is None or placed.kecamatan in MALANG.region.kecamatan
    assert placed.kelurahan is None or placed.kelurahan in MALANG.region.kelurahan_of(placed.kecamatan)
    for written, code in ((kelurahan, placed.kelurahan), (kecamatan, placed.kecamatan)):
        assert code or not written or written in placed.elsewhere
    assert all(str(note) for note in placed.notes)
