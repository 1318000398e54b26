"""Each oddity in one Indonesian sentence with its figures."""

import json
import random
import re
import shutil
import sys

import pytest

from app.quality import sentences
from app.quality.assessment import Subject, Together, findings_of, together, usual_among, vector
from app.quality.features import LIMIT, Case
from app.quality.forest import LEAST, isolate, scores
from app.quality.past import MONEY
from app.quality.rules import deviations
from app.questionnaire.findings import Finding
from app.questionnaire.questions import standard
from app.questionnaire.rules import Severity
from tests.quality.city import figures, year_after

ASKED = standard()
CHANCE = random.Random(11)
PASTS = [figures(CHANCE) for _ in range(80)]
CASES = [Case(year_after(CHANCE, past), ((2024, past),)) for past in PASTS]
USUAL = usual_among(CASES)
FIRST = CASES[0]


def said(case, findings=(), **more):
    return findings_of(Subject(case, ASKED, findings), USUAL, year=2025, **more)


def only(case, **more):
    (found,) = said(case, **more)
    return found


def changed(**answers):
    return Case({**FIRST.answers, **answers}, FIRST.earlier)


def row_check(*questions):
    return Finding("berubah_jauh", Severity.WARNING, questions, questions[0], "Aneh.")


def test_beside_peers_the_sentence_has_the_figure_the_peers_and_their_median(app):
    found = only(Case({**FIRST.answers, "volume_usaha": 90_000_000_000}))
    assert found.code == sentences.PEERS
    assert re.fullmatch(
        r"Volume usaha Rp90\.000\.000\.000, \d+ kali median 80 koperasi Konsumen seukuran dengan “Aset” yang sama "
        r"\(Rp[\d.]+000\)\.",
        found.message,
    )


def test_too_little_is_said_as_a_part_of_the_median(app):
    found = only(Case({**FIRST.answers, "volume_usaha": 2_000_000}))
    assert re.search(r"Volume usaha Rp2\.000\.000, hanya 1/\d+ dari median 80 koperasi", found.message)


def test_assets_that_differ_a_little_from_capital_where_all_others_balance(app):
    found = only(Case({**FIRST.answers, "aset": round(FIRST.answers["aset"] * 1.15)}))
    assert "padahal median 80 koperasi Konsumen seukuran dengan “modal sendiri + modal luar”" in found.message


def test_against_the_past_the_sentence_has_both_years_and_what_half_of_the_others_did(app):
    found = only(changed(volume_usaha=FIRST.earlier[0][1]["volume_usaha"] * 2))
    assert found.code == sentences.GROWTH
    assert re.search(
        r"^Volume usaha tahun buku 2024 Rp[\d.]+, sekarang Rp[\d.]+, naik 100 persen, padahal pada separuh dari 80 "
        r"koperasi perubahannya hanya [−\d]+ sampai \d+ persen\.$",
        found.message,
    )


def test_people_are_counted_and_not_paid(app):
    found = only(changed(anggota_pria=FIRST.answers["anggota_pria"] * 10))
    assert found.message.startswith("Anggota pria tahun buku 2024 ")
    assert "Rp" not in found.message
    assert (found.questions, found.field) == (("jumlah_anggota",), "anggota_pria")


def test_exchanged_figures_are_told_with_last_years(app):
    then = figures(random.Random(3), anggota_pria=30, anggota_wanita=70, jumlah_anggota=100)
    found = only(Case({**then, "anggota_pria": 68, "anggota_wanita": 32}, ((2024, then),)))
    assert found.code == sentences.EXCHANGED
    assert (
        found.message
        == "Anggota pria 68 dan Anggota wanita 32, sedangkan tahun buku 2024 kebalikannya: 30 dan 70."
    )


def test_a_year_copied_from_an_older_one_is_named(app):
    older = PASTS[5]
    case = Case({**FIRST.answers, **{c: older[c] for c in MONEY}}, (*FIRST.earlier, (2022, older)))
    found = said(case)[0]
    assert (found.code, found.severity) == (sentences.COPIED, Severity.WARNING)
    assert found.message == "Semua angka keuangan sama persis dengan tahun buku 2022, bukan angka baru."
    assert len(said(case)) == 1, "one cause, one finding"
    assert said(case, [row_check(*MONEY)]) == [], "a row check has asked already"


@pytest.mark.parametrize("factor", [20, 1 / 20])
def test_a_finding_is_stored_and_read_back_unchanged(app, factor):
    found = only(changed(volume_usaha=round(FIRST.answers["volume_usaha"] * factor)))
    assert Finding.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert found.reason == "volume_usaha_alasan"
    assert 1 / 3 <= found.score < 1


def test_an_edition_that_does_not_ask_the_question_is_not_asked_about_it(app):
    asked = ASKED.with_question(ASKED.by_code["volume_usaha"].to_json() | {"retired": True})
    case = changed(volume_usaha=FIRST.answers["volume_usaha"] * 1000)
    assert all(
        "volume_usaha" not in one.questions for one in findings_of(Subject(case, asked), USUAL, year=2025)
    )


# ---- the forest


def test_the_forest_speaks_with_the_figures_that_drove_it_and_never_with_a_bare_score(app):
    case = CASES[1]
    known = usual_among(CASES)
    drivers = [one for one in deviations(case, known) if abs(one.z) > 0.2]
    found = sentences.altogether(drivers, 5.0, 80, case, ASKED)
    assert re.fullmatch(
        r"Gabungan angka laporan ini paling berbeda di antara 80 laporan: .+ \(lazimnya .+\) dan .+ \(lazimnya .+\)\.",
        found.message,
    )
    assert len(found.questions) == 2
    assert sentences.altogether(drivers[:1], 5.0, 80, case, ASKED) is None


def test_the_forest_is_silent_where_something_has_been_said_or_it_saw_nothing_odd(app):
    wrong = changed(volume_usaha=FIRST.answers["volume_usaha"] * 1000)
    assert [one.code for one in said(wrong, count=80, isolation=9.0)] == [sentences.GROWTH]
    assert said(FIRST, count=80, isolation=LIMIT - 0.1) == []


def test_a_report_that_fits_nowhere_is_the_most_isolated_one():
    strange = changed(
        volume_usaha=FIRST.answers["volume_usaha"] * 30, shu=FIRST.answers["shu"] * 40, aset=10**12
    )
    cases = dict(enumerate([*CASES, strange]))
    seen = together(cases, USUAL, scores)
    assert seen.count == len(cases)
    assert max(seen.isolation, key=seen.isolation.get) == len(CASES)
    assert seen.isolation[len(CASES)] > LIMIT


def test_the_same_reports_give_the_same_forest_also_in_its_own_process():
    rows = [vector(deviations(case, USUAL)) for case in CASES]
    assert isolate(rows) == scores(rows)


def test_too_few_reports_grow_no_forest():
    assert isolate([[0.0]] * (LEAST - 1)) == []
    assert together({1: FIRST}, USUAL, isolate) == Together()
    assert together(dict(enumerate(CASES)), USUAL, lambda rows: [0.5] * len(rows)) == Together()


def test_a_forest_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="the forest failed"):
        isolate([[0.0]] * LEAST)
