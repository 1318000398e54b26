"""What visitors do: choose a time, fill in or walk off, move, cancel, wait, take what is offered. Each remembers what the site has
acknowledged, and nothing else."""

import random
import threading
import time
from dataclasses import dataclass, field

from tests.clinic.race.web import Lost, Page, Web

ROUNDS = 8
TRIES = 2
LOOKS = 5


@dataclass
class Ledger:
    """What one visitor was told: by the secret of a booking where it stands, by that of a place on the waitlist what became of
    it."""

    booked: dict[str, str] = field(default_factory=dict)  # token → key of its time, or "cancelled"
    waits: dict[str, str] = field(default_factory=dict)  # token → "waiting", "taken" or "left"
    asked: list[str] = field(default_factory=list)  # tokens of holds for which no answer to the form came


class Visitor(threading.Thread):
    """One of many, who comes when ``gate`` opens. With ``insists`` a lost answer is asked for again, as people do."""

    def __init__(
        self, port: int, number: int, seed: int, gate: threading.Event, *, insists: bool = False
    ) -> None:
        super().__init__(daemon=True)
        self.web, self.number, self.gate, self.insists = Web(port, number), number, gate, insists
        self.chance = random.Random(seed * 1000 + number)
        self.ledger, self.moves, self.unanswered = Ledger(), 0, 0
        self.problem: BaseException | None = None
        self.seen: list[str] = []
        self.who = {"nama": f"Tamu Rekaan {number}", "telepon": f"0812{seed % 100:02}{number:06}"}

    def run(self) -> None:
        """Come, and leave after a while."""
        self.gate.wait()
        try:
            for _ in range(ROUNDS):
                token = self.choose()
                if token:
                    self.reconsider(token)
                if token is not None or self.queue():
                    return
        except BaseException as problem:
            self.problem = problem

    def ask(self, method: str, path: str, **form: str) -> Page:
        """One request; again and again while none is answered, if this visitor insists."""
        while True:
            try:
                return self.web.get(path) if method == "GET" else self.web.post(path, **form)
            except Lost:
                if not self.insists:
                    raise
                self.unanswered += 1
                time.sleep(0.2)

    def choose(self) -> str | None:
        """The secret of a booking that came of it; empty for whoever walks off; None when nothing could be had."""
        page = self.ask("GET", "/klinik?topik=finance&tampil=daftar")
        for _ in range(TRIES):
            if not page.times:
                return None
            self.seen = page.times
            key = self.chance.choice(page.times)
            page = self.ask("POST", "/klinik", topik="finance", waktu=key, tampil="daftar")
            if page.status != 303:
                continue
            token = page.location.split("?")[0].rpartition("/")[2]
            if self.chance.random() < 0.15:
                return ""  # looks at the form and walks off
            self.ledger.asked.append(token)
            page = self.ask("POST", f"/klinik/janji/{token}", **self.who)
            self.ledger.asked.remove(token)
            if page.status == 303:
                self.ledger.booked[token] = key
                return token
        return None

    def reconsider(self, token: str) -> None:
        """Keep it, move it, or cancel it."""
        wish = self.chance.random()
        if wish < 0.35:
            time.sleep(self.chance.uniform(0, 4))
            self.ask("GET", f"/klinik/janji/{token}")
            self.ask("POST", f"/klinik/janji/{token}/batal")
            if "Janji dibatalkan" in self.ask("GET", f"/klinik/janji/{token}").text:
                self.ledger.booked[token] = "cancelled"
        elif wish < 0.8:
            times = self.ask("GET", f"/klinik/janji/{token}/pindah").times
            key = self.chance.choice(times or self.seen)  # where none is free, one that somebody else has
            if self.ask("POST", f"/klinik/janji/{token}/pindah", waktu=key).status == 303:
                self.moves += key != self.ledger.booked[token]
                self.ledger.booked[token] = key

    def queue(self) -> bool:
        """Wait for a time, and look now and then whether one is offered; False when there is no need to wait."""
        self.ask("GET", "/klinik/tunggu?topik=finance")
        key = f"{self.number:022}"
        page = self.ask("POST", "/klinik/tunggu", topik="finance", kunci=key, **self.who)
        if page.status != 303:
            return False
        token = page.location.rpartition("/")[2]
        address = f"/klinik/tunggu/{token}"
        self.ledger.waits[token] = "waiting"
        for _ in range(LOOKS):
            page = self.ask("GET", address)
            if f"{address}/ambil" in page.text:
                self.decide(token, address)
                return True
            if self.chance.random() < 0.03:
                break
            time.sleep(self.chance.uniform(0.5, 2))
        if self.chance.random() < 0.3 and self.ask("POST", f"{address}/keluar").status == 303:
            self.ledger.waits[token] = "left"
        return True

    def decide(self, token: str, address: str) -> None:
        """Take the offer, leave, or let it pass."""
        wish = self.chance.random()
        if wish < 0.75:
            page = self.ask("POST", f"{address}/ambil")
            if "/klinik/janji/" in page.location:
                self.ledger.waits[token] = "taken"
        elif wish < 0.9 and self.ask("POST", f"{address}/keluar").status == 303:
            self.ledger.waits[token] = "left"
