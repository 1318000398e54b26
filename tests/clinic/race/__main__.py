"""``python -m tests.clinic.race``: 200 visitors race for 20 times, with 20 seeds. Prints a line for each and ends with 1 when one
of them is not sound. Never touches an installation: it makes a site of its own."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.clinic.race.arena import arena
from tests.clinic.race.running import race
from tests.support.databases import Databases
from tests.support.postgres import PostgresServer


def main() -> int:
    """Read the wishes, race, print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(prog="python -m tests.clinic.race", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--slots", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="simpul-race-") as folder:
        if chosen.database == "sqlite":
            return _race(Databases("sqlite", Path(folder)), Path(folder), chosen)
        with PostgresServer() as server:
            return _race(Databases("postgresql", Path(folder), server.address), Path(folder), chosen)


def _race(databases: Databases, folder: Path, chosen: argparse.Namespace) -> int:
    is_sound = True
    with databases.fresh() as url, arena(folder / "instance", url) as place:
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            told = race(place, people=chosen.people, slots=chosen.slots, seed=seed)
            print(f"{chosen.database} seed {seed:3}  {told}", flush=True)
            is_sound = is_sound and not told.wrong
    return 0 if is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
