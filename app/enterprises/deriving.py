"""What follows from other columns: class, section, place, keys to match by, and the texts that are searched."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

from app.core.ranking import fold
from app.core.search import mark, searchable
from app.core.text import N_
from app.enterprises.grid import key_of
from app.enterprises.models import Enterprise
from app.enterprises.publication import place_of
from app.enterprises.rules import Precision, size_class
from app.enterprises.sectors import VERSION, activities
from app.enterprises.traits import told_by, traits_of
from app.regions.rules import Region

KECAMATAN = 8  # characters of a kecamatan's code, with which its kelurahan's begin
SYNONYMS = {
    "makanan-kemasan": N_("makanan kuliner oleh-oleh"),
    "minuman-kemasan": N_("minuman kuliner"),
    "warung-makan": N_("makanan minuman kuliner restoran"),
    "busana": N_("baju pakaian fashion"),
    "kerajinan": N_("kriya oleh-oleh suvenir"),
}
"""By what else people look for an activity."""


def derived(values: dict[str, Any], region: Region, *, goods: Iterable[str] = ()) -> dict[str, Any]:
    """The derived columns of a row with these ``values`` (all columns that people fill in). ``goods``: names of products."""
    village = values.get("kode_kelurahan")
    district = village[:KECAMATAN] if village else values.get("kode_kecamatan")
    activity = activities().get(values.get("activity") or "")
    found, criterion = size_class(values.get("sales_band"), values.get("capital_band"))
    named = values | {"kode_kecamatan": district}
    place, goods = place_of(named), tuple(goods)
    traits = traits_of(values, found, has_products=bool(goods))
    own = {"kecamatan": district, "kelurahan": place.kode_kelurahan, "bidang": values.get("activity")}
    return {
        "kode_kecamatan": district,
        "name_key": fold(values.get("name") or "")[:200],
        "owner_key": fold(values.get("owner_name") or "")[:200] or None,
        "size_class": found,
        "class_criterion": criterion,
        "sector": activity.sections[VERSION] if activity else values.get("sector"),
        "sector_version": VERSION if activity else values.get("sector_version"),
        "search_text": public_text(named, region, goods, marks=marks_of(own, traits)),
        "traits": traits,
        "map_key": key_of(place.point) if place.point else None,
        "public_kelurahan": place.kode_kelurahan,
    }


def marks_of(own: Mapping[str, str | None], traits: int) -> list[str]:
    """What the index of the search holds of the facets that the row is of."""
    return [mark(name, value) for name, value in chain(own.items(), told_by(traits)) if value]


def public_text(values: dict[str, Any], region: Region, goods: Iterable[str], *, marks: Iterable[str]) -> str:
    """By what everybody finds it. The kelurahan is among the words only while it is published."""
    activity = activities().get(values.get("activity") or "")
    fine = values.get("point_precision", Precision.KECAMATAN) is not Precision.KECAMATAN
    return searchable(
        values.get("name") or "",
        values.get("products"),
        *goods,
        activity.name if activity else "",
        SYNONYMS.get(activity.code, "") if activity else "",
        region.name_of(values.get("kode_kelurahan")) if fine else "",
        region.name_of(values.get("kode_kecamatan")),
        marks=marks,
    )


def staff_text(values: dict[str, Any], region: Region) -> str:
    """By what the office finds it: owner, telephone, NIB, address and kelurahan as well."""
    phone = values.get("owner_phone") or ""
    contacts = values.get("contacts") or {}
    return searchable(
        values.get("name") or "",
        values.get("owner_name"),
        values.get("products"),
        "0" + phone.removeprefix("+62") if phone else "",
        contacts.get("whatsapp"),
        values.get("nib"),
        values.get("address"),
        region.name_of(values.get("kode_kelurahan")),
        region.name_of(values.get("kode_kecamatan")),
    )


def values_of(enterprise: Enterprise, columns: Collection[str]) -> dict[str, Any]:
    """The values of some columns of a row."""
    return {name: getattr(enterprise, name) for name in columns}
