"""A register of cooperatives with ten book years of reports, of any size: 760 are drawn one by one, the others are copies of
them with numbers, names and addresses of their own, made inside the database. Memory does not grow with the size.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from app.accounts import people_index
from app.accounts.models import User, UserRole
from app.cooperatives.derived import derived
from app.cooperatives.fields import JENIS
from app.cooperatives.models import Cooperative, Membership, MembershipState, TimelineEvent
from app.cooperatives.queries import region
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.search import removals, statements
from app.core.writing import is_sqlite, writing
from app.quality.models import ReportQuality
from app.questionnaire import editions
from app.questionnaire.models import Receipt, Report, ReportEvent
from app.questionnaire.queries import edition_of
from app.review.models import Contact, OdsEntry
from tests.support.answers import sound

DRAWN = 760
YEARS = 10
PERSON, OPERATOR = 1, 2
"""Ids of who acts for the first cooperatives, and of who works in the office."""
OWN = 60
"""The first cooperatives: for these PERSON acts, and each has a draft of the open year that can be sent."""
GOODS = (
    "Melati",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Anggrek",
    "Makmur",
    "Sejahtera",
    "Mandiri",
    "Barokah",
    "Lestari",
)
SYLLABLES = ("ba", "ci", "da", "gu", "ja", "ka", "li", "mo", "na", "pu", "ra", "si", "ta", "wu")


def open_year() -> int:
    """The book year that cooperatives now report on."""
    return today().year - 1


def _name(number: int, chance: random.Random) -> str:
    own = "".join(chance.choice(SYLLABLES) for _ in range(4)).title()
    return f"Koperasi {chance.choice(list(JENIS))} {chance.choice(GOODS)} {own} {number}"


def _cooperatives(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Those that are drawn: a tenth never held an RAT that is known, one in fifty is dissolved, one in fifty waits to be listed."""
    villages, year = list(region().kelurahan), open_year()
    for number in range(1, DRAWN + 1):
        own = number <= OWN
        last = None if chance.random() < 0.1 else year - chance.choice((0, 0, 0, 0, 1, 2, 4, 7))
        gone = not own and chance.random() < 0.02
        values = {
            "nama_koperasi": _name(number, chance),
            "nomor_badan_hukum": f"518/{number:05}/BH/UJI/2001",
            "kode_kelurahan": chance.choice(villages),
        }
        yield {
            "id": number,
            "slug": f"kop-{number}",
            "region": "35.73",
            "listing": "listed" if own or chance.random() > 0.02 else "proposed",
            "created_at": now(),
            "jenis_koperasi": chance.choice(list(JENIS)),
            "alamat": "Jalan Uji Coba 1",
            "tanggal_badan_hukum": date(chance.randint(1970, year - 8), 5, 17),
            "last_rat": date(last + 1, chance.randint(1, 6), chance.randint(1, 28)) if last else None,
            "last_report_year": None if chance.random() < 0.15 else year - chance.choice((0, 1, 1, 3)),
            "dissolved_on": date(year, 3, 1) if gone else None,
            "dissolved_decree": "UJI/1" if gone else None,
            **values,
            **derived(values, region()),
        }


def _status(number: int, year: int, chance: random.Random) -> str:
    """Of the open year half are filed; all earlier ones are approved but for a few."""
    if year < open_year():
        return "approved" if chance.random() < 0.97 else "submitted"
    if number <= OWN:
        return "draft"
    return chance.choices(("", "draft", "submitted", "returned", "approved"), (40, 10, 20, 5, 25))[0]


def _reports(chance: random.Random, named: dict[int, str]) -> Iterator[dict[str, Any]]:
    editions_of = {year: edition_of(year).id for year in _years()}  # type: ignore[union-attr]
    for number in range(1, DRAWN + 1):
        for place, year in enumerate(_years()):
            if not (status := _status(number, year, chance)):
                continue
            at = datetime(year + 1, 1, 5, 2, tzinfo=UTC) + timedelta(hours=chance.randint(0, 3000))
            filed = status != "draft"
            yield {
                "id": number * YEARS + place,
                "cooperative_id": number,
                "edition_id": editions_of[year],
                "year": year,
                "region": "35.73",
                "status": status,
                "answers": _answers(number, year, named[number]),
                "sections": {"1": 1, "2": 1, "3": 1, "4": 1},
                "open_codes": [],
                "findings": [],
                "version": 3 if filed else 2,
                "ods_version": _typed(number, year) if status == "approved" else None,
                "calm": chance.choice((400, 700, 900, 999, 1000)) if status == "submitted" else 0,
                "created_at": at,
                "updated_at": at,
                "submitted_at": at if filed else None,
                "approved_at": at if status == "approved" else None,
            }


def _typed(number: int, year: int) -> int | None:
    """The version that stands in the ministry's system: of the open year a third each has none, the latest, and an older one;
    of earlier years one in a hundred has an older one.
    """
    if year == open_year():
        return (None, 3, 2)[number % 3]
    return 2 if number % 100 == 0 else 3


def _years() -> range:
    return range(open_year() - YEARS + 1, open_year() + 1)


def _answers(number: int, year: int, name: str) -> dict[str, Any]:
    grown = year - open_year()
    return sound(
        nama_koperasi=name,
        nomor_badan_hukum=f"518/{number:05}/BH/UJI/2001",
        tanggal_rat=f"{year + 1}-01-01",
        modal_sendiri=400_000_000 + grown * 9_000_000 + number * 1_000,
        aset=500_000_000 + grown * 9_000_000 + number * 1_000,
    )


def fill(cooperatives: int) -> None:
    """``cooperatives`` of them, with their people, reports, events, receipts, timelines and contacts, into an empty database."""
    with writing():
        for year in _years():
            editions.edition_for(year)
        editions.ensure_editions(today())
    chance = random.Random(7)
    drawn = list(_cooperatives(chance))
    reports = list(_reports(chance, {one["id"]: one["nama_koperasi"] for one in drawn}))
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_sqlite():
            connection.exec_driver_sql("COMMIT")  # the site begins a transaction even here
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role=replica")
        _without_indexes(connection, lambda: _rows(connection, cooperatives, drawn, reports))
        if is_sqlite():
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM ANALYZE")


COPIED = (
    *(User, Cooperative, Membership, Report, ReportEvent, Receipt, TimelineEvent, Contact, ReportQuality),
    OdsEntry,
)


def _without_indexes(connection: Connection, make: Any) -> None:
    """Indexes and search are made after the rows, which is many times quicker."""
    dialect = connection.dialect.name
    indexes = [
        index for model in COPIED for index in sorted(_table(model).indexes, key=lambda one: str(one.name))
    ]
    for statement in (*removals("cooperative", dialect), *people_index.removals(dialect)):
        connection.exec_driver_sql(statement)
    for index in indexes:
        index.drop(connection)
    make()
    for index in indexes:
        index.create(connection)
    for statement in (*statements("cooperative", dialect), *people_index.statements(dialect)):
        connection.exec_driver_sql(statement)
    if dialect == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_cooperative (search_cooperative) VALUES ('rebuild')")
    if dialect == "postgresql":
        connection.exec_driver_sql("SET session_replication_role=DEFAULT")  # so that the words are noted
    words = f"UPDATE cooperative SET search_text = search_text WHERE id <= {DRAWN}"
    connection.exec_driver_sql(words)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _rows(
    connection: Connection, cooperatives: int, drawn: list[dict[str, Any]], reports: list[dict[str, Any]]
) -> None:
    connection.exec_driver_sql("BEGIN")
    hashed = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"
    people = [
        {"id": one["id"], "name": f"Orang Uji {one['id']}", "email": f"orang{one['id']}@uji.example",
         "password_hash": hashed, "session_epoch": 1, "created_at": now(), "is_demo": False}
        for one in drawn
    ]  # fmt: skip
    filed = [one for one in reports if one["status"] != "draft"]
    made: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (User, people),
        (
            UserRole,
            [{"user_id": PERSON, "role": Role.COOPERATIVE}, {"user_id": OPERATOR, "role": Role.OPERATOR}],
        ),
        (Cooperative, drawn),
        (Membership, [_member(one["id"]) for one in drawn if one["id"] <= OWN or one["id"] % 3]),
        (Report, reports),
        (ReportEvent, [_event(one) for one in filed]),
        (Receipt, [_receipt(one) for one in filed]),
        (TimelineEvent, [_happening(one) for one in filed]),
        (Contact, [_contact(one["id"]) for one in drawn if one["id"] % 5 == 0]),
        (ReportQuality, [_compared(one) for one in filed if one["status"] == "submitted"]),
        (OdsEntry, [_entered(one) for one in reports if one["ods_version"]]),
    )
    for model, rows in made:
        connection.execute(insert(model), rows)
    connection.exec_driver_sql("COMMIT")
    for model in COPIED:
        connection.exec_driver_sql("BEGIN")
        for copy in range(1, -(-cooperatives // DRAWN)):
            left = min(DRAWN, cooperatives - copy * DRAWN)
            connection.execute(_copying(_table(model)), {"n": str(copy), "moved": copy * DRAWN, "left": left})
        connection.exec_driver_sql("COMMIT")
    if connection.dialect.name == "postgresql":
        for name in [_table(model).name for model in COPIED if "id" in _table(model).c]:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), (SELECT max(id) FROM \"{name}\"))"
            )


def _member(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "user_id": PERSON if number <= OWN else number,
        "cooperative_id": number,
        "position": "Ketua",
        "state": MembershipState.ACTIVE,
        "decided_at": now(),
    }


def _event(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": report["id"], "report_id": report["id"], "at": report["submitted_at"], "kind": report["status"],
        "status": report["status"], "actor_name": "Orang Uji", "codes": ["shu"] if report["status"] == "returned" else [],
        "answers": {}, "findings": [], "reason": "Periksa lagi" if report["status"] == "returned" else "",
    }  # fmt: skip


def _receipt(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": report["id"], "report_id": report["id"], "event_id": report["id"], "code": f"UJI-{report['id']}",
        "answers_digest": "0" * 64, "issued_at": report["submitted_at"], "declared_name": "Ketua Uji",
        "declared_position": "Ketua",
    }  # fmt: skip


def _happening(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": report["id"], "cooperative_id": report["cooperative_id"], "at": report["submitted_at"], "kind": "report",
        "template": "Laporan tahun buku %(year)s dikirim", "params": {"year": report["year"]}, "actor_name": "Orang Uji",
    }  # fmt: skip


def _contact(number: int) -> dict[str, Any]:
    return {
        "id": number, "cooperative_id": number, "year": open_year(), "channel": "phone", "result": "akan",
        "actor_name": "Operator Uji",
    }  # fmt: skip


def _compared(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "report_id": report["id"], "version": report["version"], "findings": [], "isolation": None, "computed_at": now()
    }  # fmt: skip


def _entered(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "report_id": report["id"], "version": report["ods_version"], "answers": {}, "entered_at": now(),
        "entered_by": "Operator Uji",
    }  # fmt: skip


NUMBERED = frozenset(("id", "report_id", "event_id"))
"""Ids that follow from a report's: ten for each cooperative."""
OTHERWISE = {
    "slug": "slug || '-' || :n",
    "email": "'c' || :n || email",
    "code": "code || '-' || :n",
    "nama_koperasi": "nama_koperasi || ' ' || :n",
    "name_key": "name_key || ' ' || :n",
    "search_text": "search_text || ' ' || :n",
    "nomor_badan_hukum": "nomor_badan_hukum || '-' || :n",
    "legal_number_key": "legal_number_key || :n",
    "cooperative_id": "cooperative_id + :moved",
    "user_id": "user_id + :moved",
}


def _copying(table: Table) -> Any:
    """One copy of what was drawn, moved on by ``:moved`` cooperatives, of the first ``:left``."""
    of_report = {"report_id", "event_id", "year"} & set(table.c.keys()) or table.name == "timeline_event"
    step = YEARS if of_report and table.name != "contact" else 1
    said = {
        name: f"{name} + :moved * {step}" if name in NUMBERED else OTHERWISE.get(name, f'"{name}"')
        for name in [column.name for column in table.c]
    }
    first = "report_id" if "id" not in table.c else "id"
    columns = ", ".join(f'"{name}"' for name in said)
    return text(
        f'INSERT INTO "{table.name}" ({columns}) SELECT {", ".join(said.values())} FROM "{table.name}" '
        f"WHERE {first} <= {DRAWN * step + step - 1} AND {first} < (:left + 1) * {step} ORDER BY {first}"
    )
