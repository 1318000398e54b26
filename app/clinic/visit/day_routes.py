"""A consultant's day, and calling whoever is next."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clinic import line
from app.clinic.blueprint import bp, staff
from app.clinic.visit.common import wanted_consultant
from app.clinic.visit.day import day_view
from app.core.access import Role, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.i18n import _, say
from app.core.parsing import Unreadable, parse_date
from app.core.writing import writing


@bp.get("/dinas/klinik/hari")
@only(Role.CONSULTANT, Role.OPERATOR)
def visit_day() -> ResponseReturnValue:
    """The visits of one day; today unless ``?tanggal=`` says otherwise, and of oneself unless an operator names another."""
    person = staff()
    consultant = wanted_consultant(request.args.get("konsultan", ""), person)
    if consultant is None:
        return render_template("clinic/visit/no_consultant.html", is_operator=person.has_role(Role.OPERATOR))
    try:
        day = parse_date(request.args.get("tanggal", "")[:40]) or today()
    except Unreadable:
        day = today()
    return render_template("clinic/visit/day.html", day=day_view(consultant, day, person=person))


@bp.post("/dinas/klinik/panggil")
@only(Role.CONSULTANT, Role.OPERATOR)
def visit_call() -> ResponseReturnValue:
    """Call whoever is next for a consultant. Two who call at once get two people."""
    person_id = staff().id
    to_counter = request.form.get("kembali") == "loket"
    after = url_for(".visit_counter") if to_counter else ""
    try:
        with writing():
            person = staff()
            consultant = wanted_consultant(request.form.get("konsultan", ""), person)
            called = line.call_next(consultant, by=person) if consultant else None
            if called is None:
                own = consultant is not None and consultant.user_id == person_id
                flash(_("Tidak ada yang menunggu."), "info")
                after = after or url_for(
                    ".visit_day", konsultan=None if own or consultant is None else consultant.id
                )
            else:
                if to_counter:
                    flash(_("Nomor %(number)s dipanggil.", number=called.queue_number), "done")
                after = after or url_for(".visit_show", booking_id=called.id)
    except RuleBroken as refusal:
        flash(say(refusal.text), "error")
        after = after or url_for(".visit_day")
    return redirect(after, 303)
