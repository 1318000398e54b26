"""What everybody reads: services, news, about the office, public information, accessibility."""

from typing import Any

from flask import Response, abort, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.content import queries
from app.content.blueprint import bp
from app.content.models import ContentPage
from app.content.queries import revision
from app.content.reading import read
from app.content.rules import ACCESSIBILITY, SECTIONS, Kind
from app.content.screens import as_shown, upkeep
from app.core.access import public
from app.core.caching import kept_page
from app.core.i18n import locale

ASK_SERVICE = "desk.ask"
ASK_INFORMATION = "desk.ask_information"
"""Addresses of a higher floor, used where they exist."""


@bp.get("/layanan")
@public
@kept_page(revision)
def services() -> ResponseReturnValue:
    """The services by what people come for."""
    return render_template("content/services.html", groups=_grouped(Kind.SERVICE))


@bp.get("/layanan/<slug>")
@public
@kept_page(revision)
def service(slug: str) -> ResponseReturnValue:
    """One service: who, what to bring, steps, time, cost, law, how to reach the office."""
    page = _found(Kind.SERVICE, slug)
    return render_template(
        "content/service.html", ask_url=_address(ASK_SERVICE, slug=slug), **_of(page), shown=as_shown(page)
    )


@bp.get("/kabar")
@public
@kept_page(revision)
def stories() -> ResponseReturnValue:
    """The news, newest first."""
    page = queries.news()
    stories = [(row, read(row, locale()), queries.day_of(row)) for row in page.rows]
    return render_template("content/stories.html", list=page, stories=stories)


@bp.get("/kabar/<slug>")
@public
@kept_page(revision)
def story(slug: str) -> ResponseReturnValue:
    """One piece of news."""
    page = _found(Kind.NEWS, slug)
    return render_template("content/story.html", day=queries.day_of(page), **_of(page))


@bp.get("/kabar/umpan.xml")
@public
@kept_page(revision)
def feed() -> Response:
    """The newest news as an Atom feed."""
    rows = [(page, read(page, locale())) for page in queries.latest_news()]
    answer = make_response(render_template("content/feed.xml", rows=rows))
    answer.mimetype = "application/atom+xml"
    return answer


@bp.get("/tentang")
@public
@kept_page(revision)
def about() -> ResponseReturnValue:
    """The office: what it does, who works there, where and when."""
    pages = [page for page in queries.public_pages_of(Kind.ABOUT) if page.section != ACCESSIBILITY]
    order = [section.code for section in SECTIONS[Kind.ABOUT]]
    pages.sort(key=lambda page: (order.index(page.section), page.position, page.id))
    sections = [(page, read(page, locale()), upkeep(page)) for page in pages]
    return render_template("content/about.html", sections=sections)


@bp.get("/informasi-publik")
@public
@kept_page(revision)
def information() -> ResponseReturnValue:
    """Public information by its category in law."""
    return render_template(
        "content/information.html", groups=_grouped(Kind.INFORMATION), ask_url=_address(ASK_INFORMATION)
    )


@bp.get("/informasi-publik/<slug>")
@public
@kept_page(revision)
def entry(slug: str) -> ResponseReturnValue:
    """One piece of public information, with its documents."""
    page = _found(Kind.INFORMATION, slug)
    return render_template("content/entry.html", **_of(page))


@bp.get("/aksesibilitas")
@public
@kept_page(revision)
def accessibility() -> ResponseReturnValue:
    """How far everybody can use this site, and what is known to be lacking."""
    page = queries.accessibility_page()
    if page is None:
        abort(404)
    return render_template("content/statement.html", **_of(page))


def _found(kind: Kind, slug: str) -> ContentPage:
    page = queries.public_page(kind, slug)
    if page is None:
        abort(404)
    return page


def _of(page: ContentPage) -> dict[str, Any]:
    """What every page of ours shows."""
    return {"page": page, "text": read(page, locale()), "upkeep": upkeep(page)}


def _grouped(kind: Kind) -> list[dict[str, Any]]:
    """The sections of ``kind`` with their pages, in the order in which people look for them."""
    pages = queries.public_pages_of(kind)
    return [
        {
            "section": section,
            "pages": [(page, read(page, locale())) for page in pages if page.section == section.code],
        }
        for section in SECTIONS[kind]
    ]


def _address(endpoint: str, **values: Any) -> str:
    """Where ``endpoint`` of a higher floor stands; empty where there is none."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
