"""Changing an edition of the questionnaire. Each verb holds the edition's row, refuses a frozen one, and notes what changed.

They flush; the route's ``with writing():`` commits.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from app.audit.services import record
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.questionnaire import edition_rules as rules
from app.questionnaire.edition_queries import Editions, Standing, editions
from app.questionnaire.edition_rules import Dates
from app.questionnaire.edition_settings import typed_of
from app.questionnaire.editions import edition_for, ensure_editions, fingerprint, name_of, publish
from app.questionnaire.models import Edition
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire, Section
from app.questionnaire.spreading import prepare


class Outdated(RuleBroken):
    """Somebody else was quicker: nothing was written, and the person decides again."""


def begin_next(today: date) -> Edition:
    """The edition after the latest one, as its copy; on an empty database this year's and the next. Raises RuleBroken."""
    latest = editions(today).latest
    if latest is None:
        return ensure_editions(today)[-1]
    if not latest.running:
        raise RuleBroken(
            N_("Kuesioner tahun buku %(year)s belum dibuka. Siapkan itu dulu."), year=latest.year
        )
    return edition_for(latest.year + 1)


def change_dates(year: int, wanted: Dates, *, seen: Dates, reason: str, today: date) -> None:
    """Move opening, deadline and closing; also of a frozen edition. Raises RuleBroken, and Outdated when ``seen`` is not what stands."""
    held, _every = _held(year, today)
    edition = held.edition
    now = Dates(edition.opens, edition.deadline, edition.closes)
    if now != seen:
        raise Outdated(N_("Tanggalnya baru saja diubah orang lain. Periksa yang sekarang, lalu simpan lagi."))
    rules.check_dates(year, now, wanted, announced=held.announced, reason=reason, today=today)
    if wanted == now:
        return
    edition.opens, edition.deadline, edition.closes = wanted.opens, wanted.deadline, wanted.closes
    db.session.flush()
    names = ("opens", "deadline", "closes")
    moved = [name for name in names if getattr(now, name) != getattr(wanted, name)]
    record(
        "edition.dates",
        kind="edition",
        subject_id=edition.id,
        name=name_of(edition),
        before={name: getattr(now, name) for name in moved},
        after={name: getattr(wanted, name) for name in moved} | ({"reason": reason} if reason else {}),
    )


def add_question(
    year: int, question: Question, *, code: str, section: int, number: int | None, today: date
) -> str:
    """Ask one more question under ``code``, or under one made of its label where that is blank; returns the code."""
    held, every = _held_open(year, today)
    taken = every.taken
    code = code or rules.propose_code(question.label, taken)
    rules.check_code(code, taken)
    new = dataclasses.replace(question, code=code)
    after = rules.placed(held.questionnaire, new, section, number)
    _store(held, after, "edition.question_added", question=after.by_code[code], now=_told(after, code))
    return code


def change_question(
    year: int, question: Question, *, seen: str, section: int, number: int | None, today: date
) -> list[str]:
    """Put ``question`` in place of the one with its code; returns the settings that changed.

    ``seen`` is the mark (edition_rules.mark_of) of what the form began with. Raises Outdated when it is not what stands, and
    RuleBroken when a setting is locked.
    """
    held, every = _held_open(year, today)
    old = _asked(held, question.code)
    if rules.mark_of(old) != seen:
        raise Outdated(N_("Pertanyaan ini baru saja diubah orang lain. Ketikan Anda masih ada di bawah."))
    if section != old.section and number == old.number:
        number = None  # nobody chose a place there: last
    after = rules.placed(held.questionnaire, question, section, number)
    before_, after_ = typed_of(old), _told(after, question.code)
    changed = [name for name in after_ if before_[name] != after_[name]]
    locked = every.locks(held, old).settings
    for name in changed:
        if name in locked:
            raise RuleBroken(locked[name].template, field=name, **locked[name].params)
    if changed:
        _store(
            held,
            after,
            "edition.changed",
            question=after.by_code[question.code],
            before={name: before_[name] for name in changed},
            now={name: after_[name] for name in changed},
        )
    return changed


def retire(year: int, code: str, *, accepted: bool, today: date) -> None:
    """Ask ``code`` no longer. Old years keep its column, and its code stays taken.

    Raises RuleBroken when the site needs the answer, or when checks would fall silent and nobody has ``accepted`` that.
    """
    held, every = _held_open(year, today)
    question = _asked(held, code)
    locks = every.locks(held, question)
    if locks.retire:
        raise RuleBroken(locks.retire.template, field="pensiun", **locks.retire.params)
    if locks.silenced and not accepted:
        raise RuleBroken(N_("Centang bahwa pemeriksaan itu boleh berhenti."), field="setuju")
    gone = dataclasses.replace(question, retired=True)
    after = _with(held.questionnaire, gone)
    fallen = {"pemeriksaan_berhenti": list(locks.silenced)} if locks.silenced else {}
    _store(held, after, "edition.question_retired", question=gone, now=fallen)


def restore(year: int, code: str, *, today: date) -> None:
    """Ask a retired question again, last in its section."""
    held, _every = _held_open(year, today)
    old = next((one for one in held.questionnaire.everything if one.code == code and one.retired), None)
    if old is None:
        raise Outdated(N_("Pertanyaan ini sudah ditanyakan lagi."))
    back = dataclasses.replace(old, retired=False)
    after = rules.placed(held.questionnaire, back, back.section, None)
    _store(held, after, "edition.question_restored", question=back)


def remove(year: int, code: str, *, today: date) -> None:
    """Take a question out that no other year knows; its code is free again. Raises RuleBroken when one does."""
    held, every = _held_open(year, today)
    old = next((one for one in held.questionnaire.everything if one.code == code), None)
    if old is None:
        raise Outdated(N_("Pertanyaan ini sudah dihapus."))
    if every.elsewhere(year, code):
        raise RuleBroken(N_("Tahun lain sudah menanyakannya. Pensiunkan saja."), field="pensiun")
    locks = every.locks(held, old)
    if locks.retire:
        raise RuleBroken(locks.retire.template, field="pensiun", **locks.retire.params)
    rest = [one for one in held.questionnaire.everything if one.code != code]
    after = rules.arranged(held.questionnaire, rest)
    _store(held, after, "edition.question_removed", question=old, before=typed_of(old))


def move(year: int, code: str, step: int, *, seen: str, today: date) -> None:
    """One place up (−1) or down (1) in its section. ``seen``: the edition's digest on the page that was clicked."""
    held, _every = _held_open(year, today)
    if held.edition.digest != seen:
        raise Outdated(
            N_("Susunannya baru saja diubah orang lain. Lihat yang sekarang, lalu pindahkan lagi.")
        )
    before = _asked(held, code)
    after = rules.moved(held.questionnaire, code, step)
    now = after.by_code[code]
    if now.number != before.number:
        _store(
            held,
            after,
            "edition.reordered",
            question=now,
            before={"nomor": before.number},
            now={"nomor": now.number},
        )


def change_sections(
    year: int, wanted: Mapping[int, tuple[str, str]], *, seen: Mapping[int, tuple[str, str]], today: date
) -> bool:
    """Title and intro by section number; whether anything changed. Raises Outdated when ``seen`` is not what stands."""
    held, _every = _held_open(year, today)
    now = {one.number: (one.title, one.intro) for one in held.questionnaire.sections}
    if seen != now:
        raise Outdated(N_("Judul bagian baru saja diubah orang lain. Ketikan Anda masih ada di bawah."))
    if wanted == now:
        return False
    sections = tuple(Section(number, *wanted[number]) for number in now)
    after = dataclasses.replace(held.questionnaire, sections=sections)
    changed = [number for number in now if now[number] != wanted[number]]
    _store(
        held,
        after,
        "edition.sections",
        before={f"bagian_{number}": " – ".join(now[number]) for number in changed},
        now={f"bagian_{number}": " – ".join(wanted[number]) for number in changed},
    )
    return True


def publish_edition(year: int, *, seen: str, today: date) -> None:
    """From now on cooperatives may count on it. ``seen``: the digest of what was confirmed. Raises Outdated."""
    held, _every = _held(year, today)
    if held.edition.digest != seen:
        raise Outdated(
            N_("Kuesioner ini baru saja diubah orang lain. Periksa perubahannya, lalu terbitkan lagi.")
        )
    publish(held.edition)


# ---- what all verbs share


def _held(year: int, today: date) -> tuple[Standing, Editions]:
    """The edition, which nobody else changes until this unit ends, among all others. Raises RuleBroken when there is none."""
    db.session.scalars(
        select(Edition)
        .where(Edition.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    every = editions(today)
    held = every.of(year)
    if held is None:
        raise RuleBroken(N_("Belum ada kuesioner tahun buku %(year)s."), year=year)
    return held, every


def _held_open(year: int, today: date) -> tuple[Standing, Editions]:
    """The same, refused once a report exists."""
    held, every = _held(year, today)
    if held.frozen:
        raise RuleBroken(
            N_("Kuesioner tahun buku %(year)s sudah dipakai. Ubah kuesioner tahun berikutnya."), year=year
        )
    return held, every


def _asked(held: Standing, code: str) -> Question:
    question = held.questionnaire.by_code.get(code)
    if question is None:
        raise Outdated(N_("Pertanyaan ini tidak ditanyakan lagi. Mungkin baru saja dipensiunkan orang lain."))
    return question


def _with(questionnaire: Questionnaire, question: Question) -> Questionnaire:
    everything = [question if one.code == question.code else one for one in questionnaire.everything]
    return rules.arranged(questionnaire, everything)


def _told(questionnaire: Questionnaire, code: str) -> dict[str, str]:
    return typed_of(questionnaire.by_code[code])


def _store(
    held: Standing,
    after: Questionnaire,
    action: str,
    *,
    question: Question | None = None,
    before: Mapping[str, object] | None = None,
    now: Mapping[str, object] | None = None,
) -> None:
    """Put ``after`` in place, once it is sure that its checks can be made ready, and note it in the trail."""
    edition = held.edition
    prepare(after, held.checks)
    edition.questions = after.to_json()
    edition.digest = fingerprint(edition.questions, edition.checks)
    db.session.flush()
    record(
        action,
        kind="edition",
        subject_id=edition.id,
        name=name_of(edition, question),
        before=before,
        after=now,
    )
