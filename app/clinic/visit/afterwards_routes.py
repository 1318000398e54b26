"""A visitor after the visit: the advice on paper and two questions. A consultant's own calendar feed."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, private, told
from app.clinic.access import booking_by_token
from app.clinic.blueprint import POSTS, bp, staff
from app.clinic.models import ClinicBooking
from app.clinic.rules import State
from app.clinic.settings import consultant_of
from app.clinic.visit import (
    feeds,
    ratings,
)
from app.clinic.visit.forms import mark
from app.clinic.visit.page import paper, when
from app.cooperatives.messages import address
from app.core.access import Role, only, public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import _, say
from app.core.ics import MIMETYPE, calendar
from app.core.office import office
from app.core.writing import writing

OWN = "/klinik/janji/"
RATING = "/klinik/nilai/<string(maxlength=64):token>"


@bp.get("/klinik/janji/<string(maxlength=64):token>/saran")
@public
def own_advice(token: str) -> ResponseReturnValue:
    """The advice of one's own visit, to print."""
    booking = booking_by_token(token)
    if booking is None or not booking.advice:
        abort(404)
    letter = paper(booking, back=OWN + token, back_words=_("Kembali ke janji temu"))
    return private(render_template("clinic/visit/advice.html", paper=letter))


@bp.get(RATING)
@public
def rating(token: str) -> ResponseReturnValue:
    """Two questions about a visit that is over, once."""
    return _rating(_over_or_404(token), token)


@bp.post(RATING)
@public
@limiter.limit(POSTS)
def rate(token: str) -> ResponseReturnValue:
    """Keep both answers without a name."""
    _over_or_404(token)
    useful, clear = mark(request.form, "berguna"), mark(request.form, "jelas")
    try:
        with writing():
            ratings.rate(_over_or_404(token), useful=useful, clear=clear)
    except RuleBroken as refusal:
        return _rating(_over_or_404(token), token, refusal)
    return redirect(url_for(".rating", token=token), 303)


def _over_or_404(token: str) -> ClinicBooking:
    booking = booking_by_token(token)
    if booking is None or booking.state is not State.DONE:
        abort(404)
    return booking


def _rating(booking: ClinicBooking, token: str, refusal: RuleBroken | None = None) -> Response:
    return page(
        "clinic/visit/rate.html",
        problems=told({}, refusal) if refusal else None,
        thanked=booking.is_rated,
        when=when(booking),
        back=OWN + token,
        typed={"berguna": request.form.get("berguna", ""), "jelas": request.form.get("jelas", "")},
        useful=[(str(value), say(word)) for value, word in ratings.USEFUL.items()],
        clear=[(str(value), say(word)) for value, word in ratings.CLEAR.items()],
    )


@bp.get("/dinas/klinik/kalender")
@only(Role.CONSULTANT)
def visit_calendar() -> ResponseReturnValue:
    """Whether a calendar follows the consultant's days."""
    return _calendar("")


@bp.post("/dinas/klinik/kalender")
@only(Role.CONSULTANT)
def change_calendar() -> ResponseReturnValue:
    """Make the secret address anew, which is shown once, or revoke it."""
    with writing():
        consultant = consultant_of(staff().id) or abort(404)
        if request.form.get("tindakan") == "cabut":
            feeds.revoke_feed(consultant)
            secret = ""  # nosec B105 - none
        else:
            secret = feeds.open_feed(consultant)
    if not secret:
        flash(_("Alamat kalender dicabut. Kalender yang memakainya berhenti diperbarui."), "done")
        return redirect(url_for(".visit_calendar"), 303)
    return _calendar(address(f"/klinik/kalender/{secret}.ics"))


def _calendar(feed: str) -> Response:
    consultant = consultant_of(staff().id) or abort(404)
    return page(
        "clinic/visit/calendar.html",
        address=feed,
        address_webcal="webcal://" + feed.partition("://")[2] if feed else "",
        exists=consultant.feed_digest is not None,
    )


@bp.get("/klinik/kalender/<string(maxlength=64):secret>.ics")
@public
def visit_feed_file(secret: str) -> ResponseReturnValue:
    """The consultant's days for a calendar that asks again and again. The address is the secret."""
    consultant = feeds.consultant_by_secret(secret) or abort(404)
    name = _("Klinik %(office)s: %(name)s", office=office().city, name=consultant.name)
    body = calendar(feeds.events_of(consultant), name=name)
    return private(Response(body, content_type=MIMETYPE))
