"""The counter, where numbers are handed out, and the screen of the waiting room."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page
from app.clinic import line
from app.clinic.blueprint import bp, staff
from app.clinic.models import ClinicBooking
from app.clinic.visit.counter import counter_view, given, room_view
from app.clinic.visit.forms import NumberForm, Problems, read_id
from app.clinic.visit.reading import visit_by_id
from app.core.access import Role, keeps_form, only, public
from app.core.database import today
from app.core.text import N_
from app.core.writing import writing


@bp.get("/dinas/klinik/loket")
@only(Role.OPERATOR)
def visit_counter() -> ResponseReturnValue:
    """Who waits, who is expected, and a number for who comes without a time. ``?nomor=``: the one just handed out."""
    return _counter(NumberForm.empty())


@bp.post("/dinas/klinik/loket")
@only(Role.OPERATOR)
@keeps_form(N_("Nomor antrean klinik"))
def visit_number() -> ResponseReturnValue:
    """Hand out the next number of today; a form sent twice hands out one."""
    form = NumberForm.read(request.form)
    if form.problems or form.topic is None:
        return _counter(form, form.problems)
    with writing():
        made = line.take_number(
            topic=form.topic,
            channel=form.channel,
            name=form.typed["nama"],
            phone=form.phone,
            form_key=form.typed["kunci"],
            by=staff(),
        )
        id_ = made.id
    return redirect(url_for(".visit_counter", nomor=id_), 303)


def _counter(form: NumberForm, problems: Problems | None = None) -> ResponseReturnValue:
    return page(
        "clinic/visit/counter.html",
        problems=problems,
        counter=counter_view(),
        typed=form.typed,
        given=_given(),
    )


def _given() -> dict[str, Any] | None:
    id_ = read_id(request.args.get("nomor", ""))
    booking: ClinicBooking | None = visit_by_id(id_) if id_ else None
    if booking is None or booking.queue_day != today():
        return None
    return given(booking)


@bp.get("/klinik/antrean")
@public
def visit_screen() -> ResponseReturnValue:
    """The waiting room's screen, for a television or anybody's phone."""
    return render_template("clinic/visit/screen.html", room=room_view())
