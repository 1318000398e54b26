"""The fictional UKM: as many as promised, grouped as they are told to be, and sound by the register's own rules."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.core.database import now
from app.core.extensions import db
from app.core.search import find
from app.core.writing import writing
from app.demo.chance import dice
from app.demo.enterprise_rows import draw
from app.demo.enterprises import ENTERPRISES, SEED, write_enterprises
from app.demo.names import MARK
from app.enterprises.deriving import derived, staff_text
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseEvent,
    EnterpriseIndex,
    EnterpriseProduct,
)
from app.enterprises.queries import products_of, region
from app.enterprises.registering import COLUMNS, rederive
from app.enterprises.rules import Precision, Purpose, State
from app.regions.borders import border_of
from app.regions.outlines import outlines_of
from app.regions.queries import office_region

MOMENT = datetime(2026, 8, 3, 3, tzinfo=UTC)
MALANG = office_region("35.73")
SOME = 150


def drawn(count, here=MALANG, cooperatives=(1, 2)):
    return draw(dice(SEED, here.code, count), here, MOMENT, cooperatives, count)


@pytest.fixture(scope="module")
def city():
    """The whole city, drawn but not written: a second."""
    return drawn(ENTERPRISES)


def test_there_are_as_many_as_the_regency_publishes_in_every_kelurahan(city):
    assert len(city) == 12_097
    assert {one.row["kode_kelurahan"] for one in city} == set(MALANG.kelurahan)
    assert len({one.row["slug"] for one in city}) == 12_097
    assert len({one.row["owner_phone"] for one in city}) == 12_097


def test_the_office_keeps_up_with_its_work(city):
    states = Counter(one.row["state"] for one in city)
    assert 20 <= states[State.WAITING] <= 60
    assert states[State.LISTED] > 11_000
    assert all(states[state] for state in (State.RETURNED, State.DRAFT, State.HIDDEN))


def test_tempe_crisps_come_from_purwantoro_and_coffee_from_the_campuses(city):
    def homes(word):
        found = Counter(MALANG.name_of(one.row["kode_kelurahan"]) for one in city if word in one.row["name"])
        return [name for name, _count in found.most_common(5)]

    assert homes("Keripik Tempe")[0] == "Purwantoro"
    assert homes("Batik")[0] == "Rampalcelaket"
    assert {"Sumbersari", "Dinoyo"} <= set(homes("Kedai Kopi"))


def test_groups_differ_in_more_than_what_they_make(city):
    """Else a grouping by everything would find no more than the sectors."""

    def share(rows, fits):
        return sum(map(fits, rows)) / len(rows)

    young = [one.row for one in city if "Kedai Kopi" in one.row["name"]]
    stalls = [one.row for one in city if "Warung Bakso" in one.row["name"]]
    assert {one["activity"] for one in young + stalls} == {"warung-makan"}
    assert share(young, lambda row: "social_media" in row["digital"]) > 0.9
    assert share(stalls, lambda row: "social_media" in row["digital"]) < 0.1
    assert share(young, lambda row: row["owner_age_band"] in ("<25", "25-34")) > 0.7
    assert share(stalls, lambda row: row["owner_age_band"] in ("<25", "25-34")) < 0.25


def test_each_stands_inside_its_kelurahan(city):
    outlines = outlines_of("35.73", finest=True)
    for one in city[:400]:
        x, y = outlines.at(one.row["latitude"], one.row["longitude"])
        border = border_of("35.73", one.row["kode_kelurahan"])
        assert border.holds(x, y) or border.distance(x, y) < 0.1, one.row["name"]


def test_the_same_city_comes_again_and_nobody_can_take_it_for_real():
    assert drawn(SOME) == drawn(SOME)
    for one in drawn(SOME):
        assert MARK in one.row["name"]
        assert MARK in one.row["owner_name"]
        assert one.row["owner_phone"].startswith("+628360000")


def test_what_is_written_is_what_the_register_would_have_derived(app):
    with writing():
        write_enterprises(region(), now(), count=SOME)
    rows = db.session.scalars(select(Enterprise)).all()
    assert len(rows) == SOME
    for row in rows[:40]:
        values = {name: getattr(row, name) for name in COLUMNS}
        goods = [one.name for one in products_of(row)]
        for name, value in derived(values, region(), goods=goods).items():
            assert getattr(row, name) == value, name
        assert db.session.get(EnterpriseIndex, row.id).search_text == staff_text(values, region())
    with writing():
        rederive(rows[0])
    counted = {model: db.session.scalar(select(func.count()).select_from(model)) for model in (EnterpriseConsent, EnterpriseEvent, EnterpriseProduct)}  # fmt: skip
    assert counted[EnterpriseEvent] > 2.5 * SOME
    assert counted[EnterpriseConsent] > 2 * SOME
    assert counted[EnterpriseProduct] > SOME / 2


def test_consent_and_published_place_agree(app):
    for one in drawn(SOME):
        fine = one.row["point_precision"] is not Precision.KECAMATAN
        assert (Purpose.LOCATION in one.purposes) is fine
        assert (Purpose.LISTING in one.purposes) is (one.row["state"] is not State.HIDDEN)


def test_they_are_found_at_once_and_still_when_they_change(app):
    """The index was made in bulk: it must be whole, and its triggers must be back."""
    with writing():
        write_enterprises(region(), now(), count=SOME)
    for q in ("keripik tempe purwantoro", "kripik tempe purwantoro"):
        found = db.session.get_one(Enterprise, find("enterprise", q)[0])
        assert "tempe" in found.products.lower(), q
        assert found.public_kelurahan == "35.73.01.1007", q
    row = db.session.scalars(select(Enterprise)).first()
    with writing():
        row.search_text = "zamrudbiru"
    assert find("enterprise", "zamrudbiru") == [row.id]


def test_another_region_has_them_too_without_malang_s_names(app):
    bogor = office_region("32.71")
    found = drawn(SOME, bogor)
    assert {one.row["kode_kelurahan"] for one in found} <= set(bogor.kelurahan)
    unknown = replace(bogor, kelurahan={"99.99.01.1001": "Contoh"}, kecamatan={"99.99.01": "Contoh"})
    assert {one.row["latitude"] for one in drawn(60, unknown)} == {None}
