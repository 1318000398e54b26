"""``templat.xlsx``: the questions of an edition as a worksheet to fill in, this year's answers beside last year's."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.form_sheet import Entry, FormSheet, Takes, write_form_sheet
from app.core.i18n import _, say
from app.core.parsing import MAX_INTEGER, MAX_RUPIAH, phone_for_people
from app.core.spreadsheets import Cell, Kind
from app.questionnaire.answers import as_text, is_blank, is_kelurahan, is_raw
from app.questionnaire.filling import Filling, offered
from app.questionnaire.office_places import places
from app.questionnaire.question import Field, Question, QuestionType

KINDS: Mapping[QuestionType, Kind] = {
    QuestionType.INTEGER: "integer",
    QuestionType.RUPIAH: "rupiah",
    QuestionType.DATE: "date",
}
MARK = re.compile(r"simpul/isian/1/(\d{1,9})/(\d{1,4})/(\d{1,9})/([0-9a-f]{12})")
FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(2100, 12, 31)
"""Days that every spreadsheet program counts alike: Excel has a 29 February 1900."""


@dataclass(frozen=True)
class Mark:
    """What a template was made for: which cooperative and year, which version of the draft, which edition's questions."""

    cooperative_id: int
    year: int
    version: int
    edition: str

    def __str__(self) -> str:
        return f"simpul/isian/1/{self.cooperative_id}/{self.year}/{self.version}/{self.edition}"


def read_mark(text: object) -> Mark | None:
    """The mark in a cell; None when there is none."""
    found = MARK.search(text) if isinstance(text, str) else None
    return Mark(int(found[1]), int(found[2]), int(found[3]), found[4]) if found else None


def mark_of(filling: Filling) -> Mark:
    """The mark of a template made now."""
    version = filling.report.version if filling.report else 0
    return Mark(filling.cooperative.id, filling.year, version, filling.edition.digest[:12])


def place_labels(names: Mapping[str, str]) -> dict[str, str]:
    """Code → how a list names each kelurahan: with its kecamatan where two have the same name."""
    kelurahan = {code: name for code, name in names.items() if is_kelurahan(code)}
    times = Counter(name.casefold() for name in kelurahan.values())
    return {
        code: name if times[name.casefold()] == 1 else f"{name} ({names.get(code[:8], code[:8])})"
        for code, name in kelurahan.items()
    }


def template(filling: Filling) -> bytes:
    """The file for one cooperative and year. Takes a while: call it outside ``writing()``."""
    answers, labels = offered(filling), place_labels(places())
    last = filling.last
    parts = [
        (
            say(section.title),
            [
                entry
                for question in filling.questionnaire.section(section.number)
                for entry in _entries(filling, question, answers, labels)
            ],
        )
        for section in filling.questionnaire.sections
    ]
    return write_form_sheet(
        FormSheet(
            name=_("Isian"),
            title=_("Laporan tahun buku %(year)s", year=filling.year)
            + " – "
            + filling.cooperative.nama_koperasi,
            lead=_("Isi kolom D yang berlatar kuning, simpan, lalu unggah berkas ini di halaman laporan."),
            mark=str(mark_of(filling)),
            headings=(
                _("No."),
                _("Pertanyaan"),
                _("Jawaban tahun buku %(year)s", year=filling.year),
                _("Tahun buku %(year)s", year=last.year) if last else _("Tahun sebelumnya"),
                _("Satuan"),
                _("Cara mengisi, dan letaknya di buku RAT"),
                _("Contoh"),
            ),
            refusal=_("Periksa isian ini"),
            parts=[(title, entries) for title, entries in parts if entries],
            page_label=_("Halaman %(page)s dari %(pages)s", page="&P", pages="&N"),
        )
    )


def _entries(
    filling: Filling, question: Question, answers: Mapping[str, Any], labels: Mapping[str, str]
) -> list[Entry]:
    """A line for each input of ``question``; a locked one that says so where the answer follows from others."""
    if not question.fields:
        shown = as_text(question, answers.get(question.code), places()) if question.code in answers else ""
        note = _("Terisi sendiri; tidak perlu diisi.")
        return [
            Entry(
                "",
                str(question.number),
                say(question.label),
                shown,
                last_text(filling, question),
                "",
                note,
                open=False,
            )
        ]
    return [
        Entry(
            code=field.name,
            number=str(question.number),
            label=say(field.label),
            value=cell_of(field, answers.get(field.name), labels),
            last=last_text(filling, field),
            unit=say(question.unit) if question.unit else "",
            help=" ".join(say(text) for text in (question.hint, question.help) if text),
            example="" if field.is_part else question.example,
            kind=KINDS.get(question.type, "text"),
            takes=_takes(question, labels),
            open=question.code in filling.open_codes,
        )
        for field in question.fields
    ]


def last_text(filling: Filling, asked: Question | Field) -> str:
    """Last year's answer for reading; empty when there was none. Where only a total is known, it stands at the first part."""
    last = filling.last.answers if filling.last else {}
    value = last.get(asked.name if isinstance(asked, Field) else asked.code)
    if isinstance(asked, Field) and asked.is_part and asked.name == asked.question.parts[0].code:
        total = last.get(asked.question.code)
        if not is_blank(total) and all(is_blank(last.get(part.code)) for part in asked.question.parts):
            return _("%(total)s (jumlah)", total=as_text(asked, total))
    return "" if is_blank(value) else as_text(asked, value, places())


def cell_of(field: Field, value: Any, labels: Mapping[str, str]) -> Cell:
    """An answer as its cell holds it: figures and days as such, all else as the text that a person would type."""
    if is_raw(value):
        return str(value["raw"])
    if is_blank(value):
        return None
    if isinstance(value, int):
        return value
    match field.type:
        case QuestionType.DATE:
            return _day(str(value))
        case QuestionType.PHONE:
            return phone_for_people(str(value))
        case QuestionType.PLACE:
            return labels.get(str(value), str(value))
        case _:
            return str(value)


def _day(iso: str) -> Cell:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return day if FIRST_DAY <= day <= LAST_DAY else f"{day:%d-%m-}{day.year}"


def _takes(question: Question, labels: Mapping[str, str]) -> Takes | None:
    """What the program itself refuses, in plain words."""
    match question.type:
        case QuestionType.CHOICE:
            return Takes("list", _("Pilih salah satu dari daftar."), choices=question.choices)
        case QuestionType.PLACE:
            named = tuple(sorted(labels.values()))
            return Takes("list", _("Pilih kelurahan dari daftar."), choices=named) if named else None
        case QuestionType.INTEGER | QuestionType.RUPIAH:
            return _number(question)
        case QuestionType.DATE:
            return _date(question)
        case QuestionType.TEXT:
            return _length(question)
        case _:
            return None


def _number(question: Question) -> Takes:
    most = MAX_RUPIAH if question.type is QuestionType.RUPIAH else MAX_INTEGER
    least = question.min if isinstance(question.min, int) else -most
    if question.type is QuestionType.RUPIAH:
        message = _("Tulis rupiah penuh dengan angka saja, tanpa Rp dan tanpa koma. Contoh: 1250000.")
    else:
        message = _("Tulis angka bulat saja, tanpa koma dan tanpa huruf. Contoh: 125.")
    if least == 0:
        message += " " + _("Tulis 0 kalau tidak ada.")
    return Takes(
        "integer",
        message,
        least=least,
        most=question.max if isinstance(question.max, int) else most,
    )


def _date(question: Question) -> Takes:
    message = _("Tulis tanggal-bulan-tahun, misalnya 17-08-2025.")
    if question.max == "today":
        message += " " + _("Tanggalnya tidak boleh sesudah hari ini.")
    most = "=TODAY()" if question.max == "today" else _bound(question.max, LAST_DAY)
    return Takes("date", message, least=_bound(question.min, FIRST_DAY), most=most)


def _bound(stated: int | str | None, otherwise: date) -> date:
    try:
        return max(FIRST_DAY, date.fromisoformat(str(stated)))
    except ValueError:
        return otherwise


def _length(question: Question) -> Takes | None:
    if question.digits:
        message = _("Tulis tepat %(count)s angka, tanpa spasi dan tanpa titik.", count=question.digits)
        return Takes("length", message, least=question.digits, most=question.digits)
    if question.max_length is None:
        return None
    least = question.min_length or 1
    message = _("Tulis %(least)s sampai %(most)s huruf.", least=least, most=question.max_length)
    return Takes("length", message, least=least, most=question.max_length)
