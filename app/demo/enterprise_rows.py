"""Drawing the fictional UKM, one trade after the other, each column for all of a trade at once."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from app.demo.chance import choose, deal, pick
from app.demo.names import (
    BIRDS,
    FIRST_WORDS,
    FLOWERS,
    GIVEN_MEN,
    GIVEN_WOMEN,
    MARK,
    PHONE_PREFIX,
    SECOND_WORDS,
)
from app.demo.places import point_in
from app.demo.rows import Row
from app.demo.trades import Called, Trade, homes_in, trades
from app.enterprises import rules
from app.enterprises.deriving import derived
from app.enterprises.registering import slugs_for
from app.enterprises.rules import CHANNELS, Origin, Precision, Purpose, State
from app.regions.rules import Region

FEW = {State.WAITING: (0.06, 42), State.RETURNED: (0.02, 9), State.DRAFT: (0.02, 14)}
"""What is not in the register yet: its share, and how many at most, for the office keeps up with its work."""
HIDDEN = 0.03
AGES = {100: 78, 500: 14, 900: 8}  # days since the listing was confirmed, at most
WISHES = {
    Purpose.WHATSAPP: 0.75,
    Purpose.PHONE: 0.1,
    Purpose.LINKS: 0.6,
    Purpose.EMAIL: 0.1,
    Purpose.PROGRAMMES: 0.6,
    Purpose.STATISTICS: 0.7,
}
PRECISIONS = {Precision.KECAMATAN: 55, Precision.KELURAHAN: 28, Precision.EXACT: 17}
LINKS = {"social_media": "instagram", "marketplace": "marketplace", "own_site": "website"}
HOURS: Mapping[str, tuple[float, Mapping[str, Sequence[str]]]] = {
    "none": (58, {}),
    "day": (22, {str(day): ("08:00", "16:00") for day in range(1, 7)}),
    "early": (8, {str(day): ("05:00", "11:00") for day in range(1, 8)}),
    "late": (12, {str(day): ("16:00", "22:00") for day in range(1, 8)}),
}
WITH_PRODUCTS = 0.5
RETURNED = "Nama kelurahan dan alamatnya tidak cocok. Periksa lagi kelurahan tempat usaha."


@dataclass(frozen=True)
class Drawn:
    """One fictional enterprise: its row, what its owner agreed to, what it is called after, and the products that it shows."""

    row: Row
    purposes: tuple[Purpose, ...]
    called: Called
    goods: tuple[str, ...]


def draw(chance: random.Random, here: Region, moment: datetime, cooperatives: Sequence[int], count: int) -> list[Drawn]:  # fmt: skip
    """``count`` of them in random order, as they stand at ``moment``; the first is listed and makes tempe crisps."""
    shares = {number: trade.share for number, trade in enumerate(trades())}
    dealt = deal(chance, shares, count)
    weights = {village: chance.uniform(0.4, 2.0) for village in here.kelurahan}
    drawn = [
        values
        for number, trade in enumerate(trades())
        for values in of_trade(chance, here, trade, weights, dealt.count(number), moment.year)
    ]
    first, *others = drawn
    chance.shuffle(others)
    states = [State.LISTED, *_states(chance, count - 1)]
    finished = [
        _finished(chance, here, moment, cooperatives, number, values, state)
        for number, (values, state) in enumerate(zip([first, *others], states, strict=True))
    ]
    _give_addresses(finished)
    return finished


def _states(chance: random.Random, count: int) -> list[State]:
    few = {state: min(most, round(share * count)) for state, (share, most) in FEW.items()}
    states = [state for state, many in few.items() for _ in range(many)]
    states += [State.HIDDEN] * round(HIDDEN * count)
    states += [State.LISTED] * (count - len(states))
    chance.shuffle(states)
    return states


def of_trade(chance: random.Random, here: Region, trade: Trade, weights: Mapping[str, float], count: int, year: int) -> Iterator[Row]:  # fmt: skip
    """The columns that hang together, for ``count`` enterprises of one trade."""
    profile, start = trade.profile, trade.profile.since
    women = [chance.random() < profile.women for _ in range(count)]
    homes = homes_in(here, trade, chance)
    at_home, anywhere = _several(chance, homes, count), _several(chance, weights, count)
    infrastructure = _infrastructure(chance, profile.weak, count)
    columns: dict[str, Sequence[Any]] = {
        "called": chance.choices(trade.called, k=count),
        "kode_kelurahan": [
            home if chance.random() < trade.gathered else other
            for home, other in zip(at_home, anywhere, strict=True)
        ],
        "owner_sex": ["perempuan" if woman else "laki_laki" for woman in women],
        "start_year": chance.choices(range(start[0], year + start[1] + 1), k=count),
        "workers_men": chance.choices(range(profile.workers[0] + 1), k=count),
        "workers_women": chance.choices(range(profile.workers[1] + 1), k=count),
        "has_nib": [share < profile.nib for share in _random(chance, count)],
        "infrastructure": infrastructure,
        "owner_disability": ["ya" if share < 0.03 else "tidak" for share in _random(chance, count)],
        "digital": [_both(one) for one in _several(chance, profile.digital, count)],
        "funding": [_both(one) for one in _several(chance, profile.funding, count)],
        "needs": [_both(one) for one in _several(chance, profile.needs, count)],
    }
    single = {"sales_band": profile.sales, "capital_band": profile.capital, "legal_form": profile.legal, "owner_age_band": profile.age, "owner_education": profile.education}  # fmt: skip
    columns |= {name: [one or None for one in _several(chance, shares, count)] for name, shares in single.items()}  # fmt: skip
    return (
        {"activity": trade.activity, **dict(zip(columns, values, strict=True))}
        for values in zip(*columns.values(), strict=True)
    )


def _several(chance: random.Random, shares: Mapping[Any, float], count: int) -> list[Any]:
    return chance.choices(list(shares), list(shares.values()), k=count)


def _random(chance: random.Random, count: int) -> Iterator[float]:
    return (chance.random() for _ in range(count))


@cache
def _both(codes: str) -> list[str]:
    return codes.split("+")


def _infrastructure(chance: random.Random, weak: float, count: int) -> list[dict[str, str]]:
    shares = {"ada": 1 - weak, "kurang": 0.85 * weak, "tidak": 0.15 * weak}
    drawn = [_several(chance, shares, count) for _ in rules.INFRASTRUCTURE]
    return [dict(zip(rules.INFRASTRUCTURE, each, strict=True)) for each in zip(*drawn, strict=True)]


def _finished(chance: random.Random, here: Region, moment: datetime, cooperatives: Sequence[int], number: int, values: Row, state: State) -> Drawn:  # fmt: skip
    """The whole row: who and where exactly, and the columns that people do not fill in."""
    called: Called = values.pop("called")
    given = GIVEN_WOMEN if values["owner_sex"] == "perempuan" else GIVEN_MEN
    phone = f"{PHONE_PREFIX}{number:05}"
    village = values["kode_kelurahan"]
    point = point_in(chance, here.code, village)
    fine = pick(chance, PRECISIONS) if number else Precision.EXACT
    if point is None and fine is Precision.EXACT:
        fine = Precision.KELURAHAN
    in_cooperative = bool(cooperatives) and "koperasi" in values["funding"] and chance.random() < 0.6
    row: Row = values | {
        "name": f"{called.name} {choose(chance, FIRST_WORDS)} {choose(chance, SECOND_WORDS)} {MARK}",
        "owner_name": f"{choose(chance, given)} {choose(chance, FLOWERS)} {choose(chance, BIRDS)} {MARK}",
        "owner_phone": phone,
        "owner_email": f"ukm-{number}@ukm.example" if chance.random() < 0.3 else None,
        "products": called.products,
        "kode_kecamatan": village[:8],
        "address": f"Gang {choose(chance, FLOWERS)} {MARK} {chance.randrange(1, 99)}",
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "point_precision": fine,
        "nib": f"99{number:011}" if values["has_nib"] and chance.random() < 0.7 else None,
        "cooperative_id": choose(chance, cooperatives) if in_cooperative else None,
        "contacts": _contacts(chance, values["digital"], phone, number),
        "opening_hours": HOURS[pick(chance, {name: share for name, (share, _hours) in HOURS.items()})][1],
    }
    row["has_nib"] = row["has_nib"] or (None if chance.random() < 0.15 else False)
    purposes = [purpose for purpose, share in WISHES.items() if chance.random() < share or not number]
    purposes += [Purpose.LOCATION] if fine is not Precision.KECAMATAN else []
    purposes += [] if state is State.HIDDEN else [Purpose.LISTING]
    showing = called.price and (chance.random() < WITH_PRODUCTS or not number)
    goods = tuple(name.strip().capitalize() for name in called.products.split(",")) if showing else ()
    row |= derived(row, here, goods=goods) | _standing(chance, here, state, moment, number)
    return Drawn(row, tuple(purposes), called, goods)


def _contacts(chance: random.Random, digital: Sequence[str], phone: str, number: int) -> dict[str, str]:
    """A channel for each thing that it uses, and a telephone."""
    named = {
        "whatsapp": phone,
        "phone": phone if chance.random() < 0.3 else "",
        "email": f"toko-{number}@ukm.example" if chance.random() < 0.2 else "",
        "instagram": f"https://www.instagram.com/contoh.ukm.{number}",
        "marketplace": f"https://toko.example/contoh-{number}",
        "website": f"https://usaha-{number}.example",
    }
    used = {"whatsapp", "phone", "email"} | {LINKS[one] for one in digital if one in LINKS}
    return {channel: named[channel] for channel in CHANNELS if channel in used and named[channel]}


def _standing(chance: random.Random, here: Region, state: State, moment: datetime, number: int) -> Row:
    """The columns that people do not fill in."""
    longest = pick(chance, AGES) if number else min(AGES)
    confirmed = moment - timedelta(days=chance.randrange(1, longest + 1), hours=chance.randrange(1, 10))
    in_register = state in (State.LISTED, State.HIDDEN)
    if not in_register:
        confirmed = moment - timedelta(days=chance.randrange(10), hours=chance.randrange(1, 10))
    return {
        "region": here.code,
        "state": state,
        "origin": pick(chance, {Origin.OWNER: 70, Origin.VISITOR: 20, Origin.CALLER: 10}),
        "is_demo": True,
        "version": 1,
        "created_at": confirmed - timedelta(hours=2),
        "submitted_at": None if state is State.DRAFT else confirmed - timedelta(hours=1),
        "verified_at": confirmed if in_register else None,
        "confirmed_at": confirmed if in_register else None,
        "return_reason": RETURNED if state is State.RETURNED else "",
    }


def _give_addresses(drawn: list[Drawn]) -> None:
    taken: set[str] = set()
    for one in drawn:
        one.row["slug"] = next(slug for slug in slugs_for(one.row["name"]) if slug not in taken)
        taken.add(one.row["slug"])
