"""The faults: how each strikes, and how it is lifted. None repairs anything: what broke must come back by itself."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.faults.disk import LoopDisk
from tests.faults.network import WAYS
from tests.faults.world import World

Act = Callable[[World, random.Random], None]


@dataclass(frozen=True)
class Fault:
    """``hold``: for how many seconds at least and at most it lasts. ``is_able``: the site can serve meanwhile. ``needs_disk``:
    only on a disk of its own;
    ``limits``: there, or where the kernel can limit a running process. ``only``: the one database that it strikes."""

    name: str
    title: str
    strike: Act
    lift: Act
    hold: tuple[float, float] = (0.0, 0.0)
    is_able: bool = False
    through_cable: bool = False
    needs_disk: bool = False
    limits: bool = False
    only: str = ""


def kill_site(world: World, _chance: random.Random) -> None:
    world.site.server.kill()


def start_site(world: World, _chance: random.Random) -> None:
    world.restart()


def kill_database(world: World, _chance: random.Random) -> None:
    world.database.kill()


def start_database(world: World, _chance: random.Random) -> None:
    world.database.revive()


def cut_power(world: World, _chance: random.Random) -> None:
    """First the disk stops, as it does in the middle of a write; then everything else."""
    if isinstance(world.disk, LoopDisk):
        world.disk.cut_power()
    world.site.server.kill()
    world.database.kill()


def start_machine(world: World, _chance: random.Random) -> None:
    if isinstance(world.disk, LoopDisk):
        world.disk.unmount()
        world.disk.mount()
    world.database.revive()
    world.restart()


def fill_disk(world: World, _chance: random.Random) -> None:
    world.disk.fill(world.processes)


def make_room(world: World, chance: random.Random) -> None:
    world.disk.make_room(world.processes)
    if not any(process.is_running() for process in world.database.processes()):
        start_database(
            world, chance
        )  # PostgreSQL may have stopped itself; the machine's service manager starts it


def forbid_writing(world: World, _chance: random.Random) -> None:
    world.disk.forbid_writing(world.processes)


def allow_writing(world: World, chance: random.Random) -> None:
    """A disk of its own has to be mounted again, so whoever uses it is stopped."""
    if isinstance(world.disk, LoopDisk):
        world.site.server.kill()
        world.database.kill()
        start_machine(world, chance)
        return
    world.disk.allow_writing(world.processes)
    if world.database.kind == "postgresql" and not list(world.database.processes()):
        start_database(world, chance)


def cut_network(world: World, chance: random.Random) -> None:
    world.cable.cut(chance.choice(WAYS))


def mend_network(world: World, _chance: random.Random) -> None:
    world.cable.mend()


def jump(world: World, chance: random.Random) -> None:
    """Back by up to twelve hours or forward by up to three days, within the year whose reports are open."""
    moment = datetime.now(UTC)
    while True:
        seconds = chance.choice((chance.uniform(-12, 0), chance.uniform(0, 72))) * 3600
        if (moment + timedelta(seconds=seconds)).year == moment.year:
            break
    world.set_clock(seconds)
    time.sleep(0.1)


def set_right(world: World, _chance: random.Random) -> None:
    world.set_clock(0)
    time.sleep(0.1)


FAULTS = (
    Fault("site", "site killed (SIGKILL)", kill_site, start_site),
    Fault(
        "database",
        "PostgreSQL killed (SIGKILL)",
        kill_database,
        start_database,
        (0.0, 1.0),
        only="postgresql",
    ),
    Fault("power", "power cut: disk, site and database at once", cut_power, start_machine, needs_disk=True),
    Fault("full", "disk full", fill_disk, make_room, (2.0, 3.0), limits=True),
    Fault("readonly", "disk read-only", forbid_writing, allow_writing, (2.0, 3.0), limits=True),
    Fault(
        "network",
        "network cut (reset, half-closed, silent)",
        cut_network,
        mend_network,
        (0.1, 1.0),
        True,
        True,
    ),
    Fault("clock", "clock jumps (12 hours back to 3 days ahead)", jump, set_right, (0.1, 0.6), True),
)
