"""The file from which a browser reads and checks a report by itself."""

import json
import re

import pytest
from flask_babel import force_locale

from app.core.access import Role
from app.core.i18n import LANGUAGES
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.feed import feed, feed_of
from app.questionnaire.queries import content_of, edition_of
from tests.questionnaire.conftest import YEAR
from tests.support.queries import count_queries

PACKED = 11_000  # bytes over the wire, once per edition and browser


@pytest.fixture
def edition(april, app):
    with writing():
        return services.edition_for(YEAR)


def address_of(edition):
    return f"/kuesioner/{feed_of(edition).address}"


def test_the_address_names_its_content_and_may_be_kept_for_ever(edition, make_user, client_as, app):
    client = client_as(make_user(Role.COOPERATIVE))
    address = address_of(edition_of(YEAR))
    assert re.fullmatch(r"/kuesioner/2025-[0-9a-f]{16}\.json", address)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert len(answer.json["questions"]) == 24
    assert client.get(address.replace("2025-", "2026-")).status_code == 404
    assert client.get("/kuesioner/2025-0000000000000000.json").status_code == 404
    assert client.get("/kuesioner/99999999999-0000000000000000.json").status_code == 404


def test_it_is_light_and_packed_as_the_browser_likes(edition, make_user, client_as):
    client = client_as(make_user(Role.COOPERATIVE))
    for encoding in ("br", "gzip"):
        answer = client.get(address_of(edition_of(YEAR)), headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
    packed = feed_of(edition_of(YEAR)).packed
    assert len(packed["br"]) <= PACKED, len(packed["br"])


def test_nobody_reads_it_without_signing_in(edition, client):
    assert "/masuk" in client.get(address_of(edition_of(YEAR))).location


def test_each_language_has_its_own_address_and_both_work_for_everybody(edition, make_user, client_as):
    client = client_as(make_user(Role.COOPERATIVE))
    addresses = set()
    for language in LANGUAGES:
        with force_locale(language):
            addresses.add(address_of(edition_of(YEAR)))
    assert len(addresses) == len(LANGUAGES)
    assert {client.get(address).json["language"] for address in addresses} == set(LANGUAGES)


def test_reading_it_again_asks_the_database_for_nothing_more_than_the_edition(edition, make_user, client_as):
    client = client_as(make_user(Role.COOPERATIVE))
    address = address_of(edition_of(YEAR))
    client.get(address)
    with count_queries() as counted:
        client.get(address)
    assert counted.number <= 2


def test_only_checks_that_can_never_speak_are_left_out(edition):
    checks = content_of(edition_of(YEAR)).checks
    told = json.dumps(feed(edition_of(YEAR))["checks"])
    assert {check.code for check in checks} - {"terlalu_besar"} == set(re.findall(r'"code": "(\w+)"', told))


def test_two_years_with_the_same_questions_have_a_file_each(edition):
    with writing():
        following = services.edition_for(YEAR + 1)
    assert following.digest == edition_of(YEAR).digest
    assert feed_of(following).address.startswith(f"{YEAR + 1}-")
    assert feed_of(edition_of(YEAR)).address.startswith(f"{YEAR}-")
