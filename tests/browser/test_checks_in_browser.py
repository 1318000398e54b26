"""The second implementation of the row checks, in a real browser, against the same cases as Python's."""

import json

import pytest
from flask_babel import force_locale
from hypothesis import strategies as st

from app.core.assets import Assets
from app.core.formatting import terbilang
from app.core.i18n import say
from app.questionnaire.checks import run_checks
from app.questionnaire.editions import fingerprint
from app.questionnaire.feed import feed
from app.questionnaire.lines import PAST
from app.questionnaire.models import Edition
from app.questionnaire.spreading import standard_checks
from tests.questionnaire import browser_vectors as vectors
from tests.questionnaire.sound import PLACES, VECTORS
from tests.support.site import ROOT

CASES = json.loads(vectors.FILE.read_text(encoding="utf-8"))
ASSETS = Assets(ROOT / "app/static")
RUN = """async ([address, feed, cases]) => {
  const { runChecks } = await import(address);
  return cases.map(([answers, scope]) => runChecks(feed, answers, scope));
}"""
FORMS = """async ([address, questions, places, cases]) => {
  const { apply, readAnswers } = await import(address);
  return cases.map(({ before, typed }) => apply(questions, before, readAnswers(questions, typed, places)));
}"""
TYPED = """async ([answers, formatting, feed, places, fields, cases]) => {
  const [{ readValue }, { fill }] = [await import(answers), await import(formatting)];
  const question = (code) => feed.questions.find((one) => one.code === code);
  return cases.map(([kind, typed]) => {
    try {
      return readValue(question(fields[kind]), typed, places);
    } catch (problem) {
      return { says: fill(feed.says[problem.says], problem.params) };
    }
  });
}"""
SPELL = "async ([address, texts]) => { const { inWords } = await import(address); return texts.map((one) => inWords(one)); }"


@pytest.fixture(scope="module")
def edition():
    """The questions and checks of the vectors, as an edition freezes them."""
    questions = vectors.ASKED.to_json()
    checks = standard_checks()
    return Edition(
        year=VECTORS["year"], questions=questions, checks=checks, digest=fingerprint(questions, checks)
    )


@pytest.fixture(scope="module")
def drawn():
    """Answers of this year and of last year, as chance has them."""
    return vectors.drawn(st.tuples(vectors.ANSWERS, st.none() | vectors.ANSWERS), 300)


@pytest.fixture
def fed(tested_app, edition):
    """``fed("en")``: the file for one language."""

    def read(language="id"):
        with tested_app.test_request_context(), force_locale(language):
            return feed(edition)

    return read


@pytest.fixture
def sheet(site, page):
    """Any page of the site."""
    page.goto("/masuk")
    return page


def scopes(cases):
    """The cases as ``runChecks`` takes them."""
    made = [vectors.scope_of(case) for case in cases]
    return [[answers, scope | {"today": scope["today"].isoformat()}] for answers, scope in made]


def test_it_finds_what_python_finds_word_for_word(sheet, fed):
    cases = CASES["checks"]
    found = sheet.evaluate(RUN, [ASSETS("js/checks/run.js"), fed(), scopes(cases)])
    told = [
        [
            [one[key] for key in ("code", "severity", "questions", "field", "message", "suggestion")]
            for one in many
        ]
        for many in found
    ]
    wrong = [(case, here) for case, here in zip(cases, told, strict=True) if here != case["expect"]]
    assert not wrong, f"{len(wrong)} of {len(cases)}: {wrong[0]}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_finds_it_in_the_readers_language_with_all_that_belongs_to_it(
    sheet, fed, tested_app, drawn, language
):
    cases = [*CASES["checks"][:200], *({"bare": True, "answers": a, "last": last} for a, last in drawn)]
    with tested_app.test_request_context(), force_locale(language):
        expected = [
            [as_told(one) for one in run_checks(vectors.ASKED, answers, **scope)]
            for answers, scope in map(vectors.scope_of, cases)
        ]
    found = sheet.evaluate(RUN, [ASSETS("js/checks/run.js"), fed(language), scopes(cases)])
    wrong = [
        (case, here, there) for case, here, there in zip(cases, found, expected, strict=True) if here != there
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)}: {wrong[0]}"


def as_told(finding):
    """A finding as the browser's checks tell it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "questions": list(finding.questions),
        "field": finding.field,
        "message": say(finding.text),
        "suggestion": dict(finding.suggestion),
        "score": finding.score,
        "confirm": finding.confirm,
        "reason": finding.reason,
        "past": "tahun lalu" in finding.template,
        "asks": PAST in finding.template,
    }


def test_it_makes_of_a_form_what_python_makes_of_it(sheet, fed):
    cases = CASES["forms"]
    made = sheet.evaluate(FORMS, [ASSETS("js/checks/answers.js"), fed()["questions"], PLACES, cases])
    wrong = [(case, here) for case, here in zip(cases, made, strict=True) if here != case["expect"]]
    assert not wrong, wrong[0]


def test_it_reads_what_is_typed_as_python_reads_it_and_refuses_it_with_the_same_words(sheet, fed):
    cases = CASES["typed"]
    addresses = [ASSETS("js/checks/answers.js"), ASSETS("js/checks/formatting.js")]
    read = sheet.evaluate(TYPED, [*addresses, fed(), PLACES, vectors.PARSED, cases])
    wrong = [(case, here) for case, here in zip(cases, read, strict=True) if here != case[2]]
    assert not wrong, wrong[0]


def test_amounts_are_said_in_the_same_words(sheet):
    figures = [
        0,
        1,
        10,
        11,
        12,
        19,
        20,
        100,
        101,
        111,
        199,
        200,
        999,
        1000,
        1001,
        1100,
        2000,
        11_000,
        100_000,
        101_000,
    ]
    figures += [
        10**power + plus
        for power in range(4, 16)
        for plus in (-1, 0, 1, 1000, 1001)
        if 10**power + plus <= 10**15
    ]
    figures += vectors.drawn(st.integers(0, 10**15), 150)
    texts = [f"{one:,}".replace(",", ".") for one in (*figures, *(-one for one in figures))]
    words = sheet.evaluate(SPELL, [ASSETS("js/words.js"), texts])
    expected = [terbilang(one) for one in (*figures, *(-one for one in figures))]
    wrong = [one for one in zip(texts, words, expected, strict=True) if one[1] != one[2]]
    assert not wrong, wrong[:3]
