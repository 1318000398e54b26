"""Which passwords are too easy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.password_rules import common_words, password_problem, personal_words

OFFICE = "Dinas Koperasi dan UKM Kota Malang"


def test_the_list_is_shipped_and_clean():
    words = common_words()
    assert len(words) >= 300
    assert all(word.isalnum() and word == word.lower() and len(word) >= 3 for word in words)


@pytest.mark.parametrize("password", ["", "a", "sebelashuru"])
def test_fewer_than_twelve_characters_are_too_few(password):
    problem = password_problem(password)
    assert problem is not None
    assert str(problem) == f"Sandi paling sedikit 12 karakter; kurang {12 - len(password)} lagi."


def test_a_password_that_only_keeps_the_processor_busy_is_refused():
    assert str(password_problem("x7" * 200)) == "Sandi paling panjang 256 karakter."


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "P@ssw0rd12345",
        "koperasi2025!!",
        "koperasimalang",
        "Indonesia123456",
        "indonesiamerdeka1945",
        "bismillah123456789",
        "sayangkamu1234567",
        "123456789012",
        "987654321098",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abcabcabcabcabc",
        "x7x7x7x7x7x7x7",
        "admin-admin-admin",
        "11111111111111",
        "            ",
        "!!!!!!!!!!!!!!",
        "Melati-Mawar-2026",
    ],
)
def test_what_guessing_begins_with_is_refused(password):
    problem = password_problem(password)
    assert problem is not None
    assert "mudah ditebak" in str(problem)


@pytest.mark.parametrize(
    "password",
    [
        "gerimis di atap seng",
        "sayur asem pedas sekali",
        "rumah kucing hujan kopi",
        "hjk83nd92kxq",
        "Tr0mbon&pelabuhan",
        "ᮊᮧᮕᮨᮛᮞᮤ ᮘᮔ᮪ᮓᮥᮀ",
    ],
)
def test_long_and_unexpected_is_welcome_without_digits_or_capitals(password):
    assert password_problem(password) is None


@pytest.mark.parametrize(
    "password",
    ["budisantoso1985", "Santoso.Budi.77", "budi.santoso@uji", "081234567890santoso", "dinasukmmalang99"],
)
def test_the_name_the_address_the_number_and_the_office_carry_no_password(password):
    own = personal_words("Budi Santoso", "budi.santoso@uji.example", "+6281234567890", "81234567890", OFFICE)
    problem = password_problem(password, personal=own)
    assert problem is not None
    assert "mudah ditebak" in str(problem)


def test_a_name_beside_enough_else_is_no_harm():
    own = personal_words("Budi Santoso")
    assert password_problem("santoso menanam bawang", personal=own) is None


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=4))
def test_no_text_breaks_the_judgement(password, names):
    problem = password_problem(password, personal=personal_words(*names))
    assert problem is None or str(problem)


@given(st.text(min_size=12, max_size=40))
def test_adding_words_to_the_list_never_makes_a_password_better(password):
    if password_problem(password) is not None:
        assert password_problem(password, personal=personal_words(password)) is not None
