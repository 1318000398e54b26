"""Reading what people type. The cases themselves are data, shared with any other implementation."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.parsing import (
    MAX_INTEGER,
    MAX_RUPIAH,
    Unreadable,
    fold_digits,
    fold_space,
    parse_date,
    parse_integer,
    parse_phone,
    parse_rupiah,
    phone_for_people,
)

VECTORS = json.loads(
    (Path(__file__).parents[1] / "questionnaire/vectors/parsing.json").read_text(encoding="utf-8")
)
PARSERS = {"rupiah": parse_rupiah, "integer": parse_integer, "date": parse_date, "phone": parse_phone}
CASES = [(kind, case) for kind in PARSERS for case in VECTORS[kind]]


def said(parse, typed):
    with pytest.raises(Unreadable) as refusal:
        parse(typed)
    return str(refusal.value.text)


@pytest.mark.parametrize(("kind", "case"), CASES, ids=lambda value: str(value)[:60])
def test_what_is_typed_is_read_or_refused_as_the_vectors_say(kind, case):
    if case.get("refused"):
        assert said(PARSERS[kind], case["typed"])
    else:
        value = PARSERS[kind](case["typed"])
        assert (value.isoformat() if isinstance(value, date) else value) == case["value"]


@pytest.mark.parametrize("parse", PARSERS.values())
@pytest.mark.parametrize("blank", ["", "   ", "\t\n", "\u00a0", "\u200b\ufeff", "\x00"])
def test_what_looks_blank_is_blank(parse, blank):
    assert parse(blank) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.25", "“1.25” bisa berarti 1,25 atau 125. Tulis rupiah penuh tanpa koma, misalnya 1.250.000."),
        ("1,250", "“1,250” bisa berarti 1,25 atau 1250. Tulis rupiah penuh tanpa koma, misalnya 1.250.000."),
        ("2,000", "“2,000” bisa berarti 2 atau 2000. Tulis rupiah penuh tanpa koma, misalnya 1.250.000."),
        ("1,25", "“1,25” bukan rupiah penuh. Tulis semua angkanya, misalnya 1.250.000."),
        ("1.250.000,45", "“1.250.000,45” memakai sen. Tulis rupiah penuh, misalnya 1.250.000."),
        ("5 juta", "Tulis “5 juta” dengan angka penuh. Contoh: 5 juta ditulis 5.000.000."),
        ("1.250.00", "Titik atau koma pada “1.250.00” salah tempat. Tulis angkanya saja, misalnya 1250000."),
        ("banyak", "“banyak” bukan angka. Tulis rupiah penuh, misalnya 1.250.000."),
        ("2000000000000000", "“2000000000000000” terlalu besar. Periksa jumlah nolnya."),
    ],
)
def test_a_refused_amount_says_what_to_write(typed, sentence):
    assert said(parse_rupiah, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.25", "“1.25” bisa berarti 1,25 atau 125. Tulis angka bulat, misalnya 125."),
        ("dua", "“dua” bukan angka. Tulis angka saja, misalnya 125."),
        ("2000000000", "“2000000000” terlalu besar. Periksa jumlah nolnya."),
    ],
)
def test_a_refused_count_says_what_to_write(typed, sentence):
    assert said(parse_integer, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31-02-2026", "Februari 2026 hanya sampai tanggal 28."),
        ("30-02-2024", "Februari 2024 hanya sampai tanggal 29."),
        ("31 April 2025", "April 2025 hanya sampai tanggal 30."),
        ("31/6/2025", "Juni 2025 hanya sampai tanggal 30."),
        ("31.9.2025", "September 2025 hanya sampai tanggal 30."),
        ("2025-11-31", "November 2025 hanya sampai tanggal 30."),
        ("32-01-2025", "Tanggal 32 tidak ada. Tulis tanggal antara 1 dan 31."),
        ("08/17/2025", "Bulan 17 tidak ada. Tulis tanggal-bulan-tahun, misalnya 17-08-2025."),
        ("17-08-25", "Tulis tahun pada “17-08-25” dengan empat angka, misalnya 17-08-2025."),
        ("01-01-0205", "Tahun 0205 tidak mungkin. Tulis tahun antara 1900 dan 2100."),
        ("kemarin", "Tanggal “kemarin” tidak terbaca. Tulis tanggal-bulan-tahun, misalnya 17-08-2025."),
    ],
)
def test_a_refused_date_says_what_is_wrong_with_it(typed, sentence):
    assert said(parse_date, typed) == sentence


def test_a_refused_telephone_number_says_how_to_begin():
    assert said(parse_phone, "0812") == (
        "Nomor telepon “0812” tidak terbaca. Awali dengan 0 atau +62, lalu 8–12 angka. Contoh: 0812-3456-7890."
    )
    assert "satu nomor telepon saja" in said(parse_phone, "0341-551234 / 0341-551235")


def test_an_error_repeats_only_the_beginning_of_a_long_text():
    sentence = said(parse_rupiah, "x" * 10_000)
    assert "x" * 39 + "…" in sentence
    assert len(sentence) < 120


def test_a_file_written_by_a_machine_may_have_its_sen_rounded():
    assert parse_rupiah("1.250.000,49", round_sen=True) == 1250000
    assert parse_rupiah("1.250.000,5", round_sen=True) == 1250001
    assert parse_rupiah("-1250,50", round_sen=True) == -1251
    assert said(lambda typed: parse_rupiah(typed, round_sen=True), "1.25")


def test_folding_leaves_one_line_that_can_be_stored_anywhere():
    assert fold_space("  Kop.\n Melati\u00a0\tJaya \x00\u200b\ud800 ") == "Kop. Melati Jaya"
    assert fold_space("Cafe\u0301") == "Café"
    assert fold_digits("−１２．３") == "-12.3"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold_space(fold_space(text)) == fold_space(text)
    fold_space(text).encode("utf-8")


@given(st.text())
@example("1,")
@example("-")
@example("+62")
@example("(0")
def test_any_text_is_read_or_refused_and_nothing_else(text):
    sentences = []
    for parse in PARSERS.values():
        try:
            parse(text)
        except Unreadable as refusal:
            sentences.append(str(refusal.text))
    assert all(sentences)


@given(st.integers(-MAX_RUPIAH, MAX_RUPIAH))
def test_an_amount_survives_being_written_with_dots(amount):
    assert parse_rupiah(f"{amount:,}".replace(",", ".")) == amount
    assert parse_rupiah(f"Rp {amount:,}".replace(",", ".") + ",00") == amount
    assert parse_rupiah(str(amount)) == amount


@given(st.integers(-MAX_INTEGER, MAX_INTEGER))
def test_a_count_survives_being_written_with_dots(count):
    assert parse_integer(f"{count:,}".replace(",", ".")) == count


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_survives_being_written_in_either_order(day):
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}-{day.month}-{day.year}") == day


@given(st.integers(10**7, 10**12 - 1))
def test_a_telephone_number_survives_being_written_for_people(national):
    e164 = f"+62{national}"
    assert parse_phone(phone_for_people(e164)) == e164
    assert parse_phone(e164) == e164


def test_a_number_from_elsewhere_is_shown_as_it_is():
    assert phone_for_people("+12025550142") == "+12025550142"
    assert phone_for_people("+6281234567890") == "0812-3456-7890"
    assert phone_for_people("+62341551234") == "(0341) 551234"
