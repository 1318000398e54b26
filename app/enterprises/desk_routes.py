"""The office's side of the UKM register: the list, the queue, one card, and what is decided there."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit.downloads import whole_table
from app.core.access import Role, only, step_up
from app.core.database import today
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.i18n import say
from app.core.paging import paginate
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.blueprint import bp, found_or_404, me, refused, seen
from app.enterprises.card import card_facts
from app.enterprises.duplicates import twins_of
from app.enterprises.exports import STAFF, columns_of, rows_as
from app.enterprises.forms import STEPS
from app.enterprises.links import has_live_link, link_address
from app.enterprises.listing import listing
from app.enterprises.lists import rows_of, search
from app.enterprises.lost_links import open_count
from app.enterprises.messages import whatsapp, whatsapp_returned, whatsapp_stale
from app.enterprises.models import Enterprise
from app.enterprises.publication import currency_of, is_public, live_purposes
from app.enterprises.queries import (
    REMINDED_REST,
    events_of,
    merge_of,
    merges_into,
    next_waiting,
    owners_of,
    products_of,
    region,
    to_remind,
    waiting,
    waiting_count,
)
from app.enterprises.rules import PURPOSES, State
from app.enterprises.screens import (
    LOOKS,
    history_lines,
    place_name,
    price_of,
    staff_selects,
    state_name,
)
from app.enterprises.wanted import read_wanted
from app.files.uploads import read_picture

CARD = "/dinas/ukm/<slug>"


@bp.get("/dinas/ukm")
@only(Role.OPERATOR)
def register() -> ResponseReturnValue:
    """Every enterprise: search, also by owner, telephone and NIB; filters, pages; the list as CSV or XLSX, what is private masked."""
    wanted = read_wanted(request.args, public=False)
    found = search(wanted, public=False)
    chosen = request.args.get("format")
    if chosen in ("csv", "xlsx"):
        rows = list(rows_as(STAFF, rows_of(found), region()))
        return table_response(columns_of(STAFF), rows, filename=f"ukm-{today().isoformat()}", suffix=chosen)
    return render_template(
        "enterprises/register.html",
        list=listing(".register", found, wanted),
        selects=staff_selects(wanted),
        waiting=waiting_count(),
        link_requests=open_count(),
        place_name=place_name,
        state_name=state_name,
        looks=LOOKS,
        currency_of=currency_of,
    )


@bp.post("/dinas/ukm/lengkap")
@only(Role.OPERATOR)
@step_up
def register_whole() -> ResponseReturnValue:
    """The filtered list with owners, telephone numbers and addresses, on record."""
    found = search(read_wanted(request.args, public=False), public=False)
    rows = list(rows_as(STAFF, rows_of(found), region()))
    name = f"ukm-lengkap-{today().isoformat()}"
    return whole_table(columns_of(STAFF), rows, filename=name, suffix=request.form.get("format", "csv"))


@bp.get("/dinas/ukm/antrean")
@only(Role.OPERATOR)
def queue() -> ResponseReturnValue:
    """Registrations that wait, oldest first."""
    page = paginate(
        waiting(), by=(Enterprise.submitted_at, Enterprise.id), key=lambda row: (row.submitted_at, row.id)
    )
    return render_template("enterprises/queue.html", page=page, count=waiting_count(), place_name=place_name)


@bp.get("/dinas/ukm/antrean/berikut")
@only(Role.OPERATOR)
def take_next() -> ResponseReturnValue:
    """The registration that waits longest."""
    found = next_waiting()
    return redirect(url_for(".card", slug=found.slug) if found else url_for(".queue"))


@bp.get("/dinas/ukm/pengingat")
@only(Role.OPERATOR)
def reminders() -> ResponseReturnValue:
    """Listings that nobody confirmed for a year: whom to remind, and how."""
    rows = to_remind()
    return render_template(
        "enterprises/reminders.html",
        rows=rows,
        rest=REMINDED_REST,
        currency_of=currency_of,
        place_name=place_name,
        whatsapp={row.id: whatsapp_stale(row) for row in rows},
    )


@bp.post(f"{CARD}/ingatkan")
@only(Role.OPERATOR)
def remind(slug: str) -> ResponseReturnValue:
    """Write to one owner by e-mail, or note that somebody did by WhatsApp."""
    try:
        with writing():
            sent = services.remind(found_or_404(slug))
    except RuleBroken as no:
        flash(say(no.text), "warning")
    else:
        flash(_("Surel pengingat masuk kotak keluar.") if sent else _("Pengingat tercatat."), "done")
    return redirect(url_for(".reminders"), 303)


@bp.get(CARD)
@only(Role.OPERATOR)
def card(slug: str) -> ResponseReturnValue:
    """All that the office knows of one enterprise, and what can be decided."""
    return render_template("enterprises/card.html", errors={}, **_card_page(found_or_404(slug)))


def _card_page(enterprise: Enterprise, link: str = "") -> dict[str, Any]:
    events = events_of(enterprise)
    purposes = live_purposes(enterprise)
    open_states = (State.WAITING, State.RETURNED, State.LISTED, State.HIDDEN)
    return {
        "enterprise": enterprise,
        "state": state_name(enterprise.state),
        "look": LOOKS[enterprise.state],
        "is_public": is_public(enterprise),
        "currency": currency_of(enterprise),
        "groups": card_facts(enterprise),
        "consents": [(sentence, purpose in purposes) for purpose, sentence in PURPOSES.items()],
        "products": products_of(enterprise),
        "price_of": price_of,
        "owners": owners_of(enterprise),
        "has_link": has_live_link(enterprise),
        "twins": twins_of(enterprise) if enterprise.state in open_states else [],
        "merge": merge_of(enterprise),
        "merges": merges_into(enterprise),
        "discarded": any(event.kind == "discarded" for event in events),
        "history": history_lines(events, office=True),
        "photos": [event.picture_token for event in events if event.picture_token],
        "place_name": place_name,
        "state_name": state_name,
        "link": link,
        "to_owner": whatsapp(enterprise.owner_phone, link) if link and enterprise.owner_phone else "",
        "told": whatsapp_returned(enterprise) if enterprise.state is State.RETURNED else "",
        "steps": STEPS,
        "typed": request.form,
    }


@bp.post(f"{CARD}/verifikasi")
@only(Role.OPERATOR)
def verify(slug: str) -> ResponseReturnValue:
    """It is right: into the register. With a note and a photograph of the visit where there was one."""
    words = request.form.get("catatan", "")
    try:
        given = request.files.get("foto")
        picture = read_picture(given, field="foto") if given and given.filename else None
        with writing():
            enterprise = found_or_404(slug)
            entered = enterprise.state is State.WAITING
            services.verify(enterprise, by=me(), words=words, picture=picture, version=seen())
    except RuleBroken as no:
        return refused("enterprises/card.html", {no.field or "": no.text}, **_card_page(found_or_404(slug)))
    flash(_("Diperiksa dan masuk register.") if entered else _("Pemeriksaan tercatat."), "done")
    return _onwards(slug) if entered else redirect(url_for(".card", slug=slug), 303)


@bp.post(f"{CARD}/kembalikan")
@only(Role.OPERATOR)
def give_back(slug: str) -> ResponseReturnValue:
    """Back to the owner, with what is to be corrected."""
    try:
        with writing():
            services.give_back(found_or_404(slug), reason=request.form.get("alasan", ""), version=seen())
    except RuleBroken as no:
        return refused("enterprises/card.html", {no.field or "": no.text}, **_card_page(found_or_404(slug)))
    flash(
        _("Dikembalikan. Pemilik yang menulis surel sudah diberi tahu; yang lain hubungi lewat WhatsApp."),
        "done",
    )
    return redirect(url_for(".card", slug=slug), 303)


def _onwards(slug: str) -> ResponseReturnValue:
    """The next piece of work, where there is one."""
    following = next_waiting()
    return redirect(url_for(".card", slug=following.slug if following else slug), 303)


@bp.post(f"{CARD}/tautan")
@only(Role.OPERATOR)
def new_link(slug: str) -> ResponseReturnValue:
    """A new secret link for the owner, shown on this answer only."""
    try:
        with writing():
            token = services.issue_link(found_or_404(slug))
    except RuleBroken as no:
        return refused("enterprises/card.html", {"": no.text}, **_card_page(found_or_404(slug)))
    page = _card_page(found_or_404(slug), link_address(token))
    return refused("enterprises/card.html", {}, status=200, **page)
