"""On what the maps of this office lie: the part of the earth that they show first, their lines, and the office's tiles."""

from typing import Any

from flask import url_for

from app.core.tiles import tiles
from app.enterprises.queries import region
from app.regions.centroids import centroid
from app.regions.outlines import Outlines, outlines_of

ROOM = 0.1  # degrees around the middle of a region whose outlines are not known
INDONESIA = (-2.5, 118.0)


def outlines() -> Outlines | None:
    """The lines that a map of this office shows."""
    return outlines_of(region().code, finest=True)


def base() -> dict[str, Any]:
    """What ``map_base.js`` is told by attributes of the box in which it draws."""
    found, streets = outlines(), tiles()
    middle = centroid(region().code) or INDONESIA
    around = ((middle[0] - ROOM, middle[1] - ROOM), (middle[0] + ROOM, middle[1] + ROOM))
    bounds = found.bounds if found else around
    return {
        "data-bounds": ",".join(str(round(degrees, 5)) for corner in bounds for degrees in corner),
        "data-lines": url_for("enterprises.map_lines") if found else None,
        "data-tiles": streets.url if streets else None,
        "data-credit": streets.attribution if streets else None,
    }


def lines() -> dict[str, Any]:
    """The outlines as a browser reads them: code → path, x and y of its name, room around it, name."""
    found = outlines()
    if found is None:
        return {}
    return {
        "west": found.west,
        "north": found.north,
        "per_degree": found.per_degree,
        "areas": {
            code: [area.path, area.x, area.y, area.room, region().name_of(code)]
            for code, area in found.areas.items()
        },
    }
