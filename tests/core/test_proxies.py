"""Whose word about a visitor counts."""

import pytest
from flask import request

from app.core.hosts import is_proxy, proxies
from app.factory import create_app

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("address", "setting", "believed"),
    [
        ("127.0.0.1", "1", True),
        ("::1", "1", True),
        ("::ffff:127.0.0.1", "1", True),
        ("10.0.0.5", "1", False),
        ("10.0.0.5", "10.0.0.5, 10.0.1.0/28", True),
        ("10.0.1.9", "10.0.0.5, 10.0.1.0/28", True),
        ("10.0.1.99", "10.0.0.5, 10.0.1.0/28", False),
        ("127.0.0.1", "", False),
        ("", "1", False),
    ],
)
def test_only_the_proxies_that_were_named_are_believed(address, setting, believed):
    assert is_proxy(address, setting) is believed


def test_a_setting_that_names_no_address_is_refused_at_the_start(settings, tmp_path):
    with pytest.raises(ValueError, match="SIMPUL_PROXY"):
        proxies("ya")
    with pytest.raises(ValueError, match="SIMPUL_PROXY"):
        create_app(settings | {"PROXY": "ya", "INSTANCE": str(tmp_path)})


def test_whoever_reaches_the_site_past_its_proxy_is_seen_as_who_they_are(settings, tmp_path):
    site = create_app(settings | {"PROXY": "10.0.0.5", "INSTANCE": str(tmp_path)})
    seen = []
    site.before_request(lambda: seen.append((request.remote_addr, request.scheme)))
    for address in ("10.0.0.5", "198.51.100.7"):
        site.test_client().get("/healthz", headers=FORWARDED, environ_base={"REMOTE_ADDR": address})
    assert seen == [("203.0.113.9", "https"), ("198.51.100.7", "http")]
