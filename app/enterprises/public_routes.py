"""What everybody may see of the UKM register."""

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.links import site_url
from app.core.access import public
from app.core.caching import kept_page
from app.core.database import today
from app.core.spreadsheets import write_csv
from app.enterprises.blueprint import bp
from app.enterprises.exports import PUBLIC, activity_name, as_json, class_name, columns_of, rows_as
from app.enterprises.lists import Found, Wanted, read_wanted, rows_of, search
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
    listing,
    place_name,
    price_of,
)
from app.enterprises.structured import local_business


@bp.get("/ukm")
@public
@kept_page(revision)
def directory() -> ResponseReturnValue:
    """The public list: search, facets, pages; the whole of it as CSV or JSON."""
    wanted = read_wanted(request.args)
    found = search(wanted)
    match request.args.get("format"):
        case "csv":
            return _csv(found)
        case "json":
            return _json(found, wanted)
    page = listing(".directory", found, wanted)
    return render_template(
        "enterprises/directory.html", list=page, lines=lines_of(page.rows), facets=facets(wanted)
    )


def _csv(found: Found) -> Response:
    answer = Response(
        write_csv(columns_of(PUBLIC), rows_as(PUBLIC, rows_of(found), region())),
        content_type="text/csv; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="ukm-{today().isoformat()}.csv"'
    return answer


def _json(found: Found, wanted: Wanted) -> Response:
    places = region()
    rows = [as_json(row, places, site_url(url_for(".show", slug=row.slug))) for row in rows_of(found)]
    return jsonify({"jumlah": len(rows), "saringan": wanted.arguments, "ukm": rows})


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
        thing=local_business(enterprise, contacts, address),
    )


def _where_it_went(slug: str) -> ResponseReturnValue:
    """A row that was merged leads to the one that it went into; for now only, since a merge can be undone."""
    gone = enterprise_by_slug(slug)
    made = merge_of(gone) if gone else None
    if made is None or not is_public(made.survivor):
        abort(404)
    return redirect(url_for(".show", slug=made.survivor.slug))
