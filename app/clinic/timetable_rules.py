"""What hours can be, and when two of them would collide. Plain Python."""

from app.clinic.rules import LONGEST_SLOT, MINUTES_OF_DAY, MOST_CAPACITY, SHORTEST_SLOT, Channel
from app.clinic.slots import HoursLike
from app.core.text import N_


def hours_problem(row: HoursLike) -> tuple[str, str] | None:
    """The field that is wrong and the sentence about it; None when hours can be so."""
    checks = (
        ((row.weekday is None) == (row.on_date is None), "hari", N_("Pilih hari dalam seminggu, atau satu tanggal.")),
        (row.weekday is not None and not 0 <= row.weekday <= 6, "hari", N_("Pilih hari dalam seminggu.")),
        (not 0 <= row.starts < MINUTES_OF_DAY, "mulai", N_("Isi jam mulai, misalnya 08.00.")),
        (not row.starts < row.ends <= MINUTES_OF_DAY, "selesai", N_("Jam selesai harus sesudah jam mulai.")),
        (not SHORTEST_SLOT <= row.slot_minutes <= LONGEST_SLOT, "lama", N_("Lama satu janji 5 sampai 480 menit.")),
        (row.ends - row.starts < row.slot_minutes, "lama", N_("Satu janji lebih lama dari jam yang tersedia.")),
        (not 0 <= row.buffer_minutes <= 240, "jeda", N_("Jeda 0 sampai 240 menit.")),
        (not row.channels or not set(row.channels) <= set(Channel), "saluran", N_("Pilih paling sedikit satu saluran.")),
        (not 1 <= row.capacity <= MOST_CAPACITY, "kapasitas", N_("Kapasitas 1 sampai 200 orang.")),
        (row.capacity > 1 and not row.title, "judul", N_("Kelas bersama perlu judul.")),
        (
            row.valid_until is not None and row.valid_until < row.valid_from,
            "sampai",
            N_("Hari terakhir tidak boleh sebelum hari pertama."),
        ),
    )  # fmt: skip
    return next(((field, sentence) for wrong, field, sentence in checks if wrong), None)


def overlapping(one: HoursLike, other: HoursLike) -> bool:
    """Whether two rows of one consultant share time on some day. A dated session may lie over weekly hours: it goes first."""
    if one.on_date != other.on_date or one.weekday != other.weekday:
        return False
    if one.starts >= other.ends or other.starts >= one.ends:
        return False
    if one.on_date is not None:
        return True
    ends_before = one.valid_until is not None and one.valid_until < other.valid_from
    begins_after = other.valid_until is not None and other.valid_until < one.valid_from
    return not (ends_before or begins_after)
