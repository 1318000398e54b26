"""What everybody may see of programmes."""

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import feeds, ics
from app.core.access import public
from app.core.caching import kept_page
from app.core.database import now, today
from app.core.markdown import render
from app.core.sharing import public_address
from app.core.spreadsheets import write_csv
from app.files.models import StoredFile
from app.files.queries import files_about
from app.programs import exports
from app.programs.lists import public_list, public_page, read_wanted, rows_of
from app.programs.models import Program
from app.programs.queries import for_feed, program_by_slug, revision
from app.programs.rules import State
from app.programs.screens import line_of, listing, region, shown, views
from app.programs.times import local

bp = Blueprint("programs", __name__)


@bp.get("/program")
@public
@kept_page(revision)
def index() -> ResponseReturnValue:
    """The programmes that can be joined, those that close soon, and the archive; the whole list as CSV or JSON."""
    wanted = read_wanted(request.args, region().kecamatan)
    found = public_list(wanted)
    match request.args.get("format"):
        case "csv":
            answer = Response(write_csv(exports.COLUMNS, exports.table_rows(rows_of(found))))
            answer.headers["Content-Type"] = "text/csv; charset=utf-8"
            answer.headers["Content-Disposition"] = (
                f'attachment; filename="program-{today().isoformat()}.csv"'
            )
            return answer
        case "json":
            rows = [exports.as_json(row) for row in rows_of(found)]
            return jsonify({"jumlah": len(rows), "saringan": wanted.arguments, "program": rows})
    page = public_page(found, wanted)
    moment = now()
    return render_template(
        "programs/index.html",
        list=listing(".index", found, page, wanted),
        lines=[line_of(row, moment) for row in page.rows],
        views=views(wanted),
    )


@bp.get("/program/umpan.xml")
@public
@kept_page(revision)
def feed() -> ResponseReturnValue:
    """What is new, for those who follow from elsewhere."""
    return Response(exports.feed_of(for_feed()), content_type=feeds.MIMETYPE)


@bp.get("/program/<slug>")
@public
@kept_page(revision)
def show(slug: str) -> ResponseReturnValue:
    """One programme. One that was withdrawn says so, and leads on."""
    program = _found(slug)
    if program.state is State.WITHDRAWN:
        return _gone(program)
    if request.args.get("format") == "json":
        return jsonify(exports.as_json(program))
    return page_of(program)


@bp.get("/program/<slug>.ics")
@public
@kept_page(revision)
def calendar(slug: str) -> ResponseReturnValue:
    """The day for a calendar."""
    program = _found(slug)
    if program.state is State.WITHDRAWN:
        return _gone(program)
    content = exports.calendar_of(program)
    if content is None:
        abort(404)
    answer = Response(content, content_type=ics.MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{program.slug}.ics"'
    return answer


def page_of(program: Program, *, preview: bool = False) -> Response:
    """The page of ``program``, as everybody sees it; the editor's preview is the same with a strip above it."""
    files = files_about("program", program.id)
    view = shown(program, files)
    picture = picture_url(view.picture)
    return make_response(
        render_template(
            "programs/show.html",
            shown=view,
            program=program,
            body=render(program.body),
            share_url=exports.address_of(program),
            structured=exports.structured(program, public_address(picture) if picture else ""),
            picture_url=picture,
            preview=preview,
        )
    )


def picture_url(picture: StoredFile | None) -> str:
    """The address of the large picture within the site; empty without one."""
    return url_for("files.picture", token=picture.token) if picture else ""


def _found(slug: str) -> Program:
    """A programme that the public may read or could read once."""
    program = program_by_slug(slug)
    if program is None or not (program.is_public or program.state is State.WITHDRAWN):
        abort(404)
    return program


def _gone(program: Program) -> ResponseReturnValue:
    day = local(program.withdrawn_at).date() if program.withdrawn_at else None
    return render_template("programs/withdrawn.html", program=program, day=day), 410
