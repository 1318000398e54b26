"""The questions as data: the list as it is filed, what an edition freezes, and what staff may add."""

import json

import pytest

from app.core.errors import RuleBroken
from app.questionnaire.question import Question, QuestionType, Required, read_question
from app.questionnaire.questions import Questionnaire, standard

BRANCHES = {
    "code": "jumlah_cabang",
    "section": 2,
    "label": "Jumlah cabang",
    "type": "integer",
    "required": "yes",
    "min": 0,
    "total": True,
}


@pytest.fixture
def questionnaire():
    return standard()


def test_there_are_the_24_questions_in_four_sections(questionnaire):
    assert [question.number for question in questionnaire.questions] == list(range(1, 25))
    numbers = [[question.number for question in questionnaire.section(part)] for part in (1, 2, 3, 4)]
    assert numbers == [[*range(1, 8)], [*range(8, 15)], [*range(15, 20)], [*range(20, 25)]]
    assert [part.title for part in questionnaire.sections] == [
        "Identitas",
        "Pengurus & kegiatan",
        "Keanggotaan & RAT",
        "Keuangan",
    ]


def test_the_members_are_asked_as_men_and_women_and_the_kecamatan_not_at_all(questionnaire):
    names = [field.name for field in questionnaire.fields]
    assert names[13:15] == ["anggota_pria", "anggota_wanita"]
    assert "jumlah_anggota" not in names
    assert "kode_kecamatan" not in names
    assert len(names) == 24
    assert questionnaire.by_field["anggota_pria"].label == "Anggota pria"
    assert questionnaire.by_field["anggota_pria"].type is QuestionType.INTEGER
    assert questionnaire.by_field["anggota_pria"].is_part
    assert not questionnaire.by_field["aset"].is_part


def test_the_register_takes_over_the_first_fourteen(questionnaire):
    assert questionnaire.register_codes == questionnaire.codes[:14]


def test_the_telephone_of_the_chair_and_the_name_of_the_manager_are_not_public(questionnaire):
    assert set(questionnaire.codes) - set(questionnaire.public_codes) == {"telepon_ketua", "nama_pengelola"}


def test_totals_are_kept_of_every_figure(questionnaire):
    figures = {question.code for question in questionnaire.questions if question.is_number}
    assert set(questionnaire.totalled) == figures
    assert len(figures) == 8


def test_every_question_has_a_label_a_hint_and_help_and_every_required_one_its_own_sentence(questionnaire):
    for question in questionnaire.questions:
        assert question.label
        assert question.hint
        assert question.help.endswith((".", "”"))
        assert bool(question.missing) == (question.required is not Required.NO), question.code


def test_what_follows_from_this_year_alone_is_not_taken_over_from_last_year(questionnaire):
    fresh = {question.code for question in questionnaire.questions if not question.keep_last}
    assert fresh == {"kode_kecamatan", "tanggal_rat", "status_rat", "volume_usaha", "shu"}


def test_the_choices_stand_in_the_question_itself(questionnaire):
    counts = {
        question.code: len(question.choices) for question in questionnaire.questions if question.choices
    }
    assert counts == {
        "bentuk_koperasi": 5,
        "jenis_koperasi": 5,
        "kelompok_koperasi": 27,
        "status_rat": 2,
    }
    assert {"Kop. Nelayan", "Kop. Perumahan"} <= set(questionnaire.by_code["kelompok_koperasi"].choices)


def test_the_codes_and_their_order_are_those_of_the_provincial_form(questionnaire):
    assert " ".join(questionnaire.codes) == (
        "nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan "
        "nama_pengelola telepon_kantor nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi kelompok_koperasi "
        "jumlah_anggota jumlah_karyawan jumlah_manajer tanggal_rat status_rat "
        "modal_sendiri modal_luar aset volume_usaha shu"
    )


def test_an_edition_keeps_every_word(questionnaire):
    stored = json.loads(json.dumps(questionnaire.to_json()))
    assert Questionnaire.from_json(stored) == questionnaire
    assert hash(Questionnaire.from_json(stored)) == hash(questionnaire)


def test_a_frozen_question_needs_no_list_of_choices_beside_it(questionnaire):
    for question in questionnaire.questions:
        assert read_question(question.to_json()) == question


def test_every_key_of_the_answers_knows_its_question(questionnaire):
    assert questionnaire.question_of("anggota_pria").code == "jumlah_anggota"
    assert questionnaire.question_of("simpanan_lainnya").code == "modal_sendiri"
    assert questionnaire.question_of("modal_sendiri_konfirmasi").code == "modal_sendiri"
    assert questionnaire.question_of("aset_alasan").code == "aset"
    assert questionnaire.question_of("warna") is None


def test_an_added_question_gets_a_number_a_field_and_a_total(questionnaire):
    grown = questionnaire.with_question(BRANCHES)
    assert grown.by_code["jumlah_cabang"].number == 25
    assert [question.code for question in grown.section(2)][-1] == "jumlah_cabang"
    assert "jumlah_cabang" in grown.totalled
    assert "jumlah_cabang" in grown.by_field
    assert questionnaire.codes == standard().codes


def test_a_question_of_the_same_code_is_replaced_where_it_stands(questionnaire):
    data = questionnaire.by_code["aset"].to_json() | {"label": "Jumlah aset"}
    changed = questionnaire.with_question(data)
    assert changed.by_code["aset"].label == "Jumlah aset"
    assert changed.codes == questionnaire.codes


def test_a_retired_question_is_no_longer_asked_but_keeps_its_code(questionnaire):
    data = questionnaire.by_code["jumlah_manajer"].to_json() | {"retired": True}
    retired = questionnaire.with_question(data)
    assert "jumlah_manajer" not in retired.codes
    assert len(retired.everything) == 24
    assert Questionnaire.from_json(retired.to_json()) == retired


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "Jumlah Cabang"}, "Kode “Jumlah Cabang” tidak dapat dipakai."),
        ({"code": "cabang_alasan"}, "Kode “cabang_alasan” tidak dapat dipakai."),
        ({"code": "csrf_token"}, "Kode “csrf_token” tidak dapat dipakai."),
        ({"code": "c" * 30}, "tidak dapat dipakai"),
        ({"code": "anggota_pria"}, "Kode “anggota_pria” sudah dipakai pertanyaan lain."),
        ({"section": 9}, "Pilih bagian untuk pertanyaan “jumlah_cabang”."),
        ({"label": "  "}, "Isi label pertanyaan “jumlah_cabang”."),
        ({"type": "choice"}, "Isi paling sedikit dua pilihan berbeda untuk “jumlah_cabang”."),
        ({"type": "choice", "choices": ["a", "a"]}, "Isi paling sedikit dua pilihan berbeda"),
        ({"type": "choice", "choices": "warna"}, "Pertanyaan “jumlah_cabang” tidak lengkap"),
        ({"type": "pecahan"}, "Pertanyaan “jumlah_cabang” tidak lengkap"),
        ({"required": "mungkin"}, "Pertanyaan “jumlah_cabang” tidak lengkap"),
        ({"required": "conditional"}, "Isi kapan pertanyaan “jumlah_cabang” wajib."),
        (
            {"default_if": {"field": "warna", "is": "merah", "value": 0}},
            "bergantung pada “warna”, yang tidak ada",
        ),
        ({"warna": "merah"}, "Pertanyaan tidak mengenal isian “warna”."),
    ],
)
def test_an_unsound_question_is_refused_with_a_sentence(questionnaire, change, sentence):
    with pytest.raises(RuleBroken, match=sentence.replace("(", r"\(")):
        questionnaire.with_question(BRANCHES | change)


def test_a_question_says_on_which_answers_it_depends(questionnaire):
    depends = {
        question.code: question.depends_on for question in questionnaire.questions if question.depends_on
    }
    assert depends == {
        "kode_kecamatan": {"kode_kelurahan"},
        "jumlah_anggota": {"anggota_pria", "anggota_wanita"},
        "jumlah_manajer": {"nama_pengelola"},
        "tanggal_rat": {"status_rat"},
    }


def test_only_figures_are_held_against_last_year(questionnaire):
    names = [figure.name for figure in questionnaire.by_code["modal_sendiri"].figures]
    assert names == ["modal_sendiri", "simpanan_pokok", "simpanan_wajib", "cadangan", "simpanan_lainnya"]
    assert questionnaire.by_code["alamat"].figures == ()


def test_defaults_are_left_out_of_what_is_stored():
    question = Question(code="catatan", number=1, section=1, label="Catatan", type=QuestionType.TEXT)
    assert question.to_json() == {
        "code": "catatan",
        "number": 1,
        "section": 1,
        "label": "Catatan",
        "type": "text",
    }
