"""``python -m tests.bench``: the site and its peers side by side, rounds interleaved, medians and ratios printed.

Peers, all with the same rows, fields, server and durability: a Django site as its documentation shows it (ListView, ModelForm),
Django's own admin, and Flask-Admin. Never a test: machines are noisy, so nothing here passes or fails; the ratios stand beside
the budgets of the design.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tests.bench import seed
from tests.bench.load import Figures, drive
from tests.bench.measures import ADMIN, DJANGO, FLASK, SITE, Measure, measures
from tests.bench.servers import Served, enter_flask_admin, enter_peer, enter_site, run_module, served
from tests.support.site import free_port

PEERS = (DJANGO, ADMIN, FLASK)
STARTS = 3
LINE = "{:<42}{:>8}{:>8}" + "  {:>30}" * len(PEERS) + "  {:<26}  {:<30}  {}"


@contextmanager
def everybody(folder: Path, cold_starts: int = STARTS) -> Iterator[dict[str, Served]]:
    """All servers, with their rows, and signed in."""
    site_folder, database = folder / "site", folder / "peer.db"
    site_folder.mkdir()
    ours = {
        "SIMPUL_INSTANCE": str(site_folder),
        "SIMPUL_SECRET_KEY": "only for measuring",
        "SIMPUL_SCHEDULER": "0",
    }
    theirs = {"PEER_DATABASE": str(database), "PEER_POINTS": str(site_folder / seed.POINTS)}
    run_module("tests.bench.seed", "site", str(site_folder), **ours)
    session = run_module("tests.bench.seed", "peer", **theirs).split()[-1]
    targets = {
        SITE: ("wsgi:app", ours, "/healthz"),
        DJANGO: ("tests.bench.peer.wsgi:app", theirs, "/halo"),
        ADMIN: ("tests.bench.peer.admin_wsgi:app", theirs, "/halo"),
        FLASK: ("tests.bench.peer.flask_site:app", theirs, "/halo"),
        "bare": ("tests.bench.hello:app", {}, "/"),
    }
    for name, (target, environment, probe) in targets.items():
        starts = [_start(target, environment, folder / "start.log", probe) for _ in range(cold_starts)]
        if starts:
            print(f"cold start, {name:<13}{statistics.median(starts):>6.2f} s", flush=True)
    with ExitStack() as stack:
        up = {
            name: stack.enter_context(served(target, free_port(), environment, folder / f"{name}.log", probe))
            for name, (target, environment, probe) in targets.items()
        }
        enter_site(up[SITE])
        enter_peer(up[DJANGO], session)
        enter_peer(up[ADMIN], session)
        enter_flask_admin(up[FLASK], database)
        yield up


def _start(target: str, environment: dict[str, str], log: Path, probe: str) -> float:
    with served(target, free_port(), environment, log, probe) as one:
        return one.started


def one_round(measure: Measure, name: str, server: Served, seconds: float) -> Figures:
    """One server, one round."""
    made = measure.makers[name]()
    expect = (measure.site_gives if name == SITE else measure.peers_give,)
    requests = list(islice(made, measure.each_once or 2000))
    before = server.cpu()
    figures = drive(server.port, requests, seconds=0 if measure.each_once else seconds, expect=expect)
    return replace(figures, cpu_ms=(server.cpu() - before) * 1000 / figures.answers)


def run(measure: Measure, servers: Mapping[str, Served], rounds: int, seconds: float) -> str:
    """``rounds`` of each server in turn; the line of the table."""
    found: dict[str, list[Figures]] = {name: [] for name in measure.makers}
    for number in range(-1, rounds):  # one before that does not count: what is made once is made now
        for name in measure.makers:
            server = servers["bare"] if measure.title.startswith("hello") and name == SITE else servers[name]
            figures = one_round(measure, name, server, seconds if number >= 0 else min(seconds, 0.2))
            found[name] += [figures] if number >= 0 else []
    rate = {name: statistics.median(one.rate for one in figures) for name, figures in found.items()}
    cost = statistics.median(one.cpu_ms for one in found[SITE])
    told = []
    for name in PEERS:
        if name not in found:
            told.append("–")
            continue
        ratios = sorted(mine.rate / other.rate for mine, other in zip(found[SITE], found[name], strict=True))
        cheaper = statistics.median(one.cpu_ms for one in found[name]) / max(cost, 0.001)
        told.append(
            f"{rate[name]:.0f} {statistics.median(ratios):.1f}× ({ratios[0]:.1f}–{ratios[-1]:.1f}) {cheaper:.1f}×"
        )
    kilobytes = " / ".join(f"{figures[0].bytes / 1024:.1f}" for figures in found.values())
    waits = " / ".join(
        f"{statistics.median(one.median_ms for one in figures):.1f}" for figures in found.values()
    )
    return LINE.format(
        measure.title, f"{rate[SITE]:.0f}", f"{cost:.1f}", *told, kilobytes, waits, measure.budget
    )


def bare_commits(folder: Path, seconds: float) -> float:
    """Durable commits per second of one row, with nothing around: no write can be quicker here."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as raw:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO one (text) VALUES ('x')")
            raw.execute("COMMIT")
            count += 1
    return count / seconds


def main() -> None:
    """Seed, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--starts", type=int, default=STARTS, help="cold starts of each server")
    parser.add_argument("--only", default="", help="lines whose title contains this")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, everybody(Path(name), chosen.starts) as servers:
        print(
            f"\n{chosen.rounds} rounds of {chosen.seconds:g} s, 4 connections, {seed.COOPERATIVES} cooperatives, "
            "SQLite WAL FULL; answers per second, median ratio site : peer (range), and how many times the server's CPU time "
            f"for one answer is that of the site; KB and ms in the same order; load average {os.getloadavg()[0]:.1f}"
        )
        print(LINE.format("", SITE, "CPU ms", *PEERS, "KB", "ms", "budget"))
        for measure in measures(servers):
            if chosen.only in measure.title:
                print(run(measure, servers, chosen.rounds, chosen.seconds), flush=True)
        print(
            f"durable commits with nothing around: {bare_commits(Path(name), min(2.0, chosen.seconds * 4)):.0f}/s"
        )
        for label, server in servers.items():
            print(f"memory, {label:<13}{server.memory():>7.0f} MB")


if __name__ == "__main__":
    main()
