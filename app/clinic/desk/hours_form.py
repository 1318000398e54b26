"""The form of a consultant's hours: on weekdays, or once on a day, such as a clinic in a kelurahan."""

from dataclasses import dataclass, field
from typing import Any

from app.clinic import rules, settings
from app.clinic.calendar_models import ClinicHours
from app.clinic.desk.reading import Reading, Sent, read_lines, read_mark, shown_clock
from app.cooperatives.queries import region
from app.core.database import today
from app.core.text import N_, Text

WEEKLY, DATED = "mingguan", "tanggal"
HOURS_LINES = ("jenis", "tanggal", "mulai", "selesai", "lama", "jeda", "kapasitas", "judul", "tempat", "kelurahan",
               "berlaku_dari", "berlaku_sampai")  # fmt: skip
HOURS_SEVERAL = ("hari", "saluran", "topik")


@dataclass
class HoursForm(Reading):
    """A stretch of hours: on some weekdays, or once on a day. ``values`` once nothing is wrong; ``weekdays`` beside them, because
    each weekday is a stretch of its own."""

    values: dict[str, Any] = field(default_factory=dict)
    weekdays: list[int] = field(default_factory=list)

    @classmethod
    def empty(cls, limits: rules.Limits, **known: Any) -> "HoursForm":
        """A morning at the office, as the limits say how long a slot is."""
        typed: dict[str, Any] = dict.fromkeys(HOURS_LINES, "") | dict.fromkeys(HOURS_SEVERAL, ())
        usual = {
            "jenis": WEEKLY,
            "mulai": "09.00",
            "selesai": "12.00",
            "lama": str(limits.slot_minutes),
            "jeda": str(limits.buffer_minutes),
            "kapasitas": "1",
            "saluran": [rules.Channel.OFFICE.value],
            "berlaku_dari": today().isoformat(),
        }
        return cls(typed | usual | known)

    @classmethod
    def of(cls, hours: ClinicHours) -> "HoursForm":
        """What stands there now."""
        typed: dict[str, Any] = {
            "jenis": WEEKLY if hours.on_date is None else DATED,
            "hari": [] if hours.weekday is None else [str(hours.weekday)],
            "tanggal": hours.on_date.isoformat() if hours.on_date else "",
            "mulai": shown_clock(hours.starts),
            "selesai": shown_clock(hours.ends),
            "lama": str(hours.slot_minutes),
            "jeda": str(hours.buffer_minutes),
            "kapasitas": str(hours.capacity),
            "judul": hours.title,
            "tempat": hours.place,
            "kelurahan": hours.kode_kelurahan or "",
            "saluran": list(hours.channels),
            "topik": list(hours.topics),
            "berlaku_dari": hours.valid_from.isoformat(),
            "berlaku_sampai": hours.valid_until.isoformat() if hours.valid_until else "",
        }
        return cls(typed, seen=settings.mark_of_hours(hours))

    @classmethod
    def read(cls, sent: Sent) -> "HoursForm":
        """The form as sent."""
        typed = read_lines(sent, HOURS_LINES)
        typed |= {name: [one[:40] for one in sent.getlist(name)[:20]] for name in HOURS_SEVERAL}
        form = cls(typed, seen=read_mark(sent))
        form._days()
        form._clock()
        form._what()
        return form

    @property
    def is_dated(self) -> bool:
        """Whether it is for one day only."""
        return bool(self.typed["jenis"] == DATED)

    def _days(self) -> None:
        if self.is_dated:
            self.need("tanggal", N_("Isi tanggalnya."))
            day = self.day("tanggal")
            if day is not None and day < today():
                self.problems["tanggal"] = Text(N_("Tanggal ini sudah lewat. Isi hari ini atau sesudahnya."))
            self.values |= {
                "weekday": None,
                "on_date": day,
                "valid_from": day or today(),
                "valid_until": None,
            }
            return
        self.weekdays = [int(one) for one in self.several("hari", [str(day) for day in range(7)])]
        if not self.weekdays:
            self.problems["hari"] = Text(N_("Pilih hari, paling sedikit satu."))
        first, last = self.day("berlaku_dari"), self.day("berlaku_sampai")
        if first and last and last < first:
            self.problems["berlaku_sampai"] = Text(N_("Tanggal akhir mendahului tanggal mulai."))
        self.values |= {"on_date": None, "valid_from": first or today(), "valid_until": last}

    def _clock(self) -> None:
        self.need("mulai", N_("Isi jam mulai, misalnya 09.00."))
        self.need("selesai", N_("Isi jam selesai, misalnya 12.00."))
        starts, ends = self.clock("mulai"), self.clock("selesai")
        length = self.number("lama", rules.SHORTEST_SLOT, rules.LONGEST_SLOT)
        pause = self.number("jeda", *rules.LIMIT_RANGES["buffer_minutes"])
        if starts is not None and ends is not None and "lama" not in self.problems:
            if ends <= starts:
                self.problems["selesai"] = Text(N_("Jam selesai harus sesudah jam mulai."))
            elif ends - starts < length:
                self.problems["lama"] = Text(
                    N_("Antara jam mulai dan selesai hanya %(minutes)s menit. Perpendek, atau ubah jamnya."),
                    {"minutes": ends - starts},
                )
        self.values |= {"starts": starts, "ends": ends, "slot_minutes": length, "buffer_minutes": pause}

    def _what(self) -> None:
        channels = self.several("saluran", [one.value for one in rules.Channel])
        if not channels:
            self.problems["saluran"] = Text(N_("Pilih caranya, paling sedikit satu."))
        capacity = self.number("kapasitas", 1, rules.MOST_CAPACITY)
        if capacity > 1:
            self.need("judul", N_("Beri nama kelasnya, supaya pengunjung tahu apa yang dipelajari."))
        if rules.Channel.VISIT.value in channels:
            self.need("tempat", N_("Isi tempatnya, misalnya Balai Kelurahan."))
        known = region().kelurahan
        self.values |= {
            "channels": channels,
            "capacity": capacity,
            "title": self.typed["judul"] if capacity > 1 else "",
            "topics": self.several("topik", [one.value for one in rules.Topic]),
            "place": self.typed["tempat"],
            "kode_kelurahan": self.typed["kelurahan"] if self.typed["kelurahan"] in known else None,
        }
