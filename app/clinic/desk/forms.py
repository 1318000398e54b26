"""The other forms of the clinic's calendar: days off, limits, and who consults about what."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.clinic import rules, settings
from app.clinic.calendar_models import ClinicClosure, ClinicConsultant
from app.clinic.desk.reading import LONGEST_TEXT, Reading, Sent, read_lines, read_mark, shown_clock
from app.core.database import today
from app.core.parsing import fold_lines
from app.core.text import N_, Text

CLOSURE_LINES = ("siapa", "jenis", "dari", "sampai", "jam_dari", "jam_sampai", "alasan")
FAR = 366  # days: longer than a year is a slip of the pen


@dataclass
class ClosureForm(Reading):
    """Days on which the office or a consultant receives nobody, or works though it is a holiday."""

    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def empty(cls, **known: str) -> "ClosureForm":
        """Nothing typed yet, but what is known beforehand."""
        return cls(dict.fromkeys(CLOSURE_LINES, "") | {"jenis": rules.ClosureKind.CLOSED.value} | known)

    @classmethod
    def read(cls, sent: Sent, consultants: Collection[int]) -> "ClosureForm":
        """The form as sent; ``consultants`` are the ids that may be named."""
        form = cls(read_lines(sent, CLOSURE_LINES))
        who = form._who(consultants)
        first, last = form._days()
        begins, ends = form.clock("jam_dari"), form.clock("jam_sampai")
        if (begins is None) != (ends is None) and not {"jam_dari", "jam_sampai"} & form.problems.keys():
            missing = "jam_sampai" if ends is None else "jam_dari"
            form.problems[missing] = Text(N_("Isi kedua jamnya, atau kosongkan untuk sehari penuh."))
        elif begins is not None and ends is not None and ends <= begins:
            form.problems["jam_sampai"] = Text(N_("Jam selesai harus sesudah jam mulai."))
        is_open = form.typed["jenis"] == rules.ClosureKind.OPEN
        form.values = {
            "consultant_id": who,
            "kind": rules.ClosureKind.OPEN
            if is_open
            else rules.ClosureKind.LEAVE
            if who
            else rules.ClosureKind.CLOSED,
            "starts_on": first,
            "ends_on": last,
            "from_minute": None if is_open else begins,
            "until_minute": None if is_open else ends,
            "reason": form.typed["alasan"],
        }
        return form

    def _who(self, consultants: Collection[int]) -> int | None:
        known = {str(one): one for one in consultants}
        if self.typed["siapa"] and self.typed["siapa"] not in known:
            self.problems["siapa"] = Text(N_("Pilih konsultan dari daftar."))
        return known.get(self.typed["siapa"])

    def _days(self) -> tuple[date | None, date | None]:
        self.need("dari", N_("Isi tanggalnya."))
        first = self.day("dari")
        last = self.day("sampai") or first
        if first and last:
            if last < today():
                self.problems["sampai" if self.typed["sampai"] else "dari"] = Text(
                    N_("Tanggal ini sudah lewat. Isi hari ini atau sesudahnya.")
                )
            elif last < first:
                self.problems["sampai"] = Text(N_("Tanggal akhir mendahului tanggal mulai."))
            elif (last - first).days > FAR:
                self.problems["sampai"] = Text(N_("Lebih dari setahun. Periksa tahunnya."))
        return first, last


def closure_typed(closure: ClinicClosure) -> dict[str, str]:
    """A closure as its form shows it."""
    return {
        "siapa": str(closure.consultant_id or ""),
        "jenis": closure.kind.value,
        "dari": closure.starts_on.isoformat(),
        "sampai": closure.ends_on.isoformat(),
        "jam_dari": shown_clock(closure.from_minute),
        "jam_sampai": shown_clock(closure.until_minute),
        "alasan": closure.reason,
    }


LIMIT_INPUTS = {
    "tahan": "hold_minutes",
    "janji": "max_open_per_person",
    "akhir": "cutoff_minutes",
    "tawaran": "offer_minutes",
    "muka": "days_ahead",
    "lama": "slot_minutes",
    "jeda": "buffer_minutes",
}
"""The inputs of the limits, and the column of each."""


@dataclass
class LimitsForm(Reading):
    """The settings of the clinic."""

    values: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, limits: rules.Limits) -> "LimitsForm":
        """As they stand."""
        typed = {name: str(getattr(limits, column)) for name, column in LIMIT_INPUTS.items()}
        return cls(typed, seen=settings.mark_of_limits(limits))

    @classmethod
    def read(cls, sent: Sent) -> "LimitsForm":
        """The form as sent."""
        form = cls(read_lines(sent, LIMIT_INPUTS), seen=read_mark(sent))
        form.values = {
            column: form.number(name, *rules.LIMIT_RANGES[column]) for name, column in LIMIT_INPUTS.items()
        }
        return form


@dataclass
class ConsultantForm(Reading):
    """Who consults, about what. ``user_id`` is of whom a new consultant is made; 0: nobody yet."""

    values: dict[str, Any] = field(default_factory=dict)
    user_id: int = 0

    @classmethod
    def of(cls, consultant: ClinicConsultant | None = None) -> "ConsultantForm":
        """As it stands; empty for a new one."""
        if consultant is None:
            return cls({"orang": "", "topik": [], "tentang": "", "aktif": True})
        return cls(
            {
                "orang": str(consultant.user_id),
                "topik": list(consultant.topics),
                "tentang": consultant.about,
                "aktif": consultant.active,
            },
            seen=settings.mark_of_consultant(consultant),
        )

    @classmethod
    def read(cls, sent: Sent, people: Collection[int] = ()) -> "ConsultantForm":
        """The form as sent; ``people`` are the ids of whom a new one can be made."""
        form = cls(
            {
                "orang": sent.get("orang", "")[:12],
                "topik": [one[:40] for one in sent.getlist("topik")[:20]],
                "tentang": fold_lines(sent.get("tentang", "")[:LONGEST_TEXT]),
                "aktif": sent.get("aktif") == "1",
            },
            seen=read_mark(sent),
        )
        topics = form.several("topik", [one.value for one in rules.Topic])
        if not topics:
            form.problems["topik"] = Text(N_("Pilih topiknya, paling sedikit satu."))
        form.user_id = {str(one): one for one in people}.get(form.typed["orang"], 0)
        form.values = {"topics": topics, "about": form.typed["tentang"], "active": form.typed["aktif"]}
        return form
