"""Trials: people work, a fault strikes at a moment that nobody knows, is lifted, and afterwards everything is looked up."""

import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil
from sqlalchemy.exc import SQLAlchemyError

from tests.faults import town as towns
from tests.faults.disk import LoopDisk
from tests.faults.ledger import Ledger
from tests.faults.proof import Proof, prove
from tests.faults.strikes import FAULTS, Fault
from tests.faults.watch import Watch
from tests.faults.world import World

HEADING = (
    f"{'fault':<44}{'trials':>7}{'acknowledged':>14}{'missing':>9}{'duplicated':>12}{'half done':>11}"
    f"{'readyz asked':>14}{'untrue':>8}{'ready again, s':>17}"
)
BACK = 60.0
"""Seconds after which a site that does not come back by itself has failed."""


class NotBack(Exception):
    """The site did not come back by itself."""


@dataclass
class Row:
    """One line of the certificate."""

    fault: Fault
    trials: int = 0
    acknowledged: int = 0
    proof: Proof = field(default_factory=Proof)
    lies: int = 0
    looks: int = 0
    back: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing lost, nothing twice, nothing half, and ``/readyz`` told the truth."""
        proof = self.proof
        return not (proof.missing or proof.twice or proof.half or self.lies or self.problems)


def fitting(world: World, names: Sequence[str]) -> list[Fault]:
    """The faults that can strike here."""
    return [
        fault
        for fault in FAULTS
        if (not names or fault.name in names)
        and fault.only in ("", world.database.kind)
        and (not fault.needs_disk or isinstance(world.disk, LoopDisk))
        and (not fault.limits or isinstance(world.disk, LoopDisk) or may_limit(world))
    ]


def may_limit(world: World) -> bool:
    """Whether this run may limit the processes of site and database: as root, PostgreSQL is another user's."""
    own = world.database.kind == "sqlite" or os.geteuid() != 0
    return hasattr(psutil, "RLIMIT_FSIZE") and own


def strike_often(
    world: World, fault: Fault, *, trials: int, seed: int, rest: tuple[float, float], most: int | None = None
) -> Row:
    """``trials`` of one fault; ``rest``: for how many seconds people work before each, at
    least and at most; ``most``: how many people."""
    row, ledger, chance = Row(fault), Ledger(), random.Random(f"{fault.name} {seed}")
    world.through_cable = fault.through_cable
    patience = 2.0 if fault.through_cable else 20.0
    try:
        with world.watched() as watch, world.at_work(ledger, seed, patience, most) as people:
            for _ in range(trials):
                time.sleep(chance.uniform(*rest))
                if any(person.problem for person in people):
                    break
                one_trial(world, fault, row, ledger, watch, chance)
        row.problems += [f"{one.name}: {one.problem!r}" for one in people if one.problem]
        row.problems += [f"{one.name} did not finish" for one in people if one.is_alive()]
    except NotBack as never:
        row.problems += [str(never), *(f"{one.name}: {one.last}" for one in people)]
    row.acknowledged = len(ledger.acknowledged())
    try:
        row.proof = prove(towns.beside(world.site.instance, world.database.url), ledger)
    except SQLAlchemyError as broken:
        row.problems.append(f"the database cannot be read: {broken}")
    return row


def one_trial(
    world: World, fault: Fault, row: Row, ledger: Ledger, watch: Watch, chance: random.Random
) -> None:
    """Strike, hold, lift, wait until somebody's write is acknowledged again."""
    fault.strike(world, chance)
    struck = time.monotonic()
    time.sleep(chance.uniform(*fault.hold))
    lifting = time.monotonic()
    row.looks += len(watch.during(struck, lifting))
    row.lies += watch.lies(struck, lifting, ledger, is_able=fault.is_able)
    try:
        fault.lift(world, chance)
    except AssertionError as never:
        raise NotBack(f"{fault.name}: {never}") from None
    lifted = time.monotonic()
    ready = watch.wait_ready(lifted, BACK)
    while not ledger.kept_between(lifted, time.monotonic()):
        if time.monotonic() - lifted > BACK:
            raise NotBack(f"{fault.name}: nothing was acknowledged within {BACK:.0f} s of its end")
        time.sleep(0.02)
    if ready is None:
        row.lies += 1
    else:
        row.back.append(ready + lifted - lifting)
    row.trials += 1


def table(kind: str, disk: Any, rows: Sequence[Row]) -> str:
    """The certificate as text."""
    lines = [
        f"{kind}, on {disk.name}",
        HEADING,
    ]
    for row in rows:
        back = f"{sorted(row.back)[len(row.back) // 2]:.1f} / {max(row.back):.1f}" if row.back else "–"
        lines.append(
            f"{row.fault.title:<44}{row.trials:>7}{row.acknowledged:>14}{len(row.proof.missing):>9}"
            f"{len(row.proof.twice):>12}{len(row.proof.half):>11}{row.looks:>14}{row.lies:>8}{back:>17}"
        )
        lines += [
            f"    {what}"
            for what in [*row.problems, *row.proof.missing, *row.proof.twice, *row.proof.half][:12]
        ]
    return "\n".join(lines)
