"""The unnamed drafts of an import: looked at, and discarded together once their number was seen."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.cooperatives.queries import region
from app.core.access import Role, only
from app.core.i18n import _
from app.core.messages import tell
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.intake.enterprises import drafts
from app.intake.models import ImportJob, ImportState
from app.intake.routes import LARGEST_ID, ONE, found
from app.intake.routes import enterprise_bp as bp

__all__ = ["bp"]
MOST_CHOSEN = 200  # boxes of one page


@bp.get(f"{ONE}/draf")
@only(Role.OPERATOR)
def unnamed(job_id: int) -> ResponseReturnValue:
    """What the file brought without a name, and is a draft still."""
    return _page(_applied(job_id))


@bp.post(f"{ONE}/draf")
@only(Role.OPERATOR)
def discard(job_id: int) -> ResponseReturnValue:
    """Discard the chosen ones, or all that nobody has begun to complete; first it is said how many these are."""
    job = _applied(job_id)
    everything = request.form.get("semua") == "1"
    ids = drafts.untouched(job) if everything else drafts.among(job, _chosen())
    if not ids:
        return _page(job, error=_("Pilih dulu draf yang dibuang."))
    if request.form.get("jumlah") != str(len(ids)):
        return render_template("intake/discard.html", job=job, ids=ids, everything=everything)
    done = 0
    for some in drafts.batches(ids):
        with writing():
            done += enterprises.discard_drafts(some)
    tell("done", ngettext("%(num)s draf dibuang.", "%(num)s draf dibuang.", done))
    job = found(job_id)
    return redirect(url_for(".unnamed" if drafts.count(job) else ".show", job_id=job_id), 303)


def _applied(job_id: int) -> ImportJob:
    job = found(job_id)
    return job if job.state is ImportState.APPLIED else abort(404)


def _chosen() -> list[int]:
    raw = request.form.getlist("pilih")[:MOST_CHOSEN]
    return [
        int(one)
        for one in raw
        if one.isascii() and one.isdigit() and len(one) <= 10 and int(one) <= LARGEST_ID
    ]


def _page(job: ImportJob, error: str = "") -> ResponseReturnValue:
    names = region()
    shown = render_template(
        "intake/drafts.html",
        job=job,
        page=drafts.page_of(job),
        count=drafts.count(job),
        untouched=len(drafts.untouched(job)),
        place_name=lambda code: names.name_of(code) if code else "",
        error=error,
    )
    return shown, 422 if error else 200
