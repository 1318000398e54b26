"""How a report moves, what may be changed meanwhile, how two savers agree, and what a receipt is made of."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.questionnaire.questions import standard
from app.questionnaire.rules import (
    NEXT,
    ORIGIN_NAMES,
    RECEIPT_SIGNS,
    SEVERITY_NAMES,
    STATUS_NAMES,
    Conflict,
    EventKind,
    Origin,
    Severity,
    Status,
    check_move,
    conflicts,
    counts_as_filed,
    digest,
    editable_codes,
    event_for,
    may_move,
    merge,
    new_receipt_code,
    read_receipt_code,
    reason_demanded,
    short_digest,
    status_after,
    with_dependents,
)

ASKED = standard()
ALL = [(now, to) for now in Status for to in Status]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_every_status_origin_and_severity_has_its_word():
    assert set(STATUS_NAMES) == set(Status)
    assert set(ORIGIN_NAMES) == set(Origin)
    assert set(SEVERITY_NAMES) == set(Severity)


def test_a_report_moves_in_the_agreed_ways_only():
    moves = {(now.value, to.value) for now, to in ALL if may_move(now, to)}
    assert moves == {
        ("draft", "submitted"),
        ("submitted", "returned"),
        ("submitted", "approved"),
        ("returned", "submitted"),
        ("approved", "returned"),
    }
    assert set(NEXT) == set(Status)


@pytest.mark.parametrize(("now", "to"), [pair for pair in ALL if not may_move(*pair)])
def test_another_move_is_refused_with_a_sentence(now, to):
    with pytest.raises(RuleBroken, match="Laporan ini berstatus"):
        check_move(now, to, reason="ada")
    with pytest.raises(RuleBroken):
        event_for(now, to)


def test_a_return_and_a_reopening_demand_a_reason():
    demanded = {(now.value, to.value) for now, to in ALL if reason_demanded(now, to)}
    assert demanded == {("submitted", "returned"), ("approved", "returned")}
    with pytest.raises(RuleBroken, match="alasan mengembalikan") as refusal:
        check_move(Status.SUBMITTED, Status.RETURNED, reason="  ")
    assert refusal.value.field == "reason"
    with pytest.raises(RuleBroken, match="alasan membuka kembali"):
        check_move(Status.APPROVED, Status.RETURNED)
    check_move(Status.SUBMITTED, Status.RETURNED, reason="SHU belum diisi.")
    check_move(Status.DRAFT, Status.SUBMITTED)


def test_each_move_has_its_event():
    assert event_for(Status.DRAFT, Status.SUBMITTED) is EventKind.SUBMITTED
    assert event_for(Status.RETURNED, Status.SUBMITTED) is EventKind.SUBMITTED
    assert event_for(Status.SUBMITTED, Status.RETURNED) is EventKind.RETURNED
    assert event_for(Status.APPROVED, Status.RETURNED) is EventKind.REOPENED
    assert event_for(Status.SUBMITTED, Status.APPROVED) is EventKind.APPROVED


def test_the_status_is_what_the_events_say():
    assert status_after([]) is None
    assert status_after(["started"]) is Status.DRAFT
    assert status_after(["imported", "imported_again"]) is Status.DRAFT
    whole_life = ["started", "submitted", "taken", "returned", "noted", "submitted", "approved"]
    assert status_after(whole_life) is Status.APPROVED
    assert status_after([*whole_life, "reopened"]) is Status.RETURNED


@pytest.mark.parametrize(
    "kinds",
    [
        ["submitted"],
        ["started", "started"],
        ["started", "approved"],
        ["started", "submitted", "submitted"],
        ["started", "submitted", "reopened"],
        ["started", "submitted", "approved", "returned"],
    ],
)
def test_events_in_an_impossible_order_are_a_fault(kinds):
    with pytest.raises(ValueError, match="cannot be"):
        status_after(kinds)


@given(st.lists(st.sampled_from(list(Status)), max_size=12))
def test_walking_any_legal_way_the_events_agree_with_the_moves(wishes):
    status, kinds = Status.DRAFT, [EventKind.STARTED]
    for wish in wishes:
        if may_move(status, wish):
            kinds.append(event_for(status, wish))
            status = wish
    assert status_after(kinds) is status


def test_an_imported_report_counts_only_when_an_operator_approved_it():
    assert [counts_as_filed(status, Origin.IMPORTED) for status in Status] == [False, False, False, True]
    for origin in (Origin.FILED, Origin.ASSISTED, Origin.SPREADSHEET):
        assert [counts_as_filed(status, origin) for status in Status] == [False, True, True, True]


def test_a_draft_is_open_everywhere_and_what_was_sent_nowhere():
    assert editable_codes(ASKED, Status.DRAFT, []) == set(ASKED.codes)
    assert editable_codes(ASKED, Status.SUBMITTED, ["aset"]) == set()
    assert editable_codes(ASKED, Status.APPROVED, ["aset"]) == set()


def test_a_return_opens_the_marked_questions_and_what_depends_on_them():
    assert editable_codes(ASKED, Status.RETURNED, ["aset"]) == {"aset"}
    assert editable_codes(ASKED, Status.RETURNED, ["kode_kelurahan"]) == {"kode_kelurahan", "kode_kecamatan"}
    assert editable_codes(ASKED, Status.RETURNED, ["status_rat"]) == {"status_rat", "tanggal_rat"}
    assert editable_codes(ASKED, Status.RETURNED, ["nama_pengelola"]) == {"nama_pengelola", "jumlah_manajer"}
    assert editable_codes(ASKED, Status.RETURNED, ["warna"]) == set()


@pytest.mark.parametrize(
    ("marked", "decides"),
    [
        ("kode_kecamatan", "kode_kelurahan"),
        ("tanggal_rat", "status_rat"),
        ("jumlah_manajer", "nama_pengelola"),
    ],
)
def test_a_return_opens_what_decides_on_the_marked_question_too(marked, decides):
    """Only another kelurahan gives another kecamatan, and "Sudah RAT" demands a day that there may not have been."""
    assert editable_codes(ASKED, Status.RETURNED, [marked]) == {marked, decides}


def test_dependence_is_followed_all_the_way():
    chained = ASKED.with_question(
        {
            "code": "gaji_manajer",
            "section": 4,
            "label": "Gaji manajer",
            "type": "rupiah",
            "required": "conditional",
            "required_if": {"field": "jumlah_manajer", "is": 1},
        }
    )
    assert "gaji_manajer" in with_dependents(chained, ["nama_pengelola"])


def test_changes_that_touch_different_fields_are_both_kept():
    merged = merge({"a": 1, "b": 1, "c": 1}, {"a": 2, "c": None}, {"a": 1, "b": 3, "c": 1})
    assert merged.values == {"a": 2, "b": 3}
    assert merged.conflicts == {}


def test_a_field_that_both_changed_waits_for_a_person():
    merged = merge({"a": 1}, {"a": 2}, {"a": 3})
    assert merged.values == {"a": 3}
    assert merged.conflicts == {"a": Conflict(base=1, mine=2, theirs=3)}
    assert conflicts({"a": 1}, {"a": 3}, {"a": 3}) == {}
    assert conflicts({"a": 1}, {"a": 1}, {"a": 3}) == {}


def test_without_a_base_every_difference_waits_for_a_person():
    assert conflicts(None, {"a": 2, "b": 1}, {"a": 1, "b": 1}) == {"a": Conflict(None, 2, 1)}


FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3))


@given(st.one_of(st.none(), FIELDS), FIELDS, FIELDS)
def test_a_merge_never_overwrites_what_another_changed_unseen(base, mine, theirs):
    merged = merge(base, mine, theirs)
    for field in merged.values.keys() | theirs.keys():
        if merged.values.get(field) != theirs.get(field):
            assert base is not None
            assert merged.values.get(field) == mine[field]
            assert theirs.get(field) == base.get(field)


def test_a_receipt_code_names_the_year_and_survives_being_typed():
    code = new_receipt_code(2025, choose=random.Random(7).choice)
    assert code.startswith("SMP-25-")
    assert len(code) == 16
    assert read_receipt_code(code) == code
    assert read_receipt_code(f" {code.lower().replace('-', ' ')} ") == code
    assert read_receipt_code(code.replace("-", "")) == code
    assert new_receipt_code(2025) != new_receipt_code(2025)


@given(
    st.integers(2000, 2099),
    st.randoms(use_true_random=False),
    st.integers(0, 7),
    st.sampled_from(RECEIPT_SIGNS),
)
def test_one_wrong_sign_is_always_noticed(year, chance, place, sign):
    code = new_receipt_code(year, choose=chance.choice)
    signs = code[7:].replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert (read_receipt_code(code[:7] + wrong) is None) == (sign != signs[place])


@given(st.randoms(use_true_random=False), st.integers(0, 6))
def test_two_neighbours_that_changed_places_are_always_noticed(chance, place):
    code = new_receipt_code(2025, choose=chance.choice)
    signs = code[7:].replace("-", "")
    turned = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    assert (read_receipt_code("SMP25" + turned) is None) == (turned != signs)


@given(st.text())
def test_any_text_is_a_code_or_none(text):
    assert read_receipt_code(text) in (None, text) or read_receipt_code(text).startswith("SMP-")


def test_no_sign_of_a_code_can_be_taken_for_another():
    assert not set(RECEIPT_SIGNS) & set("01OILUZ")
    assert len(RECEIPT_SIGNS) == len(set(RECEIPT_SIGNS)) == 29


def test_a_digest_is_the_known_one():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert short_digest(digest({})) == "4413 6fa3 55b3 678a"


@given(st.dictionaries(st.text(), JSON), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_the_answers(answers, chance):
    keys = list(answers)
    chance.shuffle(keys)
    assert digest({key: answers[key] for key in keys}) == digest(answers)


@given(st.dictionaries(st.text(), st.integers()), st.text(), st.integers())
def test_a_digest_changes_with_any_answer(answers, key, value):
    changed = {**answers, key: value}
    assert (digest(changed) == digest(answers)) == (changed == answers)
