"""What tests of the groups of UKM share: a register of three kinds, and a run over it."""

import random

from sqlalchemy import insert

from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.clusters import queries, running, services
from app.enterprises.clusters.models import ClusterRun
from app.enterprises.clusters.rules import Options, Origin
from app.enterprises.models import Enterprise
from app.enterprises.rules import SizeClass, SizeCriterion, State
from app.regions.centroids import centroids
from tests.support.grouping import in_process

SUKUN, KLOJEN, BLIMBING = "35.73.04", "35.73.02", "35.73.01"
EACH = 20
KINDS = (
    ("makanan-kemasan", SUKUN, SizeClass.MIKRO, ["chat_sales"]),
    ("toko", KLOJEN, SizeClass.MIKRO, ["none"]),
    ("bengkel", BLIMBING, SizeClass.KECIL, ["marketplace", "digital_payment"]),
)


MIDDLES = centroids()


def fill(each=EACH, kinds=KINDS, **more):
    """``each`` UKM of every kind, scattered about the middle of their kecamatan."""
    chance = random.Random(7)
    rows = []
    for number in range(each * len(kinds)):
        activity, place, size, digital = kinds[number % len(kinds)]
        rows.append(
            {
                "slug": f"ukm-{number}", "region": "35.73", "state": State.LISTED, "confirmed_at": now(),
                "name": f"Usaha {number}", "name_key": f"usaha {number}", "products": "Macam-macam",
                "activity": activity, "sector": "C", "sector_version": "2025",
                "kode_kecamatan": place, "latitude": MIDDLES[place][0] + chance.uniform(-0.01, 0.01),
                "longitude": MIDDLES[place][1] + chance.uniform(-0.01, 0.01),
                "size_class": size, "class_criterion": SizeCriterion.SALES, "workers_men": 1, "workers_women": 1,
                "digital": digital, "owner_sex": "perempuan" if number % 2 else "laki_laki",
            }
            | more
        )  # fmt: skip
    with writing() as session:
        session.execute(insert(Enterprise), rows)


def run(options=None, engine_=in_process, **more):
    with writing():
        run_id = services.request_run(options or Options(**more), origin=Origin.COMMAND).id
    told = running.execute(run_id, engine_)
    db.session.rollback()
    return db.session.get_one(ClusterRun, run_id), told


def groups(run):
    return {services.shown_name(one): one for one in queries.clusters_of(run)}
