"""Fictional UKM: each bears the word *Contoh*, telephone numbers begin with 0836 0000. Written in bulk, so that a whole city of
them (``count=12_097``) takes seconds."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.text import N_
from app.demo.chance import choose, deal, dice, happens, pick
from app.demo.names import FIRST_WORDS, GIVEN_MEN, GIVEN_WOMEN, MARK, PHONE_PREFIX
from app.demo.rows import Row, write, write_numbered
from app.enterprises import rules
from app.enterprises.deriving import derived, staff_text
from app.enterprises.history import BY_LINK
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseEvent,
    EnterpriseIndex,
    EnterpriseOwner,
    EnterpriseProduct,
)
from app.enterprises.registering import slugs_for
from app.enterprises.rules import CHANNELS, Origin, Precision, Purpose, State
from app.regions.centroids import centroid
from app.regions.rules import Region

ENTERPRISES = 120
SEED = "ukm"
# Activity → its share, and what such a business is called after.
KINDS: Mapping[str, tuple[float, tuple[tuple[str, str, int], ...]]] = {
    "makanan-kemasan": (26, (("Keripik Tempe", "Keripik tempe aneka rasa", 12000), ("Kue Kering", "Kue kering, nastar, kastengel", 45000), ("Sambal", "Sambal botol, bumbu pecel", 18000), ("Roti", "Roti manis, donat, roti tawar", 8000), ("Keripik Buah", "Keripik apel, nangka, salak", 20000))),
    "warung-makan": (22, (("Warung Bakso", "Bakso, mie ayam, es jeruk", 15000), ("Dapur", "Katering rumahan, nasi kotak", 22000), ("Kedai Kopi", "Kopi, teh, camilan", 12000), ("Rujak Cingur", "Rujak cingur, tahu campur", 17000))),
    "toko": (18, (("Toko Kelontong", "Sembako, pulsa, air galon", 0), ("Kios Sayur", "Sayur, buah, bumbu dapur", 0), ("Toko Alat Tulis", "Alat tulis, fotokopi", 0))),
    "busana": (10, (("Batik", "Batik tulis dan cap motif Malang", 185000), ("Konveksi", "Kaos, seragam, sablon", 65000), ("Rajut", "Tas dan baju rajut", 95000))),
    "jasa-pribadi": (8, (("Laundry", "Cuci baju kiloan, setrika", 7000), ("Salon", "Potong rambut, rias pengantin", 35000), ("Servis HP", "Servis HP dan laptop", 50000))),
    "kerajinan": (6, (("Kriya Bambu", "Anyaman bambu, topeng, suvenir", 40000), ("Keramik", "Keramik Dinoyo, vas, mug", 55000))),
    "bengkel": (4, (("Bengkel Motor", "Servis motor, tambal ban, ganti oli", 40000),)),
    "minuman-kemasan": (3, (("Jamu", "Jamu gendong, beras kencur, kunyit asam", 10000),)),
    "pertanian": (2, (("Kebun Hidroponik", "Selada, pakcoy, bibit sayur", 15000),)),
    "kreatif-digital": (1, (("Studio Digital", "Pembuatan situs dan aplikasi", 1500000),)),
}  # fmt: skip
SALES = {"sampai-50jt": 45, "sampai-300jt": 34, "sampai-2m": 14, "sampai-15m": 4, "": 3}
CAPITAL = {"sampai-10jt": 50, "sampai-100jt": 32, "sampai-1m": 12, "sampai-5m": 3, "": 3}
STATES = {State.LISTED: 86, State.WAITING: 6, State.RETURNED: 2, State.HIDDEN: 4, State.DRAFT: 2}
AGES = {100: 78, 500: 14, 900: 8}  # days since the listing was confirmed, at most
WISHES = {
    Purpose.WHATSAPP: 0.75,
    Purpose.PHONE: 0.1,
    Purpose.LINKS: 0.4,
    Purpose.EMAIL: 0.1,
    Purpose.PROGRAMMES: 0.6,
    Purpose.STATISTICS: 0.7,
}
RETURNED = "Nama kelurahan dan alamatnya tidak cocok. Periksa lagi kelurahan tempat usaha."


def write_enterprises(
    here: Region, moment: datetime, owner: User | None = None, *, count: int = ENTERPRISES
) -> None:
    """``count`` fictional UKM all over ``here``, as they stand at ``moment``. ``owner`` keeps the first one."""
    chance = dice(SEED, here.code, count)
    cooperatives = list(db.session.scalars(select(Cooperative.id).order_by(Cooperative.id).limit(60)))
    drawn = _draw(chance, here, moment, cooperatives, count)
    _give_addresses([row for row, _consents, _price in drawn])
    ids = write_numbered(Enterprise, [row for row, _consents, _price in drawn])
    write(
        EnterpriseIndex,
        [
            {"id": id_, "search_text": staff_text(row, here)}
            for id_, (row, _c, _p) in zip(ids, drawn, strict=True)
        ],
    )
    write(
        EnterpriseConsent,
        [
            _consent(id_, purpose, row)
            for id_, (row, consents, _p) in zip(ids, drawn, strict=True)
            for purpose in consents
        ],
    )
    write(
        EnterpriseEvent,
        [event for id_, (row, _c, _p) in zip(ids, drawn, strict=True) for event in _events(id_, row)],
    )
    write(
        EnterpriseProduct,
        [
            good
            for id_, (row, _c, price) in zip(ids, drawn, strict=True)
            if price and (id_ == ids[0] or happens(chance, 0.5))
            for good in _goods(chance, id_, row, price)
        ],
    )
    if owner is not None:
        write(EnterpriseOwner, [{"enterprise_id": ids[0], "user_id": owner.id, "created_at": moment}])


Drawn = tuple[Row, tuple[Purpose, ...], int]


def _draw(
    chance: random.Random, here: Region, moment: datetime, cooperatives: list[int], count: int
) -> list[Drawn]:
    villages = list(here.kelurahan)
    weights = [chance.uniform(0.4, 2.0) for _ in villages]
    kinds = deal(chance, {code: share for code, (share, _names) in KINDS.items()}, count)
    states = deal(chance, STATES, count)
    states[0], kinds[0] = State.LISTED, next(iter(KINDS))  # the sign-in's own
    places = chance.choices(villages, weights, k=count)
    return [
        _one(chance, here, moment, cooperatives, number, kinds[number], states[number], places[number])
        for number in range(count)
    ]


def _one(chance: random.Random, here: Region, moment: datetime, cooperatives: list[int], number: int, kind: str, state: State, village: str) -> Drawn:  # fmt: skip
    first, made, price = choose(chance, KINDS[kind][1])
    woman = happens(chance, 0.58)
    owner = f"{choose(chance, GIVEN_WOMEN if woman else GIVEN_MEN)} {MARK}"
    phone = f"{PHONE_PREFIX}{number:05}"
    sales, capital = pick(chance, SALES), pick(chance, CAPITAL)
    consents = tuple(purpose for purpose, share in WISHES.items() if happens(chance, share))
    fine = pick(chance, {Precision.KECAMATAN: 55, Precision.KELURAHAN: 30, Precision.EXACT: 15})
    middle = centroid(village)
    if middle is None and fine is Precision.EXACT:
        fine = Precision.KELURAHAN
    consents += (Purpose.LOCATION,) if fine is not Precision.KECAMATAN else ()
    consents += () if state is State.HIDDEN else (Purpose.LISTING,)
    has_nib = pick(chance, {True: 55, False: 35, None: 10})
    values: dict[str, Any] = {
        "name": f"{first} {choose(chance, FIRST_WORDS)} {MARK}",
        "owner_name": owner,
        "owner_phone": phone,
        "owner_email": f"ukm-{number}@ukm.example" if happens(chance, 0.3) else None,
        "products": made,
        "activity": kind,
        "kode_kelurahan": village,
        "kode_kecamatan": village[:8],
        "address": f"Gang {choose(chance, FIRST_WORDS)} {MARK} {chance.randint(1, 99)}",
        "latitude": round(middle[0] + chance.uniform(-0.004, 0.004), 6) if middle else None,
        "longitude": round(middle[1] + chance.uniform(-0.004, 0.004), 6) if middle else None,
        "point_precision": fine,
        "legal_form": pick(chance, {"perorangan": 80, "cv": 8, "pt_perorangan": 6, "kelompok": 3, None: 3}),
        "start_year": chance.randint(2005, moment.year),
        "workers_men": chance.randint(0, 3),
        "workers_women": chance.randint(0 if not woman else 1, 4),
        "sales_band": sales or None,
        "capital_band": capital or None,
        "has_nib": has_nib,
        "nib": f"99{number:011}" if has_nib and happens(chance, 0.7) else None,
        "digital": _some(chance, {"chat_sales": 0.6, "social_media": 0.45, "marketplace": 0.25, "digital_payment": 0.4, "digital_bookkeeping": 0.08}) or ["none"],
        "infrastructure": {name: pick(chance, {"ada": 80, "kurang": 17, "tidak": 3}) for name in rules.INFRASTRUCTURE},
        "owner_age_band": pick(chance, {"25-34": 24, "35-44": 34, "45-54": 22, "55+": 12, "<25": 5, None: 3}),
        "owner_sex": "perempuan" if woman else "laki_laki",
        "owner_education": pick(chance, {"sma": 48, "sarjana": 18, "smp": 14, "diploma": 9, "sd": 8, None: 3}),
        "owner_disability": "ya" if happens(chance, 0.03) else "tidak",
        "funding": _some(chance, {"sendiri": 0.9, "keluarga": 0.2, "kur": 0.15, "koperasi": 0.12}),
        "needs": _some(chance, {"modal": 0.5, "pasar": 0.5, "pelatihan": 0.35, "izin": 0.25, "kemasan": 0.2}),
        "cooperative_id": choose(chance, cooperatives) if cooperatives and happens(chance, 0.12) else None,
        "contacts": _contacts(chance, phone, number),
        "opening_hours": {str(day): ["08:00", "16:00"] for day in range(1, 7)} if happens(chance, 0.4) else {},
    }  # fmt: skip
    return values | _standing(chance, here, values, state, moment), consents, price


def _standing(chance: random.Random, here: Region, values: Row, state: State, moment: datetime) -> Row:
    """The columns that people do not fill in."""
    confirmed = moment - timedelta(days=chance.randint(1, pick(chance, AGES)), hours=chance.randint(1, 9))
    in_register = state in (State.LISTED, State.HIDDEN)
    if not in_register:
        confirmed = moment - timedelta(days=chance.randint(0, 9), hours=chance.randint(1, 9))
    return {
        **derived(values, here),
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


def _some(chance: random.Random, shares: Mapping[str, float]) -> list[str]:
    return [code for code, share in shares.items() if happens(chance, share)]


def _contacts(chance: random.Random, phone: str, number: int) -> dict[str, str]:
    found = {"whatsapp": phone, "phone": phone, "email": f"toko-{number}@ukm.example"}
    links = {
        "instagram": f"https://www.instagram.com/contoh.ukm.{number}",
        "marketplace": f"https://toko.example/contoh-{number}",
        "website": f"https://usaha-{number}.example",
    }
    kept = {channel: link for channel, link in links.items() if happens(chance, 0.35)}
    return {channel: value for channel, value in (found | kept).items() if channel in CHANNELS}


def _give_addresses(rows: list[Row]) -> None:
    taken: set[str] = set()
    for row in rows:
        row["slug"] = next(slug for slug in slugs_for(row["name"]) if slug not in taken)
        taken.add(row["slug"])


def _consent(id_: int, purpose: Purpose, row: Row) -> Row:
    return {
        "enterprise_id": id_,
        "purpose": purpose,
        "granted_at": row["created_at"],
        "granted_by": BY_LINK,
        "revoked_at": None,
    }


def _events(id_: int, row: Row) -> list[Row]:
    """The sentences that the register itself writes, see ``app.enterprises``."""
    told = [(row["created_at"], "started", N_("Pendaftaran dimulai"), "")]
    if row["submitted_at"]:
        told.append((row["submitted_at"], "submitted", N_("Pendaftaran dikirim"), ""))
    if row["verified_at"]:
        told.append((row["verified_at"], "verified", N_("Diperiksa dan masuk register"), ""))
    if row["return_reason"]:
        at = row["submitted_at"] + timedelta(minutes=40)
        told.append((at, "returned", N_("Dikembalikan untuk diperbaiki"), row["return_reason"]))
    return [
        {
            "enterprise_id": id_,
            "at": at,
            "kind": kind,
            "template": template,
            "params": {},
            "note": words,
            "actor_name": BY_LINK,
            "picture_token": None,
        }
        for at, kind, template, words in told
    ]


def _goods(chance: random.Random, id_: int, row: Row, price: int) -> list[Row]:
    """The first things of what it says it makes, as products."""
    return [
        {
            "enterprise_id": id_,
            "name": name.strip().capitalize(),
            "price_low": price,
            "price_high": price * 2 if happens(chance, 0.3) else None,
            "unit": "",
            "availability": pick(chance, {"ready": 70, "order": 25, "out": 5}),
            "picture_token": None,
            "created_at": row["created_at"],
        }
        for name in row["products"].split(",")[:3]
    ]
