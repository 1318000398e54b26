"""People at work: each fills in, sends, asks and applies, and asks again until the site has answered, as a browser does."""

import itertools
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection
from typing import Protocol

from tests.faults.ledger import Deed, Ledger
from tests.faults.town import Seat, Town
from tests.faults.visits import Appointment
from tests.faults.wire import PATIENCE, Answer, Lost, ask

AGAIN = frozenset({429, 500, 502, 503})
"""Answers after which a person tries once more."""
PAUSE = 0.15
"""Seconds before a person tries once more."""
FIGURE = "volume_usaha"
_figures = itertools.count(900_000_001)


class Place(Protocol):
    """Where the site is to be found."""

    host: str

    @property
    def way(self) -> int:
        """The port through which people come."""
        ...


class Wrong(Exception):
    """The site answered what it should not."""


class Person(threading.Thread):
    """Acts for one cooperative until told to stop, and ends with a whole round."""

    def __init__(
        self, place: Place, town: Town, seat: Seat, ledger: Ledger, seed: int, patience: float
    ) -> None:
        super().__init__(daemon=True, name=f"person {seat.number}")
        self.place, self.town, self.seat, self.ledger = place, town, seat, ledger
        self.chance, self.patience = random.Random(seed * 1000 + seat.number), patience
        self.stopping = threading.Event()
        self.problem: BaseException | None = None
        self.version, self.last = 0, "nothing yet"
        self.applied: dict[str, str] = {}
        self.appointment = Appointment()
        self.address = f"/laporan/{seat.slug}/{seat.year}"

    def run(self) -> None:
        """Work."""
        try:
            while not self.stopping.is_set():
                for step in self.cycle():  # to its end: whoever goes on afterwards finds a report to fill in
                    step()
        except BaseException as problem:
            self.problem = problem

    def cycle(self) -> list[Callable[[], None]]:
        """A report's way, with what people do beside it."""
        beside = (self.request, self.take_part, self.visit, self.save)
        way = [self.look, *(self.chance.choice(beside) for _ in range(3)), self.save, self.send]
        way += [self.give_back, self.save, self.send, self.approve, self.reopen]
        return way

    def look(self) -> None:
        """Where the report stands now."""
        told = self.insist(
            "GET", f"{self.address}/simpan", {200}, told=None, Accept="application/json"
        ).json()
        self.version = int(told["version"])

    def save(self) -> None:
        """Type one figure that nobody has typed before."""
        figure = str(next(_figures))
        deed = self.ledger.open("save", secrets.token_urlsafe(18), self.seat.report_id, figure)
        told = {"id": deed.key, "version": self.version, "fields": {FIGURE: figure}}
        self.version = int(
            self.insist("POST", f"{self.address}/simpan", {200}, deed, told=told).json()["version"]
        )
        self.ledger.close(deed)

    def send(self) -> None:
        """Declare it to be true, and send it. A second press leads to the same receipt."""
        deed = self.ledger.open("submit", f"{self.seat.report_id}.{self.version}", self.seat.report_id)
        form = {"nama": "Ketua Uji", "jabatan": "Ketua", "pernyataan": "1"}
        answer = self.insist("POST", f"{self.address}/kirim", {303}, deed, form=form)
        if not answer.head["location"].endswith("/terkirim"):
            raise Wrong(f"sent, and led to {answer.head['location']}")
        self.ledger.close(deed)
        self.look()

    def give_back(self) -> None:
        """As the operator: return the report."""
        self.decide("kembalikan", f"Cocokkan angka ini: {secrets.token_hex(8)}", perbaiki=FIGURE)

    def approve(self) -> None:
        """As the operator."""
        self.decide("setujui", "")

    def reopen(self) -> None:
        """As the operator: the approval is taken back."""
        self.decide("buka", f"Buka lagi: {secrets.token_hex(8)}", perbaiki=FIGURE)

    def decide(self, act: str, reason: str, **marks: str) -> None:
        """One decision. Of one whose answer was lost, the version tells whether it was taken."""
        deed = self.ledger.open(act, reason or f"{self.seat.report_id}.{self.version}", self.seat.report_id)
        form = {"aksi": act, "versi": str(self.version), "alasan": reason, **marks}
        before, path = self.version, f"/dinas/periksa/{self.seat.report_id}"
        answer = self.insist("POST", path, {302, 303, 409, 422}, deed, form=form, key=self.town.operator)
        self.look()
        if self.version != before + 1 or (answer.status in {409, 422} and deed.times < 2):
            raise Wrong(f"{act} gave {answer.status}, and the version went from {before} to {self.version}")
        self.ledger.close(deed)

    def request(self) -> None:
        """Ask the office for something. The same form leads to the same number."""
        deed = self.ledger.open("request", secrets.token_urlsafe(16), self.seat.cooperative_id)
        form = {
            "kunci": deed.key,
            "nama": f"Pemohon Uji {self.seat.number}",
            "surel": f"pemohon{secrets.token_hex(6)}@uji.example",
            "pertanyaan": "Bagaimana cara mengubah anggaran dasar koperasi kami tahun ini?",
            "setuju": "1",
        }
        answer = self.insist("POST", "/layanan/minta", {303}, deed, form=form)
        self.ledger.close(deed, answer.head["location"].split("/")[-2])

    def take_part(self) -> None:
        """Apply for a programme; where it has applied already, withdraw."""
        slug = self.chance.choice(self.town.programs)
        if slug in self.applied:
            self.withdraw(slug)
            return
        deed = self.ledger.open("apply", f"Bu {secrets.token_hex(10)}", self.seat.cooperative_id, slug)
        form = {"kontak": deed.key, "telepon": "0812 3456 7890", "setuju": "1"}
        answer = self.insist("POST", f"/program/{slug}/daftar", {303, 422}, deed, form=form)
        if answer.status == 422:
            if deed.times < 2:
                raise Wrong(f"refused to apply: {shortened(answer)}")
            answer = self.insist("GET", f"/program/{slug}/daftar", {200})
        found = re.search(r"/akun/program/(\d+)", answer.head.get("location", "") or answer.body.decode())
        if found is None:
            raise Wrong(f"no application after applying: {shortened(answer)}")
        self.applied[slug] = found[1]
        self.ledger.close(deed, found[1])

    def withdraw(self, slug: str) -> None:
        """Not to take part after all."""
        number = self.applied.pop(slug)
        deed = self.ledger.open("withdraw", number, self.seat.cooperative_id, slug)
        self.insist("POST", f"/akun/program/{number}/tarik", {302, 303}, deed, form={})
        self.ledger.close(deed)

    def visit(self) -> None:
        """An appointment at the clinic: book it, move it, cancel it."""
        self.appointment.go_on(
            self.insist, self.ledger, self.town.times, self.seat.cooperative_id, self.chance
        )

    def insist(
        self,
        method: str,
        path: str,
        wanted: Collection[int],
        deed: Deed | None = None,
        *,
        key: object = None,
        **sent: object,
    ) -> Answer:
        """Ask until there is an answer, which must be one of ``wanted``; wait longer each time that none came, since a slow
        machine is slower still when everybody asks again."""
        patience = self.patience
        key = key or self.seat.key
        head = {"Cookie": key.cookie, "X_CSRFToken": key.token if method == "POST" else ""}  # type: ignore[attr-defined]
        while True:
            if deed is not None:
                deed.times += 1
            try:
                answer = ask(
                    self.place.way, method, path, host=self.place.host, patience=patience, **head, **sent
                )  # type: ignore[arg-type]
            except Lost as lost:
                self.last = f"{method} {path}: {lost}"
                patience = min(2 * patience, max(PATIENCE, self.patience))
                time.sleep(PAUSE)
                continue
            self.last = f"{method} {path}: {answer.status} {shortened(answer)[:200]}"
            if answer.status in AGAIN:
                time.sleep(PAUSE)
                continue
            if answer.status not in wanted or answer.head.get("location", "").startswith("/masuk"):
                raise Wrong(f"{method} {path}: {answer.status} {shortened(answer)}")
            return answer


def shortened(answer: Answer) -> str:
    """What the page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", answer.body.decode(errors="replace"))
    return answer.head.get("location", "") + " " + re.sub(r"\s+", " ", text)[:600]
