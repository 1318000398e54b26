"""People work in the province, a machine fails at a moment that nobody knows, and afterwards everything is looked up."""

import random
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from unittest import mock

from tests.faults import people, wire
from tests.faults import town as towns
from tests.faults.ledger import Ledger
from tests.faults.proof import Proof, prove
from tests.province.cluster import Province, SiteProcess
from tests.province.faults import Fault
from tests.province.machines import Machine, wait_for
from tests.province.samples import NAME

PATIENCE = 45.0
"""Seconds that a person waits for an answer."""
WRITES = 5
"""Acknowledged writes after a fault which show that the site writes again."""


@dataclass
class Answers:
    """What people got to see: how often, and for how long they waited."""

    seen: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0

    def ask(self, *args: object, **kwargs: object) -> wire.Answer:
        """Ask, and write down what came."""
        began = time.monotonic()
        try:
            answer = wire.ask(*args, **kwargs)  # type: ignore[arg-type]
        except wire.Lost:
            self.seen["no answer"] += 1
            raise
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
        if answer.status >= 500:
            by = "of the site" if "x-request-id" in answer.head else "of HAProxy"
            later = ", try again" if "retry-after" in answer.head else ""
            self.seen[f"{answer.status} {by}{later}"] += 1
        return answer


@dataclass
class Row:
    """One line of the table; ``pauses``: for how many seconds nothing was acknowledged; ``back``: until both sites were ready."""

    fault: Fault
    pauses: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    acknowledged: int = 0
    answers: Answers = field(default_factory=Answers)
    proof: Proof = field(default_factory=Proof)
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing lost, twice or half, nothing stuck, and no fault page (500) where trying again was meant."""
        proof = self.proof
        faults = [what for what in self.answers.seen if what.startswith("500")]
        return not (proof.missing or proof.twice or proof.half or self.problems or faults)


@dataclass
class Place:
    """Where people find the site: by its name, through the door of HAProxy."""

    way: int
    host: str = NAME


@contextmanager
def through_tls(here: Province, answers: Answers) -> Iterator[None]:
    """Let people's requests go by TLS, and be written down."""
    plain = wire.connect

    def connect(port: int, patience: float = PATIENCE) -> socket.socket:
        return here.trust.wrap_socket(plain(port, patience), server_hostname=NAME)

    with mock.patch.object(wire, "connect", connect), mock.patch.object(people, "ask", answers.ask):
        yield


def strike_often(
    here: Province, sites: Sequence[SiteProcess], town: towns.Town, fault: Fault, trials: int, seed: int
) -> Row:
    """``trials`` of one fault under people's hands, then the proof."""
    row, ledger, chance = Row(fault), Ledger(), random.Random(f"{fault.name} {seed}")
    place, applied = Place(here.ports["door"]), _applied.setdefault(here.folder.name, {})
    at_work = [people.Person(place, town, seat, ledger, seed, PATIENCE) for seat in town.seats]
    with through_tls(here, row.answers):
        for person in at_work:
            person.applied = applied.setdefault(person.seat.number, {})
            person.start()
        try:
            for _ in range(trials):
                time.sleep(chance.uniform(1.0, 4.0))
                one_trial(here, sites, row, ledger)
        except (TimeoutError, StopIteration) as never:
            row.problems += [f"{fault.name}: {never!r}; {here.cluster()}"]
        finally:
            for person in at_work:
                person.stopping.set()
            for person in at_work:
                person.join(120)
    row.problems += [f"{one.name}: {one.problem!r}" for one in at_work if one.problem]
    row.problems += [f"{one.name} did not finish: {one.last}" for one in at_work if one.is_alive()]
    row.acknowledged = len(ledger.acknowledged())
    row.proof = prove(towns.beside(sites[0].instance, here.url), ledger)
    if not row.problems:
        wait_for("the same on all three machines", here.agrees, 60)
    return row


_applied: dict[str, dict[int, dict[str, str]]] = {}


def one_trial(here: Province, sites: Sequence[SiteProcess], row: Row, ledger: Ledger) -> None:
    """Strike; wait until others lead and write; lift; wait until the cluster is whole again. People go on all the time."""
    before, struck_at = here.leader(), time.monotonic()
    struck = row.fault.strike(here)
    if row.fault.moves:
        wait_for("another leader", lambda: _other_leader(here, struck, before))
    moved = time.monotonic()
    wait_for("writes", lambda: ledger.kept_between(moved, time.monotonic()) >= WRITES)
    wait_for("both sites", lambda: all(site.asked("/readyz") == 200 for site in sites))
    row.back.append(time.monotonic() - struck_at)
    row.fault.lift(struck)
    wait_for("a whole cluster", here.is_whole)
    row.whole.append(time.monotonic() - struck_at)
    row.pauses.append(pause(ledger, struck_at))


def _other_leader(here: Province, struck: Machine, before: str) -> bool:
    told = next((one.tells("/cluster") for one in here.machines if one is not struck), None)
    members = told["members"] if isinstance(told, dict) else []
    return any(one["role"] == "leader" and one["name"] != before for one in members)


def pause(ledger: Ledger, struck: float) -> float:
    """The longest time without an acknowledged write since shortly before the strike, in seconds."""
    with ledger.lock:
        told = sorted(deed.done for deed in ledger.deeds if deed.done is not None and deed.done > struck - 1)
    return max((later - earlier for earlier, later in pairwise(told)), default=0.0)


def table(rows: Sequence[Row]) -> str:
    """All of it as text."""
    heading = (
        f"{'fault':<42}{'trials':>7}{'acknowledged':>14}{'missing':>9}{'twice':>7}{'half':>6}"
        f"{'pause, s':>15}{'both sites, s':>15}{'whole, s':>13}{'longest wait':>14}"
    )
    lines = [heading]
    for row in rows:
        proof = row.proof
        lines.append(
            f"{row.fault.title:<42}{len(row.pauses):>7}{row.acknowledged:>14}{len(proof.missing):>9}{len(proof.twice):>7}"
            f"{len(proof.half):>6}{spread(row.pauses):>15}{spread(row.back):>15}{spread(row.whole):>13}"
            f"{row.answers.longest:>14.1f}"
        )
        lines.append(f"    people saw: {dict(row.answers.seen) or 'nothing of it'}")
        lines += [f"    {what}" for what in [*row.problems, *proof.missing, *proof.twice, *proof.half][:12]]
    return "\n".join(lines)


def spread(seconds: Sequence[float]) -> str:
    """Median / longest."""
    return f"{median(seconds):.1f} / {max(seconds):.1f}" if seconds else "–"
