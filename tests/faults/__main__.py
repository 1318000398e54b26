"""``python -m tests.faults``: the crash certificate. ``python -m tests.faults contention``: many writers at once.

Prints a table and ends with 1 when a line of it is not sound. Never touches an installation: it makes a site of its own.
"""

import argparse
import logging
import signal
import sys
import time

import structlog

from tests.faults import contention
from tests.faults.certificate import fitting, strike_often, table
from tests.faults.disk import may_mount
from tests.faults.strikes import FAULTS
from tests.faults.world import world


def main() -> int:
    """Read the wishes, strike, print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left mounted or running
    if sys.argv[1:2] == ["contention"]:
        return contention.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--trials", type=int, default=50, help="of each fault")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--fault", action="append", default=[], choices=[one.name for one in FAULTS])
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    started, rows = time.monotonic(), []
    with world(
        chosen.database, people=chosen.people, real_disk=may_mount(), durable=True, scheduler=True
    ) as here:
        for fault in fitting(here, chosen.fault):
            row = strike_often(here, fault, trials=chosen.trials, seed=chosen.seed, rest=(0.05, 1.0))
            rows.append(row)
            print(table(here.database.kind, here.disk, [row]), flush=True)
            if row.problems:
                break  # what is broken says nothing of the next fault
        print("\n" + table(here.database.kind, here.disk, rows))
    print(
        f"{sum(row.trials for row in rows)} trials in {time.monotonic() - started:.0f} s, {chosen.people} people"
    )
    return 0 if all(row.is_sound for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
