"""The place of a run: a disk, a database on it, the served site, the line to it, and people with a ledger."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from app.core.serving import server_options
from tests.faults import town as towns
from tests.faults.database import Cluster, Embedded
from tests.faults.disk import LimitedDisk, LoopDisk
from tests.faults.ledger import Ledger
from tests.faults.network import Cable
from tests.faults.people import Person
from tests.faults.town import Town
from tests.faults.visits import Appointment
from tests.faults.watch import Watch
from tests.support.site import Server, Site, environment_of, free_port, wait_until_healthy

TARGET = "tests.faults.clock:app"
"""What is served: the site as it is, in a process whose clock can be moved."""


@dataclass
class World:
    """Everything that a strike may strike."""

    disk: LoopDisk | LimitedDisk
    database: Embedded | Cluster
    site: Site
    town: Town
    cable: Cable
    clock: Path
    through_cable: bool = False
    applied: dict[int, dict[str, str]] = field(default_factory=dict)
    appointments: dict[int, Appointment] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """What people call the site."""
        return self.site.url.removeprefix("http://")

    @property
    def port(self) -> int:
        """Where the site listens."""
        return int(self.host.rpartition(":")[2])

    @property
    def way(self) -> int:
        """Where people knock."""
        return self.cable.port if self.through_cable else self.port

    def processes(self) -> list[psutil.Process]:
        """Of site and database, all of them."""
        try:
            main = psutil.Process(self.site.server.process.pid)
            served = [main, *main.children(recursive=True)]
        except psutil.NoSuchProcess:
            served = []
        return [*served, *self.database.processes()]

    def restart(self) -> None:
        """Start the site as it was started first, with nothing done to its data."""
        self.site.server.start()
        wait_until_healthy(self.site)

    def set_clock(self, seconds: float) -> None:
        """Let the site's clock be wrong by so much."""
        making = self.clock.with_suffix(".new")
        making.write_text(str(seconds))
        making.replace(self.clock)

    @contextmanager
    def at_work(
        self, ledger: Ledger, seed: int, patience: float, most: int | None = None
    ) -> Iterator[list[Person]]:
        """People who work inside the block, ``most`` of them; after it each has ended with a whole round."""
        people = []
        for seat in self.town.seats[:most]:
            person = Person(self, self.town, seat, ledger, seed, patience)
            person.applied = self.applied.setdefault(seat.number, {})
            person.appointment = self.appointments.setdefault(seat.number, Appointment())
            people.append(person)
        for person in people:
            person.start()
        try:
            yield people
        finally:
            for person in people:
                person.stopping.set()
            deadline = time.monotonic() + 90
            for person in people:
                person.join(max(0.1, deadline - time.monotonic()))

    @contextmanager
    def watched(self) -> Iterator[Watch]:
        """Somebody who asks whether it is ready."""
        watch = Watch(self.port, self.host)
        watch.start()
        try:
            yield watch
        finally:
            watch.stopping.set()
            watch.join(15)


@contextmanager
def world(
    kind: str, *, people: int, real_disk: bool, durable: bool, scheduler: bool, target: str = TARGET
) -> Iterator[World]:
    """Build it, and take it away afterwards."""
    with ExitStack() as stack:
        disk = stack.enter_context(LoopDisk() if real_disk else LimitedDisk())
        instance = disk.path / "instance"
        instance.mkdir()
        database = stack.enter_context(
            Embedded(instance) if kind == "sqlite" else Cluster(disk.path, durable=durable)
        )
        app = towns.beside(instance, database.url)
        town = towns.found_town(app, people)
        clock = disk.base / "clock" if isinstance(disk, LoopDisk) else disk.path / "clock"
        site = _serve(instance, database, clock, target, scheduler=scheduler)
        stack.callback(site.server.stop)
        cable = Cable(int(site.url.rpartition(":")[2]), seed=1)
        stack.callback(cable.close)
        wait_until_healthy(site)
        yield World(disk, database, site, town, cable, clock)


def _serve(
    instance: Path, database: Embedded | Cluster, clock: Path, target: str, *, scheduler: bool
) -> Site:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    given = {"HOST": "127.0.0.1", "PORT": str(port), "BASE_URL": url, "SCHEDULER": "1" if scheduler else "0"}
    environment = environment_of(instance, database.url, given) | {"SIMPUL_FAULTS_CLOCK": str(clock)}
    options = server_options(given, sqlite=database.kind == "sqlite")
    command = [sys.executable, "-m", "granian", *options, target]
    return Site(url, instance, environment, Server(command, environment, instance / "server.log"))
