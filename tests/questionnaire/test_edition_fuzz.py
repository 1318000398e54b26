"""Whatever staff send into the question form: no fault, and never an edition whose form, export or checks break."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import exports, paper, services
from app.questionnaire.checks import run_checks
from app.questionnaire.edition_rules import mark_of
from app.questionnaire.edition_settings import FLAGS, NAMES
from app.questionnaire.feed import feed_of
from app.questionnaire.filling import find_filling
from app.questionnaire.queries import content_of, edition_of
from app.questionnaire.question import QuestionType
from app.questionnaire.questions import standard
from app.questionnaire.template_sheet import template
from tests.questionnaire.sound import PLACES, last_year, sound
from tests.questionnaire.test_fuzz import ALL, NASTY
from tests.support.fuzzing import examples

LETTERS = st.characters(exclude_categories=["Cs", "Cn"])
TYPED = st.sampled_from(NASTY) | st.text(LETTERS, max_size=40)
LINES = st.lists(TYPED | st.sampled_from(["Ya", "Tidak"]), max_size=5).map("\n".join)
LIMIT = TYPED | st.integers(-5, 4000).map(str) | st.sampled_from(["hari ini", "2026-02-30", "17-08-1945"])
CODES = st.sampled_from(["", "uji", "versi", "aset", "isi", "pilih_aset", "x" * 29]) | TYPED
SENT = st.fixed_dictionaries(
    {
        "label": TYPED.filter(bool),
        "jenis": st.sampled_from([kind.value for kind in QuestionType]),
        "wajib": st.sampled_from(["yes", "no", "conditional"]),
        "bagian": st.sampled_from(["1", "2", "3", "4"]),
    },
    optional={
        "petunjuk": TYPED, "bantuan": TYPED, "contoh": TYPED, "kalau_kosong": TYPED, "satuan": TYPED, "pilihan": LINES,
        "terkecil": LIMIT, "terbesar": LIMIT, "nomor": TYPED | st.integers(-9, 99).map(str), "kode": CODES,
        "kotak": st.just(list(FLAGS)), **{name: st.just("1") for name in FLAGS},
    },
)  # fmt: skip
ODD = SENT | st.dictionaries(
    st.sampled_from([*NAMES, "kode", "kotak", "asal", "setuju", ""]), TYPED, max_size=8
)


def site(client_as, desk):
    """An operator's browser, and the questions of 2026 as they were at first."""
    with writing():
        if edition := edition_of(2026):
            db.session.delete(edition)
            db.session.flush()
        services.ensure_editions(date(2026, 4, 10))
    return client_as(desk.operator)


def assert_usable(browser, desk, year=2026):
    """The edition can be shown, previewed, tried, exported, checked, printed, and taken along as a worksheet or offline."""
    address = f"/dinas/kuesioner/{year}"
    for page in ("", "/banding", "/terbitkan"):
        assert browser.get(address + page).status_code == 200
    for section in (1, 2, 3, 4):
        form = f"{address}/pratinjau?bagian={section}"
        assert browser.get(form).status_code == 200
    db.session.rollback()
    content = content_of(edition_of(year))
    answers = sound() | {code: "isi" for code in content.questionnaire.codes if code not in sound()}
    run_checks(
        content.questionnaire, answers, last=last_year(), year=year, today=date(2027, 4, 1), places=PLACES,
        checks=content.checks,
    )  # fmt: skip
    tried = dict.fromkeys(content.questionnaire.by_field, "1.25")
    assert browser.post(f"{address}/pratinjau?bagian=4", data=tried).status_code == 200
    exports.year_table(year, "kementerian")
    with browser.application.test_request_context():
        filling = find_filling(desk.member_id, desk.slug, year)
        assert template(filling)
        assert paper.blank(filling)
        assert feed_of(edition_of(year)).address


@settings(max_examples=examples(6), **ALL)
@given(questions=st.lists(SENT, min_size=1, max_size=2))
def test_no_new_question_breaks_an_edition(desk, client_as, questions):
    browser = site(client_as, desk)
    for sent in questions:
        assert browser.post("/dinas/kuesioner/2026/tambah", data=sent).status_code in {303, 422}
    assert_usable(browser, desk)


@settings(max_examples=examples(10), **ALL)
@given(
    code=st.sampled_from(standard().codes),
    sent=ODD,
    then=st.sampled_from(["pensiun", "hapus", "tanya-lagi"]),
    move=st.sampled_from(["naik", "turun", "", "x"]),
)
def test_no_change_of_a_question_breaks_an_edition(desk, client_as, code, sent, then, move):
    browser = site(client_as, desk)
    address = f"/dinas/kuesioner/2026/pertanyaan/{code}"
    mark = mark_of(standard().by_code[code])  # so that what is sound really lands
    assert browser.post(address, data={"asal": mark, **sent}).status_code in {303, 409, 422}
    browser.post("/dinas/kuesioner/2026/urutan", data={"pindah": f"{code}:{move}", **sent})
    assert browser.post(f"{address}/{then}", data={"setuju": "1", **sent}).status_code in {303, 404, 409, 422}
    assert_usable(browser, desk)


@settings(max_examples=examples(10), **ALL)
@given(
    sent=st.dictionaries(
        st.sampled_from(
            ["dibuka", "batas", "ditutup", "alasan", "asal", "judul_1", "pengantar_1", "asal_judul_1", ""]
        ),
        TYPED | st.dates().map(str),
        max_size=6,
    ),
    path=st.sampled_from(["tanggal", "bagian", "terbitkan"]),
    year=st.sampled_from([2025, 2026]),
)
def test_no_dates_or_titles_make_a_fault(desk, client_as, sent, path, year):
    browser = site(client_as, desk)
    answer = browser.post(f"/dinas/kuesioner/{year}/{path}", data=sent)
    assert answer.status_code in {303, 409, 422}
    assert browser.get(f"/dinas/kuesioner/{year}").status_code == 200
