"""Who calls or stands at the counter, as an operator types it; for a booking, or for a place on the waitlist."""

import re
from dataclasses import dataclass, field

from app.accounts.rules import read_email
from app.clinic.access import new_form_key
from app.clinic.desk.common import read_channel, read_topic
from app.clinic.desk.reading import Reading, Sent, read_lines
from app.clinic.rules import LONGEST_QUESTION
from app.clinic.visitor import Visitor
from app.cooperatives.queries import region
from app.core.parsing import Unreadable, fold_lines, parse_phone
from app.core.text import N_, Text
from app.enterprises import parties

LINES = (
    "kunci",
    "slot",
    "untuk",
    "topik",
    "saluran",
    "konsultan",
    "nama",
    "telepon",
    "surel",
    "kecamatan",
    "lembaga",
)
KEY = re.compile(r"[A-Za-z0-9_-]{43}")
SHORTEST_SEARCH = 3


@dataclass
class CallerForm(Reading):
    """``visitor`` once nothing is wrong. ``untuk`` names the cooperative or UKM that was picked, ``lembaga`` is what was looked
    for."""

    visitor: Visitor | None = None
    found: list[parties.Party] = field(default_factory=list)

    @classmethod
    def empty(cls, **known: str) -> "CallerForm":
        """Nothing typed yet, but what is known beforehand."""
        return cls(dict.fromkeys((*LINES, "pertanyaan"), "") | {"kunci": new_form_key()} | known)

    @classmethod
    def read(cls, sent: Sent) -> "CallerForm":
        """The form as sent."""
        typed = read_lines(sent, LINES)
        typed["pertanyaan"] = fold_lines(sent.get("pertanyaan", "")[: 2 * LONGEST_QUESTION])
        if not KEY.fullmatch(typed["kunci"]):
            typed["kunci"] = new_form_key()
        return cls(typed)

    @property
    def party(self) -> parties.Party | None:
        """The cooperative or UKM that was picked."""
        return parties.party_of(self.typed["untuk"])

    def look_up(self) -> None:
        """Find the cooperatives and UKM whose name was typed."""
        if len(self.typed["lembaga"]) < SHORTEST_SEARCH:
            self.problems["lembaga"] = Text(N_("Tulis paling sedikit tiga huruf namanya."))
            return
        self.found = parties.named(self.typed["lembaga"])
        if not self.found:
            self.problems["lembaga"] = Text(
                N_("Tidak ada di daftar. Periksa ejaannya, atau lanjutkan tanpa memilih.")
            )

    def check(self) -> None:
        """Read everything; what is wrong becomes a problem, else there is a visitor."""
        if not read_topic(self.typed["topik"]):
            self.problems["topik"] = Text(N_("Pilih topiknya."))
        if self.typed["saluran"] and not read_channel(self.typed["saluran"]):
            self.problems["saluran"] = Text(N_("Pilih caranya."))
        if not 3 <= len(self.typed["nama"]) <= 100:
            self.problems["nama"] = Text(N_("Tulis nama, 3 sampai 100 huruf."))
        phone, email = self._reach()
        if len(self.typed["pertanyaan"]) > LONGEST_QUESTION:
            self.problems["pertanyaan"] = Text(
                N_("Terlalu panjang: %(count)s huruf, paling banyak %(most)s."),
                {"count": len(self.typed["pertanyaan"]), "most": LONGEST_QUESTION},
            )
        if self.problems:
            return
        party = self.party
        chosen = self.typed["kecamatan"] if self.typed["kecamatan"] in region().kecamatan else None
        self.visitor = Visitor(
            name=self.typed["nama"],
            phone=phone,
            email=email,
            question=self.typed["pertanyaan"],
            kode_kecamatan=chosen or (party.kode_kecamatan if party else None),
            **parties.columns(party),
        )

    def _reach(self) -> tuple[str | None, str | None]:
        phone = email = None
        try:
            phone = parse_phone(self.typed["telepon"])
            if phone is None:
                self.problems["telepon"] = Text(N_("Isi nomor telepon, supaya janji bisa diingatkan."))
        except Unreadable as wrong:
            self.problems["telepon"] = wrong.text
        try:
            email = read_email(self.typed["surel"])
        except Unreadable as wrong:
            self.problems["surel"] = wrong.text
        return phone, email
