"""Public addresses that answer programs in JSON, asked with whatever a program may send.

Hypothesis in place of schemathesis: the addresses have no schema of their own until the API has one, and what has to hold for
them is the same for all.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.extensions import limiter
from tests.security.access_matrix import rows

NAMES = st.sampled_from(
    [
        "q",
        "kecamatan",
        "after",
        "before",
        "halaman",
        "kotak",
        "nib",
        "jenis",
        "status",
        "untuk",
        "tahun",
        "urut",
        "sektor",
        "x",
    ]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "9" * 30,
            "35.73.01",
            "1,2,3,4,5",
            "nan",
            "inf",
            "%00",
            "'",
            '"',
            "a" * 3000,
            "[]",
            "\x00",
            "٣",
        ]
    ),
)
ASKED = st.lists(st.tuples(NAMES, VALUES), max_size=4)


def json_addresses(app):
    """Public addresses without parameters that answer in JSON, by themselves or when asked to."""
    client = app.test_client()
    client.check_html = False
    for row in rows(app):
        if row.method != "GET" or row.access != "public" or row.arguments:
            continue
        for address in (row.rule, f"{row.rule}?format=json"):
            limiter.reset()
            answer = client.get(address)
            if answer.status_code in {200, 503} and answer.mimetype.endswith("json"):
                yield address
                break


def test_there_are_such_addresses_and_each_answers_json_of_one_kind(app, client):
    found = list(json_addresses(app))
    assert {"/healthz", "/readyz", "/cari?format=json", "/koperasi?format=json", "/ukm?format=json"} <= set(
        found
    )
    for address in found:
        answer = client.get(address)
        assert json.loads(answer.text) is not None
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def addresses(app):
    return list(json_addresses(app))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(asked=ASKED)
def test_whatever_is_asked_the_answer_is_json_or_a_clear_no(app, addresses, asked):
    client = app.test_client()
    client.check_html = False
    for address in addresses:
        limiter.reset()
        path, _, query = address.partition("?")
        pairs = [tuple(part.split("=")) for part in query.split("&") if part]
        answer = client.get(path, query_string=[*pairs, *asked])
        assert answer.status_code in {200, 304, 400, 404, 414, 422, 429, 503}, (address, asked)
        if answer.status_code == 200:
            assert answer.mimetype.endswith("json"), (address, asked)
            json.loads(answer.text)
        else:
            assert answer.status_code != 503 or path == "/readyz"
