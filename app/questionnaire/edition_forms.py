"""What staff send about an edition, in its shape; what was typed is kept, so that nothing has to be typed twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date
from app.core.text import N_, Text
from app.questionnaire.edition_rules import Dates
from app.questionnaire.edition_settings import FLAGS, NAMES, Typed, read_settings, typed_of
from app.questionnaire.models import Edition
from app.questionnaire.question import Question, QuestionType
from app.questionnaire.questions import Questionnaire

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LONGEST = 10_000  # characters of one input that are read at all
LONGEST_TITLE, LONGEST_INTRO, LONGEST_REASON = 80, 300, 500
BLANK = Question(code="", number=0, section=1, label="", type=QuestionType.TEXT)


@dataclass(frozen=True)
class QuestionForm:
    """The settings of one question. ``seen`` marks what the form began with; ``question`` is None while something is wrong."""

    typed: Typed
    code: str = ""
    seen: str = ""
    question: Question | None = None
    section: int = 1
    number: int | None = None
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        sent: Sent,
        base: Question,
        *,
        questionnaire: Questionnaire,
        places: Mapping[str, str],
        locked: Mapping[str, Text],
    ) -> "QuestionForm":
        """The form as sent, over ``base``: what the form did not ask stands, and what is locked cannot be sent otherwise."""
        stands = typed_of(base)
        typed = stands | {name: _text(sent, name) for name in NAMES if name in sent}
        asked = set(sent.getlist("kotak"))
        typed |= {name: "1" if sent.get(name) else "" for name in FLAGS if name in asked}
        reading = read_settings(typed, base, places)
        problems = dict(reading.problems)
        problems |= {name: why for name, why in locked.items() if typed[name] != stands[name]}
        numbers = {str(one.number): one.number for one in questionnaire.sections}
        section = numbers.get(typed["bagian"], 0)
        if not section:
            problems["bagian"] = Text(N_("Pilih bagian."))
        place = fold_space(typed["nomor"])
        number = int(place) if place.isascii() and place.isdecimal() and len(place) < 5 else None
        if place and number is None:
            problems["nomor"] = Text(N_("Tulis nomor urut, misalnya 7."))
        return cls(
            typed,
            code=fold_space(sent.get("kode", "")[:LONGEST]),
            seen=sent.get("asal", ""),
            question=None if problems else reading.question,
            section=section,
            number=number or None,
            problems=problems,
        )


def _text(sent: Sent, name: str) -> str:
    raw = sent.get(name, "")[:LONGEST]
    return fold_lines(raw) if name == "pilihan" else fold_space(raw)


@dataclass(frozen=True)
class DatesForm:
    """Three days and why they move. ``seen``: the days that stood on the page."""

    typed: dict[str, str]
    reason: str = ""
    wanted: Dates | None = None
    seen: Dates | None = None
    problems: Problems = field(default_factory=dict)

    NAMES = ("dibuka", "batas", "ditutup")

    @classmethod
    def of(cls, edition: Edition) -> "DatesForm":
        """The days as they stand."""
        days = (edition.opens, edition.deadline, edition.closes)
        typed = {name: day.isoformat() for name, day in zip(cls.NAMES, days, strict=True)}
        return cls(typed, wanted=Dates(*days), seen=Dates(*days))

    @classmethod
    def read(cls, sent: Sent, edition: Edition) -> "DatesForm":
        """The form as sent; a day that it did not ask for stands."""
        stands = cls.of(edition)
        typed = stands.typed | {name: _text(sent, name) for name in cls.NAMES if name in sent}
        days, problems = [], Problems()
        for name in cls.NAMES:
            try:
                day = parse_date(typed[name])
                if day is None:
                    problems[name] = Text(N_("Isi tanggalnya."))
                days.append(day or date.min)
            except Unreadable as wrong:
                problems[name] = wrong.text
        reason = fold_space(sent.get("alasan", "")[:LONGEST])
        if len(reason) > LONGEST_REASON:
            problems["alasan"] = Text(
                N_("Ringkas menjadi paling banyak %(most)s huruf."), {"most": LONGEST_REASON}
            )
        wanted = None if problems else Dates(*days)
        return cls(typed, reason, wanted, _seen(sent.get("asal", "")), problems)


def _seen(text: str) -> Dates | None:
    """The days that the page showed: three ISO days; None when they were tampered with."""
    try:
        return Dates(*(date.fromisoformat(day) for day in text.split()))
    except (TypeError, ValueError):
        return None


Titles = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class SectionsForm:
    """Title and intro by section. ``seen``: those that stood on the page."""

    wanted: Titles
    seen: Titles
    problems: Problems = field(default_factory=dict)

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "SectionsForm":
        """As they stand."""
        stands = {one.number: (one.title, one.intro) for one in questionnaire.sections}
        return cls(stands, stands)

    @classmethod
    def read(cls, sent: Sent, questionnaire: Questionnaire) -> "SectionsForm":
        """The form as sent."""
        wanted, seen, problems = Titles(), Titles(), Problems()
        for one in questionnaire.sections:
            title, intro = f"judul_{one.number}", f"pengantar_{one.number}"
            wanted[one.number] = (_text(sent, title), _text(sent, intro))
            seen[one.number] = (sent.get(f"asal_{title}", ""), sent.get(f"asal_{intro}", ""))
            for name, text, most in (
                (title, wanted[one.number][0], LONGEST_TITLE),
                (intro, wanted[one.number][1], LONGEST_INTRO),
            ):
                if len(text) > most:
                    problems[name] = Text(N_("Ringkas menjadi paling banyak %(most)s huruf."), {"most": most})
            if not wanted[one.number][0]:
                problems[title] = Text(N_("Isi judul bagian."))
        return cls(wanted, seen, problems)
