"""One's own appointment, by its secret address: fill in who comes, then show it, say that one comes, move or cancel it.

Opening an address changes nothing, whoever opens it (a messenger looks at links too): each deed is a button of the page.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import me, page, private, told
from app.clinic import booking as bookings
from app.clinic.access import booking_by_token, let_in
from app.clinic.blueprint import POSTS, bp
from app.clinic.messages import booking_link, note_to_self
from app.clinic.models import ABOUT, ClinicBooking
from app.clinic.public import screens as screens
from app.clinic.public.about import ABOUT_LINES, visitor_of
from app.clinic.public.forms import Problems, VisitorForm, read_channel, read_files
from app.clinic.public.queries import follow_ups
from app.clinic.public.recovery_routes import gone
from app.clinic.public.times import Wanted, offer
from app.clinic.public.times_routes import arguments_of, read_wanted, times_page
from app.clinic.public.who import who_page
from app.clinic.rules import State
from app.clinic.waitlist import is_there
from app.core import ics
from app.core.access import public
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.formatting import moment
from app.core.i18n import _, say
from app.core.qr import qr_svg
from app.core.writing import writing
from app.files.queries import files_about

ONE = "/klinik/janji/<token>"
TIME_FIELDS = ("slot", "saluran")
"""What a service complains of when the time itself cannot be had."""
FORM = (State.HELD, State.EXPIRED)
"""States in which the seat may still be had by filling in the form."""


@bp.get(ONE)
@public
def appointment(token: str) -> ResponseReturnValue:
    """The form of a time that is held, or the appointment that came of it."""
    found = booking_by_token(token)
    if found is None or found.erased_at is not None:
        return gone()
    if found.state in FORM and not found.name:
        return who_page(found, token, _known(found))
    return _own(found, token)


@bp.post(ONE)
@public
@limiter.limit(POSTS)
def fill_in(token: str) -> ResponseReturnValue:
    """Make the hold an appointment. Sent twice it is one; where the time was lost meanwhile, what was typed goes along to the
    next."""
    found = booking_by_token(token)
    if found is None:
        return gone()
    topic = found.topic
    form = VisitorForm.read(request.form, me())
    problems = dict(form.problems)
    try:
        files = read_files(request.files.getlist("berkas"))
    except RuleBroken as no:
        problems, files = told(problems, no), []
    if problems and found.state in FORM:
        return who_page(found, token, form, problems)
    try:
        with writing():
            way = read_channel(form.typed["lewat"])
            made = bookings.book(token, visitor_of(form, me()), files=files, channel=way)
            let_in(made)
    except RuleBroken as no:
        if no.field in TIME_FIELDS:
            return times_page(Wanted(topic=topic), {"waktu": no.text})
        return who_page(booking_by_token(token), token, form, told({}, no))
    flash(_("Janji tercatat. Simpan halaman ini, atau kirim ke WhatsApp Anda."), "done")
    return private(redirect(url_for(".appointment", token=token), 303))


def _known(found: ClinicBooking) -> VisitorForm:
    """The form of a new hold: what the site knows of its holder, and what led here."""
    about = {name: request.args.get(name, "")[:300] for name in ABOUT_LINES}
    return VisitorForm.empty(me(), **about, pertanyaan=about["soal"], lewat=found.channel.value)


def _own(found: ClinicBooking, token: str, problems: Problems | None = None) -> ResponseReturnValue:
    let_in(found)
    files = files_about(ABOUT, found.id)
    is_open = found.state is State.BOOKED and found.starts_at > now()
    is_shaken = is_open and not is_there(found)
    until = bookings.may_change_until(found)
    return page(
        "clinic/public/show.html",
        problems=problems,
        booking=found,
        token=token,
        shown=screens.shown(found),
        key=found.slot_key,
        state=screens.state_of(found),
        how=screens.how(found),
        asks=not is_shaken and screens.asks_to_confirm(found),
        is_open=is_open,
        is_shaken=is_shaken,
        may_change=found.state is State.BOOKED and now() <= until,
        until=moment(until),
        whatsapp=note_to_self(found),
        files=files,
        follow_ups=follow_ups(found),
        undo=screens.undoing(found, with_files=bool(files)),
        ways_on=screens.ways_on(found, token),
    )


def _found(token: str) -> ClinicBooking:
    """The appointment of an address; for everybody else there is none."""
    found = booking_by_token(token)
    if found is None or found.state in FORM or found.erased_at is not None:
        abort(404)
    return found


@bp.post(f"{ONE}/datang")
@public
@limiter.limit(POSTS)
def confirm(token: str) -> ResponseReturnValue:
    """ "I will come", from a reminder."""
    _found(token)
    return _deed(
        token, lambda: bookings.confirm(_found(token), seen=_seen()), _("Terima kasih. Kami menunggu Anda.")
    )


@bp.post(f"{ONE}/batal")
@public
@limiter.limit(POSTS)
def cancel(token: str) -> ResponseReturnValue:
    """Give the time back."""
    _found(token)
    return _deed(
        token,
        lambda: bookings.cancel(_found(token), seen=_seen()),
        _("Janji dibatalkan. Waktunya langsung bisa dipakai orang lain."),
    )


def _seen() -> str:
    """The time that the page showed on which a button was pressed."""
    return request.form.get("semula", "")[:40]


def _deed(token: str, work: Callable[[], object], done: str) -> ResponseReturnValue:
    try:
        with writing():
            work()
    except RuleBroken as no:
        flash(say(no.text), "error")
    else:
        flash(done, "done")
    return private(redirect(url_for(".appointment", token=token), 303))


@bp.get(f"{ONE}/pindah")
@public
def move(token: str) -> ResponseReturnValue:
    """Which other time."""
    return _times(_found(token), token)


@bp.post(f"{ONE}/pindah")
@public
@limiter.limit(POSTS)
def move_to(token: str) -> ResponseReturnValue:
    """One tap moves it: the old time is free only once the new one is had."""
    _found(token)
    try:
        with writing():
            bookings.move(_found(token), request.form.get("waktu", ""), seen=_seen())
    except RuleBroken as no:
        return _times(_found(token), token, {"waktu": no.text})
    flash(_("Janji sudah pindah. Kalender di ponsel perlu disimpan sekali lagi."), "done")
    return private(redirect(url_for(".appointment", token=token), 303))


def _times(found: ClinicBooking, token: str, problems: Problems | None = None) -> ResponseReturnValue:
    asked = read_wanted(request.args)
    wanted = Wanted(found.topic, asked.way, asked.consultant_id, asked.since, asked.as_list)

    def address(**changes: Any) -> str:
        """This page with other arguments."""
        return url_for(".move", token=token, _anchor="waktu", **(arguments_of(wanted) | changes))

    times = offer(wanted, action=url_for(".move", token=token), address=address, instead_of=found)
    return page(
        "clinic/public/move.html",
        problems=problems,
        booking=found,
        token=token,
        shown=screens.shown(found),
        key=found.slot_key,
        times=times,
    )


@bp.get(f"{ONE}/janji.ics")
@public
def calendar_file(token: str) -> ResponseReturnValue:
    """The appointment for a calendar."""
    found = _found(token)
    answer = Response(screens.calendar_of(found), content_type=ics.MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="janji-{found.reference}.ics"'
    return private(answer)


@bp.get(f"{ONE}/cetak")
@public
def paper(token: str) -> ResponseReturnValue:
    """The appointment on paper, with the way back to it."""
    found = _found(token)
    return page(
        "clinic/public/paper.html",
        booking=found,
        token=token,
        shown=screens.shown(found),
        how=screens.how(found),
        qr=qr_svg(booking_link(found), _("Kode QR ke halaman janji")),
    )
