"""What people send, in its shape: a form keeps what was typed, so that nothing has to be typed twice."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import FileStorage, MultiDict

from app.accounts.rules import read_email
from app.cooperatives.queries import region
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date, parse_phone
from app.core.text import N_, Text
from app.desk.asking import Asking
from app.desk.rules import (
    LONGEST,
    MOST_FILES,
    SHORTEST_QUESTION,
    AnswerBy,
    Channel,
    Copy,
    Kind,
    Requester,
)
from app.files.prepared import Prepared
from app.files.uploads import read_document

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LINES = ("kunci", "nama", "telepon", "surel", "kelurahan", "lembaga", "balasan", "saluran", "layanan", "nomor_surat",
         "tanggal_surat", "diterima", "jenis", "pemohon", "bentuk", "untuk")  # fmt: skip
TEXTS = ("pertanyaan", "alamat", "tujuan")
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
TRAP = "situs_web"
ORDER = (
    "saluran",
    "pertanyaan",
    "pemohon",
    "tujuan",
    "bentuk",
    "nama",
    "telepon",
    "surel",
    "balasan",
    "lembaga",
)
"""In which order the form asks, and so in which its mistakes are named."""
OLDEST_LETTER = timedelta(days=366)


def new_key() -> str:
    """The one-time key of a form."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class AskForm:
    """A request as typed; ``asking`` once nothing is wrong with it."""

    typed: dict[str, str]
    asking: Asking | None = None
    problems: Problems = field(default_factory=dict)

    @classmethod
    def empty(cls, **typed: str) -> "AskForm":
        """Nothing typed yet, but what is known beforehand."""
        return cls(dict.fromkeys((*LINES, *TEXTS), "") | {"kunci": new_key()} | typed)

    @classmethod
    def read(cls, sent: Sent, *, kind: Kind, desk: bool = False) -> "AskForm":
        """The form as sent. ``desk``: an operator records it, who may lack some of what a visitor must give."""
        typed = {name: fold_space(sent.get(name, "")[:500]) for name in LINES}
        typed |= {name: fold_lines(sent.get(name, "")[: 2 * LONGEST]) for name in TEXTS}
        if not KEY.fullmatch(typed["kunci"]):
            typed["kunci"] = new_key()
        reading = _Reading(typed, kind, desk)
        asking = reading.asking()
        if not desk and sent.get(TRAP, ""):
            reading.problems[""] = Text(
                N_("Permohonan ini seperti dikirim program. Tekan Kirim sekali lagi, atau hubungi kantor.")
            )
        if not desk and sent.get("setuju") != "1":
            reading.problems["setuju"] = Text(
                N_("Centang persetujuan supaya kami boleh menyimpan data Anda.")
            )
        found = reading.problems
        named = {name: found[name] for name in (*ORDER, *found) if name in found}
        return cls(typed, None if found else asking, named)


class _Reading:
    """One reading of one form; what is wrong collects in ``problems``."""

    def __init__(self, typed: dict[str, str], kind: Kind, desk: bool) -> None:
        self.typed, self.kind, self.desk = typed, kind, desk
        self.problems: Problems = {}

    def asking(self) -> Asking | None:
        """The request, or None when something is wrong."""
        typed, information = self.typed, self.kind is Kind.INFORMATION
        channel = self._channel()
        phone, email = self._reach(channel)
        letter_date, received = self._days(channel)
        values = {
            "question": self._text(
                "pertanyaan",
                SHORTEST_QUESTION,
                N_("Tulis pertanyaan atau permintaan Anda, paling sedikit satu kalimat."),
            ),
            "name": self._name(),
            "answer_by": self._answer_by(phone, email),
            "kode_kelurahan": typed["kelurahan"] if typed["kelurahan"] in region().kelurahan else None,
            "purpose": self._text(
                "tujuan", 5, N_("Tulis untuk apa informasi itu dipakai (UU 14/2008 pasal 22).")
            )
            if information
            else "",
            "requester": self._choice("pemohon", Requester, N_("Pilih siapa yang meminta."))
            if information
            else None,
            "wanted_as": self._choice("bentuk", Copy, N_("Pilih bentuk informasinya."))
            if information
            else None,
        }
        if information and typed["pemohon"] == Requester.BODY and not typed["lembaga"]:
            self.problems["lembaga"] = Text(N_("Isi nama lembaganya."))
        if self.problems:
            return None
        return Asking(
            kind=self.kind,
            channel=channel,
            phone=phone,
            email=email,
            address=typed["alamat"][:500],
            organisation=typed["lembaga"][:200],
            letter_number=typed["nomor_surat"][:100] if channel is Channel.LETTER else "",
            letter_date=letter_date,
            received_on=received,
            **values,  # type: ignore[arg-type]
        )

    def _channel(self) -> Channel:
        if not self.desk:
            return Channel.WEBSITE
        known = {one.value for one in Channel} - {Channel.WEBSITE.value}
        if self.typed["saluran"] not in known:
            self.problems["saluran"] = Text(N_("Pilih lewat apa permohonan ini datang."))
            return Channel.VISIT
        return Channel(self.typed["saluran"])

    def _name(self) -> str:
        name = self.typed["nama"]
        if not 3 <= len(name) <= 100:
            self.problems["nama"] = Text(N_("Tulis nama, 3 sampai 100 huruf."))
        return name

    def _text(self, name: str, shortest: int, ask: str) -> str:
        text = self.typed[name]
        if len(text) < shortest:
            self.problems[name] = Text(ask)
        elif len(text) > LONGEST:
            self.problems[name] = Text(
                N_(
                    "Terlalu panjang: %(count)s huruf, paling banyak %(most)s. Lampirkan sisanya sebagai berkas."
                ),
                {"count": len(text), "most": LONGEST},
            )
        return text

    def _reach(self, channel: Channel) -> tuple[str | None, str | None]:
        phone = email = None
        try:
            phone = parse_phone(self.typed["telepon"])
        except Unreadable as wrong:
            self.problems["telepon"] = wrong.text
        try:
            email = read_email(self.typed["surel"])
        except Unreadable as wrong:
            self.problems["surel"] = wrong.text
        if not self.typed["telepon"] and not self.typed["surel"] and not self.desk:
            self.problems["telepon"] = Text(N_("Isi nomor telepon atau surel, supaya jawaban bisa sampai."))
        elif channel is Channel.PHONE and not self.typed["telepon"] and not self.typed["surel"]:
            self.problems["telepon"] = Text(
                N_("Isi nomor penelepon atau surelnya, supaya jawaban bisa sampai.")
            )
        return phone, email

    def _answer_by(self, phone: str | None, email: str | None) -> AnswerBy:
        """The way that was chosen, where it can be gone; else the best that there is."""
        wanted = self.typed["balasan"]
        if wanted in {AnswerBy.WHATSAPP.value, AnswerBy.PHONE.value} and not self.typed["telepon"]:
            self.problems["balasan"] = Text(
                N_("Untuk dijawab lewat telepon atau WhatsApp, isi nomor telepon.")
            )
        if wanted == AnswerBy.EMAIL.value and not self.typed["surel"]:
            self.problems["balasan"] = Text(N_("Untuk dijawab lewat surel, isi alamat surel."))
        if wanted in {one.value for one in AnswerBy}:
            return AnswerBy(wanted)
        if email:
            return AnswerBy.EMAIL
        if phone:
            return AnswerBy.WHATSAPP if phone.startswith("+628") else AnswerBy.PHONE
        return AnswerBy.LETTER if self.typed["saluran"] == Channel.LETTER.value else AnswerBy.VISIT

    def _choice(self, name: str, choices: type[Requester] | type[Copy], ask: str) -> Requester | Copy | None:
        known = {one.value: one for one in choices}
        if self.typed[name] not in known:
            self.problems[name] = Text(ask)
        return known.get(self.typed[name])

    def _days(self, channel: Channel) -> tuple[date | None, date | None]:
        """The day of a letter, and the day on which the request came in."""
        if not self.desk:
            return None, None
        letter = self._day("tanggal_surat") if channel is Channel.LETTER else None
        received = self._day("diterima")
        if letter and received and received < letter:
            self.problems.setdefault("diterima", Text(N_("Surat tidak mungkin diterima sebelum tanggalnya.")))
        return letter, received

    def _day(self, name: str) -> date | None:
        try:
            day = parse_date(self.typed[name])
        except Unreadable as wrong:
            self.problems[name] = wrong.text
            return None
        if day is not None and not today() - OLDEST_LETTER <= day <= today():
            self.problems[name] = Text(N_("Tanggal ini belum tiba, atau sudah lebih dari setahun."))
            return None
        return day


def read_files(given: list[FileStorage]) -> list[Prepared]:
    """The attachments, read and found harmless; call it outside of the write unit. Raises RuleBroken (field ``berkas``)."""
    chosen = [one for one in given if one.filename]
    if len(chosen) > MOST_FILES:
        raise RuleBroken(N_("Paling banyak %(most)s berkas sekali kirim."), field="berkas", most=MOST_FILES)
    return [read_document(one, field="berkas") for one in chosen]


def read_id(raw: str) -> int | None:
    """An id from outside, within what PostgreSQL's integers hold."""
    return int(raw) if re.fullmatch(r"[1-9][0-9]{0,8}", raw) else None
