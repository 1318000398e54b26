"""The rules of accounts, without a site."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.forms import local_path
from app.accounts.rules import may_help, network_of, read_email, read_identifier, wait_after
from app.core.access import Role
from app.core.parsing import Unreadable


@pytest.mark.parametrize(
    ("tries", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 5), (7, 15), (8, 30), (9, 60), (40, 60)]
)
def test_the_rest_after_wrong_tries_grows(tries, minutes):
    assert wait_after(tries) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("103.28.12.7", "103.28.12.0/24"),
        ("103.28.12.250", "103.28.12.0/24"),
        ("103.28.13.7", "103.28.13.0/24"),
        ("2001:db8:12:34ff:1::5", "2001:db8:12:3400::/56"),
        ("::ffff:103.28.12.7", "103.28.12.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("nonsense", "-"),
        ("", "-"),
        (None, "-"),
    ],
)
def test_a_network_is_what_one_line_is_usually_given(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        (" Melati@Uji.Example ", "melati@uji.example"),
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_person_signs_in_with_e_mail_or_phone_however_typed(typed, understood):
    assert read_identifier(typed) == understood


@pytest.mark.parametrize("typed", ["melati", "melati@", "@uji.example", "12", "0812/0813", "a b@c.example"])
def test_what_can_be_neither_gets_a_sentence(typed):
    with pytest.raises(Unreadable) as refused:
        read_identifier(typed)
    assert str(refused.value)


@given(st.text())
def test_no_text_breaks_the_readers(text):
    for reader in (read_email, read_identifier):
        with suppress(Unreadable):
            reader(text)
    network_of(text)


@pytest.mark.parametrize(
    ("helper", "person", "may"),
    [
        ({Role.ADMIN}, {Role.ADMIN}, True),
        ({Role.ADMIN}, {Role.COOPERATIVE}, True),
        ({Role.OPERATOR}, {Role.COOPERATIVE}, True),
        ({Role.OPERATOR}, {Role.ENTERPRISE}, True),
        ({Role.OPERATOR}, set(), True),
        ({Role.OPERATOR}, {Role.OPERATOR}, False),
        ({Role.OPERATOR}, {Role.ADMIN}, False),
        ({Role.OPERATOR}, {Role.COOPERATIVE, Role.EDITOR}, False),
        ({Role.EDITOR}, {Role.COOPERATIVE}, False),
        ({Role.CONSULTANT}, {Role.COOPERATIVE}, False),
        ({Role.COOPERATIVE}, {Role.COOPERATIVE}, False),
    ],
)
def test_operators_help_outsiders_and_only_admins_help_staff(helper, person, may):
    assert may_help(helper, person) is may


@pytest.mark.parametrize(
    "path", ["/akun", "/laporan/kopma-1/2025?bagian=2", "/koperasi?q=melati%20jaya", "/a#b"]
)
def test_paths_of_this_site_are_followed_after_sign_in(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        None,
        "akun",
        "//jahat.example",
        "/\\jahat.example",
        "\\\\jahat.example",
        "https://jahat.example/",
        "javascript:alert(1)",
        "/\tjahat",
        "/\n/jahat.example",
        " /akun",
        "/a\x7f",
    ],
)
def test_no_path_leads_away_from_this_site(path):
    assert local_path(path) == ""


@given(st.text())
def test_whatever_is_followed_begins_with_one_slash(text):
    followed = local_path(text)
    assert followed == "" or (followed.startswith("/") and not followed.startswith("//"))
