"""The fictional city: always the same, plausible, and never to be taken for a real one."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cooperatives.names import fold_name, similar_folded
from app.cooperatives.rules import LegalFamily, cooperative_status, is_nik, legal_family
from app.cooperatives.rules import Status as Condition
from app.core.parsing import parse_phone
from app.demo.generator import generate
from app.demo.mistakes import MONEY
from app.demo.records import Life, Mistake
from app.questionnaire.checks import has_errors, run_checks
from app.questionnaire.questions import standard
from app.questionnaire.rules import EventKind, Origin, Status
from app.regions.queries import office_region
from tests.support.fuzzing import examples

TODAY = date(2026, 11, 21)
PLACES = office_region("35.73").kelurahan
LATEST = 2025
pytestmark = pytest.mark.xdist_group("the fictional city")


@cache
def city():
    """Made once: tests only look at it."""
    return generate(places=PLACES, today=TODAY)


@cache
def reports():
    return [(cooperative, report) for cooperative in city().cooperatives for report in cooperative.reports]


@cache
def sent():
    return [(cooperative, report) for cooperative, report in reports() if report.status is not Status.DRAFT]


@cache
def all_answers():
    return [
        (report, answers)
        for _, report in reports()
        for answers in (report.answers, *(event.answers for event in report.events))
    ]


@cache
def checked():
    """Each time that a report was sent, and what the checks say of it beside the year before."""
    return [
        (
            cooperative,
            report,
            run_checks(
                standard(),
                event.answers,
                last=before.answers if (before := cooperative.report(report.year - 1)) else None,
                year=report.year,
                today=event.at.date(),
                places=PLACES,
                incomplete=report.origin is Origin.IMPORTED,
            ),
        )
        for cooperative, report in sent()
        for event in report.events
        if event.kind is EventKind.SUBMITTED
    ]


def in_latest(cooperative):
    return cooperative.report(LATEST)


def uncorrected(cooperative, year):
    return [m for m in cooperative.mistakes if m.year == year and not m.corrected]


def test_the_same_seed_and_day_give_the_same_city_in_another_process():
    script = (
        "import hashlib, datetime\n"
        "from app.demo.generator import generate\n"
        "from app.regions.queries import office_region\n"
        "city = generate(places=office_region('35.73').kelurahan, today=datetime.date(2026, 11, 21))\n"
        "print(hashlib.sha256(repr(city).encode()).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert other.strip() == hashlib.sha256(repr(city()).encode()).hexdigest()
    once, again = (generate(places=PLACES, today=TODAY, cooperatives=20) for _ in range(2))
    assert once == again


def test_another_seed_gives_another_city():
    assert (
        generate(places=PLACES, today=TODAY, seed=7, cooperatives=20).cooperatives != city().cooperatives[:20]
    )


def test_there_are_760_over_all_57_kelurahan():
    assert len(city().cooperatives) == 760
    assert {c.identity["kode_kelurahan"] for c in city().cooperatives} == set(PLACES)
    assert city().book_years == (2023, 2024, LATEST)


def test_nobody_can_take_a_name_a_street_or_a_person_for_real():
    for _, answers in all_answers():
        for code in ("nama_koperasi", "alamat", "nama_ketua", "nama_pengelola"):
            if code in answers and answers[code] != "tidak ada":
                assert "Contoh" in answers[code]
    for cooperative in city().cooperatives:
        assert "Contoh" in cooperative.name
        for person in cooperative.managers:
            assert "Contoh" in person.name
            assert person.email.endswith(".example")


def test_telephone_numbers_are_readable_and_in_a_range_that_nobody_holds():
    numbers = {a[code] for _, a in all_answers() for code in ("telepon_kantor", "telepon_ketua") if code in a}
    numbers |= {person.phone for c in city().cooperatives for person in c.managers}
    assert all(re.fullmatch(r"\+628360000\d{4}", number) for number in numbers)
    assert all(parse_phone(number) == number for number in numbers)


def test_sign_in_addresses_and_numbers_are_nobody_elses():
    people = [p for c in city().cooperatives for p in (*c.managers, *([c.claimant] if c.claimant else []))]
    assert len({person.email for person in people}) == len(people)
    assert len({person.phone for person in people}) == len(people)


def test_names_are_unique_and_no_two_in_a_kecamatan_are_near_same():
    names = [c.name for c in city().cooperatives]
    assert len(set(names)) == len(names)
    by_kecamatan = {}
    for cooperative in city().cooperatives:
        by_kecamatan.setdefault(cooperative.identity["kode_kecamatan"], []).append(
            fold_name(cooperative.name)
        )
    closest = max(similar_folded(a, b) for group in by_kecamatan.values() for a, b in combinations(group, 2))
    assert closest < 0.9


def test_legal_numbers_come_in_all_six_families_and_a_few_stand_on_two():
    numbers = [c.identity["nomor_badan_hukum"] for c in city().cooperatives]
    families = Counter(map(legal_family, numbers))
    assert set(families) == set(LegalFamily)
    assert all(count >= 10 for count in families.values())
    assert all("99" in number for number in numbers)
    assert sum(count > 1 for count in Counter(numbers).values()) == 5


def test_four_of_five_have_an_nik_of_the_city_each_its_own():
    niks = [c.identity["nik_koperasi"] for c in city().cooperatives if "nik_koperasi" in c.identity]
    assert 0.74 < len(niks) / 760 < 0.86
    assert all(is_nik(nik) and nik.startswith("3573") for nik in niks)
    assert len(set(niks)) == len(niks)


def test_every_answer_has_a_known_code_and_a_canonical_value():
    questionnaire = standard()
    known = {key for question in questionnaire.questions for key in question.keys}
    known |= {code + suffix for code in questionnaire.codes for suffix in ("_konfirmasi", "_alasan")}
    for _, answers in all_answers():
        assert answers.keys() <= known
        assert all(value not in (None, "") for value in answers.values())
        assert json.loads(json.dumps(answers)) == answers
        for code in ("tanggal_badan_hukum", "tanggal_rat"):
            assert code not in answers or date.fromisoformat(answers[code]) <= TODAY
        if "kode_kelurahan" in answers and "kode_kecamatan" in answers:
            assert answers["kode_kecamatan"] == answers["kode_kelurahan"][:8]
        for code in ("bentuk_koperasi", "jenis_koperasi", "kelompok_koperasi", "status_rat"):
            assert code not in answers or answers[code] in questionnaire.by_code[code].choices


def test_what_was_sent_passes_the_checks_of_the_questionnaire():
    assert len(checked()) > 1000
    for cooperative, report, found in checked():
        assert not has_errors(found), (cooperative.name, report.year, found)


def test_most_slips_are_found_against_last_year_and_most_sound_reports_are_quiet():
    noticed, quiet = Counter(), Counter()
    latest = {(one.name, report.year): (one, report, found) for one, report, found in checked()}
    for cooperative, report, found in latest.values():
        if not cooperative.report(report.year - 1) or report.origin is Origin.IMPORTED:
            continue
        if uncorrected(cooperative, report.year):
            noticed[bool(found)] += 1
        else:
            quiet[not found] += 1
    assert noticed[True] >= 4 * noticed[False]
    assert quiet[True] >= 8 * quiet[False]


def test_balance_sheets_balance_but_for_slips():
    for cooperative, report in sent():
        if report.origin is not Origin.IMPORTED and not uncorrected(cooperative, report.year):
            a = report.answers
            assert a["aset"] == pytest.approx(a["modal_sendiri"] + a["modal_luar"], rel=0.02)
            assert abs(a["shu"]) <= a["volume_usaha"]
            assert a["anggota_pria"] + a["anggota_wanita"] == a["jumlah_anggota"] >= 6
            assert a["jumlah_manajer"] <= a["jumlah_karyawan"]
            assert (a["nama_pengelola"] == "tidak ada") == (a["jumlah_manajer"] == 0)


def test_sizes_are_those_of_a_city_many_small_few_large():
    assets = sorted(r.answers["aset"] for _, r in sent() if r.year == 2024)
    assert 150_000_000 < median(assets) < 1_500_000_000
    assert assets[-1] > 20 * median(assets)
    assert assets[-1] < 200_000_000_000
    by_kelompok = {}
    for _, report in sent():
        by_kelompok.setdefault(report.answers["kelompok_koperasi"], []).append(report.answers["aset"])
    assert median(by_kelompok["Kop. Pegawai Negeri (KPRI)"]) > 3 * median(by_kelompok["Kop. Wanita"])


def test_trade_and_savings_make_up_most_of_the_city():
    jenis = Counter(c.identity["jenis_koperasi"] for c in city().cooperatives)
    assert set(jenis) == {"Simpan Pinjam", "Konsumen", "Produsen", "Jasa", "Pemasaran"}
    assert jenis["Konsumen"] > jenis["Simpan Pinjam"] > jenis["Jasa"] > jenis["Pemasaran"] > 5


def test_a_cooperative_grows_out_of_the_year_before():
    pairs = [
        (before.answers["aset"], after.answers["aset"])
        for c in city().cooperatives
        if not c.mistakes
        for before, after in [(c.report(2023), c.report(2024))]
        if before and after
    ]
    assert len(pairs) > 300
    assert all(0.7 < after / before < 1.4 for before, after in pairs)
    assert 1.0 < median(after / before for before, after in pairs) < 1.1


def test_reports_of_the_latest_year_stand_in_every_state():
    reports = [report for c in city().cooperatives if (report := in_latest(c))]
    assert {report.status for report in reports} == set(Status)
    assert sum(c.life is Life.ACTIVE and not in_latest(c) for c in city().cooperatives) > 50
    assert any(report.resubmitted and report.status is Status.SUBMITTED for report in reports)
    assert any(report.resubmitted and report.status is Status.APPROVED for report in reports)
    assert any(event.kind is EventKind.REOPENED for report in reports for event in report.events)
    assert {report.origin for report in reports} == {Origin.FILED, Origin.ASSISTED, Origin.SPREADSHEET}


def test_earlier_years_are_mostly_approved_or_missing():
    for year in city().book_years[:2]:
        states = Counter(r.status if (r := c.report(year)) else None for c in city().cooperatives)
        assert states[Status.APPROVED] > 400
        assert states[None] > 200
        assert states[Status.SUBMITTED] == states[Status.RETURNED] == 0


def test_every_return_says_why_and_marks_questions():
    returns = [
        event
        for _, r in reports()
        for event in r.events
        if event.kind in (EventKind.RETURNED, EventKind.REOPENED)
    ]
    assert len(returns) > 40
    for event in returns:
        assert event.reason.endswith(".")
        assert event.marks
        assert event.marks.keys() <= set(standard().codes)
        assert all(event.marks.values())


def test_a_correction_touches_only_what_was_marked():
    for _, report in reports():
        if report.resubmitted:
            marked = next(event.marks for event in report.events if event.kind is EventKind.RETURNED)
            first, second = (e.answers for e in report.events if e.kind is EventKind.SUBMITTED)
            assert {code for code in second if first.get(code) != second[code]} == set(marked)


def test_whoever_sends_declares_by_name_and_position():
    for _, report in sent():
        for event in report.events:
            if event.kind is EventKind.SUBMITTED:
                assert "Contoh" in event.declared_by
                assert event.declared_as


def test_events_rise_in_time_after_the_rat_and_none_lies_in_the_future():
    morning = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    for _, report in reports():
        times = [event.at for event in report.events]
        assert times == sorted(times)
        assert len(set(times)) == len(times)
        assert report.saved_at >= times[-1]
        assert date(report.year, 12, 31) < times[0].date()
        assert report.saved_at < morning
        if report.answers.get("status_rat") == "Sudah RAT" and report.status != Status.DRAFT:
            assert date.fromisoformat(report.answers["tanggal_rat"]) <= times[-1].date()


def test_work_in_the_queue_is_recent():
    waiting = [
        r.events[-1].at.date() for _, r in reports() if r.status in (Status.SUBMITTED, Status.RETURNED)
    ]
    assert min(waiting) > TODAY - timedelta(days=60)


def test_rats_are_mostly_held_in_the_first_half_year():
    held = [
        date.fromisoformat(r.answers["tanggal_rat"])
        for c, r in sent()
        if r.answers["status_rat"] == "Sudah RAT" and not uncorrected(c, r.year)
    ]
    late = sum(day.month > 6 for day in held)
    assert 0 < late < 0.06 * len(held)
    assert Counter(day.month for day in held).most_common(1)[0][0] == 3
    assert any(r.answers["status_rat"] == "Belum RAT" for _, r in sent())


def test_about_a_quarter_exists_in_name_only():
    dormant = [c for c in city().cooperatives if c.life is Life.DORMANT]
    assert 0.2 < len(dormant) / 760 < 0.3
    conditions = Counter(condition(c) for c in dormant)
    assert conditions[Condition.INACTIVE] > 0.9 * len(dormant)
    assert 0 < conditions[Condition.UNKNOWN] < 20
    assert not any(in_latest(c) for c in dormant)


def condition(cooperative):
    founded = cooperative.identity.get("tanggal_badan_hukum")
    return cooperative_status(
        dissolved_on=cooperative.dissolution.on if cooperative.dissolution else None,
        last_rat=cooperative.last_rat,
        founded_on=date.fromisoformat(founded) if founded else None,
        years=3,
        today=TODAY,
    )


def test_active_and_new_ones_count_as_active():
    alive = [c for c in city().cooperatives if c.life in (Life.ACTIVE, Life.NEW)]
    assert sum(condition(c) is Condition.ACTIVE for c in alive) > 0.97 * len(alive)


def test_dissolved_ones_have_a_decree_and_file_nothing_afterwards():
    dissolved = [c for c in city().cooperatives if c.dissolution]
    assert dissolved == [c for c in city().cooperatives if c.life is Life.DISSOLVED]
    assert 15 < len(dissolved) < 50
    for cooperative in dissolved:
        assert cooperative.dissolution.number
        assert cooperative.dissolution.on < TODAY
        assert all(report.saved_at.date() < cooperative.dissolution.on for report in cooperative.reports)


def test_new_ones_file_nothing_for_years_before_their_founding():
    for cooperative in city().cooperatives:
        founded = cooperative.identity.get("tanggal_badan_hukum", "0000")
        assert all(report.year >= int(founded[:4]) for report in cooperative.reports)


def test_the_register_holds_what_the_last_approval_said():
    for cooperative in city().cooperatives:
        approvals = [e for r in cooperative.reports for e in r.events if e.kind is EventKind.APPROVED]
        if approvals:
            assert cooperative.identity.items() <= approvals[-1].answers.items()


def test_whoever_filed_by_themselves_has_a_manager():
    for cooperative in city().cooperatives:
        if any(report.origin in (Origin.FILED, Origin.SPREADSHEET) for report in cooperative.reports):
            assert cooperative.managers
    assert any(not c.managers for c in city().cooperatives)
    assert any(len(c.managers) == 2 for c in city().cooperatives)
    waiting = [c for c in city().cooperatives if c.claimant]
    assert 3 <= len(waiting) < 60
    assert not any(c.managers for c in waiting)


def test_each_kind_of_mistake_was_made_and_is_listed_where_it_stands():
    kinds = Counter(mistake.kind for c in city().cooperatives for mistake in c.mistakes)
    assert set(kinds) == set(Mistake)
    assert sum(kinds.values()) < 0.15 * len(reports())
    for cooperative in city().cooperatives:
        for mistake in cooperative.mistakes:
            report = cooperative.report(mistake.year)
            assert mistake.truth.keys() == mistake.written.keys()
            assert mistake.truth != mistake.written
            stands = mistake.truth if mistake.corrected else mistake.written
            assert stands.items() <= report.answers.items()
            if mistake.corrected:
                first = next(e for e in report.events if e.kind is EventKind.SUBMITTED)
                assert mistake.written.items() <= first.answers.items()


def slips(kind):
    return [m for c in city().cooperatives for m in c.mistakes if m.kind is kind]


def test_a_unit_slip_drops_exactly_the_zeros_of_its_unit():
    for kind, unit in ((Mistake.MILLION_SLIP, 1_000_000), (Mistake.THOUSAND_SLIP, 1_000)):
        for mistake in slips(kind):
            assert mistake.written.keys() <= set(MONEY)
            assert all(mistake.written[code] == int(truth / unit) for code, truth in mistake.truth.items())


def test_slips_of_the_pen_keep_their_digits():
    for mistake in slips(Mistake.SWAPPED_DIGITS):
        ((code, truth),) = mistake.truth.items()
        assert sorted(str(truth)) == sorted(str(mistake.written[code]))
    for mistake in slips(Mistake.DROPPED_ZERO):
        ((code, truth),) = mistake.truth.items()
        assert truth == mistake.written[code] * 10


def test_slips_that_stop_a_submission_stand_in_drafts_only():
    for cooperative in city().cooperatives:
        for mistake in cooperative.mistakes:
            if mistake.kind in (Mistake.RAT_WRONG_YEAR, Mistake.MEMBERS_SUM):
                assert cooperative.report(mistake.year).status is Status.DRAFT


@settings(max_examples=examples(25), deadline=None)
@given(
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    seed=st.integers(0, 10_000),
    count=st.integers(0, 60),
    places=st.sets(st.sampled_from(sorted(PLACES)), min_size=1),
)
def test_any_day_seed_and_size_give_a_city_without_a_future(today, seed, count, places):
    city = generate(
        places={code: PLACES[code] for code in places}, today=today, seed=seed, cooperatives=count
    )
    assert len(city.cooperatives) == count
    end = datetime(today.year, today.month, today.day, 0, 5, tzinfo=UTC)
    for cooperative in city.cooperatives:
        assert cooperative.identity["kode_kelurahan"] in places
        for report in cooperative.reports:
            assert report.status in Status
            assert [e.at for e in report.events] == sorted(e.at for e in report.events)
            assert report.saved_at <= end
            held = report.answers.get("tanggal_rat")
            assert held is None or date.fromisoformat(held) <= today


def test_a_regency_works_as_well_as_a_city():
    places = office_region("64.08").kelurahan
    city = generate(places=places, today=TODAY, cooperatives=50)
    assert all(c.identity["kode_kecamatan"].startswith("64.08.") for c in city.cooperatives)
    assert any(c.identity.get("nik_koperasi", "").startswith("6408") for c in city.cooperatives)
