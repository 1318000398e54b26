"""Back to one's appointment: by its number and the telephone number that it was made with."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pace
from app.accounts.answers import me, page, private, told
from app.clinic.access import read_reference, recovered, token_of
from app.clinic.blueprint import POSTS, bp
from app.clinic.models import ClinicBooking
from app.clinic.public.forms import Problems
from app.clinic.public.queries import bookings_of
from app.clinic.public.screens import shown
from app.clinic.rules import TOPIC_NAMES
from app.cooperatives.codes import admit_code
from app.core.access import public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import _, say
from app.core.parsing import Unreadable, fold_space, parse_phone
from app.core.text import N_, Text
from app.core.writing import writing

WRONG = N_("Nomor janji dan nomor telepon ini tidak cocok. Periksa keduanya, atau telepon kantor.")


@bp.get("/klinik/janji")
@public
def recover() -> ResponseReturnValue:
    """Number and telephone. Whoever is signed in sees their own below."""
    return _recover(request.args.get("nomor", ""), "")


@bp.post("/klinik/janji")
@public
@limiter.limit(POSTS)
def unlock() -> ResponseReturnValue:
    """To the appointment. A try is counted before it is looked up, so guessing finds an end."""
    number, typed = request.form.get("nomor", ""), request.form.get("telepon", "")
    problems: Problems = {}
    reference, phone = read_reference(number), None
    if reference is None:
        problems["nomor"] = Text(N_("Tulis nomornya seperti di pesan, misalnya K7M4-2Q."))
    try:
        phone = parse_phone(typed)
    except Unreadable as wrong:
        problems["telepon"] = wrong.text
    if phone is None and "telepon" not in problems:
        problems["telepon"] = Text(N_("Isi nomor telepon yang Anda tulis waktu membuat janji."))
    if problems:
        return _recover(number, typed, problems)
    try:
        with writing():
            door = admit_code(f"clinic {reference}", address=request.remote_addr)
    except RuleBroken as wait:
        return _recover(
            number,
            typed,
            told({}, RuleBroken(wait.text.template, field="nomor", **wait.text.params)),
            status=429,
        )
    found = recovered(number, phone)
    if found is None:
        return _recover(number, typed, {"nomor": Text(WRONG)})
    token = token_of(found)
    with writing():
        pace.forget(door.account)
    return private(redirect(url_for(".appointment", token=token), 303))


def gone() -> ResponseReturnValue:
    """An address that opens nothing: nobody learns whether there ever was such an appointment."""
    flash(
        _("Janji di alamat ini tidak ada. Buka janji Anda dengan nomor janji dan nomor telepon."), "warning"
    )
    return _recover("", "", status=404)


def _recover(
    number: str, phone: str, problems: Problems | None = None, *, status: int = 200
) -> ResponseReturnValue:
    person = me()
    answer = page(
        "clinic/public/recover.html",
        problems=problems,
        number=read_reference(number[:40]) or fold_space(number)[:20],
        phone=fold_space(phone)[:40],
        own=[_line(one) for one in bookings_of(person)] if person else [],
    )
    if status != 200:
        answer.status_code = status
    return answer


def _line(one: ClinicBooking) -> dict[str, str]:
    return {
        "title": shown(one).long,
        "url": url_for(".appointment", token=token_of(one)),
        "note": f"{say(TOPIC_NAMES[one.topic])} · {one.reference}",
    }
