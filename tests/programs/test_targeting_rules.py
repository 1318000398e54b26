"""The criteria by which a programme finds its people: their words, and what they say of one cooperative or UKM."""

import pytest

from app.programs.targeting_rules import (
    CRITERIA,
    LARGEST,
    Kind,
    Subject,
    Words,
    cleaned,
    fits,
    match,
    reasons,
    sentence,
)

COOPERATIVE, ENTERPRISE = Subject
PLACES = {"35.73.03": "Sukun", "35.73.05": "Lowokwaru", "35.73.01": "Blimbing"}
WORDS = Words(PLACES, 2025)
RULES = {
    "jenis": ["Konsumen"],
    "kecamatan": ["35.73.03"],
    "anggota": {"below": 100},
    "laporan": ["tahun_lalu"],
}


def said(subject, rules):
    return str(sentence(subject, rules, WORDS))


@pytest.mark.parametrize(
    ("subject", "rules", "words"),
    [
        (COOPERATIVE, {}, "semua koperasi"),
        (
            COOPERATIVE,
            RULES,
            "koperasi konsumen di Sukun dengan kurang dari 100 anggota yang melapor tahun lalu (tahun buku 2024)",
        ),
        (
            COOPERATIVE,
            {"jenis": ["Simpan Pinjam", "Konsumen", "Jasa"], "aset": {"min": 1_000_000, "below": 5_000_000}},
            "koperasi simpan pinjam, konsumen atau jasa dengan aset Rp1.000.000 sampai kurang dari Rp5.000.000",
        ),
        (
            COOPERATIVE,
            {"anggota": {"min": 20}, "status": ["aktif"], "pengelola": ["ada"]},
            "koperasi dengan paling sedikit 20 anggota yang berstatus aktif dan sudah punya pengelola di situs ini",
        ),
        (
            ENTERPRISE,
            {
                "kelas": ["mikro"],
                "kecamatan": ["35.73.01", "35.73.03"],
                "nib": ["ada"],
                "tenaga": {"below": 5},
            },
            "pelaku UKM kelas mikro di Blimbing atau Sukun dengan kurang dari 5 tenaga kerja yang sudah ber-NIB",
        ),
        (ENTERPRISE, {"digital": ["none"]}, "pelaku UKM yang belum memakai cara digital"),
    ],
)
def test_a_target_reads_as_a_sentence(subject, rules, words):
    assert said(subject, rules) == words


def test_the_sentence_counts_the_book_years_from_the_one_that_is_filed_now():
    rules = {"laporan": ["belum_tahun_ini"]}
    assert (
        str(sentence(COOPERATIVE, rules, WORDS)) == "koperasi yang belum melapor tahun ini (tahun buku 2025)"
    )
    assert str(sentence(COOPERATIVE, rules, Words(PLACES, None))) == "koperasi yang belum melapor tahun ini"


@pytest.mark.parametrize("subject", list(Subject))
def test_every_choice_of_every_criterion_has_words(subject):
    for criterion in CRITERIA[subject]:
        wanted = {"min": 1, "below": 9} if criterion.kind is Kind.RANGE else list(criterion.choices)[:1]
        words = said(subject, {criterion.code: wanted or ["35.73.03"]})
        assert words != f"semua {subject}"
        assert "%(" not in words


@pytest.mark.parametrize(
    ("wanted", "mine", "answer"),
    [
        (["Konsumen"], "Konsumen", True),
        (["Konsumen", "Jasa"], "Produsen", False),
        (["Konsumen"], None, None),
        (["digital", "modal"], ["modal"], True),
        (["digital"], ["modal"], False),
        (["digital"], [], None),
        ({"below": 100}, 99, True),
        ({"below": 100}, 100, False),
        ({"below": 100}, None, None),
        ({"min": 20}, 20, True),
        ({"min": 20}, 19, False),
        ({"below": 1}, 0, True),
        (["aktif"], "belum_diketahui", None),
        (["aktif"], "tidak_aktif", False),
        (["belum_diketahui"], "belum_diketahui", True),
    ],
)
def test_one_criterion_answers_yes_no_or_unknown(wanted, mine, answer):
    assert fits(wanted, mine) is answer


def test_all_criteria_must_hold_and_one_no_outweighs_what_is_unknown():
    facts = {
        "jenis": "Konsumen",
        "kecamatan": "35.73.03",
        "anggota": 40,
        "laporan": ["tahun_lalu", "tahun_ini"],
    }
    assert match(RULES, facts) is True
    assert match(RULES, facts | {"anggota": None}) is None
    assert match(RULES, facts | {"anggota": None, "jenis": "Jasa"}) is False
    assert match({}, {}) is True


def test_a_reader_is_told_why_it_fits_in_words_about_themselves():
    facts = {"jenis": "Konsumen", "kecamatan": "35.73.03", "anggota": 1084, "laporan": ["tahun_lalu"]}
    rules = RULES | {"anggota": {"min": 20}, "jenis": ["Konsumen", "Jasa"]}
    assert [str(reason) for reason in reasons(COOPERATIVE, rules, facts, WORDS)] == [
        "Jenis koperasi Anda konsumen",
        "Koperasi Anda di Sukun",
        "Anggota Anda 1.084 orang",
        "Koperasi Anda melapor tahun lalu (tahun buku 2024)",
    ]
    unknown = reasons(COOPERATIVE, RULES, {"jenis": "Konsumen"}, WORDS)
    assert [str(reason) for reason in unknown] == ["Jenis koperasi Anda konsumen"]


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {"cooperative": None},
        {"cooperative": {"jenis": "Rahasia", "kecamatan": ["99.99.99"], "anggota": {"below": "100"}}},
        {"cooperative": {"anggota": {"below": -1}, "aset": {"min": LARGEST + 1}, "laporan": {"a": 1}}},
        {"bukan": {"jenis": ["Konsumen"]}, "enterprise": {"jenis": ["Konsumen"]}},
        {"cooperative": {"anggota": {"min": 0}}},
    ],
)
def test_what_makes_no_sense_is_not_a_criterion(stored):
    assert cleaned(stored, PLACES) == {}


def test_a_sensible_target_survives_cleaning_in_the_order_of_the_lists():
    given = {
        "cooperative": RULES | {"jenis": ["Jasa", "Konsumen", "Jasa"], "laporan": ["tahun_ini", "tahun_lalu"]}
    }
    clean = cleaned(given, PLACES)
    assert clean["cooperative"]["jenis"] == ["Konsumen", "Jasa"]
    assert clean["cooperative"]["laporan"] == ["tahun_lalu"]
    assert cleaned(clean, PLACES) == clean
