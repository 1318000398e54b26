"""``python -m tests.bench.directory``: the list, the search and the map of UKM with 12,097 and with 1.2 million rows.

Both registers are made of the same mixture and asked in turn in one process; no page is kept, but what was large or found a
moment ago is known, as when somebody reads on (``--cold``: it is not). Printed for each address: the
median milliseconds, their ratio, the bytes over the wire, the number of queries. What must hold on any machine is asserted: no
more queries (a search that finds too much to rank asks up to three more), and no statement that reads the whole register. ``--database postgresql`` starts a server of its own. ``--kept FOLDER`` leaves the registers there and takes them up
again: filling 1.2 million takes minutes.
"""

import argparse
import gzip
import logging
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import event, insert, text

from app.core.database import Base, now
from app.core.extensions import db
from app.core.search import removals, statements
from app.enterprises.deriving import derived
from app.enterprises.models import Enterprise, EnterpriseTable
from app.enterprises.queries import region
from app.enterprises.rules import Origin, Precision, State
from app.enterprises.sectors import activities
from app.factory import create_app
from app.regions.centroids import centroid
from tests.bench.growing import Register, cpu_clock, note_filled, registers

SMALL, LARGE = 12_097, 1_200_000
DRAWN = 12_097  # rows that are drawn one by one; a larger register repeats them, each time at other points
VIEW = "kotak=14,13310,4454,13325,4463"  # all of Kota Malang, as a desk asks for it
CLOSE = "kotak=19,426163,142686,426177,142695"
ADDRESSES = (
    "/ukm",
    "/ukm?kecamatan=35.73.01",
    "/ukm?kecamatan=35.73.01&bidang=kerajinan",
    "/ukm?bidang=toko",
    "/ukm?kelurahan=35.73.01.1001",
    "/ukm?kelas=menengah&digital=digital_bookkeeping&produk=ada",
    "/ukm?nib=ada&digital=marketplace&kecamatan=35.73.05",
    "/ukm?q=keripik+tempe",
    "/ukm?q=keripik+tempe&kecamatan=35.73.01",
    "/ukm?q=toko&bidang=busana",
    "/ukm?q=kripik+tempe",
    "/ukm?q=kripik+tempe&kecamatan=35.73.01",
    "/ukm?q=tidakadayangbegini",
    "/ukm/peta",
    "/ukm/peta?q=keripik",
    f"/ukm/peta.json?{VIEW}",
    f"/ukm/peta.json?{VIEW}&bidang=kerajinan",
    f"/ukm/peta.json?{VIEW}&kecamatan=35.73.01&nib=ada",
    f"/ukm/peta.json?{VIEW}&kelas=menengah&digital=own_site",
    f"/ukm/peta.json?{VIEW}&q=keripik",
    f"/ukm/peta.json?{CLOSE}",
)
OVERFULL = 3  # queries more, where a search finds more rows than it can rank: a few, not one for each row
WORDS = {
    "makanan-kemasan": ("Keripik Tempe", "Keripik Singkong", "Sambal Kemasan", "Kue Kering", "Abon Ikan"),
    "warung-makan": ("Bakso", "Soto Ayam", "Nasi Pecel", "Kedai Kopi"),
    "busana": ("Batik Tulis", "Konveksi Seragam", "Hijab"),
    "toko": ("Toko Kelontong", "Toko Alat Tulis", "Kios Pulsa"),
    "kerajinan": ("Gerabah", "Anyaman Bambu", "Topeng"),
}
NAMES = (
    "Melati",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Anggrek",
    "Teratai",
    "Seruni",
    "Wijaya",
    "Barokah",
    "Makmur",
)
SHARES = {"chat_sales": 0.6, "social_media": 0.4, "marketplace": 0.2, "own_site": 0.04, "digital_payment": 0.35, "digital_bookkeeping": 0.05}  # fmt: skip
SALES = ("sampai-50jt",) * 6 + ("sampai-300jt",) * 5 + ("sampai-15m",) + (None,) * 2
TOLD = ("id", "slug", "name_key")


def drawn(number: int, chance: random.Random) -> dict[str, Any]:
    """One row, as a city has them; a hundredth of them are menengah, a tenth is no longer confirmed."""
    kinds = list(WORDS) * 3 + list(activities())
    kind = chance.choice(kinds)
    goods = chance.choice(WORDS.get(kind, (activities()[kind].name,)))
    village = chance.choice(list(region().kelurahan))
    middle = centroid(village) or (0.0, 0.0)
    fine = chance.choices(list(Precision), (15, 30, 55))[0]
    values: dict[str, Any] = {
        "name": f"{goods} {chance.choice(NAMES)} {chance.choice(NAMES)} {number}",
        "products": goods,
        "activity": kind,
        "kode_kelurahan": village,
        "latitude": round(middle[0] + chance.uniform(-0.006, 0.006), 6),
        "longitude": round(middle[1] + chance.uniform(-0.006, 0.006), 6),
        "point_precision": fine,
        "sales_band": "sampai-50m" if chance.random() < 0.01 else chance.choice(SALES),
        "has_nib": chance.random() < 0.4,
        "digital": [code for code, share in SHARES.items() if chance.random() < share],
    }
    shown = ("produk",) if chance.random() < 0.08 else ()
    old = timedelta(days=800 if chance.random() < 0.1 else chance.randint(1, 700))
    return (
        values
        | derived(values, region(), goods=shown)
        | {"slug": f"ukm-{number}", "confirmed_at": now() - old}
    )


def fill(rows: int) -> None:
    """A register of ``rows`` listed UKM. Indexes and search are made after the rows, which is many times quicker."""
    chance = random.Random(7)
    common = {"region": "35.73", "state": State.LISTED, "origin": Origin.OWNER, "created_at": now()}
    dialect = db.engine.dialect.name
    with db.engine.begin() as session:
        for statement in removals("enterprise", dialect):
            session.exec_driver_sql(statement)
        for index in EnterpriseTable.indexes:
            index.drop(session)
        first = min(rows, DRAWN)
        for start in range(0, first, 1000):
            batch = [common | drawn(number, chance) for number in range(start, min(start + 1000, first))]
            session.execute(insert(Enterprise), batch)
        columns = [column.name for column in EnterpriseTable.columns if column.name not in (*TOLD, "map_key")]
        many = ", ".join(columns)
        copied = text(
            f"INSERT INTO enterprise (slug, name_key, map_key, {many}) SELECT slug || '-' || :n, name_key || ' ' || :n, "
            f"map_key + CASE WHEN point_precision = 'exact' THEN :moved ELSE 0 END, {many} FROM enterprise "
            "WHERE id <= :drawn AND id <= :left ORDER BY id"
        )
        for copy in range(1, -(-rows // DRAWN)):
            session.execute(
                copied,
                {"n": str(copy), "moved": copy * 977, "drawn": DRAWN, "left": rows - copy * DRAWN},
            )
        for index in sorted(EnterpriseTable.indexes, key=lambda one: str(one.name)):
            index.create(session)
        for statement in statements("enterprise", dialect):
            session.exec_driver_sql(statement)
        for statement in REBUILT[dialect]:
            session.exec_driver_sql(statement)
    if dialect == "postgresql":  # as its own housekeeping does sooner or later; SQLite has none
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            session.exec_driver_sql("VACUUM ANALYZE enterprise")


REBUILT = {
    "sqlite": (
        "INSERT INTO search_enterprise (search_enterprise) VALUES ('rebuild')",
        "UPDATE enterprise SET search_text = search_text WHERE id <= 12097",  # the words, by their trigger
    ),
    "postgresql": ("UPDATE enterprise SET search_text = search_text WHERE id <= 12097",),
}


@contextmanager
def filled(rows: int, register: Register, *, is_cold: bool = False) -> Iterator[Flask]:
    """A site with a register of ``rows``, whose pages are all made anew; ``is_cold``: nothing is known from a moment ago."""
    app = create_app(
        {
            "INSTANCE": str(register.folder),
            "DATABASE_URL": register.url,
            "SCHEDULER": "0",
            "KEEP_PAGES": False,
            "KEEP_FIGURES": not is_cold,
        }
    )
    started = time.perf_counter()
    with app.app_context():
        if register.is_new:
            Base.metadata.create_all(db.engine)
            fill(rows)
            note_filled(register)
        print(
            f"{rows:>9,} rows in {time.perf_counter() - started:.0f} s ({db.engine.dialect.name})", flush=True
        )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


Statement = tuple[str, Any]


def asked(app: Flask, address: str) -> list[Statement]:
    """The statements that a page takes, with their parameters."""
    seen: list[Statement] = []

    def watch(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", watch)
        try:
            app.test_client().get(address)
        finally:
            event.remove(db.engine, "before_cursor_execute", watch)
    return seen


def whole_reads(app: Flask, found: list[Statement]) -> list[str]:
    """The statements of ``found`` that read all rows of the register one after the other, as the database plans them."""
    with app.app_context(), db.engine.connect() as connection:
        lite = connection.dialect.name == "sqlite"
        plans = []
        for statement, parameters in found:
            explained = ("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + statement
            plans.append([str(row[-1]) for row in connection.exec_driver_sql(explained, parameters)])
    bad = ("SCAN enterprise",) if lite else ("Seq Scan on enterprise",)
    return [
        f"{statement[:200]}\n  {line}"
        for (statement, _), plan in zip(found, plans, strict=True)
        for line in plan
        if line.strip().lstrip("->").strip().startswith(bad)
    ]


def get(app: Flask, address: str) -> tuple[float, bytes]:
    """Milliseconds of processor time and body of one page: this process's, and those of the database's where it is another."""
    with app.app_context():
        clock = cpu_clock()
    started = clock()
    answer = app.test_client().get(address)
    took = (clock() - started) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return took, answer.data


def compare(small: Flask, large: Flask, rounds: int, only: str = "") -> int:
    """Print a line for each address; the number of those at which something does not hold."""
    wrong = 0
    print(f"\n{'':<66} {SMALL:>9,} {'large':>9}  ratio  queries   KB gzip   ms")
    for address in (one for one in ADDRESSES if only in one):
        get(small, address), get(large, address)  # what is compiled once is compiled now
        pairs = [(get(small, address), get(large, address)) for _ in range(rounds)]
        mine, other = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
        queries = [asked(app, address) for app in (small, large)]
        weight = len(gzip.compress(pairs[0][1][1], 4)) / 1024
        numbers = f"{len(queries[0])}/{len(queries[1])}"
        print(
            f"{address:<66} {mine:>9.1f} {other:>9.1f} {other / mine:>6.2f} {numbers:>8} {weight:>9.1f}",
            flush=True,
        )
        faults = whole_reads(large, queries[1])
        more = len(queries[1]) - len(queries[0])
        if more > (OVERFULL if "q=" in address else 0):
            faults.append(f"{numbers} queries")
        for fault in faults:
            print("  !", fault)
        wrong += bool(faults)
    return wrong


def main() -> int:
    """Fill both, ask both, say what does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=LARGE, help="of the large register")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kept", type=Path, help="a folder for the registers, new or of an earlier run")
    parser.add_argument("--cold", action="store_true", help="as if each page were the first after a start")
    parser.add_argument("--only", default="", help="addresses that hold this")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    names = (f"ukm-{SMALL}", f"ukm-{chosen.rows}")
    with (
        registers(chosen.database, names, chosen.kept) as (one, two),
        filled(SMALL, one, is_cold=chosen.cold) as small,
        filled(chosen.rows, two, is_cold=chosen.cold) as large,
    ):
        wrong = compare(small, large, chosen.rounds, chosen.only)
    print(f"\n{wrong} addresses do not hold" if wrong else "\nall addresses hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
