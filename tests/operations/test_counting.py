"""What went wrong or was slow, in sums; what a monitor reads."""

import pytest
from flask import g

from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.operations import counting, metrics, queries
from app.operations.counting import Bad, Sums, judged, named
from app.operations.models import Trouble, TroubleKind


@pytest.fixture(autouse=True)
def forget(app):
    """What other tests have asked for."""
    counting.answers().take()


@pytest.mark.parametrize(
    ("status", "milliseconds", "kinds"),
    [(200, 20, []), (200, 1000, [TroubleKind.SLOW]), (404, 20, []), (500, 20, [TroubleKind.ERROR]), (503, 5000, [TroubleKind.ERROR])],
)  # fmt: skip
def test_what_is_wrong_with_an_answer(status, milliseconds, kinds):
    assert list(judged(status, milliseconds)) == kinds


def test_each_answer_falls_into_one_step_of_time():
    assert list(named(302, 50)) == ["status_3xx", "within_50"]
    assert list(named(200, 51)) == ["status_2xx", "within_100"]
    assert list(named(200, 9000)) == ["status_2xx", "longer"]


def slow_answer(app, client, monkeypatch, times=1):
    monkeypatch.setattr(counting, "SLOW", 0)
    for _ in range(times):
        assert client.get("/koperasi?q=rahasia").status_code == 200
    monkeypatch.setattr(counting, "SLOW", 1000)


def test_an_address_is_noted_without_what_somebody_typed(app, client, monkeypatch):
    slow_answer(app, client, monkeypatch)
    counting.flush()
    slow_answer(app, client, monkeypatch, times=2)
    counting.flush()
    trouble = db.session.scalars(db.select(Trouble)).one()
    assert (trouble.day, trouble.kind, trouble.page, trouble.times) == (
        today(),
        TroubleKind.SLOW,
        "/koperasi",
        3,
    )
    assert len(trouble.last_request) == 8
    assert queries.totals()["status_2xx"] == 3


def test_what_cannot_be_written_now_waits(app, client, monkeypatch):
    client.get("/healthz")

    def away(_sums):
        raise RuntimeError("away")

    keep = counting._keep
    monkeypatch.setattr(counting, "_keep", away)
    with pytest.raises(RuntimeError):
        counting.flush()
    monkeypatch.setattr(counting, "_keep", keep)
    counting.flush()
    counting.flush()
    assert queries.totals()["status_2xx"] == 1


def test_memory_has_a_limit(app, monkeypatch):
    monkeypatch.setattr(counting, "MOST_PAGES", 2)
    sums = Sums()
    for number in range(5):
        sums.add_bad((today(), TroubleKind.ERROR, str(number)), Bad(1, 1, now(), "x"))
    sums.add_bad((today(), TroubleKind.ERROR, "0"), Bad(1, 9, now(), "y"))
    assert [(bad.times, bad.longest_ms, bad.last_request) for bad in sums.bad.values()] == [
        (2, 9, "y"),
        (1, 1, "x"),
    ]


def test_the_page_shows_what_failed_and_the_code_that_people_saw(app, client_as, make_user, monkeypatch):
    admin = client_as(make_user(Role.ADMIN))
    assert "tidak ada dalam 7 hari" in admin.get("/dinas/sistem").text
    with app.test_request_context("/koperasi"):
        g.request_id = "ABCD2345"
        app.preprocess_request()
        g.request_id = "ABCD2345"
        counting.count(app.make_response(("", 500)))
    counting.flush()
    page = admin.get("/dinas/sistem").text
    assert "1 dalam 7 hari, terakhir baru saja" in page
    assert "kode ABCD2345" in page


def test_metrics_are_closed_without_a_token_and_to_a_wrong_one(app, client, monkeypatch):
    assert client.get("/metrics").status_code == 404
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "rahasia monitor")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer lain"}).status_code == 401


def test_a_monitor_reads_how_the_site_stands(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "rahasia monitor")
    client.get("/healthz")
    counting.flush()
    client.get("/tidak-ada")
    answer = client.get("/metrics", headers={"Authorization": "Bearer rahasia monitor"})
    assert answer.status_code == 200
    assert answer.content_type == metrics.TYPE
    for line in (
        'simpul_requests_total{status="2xx"} 1.0',
        'simpul_requests_total{status="4xx"} 1.0',
        'simpul_ready{check="database"} 1.0',
        "simpul_clock_running 0.0",
        'simpul_outbox_messages{state="failed"} 0.0',
        "simpul_request_seconds_count 2.0",
    ):
        assert line in answer.text
