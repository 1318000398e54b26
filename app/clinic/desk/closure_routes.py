"""Days off: of the whole office, of one consultant, and holidays on which the clinic works all the same; and the clinic's limits."""

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.clinic import settings, waitlist
from app.clinic.blueprint import bp
from app.clinic.calendar_models import ClinicClosure
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.common import NOBODY, Breaks, check_agreed, is_operator, own_consultant
from app.clinic.desk.forms import CLOSURE_LINES, ClosureForm, LimitsForm
from app.clinic.meanwhile import Outdated
from app.clinic.plans import broken_by
from app.clinic.rules import ClosureKind
from app.core.access import Role, keeps_form, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import weekday_date
from app.core.i18n import _
from app.core.text import N_
from app.core.working_days import holidays_of
from app.core.writing import writing

AHEAD = timedelta(days=122)
SUNDAY = 6


@bp.get("/dinas/klinik/libur")
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_closures() -> ResponseReturnValue:
    """What is noted from today on, and a form for more; the address may fill it in."""
    if own_consultant() == NOBODY:
        return page("clinic/visit/no_consultant.html", is_operator=False)
    known = {name: request.args[name][:200] for name in CLOSURE_LINES if name in request.args}
    return _closures(ClosureForm.empty(**known))


@bp.post("/dinas/klinik/libur")
@only(Role.OPERATOR, Role.CONSULTANT)
@keeps_form(N_("Libur atau cuti klinik"))
def desk_add_closure() -> ResponseReturnValue:
    """Note days off. Bookings in them are shown first. A consultant notes own leave only."""
    form = _read(own_consultant())
    if form.problems:
        return _closures(form)
    try:
        with writing():
            settings.line_up()
            proposed = settings.proposed_closure(form.values)
            breaks = check_agreed(broken_by(proposed.consultant_id, with_closures=[proposed]))
            settings.add_closure(form.values)
            waitlist.take_back()
    except Breaks as asks:
        return _closures(form, asks)
    except RuleBroken as refusal:
        form.problems = told({}, refusal)
        return _closures(form)
    return _on(_("Tersimpan."), breaks=breaks)


def _read(own: int | None) -> ClosureForm:
    if own is None:
        ids = [one.id for one in settings.consultants(active_only=False)]
        return ClosureForm.read(request.form, ids)
    if not own:
        abort(404)
    sent = request.form.copy()
    sent["siapa"], sent["jenis"] = str(own), ClosureKind.LEAVE.value
    return ClosureForm.read(sent, [own])


@bp.post("/dinas/klinik/libur/<int(max=2147483647):closure_id>/hapus")
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_remove_closure(closure_id: int) -> ResponseReturnValue:
    """Those days are as all others again."""
    own = own_consultant()
    try:
        with writing():
            settings.line_up()
            closure = _closure_or_404(closure_id, own)
            breaks = check_agreed(broken_by(closure.consultant_id, without_closures=[closure.id]))
            settings.remove_closure(closure)
            waitlist.take_back()
    except Breaks as asks:
        return _closures(ClosureForm.empty(), asks, removing=closure_id)
    return _on(_("Dihapus. Hari itu kembali seperti biasa."), breaks=breaks)


def _closure_or_404(closure_id: int, own: int | None) -> ClinicClosure:
    found = db.session.get(ClinicClosure, closure_id)
    if found is None or (own is not None and (not own or found.consultant_id != own)):
        abort(404)
    return found


def _on(done: str, *, breaks: bool) -> ResponseReturnValue:
    if breaks and is_operator():
        flash(_("%(done)s Pilih waktu baru untuk janji yang terkena.", done=done), "done")
        return redirect(url_for(".desk_broken"), 303)
    if breaks:
        done = _("%(done)s Operator memindahkan janji yang terkena.", done=done)
    flash(done, "done")
    return redirect(url_for(".desk_closures"), 303)


def _closures(form: ClosureForm, asks: Breaks | None = None, *, removing: int = 0) -> ResponseReturnValue:
    own = own_consultant()
    closures = settings.closures_since(today())
    names = {int(id_): name for id_, name in queries.people_choices(active_only=False)}
    shown = [one for one in closures if own is None or one.consultant_id in (None, own)]
    return page(
        "clinic/desk/closures.html",
        problems=form.problems,
        form=form,
        people=queries.people_choices(),
        closures=[screens.closure_line(one, names) | {"may": _may_remove(one, own)} for one in shown],
        holidays=_holidays(closures) if own is None else [],
        is_operator=own is None,
        broken=asks.lines if asks else [],
        agreed=asks.agreed if asks else "",
        removing=removing,
    )


def _may_remove(closure: ClinicClosure, own: int | None) -> bool:
    return own is None or closure.consultant_id == own


def _holidays(closures: list[ClinicClosure]) -> list[dict[str, Any]]:
    """The holidays of the months to come but for Sundays, and whether the whole clinic works on them."""
    first = today()
    last = first + AHEAD
    days = {**holidays_of(first.year), **holidays_of(last.year)}
    return [
        {
            "day": weekday_date(day),
            "iso": day.isoformat(),
            "name": name,
            "is_open": _works_on(day, closures),
        }
        for day, name in sorted(days.items())
        if first <= day <= last and day.weekday() != SUNDAY
    ]


def _works_on(day: date, closures: list[ClinicClosure]) -> bool:
    return any(
        one.kind is ClosureKind.OPEN and one.consultant_id is None and one.starts_on <= day <= one.ends_on
        for one in closures
    )


@bp.get("/dinas/klinik/batas")
@only(Role.OPERATOR)
def desk_limits() -> ResponseReturnValue:
    """How long seats are held, how many one person may book, and until when."""
    return _limits(LimitsForm.of(settings.limits()))


@bp.post("/dinas/klinik/batas")
@only(Role.OPERATOR)
@keeps_form(N_("Batas klinik"))
def desk_set_limits() -> ResponseReturnValue:
    """Keep the limits."""
    form = LimitsForm.read(request.form)
    if form.problems:
        return _limits(form)
    try:
        with writing():
            settings.set_limits(seen=form.seen, **form.values)
    except Outdated:
        stands = LimitsForm.of(settings.limits())
        form.seen = stands.seen
        return _limits(form, stands)
    flash(_("Batas klinik tersimpan. Janji yang sudah ada tidak berubah."), "done")
    return redirect(url_for(".desk_limits"), 303)


def _limits(form: LimitsForm, stands: LimitsForm | None = None) -> ResponseReturnValue:
    """The form; with ``stands``, what somebody else set meanwhile."""
    inputs = _limit_inputs()
    theirs = [
        (label, f"{stands.typed[name]} {unit}")
        for name, label, unit, _hint in inputs
        if stands is not None and stands.typed[name] != form.typed[name]
    ]
    return page(
        "clinic/desk/limits.html",
        problems=form.problems,
        status=409 if stands else 200,
        form=form,
        theirs=theirs,
        inputs=inputs,
    )


def _limit_inputs() -> list[tuple[str, str, str, str]]:
    minutes = _("menit")
    return [
        ("tahan", _("Waktu ditahan selama formulir diisi"), minutes, ""),
        ("janji", _("Janji yang belum selesai untuk satu orang"), _("janji"), _("Dihitung menurut nomor telepon, koperasi, atau UKM.")),
        ("akhir", _("Paling lambat pindah atau batal lewat situs"), minutes, _("Sebelum janji mulai. Sesudah itu lewat kantor.")),
        ("tawaran", _("Waktu menjawab tawaran dari daftar tunggu"), minutes, _("Sesudah itu giliran berikutnya.")),
        ("muka", _("Pengunjung bisa memesan sampai"), _("hari ke depan"), ""),
        ("lama", _("Lama tiap janji, untuk jam baru"), minutes, ""),
        ("jeda", _("Jeda sesudahnya, untuk jam baru"), minutes, ""),
    ]  # fmt: skip
