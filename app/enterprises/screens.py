"""What the pages of the UKM register show: choices, chips, lines and facts, in the reader's language."""

from typing import Any

from flask import url_for

from app.cooperatives.screens import place_choices
from app.core.formatting import moment, rupiah
from app.core.i18n import _, choices, say
from app.core.paging import count_text
from app.core.parsing import phone_for_people
from app.enterprises import rules
from app.enterprises.exports import activity_name, class_name
from app.enterprises.facet_counts import Counts
from app.enterprises.history import RETURNED, sentence
from app.enterprises.map_base import base
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseProduct
from app.enterprises.product_forms import DAYS
from app.enterprises.publication import public_place
from app.enterprises.queries import region
from app.enterprises.rules import AVAILABILITY, CHANNELS, DIGITAL, STATE_NAMES, Currency, SizeClass, State
from app.enterprises.sectors import activities
from app.enterprises.wanted import Wanted, values_known

Choice = tuple[str, str]
SHOWN_STATES = (State.WAITING, State.RETURNED, State.LISTED, State.HIDDEN, State.DRAFT, State.MERGED)
LOOKS = {
    State.DRAFT: "draft",
    State.WAITING: "waiting",
    State.RETURNED: "returned",
    State.LISTED: "approved",
    State.HIDDEN: "locked",
    State.MERGED: "inactive",
    State.DELETED: "inactive",
}


def place_name(code: str | None) -> str:
    """The name of a kelurahan or kecamatan; empty when it is not known."""
    return region().name_of(code) or ""


def form_choices() -> dict[str, Any]:
    """Everything that the three steps let one choose from."""
    found: dict[str, Any] = {
        "activity": [(one.code, say(one.name)) for one in activities().values()],
        "places": place_choices(),
        "legal_form": choices(rules.LEGAL_FORMS),
        "sales_band": [(band.code, say(band.name)) for band in rules.SALES_BANDS],
        "capital_band": [(band.code, say(band.name)) for band in rules.CAPITAL_BANDS],
        "digital": choices(DIGITAL),
        "funding": choices(rules.FUNDING),
        "needs": choices(rules.NEEDS),
        "precision": choices(rules.PRECISIONS),
        "owner_age_band": choices(rules.AGE_BANDS),
        "owner_sex": choices(rules.SEXES),
        "owner_education": choices(rules.EDUCATION),
        "owner_disability": choices(rules.DISABILITY),
        "map": base(),
    }
    found["infrastructure"] = [
        (name, say(label), choices(levels)) for name, (label, levels) in rules.INFRASTRUCTURE.items()
    ]
    return found


def state_name(state: State) -> str:
    """Where a listing stands, in words."""
    return say(STATE_NAMES[state])


Line = tuple[str, str, str, tuple[str, ...], bool, str]


def lines_of(rows: list[Enterprise]) -> list[Line]:
    """Each enterprise as everybody may see it: name, address, products, place and class, NIB, kind of business."""
    return [
        (
            one.name,
            url_for("enterprises.show", slug=one.slug),
            one.products,
            tuple(filter(None, (_public_place_name(one), say(class_name(one)) if class_name(one) else ""))),
            bool(one.has_nib),
            say(activity_name(one)) if activity_name(one) else "",
        )
        for one in rows
    ]


def _public_place_name(one: Enterprise) -> str:
    place = public_place(one)
    return ", ".join(filter(None, map(place_name, (place.kode_kelurahan, place.kode_kecamatan))))


def price_of(product: EnterpriseProduct) -> str:
    """``Rp12.000–Rp15.000 per bungkus``; empty where no price is told."""
    if product.price_low is None:
        return ""
    price = rupiah(product.price_low)
    if product.price_high is not None:
        price = f"{price}–{rupiah(product.price_high)}"
    return _("%(price)s per %(unit)s", price=price, unit=product.unit) if product.unit else price


def availability_of(product: EnterpriseProduct) -> str:
    """Whether it can be had now."""
    return say(AVAILABILITY.get(product.availability, ""))


def hours_of(enterprise: Enterprise) -> list[Choice]:
    """Day and hours, Monday first; days that follow each other with the same hours stand together."""
    told: list[tuple[int, int, str]] = []
    for day in range(1, 8):
        hours = enterprise.opening_hours.get(str(day))
        text = "–".join(time.replace(":", ".") for time in hours) if hours else _("Tutup")
        if told and told[-1][2] == text:
            told[-1] = (told[-1][0], day, text)
        else:
            told.append((day, day, text))
    names = [say(day) for day in DAYS]
    return [
        (names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}", text)
        for first, last, text in told
    ]


def contact_lines(contacts: dict[str, str]) -> list[dict[str, str]]:
    """Public channels as buttons: what is written on them, and where they lead."""
    found = []
    for channel, value in contacts.items():
        name, address, text = say(CHANNELS[channel][0]), value, ""
        if channel == "whatsapp":
            name, address, text = (
                "WhatsApp",
                f"https://wa.me/{value.removeprefix('+')}",
                phone_for_people(value),
            )
        elif channel == "phone":
            name, address, text = _("Telepon"), f"tel:{value}", phone_for_people(value)
        elif channel == "email":
            name, address, text = _("Surel"), f"mailto:{value}", value
        found.append({"channel": channel, "name": name, "address": address, "text": text})
    return found


def facet_names() -> dict[str, dict[str, str]]:
    """Facet → value → what it is called."""
    return {
        "kecamatan": dict(region().kecamatan),
        "kelurahan": dict(region().kelurahan),
        "bidang": {code: say(one.name) for code, one in activities().items()},
        "kelas": {size.value: say(rules.CLASS_NAMES[size]) for size in SizeClass},
        "digital": {code: say(name) for code, name in DIGITAL.items() if code != "none"},
        "produk": {"ada": _("Menampilkan produk")},
        "nib": {"ada": _("Punya NIB")},
    }


def facet_titles() -> dict[str, str]:
    """Facet → its heading."""
    return {
        "kecamatan": _("Kecamatan"),
        "kelurahan": _("Kelurahan"),
        "bidang": _("Bidang usaha"),
        "kelas": _("Kelas usaha"),
        "digital": _("Jualan dan pembayaran digital"),
        "produk": _("Produk"),
        "nib": _("Izin"),
    }


LONGEST = 30  # choices of one facet: a province has hundreds of kecamatan


def offered_values(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """The values that are offered beside the list: kelurahan only of the kecamatan that are chosen."""
    offered = values_known()
    chosen = wanted.facets.get("kecamatan", ()) or tuple(
        code[:8] for code in wanted.facets.get("kelurahan", ())
    )
    offered["kelurahan"] = tuple(code for one in dict.fromkeys(chosen) for code in region().kelurahan_of(one))
    return offered


def facets(wanted: Wanted, counts: Counts) -> list[dict[str, Any]]:
    """The groups of checkboxes beside the list; what would leave nothing is not offered, unless it is chosen."""
    offered, names = offered_values(wanted), facet_names()
    found = []
    for name, title in facet_titles().items():
        chosen = wanted.facets.get(name, ())
        shown = [value for value in offered[name] if counts.may_be(name, value) or value in chosen]
        if len(shown) > LONGEST:
            most = sorted(shown, key=lambda value: -counts.of.get((name, value), 0))[:LONGEST]
            shown = [value for value in shown if value in most or value in chosen]
        choices = [(value, names[name][value], _bounded(counts.told(name, value))) for value in shown]
        if choices:
            found.append({"name": name, "label": title, "choices": choices, "values": chosen})
    return found


def _bounded(count: int | None) -> str | None:
    return None if count is None else say(count_text(count))


def staff_selects(wanted: Wanted) -> list[dict[str, Any]]:
    """The filters of the office."""
    names = facet_names()
    selects = [
        _select(
            "keadaan", _("Keadaan"), [(one.value, state_name(one)) for one in SHOWN_STATES], wanted.staff
        ),
        *(
            _select(name, facet_titles()[name], list(names[name].items()), wanted.facets)
            for name in ("kecamatan", "bidang", "kelas", "nib")
        ),
        _select("kabar", _("Konfirmasi"), currencies(), wanted.staff),
    ]
    district = (wanted.facets.get("kecamatan") or ("",))[0]
    if district:
        villages = list(region().kelurahan_of(district).items())
        selects.insert(2, _select("kelurahan", _("Kelurahan"), villages, wanted.staff))
    return selects


def currencies() -> list[Choice]:
    """How long a listing may have gone without a word, as the office filters by it."""
    return [
        (Currency.UNCONFIRMED.value, _("Lebih dari setahun")),
        (Currency.EXPIRED.value, _("Lebih dari dua tahun")),
    ]


def _select(name: str, label: str, offered: list[Choice], chosen: Any) -> dict[str, Any]:
    value = chosen.get(name, "")
    value = value[0] if isinstance(value, tuple) else value
    return {"name": name, "label": label, "choices": offered, "value": value}


def history_lines(
    events: list[EnterpriseEvent], *, office: bool = False, staff: bool = False
) -> list[dict[str, Any]]:
    """What happened, as the timeline draws it; for the ``office`` with the way to what it is about.

    What somebody wrote about it is for ``staff``: of a visit, the form says so. The owner reads only why something came back.
    """
    return [
        {
            "text": say(sentence(event)),
            "url": event.params.get("link", "") if office else "",
            "when": moment(event.at),
            "iso": event.at.isoformat(),
            "who": say(event.actor_name),
            "note": event.note if office or staff or event.kind == RETURNED else "",
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]
