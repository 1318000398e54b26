"""Writing the fictional UKM: each bears the word *Contoh*, telephone numbers begin with 0836 0000. A whole city of them takes
seconds, because everything is written in bulk."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import User
from app.audit.services import OFFICE
from app.cooperatives.models import Cooperative
from app.core.database import JsonValue
from app.core.extensions import db
from app.core.search_bulk import in_bulk
from app.core.text import N_
from app.demo.chance import dice, pick
from app.demo.enterprise_rows import Drawn, draw
from app.demo.rows import Row, write, write_many
from app.enterprises.deriving import staff_text
from app.enterprises.history import BY_LINK
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseEvent,
    EnterpriseIndex,
    EnterpriseOwner,
    EnterpriseProduct,
)
from app.regions.rules import Region

ENTERPRISES = 12_097  # as many as a regency of Kalimantan publishes
SEED = "ukm"
AVAILABLE = {"ready": 70, "order": 25, "out": 5}


def write_enterprises(
    here: Region, moment: datetime, owner: User | None = None, *, count: int = ENTERPRISES
) -> None:
    """``count`` fictional UKM all over ``here``, as they stand at ``moment``. ``owner`` keeps the first one."""
    chance = dice(SEED, here.code, count)
    cooperatives = list(db.session.scalars(select(Cooperative.id).order_by(Cooperative.id).limit(60)))
    drawn = draw(chance, here, moment, cooperatives, count)
    with in_bulk("enterprise", "enterprise_index"):
        write_many(Enterprise, [one.row for one in drawn])
        known = dict(db.session.execute(select(Enterprise.slug, Enterprise.id)).all())
        numbered = [(known[one.row["slug"]], one) for one in drawn]
        write_many(
            EnterpriseIndex, [{"id": id_, "search_text": staff_text(one.row, here)} for id_, one in numbered]
        )
    write_many(EnterpriseConsent, [row for id_, one in numbered for row in _consents(id_, one)])
    _tell(numbered)
    goods = [
        row
        for id_, one in numbered
        for row in _goods(id_, one, ranging=chance.random() < 0.3, availability=pick(chance, AVAILABLE))
    ]
    write_many(EnterpriseProduct, goods)
    if owner is not None:
        write(EnterpriseOwner, [{"enterprise_id": numbered[0][0], "user_id": owner.id, "created_at": moment}])


def _consents(id_: int, one: Drawn) -> list[Row]:
    return [
        {
            "enterprise_id": id_,
            "purpose": purpose.value,
            "granted_at": one.row["created_at"],
            "granted_by": BY_LINK,
            "revoked_at": None,
        }
        for purpose in one.purposes
    ]


def _tell(numbered: list[tuple[int, Drawn]]) -> None:
    """What happened to each, in the sentences that the register itself writes, see ``app.enterprises``."""
    _tell_all("started", N_("Pendaftaran dimulai"), Enterprise.created_at)
    _tell_all("submitted", N_("Pendaftaran dikirim"), Enterprise.submitted_at)
    _tell_all("verified", N_("Diperiksa dan masuk register"), Enterprise.verified_at, by=OFFICE)
    returned = [
        _event(
            id_,
            one.row["submitted_at"] + timedelta(minutes=40),
            N_("Dikembalikan untuk diperbaiki"),
            one.row["return_reason"],
        )
        for id_, one in numbered
        if one.row["return_reason"]
    ]
    write_many(EnterpriseEvent, returned)


def _tell_all(kind: str, template: str, at: InstrumentedAttribute[Any], *, by: str = BY_LINK) -> None:
    """Written by the database itself, of every fictional UKM that has the moment ``at``."""
    told = {
        "enterprise_id": Enterprise.id,
        "at": at,
        "kind": literal(kind),
        "template": literal(template),
        "params": literal({}, JsonValue),
        "note": literal(""),
        "actor_name": literal(by),
    }
    those = select(*told.values()).where(Enterprise.is_demo, at.is_not(None)).order_by(Enterprise.id)
    db.session.execute(insert(EnterpriseEvent.__table__).from_select(list(told), those))  # type: ignore[arg-type]


def _event(id_: int, at: datetime, template: str, words: str) -> Row:
    told = {"enterprise_id": id_, "at": at, "kind": "returned", "template": template, "params": {}}
    return told | {"note": words, "actor_name": OFFICE, "picture_token": None}  # no file  # nosec B105


def _goods(id_: int, one: Drawn, *, ranging: bool, availability: str) -> list[Row]:
    """What it shows of what it makes."""
    price = one.called.price
    return [
        {
            "enterprise_id": id_,
            "name": name,
            "price_low": price,
            "price_high": price + price // 2 if ranging else None,
            "unit": one.called.unit,
            "availability": availability,
            "picture_token": None,  # no file  # nosec B105
            "created_at": one.row["created_at"],
        }
        for name in one.goods
    ]
