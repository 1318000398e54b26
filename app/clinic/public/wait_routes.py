"""The waitlist as visitors see it: join it, see one's place, take what is offered, leave it."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import me, page, private, told
from app.clinic import booking as bookings
from app.clinic import waitlist
from app.clinic.access import let_in, token_of, waiting_by_token
from app.clinic.blueprint import POSTS, bp
from app.clinic.messages import mailed_to
from app.clinic.models import ClinicWaiting
from app.clinic.public.about import visitor_of
from app.clinic.public.forms import Problems, VisitorForm, read_channel, read_id, read_topic
from app.clinic.public.screens import shown, waiting_to_self
from app.clinic.public.times import Wanted
from app.clinic.public.times_routes import times_page
from app.clinic.rules import CHANNEL_NAMES, TOPIC_NAMES, Channel, Topic, WaitState
from app.clinic.settings import consultants, limits
from app.core.access import public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.formatting import moment
from app.core.i18n import _, say
from app.core.text import N_, Text
from app.core.writing import writing
from app.enterprises import parties

ONE = "/klinik/tunggu/<token>"
ASKED = ("topik", "konsultan", "lewat")


@bp.get("/klinik/tunggu")
@public
def wait() -> ResponseReturnValue:
    """For what one waits, and how one is told. ``?topik= ?konsultan= ?lewat=``"""
    return _form(VisitorForm.empty(me(), **{name: request.args.get(name, "")[:40] for name in ASKED}))


@bp.post("/klinik/tunggu")
@public
@limiter.limit(POSTS)
def join() -> ResponseReturnValue:
    """To the end of the line. Where a time is free after all, those who would wait are shown it."""
    form = VisitorForm.read(request.form, me())
    wanted = Wanted(
        topic=read_topic(form.typed["topik"]),
        way=read_channel(form.typed["lewat"]),
        consultant_id=read_id(form.typed["konsultan"]),
    )
    problems = form.problems
    if wanted.topic is None:
        problems = {"topik": Text(N_("Pilih topiknya.")), **problems}
    if problems or wanted.topic is None:
        return _form(form, problems)
    try:
        with writing():
            made = waitlist.join(
                visitor_of(form, me()), topic=wanted.topic, consultant_id=wanted.consultant_id, channel=wanted.way,
                form_key=form.typed["kunci"],
            )  # fmt: skip
            token = token_of(made)
    except RuleBroken as no:
        if no.field == "slot":
            return times_page(wanted, {"waktu": no.text})
        return _form(form, told({}, no))
    flash(_("Anda masuk daftar tunggu. Simpan halaman ini, atau kirim ke WhatsApp Anda."), "done")
    return private(redirect(url_for(".waiting", token=token), 303))


def _form(form: VisitorForm, problems: Problems | None = None) -> ResponseReturnValue:
    people = consultants()
    offered = {code for person in people for code in person.topics}
    minutes = limits().offer_minutes
    return page(
        "clinic/public/wait.html",
        problems=problems,
        typed=form.typed,
        topics=[
            ("", _("Pilih topik")),
            *((one.value, say(TOPIC_NAMES[one])) for one in Topic if one in offered),
        ],
        consultants=[("", _("Siapa saja")), *((str(one.id), one.name) for one in people)],
        ways=[("", _("Cara apa saja")), *((one.value, say(CHANNEL_NAMES[one])) for one in Channel)],
        own=[(parties.key_of(one), parties.name_of(one)) for one in parties.acted_for(me())],
        offer_time=_("%(hours)s jam", hours=minutes // 60)
        if minutes % 60 == 0
        else _("%(minutes)s menit", minutes=minutes),
    )


def _found(token: str) -> ClinicWaiting:
    return waiting_by_token(token) or abort(404)


@bp.get(ONE)
@public
def waiting(token: str) -> ResponseReturnValue:
    """One's place, or the time that is offered until a certain moment."""
    found = _found(token)
    standing = waitlist.standing(found)
    if standing is WaitState.TAKEN and found.booking is not None:
        return private(redirect(url_for(".appointment", token=token_of(found.booking))))
    offered = found.booking if standing is WaitState.OFFERED else None
    title, lead = _said(standing)
    return page(
        "clinic/public/waiting.html",
        waiting=found,
        is_mailed=bool(mailed_to(found)),
        token=token,
        title=title,
        lead=lead,
        is_waiting=standing is WaitState.WAITING,
        offer=shown(offered) if offered else None,
        until=moment(offered.expires_at) if offered else "",
        place=waitlist.place_in_line(found),
        whatsapp=waiting_to_self(found),
        book_url=url_for(".book", topik=found.topic.value, _anchor="waktu"),
        **_asked(found),
    )


def _asked(found: ClinicWaiting) -> dict[str, Any]:
    wanted = waitlist.asked_for(found)
    return {
        "topic": say(TOPIC_NAMES[found.topic]),
        "consultant": wanted.name if wanted else _("Siapa saja"),
        "way": say(CHANNEL_NAMES[found.channel]) if found.channel else _("Cara apa saja"),
    }


def _said(standing: WaitState) -> tuple[str, str]:
    match standing:
        case WaitState.OFFERED:
            return _("Ada waktu untuk Anda"), ""
        case WaitState.WAITING:
            return _("Anda di daftar tunggu"), _("Begitu ada waktu kosong dan giliran Anda, kami kabari.")
        case WaitState.LEFT:
            return _("Anda sudah keluar dari daftar tunggu"), ""
    return _("Tawaran sudah lewat"), _(
        "Waktunya sudah ditawarkan kepada orang berikutnya. Anda bisa membuat janji atau menunggu lagi."
    )


@bp.post(f"{ONE}/ambil")
@public
@limiter.limit(POSTS)
def take_offer(token: str) -> ResponseReturnValue:
    """One tap makes the offer an appointment."""
    _found(token)
    try:
        with writing():
            made = bookings.take_offer(token)
            let_in(made)
            own = token_of(made)
    except RuleBroken as no:
        flash(say(no.text), "error")
        return private(redirect(url_for(".waiting", token=token), 303))
    flash(_("Janji tercatat. Simpan halaman ini, atau kirim ke WhatsApp Anda."), "done")
    return private(redirect(url_for(".appointment", token=own), 303))


@bp.post(f"{ONE}/keluar")
@public
@limiter.limit(POSTS)
def leave(token: str) -> ResponseReturnValue:
    """Out of the line; what was offered goes to the next."""
    _found(token)
    with writing():
        waitlist.leave(_found(token))
    return private(redirect(url_for(".waiting", token=token), 303))
