"""Home, the guide, the pages about the site itself, and (in development) the sheet of components."""

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.content import queries as content
from app.cooperatives.queries import revision
from app.core.access import public
from app.core.caching import kept_page
from app.core.i18n import locale
from app.pages import guide as guides
from app.pages import home as homes
from app.pages import machine_routes, search_routes
from app.pages.blueprint import bp
from app.pages.samples import samples
from app.questionnaire.queries import current_year
from app.review import queries as review

__all__ = ["bp"]
VIEWS = (search_routes, machine_routes)
"""The modules whose views the blueprint carries, imported so that they are there."""


@bp.get("/")
@public
@kept_page(homes.revision)
def home() -> ResponseReturnValue:
    """What three kinds of visitor can do here, what closes soon, what is new, and how far this year's reports are."""
    year = current_year()
    progress = review.progress(year) if year else None
    services = content.services()
    return render_template(
        "pages/home.html",
        progress=progress,
        visitors=homes.visitors(services),
        services=[homes.service_way(page) for page in services[: homes.SERVICES]],
        newest=homes.newest(),
        deadlines=homes.deadlines(progress),
        is_open=homes.is_open_today(),
        today=homes.today_said(),
        next_visit=homes.next_visit(),
    )


@bp.get("/panduan")
@public
@kept_page(revision)
def guide() -> ResponseReturnValue:
    """Which guide for whom."""
    return render_template("pages/guides.html", guides=guides.GUIDES)


@bp.get("/panduan/<slug>")
@public
@kept_page(revision)
def guide_page(slug: str) -> ResponseReturnValue:
    """One role's guide."""
    found = guides.by_slug(slug) or abort(404)
    text, translated = guides.text_of(found, locale())
    return render_template("pages/guide.html", guide=found, text=text, translated=translated)


@bp.get("/privasi")
@public
@kept_page(revision)
def privacy() -> ResponseReturnValue:
    """What personal data the site keeps, why, and for how long."""
    return render_template("pages/privacy.html")


@bp.get("/tanpa-jaringan")
@public
@kept_page(revision)
def no_network() -> ResponseReturnValue:
    """What a phone shows without a network in place of a page that it has never read."""
    return render_template("pages/no_network.html")


@bp.get("/komponen")
@public
def components() -> ResponseReturnValue:
    """Each component in each state; for development only."""
    if not (current_app.debug or current_app.testing or current_app.config["DEVELOPMENT"]):
        abort(404)
    return render_template("pages/komponen.html", sample=samples())
