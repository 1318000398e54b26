"""Whatever anybody sends into the form: no fault, and everything typed is found again."""

import html
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.parsing import fold_space
from app.questionnaire.questions import standard
from tests.questionnaire.conftest import DECLARED, typed
from tests.support.answers import sound
from tests.support.fuzzing import examples

FIELDS = [one.name for one in standard().fields]
EXTRA = [
    f"{code}{suffix}" for code in standard().codes for suffix in ("_konfirmasi", "_alasan", "_alasan_lain")
]
OURS = ["versi", "bagian", "ke", "pakai", "ubah", "bentrok", "pilih_aset", "tidak_ada", ""]
NASTY = [
    "1.25", "1,250", "-", "Rp", "1e309", "9" * 40, "-0", "٣٤", "１２", "31-02-2025", "2025-13-01", "0000-00-00", "nan",
    "<script>alert(1)</script>", '"><b>', "' OR 1=1 --", "\x00", "\x02v\x02", "\u202e", "a\nb\r\nc", "🙂" * 50, "%(x)s %s",
    "{{ 7*7 }}", "aset:1", ";aset:2;", "mine", "35.73.01.1001", "Konsumen", " ", "\ufeff", "\ud7ff", "x" * 400,
]  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs", "Cn"])
TYPED = st.sampled_from(NASTY) | st.text(LETTERS, max_size=60) | st.integers().map(str)
FORM = st.dictionaries(st.sampled_from(FIELDS + EXTRA + OURS), TYPED, max_size=12)
ALL = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


def kept(desk, page):
    """Everything of this report that can be seen again: its answers, and the page that came back."""
    return json.dumps(desk.report().answers, ensure_ascii=False) + html.unescape(page)


@settings(max_examples=examples(30), **ALL)
@given(
    fields=st.dictionaries(st.sampled_from(FIELDS), TYPED, min_size=1, max_size=8), section=st.integers(1, 4)
)
def test_everything_typed_is_found_again(make_desk, client_as, fields, section):
    desk = make_desk()
    browser = client_as(desk.member)
    address = f"/laporan/{desk.slug}/2025?bagian={section}"
    answer = browser.post(address, data={"versi": "0", **fields})
    assert answer.status_code == 303
    shown = browser.get(address).text
    answers = desk.report().answers
    for name, text in fields.items():
        if folded := fold_space(text):
            value = answers.get(name)
            assert value is not None, (name, text)
            if isinstance(value, dict):
                assert value == {"raw": folded}
    assert shown


@settings(max_examples=examples(40), **ALL)
@given(
    first=FORM, second=FORM, section=st.text(max_size=3) | st.sampled_from(["1", "4"]), stale=st.booleans()
)
def test_no_form_makes_a_fault(make_desk, client_as, first, second, section, stale):
    desk = make_desk()
    browser = client_as(desk.member)
    for fields in (first, second):
        version = {} if stale or "versi" in fields else {"versi": "1"}
        answer = browser.post(
            f"/laporan/{desk.slug}/2025", query_string={"bagian": section}, data={**fields, **version}
        )
        assert answer.status_code in {303, 409}
        if answer.status_code == 409:
            page = kept(desk, answer.text)
            for name, text in fields.items():
                if name in FIELDS and fold_space(text):
                    assert fold_space(text) in page or desk.report().answers.get(name) is not None
    for page in ("", "?bagian=1", "?bagian=4&lengkap=1", "/periksa"):
        assert browser.get(f"/laporan/{desk.slug}/2025{page}").status_code in {200, 302}


@settings(max_examples=examples(40), **ALL)
@given(
    fields=st.dictionaries(
        st.sampled_from(["nama", "jabatan", "pernyataan", "versi", "kode", ""]), TYPED, max_size=5
    )
)
def test_no_declaration_makes_a_fault(make_desk, client_as, fields):
    desk = make_desk()
    desk.save(**sound())
    answer = client_as(desk.member).post(f"/laporan/{desk.slug}/2025/kirim", data={**DECLARED, **fields})
    assert answer.status_code in {303, 422}


@settings(max_examples=examples(30), **ALL)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), TYPED, min_size=1, max_size=6))
def test_what_was_typed_into_a_locked_report_comes_back_on_the_page(make_desk, client_as, fields):
    desk = make_desk()
    desk.file()
    answer = client_as(desk.member).post(f"/laporan/{desk.slug}/2025?bagian=4", data=fields)
    assert answer.status_code == 409
    page = fold_space(html.unescape(answer.text))
    standing = typed(1) | typed(2) | typed(3) | typed(4)
    for name, text in fields.items():
        if fold_space(text) and fold_space(text) != standing[name]:
            assert fold_space(text) in page
