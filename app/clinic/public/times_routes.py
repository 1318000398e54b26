"""Choosing a topic and a time, without an account. A time that is taken is held while its form is filled in."""

import secrets
from typing import Any

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import me, private, shown
from app.accounts.digests import short_digest
from app.accounts.rules import network_of
from app.clinic import booking, holding
from app.clinic.access import booking_by_token, let_in
from app.clinic.blueprint import POSTS, bp
from app.clinic.holding import Holder
from app.clinic.public.about import ABOUT_LINES, visitor_of
from app.clinic.public.forms import Problems, VisitorForm, read_channel, read_id, read_topic
from app.clinic.public.times import Wanted, offer
from app.clinic.public.who import who_page
from app.clinic.rules import TOPIC_HINTS, TOPIC_NAMES, Topic
from app.clinic.settings import consultants
from app.core.access import public
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import _, say
from app.core.parsing import Unreadable, parse_date
from app.core.text import N_, Text
from app.core.writing import writing

BROWSER = "klinik_peramban"  # in the session: a random name, by which one browser holds one seat
CARRIED = ("nama", "telepon", "surel", "untuk", "kecamatan", "pertanyaan")
"""What somebody had typed when their time was lost: it goes along to the next."""
FILES = "lampiran"
"""The input that says that files were chosen too. They cannot go along: the browser forgets them."""
FILES_LOST = N_("Lampiran tadi tidak ikut ke waktu ini. Pilih lagi berkasnya, atau lanjutkan tanpa lampiran.")


@bp.get("/klinik")
@public
def book() -> ResponseReturnValue:
    """Which topic, then which time. ``?topik= ?lewat= ?konsultan= ?mulai= ?tampil=daftar``; a link from elsewhere may add what
    it is about (``?soal=``, ``?laporan=`` and ``?kode=``)."""
    return times_page(read_wanted(request.args))


@bp.post("/klinik")
@public
@limiter.limit(POSTS)
def take() -> ResponseReturnValue:
    """Hold the time that was tapped, and ask who comes. Whoever had filled in the form already has it booked at once, unless files
    belonged to it: those are asked for again."""
    wanted = read_wanted(request.form)
    if wanted.topic is None:
        return times_page(wanted, {"topik": Text(N_("Pilih topiknya dulu."))})
    known = VisitorForm.read(request.form, me()) if request.form.get("nama") else None
    asks_again = known is not None and bool(request.form.get(FILES))
    try:
        with writing():
            _held, token = holding.hold(
                request.form.get("waktu", ""), topic=wanted.topic, channel=wanted.way, holder=holder()
            )
            if known is not None and not known.problems and not asks_again:
                let_in(booking.book(token, visitor_of(known, me())))
    except RuleBroken as no:
        return times_page(wanted, {"waktu": no.text})
    if known is not None and asks_again:
        return who_page(booking_by_token(token), token, known, {"berkas": Text(FILES_LOST)} | known.problems)
    if known is not None and not known.problems:
        flash(_("Janji tercatat. Simpan halaman ini, atau kirim ke WhatsApp Anda."), "done")
    about: dict[str, Any] = {name: request.form.get(name, "")[:300] or None for name in ABOUT_LINES}
    return private(redirect(url_for(".appointment", token=token, **about), 303))


def holder() -> Holder:
    """Who chooses: this browser, and unless somebody is signed in its network."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(16)
    network = "" if me() else short_digest("clinic-network", network_of(request.remote_addr))
    return Holder(short_digest("clinic-browser", str(session[BROWSER])), network)


def read_wanted(sent: Any) -> Wanted:
    """What an address or a form looks for; what makes no sense is left out."""
    try:
        since = parse_date(sent.get("mulai", "")[:40])
    except Unreadable:
        since = None
    return Wanted(
        topic=read_topic(sent.get("topik", "")),
        way=read_channel(sent.get("lewat", "")),
        consultant_id=read_id(sent.get("konsultan", "")),
        since=since if since and since > today() else None,
        as_list=sent.get("tampil") == "daftar",
    )


def arguments_of(wanted: Wanted) -> dict[str, Any]:
    """What an address says of the times that are looked for, the topic left out."""
    return {
        "lewat": wanted.way,
        "konsultan": wanted.consultant_id,
        "mulai": wanted.since and wanted.since.isoformat(),
        "tampil": "daftar" if wanted.as_list else None,
    }


def times_page(wanted: Wanted, problems: Problems | None = None) -> ResponseReturnValue:
    """Topics, and the times of the one that was chosen. What somebody had typed before goes along."""
    sent = request.form if request.method == "POST" else request.args
    about = {name: sent.get(name, "")[:300] for name in ABOUT_LINES}
    carried = {name: sent.get(name, "")[:2500] for name in CARRIED} if request.method == "POST" else {}
    if any(one.filename for one in request.files.getlist("berkas")) or (carried and sent.get(FILES)):
        carried[FILES] = "1"

    def address(**changes: Any) -> str:
        """This page with other arguments."""
        named = {"topik": wanted.topic} | arguments_of(wanted) | about | changes
        return url_for(".book", _anchor="waktu", **{name: value or None for name, value in named.items()})

    times = offer(wanted, action=url_for(".book"), address=address) if wanted.topic else None
    page = render_template(
        "clinic/public/book.html",
        topics=_topics(about),
        topic=wanted.topic.value if wanted.topic else "",
        topic_name=say(TOPIC_NAMES[wanted.topic]) if wanted.topic else "",
        times=times,
        about=about,
        carried={**about, **carried},
        wait_url=url_for(
            ".wait", topik=wanted.topic, konsultan=wanted.consultant_id, lewat=wanted.way and wanted.way.value
        ),
        errors=shown(problems or {}),
    )
    answer = make_response(page, 409 if problems else 200)
    return private(answer) if request.method == "POST" else answer


def _topics(about: dict[str, str]) -> list[dict[str, str]]:
    """What somebody who receives people now can be consulted about."""
    offered = {code for person in consultants() for code in person.topics}
    named: dict[str, Any] = {name: value or None for name, value in about.items()}
    return [
        {
            "code": topic.value,
            "name": say(TOPIC_NAMES[topic]),
            "hint": say(TOPIC_HINTS[topic]),
            "url": url_for(".book", topik=topic.value, _anchor="waktu", **named),
        }
        for topic in Topic
        if topic.value in offered
    ]
