"""``/dinas/ods``: which approved reports have been typed into the ministry's system, and which changed since."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.access import Role, only
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire.models import Report
from app.questionnaire.queries import current_year, years
from app.regions.queries import office_region
from app.review import ods
from app.review.ods import Standing

bp = Blueprint("ods", __name__, url_prefix="/dinas/ods")
LARGEST = 2147483647


@bp.get("")
@only(Role.OPERATOR)
def show() -> ResponseReturnValue:
    """One year's approved reports: not yet there, changed since, there."""
    year = _year() or abort(404)
    wanted = request.args.get("tampil", "")
    standing = Standing(wanted) if wanted in set(Standing) else Standing.OPEN
    counts = ods.counts(year)
    page = ods.page_of(year, standing, counts[standing])
    entries = ods.entries_of([report.id for report in page.rows])
    drifts = {row.id: ods.drift(row, entries[row.id]) for row in page.rows if standing is Standing.DRIFTED}
    return render_template(
        "review/ods.html",
        year=year,
        years=[one for one in years() if one <= (current_year() or one)],
        standing=standing,
        counts=counts,
        page=page,
        entries=entries,
        drifts=drifts,
        region=office_region(current_app.config["REGION"]),
    )


@bp.post("")
@only(Role.OPERATOR)
def mark() -> ResponseReturnValue:
    """Tick the chosen reports as typed into ODS."""
    year = _year() or abort(404)
    seen = _seen()
    if not seen:
        flash(_("Centang sedikitnya satu laporan."), "error")
        return redirect(_back(year), 303)
    with writing():
        marked, passed = ods.mark_entered(seen, by=current_user)
    if marked:
        flash(
            ngettext(
                "%(num)s laporan ditandai sudah masuk ODS.",
                "%(num)s laporan ditandai sudah masuk ODS.",
                marked,
            ),
            "done",
        )
    if passed:
        flash(
            ngettext(
                "%(num)s laporan berubah sejak halaman dibuka, jadi tidak ditandai. Periksa lagi.",
                "%(num)s laporan berubah sejak halaman dibuka, jadi tidak ditandai. Periksa lagi.",
                passed,
            ),
            "warning",
        )
    return redirect(_back(year), 303)


@bp.post(f"/<int(max={LARGEST}):report_id>/batal")
@only(Role.OPERATOR)
def unmark(report_id: int) -> ResponseReturnValue:
    """It was ticked by mistake."""
    report = db.session.get(Report, report_id) or abort(404)
    year = report.year
    with writing():
        ods.unmark(report)
    flash(_("Tanda ODS dibatalkan."), "done")
    return redirect(_back(year), 303)


def _seen() -> dict[int, int]:
    """Report → version, of the ticked rows: ``12.7``."""
    seen = {}
    for typed in request.form.getlist("laporan")[:200]:
        number, _dot, version = typed.partition(".")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (number, version)):
            seen[int(number)] = int(version)
    return seen


def _back(year: int) -> str:
    wanted = request.form.get("tampil", "")
    return url_for(".show", tahun=year, tampil=wanted if wanted in set(Standing) else None)


def _year() -> int | None:
    asked = request.values.get("tahun", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in years():
        return int(asked)
    return current_year()
