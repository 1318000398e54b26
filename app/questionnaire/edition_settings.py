"""The settings of one question as staff see and type them: names, words, and the way there and back.

The names of the settings are those of the form's fields and of the trail. What a question has beside them (its parts, what it
follows from, its place in the register) is the site's own and is never typed.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.formatting import short_date
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date, parse_integer, parse_rupiah
from app.core.text import N_, Text
from app.questionnaire.answers import read_value
from app.questionnaire.operators import read_day
from app.questionnaire.question import Question, QuestionType, Required

NAMES = {
    "label": N_("Pertanyaan"),
    "petunjuk": N_("Keterangan singkat"),
    "bantuan": N_("Di mana mencarinya"),
    "contoh": N_("Contoh jawaban"),
    "kalau_kosong": N_("Kalimat kalau kosong"),
    "jenis": N_("Jenis jawaban"),
    "satuan": N_("Satuan"),
    "pilihan": N_("Pilihan"),
    "wajib": N_("Wajib dijawab"),
    "terkecil": N_("Batas bawah"),
    "terbesar": N_("Batas atas"),
    "bagian": N_("Bagian"),
    "nomor": N_("Nomor"),
    "pakai_lagi": N_("Jawaban tahun lalu dapat dipakai lagi"),
    "publik": N_("Boleh dilihat umum"),
    "statistik": N_("Dijumlahkan di statistik"),
    "setahun": N_("Jumlah selama setahun"),
}
"""Setting → its name on the screen, in the order of the form."""

TEXTS = {
    "label": "label",
    "petunjuk": "hint",
    "bantuan": "help",
    "contoh": "example",
    "kalau_kosong": "missing",
}
FLAGS = {"pakai_lagi": "keep_last", "publik": "public", "statistik": "total", "setahun": "flow"}
LONGEST = {"label": 150, "petunjuk": 300, "bantuan": 1000, "contoh": 150, "kalau_kosong": 300, "satuan": 40}
LONGEST_CHOICE, MOST_CHOICES, LONGEST_TEXT = 120, 100, 2000
TODAY = "hari ini"
TYPE_NAMES = {
    QuestionType.TEXT: N_("Teks"),
    QuestionType.INTEGER: N_("Angka bulat"),
    QuestionType.RUPIAH: N_("Rupiah"),
    QuestionType.DATE: N_("Tanggal"),
    QuestionType.CHOICE: N_("Pilihan"),
    QuestionType.PHONE: N_("Telepon"),
    QuestionType.PLACE: N_("Kelurahan"),
    QuestionType.DERIVED: N_("Terisi sendiri"),
}
REQUIRED_NAMES = {
    Required.YES: N_("Wajib"),
    Required.NO: N_("Boleh kosong"),
    Required.CONDITIONAL: N_("Bersyarat"),
}
YES, NO = N_("ya"), N_("tidak")

Typed = dict[str, str]


@dataclass(frozen=True)
class Limits:
    """How a type reads, writes and stores its lowest and highest value."""

    keys: tuple[str, str]
    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _read_limit_day(typed: str) -> str | None:
    if typed.casefold() == TODAY:
        return "today"
    day = parse_date(typed)
    return day.isoformat() if day else None


def _write_limit_day(value: Any) -> str:
    return TODAY if value == "today" else str(value)


def _write_number(value: Any) -> str:
    return f"{value:,}".replace(",", ".")


VALUES = ("min", "max")
LIMITS = {
    QuestionType.INTEGER: Limits(VALUES, parse_integer, _write_number),
    QuestionType.RUPIAH: Limits(VALUES, parse_rupiah, _write_number),
    QuestionType.DATE: Limits(VALUES, _read_limit_day, _write_limit_day),
    QuestionType.TEXT: Limits(("min_length", "max_length"), parse_integer, _write_number),
}


def settings_for(kind: QuestionType) -> tuple[str, ...]:
    """The settings that mean something for an answer of type ``kind``."""
    beside = {
        "satuan": kind in {QuestionType.INTEGER, QuestionType.RUPIAH},
        "pilihan": kind is QuestionType.CHOICE,
        "terkecil": kind in LIMITS,
        "terbesar": kind in LIMITS,
        "contoh": kind not in {QuestionType.CHOICE, QuestionType.PLACE, QuestionType.DERIVED},
        "wajib": kind is not QuestionType.DERIVED,
        "kalau_kosong": kind is not QuestionType.DERIVED,
        "pakai_lagi": kind is not QuestionType.DERIVED,
        "statistik": kind in {QuestionType.INTEGER, QuestionType.RUPIAH},
        "setahun": kind in {QuestionType.INTEGER, QuestionType.RUPIAH},
    }
    return tuple(name for name in NAMES if beside.get(name, True))


def typed_of(question: Question) -> Typed:
    """The settings of ``question`` as its form shows them."""
    typed = {name: str(getattr(question, key)) for name, key in TEXTS.items()}
    typed |= {name: "1" if getattr(question, key) else "" for name, key in FLAGS.items()}
    typed |= {
        "jenis": question.type.value,
        "satuan": question.unit,
        "pilihan": "\n".join(question.choices),
        "wajib": question.required.value,
        "bagian": str(question.section),
        "nomor": str(question.number),
        "terkecil": "",
        "terbesar": "",
    }
    if limits := LIMITS.get(question.type):
        for name, key in zip(("terkecil", "terbesar"), limits.keys, strict=True):
            value = getattr(question, key)
            typed[name] = "" if value is None else limits.write(value)
    return typed


def spoken(name: str, typed: str) -> str | Text:
    """One setting in words, for a comparison; codes by their names."""
    if not typed:
        return Text(NO) if name in FLAGS else ""
    if name in FLAGS:
        return Text(YES)
    if name == "jenis" and typed in list(QuestionType):
        return Text(TYPE_NAMES[QuestionType(typed)])
    if name == "wajib" and typed in list(Required):
        return Text(REQUIRED_NAMES[Required(typed)])
    if name in {"terkecil", "terbesar"} and (day := read_day(typed)):
        return short_date(day)
    return typed


@dataclass(frozen=True)
class Reading:
    """A form of settings: the question that it makes (None where something is wrong), and what is wrong by setting."""

    question: Question | None
    problems: dict[str, Text]


def read_settings(typed: Mapping[str, str], base: Question, places: Mapping[str, str]) -> Reading:
    """``base`` with the settings as typed. What its type has no use for falls away; number and section are the caller's."""
    problems: dict[str, Text] = {}
    values = _texts(typed, problems)
    kind = _kind(typed, base, problems)
    useful = settings_for(kind)
    values |= {
        "type": kind,
        "required": _required(typed, base, problems),
        "unit": values["unit"] if "satuan" in useful else "",
        "choices": _choices(typed, problems) if "pilihan" in useful else (),
        "example": values["example"] if "contoh" in useful else "",
    }
    values |= {key: bool(typed.get(name)) and name in useful for name, key in FLAGS.items()}
    values |= _limits(typed, kind, problems)
    question = dataclasses.replace(base, **values)
    if not problems and question.example:
        _check_example(question, places, problems)
    return Reading(None if problems else question, problems)


def _texts(typed: Mapping[str, str], problems: dict[str, Text]) -> dict[str, Any]:
    found = {}
    for name, key in (TEXTS | {"satuan": "unit"}).items():
        found[key] = fold_space(typed.get(name, ""))
        if len(found[key]) > LONGEST[name]:
            problems[name] = Text(
                N_("Ringkas menjadi paling banyak %(most)s huruf."), {"most": LONGEST[name]}
            )
    if not found["label"]:
        problems["label"] = Text(N_("Tulis pertanyaannya, misalnya “Jumlah karyawan”."))
    return found


def _kind(typed: Mapping[str, str], base: Question, problems: dict[str, Text]) -> QuestionType:
    chosen = typed.get("jenis", "")
    if chosen in list(QuestionType) and (chosen != QuestionType.DERIVED or base.derive):
        return QuestionType(chosen)
    problems["jenis"] = Text(N_("Pilih jenis jawaban."))
    return base.type


def _required(typed: Mapping[str, str], base: Question, problems: dict[str, Text]) -> Required:
    chosen = typed.get("wajib", "")
    if chosen in list(Required) and (chosen != Required.CONDITIONAL or base.required_if):
        return Required(chosen)
    problems["wajib"] = Text(N_("Pilih wajib atau boleh kosong."))
    return base.required


def _choices(typed: Mapping[str, str], problems: dict[str, Text]) -> tuple[str, ...]:
    found = tuple(line for line in fold_lines(typed.get("pilihan", "")).split("\n") if line)
    if len({choice.casefold() for choice in found}) < max(2, len(found)):
        problems["pilihan"] = Text(N_("Isi paling sedikit dua pilihan berbeda, satu pada tiap baris."))
    elif len(found) > MOST_CHOICES:
        problems["pilihan"] = Text(N_("Paling banyak %(most)s pilihan."), {"most": MOST_CHOICES})
    elif any(len(choice) > LONGEST_CHOICE for choice in found):
        problems["pilihan"] = Text(
            N_("Satu pilihan paling panjang %(most)s huruf."), {"most": LONGEST_CHOICE}
        )
    return found


def _limits(typed: Mapping[str, str], kind: QuestionType, problems: dict[str, Text]) -> dict[str, Any]:
    """Lowest and highest value under the keys of ``kind``; the others are emptied."""
    found: dict[str, Any] = dict.fromkeys(("min", "max", "min_length", "max_length"))
    limits = LIMITS.get(kind)
    if limits is None:
        return found
    for name, key in zip(("terkecil", "terbesar"), limits.keys, strict=True):
        try:
            found[key] = limits.read(fold_space(typed.get(name, "")))
        except Unreadable as wrong:
            problems[name] = wrong.text
        if kind is QuestionType.TEXT and found[key] is not None and not 1 <= found[key] <= LONGEST_TEXT:
            problems[name] = Text(N_("Tulis jumlah huruf, 1 sampai %(most)s."), {"most": LONGEST_TEXT})
    low, high = (found[key] for key in limits.keys)
    both = low is not None and high is not None and "today" not in (low, high)
    if both and low > high:
        problems["terbesar"] = Text(N_("Batas atas tidak boleh lebih rendah daripada batas bawah."))
    return found


def _check_example(question: Question, places: Mapping[str, str], problems: dict[str, Text]) -> None:
    try:
        read_value(question, question.example, places)
    except Unreadable as wrong:
        problems["contoh"] = Text(
            N_("Contoh ini tidak dapat dipakai sebagai jawaban: %(why)s"), {"why": wrong.text}
        )


def sample(question: Question, places: Mapping[str, str]) -> dict[str, Any]:
    """Field → an answer for a preview, made of the question's own example; empty where it has none."""
    found: dict[str, Any] = {}
    try:
        value = read_value(question, question.example, places) if question.example else None
    except Unreadable:
        return found
    if value is None:
        return found
    for one in question.fields:
        found[one.name] = value // 2 if one.is_part and isinstance(value, int) else value
    return found | {question.code: value}
