"""What an owner hands on: the poster for the stall, and the picture that a shared link shows."""

from flask import Response, abort, url_for
from flask.typing import ResponseReturnValue

from app.accounts.links import site_url
from app.core.access import public
from app.core.caching import kept_page
from app.core.downloads import file_response
from app.enterprises.blueprint import bp
from app.enterprises.keeper import LINK, OFFICE, OWNER, Keeper, kept
from app.enterprises.poster import poster_pdf
from app.enterprises.publication import is_public
from app.enterprises.queries import public_enterprise, revision
from app.enterprises.share_card import card_png


@kept("/poster.pdf", ways=(LINK, OWNER, OFFICE))
def poster(keeper: Keeper) -> ResponseReturnValue:
    """To be printed; only while there is a public page for it to lead to."""
    enterprise = keeper.enterprise
    if not is_public(enterprise) or enterprise.confirmed_at is None:
        abort(404)
    content = poster_pdf(
        enterprise, site_url(url_for(".show", slug=enterprise.slug)), made=enterprise.confirmed_at
    )
    return file_response(content, f"poster-{enterprise.slug}.pdf", "application/pdf")


@bp.get("/ukm/<slug>/kartu.png")
@public
@kept_page(revision)
def share_card(slug: str) -> ResponseReturnValue:
    """What messengers show beside a link to its page. Asked for anew each time: what is taken back is gone from it at once."""
    enterprise = public_enterprise(slug)
    if enterprise is None:
        abort(404)
    return Response(card_png(enterprise), mimetype="image/png")
