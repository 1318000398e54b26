"""Every kind of cell, and whatever may stand in one."""

from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.spreadsheets import Sheet, read_sheets
from app.questionnaire.sheet_answers import find_answers, from_json, to_json
from app.questionnaire.sheet_comparison import Kind, compare
from app.questionnaire.template_sheet import template
from tests.support.answers import sound
from tests.support.fuzzing import examples
from tests.support.worksheets import address, compared, fetched, filling_of, typed_into, upload


def cells(desk, *rows):
    return compared(
        desk, [Sheet("Data", [["Pertanyaan", "Jawaban"], ["Alamat", "Jalan A"], *map(list, rows)])]
    )


def test_cells_of_every_type_are_read_as_a_person_would_type_them(desk, april):
    found = cells(
        desk,
        ("Aset", 1_250_000_000.0),
        ("Telepon ketua", 81234567890.0),
        ("Telepon kantor", "0341-551234"),
        ("NIK_KOPERASI", 3573010000001.0),
        ("18. Tanggal RAT terakhir", datetime(2026, 3, 14, 10, 30)),  # noqa: DTZ001 - cells know no zone
        ("Tanggal badan hukum", date(2001, 5, 17)),
        ("Jumlah karyawan", 4),
        ("kelurahan", "balearjosari"),
    )
    assert found["aset"].value == 1_250_000_000
    assert found["telepon_ketua"].value == "+6281234567890"
    assert found["nik_koperasi"].value == "3573010000001"
    assert found["tanggal_rat"].value == "2026-03-14"
    assert found["tanggal_badan_hukum"].value == "2001-05-17"
    assert found["kode_kelurahan"].value == "35.73.01.1001"
    assert found["jumlah_karyawan"].value == 4


def test_a_fraction_a_day_in_place_of_a_text_and_a_broken_formula_are_refused_by_name(desk, april):
    found = cells(desk, ("Aset", 1.25), ("Nama ketua", date(2026, 2, 1)), ("Modal luar", "#REF!"))
    assert {name: line.kind for name, line in found.items() if name != "alamat"} == {
        "aset": Kind.UNREADABLE,
        "nama_ketua": Kind.UNREADABLE,
        "modal_luar": Kind.UNREADABLE,
    }
    assert "1,25" in found["aset"].problem
    assert found["aset"].cell == "B3"
    assert "menjadi tanggal" in found["nama_ketua"].problem
    assert "galat rumus" in found["modal_luar"].problem


def test_two_different_answers_to_one_question_are_both_refused(desk, april):
    found = cells(desk, ("Aset", 5), ("Modal luar", 7), ("Aset", 6), ("Modal luar", 7))
    assert found["aset"].kind is Kind.UNREADABLE
    assert found["aset"].cell == "B3, B5"
    assert found["modal_luar"].value == 7


CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["=1+1", "#REF!", "1.25", "1,250", "Rp 1.250.000,00", "31-02-2026", "tidak ada", "\x00"]),
)


@given(
    values=st.lists(CELL, min_size=25, max_size=25), noise=st.lists(st.lists(CELL, max_size=6), max_size=4)
)
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_cells_each_is_taken_named_or_unchanged(desk, april, values, noise):
    filling = filling_of(desk)
    fields = filling.questionnaire.fields
    rows = [
        ["Pertanyaan", "Jawaban"],
        *([one.label, value] for one, value in zip(fields, values, strict=False)),
    ]
    found = find_answers([Sheet("Acak", [*rows, *noise])], filling)
    assert from_json(to_json(found)) == found
    lines = compare(filling, found)
    named = {line.field.name for line in lines.lines}
    assert named | {one.name for one in fields if one.label in lines.missing} == {one.name for one in fields}
    for line in lines.lines:
        assert bool(line.problem) == (line.kind is Kind.UNREADABLE)
        assert line.kind is not Kind.CHANGED or line.value is not None


@given(
    answers=st.fixed_dictionaries(
        {
            "aset": st.integers(0, 10**15),
            "shu": st.integers(-(10**15), 10**15),
            "nama_ketua": st.text(min_size=1, max_size=100),
            "tanggal_rat": st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str),
            "telepon_ketua": st.integers(10**8, 10**9 - 1).map(lambda n: f"+628{n}"),
        }
    )
)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_survives_the_template(desk, april, answers):
    from app.core.parsing import fold_space

    name = fold_space(answers["nama_ketua"]) or "X"
    desk.save(**answers | {"nama_ketua": name})
    filling = filling_of(desk)
    data = template(filling)
    lines = compare(filling, find_answers(read_sheets(data, "x"), filling))
    assert [(line.field.name, line.says) for line in lines.of(Kind.UNREADABLE, Kind.EMPTIED)] == []
    changed = {line.field.name for line in lines.of(Kind.CHANGED, Kind.OLDER)}
    assert not changed & answers.keys()


def test_the_pages_ask_no_more_of_the_database_when_more_changes(desk, client_as):
    from tests.support.queries import count_queries

    desk.save(**sound())
    browser, data = client_as(desk.member), fetched(desk, client_as)
    counts = []
    for answers in ({"aset": 1}, {"aset": 1, "modal_luar": 2, "nama_ketua": "Lain Uji", "volume_usaha": 3}):
        upload(browser, desk, typed_into(data, **answers))
        with count_queries() as queries:
            browser.get(address(desk, "banding"))
        counts.append(queries.number)
    assert counts[0] == counts[1]
