"""``python -m tests.province``: a database that moves between machines, from the samples of docs/pasang.

Needs patroni, etcd-server, haproxy and postgresql-15 from Debian. Never touches an installation: everything stands in a folder of
its own and is stopped at the end, also on Ctrl-C. Ends with 1 when a line is not sound. ``python -m tests.province doors``: the
proxies with TLS.
"""

import argparse
import logging
import os
import signal
import sys
import time
from pathlib import Path

import structlog

from tests.province import doors
from tests.province.cluster import province, versions
from tests.province.faults import FAULTS
from tests.province.trial import strike_often, table


def main() -> int:
    """Read the wishes, strike, print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left running
    if sys.argv[1:2] == ["doors"]:
        return doors.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m tests.province", description=__doc__)
    parser.add_argument("--trials", type=int, default=5, help="of each fault")
    parser.add_argument("--fault", action="append", default=[], choices=[one.name for one in FAULTS])
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--patroni", type=Path, default=Path("/usr/bin/patroni"), help="another than Debian's"
    )
    parser.add_argument("--logs", type=Path, help="a folder for what all programs wrote")
    chosen = parser.parse_args()
    started, rows = time.monotonic(), []
    with province(chosen.people, chosen.patroni) as (here, sites, town):
        print(
            f"{versions(chosen.patroni)}; built in {time.monotonic() - started:.0f} s in {here.folder}",
            flush=True,
        )
        for fault in (one for one in FAULTS if not chosen.fault or one.name in chosen.fault):
            rows.append(strike_often(here, sites, town, fault, chosen.trials, chosen.seed))
            print(table(rows[-1:]), flush=True)
            if not rows[-1].is_sound:
                break  # what is broken says nothing of the next fault
        if chosen.logs:
            here.copy_logs(chosen.logs)
    print("\n" + table(rows))
    print(f"{time.monotonic() - started:.0f} s, {chosen.people} people, load {os.getloadavg()[1]:.1f}")
    return 0 if all(row.is_sound for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
