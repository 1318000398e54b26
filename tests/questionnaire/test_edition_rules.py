"""What may change in an edition, and why not the rest: plain rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.questionnaire import edition_rules as rules
from app.questionnaire.checks import run_checks, standard_checks
from app.questionnaire.edition_comparison import compare
from app.questionnaire.edition_rules import Dates, State
from app.questionnaire.edition_settings import LIMITS, read_settings, spoken, typed_of
from app.questionnaire.question import Question, QuestionType, Required
from app.questionnaire.questions import is_usable, standard
from tests.questionnaire.sound import PLACES, last_year, sound

TODAY = date(2026, 4, 10)
OPEN = Dates(date(2026, 1, 1), date(2026, 4, 30), date(2026, 12, 31))
AHEAD = Dates(date(2027, 1, 1), date(2027, 4, 30), date(2027, 12, 31))
CODES = standard().codes


def locks(code, asked_in=()):
    return rules.locks_of(standard().by_code[code], standard(), standard_checks(), asked_in)


def without(*codes):
    """The standard questions with some retired."""
    retired = [Question(**{**vars(one), "retired": one.code in codes}) for one in standard().everything]
    return rules.arranged(standard(), retired)


@pytest.mark.parametrize(
    ("published", "opens", "reports", "state"),
    [
        (False, date(2027, 1, 1), 0, State.DRAFT),
        (True, date(2027, 1, 1), 0, State.PUBLISHED),
        (False, date(2026, 4, 10), 0, State.PUBLISHED),
        (True, date(2026, 1, 1), 1, State.FROZEN),
        (False, date(2026, 1, 1), 1, State.FROZEN),
    ],
)
def test_how_far_an_edition_is(published, opens, reports, state):
    assert rules.state_of(published=published, opens=opens, reports=reports, today=TODAY) is state


@pytest.mark.parametrize("code", standard().register_codes)
def test_what_goes_to_the_register_is_neither_retired_nor_given_another_type(code):
    found = locks(code)
    assert found.retire
    assert {"jenis", "satuan", "pilihan", "publik"} <= set(found.settings)


@pytest.mark.parametrize("code", ["tanggal_rat", "status_rat"])
def test_what_the_status_follows_from_stays(code):
    assert "masih aktif" in str(locks(code).retire)


def test_an_operand_of_checks_keeps_its_type_and_names_the_checks_that_would_fall_silent():
    found = locks("volume_usaha")
    assert "pemeriksaan" in str(found.settings["jenis"])
    assert "shu_lebih_volume" in found.silenced
    assert found.retire is None


def test_a_question_that_another_leans_on_cannot_be_retired():
    leaning = standard().with_question(
        {
            "code": "nilai_hibah",
            "section": 4,
            "label": "Nilai hibah",
            "type": "rupiah",
            "required": "conditional",
            "required_if": {"field": "shu", "is": "ada"},
        }
    )
    found = rules.locks_of(leaning.by_code["shu"], leaning, [], [])
    assert "Nilai hibah" in str(found.retire)


def test_once_asked_the_meaning_is_settled_and_the_words_are_not():
    found = locks("jumlah_karyawan", asked_in=[2024, 2025])
    assert set(found.settings) == {"jenis", "satuan", "setahun"}
    assert "2025" in str(found.settings["satuan"])


@given(
    st.sets(st.sampled_from(CODES)),
    st.dictionaries(st.sampled_from(sorted(sound())), st.none() | st.integers() | st.text(max_size=9)),
)
def test_checks_that_name_a_retired_question_fall_silent(retired, changes):
    questionnaire = without(*retired)
    found = run_checks(
        questionnaire,
        sound(**changes),
        last=last_year(),
        year=2025,
        today=TODAY,
        places=PLACES,
        checks=standard_checks(),
    )
    assert not {code for one in found for code in one.questions} & retired


@given(st.text(max_size=60), st.sets(st.sampled_from(["jawaban", "jawaban_2", *CODES])))
def test_a_proposed_code_is_well_formed_and_free(label, taken):
    code = rules.propose_code(label, taken)
    assert is_usable(code), code
    rules.check_code(code, taken)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Listrik tenaga surya", "listrik_tenaga_surya"),
        ("Biaya & upah (Rp)", "biaya_upah_rp"),
        ("2025: pinjaman", "pinjaman"),
        ("Aset", "aset_2"),
        ("versi", "jawaban_versi"),
        ("🙂", "jawaban"),
    ],
)
def test_a_code_is_made_of_the_words(label, code):
    assert rules.propose_code(label, rules.taken_keys([standard()])) == code


@pytest.mark.parametrize(
    "code", ["", "A", "pilih_aset", "aset_alasan", "aset_alasan_lain", "csrf_token", "x" * 30, "é"]
)
def test_a_code_that_forms_use_for_themselves_is_refused(code):
    with pytest.raises(RuleBroken) as no:
        rules.check_code(code, ())
    assert no.value.field == "kode"


@pytest.mark.parametrize("code", ["aset", "anggota_pria", "simpanan_pokok"])
def test_a_code_that_was_ever_used_is_refused(code):
    with pytest.raises(RuleBroken, match="berganti arti"):
        rules.check_code(code, rules.taken_keys([without("aset")]))


def test_the_standard_questions_are_in_order_as_they_are():
    assert rules.arranged(standard()) == standard()


def test_a_question_moves_within_its_section_and_the_others_give_way():
    after = rules.moved(standard(), "aset", -1)
    assert [one.code for one in after.section(4)][:3] == ["modal_sendiri", "aset", "modal_luar"]
    assert [one.number for one in after.questions] == list(range(1, 25))
    assert rules.moved(standard(), "modal_sendiri", -1) == standard()
    assert rules.moved(standard(), "shu", 1) == standard()


@given(
    st.sampled_from(CODES),
    st.integers(1, 4),
    st.none() | st.integers(-3, 40),
    st.sets(st.sampled_from(CODES), max_size=4),
)
def test_wherever_a_question_is_put_the_numbers_stay_whole(code, section, number, retired):
    before = without(*(retired - {code}))
    after = rules.placed(before, before.by_code[code], section, number)
    assert [one.number for one in after.questions] == list(range(1, len(after.questions) + 1))
    assert after.by_code[code].section == section
    assert set(after.codes) == set(before.codes)


@pytest.mark.parametrize(
    ("now", "wanted", "field"),
    [
        (OPEN, Dates(date(2026, 2, 1), *list(vars(OPEN).values())[1:]), "dibuka"),
        (OPEN, Dates(OPEN.opens, date(2026, 4, 29), OPEN.closes), "batas"),
        (OPEN, Dates(OPEN.opens, OPEN.deadline, date(2026, 11, 30)), "ditutup"),
        (OPEN, Dates(OPEN.opens, date(2027, 2, 1), OPEN.closes), "ditutup"),
        (AHEAD, Dates(date(2026, 12, 1), AHEAD.deadline, AHEAD.closes), "dibuka"),
        (AHEAD, Dates(date(2028, 1, 1), AHEAD.deadline, AHEAD.closes), "dibuka"),
        (AHEAD, Dates(date(2027, 5, 1), AHEAD.deadline, AHEAD.closes), "batas"),
        (AHEAD, Dates(AHEAD.opens, AHEAD.deadline, date(2035, 1, 1)), "ditutup"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_their_field(now, wanted, field):
    year = 2025 if now is OPEN else 2026
    with pytest.raises(RuleBroken) as no:
        rules.check_dates(year, now, wanted, announced=now is OPEN, reason="Rapat", today=TODAY)
    assert no.value.field == field


def test_a_deadline_in_the_running_year_moves_later_with_a_reason():
    later = Dates(OPEN.opens, date(2026, 5, 31), OPEN.closes)
    with pytest.raises(RuleBroken, match="alasan"):
        rules.check_dates(2025, OPEN, later, announced=True, reason=" ", today=TODAY)
    rules.check_dates(2025, OPEN, later, announced=True, reason="Listrik padam", today=TODAY)


def test_before_it_opens_every_date_moves_without_a_reason():
    rules.check_dates(
        2026,
        AHEAD,
        Dates(date(2027, 2, 1), date(2027, 3, 31), date(2027, 6, 30)),
        announced=False,
        reason="",
        today=TODAY,
    )


@pytest.mark.parametrize("question", standard().questions, ids=lambda one: one.code)
def test_a_form_sent_back_untouched_changes_nothing(question):
    reading = read_settings(typed_of(question), question, PLACES)
    assert reading.problems == {}
    assert reading.question == question


BLANK = Question(code="uji", number=25, section=4, label="", type=QuestionType.TEXT)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 151}, "label"),
        ({"jenis": "derived"}, "jenis"),
        ({"jenis": ""}, "jenis"),
        ({"wajib": "conditional"}, "wajib"),
        ({"jenis": "choice", "pilihan": "Ya"}, "pilihan"),
        ({"jenis": "choice", "pilihan": "Ya\nya"}, "pilihan"),
        ({"jenis": "integer", "terkecil": "1.25"}, "terkecil"),
        ({"jenis": "integer", "terkecil": "5", "terbesar": "4"}, "terbesar"),
        ({"jenis": "date", "terbesar": "besok"}, "terbesar"),
        ({"jenis": "text", "terbesar": "0"}, "terbesar"),
        ({"jenis": "integer", "contoh": "banyak"}, "contoh"),
    ],
)
def test_settings_that_cannot_be_are_named(typed, field):
    reading = read_settings(typed_of(BLANK) | {"label": "Uji"} | typed, BLANK, PLACES)
    assert reading.question is None
    assert field in reading.problems


def test_what_a_type_has_no_use_for_falls_away():
    typed = typed_of(BLANK) | {
        "label": "Uji", "satuan": "kg", "pilihan": "a\nb", "statistik": "1", "setahun": "1", "terbesar": "50",
    }  # fmt: skip
    question = read_settings(typed, BLANK, PLACES).question
    assert (question.unit, question.choices, question.total, question.flow) == ("", (), False, False)
    assert (question.max_length, question.max) == (50, None)


def test_a_day_may_be_today():
    typed = typed_of(BLANK) | {
        "label": "Uji",
        "jenis": "date",
        "terbesar": "Hari ini",
        "terkecil": "17-08-1945",
    }
    question = read_settings(typed, BLANK, PLACES).question
    assert (question.min, question.max) == ("1945-08-17", "today")
    assert typed_of(question)["terbesar"] == "hari ini"
    assert set(LIMITS) >= {QuestionType.DATE}


def test_a_comparison_tells_old_and_new_words():
    after = without("shu").with_question({"code": "uji", "section": 1, "label": "Uji", "type": "text"})
    changed = Question(**{**vars(after.by_code["aset"]), "label": "Jumlah aset", "required": Required.NO})
    found = compare(standard(), rules.placed(after, changed, 4, changed.number))
    assert [one.code for one in found.added] == ["uji"]
    assert [one.code for one in found.retired] == ["shu"]
    assert [one.after.code for one in found.changed] == ["aset"]
    told = [(one.name, str(one.before), str(one.after)) for one in found.changed[0].differences]
    assert told == [("Pertanyaan", "Aset", "Jumlah aset"), ("Wajib dijawab", "Wajib", "Boleh kosong")]
    assert found.moved > 0
    assert compare(standard(), standard()).nothing


def test_settings_are_spoken_in_words():
    assert str(spoken("jenis", "rupiah")) == "Rupiah"
    assert str(spoken("publik", "")) == "tidak"
    assert spoken("jenis", "apa saja") == "apa saja"
