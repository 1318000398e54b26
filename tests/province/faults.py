"""What happens to a province, and how it is lifted. Nothing is repaired: a machine that is switched on again must find its place."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.province.cluster import Province
from tests.province.machines import Machine


@dataclass(frozen=True)
class Fault:
    """``strike`` gives the machine that it struck. ``moves``: another machine must lead afterwards."""

    name: str
    title: str
    strike: Callable[[Province], Machine]
    lift: Callable[[Machine], None]
    moves: bool = True


def kill_leader(here: Province) -> Machine:
    struck = here.of_role("leader")
    struck.kill()
    return struck


def freeze_leader(here: Province) -> Machine:
    struck = here.of_role("leader")
    struck.freeze()
    return struck


def switch_over(here: Province) -> Machine:
    struck = here.of_role("leader")
    candidate = here.of_role("sync_standby")
    struck.tells("/switchover", {"leader": struck.name, "candidate": candidate.name})
    return struck


def kill_second(here: Province) -> Machine:
    struck = here.of_role("sync_standby")
    struck.kill()
    return struck


def nothing(_machine: Machine) -> None:
    """It is there already."""


FAULTS = (
    Fault("kill", "leader's machine dies (SIGKILL)", kill_leader, Machine.start),
    Fault("switchover", "lead handed over (patronictl switchover)", switch_over, nothing),
    Fault("freeze", "leader's machine hangs (SIGSTOP)", freeze_leader, Machine.thaw),
    Fault("replica", "the synchronous replica's machine dies", kill_second, Machine.start, moves=False),
)
