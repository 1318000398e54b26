"""Addresses of running the site: is it alive, is it ready, how does it stand."""

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.audit.verification import length as trail_length
from app.core.access import Role, only, public
from app.core.database import now
from app.notifications.queries import counts
from app.operations import health, lease, queries, settings
from app.operations.rules import LEAST_FREE, readable_size
from app.operations.scheduler import jobs_of

bp = Blueprint("operations", __name__)
bp.add_app_template_filter(readable_size, "size")


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is looked at."""
    return _probe({"status": "ok"}, 200)


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """503 unless the database answers, its schema fits the code, and the disk has room."""
    found = health.readiness()
    checks = {"database": found.database, "migrations": found.migrations, "disk": found.disk}
    return _probe(
        {"status": "ok" if found.is_ready else "not ready", "checks": checks}, 200 if found.is_ready else 503
    )


def _probe(content: dict[str, object], status: int) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/dinas/sistem")
@only(Role.ADMIN)
def system() -> ResponseReturnValue:
    """Version, database, mail, clock, disk and settings on one page, in plain words."""
    found = health.disk()
    holder = lease.holder()
    return render_template(
        "operations/system.html",
        version=health.version(),
        database=health.database_kind(),
        database_size=health.database_size(),
        current=sorted(health.current_revisions()),
        expected=sorted(health.expected_revisions()),
        disk=found,
        disk_is_low=found.free < LEAST_FREE,
        mail=counts(),
        trail_length=trail_length(),
        clock_until=holder[1] if holder and holder[1] > now() else None,
        jobs=queries.last_runs(list(jobs_of(current_app).values())),
        failures=queries.recent_failures(),
        settings=settings.settings(),
        remarks=settings.remarks(),
    )
