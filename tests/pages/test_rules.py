"""What a question means, and which words of an answer are marked."""

import pytest

from app.core.hits import Hit
from app.pages.rules import asked, marked, score, snippet


@pytest.mark.parametrize(
    ("raw", "first"),
    [
        ("  bagaimana cara   mendirikan koperasi? ", "mendirikan koperasi"),
        ("apa saja syarat NIB", "syarat nib"),
        ("yang untuk", "yang untuk"),  # nothing is left without them
        ("", None),
        ("???", None),
        ("x" * 500, "x" * 100),
    ],
)
def test_what_people_write_around_a_question_is_not_looked_for(raw, first):
    assert (asked(raw).questions or (None,))[0] == first


def test_a_question_is_also_put_in_the_words_of_the_office():
    assert asked("kursus jahit").questions == ("kursus jahit", "pelatihan jahit")
    assert asked("pelatihan jahit").questions == ("pelatihan jahit",)


def test_the_words_that_answer_are_marked_as_they_are_written():
    assert marked("Mendirikan Koperasi baru", ["koperasi"]) == [
        ("Mendirikan ", False),
        ("Koperasi", True),
        (" baru", False),
    ]
    assert [text for text, is_answer in marked("Pelatihan memotret", ["pelathan"]) if is_answer] == [
        "Pelatihan"
    ]
    assert "".join(text for text, _ in marked("<b>a & b</b>", ["a"])) == "<b>a & b</b>"


def test_a_long_text_is_shown_where_it_answers():
    text = "kata " * 100 + "neraca " + "kata " * 100
    shown = snippet(text, ["neraca"])
    assert "neraca" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 190
    assert snippet("pendek", ["neraca"]) == "pendek"
    assert len(snippet("a" * 1000, ["b"])) < 190


def test_a_thing_that_is_called_so_answers_better_than_one_that_mentions_it():
    named = Hit("service", "Mendirikan koperasi", "/a")
    mentions = Hit("news", "Kabar", "/b", text="Cara mendirikan koperasi dijelaskan")
    words = ["mendirikan", "koperasi"]
    assert score(words, named) > score(words, mentions) > 0
