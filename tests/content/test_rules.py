"""When a page is due, and how its lists are written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.rules import (
    NEVER_DUE,
    Freshness,
    due_on,
    english_is_whole,
    freshness,
    is_address,
    read_lines,
    slug_of,
    write_lines,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("checked", "every", "state"),
    [
        (None, 180, Freshness.NEVER),
        (TODAY - timedelta(days=181), 180, Freshness.OVERDUE),
        (TODAY - timedelta(days=180), 180, Freshness.SOON),
        (TODAY - timedelta(days=149), 180, Freshness.FRESH),
        (None, None, Freshness.UNTIMED),
    ],
)
def test_a_page_goes_stale_after_its_own_interval(
    checked: date | None, every: int | None, state: str
) -> None:
    assert freshness(checked, every, due_on(checked, every, TODAY), TODAY) == state


def test_a_page_that_nobody_checked_has_been_due_since_it_was_made_and_news_never_are() -> None:
    assert due_on(None, 180, TODAY) == TODAY
    assert due_on(TODAY, None, TODAY) == NEVER_DUE


def test_lists_are_written_one_a_line_with_a_remark_after_a_bar() -> None:
    assert read_lines("KTP | asli\n\n  Akta  \n| tanpa nama") == [
        {"text": "KTP", "note": "asli"},
        {"text": "Akta", "note": ""},
    ]


LINE = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"), blacklist_characters="|"), min_size=1
)


@given(st.lists(st.fixed_dictionaries({"text": LINE, "note": LINE | st.just("")})))
def test_what_is_written_into_the_form_is_read_back(lines: list[dict[str, str]]) -> None:
    clean = [
        {"text": one["text"].strip(), "note": one["note"].strip()} for one in lines if one["text"].strip()
    ]
    assert read_lines(write_lines(clean)) == clean


@pytest.mark.parametrize("address", ["/layanan", "https://oss.go.id", "http://contoh.example/a?b=c#d"])
def test_a_link_leads_to_this_site_or_to_the_web(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//contoh.example", "/\\contoh.example", "ftp://a", "kata", ""]
)
def test_a_link_leads_nowhere_else(address: str) -> None:
    assert not is_address(address)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mendirikan koperasi", "mendirikan-koperasi"),
        ("  Ésai: apa? ", "esai-apa"),
        ("???", ""),
        ("kata " * 40, None),
    ],
)
def test_an_address_is_made_of_the_title(title: str, slug: str | None) -> None:
    made = slug_of(title)
    assert len(made) <= 80
    assert not made.endswith("-")
    assert slug is None or made == slug


def test_english_stands_only_where_nothing_is_missing() -> None:
    original = {"who": "Siapa saja", "legal": [{"text": "UU", "note": ""}]}
    assert english_is_whole("Title", "Text", {"who": "Anybody"}, "Isi", original)
    assert not english_is_whole("", "Text", {"who": "Anybody"}, "Isi", original)
    assert not english_is_whole("Title", "", {"who": "Anybody"}, "Isi", original)
    assert not english_is_whole("Title", "Text", {}, "Isi", original)
