"""The row checks: the shared cases, and what holds for all of them."""

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Text
from app.questionnaire.answers import apply
from app.questionnaire.checks import (
    Finding,
    findings_for,
    has_errors,
    reasons,
    run_checks,
    standard_checks,
)
from app.questionnaire.expressions import SPECIAL, operators_in
from app.questionnaire.operators import PLAIN
from app.questionnaire.questions import Questionnaire, standard
from app.questionnaire.rules import Severity
from app.questionnaire.spreading import prepare, standard_prepared
from tests.questionnaire.sound import PLACES, TODAY, VECTORS, YEAR, laid_over, last_year, sound
from tests.support.real import real_file

ASKED = standard()
CASES = VECTORS["cases"]
MONEY = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = [key for question in ASKED.questions for key in question.keys] + ["modal_sendiri_konfirmasi"]
ANSWERS = st.dictionaries(
    st.sampled_from(KEYS), JSON | st.integers(-(10**15), 10**15) | st.just({"raw": "1.25"})
)
PLAUSIBLE = st.fixed_dictionaries(
    {},
    optional={
        key: st.integers(-(10**6), 10**15)
        for question in ASKED.questions
        if question.is_number
        for key in question.keys
    },
)


def find(answers, last=None, **more):
    settings = {"year": YEAR, "today": TODAY, "places": PLACES} | more
    return run_checks(ASKED, answers, last=last, **settings)


def named(findings):
    return [f"{finding.code}:{finding.questions[0]}" for finding in findings]


def find_case(case, **more):
    last = None if case["last"] is None else last_year(**case["last"])
    today = date.fromisoformat(case.get("today", VECTORS["today"]))
    return find(sound(**case["answers"]), last, today=today, incomplete=case.get("incomplete", False), **more)


def only(findings):
    (finding,) = findings
    return finding


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_case_finds_what_the_vectors_say(case):
    assert named(find_case(case)) == case["expect"]


def test_every_check_is_seen_to_speak_in_some_case():
    declared = {check["code"] for check in standard_checks()}
    assert len(CASES) >= 60
    spoken = {name.split(":")[0] for case in CASES for name in case["expect"]}
    assert declared - spoken == {
        "terlalu_besar"
    }  # for questions of staff: none of the 24 has a highest figure


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_finding_is_kept_and_read_back_as_it_was(case):
    for finding in find_case(case):
        stored = json.loads(json.dumps(finding.to_json()))
        assert Finding.from_json(stored).to_json() == finding.to_json()
        assert stored["message"] == finding.message
        assert "%(" not in finding.message
        assert finding.message.endswith((".", "?"))
        assert set(finding.questions) <= set(ASKED.codes)
        assert finding.field in ASKED.by_field
        assert 0 <= finding.score <= 1
        assert bool(finding.reason) == (finding.severity is Severity.WARNING)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_taking_a_suggestion_settles_the_finding(case):
    for finding in find_case(case):
        if finding.suggestion:
            changed = laid_over(case["answers"], finding.suggestion)
            after = find_case(
                {**case, "answers": {**case["answers"], **apply(ASKED, sound(**changed), finding.suggestion)}}
            )
            assert f"{finding.code}:{finding.questions[0]}" not in named(after)


def test_the_checks_of_an_edition_are_the_frozen_ones():
    frozen = json.loads(json.dumps(standard_checks()))
    case = next(case for case in CASES if case["name"] == "assets in millions against last year")
    assert find_case(case, checks=frozen) == find_case(case)
    quiet = [check for check in frozen if check["code"] not in ("dalam_juta", "aset_dalam_juta")]
    assert named(find_case(case, checks=quiet)) == [
        "shu_lebih_aset:shu",
        "berubah_jauh:aset",
        "aset_beda_modal:aset",
    ]
    assert find_case(case, checks=[]) == []
    assert find_case(case, checks=prepare(ASKED, frozen)) == find_case(case)
    with pytest.raises(ValueError, match="unknown operator"):
        prepare(ASKED, [{**frozen[-1], "when": ["guess", 1]}])


def test_messages_carry_their_figures():
    unit = only(
        find(sound(aset=1250), last_year(aset=1250000000, modal_sendiri=10**9, modal_luar=25 * 10**7))
    )
    assert unit.message == (
        "Aset tahun lalu Rp1.250.000.000, sekarang Rp1.250. Apakah angka ini dalam juta rupiah?"
    )
    assert unit.suggestion == {"aset": 1250000000}
    zero = only(find(sound(aset=71375000)))
    assert zero.message == (
        "Modal sendiri + modal luar = Rp713.750.000, sepuluh kali aset Rp71.375.000. Mungkin aset kurang satu nol."
    )
    late = only(find(sound(tanggal_rat="2026-07-02"), today=date(2026, 9, 1)))
    assert late.message == (
        "RAT diadakan 2 Juli 2026, lewat dari 30 Juni 2026. Kalau tanggalnya benar, tulis mengapa terlambat."
    )
    blank = only(find(sound(modal_sendiri=None)))
    assert blank.message == "Isi modal sendiri. Angkanya ada di neraca, bagian ekuitas."
    unread = only(find(sound(aset={"raw": "1.25"})))
    assert unread.message.startswith("“1.25” bisa berarti 1,25 atau 125.")
    wrong = only(find(sound(aset=["?"])))
    assert wrong.message == "Jawaban “Aset” tidak terbaca. Tulis lagi."
    now_readable = only(find(sound(shu={"raw": "5"})))
    assert now_readable.message == "Jawaban “Sisa hasil usaha (SHU)” tidak terbaca. Tulis lagi."


def test_the_label_in_a_sentence_is_a_text_of_its_own_so_that_it_is_translated_too():
    finding = only(find(sound(volume_usaha=1184), last_year()))
    assert finding.text.params["what"] == Text("Volume usaha")
    assert finding.text.template in {check["message"] for check in standard_checks()}


def test_a_finding_leads_to_an_input_that_exists():
    assert only(find(sound(anggota_wanita=None, jumlah_anggota=None))).field == "anggota_wanita"
    assert (
        only(find(sound(anggota_pria=None, anggota_wanita=None, jumlah_anggota=None))).field == "anggota_pria"
    )
    component = find(sound(cadangan=5 * 10**6), last_year(cadangan=5 * 10**7), incomplete=True)
    assert [(one.field, one.suggestion, one.message[:8]) for one in component] == [
        ("modal_sendiri", {}, "Cadangan")
    ]


def test_confirming_a_negative_capital_settles_it():
    answers = sound(modal_sendiri=-100000000, aset=185000000)
    finding = only(find(answers))
    assert finding.confirm == "modal_sendiri_konfirmasi"
    assert finding.suggestion == {"modal_sendiri": 100000000}
    assert find({**answers, "modal_sendiri_konfirmasi": True}) == []


def test_errors_come_before_warnings_and_likelier_before_less_likely():
    found = find(sound(alamat=None, volume_usaha=1184, jumlah_manajer=0), last_year())
    assert named(found) == ["wajib:alamat", "dalam_juta:volume_usaha", "manajer_nol:jumlah_manajer"]
    assert has_errors(found)
    assert not has_errors(found[1:])
    assert named(findings_for(found, "nama_pengelola")) == ["manajer_nol:jumlah_manajer"]


def test_in_an_imported_report_nothing_is_required_and_old_slips_are_warnings():
    found = find({"kode_kelurahan": {"raw": "Sukasari"}, "jenis_koperasi": "Serba"}, incomplete=True)
    assert named(found) == ["tidak_terbaca:kode_kelurahan", "pilihan:jenis_koperasi"]
    assert not has_errors(found)
    assert found[0].reason == "kode_kelurahan_alasan"


def test_a_question_that_staff_add_is_checked_like_the_others():
    grown = ASKED.with_question(
        {
            "code": "pinjaman_bank",
            "section": 4,
            "label": "Pinjaman bank",
            "type": "rupiah",
            "required": "yes",
            "min": 0,
        }
    )

    def look(value, last):
        answers = laid_over(sound(), {"pinjaman_bank": value})
        before = last_year(pinjaman_bank=last)
        return run_checks(grown, answers, last=before, year=YEAR, today=TODAY, places=PLACES)

    assert only(look(None, None)).message == "Isi “Pinjaman bank”."
    assert only(look(-5, None)).message == "Pinjaman bank tidak boleh kurang dari Rp0; yang tertulis −Rp5."
    assert named(look(250, 240000000)) == ["dalam_juta:pinjaman_bank"]
    assert look(250000000, 240000000) == []


def test_a_range_of_a_question_is_kept():
    narrow = ASKED.with_question(ASKED.by_code["jumlah_karyawan"].to_json() | {"max": 3})
    found = run_checks(narrow, sound(), year=YEAR, today=TODAY, places=PLACES)
    assert only(found).message == "Jumlah karyawan tidak boleh lebih dari 3; yang tertulis 4."


def test_checks_about_a_retired_question_fall_silent():
    retired = ASKED.with_question(ASKED.by_code["aset"].to_json() | {"retired": True})
    found = run_checks(retired, sound(aset=5, shu=2 * 10**9), year=YEAR, today=TODAY, places=PLACES)
    assert named(found) == ["shu_lebih_volume:shu"]
    spoken = {code for check in standard_prepared(retired) for code in check.questions}
    assert "aset" not in spoken


def test_a_questionnaire_of_one_question_has_the_checks_of_that_one():
    data = ASKED.to_json()
    single = Questionnaire.from_json({**data, "questions": [{**ASKED.by_code["nama_ketua"].to_json()}]})
    assert named(run_checks(single, {}, year=YEAR, today=TODAY, places=PLACES)) == ["wajib:nama_ketua"]


def test_no_two_checks_silence_each_other():
    supersedes = {}
    for check in standard_checks():
        supersedes.setdefault(check["code"], set()).update(check.get("supersedes", ()))
    assert {code for many in supersedes.values() for code in many} - {"*"} <= set(supersedes)
    mutual = {
        (code, other)
        for code, many in supersedes.items()
        for other in many
        if code in supersedes.get(other, ())
    }
    assert mutual == set()


def test_every_condition_uses_known_operators_and_every_placeholder_is_filled():
    for check in standard_prepared(ASKED):
        known = SPECIAL.keys() | PLAIN.keys()
        for expression in (
            check.when,
            *(value for _, value in check.params.values()),
            *check.suggestion.values(),
        ):
            assert operators_in(expression) <= known
        assert set(re.findall(r"%\((\w+)\)s", check.template)) == set(check.params), check.code
        assert {kind for kind, _ in check.params.values()} <= {"label", "rupiah", "number", "date", "text"}
        assert "$" not in json.dumps([check.when, check.suggestion])


def test_the_checks_are_plain_json():
    assert json.loads(json.dumps(standard_checks())) == standard_checks()
    assert {check["severity"] for check in standard_checks()} == {"error", "warning"}


def test_the_answers_to_why_end_with_words_of_ones_own():
    codes = [code for code, _ in reasons()]
    assert codes[-1] == "lain"
    assert len(codes) == len(set(codes))


@given(ANSWERS, st.none() | ANSWERS, st.booleans())
def test_whatever_the_answers_are_the_checks_never_fail(answers, last, incomplete):
    for finding in find(answers, last, incomplete=incomplete):
        json.dumps(finding.to_json())


@given(PLAUSIBLE, st.none() | PLAUSIBLE)
def test_whatever_the_figures_are_one_check_speaks_once_about_one_question(answers, last):
    found = find(sound(**answers), last)
    about = [(one.code, one.questions, one.message) for one in found]
    assert len(about) == len(set(about))
    assert [one.severity for one in found] == sorted(one.severity for one in found)


def subang():
    """Id and book year → answers, as an import maps the columns: own capital is the sum of its four components."""
    reports = {}
    text = real_file("subang_koperasi_rat_2019_2020.csv").decode()
    for row in csv.DictReader(io.StringIO(text)):
        parts = {
            code: int(row[code])
            for code in ("simpanan_pokok", "simpanan_wajib", "cadangan", "simpanan_lainnya")
        }
        answers = {
            "tanggal_badan_hukum": row["tanggal_badan_hukum"],
            "jenis_koperasi": row["jenis_koperasi"],
            "anggota_pria": int(row["jml_anggota_l"]),
            "anggota_wanita": int(row["jml_anggota_p"]),
            "tanggal_rat": row["tanggal_rat"],
            "status_rat": "Sudah RAT",
            "modal_sendiri": sum(parts.values()),
            "modal_luar": int(row["modal_luar"]),
            "volume_usaha": int(row["volume_usaha"]),
            **parts,
        }
        reports[row["id_koperasi"], int(row["tahun"]) - 1] = apply(ASKED, {}, answers)
    return reports


def test_the_genuine_slips_of_a_real_list_are_found_and_nothing_stops_it():
    reports = subang()
    found = {}
    for (number, year), answers in reports.items():
        last = reports.get((number, year - 1))
        findings = find(answers, last, year=year, places={}, incomplete=True)
        assert not has_errors(findings)
        found[number, year] = {f"{one.code}:{one.questions[0]}": one.message for one in findings}
    assert len(found) == 20
    assert found["5", 2019]["kurang_nol:modal_sendiri"].startswith("Simpanan lainnya tahun lalu Rp")
    assert "kurang_nol:modal_luar" in found["2", 2019]
    assert "berubah_jauh:modal_sendiri" in found["3", 2019]
    assert "menjadi_nol:modal_sendiri" in found["7", 2019]
    assert found["1", 2019] == {}
