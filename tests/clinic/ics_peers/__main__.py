"""``python -m tests.clinic.ics_peers``: hands out calendar files as the site does, in each of Indonesia's three zones, and compares
what icalendar and ical.js read in them, and both with the database. Ends with 1 when anything differs.

Needs Node, npm and a network: ical.js is installed in a temporary folder, in the version of package-lock.json. Never touches an
installation.
"""

import json
import logging
import shutil
import subprocess  # nosec B404 - npm and node, with arguments of our own
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

from tests.clinic.ics_peers.product import Handed, handed_out, site
from tests.clinic.ics_peers.reading import read

HERE = Path(__file__).parent
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def main() -> int:
    """Install, hand out, read twice, compare, print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print(
            "This needs Node and npm: install them, for instance with apt-get install npm.", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="simpul-ics-") as name:
        folder = Path(name)
        for one in ("package.json", "package-lock.json", "read.mjs"):
            shutil.copy(HERE / one, folder)
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True
        )
        wrong = [found for zone in ZONES for found in _compare_zone(folder, zone, node)]
    print("\n".join(wrong) if wrong else "icalendar, ical.js and the database agree on every field.")
    return 1 if wrong else 0


def _compare_zone(folder: Path, zone: str, node: str) -> Iterator[str]:
    """One sentence for each thing that differs; a line of the table for each file."""
    with site(folder / zone.replace("/", "-"), zone) as app:
        files = handed_out(app)
    paths = []
    for one in files:
        path = folder / f"{zone.replace('/', '-')}-{one.what}.ics"
        path.write_bytes(one.content)
        paths.append(str(path))
    told = subprocess.run([node, "read.mjs", *paths], cwd=folder, check=True, capture_output=True)
    for one, theirs in zip(files, json.loads(told.stdout), strict=True):
        ours = read(one.content)
        found = [*_differences(ours, theirs), *_untrue(one, ours), *_untrue(one, theirs)]
        first = ours["events"][0]
        print(
            f"{zone:14} {one.what:10} {len(ours['events'])} events {_count(ours):3} fields  "
            f"{first['dtstart']['clock']} {first['dtstart']['zone']} = {first['dtstart']['utc']}  "
            f"{'equal' if not found else f'{len(found)} DIFFER'}"
        )
        yield from (f"{zone} {one.what}: {line}" for line in found)


def _differences(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """Where the two parsers read different things, however deep."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            yield from _differences(ours.get(name), theirs.get(name), f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(one, other, f"{where}[{place}]")
    elif ours != theirs:
        yield f"{where}: icalendar {ours!r}, ical.js {theirs!r}"


def _untrue(handed: Handed, read_as: dict[str, Any]) -> Iterator[str]:
    """Where a file, as one parser reads it, does not say what the database does."""
    if len(read_as["events"]) != len(handed.meant):
        yield f"{len(read_as['events'])} events of {len(handed.meant)}"
        return
    for event, meant in zip(read_as["events"], handed.meant, strict=True):
        for name in ("dtstart", "dtend", "status", "sequence"):
            if event[name] != meant[name]:
                yield f"{name} is {event[name]!r} and should be {meant[name]!r}"
        said = f"{event['summary']}\n{event['description']}\n{event['location']}"
        for name in ("reference", "title", "place"):
            if meant[name] not in said:
                yield f"{name} {meant[name]!r} is not said"


def _count(found: Any) -> int:
    """How many values were compared."""
    if isinstance(found, dict):
        return sum(map(_count, found.values()))
    return sum(map(_count, found)) if isinstance(found, list) else 1


if __name__ == "__main__":
    sys.exit(main())
