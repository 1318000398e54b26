"""What staff may change in an edition of the questionnaire, and in one sentence why not the rest. Plain Python.

A code never changes its meaning: columns, statistics and last year's value lean on it. So what an answer *is* (type, unit,
flow) is settled once a year with reports has asked the question; its words, order and need may change every year.
"""

import dataclasses
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.errors import RuleBroken
from app.core.text import N_, Text
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire, is_usable

LONGEST_CODE = 24
RAT = frozenset({"tanggal_rat", "status_rat"})  # from which the status of a cooperative follows
IDENTIFYING = frozenset({"nama_koperasi", "nomor_badan_hukum", "kode_kelurahan"})
MEANING = ("jenis", "satuan", "setahun")
SHAPE = ("pilihan", "terkecil", "terbesar", "publik")
LAST_CLOSING = 3  # years after the book year, at most

ANSWERED = N_(
    "Sudah ditanyakan di laporan tahun buku %(year)s. Kalau yang ditanyakan menjadi lain, pensiunkan pertanyaan ini dan tambahkan yang baru."
)
REGISTER = N_("Jawabannya masuk ke daftar koperasi, jadi bentuknya mengikuti daftar itu.")
STATUS = N_("Dari jawaban ini situs tahu apakah koperasi masih aktif.")
IDENTITY = N_("Tanpa jawaban ini petugas tidak tahu koperasi mana yang melapor.")
REFERRED = N_("Pertanyaan %(number)s, “%(label)s”, bergantung pada jawaban ini.")
MADE_UP = N_("Jawabannya dihitung dari isian lain.")
CHECKED = N_("%(count)s pemeriksaan memakai jawaban ini.")


class State(StrEnum):
    """How far an edition is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FROZEN = "frozen"


STATE_NAMES = {
    State.DRAFT: N_("Draf"),
    State.PUBLISHED: N_("Terbit"),
    State.FROZEN: N_("Dibekukan"),
}


def state_of(*, published: bool, opens: date, reports: int, today: date) -> State:
    """A published edition with reports is frozen. One whose day has come is published, whether somebody did so or not."""
    if reports:
        return State.FROZEN
    return State.PUBLISHED if published or opens <= today else State.DRAFT


@dataclass(frozen=True)
class Locks:
    """What cannot change about one question. ``settings``: setting → why; ``retire``: why it must be asked; ``silenced``: the
    checks (their codes) that say nothing any more once it is retired."""

    settings: Mapping[str, Text]
    retire: Text | None
    silenced: tuple[str, ...]


def locks_of(
    question: Question,
    questionnaire: Questionnaire,
    checks: Iterable[Mapping[str, Any]],
    asked_in: Sequence[int],
) -> Locks:
    """``asked_in``: the years whose reports could answer it."""
    using = checks_using(question, checks)
    found: dict[str, Text] = {}
    if using:
        found["jenis"] = Text(CHECKED, {"count": len(using)})
    if question.derive or question.parts:
        found |= dict.fromkeys((*MEANING, "statistik"), Text(MADE_UP))
    if asked_in:
        found |= dict.fromkeys(MEANING, Text(ANSWERED, {"year": max(asked_in)}))
    if question.code in RAT:
        found |= dict.fromkeys(("jenis", "pilihan"), Text(STATUS))
    if question.register:
        found |= dict.fromkeys((*MEANING, *SHAPE), Text(REGISTER))
    if question.code in IDENTIFYING:
        found["wajib"] = Text(IDENTITY)
    return Locks(found, _needed(question, questionnaire), using)


def _needed(question: Question, questionnaire: Questionnaire) -> Text | None:
    """Why ``question`` cannot be retired."""
    if question.register:
        return Text(REGISTER)
    if question.code in RAT:
        return Text(STATUS)
    for other in questionnaire.questions:
        if other.code != question.code and other.depends_on & set(question.keys):
            return Text(REFERRED, {"number": other.number, "label": Text(other.label)})
    return None


def checks_using(question: Question, checks: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Codes of the checks that name ``question`` or one of its parts, each once."""
    keys = set(question.keys)
    named = (
        check["code"]
        for check in checks
        if keys & set(_strings([check.get("questions", []), check.get("pairs", []), check.get("when", [])]))
    )
    return tuple(dict.fromkeys(named))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


# ---- codes


def taken_keys(questionnaires: Iterable[Questionnaire]) -> frozenset[str]:
    """Every key that ever named an answer, in any edition, retired or not."""
    return frozenset(key for one in questionnaires for question in one.everything for key in question.keys)


def check_code(code: str, taken: Collection[str]) -> None:
    """Raise RuleBroken unless ``code`` is well formed and was never used before."""
    if not is_usable(code):
        raise RuleBroken(
            N_("Kode “%(code)s” tidak dapat dipakai. Pakai huruf kecil, angka, dan garis bawah."),
            field="kode",
            code=code[:40],
        )
    if code in taken:
        raise RuleBroken(
            N_(
                "Kode “%(code)s” pernah dipakai, dan kode tidak boleh berganti arti. Pilih kode lain, atau tanyakan lagi pertanyaan lamanya."
            ),
            field="kode",
            code=code,
        )


def propose_code(label: str, taken: Collection[str]) -> str:
    """A code made of the words of ``label`` that nobody has used: ``Listrik tenaga surya`` → ``listrik_tenaga_surya``."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    while words and not words[0][0].isalpha():
        words = words[1:]
    code = words[0][:LONGEST_CODE] if words else ""
    for word in words[1:]:
        if len(code) + len(word) >= LONGEST_CODE:
            break
        code += f"_{word}"
    if not is_usable(code):
        code = f"jawaban_{code.split('_')[0]}".strip("_")
    tries = (code, *(f"{code}_{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)


# ---- order


def arranged(questionnaire: Questionnaire, everything: Iterable[Question] | None = None) -> Questionnaire:
    """A copy (with ``everything`` in place of its questions) whose numbers run from 1; retired ones follow.

    Raises RuleBroken when the questions are not sound together.
    """
    draft = dataclasses.replace(questionnaire, everything=tuple(everything or questionnaire.everything))
    retired = [question for question in draft.everything if question.retired]
    renumbered = [
        dataclasses.replace(question, number=number)
        for number, question in enumerate([*draft.questions, *retired], start=1)
    ]
    return Questionnaire.from_json(dataclasses.replace(draft, everything=tuple(renumbered)).to_json())


def placed(
    questionnaire: Questionnaire, question: Question, section: int, number: int | None
) -> Questionnaire:
    """``question`` put in (in place of the one with its code) as number ``number`` of the form, within ``section``.

    Without a number, or with one outside of the section, it comes as near as it can: last, or at the edge.
    """
    others = [one for one in questionnaire.everything if one.code != question.code]
    asked = [one for one in questionnaire.questions if one.code != question.code]
    here = [one for one in asked if one.section == section]
    before = sum(one.section < section for one in asked)
    index = len(here) if number is None else min(max(number - before - 1, 0), len(here))
    order = {one.code: place for place, one in enumerate([*here[:index], question, *here[index:]], start=1)}
    put = dataclasses.replace(question, section=section)
    return arranged(
        questionnaire,
        [
            dataclasses.replace(one, number=order[one.code]) if one.code in order else one
            for one in (*others, put)
        ],
    )


def moved(questionnaire: Questionnaire, code: str, step: int) -> Questionnaire:
    """The question ``code`` one place up (``step`` −1) or down (1) within its section."""
    question = questionnaire.by_code[code]
    return placed(questionnaire, question, question.section, question.number + step)


def misdirected(questionnaire: Questionnaire) -> list[Question]:
    """Questions whose words refer to another by its number ("pertanyaan 8"): worth a look when numbers changed."""
    refers = re.compile(r"\bpertanyaan \d+", re.IGNORECASE)
    return [
        question
        for question in questionnaire.questions
        if refers.search(f"{question.hint} {question.help} {question.missing}")
    ]


# ---- two editors


def mark_of(question: Question) -> str:
    """What a form that edits ``question`` began with; its place does not count, others' changes move it."""
    plain = {key: value for key, value in question.to_json().items() if key != "number"}
    return json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


# ---- dates


@dataclass(frozen=True)
class Dates:
    """When an edition can be filled in."""

    opens: date
    deadline: date
    closes: date


def check_dates(year: int, now: Dates, wanted: Dates, *, announced: bool, reason: str, today: date) -> None:
    """Raise RuleBroken, with the field, when the dates of ``year`` cannot go from ``now`` to ``wanted``.

    Before it opens all may move. From then on the opening stands, deadline and closing only move later. Whoever moves what was
    already announced says why.
    """
    running = now.opens <= today
    if running and wanted.opens != now.opens:
        raise RuleBroken(N_("Pengisian sudah dibuka, jadi tanggal ini tidak berubah lagi."), field="dibuka")
    if wanted.opens != now.opens:
        _check_opening(year, wanted.opens, today)
    for field, old, new in (
        ("batas", now.deadline, wanted.deadline),
        ("ditutup", now.closes, wanted.closes),
    ):
        if running and new < old:
            raise RuleBroken(
                N_("Tanggal ini sudah diumumkan, jadi hanya dapat diundur. Pilih hari sesudahnya."),
                field=field,
            )
        if new != old and new < today:
            raise RuleBroken(N_("Hari itu sudah lewat. Pilih hari ini atau sesudahnya."), field=field)
    if wanted.deadline < wanted.opens:
        raise RuleBroken(N_("Batas melapor tidak boleh sebelum pengisian dibuka."), field="batas")
    if wanted.closes < wanted.deadline:
        raise RuleBroken(N_("Penutupan tidak boleh sebelum batas melapor."), field="ditutup")
    if wanted.closes.year > year + LAST_CLOSING:
        raise RuleBroken(N_("Penutupan terlalu jauh. Periksa tahunnya."), field="ditutup")
    if wanted != now and announced and not reason.strip():
        raise RuleBroken(N_("Tulis alasannya. Alasan ini tersimpan di jejak."), field="alasan")


def _check_opening(year: int, opens: date, today: date) -> None:
    if opens.year != year + 1:
        raise RuleBroken(
            N_("Laporan tahun buku %(year)s dibuka di tahun %(next)s, sesudah tahun bukunya berakhir."),
            field="dibuka",
            year=year,
            next=year + 1,
        )
    if opens < today:
        raise RuleBroken(N_("Hari itu sudah lewat. Pilih hari ini atau sesudahnya."), field="dibuka")
