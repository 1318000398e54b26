"""What everybody may see of the UKM register."""

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.links import site_url
from app.core.access import public
from app.core.caching import kept_page
from app.core.database import today
from app.core.paging import COUNT_LIMIT, Page
from app.core.spreadsheets import write_csv
from app.enterprises.blueprint import bp
from app.enterprises.exports import PUBLIC, activity_name, as_json, class_name, columns_of, rows_as
from app.enterprises.facet_counts import facet_counts
from app.enterprises.listing import listing
from app.enterprises.lists import page_of, search
from app.enterprises.models import Enterprise
from app.enterprises.publication import currency_of, is_public, live_purposes, public_contacts, public_place
from app.enterprises.queries import (
    enterprise_by_slug,
    merge_of,
    products_of,
    public_enterprise,
    region,
    revision,
)
from app.enterprises.rules import CRITERION_NAMES, DIGITAL, Currency
from app.enterprises.screens import (
    availability_of,
    contact_lines,
    facets,
    hours_of,
    lines_of,
    offered_values,
    place_name,
    price_of,
)
from app.enterprises.structured import local_business
from app.enterprises.wanted import Wanted, read_wanted

MOST_EXPORTED = 20_000  # rows of one file, which is written whole before it is sent


@bp.get("/ukm")
@public
@kept_page(revision)
def directory() -> ResponseReturnValue:
    """The public list: search, facets, pages; as CSV or JSON in parts so large that a city is one, each leading to the next."""
    wanted = read_wanted(request.args)
    found = search(wanted)
    format_ = request.args.get("format")
    if format_ in ("csv", "json"):
        part = page_of(found, size=MOST_EXPORTED)
        more = {**wanted.arguments, "format": format_, "after": part.following}
        following = site_url(url_for(".directory", **more)) if part.following else ""
        return _csv(part, following) if format_ == "csv" else _json(part, following, wanted)
    page = listing(".directory", found, wanted)
    counts = facet_counts(wanted, offered_values(wanted), found)
    return render_template(
        "enterprises/directory.html",
        list=page,
        lines=lines_of(page.rows),
        facets=facets(wanted, counts),
        most=MOST_EXPORTED if found.count > COUNT_LIMIT else 0,
    )


def _csv(part: Page[Enterprise], following: str) -> Response:
    answer = Response(
        write_csv(columns_of(PUBLIC), rows_as(PUBLIC, part.rows, region())),
        content_type="text/csv; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="ukm-{today().isoformat()}.csv"'
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _json(part: Page[Enterprise], following: str, wanted: Wanted) -> Response:
    places = region()
    rows = [as_json(row, places, site_url(url_for(".show", slug=row.slug))) for row in part.rows]
    more = {"berikutnya": following} if following else {}
    return jsonify({"jumlah": len(rows), "saringan": wanted.arguments, "ukm": rows} | more)


@bp.get("/ukm/<slug>")
@public
@kept_page(revision)
def show(slug: str) -> ResponseReturnValue:
    """One enterprise, as far as its owner lets it be known."""
    enterprise = public_enterprise(slug)
    if enterprise is None:
        return _where_it_went(slug)
    contacts = public_contacts(enterprise, live_purposes(enterprise))
    address = site_url(url_for(".show", slug=slug))
    if request.args.get("format") == "json":
        return jsonify({**as_json(enterprise, region(), address), "kontak": contacts})
    place = public_place(enterprise)
    return render_template(
        "enterprises/show.html",
        enterprise=enterprise,
        place=place,
        place_name=place_name,
        activity=activity_name(enterprise),
        size=class_name(enterprise),
        criterion=CRITERION_NAMES[enterprise.class_criterion] if enterprise.class_criterion else "",
        digital=[DIGITAL[code] for code in enterprise.digital if code in DIGITAL and code != "none"],
        contacts=contact_lines(contacts),
        products=products_of(enterprise),
        price_of=price_of,
        availability_of=availability_of,
        hours=hours_of(enterprise) if enterprise.opening_hours else [],
        unconfirmed=currency_of(enterprise) is Currency.UNCONFIRMED,
        address=address,
        picture=site_url(url_for(".share_card", slug=slug)),
        thing=local_business(enterprise, contacts, address),
    )


def _where_it_went(slug: str) -> ResponseReturnValue:
    """A row that was merged leads to the one that it went into; for now only, since a merge can be undone."""
    gone = enterprise_by_slug(slug)
    made = merge_of(gone) if gone else None
    if made is None or not is_public(made.survivor):
        abort(404)
    return redirect(url_for(".show", slug=made.survivor.slug))
