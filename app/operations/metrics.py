"""What ``/metrics`` tells a monitor, in the words of Prometheus. Sums of all processes, which the database keeps; what this
process has counted since the last minute is added.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from app.core.database import now
from app.notifications import queries as mail
from app.operations import health, lease, queries, state
from app.operations.counting import STEPS, answers

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

TYPE = "text/plain; version=0.0.4; charset=utf-8"


def may_read() -> bool | None:
    """Whether the monitor that asks knows the token; None where there is none, and so nothing to read."""
    token = str(current_app.config["METRICS_TOKEN"])
    if not token:
        return None
    return hmac.compare_digest(f"Bearer {token}".encode(), request.headers.get("Authorization", "").encode())


def text() -> bytes:
    """Everything, as the monitor reads it."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Site())
    return bytes(generate_latest(registry))


class _Site:
    """What the library asks for figures."""

    def describe(self) -> list[Any]:
        """Nothing ahead: the figures are read when they are asked for."""
        return []

    def collect(self) -> Iterator["Metric"]:
        """Each figure."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        found = health.readiness()
        yield InfoMetricFamily("simpul", "Version of the site.", {"version": health.version()})
        checks = GaugeMetricFamily("simpul_ready", "1 where a check passes.", labels=["check"])
        for name in ("database", "migrations", "disk"):
            checks.add_metric([name], float(getattr(found, name)))
        yield checks
        room = health.disk()
        yield GaugeMetricFamily("simpul_disk_free_bytes", "Room where the instance folder stands.", room.free)
        if not found.database:
            return
        yield GaugeMetricFamily("simpul_database_bytes", "Size of the database.", health.database_size())
        yield from _answers()
        yield from _work()


def _answers() -> Iterator["Metric"]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    sums = answers().look()
    sums.update(queries.totals())
    requests = CounterMetricFamily(
        "simpul_requests", "Answers by status; not pages handed out at the door.", labels=["status"]
    )
    for name in sorted(sums):
        if name.startswith("status_"):
            requests.add_metric([name.removeprefix("status_")], sums[name])
    yield requests
    so_far, buckets = 0, []
    for step in STEPS:
        so_far += sums[f"within_{step}"]
        buckets.append((str(step / 1000), float(so_far)))
    buckets.append(("+Inf", float(so_far + sums["longer"])))
    yield HistogramMetricFamily("simpul_request_seconds", "How long answers took.", buckets=buckets, sum_value=sums["milliseconds"] / 1000)  # fmt: skip


def _work() -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    outbox = GaugeMetricFamily("simpul_outbox_messages", "Messages by state.", labels=["state"])
    for name, number in mail.counts().items():
        outbox.add_metric([str(name)], number)
    yield outbox
    held = lease.holder()
    runs = float(bool(held and lease.is_held(held[1])))
    yield GaugeMetricFamily("simpul_clock_running", "1 where a process acts by the clock.", runs)
    yield GaugeMetricFamily("simpul_jobs_failing", "Jobs whose latest run failed.", len(queries.failing()))
    backups, _refusal = state.known_backups()
    if backups:
        made = backups[0].named.made_at
        yield GaugeMetricFamily("simpul_backup_age_seconds", "Age of the newest backup.", _since(made))
    if drill := queries.last_drill():
        yield GaugeMetricFamily(
            "simpul_drill_age_seconds", "Time since a backup was tried.", _since(drill.at)
        )
        yield GaugeMetricFamily("simpul_drill_passed", "1 where it could be restored.", float(drill.passed))


def _since(moment: datetime) -> float:
    return (now() - moment).total_seconds()
