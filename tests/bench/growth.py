"""``python -m tests.bench.growth``: pages about cooperatives with 760, 7,600 and 130,000 of them, each with ten book years.

The registers are made of the same mixture and asked in turn in one process; no page is kept. Printed for each page: the median
processor time in milliseconds (on PostgreSQL its own as well), how many times the smallest the largest takes, and the numbers of
queries. ``--database postgresql`` starts a server of its own; ``--kept FOLDER`` leaves the registers there and takes them up again.
"""

import argparse
import itertools
import logging
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from app.cooperatives.models import Cooperative, Listing
from app.core.database import Base
from app.core.extensions import db
from app.core.paging import _pack
from app.factory import create_app
from app.questionnaire.models import Report
from tests.bench.growing import Register, cpu_clock, note_filled, registers
from tests.bench.growth_rows import OPERATOR, PERSON, fill, open_year
from tests.support.queries import count_queries

SIZES = (760, 7_600, 130_000)
PUBLIC = (
    "/",
    "/koperasi",
    "/koperasi?after={last}",
    "/koperasi?q=melati",
    "/koperasi?q=mlati",
    "/koperasi?q=melati&kecamatan=35.73.01",
    "/koperasi?q=tidakadayangbegini",
    "/koperasi?kecamatan=35.73.01",
    "/koperasi?kecamatan=35.73.01&jenis=Konsumen",
    "/koperasi?status=tidak_aktif",
    "/koperasi?rat=belum",
    "/koperasi?rat=belum&jenis=Jasa",
    "/koperasi?kelompok=Kopti",
    "/koperasi?kelompok=Kopti&kelompok=KUD",
    "/koperasi?urut=-nama",
    "/koperasi?urut=rat",
    "/koperasi/kop-500",
    "/cari?q=melati",
    "/cari?q=koprasi+mlati",
    "/daftar?q=melati",
    "/sitemap.xml",
)
OFFICE = (
    "/dinas",
    "/dinas/koperasi",
    "/dinas/koperasi?after={last}",
    "/dinas/koperasi?q=melati",
    "/dinas/koperasi?kecamatan=35.73.01&status=aktif",
    "/dinas/koperasi?laporan=belum",
    "/dinas/koperasi?pengelola=belum",
    "/dinas/koperasi?urut=rat",
    "/dinas/koperasi?urut=laporan",
    "/dinas/koperasi/kop-500",
    "/dinas/periksa",
    "/dinas/periksa?urut=lama",
    "/dinas/periksa?q=melati",
    "/dinas/periksa?kecamatan=35.73.01",
    "/dinas/periksa?peringatan=tanpa",
    "/dinas/periksa/{waiting}",
    "/dinas/periksa/bersih",
    "/dinas/belum-lapor",
    "/dinas/belum-lapor?kecamatan=35.73.01&kontak=belum",
    "/dinas/belum-lapor?q=melati",
    "/dinas/ekspor",
    "/dinas/ods",
    "/dinas/ods?tampil=berubah",
    "/dinas/ods?tahun=2020&tampil=belum",
    "/dinas/bantuan",
    "/dinas/pengguna",
    "/dinas/pengguna?q=uji",
    "/dinas/pengguna?q=uji+500",
    "/dinas/pengguna?peran=editor",
    "/dinas/pengguna?keadaan=inactive",
)
OWN = (
    "/laporan",
    "/laporan/kop-1/{year}?bagian=1",
    "/laporan/kop-1/{year}?bagian=2",
    "/laporan/kop-1/{year}/periksa",
)


@dataclass
class Site:
    """One size, ready to be asked."""

    app: Flask
    size: int
    names: dict[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(2))  # of reports that can be sent

    def browser(self, user: str = "") -> FlaskClient:
        """Somebody's browser; ``user`` is what the session holds of who signed in."""
        made = self.app.test_client()
        if user:
            with made.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user, True
        return made


@contextmanager
def filled(size: int, register: Register, *, is_cold: bool = False) -> Iterator[Site]:
    """A site with ``size`` cooperatives; ``is_cold``: figures over the whole register are worked out for each page."""
    told = {"INSTANCE": str(register.folder), "DATABASE_URL": register.url, "SCHEDULER": "0"}
    app = create_app({**told, "KEEP_PAGES": False, "KEEP_FIGURES": not is_cold, "WTF_CSRF_ENABLED": False})
    started = time.perf_counter()
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            event.listen(db.engine, "connect", _alone)
        if register.is_new:
            Base.metadata.create_all(db.engine)
            fill(size)
            note_filled(register)
        names = _names()
        print(f"{size:>9,} cooperatives in {time.perf_counter() - started:.0f} s", flush=True)
    yield Site(app, size, names)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _alone(connection: Any, _record: Any) -> None:
    """Nobody helps the server's process, whose time is what is measured."""
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.commit()


def _names() -> dict[str, str]:
    """What addresses hold of this register: a key near its end, a report that waits, the open year."""
    last = select(Cooperative).where(Cooperative.listing == Listing.LISTED)
    row = db.session.scalars(
        last.order_by(Cooperative.name_key.desc(), Cooperative.id.desc()).limit(26)
    ).all()[-1]
    waiting = select(Report.id).where(Report.status == "submitted").order_by(Report.calm, Report.submitted_at)
    return {
        "last": _pack((row.name_key, row.id)),
        "waiting": str(db.session.scalars(waiting.limit(1)).one()),
        "year": str(open_year()),
    }


Ask = Callable[[Site], TestResponse]


def page(address: str, user: int = 0) -> Ask:
    """Reading one page, as nobody or as a person."""

    def ask(site: Site) -> TestResponse:
        return site.browser(f"{user}.1" if user else "").get(address.format(**site.names))

    return ask


def autosave(site: Site) -> TestResponse:
    """One figure, kept by itself while somebody types."""
    number = next(site.numbers)
    told = {
        "id": f"{time.time_ns():020}",
        "version": "",
        "fields": {"volume_usaha": str(900_000_000 + number)},
    }
    return site.browser(f"{PERSON}.1").post(f"/laporan/kop-1/{site.names['year']}/simpan", json=told)


def submit(site: Site) -> TestResponse:
    """A report that was not sent yet; where all were, they are first made drafts again."""
    number = next(site.numbers) % 50 + 2
    with site.app.app_context(), db.engine.begin() as connection:
        again = Report.__table__.update().where(
            Report.cooperative_id == number, Report.year == int(site.names["year"])
        )  # type: ignore[attr-defined]
        connection.execute(again.values(status="draft", submitted_at=None))
    told = {"nama": "Ketua Uji", "jabatan": "Ketua", "pernyataan": "1"}
    return site.browser(f"{PERSON}.1").post(f"/laporan/kop-{number}/{site.names['year']}/kirim", data=told)


def asks() -> Iterator[tuple[str, Ask]]:
    """Everything that is asked, under the name that the table gives it."""
    yield from ((address, page(address)) for address in PUBLIC)
    yield from ((address, page(address, OPERATOR)) for address in OFFICE)
    yield from ((address, page(address, PERSON)) for address in OWN)
    yield "POST …/simpan", autosave
    yield "POST …/kirim", submit


def measured(site: Site, ask: Ask) -> float:
    """Milliseconds of processor time of one answer."""
    with site.app.app_context():
        clock = cpu_clock()
    started = clock()
    answer = ask(site)
    took = (clock() - started) * 1000
    if answer.status_code not in (200, 201, 303):
        raise SystemExit(f"{answer.request.path}: {answer.status_code}\n{_text(answer)}")
    return took


def _text(answer: TestResponse) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", answer.text)[:600]


def statements(site: Site, ask: Ask) -> list[str]:
    """What one answer asks of the database."""
    with site.app.app_context(), count_queries() as seen:
        ask(site)
    return seen.statements


def compare(sites: list[Site], rounds: int, only: str, *, is_wordy: bool = False) -> None:
    """Print a line for each page."""
    print(f"\n{'':<52}" + "".join(f"{site.size:>10,}" for site in sites) + "   ratio  queries")
    for name, ask in asks():
        if only not in name:
            continue
        for site in sites:
            measured(site, ask)  # what is compiled once is compiled now
        rows = [[measured(site, ask) for site in sites] for _ in range(rounds)]
        middle = [statistics.median(row[place] for row in rows) for place in range(len(sites))]
        queries = [statements(site, ask) for site in sites]
        figures = "".join(f"{one:>10.1f}" for one in middle)
        counts = "/".join(str(len(one)) for one in queries)
        mark = " !" if middle[-1] > 1.5 * middle[0] else ""
        print(f"{name:<52}{figures}{middle[-1] / middle[0]:>8.2f}  {counts}{mark}", flush=True)
        if is_wordy:
            _slowest(sites[-1], queries[-1])


def _slowest(site: Site, asked: list[str]) -> None:
    """The statements of the largest register, for whoever looks for the one that grows."""
    for statement in asked:
        print("      ", " ".join(statement.split())[:400])


def main() -> None:
    """Fill all sizes, ask all pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kept", type=Path, help="a folder for the registers, new or of an earlier run")
    parser.add_argument("--cold", action="store_true", help="as if each page were the first after a change")
    parser.add_argument("--only", default="", help="addresses that hold this")
    parser.add_argument("--statements", action="store_true", help="also print what each page asks")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    names = [f"koperasi-{size}" for size in chosen.sizes]
    with registers(chosen.database, names, chosen.kept) as found, ExitStack() as stack:
        sites = [
            stack.enter_context(filled(size, one, is_cold=chosen.cold))
            for size, one in zip(chosen.sizes, found, strict=True)
        ]
        compare(sites, chosen.rounds, chosen.only, is_wordy=chosen.statements)


if __name__ == "__main__":
    main()
