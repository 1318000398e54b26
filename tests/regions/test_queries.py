import csv
import gzip

import pytest

from app.core.errors import RuleBroken
from app.regions.queries import DATA, office_region
from app.regions.rules import Level, level_of, parent_of


def test_a_city_knows_its_kecamatan_kelurahan_and_postal_codes():
    malang = office_region("35.73")
    assert (malang.name, malang.province_name) == ("Kota Malang", "Jawa Timur")
    assert (len(malang.kecamatan), len(malang.kelurahan)) == (5, 57)
    assert malang.kelurahan_of("35.73.02")["35.73.02.1008"] == "Oro-oro Dowo"
    assert malang.postal_codes["35.73.01.1001"] == "65126"
    assert set(malang.postal_codes) == set(malang.kelurahan)


def test_a_regency_with_desa_works_like_a_city_with_kelurahan():
    kutim = office_region("64.08")
    assert kutim.name == "Kabupaten Kutai Timur"
    assert len(kutim.kecamatan) == 18
    assert kutim.name_of("64.08.01.2001") == "Senyiur"
    assert kutim.postal_codes == {}


def test_a_province_holds_its_cities_and_regencies():
    java = office_region("35")
    assert java.name == java.province_name == "Jawa Timur"
    assert len(java.regencies) == 38
    assert java.regency_name("35.73.01.1001") == "Kota Malang"
    assert java.regency_name(None) is None
    assert java.kelurahan_of("35.73.01")


def test_every_office_of_indonesia_can_be_set():
    with gzip.open(DATA / "indonesia.csv.gz", "rt", encoding="utf-8", newline="") as table:
        codes = [code for code, _ in csv.reader(table) if len(code) == 5]
    assert len(codes) == 514
    for code in codes[::37]:
        region = office_region(code)
        assert region.kecamatan
        assert region.kelurahan
        assert all(parent_of(place) in region.kecamatan for place in region.kelurahan)


def test_names_with_commas_are_read_whole():
    assert office_region("12.07").name_of("12.07.28.1007") == "Lubuk Pakam I,II"


@pytest.mark.parametrize(
    "code", ["", "99.99", "35.73.01", "3573", "Kota Malang", "..", "35.", "kode", "٣٥", "35.7"]
)
def test_an_unknown_code_is_refused_by_the_name_of_the_setting(code):
    with pytest.raises(RuleBroken, match="SIMPUL_REGION"):
        office_region(code)


def test_a_place_tells_its_level_and_what_lies_around_it():
    malang = office_region("35.73")
    place = malang.place("35.73.01.1005")
    assert place is not None
    assert (place.name, place.level, place.parent) == ("Blimbing", Level.KELURAHAN, "35.73.01")
    assert malang.place("35.73") is not None
    assert malang.place("35.78.01") is None
    assert malang.name_of(None) is None
    assert malang.kelurahan_of("99.99.99") == {}
    assert level_of("x") is None
    assert malang.regency_name(None) == "Kota Malang"
