"""From the posted form to canonical answers and back, without losing a sign of what was typed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.parsing import MAX_INTEGER, MAX_RUPIAH, fold_space
from app.questionnaire.answers import (
    answered,
    apply,
    as_input,
    as_text,
    changed,
    is_raw,
    needed,
    progress,
    read_answers,
    register_values,
    unanswered,
)
from app.questionnaire.question import QuestionType
from app.questionnaire.questions import standard
from tests.questionnaire.sound import PLACES, sound
from tests.support.fuzzing import examples

ASKED = standard()
POSTED = {
    "nik_koperasi": "3573-0100-00001",
    "nama_koperasi": "  Koperasi \n Contoh   Melati ",
    "tanggal_badan_hukum": "17-08-2010",
    "kode_kelurahan": "35.73.01.1001",
    "nama_pengelola": "Tidak Ada",
    "telepon_kantor": "0341-551234",
    "jenis_koperasi": "simpan pinjam",
    "anggota_pria": "60",
    "anggota_wanita": "1.124",
    "modal_sendiri": "(3.500.000)",
    "aset": "Rp 1.250.000,00",
}
FIELD_NAMES = sorted(ASKED.by_field)


def read(raw, **more):
    return read_answers(ASKED, raw, PLACES, **more)


def test_a_posted_form_becomes_canonical_answers():
    reading = read(POSTED)
    assert reading.errors == {}
    assert {key: value for key, value in reading.values.items() if value is not None} == {
        "nik_koperasi": "3573010000001",
        "nama_koperasi": "Koperasi Contoh Melati",
        "tanggal_badan_hukum": "2010-08-17",
        "kode_kelurahan": "35.73.01.1001",
        "nama_pengelola": "tidak ada",
        "telepon_kantor": "+62341551234",
        "jenis_koperasi": "Simpan Pinjam",
        "anggota_pria": 60,
        "anggota_wanita": 1124,
        "modal_sendiri": -3500000,
        "aset": 1250000,
    }
    assert reading.raw == POSTED


def test_what_cannot_be_read_is_kept_and_explained():
    reading = read({"aset": " 1.25 ", "tanggal_rat": "31-02-2026", "jenis_koperasi": "Serba"})
    assert reading.values["aset"] == {"raw": "1.25"}
    assert str(reading.errors["tanggal_rat"]) == "Februari 2026 hanya sampai tanggal 28."
    assert str(reading.errors["jenis_koperasi"]) == "“Serba” tidak ada di daftar. Pilih salah satu yang ada."
    assert as_input(ASKED.by_code["aset"], reading.values["aset"]) == "1.25"


def test_a_field_that_was_not_posted_is_not_touched_and_a_cleared_one_is_cleared():
    values = read({"aset": ""}).values
    assert values["aset"] is None
    assert "shu" not in values
    assert apply(ASKED, sound(), values) == sound(aset=None)


def test_only_the_allowed_questions_are_read():
    reading = read(POSTED, only={"aset", "jumlah_anggota"})
    assert set(reading.raw) == {"aset", "anggota_pria", "anggota_wanita"}


def test_a_kelurahan_may_be_posted_by_name_when_the_name_is_unmistakable():
    places = {**PLACES, "35.73.02.1001": "Contoh Dua", "35.73.01": "Contoh Satu"}
    assert (
        read_answers(ASKED, {"kode_kelurahan": "contoh satu"}, places).values["kode_kelurahan"]
        == "35.73.01.1001"
    )
    twice = read_answers(ASKED, {"kode_kelurahan": "Contoh Dua"}, places)
    assert str(twice.errors["kode_kelurahan"]) == "Ada 2 kelurahan bernama “Contoh Dua”. Pilih dari daftar."
    unknown = read_answers(ASKED, {"kode_kelurahan": "35.73.01"}, places)
    assert "bukan kelurahan di wilayah kantor ini" in str(unknown.errors["kode_kelurahan"])
    assert read_answers(ASKED, {"kode_kelurahan": " ", "jenis_koperasi": " "}, places).errors == {}


def test_a_confirmation_is_read_with_its_question_and_goes_when_the_box_is_empty():
    confirmed = read({"modal_sendiri": "-5", "modal_sendiri_konfirmasi": "1"}).values
    assert confirmed["modal_sendiri_konfirmasi"] is True
    answers = apply(ASKED, {}, confirmed)
    assert answers == {"modal_sendiri": -5, "modal_sendiri_konfirmasi": True}
    assert apply(ASKED, answers, read({"modal_sendiri": "-5"}).values) == {"modal_sendiri": -5}
    assert "modal_sendiri_konfirmasi" not in read({"aset": "5"}).values


def test_a_reason_is_read_by_itself():
    assert read({"aset_alasan": " usaha \n turun "}).values == {"aset_alasan": "usaha turun"}
    assert read({"aset_alasan": " "}).values == {"aset_alasan": None}


def test_a_nik_of_the_wrong_length_is_kept_for_the_checks_to_explain():
    assert read({"nik_koperasi": "3573 01"}).values["nik_koperasi"] == "357301"
    assert read({"nik_koperasi": "ID-77"}).values["nik_koperasi"] == "ID-77"
    assert read({"nik_koperasi": ""}).values["nik_koperasi"] is None


def test_men_and_women_give_the_total_and_the_kelurahan_its_kecamatan():
    answers = apply(ASKED, {}, read(POSTED).values)
    assert answers["jumlah_anggota"] == 1184
    assert answers["kode_kecamatan"] == "35.73.01"


def test_the_total_goes_when_a_part_becomes_unreadable_or_blank():
    assert "jumlah_anggota" not in apply(ASKED, sound(), {"anggota_pria": {"raw": "x"}})
    assert "jumlah_anggota" not in apply(ASKED, sound(), {"anggota_pria": None})
    assert "kode_kecamatan" not in apply(ASKED, sound(), {"kode_kelurahan": None})


def test_an_imported_total_stands_until_the_parts_are_typed():
    imported = apply(ASKED, {}, {"jumlah_anggota": 200})
    assert imported == {"jumlah_anggota": 200}
    assert apply(ASKED, imported, {"anggota_pria": None, "anggota_wanita": None}) == imported
    assert apply(ASKED, imported, {"aset": 5})["jumlah_anggota"] == 200
    assert apply(ASKED, imported, {"anggota_pria": 90, "anggota_wanita": 95})["jumlah_anggota"] == 185


def test_an_imported_total_that_contradicts_its_parts_is_kept_for_the_checks():
    imported = apply(ASKED, {}, {"jumlah_anggota": 200, "anggota_pria": 90, "anggota_wanita": 95})
    assert imported["jumlah_anggota"] == 200
    assert apply(ASKED, imported, {"aset": 5})["jumlah_anggota"] == 200
    assert apply(ASKED, imported, {"anggota_pria": 90, "anggota_wanita": 95})["jumlah_anggota"] == 185


def test_an_imported_kecamatan_stands_while_the_kelurahan_is_open():
    imported = apply(ASKED, {}, {"kode_kecamatan": "35.73.02", "kode_kelurahan": {"raw": "Sukasari"}})
    assert imported["kode_kecamatan"] == "35.73.02"
    chosen = apply(ASKED, imported, {"kode_kelurahan": "35.73.01.1001"})
    assert chosen["kode_kecamatan"] == "35.73.01"


def test_the_kelurahan_decides_on_the_kecamatan_whatever_a_file_says():
    answers = apply(ASKED, {}, {"kode_kecamatan": "35.73.02", "kode_kelurahan": "35.73.01.1001"})
    assert answers["kode_kecamatan"] == "35.73.01"


def test_nobody_manages_means_no_manager_unless_a_number_was_given():
    assert apply(ASKED, {}, {"nama_pengelola": "tidak ada"})["jumlah_manajer"] == 0
    assert apply(ASKED, {}, {"nama_pengelola": "tidak ada", "jumlah_manajer": 2})["jumlah_manajer"] == 2
    assert "jumlah_manajer" not in apply(ASKED, {}, {"nama_pengelola": "Sulastri"})


def test_answers_are_shown_as_people_write_them():
    by_code = ASKED.by_code
    assert as_text(by_code["aset"], 1250000) == "Rp1.250.000"
    assert as_text(by_code["shu"], -3500000) == "−Rp3.500.000"
    assert as_text(by_code["jumlah_anggota"], 1184) == "1.184"
    assert as_text(by_code["tanggal_rat"], "2026-02-21") == "21 Februari 2026"
    assert as_text(by_code["tanggal_rat"], "besok") == "besok"
    assert as_text(by_code["telepon_kantor"], "+62341551234") == "(0341) 551234"
    assert as_text(by_code["kode_kelurahan"], "35.73.01.1001", PLACES) == "Contoh Satu"
    assert as_text(by_code["kode_kecamatan"], "35.73.01", PLACES) == "Contoh Kecamatan"
    assert as_text(by_code["kode_kecamatan"], "35.73.09") == "35.73.09"
    assert as_text(by_code["nama_ketua"], "Rahmat Hidayat") == "Rahmat Hidayat"
    assert as_text(by_code["aset"], None) == "–"
    assert as_text(by_code["aset"], {"raw": "1.25"}) == "1.25"
    assert as_text(by_code["aset"], "teks") == "teks"


def test_answers_go_back_into_the_input_as_they_may_be_typed():
    by_code = ASKED.by_code
    assert as_input(by_code["aset"], -1250000) == "-1.250.000"
    assert as_input(ASKED.by_field["anggota_pria"], 1124) == "1.124"
    assert as_input(by_code["tanggal_rat"], "2026-02-21") == "2026-02-21"
    assert as_input(by_code["telepon_ketua"], "+6281234567890") == "0812-3456-7890"
    assert as_input(by_code["alamat"], None) == ""


def test_unanswered_are_the_required_questions_without_a_readable_answer():
    assert unanswered(ASKED, sound()) == []
    missing = unanswered(ASKED, sound(aset={"raw": "1.25"}, jumlah_anggota=None, nik_koperasi=None))
    assert [question.code for question in missing] == ["jumlah_anggota", "aset"]


def test_the_rat_date_is_needed_only_when_the_rat_was_held():
    question = ASKED.by_code["tanggal_rat"]
    assert needed(question, {"status_rat": "Sudah RAT"})
    assert not needed(question, {"status_rat": "Belum RAT"})
    assert not needed(ASKED.by_code["nik_koperasi"], {})
    assert not answered(question, {"tanggal_rat": {"raw": "x"}})


def test_progress_counts_answers_by_section():
    counts = [(part.answered, part.total, part.complete) for part in progress(ASKED, sound(aset=None))]
    assert counts == [(7, 7, True), (7, 7, True), (5, 5, True), (4, 5, False)]
    assert [part.answered for part in progress(ASKED, {})] == [0, 0, 0, 0]
    assert [question.code for question in progress(ASKED, sound(aset=None))[3].unanswered] == ["aset"]


def test_changed_names_questions_not_fields():
    after = sound(anggota_pria=61, jumlah_anggota=185, shu=1)
    assert changed(ASKED, sound(), after) == ["jumlah_anggota", "shu"]
    assert changed(ASKED, sound(), sound()) == []


def test_the_register_gets_what_can_be_read():
    values = register_values(ASKED, sound(telepon_kantor={"raw": "x"}, nik_koperasi=None))
    assert values["nama_koperasi"] == "Koperasi Contoh Melati"
    assert values["nik_koperasi"] is None
    assert "telepon_kantor" not in values
    assert "aset" not in values


ANSWERS = {
    QuestionType.INTEGER: st.integers(-MAX_INTEGER, MAX_INTEGER),
    QuestionType.RUPIAH: st.integers(-MAX_RUPIAH, MAX_RUPIAH),
    QuestionType.DATE: st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat),
    QuestionType.PHONE: st.integers(10**7, 10**12 - 1).map(lambda national: f"+62{national}"),
    QuestionType.TEXT: st.text().map(fold_space).filter(bool),
    QuestionType.PLACE: st.sampled_from(["35.73.01.1001", "35.73.01.1002"]),
}


@pytest.mark.parametrize("field", ASKED.fields, ids=lambda field: field.name)
@settings(max_examples=examples(20))
@given(data=st.data())
def test_an_answer_shown_in_its_input_reads_as_the_same_answer(field, data):
    choices = field.question.choices
    value = data.draw(st.sampled_from(choices) if choices else ANSWERS[field.type])
    once = read({field.name: as_input(field, value)}).values[field.name]
    again = read({field.name: as_input(field, once)}).values[field.name]
    assert again == once
    if not field.question.digits and not field.question.none_word:
        assert once == value


@given(st.dictionaries(st.sampled_from([*FIELD_NAMES, "aset_alasan", "warna"]), st.text()))
def test_nothing_that_was_typed_is_lost(raw):
    reading = read(raw)
    for name, typed in raw.items():
        if name in ASKED.by_field:
            value = reading.values[name]
            assert (value is None) <= (fold_space(typed) == "")
            assert (name in reading.errors) == is_raw(value)
            if is_raw(value):
                assert value == {"raw": fold_space(typed)}
    again = read({name: as_input(ASKED.by_field[name], reading.values[name]) for name in reading.raw})
    assert again.values == {key: value for key, value in reading.values.items() if "_alasan" not in key}


@given(
    st.dictionaries(
        st.sampled_from([key for question in ASKED.questions for key in question.keys]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.just({"raw": "x"})),
    )
)
def test_applying_the_same_values_again_changes_nothing(values):
    once = apply(ASKED, sound(), values)
    assert apply(ASKED, once, values) == once
    assert None not in once.values()
