"""Reading what people type into the register, and finding out what it means: plain rules, whatever is typed."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.fields import BENTUK, BY_CODE, FIELDS, JENIS, KELOMPOK, LABELS
from app.cooperatives.hints import claim_hints, same_person
from app.cooperatives.reading import as_typed, read_fields, shown
from app.core.formatting import MINUS
from app.core.ranking import closeness, fold, words_of
from app.core.text import Text
from app.questionnaire.questions import standard
from app.regions.queries import office_region

CODES = tuple(BY_CODE)
TODAY = date(2026, 11, 21)
MALANG = office_region("35.73")


def read(typed, **more):
    return read_fields(typed, tuple(typed), region=MALANG, today=TODAY, **more)


def test_labels_and_choices_are_those_of_the_questionnaire():
    questions = standard().by_code
    for field in FIELDS:
        if field.code != "email":
            assert field.label == questions[field.code].label
    for code, choices in (
        ("bentuk_koperasi", BENTUK),
        ("jenis_koperasi", JENIS),
        ("kelompok_koperasi", KELOMPOK),
    ):
        assert choices == tuple(questions[code].choices)
    public = {field.code for field in FIELDS if field.public}
    assert public <= set(standard().public_codes) | {"kode_kecamatan"}
    assert {"telepon_ketua", "nama_pengelola", "email"} & public == set()
    assert set(standard().register_codes) <= set(LABELS)


@pytest.mark.parametrize(
    ("code", "raw", "value"),
    [
        ("nik_koperasi", " 3573-0100.00001 ", "3573010000001"),
        ("tanggal_badan_hukum", "17 Agustus 2001", date(2001, 8, 17)),
        ("telepon_ketua", "0812-3456-7890", "+6281234567890"),
        ("nama_pengelola", "Tidak Ada", "tidak ada"),
        ("jenis_koperasi", "simpan pinjam", "Simpan Pinjam"),
        ("kode_kelurahan", "35.73.05.1010", "35.73.05.1010"),
        ("kode_kelurahan", "kasin", "35.73.02.1006"),
        ("kode_kelurahan", "Kasin, Klojen", "35.73.02.1006"),
        ("email", "Info@Uji.EXAMPLE", "info@uji.example"),
        ("alamat", "  Jalan\n Contoh  12 ", "Jalan Contoh 12"),
        ("alamat", " ", None),
    ],
)
def test_what_is_typed_becomes_what_is_kept(code, raw, value):
    reading = read({code: raw})
    assert (reading.errors, reading.values) == ({}, {code: value})


def test_a_place_that_stands_twice_asks_which():
    province = office_region("35")
    [(name, _times)] = Counter(province.kelurahan.values()).most_common(1)
    reading = read_fields({"kode_kelurahan": name}, ("kode_kelurahan",), region=province, today=TODAY)
    assert "Tulis juga kecamatannya" in str(reading.errors["kode_kelurahan"])


def test_what_is_needed_and_missing_says_where_to_find_it():
    reading = read({"nama_koperasi": " "}, required=("nama_koperasi",))
    assert (
        str(reading.errors["nama_koperasi"]) == "Isi nama koperasi. Namanya ada di akta pendirian, pasal 1."
    )


@given(st.dictionaries(st.sampled_from(CODES), st.text(max_size=300)))
def test_nothing_that_is_typed_is_a_fault(typed):
    reading = read(typed)
    assert set(reading.values) | set(reading.errors) == set(typed)
    assert not set(reading.values) & set(reading.errors)
    assert all(isinstance(error, Text) and str(error) for error in reading.errors.values())


@given(st.dictionaries(st.sampled_from(CODES), st.text(max_size=80)))
def test_what_was_read_reads_the_same_from_its_own_form(typed):
    first = read(typed).values
    again = read({code: as_typed(BY_CODE[code], value) for code, value in first.items()})
    assert again.values == first


@given(st.dictionaries(st.sampled_from(CODES), st.text(min_size=1, max_size=20)))
def test_what_is_known_already_is_never_judged(known):
    folded = {code: value for code, value in known.items() if BY_CODE[code].kind not in ("date", "phone")}
    folded = {code: " ".join(value.split()) for code, value in folded.items()}
    typed = {
        code: as_typed(BY_CODE[code], value)
        for code, value in folded.items()
        if value.isprintable() and value
    }
    reading = read_fields(typed, tuple(typed), region=MALANG, today=TODAY, known=folded)
    assert {code: value for code, value in reading.values.items() if value is not None} == {
        code: folded[code] for code in typed if code in reading.values
    }


def test_values_are_shown_for_people():
    assert shown("kode_kelurahan", "35.73.05.1010", MALANG) == MALANG.kelurahan["35.73.05.1010"]
    assert shown("kode_kelurahan", "99.99.99.9999", MALANG) == "99.99.99.9999"
    assert shown("telepon_ketua", "+6281234567890", MALANG) == "0812-3456-7890"
    assert shown("alamat", None, MALANG) == ""
    assert MINUS not in str(shown("tanggal_badan_hukum", date(2001, 8, 17), MALANG))


KNOWN = {
    "nama_ketua": "Drs. H. BAMBANG Sutrisno, M.M.",
    "nama_pengelola": "Sekar Arum",
    "telepon_ketua": "+628111",
    "email": "kop@uji.example",
}


@pytest.mark.parametrize(
    ("person", "position", "sentence", "agrees"),
    [
        (
            {"name": "Bambang Sutrisno"},
            "Ketua",
            "Nama sama dengan ketua di register: Drs. H. BAMBANG Sutrisno, M.M.",
            True,
        ),
        ({"name": "Sutrisno Bambang, S.E."}, "Ketua", "Nama sama dengan ketua", True),
        ({"name": "Bambang Soetrisno"}, "Ketua", "Nama mirip dengan ketua", True),
        ({"name": "Sekar Arum"}, "Manajer", "Nama sama dengan pengelola", True),
        ({"name": "Orang Lain"}, "Ketua", "Register mencatat ketua lain", False),
        ({"name": "Orang Lain"}, "Bendahara", "Nama tidak ada di register", None),
    ],
)
def test_the_register_speaks_for_or_against_a_claimant(person, position, sentence, agrees):
    hint = claim_hints(person, KNOWN, position)[0]
    assert sentence in str(hint.text)
    assert hint.agrees is agrees


def test_numbers_and_addresses_speak_too_and_an_empty_register_says_nothing():
    hints = claim_hints({"name": "X", "phone": "+628111", "email": "kop@uji.example"}, KNOWN, "Staf")
    assert [str(hint.text) for hint in hints[1:]] == [
        "Nomor telepon sama dengan telepon ketua",
        "Surel sama dengan surel koperasi",
    ]
    [only] = claim_hints({"name": "Sekar"}, {}, "Ketua")
    assert only.agrees is None


@given(st.text(), st.text())
def test_any_two_names_can_be_compared(one, other):
    assert 0 <= same_person(one, other) <= 100
    assert same_person(one, other) == pytest.approx(same_person(other, one))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_question_can_be_ranked(wanted, held):
    words = words_of(wanted)
    assert closeness(words, fold(held)) >= 0
    if words:
        assert closeness(words, " ".join(words)) >= 100
