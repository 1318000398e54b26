import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.intake.differences import ReportKind, same_value
from app.intake.matching import Kind, resolve
from app.intake.register import Known, Register
from tests.intake.simulation import Office
from tests.intake.tables import read
from tests.support.fuzzing import examples

HEADINGS = "ID Koperasi|Nama koperasi|No badan hukum|Kecamatan|Alamat|Nama ketua"


@pytest.fixture
def office():
    return Office()


def kinds(outcomes):
    return [outcome.kind for outcome in outcomes]


def imported(office, *rows, headings=HEADINGS, **options):
    return office.take(read(headings, *rows, **options))


def test_a_row_that_nothing_resembles_is_new(office):
    (outcome,) = imported(office, "|Koperasi Melati|518/1/BH/2000|Klojen|Jl. A 1|")
    assert (outcome.kind, outcome.match, outcome.warnings) == (Kind.NEW, None, ())
    assert office.cooperatives[1]["nomor_badan_hukum"] == "518/1/BH/2000"


def test_a_nik_finds_its_cooperative_whatever_its_name_is_now(office):
    imported(office, "3573010000001|Koperasi Melati|518/1/BH/2000|Klojen|Jl. A 1|")
    (outcome,) = imported(
        office, "3573010000001|Koperasi Mawar Baru|AHU-0000001.AH.01.26.TAHUN 2020|Klojen|Jl. A 1|"
    )
    assert (outcome.kind, outcome.match) == (Kind.CHANGED, 1)
    assert [change.field for change in outcome.changes] == ["nama_koperasi", "nomor_badan_hukum"]


def test_a_legal_number_with_a_near_same_name_finds_its_cooperative(office):
    imported(office, "|KSP Melati Jaya|8091/BH/KWK-10/22|Klojen|Jl. A 1|")
    for name in ("Koperasi Simpan Pinjam MELATI JAYA", "Kop. Melati Jya", "KSP Melati Jaya Kota Contoh"):
        (outcome,) = office.look(read(HEADINGS, f"|{name}|8091/B.H/KWK.10/22|Klojen|Jl. A 1|"))
        assert (outcome.kind, outcome.match) == (Kind.CHANGED, 1)


def test_a_legal_number_with_another_name_is_doubtful(office):
    imported(office, "|Koperasi Melati|518/1/BH/2000|Klojen|Jl. A 1|")
    (outcome,) = imported(office, "|Koperasi Kenanga|518/1/BH/2000|Sukun|Jl. B 1|")
    assert (outcome.kind, outcome.match) == (Kind.DOUBTFUL, None)
    assert outcome.candidates[0].id == 1
    assert "namanya lain" in str(outcome.reason)
    assert len(office.cooperatives) == 1


def test_a_near_same_name_in_the_same_kecamatan_is_doubtful(office):
    imported(office, "|Koperasi Melati Jaya|518/1/BH/2000|Klojen|Jl. A 1|")
    other_number, no_number, elsewhere = office.look(
        read(
            HEADINGS,
            "|Koperasi Melati Jya|518/2/BH/2000|Klojen||",
            "|Kop Melati Jaya||Klojen|Jl. Lain 5|",
            "|Koperasi Melati Jaya|518/3/BH/2000|Sukun||",
        )
    )
    assert kinds([other_number, no_number, elsewhere]) == [Kind.DOUBTFUL, Kind.DOUBTFUL, Kind.NEW]
    assert "mirip" in str(other_number.reason)


def test_a_ksu_beside_a_ksp_of_the_same_name_is_new_and_told(office):
    imported(office, "|KSP Karya Mandiri|518/1/BH/2000|Klojen||")
    (outcome,) = imported(office, "|KSU Karya Mandiri|518/2/BH/2000|Klojen||")
    assert outcome.kind is Kind.NEW
    assert "mirip KSP Karya Mandiri" in str(outcome.warnings[0])


def test_two_niks_are_two_cooperatives_however_alike(office):
    imported(office, "3573010000001|Koperasi Melati|518/1/BH/2000|Klojen||")
    same_number, other_number = office.look(
        read(
            HEADINGS,
            "3573010000002|Koperasi Melati|518/1/BH/2000|Klojen||",
            "3573010000003|Koperasi Melati|518/9/BH/2000|Klojen||",
        )
    )
    assert same_number.kind is Kind.DOUBTFUL
    assert "NIK berbeda" in str(same_number.reason)
    assert other_number.kind is Kind.NEW


def test_a_nik_that_the_register_lacks_is_added(office):
    imported(office, "|Koperasi Melati|518/1/BH/2000|Klojen||")
    (outcome,) = imported(office, "3573010000001|Koperasi Melati|518/1/BH/2000|Klojen||")
    assert [(c.field, c.before, c.after) for c in outcome.changes] == [
        ("nik_koperasi", None, "3573010000001")
    ]


def test_a_repeated_legal_number_inside_a_file_is_a_warning(office):
    outcomes = imported(
        office, "|Koperasi Melati|518/1/BH/2000|Klojen||", "|Koperasi Kenanga|518/01/BH/2000|Klojen||"
    )
    assert kinds(outcomes) == [Kind.NEW, Kind.NEW]
    assert ["baris 3" in str(outcomes[0].warnings[0]), "baris 2" in str(outcomes[1].warnings[0])] == [
        True,
        True,
    ]
    again = office.look(read(HEADINGS, "|Koperasi Kenanga|518/01/BH/2000|Klojen||"))
    assert again[0].kind is Kind.UNCHANGED
    assert "Koperasi Melati" in str(again[0].warnings[0])


def test_a_likely_duplicate_inside_a_file_is_doubtful(office):
    outcomes = imported(
        office,
        "|KPRI Pengadilan|8568/BH/PAD/KWK.10/VII/96|Klojen||",
        "|KPRI Penadilan|8568/BH/PAD/KWK.10/VII/96|Klojen|Jl. B|",
        "|Koperasi Pengadilan|518/7/BH/2001|Klojen||",
    )
    assert kinds(outcomes) == [Kind.NEW, Kind.DOUBTFUL, Kind.DOUBTFUL]
    assert outcomes[1].same_as_row == outcomes[1].candidates[0].row == 2


def test_a_row_that_repeats_another_is_skipped(office):
    outcomes = imported(
        office, "|Koperasi Melati|518/1/BH|Klojen|Jl. A|", "|KOPERASI MELATI|518/1/BH|Klojen||"
    )
    assert kinds(outcomes) == [Kind.NEW, Kind.SKIPPED]
    assert "baris 2" in str(outcomes[1].reason)


def test_blank_cells_erase_nothing(office):
    imported(office, "|Koperasi Melati|518/1/BH|Klojen|Jl. A 1|Siti Contoh")
    (outcome,) = imported(office, "|Koperasi Melati|518/1/BH|||")
    assert outcome.kind is Kind.UNCHANGED


def test_capitals_marks_and_spellings_are_no_change(office):
    imported(office, "|Koperasi “Melati” Jaya|8091/BH/KWK-10/22|Klojen|Jl. A 1|Siti Contoh")
    (outcome,) = imported(office, "|KOPERASI MELATI JAYA|8091/B.H/KWK.10/22|KLOJEN|JL A 1|SITI CONTOH")
    assert outcome.kind is Kind.UNCHANGED


def test_a_list_without_numbers_is_found_again(office):
    rows = ["|Koperasi Melati||Klojen|Jl. A 1|", "|Koperasi Mawar||Antah||", "|Koperasi Melati||Sukun||"]
    assert kinds(imported(office, *rows)) == [Kind.NEW] * 3
    assert kinds(imported(office, *rows)) == [Kind.UNCHANGED] * 3


def test_an_unknown_place_is_kept_until_a_known_one_comes(office):
    imported(office, "|Koperasi Melati|518/1/BH|Antah||")
    assert office.cooperatives[1]["tempat_lain"] == "Antah"
    (outcome,) = imported(
        office,
        "|Koperasi Melati|518/1/BH|Klojen|Kasin",
        headings="ID|Nama koperasi|No badan hukum|Kecamatan|Kelurahan",
    )
    assert outcome.kind is Kind.CHANGED
    assert (office.cooperatives[1]["tempat_lain"], office.cooperatives[1]["kode_kelurahan"]) == (
        None,
        "35.73.02.1006",
    )
    (outcome,) = imported(office, "|Koperasi Melati|518/1/BH|Antah||")
    assert outcome.kind is Kind.UNCHANGED


def test_a_kelurahan_of_the_former_kecamatan_goes_when_the_kecamatan_changes(office):
    imported(
        office,
        "Koperasi Melati|518/1/BH|Klojen|Kasin",
        headings="Nama koperasi|No badan hukum|Kecamatan|Kelurahan",
    )
    imported(office, "Koperasi Melati|518/1/BH|Sukun", headings="Nama koperasi|No badan hukum|Kecamatan")
    assert (office.cooperatives[1]["kode_kecamatan"], office.cooperatives[1]["kode_kelurahan"]) == (
        "35.73.04",
        None,
    )


def test_the_latest_meeting_stays_the_latest(office):
    headings = "Nama koperasi|No badan hukum|Tanggal RAT"
    imported(office, "Koperasi Melati|518/1/BH|2024-03-01", headings=headings)
    assert kinds(imported(office, "Koperasi Melati|518/1/BH|2023-03-01", headings=headings)) == [
        Kind.UNCHANGED
    ]
    assert kinds(imported(office, "Koperasi Melati|518/1/BH|2025-03-01", headings=headings)) == [Kind.CHANGED]
    assert office.cooperatives[1]["last_rat"] == "2025-03-01"


YEARLY = "Tahun|Nama koperasi|No badan hukum|Alamat|Modal sendiri"


def test_rows_of_several_years_are_one_cooperative_with_several_reports(office):
    outcomes = imported(
        office,
        "2023|Koperasi Melati|518/1/BH|Jl. Lama 1|100",
        "2024|Koperasi Melati|518/1/BH|Jl. Baru 2|200",
        headings=YEARLY,
    )
    assert kinds(outcomes) == [Kind.NEW, Kind.NEW]
    assert outcomes[1].same_as_row == 2
    assert [outcome.report.kind for outcome in outcomes] == [ReportKind.NEW, ReportKind.NEW]
    assert office.cooperatives[1]["alamat"] == "Jl. Baru 2"
    assert {year: answers["modal_sendiri"] for year, answers in office.reports[1].items()} == {
        2023: 100,
        2024: 200,
    }


def test_an_older_year_fills_gaps_of_the_register_but_overrules_nothing(office):
    imported(office, "2024|Koperasi Melati|518/1/BH||200", headings=YEARLY)
    imported(office, "2022|Koperasi Melati|518/1/BH|Jl. Lama 1|50", headings=YEARLY)
    imported(office, "2021|Koperasi Melati Baru|518/1/BH|Jl. Tua 1|50", headings=YEARLY)
    assert (office.cooperatives[1]["nama_koperasi"], office.cooperatives[1]["alamat"]) == (
        "Koperasi Melati",
        "Jl. Lama 1",
    )
    assert sorted(office.reports[1]) == [2021, 2022, 2024]


def test_a_former_year_in_a_layout_without_a_year_overrules_nothing(office):
    imported(office, "2023|Koperasi Melati|518/1/BH|Jl. Lama 1|100", headings=YEARLY)
    imported(office, "2024|Koperasi Melati|518/1/BH|Jl. Baru 2|200", headings=YEARLY)
    layout = "Nama koperasi|No badan hukum|Alamat|Modal sendiri"
    (again,) = imported(office, "Koperasi Melati|518/1/BH|Jl. Lama 1|100", headings=layout)
    assert again.kind is Kind.UNCHANGED
    (news,) = imported(office, "Koperasi Melati|518/1/BH|Jl. Lama 1|300", headings=layout)
    assert [change.field for change in news.changes] == ["alamat"]


def test_years_without_a_number_belong_to_the_same_name_and_place(office):
    rows = ["2023|Koperasi Melati||Jl. A|100", "2024|Koperasi Melati||Jl. A|200"]
    assert kinds(imported(office, *rows, headings=YEARLY)) == [Kind.NEW, Kind.NEW]
    assert len(office.cooperatives) == 1
    assert kinds(imported(office, *rows, headings=YEARLY)) == [Kind.UNCHANGED, Kind.UNCHANGED]


def test_a_new_figure_changes_an_imported_report(office):
    imported(office, "2024|Koperasi Melati|518/1/BH||200", headings=YEARLY)
    (outcome,) = imported(office, "2024|Koperasi Melati|518/1/BH||250", headings=YEARLY)
    assert (outcome.kind, outcome.report.kind) == (Kind.CHANGED, ReportKind.CHANGED)
    assert [(c.field, c.before, c.after) for c in outcome.report.changes] == [("modal_sendiri", 200, 250)]


def test_a_report_that_people_filed_is_never_changed():
    answers = {"nama_koperasi": "Koperasi Melati", "nomor_badan_hukum": "518/1/BH", "modal_sendiri": 200}
    known = Known(
        7, answers | {"modal_sendiri": None, "alamat": "Jl. Benar 1"}, {2024: answers}, frozenset({2024})
    )
    equal, other = (
        read(YEARLY, f"2024|Koperasi Melati|518/1/BH|{address}|{amount}")
        for address, amount in (("", 200), ("Jl. X", 250))
    )
    office = Office()
    office.known = lambda: [known]
    assert kinds(office.look(equal)) == [Kind.UNCHANGED]
    (outcome,) = office.look(other)
    assert (outcome.kind, outcome.report.kind, outcome.match) == (Kind.DOUBTFUL, ReportKind.KEPT, 7)
    assert outcome.changes == ()
    assert "2024" in str(outcome.reason)


def test_a_person_decides_what_a_doubtful_row_means(office):
    imported(office, "|Koperasi Melati|518/1/BH/2000|Klojen||")
    (reading,) = read(HEADINGS, "|Koperasi Kenanga|518/1/BH/2000|Klojen||")
    (doubtful,) = office.look([reading])
    assert doubtful.kind is Kind.DOUBTFUL
    same = resolve(reading, Register(office.known()), to=1)
    assert (same.kind, same.match, [change.field for change in same.changes]) == (
        Kind.CHANGED,
        1,
        ["nama_koperasi"],
    )
    new = resolve(reading, Register(office.known()), to=None)
    assert (new.kind, new.match) == (Kind.NEW, None)
    office.carry_out([new])
    assert kinds(office.look([reading])) == [Kind.UNCHANGED]


def test_a_person_who_calls_a_row_with_a_year_new_gets_its_report():
    (reading,) = read(YEARLY, "2024|Koperasi Melati|518/1/BH||200")
    assert resolve(reading, Register(), to=99).report.year == 2024


def test_skipped_and_refused_rows_pass_through(office):
    outcomes = imported(office, "|Koperasi A|1/BH|Klojen||", "|JUMLAH||||", "||9/BH|Klojen|Jl. X|")
    assert kinds(outcomes) == [Kind.NEW, Kind.SKIPPED, Kind.REFUSED]


def test_where_both_are_known_the_better_of_two_equal_numbers_is_taken(office):
    imported(office, "|Koperasi Melati|518/1/BH|Klojen||", "|Koperasi Kenanga|518/1/BH|Sukun||")
    melati, kenanga = office.look(
        read(HEADINGS, "|Koperasi Kenanga|518/1/BH|Sukun|Jl. K|", "|Koperasi Melati|518/1/BH|Klojen|Jl. M|")
    )
    assert (melati.match, kenanga.match) == (2, 1)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("nama_koperasi", "Koperasi A-B", "KOPERASI A B", True),
        ("nama_koperasi", "…", "!!", False),
        ("nomor_badan_hukum", "1/BH", "01/B.H", True),
        ("nomor_badan_hukum", "-", "…", False),
        ("telepon_ketua", "+62811", "+62812", False),
        ("aset", 5, 5, True),
        ("aset", None, 5, False),
        ("aset", None, None, True),
    ],
)
def test_what_means_the_same(field, one, other, same):
    assert same_value(field, one, other) is same


def test_names_are_compared_by_index_and_not_each_with_each(monkeypatch):
    compared = []
    monkeypatch.setattr(
        "app.intake.register.similar_folded", lambda a, b: compared.append(1) or float(a == b)
    )
    office = Office()
    chance = random.Random(1)
    names = ["".join(chance.choices("abcdefghijklmnop", k=10)) for _ in range(1500)]
    rows = [f"|Koperasi {name}|518/{n}/BH/2000|Klojen||" for n, name in enumerate(names)]
    imported(office, *rows)
    assert len(office.cooperatives) == 1500
    assert len(compared) < 1500 * 150


NAMES = st.sampled_from(
    [
        "Koperasi Melati",
        "KOPERASI MELATI",
        "KSP Melati",
        "KSU Melati",
        "Kop Melti",
        "Melati Jaya",
        "KPRI SMPN 1",
        "KPRI SMPN 2",
        "Kenanga",
        "",
    ]
)
NUMBERS = st.sampled_from(
    ["", "518/1/BH/2000", "518/01/B.H/2000", "518/2/BH/2000", "9/BH/KWK.10/IV/96", "9/BH/KWK.10/IV/1996", "-"]
)
NIKS = st.sampled_from(["", "", "", "12", "3573010000001", "3573010000002"])
PLACES = st.sampled_from(["Klojen", "KLOJEN", "Sukun", "Antah", ""])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "2023", "2024", "2024"]),
        NIKS, NAMES, NUMBERS, PLACES, st.sampled_from(["", "Kasin", "Buring"]), st.sampled_from(["", "Jl. A", "Jl. B"]),
        st.sampled_from(["", "2024-03-01", "2025-03-01"]), st.sampled_from(["", "100", "200", "x"]),
    ),
    max_size=9,
)  # fmt: skip
COLUMNS = "Tahun|NIK|Nama koperasi|No badan hukum|Kecamatan|Kelurahan|Alamat|Tanggal RAT|Modal sendiri"
SETTLED = {Kind.UNCHANGED, Kind.DOUBTFUL, Kind.REFUSED, Kind.SKIPPED}


@settings(deadline=None, max_examples=examples(300))
@given(ROWS)
def test_importing_the_same_file_twice_changes_nothing(rows):
    readings = read(COLUMNS, *map(list, rows))
    office = Office()
    first = {outcome.row.number: outcome for outcome in office.take(readings)}
    second = {outcome.row.number: outcome for outcome in office.look(readings)}
    assert len(first) == len(second) == len(readings)
    for number, after in second.items():
        assert after.kind in SETTLED, (first[number], after)


@settings(deadline=None, max_examples=examples(200))
@given(ROWS, ROWS)
def test_every_row_of_any_file_on_any_register_is_accounted_for_once(earlier, rows):
    office = Office()
    office.take(read(COLUMNS, *map(list, earlier)))
    readings = read(COLUMNS, *map(list, rows))
    outcomes = office.take(readings)
    assert sorted((outcome.row for outcome in outcomes), key=lambda row: row.number) == readings
    for outcome in outcomes:
        assert str(outcome.reason)
        assert all(str(text) for text in outcome.warnings)
        assert bool(outcome.candidates) <= (outcome.kind is Kind.DOUBTFUL)
        if outcome.kind is Kind.NEW:
            assert outcome.match is None
        if outcome.kind in (Kind.CHANGED, Kind.UNCHANGED):
            assert outcome.match in office.cooperatives
