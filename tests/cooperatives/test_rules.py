import csv
import io
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.rules import (
    CODE_ALPHABET,
    KEY_LENGTH,
    POSITION_LABELS,
    STATUS_LABELS,
    LegalFamily,
    Position,
    Status,
    cooperative_status,
    format_activation_code,
    is_nik,
    legal_family,
    new_activation_code,
    normalise_activation_code,
    normalise_legal_number,
)
from tests.support.real import real_file

TODAY = date(2026, 8, 17)


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("8091/BH/KWK-10/22", "8091/B.H/KWK.10/22"),
        ("8091/BH/KWK-10/22", "No. 8091 / bh / kwk10 / 22"),
        ("008412/BH/M.KUKM.2/V/2018", "8412/BH/MKUKM2/V/2018"),
        ("003003/BH/M.KUKM/2/I/2017", "003003/BH/M.KUKM.2/I/2017"),
        ("AHU-0007286.AH.01.26.TAHUN 2020", "AHU-0007286.AH.01.26.2020"),
        ("8038/BH/PAD/KWK.10/VI/1996", "8038/BH/PAD/KWK.10/VI/96"),
        ("12/BH/KDK.1/III/07", "12/BH/KDK.1/III/2007"),
        ("71/BH/XIII.5/KANKOP", "71/BH/XIII5/Kankop"),
    ],
)
def test_spellings_of_one_legal_number_meet_in_one_key(written, also):
    assert normalise_legal_number(written) == normalise_legal_number(also) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("518/14/BH/KANKOP", "518/4/BH/KANKOP"),
        ("8091/BH/KWK.10/22", "8091/BH/KWK.10/23"),
        ("5181/4/BH", "518/14/BH"),
        ("71/BH/KWK.10/22", "71/BH/KWK.10/2022"),
    ],
)
def test_different_legal_numbers_keep_different_keys(one, other):
    assert normalise_legal_number(one) != normalise_legal_number(other)


@pytest.mark.parametrize("raw", ["", "-", " . / ", "…"])
def test_a_number_without_letter_or_digit_has_no_key(raw):
    assert normalise_legal_number(raw) == ""


LEGAL_LIKE = st.lists(
    st.sampled_from(
        ["8", "0012", "BH", "B", "H", "M", "KUKM", "No", "TAHUN", "X", "IV", "96", "07", "2", "KWK", "é", "ß"]
    ),
    max_size=40,
).map("/".join)


@given(st.text() | LEGAL_LIKE)
def test_normalising_a_legal_number_twice_changes_nothing(raw):
    key = normalise_legal_number(raw)
    assert normalise_legal_number(key) == key
    assert len(key) <= KEY_LENGTH


@given(LEGAL_LIKE)
def test_case_and_blanks_of_a_legal_number_do_not_matter(raw):
    assert normalise_legal_number(raw.lower().replace("/", " / ")) == normalise_legal_number(raw)


@pytest.mark.parametrize(
    ("raw", "family"),
    [
        ("AHU-0007286.AH.01.26.TAHUN 2020", LegalFamily.AHU),
        ("008412/BH/M.KUKM.2/V/2018", LegalFamily.MKUKM),
        ("348/PAD/M.KUKM.2/V/2017", LegalFamily.MKUKM),
        ("8091/BH/KWK-10/22", LegalFamily.KWK_KDK_DK),
        ("11.306/BH/KWK.10/22", LegalFamily.KWK_KDK_DK),
        ("71/BH/XIII.5/KANKOP", LegalFamily.ROMAWI),
        ("518/09/BH/KANKOP", LegalFamily.DINAS),
        ("04/BH/518-DISKOP.UKM/I/2004", LegalFamily.DINAS),
        ("tidak tahu", LegalFamily.OTHER),
        ("", LegalFamily.OTHER),
    ],
)
def test_each_family_of_legal_numbers_is_known(raw, family):
    assert legal_family(raw) is family


@given(st.text())
def test_no_legal_number_is_refused_for_its_pattern(raw):
    assert legal_family(raw) in LegalFamily


# The patterns of the reference list: what they match must keep its family here.
REFERENCE = {
    "AHU": r"^AHU-\d{7}\.AH\.01\.\d{2}\.\s*TAHUN\s*\d{4}$",
    "MKUKM": r"^\d{1,7}[A-Z]?/(?:BH|PAD|BHP)(?:/PAD)?/M\.?KUKM\.?\d?/[IVXLC\d]+/\d{4}$",
    "KWK_KDK_DK": r"^\d{1,6}[A-Z]?\s*/\s*(?:BH|PAD)(?:/PAD)?\s*[/.]\s*(?:KWK|KDK|DK|KKK)[-./ ]?[\w./\-]+$",
    "ROMAWI": r"^[\d.\-/A-Z]{1,12}?/?B\.?H(?:/PAD)?/[IVXLC]+[.\-?]?[\w./\- ]*$",
    "DINAS": r"^(?:518|180|188|503|412)[./\-]?\d*[./].*$",
}


def test_the_families_of_four_hundred_real_numbers_are_known():
    rows = csv.DictReader(io.StringIO(real_file("kota_bogor_koperasi_2022.csv").decode("utf-8-sig")))
    matched = known = 0
    for row in rows:
        number = " ".join(row["nomor_bh"].split())
        expected = next((name for name, p in REFERENCE.items() if re.match(p, number, re.IGNORECASE)), None)
        matched += expected is not None
        known += legal_family(row["nomor_bh"]) is not LegalFamily.OTHER
        assert expected is None or legal_family(row["nomor_bh"]).name == expected
    assert matched == 375
    assert known == 399


@pytest.mark.parametrize(
    ("dissolved", "rat", "founded", "expected"),
    [
        (None, date(2024, 3, 1), date(1998, 1, 1), Status.ACTIVE),
        (None, date(2023, 8, 17), date(1998, 1, 1), Status.ACTIVE),
        (None, date(2023, 8, 16), date(1998, 1, 1), Status.INACTIVE),
        (None, None, date(2025, 1, 1), Status.ACTIVE),
        (None, None, date(2020, 1, 1), Status.INACTIVE),
        (None, None, None, Status.UNKNOWN),
        (None, date(2099, 1, 1), None, Status.UNKNOWN),
        (date(2026, 8, 17), date(2026, 1, 1), date(1998, 1, 1), Status.DISSOLVED),
        (date(2026, 8, 18), date(2026, 1, 1), date(1998, 1, 1), Status.ACTIVE),
    ],
)
def test_status_follows_from_the_latest_meeting_else_the_founding(dissolved, rat, founded, expected):
    assert cooperative_status(dissolved, rat, founded, years=3, today=TODAY) is expected


def test_the_office_chooses_after_how_many_years_a_cooperative_is_inactive():
    rat = date(2022, 8, 17)
    assert cooperative_status(None, rat, None, years=5, today=TODAY) is Status.ACTIVE
    assert cooperative_status(None, rat, None, years=2, today=TODAY) is Status.INACTIVE


def test_a_leap_day_counts_to_the_28th():
    leap = date(2024, 2, 29)
    assert cooperative_status(None, date(2021, 2, 28), None, years=3, today=leap) is Status.ACTIVE
    assert cooperative_status(None, date(2021, 2, 27), None, years=3, today=leap) is Status.INACTIVE


def test_every_status_and_position_has_its_word():
    assert set(STATUS_LABELS) == set(Status)
    assert {position.value for position in Position} == set(POSITION_LABELS.values())


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("3573010000001", True),
        ("357301000000", False),
        ("3573010000001234", False),
        ("357301000000a", False),
        ("٣" * 13, False),
    ],
)
def test_a_nik_has_thirteen_digits(raw, answer):
    assert is_nik(raw) is answer


def test_a_code_is_read_however_it_was_typed():
    code = new_activation_code()
    assert len(code) == 12
    assert format_activation_code(code).count("-") == 2
    for typed in (format_activation_code(code).lower(), f" {code[:5]} {code[5:]}. ", code.replace("", "-")):
        assert normalise_activation_code(typed) == code


CODES = st.lists(st.sampled_from(CODE_ALPHABET), min_size=11, max_size=11)


@given(CODES, st.integers(0, 11), st.sampled_from(CODE_ALPHABET))
def test_one_wrong_character_is_found(payload, place, other):
    pick = iter(payload)
    code = new_activation_code(lambda _: next(pick))
    wrong = code[:place] + other + code[place + 1 :]
    assert normalise_activation_code(wrong) == (code if wrong == code else None)


@given(CODES, st.integers(0, 11), st.integers(0, 11))
def test_two_swapped_characters_are_found(payload, one, two):
    pick = iter(payload)
    code = list(new_activation_code(lambda _: next(pick)))
    swapped = code.copy()
    swapped[one], swapped[two] = code[two], code[one]
    assert normalise_activation_code("".join(swapped)) == ("".join(code) if swapped == code else None)


@given(st.text())
def test_other_texts_are_no_code(raw):
    assert normalise_activation_code(raw) is None or len(raw) >= 12


def test_codes_are_chance():
    assert len({new_activation_code() for _ in range(200)}) == 200
