"""The map of the public register, and the numbers that it asks for while it is moved."""

from flask import Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.core.access import public
from app.core.caching import kept_page
from app.core.tiles import let_tiles_in
from app.enterprises.blueprint import bp
from app.enterprises.facet_counts import facet_counts
from app.enterprises.grid import read_box
from app.enterprises.listing import head_of
from app.enterprises.lists import search
from app.enterprises.map_base import base, lines
from app.enterprises.map_queries import MOST_SQUARES, named_in, squares_of
from app.enterprises.map_screens import drawn, offered_places, place_rows, unplaced
from app.enterprises.queries import revision
from app.enterprises.screens import facets, offered_values
from app.enterprises.wanted import read_wanted

A_DAY = "public, max-age=86400"


@bp.get("/ukm/peta")
@public
@kept_page(revision)
def map_page() -> ResponseReturnValue:
    """Where the UKM are: a map for those who have a script, a table that says the same for everybody."""
    wanted = read_wanted(request.args)
    villages = offered_places(wanted)
    offered = offered_values(wanted)
    both = tuple(dict.fromkeys(villages + offered["kelurahan"]))
    found = search(wanted)
    counts = facet_counts(wanted, offered | {"kelurahan": both}, found)
    page = render_template(
        "enterprises/map.html",
        list=head_of(".map_page", found, wanted),
        facets=facets(wanted, counts),
        places=place_rows(wanted, counts, villages),
        unplaced=unplaced(wanted, counts, found.count),
        base=base(),
    )
    return let_tiles_in(make_response(page))


@bp.get("/ukm/peta.json")
@public
@kept_page(revision)
def map_squares() -> ResponseReturnValue:
    """How many lie in each square of what the map shows now; ``?kotak=level,left,top,right,bottom``, see ``grid``."""
    box = read_box(request.args.get("kotak", ""), most=MOST_SQUARES)
    if box is None:
        abort(404)
    wanted = read_wanted(request.args)
    found = search(wanted)
    squares = squares_of(wanted, found, box)
    named = named_in(squares, found)
    return jsonify([drawn(square, named, wanted) for square in squares])


@bp.get("/ukm/peta/garis.json")
@public
def map_lines() -> Response:
    """The outlines of kelurahan or kecamatan."""
    answer = jsonify(lines())
    answer.headers["Cache-Control"] = A_DAY
    return answer
