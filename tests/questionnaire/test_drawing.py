"""The quick way of drawing a question gives the same page as its component, whatever stands in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.questionnaire import lines
from app.questionnaire.drawing import _slowly, draw
from app.questionnaire.lines import Context
from app.questionnaire.question import QuestionType
from app.questionnaire.questions import standard
from tests.support.answers import sound
from tests.support.fuzzing import examples

TEXT = st.text(max_size=30).filter(lambda text: "\x02" not in text)
AMOUNT = st.none() | st.integers(-(10**15), 10**15)
DAY = st.none() | st.dates().map(lambda day: day.isoformat())


def value_for(question):
    match question.type:
        case QuestionType.RUPIAH | QuestionType.INTEGER:
            return AMOUNT
        case QuestionType.DATE:
            return DAY
        case QuestionType.CHOICE:
            return st.none() | st.sampled_from(question.choices) | TEXT
        case QuestionType.PLACE:
            return st.none() | st.sampled_from(["35.73.01.1001", "35.73.05.1012"])
        case _:
            return st.none() | TEXT


@st.composite
def answers(draw_one):
    found = {}
    for question in standard().questions:
        for name in [question.code, *(one.name for one in question.fields)]:
            found[name] = draw_one(value_for(question))
    return {name: value for name, value in found.items() if value not in (None, "")}


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(now=answers(), last=answers(), has_last=st.booleans())
def test_quick_and_slow_draw_alike(app, now, last, has_last):
    with app.test_request_context("/"):
        context = Context(
            digest="one",
            language="id",
            answers=now,
            last_year=2024 if has_last else None,
            last=last if has_last else {},
            open_codes=frozenset(standard().codes),
        )
        for question in standard().questions:
            shown = lines.shown(context, question)
            for _ in range(2):  # the first call learns
                assert draw(context, question) == _slowly(context, question, shown, {}), question.code


def test_what_a_person_typed_is_escaped(app):
    with app.test_request_context("/"):
        nasty = sound(alamat='"><script>alert(1)</script>', nama_ketua="\x02v\x02 {{ 1 }} %(x)s")
        context = Context("two", "id", nasty, 2024, nasty, frozenset(standard().codes))
        for code in ("alamat", "nama_ketua"):
            for _ in range(2):
                drawn = draw(context, standard().by_code[code])
                assert "<script>" not in drawn
                assert "{{ 1 }} %(x)s" in drawn or code == "alamat"


@pytest.mark.parametrize("language", ["id", "en"])
def test_languages_are_kept_apart(app, language):
    with app.test_request_context(f"/?lang={language}"):
        context = Context("three", language, {}, 2024, sound(), frozenset(standard().codes))
        draw(context, standard().by_code["aset"])
        again = draw(context, standard().by_code["aset"])
        assert again == _slowly(
            context, standard().by_code["aset"], lines.shown(context, standard().by_code["aset"]), {}
        )
