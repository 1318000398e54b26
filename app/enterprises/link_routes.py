"""A lost secret link: the owner asks for a new one, the office hands it over."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import pace
from app.accounts.answers import refused
from app.core.access import Role, only, public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.writing import writing
from app.enterprises import links, lost_links
from app.enterprises.blueprint import POSTS, bp, found_or_404
from app.enterprises.screens import place_name
from app.notifications.delivery import is_configured

SENT = "terkirim"


@bp.get("/ukm/tautan")
@public
def lost_link() -> ResponseReturnValue:
    """Ask for a new link; afterwards, what happens next. The page is the same whether the number is known or not."""
    asked = request.args.get("langkah") == SENT
    return render_template(
        "enterprises/lost_link.html", errors={}, contact="", asked=asked, by_email=is_configured()
    )


@bp.post("/ukm/tautan")
@public
@limiter.limit(POSTS)
def ask_again() -> ResponseReturnValue:
    """Send a link to the recorded address, or put the request on the office's list; say the same in every case."""
    typed = request.form.get("kontak", "")[:200]
    page = {"contact": typed, "asked": False, "by_email": is_configured()}
    try:
        contact = lost_links.read_contact(typed)
        with writing():
            pace.note_request(pace.door_to(contact, address=request.remote_addr))
            lost_links.ask_again(contact)
    except RuleBroken as no:
        return refused("enterprises/lost_link.html", {"kontak": no.text}, page, no)
    return redirect(url_for(".lost_link", langkah=SENT), 303)


@bp.get("/dinas/ukm/tautan")
@only(Role.OPERATOR)
def link_requests() -> ResponseReturnValue:
    """Owners who wait for a new link, longest first."""
    return render_template(
        "enterprises/link_requests.html", rows=lost_links.open_requests(), place_name=place_name
    )


@bp.post("/dinas/ukm/<slug>/tautan/tutup")
@only(Role.OPERATOR)
def close_link_request(slug: str) -> ResponseReturnValue:
    """It was not the owner, or nobody answers."""
    with writing():
        links.close_requests(found_or_404(slug))
    flash(_("Permintaan ditutup tanpa tautan baru."), "done")
    return redirect(url_for(".link_requests"), 303)
