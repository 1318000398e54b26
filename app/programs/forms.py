"""What an editor writes about a programme: read strictly, kept as typed when something is wrong."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from werkzeug.datastructures import MultiDict

from app.core.errors import RuleBroken
from app.core.parsing import (
    Unreadable,
    fold_lines,
    fold_space,
    parse_date,
    parse_integer,
    parse_phone,
    phone_for_people,
)
from app.core.text import N_, Text
from app.programs.models import Program
from app.programs.rules import AUDIENCES, KINDS
from app.programs.times import FIRST, LAST, instant, is_whole_day, local, parse_clock

Sent = MultiDict[str, str]

SINGLE = (
    "judul", "ringkasan", "jenis", "biaya", "mulai", "mulai_jam", "selesai", "selesai_jam", "batas", "batas_jam", "tempat",
    "alamat", "peta", "kuota", "pendaftaran", "kontak_nama", "kontak_telepon", "kontak_surel",
)  # fmt: skip
LINES = ("naskah", "syarat")
LISTS = ("untuk", "kecamatan")
LONGEST = {
    "judul": 120,
    "ringkasan": 300,
    "naskah": 30_000,
    "biaya": 80,
    "tempat": 120,
    "alamat": 300,
    "kontak_nama": 100,
}
MOST_PLACES = 100_000  # a quota beyond is a slip of the finger
MOST_REQUIREMENTS = 30
NAMES = {
    "judul": N_("Judul"), "ringkasan": N_("Ringkasan"), "naskah": N_("Isi"), "jenis": N_("Jenis"), "untuk": N_("Untuk siapa"),
    "kecamatan": N_("Kecamatan"), "biaya": N_("Biaya"), "syarat": N_("Yang disiapkan"), "mulai": N_("Mulai"),
    "mulai_jam": N_("Jam mulai"), "selesai": N_("Selesai"), "selesai_jam": N_("Jam selesai"), "batas": N_("Batas mendaftar"),
    "batas_jam": N_("Jam batas"), "tempat": N_("Tempat"), "alamat": N_("Alamat"), "peta": N_("Tautan peta"),
    "kuota": N_("Kuota"), "pendaftaran": N_("Pendaftaran lewat situs"), "kontak_nama": N_("Nama kontak"),
    "kontak_telepon": N_("Telepon kontak"), "kontak_surel": N_("Surel kontak"),
}  # fmt: skip
"""Field of the form → its name on the screen."""


@dataclass
class ProgramForm:
    """``typed`` as it stands on the page; ``values`` are columns, whole only while ``problems`` is empty."""

    typed: dict[str, Any]
    seen: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> "ProgramForm":
        """Nothing yet."""
        return cls(dict.fromkeys((*SINGLE, *LINES), "") | {name: [] for name in LISTS})

    @classmethod
    def of(cls, program: Program, seen: str) -> "ProgramForm":
        """The programme as it stands."""
        phone = program.contact_phone
        typed = {
            "judul": program.title,
            "ringkasan": program.summary,
            "naskah": program.body,
            "jenis": program.kind,
            "untuk": program.audience,
            "kecamatan": program.kecamatan,
            "biaya": program.cost,
            "syarat": "\n".join(_requirement_line(one) for one in program.requirements),
            "tempat": program.place,
            "alamat": program.place_address,
            "peta": program.map_url,
            "kuota": program.quota if program.quota is not None else "",
            "pendaftaran": "1" if program.takes_applications else "",
            "kontak_nama": program.contact_name,
            "kontak_telepon": phone_for_people(phone) if phone else "",
            "kontak_surel": program.contact_email,
        }
        times = (("mulai", program.starts_at), ("selesai", program.ends_at), ("batas", program.deadline))
        for name, when in times:
            typed[name] = local(when).date().isoformat() if when else ""
            typed[f"{name}_jam"] = f"{local(when):%H.%M}" if when and not is_whole_day(when) else ""
        return cls(typed, seen)

    @classmethod
    def read(cls, sent: Sent, *, kecamatan: Collection[str]) -> "ProgramForm":
        """The form as sent."""
        typed: dict[str, Any] = {name: fold_space(sent.get(name, "")[:40_000]) for name in SINGLE}
        typed |= {name: read_lines(sent.get(name, "")[:40_000]) for name in LINES}
        typed |= {name: sent.getlist(name)[:200] for name in LISTS}
        form = cls(typed, sent.get("asal", "")[:40])
        form._read_words()
        form._read_times()
        form._read_lists(kecamatan)
        return form

    def _read_words(self) -> None:
        for name, most in LONGEST.items():
            if len(self.typed[name]) > most:
                self.problems[name] = Text(
                    N_("Ringkas menjadi paling banyak %(most)s huruf."), {"most": most}
                )
        if not self.typed["judul"]:
            self.problems["judul"] = Text(N_("Isi judul, misalnya “Pelatihan foto produk dengan ponsel”."))
        columns = {
            "title": "judul", "summary": "ringkasan", "body": "naskah", "cost": "biaya", "place": "tempat",
            "place_address": "alamat", "contact_name": "kontak_nama",
        }  # fmt: skip
        self.values |= {column: self.typed[name] for column, name in columns.items()}
        self.values["takes_applications"] = bool(self.typed["pendaftaran"])
        self.values["map_url"] = self._part("peta", _map_address, "")
        self.values["quota"] = self._part("kuota", _quota, None)
        self.values["contact_phone"] = self._part("kontak_telepon", parse_phone, None) or ""
        self.values["contact_email"] = self._part("kontak_surel", _email, "")
        self.values["requirements"] = self._part("syarat", _requirements, [])

    def _read_lists(self, kecamatan: Collection[str]) -> None:
        if self.typed["jenis"] not in KINDS:
            self.problems["jenis"] = Text(N_("Pilih jenis program."))
        self.values["kind"] = self.typed["jenis"]
        self.values["audience"] = [name for name in AUDIENCES if name in self.typed["untuk"]]
        self.values["kecamatan"] = [code for code in kecamatan if code in self.typed["kecamatan"]]

    def _read_times(self) -> None:
        starts = self._moment("mulai", FIRST)
        ends = self._moment("selesai", LAST)
        self.values |= {"starts_at": starts, "ends_at": ends, "deadline": self._moment("batas", LAST)}
        if ends and not starts and "mulai" not in self.problems:
            self.problems["mulai"] = Text(N_("Isi hari mulai, karena hari selesai sudah diisi."))
        if starts and ends and ends < starts:
            self.problems["selesai"] = Text(N_("Selesai tidak boleh sebelum mulai."))

    def _moment(self, name: str, usual: time) -> datetime | None:
        """A day with its time; without a time the whole day."""
        day: date | None = self._part(name, parse_date, None)
        clock: time | None = self._part(f"{name}_jam", parse_clock, None)
        if clock and not self.typed[name]:
            self.problems[name] = Text(N_("Isi tanggalnya, karena jamnya sudah diisi."))
        return instant(day, clock or usual) if day else None

    def _part(self, name: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        try:
            return read(self.typed[name])
        except (Unreadable, RuleBroken) as wrong:
            self.problems[name] = wrong.text
            return otherwise


def read_moment(sent: Sent, name: str, usual: time) -> datetime:
    """The day and time of publishing. Raises RuleBroken about ``name``."""
    try:
        day = parse_date(sent.get(name, "")[:100])
        clock = parse_clock(sent.get(f"{name}_jam", "")[:100])
    except (Unreadable, RuleBroken) as wrong:
        raise RuleBroken(wrong.text.template, field=name, **wrong.text.params) from wrong
    if day is None:
        raise RuleBroken(N_("Isi tanggal terbit."), field=name)
    return instant(day, clock or usual)


def read_lines(raw: str) -> str:
    """What a person wrote over several lines; the space before a line (a nested list) stays."""
    lines = [(len(line) - len(line.lstrip(" ")), fold_space(line)) for line in raw.splitlines()]
    return "\n".join(" " * min(space, 12) + line if line else "" for space, line in lines).strip("\n")


def _requirements(raw: str) -> list[dict[str, str]]:
    lines = [line for line in fold_lines(raw).split("\n") if line]
    if len(lines) > MOST_REQUIREMENTS:
        raise RuleBroken(N_("Paling banyak %(most)s baris."), most=MOST_REQUIREMENTS)
    parts = [line.lstrip("-*• ").partition(": ") for line in lines]
    return [
        {"text": text.strip()[:200], "note": note.strip()[:300]}
        for text, _colon, note in parts
        if text.strip()
    ]


def _requirement_line(one: dict[str, str]) -> str:
    return f"{one['text']}: {one['note']}" if one.get("note") else one["text"]


def _quota(raw: str) -> int | None:
    quota = parse_integer(raw)
    if quota is not None and not 0 < quota <= MOST_PLACES:
        raise RuleBroken(N_("Tulis kuota antara 1 dan 100.000, atau kosongkan bila tidak dibatasi."))
    return quota


def _map_address(raw: str) -> str:
    if not raw:
        return ""
    try:
        parts = urlsplit(raw)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or " " in raw or len(raw) > 500:
        raise RuleBroken(N_("Salin tautan peta lengkap, diawali https://, atau kosongkan."))
    return raw


def _email(raw: str) -> str:
    if not raw:
        return ""
    try:
        return validate_email(raw, check_deliverability=False).normalized
    except EmailNotValidError as wrong:
        raise RuleBroken(N_("Alamat surel ini belum lengkap. Contoh: nama@contoh.id.")) from wrong
