"""The questions of one book year: read from ``questions.toml`` or from an edition, never from code.

A question that staff add needs no line here: its field, its checks, its column and its totals follow from its keys.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

from app.core.errors import RuleBroken
from app.core.text import N_
from app.questionnaire.question import Field, Question, QuestionType, Required, read_question

__all__ = ["Field", "Question", "QuestionType", "Questionnaire", "Required", "Section", "standard"]

QUESTIONS_TOML = Path(__file__).parent / "questions.toml"
CODE = re.compile(r"[a-z][a-z0-9_]{1,28}")  # with "_konfirmasi" behind it still fits a 40-character column
SUFFIXES = ("_konfirmasi", "_alasan")
PREFIXES, OTHER = ("pilih_", "catatan_"), "_alasan_lain"
RESERVED = frozenset(
    """csrf_token email password next versi ke pakai ubah bentrok bagian lengkap nama jabatan pernyataan kode pin alasan
    perbaiki isi salah tahun_buku berkas simpan bantuan lang format after before""".split()
)  # names and ids that the pages of the form use for themselves


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    number: int
    title: str
    intro: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """All questions of one edition, retired ones included in ``everything``."""

    sections: tuple[Section, ...]
    everything: tuple[Question, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Those that are asked, in order."""
        asked = (question for question in self.everything if not question.retired)
        return tuple(sorted(asked, key=lambda question: (question.section, question.number)))

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Every key of the answers → its question: anggota_pria → jumlah_anggota."""
        return {key: question for question in self.questions for key in question.keys}

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for question in self.questions for field in question.fields)

    @cached_property
    def by_field(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.by_code)

    @property
    def register_codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions if question.register)

    @property
    def totalled(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions if question.total and question.is_number)

    @property
    def public_codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions if question.public)

    def section(self, number: int) -> tuple[Question, ...]:
        """The questions of one section; empty when there is no such section."""
        return tuple(question for question in self.questions if question.section == number)

    def question_of(self, key: str) -> Question | None:
        """The question to which a key of the answers belongs, its confirmation and reason included."""
        for suffix in SUFFIXES:
            key = key.removesuffix(suffix)
        return self.by_key.get(key)

    def with_question(self, data: Mapping[str, Any]) -> Self:
        """A copy with one question added, or replaced where its code is known. Raises RuleBroken, as :meth:`from_json`."""
        question = read_question({"number": max(q.number for q in self.everything) + 1, **data})
        if question.code in {old.code for old in self.everything}:
            kept = tuple(question if old.code == question.code else old for old in self.everything)
        else:
            kept = (*self.everything, question)
        changed = type(self)(self.sections, kept)
        _demand_sound(changed)
        return changed

    def to_json(self) -> dict[str, Any]:
        """As an edition freezes it."""
        sections = [
            {"number": part.number, "title": part.title, "intro": part.intro} for part in self.sections
        ]
        return {"sections": sections, "questions": [question.to_json() for question in self.everything]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What :meth:`to_json` wrote. Raises RuleBroken with a sentence for staff when a question is not sound."""
        sections = tuple(Section(**section) for section in stored["sections"])
        lists = stored.get("choices", {})
        questionnaire = cls(sections, tuple(read_question(data, lists) for data in stored["questions"]))
        _demand_sound(questionnaire)
        return questionnaire

    @classmethod
    def from_toml(cls, path: Path = QUESTIONS_TOML) -> Self:
        """The questions that seed an edition."""
        return cls.from_json(tomllib.loads(path.read_text(encoding="utf-8")))


def is_usable(key: str) -> bool:
    """Whether ``key`` may name an answer: well formed, and nobody else's name in the form."""
    ours = key.endswith((*SUFFIXES, OTHER)) or key.startswith(PREFIXES) or key in RESERVED
    return CODE.fullmatch(key) is not None and not ours


def _demand_sound(questionnaire: Questionnaire) -> None:
    """Raise RuleBroken unless codes are well formed, taken once, and refer to each other, and choices have a list."""
    sections = {section.number for section in questionnaire.sections}
    keys = [key for question in questionnaire.everything for key in question.keys]
    for question in questionnaire.everything:
        for key in question.keys:
            if not is_usable(key):
                raise RuleBroken(
                    N_("Kode “%(code)s” tidak dapat dipakai. Pakai huruf kecil, angka, dan garis bawah."),
                    code=key,
                )
            if keys.count(key) > 1:
                raise RuleBroken(N_("Kode “%(code)s” sudah dipakai pertanyaan lain."), code=key)
        if question.section not in sections:
            raise RuleBroken(N_("Pilih bagian untuk pertanyaan “%(code)s”."), code=question.code)
        if not question.label.strip():
            raise RuleBroken(N_("Isi label pertanyaan “%(code)s”."), code=question.code)
        if question.type is QuestionType.CHOICE and len(set(question.choices)) < max(
            2, len(question.choices)
        ):
            raise RuleBroken(
                N_("Isi paling sedikit dua pilihan berbeda untuk “%(code)s”."), code=question.code
            )
        if question.required is Required.CONDITIONAL and not question.required_if:
            raise RuleBroken(N_("Isi kapan pertanyaan “%(code)s” wajib."), code=question.code)
        if unknown := sorted(question.depends_on - set(keys)):
            raise RuleBroken(
                N_("Pertanyaan “%(code)s” bergantung pada “%(key)s”, yang tidak ada."),
                code=question.code,
                key=unknown[0],
            )


@cache
def standard() -> Questionnaire:
    """The questions of ``questions.toml``, read once."""
    return Questionnaire.from_toml()
