"""Points for fictional people: somewhere inside a kelurahan."""

import random

from app.regions.borders import border_of
from app.regions.centroids import Point, centroids
from app.regions.outlines import outlines_of

SPREAD = 0.0028  # degrees around the middle of a kelurahan without an outline, about 300 m
TRIES = 50


def point_in(chance: random.Random, region: str, village: str) -> Point | None:
    """A point inside ``village`` of ``region`` to six decimals; None where nothing is known of where it lies."""
    outlines, border = outlines_of(region, finest=True), border_of(region, village)
    if outlines is not None and border is not None:
        west, north, east, south = border.box
        across, down = outlines.per_degree
        for _ in range(TRIES):
            x, y = chance.uniform(west, east), chance.uniform(north, south)
            if border.holds(x, y):
                return round(outlines.north - y / down, 6), round(outlines.west + x / across, 6)
    middle = centroids().get(village)
    if middle is None:
        return None
    away = chance.uniform(-SPREAD, SPREAD), chance.uniform(-SPREAD, SPREAD)
    return round(middle[0] + away[0], 6), round(middle[1] + away[1], 6)
