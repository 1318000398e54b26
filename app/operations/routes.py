"""Addresses of running the site: is it alive, is it ready, how does it stand, and what an admin may ask of it."""

from flask import (  # fmt: skip
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.audit.services import record
from app.audit.verification import length as trail_length
from app.core.access import Role, only, public, step_up
from app.core.database import today
from app.core.text import N_
from app.core.writing import writing
from app.operations import health, lease, metrics, queries, records, settings, state
from app.operations.backup import words
from app.operations.backup.folder import Backup
from app.operations.backup.working import DRILL_JOB, JOB
from app.operations.models import TroubleKind
from app.operations.rules import LOOK_BACK, readable_size
from app.operations.scheduler import jobs_of

bp = Blueprint("operations", __name__)
bp.add_app_template_filter(readable_size, "size")
bp.add_app_template_filter(words.label, "backup_label")
bp.add_app_template_filter(words.for_reader, "backup_words")
LOCAL = frozenset({"127.0.0.1", "::1"})
ASKED = {
    JOB: N_("Cadangan dimulai dalam setengah menit. Muat ulang halaman ini untuk melihat hasilnya."),
    DRILL_JOB: N_("Uji pulih dimulai dalam setengah menit. Muat ulang halaman ini untuk melihat hasilnya."),
}
"""Jobs that an admin may ask for, and what is said then."""


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


@bp.get("/metrics")
@public
def read_metrics() -> ResponseReturnValue:
    """Figures for a monitor that knows the token; where none is set there is no such page."""
    if (allowed := metrics.may_read()) is None:
        abort(404)
    if not allowed:
        return Response("Bearer token?\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    answer = Response(metrics.text(), content_type=metrics.TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/dinas/sistem")
@only(Role.ADMIN)
def system() -> ResponseReturnValue:
    """How the site stands, what to do, backups, jobs, troubles and settings, in plain words."""
    backups, refusal = state.known_backups()
    signs, since = state.signs(backups, refusal), today() - LOOK_BACK
    held = lease.holder()
    return render_template(
        "operations/system.html",
        signs=signs,
        light=state.the_worst(signs),
        version=health.version(),
        trail_length=trail_length(),
        clock_runs=bool(held and lease.is_held(held[1])),
        backups=backups or [],
        jobs=queries.last_runs(list(jobs_of(current_app).values())),
        failures=queries.recent_failures(),
        title_of=state.title_of,
        errors=queries.worst_pages(TroubleKind.ERROR, since),
        slow=queries.worst_pages(TroubleKind.SLOW, since),
        settings=settings.settings(),
        remarks=settings.remarks(),
    )


@bp.post("/dinas/sistem/pekerjaan/<name>")
@only(Role.ADMIN)
def ask_for(name: str) -> ResponseReturnValue:
    """Let the clock do something now: it may take minutes, for which no page should wait."""
    if name not in ASKED:
        abort(404)
    with writing():
        records.wish(name, current_user.name)
        record("backup.asked", kind="backup", subject_id=None, name=name)
    flash(_(ASKED[name]), "done")
    return redirect(url_for("operations.system", _anchor="cadangan"))


@bp.post("/dinas/sistem/cadangan/<name>")
@only(Role.ADMIN)
@step_up
def download(name: str) -> ResponseReturnValue:
    """One backup as a file. One that anybody can read leaves only by a line that nobody else reads."""
    backup = _found(name)
    if not (backup.named.sealed or request.is_secure or request.remote_addr in LOCAL):
        flash(
            _(
                "Cadangan ini tidak disandikan dan sambungan Anda tanpa https. Isi SIMPUL_BACKUP_PASSPHRASE, buat cadangan baru, "
                "lalu unduh yang itu."
            ),
            "warning",
        )
        return redirect(url_for("operations.system", _anchor="cadangan"))
    with writing():
        record("backup.downloaded", kind="backup", subject_id=None, name=name)
    answer = send_file(backup.path, as_attachment=True, download_name=name, max_age=0, conditional=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _found(name: str) -> Backup:
    """The backup called ``name``, if it is one of ours."""
    backups, _refusal = state.known_backups()
    found = next((backup for backup in backups or [] if backup.path.name == name), None)
    return found or abort(404)
