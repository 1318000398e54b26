"""What everybody may see of the register."""

from datetime import date

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.cooperatives import public_life
from app.cooperatives.blueprint import bp
from app.cooperatives.exports import LICENCE, LICENCE_URL, PUBLIC, as_json, columns_of, public_rows
from app.cooperatives.facets import narrowing
from app.cooperatives.lists import Found, Wanted, read_wanted, rows_of, search
from app.cooperatives.merge_queries import merge_of
from app.cooperatives.messages import address
from app.cooperatives.queries import cooperative_by_slug, listed_cooperative, region, revision
from app.cooperatives.screens import facts_of, lines_of, listing, place_name
from app.cooperatives.standing import standing_of
from app.core import visiting
from app.core.access import public
from app.core.caching import kept_page
from app.core.database import today
from app.core.i18n import _
from app.core.office import office
from app.core.spreadsheets import write_csv


@bp.get("/koperasi")
@public
@kept_page(revision)
def directory() -> ResponseReturnValue:
    """The listed cooperatives: search, filters, pages; the whole list as CSV or JSON."""
    wanted = read_wanted(request.args, public=True)
    found = search(wanted)
    match request.args.get("format"):
        case "csv":
            rows = public_rows(rows_of(found, wanted))
            return _licensed(file_answer(write_csv(columns_of(PUBLIC), rows), "csv", today()))
        case "json":
            return _licensed(_json_list(found, wanted))
    beside = narrowing(".directory", wanted, found.meant)
    known = beside.count if found.ranked is None else None
    page = listing(".directory", found, wanted, public=True, known=known)
    if wanted.q and not page.rows and set(wanted.filters) == {"q"}:
        visiting.missed(wanted.q)
    return render_template(
        "cooperatives/directory.html",
        list=page,
        lines=lines_of(page.rows, ".show"),
        beside=beside,
        licence=(LICENCE, LICENCE_URL),
    )


def _licensed(answer: Response) -> Response:
    """Data that may be used again, with its licence as RFC 8288 says it for any kind of file."""
    answer.headers["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return answer


def _json_list(found: Found, wanted: Wanted) -> Response:
    places = region()
    rows = [as_json(row, places, address(url_for(".show", slug=row.slug))) for row in rows_of(found, wanted)]
    return jsonify(
        {
            "jumlah": len(rows),
            "saringan": wanted.filters,
            "sumber": office().full_name,
            "lisensi": f"{LICENCE}, {LICENCE_URL}",
            "koperasi": rows,
        }
    )


def file_answer(content: bytes, kind: str, day: date) -> Response:
    """A file to keep, written whole before its first byte is sent: a fault half-way must not look like a short list."""
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    answer = Response(content, content_type=types[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="koperasi-{day.isoformat()}.{kind}"'
    return answer


@bp.get("/koperasi/<slug>")
@public
@kept_page(revision)
def show(slug: str) -> ResponseReturnValue:
    """One listed cooperative, as far as it is public."""
    cooperative = listed_cooperative(slug)
    if cooperative is None:
        return _where_it_went(slug)
    figures = public_life.figures_of(cooperative)
    if request.args.get("format") == "json":
        known = as_json(cooperative, region(), address(url_for(".show", slug=slug)))
        return _licensed(jsonify({**known, "angka": public_life.figures_as_json(figures)}))
    standing = standing_of(cooperative)
    return render_template(
        "cooperatives/show.html",
        cooperative=cooperative,
        standing=standing,
        explained=public_life.EXPLAINED.get(standing.status, ""),
        facts=[*facts_of(cooperative, public=True), public_life.last_rat_line(cooperative)],
        figures=public_life.shown_figures(figures) if figures else None,
        days=public_life.public_days(cooperative, figures),
        organization=public_life.as_organization(cooperative),
        kicker=_("Kecamatan %(name)s", name=place_name(cooperative.kode_kecamatan))
        if cooperative.kode_kecamatan
        else "",
    )


def _where_it_went(slug: str) -> ResponseReturnValue:
    """A row that was merged leads to the one that it went into; for now only, since a merge can be undone."""
    gone = cooperative_by_slug(slug)
    made = merge_of(gone) if gone else None
    if made is None:
        abort(404)
    return redirect(url_for(".show", slug=made.survivor.slug, format=request.args.get("format")))
