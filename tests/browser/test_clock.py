"""The clock of a site under its real server; what it does is told in tests/operations."""

import os
import time

from sqlalchemy import delete

from app.core.extensions import db
from app.core.writing import writing
from app.operations import lease
from app.operations.models import Lease

PATIENCE = 30.0  # s; the clock is looked at as soon as the site is served


def test_a_served_site_looks_at_its_clock(site, workshop):
    with writing() as session:
        session.execute(delete(Lease))  # a server that was killed before may have left one behind
    deadline = time.monotonic() + PATIENCE
    while (held := lease.holder()) is None and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.1)
    assert held is not None, "nobody runs the jobs of a served site"
    _host, process, _chance = held[0].rsplit(":", 2)
    assert os.getpgid(int(process)) == site.server.process.pid
