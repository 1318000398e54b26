"""A month of invented visits to the fictional office's site, and what was searched there in vain."""

from collections import Counter
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select
from werkzeug.routing import MapAdapter

from app.cooperatives.models import Cooperative, Listing
from app.core.extensions import db
from app.core.upsert import insert_into
from app.demo.chance import dice, pick
from app.demo.rows import write
from app.insights.models import MissedSearch, PageTitle, VisitCount
from app.insights.rules import Device, Source

DAYS = 30
WORKDAY, WEEKEND = 60, 22  # visits of a usual day
PAGES = {
    ("/", "Beranda"): 26,
    ("/program", "Program"): 16,
    ("/koperasi", "Koperasi"): 14,
    ("/layanan", "Layanan"): 13,
    ("/ukm", "UKM"): 7,
    ("/panduan", "Panduan"): 5,
    ("/verifikasi", "Periksa bukti laporan"): 4,
    ("/tentang", "Tentang kantor"): 3,
}
DEVICES = {Device.PHONE: 72, Device.DESK: 28}
SOURCES = {
    Source.INSIDE: 44,
    Source.DIRECT: 20,
    Source.WHATSAPP: 16,
    Source.SEARCH: 14,
    Source.SOCIAL: 5,
    Source.OTHER: 1,
}
LANGUAGES = {"id": 96, "en": 4}
SEARCHES = {
    "pelatihan barista": 9,
    "pinjaman tanpa jaminan": 7,
    "sertifikat halal gratis": 6,
    "jadwal bazar": 4,
}
COOPERATIVES = 6  # whose pages are read now and then


def visit(today: date) -> None:
    """Write the month before ``today``; only pages that this site has."""
    chance = dice("visits", today)
    here = current_app.url_map.bind("")
    shares = {page: share for (page, _title), share in PAGES.items() if _exists(here, page)}
    listed = (
        select(Cooperative.slug, Cooperative.nama_koperasi)
        .where(Cooperative.listing == Listing.LISTED)
        .order_by(Cooperative.id)
        .limit(COOPERATIVES)
    )
    read = {f"/koperasi/{slug}": name for slug, name in db.session.execute(listed)}
    shares |= dict.fromkeys(read, 2)
    rows = []
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(ago)
        usual = WEEKEND if day.weekday() > 4 else WORKDAY
        seen = Counter(
            (pick(chance, shares), pick(chance, DEVICES), pick(chance, SOURCES), pick(chance, LANGUAGES))
            for _ in range(usual + chance.randint(-8, 8) + (DAYS - ago) // 3)
        )
        rows += [
            {"day": day, "page": page, "device": device, "source": source, "language": language}
            | {"visits": visits, "is_demo": True}
            for (page, device, source, language), visits in sorted(seen.items())
        ]
    write(VisitCount, rows)
    write(
        MissedSearch,
        [
            {"day": today - timedelta(3 + 4 * number), "words": words, "times": times, "is_demo": True}
            for number, (words, times) in enumerate(SEARCHES.items())
        ],
    )
    known = [*PAGES, *read.items()]
    titles = [{"page": page, "title": title} for page, title in known if page in shares]
    db.session.execute(insert_into(PageTitle).values(titles).on_conflict_do_nothing())


def _exists(here: MapAdapter, page: str) -> bool:
    return here.test(page, "GET")
