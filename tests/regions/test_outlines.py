"""Maps: dissolving outlines, what is shipped, and counts as shades."""

import re

import pytest

from app.regions.outlines import FOLDER, choropleth, outlines_of
from app.regions.outlining import outline
from app.regions.queries import office_region


def square(code, west, south, size=1.0):
    ring = [
        (west, south),
        (west + size, south),
        (west + size, south + size),
        (west, south + size),
        (west, south),
    ]
    return {"properties": {"kode": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def corners(path):
    """The corners of a path of one ring, as absolute units."""
    numbers = [int(n) for n in re.findall(r"-?\d+", path)]
    x, y = numbers[:2]
    found = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_kelurahan_become_one_kecamatan_although_their_borders_do_not_quite_meet():
    made = outline(
        {
            "features": [
                square("35.73.01.1001", 0, 0),
                square("35.73.01.1002", 1.04, 0),  # a gap between them
                square("35.73.02.1001", 2, 0),
            ]
        },
        size=60,
    )
    assert list(made["areas"]) == ["35.73.01", "35.73.02"]
    left, right = (corners(made["areas"][code]["path"]) for code in made["areas"])
    assert len(left) == 4  # the border inside is gone
    assert len(right) == 4
    shared = set(left) & set(right)
    assert len(shared) == 2  # neighbours share the very same line
    assert len({x for x, _y in shared}) == 1
    x, _y, room = made["areas"]["35.73.01"]["label"]
    assert min(x for x, _ in left) < x < max(x for x, _ in left)
    assert room > 5
    assert made["west"] < 0 < 1 < made["north"]


@pytest.mark.parametrize("region", ["35.73", "64.08"])
def test_what_is_shipped_is_small_and_names_every_kecamatan(region):
    assert (FOLDER / f"{region}.json").stat().st_size <= 6 << 10
    drawn = outlines_of(region)
    assert drawn is not None
    assert set(drawn.areas) == set(office_region(region).kecamatan)
    for area in drawn.areas.values():
        assert 0 < area.x < drawn.width
        assert 0 < area.y < drawn.height


def test_a_point_on_earth_has_its_place_on_the_map():
    drawn = outlines_of("35.73")
    x, y = drawn.at(-7.951064, 112.649502)  # the middle of Blimbing
    area = drawn.areas["35.73.01"]
    assert abs(x - area.x) < 40
    assert abs(y - area.y) < 60


def test_a_region_without_outlines_still_has_its_table():
    region = office_region("12.07")
    shown = choropleth(region, {}, dict.fromkeys(region.kecamatan, "#"))
    assert shown.outlines is None
    assert len(shown.places) == len(region.kecamatan)
    assert shown.total == 0
    assert not any(place.is_named for place in shown.places)


def test_the_darkest_shade_is_the_most_and_only_nothing_has_none():
    region = office_region("35.73")
    counts = {"35.73.01": 1, "35.73.02": 400, "35.73.03": 200}
    shown = choropleth(region, counts, dict.fromkeys(region.kecamatan, "#"), chosen=["35.73.02"])
    assert [place.tone for place in shown.places] == [1, 4, 2, 0, 0]
    assert [place.code for place in shown.places if place.is_chosen] == ["35.73.02"]
    assert all(place.is_named for place in shown.places)
