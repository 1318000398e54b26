"""What visitors type: a form keeps what was typed, so that nothing has to be typed twice."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from app.accounts.models import User
from app.accounts.rules import read_email
from app.clinic.rules import LONGEST_QUESTION, MOST_FILES, Channel, Topic
from app.cooperatives.queries import region
from app.core.errors import RuleBroken
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_phone, phone_for_people
from app.core.text import N_, Text
from app.enterprises import parties
from app.files.prepared import Prepared
from app.files.uploads import read_document

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LINES = ("kunci", "nama", "telepon", "surel", "untuk", "kecamatan", "lewat", "topik", "konsultan", "laporan", "kode",
         "soal")  # fmt: skip
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
TRAP = "situs_web"
ORDER = ("topik", "lewat", "nama", "telepon", "pertanyaan", "surel", "berkas")
"""In which order the form asks, and so in which its mistakes are named."""


def new_key() -> str:
    """The one-time key of a form."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class VisitorForm:
    """Who comes and with what question, as typed; ``values`` are the arguments of the service once nothing is wrong."""

    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def empty(cls, person: User | None = None, **known: str) -> "VisitorForm":
        """Nothing typed yet, but what the site knows of whoever is signed in."""
        typed = dict.fromkeys((*LINES, "pertanyaan"), "") | {"kunci": new_key()}
        if person is not None and not person.is_staff:
            own = parties.acted_for(person)
            phone = phone_for_people(person.phone) if person.phone else ""
            typed |= {"nama": person.name, "telepon": phone, "surel": person.email or ""}
            typed |= {"untuk": parties.key_of(own[0])} if len(own) == 1 else {}
        return cls(typed | known)

    @classmethod
    def read(cls, sent: Mapping[str, str], person: User | None = None) -> "VisitorForm":
        """The form as sent; only whom ``person`` acts for may be named."""
        typed = {name: fold_space(sent.get(name, "")[:500]) for name in LINES}
        typed["pertanyaan"] = fold_lines(sent.get("pertanyaan", "")[: 2 * LONGEST_QUESTION])
        if not KEY.fullmatch(typed["kunci"]):
            typed["kunci"] = new_key()
        reading = _Reading(typed)
        values = reading.values(person)
        if sent.get(TRAP, ""):
            reading.problems[""] = Text(
                N_("Isian ini seperti dikirim program. Tekan tombolnya sekali lagi, atau hubungi kantor.")
            )
        found = reading.problems
        named = {name: found[name] for name in (*ORDER, *found) if name in found}
        return cls(typed, {} if found else values, named)


class _Reading:
    """One reading of one form; what is wrong collects in ``problems``."""

    def __init__(self, typed: dict[str, str]) -> None:
        self.typed = typed
        self.problems: Problems = {}

    def values(self, person: User | None) -> dict[str, Any]:
        """Name, reach, question, and whose the visit is."""
        typed = self.typed
        if not 3 <= len(typed["nama"]) <= 100:
            self.problems["nama"] = Text(N_("Tulis nama Anda, 3 sampai 100 huruf."))
        if len(typed["pertanyaan"]) > LONGEST_QUESTION:
            self.problems["pertanyaan"] = Text(
                N_(
                    "Terlalu panjang: %(count)s huruf, paling banyak %(most)s. Lampirkan sisanya sebagai berkas."
                ),
                {"count": len(typed["pertanyaan"]), "most": LONGEST_QUESTION},
            )
        own = next((one for one in parties.acted_for(person) if parties.key_of(one) == typed["untuk"]), None)
        return {
            "name": typed["nama"],
            "phone": self._phone(),
            "email": self._email(),
            "question": typed["pertanyaan"],
            "kode_kecamatan": typed["kecamatan"] if typed["kecamatan"] in region().kecamatan else None,
            **parties.columns(own),
        }

    def _phone(self) -> str | None:
        try:
            phone = parse_phone(self.typed["telepon"])
        except Unreadable as wrong:
            self.problems["telepon"] = wrong.text
            return None
        if phone is None:
            self.problems["telepon"] = Text(
                N_("Isi nomor WhatsApp atau telepon, supaya kami bisa mengabari Anda.")
            )
        return phone

    def _email(self) -> str | None:
        try:
            return read_email(self.typed["surel"])
        except Unreadable as wrong:
            self.problems["surel"] = wrong.text
            return None


def read_topic(raw: str) -> Topic | None:
    """A topic of the address or of a form."""
    return Topic(raw) if raw in {one.value for one in Topic} else None


def read_channel(raw: str) -> Channel | None:
    """A way to meet, of the address or of a form."""
    return Channel(raw) if raw in {one.value for one in Channel} else None


def read_id(raw: str) -> int | None:
    """An id from outside, within what PostgreSQL's integers hold."""
    return int(raw) if re.fullmatch(r"[1-9][0-9]{0,8}", raw) else None


def read_files(given: list[FileStorage]) -> list[Prepared]:
    """The attachments, read and found harmless; call it outside of the write unit. Raises RuleBroken (field ``berkas``)."""
    chosen = [one for one in given if one.filename]
    if len(chosen) > MOST_FILES:
        raise RuleBroken(N_("Paling banyak %(most)s berkas sekali kirim."), field="berkas", most=MOST_FILES)
    return [read_document(one, field="berkas") for one in chosen]
